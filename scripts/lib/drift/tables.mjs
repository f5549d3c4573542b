/* What tables and sources of ours know: decisions about facts, and the places that a fact concerns. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importTypeScript } from '../import-typescript.mjs';
import { OPERATIONS, RESOURCES } from '../constraints.mjs';

/** Tables whose rows are decisions, beside `test/drift/decided.ts`. */
const COVERAGE = { 'pcs': 'test/pcs/coverage.ts', 'hyperpod': 'test/hyperpod/coverage.ts', 'training-plans': 'test/training-plans/coverage.ts' };
const DECIDED = 'test/drift/decided.ts';

const firstToLower = name => name[0].toLowerCase() + name.slice(1);

/** The operations that are walked: those that handlers call, and those that CloudFormation calls for what is rendered. */
export function usedOperations({ USED }) {
  const used = Object.fromEntries(Object.entries(OPERATIONS).map(([service, names]) => [service, { ...names }]));
  for (const { service, operations } of USED) {
    for (const name of operations.split(' ')) { (used[service] ??= {})[name] ??= true; }
  }
  return used;
}

export async function readTables(root) {
  const [decided, pcs, hyperpod, plans] = await Promise.all([DECIDED, ...Object.values(COVERAGE)].map(file => importTypeScript(join(root, file))));
  return {
    ...decided, root, used: usedOperations(decided), types: RESOURCES, coverage: coverageOf({ pcs, hyperpod, plans }), sources: sourcesOf(root),
    floor: readFileSync(join(root, 'decisions', '0001-peer-floor.md'), 'utf8'),
    constrained: (service, operation) => Object.hasOwn(OPERATIONS[service] ?? {}, operation),
  };
}

function sourcesOf(root) {
  return ['src', 'lambda'].flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.startsWith('private/inputs')).sort()
    .map(name => ({ file: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })));
}

/** The rows of the coverage tables by source and name: `{ file, verdict }`. */
function coverageOf({ pcs, hyperpod, plans }) {
  const rows = new Map();
  const add = (file, source, name, { ours, why }) => rows.set(`${source} ${name}`, { file, verdict: ours?.length > 0 ? { ours: ours.join(', ') } : { why } });
  for (const { owner, property, ours, note } of pcs.CLOUDFORMATION) { add(COVERAGE.pcs, 'aws-pcs', `${owner} ${property}`, { ours, why: note }); }
  for (const { owner, property, ours, note } of pcs.API) { add(COVERAGE.pcs, 'pcs', `${owner.replace(' response', ' answer')} ${property}`, { ours, why: note }); }
  for (const [type, fields] of Object.entries(hyperpod.CLOUDFORMATION)) {
    for (const [path, verdict] of Object.entries(fields)) { add(COVERAGE.hyperpod, `AWS::SageMaker::${type}`, path, verdict); }
  }
  for (const [file, operations] of [[COVERAGE.hyperpod, hyperpod.OPERATIONS], [COVERAGE['training-plans'], plans.OPERATIONS]]) {
    for (const [shape, fields] of Object.entries(operations)) {
      for (const [path, verdict] of Object.entries(fields)) { add(file, 'sagemaker', `${shape} ${path}`, verdict); }
    }
  }
  return rows;
}

/** Whether a name is one that a row is about. */
export function names(row, name) {
  return row.names.split(' ').some(pattern => new RegExp(`^${pattern.replace(/[.[\]{}$^()|\\+?]/g, '\\$&').replaceAll('*', '.*')}$`).test(name));
}

/** The row of `decided.ts` about a fact. */
export function decisionOn({ DECIDED: rows }, source, ...candidates) {
  const row = rows.find(one => one.source === source && candidates.some(name => names(one, name)));
  return row && { file: DECIDED, verdict: row.verdict, beside: row.beside };
}

const search = (tables, pattern) => tables.sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

/** The files that call an operation, or render the type whose provider does. */
export function placesOfOperation(tables, service, operation) {
  const called = search(tables, new RegExp(`new ${operation}Command\\(|\\bpaginate${operation}\\(`));
  const through = tables.USED.filter(use => use.service === service && use.operations.split(' ').includes(operation)).flatMap(use => placesOfType(tables, use.through));
  const allowed = called.length + through.length > 0 ? [] : search(tables, new RegExp(`'${service}:${operation}'`));
  return [...new Set([...called, ...through, ...allowed])];
}

/** The files that make a resource of a type. Where several services have a class of the name, the submodule's folder decides. */
export function placesOfType(tables, type) {
  const [, service, name] = type.split('::');
  const files = search(tables, new RegExp(`new (\\w+\\.)?Cfn${name}\\(`));
  const folder = { PCS: 'src/pcs/', SageMaker: 'src/hyperpod/' }[service];
  const own = files.filter(file => folder && file.startsWith(folder));
  return own.length > 0 ? own : files;
}

/** The files that speak of several values of a list, or of most where it has few. */
export function placesOfValues(tables, values) {
  const least = Math.min(3, values.length);
  const quoted = values.map(value => new RegExp(`['\`]${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['\`]`));
  return tables.sources.filter(({ text }) => quoted.filter(value => value.test(text)).length >= least).map(({ file }) => file);
}

/** The file of rows about the constraints of a service or type. */
export function placeOfConstraints(source) {
  if (source === 'pcs' || source.startsWith('AWS::PCS::')) { return 'test/constraints/pcs.ts'; }
  return source === 'sagemaker' || source.startsWith('AWS::SageMaker::') ? 'test/constraints/hyperpod.ts' : 'test/constraints/others.ts';
}

/** Members of L1s, camelCase, by the path that CloudFormation has: `instanceGroups.instanceCount` of `InstanceGroups[].InstanceCount`. */
export function l1Path(path) {
  return path.replaceAll('[]', '').replaceAll('{}', '').split('.').map(firstToLower).join('.');
}
