import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const WORKFLOWS = join(ROOT, '.github', 'workflows');
const FILES = readdirSync(WORKFLOWS).filter(file => /\.ya?ml$/.test(file));
const USES = FILES.flatMap(file => readFileSync(join(WORKFLOWS, file), 'utf8').split('\n')
  .map(line => /^\s*-?\s*uses:\s*(\S+)/.exec(line)?.[1])
  .filter(used => used !== undefined)
  .map(used => [file, used] as const));

test('there are actions', () => {
  expect(USES.length).toBeGreaterThan(20);
});

test.each(USES)('%s: %s is a commit, which nobody can move', (_file, used) => {
  expect(used).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/);
});

test('every workflow says what its token may do', () => {
  const silent = FILES.filter(file => !/^permissions:|^ {4}permissions:/m.test(readFileSync(join(WORKFLOWS, file), 'utf8')));
  expect(silent).toEqual([]);
});

test('what is installed is in a lock file', () => {
  expect(existsSync(join(ROOT, 'package-lock.json'))).toBe(true);
});
