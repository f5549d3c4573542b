// npm run spending -- [--kind purchases|extensions] [--schedules 10000] [--seed 1] [--only <number>] [--bundle <file>]
// Plays random schedules of spending against the handlers, in plain node: fails when one breaks an invariant. With --bundle, only writes
// the program, which runs wherever Node.js finds aws-cdk-lib.
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const at = given.indexOf('--bundle');
const outfile = at < 0 ? join(root, 'node_modules', '.cache', 'spending.cjs') : resolve(given[at + 1]);

await build({
  entryPoints: [join(root, 'test/driver/purchase/run.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  absWorkingDir: root,
  plugins: [{
    name: 'spending',
    setup({ onResolve, onLoad }) {
      // CDK's framework is read from its package, with clients that nobody calls; nothing is logged
      onResolve({ filter: /^@aws-sdk\// }, ({ path }) => ({ path, namespace: 'empty' }));
      onResolve({ filter: /\/logger$/ }, ({ path }) => ({ path, namespace: 'silent' }));
      onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }));
      onLoad({ filter: /.*/, namespace: 'silent' }, () => ({ contents: 'exports.log = () => undefined' }));
    },
  }],
  banner: {
    js: `{
  const Module = require('node:module');
  const load = Module._load;
  Module._load = function (request, ...others) { return request.startsWith('@aws-sdk/') ? {} : load.call(this, request, ...others); };
}`,
  },
  logOverride: { 'require-resolve-not-external': 'silent' },
});
if (at < 0) {
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', '--max-semi-space-size=64', outfile, ...given], { stdio: 'inherit' }).status ?? 1;
}
