/*
 * Packages and versions from the registries, by their ordinary clients: pip and npm, which know proxies and mirrors, and the protocols of the Go proxy and
 * Maven Central. What has been fetched in a version is kept in a folder, since no version ever changes.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GO_PROXY = (process.env.GOPROXY ?? '').split(/[,|]/).find(url => url.startsWith('http')) ?? 'https://proxy.golang.org';
const MAVEN = 'https://repo1.maven.org/maven2';

/** The order of versions such as 2.276.0, 1.15.2 and 24.11.5-4+deb13u1: numbers count as numbers. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map(version => version.split(/[^0-9]+/).filter(Boolean).map(Number));
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    if ((left[index] ?? -1) !== (right[index] ?? -1)) { return (left[index] ?? -1) - (right[index] ?? -1); }
  }
  return 0;
}

/** The newest of some versions, without those before a release. Undefined where there is none. */
export function newestOf(versions) {
  return versions.filter(version => /^v?\d+(\.\d+)*$/.test(version)).sort(compareVersions).at(-1);
}

export class Sources {
  constructor({ python, work }) {
    this.python = python;
    this.work = work;
    this.asked = {};
    mkdirSync(work, { recursive: true });
  }

  /** Fetches into a folder of its own, which gets its name when it is whole. */
  async kept(name, fetched) {
    const folder = join(this.work, name);
    if (existsSync(folder)) { return folder; }
    const building = mkdtempSync(join(this.work, '.new-'));
    try {
      await fetched(building);
      renameSync(building, folder);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
    return folder;
  }

  /** A package of PyPI, in a version or the newest: { version, folder }. */
  async pythonPackage(name, version) {
    const wanted = version ?? await this.newest('PyPI', name);
    const folder = await this.kept(`${name}-${wanted}`, async into => {
      await run(this.python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--only-binary', ':all:', '--target', into, `${name}==${wanted}`]);
    });
    return { version: wanted, folder };
  }

  /** Files of a package of npm, in a version: the folder that has them. */
  async npmFiles(name, version, files) {
    return this.kept(`${name}-${version}`, async into => {
      const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', into]);
      const archive = join(into, JSON.parse(stdout)[0].filename);
      const { stdout: list } = await run('tar', ['-tzf', archive], { maxBuffer: 1 << 26 });
      const there = new Set(list.split('\n'));
      await run('tar', ['-xzf', archive, '-C', into, '--strip-components', '1', ...files.map(file => `package/${file}`).filter(file => there.has(file))]);
      rmSync(archive);
    });
  }

  /** A file of a Go module, in a version. */
  async goFile(module, version, file) {
    const folder = await this.kept(`${module.replaceAll('/', '+')}-${version}`, async into => {
      const archive = join(into, 'module.zip');
      writeFileSync(archive, Buffer.from(await (await get(`${GO_PROXY}/${module}/@v/${version}.zip`)).arrayBuffer()));
      await run(this.python, ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])', archive, `${module}@${version}/${file}`, into]);
      rmSync(archive);
    });
    return readFileSync(join(folder, `${module}@${version}`, file), 'utf8');
  }

  /** The newest version that a registry serves. */
  async newest(registry, name) {
    const found = newestOf(await this.versions(registry, name));
    if (found === undefined) { throw new Error(`${registry} serves no version of ${name}`); }
    return found;
  }

  /** All versions that a registry serves of a package, asked for once. */
  versions(registry, name) {
    return this.asked[`${registry} ${name}`] ??= this.ask(registry, name);
  }

  /** Whether a registry serves a version. */
  async serves(registry, name, version) {
    switch (registry) {
      case 'Go proxy': return exists(`${GO_PROXY}/${name}/@v/v${version}.info`);
      case 'Maven Central': {
        const [group, artifact] = name.split(':');
        return exists(`${MAVEN}/${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}.pom`);
      }
      default: return (await this.versions(registry, name)).includes(version);
    }
  }

  async ask(registry, name) {
    switch (registry) {
      case 'npm': {
        const { stdout } = await run('npm', ['view', name, 'versions', '--json'], { maxBuffer: 1 << 26 });
        return [JSON.parse(stdout)].flat();
      }
      case 'PyPI': {
        const { stdout } = await run(this.python, ['-m', 'pip', 'index', 'versions', name], { maxBuffer: 1 << 26 });
        return /^Available versions: (.*)$/m.exec(stdout)[1].split(', ');
      }
      case 'Go proxy': return (await (await get(`${GO_PROXY}/${name}/@v/list`)).text()).trim().split('\n');
      case 'Maven Central': {
        const [group, artifact] = name.split(':');
        const text = await (await get(`${MAVEN}/${group.replaceAll('.', '/')}/${artifact}/maven-metadata.xml`)).text();
        return [...text.matchAll(/<version>([^<]+)<\/version>/g)].map(([, version]) => version);
      }
      default: throw new Error(`no registry ${registry}`);
    }
  }
}

/** Registries answer 404 or 410 for what they don't have, and mirrors 403 for what they don't hand out. */
async function exists(url) {
  const { ok, status, statusText } = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!ok && status >= 500) { throw new Error(`${url}: ${status} ${statusText}`); }
  return ok;
}

async function get(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok) { throw new Error(`${url}: ${response.status} ${response.statusText}`); }
  return response;
}
