import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline, workBudget } from '../../../lambda/shared/deadline';

test('work in time gives its result', async () => {
  await expect(withDeadline(1000, async () => 'done')).resolves.toBe('done');
});

test('work that fails in time gives its error', async () => {
  await expect(withDeadline(1000, async () => { throw new Error('no'); })).rejects.toThrow('no');
});

test('work that listens ends with its own words', async () => {
  const work = async (signal: AbortSignal) => sleep(5000, undefined, { signal }).catch(() => {
    throw new Error(`mine: ${(signal.reason as Error).message}`);
  });
  await expect(withDeadline(10, work)).rejects.toThrow('mine: no answer within 0 s');
});

test('work that only says that it was aborted has had no time', async () => {
  await expect(withDeadline(10, async signal => sleep(5000, undefined, { signal }))).rejects.toMatchObject({ code: 'Timeout', message: 'no answer within 0 s' });
});

test('an error of the last moment stays, and so does an abort of others', async () => {
  const late = async (signal: AbortSignal) => sleep(5000, undefined, { signal }).catch(() => { throw new Error('denied'); });
  await expect(withDeadline(10, late)).rejects.toThrow('denied');
  await expect(withDeadline(1000, async () => sleep(5000, undefined, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'ABORT_ERR' });
});

test('work that does not listen is left behind', async () => {
  const started = Date.now();
  await expect(withDeadline(10, async () => new Promise(() => undefined))).rejects.toMatchObject({ code: 'Timeout' });
  expect(Date.now() - started).toBeLessThan(3000);
});

test('keeps time back for the answer', () => {
  expect(workBudget({ getRemainingTimeInMillis: () => 120_000 })).toBe(105_000);
  expect(workBudget({ getRemainingTimeInMillis: () => 5 })).toBe(0);
});

test.each([async () => 'done', async () => { throw new Error('no'); }])('nothing is left to wait for when work has ended', async work => {
  jest.useFakeTimers();
  try {
    await withDeadline(1000, work).catch(() => undefined);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
