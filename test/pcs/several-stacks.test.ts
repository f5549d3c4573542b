import { App, CfnOutput, NestedStack, Stack, Stage, aws_ec2 as ec2, aws_efs as efs, aws_iam as iam, aws_kms as kms, aws_s3 as s3 } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { nodes, types } from './fixture';
import * as pcs from '../../src/pcs';

const ENV = { account: '111122223333', region: 'us-east-1' };
const stackIn = (scope: Construct, id: string) => new Stack(scope, id, { env: ENV });

/** A cluster in a stack of its own, and a stack for what is around it. */
function setUp(props: Partial<pcs.ClusterProps> = {}, scope: Construct = new App({ analyticsReporting: false })) {
  const clusterStack = stackIn(scope, 'Cluster');
  const vpc = new ec2.Vpc(clusterStack, 'Vpc', { availabilityZones: ['us-east-1a'], natGateways: 1 });
  const cluster = new pcs.Cluster(clusterStack, 'Slurm', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, ...props });
  const other = stackIn(scope, 'Other');
  const groupIn = (stack: Construct, id = 'Nodes', options: Partial<pcs.ComputeNodeGroupOptions> = {}) =>
    new pcs.ComputeNodeGroup(stack, id, { cluster, ...nodes(options) });
  return { scope, clusterStack, vpc, cluster, other, groupIn };
}

/** What stacks wait for, once references between them are resolved. */
function dependencies(...stacks: Stack[]): Record<string, string[]> {
  (stacks[0].node.root as App).synth();
  return Object.fromEntries(stacks.map(stack => [stack.node.id, stack.dependencies.map(other => other.node.id).sort()]));
}

const policiesIn = (stack: Stack) => Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));

describe('a cluster in one stack, with all else in others', () => {
  test('node groups, queue, log and dashboard wait for the cluster alone', () => {
    const { clusterStack, cluster, other, groupIn } = setUp();
    const group = groupIn(other);
    new pcs.Queue(other, 'Queue', { cluster, computeNodeGroups: [group] });
    new pcs.LogDelivery(other, 'Log', { cluster, logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs() });
    new pcs.CapacityDashboard(other, 'Dashboard', { cluster });
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
  });

  test('a bucket beside the node groups is granted to them', () => {
    const { clusterStack, other, groupIn } = setUp();
    new s3.Bucket(other, 'Data').grantReadWrite(groupIn(other));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    expect(policiesIn(other)).toHaveLength(1);
    expect(policiesIn(clusterStack)).toEqual([]);
  });

  test('a bucket of another account, by its name, is granted to nodes of a named role: neither stack waits for the other', () => {
    const { scope, clusterStack, groupIn } = setUp({ nodeRole: pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' }) });
    const theirs = new Stack(scope, 'Theirs', { env: { account: '444455556666', region: 'us-east-1' } });
    const data = new s3.Bucket(theirs, 'Data', { bucketName: 'data-of-theirs' });
    data.grantRead(groupIn(clusterStack));
    expect(dependencies(clusterStack, theirs)).toEqual({ Cluster: [], Theirs: [] });
    expect(JSON.stringify(Template.fromStack(theirs).findResources('AWS::S3::BucketPolicy'))).toContain('AWSPCS-nodes');
  });

  test('an encrypted bucket beside the cluster is granted to node groups elsewhere', () => {
    const { clusterStack, other, groupIn } = setUp();
    new s3.Bucket(clusterStack, 'Data', { encryptionKey: new kms.Key(clusterStack, 'Key') }).grantReadWrite(groupIn(other));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
  });

  test('a security group beside the node groups is let in, and lets them in', () => {
    const { clusterStack, vpc, other, groupIn } = setUp();
    const group = groupIn(other);
    const database = new ec2.SecurityGroup(other, 'Database', { vpc, allowAllOutbound: false });
    group.connections.allowFrom(database, ec2.Port.tcp(8888));
    database.connections.allowFrom(group, ec2.Port.tcp(5432));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    const clusterGroup = { 'Fn::ImportValue': Match.stringLikeRegexp('SlurmSecurityGroup') };
    const template = Template.fromStack(other);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8888, GroupId: clusterGroup });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5432, SourceSecurityGroupId: clusterGroup });
  });

  test('a rule that two node groups of a stack ask for is made once', () => {
    const { clusterStack, vpc, other, groupIn } = setUp();
    const peer = new ec2.SecurityGroup(other, 'Peer', { vpc });
    const files = new efs.FileSystem(other, 'Files', { vpc });
    for (const id of ['A', 'B']) {
      groupIn(other, id, { storage: [pcs.NodeStorage.efs(files, { mountPath: '/shared' })] }).connections.allowFrom(peer, ec2.Port.SSH);
    }
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    Template.fromStack(other).resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 22 }, 1);
    Template.fromStack(other).resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 2049 }, 1);
  });

  test('the closed groups of restrictive traffic get rules outwards, too', () => {
    const { clusterStack, vpc, other, groupIn } = setUp({ traffic: pcs.SlurmTraffic.restrictive() });
    const group = groupIn(other);
    group.connections.allowTo(new ec2.SecurityGroup(other, 'Database', { vpc }), ec2.Port.tcp(5432));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    Template.fromStack(other).hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 5432 });
  });

  test('a file system beside the cluster lets node groups elsewhere in', () => {
    const { clusterStack, vpc, other, groupIn } = setUp();
    const homes = new efs.FileSystem(clusterStack, 'Homes', { vpc });
    homes.connections.allowDefaultPortFrom(groupIn(other));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
  });

  test('a file system in a stack before the cluster is opened from the side of the nodes', () => {
    const app = new App({ analyticsReporting: false });
    const network = stackIn(app, 'Network');
    const vpc = new ec2.Vpc(network, 'Vpc', { availabilityZones: ['us-east-1a'], natGateways: 1 });
    const homes = new efs.FileSystem(network, 'Homes', { vpc });
    const { clusterStack, other, groupIn } = setUp({ vpc }, app);
    groupIn(other).connections.allowToDefaultPort(homes);
    expect(dependencies(network, clusterStack, other)).toEqual({ Network: [], Cluster: ['Network'], Other: ['Cluster', 'Network'] });
  });

  test('node groups in two stacks have a role in each, and groups of one stack share it', () => {
    const { scope, clusterStack, cluster, other, groupIn } = setUp();
    const third = stackIn(scope, 'Third');
    const [a, b, c, d] = [cluster.addComputeNodeGroup('Nodes', nodes()), groupIn(other), groupIn(other, 'More'), groupIn(third)];
    expect(b.role).toBe(c.role);
    expect(new Set([a.role, b.role, d.role]).size).toBe(3);
    expect(dependencies(clusterStack, other, third)).toEqual({ Cluster: [], Other: ['Cluster'], Third: ['Cluster'] });
    for (const stack of [clusterStack, other, third]) {
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Path: '/aws-pcs/', Policies: [Match.objectLike({ PolicyName: 'RegisterNodes' })] });
    }
  });

  test('one choice of a role is one role in each stack; with a name it is one in all', () => {
    const { other, cluster, groupIn } = setUp();
    const rolesOf = (nodeRole: pcs.NodeRole, id: string) => new Set([
      cluster.addComputeNodeGroup(id, nodes({ nodeRole })).role, groupIn(other, id, { nodeRole }).role, groupIn(other, `${id}2`, { nodeRole }).role,
    ]).size;
    expect(rolesOf(pcs.NodeRole.managed({ sessionManager: true }), 'Plain')).toBe(2);
    expect(rolesOf(pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' }), 'Named')).toBe(1);
    expect(rolesOf(pcs.NodeRole.fromRole(new iam.Role(other, 'Role', { path: '/aws-pcs/', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })), 'Given')).toBe(1);
  });

  test('the role in another stack has one id in each stage', () => {
    const app = new App({ analyticsReporting: false });
    const idsIn = (name: string) => {
      const stage = new Stage(app, name);
      const { other, groupIn } = setUp({}, stage);
      groupIn(other);
      stage.synth();
      return Object.keys(Template.fromStack(other).findResources('AWS::IAM::Role'));
    };
    expect(idsIn('Dev')).toEqual(idsIn('Prod'));
  });

  test('lifecycle scripts are allowed where the nodes are', () => {
    const { clusterStack, other, groupIn } = setUp();
    groupIn(other, 'Nodes', { lifecycleActions: { nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(`${__dirname}/scripts/hello.sh`) }] } });
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    expect(policiesIn(clusterStack)).toEqual([]);
  });

  test('EFA nodes elsewhere use the group that the cluster makes for them', () => {
    const { clusterStack, vpc, other, groupIn } = setUp({ traffic: pcs.SlurmTraffic.restrictive() });
    groupIn(other, 'Nodes', { instanceTypes: types('p5.48xlarge'), vpcSubnets: { subnets: [vpc.privateSubnets[0]] } });
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: [], Other: ['Cluster'] });
  });

  test('a queue in a third stack takes node groups of two', () => {
    const { scope, clusterStack, cluster, other, groupIn } = setUp();
    const queues = stackIn(scope, 'Queues');
    new pcs.Queue(queues, 'Queue', { cluster, computeNodeGroups: [groupIn(other), cluster.addComputeNodeGroup('Own', nodes())] });
    expect(dependencies(clusterStack, other, queues)).toEqual({ Cluster: [], Other: ['Cluster'], Queues: ['Cluster', 'Other'] });
  });
});

describe('nested stacks', () => {
  test('node groups below the stack of the cluster have their role and grants there, and serve its queues', () => {
    const { clusterStack, cluster, groupIn } = setUp();
    const nested = new NestedStack(clusterStack, 'Nested');
    const group = groupIn(nested);
    new s3.Bucket(nested, 'Data').grantReadWrite(group);
    cluster.addQueue('Queue', { computeNodeGroups: [group] });
    expect(dependencies(clusterStack)).toEqual({ Cluster: [] });
    Template.fromStack(nested).resourceCountIs('AWS::IAM::Policy', 1);
    Template.fromStack(nested).hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('DefaultPolicy')]) });
  });

  test('a cluster in a nested stack takes groups of the stack around it', () => {
    const app = new App({ analyticsReporting: false });
    const parent = stackIn(app, 'Parent');
    const nested = new NestedStack(parent, 'Nested');
    const vpc = new ec2.Vpc(parent, 'Vpc', { availabilityZones: ['us-east-1a'], natGateways: 1 });
    const cluster = new pcs.Cluster(nested, 'Slurm', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 });
    const group = new pcs.ComputeNodeGroup(parent, 'Nodes', { cluster, ...nodes() });
    new s3.Bucket(parent, 'Data').grantReadWrite(group);
    new pcs.Queue(parent, 'Queue', { cluster, computeNodeGroups: [group] });
    expect(dependencies(parent)).toEqual({ Parent: [] });
  });
});

describe('stages', () => {
  test('each has all of it', () => {
    const app = new App({ analyticsReporting: false });
    for (const name of ['Dev', 'Prod']) {
      const { cluster, other, groupIn } = setUp({}, new Stage(app, name));
      const group = groupIn(other);
      new s3.Bucket(other, 'Data').grantReadWrite(group);
      new pcs.Queue(other, 'Queue', { cluster, computeNodeGroups: [group] });
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('a cluster of another stage is imported', () => {
    const app = new App({ analyticsReporting: false });
    const stage = new Stage(app, 'Nodes');
    const stack = stackIn(stage, 'Other');
    const { cluster } = setUp({}, new Stage(app, 'Shared'));
    expect(() => new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster, ...nodes() })).toThrow(/pcs\.clusterOfOtherStage.*fromClusterId/s);
    expect(() => new pcs.Queue(stack, 'Queue', { cluster })).toThrow('pcs.clusterOfOtherStage');
  });
});

describe('circles of stacks are told with the line that ends them', () => {
  test('a queue beside the cluster can\'t have node groups that wait for it', () => {
    const { cluster, other, groupIn } = setUp();
    const group = groupIn(other);
    expect(() => cluster.addQueue('Queue', { computeNodeGroups: [group] }))
      .toThrow(/pcs\.queueCircle.*`computeNodeGroups\[0\]`.*new pcs\.Queue\(other, /s);
    expect(() => cluster.addQueue('Late').addComputeNodeGroup(group)).toThrow('pcs.queueCircle');
  });

  test('a bucket in a stack that waits for the cluster can\'t be granted to node groups beside the cluster', () => {
    const { scope, cluster, other } = setUp();
    const group = cluster.addComputeNodeGroup('Nodes', nodes());
    new s3.Bucket(other, 'Data').grantReadWrite(group);
    new CfnOutput(other, 'Id', { value: cluster.clusterId });
    expect(() => (scope as App).synth()).toThrow(/pcs\.stackCircle.*Other.*new pcs\.ComputeNodeGroup\(/s);
  });

  test('rules are made at the other end', () => {
    const { scope, clusterStack, vpc, cluster, other } = setUp();
    const peer = new ec2.SecurityGroup(other, 'Peer', { vpc });
    cluster.connections.allowFrom(peer, ec2.Port.tcp(6820));
    expect(() => (scope as App).synth()).toThrow(/pcs\.stackCircle.*allowTo/s);
    const again = setUp();
    const open = new ec2.SecurityGroup(again.other, 'Peer', { vpc: again.vpc });
    open.connections.allowTo(again.cluster, ec2.Port.tcp(6820));
    expect(dependencies(again.clusterStack, again.other)).toEqual({ Cluster: [], Other: ['Cluster'] });
    expect(clusterStack).toBeDefined();
  });

  test('what isn\'t one is left alone', () => {
    const { clusterStack, cluster, other } = setUp();
    new s3.Bucket(other, 'Data').grantReadWrite(cluster.addComputeNodeGroup('Nodes', nodes()));
    expect(dependencies(clusterStack, other)).toEqual({ Cluster: ['Other'], Other: [] });
  });
});
