/*
 * What a change may not alter unseen. Against gates.json: bundles in bytes, example templates in bytes and resources, and, where
 * valgrind is there, the instructions that constructs take in relation to the same resources by L1s. Against test/examples/snapshots:
 * the templates themselves.
 * `node scripts/gates.mjs --update` records today's; a review then sees the change.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canCount, countKinds, KINDS } from '../test/bench/instructions.mjs';
import { ofEachExample, synthesize } from './lib/examples.mjs';
import { firstDifference } from './lib/first-difference.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'gates.json');
const snapshots = join(root, 'test', 'examples', 'snapshots');
/** How far a figure may grow before somebody has to look: bytes change a little with every dependency, counts don't. */
const SLACK = { bytes: 1.05, resources: 1, 'ours / by hand': 1.03, 'with / without types at run time': 1.005 };
/* Counts of instructions hardly differ between runs; 3 % are for other versions of Node and other processors. */
const INSTRUCTIONS = 'instructions';

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

const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
if (canCount()) {
  const counted = await countKinds(Object.fromEntries(KINDS.map(kind => [kind, [30]])), undefined, ['ours', 'wrapped', 'unchecked']);
  for (const [kind, { 30: { empty, ours, wrapped, unchecked } }] of Object.entries(counted).sort()) {
    measured[`${INSTRUCTIONS} of 30 ${kind}, ours / by hand`] = Number((ours / wrapped).toFixed(3));
    // Of the whole process that synthesizes: what a user waits for
    measured[`${INSTRUCTIONS} of 30 ${kind}, with / without types at run time`] = Number(((empty + ours) / (empty + unchecked)).toFixed(4));
  }
} else {
  console.log('SKIPPED: ratios of instructions: this machine has no valgrind\n');
  for (const key of Object.keys(known).filter(name => name.startsWith(INSTRUCTIONS))) { measured[key] = known[key]; }
}

if (process.argv.includes('--update')) {
  writeFileSync(file, JSON.stringify(measured, undefined, 2) + '\n');
  rmSync(snapshots, { recursive: true, force: true });
  mkdirSync(snapshots);
  for (const [name, text] of Object.entries(templates)) { writeFileSync(join(snapshots, name), text); }
}
const recorded = JSON.parse(readFileSync(file, 'utf8'));
/** The most that the judgement of types at run time may ever take: decisions/0020. */
const MOST_OF_TYPES = 1.02;
const problems = [];
const rows = [...new Set([...Object.keys(recorded), ...Object.keys(measured)])].map(key => {
  const slack = SLACK[key.split(', ').at(-1)];
  const most = recorded[key] * slack;
  const ceiling = key.endsWith('types at run time') ? MOST_OF_TYPES : Infinity;
  const limit = recorded[key] === undefined ? undefined : key.startsWith(INSTRUCTIONS) ? Math.min(ceiling, Number(most.toFixed(3))) : Math.floor(most);
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
