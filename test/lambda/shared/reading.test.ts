import timers from 'node:timers/promises';
import { HandlerError } from '../../../lambda/shared/errors';
import { explain, patiently } from '../../../lambda/shared/reading';

const failure = (name: string) => Object.assign(new Error('why'), { name, $metadata: { attempts: 3 } });
const never = new AbortController().signal;

describe('asking', () => {
  const denied = failure('AccessDeniedException');
  let lines: object[];
  let now: number;
  let asked: number[];
  /** Answers from its nth call on. */
  const answering = (from: number) => async () => {
    asked.push(now);
    if (asked.length < from) { throw denied; }
    return 'answer';
  };

  beforeEach(() => {
    [lines, now, asked] = [[], 0, []];
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    jest.spyOn(timers, 'setTimeout').mockImplementation(async (pause, _value, options) => {
      options!.signal!.throwIfAborted();
      now += pause!;
      return undefined as never;
    });
    jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
  });
  afterEach(() => jest.restoreAllMocks());

  test('passes the answer on, and logs that it asked', async () => {
    expect(await patiently('Read', never, answering(1))).toBe('answer');
    expect(lines).toEqual([{ step: 'read', operation: 'Read', milliseconds: 0 }]);
  });

  test.each([[0, 1_500], [0.5, 3_000], [1, 4_500]])('is repeated while a permission spreads, at %d after %i ms', async (random, pause) => {
    jest.mocked(Math.random).mockReturnValue(random);
    now = 1_000;
    expect(await patiently('Read', never, answering(3))).toBe('answer');
    expect(asked).toEqual([1_000, 1_000 + pause, 1_000 + 2 * pause]);
    expect(lines).toEqual([
      { step: 'read', operation: 'Read', code: 'AccessDeniedException', attempts: 3, milliseconds: 0 },
      { step: 'read', operation: 'Read', code: 'AccessDeniedException', attempts: 3, milliseconds: pause },
      { step: 'read', operation: 'Read', milliseconds: 2 * pause },
    ]);
  });

  test('ends when a permission has had half a minute', async () => {
    now = 1_000;
    await expect(patiently('Read', never, answering(100))).rejects.toBe(denied);
    expect(asked.at(-1)).toBe(34_000); // after half a minute exactly it goes on
  });

  test('is not repeated for any other reason', async () => {
    const refused = failure('ValidationException');
    const ask = jest.fn(async () => { throw refused; });
    await expect(patiently('Read', never, ask)).rejects.toBe(refused);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('is not repeated when its time is over', async () => {
    await expect(patiently('Read', AbortSignal.abort(), answering(100))).rejects.toBe(denied);
    expect(asked).toHaveLength(1);
  });
});

describe('why a read failed', () => {
  test.each([
    ['ResourceNotFound', 'plan "a" does not exist (ResourceNotFound: why)'],
    ['AccessDenied', 'plan "a": the look-up function may not read it (AccessDenied: why)'],
    ['TimeoutError', 'plan "a": no answer after 3 attempts; a function in a VPC needs a way to the API of SageMaker (TimeoutError: why)'],
    ['ValidationException', 'plan "a": ValidationException: why'],
  ])('%s', (code, message) => {
    expect(explain('plan "a"', 'SageMaker', failure(code), never)).toMatchObject({ code, message });
  });

  test('an own reason is told as it is', () => {
    expect(explain('plan "a"', 'SageMaker', new HandlerError('NotUnique', 'there are 2'), never)).toMatchObject({ code: 'NotUnique', message: 'plan "a": there are 2' });
  });

  test('at the deadline it is the deadline, whatever failed because of it', () => {
    const late = AbortSignal.abort(new HandlerError('Timeout', 'no answer within 105 s'));
    expect(explain('plan "a"', 'SageMaker', failure('AbortError'), late)).toMatchObject({
      code: 'Timeout', message: 'plan "a": no answer within 105 s; a function in a VPC needs a way to the API of SageMaker',
    });
  });
});

describe('a service that throttles', () => {
  const refusal = (name: string, attempts?: number) => Object.assign(new Error('no'), { name, $metadata: { attempts } });

  /** Pauses take no time, and at the deadline they end as aborted ones do. */
  let pausesUntilDeadline: number;
  let controller: AbortController;
  let sleeping: jest.SpyInstance;
  beforeEach(() => {
    controller = new AbortController();
    pausesUntilDeadline = Infinity;
    sleeping = jest.spyOn(timers, 'setTimeout').mockImplementation(async () => {
      if (--pausesUntilDeadline > 0) { return undefined as never; }
      controller.abort(new Error('the deadline'));
      throw Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
    });
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

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

  test.each(['ThrottlingException', 'AccessDeniedException'])('is not asked again once its time has ended in a pause: %s', async code => {
    pausesUntilDeadline = 1;
    const ask = jest.fn(async () => { throw refusal(code, 10); });
    await expect(patiently('Read', controller.signal, ask)).rejects.toThrow();
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('so it is where the deadline comes while it is asked', async () => {
    let asked = 0;
    const error = await patiently('Read', controller.signal, async () => {
      if (++asked === 2) { controller.abort(new Error('the deadline')); }
      throw asked === 2 ? refusal('AbortError') : refusal('RequestLimitExceeded', 10);
    }).catch(thrown => thrown);
    expect(error.message).toBe('still throttled after 10 attempts; deploy again (RequestLimitExceeded: no)');
  });
});
