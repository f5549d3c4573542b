import { setTimeout as sleep } from 'node:timers/promises';
import { explain, patiently } from '../../lambda/shared/reading';

jest.mock('../../lambda/shared/logger');
jest.mock('node:timers/promises');

const sleeping = jest.mocked(sleep);
const refusal = (name: string, attempts?: number) => Object.assign(new Error('no'), { name, $metadata: { attempts } });

/** Pauses take no time, and at the deadline they end as aborted ones do. */
let pausesUntilDeadline: number;
let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
  pausesUntilDeadline = Infinity;
  sleeping.mockImplementation(async () => {
    if (--pausesUntilDeadline > 0) { return; }
    controller.abort(new Error('the deadline'));
    throw Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
  });
});

const read = async (...answers: (Error | string)[]) => patiently('Read', controller.signal, async () => {
  const answer = answers.length > 1 ? answers.shift()! : answers[0];
  if (answer instanceof Error) { throw answer; }
  return answer;
});

test('a service that throttles beyond what the client repeats is asked again, later and not at once', async () => {
  const throttled = refusal('ThrottlingException', 10);
  expect(await read(throttled, throttled, throttled, 'an answer')).toBe('an answer');
  expect(sleeping).toHaveBeenCalledTimes(3);
  for (const [milliseconds] of sleeping.mock.calls) {
    expect(milliseconds).toBeGreaterThanOrEqual(5_000);
    expect(milliseconds).toBeLessThan(15_000);
  }
});

test('one that throttles until the deadline is said to, with all attempts', async () => {
  pausesUntilDeadline = 3;
  const error = await read(refusal('ThrottlingException', 10)).catch(thrown => thrown);
  expect(error).toMatchObject({ code: 'ThrottlingException', message: 'still throttled after 30 attempts; deploy again (ThrottlingException: no)' });
  expect(explain('plan "a"', 'SageMaker', error, controller.signal)).toMatchObject({ code: 'ThrottlingException', message: `plan "a": ${error.message}` });
});

test('so it is where the deadline comes while it is asked', async () => {
  let asked = 0;
  const error = await patiently('Read', controller.signal, async () => {
    if (++asked === 2) { controller.abort(new Error('the deadline')); }
    throw asked === 2 ? refusal('AbortError') : refusal('RequestLimitExceeded', 10);
  }).catch(thrown => thrown);
  expect(error.message).toBe('still throttled after 10 attempts; deploy again (RequestLimitExceeded: no)');
});

test('a permission that does not spread ends with the words of the service', async () => {
  const time = jest.spyOn(Date, 'now').mockReturnValue(0);
  const denied = refusal('AccessDeniedException', 1);
  const error = await patiently('Read', controller.signal, async () => {
    time.mockReturnValue(Date.now() + 10_000);
    throw denied;
  }).catch(thrown => thrown);
  expect(error).toBe(denied);
  expect(sleeping).toHaveBeenCalledTimes(3);
});

test.each(['ValidationException', 'ResourceNotFound', 'TimeoutError'])('%s is not asked again', async name => {
  const refused = refusal(name);
  await expect(read(refused)).rejects.toBe(refused);
  expect(sleeping).not.toHaveBeenCalled();
});
