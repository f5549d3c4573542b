/** A failure whose text is fit for the reader of a failed deployment. */
export class HandlerError extends Error {
  public constructor(public readonly code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = code;
  }
}

/** What an AWS service or the network said when a call failed. */
export interface Failure {
  /** The service's own code: `ResourceNotFound`, `AccessDeniedException`, `ECONNRESET`. */
  readonly code: string;
  /** The first line of its message, without what lets others act in our name. Signature errors go on with the whole request. */
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

/** Reads an error of the SDK. */
export function failureOf(error: unknown): Failure {
  const raw = error as { name?: unknown; code?: unknown; message?: unknown; $metadata?: { attempts?: number } };
  const network = raw?.name === 'Error' || raw?.name === 'AggregateError'; // node says what went wrong in `code`
  const code = String((network ? raw.code : undefined) ?? raw?.name ?? 'Error');
  return {
    code,
    message: withoutSecrets(firstLine(String(raw?.message ?? error))),
    kind: kindOf(code),
    attempts: raw?.$metadata?.attempts,
  };
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

/** Texts of others may repeat what they were sent: credentials of this function, signatures made with them, and tokens of pages. */
function withoutSecrets(text: string): string {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]
    .flatMap(secret => (secret ? [secret, encodeURIComponent(secret)] : []))
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
    .replace(/(Signature=)[0-9a-f]+/gi, `$1${HIDDEN}`)
    .replace(/'[^']*'( at '\w*token')/gi, `'${HIDDEN}'$1`);
}
