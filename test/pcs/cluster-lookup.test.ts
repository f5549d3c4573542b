import { CfnOutput, CfnParameter, Token, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { agnosticStack, clusterIn, concreteStack, nodes, vpcIn } from './fixture';
import { TYPE, permissions, testGetters } from './lookups';
import * as pcs from '../../src/pcs';
import type { CLUSTER_FIELDS } from '../../src/private/contracts/pcs-lookup';
import { HandlerFunction } from '../../src/private/handlers/handler-function';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../src/training-plans';

const FUNCTION = 'CdkHpcClustersPcsLookupFunction7677151D';

const find = (stack: Stack, clusterIdentifier = 'slurm') => new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier });

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

testGetters(find, CLUSTER_GETTERS);

test('ports are numbers', () => {
  const port = find(concreteStack()).slurmctldPort;
  expect(typeof port).toBe('number');
  expect(Token.isUnresolved(port)).toBe(true);
});

test('the handler is told of the cluster', () => {
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

describe('the function may read', () => {
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
