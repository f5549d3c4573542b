import SUBMODULES from '../projenrc/submodule-list.json';

export { SUBMODULES };

/** What stands before the name of a type of a folder of src/: `pcs.`, and nothing for what the library exports itself. */
export function prefixOf(file: string): string {
  const submodule = SUBMODULES.find(({ folder }) => file.startsWith(`${folder}/`));
  return submodule ? `${submodule.namespace}.` : '';
}
