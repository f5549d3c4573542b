import { HandlerError } from './errors';

/** How long a handler keeps back for its answer, so that a slow service makes a failed deployment and never a hanging one. */
const ANSWER_RESERVE_MS = 15_000;

/** What Lambda says about the time that is left. */
export interface Clock {
  getRemainingTimeInMillis(): number;
}

/** The time that the work of an invocation may take. */
export function workBudget(clock: Clock): number {
  return Math.max(0, clock.getRemainingTimeInMillis() - ANSWER_RESERVE_MS);
}

/** How long work may take to end in its own words once its signal has fired. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs work that must end in time: at the deadline its signal fires, with the error as reason, and soon after the caller
 * goes on with that error whether the work has ended or not. Work that only says that it was aborted has failed with that error.
 */
export async function withDeadline<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const error = new HandlerError('Timeout', `no answer within ${Math.round(milliseconds / 1000)} s`);
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const deadline = new Promise<never>((_resolve, reject) => {
    timers.push(
      setTimeout(() => controller.abort(error), milliseconds),
      setTimeout(() => reject(error), milliseconds + LAST_WORDS_MS),
    );
  });
  try {
    return await Promise.race([work(controller.signal), deadline]);
  } catch (failed) {
    throw controller.signal.aborted && (failed as Error | undefined)?.name === 'AbortError' ? error : failed;
  } finally {
    timers.forEach(timer => clearTimeout(timer));
  }
}
