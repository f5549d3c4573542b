/*
 * Size gates: bundles in bytes, example templates in bytes and resources, against gates.json.
 * `node scripts/gates.mjs --update` records today's figures; a review then sees the change.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ofEachExample, synthesize } from './lib/examples.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'gates.json');
/** How far a size may grow before somebody has to look: bytes change a little with every dependency, counts don't. */
const SLACK = { bytes: 1.05, resources: 1 };

/** What no recording may go above. */
const CEILING = { 'bundle lookup, bytes': 160_000, 'bundle hyperpod-lookup, bytes': 205_000, 'bundle pcs-lookup, bytes': 160_000 };

const measured = {};
for (const name of readdirSync(join(root, 'assets')).sort()) {
  measured[`bundle ${name}, bytes`] = statSync(join(root, 'assets', name, 'index.js')).size;
}
for (const { name, stacks } of await ofEachExample(name => synthesize(name))) {
  for (const stack of stacks) {
    measured[`example ${name}, stack ${stack.name}, bytes`] = stack.text.length;
    measured[`example ${name}, stack ${stack.name}, resources`] = Object.keys(stack.template.Resources).length;
  }
}

if (process.argv.includes('--update')) {
  writeFileSync(file, JSON.stringify(measured, undefined, 2) + '\n');
}
const recorded = JSON.parse(readFileSync(file, 'utf8'));
const problems = [];
const rows = [...new Set([...Object.keys(recorded), ...Object.keys(measured)])].map(key => {
  const slack = key.endsWith('resources') ? SLACK.resources : SLACK.bytes;
  const limit = recorded[key] === undefined ? undefined : Math.min(CEILING[key] ?? Infinity, Math.floor(recorded[key] * slack));
  const ok = limit !== undefined && measured[key] !== undefined && measured[key] <= limit;
  if (!ok) { problems.push(key); }
  return [key, measured[key] ?? 'gone', limit ?? 'not recorded', ok ? 'ok' : 'FAILED'];
});
console.log(table(['what', 'measured', 'at most', ''], rows, { widest: 90, total: 400 }));
if (problems.length > 0) {
  console.error('\nIf the growth is meant, record it with `node scripts/gates.mjs --update` and say why in the commit.');
  process.exit(1);
}
