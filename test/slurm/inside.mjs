/*
 * Runs daemons of Slurm from a folder of unpacked packages, in namespaces of their own: `inside.mjs PLAN OUTCOME`, two files of JSON.
 * The first process of the PID namespace: what it started ends with it. Nothing outside the folder is written, nothing listens but on loopback.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CTLD_STARTED, DBD_PORT, LOCAL, at, configure, mount, start, startDatabase, startMariaDb, within, write } from './machine.mjs';

const [planFile, outcomeFile] = process.argv.slice(2);
const { root, cases, apps } = JSON.parse(readFileSync(planFile, 'utf8'));

within(root);
const began = Date.now();

/** Lines that daemons write as errors, without time and name. */
function complaints(printed) {
  return [...new Set(printed.split('\n')
    .map(line => line.replace(/^\[[^\]]*\] */, '').replace(/^slurm\w*: /, ''))
    .filter(line => /^(error|fatal): /.test(line))
    .map(line => line.replace(/\/etc\/slurm\/\d+\//g, '')))];
}

/* What every start says here, whatever is in the configuration. */
const NOISE = [
  /MailProg/, /default partition not set/, /^error: High latency for 1000 calls to gettimeofday/, /^error: Database settings not recommended/, /state (save )?file/i, /last_config_lite/, /Could not open/, /recover/i, /assoc_usage|qos_usage|fed_mgr|clustername/i, /job_state|node_state|part_state|resv_state|trigger_state/,
  /proctrack\/cgroup is required/, /hwloc/, /fatal: Unable to process configuration file$/, /slurm_(get|set)_ip/, /StateSaveLocation/,
];
const speaking = lines => lines.filter(line => !NOISE.some(pattern => pattern.test(line)));

/* ---- One configuration. ---- */

/** Starts daemons on the settings of a case, by their kinds. */
async function tried({ settings }, beside = {}) {
  const folder = '/etc/slurm/1';
  const of = kind => ({ ...settings[kind], ...beside[kind] });
  if (settings.slurmdbd) {
    mkdirSync(at(folder), { recursive: true });
    return verdict(await startDatabase(folder, of('slurmdbd'), 6899, 'tried', false));
  }
  configure(folder, {
    name: 'tried', port: 7100, cluster: { ProctrackType: 'proctrack/cgroup', TaskPlugin: 'task/cgroup,task/affinity', ...of('cluster') },
    nodes: [
      { name: 'gpu-[1-2]', port: '[7001-7002]', settings: { CPUs: 96, RealMemory: 1_000_000, Gres: 'gpu:h100:8', ...of('nodeGroup') } },
      { name: 'cpu-1', port: 7003, settings: { CPUs: 8, RealMemory: 16_000 } },
    ],
    partitions: [{ name: 'gpu', nodes: 'gpu-[1-2]', settings: of('queue') }, { name: 'batch', nodes: 'cpu-1', settings: { Default: 'YES' } }],
    gres: [{ NodeName: 'gpu-[1-2]', Name: 'gpu', Type: 'h100', File: '/dev/nvidia[0-7]' }], cgroup: of('cgroup'),
  });
  return verdict(await start('/usr/sbin/slurmctld', ['-D', '-i', '-f', `${folder}/slurm.conf`], { marker: CTLD_STARTED }));
}

function verdict({ started, printed }) {
  const said = speaking(complaints(printed));
  return started ? { outcome: said.length > 0 ? 'complains' : 'takes', said } : { outcome: 'refuses', said: said.length > 0 ? said : [printed.trim().split('\n').at(-1) ?? ''] };
}

/* ---- A whole cluster, with a job on each partition. ---- */

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function live(app) {
  const folder = '/etc/slurm/2';
  let port = 7200;
  const nodes = app.groups.flatMap(group => Array.from({ length: group.count }, (_, index) => ({
    group: group.name, name: `${group.name}-${index + 1}`, port: port++, settings: group.settings,
  })));
  const namesOf = group => nodes.filter(node => node.group === group).map(node => node.name);
  configure(folder, {
    name: 'live', port: 7150, cluster: { ...LOCAL, ...app.cluster }, cgroup: app.cgroup, nodes, gresTypes: app.gresTypes,
    partitions: app.queues.map(queue => ({ name: queue.name, nodes: queue.groups.flatMap(namesOf).join(','), settings: queue.settings })),
    gres: app.groups.flatMap(group => group.gres.map(record => ({ NodeName: namesOf(group.name).join(','), ...record }))),
  });
  for (const path of app.programs) { write(path, '#!/bin/sh\nexit 0\n', 0o755); }
  const env = { SLURM_CONF: `${folder}/slurm.conf` };
  const daemons = [];
  const problems = [];
  try {
    if (Object.keys(app.slurmdbd).length > 0) {
      mkdirSync(at('/etc/slurm/3'), { recursive: true });
      const dbd = verdict(await startDatabase('/etc/slurm/3', app.slurmdbd, 6898, 'tried', false));
      if (dbd.outcome !== 'takes') { problems.push(`slurmdbd ${dbd.outcome}: ${dbd.said.join('; ')}`); }
    }
    const controller = await start('/usr/sbin/slurmctld', ['-D', '-i', '-f', `${folder}/slurm.conf`], { marker: CTLD_STARTED, keep: true, env });
    daemons.push(controller.child);
    const said = verdict(controller);
    if (said.outcome !== 'takes') { problems.push(`slurmctld ${said.outcome}: ${said.said.join('; ')}`); }
    if (!controller.started) { return { problems, jobs: 0 }; }
    for (const node of nodes) {
      const slurmd = await start('/usr/sbin/slurmd', ['-D', '-N', node.name, '-f', `${folder}/slurm.conf`], { marker: /slurmd started/, keep: true, env });
      daemons.push(slurmd.child);
      if (!slurmd.started) { problems.push(`slurmd on ${node.name} refuses: ${speaking(complaints(slurmd.printed)).join('; ')}`); }
    }
    const command = (...args) => execFileSync('chroot', [root, ...args], { encoding: 'utf8', env: { ...env, PATH: '/usr/sbin:/usr/bin' }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
    const jobs = [];
    for (const queue of app.queues) {
      try {
        const id = command('/usr/bin/sbatch', '--parsable', '-D', '/tmp', '-o', '/tmp/out.%j', '-p', queue.name, '-N', '1', ...queue.submit ?? [], '--wrap', 'echo $SLURMD_NODENAME:$CUDA_VISIBLE_DEVICES').trim();
        jobs.push({ queue: queue.name, id });
      } catch (error) {
        problems.push(`sbatch to ${queue.name}: ${String(error.stderr).trim()}`);
      }
    }
    const until = Date.now() + (app.fails ? 4000 : 20_000);
    const states = new Map();
    while (Date.now() < until && states.size < jobs.length) {
      await sleep(100);
      for (const { id } of jobs.filter(job => !states.has(job.id))) {
        const state = /JobState=(\w+)/.exec(command('/usr/bin/scontrol', 'show', 'job', id))?.[1];
        if (['COMPLETED', 'FAILED', 'CANCELLED', 'NODE_FAIL', 'TIMEOUT'].includes(state)) { states.set(id, state); }
      }
    }
    for (const { id, queue } of jobs) {
      if (states.get(id) !== 'COMPLETED') {
        const reason = /JobState=\w+ Reason=\S+/.exec(command('/usr/bin/scontrol', 'show', 'job', id))?.[0];
        problems.push(`job on ${queue}: ${states.get(id) ?? reason}; nodes: ${command('/usr/bin/sinfo', '-h', '-N', '-o', '%N %T %E').trim().replaceAll('\n', ', ')}`);
      }
    }
    const outputs = jobs.map(({ id }) => existsSync(at(`/tmp/out.${id}`)) ? readFileSync(at(`/tmp/out.${id}`), 'utf8').trim() : '');
    return { problems, jobs: [...states.values()].filter(state => state === 'COMPLETED').length, outputs };
  } finally {
    for (const child of daemons) { child.kill('SIGKILL'); }
    for (const path of app.programs) { rmSync(at(path), { force: true }); }
    await sleep(50);
  }
}

/* ---- All of it. ---- */

const result = { cases: {}, lives: {} };
try {
  mount();
  await startMariaDb();
  const slurmdbd = await startDatabase('/etc/slurm', {}, DBD_PORT, 'accounting', true);
  if (!slurmdbd.started) { throw new Error(`slurmdbd doesn't start:\n${slurmdbd.printed}`); }
  result.ready = Date.now() - began;
  for (const one of cases) {
    let found = await tried(one);
    if (found.outcome === 'refuses' && one.beside) { found = await tried(one, one.beside); }
    result.cases[one.id] = found;
  }
  result.tried = Date.now() - began;
  for (const app of apps) { result.lives[app.name] = await live(app); }
} catch (error) {
  result.error = String(error.stack ?? error) + String(error.stderr ?? '');
}
result.seconds = (Date.now() - began) / 1000;
writeFileSync(outcomeFile, JSON.stringify(result, undefined, 1));
process.exit(0);
