import { CLOCK } from '../../../lambda/spending/clock';

const START = Date.parse('2026-11-22T06:00:00Z');

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** What has become of work by now. */
function watched<T>(work: Promise<T>): { end?: unknown } {
  const seen: { end?: unknown } = {};
  work.then(value => { seen.end = value; }, (error: unknown) => { seen.end = error; });
  return seen;
}

test('tells the time, and sleeps', async () => {
  const slept = watched(CLOCK.sleep(5_000).then(() => CLOCK.now()));
  await jest.advanceTimersByTimeAsync(4_999);
  expect(slept).toEqual({});
  await jest.advanceTimersByTimeAsync(1);
  expect(slept.end).toBe(START + 5_000);
});

test('what takes too long is given up', async () => {
  const late = watched(CLOCK.within(5_000, async () => new Promise(() => undefined)));
  await jest.advanceTimersByTimeAsync(4_999);
  expect(late).toEqual({});
  await jest.advanceTimersByTimeAsync(1);
  expect(late.end).toMatchObject({ code: 'Timeout', message: 'no answer in time' });
});

test('an answer or a failure in time is that, and leaves nothing behind that keeps the function up', async () => {
  expect(await CLOCK.within(5_000, async () => 'answer')).toBe('answer');
  await expect(CLOCK.within(5_000, async () => { throw new Error('refused'); })).rejects.toThrow('refused');
  expect(jest.getTimerCount()).toBe(0);
});
