import type { Clock } from './clock';
import { HandlerError, type Failure } from '../shared/errors';
import { retry } from '../shared/retry';

/**
 * A permission that came with this very deployment may take this long to be known everywhere in IAM. And a second delivery must not
 * fail over a service that is down for a moment, when the first one has already succeeded.
 */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 3_000;

/**
 * Asks a service, and asks again for a while unless it refused: beyond what the adapters repeat, which is soon given up when nobody
 * answers.
 */
export async function persistently<T>(operation: string, clock: Clock, ask: () => Promise<T>): Promise<T> {
  return retry(operation, {
    now: () => clock.now(),
    afterFailure: async (error, { code, message, kind }, waitedMs) => {
      if (isFinal(error, kind) || waitedMs >= PATIENCE_MS) {
        throw new HandlerError(code, `${operation} failed: ${code}: ${message}`, { cause: error });
      }
      await clock.sleep(PAUSE_MS);
    },
  }, ask);
}

/** Whether the service has answered, and will answer the same again. */
function isFinal(error: unknown, kind: Failure['kind']): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: unknown } } | undefined)?.$metadata?.httpStatusCode;
  return kind !== 'denied' && kind !== 'throttled' && typeof status === 'number' && status >= 400 && status < 500;
}
