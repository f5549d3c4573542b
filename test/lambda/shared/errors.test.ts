import { HandlerError, failureOf, ifExists } from '../../../lambda/shared/errors';

/** An error as the SDK makes it of an answer of a service, or of none. */
function named(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, ...more });
}

test.each([
  ...['ResourceNotFound', 'ResourceNotFoundException', 'NotFoundException', 'RecordNotFound'].map(code => [code, 'not-found']),
  ...['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized'].map(code => [code, 'denied']),
  ...['Throttling', 'ThrottlingException', 'ThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded'].map(code => [code, 'throttled']),
  ...['TimeoutError', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].map(code => [code, 'unreachable']),
  ['ValidationException', 'other'],
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
    ['signatures of URLs', 'https://x/?X-Amz-Signature=0a9f&y', 'https://x/?X-Amz-Signature=***&y'],
  ])('%s', (_what, message, left) => {
    expect(failureOf(named('Refused', message)).message).toBe(left);
  });
});

describe('a service quotes what it was sent, of which names and numbers are repeated', () => {
  const broken = (value: string, path: string) => `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must be short`;

  test.each([
    'trainingPlanName', 'clusterArn', 'computeQuotaId', 'filters.1.member.name', 'nodeIds.12.member', 'instanceCount', 'instanceType',
  ])('%s', path => {
    expect(failureOf(named('ValidationException', broken('abc', path))).message).toBe(broken('abc', path));
  });

  test.each([
    ['nextToken', 'abc'], ['tags.1.member.value', 'abc'], ['description', "it's \' quoted"], ['parameters', '{"name":"abc"}'], ['clientToken', 'abc'],
  ])('and not %s', (path, value) => {
    expect(failureOf(named('ValidationException', broken(value, path))).message).toBe(broken('***', path));
  });

  test.each(['refused: {"authorization":"x"}', 'refused: [{"x":1}', 'refused: [ "x"', 'refused: { "x"'])('nor JSON: %s', text => {
    expect(failureOf(named('ValidationException', text)).message).toBe('refused: ***');
  });

  test('a pattern stays, which isn\'t JSON', () => {
    const text = 'must match [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}';
    expect(failureOf(named('ValidationException', text)).message).toBe(text);
  });
});

describe('texts of others than the service, the network and this library are not repeated', () => {
  const SECRET = 'string expected at \'nextToken\', not {"hidden":"secret"}';

  test.each([
    ['a service that can not read the request', named('SerializationException', SECRET, { $fault: 'client' }), 'SerializationException', 'the service could not read the request'],
    ['an answer of another type', Object.assign(new TypeError(SECRET), { $metadata: { httpStatusCode: 200 } }), 'UnreadableAnswer', 'the answer could not be read'],
    ['an answer that is no JSON', Object.assign(new SyntaxError(SECRET), { $metadata: { attempts: 1 } }), 'UnreadableAnswer', 'the answer could not be read'],
    ['an answer that is no XML', Object.assign(new Error(SECRET), { $metadata: { httpStatusCode: 500 } }), 'UnreadableAnswer', 'the answer could not be read'],
    ['a certificate', Object.assign(new Error(SECRET), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'ERR_TLS_CERT_ALTNAME_INVALID', 'the connection failed'],
    ['what is no HTTP', Object.assign(new Error(SECRET), { code: 'HPE_INVALID_CONSTANT' }), 'HPE_INVALID_CONSTANT', 'the connection failed'],
  ])('%s', (_what, error, code, message) => {
    expect(failureOf(error)).toMatchObject({ code, message, kind: 'other' });
  });

  test.each([
    ['a fault of ours', new TypeError(SECRET)],
    ['a URL', Object.assign(new TypeError(SECRET), { code: 'ERR_INVALID_URL' })],
    ['a failure of nobody knows what', new Error(SECRET)],
    ['a name that is none', Object.assign(new Error(SECRET), { name: SECRET })],
    ['a code that is none', Object.assign(new Error(SECRET), { code: SECRET })],
  ])('%s: its place is told', (_what, error) => {
    expect(failureOf(error)).toMatchObject({ code: 'InternalError', message: expect.stringMatching(/^a fault of this function at errors\.test\.ts:\d+:\d+; please report it$/) });
  });

  test.each([undefined, null, SECRET, 42, Symbol('x'), { message: { hidden: SECRET }, name: { hidden: SECRET } }])('%p, thrown', thrown => {
    expect(failureOf(thrown)).toMatchObject({ code: 'InternalError', message: 'a fault of this function; please report it', kind: 'other' });
  });

  test('a message of a service that is no text', () => {
    expect(failureOf({ name: 'ValidationException', message: { hidden: SECRET }, $fault: 'client' })).toMatchObject({ code: 'ValidationException', message: 'no reason was given' });
  });

  test('a text that looks like a place', () => {
    const error = new Error(`x\n    at ${'secret'} (secret:1:2)`);
    error.stack = 'Error: x\n    at secret (secret words:1:2)\n    at f (/var/task/index.js:3:4)';
    expect(failureOf(error).message).toBe('a fault of this function at index.js:3:4; please report it');
  });
});

test('an own text is what it says', () => {
  expect(failureOf(new HandlerError('TooFew', 'there are 2 of {"a":4}'))).toMatchObject({ code: 'TooFew', message: 'there are 2 of {"a":4}' });
});

test('what does not exist is nothing, what fails is a failure', async () => {
  expect(await ifExists(async () => 'it')).toBe('it');
  expect(await ifExists(async () => { throw Object.assign(new Error('none'), { name: 'ResourceNotFound', $fault: 'client' }); })).toBeUndefined();
  await expect(ifExists(async () => { throw Object.assign(new Error('it says InternalFailure'), { name: 'InternalFailure', $fault: 'server' }); })).rejects.toThrow('it says InternalFailure');
});
