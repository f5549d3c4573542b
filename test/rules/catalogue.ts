import { join } from 'path';
import { RULES as HANDLERS } from '../../src/private/handlers/rules';
import { RULES as VALUES } from '../../src/private/inputs/rules';
import type { Rule } from '../../src/private/rule';
import { SUBMODULES as LIST } from '../submodules';

interface Catalogue {
  readonly title: string;
  readonly rules: Record<string, Rule>;
}

/** Every rule of the library, by submodule: what docs/rules.md is made of. */
export const SUBMODULES: readonly Catalogue[] = [
  ...LIST.map(({ folder, namespace }) => ({ title: namespace, rules: rulesOf(folder) })),
  { title: 'Handlers', rules: HANDLERS },
  { title: 'Types of values', rules: VALUES },
];

function rulesOf(folder: string): Record<string, Rule> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(join(__dirname, '..', '..', 'src', folder, 'private', 'rules')) as { readonly RULES: Record<string, Rule> }).RULES;
}
