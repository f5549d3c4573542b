/*
 * Reads the jsii assembly and holds every public symbol to the style of its documentation, to names that every language has room for
 * and to the conventions that submodules share, then compares the API with that of the last release. Expects a built library (`npm run build:library`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './lib/import-typescript.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(join(root, '.jsii'))) { throw new Error('the library is not built: run `npm run build:library` first'); }

const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
const { judge } = await importTypeScript(join(root, 'test', 'package', 'api-docs.ts'));
const { judgeNames } = await importTypeScript(join(root, 'test', 'package', 'api-names.ts'));
const { judgeConventions } = await importTypeScript(join(root, 'test', 'package', 'conventions.ts'));
const { findings, types, members, constructs } = judge(assembly);
const clashes = judgeNames(assembly);
const breaches = judgeConventions(assembly);
for (const finding of [...findings, ...clashes, ...breaches]) { console.log(finding); }
console.log(`public API: ${types} types, ${members} members, ${constructs} constructs; `
  + `${findings.length} findings in their docs, ${clashes.length} in their names, `
  + `${breaches.length} breaches of conventions`);
if (findings.length + clashes.length + breaches.length > 0) { process.exitCode = 1; }

const tag = run('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], root);
if (tag.status !== 0) {
  console.log('SKIPPED: comparison with the last release: there is no tag yet');
} else {
  compare(tag.stdout.trim());
}

/**
 * Holds the API to that of a release, which is compiled from its tag: a tag is there before its package is. What is broken on
 * purpose has its key in .compatignore and a line in the changelog; experimental symbols count as any other.
 */
function compare(release) {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-release-'));
  try {
    const before = join(folder, 'before');
    mkdirSync(before);
    const archive = join(folder, 'release.tar');
    must('git', ['archive', '--output', archive, release], root);
    must('tar', ['-xf', archive, '-C', before], root);
    symlinkSync(join(root, 'node_modules'), join(before, 'node_modules'));
    must(join(root, 'node_modules', '.bin', 'jsii'), ['--silence-warnings=reserved-word'], before);
    const diff = run(join(root, 'node_modules', '.bin', 'jsii-diff'),
      [before, root, '--error-on', 'all', '--keys', '--ignore-file', join(root, '.compatignore')], root);
    console.log(`public API against ${release}: ${diff.status === 0 ? 'compatible' : 'BROKEN'}\n${diff.stdout}${diff.stderr}`.trimEnd());
    if (diff.status !== 0) { process.exitCode = 1; }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command, args, cwd) {
  return spawnSync(command, args, {
    cwd, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
}

function must(command, args, cwd) {
  const result = run(command, args, cwd);
  if (result.status !== 0) { throw new Error(`${command} ${args.join(' ')} failed\n${result.stdout}${result.stderr}`); }
}
