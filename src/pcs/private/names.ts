import { isConcrete, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';

/** Refuses a name that another member of the cluster has. */
export function checkNameIsFree(
  problems: Problems, rule: Rule, property: string, name: string | undefined, others: readonly { readonly name?: string }[],
): void {
  if (isConcrete(name) && others.some(other => other.name === name)) {
    problems.add(rule, { property, got: name });
  }
}
