import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { HandlerError, failureOf } from '../shared/errors';
import { plain } from '../shared/plain';

/*
 * Slurm's own REST API, as slurmrestd serves it: plain HTTP within the VPC, a token in a header. A version of the API is part of each
 * path; those of several releases are there side by side.
 */

/** A question or a change. */
export interface SlurmRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The scheduler, or the accounting database. @default 'slurmdb' */
  readonly plugin?: 'slurm' | 'slurmdb';
  /** Below `/<plugin>/<version>`: `/qos/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The most bytes that an answer may have. */
  readonly maxBytes?: number;
}

/** What Slurm answers: JSON. An answer without a body is an object without members. */
export type SlurmAnswer = Readonly<Record<string, unknown>>;

/** Speaks to the slurmrestd of one cluster. */
export interface SlurmRest {
  /** Slurm's name for the cluster. */
  readonly clusterName: string;
  /** Slurm's release, as `26.05.5`. */
  readonly release: string;
  /** Asks a question, or for a change. Throws a `SlurmError`. */
  ask(request: SlurmRequest, signal: AbortSignal): Promise<SlurmAnswer>;
  /** Ends the connection. */
  close(): void;
}

/** Why Slurm didn't do what it was asked for. */
export class SlurmError extends HandlerError {
  public constructor(
    code: 'SlurmRefused' | 'SlurmUnreachable' | 'SlurmAnswerTooLarge', message: string,
    /** Slurm's own numbers of errors. */
    public readonly numbers: readonly number[] = [],
  ) {
    super(code, message);
  }

  /** Whether another look may lead to another answer: nobody was there, or somebody else has changed meanwhile what this was made of. */
  public get passes(): boolean {
    return this.code === 'SlurmUnreachable' || this.numbers.includes(SLURM_ERRORS.defaultAccount);
  }
}

/** Numbers of Slurm's errors, as its source and its answers have them. */
export const SLURM_ERRORS = { accessDenied: 2002, noDatabase: 7000, activeJobs: 7001, defaultAccount: 7009 } as const;

/**
 * The versions of the API that this speaks, in the order in which they are asked for: Slurm 25.05 and later have the first. What is read
 * and written here is the same in all of them.
 */
export const API_VERSIONS = ['v0.0.43', 'v0.0.44', 'v0.0.45'] as const;

const CONNECT_MS = 5_000;
/** slurmdbd answers in milliseconds; with a large database, and while it rolls up usage, in seconds. */
const ANSWER_MS = 45_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Characters of what Slurm says that an error repeats. */
const LONGEST_SAYING = 400;

/** Where slurmrestd is, and who asks. */
export interface SlurmRestOptions {
  /** `http://10.0.1.2:6820` */
  readonly endpoint: string;
  readonly userName: string;
  readonly token: string;
}

/** Asks slurmrestd which version of its API it has, and which cluster it is of. */
export async function connectToSlurm(options: SlurmRestOptions, signal: AbortSignal): Promise<SlurmRest> {
  /* slurmrestd 26.05 writes a header behind the body where a request says `Connection: close`, which no client can read. */
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (path: string, request: SlurmRequest, within: AbortSignal) => answerOf(options, agent, path, request, within);
  const ping = async (): Promise<readonly [version: string, slurm: SlurmAnswer]> => {
    for (const version of API_VERSIONS) {
      const pong = await send(`/slurm/${version}/ping`, { method: 'GET', path: '' }, signal);
      if (pong.status !== 404) { return [version, member(checked(pong, `ping ${version}`).meta, 'slurm')]; }
    }
    throw new SlurmError('SlurmRefused', `slurmrestd at ${options.endpoint} has none of the versions ${API_VERSIONS.join(', ')} of its API: use a version of this `
      + 'library that was made for this version of Slurm');
  };
  try {
    const [version, slurm] = await ping();
    return {
      clusterName: plain(slurm.cluster),
      release: plain(slurm.release),
      ask: async (request, within) => {
        const answer = await send(`/${request.plugin ?? 'slurmdb'}/${version}${request.path}${queryOf(request.query)}`, request, within);
        return checked(answer, `${request.method} ${request.path}`);
      },
      close: () => agent.destroy(),
    };
  } catch (error) {
    agent.destroy();
    throw error;
  }
}

interface RawAnswer { readonly status: number; readonly text: string }

async function answerOf(
  { endpoint, userName, token }: SlurmRestOptions, agent: Agent, path: string, request: SlurmRequest, signal: AbortSignal,
): Promise<RawAnswer> {
  const { method, body, maxBytes = MAX_BYTES } = request;
  const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  try {
    return await new Promise<RawAnswer>((resolve, reject) => {
      const headers = {
        'Accept': 'application/json',
        'X-SLURM-USER-NAME': userName,
        'X-SLURM-USER-TOKEN': token,
        ...sent && { 'Content-Type': 'application/json', 'Content-Length': String(sent.length) },
      };
      const sending = httpRequest(`${endpoint}${path}`, { method, headers, agent, signal });
      const late = (what: string, milliseconds: number) => setTimeout(() => {
        sending.destroy(Object.assign(new Error(`${what} within ${milliseconds} ms`), { code: 'ETIMEDOUT' }));
      }, milliseconds);
      const timer = late('no answer', ANSWER_MS);
      sending.on('socket', socket => {
        if (!socket.connecting) { return; }
        const connecting = late('no connection', CONNECT_MS);
        for (const event of ['connect', 'close']) { socket.once(event, () => clearTimeout(connecting)); }
      });
      let received: IncomingMessage | undefined;
      sending.on('response', response => {
        received = response;
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > maxBytes) {
            reject(new SlurmError('SlurmAnswerTooLarge', `Slurm's answer has more than ${maxBytes} bytes`));
            sending.destroy();
          }
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      });
      /* slurmrestd 26.05 writes a second answer behind one that is an error. The first one is all there by then. */
      sending.on('error', error => { if (received?.complete !== true) { reject(error); } });
      sending.on('close', () => clearTimeout(timer));
      sending.end(sent);
    });
  } catch (error) {
    if (error instanceof SlurmError || signal.aborted) { throw error; }
    const { code, message } = failureOf(error);
    throw new SlurmError('SlurmUnreachable', `no answer from slurmrestd at ${endpoint} (${code}: ${message}); the function needs a way to it: its subnets, and TCP `
      + 'on this port in the security groups of the function and of the cluster');
  }
}

/** What Slurm answered, if it did what it was asked for. 304 is its word for what is so already. */
function checked({ status, text }: RawAnswer, operation: string): SlurmAnswer {
  if (status === 304) { return {}; }
  const answer = objectIn(text);
  const errors = listOf(answer?.errors).map(asObject);
  if (answer && errors.length === 0 && status >= 200 && status < 300) { return answer; }
  const numbers = errors.map(({ error_number: number }) => number).filter(number => typeof number === 'number');
  const said = errors.map(({ error, description }) => [...new Set([plain(error), plain(description)])].filter(Boolean).join(', '));
  const words = readable(said[0] ?? '') || 'no reason was given';
  const isUnreadable = status >= 500 || status === 429 || status === 0 || (status < 300 && !answer);
  const passes = numbers.includes(SLURM_ERRORS.noDatabase) || (numbers.length === 0 && isUnreadable);
  throw new SlurmError(passes ? 'SlurmUnreachable' : 'SlurmRefused', `${operation}: Slurm answered ${status}: ${words}`
    + `${numbers[0] === undefined ? '' : ` (${numbers[0]})`}${adviceFor(numbers, status)}`, numbers);
}

function adviceFor(numbers: readonly number[], status: number): string {
  if (numbers.includes(SLURM_ERRORS.noDatabase)) { return '; its accounting database isn\'t there, or takes no token of this user or of this key'; }
  if (numbers.includes(SLURM_ERRORS.accessDenied) || status === 401 || status === 403) {
    return '; the user of the token must be an administrator of Slurm\'s accounting, as root is';
  }
  return '';
}

/**
 * The words of what Slurm says. Whoever answers may repeat what it was sent, the token, too, which isn't made of words: what isn't one is
 * left out.
 */
function readable(text: string): string {
  const words = text.slice(0, LONGEST_SAYING).split(/\s+/).filter(Boolean).map(word => (WORD.test(word) ? word : '***'));
  return words.filter((word, index) => word !== '***' || words[index - 1] !== '***').join(' ');
}

const WORD = /^["'(]?(?:[A-Z]?[a-z][a-z_'-]*(?:\([a-z]*\))?|[A-Z]{1,8}|\d{1,6})[.,;:!?"')]*$/;

function queryOf(query: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(query).map(pair => pair.map(part => encodeURIComponent(Buffer.from(part).toString())).join('='));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function objectIn(text: string): SlurmAnswer | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is SlurmAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object of an answer: an empty one where it is something else. */
export function asObject(value: unknown): SlurmAnswer {
  return isObject(value) ? value : {};
}

/** A member of an answer that is an object: an empty one where it is something else. */
export function member(of: unknown, key: string): SlurmAnswer {
  return asObject(asObject(of)[key]);
}

/** A list of an answer: an empty one where it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
