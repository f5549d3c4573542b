import fc from 'fast-check';
import { compareDecimals, compareRates, decimal, money, withinCap } from '../../../lambda/spending/money';

const usd = (text: string) => money(text, 'USD')!;

describe('an amount', () => {
  test.each(['0', '1', '120000', '120000.00', '0.1', '0000.5', '1'.repeat(40)])('is %s', text => {
    expect(decimal(text)).toBeDefined();
  });

  test.each([
    '', ' ', '1 ', '-1', '+1', '1e6', '1,000.00', '1.000,00', '.5', '5.', '1.2.3', 'NaN', 'Infinity', '0x10', '١', '$1', '1'.repeat(41), undefined,
  ])('is not %j', text => {
    expect(decimal(text)).toBeUndefined();
  });

  test.each([undefined, ''])('without a currency (%j) is no money', currency => {
    expect(money('1.00', currency)).toBeUndefined();
  });
});

test.each([
  ['120000', '120000.00', 0],
  ['120000.01', '120000.00', 1],
  ['119999.9999999999999999', '120000', -1],
  ['0.30', '0.3', 0],
  ['9', '10', -1],
  ['9007199254740993', '9007199254740992', 1],
])('%s against %s', (a, b, expected) => {
  expect(Math.sign(compareDecimals(decimal(a)!, decimal(b)!))).toBe(expected);
  expect(withinCap(usd(a), usd(b))).toBe(expected <= 0);
});

test('a fee is never within a cap of another currency, nor when it is no amount', () => {
  expect(withinCap(money('1', 'EUR'), usd('100'))).toBe(false);
  expect(withinCap(undefined, usd('100'))).toBe(false);
});

test('rates are compared without dividing', () => {
  const [a, b] = [decimal('100.00')!, decimal('200.01')!];
  expect(compareRates(a, 3n, b, 6n)).toBe(-1);
  expect(compareRates(b, 6n, a, 3n)).toBe(1);
  expect(compareRates(a, 3n, decimal('200')!, 6n)).toBe(0);
});

test('amounts are ordered as their cents are', () => {
  const cents = fc.bigInt({ min: 0n, max: 10n ** 20n });
  const written = (value: bigint) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
  fc.assert(fc.property(cents, cents, (a, b) => {
    expect(Math.sign(compareDecimals(decimal(written(a))!, decimal(written(b))!))).toBe(a < b ? -1 : a > b ? 1 : 0);
  }));
});

test('an amount is told as it was written', () => {
  expect(money('0120.50', 'USD')).toEqual({ amount: { digits: 12050n, scale: 2 }, currency: 'USD', text: '0120.50 USD' });
});
