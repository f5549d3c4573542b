import { App, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import { pcs } from 'cdk-hpc-clusters';

/** The Capacity Block that the group has bought in EC2. Put your own here. */
const BLOCK = { capacityReservationId: 'cr-0123456789abcdef0', instanceCount: 2, availabilityZone: 'us-east-1a' };

const app = new App();
const stack = new Stack(app, 'ResearchGroup', { env: { region: 'us-east-1' } });
Tags.of(stack).add('project', 'weather'); // reaches cluster, nodes and volumes, and so the budget

const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: [BLOCK.availabilityZone], natGateways: 1 }); // all of it in the zone of the block
const removalPolicy = RemovalPolicy.DESTROY; // an example cleans up: keep the files of people
const homes = new efs.FileSystem(stack, 'Homes', { vpc, encrypted: true, removalPolicy });
const lustreConfiguration = { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 };
const scratch = new fsx.LustreFileSystem(stack, 'Scratch', {
  vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration, removalPolicy,
});

const slurm = new pcs.Cluster(stack, 'Slurm', {
  vpc,
  size: pcs.ClusterSize.SMALL,
  schedulerVersion: pcs.SlurmVersion.V25_11,
  accounting: pcs.Accounting.standard(),
  storage: [pcs.NodeStorage.efsHomes(homes), pcs.NodeStorage.lustre(scratch, { mountPath: '/scratch', directoryMode: '1777' })],
});
const image = pcs.NodeImage.pcsReadyDlami();
const login = slurm.addLoginNodeGroup('Login', { instanceType: new ec2.InstanceType('m7i.xlarge'), image });
const spot = slurm.addComputeNodeGroup('Spot', {
  instanceTypes: ['c7i.8xlarge', 'm7i.8xlarge', 'r7i.8xlarge'].map(name => new ec2.InstanceType(name)),
  purchaseOption: pcs.PurchaseOption.spot(),
  image,
  scaling: pcs.Scaling.elastic(16),
});
const gpus = slurm.addComputeNodeGroup('Gpus', {
  instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
  purchaseOption: pcs.PurchaseOption.capacityBlock(BLOCK),
  image,
  scaling: pcs.Scaling.fixed(BLOCK.instanceCount),
});
slurm.addQueue('SpotQueue', { queueName: 'spot', computeNodeGroups: [spot], isDefault: true });
slurm.addQueue('GpuQueue', { queueName: 'gpu', computeNodeGroups: [gpus] });

slurm.addLogDelivery('Log', { logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs({ removalPolicy }) });
slurm.metricIdleCapacity().createAlarm(stack, 'Idle', { threshold: 4, evaluationPeriods: 12 });
new budgets.CfnBudget(stack, 'Budget', {
  budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: 5000, unit: 'USD' }, costFilters: { TagKeyValue: ['user:project$weather'] } },
  notificationsWithSubscribers: [{
    notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold: 80 },
    subscribers: [{ subscriptionType: 'EMAIL', address: 'pi@example.com' }],
  }],
});
new CfnOutput(stack, 'ClusterId', { value: slurm.clusterId });
new CfnOutput(stack, 'LoginNodeGroupId', { value: login.computeNodeGroupId });
app.synth();
