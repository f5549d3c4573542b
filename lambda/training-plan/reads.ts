import type { Clock } from './ports';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

/** A permission that came with this very deployment may take this long to be known everywhere in IAM. */
const PROPAGATION_MS = 30_000;
const PROPAGATION_PAUSE_MS = 3_000;

/** Asks a service, and asks again while a new permission spreads. What else is worth repeating, the adapters repeat. */
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
      if (kind !== 'denied' || clock.now() - started >= PROPAGATION_MS) {
        throw new HandlerError(code, `${operation} failed: ${code}: ${message}`, { cause: error });
      }
      await clock.sleep(PROPAGATION_PAUSE_MS);
    }
  }
}

/** Asks for something that may not exist. */
export async function ifExists<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (failureOf(error).kind === 'not-found') { return undefined; }
    throw error;
  }
}
