import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  Duration, Stack, Token, aws_ec2 as ec2, aws_eks as eks, aws_fsx as fsx, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3,
  aws_s3_assets as s3_assets,
  type App,
} from 'aws-cdk-lib';
import type { RuleCase } from './harness';
import { CLOSED, OPEN, closedTo, isolated, openAmong, openTo, waysOut } from './networks';
import { PurchaseMode, UpfrontFee } from '../../src';
import {
  AutoScaling, Capacity, Cluster, HyperPodDependencies, InstanceStorage, InstanceType, Instances, LifecycleScripts, NetworkInterfaceType,
  NodeProvisioningMode, NodeRecovery, NodeRemediation, Orchestrator, PartitionLayout, PartitionProfile, RemediationMode, SlurmNode,
  type ClusterProps, type InstanceGroupOptions,
} from '../../src/hyperpod';
import {
  Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource, TrainingPlan, UltraServerType, type InstanceOfferingCriteria,
} from '../../src/training-plans';

type Program = (stack: Stack) => void;
type Groups = (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[];

const P5 = InstanceType.P5_48XLARGE;
const PLACE = { account: '111122223333', region: 'us-east-1' };
const vpcOf = (stack: Stack, id = 'Vpc') => new ec2.Vpc(stack, id, { maxAzs: 1 });
const nodes = (options: Partial<InstanceGroupOptions> = {}): InstanceGroupOptions => ({
  instances: Instances.ofType({ instanceType: P5, count: 2 }), ...options,
});

/** A Slurm cluster whose lifecycle scripts are somebody else's matter. */
function podOf(stack: Stack, props: Partial<ClusterProps> = {}, id = 'Pod'): Cluster {
  return new Cluster(stack, id, { orchestrator: Orchestrator.slurm(), vpc: props.vpc ?? vpcOf(stack), ...props });
}

const CRITERIA: InstanceOfferingCriteria = {
  instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4, durations: [Duration.days(7)], target: TargetResource.HYPERPOD_CLUSTER,
};

/** A plan that the app buys, in a stack of its own. */
function boughtPlan(
  stack: Stack, criteria: Partial<InstanceOfferingCriteria> = {}, offering = Offering.search({ ...CRITERIA, ...criteria }),
  mode = PurchaseMode.BUY,
) {
  const purchases = new Stack(stack.node.root as App, 'Purchases', { env: PLACE });
  return new PurchasedTrainingPlan(purchases, 'Plan', { trainingPlanName: 'llm', offering, maxUpfrontFee: UpfrontFee.usd('1000.00'), mode });
}

/** A program whose group is on a plan that the app buys. */
const onBought = (
  criteria: Partial<InstanceOfferingCriteria>, options: Partial<InstanceGroupOptions> = {}, props: Partial<ClusterProps> = {},
): Program => stack => {
  const plan = boughtPlan(stack, criteria);
  podOf(stack, props).addInstanceGroup('workers', nodes({ capacity: Capacity.trainingPlan(plan), ...options }));
};
/** The same, where the stack imports the plan by its name before another one buys it. */
const onImported = (criteria: Partial<InstanceOfferingCriteria>, options: Partial<InstanceGroupOptions> = {}): Program => stack => {
  const plan = TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm');
  podOf(stack).addInstanceGroup('workers', nodes({ capacity: Capacity.trainingPlan(plan), ...options }));
  boughtPlan(stack, criteria, undefined, PurchaseMode.DRY_RUN);
};
const count = (instances: number) => ({ instances: Instances.ofType({ instanceType: P5, count: instances }) });
const planAt = (arn: string): Program => stack => {
  podOf(stack).addInstanceGroup('workers', nodes({ capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn)) }));
};
const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm';
const zoned = (stack: Stack, ...zones: string[]) => ({
  vpcSubnets: {
    subnets: zones.map(availabilityZone =>
      ec2.Subnet.fromSubnetAttributes(stack, availabilityZone, { subnetId: `subnet-${availabilityZone}`, availabilityZone })),
  },
});
const onZoned = (planZones: string[], ...zones: string[]): Program => stack => {
  onBought({ availabilityZones: planZones }, zoned(stack, ...zones))(stack);
};

/** A program whose cluster has security groups. */
const having = (groups: Groups, options: Partial<InstanceGroupOptions> = {}): Program => stack => {
  const vpc = vpcOf(stack);
  podOf(stack, { vpc, securityGroups: groups(stack, vpc) }).addInstanceGroup('workers', nodes(options));
};
const inAll = (programs: Record<string, Groups>, make: (groups: Groups) => Program) =>
  Object.fromEntries(Object.entries(programs).map(([name, groups]) => [name, make(groups)]));
const on = (vpcIn: (stack: Stack) => ec2.IVpc): Program => stack => { podOf(stack, { vpc: vpcIn(stack) }).addInstanceGroup('workers', nodes()); };
const scriptsIn = (region?: string): Program => stack => {
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'scripts', region });
  podOf(stack, { lifecycleScripts: LifecycleScripts.fromBucket({ bucket, prefix: 'a' }) }).addInstanceGroup('workers', nodes());
};
/** A program on an EKS cluster. */
const onEks = (
  cluster: (stack: Stack, vpc: ec2.IVpc) => eks.ICluster, props: (stack: Stack) => Partial<ClusterProps> = () => ({}), options = {},
  fill: (pod: Cluster) => void = () => {},
): Program => stack => {
  const vpc = vpcOf(stack);
  const orchestrator = Orchestrator.eks(cluster(stack, vpc), options);
  fill(podOf(stack, { vpc, orchestrator, lifecycleScripts: LifecycleScripts.none(), ...props(stack) }));
};
const given = (stack: Stack) => eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
const group = (stack: Stack) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'ControlPlane', 'sg-0123456789abcdef0');

/** A folder with an entry point, and with what its scripts are told of the groups. */
function folder(script = '#!/bin/bash\n', provisioning?: unknown): LifecycleScripts {
  const path = mkdtempSync(join(tmpdir(), 'scripts-'));
  writeFileSync(join(path, 'on_create.sh'), script);
  if (provisioning !== undefined) {
    writeFileSync(join(path, 'provisioning_parameters.json'), typeof provisioning === 'string' ? provisioning : JSON.stringify(provisioning));
  }
  return LifecycleScripts.fromAsset(path);
}
const withScripts = (script: string): Program => stack => { podOf(stack, { lifecycleScripts: folder(script) }).addInstanceGroup('workers', nodes()); };
/** A program with a controller and workers whose scripts are told of groups. */
const provisioned = (provisioning: unknown, api = false): Program => stack => {
  const pod = podOf(stack, { lifecycleScripts: folder(undefined, provisioning) });
  pod.addInstanceGroup('head', nodes({ slurmNode: api ? SlurmNode.controller() : undefined }));
  pod.addInstanceGroup('workers', nodes({ slurmNode: api ? SlurmNode.compute({ partitionName: 'gpu' }) : undefined }));
};
const TOLD = {
  version: '1.0.0',
  workload_manager: 'slurm',
  controller_group: 'head',
  worker_groups: [{ instance_group_name: 'workers', partition_name: 'gpu' }],
};
/** A program with a cluster on EKS that Karpenter scales, with groups of these numbers. */
const scaled = (
  counts: number[], options: Partial<InstanceGroupOptions> = {}, autoScaling = (_stack: Stack) => AutoScaling.karpenter(),
): Program => onEks(given, stack => ({
  autoScaling: autoScaling(stack), nodeProvisioningMode: NodeProvisioningMode.CONTINUOUS, securityGroups: [group(stack)],
}), {}, pod => counts.forEach((instanceCount, index) => pod.addInstanceGroup(`group-${index}`, nodes({ ...count(instanceCount), ...options }))));
const HALVES = PartitionLayout.uniform(PartitionProfile.MIG_3G_40GB);
/** A program whose cluster on EKS has divided GPUs, and a chart with these values. */
const charted = (values?: Record<string, unknown>, partitions: PartitionLayout | undefined = HALVES): Program => stack => {
  const cluster = eks.Cluster.fromClusterAttributes(stack, 'Eks', {
    clusterName: 'platform',
    kubectlRoleArn: 'arn:aws:iam::111122223333:role/kubectl',
    kubectlLayer: lambda.LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1'),
  });
  const chart = new s3_assets.Asset(stack, 'Chart', { path: join(__dirname, '../hyperpod/chart') });
  const dependencies = [HyperPodDependencies.forEksCluster(stack, 'Dependencies', { cluster, chart, values })];
  const orchestrator = Orchestrator.eks(cluster, { dependencies });
  podOf(stack, { orchestrator, securityGroups: [group(stack)], lifecycleScripts: LifecycleScripts.none() })
    .addInstanceGroup('workers', nodes({ partitions }));
};
const remediated = (nodeRecovery: NodeRecovery | undefined, mode = RemediationMode.REPAIR): Program => stack => {
  new NodeRemediation(stack, 'Remediation', { cluster: podOf(stack, { nodeRecovery }), mode });
};
const withRole = (role: (stack: Stack) => iam.IRole): Program => stack => {
  podOf(stack, { executionRole: role(stack) }).addInstanceGroup('workers', nodes());
};
/** A file system of the app, and a controller that mounts one. */
const lustreIn = (stack: Stack, vpc: ec2.IVpc, securityGroup?: ec2.ISecurityGroup) => new fsx.LustreFileSystem(stack, 'Files', {
  vpc,
  vpcSubnet: vpc.privateSubnets[0],
  securityGroup,
  storageCapacityGiB: 1200,
  lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
});
const mounts = ({ dnsName, mountName }: { dnsName: string; mountName: string }) => nodes({
  slurmNode: SlurmNode.controller(), storage: [InstanceStorage.lustre({ dnsName, mountName })],
});
const mounting = (open: (stack: Stack, files: fsx.LustreFileSystem, pod: Cluster) => void): Program => stack => {
  const vpc = vpcOf(stack);
  const [files, pod] = [lustreIn(stack, vpc), podOf(stack, { vpc })];
  pod.addInstanceGroup('head', mounts(files));
  open(stack, files, pod);
};
const imaged = (image: (stack: Stack) => string | undefined): Program => stack => { podOf(stack).addInstanceGroup('workers', nodes({ imageId: image(stack) })); };
const PLAIN = { instances: Instances.ofType({ instanceType: InstanceType.M5_LARGE, count: 1 }) };
const ROLE = 'arn:aws:iam::111122223333:role/nodes';

/** Programs on both sides of the rules about what the app has besides. */
export const NEIGHBOUR_CASES = {
  remediationRarelyActs: {
    refused: {
      'a cluster that says nothing of recovery': remediated(undefined),
      'a cluster with automatic recovery': remediated(NodeRecovery.AUTOMATIC),
    },
    accepted: {
      'a cluster without recovery': remediated(NodeRecovery.NONE),
      'a recovery by name': remediated(NodeRecovery.of('Later')),
      'a remediation that reports': remediated(undefined, RemediationMode.REPORT),
      'a cluster that exists': stack => {
        const cluster = Cluster.fromClusterArn(stack, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6');
        new NodeRemediation(stack, 'Remediation', { cluster, mode: RemediationMode.REPAIR });
      },
    },
  },
  karpenterCounts: {
    refused: { 'one group with instances': scaled([2]), 'two groups with instances': scaled([2, 3]) },
    told: { 'two groups with instances': ['autoScaling', '[2,3]'] },
    accepted: {
      'a group of none': scaled([0]),
      'a group of none beside one that Karpenter leaves alone': scaled([0, 3]),
      'a number that is known at deployment': scaled([Token.asNumber({ Ref: 'Count' })]),
      'no autoscaling': scaled([2], {}, () => AutoScaling.disabled()),
      'no groups': scaled([]),
    },
  },
  partitionsFromZero: {
    refused: { 'a group of none with divided GPUs': scaled([0], { partitions: HALVES }) },
    accepted: {
      'a group with divided GPUs and an instance': scaled([1], { partitions: HALVES }),
      'a group of none without autoscaling': scaled([0], { partitions: HALVES }, () => AutoScaling.disabled()),
      'whole GPUs': scaled([0]),
    },
  },
  gpuOperatorOff: {
    refused: {
      'the values of the chart': charted(),
      'other values': charted({ storage: { enabled: true } }),
      'an operator that is turned off': charted({ 'gpu-operator': { enabled: false } }),
    },
    accepted: {
      'an operator that is turned on': charted({ 'gpu-operator': { enabled: true } }),
      'a value that is known at deployment': charted({ 'gpu-operator': { enabled: Token.asAny({ Ref: 'Operator' }) } }),
      'whole GPUs': stack => charted(undefined, PartitionLayout.of('all-disabled'))(stack),
      'a chart that is installed already': scaled([1], { partitions: HALVES }),
    },
  },
  lifecycleScriptLines: {
    refused: {
      'lines of Windows': withScripts('#!/bin/bash\r\necho hello\r\n'),
      'lines of Windows in a script of Python': withScripts('#!/usr/bin/env python3\r\nprint(1)\r\n'),
    },
    accepted: {
      'lines of Unix': withScripts('#!/bin/bash\necho hello\n'),
      'a carriage return within a script': withScripts('#!/bin/bash\nprintf "a\r\nb"\n'),
      'a script without a line': withScripts('#!/bin/bash'),
    },
  },
  lifecycleScriptInterpreter: {
    refused: { 'a script that begins with a command': withScripts('echo hello\n'), 'an empty file': withScripts('') },
    accepted: {
      'a script with an interpreter': withScripts('#!/bin/bash\n'),
      'a program': withScripts('\x7fELF\x02'),
      'scripts that do nothing': stack => { podOf(stack, { lifecycleScripts: LifecycleScripts.doNothing() }).addInstanceGroup('workers', nodes()); },
    },
  },
  provisioningWithApi: {
    refused: { 'both': provisioned(TOLD, true), 'both, with a file that a script fills in': provisioned('@GROUPS@', true) },
    accepted: { 'lifecycle scripts alone': provisioned(TOLD), 'the API alone': provisioned(undefined, true) },
  },
  provisioningGroupUnknown: {
    refused: {
      'another controller': provisioned({ ...TOLD, controller_group: 'controller-machine' }),
      'other workers': provisioned({ ...TOLD, worker_groups: [{ instance_group_name: 'worker-group-1' }] }),
      'a login group that is not there': provisioned({ ...TOLD, login_group: 'login' }),
    },
    told: { 'another controller': ['lifecycleScripts', '["controller-machine"]'] },
    accepted: {
      'the groups of the cluster': provisioned(TOLD),
      'fewer groups': provisioned({ ...TOLD, worker_groups: [] }),
      'a file that a script fills in': provisioned('@GROUPS@'),
      'a list in place of an object': provisioned([null]),
    },
  },
  executionRoleImported: {
    refused: { 'a role that exists': withRole(stack => iam.Role.fromRoleArn(stack, 'Role', ROLE)) },
    accepted: {
      'a role of the app': withRole(stack => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') })),
      'a role that nothing may be added to': withRole(stack => iam.Role.fromRoleArn(stack, 'Role', ROLE, { mutable: false })),
    },
  },
  planElsewhere: {
    concrete: true,
    refused: {
      'a plan of another Region': planAt(ARN.replace('us-east-1', 'us-west-2')),
      'a plan of another account': planAt(ARN.replace('1111', '4444')),
      'a plan of another account for a restricted group': stack => {
        const plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN.replace('1111', '4444'));
        podOf(stack).addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1, capacity: Capacity.trainingPlan(plan) });
      },
    },
    accepted: {
      'a plan of the same place': planAt(ARN),
      'a stack of a place known at deployment': stack => planAt(ARN)(new Stack(stack.node.root as App, 'Agnostic')),
    },
  },
  planTargetDiffers: {
    concrete: true,
    refused: {
      'a plan for training jobs': onBought({ target: TargetResource.TRAINING_JOB }),
      'a plan for endpoints that another stack imports': onImported({ target: TargetResource.ENDPOINT }),
    },
    told: { 'a plan for training jobs': ['capacity', '"training-job"'] },
    accepted: {
      'a plan for HyperPod': onBought({}),
      'a target by name': onBought({ target: TargetResource.of('hyperpod-next') }),
      'a plan of the same name elsewhere': stack => {
        const west = new Stack(stack.node.root as App, 'West', { env: { ...PLACE, region: 'us-west-2' } });
        onImported({ target: TargetResource.ENDPOINT })(west);
      },
      'a plan of another name': stack => {
        boughtPlan(stack, { target: TargetResource.ENDPOINT });
        podOf(stack).addInstanceGroup('workers', nodes({ capacity: Capacity.trainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'other')) }));
      },
    },
  },
  planTypeDiffers: {
    concrete: true,
    refused: {
      'another type': onBought({ instanceType: PlanInstanceType.P5EN_48XLARGE }),
      'another type that another stack imports': onImported({ instanceType: PlanInstanceType.P5EN_48XLARGE }),
    },
    told: { 'another type': ['instances', '{"plan":"ml.p5en.48xlarge","group":["ml.p5.48xlarge"]}'] },
    accepted: {
      'the type of the plan': onBought({}),
      'a flexible group with the type of the plan': onBought({}, {
        instances: Instances.flexible({ instanceTypes: [InstanceType.P5EN_48XLARGE, P5], count: 1 }),
      }, { nodeProvisioningMode: NodeProvisioningMode.of('Later') }),
      'a plan of UltraServers': stack => {
        const ultraServerType = UltraServerType.U_P6E_GB200X36;
        const plan = boughtPlan(stack, {}, Offering.searchUltraServers({ ...CRITERIA, ultraServerType, ultraServerCount: 1 }));
        podOf(stack).addInstanceGroup('workers', nodes({
          instances: Instances.ofType({ instanceType: InstanceType.P6E_GB200_36XLARGE, count: 9 }), capacity: Capacity.trainingPlan(plan),
        }));
      },
    },
  },
  planTooSmall: {
    concrete: true,
    refused: {
      'one group with more': onBought({}, count(5)),
      'two groups with more together': stack => {
        const plan = boughtPlan(stack);
        const pod = podOf(stack);
        ['one', 'two'].forEach(name => pod.addInstanceGroup(name, nodes({ capacity: Capacity.trainingPlan(plan), ...count(3) })));
      },
      'two clusters with more together': stack => {
        const plan = boughtPlan(stack);
        const vpc = vpcOf(stack);
        ['One', 'Two'].forEach(id => podOf(stack, { vpc }, id).addInstanceGroup(id, nodes({ capacity: Capacity.trainingPlan(plan), ...count(3) })));
      },
    },
    told: { 'two groups with more together': ['capacity', '{"plan":4,"groups":6}'] },
    accepted: {
      'all of it': onBought({}, count(4)),
      'a group on demand besides': stack => {
        const pod = podOf(stack);
        pod.addInstanceGroup('one', nodes({ capacity: Capacity.trainingPlan(boughtPlan(stack)), ...count(4) }));
        pod.addInstanceGroup('two', nodes(count(4)));
      },
    },
  },
  planZoneDiffers: {
    concrete: true,
    refused: { 'a subnet in another zone': onZoned(['us-east-1a'], 'us-east-1b') },
    told: { 'a subnet in another zone': ['vpcSubnets', '{"plan":["us-east-1a"],"subnets":["us-east-1b"]}'] },
    accepted: {
      'a subnet in one of the zones': onZoned(['us-east-1a', 'us-east-1b'], 'us-east-1b'),
      'a plan in any zone': stack => onBought({}, zoned(stack, 'us-east-1b'))(stack),
      'a zone that is yet to be looked up': onZoned(['us-east-1a'], 'dummy1b'),
    },
  },
  otherVpc: {
    refused: {
      'a subnet of another VPC': stack => { podOf(stack, { vpcSubnets: { subnets: vpcOf(stack, 'Other').privateSubnets } }); },
      'a subnet of another VPC for a group': stack => {
        podOf(stack).addInstanceGroup('workers', nodes({ vpcSubnets: { subnets: vpcOf(stack, 'Other').privateSubnets } }));
      },
      'a security group of another VPC': having(stack => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') }), 'ingress', 'egress')]),
      'a security group of another VPC for a group': stack => {
        podOf(stack).addInstanceGroup('workers', nodes({ securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') })] }));
      },
    },
    accepted: {
      'a security group of the VPC': having(OPEN['a group with rules beside it']),
      'a security group that exists': having(OPEN['a group that exists']),
      'a subnet that exists': stack => { podOf(stack, { vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-a')] } }); },
      'a security group that is associated with the VPC': having((stack, vpc) => {
        const other = new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') });
        new ec2.CfnSecurityGroupVpcAssociation(stack, 'Association', { groupId: other.securityGroupId, vpcId: vpc.vpcId });
        return [openAmong(other, 'ingress', 'egress')];
      }),
    },
  },
  eksElsewhere: {
    concrete: true,
    refused: {
      'an EKS cluster of another Region': onEks(stack => given(new Stack(stack.node.root as App, 'West', { env: { ...PLACE, region: 'us-west-2' } }))),
    },
    accepted: {
      'an EKS cluster of another stack': onEks(stack => given(new Stack(stack.node.root as App, 'Platform', { env: PLACE }))),
      'one of a stack that says nothing of its place': onEks(stack => given(new Stack(stack.node.root as App, 'Platform'))),
    },
  },
  eksSecurityGroupUnknown: {
    refused: { 'an EKS cluster that exists, with its name alone': onEks(given) },
    accepted: {
      'its security group': onEks(given, undefined, { clusterSecurityGroup: ec2.SecurityGroup.fromSecurityGroupId(new Stack(), 'Group', 'sg-1') }),
      'its security group in the import': onEks(stack => eks.Cluster.fromClusterAttributes(stack, 'Eks', {
        clusterName: 'platform', clusterSecurityGroupId: 'sg-0123456789abcdef0',
      })),
      'security groups of the cluster': onEks(given, stack => ({ securityGroups: [group(stack)] })),
      'Slurm': stack => { podOf(stack); },
    },
  },
  eksVpcDiffers: {
    refused: {
      'an EKS cluster that exists in another VPC': onEks(stack => eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform', vpc: vpcOf(stack, 'Other') })),
    },
    accepted: {
      'the VPC of the EKS cluster': onEks((stack, vpc) => eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform', vpc })),
      'an EKS cluster whose VPC is not known': onEks(given),
    },
  },
  lifecycleScriptRegion: {
    concrete: true,
    refused: { 'a bucket of another Region': scriptsIn('us-west-2') },
    told: { 'a bucket of another Region': ['lifecycleScripts', '"us-west-2"'] },
    accepted: {
      'a bucket of this Region': scriptsIn('us-east-1'),
      'a bucket whose Region is not known': scriptsIn(),
    },
  },
  publicSubnets: {
    refused: {
      'a VPC of public subnets by default': on(stack => new ec2.Vpc(stack, 'Public', {
        maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
      })),
      'public subnets of a group': stack => { podOf(stack).addInstanceGroup('workers', nodes({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })); },
    },
    accepted: {
      'private subnets': on(vpcOf),
      'public subnets of the cluster where each group has others': stack => {
        podOf(stack, { vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })
          .addInstanceGroup('workers', nodes({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }));
      },
    },
  },
  noWayOut: {
    refused: {
      'isolated subnets': on(isolated),
      'isolated subnets with an endpoint of SageMaker': on(stack => {
        const vpc = isolated(stack);
        vpc.addInterfaceEndpoint('Api', { service: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API });
        return vpc;
      }),
    },
    told: { 'isolated subnets': ['vpcSubnets', '["s3"]'] },
    accepted: {
      ...Object.fromEntries(Object.entries(waysOut('s3')).map(([name, way]) => [name, on(stack => way(stack, isolated(stack)))])),
      'a gateway endpoint': on(stack => {
        const vpc = isolated(stack);
        vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
        return vpc;
      }),
    },
  },
  securityGroupsClosed: {
    refused: {
      ...inAll(CLOSED, having),
      'a group of its own': stack => {
        const vpc = vpcOf(stack);
        podOf(stack, { vpc }).addInstanceGroup('workers', nodes({ securityGroups: CLOSED['no rule'](stack, vpc) }));
      },
    },
    told: { 'a rule inwards alone, since the CDK drops the other': ['securityGroups', '["egress"]'] },
    accepted: {
      ...inAll(OPEN, having),
      'the group that is made': on(vpcOf),
      'a type without EFA': having(CLOSED['no rule'], { instances: Instances.ofType({ instanceType: InstanceType.M5_LARGE, count: 1 }) }),
      'interfaces without EFA': having(CLOSED['no rule'], { networkInterfaceType: NetworkInterfaceType.of('ena') }),
    },
  },
  serviceClosed: {
    refused: {
      ...inAll(closedTo('s3'), groups => having(groups, PLAIN)),
      'a group of its own': stack => {
        const vpc = vpcOf(stack);
        podOf(stack, { vpc }).addInstanceGroup('workers', nodes({ securityGroups: closedTo('s3')['a group with rules for its members alone'](stack, vpc) }));
      },
    },
    told: { 'a group with rules for its members alone': ['securityGroups', '["egress of nodes"]'] },
    accepted: {
      ...inAll(openTo('s3'), groups => having(groups, PLAIN)),
      'the group that is made': on(vpcOf),
      'a VPC of SageMaker': stack => { podOf(stack, { vpc: undefined }).addInstanceGroup('workers', nodes()); },
    },
  },
  storageClosed: {
    refused: {
      'a file system that lets nobody in': mounting(() => {}),
      'a file system that lets others in': mounting((stack, files) => {
        files.connections.allowDefaultPortFrom(new ec2.SecurityGroup(stack, 'Others', { vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc1', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] }) }));
      }),
      'a file system that lets nodes in by the port of NFS': mounting((_stack, files, pod) => { files.connections.allowFrom(pod, ec2.Port.tcp(2049)); }),
      'nodes that aren\'t let out': stack => {
        const vpc = vpcOf(stack);
        const closed = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
        const files = lustreIn(stack, vpc);
        files.connections.securityGroups[0].addIngressRule(closed, ec2.Port.tcp(988));
        podOf(stack, { vpc, securityGroups: [closed] }).addInstanceGroup('head', mounts(files));
      },
      'OpenZFS that lets nobody in': stack => {
        const vpc = vpcOf(stack);
        const closed = new ec2.SecurityGroup(stack, 'Files', { vpc });
        const files = new fsx.CfnFileSystem(stack, 'Homes', {
          fileSystemType: 'OPENZFS', subnetIds: [vpc.privateSubnets[0].subnetId], securityGroupIds: [closed.securityGroupId],
        });
        podOf(stack, { vpc }).addInstanceGroup('head', nodes({ slurmNode: SlurmNode.controller(), storage: [InstanceStorage.openZfs({ dnsName: files.attrDnsName })] }));
      },
    },
    told: { 'a file system that lets nobody in': ['storage', '{"988":["ingress of Stack/Files/Resource"]}'] },
    accepted: {
      'a file system that lets the cluster in': mounting((_stack, files, pod) => { files.connections.allowDefaultPortFrom(pod); }),
      'a file system that lets the VPC in': mounting((_stack, files) => { files.connections.allowFrom(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.allTcp()); }),
      'a file system in the group of the nodes': stack => {
        const vpc = vpcOf(stack);
        const [shared] = OPEN['a group with rules beside it'](stack, vpc);
        podOf(stack, { vpc, securityGroups: [shared] }).addInstanceGroup('head', mounts(lustreIn(stack, vpc, shared)));
      },
      'a file system that exists': stack => {
        podOf(stack).addInstanceGroup('head', mounts({ dnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com', mountName: 'fsx' }));
      },
      'a name that is known at deployment': stack => {
        podOf(stack).addInstanceGroup('head', mounts({ dnsName: Token.asString({ 'Fn::ImportValue': 'files' }), mountName: 'fsx' }));
      },
    },
  },
  roleTrust: {
    refused: {
      'a role of EC2': withRole(stack => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })),
      'a role of one group': stack => {
        const executionRole = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('eks.amazonaws.com') });
        podOf(stack).addInstanceGroup('workers', nodes({ executionRole }));
      },
      'a role of SageMaker for Karpenter': scaled([0], {}, stack => AutoScaling.karpenter({
        role: new iam.Role(stack, 'Scaler', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      })),
    },
    told: {
      'a role of EC2': ['executionRole', '{"role":"Stack/Role","service":"sagemaker.amazonaws.com"}'],
      'a role of SageMaker for Karpenter': ['autoScaling.role', '{"role":"Stack/Scaler","service":"hyperpod.sagemaker.amazonaws.com"}'],
    },
    accepted: {
      'a role of SageMaker': withRole(stack => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') })),
      'a role of HyperPod for Karpenter': scaled([0], {}, stack => AutoScaling.karpenter({
        role: new iam.Role(stack, 'Scaler', { assumedBy: new iam.ServicePrincipal('hyperpod.sagemaker.amazonaws.com') }),
      })),
      'a role that exists': withRole(stack => iam.Role.fromRoleArn(stack, 'Role', ROLE)),
      'the roles that are made': scaled([0]),
    },
  },
  imageOfOthers: {
    refused: {
      'Amazon Linux 2023': imaged(stack => ec2.MachineImage.latestAmazonLinux2023().getImage(stack).imageId),
      'an image for nodes of EKS': imaged(() => '{{resolve:ssm:/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/nvidia/recommended/image_id}}'),
    },
    accepted: {
      'an image of HyperPod': imaged(() => '{{resolve:ssm:/aws/service/sagemaker-hyperpod/ami/x86_64/latest/ami-id}}'),
      'a parameter of one\'s own': imaged(stack => ec2.MachineImage.fromSsmParameter('/images/hyperpod').getImage(stack).imageId),
      'an id': imaged(() => 'ami-0123456789abcdef0'),
      'the default image': imaged(() => 'default'),
      'no image': imaged(() => undefined),
    },
  },
} satisfies Record<string, RuleCase>;
