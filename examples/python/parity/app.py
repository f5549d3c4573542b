"""The same stack as in examples/typescript/parity: a bit of everything."""

from aws_cdk import App, CfnOutput, Duration, Environment, Stack, Token
from aws_cdk import aws_ec2 as ec2
from cdk_hpc_clusters import OfferingSelection, PurchaseMode, UpfrontFee, hyperpod, pcs, training_plans
from constructs import Construct


class ParityStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        # Slurm: a login node, and P5 nodes from a capacity block.
        vpc = ec2.Vpc(self, "Vpc", availability_zones=["us-east-1a", "us-east-1b"], nat_gateways=1)
        slurm = pcs.Cluster(
            self,
            "Slurm",
            vpc=vpc,
            size=pcs.ClusterSize.MEDIUM,
            scheduler_version=pcs.SlurmVersion.V25_11,
            accounting=pcs.Accounting.standard(retention=Duration.days(365)),
        )
        slurm.add_compute_node_group(
            "Login",
            instance_types=[ec2.InstanceType("c7i.xlarge")],
            image=pcs.NodeImage.pcs_ready_dlami(),
            scaling=pcs.Scaling.fixed(1),
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        )
        h100 = slurm.add_compute_node_group(
            "H100",
            instance_types=[ec2.InstanceType("p5.48xlarge")],
            purchase_option=pcs.PurchaseOption.capacity_block(
                capacity_reservation_id="cr-0123456789abcdef0",
                instance_count=4,
                availability_zone="us-east-1a",
            ),
            image=pcs.NodeImage.pcs_ready_dlami(),
            scaling=pcs.Scaling.fixed(4),
        )
        slurm.add_queue("Gpu", queue_name="gpu", compute_node_groups=[h100], is_default=True)

        # HyperPod: two teams share P5 instances, one of them in partitions of a GPU.
        pod = hyperpod.Cluster.from_cluster_arn(
            self, "Pod", "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl"
        )
        hyperpod.ComputeQuota(
            self,
            "Pretraining",
            cluster=pod,
            team=hyperpod.Team.of("pretraining"),
            fair_share_weight=60,
            resources=[
                hyperpod.QuotaResource.instances(
                    instance_type=hyperpod.InstanceType.P5_48_XLARGE, count=2
                )
            ],
            sharing=hyperpod.ResourceSharing.lend(),
        )
        hyperpod.ComputeQuota(
            self,
            "Research",
            cluster=pod,
            team=hyperpod.Team.of("research"),
            fair_share_weight=40,
            resources=[
                hyperpod.QuotaResource.partitions(
                    instance_type=hyperpod.InstanceType.P5_48_XLARGE,
                    profile=hyperpod.PartitionProfile.MIG_3_G_40_GB,
                    count=32,
                )
            ],
            sharing=hyperpod.ResourceSharing.lend_and_borrow(max_borrow_percent=100),
        )

        # A training plan, read at deployment.
        plan = training_plans.TrainingPlanLookup(
            self, "Plan", training_plan=training_plans.TrainingPlanSelector.by_name("llm-2026-q1")
        )
        CfnOutput(self, "PlanStatus", value=plan.status)
        CfnOutput(self, "PlanInstances", value=Token.as_string(plan.total_instance_count))

        # What a purchase would buy, reported at deployment. Nothing is bought.
        dry_run = training_plans.PurchasedTrainingPlan(
            self,
            "Reserve",
            training_plan_name="llm-2026-q2",
            offering=training_plans.Offering.search(
                instance_type=training_plans.PlanInstanceType.P5_48_XLARGE,
                instance_count=4,
                durations=[Duration.days(14)],
                start_after="2026-12-01T00:00:00Z",
                end_before="2027-01-15T00:00:00Z",
                target=training_plans.TargetResource.HYPERPOD_CLUSTER,
                selection=OfferingSelection.LOWEST_FEE,
            ),
            max_upfront_fee=UpfrontFee.usd("120000.00"),
            mode=PurchaseMode.DRY_RUN,
        )
        CfnOutput(self, "WouldBuy", value=dry_run.notice)


app = App(analytics_reporting=False)  # what it reports names the language
ParityStack(app, "Parity", env=Environment(account="111122223333", region="us-east-1"))
app.synth()
