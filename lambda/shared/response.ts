import { request } from 'node:https';
import { jsonBytes, longest } from './cut';
import type { Clock } from './deadline';
import { HandlerError } from './errors';
import { log } from './logger';
import { pause } from './pause';
import { plain } from './plain';

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

/** Bytes of the longest physical id that CloudFormation takes, and of ids that are longer than any that it gives. */
const LONGEST = { PhysicalResourceId: 1024, StackId: 1024, RequestId: 128, LogicalResourceId: 255 };

/** One attempt may take this long; the upload is a few hundred bytes. */
const ATTEMPT_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/**
 * The bytes of an answer that fits: ids are kept short, a Reason is cut, and Data too large makes a failure that says so, because
 * CloudFormation would otherwise ignore the answer and wait for another until its timeout.
 */
export function encode(given: Response): Buffer {
  const response = withinLimits(given);
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
  const reason = longest(response.Reason ?? '', part => jsonBytes({ ...response, Reason: `${part}...` }) <= RESPONSE_LIMIT);
  return Buffer.from(JSON.stringify({ ...response, Reason: `${reason}...` }));
}

function withinLimits(response: Response): Response {
  const ids = Object.entries(LONGEST).map(([key, bytes]) => {
    const id = plain(response[key as keyof Response]);
    return [key, longest(id, part => jsonBytes(part) - QUOTES <= bytes)];
  });
  return { ...response, ...Object.fromEntries(ids) };
}

/** Around a text in JSON. */
const QUOTES = 2;

/**
 * Hands an answer to CloudFormation and tries again as long as there is time: an answer that doesn't arrive leaves the
 * stack waiting. Throws when it can't be delivered, so that Lambda calls the handler again.
 */
export async function send(url: string, response: Response, clock: Clock): Promise<void> {
  const body = encode(response);
  for (let attempt = 1; ; attempt++) {
    const outcome = await put(url, body, Math.min(ATTEMPT_MS, clock.getRemainingTimeInMillis())).catch(notBegun);
    log('answered', { attempt, status: response.Status, code: outcome.code, bytes: body.length });
    if (outcome.delivered) { return; }
    const waitMs = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
    if (!outcome.mayWorkLater || clock.getRemainingTimeInMillis() < waitMs + ATTEMPT_MS) {
      throw new HandlerError('AnswerNotDelivered', `CloudFormation did not take the answer: ${outcome.code}`);
    }
    await pause(waitMs);
  }
}

interface Outcome {
  readonly delivered: boolean;
  readonly mayWorkLater: boolean;
  /** The HTTP status, or the code of a network error. Never its text, which may hold the URL. */
  readonly code: string;
}

async function put(url: string, body: Buffer, milliseconds: number): Promise<Outcome> {
  return new Promise(resolve => {
    const limit = AbortSignal.timeout(milliseconds);
    let status: number | undefined;
    const failed = (error: NodeJS.ErrnoException) => resolve(limit.aborted && status !== undefined
      ? outcomeOf(status) // it says enough, if the rest takes too long
      : { delivered: false, mayWorkLater: true, code: limit.aborted ? 'ETIMEDOUT' : error.code ?? error.name });
    const outgoing = request(url, {
      method: 'PUT',
      headers: { 'content-type': '', 'content-length': body.length }, // the URL is signed for an empty content type
      signal: limit,
    }, incoming => {
      const answered = status = incoming.statusCode ?? 0;
      incoming.on('error', failed);
      incoming.on('end', () => resolve(outcomeOf(answered)));
      incoming.resume();
    });
    outgoing.on('error', failed);
    outgoing.end(body);
  });
}

function outcomeOf(status: number): Outcome {
  return {
    delivered: status >= 200 && status < 300,
    mayWorkLater: status >= 500 || status === 408 || status === 429,
    code: String(status),
  };
}

/** An error that is thrown, and not emitted, has the URL in it. */
function notBegun(error: NodeJS.ErrnoException): Outcome {
  return { delivered: false, mayWorkLater: false, code: error.code ?? error.name };
}
