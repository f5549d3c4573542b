/* A machine in a folder of unpacked packages: what daemons of Slurm need around them. It takes root, and namespaces of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';

let root;

/** Says where the packages are, before anything else. */
export function within(folder) { root = folder; }

export const ADDRESS = '10.99.0.1'; // a second one of `lo`: Slurm takes no 127.0.0.1
export const HOST = 'controller';
export const DBD_PORT = 6819;

export const at = path => join(root, path);
export const chroot = (...command) => execFileSync('chroot', [root, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });

/** A file inside, with the folders that it needs. */
export function write(path, text, mode = 0o644) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  chmodSync(at(path), mode);
}

/** Starts a program, and says what it printed and whether it came as far as a line that says `marker` before it ended or time was up. */
export function start(program, args, { marker, timeout = 15_000, keep = false, env = {} }) {
  return new Promise(resolve => {
    const child = spawn('chroot', [root, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin', HOME: '/root', ...env } });
    let printed = '';
    let done = false;
    const finish = started => {
      if (done) { return; }
      done = true;
      clearTimeout(timer);
      if (!(keep && started)) { child.kill('SIGKILL'); }
      const end = () => resolve({ started, printed, child });
      if (child.exitCode !== null || child.signalCode !== null || (keep && started)) { end(); } else { child.once('exit', end); }
    };
    const timer = setTimeout(() => finish(false), timeout);
    const hear = chunk => { printed += chunk; if (marker.test(printed)) { finish(true); } };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', () => finish(marker.test(printed)));
    child.on('error', error => { printed += error.message; finish(false); });
  });
}

/** Mounts what daemons need, over folders of the packages, and makes the address and the users. */
export function mount() {
  const run = (...command) => execFileSync(command[0], command.slice(1), { stdio: 'pipe' });
  run('mount', '--make-rprivate', '/');
  for (const [type, path, options] of [['proc', '/proc', []], ['tmpfs', '/dev', ['-o', 'mode=755']], ['tmpfs', '/run', []], ['tmpfs', '/tmp', ['-o', 'mode=1777']],
    ['tmpfs', '/var/lib/mysql', []], ['tmpfs', '/var/spool', []], ['tmpfs', '/var/log', []], ['tmpfs', '/etc/slurm', []], ['tmpfs', '/opt', []]]) {
    mkdirSync(at(path), { recursive: true });
    run('mount', '-t', type, ...options, type, at(path));
  }
  for (const device of ['null', 'zero', 'random', 'urandom', 'full', 'tty']) {
    writeFileSync(at(`/dev/${device}`), '');
    run('mount', '--bind', `/dev/${device}`, at(`/dev/${device}`));
  }
  for (const link of [['/proc/self/fd', 'fd'], ['/proc/self/fd/0', 'stdin'], ['/proc/self/fd/1', 'stdout'], ['/proc/self/fd/2', 'stderr']]) { run('ln', '-s', link[0], at(`/dev/${link[1]}`)); }
  for (let index = 0; index < 16; index++) { writeFileSync(at(`/dev/nvidia${index}`), ''); } // pretended GPUs
  mkdirSync(at('/run/mysqld'));
  run('hostname', HOST);
  chroot('/usr/sbin/ip', 'link', 'set', 'lo', 'up');
  chroot('/usr/sbin/ip', 'address', 'add', `${ADDRESS}/24`, 'dev', 'lo');
  write('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nalice:x:1001:1001::/tmp:/bin/bash\nbob:x:1002:1002::/tmp:/bin/bash\nslurm:x:64030:64030::/:/bin/false\nmysql:x:999:999::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n');
  write('/etc/group', 'root:x:0:\nalice:x:1001:\nbob:x:1002:\nslurm:x:64030:\nmysql:x:999:\nnogroup:x:65534:\n');
  write('/etc/hosts', `127.0.0.1 localhost\n${ADDRESS} ${HOST}\n`);
  write('/opt/program.sh', '#!/bin/sh\nexit 0\n', 0o755);
  write('/etc/slurm/slurm.key', Buffer.alloc(1024, 'k'), 0o600);
}

/* ---- The database of accounting. ---- */

const database = name => ({
  AuthType: 'auth/slurm', DbdHost: HOST, DbdAddr: ADDRESS, SlurmUser: 'root', StorageType: 'accounting_storage/mysql', StorageHost: 'localhost',
  StorageUser: 'root', StorageLoc: name, PidFile: `/run/${name}.pid`,
});
const lines = settings => Object.entries(settings).map(([name, value]) => `${name}=${value}`).join('\n') + '\n';
const inline = settings => Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(' ');
const DBD_STARTED = /slurmdbd version \S+ started/;

export function startDatabase(folder, settings, port, name, keep) {
  write(`${folder}/slurmdbd.conf`, lines({ ...database(name), DbdPort: port, ...settings }), 0o600);
  if (folder !== '/etc/slurm') { copyFileSync(at('/etc/slurm/slurm.key'), at(`${folder}/slurm.key`)); chmodSync(at(`${folder}/slurm.key`), 0o600); }
  return start('/usr/sbin/slurmdbd', ['-D'], { marker: DBD_STARTED, keep, env: { SLURM_CONF: `${folder}/slurm.conf` } });
}

export async function startMariaDb() {
  chroot('/usr/bin/mariadb-install-db', '--user=root', '--datadir=/var/lib/mysql', '--skip-test-db', '--auth-root-authentication-method=normal');
  const { started, printed } = await start('/usr/sbin/mariadbd', [
    '--no-defaults', '--user=root', '--datadir=/var/lib/mysql', '--socket=/run/mysqld/mysqld.sock', '--skip-networking', '--innodb-snapshot-isolation=OFF',
    '--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin',
  ], { marker: /ready for connections/, keep: true, timeout: 60_000 });
  if (!started) { throw new Error(`mariadbd doesn't start:\n${printed}`); }
  for (const name of ['accounting', 'tried']) { chroot('/usr/bin/mariadb', '-u', 'root', '-e', `create database ${name}`); }
}

/* ---- One configuration. ---- */

/** What the service or anybody else would write besides the settings in question. */
const BASE = {
  SlurmctldHost: `${HOST}(${ADDRESS})`, AuthType: 'auth/slurm', CredType: 'auth/slurm', SlurmUser: 'root', SlurmdUser: 'root',
  SelectType: 'select/cons_tres', SlurmdParameters: 'config_overrides', ReturnToService: '2', PriorityType: 'priority/multifactor',
  AccountingStorageType: 'accounting_storage/slurmdbd', AccountingStorageHost: ADDRESS, AccountingStoragePort: DBD_PORT,
};
/* Slurm alone: nothing of it reaches the cgroups of this machine. */
export const LOCAL = { ProctrackType: 'proctrack/linuxproc', TaskPlugin: 'task/none' };

export const CTLD_STARTED = /Running as primary controller/;

/** Writes slurm.conf and what belongs to it. Nodes: name, port, settings. Partitions: name, nodes, settings. */
export function configure(folder, { cluster, name, port, nodes, partitions, gres = [], gresTypes = ['gpu'], cgroup = {} }) {
  rmSync(at(folder), { recursive: true, force: true });
  mkdirSync(at(`${folder}/state`), { recursive: true });
  const settings = {
    ClusterName: name, ...BASE, GresTypes: gresTypes.join(','), SlurmctldPort: port, StateSaveLocation: `${folder}/state`, SlurmctldPidFile: `/run/slurmctld.${port}.pid`,
    SlurmdSpoolDir: '/var/spool/slurmd.%n', SlurmdPidFile: '/run/slurmd.%n.pid', ...cluster,
  };
  write(`${folder}/slurm.conf`, lines(settings)
    + nodes.map(node => `NodeName=${node.name} NodeAddr=${ADDRESS} Port=${node.port} ${inline(node.settings)}\n`).join('')
    + partitions.map(partition => `PartitionName=${partition.name} Nodes=${partition.nodes} ${inline(partition.settings)}\n`).join(''));
  write(`${folder}/gres.conf`, gres.map(record => `${inline(record)}\n`).join(''));
  write(`${folder}/cgroup.conf`, lines({ CgroupPlugin: 'disabled', ...cgroup }));
  copyFileSync(at('/etc/slurm/slurm.key'), at(`${folder}/slurm.key`));
  chmodSync(at(`${folder}/slurm.key`), 0o600);
}

/* ---- A cluster with accounting, as AWS PCS has it. ---- */

export const REST_PORT = 6820;
export const REST_CLUSTER = 'live';
const KEY = '/etc/slurm/jwt_hs256.key';

/** What the service sets for a cluster with accounting and REST API, as far as it is known, and what budgets need. */
const JWT = { AuthAltTypes: 'auth/jwt', AuthAltParameters: `jwt_key=${KEY}` };
const IDENTITIES = { AuthInfo: 'use_client_ids' };
const BUDGETS = {
  AccountingStorageEnforce: 'associations,limits,qos,safe', AccountingStorageTRES: 'gres/gpu,gres/gpu:h100', PriorityDecayHalfLife: 0, PriorityUsageResetPeriod: 'MONTHLY',
};

/** Starts slurmdbd, slurmctld, slurmd and slurmrestd. Returns the environment of commands, and the children. */
export async function startAccounting(key) {
  const folder = '/etc/slurm';
  const children = [];
  const started = async (name, starting) => {
    const { started: runs, printed, child } = await starting;
    if (!runs) { throw new Error(`${name} doesn't start:\n${printed}`); }
    children.push(child);
  };
  const env = { SLURM_CONF: `${folder}/live/slurm.conf` };
  write(KEY, key, 0o600);
  await started('slurmdbd', startDatabase(folder, { ...JWT, ...IDENTITIES }, DBD_PORT, 'accounting', true));
  configure(`${folder}/live`, {
    name: REST_CLUSTER, port: 6817, cluster: { ...LOCAL, ...JWT, ...IDENTITIES, ...BUDGETS },
    nodes: [{ name: 'gpu-1', port: 7001, settings: { CPUs: 96, RealMemory: 1_000_000, Gres: 'gpu:h100:8' } }],
    partitions: [{ name: 'gpu', nodes: 'gpu-1', settings: { Default: 'YES' } }],
    gres: [{ NodeName: 'gpu-1', Name: 'gpu', Type: 'h100', File: '/dev/nvidia[0-7]' }],
  });
  await started('slurmctld', start('/usr/sbin/slurmctld', ['-D', '-i', '-f', env.SLURM_CONF], { marker: CTLD_STARTED, keep: true, env }));
  await started('slurmd', start('/usr/sbin/slurmd', ['-D', '-N', 'gpu-1', '-f', env.SLURM_CONF], { marker: /slurmd started/, keep: true, env }));
  const rest = spawn('chroot', [
    root, '/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/usr/sbin/slurmrestd', '-f', env.SLURM_CONF, '-a', 'rest_auth/jwt', `${ADDRESS}:${REST_PORT}`,
  ], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin', SLURM_JWT: 'daemon', ...env } });
  children.push(rest);
  await listening(rest);
  return { env, children };
}

/** slurmrestd says nothing when it is there. */
async function listening(child) {
  let said = '';
  child.stderr.on('data', chunk => { said += chunk; });
  for (const until = Date.now() + 15_000; ;) {
    const taken = await new Promise(resolve => {
      const socket = connect(REST_PORT, ADDRESS, () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (taken) { return; }
    if (Date.now() > until || child.exitCode !== null) { throw new Error(`slurmrestd doesn't start:\n${said}`); }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
