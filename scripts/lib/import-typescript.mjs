import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Loads a TypeScript module of this repository as it stands, without compiling the library first. */
export async function importTypeScript(file) {
  const folder = mkdtempSync(join(root, 'node_modules', '.cache-ts-')); // inside, so that packages resolve
  const outfile = join(folder, 'module.mjs');
  try {
    await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
