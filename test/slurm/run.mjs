/*
 * A real Slurm as judge: `npm run slurm [-- --required] [-- --record] [-- --templates=FOLDER]`. With `--accounting`, it is what accounting.mjs says instead.
 *
 * slurmctld, slurmd and slurmdbd of the oldest and the newest version that AWS PCS takes, from Debian's packages, run on what the examples and tests render, and
 * are asked which values of settings they take. Their answers must be those in src/pcs/private/slurm-facts.ts and outcomes.json; `--record` writes both.
 * Nothing is installed: packages are unpacked into ~/.cache/cdk-hpc-clusters/slurm and run in namespaces without a network.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeAccounting } from './accounting.mjs';
import { facts, letters } from './facts.mjs';
import { ARCHIVE, JUDGES, KEYRING, asRoot, obstacle, textOf, unpacked } from './packages.mjs';
import { exampleNames, keepTemplates, ofEachExample, shell, synthesize } from '../../scripts/lib/examples.mjs';
import { table } from '../../scripts/lib/table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const FACTS = join(root, 'src', 'pcs', 'private', 'slurm-facts.ts');
const OUTCOMES = join(here, 'outcomes.json');
const required = process.argv.includes('--required');
const record = process.argv.includes('--record');
/** Templates of the examples that were synthesized already. */
const given = process.argv.find(argument => argument.startsWith('--templates='))?.slice('--templates='.length);

function skip(what) {
  console.log(`SKIPPED: Slurm needs ${what}`);
  process.exit(required ? 1 : 0);
}

const reason = obstacle();
if (reason) { skip(reason); }

if (process.argv.includes('--accounting')) {
  const only = process.argv.find(argument => argument.startsWith('--only='))?.slice('--only='.length);
  const done = await judgeAccounting({ record, only, skip: (what, error) => { if (required) { throw error; } skip(what); } });
  process.exit(done ? 0 : 1);
}

const began = Date.now();
const seconds = since => ((Date.now() - since) / 1000).toFixed(1);
const problems = [];

console.log(`Packages from ${ARCHIVE}, signed with ${KEYRING}`);
let judges;
try {
  judges = await Promise.all(JUDGES.map(async judge => ({ ...judge, ...await unpacked(judge) })));
} catch (error) {
  if (required) { throw error; }
  skip(`the archive of Debian at ${ARCHIVE}: ${String(error.stderr ?? error.message).trim().split('\n').at(-1)}`);
}
for (const { version, suite, pinned, served, fetched } of judges) {
  console.log(`  Slurm ${version}: ${served} of Debian ${suite}${fetched ? ', fetched' : ''}${served === pinned ? '' : `; NOT the pinned ${pinned}, which the archive no longer has`}`);
  if (!served.startsWith(`${version}.`)) { problems.push(`Debian ${suite} has Slurm ${served} instead of ${version}: name another suite in packages.mjs`); }
}
console.log(`  ${seconds(began)} s`);

const synthesized = Date.now();
const work = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-slurm-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const { cases, clusters, examples, settings: numbers } = await plan();
console.log(`${cases.length} starts and ${clusters[JUDGES[0].version].length} clusters, ${examples} of them from examples; ${seconds(synthesized)} s`);

const ran = Date.now();
const outcomes = await Promise.all(judges.map(judge => runInside(judge)));
console.log(`Both versions side by side: ${seconds(ran)} s\n`);

/** What is tried: the examples are synthesized as `cdk synth` would, the rest is made by plan.ts. */
async function plan() {
  const templates = given ?? join(work, 'templates');
  const isSlurm = name => /pcs\.Cluster\(|hyperpod\.Cluster\(/.test(textOf(join(root, 'examples', 'typescript', name, 'app.ts')) ?? '');
  if (!given) { await ofEachExample(async name => keepTemplates(templates, name, (await synthesize(name)).stacks), exampleNames().filter(isSlurm)); }
  const file = join(work, 'plan.json');
  await shell(`"${process.execPath}" scripts/run-ts.mjs test/slurm/plan.ts "${templates}" "${file}"`, { cwd: root, env: process.env, what: 'plan.ts' });
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Runs all of it on one version. */
function runInside({ root: packages, version }) {
  const [plan, outcome] = ['plan', 'outcome'].map(name => join(work, `${name}-${version}.json`));
  writeFileSync(plan, JSON.stringify({ root: packages, cases, apps: clusters[version] }));
  writeFileSync(outcome, '');
  return new Promise((resolve, reject) => {
    const [program, args] = asRoot(
      'unshare', '--mount', '--pid', '--fork', '--kill-child', '--uts', '--net', '--ipc', process.execPath, join(here, 'inside.mjs'), plan, outcome,
    );
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM']) { process.once(signal, () => child.kill(signal)); }
    child.on('error', reject);
    child.on('exit', () => {
      const text = readFileSync(outcome, 'utf8');
      if (text === '') { reject(new Error(`the run of Slurm ${version} ended without a word`)); } else { resolve({ version, apps: clusters[version], ...JSON.parse(text) }); }
    });
  });
}

for (const { version, error } of outcomes) {
  if (error) { problems.push(`Slurm ${version}: ${error}`); }
}
if (problems.length === 0) { judgeAll(); }

function judgeAll() {
  /* Controls: Slurm must start where nothing is set, without a complaint. */
  for (const one of cases.filter(({ of }) => of.what === 'control')) {
    for (const { version, cases: found } of outcomes) {
      if (found[one.id].outcome !== 'takes') { problems.push(`Slurm ${version}, ${one.id}: ${found[one.id].outcome}, ${found[one.id].said.join('; ')}`); }
    }
  }
  const told = facts(cases, outcomes, problems);
  const recorded = Object.fromEntries(cases.map(one => [one.id, [letters(outcomes, one.id), ...said(one.id)]]));
  const texts = [[FACTS, told.text], [OUTCOMES, `${JSON.stringify({ versions: Object.fromEntries(judges.map(judge => [judge.version, judge.served])), outcomes: recorded }, undefined, 1)}\n`]];
  for (const [file, text] of texts) {
    if (record) { writeFileSync(file, text); } else if (textOf(file) !== text) { problems.push(`${file} isn't what Slurm says: ${firstDifference(textOf(file) ?? '', text)}; run \`npm run slurm -- --record\` and look at the difference`); }
  }

  const kinds = Object.entries(numbers).map(([kind, number]) => {
    const tried = cases.filter(({ of }) => of.what === 'value' && of.kind === kind);
    const count = wanted => tried.filter(one => wanted.includes(letters(outcomes, one.id))).length;
    return [kind, number, tried.length, count(['TT']), count(['RR']), count(['CC', 'CT', 'TC']), count(['RT', 'TR', 'RC', 'CR', '-T', '-R', '-C'])];
  });
  console.log(table(['settings of', 'settings', 'values tried', 'both take', 'both refuse', 'complaints', 'versions differ'], kinds, { total: 200 }));

  const differing = cases.filter(one => /^(.)(?!\1)/.test(letters(outcomes, one.id)));
  console.log(`\nThe versions differ:\n${table(['what', ...outcomes.map(({ version }) => version)],
    differing.map(one => [one.id, ...outcomes.map(({ cases: found }) => short(found[one.id]))]), { widest: 60, total: 260 })}`);
  const asked = cases.filter(({ of }) => of.what === 'question');
  console.log(`\nQuestions:\n${table(['what', ...outcomes.map(({ version }) => version)], asked.map(one => [one.id.replace('question: ', ''), ...outcomes.map(({ cases: found }) => short(found[one.id]))]), { widest: 60, total: 260 })}`);

  const lines = cases.filter(({ of }) => of.what === 'line');
  console.log(`\nWhat people write:\n${table(['what', ...outcomes.map(({ version }) => version), 'the library says'], lines.map(one => [one.id.replace('line: ', ''), ...outcomes.map(({ cases: found }) => short(found[one.id])), one.of.rule ?? 'nothing']), { widest: 60, total: 260 })}`);

  const lives = outcomes[0].apps.map(({ name, fails }, index) => {
    const row = outcomes.map(({ version, apps, lives: found }) => ({ version, app: apps[index], found: found[name] }));
    for (const { version, app, found } of row) {
      const hasNodes = app.groups.some(({ count }) => count > 0); // one with accounts alone has nothing to run a job on
      if (fails === undefined && (found.problems.length > 0 || (found.jobs === 0 && hasNodes))) { problems.push(`Slurm ${version}, ${name}: ${found.problems.join('; ') || 'no job ran'}`); }
      if (fails !== undefined && !found.problems.some(problem => new RegExp(fails).test(problem))) { problems.push(`Slurm ${version}, ${name}: nothing of ${fails} was seen: ${found.problems.join('; ')}`); }
    }
    const app = row.at(-1).app;
    return [name, app.groups.reduce((sum, group) => sum + group.count, 0), ...row.map(({ found }) => fails ? `fails, as it should: ${found.problems[0]}` : found.problems.length > 0 ? 'FAILED' : `${found.jobs} ${found.jobs === 1 ? 'job' : 'jobs'}`),
      [...new Set(row.flatMap(({ app: { left } }) => left))].join(', ')];
  });
  console.log(`\nClusters:\n${table(['cluster', 'nodes', ...outcomes.map(({ version }) => version), 'left out'], lives, { widest: 60, total: 260 })}`);
}

function short({ outcome, said: lines }) { return outcome === 'takes' ? 'takes' : `${outcome}: ${lines[0]?.replace(/^(error|fatal): /, '').slice(0, 150)}`; }

/** What the versions said, once where they said the same. */
function said(id) {
  const lines = outcomes.map(({ cases: found }) => found[id].said[0]?.slice(0, 300) ?? '');
  return lines.every(line => line === '') ? [] : lines[0] === lines[1] ? [lines[0]] : lines;
}

function firstDifference(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const index = b.findIndex((line, position) => line !== a[position]);
  return `line ${index + 1} is ${JSON.stringify(a[index]?.trim() ?? '')}, Slurm says ${JSON.stringify(b[index]?.trim() ?? '')}`;
}

console.log(`\n${problems.length === 0 ? 'As recorded' : `${problems.length} problems:\n${problems.map(problem => `  - ${problem}`).join('\n')}`}; ${cases.length} starts of each version, ${seconds(began)} s`);
process.exit(problems.length === 0 ? 0 : 1);
