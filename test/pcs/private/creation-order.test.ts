import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import type { Cluster } from '../../../src/pcs';
import { clusterIn, concreteStack, nodes, vpcIn } from '../fixture';

/** Which clusters each cluster waits for, by name. */
function waits(stack: Stack): Record<string, string[]> {
  const clusters = Template.fromStack(stack).findResources('AWS::PCS::Cluster') as Record<string, {
    Properties: { Name: string };
    DependsOn?: string[];
  }>;
  return Object.fromEntries(Object.values(clusters).map(({ Properties, DependsOn = [] }) =>
    [Properties.Name, DependsOn.flatMap(id => clusters[id]?.Properties.Name ?? [])]));
}

function three(stack: Stack): Cluster[] {
  const vpc = vpcIn(stack);
  return ['one', 'two', 'three'].map(clusterName => clusterIn(stack, { vpc, clusterName }));
}

test('clusters of a stack come one after the other, in the order in which they were made', () => {
  const stack = concreteStack();
  three(stack);
  expect(waits(stack)).toEqual({ one: [], two: ['one'], three: ['two'] });
});

test('a cluster alone waits for none', () => {
  const stack = concreteStack();
  clusterIn(stack, { clusterName: 'one' });
  expect(waits(stack)).toEqual({ one: [] });
});

test('clusters in different constructs of a stack are chained too', () => {
  const stack = concreteStack();
  const vpc = vpcIn(stack);
  for (const clusterName of ['one', 'two']) {
    clusterIn(new Construct(stack, `In${clusterName}`) as Stack, { vpc, clusterName });
  }
  expect(waits(stack)).toEqual({ one: [], two: ['one'] });
});

test('a dependency that is declared later turns the order around, and makes no circle', () => {
  const stack = concreteStack();
  const [one, , last] = three(stack);
  one.node.addDependency(last);
  expect(waits(stack)).toEqual({ three: [], one: ['three'], two: ['one'] });
});

test.each<[string, (last: Cluster) => Construct]>([
  ['a node group', last => last.addComputeNodeGroup('Nodes', nodes())],
  ['a queue', last => last.addQueue('Queue', { computeNodeGroups: [last.addComputeNodeGroup('Nodes', nodes())] })],
])('a dependency on %s of another cluster is one on the cluster', (_what, member) => {
  const stack = concreteStack();
  const [one, , last] = three(stack);
  one.node.addDependency(member(last));
  expect(waits(stack)).toEqual({ three: [], one: ['three'], two: ['one'] });
});

test('a cluster that waits for a resource of its own is chained like others', () => {
  const stack = concreteStack();
  const [one] = three(stack);
  one.node.addDependency(new CfnResource(one, 'Extra', { type: 'AWS::CloudFormation::WaitConditionHandle' }));
  expect(waits(stack)).toEqual({ one: [], two: ['one'], three: ['two'] });
});

test('stacks are chained by their user', () => {
  const app = new App({ analyticsReporting: false });
  const stacks = ['A', 'B'].map(id => new Stack(app, id, { env: { account: '111122223333', region: 'us-east-1' } }));
  stacks.forEach(stack => clusterIn(stack, { clusterName: 'one' }));
  stacks.forEach(stack => expect(waits(stack)).toEqual({ one: [] }));
});
