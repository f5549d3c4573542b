import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fuzzer, type Outcome } from '../security/fuzz/fuzzer';
import { KINDS } from '../security/fuzz/kinds';

/*
 * Whatever is in an event, each function says what is wrong with it, and CloudFormation is answered: every value in every event of the
 * shipped bundles is left out, or is something else. HOSTILE_CASES of each function, spread over all there are; 'all' for all of them.
 */
const CASES = process.env.HOSTILE_CASES === 'all' ? Infinity : Number(process.env.HOSTILE_CASES ?? 60);

const ROOT = join(__dirname, '..', '..');
const QUIET = { faults: [], goesOn: false, uploads: [] };

/** What a value becomes, as it can come in JSON. */
const VALUES: Record<string, unknown> = {
  'nothing': undefined,
  'null': null,
  'an empty text': '',
  'a word': 'two',
  'a negative number': '-1',
  'an exponent': '1e3',
  'digits of another script': '٣',
  'a number': 7,
  'a flag': true,
  'a long text': 'x'.repeat(5_000),
  'odd characters': '𝄞\u0000\ud800\n"`${x}\\',
  'a name of a prototype': '__proto__',
  'an empty object': {},
  'an object': { hidden: 'x' },
  'an object that is no text': { toString: 'x', valueOf: null, toJSON: 1 },
  'keys of a prototype': JSON.parse('{"__proto__":{"x":1},"constructor":"x","hasOwnProperty":1}'),
  'an empty list': [],
  'a list of nothing': [null],
  'a list of lists': [[['x']]],
  'a long list': Array.from({ length: 300 }, (_, index) => `item-${index}`),
};

/** What becomes of a ResponseURL, a part of which is missing. */
const URLS: Record<string, (url: string) => unknown> = {
  'nothing': () => undefined,
  'null': () => null,
  'an empty text': () => '',
  'a number': () => 7,
  'an object': () => ({ hidden: 'x' }),
  'a word': () => 'two',
  'a scheme alone': () => 'https://',
  'one without its scheme': url => url.replace('https://', ''),
  'one of another scheme': url => url.replace('https:', 'ftp:'),
  'one without its host': url => url.replace(/\/\/[^/]+/, '//'),
  'one without its path': url => url.replace(/([^/])\/[^/?]+\?/, '$1?'),
  'one without its query': url => url.split('?')[0],
  'one without its signature': url => url.replace(/&X-Amz-Signature=.*/, ''),
};

/** What CloudFormation itself writes, and always writes so: an answer has to repeat it. */
const OF_CLOUDFORMATION = new Set(['ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId', 'ServiceToken']);

type Tree = Record<string, unknown>;
interface Case { readonly call: number; readonly path: readonly string[]; readonly value: string }

jest.setTimeout(24 * 60 * 60_000);
beforeAll(() => {
  if (!existsSync(join(ROOT, 'assets', 'lookup', 'index.js'))) { throw new Error('no bundle to test: npm run bundle'); }
});

function pathsOf(tree: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof tree !== 'object' || tree === null) { return []; }
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = [...above, key];
    return above.length === 0 && OF_CLOUDFORMATION.has(key) ? [] : [path, ...pathsOf(value, path)];
  });
}

function changed(event: Tree, path: readonly string[], value: unknown): Tree {
  const copy = JSON.parse(JSON.stringify(event)) as Tree;
  const holder = path.slice(0, -1).reduce<Tree>((tree, key) => tree[key] as Tree, copy);
  if (value === undefined) { delete holder[path.at(-1)!]; } else { holder[path.at(-1)!] = value; }
  return copy;
}

/** Texts that no reader can make anything of. */
const MEANINGLESS = /a fault of this function|InternalError|TypeError|RangeError|SyntaxError|undefined|NaN|\[object |Cannot read|is not a function|Invalid time value/;

/** What is wrong with what came of an event. */
function wrongIn(event: Tree, { invocation: { succeeded, result, failure }, answers, refused, leaks, texts }: Outcome): string[] {
  const wrong = [...refused, ...leaks];
  if ('ResponseURL' in event && (event.ServiceToken as string).includes('Lookup') && texts['the log'] === '') { wrong.push('nothing in the log'); }
  const said = JSON.stringify([answers, result ?? '', failure?.errorType, failure?.errorMessage]);
  const found = MEANINGLESS.exec(said);
  if (found) { wrong.push(`says "${found[0]}": ${said.slice(0, 600)}`); }
  if (failure && !failure.errorMessage) { wrong.push('fails without a word'); }
  if (!succeeded && !failure) { wrong.push('never ended'); }
  if (Buffer.byteLength(JSON.stringify(failure ?? result ?? '')) > 200_000) { wrong.push('says more than a state takes'); }
  return wrong;
}

const KINDS_THAT_ANSWER = new Set(['capacity-block-lookup', 'lookup', 'hyperpod-lookup', 'pcs-lookup', 'offering-search']);

/** As many cases as are wanted, spread over all, and those in which the properties as a whole are something else. */
function chosen(all: readonly Case[], wanted: number): Case[] {
  const step = Math.max(1, all.length / wanted);
  return all.filter(({ call, path: [key, ...below] }, index) => (
    index % step < 1 || (call === 0 && key === 'ResourceProperties' && below.length === 0)));
}

describe.each(Object.keys(KINDS).sort())('%s', kind => {
  const fuzzer = new Fuzzer(KINDS[kind], join(ROOT, 'assets', kind, 'index.js'));
  beforeAll(async () => fuzzer.start());
  afterAll(async () => fuzzer.stop());

  test.each(Object.keys(KINDS[kind].functions))('%s says what is wrong with an event', async exported => {
    const all: Case[] = KINDS[kind].functions[exported].flatMap((_make, call) => {
      return pathsOf(fuzzer.rightEvent(exported, call)).flatMap(path => Object.keys(VALUES).map(value => ({ call, path, value })));
    });
    const wrong: string[] = [];
    const cases = chosen(all, CASES);
    for (const { call, path, value } of cases) {
      const event = changed(fuzzer.rightEvent(exported, call), path, VALUES[value]);
      const outcome = await fuzzer.playEvent(exported, event, QUIET);
      const found = wrongIn(event, outcome);
      if (KINDS_THAT_ANSWER.has(kind) && outcome.answers.length !== 1) { found.push(`${outcome.answers.length} answers`); }
      if (found.length > 0) { wrong.push(`call ${call}, ${path.join('.')} is ${value}: ${found.join('; ')}`); }
    }
    if (process.env.HOSTILE_REPORT) { console.log(`${kind} ${exported}: ${cases.length} of ${all.length} cases`); }
    expect(wrong).toEqual([]);
  });

  if (KINDS[kind].resourceType === undefined) { return; } // nobody waits for an answer

  test.each(Object.keys(KINDS[kind].functions))('%s ends whatever the ResponseURL of an event is', async exported => {
    const wrong: string[] = [];
    for (const [what, make] of Object.entries(URLS)) {
      const event = fuzzer.rightEvent(exported, 0);
      const outcome = await fuzzer.playEvent(exported, changed(event, ['ResponseURL'], make(event.ResponseURL as string)), QUIET);
      const found = wrongIn(event, outcome);
      if (outcome.answers.length > 0) { found.push('is answered'); }
      const { failure } = outcome.invocation;
      const told = /^CloudFormation did not take the answer: \w+$/.test(failure?.errorMessage ?? '');
      if (KINDS_THAT_ANSWER.has(kind) ? !told : failure) { found.push(`ends with ${failure?.errorMessage}`); }
      if (found.length > 0) { wrong.push(`ResponseURL is ${what}: ${found.join('; ')}`); }
    }
    expect(wrong).toEqual([]);
  });
});
