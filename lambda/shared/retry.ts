import { HandlerError, failureOf, type Failure } from './errors';
import { log } from './logger';

/** What is done about the failures of a service, beyond what its client repeats. */
export interface RetryPolicy {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits before the service is asked again; or throws what the caller is told. */
  afterFailure(error: unknown, failure: Failure, waitedMs: number): Promise<void>;
}

/**
 * Asks a service, and asks again after a failure as long as the policy has it. Each answer and each failure is
 * a line in the log. A failure in our own words is none of the service: it is passed on.
 */
export async function retry<T>(operation: string, policy: RetryPolicy, ask: () => Promise<T>): Promise<T> {
  const started = policy.now();
  for (;;) {
    try {
      const answer = await ask();
      log('read', { operation, milliseconds: policy.now() - started });
      return answer;
    } catch (error) {
      if (error instanceof HandlerError) { throw error; }
      const failure = failureOf(error);
      const waitedMs = policy.now() - started;
      log('read', { operation, code: failure.code, attempts: failure.attempts, milliseconds: waitedMs });
      await policy.afterFailure(error, failure, waitedMs);
    }
  }
}
