import { fits } from './contracts/forms';
import { isConcrete, type Finding, type Problems } from './problems';
import type { Rule } from './rule';

/** Holds a value that is known to the form of a rule. */
export function checkForm(
  problems: Problems, rule: Rule, property: string, value: string | number | undefined, more: Partial<Finding> = {},
): void {
  if (isConcrete(value) && !fits(rule.form!, value)) { problems.add(rule, { property, got: value, ...more }); }
}

/** The form of an entry of a list or a map, for each of them. */
export function checkForms(problems: Problems, rule: Rule, property: string, values: readonly string[] | undefined): void {
  if (!isConcrete(values)) { return; }
  values.forEach((value, index) => checkForm(problems, rule, `${property}[${index}]`, value));
}
