package parity;

import java.util.List;

import io.github.cdkhpcclusters.OfferingSelection;
import io.github.cdkhpcclusters.PurchaseMode;
import io.github.cdkhpcclusters.UpfrontFee;
import io.github.cdkhpcclusters.hyperpod.BorrowOptions;
import io.github.cdkhpcclusters.hyperpod.ComputeQuota;
import io.github.cdkhpcclusters.hyperpod.ICluster;
import io.github.cdkhpcclusters.hyperpod.InstanceAmount;
import io.github.cdkhpcclusters.hyperpod.PartitionAmount;
import io.github.cdkhpcclusters.hyperpod.PartitionProfile;
import io.github.cdkhpcclusters.hyperpod.QuotaResource;
import io.github.cdkhpcclusters.hyperpod.ResourceSharing;
import io.github.cdkhpcclusters.hyperpod.Team;
import io.github.cdkhpcclusters.pcs.Accounting;
import io.github.cdkhpcclusters.pcs.AccountingOptions;
import io.github.cdkhpcclusters.pcs.CapacityBlockPurchaseOptions;
import io.github.cdkhpcclusters.pcs.Cluster;
import io.github.cdkhpcclusters.pcs.ClusterSize;
import io.github.cdkhpcclusters.pcs.ComputeNodeGroup;
import io.github.cdkhpcclusters.pcs.ComputeNodeGroupOptions;
import io.github.cdkhpcclusters.pcs.NodeImage;
import io.github.cdkhpcclusters.pcs.PurchaseOption;
import io.github.cdkhpcclusters.pcs.QueueOptions;
import io.github.cdkhpcclusters.pcs.Scaling;
import io.github.cdkhpcclusters.pcs.SlurmVersion;
import io.github.cdkhpcclusters.trainingplans.InstanceOfferingCriteria;
import io.github.cdkhpcclusters.trainingplans.Offering;
import io.github.cdkhpcclusters.trainingplans.PlanInstanceType;
import io.github.cdkhpcclusters.trainingplans.PurchasedTrainingPlan;
import io.github.cdkhpcclusters.trainingplans.TargetResource;
import io.github.cdkhpcclusters.trainingplans.TrainingPlanLookup;
import io.github.cdkhpcclusters.trainingplans.TrainingPlanSelector;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.constructs.Construct;

/** The same stack as in examples/typescript/parity: a bit of everything. */
public final class ParityApp {

    private static final class ParityStack extends Stack {
        ParityStack(final Construct scope, final String id, final StackProps props) {
            super(scope, id, props);

            // Slurm: a login node, and P5 nodes from a capacity block.
            final Vpc vpc = Vpc.Builder.create(this, "Vpc")
                    .availabilityZones(List.of("us-east-1a", "us-east-1b"))
                    .natGateways(1)
                    .build();
            final Cluster slurm = Cluster.Builder.create(this, "Slurm")
                    .vpc(vpc)
                    .size(ClusterSize.MEDIUM)
                    .schedulerVersion(SlurmVersion.V25_11)
                    .accounting(Accounting.standard(AccountingOptions.builder().retention(Duration.days(365)).build()))
                    .build();
            slurm.addComputeNodeGroup("Login", ComputeNodeGroupOptions.builder()
                    .instanceTypes(List.of(new InstanceType("c7i.xlarge")))
                    .image(NodeImage.pcsReadyDlami())
                    .scaling(Scaling.fixed(1))
                    .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build())
                    .build());
            final ComputeNodeGroup h100 = slurm.addComputeNodeGroup("H100", ComputeNodeGroupOptions.builder()
                    .instanceTypes(List.of(new InstanceType("p5.48xlarge")))
                    .purchaseOption(PurchaseOption.capacityBlock(CapacityBlockPurchaseOptions.builder()
                            .capacityReservationId("cr-0123456789abcdef0")
                            .instanceCount(4)
                            .availabilityZone("us-east-1a")
                            .build()))
                    .image(NodeImage.pcsReadyDlami())
                    .scaling(Scaling.fixed(4))
                    .build());
            slurm.addQueue("Gpu", QueueOptions.builder()
                    .queueName("gpu")
                    .computeNodeGroups(List.of(h100))
                    .isDefault(true)
                    .build());

            // HyperPod: two teams share P5 instances, one of them in partitions of a GPU.
            final ICluster pod = io.github.cdkhpcclusters.hyperpod.Cluster.fromClusterArn(this, "Pod",
                    "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl");
            ComputeQuota.Builder.create(this, "Pretraining")
                    .cluster(pod)
                    .team(Team.of("pretraining"))
                    .fairShareWeight(60)
                    .resources(List.of(QuotaResource.instances(InstanceAmount.builder()
                            .instanceType(io.github.cdkhpcclusters.hyperpod.InstanceType.P5_48_XLARGE)
                            .count(2)
                            .build())))
                    .sharing(ResourceSharing.lend())
                    .build();
            ComputeQuota.Builder.create(this, "Research")
                    .cluster(pod)
                    .team(Team.of("research"))
                    .fairShareWeight(40)
                    .resources(List.of(QuotaResource.partitions(PartitionAmount.builder()
                            .instanceType(io.github.cdkhpcclusters.hyperpod.InstanceType.P5_48_XLARGE)
                            .profile(PartitionProfile.MIG_3_G_40_GB)
                            .count(32)
                            .build())))
                    .sharing(ResourceSharing.lendAndBorrow(BorrowOptions.builder().maxBorrowPercent(100).build()))
                    .build();

            // A training plan, read at deployment.
            final TrainingPlanLookup plan = TrainingPlanLookup.Builder.create(this, "Plan")
                    .trainingPlan(TrainingPlanSelector.byName("llm-2026-q1"))
                    .build();
            CfnOutput.Builder.create(this, "PlanStatus").value(plan.getStatus()).build();
            CfnOutput.Builder.create(this, "PlanInstances").value(Token.asString(plan.getTotalInstanceCount())).build();

            // What a purchase would buy, reported at deployment. Nothing is bought.
            final PurchasedTrainingPlan dryRun = PurchasedTrainingPlan.Builder.create(this, "Reserve")
                    .trainingPlanName("llm-2026-q2")
                    .offering(Offering.search(InstanceOfferingCriteria.builder()
                            .instanceType(PlanInstanceType.P5_48_XLARGE)
                            .instanceCount(4)
                            .durations(List.of(Duration.days(14)))
                            .startAfter("2026-12-01T00:00:00Z")
                            .endBefore("2027-01-15T00:00:00Z")
                            .target(TargetResource.HYPERPOD_CLUSTER)
                            .selection(OfferingSelection.LOWEST_FEE)
                            .build()))
                    .maxUpfrontFee(UpfrontFee.usd("120000.00"))
                    .mode(PurchaseMode.DRY_RUN)
                    .build();
            CfnOutput.Builder.create(this, "WouldBuy").value(dryRun.getNotice()).build();
        }
    }

    /** Synthesizes the app. */
    public static void main(final String[] args) {
        final App app = App.Builder.create().analyticsReporting(false).build(); // what it reports names the language
        new ParityStack(app, "Parity", StackProps.builder()
                .env(Environment.builder().account("111122223333").region("us-east-1").build())
                .build());
        app.synth();
    }

    private ParityApp() { }
}
