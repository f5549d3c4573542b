// Finds Python and keeps virtual environments with pinned packages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './processes.mjs';

const NEEDED = [3, 10];

/** An error whose message is all that the reader needs. */
export class Advice extends Error {
  exitCode = 1;
}

/** The first Python that is new enough and can make virtual environments (Debian has that in a package of its own), or nothing. */
export function findPython(candidates = ['python3', 'python']) {
  for (const candidate of candidates) {
    try {
      const version = execFileSync(candidate, ['-c', 'import ensurepip, sys, venv; print(*sys.version_info[:2])'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const [major, minor] = version.trim().split(' ').map(Number);
      if (major === NEEDED[0] && minor >= NEEDED[1]) {
        return candidate;
      }
    } catch {
      // not there, not Python, or without venv
    }
  }
  return undefined;
}

/** Makes the virtual environment if it isn't there, or was made from other requirements or by another Python; returns its interpreter. */
export async function virtualPython(work, requirements, { what, purpose }) {
  const python = findPython();
  if (python === undefined) {
    throw new Advice(`${purpose} needs Python ${NEEDED.join('.')} or newer as python3, with venv, and found none. Install it `
      + '(Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) and start again.');
  }
  const venv = join(work, 'venv');
  const interpreter = join(venv, 'bin', 'python');
  const stamp = join(venv, 'requirements.sha256');
  const version = execFileSync(python, ['--version'], { encoding: 'utf8' }); // packages are installed for one version
  const wanted = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return interpreter;
  }

  console.log(`Installing ${what} into ${relative(process.cwd(), venv)} (only the first time)`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const env = { ...process.env, PIP_CACHE_DIR: join(work, 'pip-cache'), PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const log = join(work, 'install.log');
  rmSync(log, { force: true });
  if (await run(python, ['-m', 'venv', venv], { env, log }) !== 0) {
    throw new Advice(`Python can't make a virtual environment (Debian, Ubuntu: apt-get install python3-venv). What it said:\n${readFileSync(log, 'utf8')}`);
  }
  const install = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:', '--requirement', requirements];
  if (await run(interpreter, install, { env, log }) !== 0) {
    throw new Advice(`pip can't install ${what}; is the package index in reach? What it said:\n${readFileSync(log, 'utf8')}`);
  }
  writeFileSync(stamp, wanted);
  return interpreter;
}
