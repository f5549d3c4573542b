import { isConcrete, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';

const NAME = /^(?!pcs_)[A-Za-z][A-Za-z0-9-]+$/;

/** Holds a name to the pattern that clusters, node groups and queues share. */
export function checkName(problems: Problems, rule: Rule, property: string, name: string | undefined, maxLength: number): void {
  if (isConcrete(name) && !(NAME.test(name) && name.length >= 3 && name.length <= maxLength)) {
    problems.add(rule, { property, got: name });
  }
}
