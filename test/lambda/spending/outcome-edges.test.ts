import { outcomeOf } from '../../../lambda/spending/outcome';
import { sdkError } from '../training-plan/world';

const failing = async (error: unknown) => (await outcomeOf(async () => { throw error; })).kind;

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
