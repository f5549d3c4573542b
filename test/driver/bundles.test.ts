import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fuzzer, type Scenario } from '../security/fuzz/fuzzer';
import { KINDS } from '../security/fuzz/kinds';

/*
 * Each function of each shipped bundle on the Node.js of HANDLER_NODE: its modules load, its requests are signed, its answers are read
 * and handed over, and connections that break or fall silent are dealt with by the clients and timers of that Node.js.
 */

const bundleOf = (kind: string) => join(__dirname, '..', '..', 'assets', kind, 'index.js');
const QUIET: Scenario = { call: 0, faults: [], goesOn: false, uploads: [], url: 'as it is' };
const MISHAPS = ['a reset', 'a throttle', 'InternalFailure with a few words', 'ServiceUnavailable with a few words'];

/** What a function says that has given a silent service up, or will be called again. */
const GIVEN_UP = /no answer (within|after)|in time|did not respond|TimeoutError|"IsComplete":false/;

jest.setTimeout(120_000);
beforeAll(() => {
  if (!existsSync(bundleOf('lookup'))) { throw new Error('no bundle to test: npm run bundle'); }
});

describe.each(Object.keys(KINDS).sort())('%s', kind => {
  const { functions, resourceType } = KINDS[kind];
  const fuzzer = new Fuzzer(KINDS[kind], bundleOf(kind));
  const answers = resourceType !== undefined && !('isComplete' in functions);
  beforeAll(async () => fuzzer.start());
  afterAll(async () => fuzzer.stop());

  test.each(Object.keys(functions))('%s does its work, and comes to an end with each of its calls', async exported => {
    const outcomes = [];
    for (const call of functions[exported].keys()) { outcomes.push(await fuzzer.play(exported, { ...QUIET, call })); }
    expect(fuzzer.succeeded(await fuzzer.play(exported, QUIET))).toBe(true);
    for (const { invocation, answers: given, refused } of outcomes) {
      expect([invocation.succeeded || invocation.failure !== undefined, refused, given.length]).toEqual([true, [], answers ? 1 : 0]);
      expect(JSON.stringify([given, invocation.result ?? '', invocation.failure ?? ''])).not.toMatch(/InternalError|a fault of this function/);
    }
  });

  test.each(Object.keys(functions).flatMap(exported => MISHAPS.map(mishap => [exported, mishap])))('%s gets over %s', async (exported, mishap) => {
    const outcome = await fuzzer.play(exported, { ...QUIET, faults: [mishap] });
    expect([outcome.texts['what it returned'], fuzzer.succeeded(outcome)]).toEqual([expect.anything(), true]);
  });

  test.each(Object.keys(functions))('%s gives a service up that is silent', async exported => {
    const { invocation, answers: given } = await fuzzer.play(exported, { ...QUIET, faults: ['silence'], goesOn: true });
    expect(JSON.stringify([given, invocation.result ?? '', invocation.failure ?? ''])).toMatch(GIVEN_UP);
  });

  if (!answers) { return; }

  test.each([[{ status: 500 }], ['reset']] as const)('an answer is handed over again after %p', async fault => {
    const outcome = await fuzzer.play('handler', { ...QUIET, uploads: [fault] });
    expect([fuzzer.succeeded(outcome), outcome.answers.length]).toEqual([true, 1]);
  });

});
