import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { API, CLOUDFORMATION, renderCoverage, type Coverage } from './coverage';

const L1 = readFileSync(join(dirname(require.resolve('cdk-newest/package.json')), 'aws-pcs/lib/pcs.generated.d.ts'), 'utf8');
const SOURCES = join(__dirname, '../../src/pcs');
const OURS = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).map(name => readFileSync(join(SOURCES, name), 'utf8')).join('\n');

/** The part of a declaration file from a head to the end of its block, told by indentation. */
function block(head: string, indent: string): string {
  const start = L1.indexOf(`${indent}${head}`);
  if (start < 0) { throw new Error(`${head} isn't declared`); }
  return L1.slice(start, L1.indexOf(`\n${indent}}`, start));
}

function members(text: string): string[] {
  return [...text.matchAll(/^\s+readonly (\w+)\??:/gm)].map(match => match[1]);
}

/** Every property and attribute of a resource type, as `owner property`. */
function declared(type: string): string[] {
  const namespace = block(`export declare namespace ${type} {`, '');
  const nested = [...namespace.matchAll(/^ {4}interface (\w+) \{$([\s\S]*?)^ {4}\}/gm)];
  return [
    ...members(block(`export interface ${type}Props {`, '')).map(name => `${type}Props ${name}`),
    ...nested.flatMap(([, name, body]) => members(body).map(member => `${type}.${name} ${member}`)),
    ...[...block(`export declare class ${type} `, '').matchAll(/get (attr\w+)\(\)/g)].map(match => `${type} attributes ${match[1]}`),
  ];
}

const keys = (rows: readonly Coverage[]) => rows.map(row => `${row.owner} ${row.property}`);

test('every property of CloudFormation in the newest aws-cdk-lib has a row, and no row is out of date', () => {
  expect(keys(CLOUDFORMATION).sort()).toEqual([...declared('CfnCluster'), ...declared('CfnComputeNodeGroup'), ...declared('CfnQueue')].sort());
});

test('the declarations are read', () => {
  expect(declared('CfnQueue')).toEqual(expect.arrayContaining([
    'CfnQueueProps name', 'CfnQueue.SlurmCustomSettingProperty parameterName', 'CfnQueue attributes attrArn',
  ]));
});

/** The fields of a shape as paths. A shape is a list of names; a name with fields of its own is a pair. */
type Shape = readonly (string | readonly [string, Shape])[];

function paths(shape: Shape, prefix = ''): string[] {
  return shape.flatMap(field => typeof field === 'string' ? [prefix + field] : paths(field[1], `${prefix}${field[0]}.`));
}

/** The request and response fields of the operations, as the reference of the API lists them. */
const SETTABLE: Shape = [
  'amiId', 'subnetIds', 'purchaseOption', 'iamInstanceProfileArn',
  ['customLaunchTemplate', ['id', 'version']],
  ['scalingConfiguration', ['minInstanceCount', 'maxInstanceCount']],
  ['spotOptions', ['allocationStrategy']],
  ['slurmConfiguration', [['slurmCustomSettings', ['parameterName', 'parameterValue']]]],
];
const INSTANCE_CONFIGS: Shape = [['instanceConfigs', ['instanceType']]];
const NODE_GROUP: Shape = [
  'name', 'id', 'arn', 'clusterId', 'createdAt', 'modifiedAt', 'status', ...SETTABLE, ...INSTANCE_CONFIGS, ['errorInfo', ['code', 'message']],
];
const IDENTIFIERS: Shape = ['clusterIdentifier', 'computeNodeGroupIdentifier'];

test.each<[string, Shape]>([
  ['CreateComputeNodeGroup request', ['clusterIdentifier', 'computeNodeGroupName', 'clientToken', 'tags', ...SETTABLE, ...INSTANCE_CONFIGS]],
  ['CreateComputeNodeGroup response', NODE_GROUP],
  ['GetComputeNodeGroup request', IDENTIFIERS],
  ['GetComputeNodeGroup response', NODE_GROUP],
  ['UpdateComputeNodeGroup request', [...IDENTIFIERS, 'clientToken', ...SETTABLE]],
  ['UpdateComputeNodeGroup response', NODE_GROUP],
])('%s: every field has one row', (owner, shape) => {
  expect(API.filter(row => row.owner === owner).map(row => row.property).sort()).toEqual(paths(shape).sort());
});

test.each([...CLOUDFORMATION, ...API].map(row => [`${row.owner} ${row.property}`, row] as const))('%s', (_name, row) => {
  expect(row.ours.length > 0 || row.note !== undefined).toBe(true);
  for (const name of row.ours) {
    const [type, member] = name.split('.');
    const declaration = new RegExp(`export (?:interface|class) ${type}\\b[\\s\\S]*?\\n}\\n`).exec(OURS)?.[0] ?? '';
    expect(declaration).toMatch(new RegExp(`\\b(readonly ${member}\\??:|static ${member}\\(|public ${member}\\()`));
  }
});

test('the page holds each row', () => {
  const page = renderCoverage();
  expect(page.split('\n').filter(line => line.startsWith('| `'))).toHaveLength(CLOUDFORMATION.length + API.length);
});
