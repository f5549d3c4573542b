import { checkInstant as check } from '../../../private/instants';
import type { Problems } from '../../../private/problems';
import { RULES } from '../rules';

export { instantOf, toUtc } from '../../../private/instants';

/** Checks an instant, and gives it in milliseconds where it is one and known. */
export function checkInstant(problems: Problems, property: string, text: string | undefined): number | undefined {
  return check(problems, RULES.instantInvalid, property, text);
}
