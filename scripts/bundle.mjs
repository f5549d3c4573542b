// Bundles every handler of lambda/ into assets/<name>/index.js: one file, SDK inside, the same bytes on every machine.
import { mkdirSync, readdirSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lambda = join(root, 'lambda');
const assets = join(root, 'assets');

/** What Lambda never needs: the chain of credential providers (it gives them in the environment) and event streams. */
const replacements = {
  '@aws-sdk/credential-provider-node': join(lambda, 'shared', 'sdk', 'environment-credentials.ts'),
  '@smithy/core/event-streams': join(lambda, 'shared', 'sdk', 'no-event-streams.ts'),
};

const handlers = readdirSync(lambda, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(join(lambda, entry.name, 'index.ts')))
  .map(entry => entry.name)
  .sort();

rmSync(assets, { recursive: true, force: true });
for (const name of handlers) {
  const outfile = join(assets, name, 'index.js');
  mkdirSync(dirname(outfile), { recursive: true });
  const result = await build({
    absWorkingDir: root, // paths inside the bundle are relative to it, never of this machine
    entryPoints: [join('lambda', name, 'index.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'], // the SDK's CommonJS build can't be tree-shaken: three times the size
    alias: replacements,
    legalComments: 'none', // their texts are in THIRD-PARTY-LICENSES
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  });
  const bytes = Object.values(result.metafile.outputs)[0].bytes;
  console.log(`assets/${name}/index.js  ${bytes.toLocaleString('en')} bytes`);
}
