/*
 * cloud-init as judge of user data: `npm run cloud-init [-- --required]`.
 *
 * Its own processor, of Debian's package, reads the user data that node groups render, as an instance would, and says which parts it finds. Nothing is
 * installed: packages are unpacked into ~/.cache/cdk-hpc-clusters/cloud-init, and run by the Python that is there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { findPython } from '../e2e/python.mjs';
import { ARCHIVE, KEYRING, aptOf } from '../slurm/packages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const required = process.argv.includes('--required');
const SUITE = 'trixie';
/** cloud-init, and what it imports. Its other dependencies are of no use to its processor. */
const PACKAGES = [
  'cloud-init', 'python3-certifi', 'python3-chardet', 'python3-configobj', 'python3-idna', 'python3-jinja2', 'python3-json-pointer', 'python3-jsonpatch',
  'python3-markupsafe', 'python3-oauthlib', 'python3-requests', 'python3-urllib3', 'python3-yaml',
];
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk-hpc-clusters', 'cloud-init');

/** Why cloud-init can't be had here, or undefined. */
function obstacle() {
  if (process.platform !== 'linux') { return 'Linux'; }
  const missing = ['apt-get', 'dpkg', 'tar'].find(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing) { return `the program ${missing}`; }
  if (!existsSync(KEYRING)) { return `the key of Debian's archive, ${KEYRING} (package debian-archive-keyring)`; }
  return findPython() === undefined ? 'python3' : undefined;
}

function skip(what) {
  console.log(`SKIPPED: cloud-init needs ${what}`);
  process.exit(required ? 1 : 0);
}

/** The folder of cloud-init's modules, fetched where they aren't there yet. */
async function unpacked() {
  const folder = join(cache, SUITE);
  const modules = join(folder, 'usr', 'lib', 'python3', 'dist-packages');
  if (existsSync(modules)) { return modules; }
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, '.new-'));
  try {
    const apt = await aptOf(work, SUITE);
    await apt('download', ...PACKAGES);
    const root = join(work, 'root');
    mkdirSync(root);
    for (const name of readdirSync(work).filter(file => file.endsWith('.deb'))) {
      execFileSync('sh', ['-c', 'dpkg --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner ./usr/lib/python3', 'sh', join(work, name), root]);
    }
    renameSync(root, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return modules;
}

const reason = obstacle();
if (reason) { skip(reason); }
let modules;
try {
  modules = await unpacked();
} catch (error) {
  if (required) { throw error; }
  skip(`the archive of Debian at ${ARCHIVE}: ${String(error.stderr ?? error.message).trim().split('\n').at(-1)}`);
}

const cases = JSON.parse(execFileSync(process.execPath, [join(here, '..', '..', 'scripts', 'run-ts.mjs'), join(here, 'cases.ts')], { encoding: 'utf8' }));
/* Text in front of the header: cloud-init runs nothing of it, and a judge that doesn't see that isn't one. */
const control = `\n  ${cases.parts.text}`;
const input = JSON.stringify({ ...Object.fromEntries(Object.entries(cases).map(([name, { text }]) => [name, text])), control });
const { version, parts } = JSON.parse(execFileSync(findPython(), ['-I', join(here, 'judge.py'), modules], { encoding: 'utf8', input }));
const trimmed = found => found.map(([type, body]) => [type, body.trim()]);
const wrong = Object.entries(cases).filter(([name, { parts: expected }]) => !isDeepStrictEqual(trimmed(parts[name]), expected));
for (const [name, { parts: expected }] of wrong) {
  console.log(`${name}:\n  expected ${JSON.stringify(expected)}\n  cloud-init finds ${JSON.stringify(parts[name])}`);
}
if (isDeepStrictEqual(trimmed(parts.control), cases.parts.parts)) { throw new Error('cloud-init finds parts behind text: the judge is not what runs on instances'); }
console.log(`cloud-init ${version} of Debian ${SUITE} reads ${Object.keys(cases).length - wrong.length} of ${Object.keys(cases).length} texts of user data as they were meant`);
process.exitCode = wrong.length > 0 ? 1 : 0;
