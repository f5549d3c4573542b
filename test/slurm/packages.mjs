/* Debian's packages of Slurm, unpacked into a folder: nothing is installed. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The archive, and the key that it is signed with: package debian-archive-keyring, on Ubuntu, too. */
export const ARCHIVE = process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
export const KEYRING = process.env.DEBIAN_KEYRING ?? '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The oldest and the newest version of Slurm that AWS PCS makes clusters with, and the packages that hold them. */
export const JUDGES = [
  { version: '24.11', suite: 'trixie', pinned: '24.11.5-4+deb13u1' },
  { version: '26.05', suite: 'forky', pinned: '26.05.5-1' },
];

const OF_SLURM = ['slurmctld', 'slurmd', 'slurmdbd', 'slurm-client', 'slurm-wlm-mysql-plugin'];
/** What serves Slurm's REST API, with tokens. */
const OF_REST = ['slurmrestd', 'slurm-wlm-jwt-plugin'];
const BESIDES = ['base-files', 'bash', 'dash', 'coreutils', 'util-linux', 'grep', 'sed', 'mawk', 'findutils', 'procps', 'hostname', 'iproute2', 'mariadb-server-core', 'mariadb-client-core'];

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk-hpc-clusters', 'slurm');

/** Why Slurm can't run here, or undefined. */
export function obstacle() {
  if (process.platform !== 'linux') { return 'Linux'; }
  const missing = ['apt-get', 'dpkg', 'tar', 'unshare', 'chroot', 'mount'].find(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing) { return `the program ${missing}`; }
  if (!existsSync(KEYRING)) { return `the key of Debian's archive, ${KEYRING} (package debian-archive-keyring)`; }
  if (spawnSync(...asRoot('unshare', '--mount', '--pid', '--fork', '--uts', '--net', 'mount', '--make-rprivate', '/')).status !== 0) {
    return 'root, or sudo without a password, with namespaces of its own';
  }
  return undefined;
}

/** A command as root, as arguments of `spawn`. */
export function asRoot(...command) {
  const [program, ...rest] = process.getuid() === 0 ? command : ['sudo', '-n', ...command];
  return [program, rest];
}

/** The folder of a version, with the REST API or without, fetched and unpacked where it isn't there yet, and the version of the package that it holds. */
export async function unpacked({ suite, pinned }, { rest = false } = {}) {
  const nameOf = version => `${suite}-${version}${rest ? '-rest' : ''}`;
  const known = existsSync(cache) ? readdirSync(cache).find(name => name === nameOf(pinned)) : undefined;
  if (known) { return { root: join(cache, known), served: pinned, fetched: false }; }
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, '.new-'));
  try {
    await fetchPackages(work, suite, pinned, rest ? [...OF_SLURM, ...OF_REST] : OF_SLURM);
    const root = join(work, 'root');
    await unpack(join(work, 'cache', 'archives'), root);
    const served = versionOf(join(work, 'cache', 'archives'));
    const folder = join(cache, nameOf(served));
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
    return { root: folder, served, fetched: true };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** apt, which works as if nothing were installed, in a folder of its own, and knows the packages of a suite. */
export async function aptOf(work, suite) {
  for (const folder of ['lists/partial', 'cache/archives/partial']) { mkdirSync(join(work, folder), { recursive: true }); }
  writeFileSync(join(work, 'status'), '');
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${KEYRING}] ${ARCHIVE} ${suite} main\n`);
  writeFileSync(join(work, 'apt.conf'), [
    `Dir::Etc::sourcelist "${work}/sources.list"`, 'Dir::Etc::sourceparts "-"', `Dir::State::lists "${work}/lists"`, `Dir::State::status "${work}/status"`,
    `Dir::Cache "${work}/cache"`, 'APT::Install-Recommends "false"', 'Acquire::Languages "none"', 'Acquire::Retries "3"',
    ...process.getuid() === 0 ? ['APT::Sandbox::User "root"'] : [],
  ].map(line => `${line};\n`).join(''));
  const apt = (...args) => run('apt-get', ['-qq', '-y', '-c', join(work, 'apt.conf'), ...args], { cwd: work, maxBuffer: 1 << 26 });
  await apt('update');
  return apt;
}

async function fetchPackages(work, suite, pinned, ofSlurm) {
  const apt = await aptOf(work, suite);
  const install = list => apt('--download-only', 'install', ...BESIDES, ...list);
  try {
    await install(ofSlurm.map(name => `${name}=${pinned}`));
  } catch {
    await install(ofSlurm); // another version is served: the caller says so
  }
}

/** Unpacks packages with /usr merged beforehand, and calls Debian's `slurmctld-wlm` by the name that it wants to be called by. */
async function unpack(archives, root) {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  for (const name of readdirSync(archives).filter(file => file.endsWith('.deb'))) {
    await run('sh', ['-c', 'dpkg --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner --exclude=./usr/share/doc --exclude=./usr/share/locale --exclude=./usr/share/man', 'sh', join(archives, name), root]);
  }
  const programs = execFileSync('find', [join(root, 'usr'), '-name', 'slurm*-wlm', '-type', 'f'], { encoding: 'utf8' }).trim().split('\n').filter(Boolean);
  for (const program of programs) {
    const plain = program.replace(/-wlm$/, '');
    if (!existsSync(plain)) { symlinkSync(basename(program), plain); }
  }
  const [stepd] = execFileSync('find', [join(root, 'usr'), '-name', 'slurmstepd'], { encoding: 'utf8' }).trim().split('\n');
  const beside = join(root, 'usr', 'sbin', 'slurmstepd');
  if (stepd && dirname(stepd) !== dirname(beside) && !existsSync(beside)) { symlinkSync(stepd.slice(root.length), beside); }
}

function versionOf(archives) {
  const deb = readdirSync(archives).find(name => name.startsWith('slurmctld_'));
  return execFileSync('dpkg-deb', ['--field', join(archives, deb), 'Version'], { encoding: 'utf8' }).trim();
}

/** The text of a file, or undefined. */
export const textOf = file => existsSync(file) ? readFileSync(file, 'utf8') : undefined;
