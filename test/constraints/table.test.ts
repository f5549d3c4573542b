import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { matches, rows, typed } from './row';
import { CONSTRAINTS, EXTRACT, ROWS, rowOf } from './table';
import { SUBMODULES } from '../rules/catalogue';

const ROOT = join(__dirname, '..', '..');

const named = ({ source, path, kind }: { source: string; path: string; kind: string }) => `${source} ${path}: ${kind}`;

function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
    .map(name => readFileSync(join(ROOT, folder, name), 'utf8'));
}

/** What a pattern finds in sources, but for comments. */
function found(folder: string, pattern: RegExp): string[] {
  const texts = sourcesOf(folder).map(text => text.replace(/^\s*\*.*$/gm, ''));
  return [...new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(match => match.slice(1).join('|'))))].sort();
}

test('the models have constraints', () => {
  expect(CONSTRAINTS.length).toBeGreaterThan(1000);
  expect(EXTRACT.models).toEqual({ 'botocore': expect.stringMatching(/^\d/), 'cfn-lint': expect.stringMatching(/^\d/), 'schemas': expect.stringMatching(/^20\d\d-/) });
});

test('each constraint of the models has a row', () => {
  expect(CONSTRAINTS.filter(constraint => !rowOf(constraint)).map(named)).toEqual([]);
});

test('each row, source and path is about a constraint that the models have and no row before has', () => {
  const used = new Map<unknown, Set<string>>();
  for (const constraint of CONSTRAINTS) {
    const row = rowOf(constraint)!;
    const of = used.get(row) ?? new Set();
    used.set(row, of);
    of.add(constraint.source);
    row.paths.filter(pattern => matches(pattern, constraint.path)).forEach(pattern => of.add(pattern));
    row.kinds?.filter(kind => kind === constraint.kind).forEach(kind => of.add(kind));
  }
  const idle = ROWS.flatMap(row => [...row.paths, ...row.kinds ?? []].filter(part => !used.get(row)?.has(part)).map(part => `${part} of ${row.sources[0]} ${row.paths.join(' ')}`));
  expect(idle).toEqual([]);
  expect(ROWS.flatMap(row => row.sources).filter(source => !Object.hasOwn(EXTRACT.at, source))).toEqual([]);
});

test('a constraint that is new, and a row about one that is gone, would be found', () => {
  const fresh = { source: 'pcs CreateQueue', path: 'queueColour', kind: 'pattern', value: '[a-z]+' } as const;
  expect(rowOf(fresh)).toBeUndefined();
  const [row] = rows(['pcs CreateQueue'], [['queueColour', 'pattern', typed('`Colour`')]]);
  expect(rowOf(fresh, [row])).toBe(row);
  expect(CONSTRAINTS.some(constraint => rowOf(constraint, [row]))).toBe(false);
});

test('each rule that a row names exists', () => {
  const ids = new Set(SUBMODULES.flatMap(({ rules }) => Object.values(rules).map(({ id }) => id)));
  const wanted = ROWS.flatMap(({ verdict }) => verdict.kind === 'checked' ? verdict.rules : []);
  expect(wanted.length).toBeGreaterThan(100);
  expect(wanted.filter(id => !ids.has(id))).toEqual([]);
});

test('each type of resource that constructs make is walked', () => {
  const modules: Record<string, string> = { ec2: 'EC2', eks: 'EKS', iam: 'IAM', logs: 'Logs', pcs: 'PCS', sagemaker: 'SageMaker' };
  const made = found('src', /new (?:(\w+)\.)?Cfn(\w+)\(/g).map(text => text.split('|') as [string, string])
    .filter(([, name]) => !['Resource', 'DynamicReference', 'Output'].includes(name))
    .map(([alias, name]) => alias ? `AWS::${modules[alias]}::${name}` : ['AWS::PCS', 'AWS::SageMaker'].map(service => `${service}::${name}`).find(type => Object.hasOwn(EXTRACT.at, type)));
  expect(made.length).toBeGreaterThan(15);
  expect(made.filter(type => type === undefined || !Object.hasOwn(EXTRACT.at, type))).toEqual([]);
});

test('each operation that handlers call is walked', () => {
  const walked = new Set(Object.keys(EXTRACT.at).map(source => source.split(' ')[1]));
  const called = [...found('lambda/clients', /\bnew (\w+)Command\(/g), ...found('lambda', /\bpaginate([A-Z]\w+)\(/g)];
  expect(called.length).toBeGreaterThan(25);
  expect(called.filter(operation => !walked.has(operation))).toEqual([]);
});
