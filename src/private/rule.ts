import type { Form } from './contracts/forms';

/**
 * What happens when a rule is broken.
 *
 * - `error`: the construct throws, before it creates anything, or the app fails validation.
 * - `warning`: synthesis goes on and prints advice that can be acknowledged by its id.
 */
export type Severity = 'error' | 'warning';

/** The text of a rule, as it is written down in a submodule's `private/rules.ts`. */
export interface RuleText {
  readonly severity: Severity;
  /** What must hold, worded to follow the name of the property: "must not be above the maximum". */
  readonly rule: string;
  /** What the reader should do, in the imperative. */
  readonly fix: string;
  /** Why the rule exists: what AWS does to those who break it. */
  readonly why: string;
  /** Where the rule comes from: an AWS page or a service model. */
  readonly source: string;
  /** The form that values must have, where that is all of the rule: `checkForm` holds them to it. */
  readonly form?: Form;
}

/** A rule with its stable id. Ids are public: people acknowledge warnings by them. */
export interface Rule extends RuleText {
  readonly id: string;
}

/** Names every rule of a submodule after its key: `pcs` and `scalingMinAboveMax` make `pcs.scalingMinAboveMax`. */
export function defineRules<K extends string>(module: string, texts: Record<K, RuleText>): Record<K, Rule> {
  const rules = {} as Record<K, Rule>;
  for (const key of Object.keys(texts) as K[]) {
    rules[key] = { id: `${module}.${key}`, ...texts[key] };
  }
  return rules;
}
