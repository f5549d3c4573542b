/*
 * What the look-up constructs of AWS PCS say to their handler, and what comes back. As with all look-ups, members are only ever
 * added here: stacks that were deployed years ago send the old ones.
 */

/** The CloudFormation type of every look-up of AWS PCS. */
export const PCS_LOOKUP_RESOURCE_TYPE = 'Custom::HpcPcsLookup';

/** The reads that the handler knows. */
export type PcsLookupOperation = 'GetCluster' | 'GetComputeNodeGroup' | 'DescribeInstances';

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface PcsLookupProperties {
  /** What to read. */
  readonly Operation: PcsLookupOperation;
  /**
   * The arguments. `ClusterIdentifier` and `ComputeNodeGroupIdentifier` are names or ids. DescribeInstances takes the id of a node
   * group, `AtLeast`, the number of instances to wait for, and `AtMost`, the number of instances to name.
   */
  readonly Input: Record<string, string>;
  /** The wanted fields, in alphabetical order, joined by commas. Nothing else is sent back. Left out: none is wanted. */
  readonly Fields?: string;
  /** Any text; another one makes CloudFormation run the look-up again. */
  readonly Refresh?: string;
}

/** The fields that a look-up of a cluster can ask for. */
export const CLUSTER_FIELDS = [
  'Arn',
  'AuthKeySecretArn',
  'AuthKeySecretVersion',
  'ErrorCodes',
  'ErrorMessages',
  'Id',
  'JwtKeySecretArn',
  'JwtKeySecretVersion',
  'Name',
  'NetworkType',
  'SchedulerVersion',
  'SecurityGroupIds',
  'Size',
  'SlurmctldAddress',
  'SlurmctldIpv6Address',
  'SlurmctldPort',
  'SlurmdbdAddress',
  'SlurmdbdIpv6Address',
  'SlurmdbdPort',
  'SlurmrestdAddress',
  'SlurmrestdIpv6Address',
  'SlurmrestdPort',
  'Status',
  'SubnetId',
] as const;

/** A field of a cluster. */
export type ClusterField = typeof CLUSTER_FIELDS[number];

/** The fields that a look-up of a node group can ask for. */
export const COMPUTE_NODE_GROUP_FIELDS = [
  'AmiId',
  'Arn',
  'ClusterId',
  'ErrorCodes',
  'ErrorMessages',
  'Id',
  'InstanceProfileArn',
  'InstanceTypes',
  'LaunchTemplateId',
  'LaunchTemplateVersion',
  'MaxInstanceCount',
  'MinInstanceCount',
  'Name',
  'PurchaseOption',
  'Status',
  'SubnetIds',
] as const;

/** A field of a node group. */
export type ComputeNodeGroupField = typeof COMPUTE_NODE_GROUP_FIELDS[number];

/** The fields that a look-up of the instances of a node group can ask for. */
export const INSTANCE_FIELDS = ['Count', 'InstanceIds', 'Ipv6Addresses', 'PrivateIpAddresses'] as const;

/** A field of the instances of a node group. */
export type InstanceField = typeof INSTANCE_FIELDS[number];
