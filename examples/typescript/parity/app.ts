import { App, CfnOutput, Duration, Stack, Token } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { OfferingSelection, PurchaseMode, UpfrontFee, hyperpod, pcs, training_plans } from 'cdk-hpc-clusters';

/** The same stack as in examples/python, examples/java and examples/go: a bit of everything. */
class ParityStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // Slurm: a login node, and P5 nodes from a capacity block.
    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });
    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.MEDIUM,
      schedulerVersion: pcs.SlurmVersion.V25_11,
      accounting: pcs.Accounting.standard({ retention: Duration.days(365) }),
    });
    slurm.addComputeNodeGroup('Login', {
      instanceTypes: [new ec2.InstanceType('c7i.xlarge')],
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.fixed(1),
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });
    const h100 = slurm.addComputeNodeGroup('H100', {
      instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
      purchaseOption: pcs.PurchaseOption.capacityBlock({
        capacityReservationId: 'cr-0123456789abcdef0',
        instanceCount: 4,
        availabilityZone: 'us-east-1a',
      }),
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.fixed(4),
    });
    slurm.addQueue('Gpu', { queueName: 'gpu', computeNodeGroups: [h100], isDefault: true });

    // HyperPod: two teams share P5 instances, one of them in partitions of a GPU.
    const pod = hyperpod.Cluster.fromClusterArn(this, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl');
    new hyperpod.ComputeQuota(this, 'Pretraining', {
      cluster: pod,
      team: hyperpod.Team.of('pretraining'),
      fairShareWeight: 60,
      resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 2 })],
      sharing: hyperpod.ResourceSharing.lend(),
    });
    new hyperpod.ComputeQuota(this, 'Research', {
      cluster: pod,
      team: hyperpod.Team.of('research'),
      fairShareWeight: 40,
      resources: [hyperpod.QuotaResource.partitions({
        instanceType: hyperpod.InstanceType.P5_48XLARGE,
        profile: hyperpod.PartitionProfile.MIG_3G_40GB,
        count: 32,
      })],
      sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: 100 }),
    });

    // A training plan, read at deployment.
    const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
      trainingPlan: training_plans.TrainingPlanSelector.byName('llm-2026-q1'),
    });
    new CfnOutput(this, 'PlanStatus', { value: plan.status });
    new CfnOutput(this, 'PlanInstances', { value: Token.asString(plan.totalInstanceCount) });

    // What a purchase would buy, reported at deployment. Nothing is bought.
    const dryRun = new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
      trainingPlanName: 'llm-2026-q2',
      offering: training_plans.Offering.search({
        instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
        instanceCount: 4,
        durations: [Duration.days(14)],
        startAfter: '2026-12-01T00:00:00Z',
        endBefore: '2027-01-15T00:00:00Z',
        target: training_plans.TargetResource.HYPERPOD_CLUSTER,
        selection: OfferingSelection.LOWEST_FEE,
      }),
      maxUpfrontFee: UpfrontFee.usd('120000.00'),
      mode: PurchaseMode.DRY_RUN,
    });
    new CfnOutput(this, 'WouldBuy', { value: dryRun.notice });
  }
}

const app = new App({ analyticsReporting: false }); // what it reports names the language
new ParityStack(app, 'Parity', { env: { account: '111122223333', region: 'us-east-1' } });
app.synth();
