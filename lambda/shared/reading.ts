import { HandlerError, failureOf } from './errors';
import { jitteredPause } from './pause';
import { retry } from './retry';

/** A permission that came with this very deployment may take this long to be known everywhere in IAM. */
const PROPAGATION_MS = 30_000;
const PROPAGATION_PAUSE_MS = 3_000;

/** After all that the client repeats, a service that throttles has many callers: as many as look-ups of one deployment, for a start. */
const THROTTLED_PAUSE_MS = 10_000;

/**
 * Asks a service, and asks again while a new permission spreads, and as long as there is time while it throttles. What else is worth
 * repeating, the client repeats.
 */
export async function patiently<T>(operation: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  let throttled: HandlerError | undefined;
  let asked = 0;
  return retry(operation, {
    now: () => Date.now(),
    afterFailure: async (error, { code, message, kind, attempts }, waitedMs) => {
      if (signal.aborted) { throw throttled ?? error; }
      if (kind === 'throttled') {
        asked += attempts ?? 1;
        throttled = new HandlerError(code, `still throttled after ${asked} attempts; deploy again (${code}: ${message})`);
      } else if (kind !== 'denied' || waitedMs > PROPAGATION_MS) {
        throw error;
      }
      try {
        await jitteredPause(kind === 'throttled' ? THROTTLED_PAUSE_MS : PROPAGATION_PAUSE_MS, signal);
      } catch (ended) {
        throw throttled ?? ended;
      }
    },
  }, ask);
}

/**
 * Why a read failed, for the reader of a failed deployment.
 *
 * @param what What was read: `cluster "a" in account 1, Region r`.
 * @param api The service, for advice about networks.
 */
export function explain(what: string, api: string, error: unknown, signal: AbortSignal): HandlerError {
  const hint = `a function in a VPC needs a way to the API of ${api}`;
  if (signal.aborted && !isThrottled(error)) {
    const { code, message } = signal.reason as HandlerError;
    return new HandlerError(code, `${what}: ${message}; ${hint}`);
  }
  if (error instanceof HandlerError) { return new HandlerError(error.code, `${what}: ${error.message}`); }
  const { code, message, kind, attempts } = failureOf(error);
  const said = `${code}: ${message}`;
  switch (kind) {
    case 'not-found':
      return new HandlerError(code, `${what} does not exist (${said})`);
    case 'denied':
      return new HandlerError(code, `${what}: the look-up function may not read it (${said})`);
    case 'unreachable':
      return new HandlerError(code, `${what}: no answer after ${attempts} attempts; ${hint} (${said})`);
    default:
      return new HandlerError(code, `${what}: ${said}`);
  }
}

/** Whether there was no time any more to be patient with a service that throttles. */
export function isThrottled(error: unknown): boolean {
  return failureOf(error).kind === 'throttled';
}
