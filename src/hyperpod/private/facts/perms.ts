/** Actions that read one compute quota. */
export const COMPUTE_QUOTA_READ_ACTIONS = ['sagemaker:DescribeComputeQuota'];

/**
 * Actions that find compute quotas by their names. They can't be limited to a cluster or a quota.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export const COMPUTE_QUOTA_LIST_ACTIONS = ['sagemaker:ListComputeQuotas'];

/** Actions that change one compute quota. An update names the version that it replaces, so it has to read first. */
export const COMPUTE_QUOTA_MANAGE_ACTIONS = ['sagemaker:DescribeComputeQuota', 'sagemaker:UpdateComputeQuota'];

/** What a look-up of a cluster does. */
export const CLUSTER_LOOKUP_ACTIONS = ['sagemaker:DescribeCluster'];

/** What a look-up of nodes does. */
export const CLUSTER_NODES_LOOKUP_ACTIONS = ['sagemaker:ListClusterNodes'];

/** Actions that read one scheduler configuration. */
export const SCHEDULER_CONFIG_READ_ACTIONS = ['sagemaker:DescribeClusterSchedulerConfig'];

/** Actions that change one scheduler configuration. */
export const SCHEDULER_CONFIG_MANAGE_ACTIONS = ['sagemaker:DescribeClusterSchedulerConfig', 'sagemaker:UpdateClusterSchedulerConfig'];

/** Actions that read one cluster, its nodes and its events. */
export const CLUSTER_READ_ACTIONS = [
  'sagemaker:DescribeCluster', 'sagemaker:DescribeClusterEvent', 'sagemaker:DescribeClusterNode',
  'sagemaker:ListClusterEvents', 'sagemaker:ListClusterNodes',
];

/** Actions that repair nodes. */
export const NODE_OPERATION_ACTIONS = [
  'sagemaker:BatchRebootClusterNodes', 'sagemaker:BatchReplaceClusterNodes', 'sagemaker:StartClusterHealthCheck',
];

/** Actions that change how many nodes there are. */
export const NODE_SCALING_ACTIONS = ['sagemaker:BatchAddClusterNodes', 'sagemaker:BatchDeleteClusterNodes'];

/** Actions that change a cluster. */
export const CLUSTER_MANAGE_ACTIONS = ['sagemaker:UpdateCluster', 'sagemaker:UpdateClusterSoftware'];

/**
 * What the instances of a cluster in a VPC do with their network interfaces. EC2 can't limit most of it to a resource.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-prerequisites-iam.html
 */
export const VPC_NODE_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission', 'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:DetachNetworkInterface',
];

/** What nodes of EKS do besides: the VPC CNI, images of system pods, and pod identities. */
export const EKS_NODE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses', 'ec2:AttachNetworkInterface', 'ec2:DescribeInstances', 'ec2:DescribeInstanceTypes',
  'ec2:DescribeTags', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:UnassignPrivateIpAddresses',
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer',
  'eks-auth:AssumeRoleForPodIdentity',
];

/** Actions that list the nodes of a cluster. */
export const NODE_LIST_ACTIONS = ['sagemaker:ListClusterNodes'];

/** Actions that describe one node of a cluster. */
export const NODE_DESCRIBE_ACTIONS = ['sagemaker:DescribeClusterNode'];

/** Actions that reboot nodes of a cluster. */
export const NODE_REBOOT_ACTIONS = ['sagemaker:BatchRebootClusterNodes'];

/** Actions that replace nodes of a cluster. */
export const NODE_REPLACE_ACTIONS = ['sagemaker:BatchReplaceClusterNodes'];

/** Actions that see what has become of a repair. */
export const NODE_WATCH_ACTIONS = ['sagemaker:DescribeCluster', 'sagemaker:ListClusterNodes'];

/** What a remediation does with the records of the claim on its cluster. */
export const CLAIM_READ_ACTIONS = ['ssm:GetParametersByPath'];
export const CLAIM_WRITE_ACTIONS = ['ssm:PutParameter'];

/** How a remediation sees whether the holder of the claim is still there. */
export const CLAIM_CHECK_ACTIONS = ['cloudformation:DescribeStackResource'];

/** Actions of a remediation besides those that touch nodes. */
export const REMEDIATION_READ_ACTIONS = [
  'sagemaker:DescribeCluster', 'sagemaker:DescribeClusterEvent', 'sagemaker:DescribeClusterNode', 'sagemaker:ListClusterNodes',
];

/** What makes, changes and deletes quotas by the API, with their tags, of which one says whose a quota is. */
export const API_QUOTA_CHANGE_ACTIONS = [
  'sagemaker:AddTags',
  'sagemaker:CreateComputeQuota',
  'sagemaker:DeleteComputeQuota',
  'sagemaker:DeleteTags',
  'sagemaker:DescribeComputeQuota',
  'sagemaker:ListTags',
  'sagemaker:UpdateComputeQuota',
];
