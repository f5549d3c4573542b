import { outcomeOf } from '../../../lambda/spending/outcome';
import { sdkError } from '../training-plan/world';

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
