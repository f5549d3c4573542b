import { RULES as CAPACITY_BLOCKS } from '../../src/capacity-blocks/private/rules';
import { RULES as HYPERPOD } from '../../src/hyperpod/private/rules';
import { RULES as PCS } from '../../src/pcs/private/rules';
import { RULES as HANDLERS } from '../../src/private/handlers/rules';
import { RULES as VALUES } from '../../src/private/inputs/rules';
import type { Rule } from '../../src/private/rule';
import { RULES as TRAINING_PLANS } from '../../src/training-plans/private/rules';

/**
 * Every rule of the library, by submodule: what docs/rules.md is made of. Its script bundles this file, so that imports have to be in it;
 * `catalogue.test.ts` holds it to the list of submodules.
 */
export const SUBMODULES: readonly { readonly title: string; readonly rules: Record<string, Rule> }[] = [
  { title: 'pcs', rules: PCS },
  { title: 'hyperpod', rules: HYPERPOD },
  { title: 'training_plans', rules: TRAINING_PLANS },
  { title: 'capacity_blocks', rules: CAPACITY_BLOCKS },
  { title: 'Handlers', rules: HANDLERS },
  { title: 'Types of values', rules: VALUES },
];
