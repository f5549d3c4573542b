// Runs a TypeScript program of this repository:  node scripts/run-ts.mjs <file> [arguments]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [file, ...programArguments] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run-ts.mjs <file.ts> [arguments]');
  process.exit(2);
}

const folder = mkdtempSync(join(root, 'node_modules', '.cache-run-')); // inside, so that packages resolve
const remove = () => rmSync(folder, { recursive: true, force: true });
const outfile = join(folder, 'program.cjs');
try {
  await build({
    entryPoints: [resolve(file)], outfile, bundle: true, platform: 'node', format: 'cjs', packages: 'external', sourcemap: 'inline', logLevel: 'warning',
  });
} catch {
  remove();
  process.exit(1); // esbuild has said why
}
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...programArguments], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) { process.on(signal, () => child.kill(signal)); }
child.on('exit', (code, signal) => {
  remove();
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
