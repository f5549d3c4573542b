import { failureOf } from '../../lambda/shared/errors';

function named(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

test.each([
  ...['ResourceNotFound', 'ResourceNotFoundException', 'NotFoundException', 'RecordNotFound'].map(code => [code, 'not-found']),
  ...['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized'].map(code => [code, 'denied']),
  ...['Throttling', 'ThrottlingException', 'ThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded'].map(code => [code, 'throttled']),
  ...['TimeoutError', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].map(code => [code, 'unreachable']),
  ...['ValidationException', ''].map(code => [code, 'other']),
])('%s is %s', (code, kind) => {
  expect(failureOf(named(code, 'why'))).toEqual({ code, message: 'why', kind, attempts: undefined });
});

test('keeps the number of attempts', () => {
  expect(failureOf(named('ThrottlingException', 'Rate exceeded', { $metadata: { attempts: 12 } })).attempts).toBe(12);
});

test('has the code of the network where the name says nothing', () => {
  expect(failureOf(named('Error', 'read ECONNRESET', { code: 'ECONNRESET' })).code).toBe('ECONNRESET');
  expect(failureOf(named('AggregateError', '', { code: 'ECONNREFUSED' })).code).toBe('ECONNREFUSED');
});

test('keeps the first line of a message alone: what follows may repeat the request', () => {
  expect(failureOf(named('InvalidSignatureException', ' does not match. \n\nx-amz-security-token:SECRET')).message).toBe('does not match.');
});

describe('what lets others act in our name is not repeated', () => {
  const before = process.env;
  beforeEach(() => { process.env = { ...before, AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 'a/b', AWS_SESSION_TOKEN: 'to+ken' }; });
  afterEach(() => { process.env = before; });

  test.each([
    ['credentials', 'ASIA1, a/b and to+ken or to+ken', '***, *** and *** or ***'],
    ['credentials in URLs', 'k=a%2Fb&t=to%2Bken', 'k=***&t=***'],
    ['signatures', 'Authorization=AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0aF9, X', 'Authorization=AWS4-HMAC-SHA256 SignedHeaders=host, Signature=***, X'],
    ['tokens of pages', 'Value \'abc\' at \'nextToken\', \'abc\' at \'name\'', 'Value \'***\' at \'nextToken\', \'abc\' at \'name\''],
    ['signatures of URLs', 'https://x/?X-Amz-Signature=0a9f&y', 'https://x/?X-Amz-Signature=***&y'],
  ])('%s', (_what, message, left) => {
    expect(failureOf(named('Refused', message)).message).toBe(left);
  });
});

test.each([undefined, null, 'text', 42])('takes %p for an error', thrown => {
  expect(failureOf(thrown)).toMatchObject({ code: 'Error', message: String(thrown), kind: 'other' });
});
