import { money } from '../../../lambda/spending/money';

test('an amount is told as it was written', () => {
  expect(money('0120.50', 'USD')).toEqual({ amount: { digits: 12050n, scale: 2 }, currency: 'USD', text: '0120.50 USD' });
});
