import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { hyperpod } from 'cdk-hpc-clusters';

/** What the cluster has, and how it is shared. */
export interface FourTeamsStackProps extends StackProps {
  /** The cluster that the teams share. */
  readonly clusterArn: string;

  /** How many P5 instances have their GPUs cut into partitions: each GPU into 4g.40gb, 2g.20gb and 1g.10gb. */
  readonly partitionedInstances: number;
}

/** Six P5en instances, two P5 instances with whole GPUs and some with partitions, promised to four teams to the last GPU. */
export class FourTeamsStack extends Stack {
  constructor(scope: Construct, id: string, props: FourTeamsStackProps) {
    super(scope, id, props);

    const { P5_48XLARGE, P5EN_48XLARGE } = hyperpod.InstanceType;
    const { MIG_1G_10GB, MIG_2G_20GB, MIG_4G_40GB } = hyperpod.PartitionProfile;

    // One of each profile per GPU, eight GPUs per node. The nodes have this layout's `nodeLabels`.
    const layout = hyperpod.PartitionLayout.mixed([
      { profile: MIG_4G_40GB, count: 1 },
      { profile: MIG_2G_20GB, count: 1 },
      { profile: MIG_1G_10GB, count: 1 },
    ]);

    // The groups are described, so synthesis adds the quotas up and refuses what the cluster doesn't have.
    const cluster = hyperpod.Cluster.fromClusterAttributes(this, 'Cluster', {
      clusterArn: props.clusterArn,
      instanceGroups: [
        { instanceType: P5EN_48XLARGE, instanceCount: 6 },
        { instanceType: P5_48XLARGE, instanceCount: 2 },
        { instanceType: P5_48XLARGE, instanceCount: props.partitionedInstances, partitions: layout },
      ],
    });

    new hyperpod.ClusterSchedulerConfig(this, 'Policy', {
      cluster,
      priorityClasses: [
        { name: 'inference', weight: 100 },
        { name: 'training', weight: 70 },
        { name: 'experiment', weight: 10 },
      ],
    });

    // Whole instances, lent to others while idle.
    new hyperpod.ComputeQuota(this, 'Pretraining', {
      cluster,
      team: hyperpod.Team.of('pretraining'),
      fairShareWeight: 50,
      resources: [hyperpod.QuotaResource.instances({ instanceType: P5EN_48XLARGE, count: 4 })],
      sharing: hyperpod.ResourceSharing.lend(),
    });

    // The other P5en instances, and ten of sixteen whole H100 GPUs.
    new hyperpod.ComputeQuota(this, 'Research', {
      cluster,
      team: hyperpod.Team.of('research'),
      fairShareWeight: 30,
      resources: [
        hyperpod.QuotaResource.instances({ instanceType: P5EN_48XLARGE, count: 2 }),
        hyperpod.QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 10 }),
      ],
      sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: 100 }),
    });

    // The remaining whole GPUs, and the large partitions. Models in service are never stopped for others of the team.
    new hyperpod.ComputeQuota(this, 'Serving', {
      cluster,
      team: hyperpod.Team.of('serving'),
      fairShareWeight: 20,
      resources: [
        hyperpod.QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 6 }),
        hyperpod.QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_4G_40GB, count: 16 }),
      ],
      sharing: hyperpod.ResourceSharing.dontLend(),
      preemptTeamTasks: hyperpod.PreemptTeamTasks.NEVER,
    });

    // The small partitions, for notebooks and tests, and at most four large ones more when others are idle.
    new hyperpod.ComputeQuota(this, 'Development', {
      cluster,
      team: hyperpod.Team.of('development'),
      fairShareWeight: 10,
      resources: [
        hyperpod.QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_2G_20GB, count: 16 }),
        hyperpod.QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_1G_10GB, count: 16 }),
      ],
      sharing: hyperpod.ResourceSharing.lendAndBorrow({
        absoluteBorrowLimits: [hyperpod.QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_4G_40GB, count: 4 })],
      }),
    });
  }
}
