"""Mistakes in Python, each of which must be told: by the library, by jsii, by typeguard or by Python itself.

run.mjs runs it with the package installed. Only what reaches the library has a code and the path of the construct; the others
name the parameter. A mistake that passes, or that is told otherwise, fails the run.
"""

import datetime
import sys

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from cdk_hpc_clusters import PurchaseMode, UpfrontFee, hyperpod, pcs, training_plans

LIBRARY, JSII, TYPEGUARD, PYTHON = "library", "jsii", "typeguard", "Python"


def slurm(stack, **changes):
    props = {
        "vpc": ec2.Vpc(stack, "Vpc", availability_zones=["us-east-1a"], nat_gateways=1),
        "size": pcs.ClusterSize.SMALL,
        "scheduler_version": pcs.SlurmVersion.V25_11,
    }
    return pcs.Cluster(stack, "Slurm", **{**props, **changes})


def nodes(stack, **changes):
    props = {
        "instance_types": [ec2.InstanceType("c7i.xlarge")],
        "image": pcs.NodeImage.pcs_ready_dlami(),
        "scaling": pcs.Scaling.fixed(1),
    }
    return slurm(stack).add_compute_node_group("Nodes", **{**props, **changes})


def quota(stack, **changes):
    arn = "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl"
    amount = {"instance_type": hyperpod.InstanceType.P5_48_XLARGE, "count": 2}
    props = {
        "cluster": hyperpod.Cluster.from_cluster_arn(stack, "Pod", arn),
        "team": hyperpod.Team.of("research"),
        "resources": [hyperpod.QuotaResource.instances(**amount)],
    }
    return hyperpod.ComputeQuota(stack, "Research", **{**props, **changes})


def purchase(stack, criteria=None, **changes):
    search = {
        "instance_type": training_plans.PlanInstanceType.P5_48_XLARGE,
        "instance_count": 4,
        "durations": [Duration.days(14)],
        "target": training_plans.TargetResource.HYPERPOD_CLUSTER,
    }
    props = {
        "training_plan_name": "llm",
        "offering": training_plans.Offering.search(**{**search, **(criteria or {})}),
        "max_upfront_fee": UpfrontFee.usd("120000.00"),
        "mode": PurchaseMode.DRY_RUN,
    }
    return training_plans.PurchasedTrainingPlan(stack, "Reserve", **{**props, **changes})


def without_image(stack):
    slurm(stack).add_compute_node_group(
        "Nodes", instance_types=[ec2.InstanceType("c7i.xlarge")], scaling=pcs.Scaling.fixed(1)
    )


def role(stack):
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))


def cluster_as_group(stack):
    cluster = slurm(stack)
    cluster.add_queue("Gpu", compute_node_groups=[cluster])


def queue_as_plan(stack):
    training_plans.TrainingPlanWatch(stack, "Watch", training_plan=slurm(stack).add_queue("Gpu"))


def pod(stack):
    arn = "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl"
    return hyperpod.Cluster.from_cluster_arn(stack, "Pod", arn)


def lookup_as_pod(stack):
    found = pcs.ClusterLookup(stack, "Found", cluster_identifier="slurm")
    quota(stack, cluster=found)


def platform_as_pod(stack):
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=["us-east-1a"], nat_gateways=1)
    platform = eks.Cluster.from_cluster_attributes(stack, "Platform", cluster_name="platform", vpc=vpc)
    hyperpod.NodeHealthDashboard(stack, "Health", cluster=platform)


# The mistake, a program that makes it, who tells it, and texts that must be told.
MISTAKES = [
    ("a text for a constant", lambda stack: slurm(stack, network_type="IPV6"),
     TYPEGUARD, ["type of argument network_type must be", "cdk_hpc_clusters.pcs.NetworkType", "got str"]),
    ("a text for a member of an enum", lambda stack: purchase(stack, mode="DRY_RUN"),
     TYPEGUARD, ["type of argument mode must be", "cdk_hpc_clusters.PurchaseMode", "got str"]),
    ("None where a value is required", lambda stack: slurm(stack, scheduler_version=None),
     TYPEGUARD, ["type of argument scheduler_version must be cdk_hpc_clusters.pcs.SlurmVersion", "got NoneType"]),
    ("a factory that isn't called", lambda stack: quota(stack, sharing=hyperpod.ResourceSharing.lend),
     TYPEGUARD, ["type of argument sharing must be", "cdk_hpc_clusters.hyperpod.ResourceSharing", "got method"]),
    ("a duration of Python", lambda stack: nodes(stack, scale_down_idle_time=datetime.timedelta(minutes=10)),
     TYPEGUARD, ["type of argument scale_down_idle_time must be", "aws_cdk.Duration", "got datetime.timedelta"]),
    ("one value where a list belongs", lambda stack: nodes(stack, instance_types=ec2.InstanceType("c7i.xlarge")),
     TYPEGUARD, ["type of argument instance_types must be a sequence", "got aws_cdk.aws_ec2.InstanceType"]),
    ("texts in a list of objects", lambda stack: nodes(stack, instance_types=["c7i.xlarge"]),
     TYPEGUARD, ["type of argument instance_types[0] must be aws_cdk.aws_ec2.InstanceType", "got str"]),
    ("a list where one value belongs", lambda stack: nodes(stack, scaling=[pcs.Scaling.fixed(1)]),
     TYPEGUARD, ["type of argument scaling must be cdk_hpc_clusters.pcs.Scaling", "got list"]),
    ("a number in quotes", lambda stack: pcs.Scaling.fixed("4"),
     TYPEGUARD, ["type of argument count must be one of (int, float)", "got str"]),
    ("a number for an amount of money", lambda stack: purchase(stack, max_upfront_fee=120000.0),
     TYPEGUARD, ["type of argument max_upfront_fee must be cdk_hpc_clusters.UpfrontFee", "got float"]),
    ("the class of the same name of another module",
     lambda stack: purchase(stack, criteria={"instance_type": hyperpod.InstanceType.P5_48_XLARGE}),
     TYPEGUARD, ["type of argument instance_type must be cdk_hpc_clusters.training_plans.PlanInstanceType", "got cdk_hpc_clusters.hyperpod.InstanceType"]),
    ("a dict where an object belongs", lambda stack: quota(stack, resources=[{"count": 2}]),
     TYPEGUARD, ["type of argument resources[0] must be cdk_hpc_clusters.hyperpod.QuotaResource", "got dict"]),
    ("an enum where a selection belongs", lambda stack: slurm(stack, vpc_subnets=ec2.SubnetType.PUBLIC),
     TYPEGUARD, ["type of argument vpc_subnets must be", "aws_cdk.aws_ec2.SubnetSelection", "got aws_cdk.aws_ec2.SubnetType"]),
    ("a keyword that is missing", without_image,
     PYTHON, ["add_compute_node_group() missing 1 required keyword-only argument: 'image'"]),
    ("a keyword that is misspelt", lambda stack: slurm(stack, schedular_version=pcs.SlurmVersion.V25_11),
     PYTHON, ["unexpected keyword argument 'schedular_version'"]),
    ("a key that is misspelt in a dict", lambda stack: slurm(stack, slurm_settings={"prologg": "/opt/prolog.sh"}),
     PYTHON, ["ClusterSlurmSettings.__init__() got an unexpected keyword argument 'prologg'"]),
    ("the id of a VPC for the VPC", lambda stack: slurm(stack, vpc="vpc-0123456789abcdef0"),
     JSII, ["new cdk-hpc-clusters.pcs.Cluster", "Key 'vpc': Unable to deserialize value as aws-cdk-lib.aws_ec2.IVpc", "'vpc-0123456789abcdef0'"]),
    ("names in a list of constructs", lambda stack: slurm(stack).add_queue("Gpu", compute_node_groups=["gpu"]),
     JSII, ["cdk-hpc-clusters.pcs.Cluster#addQueue", "Key 'computeNodeGroups'", "Index 0", "IComputeNodeGroupRef", "'gpu'"]),
    ("None in a list", lambda stack: slurm(stack, security_groups=[None]),
     JSII, ["new cdk-hpc-clusters.pcs.Cluster", "Key 'securityGroups'", "Index 0", "A value is required"]),
    ("True for a number", lambda stack: pcs.Scaling.fixed(True),
     JSII, ["parameter count of static method cdk-hpc-clusters.pcs.Scaling.fixed", "Unable to deserialize value as number"]),
    ("an ARN for a role", lambda stack: slurm(stack).grants.read("arn:aws:iam::111122223333:role/admin"),
     JSII, ["parameter grantee of method cdk-hpc-clusters.pcs.ClusterGrants#read", "IGrantable", "role/admin"]),
    ("a construct of another kind for a property", lambda stack: slurm(stack, vpc=role(stack)),
     LIBRARY, ["[values.type] `vpc` must be `aws_ec2.IVpc`", "<construct Training/Role>", "(at Training/Slurm)"]),
    ("a construct of another kind in a list", cluster_as_group,
     LIBRARY, ["[values.type] `computeNodeGroups[0]` in `pcs.Cluster.addQueue()` must be", "IComputeNodeGroupRef", "(at Training/Slurm)"]),
    ("a queue for a training plan", queue_as_plan,
     LIBRARY, ["[values.type] `trainingPlan` must be `training_plans.ITrainingPlanRef`", "<construct Training/Slurm/Gpu>", "(at Training/Watch)"]),
    ("a HyperPod cluster for one of PCS", lambda stack: pcs.Queue(stack, "Gpu", cluster=pod(stack)),
     LIBRARY, ["[values.type] `cluster` must be `aws_pcs.IClusterRef`", "<construct Training/Pod>", "this one is of `sagemaker`: give one of `pcs`", "(at Training/Gpu)"]),
    ("a PCS cluster that was looked up for one of HyperPod", lookup_as_pod,
     LIBRARY, ["[values.type] `cluster` must be `aws_sagemaker.IClusterRef`", "<construct Training/Found>", "this one is of `pcs`: give one of `sagemaker`", "(at Training/Research)"]),
    ("an EKS cluster for one of HyperPod", platform_as_pod,
     LIBRARY, ["[values.type] `cluster` must be `hyperpod.ICluster`", "<construct Training/Platform>", "this one is of `eks`: give one of `sagemaker`", "(at Training/Health)"]),
    ("a plan for a cluster", lambda stack: quota(stack, cluster=training_plans.TrainingPlan.from_training_plan_name(stack, "Plan", "llm")),
     LIBRARY, ["[values.type] `cluster` must be `aws_sagemaker.IClusterRef`", "<construct Training/Plan>", "give an object that has `clusterRef`", "(at Training/Research)"]),
]


def teller(error):
    text = str(error)
    if "[values." in text:
        return LIBRARY
    if "Unable to deserialize value" in text:
        return JSII
    if isinstance(error, TypeError):
        return TYPEGUARD if text.startswith("type of argument") else PYTHON
    return type(error).__name__


def faults(make, by, texts):
    """What is wrong with how a mistake is told, and its text."""
    app = App(analytics_reporting=False)
    stack = Stack(app, "Training", env=Environment(account="111122223333", region="us-east-1"))
    try:
        make(stack)
        app.synth()
    except Exception as error:
        told = str(error)
        wrong = [f"doesn't say {text!r}" for text in texts if text not in told]
        if teller(error) != by:
            wrong.append(f"told by {teller(error)}, not by {by}")
        if by == LIBRARY and told.count("values.type") != 1:
            wrong.append("the code doesn't stand once")
        return wrong, told
    return ["passes silently"], ""


failed = 0
for mistake, make, by, texts in MISTAKES:
    wrong, told = faults(make, by, texts)
    print(f"  {by:10} {mistake}: {told.splitlines()[0] if told else ''}")
    if wrong:
        failed += 1
        print(f"             FAILED: {'; '.join(wrong)}\n{told}")
print(f"{len(MISTAKES) - failed} of {len(MISTAKES)} mistakes in Python are told as expected")
sys.exit(1 if failed else 0)
