import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { hyperpod, training_plans } from 'cdk-hpc-clusters';

/** The HyperPod cluster that the teams share, and the training plan that its nodes come from. Put your own here. */
const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl';
const TRAINING_PLAN = 'llm-2026-q1';

/** Five P5 instances, shared: two whole ones for training, and the GPUs of three cut into partitions. */
class TeamQuotasStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const cluster = hyperpod.Cluster.fromClusterArn(this, 'Cluster', CLUSTER_ARN);

    // Whole instances, lent to others while idle.
    new hyperpod.ComputeQuota(this, 'Pretraining', {
      cluster,
      team: hyperpod.Team.of('pretraining'),
      fairShareWeight: 60,
      resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 2 })],
      sharing: hyperpod.ResourceSharing.lend(),
    });

    // Half a GPU at a time: 3 of 7 compute slices, 40 GB each, and as much again when others are idle.
    new hyperpod.ComputeQuota(this, 'Research', {
      cluster,
      team: hyperpod.Team.of('research'),
      fairShareWeight: 30,
      resources: [hyperpod.QuotaResource.partitions({
        instanceType: hyperpod.InstanceType.P5_48XLARGE,
        profile: hyperpod.PartitionProfile.MIG_3G_40GB,
        count: 32,
      })],
      sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: 100 }),
    });

    // Notebooks: a seventh of a GPU each.
    new hyperpod.ComputeQuota(this, 'Notebooks', {
      cluster,
      team: hyperpod.Team.of('notebooks'),
      fairShareWeight: 10,
      resources: [hyperpod.QuotaResource.partitions({
        instanceType: hyperpod.InstanceType.P5_48XLARGE,
        profile: hyperpod.PartitionProfile.MIG_1G_10GB,
        count: 56,
      })],
      sharing: hyperpod.ResourceSharing.dontLend(),
    });

    // Read from SageMaker while deploying: nothing is bought.
    const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(TRAINING_PLAN),
    });
    new CfnOutput(this, 'PlanStatus', { value: plan.status });
    new CfnOutput(this, 'PlanZone', { value: plan.availabilityZone });
    new CfnOutput(this, 'PlanEnd', { value: plan.endTime });

    Tags.of(this).add('project', 'llm');
  }
}

const app = new App();
new TeamQuotasStack(app, 'TeamQuotas', { env: { region: 'us-east-1' } });
app.synth();
