/*
 * Tables that are one text, of a line for each name: V8 loads a long text at a fraction of what an object of many members takes it,
 * and only lines that are asked for are ever read.
 */

/** What stands on the line of a name, after it. Undefined for names that the table doesn't have. */
export function lineOf(table: string, name: string): string | undefined {
  const start = /\s/.test(name) ? -1 : table.indexOf(`\n${name} `);
  return start < 0 ? undefined : table.slice(start + name.length + 2, table.indexOf('\n', start + 1));
}
