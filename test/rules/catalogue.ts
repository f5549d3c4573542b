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

/** Both Jest and the bundler of scripts find the files by this template. */
function rulesOf(folder: string): Record<string, Rule> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(`../../src/${folder}/private/rules.ts`) as { readonly RULES: Record<string, Rule> }).RULES;
}
