import type { Clock } from './clock';
import { HandlerError, failureOf, type Failure } from '../shared/errors';
import { log } from '../shared/logger';

/**
 * A permission that came with this very deployment may take this long to be known everywhere in IAM. And a second delivery must not
 * fail over a service that is down for a moment, when the first one has already succeeded.
 */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 3_000;

/** Asks a service, and asks again unless it refused: beyond what the adapters repeat, which is soon given up when nobody answers. */
export async function patiently<T>(clock: Clock, operation: string, ask: () => Promise<T>): Promise<T> {
  const started = clock.now();
  for (;;) {
    try {
      const answer = await ask();
      log('read', { operation, milliseconds: clock.now() - started });
      return answer;
    } catch (error) {
      if (error instanceof HandlerError) { throw error; }
      const { code, message, kind, attempts } = failureOf(error);
      log('read', { operation, code, attempts, milliseconds: clock.now() - started });
      if (isFinal(error, kind) || clock.now() - started >= PATIENCE_MS) {
        throw new HandlerError(code, `${operation} failed: ${code}: ${message}`, { cause: error });
      }
      await clock.sleep(PAUSE_MS);
    }
  }
}

/** Whether the service has answered, and will answer the same again. */
function isFinal(error: unknown, kind: Failure['kind']): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: unknown } } | undefined)?.$metadata?.httpStatusCode;
  return kind !== 'denied' && kind !== 'throttled' && typeof status === 'number' && status >= 400 && status < 500;
}
