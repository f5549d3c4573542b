import { compareDecimals, money, type Money } from './money';
import type { SpendingLimit } from '../../src/private/contracts/spending-limits';
import { HandlerError } from '../shared/errors';

/** The limit of a plan, or of an extension, as the function itself is configured. */
export type LimitOf = (key: string) => SpendingLimit | undefined;

/** What an event asks for. */
export interface Wanted {
  readonly cap: Money;
  readonly attempt: number;
  readonly type?: string;
  readonly count?: number;
}

/** Fails where an event asks for more than the function may spend: the template would have made both. */
export function mustBeWithin(limit: SpendingLimit | undefined, key: string, { cap, attempt, type, count }: Wanted): void {
  if (!limit) { throw notAllowed(`nothing for ${key}`); }
  const most = money(limit.amount, limit.currency);
  if (most?.currency !== cap.currency || compareDecimals(cap.amount, most.amount) > 0) {
    throw notAllowed(`${limit.amount} ${limit.currency} at most for ${key}, not ${cap.text}`);
  }
  if (!(attempt <= limit.attempts)) { throw notAllowed(`${limit.attempts} attempts for ${key}, not ${attempt}`); }
  if (limit.type !== undefined && limit.type !== type) { throw notAllowed(`${limit.type} for ${key}, not ${type}`); }
  if (limit.count !== undefined && limit.count !== count) { throw notAllowed(`${limit.count} of them for ${key}, not ${count}`); }
}

function notAllowed(what: string): HandlerError {
  return new HandlerError('NotAllowed', `the event asks for more than the function is configured to spend: ${what}`);
}
