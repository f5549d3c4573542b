import { defineRules } from '../rule';

const DECISION = 'cdk-hpc-clusters decisions/0020';

/** The rules about the types of what is given: those that the compiler checks, for programs that it doesn't see. */
export const RULES = defineRules('values', {
  type: {
    severity: 'error',
    rule: 'must be a value of its type',
    fix: 'give a value of that type',
    why: 'plain values, functions that weren\'t called and values of other classes would be rendered as something else, or not at all',
    source: DECISION,
  },
  missing: {
    severity: 'error',
    rule: 'must be given',
    fix: 'give it',
    why: 'it is required; a constant that this release doesn\'t have is `undefined`, too',
    source: DECISION,
  },
  unknownProperty: {
    severity: 'warning',
    rule: 'is no property here, and has no effect',
    fix: 'correct its name',
    why: 'its name is close to that of a property which isn\'t given',
    source: DECISION,
  },
});
