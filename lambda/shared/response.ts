import { request } from 'node:https';
import type { Clock } from './deadline';
import { HandlerError } from './errors';
import { log } from './logger';

/** What CloudFormation reads of an answer at most. */
export const RESPONSE_LIMIT = 4096;

/** An answer to CloudFormation. */
export interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** One attempt may take this long; the upload is a few hundred bytes. */
const ATTEMPT_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/**
 * The bytes of an answer that fits: a Reason is cut, and Data too large makes a failure that says so, because
 * CloudFormation would otherwise ignore the answer and wait for another until its timeout.
 */
export function encode(response: Response): Buffer {
  const whole = Buffer.from(JSON.stringify(response));
  if (whole.length <= RESPONSE_LIMIT) { return whole; }
  if (response.Data) {
    return encode({
      ...response,
      Status: 'FAILED',
      Reason: `the answer has ${whole.length} bytes, CloudFormation takes ${RESPONSE_LIMIT}; ask for fewer fields`,
      Data: undefined,
    });
  }
  const characters = [...response.Reason ?? ''];
  let [fits, tooLong] = [0, characters.length];
  const cut = (length: number) => Buffer.from(JSON.stringify({ ...response, Reason: `${characters.slice(0, length).join('')}...` }));
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (cut(middle).length <= RESPONSE_LIMIT) { fits = middle; } else { tooLong = middle; }
  }
  return cut(fits);
}

/**
 * Hands an answer to CloudFormation and tries again as long as there is time: an answer that doesn't arrive leaves the
 * stack waiting. Throws when it can't be delivered, so that Lambda calls the handler again.
 */
export async function send(url: string, response: Response, clock: Clock): Promise<void> {
  const body = encode(response);
  for (let attempt = 1; ; attempt++) {
    const outcome = await put(url, body).catch(notBegun);
    log('answered', { attempt, status: response.Status, code: outcome.code, bytes: body.length });
    if (outcome.delivered) { return; }
    const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
    if (!outcome.mayWorkLater || clock.getRemainingTimeInMillis() < pause + ATTEMPT_MS) {
      throw new HandlerError('AnswerNotDelivered', `CloudFormation did not take the answer: ${outcome.code}`);
    }
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

interface Outcome {
  readonly delivered: boolean;
  readonly mayWorkLater: boolean;
  /** The HTTP status, or the code of a network error. Never its text, which may hold the URL. */
  readonly code: string;
}

async function put(url: string, body: Buffer): Promise<Outcome> {
  return new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException) => resolve({ delivered: false, mayWorkLater: true, code: error.code ?? error.name });
    const outgoing = request(url, {
      method: 'PUT',
      headers: { 'content-type': '', 'content-length': body.length }, // the URL is signed for an empty content type
      timeout: ATTEMPT_MS,
    }, incoming => {
      const status = incoming.statusCode ?? 0;
      incoming.on('error', failed);
      incoming.on('end', () => resolve({
        delivered: status >= 200 && status < 300,
        mayWorkLater: status >= 500 || status === 408 || status === 429,
        code: String(status),
      }));
      incoming.resume();
    });
    outgoing.on('error', failed);
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    outgoing.end(body);
  });
}

/** An error that is thrown, and not emitted, has the URL in it. */
function notBegun(error: NodeJS.ErrnoException): Outcome {
  return { delivered: false, mayWorkLater: false, code: error.code ?? error.name };
}
