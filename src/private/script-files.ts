import { closeSync, existsSync, openSync, readSync, statSync } from 'fs';

/** The first line of a script is all that decides who runs it. */
const HEAD = 256;

/** What keeps a file from being run as a script on Linux. Archives and programs are run otherwise. */
export type ScriptFault = 'lines' | 'interpreter';

/** What is wrong with the beginning of a script file, or undefined where nothing is, or where it isn't a file with text. */
export function faultOfScript(path: string): ScriptFault | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) { return undefined; }
  const buffer = Buffer.alloc(HEAD);
  const file = openSync(path, 'r');
  let head: string;
  try {
    head = buffer.toString('latin1', 0, readSync(file, buffer, 0, HEAD, 0));
  } finally {
    closeSync(file);
  }
  if (head.includes('\0') || /^\x7fELF|^PK\x03\x04|^\x1f\x8b/.test(head)) { return undefined; }
  if (!head.startsWith('#!')) { return 'interpreter'; }
  return head.split('\n')[0].endsWith('\r') ? 'lines' : undefined;
}
