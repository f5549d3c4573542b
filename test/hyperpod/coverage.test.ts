import { readdirSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { BatchRebootClusterNodesErrorCode, BatchReplaceClusterNodesErrorCode } from '@aws-sdk/client-sagemaker';
import * as ts from 'typescript';
import { CLOUDFORMATION, NODE_ERROR_CODES, OPERATIONS, renderCoverage, type Coverage } from './coverage';

/** The members of classes and interfaces that aren't private, each with the text of its type. */
type Members = Map<string, Map<string, string>>;

function membersOf(texts: string[]): Members {
  const members: Members = new Map();
  const visit = (node: ts.Node, file: ts.SourceFile): void => {
    if ((ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) && node.name) {
      const ofType = members.get(node.name.text) ?? new Map<string, string>();
      members.set(node.name.text, ofType);
      for (const member of node.members as ts.NodeArray<ts.ClassElement | ts.TypeElement | ts.EnumMember>) {
        if (member.name && !(ts.isPropertyDeclaration(member) && isPrivate(member))) {
          const type = (member as ts.PropertySignature).type;
          ofType.set(member.name.getText(file), type?.getText(file) ?? '');
        }
      }
    } else if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) {
      ts.forEachChild(node, child => visit(child, file));
    }
  };
  for (const text of texts) {
    const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
    ts.forEachChild(file, node => visit(node, file));
  }
  return members;
}

/** The members of our types, and those that they have of others. */
function withInherited(texts: string[]): Members {
  const members = membersOf(texts);
  const parents = new Map(texts.flatMap(text => [...text.matchAll(/^(?:export )?interface (\w+) extends ([^{]+)\{/gm)])
    .map(([, name, extended]) => [name, extended.match(/\w+/g)!]));
  const collect = (name: string): [string, string][] => [...members.get(name) ?? [], ...(parents.get(name) ?? []).flatMap(collect)];
  return new Map([...members.keys()].map(name => [name, new Map(collect(name))]));
}

function textsIn(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(entry => name.test(entry)).map(entry => readFileSync(join(folder, entry), 'utf8'));
}

function isPrivate(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.PrivateKeyword) ?? false;
}

/** The fields of a shape and of all shapes below it, as paths. */
function pathsOf(shape: string, members: Members): string[] {
  return [...members.get(shape) ?? []].flatMap(([name, type]) => {
    const nested = type.match(/\w+/g)?.find(word => members.has(word) && !word.startsWith('Cfn'));
    return [name, ...(nested ? pathsOf(nested, members).map(path => `${name}.${path}`) : [])];
  });
}

function differences(expected: string[], coverage: Coverage) {
  const ours = Object.keys(coverage);
  return { missing: expected.filter(path => !ours.includes(path)), surplus: ours.filter(path => !expected.includes(path)) };
}

const COMPLETE = { missing: [], surplus: [] };

describe('CloudFormation, by the newest aws-cdk-lib', () => {
  const generated = join(dirname(require.resolve('cdk-newest/package.json')), 'aws-sagemaker/lib/sagemaker.generated.d.ts');
  const text = readFileSync(generated, 'utf8');

  /** The declarations of one resource alone, since other resources have property types of the same name. */
  function declarationsOf(resource: string): Members {
    const declaration = (kind: string, name: string) => new RegExp(`^export declare ${kind} ${name}\\b[\\s\\S]*?^}`, 'm').exec(text)![0];
    const props = new RegExp(`^export interface Cfn${resource}Props \\{[\\s\\S]*?^}`, 'm').exec(text)![0];
    return membersOf([declaration('class', `Cfn${resource}`), declaration('namespace', `Cfn${resource}`), props]);
  }

  test.each(Object.keys(CLOUDFORMATION))('AWS::SageMaker::%s is covered to the last field, and nothing else is', resource => {
    const members = declarationsOf(resource);
    const attributes = [...members.get(`Cfn${resource}`)!.keys()].filter(name => name.startsWith('attr'));
    expect(attributes.length).toBeGreaterThan(3);
    expect(differences([...pathsOf(`Cfn${resource}Props`, members), ...attributes], CLOUDFORMATION[resource])).toEqual(COMPLETE);
  });

  test('every property says what an update does', () => {
    const silent = Object.values(CLOUDFORMATION).flatMap(fields => Object.entries(fields)
      .filter(([path, coverage]) => 'ours' in coverage && !coverage.update && !path.startsWith('attr')));
    expect(silent).toEqual([]);
  });
});

describe('the operations, by the installed SDK', () => {
  const folder = join(dirname(require.resolve('@aws-sdk/client-sagemaker/package.json')), 'dist-types/models');
  const members = membersOf(textsIn(folder, /^models_\d+\.d\.ts$/));

  test.each(Object.keys(OPERATIONS))('%s is covered to the last field, and nothing else is', shape => {
    const paths = pathsOf(shape, members);
    expect(paths.length).toBeGreaterThan(0);
    expect(differences(paths, OPERATIONS[shape])).toEqual(COMPLETE);
  });

  test('the four quota operations, the list of nodes and what is done to them are there, with requests and responses', () => {
    const shapes = [...members.keys()].filter(name => /^((Create|Describe|List|Update)ComputeQuotas?|ListClusterNodes|Batch(Reboot|Replace)ClusterNodes)(Request|Response)$/.test(name));
    expect(Object.keys(OPERATIONS).sort()).toEqual(shapes.sort());
  });
});

test('every code of a node that was not taken has its consequence', () => {
  expect(Object.keys(NODE_ERROR_CODES)).toEqual(Object.values(BatchRebootClusterNodesErrorCode).sort());
  expect(Object.values(BatchReplaceClusterNodesErrorCode).sort()).toEqual(Object.keys(NODE_ERROR_CODES));
});

describe('what the coverage points to', () => {
  const folder = join(__dirname, '../../src/hyperpod');
  const members = withInherited(textsIn(folder, /\.ts$/));
  const own = membersOf(textsIn(folder, /\.ts$/)); // what a struct inherits is counted where it is written
  const pointers = [...Object.values(CLOUDFORMATION), ...Object.values(OPERATIONS)]
    .flatMap(fields => Object.values(fields))
    .flatMap(coverage => 'ours' in coverage ? coverage.ours : []);

  test('exists', () => {
    const broken = pointers.filter(pointer => {
      const [type, member] = pointer.split('.');
      return !members.get(type)?.has(member);
    });
    expect(broken).toEqual([]);
  });

  test('is every property that users can set, but for the order of creation, reading again, and what makes a quota', () => {
    const unused = ['ClusterNodesLookupProps', 'NodeField', 'ComputeQuotaProps', 'ComputeQuotaOptions', 'ClusterSchedulerConfigProps',
      'ClusterSchedulerConfigOptions', 'InstanceAmount',
      'AcceleratorAmount', 'ComputeAmount', 'PartitionAmount', 'BorrowOptions', 'PriorityClass', 'ClusterProps', 'InstanceGroupBaseOptions',
      'InstanceGroupOptions', 'RestrictedInstanceGroupOptions', 'RestrictedSharedEnvironment', 'RestrictedLustreOptions', 'InstancesOfTypeOptions',
      'FlexibleInstancesOptions', 'EbsVolumeOptions', 'RootVolumeOptions', 'LustreMount', 'OpenZfsMount', 'LifecycleScriptOptions', 'NodeRollout',
      'ScheduledNodeUpdate', 'AutomaticPatching', 'KarpenterOptions', 'TieredStorageOptions', 'SlurmComputeOptions', 'SlurmOrchestratorOptions',
      'SlurmAccountingDatabase', 'NodeTaint'].flatMap(type => [...own.get(type)!.keys()].map(member => `${type}.${member}`))
      .filter(pointer => !pointers.includes(pointer));
    expect(unused).toEqual([
      'ClusterNodesLookupProps.refresh', 'ComputeQuotaOptions.taskGovernance', 'ComputeQuotaOptions.provisioning', 'ClusterSchedulerConfigOptions.taskGovernance',
    ]);
  });
});

test('the page has a row for every field', () => {
  const rows = renderCoverage().split('\n').filter(line => line.startsWith('| `'));
  const fields = [...Object.values(CLOUDFORMATION), ...Object.values(OPERATIONS)].flatMap(coverage => Object.keys(coverage));
  expect(rows).toHaveLength(fields.length);
  expect(rows).toContain('| `computeQuotaTarget.teamName` | `ComputeQuotaOptions.team` | replacement |');
});
