/*
 * Amounts of money as the service writes them: decimal strings. They are compared as integers, never as floating point numbers,
 * which would make 0.1 + 0.2 more than 0.3.
 */

/** A decimal number that is not negative: `digits` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** An amount in a currency. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: string;
  /** As it was written. */
  readonly text: string;
}

/** Longer than any fee, and short enough to be computed with. */
const LONGEST = 40;

/** Reads `120000` or `120000.00`. Anything else is no amount: signs, exponents, separators, blanks, more than 40 characters. */
export function decimal(text: string | undefined): Decimal | undefined {
  if (text === undefined || text.length > LONGEST) { return undefined; }
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** Reads an amount with its currency. `undefined`: it isn't one, or says no currency. */
export function money(text: string | undefined, currency: string | undefined): Money | undefined {
  const amount = decimal(text);
  return amount && currency ? { amount, currency, text: `${text} ${currency}` } : undefined;
}

/** Negative: `a` is less; positive: `a` is more. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  return compareIntegers(a.digits * power(b.scale), b.digits * power(a.scale));
}

/** Compares `a / aUnits` with `b / bUnits` without dividing. Both units are above zero. */
export function compareRates(a: Decimal, aUnits: bigint, b: Decimal, bUnits: bigint): number {
  return compareIntegers(a.digits * power(b.scale) * bUnits, b.digits * power(a.scale) * aUnits);
}

/** Whether an amount is known to be within a cap: of the same currency, and not more. */
export function withinCap(fee: Money | undefined, cap: Money): boolean {
  return fee?.currency === cap.currency && compareDecimals(fee.amount, cap.amount) <= 0;
}

function power(scale: number): bigint {
  return 10n ** BigInt(scale);
}

function compareIntegers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
