"""The same stack as in examples/typescript/slurm-teams: a Slurm cluster that two teams share, each with a budget."""

from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, Environment, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from cdk_hpc_clusters import pcs
from constructs import Construct


class SlurmTeamsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        vpc = ec2.Vpc(self, "Vpc", availability_zones=["us-east-1a", "us-east-1b"], nat_gateways=1)
        slurm = pcs.Cluster(
            self,
            "Slurm",
            vpc=vpc,
            size=pcs.ClusterSize.SMALL,
            scheduler_version=pcs.SlurmVersion.V25_11,
            accounting=pcs.Accounting.standard(retention=Duration.days(365)),
            slurm_rest=pcs.SlurmRest.STANDARD,
            slurm_settings=pcs.ClusterSlurmSettings(
                preempt_mode=["REQUEUE"], custom={"PreemptType": "preempt/qos"}
            ),
        )

        # Interactive jobs are short and small, and others give way to them.
        batch = slurm.add_qos("Batch", preempt_mode=pcs.SlurmQosPreemptMode.REQUEUE)
        interactive = slurm.add_qos(
            "Interactive",
            priority=100,
            preempts=[batch],
            limits=pcs.SlurmQosLimits(max_wall=Duration.hours(4), max_tres_per_user={"gres/gpu": 2}),
        )

        # The lab has a budget, and each team a part of it.
        lab = slurm.add_account(
            "Lab",
            budget=pcs.GpuBudget.monthly(gpu_hours=6000),
            qos=[batch, interactive],
            default_qos=batch,
        )
        research = slurm.add_account(
            "Research",
            parent=lab,
            users=pcs.AccountUsers.of("alice", "bob"),
            budget=pcs.GpuBudget.monthly(gpu_hours=5000),
            fair_share_weight=80,
            limits=pcs.SlurmAccountLimits(grp_tres={"gres/gpu": 32}),
        )
        teaching = slurm.add_account(
            "Teaching",
            parent=lab,
            users=pcs.AccountUsers.from_asset(str(Path(__file__).parent / "teaching.csv")),
            budget=pcs.GpuBudget.monthly(gpu_hours=500),
            fair_share_weight=20,
        )

        # Who pays is told before a budget is used up.
        usage = pcs.AccountUsageWatch(
            self,
            "Usage",
            cluster=slurm,
            accounts=[lab, research, teaching],
            budget_percents=[80, 100],
            topic=sns.Topic(self, "Budgets"),
        )
        pcs.CapacityDashboard(
            self,
            "Capacity",
            cluster=slurm,
            usage_watch=usage,
            missing_alarm=False,
            idle_alarm=False,
        )

        CfnOutput(self, "ClusterId", value=slurm.cluster_id)
        CfnOutput(self, "ResearchChanges", value=research.changes)
        Tags.of(self).add("project", "llm")


app = App()
SlurmTeamsStack(app, "SlurmTeams", env=Environment(region="us-east-1"))
app.synth()
