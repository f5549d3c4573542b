import { CfnOutput, CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { agnosticStack, clusterIn, concreteStack, nodes, vpcIn } from './fixture';
import * as pcs from '../../src/pcs';
import { CLUSTER_FIELDS, COMPUTE_NODE_GROUP_FIELDS, INSTANCE_FIELDS } from '../../src/private/contracts/pcs-lookup';
import { HandlerFunction } from '../../src/private/handlers/handler-function';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../src/training-plans';

const TYPE = 'Custom::HpcPcsLookup';
const FUNCTION = 'CdkHpcClustersPcsLookupFunction7677151D';
const ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';

const find = (stack: Stack, clusterIdentifier = 'slurm') => new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier });
const imported = (stack: Stack) => pcs.Cluster.fromClusterArn(stack, 'Imported', ARN);
const findGroup = (stack: Stack, computeNodeGroupIdentifier = 'login') =>
  new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster: imported(stack), computeNodeGroupIdentifier });
const findInstances = (stack: Stack, props: Partial<pcs.ComputeNodeGroupInstancesLookupProps> = {}) =>
  new pcs.ComputeNodeGroupInstancesLookup(stack, 'Found', {
    computeNodeGroup: pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Group', `${ARN}/computenodegroup/pcs_def456`), ...props,
  });

/** What the look-up function may do, but for its log. */
function permissions(stack: Stack): [unknown, unknown][] {
  const role = Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { Description: 'Reads for the look-ups of this stack' } });
  const { Policies } = Object.values(role)[0].Properties as {
    Policies: { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }[];
  };
  return Policies[0].PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, Resource]);
}

/** Each getter with the field behind it. */
const CLUSTER_GETTERS: Record<typeof CLUSTER_FIELDS[number], (found: pcs.ClusterLookup) => unknown> = {
  Arn: found => found.clusterArn,
  AuthKeySecretArn: found => found.authKeySecretArn,
  AuthKeySecretVersion: found => found.authKeySecretVersion,
  ErrorCodes: found => found.errorCodes,
  ErrorMessages: found => found.statusReason,
  Id: found => found.clusterId,
  JwtKeySecretArn: found => found.jwtKeySecretArn,
  JwtKeySecretVersion: found => found.jwtKeySecretVersion,
  Name: found => found.clusterName,
  NetworkType: found => found.networkType,
  SchedulerVersion: found => found.schedulerVersion,
  SecurityGroupIds: found => found.securityGroupIds,
  Size: found => found.size,
  SlurmctldAddress: found => found.slurmctldAddress,
  SlurmctldIpv6Address: found => found.slurmctldIpv6Address,
  SlurmctldPort: found => found.slurmctldPort,
  SlurmdbdAddress: found => found.slurmdbdAddress,
  SlurmdbdIpv6Address: found => found.slurmdbdIpv6Address,
  SlurmdbdPort: found => found.slurmdbdPort,
  SlurmrestdAddress: found => found.slurmrestdAddress,
  SlurmrestdIpv6Address: found => found.slurmrestdIpv6Address,
  SlurmrestdPort: found => found.slurmrestdPort,
  Status: found => found.status,
  SubnetId: found => found.subnetId,
};
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
const INSTANCE_GETTERS: Record<typeof INSTANCE_FIELDS[number], (found: pcs.ComputeNodeGroupInstancesLookup) => unknown> = {
  Count: found => found.count,
  InstanceIds: found => found.instanceIds,
  Ipv6Addresses: found => found.ipv6Addresses,
  PrivateIpAddresses: found => found.privateIpAddresses,
};

const getters = [
  ...Object.entries(CLUSTER_GETTERS).map(([field, get]) => [field, (stack: Stack) => get(find(stack))] as const),
  ...Object.entries(GROUP_GETTERS).map(([field, get]) => [field, (stack: Stack) => get(findGroup(stack))] as const),
  ...Object.entries(INSTANCE_GETTERS).map(([field, get]) => [field, (stack: Stack) => get(findInstances(stack))] as const),
];

test.each(getters)('%s is asked for when it is used, and nothing else is', (field, get) => {
  const stack = concreteStack();
  const resolved: unknown = stack.resolve(get(stack));
  const attribute = { 'Fn::GetAtt': [expect.stringMatching(/^Found/), field] };
  expect(resolved).toEqual(/(Ids|Types|Addresses)$/.test(field) ? { 'Fn::Split': [',', attribute] } : attribute);
  Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: field });
});

test('ports and counts are numbers', () => {
  for (const value of [find(concreteStack()).slurmctldPort, findInstances(concreteStack()).count]) {
    expect(typeof value).toBe('number');
    expect(Token.isUnresolved(value)).toBe(true);
  }
});

describe('what the handler is told', () => {
  test('of a cluster', () => {
    const stack = concreteStack();
    new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier: 'slurm', refresh: '2' });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ServiceToken: { 'Fn::GetAtt': [FUNCTION, 'Arn'] },
      ServiceTimeout: 300,
      Operation: 'GetCluster',
      Input: { ClusterIdentifier: 'slurm' },
      Fields: Match.absent(),
      Refresh: '2',
    });
  });

  test('of a node group', () => {
    const stack = concreteStack();
    findGroup(stack);
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Operation: 'GetComputeNodeGroup', Input: { ClusterIdentifier: 'pcs_abc123', ComputeNodeGroupIdentifier: 'login' }, Refresh: Match.absent(),
    });
  });

  test('of instances', () => {
    const stack = concreteStack();
    findInstances(stack, { minInstances: 1, maxInstances: Lazy.number({ produce: () => 7 }), refresh: '2' });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Operation: 'DescribeInstances', Input: { ComputeNodeGroupId: 'pcs_def456', AtLeast: '1', AtMost: '7' }, Refresh: '2',
    });
    const plain = concreteStack();
    findInstances(plain);
    Template.fromStack(plain).hasResourceProperties(TYPE, { Input: { AtLeast: Match.absent(), AtMost: Match.absent() } });
  });
});

describe('what the function may read', () => {
  const anyCluster = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pcs:us-east-1:111122223333:cluster/*']] };

  test.each<[string, (stack: Stack) => string, unknown]>([
    ['one cluster by its id', () => 'pcs_abc123', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pcs:us-east-1:111122223333:cluster/pcs_abc123']] }],
    ['any cluster by a name, since ARNs hold ids', () => 'slurm', anyCluster],
    ['any cluster by what is known at deployment', stack => new CfnParameter(stack, 'Name').valueAsString, anyCluster],
  ])('%s', (_what, identifier, resource) => {
    const stack = concreteStack();
    find(stack, identifier(stack));
    expect(permissions(stack)).toEqual([['pcs:GetCluster', resource]]);
  });

  test.each([['login', '*'], ['pcs_def456', 'pcs_def456']])('node group %s, and the list of those of its cluster', (identifier, resource) => {
    const stack = concreteStack();
    findGroup(stack, identifier);
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pcs:us-east-1:111122223333:cluster/pcs_abc123']] };
    const group = { 'Fn::Join': ['', [...arn['Fn::Join'][1].slice(0, 2), `${arn['Fn::Join'][1][2] as string}/computenodegroup/${resource}`]] };
    expect(permissions(stack)).toEqual([[['pcs:GetComputeNodeGroup', 'pcs:ListComputeNodeGroups'], [arn, group]]]);
  });

  test('any cluster where the cluster is one of the app, so that a cluster may wait for look-ups', () => {
    const stack = concreteStack();
    const address = find(stack).slurmctldAddress;
    const cluster = clusterIn(stack, { slurmSettings: { custom: { Prolog: `/opt/prolog ${address}` } } });
    new pcs.ComputeNodeGroupLookup(stack, 'Login', { cluster, computeNodeGroupIdentifier: 'login' });
    expect(JSON.stringify(permissions(stack))).toContain(':cluster/*/computenodegroup/*');
    expect(JSON.stringify(permissions(stack))).not.toContain('GetAtt');
  });

  test('instances', () => {
    const stack = concreteStack();
    findInstances(stack);
    expect(permissions(stack)).toEqual([['ec2:DescribeInstances', '*']]);
  });
});

test('a stack has one handler for all look-ups of PCS, and another one for those of training plans', () => {
  const stack = concreteStack();
  const slurm = find(stack);
  const login = new pcs.ComputeNodeGroupLookup(stack, 'Login', { cluster: slurm, computeNodeGroupIdentifier: 'login' });
  new pcs.ComputeNodeGroupInstancesLookup(stack, 'Instances', { computeNodeGroup: login });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  const before = Template.fromStack(stack).findResources('AWS::Lambda::Function')[FUNCTION];
  const both = concreteStack();
  find(both);
  new TrainingPlanLookup(both, 'Plan', { trainingPlan: TrainingPlanSelector.byName('plan') });
  const template = Template.fromStack(both);
  template.resourceCountIs('AWS::Lambda::Function', 2);
  expect(template.findResources('AWS::Lambda::Function')[FUNCTION]).toEqual(before);
  expect(HandlerFunction.for(both, 'pcsLookup')).not.toBe(HandlerFunction.for(both, 'trainingPlansLookup'));
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

describe('a cluster that was looked up', () => {
  test('is a cluster: it takes node groups and queues, and has grants and metrics', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const found = new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier: 'slurm', vpc, securityGroups: clusterIn(stack, { vpc }).connections.securityGroups });
    const workers = new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: found, ...nodes() });
    new pcs.Queue(stack, 'Queue', { cluster: found, computeNodeGroups: [workers] });
    found.grants.read(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(stack.resolve(found.metricIdleCapacity().dimensions)).toEqual({ ClusterId: { 'Fn::GetAtt': [expect.any(String), 'Id'] } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { ClusterId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Found'), 'Id'] } });
    template.hasResourceProperties('AWS::PCS::Queue', { ClusterId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Found'), 'Id'] } });
    template.hasResourceProperties(TYPE, { Fields: 'Arn,Id' });
  });

  test('is the one of the stack, where its id is passed: the read waits for it', () => {
    const stack = agnosticStack();
    const cluster = clusterIn(stack);
    new CfnOutput(stack, 'Address', { value: find(stack, cluster.clusterId).slurmctldAddress });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Input: { ClusterIdentifier: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cluster'), 'Id'] } }, Fields: 'SlurmctldAddress',
    });
  });
});

test('a node group that was looked up serves a queue', () => {
  const stack = concreteStack();
  const cluster = imported(stack);
  new pcs.Queue(stack, 'Queue', { cluster, computeNodeGroups: [new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster, computeNodeGroupIdentifier: 'login' })] });
  Template.fromStack(stack).hasResourceProperties('AWS::PCS::Queue', {
    ComputeNodeGroupConfigurations: [{ ComputeNodeGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Found'), 'Id'] } }],
  });
});
