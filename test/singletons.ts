import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as library from '../src';

type Library = typeof library;

const PLACE = { account: '111122223333', region: 'us-east-1' };
const SLURM = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';
const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

type Maker = (from: Library, stack: Stack, id: string) => void;

const purchase = (mode: 'BUY' | 'DRY_RUN'): Maker => ({ training_plans: plans, PurchaseMode, UpfrontFee }, stack, id) => {
  new plans.PurchasedTrainingPlan(stack, id, {
    ...PLACE,
    trainingPlanName: id,
    offering: plans.Offering.search({
      instanceType: plans.PlanInstanceType.P5_48XLARGE,
      instanceCount: 4,
      durations: [Duration.days(7)],
      target: plans.TargetResource.HYPERPOD_CLUSTER,
    }),
    maxUpfrontFee: UpfrontFee.usd('120000.00'),
    mode: PurchaseMode[mode],
  });
};

const existingCluster = (pcs: Library['pcs'], stack: Stack, id: string) => pcs.Cluster.fromClusterAttributes(stack, `${id}Cluster`, {
  clusterArn: SLURM,
  vpc: ec2.Vpc.fromVpcAttributes(stack, `${id}Network`, {
    vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1111111111111111a'], privateSubnetRouteTableIds: ['rtb-1111111111111111a'],
  }),
});

/** What a stack has once, by the id of its construct, and a construct of the library that brings it along. */
export const SINGLETONS: Record<string, Maker> = {
  'CdkHpcClustersTrainingPlansLookup': ({ training_plans: plans }, stack, id) => {
    new plans.TrainingPlanLookup(stack, id, { trainingPlan: plans.TrainingPlanSelector.byName('llm') });
  },
  'CdkHpcClustersTrainingPlansOfferingSearch': purchase('DRY_RUN'),
  'CdkHpcClustersTrainingPlansPurchase': purchase('BUY'),
  'CdkHpcClustersTrainingPlansExtension': ({ training_plans: plans, PurchaseMode, UpfrontFee }, stack, id) => {
    new plans.TrainingPlanExtension(stack, id, {
      ...PLACE,
      trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, `${id}Plan`, id),
      extendTo: '2027-01-29T11:30:00Z',
      maxUpfrontFee: UpfrontFee.usd('50000.00'),
      mode: PurchaseMode.BUY,
    });
  },
  'CdkHpcClustersTrainingPlansWatch': ({ training_plans: plans }, stack, id) => {
    new plans.TrainingPlanWatch(stack, id, { trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, `${id}Plan`, 'llm') });
  },
  'TrainingPlanLookup:llm': ({ training_plans: plans }, stack) => { plans.TrainingPlanLookup.forName(stack, 'llm'); },
  'CdkHpcClustersHyperPodLookup': ({ hyperpod }, stack, id) => { new hyperpod.ClusterLookup(stack, id, { clusterName: 'pod' }); },
  'CdkHpcClustersHyperPodNodeOperations': ({ hyperpod }, stack, id) => {
    hyperpod.NodeRepair.reboot(stack, id, {
      cluster: hyperpod.Cluster.fromClusterArn(stack, `${id}Cluster`, CLUSTER), nodes: hyperpod.NodeList.fromJsonPathAt('$.nodes'),
    });
  },
  'CdkHpcClustersHyperPodComputeQuota': ({ hyperpod }, stack, id) => {
    new hyperpod.ComputeQuota(stack, id, {
      cluster: hyperpod.Cluster.fromClusterArn(stack, `${id}Cluster`, CLUSTER),
      team: hyperpod.Team.of(id.toLowerCase()),
      resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 })],
      provisioning: hyperpod.QuotaProvisioning.API,
    });
  },
  'CdkHpcClustersCapacityBlocksLookup': ({ capacity_blocks: blocks }, stack, id) => {
    new blocks.CapacityBlockLookup(stack, id, { block: blocks.CapacityBlockSelector.byPurchaseName('llm') });
  },
  'CdkHpcClustersPcsLookup': ({ pcs }, stack, id) => { new pcs.ClusterLookup(stack, id, { clusterIdentifier: 'slurm' }); },
  'CdkHpcClustersPcsAccountingbf12b997': ({ pcs }, stack, id) => { new pcs.SlurmAccount(stack, id, { cluster: existingCluster(pcs, stack, id), accountName: id.toLowerCase() }); },
  'CdkHpcClustersPcsUsageWatchbf12b997': ({ pcs }, stack, id) => {
    new pcs.AccountUsageWatch(stack, id, {
      cluster: existingCluster(pcs, stack, id), accounts: [pcs.SlurmAccount.fromAccountName(stack, `${id}Account`, 'lab')], budgetAlarms: false,
    });
  },
  'CdkHpcClustersPcsTokenKeybf12b997': ({ pcs }, stack, id) => { new pcs.SlurmQos(stack, id, { cluster: existingCluster(pcs, stack, id), qosName: id.toLowerCase() }); },
  'cdk-hpc-clusters:SpotServiceLinkedRole': ({ pcs }, stack, id) => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, `${id}Vpc`, {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1111111111111111a'], privateSubnetRouteTableIds: ['rtb-1111111111111111a'],
    });
    new pcs.Cluster(stack, id, { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 }).addComputeNodeGroup('Nodes', {
      image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'),
      instanceTypes: [ec2.InstanceType.of(ec2.InstanceClass.C7I, ec2.InstanceSize.LARGE)],
      scaling: pcs.Scaling.fixed(1),
      purchaseOption: pcs.PurchaseOption.spot({ createServiceLinkedRole: true }),
    });
  },
};
