/** A failure whose text is fit for the reader of a failed deployment. */
export class HandlerError extends Error {
  public constructor(public readonly code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = code;
  }
}

/** What went wrong in a call, as far as others may read it. */
export interface Failure {
  /** The service's own code: `ResourceNotFound`, `AccessDeniedException`, `ECONNRESET`. */
  readonly code: string;
  /**
   * One line: an own text, or the first line of what a service or the network said, without what lets others act in our name. All other
   * texts are of libraries and of the language, which quote what they were given and can't read, and aren't repeated.
   */
  readonly message: string;
  readonly kind: 'not-found' | 'denied' | 'throttled' | 'unreachable' | 'other';
  /** How often the call was sent, where the SDK says so. */
  readonly attempts?: number;
}

const HIDDEN = '***';

const NOT_FOUND = new Set(['ResourceNotFound', 'ResourceNotFoundException', 'NotFoundException', 'RecordNotFound']);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized']);
const THROTTLED = new Set(['Throttling', 'ThrottlingException', 'ThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded']);
const UNREACHABLE = new Set(['TimeoutError', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** Names of errors that the language and its library throw: no service has one of them for a code. */
const OF_THE_LANGUAGE = new Set([
  'AggregateError', 'Error', 'EvalError', 'InternalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
]);
/** What a service says of a request that it can't read quotes the request. */
const UNREADABLE_REQUESTS = new Set(['SerializationException', 'SerializationError', 'MalformedInputException', 'MalformedQueryString']);
/** Codes of services and of Node.js. What isn't one is some text. */
const CODE = /^[A-Za-z][\w.-]{0,99}$/;
/** Of the operating system and of name look-ups, whose texts have a host and a port. Those of TLS and HTTP may quote what they read. */
const OF_THE_NETWORK = /^(?!ERR_)E[A-Z_]+$/;

const SAYS_NOTHING = 'no reason was given';
const CONNECTION_FAILED = 'the connection failed';
const ANSWER_UNREADABLE = 'the answer could not be read';
const REQUEST_UNREADABLE = 'the service could not read the request';

interface Raw {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly attempts?: unknown };
}

/** Reads an error of any kind. */
export function failureOf(error: unknown): Failure {
  const raw: Raw = typeof error === 'object' && error !== null ? error : {};
  const { code, message } = read(error, raw);
  const attempts = raw.$metadata?.attempts;
  return { code, message, kind: kindOf(code), attempts: typeof attempts === 'number' ? attempts : undefined };
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

/** An allow-list: own texts, those of the network, and those of services. */
function read(error: unknown, raw: Raw): { readonly code: string; readonly message: string } {
  const name = codeOf(raw.name) ?? 'Error';
  const message = typeof raw.message === 'string' ? raw.message : '';
  if (error instanceof HandlerError) { return { code: error.code, message: withoutSecrets(firstLine(message)) }; }
  if (!OF_THE_LANGUAGE.has(name) && (raw.$fault !== undefined || raw.$metadata !== undefined)) {
    return { code: name, message: UNREADABLE_REQUESTS.has(name) ? REQUEST_UNREADABLE : ofService(message) };
  }
  const code = codeOf(raw.code);
  if (code !== undefined && (name === 'Error' || name === 'AggregateError')) { // node says what went wrong in `code`
    return { code, message: OF_THE_NETWORK.test(code) && message ? withoutSecrets(firstLine(message)) : CONNECTION_FAILED };
  }
  if (raw.$metadata !== undefined) { return { code: 'UnreadableAnswer', message: ANSWER_UNREADABLE }; }
  return { code: 'InternalError', message: `a fault of this function${placeOf(raw.stack)}; please report it` };
}

function codeOf(value: unknown): string | undefined {
  return typeof value === 'string' && CODE.test(value) ? value : undefined;
}

/** Where an error was thrown: a file and two numbers, and nothing of its text. */
function placeOf(stack: unknown): string {
  const place = /^ +at (?:.*[(/\\])?(\w[\w.-]*\.[cm]?[jt]s:\d+:\d+)\)?$/m.exec(typeof stack === 'string' ? stack : '');
  return place ? ` at ${place[1]}` : '';
}

function kindOf(code: string): Failure['kind'] {
  if (NOT_FOUND.has(code)) { return 'not-found'; }
  if (DENIED.has(code)) { return 'denied'; }
  if (THROTTLED.has(code)) { return 'throttled'; }
  return UNREACHABLE.has(code) ? 'unreachable' : 'other';
}

function firstLine(message: string): string {
  return message.split(/[\r\n]/, 1)[0].trim();
}

/** What a service said, less what it quotes, unless that is a name or a number of what the user asked for. */
function ofService(message: string): string {
  return withoutSecrets(firstLine(message))
    .replace(/'((?:(?!' at ').)*)' at '([\w.-]+)'/g, (whole, _value, path: string) => (QUOTABLE.test(path) ? whole : `'${HIDDEN}' at '${path}'`))
    .replace(/[[{]\s*["{[].*$/, HIDDEN) // JSON
    || SAYS_NOTHING;
}

/** Members of requests whose values anyone may read. */
const QUOTABLE = /(?:^|\.)\w*(?:name|arn|id|ids|identifier|type|types|count|hours|version|status|operator|weight|limit|size|path|zone|price|fee)(?:\.\d+\.member)?$/i;

/** Texts of others may repeat what they were sent: credentials of this function, signatures made with them, and tokens of pages. */
function withoutSecrets(text: string): string {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]
    .flatMap(secret => (secret ? [secret, encodeURIComponent(secret)] : []))
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
    .replace(/(Signature=)[0-9a-f]+/gi, `$1${HIDDEN}`);
}
