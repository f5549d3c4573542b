import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { clusterIn, concreteStack } from './fixture';
import { TYPE, imported, permissions, testGetters } from './lookups';
import * as pcs from '../../src/pcs';
import type { COMPUTE_NODE_GROUP_FIELDS } from '../../src/private/contracts/pcs-lookup';

const findGroup = (stack: Stack, computeNodeGroupIdentifier = 'login') =>
  new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster: imported(stack), computeNodeGroupIdentifier });

const GROUP_GETTERS: Record<typeof COMPUTE_NODE_GROUP_FIELDS[number], (found: pcs.ComputeNodeGroupLookup) => unknown> = {
  AmiId: found => found.amiId,
  Arn: found => found.computeNodeGroupArn,
  ClusterId: found => found.clusterId,
  ErrorCodes: found => found.errorCodes,
  ErrorMessages: found => found.statusReason,
  Id: found => found.computeNodeGroupId,
  InstanceProfileArn: found => found.instanceProfileArn,
  InstanceTypes: found => found.instanceTypes,
  LaunchTemplateId: found => found.launchTemplateId,
  LaunchTemplateVersion: found => found.launchTemplateVersion,
  MaxInstanceCount: found => found.maxInstanceCount,
  MinInstanceCount: found => found.minInstanceCount,
  Name: found => found.computeNodeGroupName,
  PurchaseOption: found => found.purchaseOption,
  Status: found => found.status,
  SubnetIds: found => found.subnetIds,
};

testGetters(findGroup, GROUP_GETTERS);

test('the handler is told of the node group', () => {
  const stack = concreteStack();
  findGroup(stack);
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    Operation: 'GetComputeNodeGroup', Input: { ClusterIdentifier: 'pcs_abc123', ComputeNodeGroupIdentifier: 'login' }, Refresh: Match.absent(),
  });
});

describe('the function may read', () => {
  test.each([['login', '*'], ['pcs_def456', 'pcs_def456']])('node group %s, and the list of those of its cluster', (identifier, resource) => {
    const stack = concreteStack();
    findGroup(stack, identifier);
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pcs:us-east-1:111122223333:cluster/pcs_abc123']] };
    const group = { 'Fn::Join': ['', [...arn['Fn::Join'][1].slice(0, 2), `${arn['Fn::Join'][1][2] as string}/computenodegroup/${resource}`]] };
    expect(permissions(stack)).toEqual([[['pcs:GetComputeNodeGroup', 'pcs:ListComputeNodeGroups'], [arn, group]]]);
  });

  test('any cluster where the cluster is one of the app, so that a cluster may wait for look-ups', () => {
    const stack = concreteStack();
    const address = new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier: 'slurm' }).slurmctldAddress;
    const cluster = clusterIn(stack, { slurmSettings: { custom: { Prolog: `/opt/prolog ${address}` } } });
    new pcs.ComputeNodeGroupLookup(stack, 'Login', { cluster, computeNodeGroupIdentifier: 'login' });
    expect(JSON.stringify(permissions(stack))).toContain(':cluster/*/computenodegroup/*');
    expect(JSON.stringify(permissions(stack))).not.toContain('GetAtt');
  });
});

test('many node groups fit into the policies of the function', () => {
  const stack = concreteStack('us-gov-west-1');
  const cluster = pcs.Cluster.fromClusterArn(stack, 'Imported', 'arn:aws-us-gov:pcs:us-gov-west-1:111122223333:cluster/pcs_0123456789');
  for (let index = 0; index < 60; index++) {
    new pcs.ComputeNodeGroupLookup(stack, `Group${index}`, { cluster, computeNodeGroupIdentifier: `pcs_0123456${String(index).padStart(3, '0')}` });
  }
  const template = Template.fromStack(stack);
  const size = (document: unknown) => JSON.stringify(document).length;
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  expect(size((role.Properties as { Policies: unknown }).Policies)).toBeLessThan(10_240);
  for (const policy of Object.values(template.findResources('AWS::IAM::ManagedPolicy'))) {
    expect(size((policy.Properties as { PolicyDocument: unknown }).PolicyDocument)).toBeLessThan(6_144);
  }
});

test('a node group that was looked up serves a queue', () => {
  const stack = concreteStack();
  const cluster = imported(stack);
  new pcs.Queue(stack, 'Queue', { cluster, computeNodeGroups: [new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster, computeNodeGroupIdentifier: 'login' })] });
  Template.fromStack(stack).hasResourceProperties('AWS::PCS::Queue', {
    ComputeNodeGroupConfigurations: [{ ComputeNodeGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Found'), 'Id'] } }],
  });
});
