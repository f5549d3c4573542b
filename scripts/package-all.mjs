/*
 * Makes the package of every language in dist/: npm, PyPI (wheel and sdist), Maven and Go, and the C# code, which is compiled
 * where there is a .NET SDK. Expects a built library (`npm run build:library`).
 *
 *   node scripts/package-all.mjs [--only=js,python,java,go,dotnet]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './lib/table.mjs';
import { has } from './lib/tools.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** What each package is built with, and which of its files tell that it is there. */
const TARGETS = {
  js: { tools: [], made: /\.tgz$/ },
  python: { tools: ['python3'], made: /\.(whl|tar\.gz)$/ },
  java: { tools: ['mvn', 'java'], made: /0\.jar$|\.pom$/ },
  go: { tools: ['go'], made: /go\.mod$/ },
  dotnet: { tools: [], made: has('dotnet') ? /\.nupkg$/ : /\.csproj$/ },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(TARGETS);
const unknown = wanted.filter(name => !TARGETS[name]);
if (unknown.length > 0) { throw new Error(`unknown target: ${unknown.join(', ')}; known are ${Object.keys(TARGETS).join(', ')}`); }
if (!existsSync(join(root, '.jsii'))) { throw new Error('the library is not built: run `npm run build:library` first'); }

const rows = [];
for (const name of wanted) {
  const { tools, made } = TARGETS[name];
  const missing = tools.filter(tool => !has(tool));
  if (missing.length > 0) {
    console.log(`SKIPPED: package of ${name}: this machine has no ${missing.join(', no ')}`);
    continue;
  }
  const folder = join(dist, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const codeOnly = name === 'dotnet' && !has('dotnet') ? ['--code-only'] : [];
  const started = Date.now();
  const run = spawnSync(join(root, 'node_modules', '.bin', 'jsii-pacmak'), ['--target', name, '--outdir', dist, '--no-npmignore', ...codeOnly], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  if (run.status !== 0) { throw new Error(`jsii-pacmak for ${name} failed\n${run.stdout}${run.stderr}`); }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && made.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
  if (files.length === 0) { throw new Error(`jsii-pacmak for ${name} made no package in ${folder}`); }
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  for (const file of files) { rows.push([name, relative(root, file), `${(statSync(file).size / 1024).toFixed(0)} KB`, `${seconds} s`]); }
  if (codeOnly.length > 0) { console.log('SKIPPED: compiling C#: this machine has no .NET SDK; its code was generated'); }
}
console.log(table(['language', 'package', 'size', 'made in'], rows, { widest: 90 }));
