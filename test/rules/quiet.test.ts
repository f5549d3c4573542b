import { App, Duration, Size, Stack, aws_ec2 as ec2, aws_eks as eks, aws_iam as iam, aws_s3 as s3, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import { judge } from './harness';
import { OPEN } from './networks';
import { PurchaseMode, UpfrontFee } from '../../src';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import * as plans from '../../src/training-plans';

const ENV = { account: '111122223333', region: 'us-east-1' };
const P5 = [new ec2.InstanceType('p5.48xlarge')];
const AMI = pcs.NodeImage.fromAmiId('ami-0123456789abcdef0');

const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
const isolated = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', {
  maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const slurm = (stack: Stack, vpc: ec2.IVpc, props: Partial<pcs.ClusterProps> = {}) => new pcs.Cluster(stack, 'Slurm', {
  vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, ...props,
});
const nodes = (options: Partial<pcs.ComputeNodeGroupOptions> = {}): pcs.ComputeNodeGroupOptions => ({
  instanceTypes: P5, image: AMI, scaling: pcs.Scaling.elastic(4), ...options,
});
const pod = (stack: Stack, vpc: ec2.IVpc, props: Partial<hyperpod.ClusterProps> = {}) => new hyperpod.Cluster(stack, 'Pod', {
  vpc, orchestrator: hyperpod.Orchestrator.slurm(), ...props,
});
const workers = (options: Partial<hyperpod.InstanceGroupOptions> = {}): hyperpod.InstanceGroupOptions => ({
  instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 }),
  slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'gpu' }),
  ...options,
});
const head: hyperpod.InstanceGroupOptions = {
  instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_LARGE, count: 1 }),
  slurmNode: hyperpod.SlurmNode.controller(),
};
const purchases = (stack: Stack) => new Stack(stack.node.root as App, 'Purchases', { env: ENV });
const bought = (stack: Stack, target: plans.TargetResource) => new plans.PurchasedTrainingPlan(purchases(stack), 'Plan', {
  trainingPlanName: 'llm',
  offering: plans.Offering.search({
    instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 4, durations: [Duration.days(7)], target,
  }),
  maxUpfrontFee: UpfrontFee.usd('120000.00'),
  mode: PurchaseMode.BUY,
});
const eksOf = (stack: Stack, vpc: ec2.IVpc) => eks.Cluster.fromClusterAttributes(stack, 'Eks', {
  clusterName: 'platform', vpc, clusterSecurityGroupId: 'sg-0123456789abcdef0',
});

/** Apps that are right. Each warning of one would teach people to pass over warnings. */
const APPS: Record<string, (stack: Stack) => void> = {
  'nodes with EFA in the network of the cluster': stack => { slurm(stack, vpcOf(stack)).addComputeNodeGroup('Nodes', nodes()); },
  'nodes with EFA under restrictive traffic': stack => {
    slurm(stack, vpcOf(stack), { traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes());
  },
  ...Object.fromEntries(Object.entries(OPEN).map(([name, groups]) => [`a Slurm cluster with ${name}`, (stack: Stack) => {
    const vpc = vpcOf(stack);
    slurm(stack, vpc, { securityGroups: groups(stack, vpc) }).addComputeNodeGroup('Nodes', nodes());
  }])),
  ...Object.fromEntries(Object.entries(OPEN).map(([name, groups]) => [`a HyperPod cluster with ${name}`, (stack: Stack) => {
    const vpc = vpcOf(stack);
    const cluster = pod(stack, vpc, { securityGroups: groups(stack, vpc) });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  }])),
  'an isolated Slurm cluster with the endpoint': stack => {
    const vpc = isolated(stack);
    vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs') });
    slurm(stack, vpc).addComputeNodeGroup('Nodes', nodes());
  },
  'an isolated HyperPod cluster with a gateway to S3': stack => {
    const vpc = isolated(stack);
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const cluster = pod(stack, vpc);
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  },
  'a HyperPod cluster on a plan that another stack buys': stack => {
    const cluster = pod(stack, vpcOf(stack));
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers({ capacity: hyperpod.Capacity.trainingPlan(bought(stack, plans.TargetResource.HYPERPOD_CLUSTER)) }));
  },
  'a job on a plan that another stack buys': stack => {
    new plans.TrainingJobResources({
      trainingPlan: bought(stack, plans.TargetResource.TRAINING_JOB), instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 4,
    }).render();
  },
  'an endpoint on a plan that another stack buys': stack => {
    const config = new sagemaker.CfnEndpointConfig(stack, 'Config', {
      productionVariants: [{ variantName: 'main', modelName: 'llm', instanceType: 'ml.p5.48xlarge', initialInstanceCount: 4 }],
    });
    config.with(new plans.EndpointTrainingPlan({ trainingPlan: bought(stack, plans.TargetResource.ENDPOINT) }));
  },
  'a HyperPod cluster on an EKS cluster that exists': stack => {
    const vpc = vpcOf(stack);
    pod(stack, vpc, { orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)) }).addInstanceGroup('workers', workers({ slurmNode: undefined }));
  },
  'a HyperPod cluster that Karpenter scales': stack => {
    const vpc = vpcOf(stack);
    pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)),
      autoScaling: hyperpod.AutoScaling.karpenter(),
      nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS,
    }).addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 0 }),
      storage: [hyperpod.InstanceStorage.ebsVolume({ size: Size.gibibytes(500) })],
    });
  },
  'a remediation of a cluster without recovery': stack => {
    const cluster = pod(stack, vpcOf(stack), { nodeRecovery: hyperpod.NodeRecovery.NONE });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
    new hyperpod.NodeRemediation(stack, 'Remediation', { cluster, mode: hyperpod.RemediationMode.REPAIR, controllerGroups: ['head'] });
  },
  'a HyperPod cluster with scripts in a bucket and a role of the app': stack => {
    const cluster = pod(stack, vpcOf(stack), {
      executionRole: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: 'base' }),
    });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  },
};

test.each(Object.entries(APPS))('%s synthesizes without an error or a warning', (_name, program) => {
  const { error, warnings } = judge(program, true);
  expect({ error, warnings: warnings.filter(text => text.includes('cdk-hpc-clusters:')) }).toEqual({ error: undefined, warnings: [] });
});
