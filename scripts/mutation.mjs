// `npm run mutation -- [set] [file...]`: mutates the files of a set of stryker.conf.mjs, some of them, or all, and prints what no test noticed.
// The scores also go into .mutation/scores.md, which isn't in git. Minutes per file: nightly, and on demand.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETS, reportOf } from '../stryker.conf.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const COLUMNS = ['file', 'mutants', 'noticed', 'of these by a test that did not end', 'survived', 'score'];

const [set, ...names] = process.argv.slice(2);
if (set !== undefined && !SETS[set]) {
  console.error(`Usage: npm run mutation -- [${Object.keys(SETS).join(' | ')}] [file...]`);
  process.exit(1);
}
const files = (set ? SETS[set] : Object.values(SETS).flat()).map(({ file }) => file).filter(file => names.length === 0 || names.includes(basename(file, '.ts')));
if (files.length === 0) {
  console.error(`no file of the set is called ${names.join(' or ')}`);
  process.exit(1);
}

const rows = [];
for (const file of files) {
  const path = join(root, reportOf(file));
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const { status } = spawnSync('npx', ['stryker', 'run', 'stryker.conf.mjs'], { cwd: root, stdio: 'inherit', env: { ...process.env, MUTATION_FILE: file } });
  if (status !== 0) { process.exit(1); }
  const [{ mutants, source }] = Object.values(JSON.parse(readFileSync(path, 'utf8')).files);
  const judged = mutants.filter(({ status: end }) => end !== 'Ignored');
  if (judged.length === 0) { continue; } // types alone
  const survivors = judged.filter(({ status: end }) => end === 'Survived' || end === 'NoCoverage');
  for (const { location: { start }, replacement } of survivors) {
    console.log(`${file}:${start.line}: ${source.split('\n')[start.line - 1].trim()}\n  -> ${replacement}`);
  }
  const noticed = judged.length - survivors.length;
  const slow = judged.filter(({ status: end }) => end === 'Timeout').length;
  rows.push([file, judged.length, noticed, slow, survivors.length, `${(100 * noticed / judged.length).toFixed(1)} %`]);
}
console.log(table(COLUMNS, rows, { widest: 90, total: 400 }));
const line = cells => `| ${cells.join(' | ')} |`;
writeFileSync(join(root, '.mutation', 'scores.md'), ['# Mutation tests', '', line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line), ''].join('\n'));
