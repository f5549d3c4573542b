import { compactInstant, instantOfCompact } from '../../../src/private/contracts/instants';
import { extensionLimitKey } from '../../../src/private/contracts/spending-limits';

test('an instant goes into ids without signs between its digits, and comes back', () => {
  const instant = Date.parse('2027-01-29T11:30:00Z');
  expect(compactInstant(instant)).toBe('20270129T113000Z');
  expect(instantOfCompact('20270129T113000Z')).toBe(instant);
});

test('what was never written names no instant', () => {
  for (const text of ['', 'later', '20270129', '20271329T113000Z']) { expect(instantOfCompact(text)).toBeNaN(); }
});

test('the limit of an extension has the same key however its end is written', () => {
  expect(extensionLimitKey('llm', '2027-01-29T11:30:00.000Z')).toBe('llm/20270129T113000Z');
  expect(extensionLimitKey('llm', '2027-01-29T12:30:00+01:00')).toBe('llm/20270129T113000Z');
});
