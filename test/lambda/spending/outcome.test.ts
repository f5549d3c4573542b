import { outcomeOf } from '../../../lambda/spending/outcome';
import { sdkError } from '../training-plans/purchase/world';

const failing = async (error: unknown) => (await outcomeOf(async () => { throw error; })).kind;

test('an ARN is a purchase', async () => {
  expect(await outcomeOf(async () => 'arn')).toEqual({ kind: 'bought', id: 'arn' });
});

test.each([undefined, ''])('an answer that says %j tells nothing', async arn => {
  expect((await outcomeOf(async () => arn)).kind).toBe('unknown');
});

test.each([
  ['ValidationException', 400, 'refused'],
  ['AccessDeniedException', 403, 'refused'],
  ['ExpiredTokenException', 400, 'refused'],
  ['ResourceLimitExceeded', 400, 'refused'],
  ['ThrottlingException', 400, 'throttled'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['ResourceNotFound', 400, 'gone'],
  ['ResourceInUse', 400, 'in-use'],
  ['ConflictException', 400, 'unknown'],
  ['RequestTimeout', 408, 'unknown'],
  ['InternalFailure', 500, 'unknown'],
  ['ServiceUnavailable', 503, 'unknown'],
  ['toString', 400, 'unknown'],
])('%s with %i is %s', async (code, status, kind) => {
  expect(await failing(sdkError(code, status))).toBe(kind);
});

test.each([
  ['a refusal that comes with a server error', sdkError('ThrottlingException', 503)],
  ['a refusal without an answer', sdkError('ValidationException')],
  ['a reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ['an answer that is no JSON', Object.assign(new SyntaxError('Unexpected token'), { $metadata: { httpStatusCode: 200 } })],
  ['something that is no error', 'text'],
  ['nothing', undefined],
])('%s is unknown', async (_what, error) => {
  expect(await failing(error)).toBe('unknown');
});

test('says what the service said', async () => {
  expect(await outcomeOf(async () => { throw sdkError('ResourceInUse', 400, 'in use\nsecret'); })).toEqual({ kind: 'in-use', code: 'ResourceInUse', message: 'in use' });
});

test.each([
  'AccessDenied', 'AccessDeniedException', 'ExpiredToken', 'ExpiredTokenException', 'IncompleteSignature', 'IncompleteSignatureException',
  'InvalidClientTokenId', 'InvalidSignatureException', 'MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'NotAuthorized',
  'OptInRequired', 'ResourceLimitExceeded', 'SerializationException', 'SignatureDoesNotMatch', 'UnrecognizedClientException',
  'ValidationError', 'ValidationException',
])('%s is the last word', async code => {
  expect(await failing(sdkError(code, 400))).toBe('refused');
});

test.each(['RequestLimitExceeded', 'ThrottledException', 'Throttling', 'ThrottlingException', 'TooManyRequestsException'])(
  '%s may be followed by another request', async code => {
    expect(await failing(sdkError(code, 400))).toBe('throttled');
  },
);

test.each([[399, 'unknown'], [400, 'refused'], [499, 'refused'], [500, 'unknown'], ['400', 'unknown']])('with a status of %j a refusal is %s', async (status, kind) => {
  expect(await failing(sdkError('ValidationException', status as number))).toBe(kind);
});

test('an answer that names nothing says so', async () => {
  expect(await outcomeOf(async () => undefined)).toEqual({ kind: 'unknown', code: 'NoId', message: 'the answer does not say what was bought' });
});
