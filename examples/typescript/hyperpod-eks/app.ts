import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { hyperpod, training_plans } from 'cdk-hpc-clusters';

/** The platform that the HyperPod cluster is built on: an EKS cluster with the HyperPod Helm chart in it. Put your own here. */
const EKS_CLUSTER = 'ml-platform';
const VPC_ID = 'vpc-0a1b2c3d4e5f60718';
const SUBNET_ID = 'subnet-0a1b2c3d4e5f60718';
const ROUTE_TABLE_ID = 'rtb-0a1b2c3d4e5f60718';
const ZONE = 'us-east-1a';
const SCRIPTS_BUCKET = 'ml-platform-lifecycle-scripts';

/** Its members may do everything among themselves, both in and out, and the control plane of EKS is one of them. */
const SECURITY_GROUP_ID = 'sg-0a1b2c3d4e5f60718';

/** Training plans for HyperPod clusters in that zone, bought before: eight instances, and four. */
const PRETRAINING_PLAN = 'llm-2026-q1';
const SHARED_PLAN = 'llm-2026-q1-shared';

const { P5_48XLARGE, M5_2XLARGE } = hyperpod.InstanceType;
const { MIG_1G_10GB, MIG_2G_20GB, MIG_3G_40GB, MIG_4G_40GB } = hyperpod.PartitionProfile;

/** Twelve P5 instances of two training plans, shared by four teams to the last partition. */
class HyperPodEksStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: VPC_ID, availabilityZones: [ZONE], privateSubnetIds: [SUBNET_ID], privateSubnetRouteTableIds: [ROUTE_TABLE_ID],
    });
    const eksCluster = eks.Cluster.fromClusterAttributes(this, 'Eks', { clusterName: EKS_CLUSTER });

    const pod = new hyperpod.Cluster(this, 'Pod', {
      orchestrator: hyperpod.Orchestrator.eks(eksCluster),
      vpc,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', SECURITY_GROUP_ID)],
      nodeRecovery: hyperpod.NodeRecovery.AUTOMATIC,
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({
        bucket: s3.Bucket.fromBucketName(this, 'Scripts', SCRIPTS_BUCKET), prefix: 'eks/v1',
      }),
    });

    // System pods run here, so that GPUs are left to jobs.
    pod.addInstanceGroup('system', { instances: hyperpod.Instances.ofType({ instanceType: M5_2XLARGE, count: 2 }) });

    // Whole GPUs. New instances pass a stress test before they take work, since one bad GPU stops a job of all of them.
    const deepHealthChecks = [hyperpod.DeepHealthCheck.INSTANCE_STRESS, hyperpod.DeepHealthCheck.INSTANCE_CONNECTIVITY];
    pod.addInstanceGroup('pretraining', {
      instances: hyperpod.Instances.ofType({ instanceType: P5_48XLARGE, count: 8 }),
      capacity: hyperpod.Capacity.trainingPlan(
        training_plans.TrainingPlan.fromTrainingPlanName(this, 'PretrainingPlan', PRETRAINING_PLAN)),
      deepHealthChecks,
    });

    // GPUs cut in halves, and GPUs cut into a small, a medium and a large partition.
    const shared = hyperpod.Capacity.trainingPlan(training_plans.TrainingPlan.fromTrainingPlanName(this, 'SharedPlan', SHARED_PLAN));
    pod.addInstanceGroup('halves', {
      instances: hyperpod.Instances.ofType({ instanceType: P5_48XLARGE, count: 2 }),
      capacity: shared,
      deepHealthChecks,
      partitions: hyperpod.PartitionLayout.uniform(MIG_3G_40GB),
    });
    pod.addInstanceGroup('mixed', {
      instances: hyperpod.Instances.ofType({ instanceType: P5_48XLARGE, count: 2 }),
      capacity: shared,
      deepHealthChecks,
      partitions: hyperpod.PartitionLayout.mixed([
        { profile: MIG_1G_10GB, count: 1 }, { profile: MIG_2G_20GB, count: 1 }, { profile: MIG_4G_40GB, count: 1 },
      ]),
    });

    // Quotas need the add-on, and the add-on needs nodes.
    const taskGovernance = new hyperpod.TaskGovernanceAddon(this, 'TaskGovernance', { eksCluster, cluster: pod });
    pod.addClusterSchedulerConfig('Policy', {
      taskGovernance,
      priorityClasses: [{ name: 'inference', weight: 100 }, { name: 'training', weight: 70 }, { name: 'experiment', weight: 10 }],
      fairShare: true,
    });

    const partitions = (profile: hyperpod.PartitionProfile, count: number) =>
      hyperpod.QuotaResource.partitions({ instanceType: P5_48XLARGE, profile, count });
    pod.addComputeQuota('Pretraining', {
      taskGovernance,
      team: hyperpod.Team.of('pretraining'),
      fairShareWeight: 60,
      resources: [hyperpod.QuotaResource.instances({ instanceType: P5_48XLARGE, count: 6 })],
      sharing: hyperpod.ResourceSharing.lend(),
    });
    pod.addComputeQuota('Research', {
      taskGovernance,
      team: hyperpod.Team.of('research'),
      fairShareWeight: 20,
      resources: [hyperpod.QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 16 })],
      sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: 200 }),
    });
    pod.addComputeQuota('Serving', {
      taskGovernance,
      team: hyperpod.Team.of('serving'),
      fairShareWeight: 10,
      resources: [partitions(MIG_3G_40GB, 32), partitions(MIG_4G_40GB, 16)],
      sharing: hyperpod.ResourceSharing.dontLend(),
    });
    pod.addComputeQuota('Notebooks', {
      taskGovernance,
      team: hyperpod.Team.of('notebooks'),
      fairShareWeight: 10,
      resources: [partitions(MIG_1G_10GB, 16), partitions(MIG_2G_20GB, 16)],
      sharing: hyperpod.ResourceSharing.lendAndBorrow(),
    });

    new CfnOutput(this, 'ClusterArn', { value: pod.clusterArn });
    Tags.of(this).add('project', 'llm');
  }
}

const app = new App();
new HyperPodEksStack(app, 'HyperPodEks', { env: { region: 'us-east-1' } });
app.synth();
