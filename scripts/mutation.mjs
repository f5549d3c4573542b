// `npm run mutation -- <set> [file...]`: mutates the files of a set (stryker.conf.mjs), or some of them, and rewrites their part of
// docs/mutation.md. `npm run mutation -- --report` writes it from the reports that are there. Minutes per file: not for CI.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETS, reportOf } from '../stryker.conf.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs', 'mutation.md');
/* Survivors that no test can notice, with the reason: [{ file, in: the line, of: the original, to: the replacement, why }]. */
const equivalents = JSON.parse(readFileSync(join(root, 'test', 'mutation', 'equivalent.json'), 'utf8'));

const [set, ...names] = process.argv.slice(2);
const units = set === '--report' ? Object.values(SETS).flat() : SETS[set];
if (!units) {
  console.error(`Usage: npm run mutation -- <${Object.keys(SETS).join(' | ')}> [file...]`);
  process.exit(1);
}

for (const { file } of units) {
  if (names.length > 0 && !names.includes(basename(file, '.ts'))) { continue; }
  const path = join(root, reportOf(file));
  if (set !== '--report') {
    rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true });
    const { status } = spawnSync('npx', ['stryker', 'run', 'stryker.conf.mjs'], { cwd: root, stdio: 'inherit', env: { ...process.env, MUTATION_FILE: file } });
    if (status !== 0) { process.exit(1); }
  }
  if (existsSync(path)) { writeFileSync(page, render({ ...parts(), [file]: part(file, JSON.parse(readFileSync(path, 'utf8'))) })); }
}

/** What the page says of each file: a row of the table, and a list of survivors. */
function parts() {
  if (!existsSync(page)) { return {}; }
  const text = readFileSync(page, 'utf8');
  const lists = new Map([...text.matchAll(/^<summary><code>(.+?)<\/code>.*<\/summary>\n\n([^]*?)\n\n<\/details>$/gm)].map(([, file, list]) => [file, list]));
  return Object.fromEntries([...text.matchAll(/^\| `(.+?)` \|.*\|$/gm)].map(([row, file]) => [file, { row, list: lists.get(file) }]));
}

function part(file, report) {
  const [{ mutants, source }] = Object.values(report.files);
  const lines = source.split('\n');
  const judged = mutants.filter(({ status }) => status !== 'Ignored');
  const left = judged.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(mutant => survivor(file, lines, mutant));
  const noticed = judged.length - left.length;
  const known = left.filter(({ why }) => why).length;
  const slow = judged.filter(({ status }) => status === 'Timeout').length;
  return {
    row: `| \`${file}\` | ${judged.length} | ${noticed} | ${slow} | ${left.length - known} | ${known} | ${(100 * noticed / judged.length).toFixed(1)} % |`,
    list: left.map(({ text, why }) => `- ${text}${why ? `: ${why}` : ''}`).join('\n') || undefined,
  };
}

function survivor(file, lines, { location: { start, end }, replacement }) {
  const line = lines[start.line - 1];
  const original = start.line === end.line ? line.slice(start.column - 1, end.column - 1) : `${line.slice(start.column - 1)} …`;
  const to = replacement.split('\n').map(each => each.trim()).join(' ');
  const known = equivalents.find(each => each.file === file && line.trim() === each.in && each.to === to && each.of === original);
  return { text: `${code(original)} → ${code(to)} in ${code(line.trim())}`, why: known?.why };
}

function code(text) {
  const ticks = text.includes('`') ? '``' : '`';
  return ticks === '`' ? `\`${text}\`` : `\`\` ${text} \`\``;
}

function render(found) {
  const files = Object.values(SETS).flat().map(({ file }) => file).filter(file => file in found);
  return [
    '# Mutation tests',
    '',
    'Each mutant is the code with one small fault in it; it is noticed when a test fails. Written by `npm run mutation -- <set> [file...]`',
    '([Stryker](https://stryker-mutator.io/)), which runs on demand. Each file is judged by the tests that `stryker.conf.mjs` names beside it,',
    'mostly those of its own name: what only other tests would notice counts as survived. Text of messages and logs is mutated too.',
    '',
    '| file | mutants | noticed | of these by a test that did not end | survived | survived, and equal to the code | score |',
    '|---|---|---|---|---|---|---|',
    ...files.map(file => found[file].row),
    '',
    '## Survivors',
    '',
    'Each as the original, what it was replaced with, and the line; where a reason follows, no test can tell the two apart.',
    '',
    ...files.filter(file => found[file].list).flatMap(file => [
      '<details>',
      `<summary><code>${file}</code>: ${found[file].list.split('\n').length}</summary>`,
      '',
      found[file].list,
      '',
      '</details>',
      '',
    ]),
  ].join('\n');
}
