import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for so long. */
export async function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, milliseconds); });
}

/** Waits for about so long, half more or less, so that callers who began together don't go on together. Fails once the signal fires. */
export async function jitteredPause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds * (0.5 + Math.random()), undefined, { signal });
}
