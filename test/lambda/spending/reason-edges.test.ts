import { HandlerError } from '../../../lambda/shared/errors';
import { reason, type MoneyState } from '../../../lambda/spending/reason';

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
