import { compactInstant } from './instants';

/*
 * What a function that spends is configured with: its limits, in its environment. Whoever may invoke the function writes the event, so
 * the limit in the event is no limit; the configuration is written by the template.
 */

/** The variable in the environment of the function. */
export const LIMITS_VARIABLE = 'SPENDING_LIMITS';

/** What one purchase or extension may cost and be. */
export interface SpendingLimit {
  /** The cap: a decimal number and a currency. */
  readonly amount: string;
  readonly currency: string;
  /** The highest number of an attempt. */
  readonly attempts: number;
  /** Of what is bought, where synthesis knows them. */
  readonly type?: string;
  readonly count?: number;
}

/** Limits by what they are for: `planLimitKey` or `extensionLimitKey`. */
export type SpendingLimits = ReadonlyMap<string, SpendingLimit>;

/** The key of a plan. */
export function planLimitKey(name: string): string {
  return name;
}

/** The key of an extension, whose end is in ISO 8601 in UTC. */
export function extensionLimitKey(name: string, extendTo: string): string {
  return `${name}/${compactInstant(Date.parse(extendTo))}`;
}

/** Renders limits without a quote, since Lambda counts the bytes of the environment as JSON. */
export function renderLimits(limits: SpendingLimits): string {
  return [...limits.keys()].sort().map(key => {
    const { amount, currency, attempts, type = '', count = '' } = limits.get(key)!;
    return [key, amount, currency, attempts, type, count].map(part => encodeURIComponent(part)).join(',');
  }).join(';');
}

/** Reads rendered limits. What isn't there allows nothing. */
export function parseLimits(text = ''): SpendingLimits {
  return new Map(text.split(';').filter(entry => entry !== '').map(entry => {
    const [key, amount = '', currency = '', attempts = '', type = '', count = ''] = entry.split(',').map(part => decodeURIComponent(part));
    const limit = { amount, currency, attempts: Number(attempts) };
    return [key, { ...limit, ...type !== '' && { type }, ...count !== '' && { count: Number(count) } }] as const;
  }));
}
