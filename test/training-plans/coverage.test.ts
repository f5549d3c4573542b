import { readdirSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { OPERATIONS, renderCoverage } from './coverage';

/** The members of classes and interfaces, each with the text of its type; those of an interface's bases among them. */
type Members = Map<string, Map<string, string>>;

function membersIn(folder: string, name: RegExp): Members {
  const members: Members = new Map();
  const bases = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(found => name.test(found))) {
    const file = ts.createSourceFile(entry, readFileSync(join(folder, entry), 'utf8'), ts.ScriptTarget.Latest, true);
    ts.forEachChild(file, node => {
      if (!((ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name)) { return; }
      const ofType = new Map<string, string>();
      members.set(node.name.text, ofType);
      bases.set(node.name.text, node.heritageClauses?.flatMap(clause => clause.types.map(type => type.expression.getText(file))) ?? []);
      for (const member of node.members as ts.NodeArray<ts.ClassElement | ts.TypeElement>) {
        if (member.name) { ofType.set(member.name.getText(file), (member as ts.PropertySignature).type?.getText(file) ?? ''); }
      }
    });
  }
  for (const [type, from] of bases) {
    from.forEach(base => members.get(base)?.forEach((text, member) => members.get(type)!.set(member, text)));
  }
  return members;
}

const sdk = membersIn(join(dirname(require.resolve('@aws-sdk/client-sagemaker/package.json')), 'dist-types/models'), /^models_\d+\.d\.ts$/);

/** The fields of a shape and of all shapes below it, as paths. */
function pathsOf(shape: string): string[] {
  return [...sdk.get(shape) ?? []].flatMap(([name, type]) => {
    const nested = type.match(/\w+/g)?.find(word => sdk.has(word));
    return [name, ...(nested ? pathsOf(nested).map(path => `${name}.${path}`) : [])];
  });
}

test.each(Object.keys(OPERATIONS))('%s is covered to the last field, and nothing else is', shape => {
  const [expected, ours] = [pathsOf(shape), Object.keys(OPERATIONS[shape])];
  expect(expected.length).toBeGreaterThan(0);
  expect({ missing: expected.filter(path => !ours.includes(path)), surplus: ours.filter(path => !expected.includes(path)) })
    .toEqual({ missing: [], surplus: [] });
});

test('all operations on plans and their capacity are there', () => {
  const name = /^(\w*TrainingPlan\w*|DescribeReservedCapacity|ListUltraServersByReservedCapacity)(Request|Response)$/;
  const missing = [...sdk.keys()].filter(shape => name.test(shape) && !(shape in OPERATIONS));
  expect(missing).toEqual([]);
});

test('what the coverage points to exists', () => {
  const ours = membersIn(join(__dirname, '../../src/training-plans'), /\.ts$/);
  const pointers = Object.values(OPERATIONS).flatMap(fields => Object.values(fields)).flatMap(coverage => 'ours' in coverage ? coverage.ours : []);
  const broken = pointers.filter(pointer => {
    const [type, member] = pointer.split('.');
    return !ours.get(type)?.has(member);
  });
  expect(broken).toEqual([]);
});

test('the page has a row for every field', () => {
  const rows = renderCoverage().split('\n').filter(line => line.startsWith('| `'));
  expect(rows).toHaveLength(Object.values(OPERATIONS).flatMap(fields => Object.keys(fields)).length);
  expect(rows).toContain('| `MlReservationArn` | `EndpointTrainingPlanProps.trainingPlan` |');
});
