import type { IConstruct } from 'constructs';
import { isOfKind, kindOf } from '../../private/kinds';
import { Problems } from '../../private/problems';
import { RULES } from './rules';

/** A property, its value or list of values, and the class that makes them. */
export type Kinded = readonly [property: string, value: unknown, kind: string];

/**
 * Refuses values that another class has made, or none: the compiler does, but not for programs in JavaScript or with casts. It comes
 * before all other checks, which read what is inside of the values.
 */
export function requireKinds(scope: IConstruct, values: readonly Kinded[]): void {
  const problems = new Problems();
  for (const [property, value, kind] of values) {
    if (Array.isArray(value)) {
      value.forEach((each, index) => requireKind(problems, `${property}[${index}]`, each, kind));
    } else {
      requireKind(problems, property, value, kind);
    }
  }
  problems.throwIfAny(scope);
}

function requireKind(problems: Problems, property: string, value: unknown, kind: string): void {
  if (value === undefined || value === null || isOfKind(value, kind)) { return; }
  problems.add(RULES.valueKind, { property, got: kindOf(value) ?? value, fix: `give a value of \`${kind}\`` });
}
