import { existsSync, readFileSync, statSync } from 'fs';
import { checkForm } from '../../../private/forms';
import type { Problems } from '../../../private/problems';
import type { AccountUsers } from '../../vocabulary/account-users';
import { RULES } from '../rules';

/** The column of a CSV file that has the users. */
const COLUMN = 'user';

/** The names of users, each once. Undefined where none are given, or they can't be read. */
export function readUsers(problems: Problems, property: string, users: AccountUsers | undefined): string[] | undefined {
  const choice = users?._choice;
  if (choice === undefined) { return undefined; }
  const names = choice.kind === 'names' ? choice.userNames : readFile(problems, property, choice.path);
  if (names === undefined) { return undefined; }
  names.forEach(name => checkForm(problems, RULES.userName, property, name));
  return [...new Set(names)];
}

function readFile(problems: Problems, property: string, path: string): string[] | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) {
    problems.add(RULES.usersFile, { property, got: path });
    return undefined;
  }
  const lines = readFileSync(path, 'utf8').replace(/^\uFEFF/, '').split(/\r?\n/).filter(line => line.trim() !== '');
  if (!path.toLowerCase().endsWith('.csv')) { return lines.map(line => line.trim()).filter(line => !line.startsWith('#')); }
  const [header = [], ...rows] = lines.map(cellsOf);
  const column = header.findIndex(name => name.toLowerCase() === COLUMN);
  if (column < 0) {
    problems.add(RULES.usersColumn, { property, got: header });
    return undefined;
  }
  return rows.map(row => row[column] ?? '');
}

/** The cells of a line of CSV: what is in quotation marks may have commas, and a pair of them is one. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain.trim());
}
