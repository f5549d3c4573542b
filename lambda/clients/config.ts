import { RequestHandler } from './http';

/** How a client sends its requests. */
export interface Sending {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** How long one request may take, until its whole answer is there. @default 10 s: most requests are answered in well under a second */
  readonly requestMs?: number;
  /** `false`: each request has a connection of its own. @default true */
  readonly keepAlive?: boolean;
}

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;

/** The settings of a client: the SDK repeats what was throttled, reset or answered with a 5xx, with jitter. */
export function clientConfig({ attempts, requestMs = REQUEST_MS, keepAlive = true }: Sending) {
  const agent = keepAlive ? undefined : { keepAlive };
  return { maxAttempts: attempts, retryMode: 'standard', requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs, agent }) };
}

/**
 * The settings of clients for reads that a deployment waits for. The pauses between ten attempts take 46 seconds in the mean, and 92 at
 * most when throttled; after that `patiently` goes on.
 */
export function readConfig() {
  return clientConfig({ attempts: 10 });
}
