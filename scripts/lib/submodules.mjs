import { readFileSync } from 'node:fs';

/** All submodules: { folder, namespace, rules, ... }, as projenrc/submodules.ts explains them. */
export const SUBMODULES = JSON.parse(readFileSync(new URL('../../projenrc/submodule-list.json', import.meta.url), 'utf8'));
