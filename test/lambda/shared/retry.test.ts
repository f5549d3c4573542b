import { HandlerError } from '../../../lambda/shared/errors';
import { retry, type RetryPolicy } from '../../../lambda/shared/retry';

const refusal = Object.assign(new Error('no'), { name: 'ValidationException', $metadata: { attempts: 3 } });
let lines: object[];
let now: number;
beforeEach(() => {
  [lines, now] = [[], 1_000];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

/** Waits for 5 ms, and asks again unless all these have failed. */
const policy = (times: number): RetryPolicy & { readonly waited: number[] } => {
  const waited: number[] = [];
  return {
    waited,
    now: () => now,
    afterFailure: async (error, failure, waitedMs) => {
      expect([error, failure.code]).toEqual([refusal, 'ValidationException']);
      waited.push(waitedMs);
      if (waited.length === times) { throw new Error('enough'); }
      now += 5;
    },
  };
};

test('an answer is passed on, and what took how long is in the log', async () => {
  let asked = 0;
  const patient = policy(9);
  expect(await retry('Read', patient, async () => {
    if (++asked < 3) { throw refusal; }
    return 'answer';
  })).toBe('answer');
  expect(patient.waited).toEqual([0, 5]);
  expect(lines).toEqual([
    { step: 'read', operation: 'Read', code: 'ValidationException', attempts: 3, milliseconds: 0 },
    { step: 'read', operation: 'Read', code: 'ValidationException', attempts: 3, milliseconds: 5 },
    { step: 'read', operation: 'Read', milliseconds: 10 },
  ]);
});

test('a failure in our own words is passed on, and no line in the log', async () => {
  const own = new HandlerError('TooLate', 'why');
  await expect(retry('Read', policy(9), async () => { throw own; })).rejects.toBe(own);
  expect(lines).toEqual([]);
});

test('what the policy throws is what the caller is told, and nothing is asked any more', async () => {
  const ask = jest.fn(async () => { throw refusal; });
  await expect(retry('Read', policy(2), ask)).rejects.toThrow('enough');
  expect(ask).toHaveBeenCalledTimes(2);
});
