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

test.each([undefined, null, 'text', 42])('takes %p for an error', thrown => {
  expect(failureOf(thrown)).toMatchObject({ code: 'Error', message: String(thrown), kind: 'other' });
});
