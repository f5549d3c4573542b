import { isConcrete, type Problems } from './problems';
import type { Rule } from './rule';

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970, or `undefined` for what isn't an instant: a date alone, a time without a zone, the 30th of February. */
export function instantOf(text: string): number | undefined {
  const [year, month, day] = INSTANT.exec(text)?.slice(1, 4).map(Number) ?? [];
  if (year === undefined || new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) { return undefined; }
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Checks an instant, and gives it in milliseconds where it is one and known. */
export function checkInstant(problems: Problems, rule: Rule, property: string, text: string | undefined): number | undefined {
  if (!isConcrete(text)) { return undefined; }
  const instant = instantOf(text);
  if (instant === undefined) { problems.add(rule, { property, got: text }); }
  return instant;
}

/** An instant as handlers take it: in UTC, with seconds. What is known only at deployment goes as it is. */
export function toUtc(text: string | undefined): string | undefined {
  const instant = isConcrete(text) ? instantOf(text) : undefined;
  return instant === undefined ? text : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
