/* Versions: what is pinned, where, and what the registries serve. Judges, tools and the emulator stand in lists of the repository, which are read here. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareVersions, newestOf } from './sources.mjs';
import { JUDGES, KEYRING, aptOf } from '../../../test/slurm/packages.mjs';

const run = promisify(execFile);

/** The registries that must serve a version before it can be our floor (decisions/0001). */
const FLOOR = {
  'npm': 'aws-cdk-lib', 'PyPI': 'aws-cdk-lib', 'Maven Central': 'software.amazon.awscdk:aws-cdk-lib', 'Go proxy': 'github.com/aws/aws-cdk-go/awscdk/v2',
};

/** The packages of npm that judge or deploy what is rendered. Others are raised weekly, or with a release (.projenrc.ts). */
const JUDGES_OF_NPM = ['aws-cdk', 'cdk-newest', 'constructs', 'cdk-nag', 'awslint', 'aws-local-stepfunctions'];

/** What is pinned: judges and tools of npm, of Python's requirements, and of Debian's suites. */
export function pins(root) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const npm = JUDGES_OF_NPM.map(name => ({ registry: 'npm', name, version: devDependencies[name].replace(/^npm:.*@/, ''), place: '.projenrc.ts' }));
  const python = readdirSync(join(root, 'test')).map(folder => `test/${folder}/requirements.in`).filter(file => existsSync(join(root, file)))
    .flatMap(file => [...readFileSync(join(root, file), 'utf8').matchAll(/^([\w-]+)==(\S+)$/gm)].map(([, name, version]) => ({ registry: 'PyPI', name, version, place: file })));
  const debian = JUDGES.map(({ suite, pinned }) => ({ registry: `Debian ${suite}`, name: 'slurmctld', version: pinned, place: 'test/slurm/packages.mjs' }));
  return [...npm, ...python, ...debian];
}

/** What Debian's archive has of packages in a suite, or undefined where apt or the archive's key is missing. */
async function debianVersion(suite, name) {
  if (process.platform !== 'linux' || !existsSync(KEYRING)) { return undefined; }
  const work = mkdtempSync(join(tmpdir(), 'drift-apt-'));
  try {
    await aptOf(work, suite);
    const { stdout } = await run('apt-cache', ['-c', join(work, 'apt.conf'), 'policy', name], { cwd: work });
    return /Candidate: (\S+)/.exec(stdout)?.[1];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The latest version of each package that `npm outdated` lists: once for each package that asks for it, and an alias with what it stands for. */
export function latestIn(outdated) {
  return Object.fromEntries(Object.entries(outdated).map(([name, found]) => [name.split(':')[0], [found].flat()[0].latest]));
}

/** What npm calls the latest of packages, where that isn't what is installed. One process asks for all of them; it fails where there is any. */
async function latestOfNpm(root) {
  const outdated = ['outdated', '--json', ...JUDGES_OF_NPM];
  const { stdout } = await run('npm', outdated, { cwd: root })
    .catch(error => error.stdout?.startsWith('{') && !JSON.parse(error.stdout).error ? error : Promise.reject(error));
  return latestIn(JSON.parse(stdout || '{}'));
}

/** The pins with what is served, each { registry, name, version, place, newest }. `newest` is absent where nobody could be asked. */
export async function askedPins(root, sources) {
  const npm = latestOfNpm(root);
  const newestOfPin = async ({ registry, name, version }) => {
    if (registry === 'npm') { return (await npm)[name] ?? version; }
    return registry.startsWith('Debian ') ? debianVersion(registry.slice('Debian '.length), name) : sources.newest(registry, name);
  };
  return Promise.all(pins(root).map(async pin => ({ ...pin, newest: await newestOfPin(pin) })));
}

/**
 * What the four registries serve of aws-cdk-lib from the floor on: the newest of each, and the newest of all. Each version is asked for by itself, since the
 * lists of Maven Central and of the Go proxy lag behind what they serve.
 */
export async function servedEverywhere(sources, floor) {
  const lists = await Promise.all(Object.entries(FLOOR).map(([registry, name]) => sources.versions(registry, name)));
  const candidates = [...new Set(lists.flat().map(version => version.replace(/^v/, '')))].filter(version => newestOf([version]) && compareVersions(version, floor) >= 0);
  const served = Object.fromEntries(await Promise.all(Object.entries(FLOOR).map(async ([registry, name]) => {
    const answers = await Promise.all(candidates.map(version => sources.serves(registry, name, version)));
    return [registry, candidates.filter((_, index) => answers[index])];
  })));
  return {
    newest: Object.fromEntries(Object.entries(served).map(([registry, versions]) => [registry, newestOf(versions)])),
    all: newestOf(candidates.filter(version => Object.values(served).every(versions => versions.includes(version)))),
  };
}

/** The facts that are recorded: the newest version of each package that was seen, by registry. */
export function factsOfVersions(older, { asked, served }) {
  const facts = { 'all four registries': { 'aws-cdk-lib': served.all } };
  for (const { registry, name, newest } of asked) {
    const seen = newest ?? older?.[registry]?.[name];
    if (seen !== undefined) { (facts[registry] ??= {})[name] = seen; }
  }
  return facts;
}

/** What registries serve that is newer than the pin, and that they didn't serve when that was recorded. */
export function itemsOfVersions(older, { asked, served, floor }) {
  const all = {
    registry: 'all four registries', name: 'aws-cdk-lib', version: older?.['all four registries']?.['aws-cdk-lib'] ?? floor, newest: served.all, place: 'decisions/0001-peer-floor.md',
  };
  return [...asked, all]
    .filter(({ registry, name, version, newest }) => newest !== undefined && newest !== older?.[registry]?.[name] && compareVersions(newest, version) > 0)
    .map(({ registry, name, version, place, newest }) => ({
      source: 'versions', kind: 'changed', what: `${name} of ${registry}`, names: [name], was: version, is: newest, at: [], places: [place],
    }));
}
