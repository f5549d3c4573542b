import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  CfnParameter, Duration, Fn, Size, Tags, aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_eks as eks, aws_eks_v2 as eksv2, aws_iam as iam,
  aws_kms as kms, aws_lambda as lambda, aws_s3 as s3, aws_secretsmanager as secretsmanager, type Stack,
} from 'aws-cdk-lib';
import type { aws_eks } from 'aws-cdk-lib/interfaces';
import type { IDependable } from 'constructs';
import type { RuleCase } from './harness';
import { PurchaseMode, UpfrontFee } from '../../src';
import {
  AutoScaling, BatchSize, Capacity, Cluster, ClusterLookup, ClusterSchedulerConfig, ComputeQuota,
  DeepHealthCheck, InstanceStorage, InstanceType, Instances, LifecycleScripts, NetworkInterfaceType, NodeHealthDashboard,
  NodeProvisioningMode, NodeRecovery, Orchestrator, PartitionLayout, PartitionProfile, PatchingStrategy,
  QuotaProvisioning, QuotaResource, SharedLustreDeletionPolicy, SlurmConfigStrategy, SlurmNode, TaintEffect, Team, TieredStorage,
  type ClusterProps, type InstanceGroupOptions, type NodeHealthDashboardProps, type NodeRollout,
  type RestrictedInstanceGroupOptions, type SlurmAccountingDatabase,
} from '../../src/hyperpod';
import { Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource, TrainingPlan } from '../../src/training-plans';

const P5 = InstanceType.P5_48XLARGE;
const M5 = InstanceType.M5_LARGE;
const HALVES = PartitionLayout.uniform(PartitionProfile.MIG_3G_40GB);
const CONTINUOUS = { nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS };
const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const SCRIPTS = join(__dirname, '../hyperpod/lifecycle-scripts');

type Program = (stack: Stack) => void;
type Given<T> = Partial<T> | ((stack: Stack) => Partial<T>);

function given<T>(stack: Stack, value: Given<T> | undefined): Partial<T> {
  return typeof value === 'function' ? value(stack) : value ?? {};
}

function vpcOf(stack: Stack): ec2.Vpc {
  return stack.node.tryFindChild('Vpc') as ec2.Vpc | undefined
    ?? new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }] });
}

const vpcWithNat = (stack: Stack) => new ec2.Vpc(stack, 'EksVpc');

/** An EKS cluster that exists. */
function eksOf(stack: Stack): eks.ICluster {
  return eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
}

function onEks(stack: Stack, props?: Given<ClusterProps>): Cluster {
  return new Cluster(stack, 'Pod', {
    orchestrator: Orchestrator.eks(eksOf(stack)), vpc: vpcOf(stack), lifecycleScripts: LifecycleScripts.none(), ...given(stack, props),
  });
}

function onSlurm(stack: Stack, props?: Given<ClusterProps>): Cluster {
  return new Cluster(stack, 'Pod', { orchestrator: Orchestrator.slurm(), vpc: vpcOf(stack), ...given(stack, props) });
}

const instances = (count = 1, instanceType = P5) => Instances.ofType({ instanceType, count });

/** A program with one group on EKS that is right but for what is given. */
function group(options: Given<InstanceGroupOptions>, props?: Given<ClusterProps>): Program {
  return stack => { onEks(stack, props).addInstanceGroup('workers', { instances: instances(), ...given(stack, options) }); };
}

const planOf = (stack: Stack, mode: PurchaseMode) => new PurchasedTrainingPlan(stack, 'Bought', {
  trainingPlanName: 'llm',
  offering: Offering.pinned({
    trainingPlanOfferingId: 'tpo-0123456789abcdef',
    instanceType: PlanInstanceType.P5_48XLARGE,
    instanceCount: 1,
    durations: [Duration.days(14)],
    target: TargetResource.HYPERPOD_CLUSTER,
  }),
  maxUpfrontFee: UpfrontFee.usd('120000.00'),
  mode,
});

/** A program with one group on a training plan. */
function onPlan(nodes: Instances, props?: Given<ClusterProps>): Program {
  return group(stack => ({ instances: nodes, capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')) }), props);
}

/** The same on Slurm, which lifecycle scripts set up. */
function slurmGroup(options: Given<InstanceGroupOptions>, props?: Given<ClusterProps>): Program {
  return stack => { onSlurm(stack, props).addInstanceGroup('workers', { instances: instances(), ...given(stack, options) }); };
}

/** A program with one group of each node type in Slurm. */
function slurm(nodes: (SlurmNode | undefined)[], props?: Given<ClusterProps>): Program {
  return stack => {
    const pod = onSlurm(stack, props);
    nodes.forEach((slurmNode, index) => pod.addInstanceGroup(`group-${index}`, { instances: instances(1, M5), slurmNode }));
  };
}

function restricted(options: Partial<RestrictedInstanceGroupOptions>, props?: Given<ClusterProps>): Program {
  return stack => { onEks(stack, props).addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1, ...options }); };
}

const dashboard = (props: Partial<NodeHealthDashboardProps>): Program => stack => {
  new NodeHealthDashboard(stack, 'Health', { cluster: onEks(stack), ...props });
};
const cluster = (props: Given<ClusterProps>): Program => stack => { onEks(stack, props); };
const slurmCluster = (props: Given<ClusterProps>): Program => stack => { onSlurm(stack, props); };
const rollout = (rolloutOptions: NodeRollout): Program => group({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: rolloutOptions } });
const storage = (...entries: InstanceStorage[]): Program => group({ storage: entries });
const volumes = (count: number) => Array.from({ length: count }, () => InstanceStorage.ebsVolume({ size: Size.gibibytes(1) }));
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/abc';
const DNS = 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com';
const lustre = InstanceStorage.lustre({ dnsName: DNS, mountName: 'fsx' });
const openZfs = InstanceStorage.openZfs({ dnsName: DNS });
const groupsOf = (stack: Stack, count: number) => Array.from({ length: count }, (_, index) =>
  ec2.SecurityGroup.fromSecurityGroupId(stack, `Group${index}`, `sg-${index}`));
const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, '']));
const alarms = (stack: Stack, count: number) => Array.from({ length: count }, (_, index) =>
  cloudwatch.Alarm.fromAlarmArn(stack, `Alarm${index}`, `arn:aws:cloudwatch:us-east-1:111122223333:alarm:alarm-${index}`));
const manyGroups = (count: number, clusterOf = onEks): Program => stack => {
  const pod = clusterOf(stack);
  for (let index = 0; index < count; index++) { pod.addInstanceGroup(`group-${index}`, { instances: instances(0, M5) }); }
};
/** Slurm groups whose scripts are in so many folders of a bucket. */
const folders = (groupCount: number, props?: Given<ClusterProps>, folderCount = groupCount): Program => stack => {
  const pod = onSlurm(stack, props);
  const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'example-lifecycle-scripts-of-all-teams-111122223333-us-east-1');
  const scripts = Array.from({ length: folderCount }, (_, index) => LifecycleScripts.fromBucket({ bucket, prefix: `lifecycle/team-${index}` }));
  for (let index = 0; index < groupCount; index++) {
    pod.addInstanceGroup(`group-${index}`, { instances: instances(0, M5), lifecycleScripts: scripts[index % folderCount] });
  }
};
/** A folder of scripts in a bucket. */
const fromFolder = (prefix: string): Given<InstanceGroupOptions> => stack => ({
  lifecycleScripts: LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Scripts', 'sagemaker-scripts'), prefix }),
});
/** A cluster with so many controllers. */
const controllers = (count: number, props?: Given<ClusterProps>): Program => stack => {
  onSlurm(stack, props).addInstanceGroup('head', { instances: instances(count, M5), slurmNode: SlurmNode.controller() });
};
/** A cluster that accounts for jobs in a database that is right but for what is given. */
const database = (options: Partial<SlurmAccountingDatabase>): Program => stack => {
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'slurm');
  const orchestrator = Orchestrator.slurm({ accountingDatabase: { endpoint: 'db.internal', secret, ...options } });
  onSlurm(stack, { orchestrator, ...CONTINUOUS }).addInstanceGroup('head', { instances: instances(1, M5), slurmNode: SlurmNode.controller() });
};
const taggedCluster = (tags: Record<string, string>): Program => stack => {
  const pod = onEks(stack);
  Object.entries(tags).forEach(([key, value]) => Tags.of(pod).add(key, value, { includeResourceTypes: ['AWS::SageMaker::Cluster'] }));
};
const newQuota = (stack: Stack, provisioning?: QuotaProvisioning) => stack.node.tryFindChild('Quota') as ComputeQuota | undefined
  ?? new ComputeQuota(stack, 'Quota', {
    cluster: Cluster.fromClusterArn(stack, 'Shared', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6'),
    team: Team.of('research'),
    resources: [QuotaResource.instances({ instanceType: P5, count: 1 })],
    provisioning,
  });
const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']));
const { controller, login } = { controller: SlurmNode.controller(), login: SlurmNode.login() };
const compute = SlurmNode.compute({ partitionName: 'gpu' });

/** Scripts that are packed already. */
function archive(): LifecycleScripts {
  const path = join(mkdtempSync(join(tmpdir(), 'hyperpod-')), 'scripts.zip');
  writeFileSync(path, 'an archive');
  return LifecycleScripts.fromAsset(path);
}

/** Scripts of a bucket that begin with a file. */
function inBucket(entryPoint: string): Given<InstanceGroupOptions> {
  return stack => ({
    lifecycleScripts: LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Scripts', 'sagemaker-scripts'), prefix: 'base', entryPoint }),
  });
}

/** Slurm that accounts for jobs in a database. */
function accounting(stack: Stack): Orchestrator {
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Database', 'slurm');
  return Orchestrator.slurm({ accountingDatabase: { endpoint: 'db.internal', secret } });
}

/** A VPC with two subnets, of 251 and of 1019 addresses. */
function unequal(stack: Stack): ec2.Vpc {
  const subnet = (name: string, cidrMask: number) => ({ name, cidrMask, subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
  return new ec2.Vpc(stack, 'Unequal', { maxAzs: 1, natGateways: 0, subnetConfiguration: [subnet('Small', 24), subnet('Large', 22)] });
}

/** A number that is known at deployment. */
const number = (stack: Stack, id = 'Number') => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
const text = (stack: Stack, id = 'Text') => new CfnParameter(stack, id).valueAsString;

/** Quotas on a cluster of the app with four instances of P5. */
function quotas(counts: number[], props?: Given<ClusterProps>): Program {
  return stack => {
    const pod = onEks(stack, props);
    pod.addInstanceGroup('workers', { instances: instances(4) });
    counts.forEach((count, index) => new ComputeQuota(stack, `Quota${index}`, {
      cluster: pod, team: Team.of(`team-${index}`), resources: [QuotaResource.instances({ instanceType: P5, count })],
    }));
  };
}

/** A program with one quota on a cluster of the app. */
export function ofCreated(addGroup: (pod: Cluster) => void, resources: QuotaResource[]): Program {
  return stack => {
    const pod = onEks(stack);
    addGroup(pod);
    pod.addComputeQuota('Quota', { team: Team.of('research'), resources });
  };
}

/** A program with a cluster of a name. */
export const named = (clusterName: (stack: Stack) => string): Program => cluster(stack => ({ clusterName: clusterName(stack) }));

/** A cluster on a new EKS cluster. */
function newEks(accessConfig: eks.CfnCluster['accessConfig'], withChart = true): Program {
  return stack => {
    const resource = new eks.CfnCluster(stack, 'NewEks', {
      roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: ['subnet-1'] }, accessConfig,
    });
    const dependencies = withChart ? [new CfnParameter(stack, 'Chart')] : undefined;
    onEks(stack, { orchestrator: Orchestrator.eks(resource, { dependencies }) });
  };
}

/** A cluster on an EKS cluster that an L2 makes. */
function newEksOfL2(make: (stack: Stack, kubectlLayer: lambda.ILayerVersion) => aws_eks.IClusterRef & IDependable): Program {
  return stack => {
    const layer = lambda.LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1');
    const made = make(stack, layer);
    onEks(stack, { orchestrator: Orchestrator.eks(made, { dependencies: [made] }) });
  };
}
const version = eks.KubernetesVersion.V1_33;

/** Both sides of the rules on clusters and their groups. */
export const CLUSTER_CASES = {
  clusterVpcMissing: {
    refused: { 'a cluster on EKS': cluster({ vpc: undefined }) },
    accepted: { 'a cluster of Slurm': slurmCluster({ vpc: undefined }) },
  },
  subnetMissing: {
    refused: {
      'of a cluster': cluster({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED, availabilityZones: ['mars-1a'] } }),
      'of a group': group({ vpcSubnets: { availabilityZones: ['mars-1a'] } }),
      'that the VPC does not know, which the EC2 module says by throwing': cluster({ vpcSubnets: { subnetGroupName: 'Mars' } }),
    },
    accepted: { 'the default': cluster({}) },
  },
  subnetCount: {
    refused: {
      '17 subnets': stack => {
        const subnets = Array.from({ length: 17 }, (_, index) => ec2.Subnet.fromSubnetId(stack, `Subnet${index}`, `subnet-${index}`));
        onEks(stack, { vpcSubnets: { subnets } });
      },
    },
    accepted: {
      '16 subnets': stack => {
        const subnets = Array.from({ length: 16 }, (_, index) => ec2.Subnet.fromSubnetId(stack, `Subnet${index}`, `subnet-${index}`));
        onEks(stack, { vpcSubnets: { subnets } });
      },
    },
  },
  networkWithoutVpc: {
    refused: {
      'security groups of a cluster': slurmCluster(stack => ({ vpc: undefined, securityGroups: groupsOf(stack, 1) })),
      'subnets of a cluster': slurmCluster({ vpc: undefined, vpcSubnets: {} }),
      'subnets of a group': slurmGroup({ vpcSubnets: {} }, { vpc: undefined }),
      'security groups of a group': slurmGroup(stack => ({ securityGroups: groupsOf(stack, 1) }), { vpc: undefined }),
    },
    accepted: {
      'with a VPC': slurmCluster(stack => ({ securityGroups: groupsOf(stack, 1) })),
      'of a group with a VPC': group(stack => ({ vpcSubnets: {}, securityGroups: groupsOf(stack, 1) })),
      'neither': slurmGroup({}, { vpc: undefined }),
    },
  },
  securityGroupCount: {
    refused: {
      'six of a cluster': cluster(stack => ({ securityGroups: groupsOf(stack, 6) })),
      'none of a group': group({ securityGroups: [] }),
    },
    accepted: { five: cluster(stack => ({ securityGroups: groupsOf(stack, 5) })) },
  },
  childIdTaken: {
    refused: Object.fromEntries([
      'AccessEntry', 'ClusterRole', 'Default', 'ExecutionPolicy', 'ExecutionRole', 'LifecycleScripts', 'LifecycleScriptsBucket', 'Resource',
      'SecurityGroup',
    ].map(id => [`${id} for a group`, (stack: Stack) => { onEks(stack).addInstanceGroup(id, { instances: instances() }); }]).concat([
      ['a restricted group', (stack: Stack) => { onEks(stack).addRestrictedInstanceGroup('ExecutionRole', { instanceType: P5, instanceCount: 1 }); }],
      ['a quota', (stack: Stack) => { onEks(stack).addComputeQuota('LifecycleScripts', { team: Team.of('a'), resources: [] }); }],
      ['a scheduler configuration', (stack: Stack) => { onEks(stack).addClusterSchedulerConfig('ExecutionRole'); }],
    ] as [string, Program][])),
    accepted: {
      'such a name': group({ instanceGroupName: 'ExecutionRole' }),
      'other ids, whatever the cluster makes besides': stack => {
        const pod = onEks(stack, { ...CONTINUOUS, autoScaling: AutoScaling.karpenter(), lifecycleScripts: LifecycleScripts.doNothing() });
        pod.addInstanceGroup('executionRole', { instances: instances() });
        pod.addComputeQuota('lifecycleScripts', { team: Team.of('a'), resources: [] });
        pod.addClusterSchedulerConfig('Policy');
      },
    },
  },
  instanceGroupNameTwice: {
    refused: {
      'one name of two groups': stack => {
        const pod = onEks(stack);
        pod.addInstanceGroup('a', { instances: instances(), instanceGroupName: 'workers' });
        pod.addRestrictedInstanceGroup('workers', { instanceType: P5, instanceCount: 1 });
      },
    },
    accepted: {
      'two names': stack => {
        const pod = onEks(stack);
        pod.addInstanceGroup('a', { instances: instances(0) });
        pod.addInstanceGroup('b', { instances: instances(0) });
      },
      'one that is known at deployment, of two groups': stack => {
        const [pod, instanceGroupName] = [onEks(stack), text(stack)];
        pod.addInstanceGroup('a', { instances: instances(0), instanceGroupName });
        pod.addInstanceGroup('b', { instances: instances(0), instanceGroupName });
      },
    },
  },
  instanceGroupLimit: { refused: { '101 groups': manyGroups(101) }, accepted: { '100 groups': manyGroups(100) } },
  instanceGroupsOnEks: { refused: { '21 groups': manyGroups(21) }, accepted: { '20 groups': manyGroups(20), '21 groups of Slurm': manyGroups(21, onSlurm) } },
  minCountAboveCount: {
    refused: { 'three of two': group({ instances: Instances.ofType({ instanceType: P5, count: 2, minCount: 3 }) }, CONTINUOUS) },
    accepted: {
      'two of two': group({ instances: Instances.ofType({ instanceType: P5, count: 2, minCount: 2 }) }, CONTINUOUS),
      'three of what is known at deployment': group(stack => ({ instances: Instances.ofType({ instanceType: P5, count: number(stack), minCount: 3 }) }), CONTINUOUS),
      'what is known at deployment of two': group(stack => ({ instances: Instances.ofType({ instanceType: P5, count: 2, minCount: number(stack) }) }), CONTINUOUS),
    },
  },
  flexibleTypes: {
    refused: {
      'no type': group({ instances: Instances.flexible({ instanceTypes: [], count: 1 }) }, CONTINUOUS),
      'one type twice': group({ instances: Instances.flexible({ instanceTypes: [P5, P5], count: 1 }) }, CONTINUOUS),
      '21 types': group({
        instances: Instances.flexible({ instanceTypes: Array.from({ length: 21 }, (_, index) => InstanceType.of(`ml.x${index}.large`)), count: 1 }),
      }, CONTINUOUS),
    },
    accepted: {
      'one type': group({ instances: Instances.flexible({ instanceTypes: [P5], count: 1 }) }, CONTINUOUS),
      'two types': group({ instances: Instances.flexible({ instanceTypes: [P5, InstanceType.P5E_48XLARGE], count: 1 }) }, CONTINUOUS),
      '20 types': group({
        instances: Instances.flexible({ instanceTypes: Array.from({ length: 20 }, (_, index) => InstanceType.of(`ml.x${index}.large`)), count: 1 }),
      }, CONTINUOUS),
    },
  },
  continuousNeeded: {
    refused: {
      'spot': group({ capacity: Capacity.spot() }),
      'several types': group({ instances: Instances.flexible({ instanceTypes: [P5], count: 1 }) }),
      'a smallest number': group({ instances: Instances.ofType({ instanceType: P5, count: 1, minCount: 0 }) }),
      'autoscaling': cluster({ autoScaling: AutoScaling.karpenter() }),
      'an accounting database': slurmCluster(stack => ({ orchestrator: accounting(stack) })),
    },
    accepted: {
      'an accounting database with it': stack => {
        onSlurm(stack, { ...CONTINUOUS, orchestrator: accounting(stack) }).addInstanceGroup('controller', { instances: instances(1, M5), slurmNode: controller });
      },
      'spot with it': group({ capacity: Capacity.spot() }, CONTINUOUS),
      'on demand without it': group({ capacity: Capacity.onDemand() }),
      'no autoscaling': cluster({ autoScaling: AutoScaling.disabled() }),
      'spot with a mode that AWS may add': group({ capacity: Capacity.spot() }, { nodeProvisioningMode: NodeProvisioningMode.of('Batched') }),
    },
  },
  configStrategyContinuous: {
    refused: { 'a strategy': slurmCluster({ ...CONTINUOUS, orchestrator: Orchestrator.slurm({ configStrategy: SlurmConfigStrategy.MERGE }) }) },
    accepted: {
      'none': slurm([controller], CONTINUOUS),
      'a strategy without it': slurm([controller], { orchestrator: Orchestrator.slurm({ configStrategy: SlurmConfigStrategy.MERGE }) }),
      'a strategy that AWS may add': slurm([controller], { ...CONTINUOUS, orchestrator: Orchestrator.slurm({ configStrategy: SlurmConfigStrategy.of('Follow') }) }),
    },
  },
  eksOnly: {
    refused: {
      'labels': slurmGroup({ labels: { a: 'b' } }),
      'taints': slurmGroup({ taints: [] }),
      'partitions': slurmGroup({ partitions: HALVES }),
      'a release of the image': slurmGroup({ imageReleaseVersion: '1.2.3' }),
      'autoscaling': slurmCluster({ autoScaling: AutoScaling.disabled() }),
      'metrics': stack => { onSlurm(stack).metricSchedulableNodes(); },
    },
    accepted: { 'all of it on EKS': group({ labels: { a: 'b' }, taints: [], partitions: HALVES, imageReleaseVersion: '1.2.3' }) },
  },
  eksClusterNameMissing: {
    refused: {
      'metrics of a cluster by its ARN': stack => { Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN).metricSchedulableNodes(); },
      'any metric of it': stack => { Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN).metric('node_cpu_utilization'); },
      'its dashboard': stack => { new NodeHealthDashboard(stack, 'Health', { cluster: Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN) }); },
    },
    accepted: {
      'the name among its attributes': stack => {
        Cluster.fromClusterAttributes(stack, 'Pod', { clusterArn: CLUSTER_ARN, eksClusterName: 'platform' }).metricSchedulableNodes();
      },
      'a cluster that is looked up': stack => { new ClusterLookup(stack, 'Pod', { clusterName: 'pod' }).metricSchedulableNodes(); },
      'a cluster of the app': stack => { onEks(stack).metric('node_cpu_utilization'); },
    },
  },
  dashboardQueues: {
    refused: { 'a list that is known at deployment': dashboard({ clusterQueues: Fn.split(',', Fn.importValue('queues')) }) },
    accepted: { 'names, also one that is known at deployment': dashboard({ clusterQueues: ['hyperpod-ns-a-clusterqueue', Fn.importValue('queue')] }) },
  },
  dashboardAlarmTime: {
    refused: {
      'seven minutes': dashboard({ unschedulableFor: Duration.minutes(7) }),
      'nothing': dashboard({ replacementFor: Duration.minutes(0) }),
      'more than a day': dashboard({ rebootFor: Duration.minutes(1445) }),
      'a time that is known at deployment': stack => {
        const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
        dashboard({ rebootFor: Duration.seconds(seconds) })(stack);
      },
    },
    told: { 'seven minutes': ['unschedulableFor', '"7 minutes"'] },
    accepted: { '5 minutes and a day': dashboard({ unschedulableFor: Duration.minutes(5), replacementFor: Duration.days(1) }) },
  },
  slurmOnly: {
    refused: { 'a controller': group({ slurmNode: controller }) },
    accepted: { 'a controller of Slurm': slurmGroup({ slurmNode: controller }) },
  },
  slurmController: {
    refused: {
      'none': slurm([compute]),
      'two': slurm([controller, controller, compute]),
      'no group with continuous provisioning': slurm([], CONTINUOUS),
      'none with a strategy, which only the API has': slurm([undefined], {
        orchestrator: Orchestrator.slurm({ configStrategy: SlurmConfigStrategy.MERGE }),
      }),
    },
    accepted: {
      'one': slurm([controller, compute, compute]),
      'groups that scripts set up': slurm([undefined, undefined]),
    },
  },
  slurmLogin: {
    refused: { two: slurm([controller, login, login]) },
    accepted: { one: slurm([controller, login, compute]) },
  },
  slurmNodeMissing: {
    refused: {
      'one group of two': slurm([controller, undefined]),
      'all groups with continuous provisioning': slurm([undefined], CONTINUOUS),
      'all groups with a strategy': slurm([undefined], { orchestrator: Orchestrator.slurm({ configStrategy: SlurmConfigStrategy.OVERWRITE }) }),
    },
    accepted: {
      'all groups': slurm([undefined]),
      'a restricted group': stack => {
        const pod = onSlurm(stack);
        pod.addInstanceGroup('controller', { instances: instances(1, M5), slurmNode: controller });
        pod.addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1 });
      },
    },
  },
  slurmNotSetUp: {
    refused: {
      'neither nodes of Slurm nor scripts': slurm([undefined, undefined]),
      'scripts that do nothing': slurm([undefined], { lifecycleScripts: LifecycleScripts.doNothing() }),
      'scripts of one group only': stack => {
        const pod = onSlurm(stack);
        pod.addInstanceGroup('controller', { instances: instances(1, M5), lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) });
        pod.addInstanceGroup('workers', { instances: instances() });
      },
    },
    accepted: {
      'nodes of Slurm': slurm([controller, compute]),
      'scripts': slurm([undefined, undefined], { lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) }),
      'scripts in a bucket': slurm([undefined], stack => ({
        lifecycleScripts: LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Scripts', 'sagemaker-scripts'), prefix: 'base' }),
      })),
      'no groups yet': slurmCluster({}),
      'a restricted group, which has no place in Slurm': stack => {
        onSlurm(stack).addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1 });
      },
      'EKS': group({}),
    },
  },
  rolePolicySize: {
    refused: {
      'ninety folders': folders(90),
      'ninety folders for a role of yours': folders(90, stack => ({
        executionRole: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      })),
    },
    accepted: {
      'sixty folders': folders(60),
      'ninety groups with one folder': folders(90, undefined, 1),
    },
  },
  labelCount: {
    refused: {
      '51 labels': group({ labels: labels(51) }),
      '51 taints': group({ taints: Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, effect: TaintEffect.NO_SCHEDULE })) }),
    },
    accepted: {
      '50 labels': group({ labels: labels(50) }),
      '50 taints': group({ taints: Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, effect: TaintEffect.NO_SCHEDULE })) }),
    },
  },
  labelKey: {
    refused: {
      'a blank': group({ labels: { 'my team': 'a' } }),
      'nothing': group({ labels: { '': 'a' } }),
      'a domain with capitals': group({ labels: { 'Example.com/team': 'a' } }),
      '64 characters behind the slash': group({ labels: { [`example.com/${'x'.repeat(64)}`]: 'a' } }),
      'a domain of 254 characters': group({ labels: { [`${'x'.repeat(254)}/team`]: 'a' } }),
      'two slashes': group({ labels: { 'a/b/c': 'a' } }),
      'a dot at the end, of a taint': group({ taints: [{ key: 'team.', effect: TaintEffect.NO_SCHEDULE }] }),
    },
    told: {
      'a blank': ['labels', '"my team"'],
      'a dot at the end, of a taint': ['taints[0].key', '"team."'],
    },
    accepted: {
      'a word': group({ labels: { team: 'a' } }),
      'a domain and a word': group({ labels: { 'node.example.com/team_A.b': 'a' } }),
      '63 characters behind 253': group({ labels: { [`${'x'.repeat(253)}/${'y'.repeat(63)}`]: 'a' } }),
      'a key that is known at deployment': group(stack => ({ taints: [{ key: text(stack), effect: TaintEffect.NO_SCHEDULE }] })),
    },
  },
  labelValue: {
    refused: {
      '64 characters': group({ labels: { a: 'x'.repeat(64) } }),
      'a blank': group({ labels: { a: 'two words' } }),
      'a hyphen at the end': group({ labels: { a: 'x-' } }),
      'a slash in a taint': group({ taints: [{ key: 'a', value: 'x/y', effect: TaintEffect.NO_SCHEDULE }] }),
    },
    told: { 'a slash in a taint': ['taints[0].value', '"x/y"'] },
    accepted: { '63 characters': group({ labels: { a: 'x'.repeat(63) } }), 'none': group({ labels: { a: '' } }), 'one that is known at deployment': group(stack => ({ labels: { a: text(stack) } })) },
  },
  labelValueEmpty: {
    refused: {
      'of a label': group({ labels: { a: '' } }),
      'of a taint': group({ taints: [{ key: 'a', value: '', effect: TaintEffect.NO_SCHEDULE }] }),
    },
    told: { 'of a taint': ['taints[0].value'] },
    accepted: {
      'a character': group({ labels: { a: 'x' } }),
      'a taint without a value': group({ taints: [{ key: 'a', effect: TaintEffect.NO_SCHEDULE }] }),
    },
  },
  partitionsTwice: {
    refused: { 'a layout and its label': group({ partitions: HALVES, labels: { 'nvidia.com/mig.config': 'all-disabled' } }) },
    accepted: {
      'a layout and another label': group({ partitions: HALVES, labels: { team: 'research' } }),
      'the label alone': group({ labels: { 'nvidia.com/mig.config': 'ours' } }),
    },
  },
  partitionsFlexible: {
    refused: { 'several types': group({ partitions: HALVES, instances: Instances.flexible({ instanceTypes: [P5], count: 1 }) }, CONTINUOUS) },
    accepted: { 'one type': group({ partitions: HALVES }) },
  },
  storageCount: {
    refused: { five: storage(...volumes(5)) },
    accepted: {
      'one of each kind': group(stack => ({
        storage: [...volumes(1), InstanceStorage.rootVolume({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) }), lustre, openZfs],
      })),
    },
  },
  storageTwice: {
    refused: {
      'two volumes': storage(...volumes(2)),
      'two file systems of Lustre': storage(lustre, lustre),
      'two file systems of OpenZFS': storage(openZfs, openZfs),
      'two root volumes': group(stack => {
        const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
        return { storage: [InstanceStorage.rootVolume({ encryptionKey }), InstanceStorage.rootVolume({ encryptionKey })] };
      }),
    },
    accepted: {
      'one of each': storage(lustre, openZfs),
      'a volume beside the root volume': group(stack => ({
        storage: [...volumes(1), InstanceStorage.rootVolume({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) })],
      })),
    },
  },
  storageDnsName: {
    refused: {
      'a name of an own zone': storage(InstanceStorage.lustre({ dnsName: 'scratch.example.com', mountName: 'fsx' })),
      'an id alone': storage(InstanceStorage.openZfs({ dnsName: 'fs-0123456789abcdef0' })),
      'an id of 7 digits': storage(InstanceStorage.openZfs({ dnsName: 'fs-0123456.fsx.us-east-1.amazonaws.com' })),
      'an address in a restricted group': restricted({ storage: [InstanceStorage.lustre({ dnsName: '10.0.0.17', mountName: 'fsx' })] }),
    },
    told: { 'an id alone': ['storage[0].dnsName', '"fs-0123456789abcdef0"'] },
    accepted: {
      'that of a file system': storage(lustre),
      'that of a cache': storage(InstanceStorage.lustre({ dnsName: 'fc-0123456789abcdef0.fsx.us-east-1.amazonaws.com', mountName: 'fsx' })),
      'one that is known at deployment': group(stack => ({ storage: [InstanceStorage.openZfs({ dnsName: text(stack) })] })),
    },
  },
  storageMountName: {
    refused: {
      'nine characters': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: 'ninechars' })),
      'a path': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: '/fsx' })),
      'nothing': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: '' })),
    },
    accepted: {
      'eight characters': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: 'ab_c-123' })),
      'one that is known at deployment': group(stack => ({ storage: [InstanceStorage.lustre({ dnsName: DNS, mountName: text(stack) })] })),
    },
  },
  storageMountPath: {
    refused: {
      'a relative path': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: 'fsx', mountPath: 'fsx' })),
      'the root': storage(InstanceStorage.openZfs({ dnsName: DNS, mountPath: '/' })),
      'a blank': storage(InstanceStorage.openZfs({ dnsName: DNS, mountPath: '/my data' })),
      '1025 characters': storage(InstanceStorage.openZfs({ dnsName: DNS, mountPath: `/${'a'.repeat(1024)}` })),
    },
    told: { 'the root': ['storage[0].mountPath', '"/"'] },
    accepted: {
      'a path': storage(InstanceStorage.lustre({ dnsName: DNS, mountName: 'fsx', mountPath: '/fsx/team_1.data-x' })),
      'none': storage(lustre),
    },
  },
  storageWithoutVpc: {
    refused: {
      'a file system of Lustre': slurmGroup({ storage: [lustre] }, { vpc: undefined }),
      'a file system of OpenZFS': slurmGroup({ storage: [openZfs] }, { vpc: undefined }),
    },
    accepted: { 'a volume': slurmGroup({ storage: volumes(1) }, { vpc: undefined }) },
  },
  volumeSize: {
    refused: {
      'half a GiB': storage(InstanceStorage.ebsVolume({ size: Size.mebibytes(512) })),
      'a GiB and a half': storage(InstanceStorage.ebsVolume({ size: Size.mebibytes(1536) })),
      'nothing': storage(InstanceStorage.ebsVolume({ size: Size.gibibytes(0) })),
      '16385 GiB': storage(InstanceStorage.ebsVolume({ size: Size.gibibytes(16_385) })),
    },
    accepted: {
      'a GiB': storage(InstanceStorage.ebsVolume({ size: Size.gibibytes(1) })),
      '16 TiB': storage(InstanceStorage.ebsVolume({ size: Size.tebibytes(16) })),
      'a size that is known at deployment': group(stack => ({ storage: [InstanceStorage.ebsVolume({ size: Size.gibibytes(number(stack)) })] })),
    },
  },
  threadsPerCore: {
    refused: { 3: group({ threadsPerCore: 3 }), 0: group({ threadsPerCore: 0 }) },
    accepted: {
      '1': group({ threadsPerCore: 1 }),
      '2': group({ threadsPerCore: 2 }),
      'a number that is known at deployment': group(stack => ({ threadsPerCore: number(stack) })),
    },
  },
  imageId: {
    refused: {
      'a name': group({ imageId: 'hyperpod' }),
      'a name that begins like the default': group({ imageId: 'defaults' }),
      'an ARN': group({ imageId: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0' }),
      'seven digits': group({ imageId: 'ami-0123456' }),
      '18 digits': group({ imageId: 'ami-0123456789abcdef01' }),
    },
    accepted: {
      'an id': group({ imageId: 'ami-0123456789abcdef0' }),
      'an id of eight digits': group({ imageId: 'ami-01234567' }),
      'the default': group({ imageId: 'default' }),
      'an image that is yet to be looked up': group({ imageId: 'ami-1234' }),
      'a reference that CloudFormation resolves': group({ imageId: '{{resolve:ssm:/hyperpod/ami}}' }),
      'an id that is known at deployment': group(stack => ({ imageId: text(stack) })),
    },
  },
  imageRelease: {
    refused: {
      'two numbers': group({ imageReleaseVersion: '1.2' }),
      'a letter before them': group({ imageReleaseVersion: 'v1.2.3' }),
      'a word behind them': group({ imageReleaseVersion: '1.2.3-beta' }),
    },
    accepted: {
      'three numbers': group({ imageReleaseVersion: '10.20.30' }),
      'one that is known at deployment': group(stack => ({ imageReleaseVersion: text(stack) })),
    },
  },
  lifecycleEntryPoint: {
    refused: {
      'an empty one': group({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS, { entryPoint: '' }) }),
      '129 characters': group({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS, { entryPoint: 'x'.repeat(129) }) }),
      '129 characters in a bucket': group(inBucket('x'.repeat(129))),
    },
    accepted: {
      'a file': group({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS) }),
      'one character in a bucket': group(inBucket('x')),
      '128 characters in a bucket': group(inBucket('x'.repeat(128))),
    },
  },
  lifecycleScriptMissing: {
    refused: {
      'a file that is not there': cluster({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS, { entryPoint: 'start.sh' }) }),
      'a folder that is not there': group({ lifecycleScripts: LifecycleScripts.fromAsset(join(SCRIPTS, 'gone')) }),
    },
    accepted: {
      'a file': group({ lifecycleScripts: LifecycleScripts.fromAsset(SCRIPTS, { entryPoint: 'on_create.sh' }) }),
      'whatever is in an archive': group(() => ({ lifecycleScripts: archive() })),
    },
  },
  updateSchedule: {
    refused: {
      'a rate': group({ scheduledUpdate: { schedule: 'rate(7 days)' } }),
      'a word before a cron expression': group({ scheduledUpdate: { schedule: 'at cron(0 2 ? * SUN *)' } }),
      'a zone behind it': group({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *) UTC' } }),
      'nothing in it': group({ scheduledUpdate: { schedule: 'cron()' } }),
      'five fields': group({ scheduledUpdate: { schedule: 'cron(0 2 * * SUN)' } }),
      'any day of the month': group({ scheduledUpdate: { schedule: 'cron(0 2 * * ? *)' } }),
      'a range of days': group({ scheduledUpdate: { schedule: 'cron(0 2 ? * MON-FRI *)' } }),
      'minute 60': group({ scheduledUpdate: { schedule: 'cron(60 2 ? * SUN *)' } }),
    },
    accepted: {
      'a cron expression': group({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)' } }),
      'the 15th of every third month': group({ scheduledUpdate: { schedule: 'cron(30 23 15 */3 ? *)' } }),
      'one that is known at deployment': group(stack => ({ scheduledUpdate: { schedule: text(stack) } })),
    },
  },
  rolloutBatch: {
    refused: {
      'no instance': rollout({ maxBatch: BatchSize.instances(0) }),
      '101 percent': rollout({ maxBatch: BatchSize.instances(1), maxRollbackBatch: BatchSize.percent(101) }),
      'half an instance while patching': group({
        automaticPatching: { strategy: PatchingStrategy.WHEN_IDLE, rollout: { maxBatch: BatchSize.instances(0.5) } },
      }),
    },
    accepted: {
      '101 instances': rollout({ maxBatch: BatchSize.instances(101), maxRollbackBatch: BatchSize.percent(100) }),
      'one instance': rollout({ maxBatch: BatchSize.instances(1) }),
      'a number that is known at deployment': group(stack => ({
        scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { maxBatch: BatchSize.percent(number(stack)) } },
      })),
    },
  },
  rolloutBatchMissing: {
    refused: { 'only the batch of a roll-back': rollout({ maxRollbackBatch: BatchSize.percent(100) }) },
    accepted: { 'only the batch of an update': rollout({ maxBatch: BatchSize.percent(100) }) },
  },
  rolloutWait: {
    refused: { '3601 seconds': rollout({ waitBetweenBatches: Duration.seconds(3601) }) },
    accepted: {
      'an hour': rollout({ waitBetweenBatches: Duration.hours(1) }),
      'a time that is known at deployment': group(stack => ({
        scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { waitBetweenBatches: Duration.seconds(number(stack)) } },
      })),
    },
  },
  rolloutAlarms: {
    refused: {
      'an empty list': rollout({ rollbackAlarms: [] }),
      'eleven': group(stack => ({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { rollbackAlarms: alarms(stack, 11) } } })),
    },
    accepted: {
      one: group(stack => ({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { rollbackAlarms: alarms(stack, 1) } } })),
      ten: group(stack => ({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { rollbackAlarms: alarms(stack, 10) } } })),
    },
  },
  restrictedLustre: {
    refused: {
      '1199 GiB': restricted({ lustre: { size: Size.gibibytes(1199), perUnitStorageThroughput: 125 } }),
      '100801 GiB': restricted({ lustre: { size: Size.gibibytes(100_801), perUnitStorageThroughput: 125 } }),
      'half a GiB more than 1200': restricted({ lustre: { size: Size.gibibytes(1200.5), perUnitStorageThroughput: 125 } }),
      '124 MB/s': restricted({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 124 } }),
      '1001 MB/s that are shared': cluster({
        restrictedEnvironment: {
          lustreDeletionPolicy: SharedLustreDeletionPolicy.KEEP, lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 1001 },
        },
      }),
    },
    accepted: {
      'both at their limits': restricted({ lustre: { size: Size.gibibytes(100_800), perUnitStorageThroughput: 125 } }),
      'both at their other limits': restricted({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 1000 } }),
      'numbers that are known at deployment': stack => {
        restricted({ lustre: { size: Size.gibibytes(number(stack, 'Size')), perUnitStorageThroughput: number(stack, 'Throughput') } })(stack);
      },
    },
  },
  restrictedLustreStep: {
    refused: {
      '3600 GiB': restricted({ lustre: { size: Size.gibibytes(3600), perUnitStorageThroughput: 125 } }),
      '200 MB/s': restricted({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 200 } }),
      '126 MB/s that are shared': cluster({
        restrictedEnvironment: {
          lustreDeletionPolicy: SharedLustreDeletionPolicy.KEEP, lustre: { size: Size.gibibytes(2400), perUnitStorageThroughput: 126 },
        },
      }),
    },
    told: {
      '3600 GiB': ['lustre.size', '3600'],
      '126 MB/s that are shared': ['restrictedEnvironment.lustre.perUnitStorageThroughput', '126'],
    },
    accepted: {
      '1200 GiB': restricted({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 500 } }),
      '4800 GiB': restricted({ lustre: { size: Size.gibibytes(4800), perUnitStorageThroughput: 250 } }),
      'numbers that are known at deployment': stack => {
        restricted({ lustre: { size: Size.gibibytes(number(stack, 'Size')), perUnitStorageThroughput: number(stack, 'Throughput') } })(stack);
      },
    },
  },
  restrictedLustreMissing: {
    refused: { 'a policy alone': cluster({ restrictedEnvironment: { lustreDeletionPolicy: SharedLustreDeletionPolicy.KEEP } }) },
    accepted: {
      'a file system': cluster({
        restrictedEnvironment: {
          lustreDeletionPolicy: SharedLustreDeletionPolicy.KEEP, lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 125 },
        },
      }),
      'no shared environment': cluster({}),
    },
  },
  threadsPerCoreOnArm: {
    refused: {
      'Graviton': group({ instances: instances(1, InstanceType.of('ml.c7g.16xlarge')), threadsPerCore: 2 }),
      'Grace in a restricted group': restricted({ instanceType: InstanceType.P6E_GB200_36XLARGE, threadsPerCore: 2 }),
      'Graviton behind another type': group(
        { instances: Instances.flexible({ instanceTypes: [M5, InstanceType.of('ml.m6gd.large')], count: 1 }), threadsPerCore: 2 }, CONTINUOUS,
      ),
    },
    told: { Graviton: ['threadsPerCore', '{"threadsPerCore":2,"instanceType":"ml.c7g.16xlarge"}'] },
    accepted: {
      'one thread': group({ instances: instances(1, InstanceType.of('ml.c7g.16xlarge')), threadsPerCore: 1 }),
      'a type with GPUs': group({ instances: instances(1, InstanceType.of('ml.g6e.48xlarge')), threadsPerCore: 2 }),
      'a type that is known at deployment': group(stack => ({ instances: instances(1, InstanceType.of(text(stack))), threadsPerCore: 2 })),
    },
  },
  instanceTypeName: {
    refused: {
      'a type of EC2': group({ instances: instances(1, InstanceType.of('p5.48xlarge')) }),
      'one of several': group({ instances: Instances.flexible({ instanceTypes: [P5, InstanceType.of('c5.xlarge')], count: 1 }) }, CONTINUOUS),
      'a restricted group': restricted({ instanceType: InstanceType.of('P5') }),
      'a quota': stack => {
        onEks(stack).addComputeQuota('Quota', {
          team: Team.of('research'), resources: [QuotaResource.instances({ instanceType: InstanceType.of('c5.large'), count: 1 })],
        });
      },
    },
    told: {
      'a type of EC2': ['instances.instanceType', '"p5.48xlarge"'],
      'one of several': ['instances.instanceTypes', '"c5.xlarge"'],
      'a quota': ['resources[0].instanceType', '"c5.large"'],
    },
    accepted: {
      'a type that isn\'t known': group({ instances: instances(1, InstanceType.of('ml.p9.48xlarge')) }),
      'a type that is known at deployment': group(stack => ({ instances: instances(1, InstanceType.of(text(stack))) })),
    },
  },
  partitionName: {
    refused: {
      'an underscore': slurm([controller, SlurmNode.compute({ partitionName: 'gpu_large' })]),
      'nothing': slurm([controller, SlurmNode.compute({ partitionName: '' })]),
      'a hyphen in front': slurm([controller, SlurmNode.compute({ partitionName: '-gpu' })]),
      'two names': slurm([controller, SlurmNode.compute({ partitionName: 'gpu,cpu' })]),
    },
    told: { 'an underscore': ['slurmNode.partitionName', '"gpu_large"'] },
    accepted: {
      'hyphens within': slurm([controller, SlurmNode.compute({ partitionName: 'gpu--Large-1' })]),
      'one that is known at deployment': stack => slurm([controller, SlurmNode.compute({ partitionName: text(stack) })])(stack),
    },
  },
  slurmControllerCount: {
    refused: { 'two with continuous provisioning': controllers(2, CONTINUOUS) },
    told: { 'two with continuous provisioning': ['instances.count', '{"head":2}'] },
    accepted: {
      'one': controllers(1, CONTINUOUS),
      'two without': controllers(2),
      'a number that is known at deployment': stack => controllers(number(stack, 'Controllers'), CONTINUOUS)(stack),
    },
  },
  slurmStorageWithoutController: {
    refused: {
      'a file system of Lustre': slurmGroup({ storage: [lustre] }),
      'a file system of OpenZFS': slurmGroup({ storage: [openZfs] }),
    },
    told: { 'a file system of Lustre': ['storage', '["workers"]'] },
    accepted: {
      'a controller': stack => {
        const pod = onSlurm(stack);
        pod.addInstanceGroup('head', { instances: instances(1, M5), slurmNode: controller });
        pod.addInstanceGroup('workers', { instances: instances(), slurmNode: compute, storage: [lustre] });
      },
      'a volume': slurmGroup({ storage: volumes(1) }),
      'EKS': storage(lustre),
    },
  },
  databaseEndpoint: {
    refused: {
      'a URL': database({ endpoint: 'mysql://db.internal' }),
      'a port': database({ endpoint: 'db.internal:3306' }),
      'a label of 64 characters': database({ endpoint: `${'a'.repeat(64)}.internal` }),
      '256 characters': database({ endpoint: `${'a.'.repeat(127)}ab` }),
    },
    told: { 'a port': ['orchestrator.accountingDatabase.endpoint', '"db.internal:3306"'] },
    accepted: {
      'a host': database({ endpoint: 'db.internal' }),
      'an address': database({ endpoint: '10.0.0.17' }),
      'one that is known at deployment': stack => database({ endpoint: text(stack) })(stack),
    },
  },
  databaseName: {
    refused: { 'a hyphen': database({ databaseName: 'slurm-acct' }), '65 characters': database({ databaseName: 'a'.repeat(65) }) },
    accepted: { 'an underscore': database({ databaseName: 'slurm_acct$1' }), 'none': database({}) },
  },
  databasePort: {
    refused: { '0': database({ port: 0 }), '65536': database({ port: 65_536 }), 'a half': database({ port: 3306.5 }) },
    accepted: { '3306': database({ port: 3306 }), 'one that is known at deployment': stack => database({ port: number(stack, 'Port') })(stack) },
  },
  lifecycleLocation: {
    refused: {
      'a prefix of 1020 characters': group(fromFolder('a'.repeat(1020))),
      'a line break': group(fromFolder('a\nb')),
    },
    accepted: {
      'a folder': group(fromFolder('scripts/base')),
      'an address of 1024 characters': group(fromFolder('a'.repeat(1024 - 's3://sagemaker-scripts/'.length))),
      'one that is known at deployment': group(stack => ({
        lifecycleScripts: LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Scripts', 'sagemaker-scripts'), prefix: text(stack) }),
      })),
    },
  },
  tagText: {
    refused: {
      'a semicolon': taggedCluster({ team: 'a;b' }),
      'a key of 129 characters': taggedCluster({ ['x'.repeat(129)]: 'a' }),
      'a value of 257 characters': taggedCluster({ team: 'x'.repeat(257) }),
      'a key of AWS': taggedCluster({ 'AWS:team': 'a' }),
      'a quota': stack => { Tags.of(newQuota(stack)).add('team', '#1'); },
      'the tag by which the library knows its own quota': stack => { Tags.of(newQuota(stack, QuotaProvisioning.API)).add('cdk-hpc-clusters:owner', 'me'); },
      'a scheduler configuration': stack => { Tags.of(onEks(stack).addClusterSchedulerConfig('Policy')).add('team', '#1'); },
    },
    told: { 'a semicolon': ['tags', '{"team":"a;b"}'] },
    accepted: {
      'letters of any script': taggedCluster({ équipe: '研究 α/1+1=2@x' }),
      'an empty value': taggedCluster({ team: '' }),
      'a value that is known at deployment': stack => { Tags.of(onEks(stack)).add('team', text(stack)); },
      'a key that sounds like those of AWS': taggedCluster({ 'my-aws:team': 'a' }),
      'a key of the library where CloudFormation makes the quota': stack => { Tags.of(newQuota(stack)).add('cdk-hpc-clusters:owner', 'me'); },
      'a key that sounds like those of the library': stack => { Tags.of(newQuota(stack, QuotaProvisioning.API)).add('cdk-hpc-clusters-owner', 'me'); },
    },
  },
  tagCount: {
    refused: {
      '51': taggedCluster(manyTags(51)),
      '50 of a quota by API': stack => { Object.entries(manyTags(50)).forEach(([key, value]) => Tags.of(newQuota(stack, QuotaProvisioning.API)).add(key, value)); },
    },
    told: { 51: ['tags', '51'] },
    accepted: {
      '50': taggedCluster(manyTags(50)),
      '50 of a quota by CloudFormation': stack => { Object.entries(manyTags(50)).forEach(([key, value]) => Tags.of(newQuota(stack)).add(key, value)); },
    },
  },
  restrictedSpot: {
    refused: { spot: restricted({ capacity: Capacity.spot() }, CONTINUOUS) },
    accepted: { 'on demand': restricted({ capacity: Capacity.onDemand() }) },
  },
  restrictedContinuous: {
    refused: {
      'continuous provisioning': restricted({}, CONTINUOUS),
      'autoscaling': restricted({}, { ...CONTINUOUS, autoScaling: AutoScaling.karpenter() }),
    },
    accepted: { neither: restricted({}) },
  },
  spotOnSlurm: {
    refused: { Slurm: slurmGroup({ capacity: Capacity.spot(), slurmNode: controller }, CONTINUOUS) },
    accepted: {
      'EKS': group({ capacity: Capacity.spot() }, CONTINUOUS),
      'Slurm on demand': slurmGroup({ capacity: Capacity.onDemand(), slurmNode: controller }, CONTINUOUS),
    },
  },
  deepHealthCheckCount: {
    refused: { four: group({ deepHealthChecks: Array(4).fill(DeepHealthCheck.INSTANCE_STRESS) }) },
    accepted: { two: group({ deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS, DeepHealthCheck.INSTANCE_CONNECTIVITY] }) },
  },
  deepHealthCheckType: {
    refused: {
      'a CPU type': group({ instances: instances(1, M5), deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS] }),
      'a CPU type of a restricted group': restricted({ instanceType: M5, deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS] }),
    },
    accepted: {
      'a CPU type and no checks': group({ instances: instances(1, M5), deepHealthChecks: [] }),
      'a GPU type': group({ deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS] }),
      'a type by name': group({ instances: instances(1, InstanceType.of('ml.x9.large')), deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS] }),
    },
  },
  deepHealthCheckTaints: {
    refused: {
      both: group({ deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS], taints: [{ key: 'gpu', effect: TaintEffect.NO_SCHEDULE }] }),
    },
    accepted: {
      'taints alone': group({ taints: [{ key: 'gpu', effect: TaintEffect.NO_SCHEDULE }] }),
      'taints and a list of no checks': group({ deepHealthChecks: [], taints: [{ key: 'gpu', effect: TaintEffect.NO_SCHEDULE }] }),
      'checks alone': group({ deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS] }),
      'checks and a list of no taints': group({ deepHealthChecks: [DeepHealthCheck.INSTANCE_STRESS], taints: [] }),
    },
  },
  autoScalingRecovery: {
    refused: { none: cluster({ ...CONTINUOUS, autoScaling: AutoScaling.karpenter(), nodeRecovery: NodeRecovery.NONE }) },
    accepted: {
      'automatic': cluster({ ...CONTINUOUS, autoScaling: AutoScaling.karpenter(), nodeRecovery: NodeRecovery.AUTOMATIC }),
      'none without autoscaling': cluster({ nodeRecovery: NodeRecovery.NONE }),
      'a way that AWS may add': cluster({ ...CONTINUOUS, autoScaling: AutoScaling.karpenter(), nodeRecovery: NodeRecovery.of('Reboot') }),
    },
  },
  tieredStoragePercent: {
    refused: {
      '101': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 101 }) }),
      'a half': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 20.5 }) }),
      'less than none': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: -1 }) }),
    },
    accepted: {
      '0': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 0 }) }),
      '100': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 100 }) }),
      'what is known at deployment': cluster(stack => ({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: number(stack) }) })),
    },
  },
  tieredStoragePercentUndocumented: {
    refused: { 19: cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 19 }) }) },
    accepted: {
      '20': cluster({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: 20 }) }),
      'what is known at deployment': cluster(stack => ({ tieredStorage: TieredStorage.enabled({ instanceMemoryPercent: number(stack) }) })),
    },
  },
  eksAuthenticationMode: {
    refused: {
      'CONFIG_MAP': newEks({ authenticationMode: 'CONFIG_MAP' }),
      'the default of CloudFormation': newEks(undefined),
      'the default of aws_eks': newEksOfL2((stack, kubectlLayer) => new eks.Cluster(stack, 'New', { version, kubectlLayer, vpc: vpcWithNat(stack) })),
    },
    accepted: {
      'API': newEks({ authenticationMode: 'API' }),
      'both': newEks({ authenticationMode: 'API_AND_CONFIG_MAP' }),
      'API of aws_eks': newEksOfL2((stack, kubectlLayer) => new eks.Cluster(stack, 'New', {
        version, kubectlLayer, vpc: vpcWithNat(stack), authenticationMode: eks.AuthenticationMode.API,
      })),
      'the default of aws_eks_v2': newEksOfL2(stack => new eksv2.Cluster(stack, 'New', { version: eksv2.KubernetesVersion.V1_33, vpc: vpcWithNat(stack) })),
      'a mode that is known at deployment': stack => newEks({ authenticationMode: new CfnParameter(stack, 'Mode').valueAsString })(stack),
    },
  },
  eksDependenciesMissing: {
    refused: { 'a new EKS cluster': newEks({ authenticationMode: 'API' }, false) },
    accepted: { 'a new EKS cluster with the chart': newEks({ authenticationMode: 'API' }), 'an EKS cluster that exists': cluster({}) },
  },
  subnetAddresses: {
    refused: {
      'four P5 nodes on EKS in a subnet of 251 addresses': group({ instances: instances(4) }),
      'eight P5 nodes of Slurm': slurmGroup({ instances: instances(8) }),
      'five nodes of four cards on EKS': group({ instances: instances(5, InstanceType.P4D_24XLARGE) }),
      'fifteen nodes of Slurm whose first card is plain': slurmGroup({ instances: instances(15, InstanceType.P6_B300_48XLARGE) }),
      'one node more than there are addresses': group({ instances: instances(252, M5) }),
      'groups that are too many together': stack => {
        const pod = onEks(stack);
        pod.addInstanceGroup('a', { instances: instances(2) });
        pod.addInstanceGroup('b', { instances: instances(2) });
      },
      'more than the largest of two subnets has': group({ instances: instances(1020, M5) }, stack => ({ vpc: unequal(stack) })),
    },
    told: {
      'five nodes of four cards on EKS': ['vpcSubnets', '{"needed":265,"largestSubnet":251}'],
      'fifteen nodes of Slurm whose first card is plain': ['vpcSubnets', '{"needed":255,"largestSubnet":251}'],
    },
    accepted: {
      'four nodes of four cards on EKS': group({ instances: instances(4, InstanceType.P4D_24XLARGE) }),
      'a type by name, of which nothing is checked': group({ instances: instances(9, InstanceType.of('ml.p5.48xlarge')) }),
      'three P5 nodes on EKS': group({ instances: instances(3) }),
      'as many nodes as there are addresses': group({ instances: instances(251, M5) }),
      'seven P5 nodes of Slurm': slurmGroup({ instances: instances(7) }),
      'as many as the largest of two subnets has': group({ instances: instances(1019, M5) }, stack => ({ vpc: unequal(stack) })),
      'groups that share no subnet': stack => {
        const [vpc, pod] = [unequal(stack), onEks(stack, { vpc: stack.node.findChild('Unequal') as ec2.Vpc })];
        pod.addInstanceGroup('a', { instances: instances(251, M5), vpcSubnets: { subnets: [vpc.isolatedSubnets[0]] } });
        pod.addInstanceGroup('b', { instances: instances(1019, M5), vpcSubnets: { subnets: [vpc.isolatedSubnets[1]] } });
      },
      'nodes of several types, which may all be of the one that takes the fewest': group({
        instances: Instances.flexible({ instanceTypes: [P5, M5], count: 4 }),
      }, CONTINUOUS),
      'nodes whose interfaces take no addresses': group({ instances: instances(4), networkInterfaceType: NetworkInterfaceType.EFA_ONLY }),
      'a number that is known at deployment': stack =>
        group({ instances: instances(new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber) })(stack),
      'subnets whose size is not known': group(stack => ({
        instances: instances(4), vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1')] },
      })),
    },
  },
  permissionsAfterNodes: {
    refused: {
      'a permission on their cluster': stack => {
        const pod = onEks(stack);
        pod.grants.read(pod.addInstanceGroup('workers', { instances: instances() }));
      },
    },
    told: { 'a permission on their cluster': ['executionRole', '"Stack/Pod/ExecutionRole/DefaultPolicy/Resource"'] },
    accepted: {
      'a group without nodes': stack => {
        const pod = onEks(stack);
        pod.grants.read(pod.addInstanceGroup('workers', { instances: instances(0) }));
      },
      'a permission on a bucket': stack => { new s3.Bucket(stack, 'Data').grantRead(onEks(stack).addInstanceGroup('workers', { instances: instances() })); },
    },
  },
  planIsDryRun: {
    refused: {
      'a plan that is searched for': group(stack => ({ capacity: Capacity.trainingPlan(planOf(stack, PurchaseMode.DRY_RUN)) })),
      'for a restricted group': stack => {
        onEks(stack).addRestrictedInstanceGroup('nova', {
          instanceType: P5, instanceCount: 1, capacity: Capacity.trainingPlan(planOf(stack, PurchaseMode.DRY_RUN)),
        });
      },
    },
    told: { 'a plan that is searched for': ['capacity', '{"group":"workers","plan":"Stack/Bought"}'] },
    accepted: { 'a plan that is bought': group(stack => ({ capacity: Capacity.trainingPlan(planOf(stack, PurchaseMode.BUY)) })) },
    concrete: true,
  },
  planInstanceType: {
    refused: {
      'a CPU type': onPlan(instances(1, M5)),
      'a GPU type that no plan has': onPlan(instances(1, InstanceType.G6E_48XLARGE)),
      'several types that no plan has': onPlan(Instances.flexible({ instanceTypes: [M5, InstanceType.C5_LARGE], count: 1 }), CONTINUOUS),
    },
    told: { 'a CPU type': ['capacity', '["ml.m5.large"]'] },
    accepted: {
      'a type of plans': onPlan(instances(1, P5)),
      'one of an UltraServer': onPlan(instances(1, InstanceType.P6E_GB200_36XLARGE)),
      'several types, of which plans have one': onPlan(Instances.flexible({ instanceTypes: [M5, P5], count: 1 }), CONTINUOUS),
      'a type by name': onPlan(instances(1, InstanceType.of('ml.m5.large'))),
      'a CPU type on demand': group({ instances: instances(1, M5) }),
    },
  },
  planSubnets: {
    concrete: true,
    refused: {
      'two zones': group(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')),
        vpcSubnets: {
          subnets: ['us-east-1a', 'us-east-1b'].map((availabilityZone, index) =>
            ec2.Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-${index}`, availabilityZone })),
        },
      })),
    },
    accepted: {
      'one zone': group(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')),
        vpcSubnets: { subnets: [ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'us-east-1a' })] },
      })),
      'zones that are yet to be looked up': group(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')),
        vpcSubnets: {
          subnets: ['dummy1a', 'dummy1b'].map((availabilityZone, index) =>
            ec2.Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-${index}`, availabilityZone })),
        },
      })),
      'two zones of a group without a plan': group(stack => ({
        vpcSubnets: {
          subnets: ['us-east-1a', 'us-east-1b'].map((availabilityZone, index) =>
            ec2.Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-${index}`, availabilityZone })),
        },
      })),
      'a zone that is known and one that is not': group(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')),
        vpcSubnets: {
          subnets: ['us-east-1a', text(stack)].map((availabilityZone, index) =>
            ec2.Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-${index}`, availabilityZone })),
        },
      })),
      'a group of a cluster without a VPC': slurmGroup(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')), slurmNode: controller,
      }), { vpc: undefined }),
      'zones that are not known': group(stack => ({
        capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm')),
        vpcSubnets: { subnets: ['a', 'b'].map(name => ec2.Subnet.fromSubnetId(stack, name, `subnet-${name}`)) },
      })),
    },
  },
  quotaOnSlurm: {
    refused: {
      'a quota': stack => { new ComputeQuota(stack, 'Quota', { cluster: onSlurm(stack), team: Team.of('research'), resources: [] }); },
      'a scheduler configuration': stack => { new ClusterSchedulerConfig(stack, 'Policy', { cluster: onSlurm(stack) }); },
    },
    accepted: { 'a quota on EKS': quotas([1]) },
  },
  quotasAboveCreatedCapacity: {
    refused: { 'five of four': quotas([3, 2]) },
    accepted: {
      'four of four': quotas([3, 1]),
      'a cluster that Karpenter scales': quotas([3, 2], { ...CONTINUOUS, autoScaling: AutoScaling.karpenter() }),
    },
  },
} satisfies Record<string, RuleCase>;

/** What is said of programs: the property at fault, as their author wrote it, and what else helps to find it. */
export const SAID: Record<string, Program> = {
  '`instanceGroupName` must be 1 to 63 letters, digits and hyphens': group({ instanceGroupName: 'a_b' }),
  'choose such a name as the id, or give `instanceGroupName`': group({ instanceGroupName: 'a_b' }),
  'got: ["group-0","group-1"]; give': slurm([undefined, undefined]),
  'got: {"role":"Stack/Pod/ExecutionRole","characters":1': folders(90),
  '`clusterName` must': cluster({ clusterName: 'a_b' }),
  '`nodeProvisioningMode` is not known to work': restricted({}, CONTINUOUS),
  '`autoScaling` is not known to work': restricted({}, { ...CONTINUOUS, autoScaling: AutoScaling.karpenter() }),
  'got: ["group-1"]; give': slurm([controller, undefined]),
  'that is the Slurm controller, got: 2': slurm([controller, controller]),
  'got: {"needed":324,"largestSubnet":251}': group({ instances: instances(4) }),
  'got: ["us-east-1a","us-east-1b"]': CLUSTER_CASES.planSubnets.refused['two zones'],
  '`instances.count` must': group({ instances: instances(-1) }),
  '`instances.minCount` must': group({ instances: Instances.ofType({ instanceType: P5, count: 1, minCount: -1 }) }, CONTINUOUS),
  '`instanceCount` must': restricted({ instanceCount: -1 }),
  '`partitions` must': group({ partitions: PartitionLayout.mixed([]) }),
  '`partitions` is': group({ partitions: PartitionLayout.mixed([{ profile: PartitionProfile.MIG_3G_40GB, count: 1 }]) }),
  '`storage[1].size` must': storage(...volumes(1), InstanceStorage.ebsVolume({ size: Size.gibibytes(0) })),
  '`scheduledUpdate.rollout.maxBatch` must': rollout({ maxBatch: BatchSize.instances(0) }),
  '`automaticPatching.rollout.maxRollbackBatch` must': group({
    automaticPatching: {
      strategy: PatchingStrategy.WHEN_IDLE, rollout: { maxBatch: BatchSize.instances(1), maxRollbackBatch: BatchSize.instances(0) },
    },
  }),
  '`lustre.size` must': restricted({ lustre: { size: Size.gibibytes(1), perUnitStorageThroughput: 125 } }),
  '`lustre.perUnitStorageThroughput` must': restricted({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput: 1 } }),
  '`restrictedEnvironment.lustre.size` must': cluster({
    restrictedEnvironment: {
      lustreDeletionPolicy: SharedLustreDeletionPolicy.KEEP,
      lustre: { size: Size.gibibytes(1), perUnitStorageThroughput: 125 },
    },
  }),
};
