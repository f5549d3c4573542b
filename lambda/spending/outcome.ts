import { failureOf } from '../shared/errors';

/** What came of the one request that costs money. */
export type Outcome =
  /** The service accepted it: what it says that was bought. */
  | { readonly kind: 'bought'; readonly id: string }
  /** The service refused it for good: `throttled` and `gone` may be followed by another request, `refused` may not. */
  | { readonly kind: 'refused' | 'throttled' | 'gone'; readonly code: string; readonly message: string }
  /** Whether it was accepted can't be told, so it is never sent again. That a name is in use doesn't say who uses it. */
  | { readonly kind: 'in-use' | 'unknown'; readonly code: string; readonly message: string };

/** Errors after which nothing has been bought. */
const REFUSALS: Readonly<Record<string, 'refused' | 'throttled' | 'gone'>> = {
  AccessDenied: 'refused',
  AccessDeniedException: 'refused',
  ExpiredToken: 'refused',
  ExpiredTokenException: 'refused',
  IncompleteSignature: 'refused',
  IncompleteSignatureException: 'refused',
  InvalidClientTokenId: 'refused',
  InvalidSignatureException: 'refused',
  MissingAuthenticationToken: 'refused',
  MissingAuthenticationTokenException: 'refused',
  NotAuthorized: 'refused',
  OptInRequired: 'refused',
  ResourceLimitExceeded: 'refused',
  SerializationException: 'refused',
  SignatureDoesNotMatch: 'refused',
  UnrecognizedClientException: 'refused',
  ValidationError: 'refused',
  ValidationException: 'refused',
  RequestLimitExceeded: 'throttled',
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  ResourceNotFound: 'gone',
};

/** Sends a request that costs money, once, and reads what came of it. */
export async function outcomeOf(send: () => Promise<string | undefined>): Promise<Outcome> {
  try {
    const id = await send();
    return id ? { kind: 'bought', id } : { kind: 'unknown', code: 'NoId', message: 'the answer does not say what was bought' };
  } catch (error) {
    return read(error);
  }
}

/** Only an answer of the service itself, with a client's fault in its status, can be a refusal. All else is unknown. */
function read(error: unknown): Outcome {
  const { code, message } = failureOf(error);
  const status = (error as { $metadata?: { httpStatusCode?: unknown } } | undefined)?.$metadata?.httpStatusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    if (code === 'ResourceInUse') { return { kind: 'in-use', code, message }; }
    if (Object.hasOwn(REFUSALS, code)) { return { kind: REFUSALS[code], code, message }; }
  }
  return { kind: 'unknown', code, message };
}
