import fc from 'fast-check';
import { encode, RESPONSE_LIMIT, type Response } from '../../../lambda/shared/response';

const ids = {
  PhysicalResourceId: 'Stack/Plan',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Stack/0',
  RequestId: '5',
  LogicalResourceId: 'Plan',
};

test('a small answer is sent as it is', () => {
  const response: Response = { ...ids, Status: 'SUCCESS', Data: { Status: 'Active' } };
  expect(JSON.parse(encode(response).toString())).toEqual(response);
});

test('an answer of exactly the limit is sent as it is, one byte more is cut', () => {
  const frame = encode({ ...ids, Status: 'FAILED', Reason: '' }).length;
  const reasonOf = (length: number) => JSON.parse(encode({ ...ids, Status: 'FAILED', Reason: 'x'.repeat(length) }).toString()).Reason as string;
  expect(reasonOf(RESPONSE_LIMIT - frame)).toBe('x'.repeat(RESPONSE_LIMIT - frame));
  expect(reasonOf(RESPONSE_LIMIT - frame + 1)).toBe(`${'x'.repeat(RESPONSE_LIMIT - frame - 3)}...`);
});

test('whatever the reason, the answer fits, is JSON and begins like the reason', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 6000, size: 'max' }), reason => {
    const bytes = encode({ ...ids, Status: 'FAILED', Reason: reason });
    expect(bytes.length).toBeLessThanOrEqual(RESPONSE_LIMIT);
    const { Reason, ...rest } = JSON.parse(bytes.toString()) as Response;
    expect(rest).toEqual({ ...ids, Status: 'FAILED' });
    if (Reason !== reason) {
      expect(reason.startsWith(Reason!.slice(0, -3))).toBe(true);
      expect(bytes.length).toBeGreaterThan(RESPONSE_LIMIT - 16); // nothing is cut that would have fitted
    }
  }), { numRuns: 200 });
});

test('data too large makes a failure that says how large', () => {
  const response: Response = { ...ids, Status: 'SUCCESS', Data: { StatusMessage: 'x'.repeat(RESPONSE_LIMIT) } };
  const size = JSON.stringify(response).length;
  expect(JSON.parse(encode(response).toString())).toEqual({
    ...ids, Status: 'FAILED', Reason: `the answer has ${size} bytes, CloudFormation takes ${RESPONSE_LIMIT}; ask for fewer fields`,
  });
});

test('a physical id is as long as CloudFormation takes it', () => {
  const idOf = (PhysicalResourceId: string) => (JSON.parse(encode({ ...ids, Status: 'SUCCESS', PhysicalResourceId }).toString()) as Response).PhysicalResourceId;
  expect(idOf('x'.repeat(1024))).toBe('x'.repeat(1024));
  expect(idOf('x'.repeat(1025))).toBe('x'.repeat(1024));
  expect(idOf('\u00e4'.repeat(1000))).toBe('\u00e4'.repeat(512));
  expect(idOf('\u{1f680}'.repeat(1000))).toBe('\u{1f680}'.repeat(256));
});

test('whatever the ids of an event are, the answer fits and its reason can be read', () => {
  const long = fc.oneof(fc.string({ unit: 'binary', maxLength: 6000, size: 'max' }), fc.constantFrom('\0'.repeat(5000), '\u{1f680}'.repeat(5000)));
  fc.assert(fc.property(fc.record({ PhysicalResourceId: long, StackId: long, RequestId: long, LogicalResourceId: long }), hostile => {
    for (const answer of [{ Status: 'FAILED' as const, Reason: 'why\n'.repeat(2_000) }, { Status: 'SUCCESS' as const, Data: { Status: 'x'.repeat(5_000) } }]) {
      const bytes = encode({ ...hostile, ...answer });
      expect(bytes.length).toBeLessThanOrEqual(RESPONSE_LIMIT);
      expect((JSON.parse(bytes.toString()) as Response).Reason).toMatch(/^(why\nwhy|the answer has \d+ bytes, CloudFormation takes 4096)/);
    }
  }), { numRuns: 30 });
});
