/*
 * Compiles every TypeScript block of the guides, each in the stack that rosetta puts the blocks of READMEs into
 * (rosetta/default.ts-fixture), or as a whole module where it is marked `ts nofixture`. As with rosetta, imports and
 * declarations of a block go in front of the stack.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const guides = join(root, 'docs', 'guides');
const folder = join(root, 'node_modules', '.cache', 'guides'); // inside, so that packages resolve
const fixture = readFileSync(join(root, 'rosetta', 'default.ts-fixture'), 'utf8');

/** The statements that stand outside of the stack: from a line that begins with `import` or `declare` to the line that ends in a semicolon. */
const OUTSIDE = /^(?:import|declare)\b[^]*?;[^\n]*\n/gm;
const inFixture = code => `${(code.match(OUTSIDE) ?? []).join('')}${fixture.replace('/// here', () => code.replace(OUTSIDE, ''))}`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const origins = new Map();
for (const guide of existsSync(guides) ? readdirSync(guides).filter(name => name.endsWith('.md')).sort() : []) {
  const text = readFileSync(join(guides, guide), 'utf8');
  for (const { 1: kind, 2: code, index } of text.matchAll(/^```ts( nofixture)?\n([^]*?)^```/gm)) {
    const line = text.slice(0, index).split('\n').length;
    const file = `${guide.replace('.md', '')}-${line}.ts`;
    origins.set(file, `docs/guides/${guide}:${line}`);
    writeFileSync(join(folder, file), `${kind ? code : inFixture(code)}\nexport {};\n`);
  }
}
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
  extends: relative(folder, join(root, 'tsconfig.json')),
  compilerOptions: {
    noEmit: true, rootDir: root, noUnusedLocals: false, noUnusedParameters: false, types: ['node'],
    paths: { 'cdk-hpc-clusters': [join(root, 'src')] },
  },
  include: ['*.ts'],
  exclude: [],
}));
const run = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
const said = run.stdout.replace(/^([\w-]+\.ts)/gm, file => `${origins.get(file) ?? file} (${file})`);
console.log(run.status === 0 ? `guides: ${origins.size} blocks compile` : said + run.stderr);
process.exitCode = run.status === 0 ? 0 : 1;
