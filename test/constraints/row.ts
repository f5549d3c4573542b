import type { RULES as HYPERPOD } from '../../src/hyperpod/private/rules';
import type { RULES as PCS } from '../../src/pcs/private/rules';
import type { RULES as TRAINING_PLANS } from '../../src/training-plans/private/rules';

/** The id of a rule that exists: the type checker knows all of them. */
export type RuleId = `pcs.${keyof typeof PCS}` | `hyperpod.${keyof typeof HYPERPOD}` | `trainingPlans.${keyof typeof TRAINING_PLANS}`;

/** What is made of a constraint. */
export type Verdict =
  /** A rule holds values to it. */
  | { readonly kind: 'checked'; readonly rules: readonly RuleId[]; readonly note?: string }
  /** No value that breaks it can be written, or only through `of()`. */
  | { readonly kind: 'typed'; readonly by: string }
  /** Nobody checks it, and why. */
  | { readonly kind: 'listed'; readonly why: string };

/** The kinds of constraints, under the names that the extract has. */
export type Kind = 'pattern' | 'length' | 'enum' | 'integer' | 'range' | 'multiple' | 'size' | 'unique' | 'required' | 'combination';

/** What is made of some constraints: the first row that is about a constraint decides. */
export interface Row {
  /** Operations and resource types. */
  readonly sources: readonly string[];
  /** Paths, without regard to capitals: `*` stands for any part of a name, `**` for anything. */
  readonly paths: readonly string[];
  /** Left out: all. */
  readonly kinds?: readonly Kind[];
  readonly verdict: Verdict;
}

export const checked = (rules: RuleId | readonly RuleId[], note?: string): Verdict => ({ kind: 'checked', rules: typeof rules === 'string' ? [rules] : rules, note });
export const typed = (by: string): Verdict => ({ kind: 'typed', by });
export const listed = (why: string): Verdict => ({ kind: 'listed', why });

/** Rows of some sources, each: paths with blanks between them, kinds or `*`, and the verdict. */
export function rows(sources: readonly string[], list: readonly (readonly [paths: string, kinds: string, verdict: Verdict])[]): Row[] {
  return list.map(([paths, kinds, verdict]) => ({
    sources, paths: paths.split(' '), kinds: kinds === '*' ? undefined : kinds.split(' ') as Kind[], verdict,
  }));
}

/** Whether a path is one that a row is about. */
export function matches(pattern: string, path: string): boolean {
  const source = pattern.replace(/[.[\]{}$^()|\\+?]/g, '\\$&').replace(/\*+/g, stars => stars.length > 1 ? '.*' : '[^.]*');
  return new RegExp(`^${source}$`, 'i').test(path);
}
