/*
 * The function of accounts and QOS against a real Slurm with its database and its REST API: `npm run slurm -- --accounting [--required] [--record] [--only=WORDS]`.
 * It is run by run.mjs, on the newest version of Slurm alone.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JUDGES, asRoot, textOf, unpacked } from './packages.mjs';
import { table } from '../../scripts/lib/table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '..', '..');
const ANSWERS = join(here, 'rest-answers.json');
/** A run takes a minute on a machine that does nothing else. */
const LONGEST_MS = 10 * 60_000;

export async function judgeAccounting({ skip, record, only }) {
  const began = Date.now();
  const judge = JUDGES.at(-1);
  const bundle = join(repository, 'assets', 'pcs-accounting', 'index.js');
  if (!existsSync(bundle)) { throw new Error('no bundle to test: npm run bundle'); }
  let packages;
  try {
    packages = await unpacked(judge, { rest: true });
  } catch (error) {
    return skip(`the archive of Debian: ${String(error.stderr ?? error.message).trim().split('\n').at(-1)}`, error);
  }
  console.log(`Slurm ${packages.served} with slurmdbd and slurmrestd${packages.served === judge.pinned ? '' : `; NOT the pinned ${judge.pinned}, which the archive no longer has`}`);
  const { rows, problems, answers, seconds, error } = await runInside({ root: packages.root, bundle, repository, only });
  if (error) { throw new Error(error); }
  const text = `${JSON.stringify({ version: packages.served, answers }, undefined, 1)}\n`;
  if (record) { writeFileSync(ANSWERS, text); } else if (textOf(ANSWERS) !== text) {
    problems.push(`${ANSWERS} isn't what slurmrestd answers; run \`npm run slurm -- --accounting --record\` and look at the difference`);
  }
  console.log(table(['shown', 'seen', 'time'], rows, { widest: 110, total: 260 }));
  console.log(`\n${problems.length === 0 ? 'All shown' : `${problems.length} problems:\n${problems.map(problem => `  - ${problem}`).join('\n')}`}; ${seconds.toFixed(0)} s in Slurm, ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return problems.length === 0;
}

function runInside(plan) {
  const work = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-slurm-'));
  const [planFile, outcome] = ['plan.json', 'outcome.json'].map(name => join(work, name));
  writeFileSync(planFile, JSON.stringify(plan));
  return new Promise((resolve, reject) => {
    const [program, args] = asRoot(
      'unshare', '--mount', '--pid', '--fork', '--kill-child', '--uts', '--net', '--ipc', process.execPath, join(here, 'inside-accounting.mjs'), planFile, outcome,
    );
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const end = () => child.kill('SIGKILL');
    const timer = setTimeout(end, LONGEST_MS);
    for (const signal of ['SIGINT', 'SIGTERM']) { process.once(signal, end); }
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      const text = textOf(outcome);
      rmSync(work, { recursive: true, force: true });
      if (text === undefined) { reject(new Error('the run in Slurm ended without a word, or took too long')); } else { resolve(JSON.parse(text)); }
    });
  });
}
