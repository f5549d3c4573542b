import { HandlerError } from '../../../lambda/shared/errors';
import { feeText, reason, withoutStack, type MoneyState } from '../../../lambda/spending/reason';
import { sdkError } from '../training-plans/purchase/world';

test('an error of ours is told as it is, another one with its code and first line', () => {
  expect(reason(new HandlerError('X', 'why; what to do'), { kind: 'none' }, 'arn')).toBe('NOTHING BOUGHT: why; what to do');
  expect(reason(sdkError('X', 500, 'why\nsecret'), { kind: 'bought', fee: '1 USD' }, 'arn')).toBe('PLAN BOUGHT AND KEPT: arn, 1 USD; X: why');
});

test.each(['a', '"', '\u0001', 'ä', '🙂'])('what is made of %j keeps room for the rest of the answer, and for its own beginning', character => {
  const text = reason(new HandlerError('X', character.repeat(10_000)), { kind: 'unknown', fee: '1 USD', record: '/r' }, 'arn');
  expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(2_000);
  expect(Buffer.byteLength(JSON.stringify(text))).toBeGreaterThan(1_980);
  expect(text).toMatch(/^OUTCOME UNKNOWN: arn may have been bought for 1 USD; .*\.\.\.$/u);
});

test('a stack is one line: the framework puts it into the reason', () => {
  expect(withoutStack('a').stack).toBe('Error: a');
});

test.each([
  [{ UpfrontFee: '1.00', CurrencyCode: 'USD' }, '1.00 USD'],
  [{ UpfrontFee: '1.00' }, '1.00'],
  [{ CurrencyCode: 'USD' }, 'a fee that is not known'],
])('a plan with %j costs %s', (plan, fee) => {
  expect(feeText(plan)).toBe(fee);
});

const size = (text: string) => Buffer.byteLength(JSON.stringify(text));

const told = (message: string) => reason(new HandlerError('X', message), { kind: 'none' }, 'arn');

test.each<[MoneyState, string]>([
  [{ kind: 'none' }, 'NOTHING BOUGHT: why'],
  [{ kind: 'exists', fee: '1 USD' }, 'NOTHING BOUGHT BY THIS DEPLOYMENT: arn is there, 1 USD; why'],
  [{ kind: 'unknown', fee: '1 USD', record: '/r/1' }, 'OUTCOME UNKNOWN: arn may have been bought for 1 USD; it is not requested again (ledger: SSM parameter /r/1); why'],
  [{ kind: 'bought', fee: '1 USD' }, 'PLAN BOUGHT AND KEPT: arn, 1 USD; why'],
])('what happened to the money comes first: %j', (state, text) => {
  expect(reason(new HandlerError('X', 'why'), state, 'arn')).toBe(text);
});

test('a text is cut only where it is too long, and then to the last byte', () => {
  const room = 2_000 - size(told(''));
  expect(told('a'.repeat(room))).toBe(`NOTHING BOUGHT: ${'a'.repeat(room)}`);
  expect(told('a'.repeat(room + 1))).toBe(`NOTHING BOUGHT: ${'a'.repeat(room - 3)}...`);
});
