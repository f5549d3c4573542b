/**
 * The actions behind each grant.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsparallelcomputingservice.html
 */
export const CLUSTER_READ_ACTIONS = ['pcs:GetCluster', 'pcs:ListComputeNodeGroups', 'pcs:ListQueues', 'pcs:ListTagsForResource'];
export const CLUSTER_MANAGE_ACTIONS = ['pcs:TagResource', 'pcs:UntagResource', 'pcs:UpdateCluster'];
export const CLUSTER_LOOKUP_ACTIONS = ['pcs:GetCluster'];
export const NODE_GROUP_LOOKUP_ACTIONS = ['pcs:GetComputeNodeGroup', 'pcs:ListComputeNodeGroups'];
export const INSTANCE_LOOKUP_ACTIONS = ['ec2:DescribeInstances'];
export const AUTH_KEY_READ_ACTIONS = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
export const NODE_GROUP_READ_ACTIONS = ['pcs:GetComputeNodeGroup', 'pcs:ListTagsForResource'];
export const NODE_GROUP_MANAGE_ACTIONS = ['pcs:TagResource', 'pcs:UntagResource', 'pcs:UpdateComputeNodeGroup'];
export const QUEUE_READ_ACTIONS = ['pcs:GetQueue', 'pcs:ListTagsForResource'];
export const QUEUE_MANAGE_ACTIONS = ['pcs:TagResource', 'pcs:UntagResource', 'pcs:UpdateQueue'];
