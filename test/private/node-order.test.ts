import {
  App, CfnResource, NestedStack, Stack, Stage, aws_ec2 as ec2, aws_efs as efs, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3,
  aws_s3_deployment as s3deploy,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import { nodes } from '../pcs/fixture';

let app: App;
let stack: Stack;
let vpc: ec2.Vpc;
beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack');
  vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
});

/** Two ways to have nodes, with groups and a role that are given. */
const KINDS = {
  'a node group of PCS': {
    type: 'AWS::PCS::ComputeNodeGroup',
    make(securityGroups: ec2.ISecurityGroup[], role: iam.IRole, network: ec2.IVpc = vpc) {
      const slurm = new pcs.Cluster(stack, 'Slurm', {
        vpc: network, securityGroups, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11,
      });
      const made = slurm.addComputeNodeGroup('Nodes', nodes({ nodeRole: pcs.NodeRole.fromRole(role), scaling: pcs.Scaling.fixed(2) }));
      return made.computeNodeGroupArn;
    },
  },
  'a HyperPod cluster': {
    type: 'AWS::SageMaker::Cluster',
    make(securityGroups: ec2.ISecurityGroup[], executionRole: iam.IRole, network: ec2.IVpc = vpc) {
      const pod = new hyperpod.Cluster(stack, 'Pod', { vpc: network, orchestrator: hyperpod.Orchestrator.slurm() });
      pod.addInstanceGroup('controller', {
        instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_LARGE, count: 1 }),
        slurmNode: hyperpod.SlurmNode.controller(),
        securityGroups,
        executionRole,
      });
      return pod.clusterArn;
    },
  },
};

const newRole = (scope: Construct = stack) => new iam.Role(scope, 'Role', {
  path: '/aws-pcs/', assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal('ec2.amazonaws.com'), new iam.ServicePrincipal('sagemaker.amazonaws.com')),
});
const newGroup = (scope: Construct = stack) => new ec2.SecurityGroup(scope, 'Group', { vpc });

/** The logical ids that the resource with nodes depends on. */
function dependencies(type: string): string[] {
  const [{ DependsOn }] = Object.values(Template.fromStack(stack).findResources(type));
  return DependsOn ?? [];
}
const idOf = (construct: Construct) => stack.getLogicalId((construct.node.defaultChild ?? construct) as CfnResource);

describe.each(Object.entries(KINDS))('%s comes after', (_name, { type, make }) => {
  test('rules of its security groups, also those that come later and of foreign constructs', () => {
    const group = newGroup();
    make([group], newRole());
    const itself = new ec2.CfnSecurityGroupEgress(stack, 'Itself', {
      groupId: group.securityGroupId, ipProtocol: '-1', destinationSecurityGroupId: group.securityGroupId,
    });
    const foreign = new CfnResource(stack, 'Foreign', {
      type: 'AWS::EC2::SecurityGroupIngress', properties: { GroupId: group.securityGroupId, IpProtocol: '-1', CidrIp: '10.0.0.0/8' },
    });
    const other = new ec2.CfnSecurityGroupIngress(stack, 'Other', { groupId: 'sg-0123456789abcdef0', ipProtocol: '-1', cidrIp: '10.0.0.0/8' });
    const found = dependencies(type);
    expect(found).toEqual(expect.arrayContaining([itself, foreign].map(idOf)));
    expect(found).not.toContain(idOf(other));
  });

  test('mount targets of file systems that let it in, and the rules by which they do', () => {
    const group = newGroup();
    const fileSystem = new efs.FileSystem(stack, 'Home', { vpc });
    make([group], newRole());
    fileSystem.connections.allowDefaultPortFrom(group);
    const other = new efs.FileSystem(stack, 'Others', { vpc });
    const found = dependencies(type);
    const targets = (of: Construct) => of.node.findAll().filter(child => child instanceof efs.CfnMountTarget).map(idOf);
    const rules = fileSystem.node.findAll().filter(child => child instanceof ec2.CfnSecurityGroupIngress).map(idOf);
    expect(found).toEqual(expect.arrayContaining([...targets(fileSystem), ...rules]));
    expect(rules).toHaveLength(1);
    targets(other).forEach(target => { expect(found).not.toContain(target); });
  });

  test('policies of its role, but for those that need it', () => {
    const role = newRole();
    const arn = make([newGroup()], role);
    new s3.Bucket(stack, 'Data').grantRead(role);
    const own = new iam.Policy(stack, 'Own', { roles: [role], statements: [new iam.PolicyStatement({ actions: ['pcs:*'], resources: [arn] })] });
    const others = new iam.CfnRolePolicy(stack, 'Others', { roleName: 'others', policyName: 'x' });
    const found = dependencies(type);
    expect(found).toContain(idOf(role.node.findChild('DefaultPolicy') as Construct));
    expect(found).not.toContain(idOf(own));
    expect(found).not.toContain(idOf(others));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('has a policy that refers to the nodes.*Stack/Own'));
  });

  test('routes and associations that foreign constructs made', () => {
    const network = ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    make([ec2.SecurityGroup.fromSecurityGroupId(stack, 'Given', 'sg-0123456789abcdef0')], newRole(), network);
    const table = new ec2.CfnRouteTable(stack, 'Table', { vpcId: network.vpcId });
    const association = new ec2.CfnSubnetRouteTableAssociation(stack, 'Association', { routeTableId: table.ref, subnetId: 'subnet-0123456789abcdef0' });
    const route = new ec2.CfnRoute(stack, 'Route', { routeTableId: table.ref, destinationCidrBlock: '0.0.0.0/0', natGatewayId: 'nat-0123456789abcdef0' });
    const rule = new ec2.CfnSecurityGroupIngress(stack, 'Rule', { groupId: 'sg-0123456789abcdef0', ipProtocol: '-1', cidrIp: '10.0.0.0/8' });
    expect(dependencies(type)).toEqual(expect.arrayContaining([association, route, rule].map(idOf)));
  });

  test('endpoints of its VPC', () => {
    make([newGroup()], newRole());
    const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    expect(dependencies(type)).toContain(idOf(endpoint));
  });

  test('rules of a stack that can come first, and not of one that needs it', () => {
    const before = new Stack(app, 'Before');
    const after = new Stack(app, 'After');
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    const arn = make([group], newRole());
    new ec2.CfnSecurityGroupIngress(after, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '10.0.0.0/8' });
    new CfnResource(after, 'User', { type: 'Custom::User', properties: { arn } });
    new CfnResource(before, 'Unrelated', { type: 'AWS::IAM::RolePolicy', properties: { RoleName: 'others' } });
    expect(() => app.synth()).not.toThrow();
    expect(stack.dependencies).toEqual([]);
  });

  test('no circle comes of several of them that need each other', () => {
    const role = newRole();
    const arn = make([newGroup()], role);
    const watcher = new lambda.Function(stack, 'Watcher', {
      runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('x'), environment: { ARN: arn },
    });
    watcher.grantInvoke(role); // the policy names the function, which names the nodes
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(dependencies(type)).not.toContain(idOf(role.node.findChild('DefaultPolicy') as Construct));
  });
});

describe.each([
  ['a node group of PCS', 'AWS::PCS::ComputeNodeGroup', (bucket: s3.IBucket) => {
    const slurm = new pcs.Cluster(stack, 'Slurm', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 });
    const source = pcs.ScriptSource.fromBucket({ bucket, objectKey: 'scripts/hello.sh' });
    return slurm.addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeReady: [{ name: 'hello', source }] } })).computeNodeGroupArn;
  }],
  ['a HyperPod cluster', 'AWS::SageMaker::Cluster', (bucket: s3.IBucket) => {
    const pod = new hyperpod.Cluster(stack, 'Pod', {
      vpc, orchestrator: hyperpod.Orchestrator.slurm(), lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket, prefix: 'scripts' }),
    });
    pod.addInstanceGroup('head', { instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_LARGE, count: 1 }) });
    return pod.clusterArn;
  }],
] as const)('%s with scripts in a bucket comes after', (_name, type, make) => {
  const fill = (id: string, destinationBucket: s3.IBucket, text = '') => new s3deploy.BucketDeployment(stack, id, {
    sources: [s3deploy.Source.data('scripts/hello.sh', `#!/bin/bash\necho ${text}\n`)], destinationBucket,
  });
  const deploymentIn = (deployment: Construct) => deployment.node.findAll()
    .filter((child): child is CfnResource => CfnResource.isCfnResource(child) && child.cfnResourceType === 'Custom::CDKBucketDeployment').map(idOf);

  test('what fills the bucket and says who may read it, also if that comes later', () => {
    const bucket = new s3.Bucket(stack, 'Scripts', { enforceSSL: true });
    make(bucket);
    const [scripts, others] = [fill('Fill', bucket), fill('FillOther', new s3.Bucket(stack, 'Others'))];
    const found = dependencies(type);
    expect(deploymentIn(scripts)).toHaveLength(1);
    expect(found).toEqual(expect.arrayContaining([...deploymentIn(scripts), idOf(bucket.policy!)]));
    expect(found).not.toContain(deploymentIn(others)[0]);
  });

  test('what fills a bucket that exists', () => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'scripts');
    make(bucket);
    const scripts = fill('Fill', s3.Bucket.fromBucketName(stack, 'Same', 'scripts'));
    expect(dependencies(type)).toEqual(expect.arrayContaining(deploymentIn(scripts)));
  });

  test('nothing that needs it', () => {
    const bucket = new s3.Bucket(stack, 'Scripts');
    const scripts = fill('Fill', bucket, make(bucket));
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(dependencies(type)).not.toContain(deploymentIn(scripts)[0]);
  });
});

test('two node groups whose policies name the other of them make no circle', () => {
  const slurm = new pcs.Cluster(stack, 'Slurm', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 });
  const [a, b] = ['A', 'B'].map(id => slurm.addComputeNodeGroup(id, nodes({ nodeRole: pcs.NodeRole.managed() })));
  a.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['pcs:GetComputeNodeGroup'], resources: [b.computeNodeGroupArn] }));
  b.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['pcs:GetComputeNodeGroup'], resources: [a.computeNodeGroupArn] }));
  expect(() => Template.fromStack(stack)).not.toThrow();
  const groups = Template.fromStack(stack).findResources('AWS::PCS::ComputeNodeGroup');
  const waiting = Object.entries(groups).filter(([, { DependsOn }]) => JSON.stringify(DependsOn).includes('DefaultPolicy')).map(([id]) => id);
  expect(waiting).toEqual([expect.stringMatching(/^SlurmA/)]);
});

test('the order of a stage is settled with it', () => {
  const stage = new Stage(app, 'Prod');
  stack = new Stack(stage, 'Stack');
  vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
  const role = newRole();
  KINDS['a node group of PCS'].make([newGroup()], role);
  role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  app.synth();
  expect(dependencies('AWS::PCS::ComputeNodeGroup')).toContain(idOf(role.node.findChild('DefaultPolicy') as Construct));
});

test('three stacks whose roles and rules concern nodes of each other make no circle', () => {
  const role = newRole();
  const slurm = new pcs.Cluster(stack, 'Slurm', {
    vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, nodeRole: pcs.NodeRole.fromRole(role),
  });
  for (const id of ['A', 'B', 'C']) {
    const own = new Stack(app, id);
    new pcs.ComputeNodeGroup(own, 'Nodes', { ...nodes(), cluster: slurm });
    const statements = [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })];
    new iam.Policy(own, 'Policy', { statements, roles: [role] });
  }
  expect(() => app.synth()).not.toThrow();
});

test('what a nested stack needs is needed by its parent', () => {
  const parent = new Stack(app, 'Parent');
  const network = new NestedStack(parent, 'Network');
  const group = new ec2.SecurityGroup(network, 'Group', { vpc });
  const role = newRole(parent);
  const slurm = new pcs.Cluster(parent, 'Slurm', {
    vpc, securityGroups: [group], size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11,
  });
  slurm.addComputeNodeGroup('Nodes', nodes({ nodeRole: pcs.NodeRole.fromRole(role) }));
  const other = new Stack(app, 'Other');
  new ec2.CfnSecurityGroupIngress(other, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '10.0.0.0/8' });
  expect(() => app.synth()).not.toThrow();
  expect(parent.dependencies).not.toContain(other);
});

test('what has the same name in a stage is not waited for', () => {
  const role = iam.Role.fromRoleName(stack, 'Given', 'AWSPCS-nodes');
  KINDS['a node group of PCS'].make([newGroup()], role);
  const inStage = new Stack(new Stage(app, 'Prod'), 'Stack');
  iam.Role.fromRoleName(inStage, 'Given', 'AWSPCS-nodes').addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  expect(() => app.synth()).not.toThrow();
});
