import { CfnOutput, Duration, RemovalPolicy, Stack, Tags, aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnCluster } from 'aws-cdk-lib/aws-pcs';
import { agnosticStack, clusterIn, concreteStack, nodes, vpcIn } from './fixture';
import * as pcs from '../../src/pcs';

describe('a cluster', () => {
  test('has only what was asked for', () => {
    const stack = concreteStack();
    clusterIn(stack);
    const template = Template.fromStack(stack);
    template.hasResource('AWS::PCS::Cluster', {
      Properties: {
        Name: Match.absent(),
        Size: 'SMALL',
        Scheduler: { Type: 'SLURM', Version: '25.11' },
        Networking: { SubnetIds: ['subnet-1111111111111111a'], SecurityGroupIds: [Match.anyValue()], NetworkType: Match.absent() },
        SlurmConfiguration: Match.absent(),
      },
    });
    template.resourceCountIs('AWS::IAM::Role', 0);
  });

  test('renders its settings', () => {
    const stack = concreteStack();
    clusterIn(stack, {
      clusterName: 'slurm',
      accounting: pcs.Accounting.standard({ retention: Duration.days(365) }),
      scaleDownIdleTime: Duration.minutes(5),
      slurmSettings: { custom: { PrologFlags: 'Alloc' } },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', {
      Name: 'slurm',
      SlurmConfiguration: {
        Accounting: { Mode: 'STANDARD', DefaultPurgeTimeInDays: 365 },
        ScaleDownIdleTimeInSeconds: 300,
        SlurmCustomSettings: [{ ParameterName: 'PrologFlags', ParameterValue: 'Alloc' }],
      },
    });
  });

  test('renders no empty list of settings, which the service refuses', () => {
    const stack = concreteStack();
    clusterIn(stack, { accounting: pcs.Accounting.none(), slurmSettings: { custom: {} } });
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', { SlurmConfiguration: { Accounting: { Mode: 'NONE' } } });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('SlurmCustomSettings');
  });

  test('takes the first subnet of the selection', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    clusterIn(stack, { vpc, vpcSubnets: { subnets: [vpc.publicSubnets[1], vpc.privateSubnets[0]] } });
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', { Networking: { SubnetIds: ['subnet-0000000000000000b'] } });
  });

  test('is open to its own members and closed to everybody else', () => {
    const stack = concreteStack();
    clusterIn(stack);
    const template = Template.fromStack(stack);
    const own = { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::EC2::SecurityGroup'))[0], 'GroupId'] };
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: own, SourceSecurityGroupId: own, IpProtocol: '-1' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: own, DestinationSecurityGroupId: own, IpProtocol: '-1' });
  });

  test('comes after the rules of its security group', () => {
    const stack = concreteStack();
    clusterIn(stack);
    const template = Template.fromStack(stack);
    const rules = [
      ...Object.keys(template.findResources('AWS::EC2::SecurityGroupIngress')),
      ...Object.keys(template.findResources('AWS::EC2::SecurityGroupEgress')),
    ];
    template.hasResource('AWS::PCS::Cluster', { DependsOn: Match.arrayEquals(rules.sort()) });
  });

  test('uses given security groups as they are', () => {
    const stack = concreteStack();
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    const cluster = clusterIn(stack, { securityGroups: [group] });
    cluster.addComputeNodeGroup('Nodes', nodes());
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    template.hasResourceProperties('AWS::PCS::Cluster', { Networking: { SecurityGroupIds: ['sg-0123456789abcdef0'] } });
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: ['sg-0123456789abcdef0'] } });
  });

  test('can be kept when the stack goes, and is tagged', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Tags.of(cluster).add('team', 'hpc');
    cluster.addComputeNodeGroup('Nodes', nodes());
    const template = Template.fromStack(stack);
    template.hasResource('AWS::PCS::Cluster', { DeletionPolicy: 'Retain', Properties: { Tags: { team: 'hpc' } } });
    template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { Tags: { team: 'hpc' } });
    template.hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'team', Value: 'hpc' }] });
  });

  test('leaves no id of what it makes itself for node groups', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/aws-pcs/nodes');
    const restrictive = pcs.SlurmTraffic.restrictive();
    for (const props of [{}, { traffic: restrictive }, { nodeRole: pcs.NodeRole.fromRole(role) }]) {
      const cluster = clusterIn(stack, { vpc, clusterName: `cluster-${stack.node.children.length}`, ...props });
      cluster.addComputeNodeGroup('Nodes', nodes());
      for (const { node: { id } } of cluster.node.children.filter(child => child.node.id !== 'Nodes')) {
        expect(() => cluster.addComputeNodeGroup(id, nodes())).toThrow(/\[pcs\.childIdTaken\]/);
      }
    }
  });

  test('names all problems at once and creates nothing', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const make = () => clusterIn(stack, {
      vpc,
      clusterName: 'x',
      scaleDownIdleTime: Duration.seconds(0),
      nodeRole: pcs.NodeRole.managed({ path: '/' }),
    });
    expect(make).toThrow(/3 problems:\n.*pcs\.clusterName.*\n.*pcs\.idleTime.*\n.*pcs\.nodeRoleName/);
    expect(stack.node.findChild('x').node.children).toHaveLength(0);
  });
});

describe('an imported cluster', () => {
  const ARN = 'arn:aws-cn:pcs:cn-north-1:444455556666:cluster/pcs_abc123';

  test('creates nothing and knows its id and environment', () => {
    const stack = concreteStack();
    const cluster = pcs.Cluster.fromClusterArn(stack, 'Cluster', ARN);
    expect(cluster.clusterArn).toBe(ARN);
    expect(stack.resolve(cluster.clusterId)).toBe('pcs_abc123');
    expect(cluster.clusterRef).toEqual({ clusterArn: ARN });
    expect(cluster.env).toEqual({ account: '444455556666', region: 'cn-north-1' });
    expect(cluster.connections.securityGroups).toEqual([]);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('by its id is in the account and Region of the stack', () => {
    const stack = agnosticStack();
    const cluster = pcs.Cluster.fromClusterId(stack, 'Cluster', 'pcs_abc123');
    expect(cluster.clusterId).toBe('pcs_abc123');
    expect(stack.resolve(cluster.clusterArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pcs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':cluster/pcs_abc123']],
    });
    expect(cluster.env).toEqual({ account: stack.account, region: stack.region });
    expect(cluster.metricActualCapacity().dimensions).toEqual({ ClusterId: 'pcs_abc123' });
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('gives its node groups its network, and each a role of its own', () => {
    const stack = concreteStack();
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    const cluster = pcs.Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterArn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123', vpc: vpcIn(stack), securityGroups: [group],
    });
    for (const id of ['A', 'B']) { new pcs.ComputeNodeGroup(stack, id, { cluster, ...nodes() }); }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    template.allResourcesProperties('AWS::PCS::ComputeNodeGroup', {
      ClusterId: 'pcs_abc123', SubnetIds: ['subnet-1111111111111111a', 'subnet-1111111111111111b'],
    });
    template.allResourcesProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: [{ Resource: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123' }] } }],
    });
  });
});

test('an L1 cluster is as good where the id is enough', () => {
  const stack = concreteStack();
  const cluster = new CfnCluster(stack, 'Cluster', {
    size: 'SMALL', scheduler: { type: 'SLURM', version: '25.11' }, networking: { subnetIds: ['subnet-1'] },
  });
  const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
  const workers = new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster, vpc: vpcIn(stack), securityGroups: [group], ...nodes() });
  new pcs.Queue(stack, 'Queue', { cluster, computeNodeGroups: [workers] });
  const id = { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Cluster' }] }] };
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { ClusterId: id });
  template.hasResourceProperties('AWS::PCS::Queue', { ClusterId: id });
});

test('node groups and queues may live in another stack', () => {
  const stack = concreteStack();
  const cluster = clusterIn(stack);
  const other = new Stack(stack.node.root as never, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
  const workers = new pcs.ComputeNodeGroup(other, 'Nodes', {
    cluster,
    ...nodes({ lifecycleActions: { nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(`${__dirname}/scripts/hello.sh`) }] } }),
  });
  new pcs.Queue(other, 'Queue', { cluster, computeNodeGroups: [workers] });
  const template = Template.fromStack(other);
  template.resourceCountIs('AWS::PCS::ComputeNodeGroup', 1);
  template.resourceCountIs('AWS::IAM::Policy', 1);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});

test('a stack without an environment gets the same shape', () => {
  const stack = agnosticStack();
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
  const cluster = clusterIn(stack, { vpc });
  cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())] });
  new CfnOutput(stack, 'Id', { value: cluster.clusterId });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::PCS::Cluster', { Networking: { SubnetIds: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }] } });
  template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { SubnetIds: [Match.anyValue(), Match.anyValue()] });
});
