/*
 * Reads the jsii assembly and holds every public symbol to the style of its documentation, then compares the API with that of
 * the last release. Expects a built library (`npm run build:library`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './lib/import-typescript.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(join(root, '.jsii'))) { throw new Error('the library is not built: run `npm run build:library` first'); }

const { judge } = await importTypeScript(join(root, 'test', 'package', 'api-docs.ts'));
const { findings, types, members, constructs } = judge(JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')));
for (const finding of findings) { console.log(finding); }
console.log(`public API: ${types} types, ${members} members, ${constructs} constructs; ${findings.length} findings in their docs`);
if (findings.length > 0) { process.exitCode = 1; }

const tag = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], { cwd: root, encoding: 'utf8' });
if (tag.status !== 0) {
  console.log('SKIPPED: comparison with the last release: there is no tag yet');
} else {
  const release = tag.stdout.trim();
  const version = release.replace(/^v/, '');
  const diff = spawnSync(join(root, 'node_modules', '.bin', 'jsii-diff'), [`npm:cdk-hpc-clusters@${version}`, '.', '--error-on', 'prod'], {
    cwd: root, encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  console.log(`against ${release}: ${diff.status === 0 ? 'compatible' : 'breaking'}\n${diff.stdout}${diff.stderr}`);
  if (diff.status !== 0) { process.exitCode = 1; }
}
