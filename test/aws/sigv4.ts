import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as far as its signature goes. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the Authorization header of a request says. */
export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** The secret keys that are known, by access key id. */
export type Secrets = Readonly<Record<string, string>>;

/** Why a signature is refused, in the service's words. */
export class SignatureError extends Error {
  public constructor(public readonly code: string, message: string) {
    super(message);
  }
}

const FORM = new RegExp([
  '^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)/(?<date>[0-9]{8})/(?<region>[a-z0-9-]+)/(?<service>[a-z0-9-]+)/aws4_request',
  'SignedHeaders=(?<signed>[a-z0-9;-]+)',
  'Signature=(?<signature>[0-9a-f]{64})$',
].join(', '));

/**
 * Checks a signature of version 4: its form always, its value where the secret key is known.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verify(request: SignedRequest, secrets?: Secrets): Scope {
  const { authorization } = request.headers;
  if (!authorization) {
    throw new SignatureError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const parts = FORM.exec(authorization)?.groups;
  if (!parts) {
    throw new SignatureError('IncompleteSignatureException', 'Authorization header is malformed');
  }
  const { id, date, region, service, signed, signature } = parts;
  for (const header of ['host', 'x-amz-date']) {
    if (!signed.split(';').includes(header)) {
      throw new SignatureError('IncompleteSignatureException', `'${header}' must be a signed header`);
    }
  }
  const time = String(request.headers['x-amz-date']);
  if (!/^[0-9]{8}T[0-9]{6}Z$/.test(time) || !time.startsWith(date)) {
    throw new SignatureError('SignatureDoesNotMatch', `Date in Credential scope does not match: ${date}, ${time}`);
  }
  if (secrets) {
    const secret = secrets[id];
    if (secret === undefined) {
      throw new SignatureError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    const canonical = canonicalRequest(request, signed);
    const text = ['AWS4-HMAC-SHA256', time, `${date}/${region}/${service}/aws4_request`, hash(canonical)].join('\n');
    const key = [date, region, service, 'aws4_request'].reduce((previous: Buffer | string, part) => hmac(previous, part), `AWS4${secret}`);
    if (hmac(key, text).toString('hex') !== signature) {
      throw new SignatureError('InvalidSignatureException', mismatch(canonical));
    }
  }
  return { accessKeyId: id, region, service };
}

/** The text by which services explain a wrong signature. It repeats the signed headers, the session token among them. */
export function mismatch(canonical: string): string {
  return [
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    '',
    `The Canonical String for this request should have been\n'${canonical}'`,
  ].join('\n');
}

/** The text that is signed, but for its frame. */
export function canonicalRequest({ method, path, headers, body }: SignedRequest, signed: string): string {
  const [pathname, query = ''] = path.split('?', 2);
  const lines = signed.split(';').map(name => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, pathname, query, lines.join(''), signed, hash(body)].join('\n');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
