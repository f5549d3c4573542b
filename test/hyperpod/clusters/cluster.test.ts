import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import {
  App, CfnParameter, CfnResource, Duration, NestedStack, Size, Stack, Tags, aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_eks as eks,
  aws_iam as iam, aws_kms as kms, aws_s3 as s3, aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import {
  AutoScaling, BatchSize, Capacity, Cluster, DeepHealthCheck, InstanceStorage, InstanceType, Instances, LifecycleScripts, LifecycleStage,
  NetworkInterfaceType, NodeProvisioningMode, NodeRecovery, Orchestrator, PartitionLayout, PartitionProfile, PatchingStrategy,
  SharedLustreDeletionPolicy, SlurmConfigStrategy, SlurmNode, TaintEffect, TieredStorage, type ClusterProps,
} from '../../../src/hyperpod';
import { TrainingPlan } from '../../../src/training-plans';

const TYPE = 'AWS::SageMaker::Cluster';
const SCRIPTS = join(__dirname, '..', 'lifecycle-scripts');
const EKS_ARN = 'arn:aws:eks:us-east-1:111122223333:cluster/platform';
const one = (instanceType = InstanceType.P5_48XLARGE) => Instances.ofType({ instanceType, count: 1 });

let stack: Stack;
let vpc: ec2.Vpc;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
});

function onEks(props: Partial<ClusterProps> = {}): Cluster {
  const cluster = eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
  return new Cluster(stack, 'Pod', { orchestrator: Orchestrator.eks(cluster), vpc, ...props });
}

function onSlurm(props: Partial<ClusterProps> = {}): Cluster {
  return new Cluster(stack, 'Pod', { orchestrator: Orchestrator.slurm(), vpc, ...props });
}

/** The properties of the only HyperPod cluster. */
function properties(): any {
  return Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties;
}

/** What each resource of a template comes after, as CloudFormation sees it: DependsOn, Ref, Fn::GetAtt and Fn::Sub. */
function dependenciesIn(template: Record<string, any>): Map<string, Set<string>> {
  const ids = new Set(Object.keys(template.Resources));
  const found = (value: any): string[] => {
    if (typeof value === 'string') { return [...value.matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(match => match[1]); }
    if (Array.isArray(value)) { return value.flatMap(found); }
    if (typeof value !== 'object' || value === null) { return []; }
    const own = [value.Ref, Array.isArray(value['Fn::GetAtt']) ? value['Fn::GetAtt'][0] : undefined].filter(id => typeof id === 'string');
    return [...own, ...Object.values(value).flatMap(found)];
  };
  return new Map(Object.entries<any>(template.Resources).map(([id, resource]) => [
    id, new Set([...[resource.DependsOn ?? []].flat(), ...found(resource.Properties)].filter(other => ids.has(other))),
  ]));
}

/** Everything that a resource comes after, and is therefore deleted before. */
function allBelow(graph: Map<string, Set<string>>, id: string): Set<string> {
  const seen = new Set<string>();
  const visit = (node: string): void => graph.get(node)!.forEach(next => {
    if (!seen.has(next)) {
      seen.add(next);
      visit(next);
    }
  });
  visit(id);
  return seen;
}

const typesOf = (template: Record<string, any>, ids: Iterable<string>) => [...new Set([...ids].map(id => template.Resources[id].Type))];

test('a cluster on EKS, in few words', () => {
  onEks({ lifecycleScripts: LifecycleScripts.none() }).addInstanceGroup('workers', { instances: one() });
  expect(properties()).toEqual({
    Orchestrator: { Eks: { ClusterArn: { 'Fn::Join': ['', expect.arrayContaining([':cluster/platform'])] } } },
    VpcConfig: {
      Subnets: [{ Ref: 'VpcPrivateSubnet1Subnet536B997A' }, { Ref: 'VpcPrivateSubnet2Subnet3788AAA1' }],
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^PodSecurityGroup/), 'GroupId'] }],
    },
    InstanceGroups: [{
      InstanceGroupName: 'workers',
      InstanceType: 'ml.p5.48xlarge',
      InstanceCount: 1,
      ExecutionRole: { 'Fn::GetAtt': [expect.stringMatching(/^PodExecutionRole/), 'Arn'] },
    }],
  });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
});

test('everything that an instance group can have', () => {
  const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
  const alarm = cloudwatch.Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:loss');
  const rollout = {
    maxBatch: BatchSize.instances(2),
    maxRollbackBatch: BatchSize.percent(50),
    waitBetweenBatches: Duration.minutes(5),
    rollbackAlarms: [alarm],
  };
  const deployment = {
    RollingUpdatePolicy: {
      MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 2 }, RollbackMaximumBatchSize: { Type: 'CAPACITY_PERCENTAGE', Value: 50 },
    },
    WaitIntervalInSeconds: 300,
    AutoRollbackConfiguration: [{ AlarmName: 'loss' }],
  };
  onEks({ nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS, lifecycleScripts: LifecycleScripts.none() }).addInstanceGroup('a', {
    instanceGroupName: 'workers',
    instances: Instances.ofType({ instanceType: InstanceType.P5_48XLARGE, count: 4, minCount: 2 }),
    capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanArn(stack, 'Plan', 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm')),
    storage: [
      InstanceStorage.ebsVolume({ size: Size.tebibytes(1), encryptionKey: key }),
      InstanceStorage.rootVolume({ encryptionKey: key }),
      InstanceStorage.lustre({ dnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com', mountName: 'abcd', mountPath: '/data' }),
      InstanceStorage.openZfs({ dnsName: 'fs-0fedcba987654321f.fsx.us-east-1.amazonaws.com' }),
    ],
    deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS, DeepHealthCheck.INSTANCE_CONNECTIVITY],
    threadsPerCore: 1,
    partitions: PartitionLayout.uniform(PartitionProfile.MIG_3G_40GB),
    labels: { team: 'research' },
    taints: [{ key: 'gpu', value: 'yes', effect: TaintEffect.NO_EXECUTE }],
    networkInterfaceType: NetworkInterfaceType.EFA_ONLY,
    imageId: 'ami-0123456789abcdef0',
    imageReleaseVersion: '1.2.3',
    scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout },
    automaticPatching: { strategy: PatchingStrategy.WHEN_ALL_IDLE, rollout },
    vpcSubnets: { subnets: [vpc.privateSubnets[1]] },
  });
  const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/abc';
  expect(properties().InstanceGroups).toEqual([{
    InstanceGroupName: 'workers',
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: 4,
    MinInstanceCount: 2,
    ExecutionRole: expect.anything(),
    TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm',
    InstanceStorageConfigs: [
      { EbsVolumeConfig: { VolumeSizeInGB: 1024, VolumeKmsKeyId: keyArn } },
      { EbsVolumeConfig: { RootVolume: true, VolumeKmsKeyId: keyArn } },
      { FsxLustreConfig: { DnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com', MountName: 'abcd', MountPath: '/data' } },
      { FsxOpenZfsConfig: { DnsName: 'fs-0fedcba987654321f.fsx.us-east-1.amazonaws.com' } },
    ],
    OnStartDeepHealthChecks: ['InstanceStress', 'InstanceConnectivity'],
    ThreadsPerCore: 1,
    KubernetesConfig: {
      Labels: { 'team': 'research', 'nvidia.com/mig.config': 'all-3g.40gb' }, Taints: [{ Key: 'gpu', Value: 'yes', Effect: 'NoExecute' }],
    },
    NetworkInterface: { InterfaceType: 'efa-only' },
    ImageId: 'ami-0123456789abcdef0',
    ImageReleaseVersion: '1.2.3',
    ScheduledUpdateConfig: { ScheduleExpression: 'cron(0 2 ? * SUN *)', DeploymentConfig: deployment },
    AutoPatchConfig: { PatchingStrategy: 'WhenAllIdle', DeploymentConfig: deployment },
    OverrideVpcConfig: {
      Subnets: [{ Ref: 'VpcPrivateSubnet2Subnet3788AAA1' }],
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^PodSecurityGroup/), 'GroupId'] }],
    },
  }]);
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { Policies: Match.anyValue() } }));
  expect(role.Properties.Policies[0].PolicyDocument.Statement).toContainEqual({
    Action: 'cloudwatch:DescribeAlarms', Effect: 'Allow', Resource: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:loss',
  });
});

test('empty lists are left out, which the service may refuse', () => {
  const pod = onEks({ lifecycleScripts: LifecycleScripts.none() });
  pod.addInstanceGroup('a', { instances: one(), deepHealthChecks: [], storage: [], labels: {}, taints: [] });
  pod.addInstanceGroup('b', { instances: one(), labels: {}, taints: [{ key: 'gpu', effect: TaintEffect.NO_SCHEDULE }] });
  const common = { InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, ExecutionRole: expect.anything() };
  expect(properties().InstanceGroups).toEqual([
    { ...common, InstanceGroupName: 'a' },
    { ...common, InstanceGroupName: 'b', KubernetesConfig: { Taints: [{ Key: 'gpu', Effect: 'NoSchedule' }] } },
  ]);
});

test('several instance types, spot, and security groups of its own', () => {
  const group = onEks({ nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS, lifecycleScripts: LifecycleScripts.none() }).addInstanceGroup('spot', {
    instances: Instances.flexible({ instanceTypes: [InstanceType.P5_48XLARGE, InstanceType.P5E_48XLARGE], count: 2, minCount: 0 }),
    capacity: Capacity.spot(),
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
  });
  expect(properties().InstanceGroups[0]).toMatchObject({
    InstanceRequirements: { InstanceTypes: ['ml.p5.48xlarge', 'ml.p5e.48xlarge'] },
    MinInstanceCount: 0,
    CapacityRequirements: { Spot: {} },
    OverrideVpcConfig: {
      Subnets: [{ Ref: 'VpcPrivateSubnet1Subnet536B997A' }, { Ref: 'VpcPrivateSubnet2Subnet3788AAA1' }], SecurityGroupIds: ['sg-1'],
    },
  });
  expect(properties().InstanceGroups[0]).not.toHaveProperty('InstanceType');
  expect(group.connections.securityGroups.map(securityGroup => securityGroup.securityGroupId)).toEqual(['sg-1']);
});

test('a cluster of Slurm with a database', () => {
  const pod = onSlurm({
    clusterName: 'slurm',
    nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS,
    nodeRecovery: NodeRecovery.NONE,
    orchestrator: Orchestrator.slurm({
      accountingDatabase: {
        endpoint: 'db.internal',
        port: 3306,
        databaseName: 'slurm_acct',
        secret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret',
          'arn:aws:secretsmanager:us-east-1:111122223333:secret:slurm-a1b2c3'),
      },
    }),
  });
  pod.addInstanceGroup('controller', { instances: one(InstanceType.M5_XLARGE), slurmNode: SlurmNode.controller() });
  pod.addInstanceGroup('gpu', { instances: one(), slurmNode: SlurmNode.compute({ partitionName: 'gpu' }), capacity: Capacity.onDemand() });
  expect(properties()).toMatchObject({
    ClusterName: 'slurm',
    NodeRecovery: 'None',
    NodeProvisioningMode: 'Continuous',
    Orchestrator: {
      Slurm: {
        AccountingDatabase: {
          Endpoint: 'db.internal', Port: 3306, Name: 'slurm_acct', SecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slurm-a1b2c3',
        },
      },
    },
    InstanceGroups: [
      { InstanceGroupName: 'controller', SlurmConfig: { NodeType: 'Controller' } },
      { InstanceGroupName: 'gpu', SlurmConfig: { NodeType: 'Compute', PartitionNames: ['gpu'] }, CapacityRequirements: { OnDemand: {} } },
    ],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    Policies: [{
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'] }),
        ]),
      },
    }],
  });
});

test('only the controller may read the secret of the database, where its role is its own', () => {
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
  const secret = secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', {
    secretCompleteArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slurm-a1b2c3', encryptionKey,
  });
  const pod = onSlurm({
    nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS,
    orchestrator: Orchestrator.slurm({ accountingDatabase: { endpoint: 'db.internal', secret } }),
  });
  const controllerRole = new iam.Role(stack, 'ControllerRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  pod.addInstanceGroup('controller', {
    instances: one(InstanceType.M5_XLARGE), slurmNode: SlurmNode.controller(), executionRole: controllerRole,
  });
  pod.addInstanceGroup('login', { instances: one(InstanceType.M5_XLARGE), slurmNode: SlurmNode.login() });
  pod.addInstanceGroup('gpu', { instances: one(), slurmNode: SlurmNode.compute({ partitionName: 'gpu' }) });

  const template = Template.fromStack(stack);
  const readers = (type: string) => Object.entries(template.findResources(type))
    .filter(([, resource]) => /secretsmanager|kms:/.test(JSON.stringify(resource.Properties))).map(([, resource]) => resource.Properties);
  expect(readers('AWS::IAM::Role')).toEqual([]);
  expect(readers('AWS::IAM::Policy')).toEqual([expect.objectContaining({
    Roles: [{ Ref: expect.stringMatching(/^ControllerRole/) }],
    PolicyDocument: expect.objectContaining({
      Statement: expect.arrayContaining([
        {
          Effect: 'Allow',
          Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
          Resource: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slurm-a1b2c3',
        },
        { Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc' },
      ]),
    }),
  })]);
});

test.each([
  ['a strategy', SlurmConfigStrategy.OVERWRITE, undefined, { SlurmConfigStrategy: 'Overwrite' }],
  ['no strategy', undefined, undefined, { SlurmConfigStrategy: 'Merge' }],
  ['no strategy with continuous provisioning', undefined, NodeProvisioningMode.CONTINUOUS, {}],
  ['no strategy with a mode that AWS may add', undefined, NodeProvisioningMode.of('Batched'), {}],
  ['a strategy that AWS may add, with continuous provisioning', SlurmConfigStrategy.of('Follow'), NodeProvisioningMode.CONTINUOUS,
    { SlurmConfigStrategy: 'Follow' }],
])('Slurm with %s', (_name, configStrategy, nodeProvisioningMode, expected) => {
  const pod = onSlurm({ orchestrator: Orchestrator.slurm({ configStrategy }), nodeProvisioningMode });
  pod.addInstanceGroup('controller', { instances: one(), slurmNode: SlurmNode.controller() });
  expect(properties().Orchestrator).toEqual({ Slurm: expected });
});

describe('Slurm that lifecycle scripts set up', () => {
  test.each<[string, (pod: Cluster) => void]>([
    ['groups without a place in Slurm', pod => { pod.addInstanceGroup('controller', { instances: one() }); }],
    ['a restricted group', pod => { pod.addRestrictedInstanceGroup('nova', { instanceType: InstanceType.P5_48XLARGE, instanceCount: 1 }); }],
    ['no group yet', () => undefined],
  ])('has no orchestrator in the words of the API: %s', (_name, add) => {
    add(onSlurm({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) }));
    expect(properties()).not.toHaveProperty('Orchestrator');
  });

  test('has one as soon as a group is a controller, in whichever order groups are added', () => {
    const pod = onSlurm();
    pod.addInstanceGroup('workers', { instances: one(), slurmNode: SlurmNode.compute({ partitionName: 'gpu' }) });
    pod.addInstanceGroup('controller', { instances: one(), slurmNode: SlurmNode.controller() });
    expect(properties().Orchestrator).toEqual({ Slurm: { SlurmConfigStrategy: 'Merge' } });
  });
});

describe('what AWS may add', () => {
  test('is passed on as it is given', () => {
    const pod = onEks({
      nodeRecovery: NodeRecovery.of('Later'),
      nodeProvisioningMode: NodeProvisioningMode.of('Batched'),
      lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS, { stage: LifecycleStage.of('OnShutdown') }),
      restrictedEnvironment: {
        lustreDeletionPolicy: SharedLustreDeletionPolicy.of('Archive'), lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 125 },
      },
    });
    pod.addInstanceGroup('workers', {
      instances: one(),
      deepHealthChecks: [DeepHealthCheck.of('StorageStress')],
      taints: [{ key: 'gpu', effect: TaintEffect.of('Slow') }],
      networkInterfaceType: NetworkInterfaceType.of('efa-3'),
      automaticPatching: { strategy: PatchingStrategy.of('DrainFirst') },
    });
    expect(properties()).toMatchObject({
      NodeRecovery: 'Later',
      NodeProvisioningMode: 'Batched',
      RestrictedInstanceGroupsConfig: { SharedEnvironmentConfig: { FSxLustreDeletionPolicy: 'Archive' } },
      InstanceGroups: [{
        OnStartDeepHealthChecks: ['StorageStress'],
        KubernetesConfig: { Taints: [{ Key: 'gpu', Effect: 'Slow' }] },
        NetworkInterface: { InterfaceType: 'efa-3' },
        AutoPatchConfig: { PatchingStrategy: 'DrainFirst' },
        LifeCycleConfig: { OnShutdown: 'on_create.sh', SourceS3Uri: expect.anything() },
      }],
    });
  });

  test('may be all that other settings need', () => {
    const nodeProvisioningMode = NodeProvisioningMode.of('Batched');
    const pod = onEks({ nodeProvisioningMode, nodeRecovery: NodeRecovery.of('None'), autoScaling: AutoScaling.karpenter() });
    pod.addInstanceGroup('spot', {
      instances: Instances.flexible({ instanceTypes: [InstanceType.P5_48XLARGE], count: 2, minCount: 1 }), capacity: Capacity.spot(),
    });
    expect(properties().InstanceGroups[0]).toMatchObject({ MinInstanceCount: 1, CapacityRequirements: { Spot: {} } });
  });
});

test('Slurm in a VPC of SageMaker has neither network nor permissions for it', () => {
  onSlurm({ vpc: undefined }).addInstanceGroup('workers', { instances: one() });
  expect(properties()).not.toHaveProperty('VpcConfig');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  template.hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
});

test('restricted groups and what they share', () => {
  const pod = onEks({
    lifecycleScripts: LifecycleScripts.none(),
    restrictedEnvironment: {
      lustreDeletionPolicy: SharedLustreDeletionPolicy.DELETE_IF_NOT_USED,
      lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 250 },
    },
  });
  const group = pod.addRestrictedInstanceGroup('nova', {
    instanceType: InstanceType.P5_48XLARGE,
    instanceCount: 2,
    threadsPerCore: 2,
    lustre: { size: Size.gibibytes(2400), perUnitStorageThroughput: 125 },
  });
  expect(group.instanceGroupName).toBe('nova');
  expect(properties()).toMatchObject({
    RestrictedInstanceGroups: [{
      InstanceGroupName: 'nova',
      InstanceType: 'ml.p5.48xlarge',
      InstanceCount: 2,
      ThreadsPerCore: 2,
      EnvironmentConfig: { FSxLustreConfig: { SizeInGiB: 2400, PerUnitStorageThroughput: 125 } },
    }],
    RestrictedInstanceGroupsConfig: {
      SharedEnvironmentConfig: { FSxLustreDeletionPolicy: 'DeleteIfNotUsed', FSxLustreConfig: { SizeInGiB: 1200, PerUnitStorageThroughput: 250 } },
    },
  });
  expect(properties()).not.toHaveProperty('InstanceGroups');
});

test('Karpenter with its role, and checkpoints in memory', () => {
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
  const pod = onEks({
    lifecycleScripts: LifecycleScripts.none(),
    nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS,
    autoScaling: AutoScaling.karpenter(),
    tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 40 }),
  });
  pod.addInstanceGroup('workers', {
    instances: Instances.ofType({ instanceType: InstanceType.P5_48XLARGE, count: 0 }),
    storage: [InstanceStorage.rootVolume({ encryptionKey })],
  });
  expect(properties()).toMatchObject({
    AutoScaling: { Mode: 'Enable', AutoScalerType: 'Karpenter' },
    NodeRecovery: 'Automatic',
    ClusterRole: { 'Fn::GetAtt': [expect.stringMatching(/^PodClusterRole/), 'Arn'] },
    TieredStorageConfig: { Mode: 'Enable', InstanceMemoryAllocationPercentage: 40 },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'hyperpod.sagemaker.amazonaws.com' } }] },
    Policies: [{
      PolicyDocument: {
        Statement: [
          { Action: ['sagemaker:BatchAddClusterNodes', 'sagemaker:BatchDeleteClusterNodes'] },
          { Action: 'kms:DescribeKey', Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc' },
          {
            Action: 'kms:CreateGrant',
            Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc',
            Condition: {
              Bool: { 'kms:GrantIsForAWSResource': 'true' },
              StringLike: { 'kms:ViaService': ['sagemaker.*.amazonaws.com', 'sagemaker.*.amazonaws.com.cn'] },
            },
          },
        ],
      },
    }],
  });
});

test('a role of yours scales the cluster', () => {
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/karpenter');
  const pod = onEks({ nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS, autoScaling: AutoScaling.karpenter({ role }) });
  expect(properties().ClusterRole).toBe('arn:aws:iam::111122223333:role/karpenter');
  expect(pod.clusterRole).toBe(role);
});

test('autoscaling and checkpoints in memory are switched off', () => {
  onEks({ autoScaling: AutoScaling.disabled(), tieredStorage: TieredStorage.disabled() });
  expect(properties()).toMatchObject({ AutoScaling: { Mode: 'Disable' }, TieredStorageConfig: { Mode: 'Disable' } });
  expect(properties()).not.toHaveProperty('ClusterRole');
});

describe('the security group', () => {
  test('lets members do everything among themselves, by rules of their own', () => {
    onEks();
    const template = Template.fromStack(stack);
    const self = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PodSecurityGroup'), 'GroupId'] };
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: self, SourceSecurityGroupId: self, IpProtocol: '-1' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: self, DestinationSecurityGroupId: self, IpProtocol: '-1' });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test.each<[string, (scope: Stack) => Orchestrator]>([
    ['of an L1', scope => Orchestrator.eks(new eks.CfnCluster(scope, 'New', {
      roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: [] }, accessConfig: { authenticationMode: 'API' },
    }))],
    ['of an imported cluster', scope => Orchestrator.eks(eks.Cluster.fromClusterAttributes(scope, 'Old', {
      clusterName: 'platform', clusterSecurityGroupId: 'sg-control',
    }))],
    ['that is given', scope => Orchestrator.eks(eks.Cluster.fromClusterAttributes(scope, 'Old', { clusterName: 'platform' }), {
      clusterSecurityGroup: ec2.SecurityGroup.fromSecurityGroupId(scope, 'Control', 'sg-control'),
    })],
  ])('lets the control plane in and is let in, by the group %s', (_name, orchestrator) => {
    onEks({ orchestrator: orchestrator(stack) });
    const template = Template.fromStack(stack).toJSON();
    const rules = Object.values<any>(template.Resources).filter(resource => resource.Type === 'AWS::EC2::SecurityGroupIngress')
      .map(resource => resource.Properties).filter(rule => rule.Description !== 'EFA and other traffic among nodes');
    expect(rules).toHaveLength(2);
    expect(rules[0].GroupId).toEqual(rules[1].SourceSecurityGroupId);
    expect(rules[1].GroupId).toEqual(rules[0].SourceSecurityGroupId);
    expect(JSON.stringify(rules[1].GroupId)).toMatch(/sg-control|ClusterSecurityGroupId/);
  });

  test('is yours where you give one', () => {
    const pod = onEks({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    template.hasResourceProperties(TYPE, { VpcConfig: { SecurityGroupIds: ['sg-1'] } });
    expect(pod.connections.securityGroups).toHaveLength(1);
  });
});

describe('the execution role', () => {
  const statements = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
    .flatMap(role => role.Properties.Policies ?? []).flatMap(policy => policy.PolicyDocument.Statement);

  test('may do with network interfaces what EKS needs', () => {
    onEks({ lifecycleScripts: LifecycleScripts.none() }).addInstanceGroup('workers', { instances: one() });
    expect(statements()[0].Action).toEqual(expect.arrayContaining(['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ecr:BatchGetImage']));
  });

  test('may do less with Slurm', () => {
    onSlurm().addInstanceGroup('workers', { instances: one() });
    expect(statements()[0].Action).toContain('ec2:DeleteNetworkInterface');
    expect(statements()[0].Action).not.toContain('ec2:AssignPrivateIpAddresses');
  });

  test('is shared by groups, but for those with a role of their own', () => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const pod = onEks({ lifecycleScripts: LifecycleScripts.none() });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id, index) =>
      pod.addInstanceGroup(id, { instances: one(InstanceType.M5_LARGE), executionRole: index > 1 ? role : undefined }));
    expect(a.executionRole).toBe(b.executionRole);
    expect(a.executionRole).toBe(pod.executionRole);
    expect(c.executionRole).toBe(role);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ec2:CreateTags' })]) },
    });
    expect(d.grantPrincipal).toBe(role);
  });

  test('of yours is given what instances need, once', () => {
    const executionRole = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const pod = onEks({ executionRole, lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) });
    pod.addInstanceGroup('a', { instances: one() });
    pod.addInstanceGroup('b', { instances: one() });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .filter(policy => JSON.stringify(policy.Properties.Roles).includes('"Role'));
    expect(policies).toHaveLength(1);
    const actions = policies[0].Properties.PolicyDocument.Statement.map((statement: any) => statement.Action);
    expect(actions.filter((action: unknown) => action === 's3:GetObject')).toHaveLength(1);
  });

  test('that is immutable is left alone', () => {
    const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/pod', { mutable: false });
    onEks({ executionRole, lifecycleScripts: LifecycleScripts.none() }).addInstanceGroup('workers', { instances: one() });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(properties().InstanceGroups[0].ExecutionRole).toBe('arn:aws:iam::111122223333:role/pod');
  });

  test('joins the EKS cluster by an access entry of the template, where that is asked for', () => {
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/other', { mutable: false });
    const cluster = eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
    const pod = new Cluster(stack, 'Pod', { orchestrator: Orchestrator.eks(cluster, { accessEntries: true }), vpc, lifecycleScripts: LifecycleScripts.none() });
    pod.addInstanceGroup('a', { instances: one() });
    pod.addInstanceGroup('b', { instances: one(), executionRole: role });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EKS::AccessEntry', 2);
    template.hasResourceProperties('AWS::EKS::AccessEntry', { ClusterName: 'platform', PrincipalArn: 'arn:aws:iam::111122223333:role/other', Type: 'HYPERPOD_LINUX' });
  });
});

describe('lifecycle scripts', () => {
  const config = (index = 0) => properties().InstanceGroups[index].LifeCycleConfig;

  test('on EKS, a script that does nothing by default', () => {
    onEks().addInstanceGroup('workers', { instances: one() });
    expect(config()).toEqual({ OnCreate: 'on_create.sh', SourceS3Uri: { 'Fn::Join': ['', ['s3://', { Ref: expect.stringMatching(/^PodLifecycleScriptsBucket/) }, '/default']] } });
    Template.fromStack(stack).hasResourceProperties('Custom::CDKBucketDeployment', { DestinationBucketKeyPrefix: 'default', RetainOnDelete: false });
  });

  test('that do nothing are one script, in a private bucket that goes with the cluster', () => {
    onEks().addInstanceGroup('workers', { instances: one() });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: Match.objectEquals({
          BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
        }),
      },
    });
    const denied = Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    template.hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: Match.arrayWith([denied]) } });
    const [{ Properties: { SourceObjectKeys: [key] } }] = Object.values(template.findResources('Custom::CDKBucketDeployment'));
    const { directory } = (stack.node.root as App).synth();
    const scripts = join(directory, `asset.${(key as string).replace('.zip', '')}`);
    expect(readdirSync(scripts)).toEqual(['on_create.sh']);
    expect(readFileSync(join(scripts, 'on_create.sh'), 'utf8')).toMatch(/^#!\/bin\/bash\n[^]*exit 0\n$/);
  });

  test('with Slurm, none by default', () => {
    onSlurm().addInstanceGroup('workers', { instances: one() });
    expect(config()).toBeUndefined();
  });

  test('of a folder are copied once, and read by the role alone', () => {
    const scripts = LifecycleScripts.fromAsset(SCRIPTS, { stage: LifecycleStage.ON_INIT_COMPLETE });
    const pod = onEks({ lifecycleScripts: scripts });
    pod.addInstanceGroup('a', { instances: one() });
    pod.addInstanceGroup('b', { instances: one() });
    pod.addInstanceGroup('c', { instances: one(), lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) });
    expect(config()).toEqual(config(1));
    expect(config()).toHaveProperty('OnInitComplete', 'on_create.sh');
    expect(config(2)).toHaveProperty('OnCreate', 'on_create.sh');
    const template = Template.fromStack(stack);
    template.resourceCountIs('Custom::CDKBucketDeployment', 2);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResourceProperties('Custom::CDKBucketDeployment', { DestinationBucketKeyPrefix: 'groups/c' });
    const bucket = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PodLifecycleScriptsBucket'), 'Arn'] };
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([
            {
              Action: 's3:GetObject',
              Effect: 'Allow',
              Resource: [{ 'Fn::Join': ['', [bucket, '/default/*']] }, { 'Fn::Join': ['', [bucket, '/groups/c/*']] }],
            },
            { Action: 's3:ListBucket', Effect: 'Allow', Resource: bucket },
          ]),
        },
      }],
    });
  });

  test('of a folder with a slash at its end', () => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'scripts');
    onEks({ lifecycleScripts: LifecycleScripts.fromBucket({ bucket, prefix: 'v1/' }) }).addInstanceGroup('workers', { instances: one() });
    expect(config()).toEqual({ OnCreate: 'on_create.sh', SourceS3Uri: 's3://scripts/v1' });
    expect(JSON.stringify(Template.fromStack(stack))).toContain(':s3:::scripts/v1/*');
  });

  test.each([
    ['the root of a bucket', '', 's3://scripts', ':s3:::scripts/*'],
    ['a slash for the root', '/', 's3://scripts', ':s3:::scripts/*'],
    ['a slash in front', '/v1', 's3://scripts/v1', ':s3:::scripts/v1/*'],
    ['slashes on both sides', '//v1/base//', 's3://scripts/v1/base', ':s3:::scripts/v1/base/*'],
  ])('of %s', (_name, prefix, uri, objects) => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'scripts');
    onEks({ lifecycleScripts: LifecycleScripts.fromBucket({ bucket, prefix }) }).addInstanceGroup('workers', { instances: one() });
    expect(config()).toEqual({ OnCreate: 'on_create.sh', SourceS3Uri: uri });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([
            { Action: 's3:GetObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, objects]] } },
          ]),
        },
      }],
    });
  });

  test('of a bucket of yours', () => {
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
      bucketName: 'scripts', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc'),
    });
    onEks({ lifecycleScripts: LifecycleScripts.fromBucket({ bucket, prefix: 'v1/base', entryPoint: 'start.sh' }) })
      .addInstanceGroup('workers', { instances: one() });
    expect(config()).toEqual({ OnCreate: 'start.sh', SourceS3Uri: 's3://scripts/v1/base' });
    const template = Template.fromStack(stack);
    template.resourceCountIs('Custom::CDKBucketDeployment', 0);
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([
            { Action: 'kms:Decrypt', Effect: 'Allow', Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc' },
          ]),
        },
      }],
    });
  });
});

test('no id of what a cluster makes itself is left for groups', () => {
  const platform = eks.Cluster.fromClusterAttributes(stack, 'Platform', { clusterName: 'platform' });
  const pod = onEks({
    orchestrator: Orchestrator.eks(platform, { accessEntries: true }),
    nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS,
    autoScaling: AutoScaling.karpenter(),
  });
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/nodes');
  const adopting = new Cluster(stack, 'Adopting', { orchestrator: Orchestrator.slurm(), vpc, executionRole: role });
  for (const cluster of [pod, adopting]) {
    cluster.addInstanceGroup('workers', { instances: one() });
    for (const { node: { id } } of cluster.node.children.filter(child => child.node.id !== 'workers')) {
      expect(() => cluster.addInstanceGroup(id, { instances: one(), instanceGroupName: 'others' })).toThrow(/\[hyperpod\.childIdTaken\]/);
    }
  }
});

test('folders of scripts share the statements of their role', () => {
  const pod = onEks({ lifecycleScripts: LifecycleScripts.none() });
  const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'scripts');
  for (const id of ['a', 'b']) { pod.addInstanceGroup(id, { instances: one(), lifecycleScripts: LifecycleScripts.fromBucket({ bucket, prefix: id }) }); }
  const arn = (suffix: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::scripts${suffix}`]] });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    Policies: [{
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Action: 's3:GetObject', Effect: 'Allow', Resource: [arn('/a/*'), arn('/b/*')] },
          { Action: 's3:ListBucket', Effect: 'Allow', Resource: arn('') },
        ]),
      },
    }],
  });
});

describe('CloudFormation deletes the cluster first', () => {
  /** A cluster with all that its shutdown needs, and its template. */
  function whole(): { template: Record<string, any>; below: Set<string>; podId: string } {
    const chart = new CfnResource(stack, 'Chart', { type: 'Custom::Chart' });
    const role = new iam.Role(stack, 'OtherRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const cluster = eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
    const pod = new Cluster(stack, 'Pod', { orchestrator: Orchestrator.eks(cluster, { dependencies: [chart], accessEntries: true }), vpc });
    pod.addInstanceGroup('a', { instances: one() });
    pod.addInstanceGroup('b', { instances: one(), executionRole: role, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    // After the cluster, as endpoints often are.
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    vpc.addInterfaceEndpoint('Ecr', { service: ec2.InterfaceVpcEndpointAwsService.ECR });
    const template = Template.fromStack(stack).toJSON();
    const podId = stack.getLogicalId(pod.node.defaultChild as CfnResource);
    return { template, podId, below: allBelow(dependenciesIn(template), podId) };
  }

  test('and then its roles, policies, network, scripts and chart', () => {
    const { template, below } = whole();
    expect(typesOf(template, below)).toEqual(expect.arrayContaining([
      'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::EKS::AccessEntry', 'Custom::CDKBucketDeployment', 'Custom::Chart',
      'AWS::EC2::Subnet', 'AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway',
      'AWS::EC2::VPCEndpoint', 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress',
    ]));
    for (const type of ['AWS::EC2::VPCEndpoint', 'AWS::EC2::Route', 'AWS::EC2::SecurityGroupIngress', 'AWS::EKS::AccessEntry']) {
      const ids = Object.keys(template.Resources).filter(id => template.Resources[id].Type === type);
      expect(ids.filter(id => !below.has(id))).toEqual([]);
    }
  });

  test('and the policies that it added to a role of yours, and routes that only one group has', () => {
    const small = new ec2.Vpc(stack, 'Small', { maxAzs: 1, natGateways: 0 });
    const role = new iam.Role(stack, 'OtherRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const pod = onSlurm({ vpc: small });
    pod.addInstanceGroup('a', { instances: one(), executionRole: role, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    const template = Template.fromStack(stack).toJSON();
    const below = [...allBelow(dependenciesIn(template), stack.getLogicalId(pod.node.defaultChild as CfnResource))];
    expect(below).toContainEqual(expect.stringMatching(/^PodaExecutionPolicy/));
    expect(below).toContainEqual(expect.stringMatching(/^SmallPublicSubnet1DefaultRoute/));
  });

  test('while nothing of that waits for the cluster', () => {
    const { template, below, podId } = whole();
    const graph = dependenciesIn(template);
    expect([...below].filter(id => allBelow(graph, id).has(podId))).toEqual([]);
  });

  describe('but for endpoints that come after it', () => {
    /** The endpoints that the cluster waits for, in a template without circles. */
    function waitedFor(): string[] {
      const template = Template.fromStack(stack).toJSON();
      const graph = dependenciesIn(template);
      for (const id of graph.keys()) { expect(allBelow(graph, id).has(id)).toBe(false); }
      const [podId] = Object.keys(template.Resources).filter(id => template.Resources[id].Type === TYPE);
      return [...allBelow(graph, podId)].filter(id => template.Resources[id].Type === 'AWS::EC2::VPCEndpoint').sort();
    }
    const anyone = (resources: string[]) => new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['*'], resources });

    test('since their policies name it, wherever they are', () => {
      const pod = onEks();
      vpc.addInterfaceEndpoint('Api', { service: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API }).addToPolicy(anyone([pod.clusterArn]));
      vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 }).addToPolicy(anyone(['*']));
      new ec2.InterfaceVpcEndpoint(stack, 'Runtime', { vpc, service: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME })
        .addToPolicy(anyone([`arn:aws:sagemaker:us-east-1:111122223333:cluster/${pod.clusterId}`]));
      new ec2.InterfaceVpcEndpoint(stack, 'Ecr', { vpc, service: ec2.InterfaceVpcEndpointAwsService.ECR });
      expect(waitedFor()).toEqual([expect.stringMatching(/^Ecr/), expect.stringMatching(/^VpcS3/)]);
    });

    test('by another resource', () => {
      const pod = onEks();
      const parameter = new CfnResource(stack, 'Parameter', { type: 'Custom::Yours', properties: { Name: pod.clusterArn } });
      vpc.addInterfaceEndpoint('Ecr', { service: ec2.InterfaceVpcEndpointAwsService.ECR }).addToPolicy(anyone([parameter.ref]));
      vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS }).node.addDependency(pod);
      expect(waitedFor()).toEqual([]);
    });

    test('or after another cluster', () => {
      const { clusterArn } = onEks();
      const other = new Cluster(stack, 'Other', { orchestrator: Orchestrator.slurm(), vpc });
      vpc.addInterfaceEndpoint('Ecr', { service: ec2.InterfaceVpcEndpointAwsService.ECR }).addToPolicy(anyone([other.clusterArn]));
      vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS }).addToPolicy(anyone([clusterArn]));
      expect(waitedFor()).toEqual([]);
    });

    test('and for those of another VPC', () => {
      onEks();
      new ec2.Vpc(stack, 'Elsewhere').addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
      expect(waitedFor()).toEqual([]);
    });

    test('and for those of a nested stack, which may use the cluster', () => {
      const pod = onEks();
      const nested = new NestedStack(stack, 'Nested');
      new ec2.InterfaceVpcEndpoint(nested, 'Ecr', { vpc, service: ec2.InterfaceVpcEndpointAwsService.ECR });
      new CfnResource(nested, 'Uses', { type: 'Custom::Yours', properties: { Cluster: pod.clusterArn } });
      expect(waitedFor()).toEqual([]);
    });

    test('in a stack between the VPC and a third one', () => {
      const app = stack.node.root as App;
      const podStack = new Stack(app, 'PodStack');
      const pod = new Cluster(podStack, 'Pod', { orchestrator: Orchestrator.slurm(), vpc });
      const later = new Stack(app, 'Later');
      new ec2.InterfaceVpcEndpoint(stack, 'Ecr', { vpc, service: ec2.InterfaceVpcEndpointAwsService.ECR });
      new ec2.InterfaceVpcEndpoint(podStack, 'Logs', { vpc, service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
      new ec2.InterfaceVpcEndpoint(later, 'Api', { vpc, service: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API })
        .addToPolicy(anyone([pod.clusterArn]));
      const dependsOn = Object.values(Template.fromStack(podStack).findResources(TYPE))[0].DependsOn;
      expect(dependsOn).toContainEqual(expect.stringMatching(/^Logs/));
      expect(podStack.dependencies).toEqual([stack]);
      expect(later.dependencies).toContain(podStack);
    });
  });

  test('even where a construct of yours below the VPC uses the cluster', () => {
    const pod = onEks();
    const group = pod.addInstanceGroup('workers', { instances: one() });
    class Yours extends Construct {
      constructor(scope: Construct) {
        super(scope, 'Yours');
        new CfnResource(this, 'Uses', { type: 'Custom::Yours', properties: { Cluster: pod.clusterArn } });
        const endpointGroup = new ec2.SecurityGroup(this, 'Group', { vpc });
        endpointGroup.connections.allowFrom(pod, ec2.Port.tcp(443));
      }
    }
    new Yours(vpc);
    new Yours(vpc.privateSubnets[0]);
    pod.grants.read(group);
    const template = Template.fromStack(stack).toJSON();
    const graph = dependenciesIn(template);
    for (const id of Object.keys(template.Resources)) { expect(allBelow(graph, id).has(id)).toBe(false); }
    const uses = Object.keys(template.Resources).filter(id => template.Resources[id].Type === 'Custom::Yours');
    expect(uses).toHaveLength(2);
  });
});

test('grants on the cluster, of which its own role may be the grantee', () => {
  const pod = onEks({ lifecycleScripts: LifecycleScripts.none() });
  const group = pod.addInstanceGroup('workers', { instances: one() });
  pod.grants.operateNodes(group);
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  pod.grants.scaleNodes(role);
  pod.grants.manage(role);
  pod.grants.actions(role, 'sagemaker:DeleteCluster');
  const granted = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap(policy => policy.Properties.PolicyDocument.Statement);
  for (const statement of granted) { expect(statement.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Pod/), 'ClusterArn'] }); }
  const actions = granted.flatMap(statement => statement.Action);
  expect(actions).toEqual(expect.arrayContaining([
    'sagemaker:BatchReplaceClusterNodes', 'sagemaker:BatchAddClusterNodes', 'sagemaker:UpdateClusterSoftware', 'sagemaker:DeleteCluster',
  ]));
});

test.each([
  ['metricSchedulableNodes', 'hyperpod_node_health_status_schedulable'],
  ['metricUnschedulableNodes', 'hyperpod_node_health_status_unschedulable'],
  ['metricNodesPendingReplacement', 'hyperpod_node_health_status_unschedulable_pending_replacement'],
  ['metricNodesPendingReboot', 'hyperpod_node_health_status_unschedulable_pending_reboot'],
] as const)('%s is a metric of Container Insights', (method, metricName) => {
  const pod = onEks();
  expect(pod[method]()).toMatchObject({
    namespace: 'ContainerInsights', metricName, dimensions: { ClusterName: 'platform' }, statistic: 'Sum', period: Duration.minutes(1),
  });
  expect(pod[method]({ period: Duration.minutes(2), statistic: 'Maximum' })).toMatchObject({ period: Duration.minutes(2), statistic: 'Maximum' });
});

test('an imported cluster has the metrics of its EKS cluster, in its own account and Region', () => {
  const pod = Cluster.fromClusterAttributes(stack, 'Pod', {
    clusterArn: 'arn:aws:sagemaker:eu-west-1:444455556666:cluster/a1b2c3d4e5f6', eksClusterName: 'platform',
  });
  expect(pod.eksClusterName).toBe('platform');
  expect(pod.metric('node_cpu_utilization')).toMatchObject({
    namespace: 'ContainerInsights',
    metricName: 'node_cpu_utilization',
    dimensions: { ClusterName: 'platform' },
    statistic: 'Average',
    period: Duration.minutes(5),
    account: '444455556666',
    region: 'eu-west-1',
  });
  expect(pod.metricUnschedulableNodes()).toMatchObject({ statistic: 'Sum', period: Duration.minutes(1) });
});

test('an imported cluster has connections where its security groups are given', () => {
  const pod = Cluster.fromClusterAttributes(stack, 'Pod', {
    clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
  });
  new ec2.SecurityGroup(stack, 'Database', { vpc }).connections.allowFrom(pod, ec2.Port.tcp(3306));
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: 'sg-1', FromPort: 3306 });
});

test('tags reach the cluster', () => {
  Tags.of(onEks()).add('team', 'research');
  expect(properties().Tags).toEqual([{ Key: 'team', Value: 'research' }]);
});

test('the id of the cluster is the last part of its ARN', () => {
  expect(stack.resolve(onEks().clusterId)).toEqual({
    'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': [expect.stringMatching(/^Pod/), 'ClusterArn'] }] }] }] }],
  });
});

test('values that are known at deployment are passed on', () => {
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const pod = onEks({
    clusterName: text, lifecycleScripts: LifecycleScripts.none(), tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: number }),
  });
  pod.addInstanceGroup('workers', {
    instanceGroupName: text,
    instances: Instances.ofType({ instanceType: InstanceType.of(text), count: number }),
    threadsPerCore: number,
    imageId: text,
    imageReleaseVersion: text,
    labels: { label: text },
    storage: [InstanceStorage.ebsVolume({ size: Size.gibibytes(number) })],
    automaticPatching: { strategy: PatchingStrategy.of(text) },
  });
  expect(properties()).toMatchObject({
    ClusterName: { Ref: 'Text' },
    InstanceGroups: [{
      InstanceGroupName: { Ref: 'Text' },
      InstanceType: { Ref: 'Text' },
      InstanceCount: { Ref: 'Number' },
      ImageReleaseVersion: { Ref: 'Text' },
      InstanceStorageConfigs: [{ EbsVolumeConfig: { VolumeSizeInGB: { Ref: 'Number' } } }],
      AutoPatchConfig: { PatchingStrategy: { Ref: 'Text' } },
    }],
  });
});

test.each(['cn-north-1', 'us-gov-west-1', 'us-east-1'])('no partition is written down in %s', region => {
  const other = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region } });
  const cluster = eks.Cluster.fromClusterAttributes(other, 'Eks', { clusterName: 'platform' });
  const pod = new Cluster(other, 'Pod', {
    orchestrator: Orchestrator.eks(cluster),
    vpc: new ec2.Vpc(other, 'Vpc'),
    lifecycleScripts: LifecycleScripts.none(),
    nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS,
    autoScaling: AutoScaling.karpenter(),
  });
  pod.addInstanceGroup('workers', { instances: one() });
  expect(JSON.stringify(Template.fromStack(other).findResources('AWS::IAM::Role'))).not.toMatch(/arn:aws[a-z-]*:/);
});

test('a VPC that is yet to be looked up', () => {
  const other = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const pod = new Cluster(other, 'Pod', {
    orchestrator: Orchestrator.eks(eks.Cluster.fromClusterAttributes(other, 'Eks', { clusterName: EKS_ARN.split('/')[1] })),
    vpc: ec2.Vpc.fromLookup(other, 'Vpc', { vpcId: 'vpc-1' }),
    lifecycleScripts: LifecycleScripts.none(),
  });
  pod.addInstanceGroup('workers', { instances: one(), vpcSubnets: { availabilityZones: ['us-east-1z'] } });
  expect(pod.vpc).toBeDefined();
});
