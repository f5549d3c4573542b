import timers from 'node:timers/promises';
import { jitteredPause, pause } from '../../../lambda/shared/pause';

afterEach(() => jest.restoreAllMocks());

test('a pause lasts as long as it is told to', async () => {
  const waiting = jest.spyOn(globalThis, 'setTimeout').mockImplementation((work: () => void) => {
    work();
    return undefined as never;
  });
  await pause(40);
  expect(waiting).toHaveBeenCalledWith(expect.any(Function), 40);
});

test.each([[0, 500], [0.5, 1_000], [1, 1_500]])('a jittered one lasts about as long: at %d, %i ms', async (random, milliseconds) => {
  const { signal } = new AbortController();
  jest.spyOn(Math, 'random').mockReturnValue(random);
  const waiting = jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined as never);
  await jitteredPause(1_000, signal);
  expect(waiting).toHaveBeenCalledWith(milliseconds, undefined, { signal });
});

test('a jittered one ends with its signal', async () => {
  await expect(jitteredPause(60_000, AbortSignal.abort())).rejects.toThrow('aborted');
});
