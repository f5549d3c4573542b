import { mustBeWithin, type Wanted } from '../../../lambda/spending/limits';
import { money } from '../../../lambda/spending/money';

const LIMIT = { amount: '1000.00', currency: 'USD', attempts: 2, type: 'ml.p5.48xlarge', count: 4 };
const WANTED: Wanted = { cap: money('1000', 'USD')!, attempt: 2, type: 'ml.p5.48xlarge', count: 4 };

test.each<[string, object, Partial<Wanted>]>([
  ['all that is allowed', LIMIT, {}],
  ['less', LIMIT, { cap: money('999.99', 'USD')!, attempt: 1 }],
  ['any type and count where synthesis knew none', { ...LIMIT, type: undefined, count: undefined }, { type: 'ml.p4d.24xlarge', count: 64 }],
])('%s may be asked for', (_what, limit, changes) => {
  expect(() => mustBeWithin(limit as typeof LIMIT, 'llm', { ...WANTED, ...changes })).not.toThrow();
});

test.each<[string, typeof LIMIT | undefined, Partial<Wanted>, string]>([
  ['what nobody has allowed', undefined, {}, 'nothing for llm'],
  ['a cent more', LIMIT, { cap: money('1000.01', 'USD')! }, '1000.00 USD at most for llm, not 1000.01 USD'],
  ['another currency', LIMIT, { cap: money('1', 'EUR')! }, '1000.00 USD at most for llm, not 1 EUR'],
  ['anything, where the limit is no amount', { ...LIMIT, amount: 'much' }, {}, 'much USD at most for llm, not 1000 USD'],
  ['one more attempt', LIMIT, { attempt: 3 }, '2 attempts for llm, not 3'],
  ['an attempt that is no number', LIMIT, { attempt: NaN }, '2 attempts for llm, not NaN'],
  ['another type', LIMIT, { type: 'ml.p5e.48xlarge' }, 'ml.p5.48xlarge for llm, not ml.p5e.48xlarge'],
  ['another count', LIMIT, { count: 5 }, '4 of them for llm, not 5'],
])('%s is refused', (_what, limit, changes, text) => {
  expect(() => mustBeWithin(limit, 'llm', { ...WANTED, ...changes })).toThrow(expect.objectContaining({
    code: 'NotAllowed', message: `the event asks for more than the function is configured to spend: ${text}`,
  }));
});
