/* Instructions that a program takes, as valgrind counts them: they hardly depend on the machine or on what else it does. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { has } from '../../scripts/lib/tools.mjs';

const SYNTH = join(dirname(fileURLToPath(import.meta.url)), 'programs', 'synth.cjs');
export const KINDS = ['node-groups', 'quotas', 'instance-groups'];

/** What programs see of the environment: the same for all, since V8 does more with some variables. */
export const ENV = { PATH: process.env.PATH, HOME: process.env.HOME, CDK_VALIDATION: 'false', NODE_NO_WARNINGS: '1' };

/**
 * With these, V8 does the same in each run: counts differ by less than one in a million. It never collects garbage, either: one large
 * collection is as much as twenty groups, and moves from one size to the next with the length of a path. Memory is measured apart.
 */
const STEADY = [
  '--predictable', '--single-threaded', '--hash-seed=1', '--random-seed=1',
  '--min-semi-space-size=1024', '--max-semi-space-size=1024', '--initial-old-space-size=4096',
];

export const canCount = () => has('valgrind');

/** The instructions of a program of Node. */
function count(args) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'out');
  return new Promise((resolve, reject) => {
    const valgrind = ['--tool=cachegrind', '--cache-sim=no', `--cachegrind-out-file=${file}`, process.execPath, ...STEADY, ...args];
    const child = spawn('valgrind', valgrind, { env: ENV, stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) { resolve(Number(/^summary: (\d+)/m.exec(readFileSync(file, 'utf8'))[1])); } else { reject(new Error(`${args.join(' ')} ended with ${code}`)); }
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

/**
 * The instructions of apps with N of each kind, less those of an app without any: `{ quotas: { 50: { ours, wrapped } }, ... }`; `empty` is that
 * one. `unchecked` is ours without the types at run time: what these take is the difference.
 * As many at a time as there are cores, the longest first.
 *
 * @param sizes The numbers of each kind: `{ quotas: [50, 200] }`.
 */
export async function countKinds(sizes, done = () => {}, ways = ['ours', 'wrapped']) {
  const runs = [{ size: 0, args: ['quotas', 'none', '1'] }];
  for (const [kind, counts] of Object.entries(sizes)) {
    for (const size of counts) {
      for (const way of ways) { runs.push({ kind, size, way, args: [kind, way, String(size)] }); }
    }
  }
  runs.sort((a, b) => b.size - a.size);
  const queue = [...runs];
  const work = async () => {
    for (let run = queue.shift(); run; run = queue.shift()) {
      run.instructions = await count([SYNTH, ...run.args]);
      done(run.args.join(' '));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const empty = runs.at(-1).instructions;
  const counted = {};
  for (const { kind, size, way, instructions } of runs.filter(run => run.kind)) {
    ((counted[kind] ??= {})[size] ??= { empty })[way] = instructions - empty;
  }
  return counted;
}
