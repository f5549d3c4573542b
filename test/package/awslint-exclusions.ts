/*
 * Findings of awslint that stay, by rule and name, each with its reason. `npm run api:lint` fails for one that isn't here, and for one that
 * is here and isn't found.
 */

/* What a Ref interface, which has an identifier and nothing else, can't do. */
const CONNECTIONS = 'security groups are the members of `connections`, which adds rules to them; a reference has no rules';
const NETWORK = 'subnets are selected in the VPC, and waited for with their routes; a reference has neither';
const ZONES = 'the Availability Zones of its subnets are needed; a reference has identifiers alone';
const NODES = 'the role gets a managed policy and a policy of ours, and is the principal of grants; a reference takes none';
const SPENDING = 'the role is that of a Lambda function, which asks for an IRole';
const METRICS = 'the metrics of the cluster are on its interface; a reference has none';
const HELM = 'HelmChart of the CDK asks for the cluster with its kubectl provider';
const TABLE = 'the key is handed to Table of the CDK and gets grants, both of which ask for an IKey';
const TASK = 'the task of the CDK that publishes asks for it';
const SLURM = 'CloudFormation has no accounts and QOS of Slurm: one is known by its cluster and its name together, which no reference of the CDK has';
const OF_THE_CDK = 'an interface of aws-cdk-lib, which ours reaches';

/* Custom resources, for which CloudFormation has no type: their @resource is what they are in a template. */
const READS = 'a custom resource that reads: it has no name of its own, it is told whose name to look up';
const BUYS = 'a custom resource: the plan has a name, `trainingPlanName`, the purchase has none';
const EXTENDS = 'a custom resource: an extension has no name';
const ASSERTS = 'a custom resource: an assertion has no name';
const NO_TWIN = 'what is read has the interface of what is there, or attributes alone: nobody else can implement it';

export const EXCLUSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'prefer-ref-interface': {
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockLookupProps.subnets': ZONES,
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockLookupProps.vpc': ZONES,
    'cdk-hpc-clusters.hyperpod.ClusterAttributes.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.hyperpod.ClusterLookupProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.hyperpod.ClusterProps.executionRole': NODES,
    'cdk-hpc-clusters.hyperpod.ClusterProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.hyperpod.ClusterProps.vpc': NETWORK,
    'cdk-hpc-clusters.hyperpod.EksDependenciesProps.cluster': HELM,
    'cdk-hpc-clusters.hyperpod.EksV2DependenciesProps.cluster': HELM,
    'cdk-hpc-clusters.hyperpod.InstanceGroupOptions.executionRole': NODES,
    'cdk-hpc-clusters.hyperpod.InstanceGroupOptions.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.hyperpod.NodeHealthDashboardProps.cluster': METRICS,
    'cdk-hpc-clusters.hyperpod.NodeRemediationProps.encryptionKey': TABLE,
    'cdk-hpc-clusters.hyperpod.NodeRemediationProps.eventBus': TASK,
    'cdk-hpc-clusters.hyperpod.RestrictedInstanceGroupOptions.executionRole': NODES,
    'cdk-hpc-clusters.hyperpod.RestrictedInstanceGroupOptions.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.AccountMetricOptions.slurmAccount': SLURM,
    'cdk-hpc-clusters.pcs.AccountUsageWatchProps.accounts': SLURM,
    'cdk-hpc-clusters.pcs.CapacityDashboardProps.cluster': METRICS,
    'cdk-hpc-clusters.pcs.ClusterAttributes.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ClusterAttributes.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.ClusterLookupProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ClusterLookupProps.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.ClusterProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ClusterProps.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupAttributes.role': 'the role is the principal of grants to an imported group; a reference is none',
    'cdk-hpc-clusters.pcs.ComputeNodeGroupAttributes.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupOptions.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupOptions.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupProps.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.LoginNodeGroupOptions.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.LoginNodeGroupOptions.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.LoginNodeGroupProps.securityGroups': CONNECTIONS,
    'cdk-hpc-clusters.pcs.LoginNodeGroupProps.vpc': NETWORK,
    'cdk-hpc-clusters.pcs.SlurmAccountOptions.defaultQos': SLURM,
    'cdk-hpc-clusters.pcs.SlurmAccountOptions.parent': SLURM,
    'cdk-hpc-clusters.pcs.SlurmAccountOptions.qos': SLURM,
    'cdk-hpc-clusters.pcs.SlurmAccountProps.defaultQos': SLURM,
    'cdk-hpc-clusters.pcs.SlurmAccountProps.parent': SLURM,
    'cdk-hpc-clusters.pcs.SlurmAccountProps.qos': SLURM,
    'cdk-hpc-clusters.pcs.SlurmQosOptions.preempts': SLURM,
    'cdk-hpc-clusters.pcs.SlurmQosProps.preempts': SLURM,
    'cdk-hpc-clusters.training_plans.OfferingSearchProps.subnets': ZONES,
    'cdk-hpc-clusters.training_plans.OfferingSearchProps.vpc': ZONES,
    'cdk-hpc-clusters.training_plans.PurchasedTrainingPlanProps.purchaseRole': SPENDING,
    'cdk-hpc-clusters.training_plans.PurchasedTrainingPlanProps.subnets': ZONES,
    'cdk-hpc-clusters.training_plans.PurchasedTrainingPlanProps.vpc': ZONES,
    'cdk-hpc-clusters.training_plans.TrainingPlanExtensionProps.extensionRole': SPENDING,
    'aws-cdk-lib.aws_ec2.ClientVpnEndpointOptions.securityGroups': OF_THE_CDK,
    'aws-cdk-lib.aws_ec2.ISubnet.associateNetworkAcl.acl': OF_THE_CDK,
    'aws-cdk-lib.aws_ec2.InterfaceVpcEndpointOptions.securityGroups': OF_THE_CDK,
    'aws-cdk-lib.aws_ec2.SubnetSelection.subnets': OF_THE_CDK,
    'aws-cdk-lib.aws_events.BaseArchiveProps.kmsKey': OF_THE_CDK,
  },
  'ref-via-interface': {
    'cdk-hpc-clusters.hyperpod.NodeHealthDashboardProps.remediation': 'a remediation can\'t be imported: there is one class of it, whose metrics are shown',
  },
  'props-physical-name': {
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockAssertionProps': ASSERTS,
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockLookupProps': READS,
    'cdk-hpc-clusters.hyperpod.ClusterLookupProps': READS,
    'cdk-hpc-clusters.hyperpod.ComputeQuotaLookupProps': READS,
    'cdk-hpc-clusters.hyperpod.NodeRemediationProps': 'a function, a table and rules belong to the state machine: none of them is named by users',
    'cdk-hpc-clusters.hyperpod.TaskGovernanceAddonProps': 'the name of this add-on is that of EKS: TaskGovernanceAddon.ADDON_NAME',
    'cdk-hpc-clusters.pcs.ClusterLookupProps': READS,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupLookupProps': READS,
    'cdk-hpc-clusters.pcs.LogDeliveryProps': 'a delivery of CloudWatch Logs has no name; its source and its destination have',
    'cdk-hpc-clusters.pcs.SlurmAccountProps': 'a custom resource: its name is `accountName`, since Slurm calls it an account',
    'cdk-hpc-clusters.pcs.SlurmQosProps': 'a custom resource: its name is `qosName`, since Slurm calls it a QOS',
    'cdk-hpc-clusters.training_plans.OfferingSearchProps': READS,
    'cdk-hpc-clusters.training_plans.PurchasedTrainingPlanProps': BUYS,
    'cdk-hpc-clusters.training_plans.TrainingPlanAssertionProps': ASSERTS,
    'cdk-hpc-clusters.training_plans.TrainingPlanExtensionProps': EXTENDS,
    'cdk-hpc-clusters.training_plans.TrainingPlanLookupProps': READS,
  },
  'interface-extends-ref': {
    'cdk-hpc-clusters.pcs.ISlurmAccount': SLURM,
    'cdk-hpc-clusters.pcs.ISlurmQos': SLURM,
  },
  'resource-interface': {
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockAssertion': 'nothing takes an assertion',
    'cdk-hpc-clusters.capacity_blocks.CapacityBlockLookup': NO_TWIN,
    'cdk-hpc-clusters.hyperpod.ClusterLookup': NO_TWIN,
    'cdk-hpc-clusters.hyperpod.ComputeQuotaLookup': NO_TWIN,
    'cdk-hpc-clusters.hyperpod.NodeRemediation': 'nothing takes a remediation but the dashboard, which needs the metrics of this class',
    'cdk-hpc-clusters.hyperpod.TaskGovernanceAddon': 'its interface is IAddonRef of the CDK: what waits for it takes any add-on',
    'cdk-hpc-clusters.pcs.ClusterLookup': NO_TWIN,
    'cdk-hpc-clusters.pcs.ComputeNodeGroupLookup': NO_TWIN,
    'cdk-hpc-clusters.pcs.LogDelivery': 'nothing takes a delivery',
    'cdk-hpc-clusters.pcs.LoginNodeGroup': 'its interface is IComputeNodeGroup: what takes a node group takes one of login nodes',
    'cdk-hpc-clusters.training_plans.OfferingSearch': NO_TWIN,
    'cdk-hpc-clusters.training_plans.PurchasedTrainingPlan': 'its interface is ITrainingPlan: what takes a plan doesn\'t care who bought it',
    'cdk-hpc-clusters.training_plans.TrainingPlanAssertion': 'nothing takes an assertion',
    'cdk-hpc-clusters.training_plans.TrainingPlanExtension': 'nothing takes an extension',
    'cdk-hpc-clusters.training_plans.TrainingPlanLookup': NO_TWIN,
  },
  'attribute-tag': {
    'cdk-hpc-clusters.hyperpod.Cluster.clusterRole': 'a role, not an attribute; SageMaker calls it so',
    'cdk-hpc-clusters.hyperpod.NodeRemediation.stateMachine': 'the construct, not an attribute of it',
  },
  'construct-ctor': {
    'cdk-hpc-clusters.hyperpod.HyperPodDependencies': 'made by factories: clusters of aws_eks and of aws_eks_v2 have nothing in common that one struct could ask for',
    'cdk-hpc-clusters.hyperpod.NodeRepair': 'made by factories: a reboot and a replacement take different properties',
  },
  'mixin-file-location': {
    'cdk-hpc-clusters.training_plans.EndpointTrainingPlan': 'one mixin in a submodule needs no folder; aws-cdk has a module of them for each service',
  },
  'mixin-namespace': {
    'cdk-hpc-clusters.training_plans.EndpointTrainingPlan': 'users find it where the plans are that it is about',
  },
};
