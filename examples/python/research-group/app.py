"""The same stack as in examples/typescript/research-group."""

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack, Tags
from aws_cdk import aws_budgets as budgets, aws_ec2 as ec2, aws_efs as efs, aws_fsx as fsx
from cdk_hpc_clusters import pcs

app = App()
stack = Stack(app, "ResearchGroup", env=Environment(region="us-east-1"))
Tags.of(stack).add("project", "weather")  # reaches cluster, nodes and volumes, and so the budget

vpc = ec2.Vpc(stack, "Vpc", availability_zones=["us-east-1a"], nat_gateways=1)  # all of it in the zone of the block
clean_up = RemovalPolicy.DESTROY  # an example cleans up: keep the files of people
homes = efs.FileSystem(stack, "Homes", vpc=vpc, encrypted=True, removal_policy=clean_up)
lustre = dict(storage_capacity_gib=1200, lustre_configuration=fsx.LustreConfiguration(deployment_type=fsx.LustreDeploymentType.SCRATCH_2))
scratch = fsx.LustreFileSystem(stack, "Scratch", vpc=vpc, vpc_subnet=vpc.private_subnets[0], removal_policy=clean_up, **lustre)

slurm = pcs.Cluster(
    stack,
    "Slurm",
    vpc=vpc,
    size=pcs.ClusterSize.SMALL,
    scheduler_version=pcs.SlurmVersion.V25_11,
    accounting=pcs.Accounting.standard(),
    storage=[pcs.NodeStorage.efs_homes(homes), pcs.NodeStorage.lustre(scratch, mount_path="/scratch", directory_mode="1777")],
)
image = pcs.NodeImage.pcs_ready_dlami()
login = slurm.add_login_node_group("Login", instance_type=ec2.InstanceType("m7i.xlarge"), image=image)
spot = slurm.add_compute_node_group(
    "Spot",
    instance_types=[ec2.InstanceType(name) for name in ["c7i.8xlarge", "m7i.8xlarge", "r7i.8xlarge"]],
    purchase_option=pcs.PurchaseOption.spot(),
    image=image,
    scaling=pcs.Scaling.elastic(16),
)
# The Capacity Block that the group has bought in EC2. Put your own here.
block = pcs.PurchaseOption.capacity_block(
    capacity_reservation_id="cr-0123456789abcdef0", instance_count=2, availability_zone="us-east-1a"
)
gpus = slurm.add_compute_node_group(
    "Gpus", instance_types=[ec2.InstanceType("p5.48xlarge")], purchase_option=block, image=image, scaling=pcs.Scaling.fixed(2)
)
slurm.add_queue("SpotQueue", queue_name="spot", compute_node_groups=[spot], is_default=True)
slurm.add_queue("GpuQueue", queue_name="gpu", compute_node_groups=[gpus])

slurm.add_log_delivery("Log", log_type=pcs.ClusterLogType.SCHEDULER, destination=pcs.LogDestination.cloud_watch_logs(removal_policy=clean_up))
slurm.metric_idle_capacity().create_alarm(stack, "Idle", threshold=4, evaluation_periods=12)
cost = budgets.CfnBudget.BudgetDataProperty(
    budget_type="COST",
    time_unit="MONTHLY",
    budget_limit=budgets.CfnBudget.SpendProperty(amount=5000, unit="USD"),
    cost_filters={"TagKeyValue": ["user:project$weather"]},
)
at_80_percent = budgets.CfnBudget.NotificationProperty(notification_type="ACTUAL", comparison_operator="GREATER_THAN", threshold=80)
leader = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address="pi@example.com")
warning = budgets.CfnBudget.NotificationWithSubscribersProperty(notification=at_80_percent, subscribers=[leader])
budgets.CfnBudget(stack, "Budget", budget=cost, notifications_with_subscribers=[warning])
CfnOutput(stack, "ClusterId", value=slurm.cluster_id)
CfnOutput(stack, "LoginNodeGroupId", value=login.compute_node_group_id)
app.synth()
