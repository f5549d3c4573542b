/*
 * What a change may not alter unseen: bundles in bytes, example templates in bytes and resources, against gates.json, and the
 * templates themselves, against test/examples/snapshots.
 * `node scripts/gates.mjs --update` records today's; a review then sees the change.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ofEachExample, synthesize } from './lib/examples.mjs';
import { firstDifference } from './lib/first-difference.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'gates.json');
const snapshots = join(root, 'test', 'examples', 'snapshots');
/** How far a size may grow before somebody has to look: bytes change a little with every dependency, counts don't. */
const SLACK = { bytes: 1.05, resources: 1 };

/** What no recording may go above. */
const CEILING = { 'bundle lookup, bytes': 160_000, 'bundle hyperpod-lookup, bytes': 205_000, 'bundle pcs-lookup, bytes': 160_000 };

/** A template without the hashes of code, which another version of a bundle changes, and without what the CDK reports of itself. */
function snapshotOf({ template }) {
  const { CDKMetadata: _, ...Resources } = template.Resources;
  return JSON.stringify({ ...template, Resources }, undefined, 1).replace(/\b[0-9a-f]{64}\b/g, '<asset>') + '\n';
}

const measured = {};
const templates = {};
for (const name of readdirSync(join(root, 'assets')).sort()) {
  measured[`bundle ${name}, bytes`] = statSync(join(root, 'assets', name, 'index.js')).size;
}
for (const { name, stacks } of await ofEachExample(name => synthesize(name))) {
  for (const stack of stacks) {
    measured[`example ${name}, stack ${stack.name}, bytes`] = stack.text.length;
    measured[`example ${name}, stack ${stack.name}, resources`] = Object.keys(stack.template.Resources).length;
    templates[`${name}.${stack.name}.json`] = snapshotOf(stack);
  }
}

if (process.argv.includes('--update')) {
  writeFileSync(file, JSON.stringify(measured, undefined, 2) + '\n');
  rmSync(snapshots, { recursive: true, force: true });
  mkdirSync(snapshots);
  for (const [name, text] of Object.entries(templates)) { writeFileSync(join(snapshots, name), text); }
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
}

const changed = [...new Set([...readdirSync(snapshots), ...Object.keys(templates)])].flatMap(name => {
  const path = join(snapshots, name);
  if (templates[name] === undefined) { return [`${name}: no example makes it any more`]; }
  if (!existsSync(path)) { return [`${name}: not recorded`]; }
  const before = readFileSync(path, 'utf8');
  return before === templates[name] ? [] : [`${name}: ${firstDifference(before, templates[name])}`];
});
console.log(`\ntemplates of examples: ${Object.keys(templates).length - changed.length} as recorded, ${changed.length} not`);
if (changed.length > 0) {
  console.error(`${changed.join('\n')}\nUsers see such a change in \`cdk diff\`: if it is meant, record it with \`node scripts/gates.mjs --update\`,`
    + ' and give it a line in the changelog.');
}
if (problems.length + changed.length > 0) { process.exitCode = 1; }
