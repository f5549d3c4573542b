/*
 * Shows that a change moved code, and changed nothing that users see. For two commits it compares API.md, byte by byte; the jsii assembly,
 * without what says where a type stands in the sources; the templates of all examples, byte by byte, without the hashes of code.
 *
 *   node scripts/moved.mjs main          HEAD against main
 *   node scripts/moved.mjs main~3 main   one commit against another
 *
 * Each commit is built once, in a worktree of its own with the packages that are installed here: a minute or two for each.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstDifference } from './lib/first-difference.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, 'node_modules', '.cache', 'moved');
const PLACES = new Set(['locationInModule', 'symbolId', 'fingerprint']);

/* Runs in the worktree, with the helpers of that commit. */
const SYNTHESIZE = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  import { ofEachExample, synthesize } from './scripts/lib/examples.mjs';
  mkdirSync('.moved');
  for (const { name, stacks } of await ofEachExample(name => synthesize(name))) {
    for (const stack of stacks) { writeFileSync('.moved/' + name + '.' + stack.name + '.json', stack.text); }
  }
`;

const [before, after = 'HEAD'] = process.argv.slice(2);
if (!before) {
  console.error('Usage: npm run moved -- <commit> [commit]');
  process.exit(1);
}
const [old, now] = [built(before), built(after)];
const differences = [
  ...compare('API.md', read(old, 'API.md'), read(now, 'API.md')),
  ...compare('the assembly', assembly(old), assembly(now)),
  ...templates([old, now]).flatMap(name => compare(name, template(old, name), template(now, name))),
];
const count = templates([now]).length;
console.log(differences.length === 0 ? `API.md, the assembly and ${count} templates of examples are the same` : differences.join('\n\n'));
if (differences.length > 0) { process.exitCode = 1; }

/** The folder with what a commit makes: API.md, .jsii, templates/. */
function built(name) {
  const commit = execFileSync('git', ['rev-parse', '--verify', `${name}^{commit}`], { cwd: root, encoding: 'utf8' }).trim();
  const kept = join(cache, commit);
  if (existsSync(kept)) { return kept; }
  const folder = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-moved-'));
  const worktree = join(folder, 'cdk-hpc-clusters');
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', worktree, commit], { cwd: root });
  try {
    symlinkSync(join(root, 'node_modules'), join(worktree, 'node_modules'));
    const run = (command, ...args) => execFileSync(command, args, { cwd: worktree, stdio: ['ignore', 'inherit', 'inherit'] });
    console.log(`building ${name}, ${commit.slice(0, 10)}`);
    run('node', 'scripts/bundle.mjs');
    run('npx', 'jsii', '--silence-warnings=reserved-word');
    run('node', 'scripts/lazy.mjs');
    run('npx', 'jsii-docgen', '-o', 'API.md');
    run('node', '--input-type=module', '--eval', SYNTHESIZE);
    const made = join(folder, 'made');
    mkdirSync(made);
    for (const [from, to] of [['API.md', 'API.md'], ['.jsii', '.jsii'], ['.moved', 'templates']]) { renameSync(join(worktree, from), join(made, to)); }
    mkdirSync(cache, { recursive: true });
    execFileSync('cp', ['-r', made, kept]);
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', worktree], { cwd: root });
    rmSync(folder, { recursive: true, force: true });
  }
  return kept;
}

function read(folder, name) {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
}

/** The assembly with sorted keys, since types stand in it in the order of files. */
function assembly(folder) {
  const sorted = value => Array.isArray(value) ? value.map(sorted)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.keys(value).filter(key => !PLACES.has(key)).sort().map(key => [key, sorted(value[key])]))
      : value;
  return JSON.stringify(sorted(JSON.parse(read(folder, '.jsii'))), undefined, 1);
}

function templates(folders) {
  return [...new Set(folders.flatMap(folder => readdirSync(join(folder, 'templates'))))].sort();
}

/** As in test/examples/snapshots: without the hashes of code, and without what the CDK reports of itself, which names versions. */
function template(folder, name) {
  const text = read(folder, join('templates', name));
  if (text === '') { return text; }
  const { Resources: { CDKMetadata: _, ...Resources }, ...rest } = JSON.parse(text);
  return JSON.stringify({ ...rest, Resources }, undefined, 1).replace(/\b[0-9a-f]{64}\b/g, '<asset>');
}

function compare(name, old, now) {
  return old === now ? [] : [`${name} differs in ${firstDifference(old, now)}`];
}
