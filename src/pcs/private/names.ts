import { isConcrete, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';

const NAME = /^(?!pcs_)[A-Za-z][A-Za-z0-9-]+$/;

/** Refuses a name that another member of the cluster has. */
export function checkNameIsFree(
  problems: Problems, rule: Rule, property: string, name: string | undefined, others: readonly { readonly name?: string }[],
): void {
  if (isConcrete(name) && others.some(other => other.name === name)) {
    problems.add(rule, { property, got: name });
  }
}

/** Holds what names a cluster or node group, its name or its id, to what the service takes. */
export function checkIdentifier(problems: Problems, rule: Rule, property: string, identifier: string, maxLength: number): void {
  if (isConcrete(identifier) && /^pcs_[A-Za-z0-9]+$/.test(identifier)) { return; }
  checkName(problems, rule, property, identifier, maxLength);
}

/** Holds a name to the pattern that clusters, node groups and queues share. */
export function checkName(problems: Problems, rule: Rule, property: string, name: string | undefined, maxLength: number): void {
  if (isConcrete(name) && !(NAME.test(name) && name.length >= 3 && name.length <= maxLength)) {
    problems.add(rule, { property, got: name });
  }
}
