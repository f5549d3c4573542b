import * as signatures from '../../../src/private/inputs/signatures';
import * as types from '../../../src/private/inputs/types';

/* The tables of what the API takes, as objects: the library has them as texts. */

const read = (table: string): Readonly<Record<string, string>> => Object.fromEntries(table.split('\n').filter(Boolean).map(line => {
  const end = line.indexOf(' ');
  return [line.slice(0, end), line.slice(end + 1)];
}));

export const SIGNATURES = read(signatures.SIGNATURES);
export const ENUMS = read(types.ENUMS);
export const OBJECTS = read(types.OBJECTS);
export const STRUCTS = read(types.STRUCTS);
export const VALUES = read(types.VALUES);
