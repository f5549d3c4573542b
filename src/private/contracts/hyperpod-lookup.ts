/*
 * What the look-up constructs of HyperPod say to their handler, and what comes back. As with all look-ups, members are only ever
 * added here: stacks that were deployed years ago send the old ones.
 */

/** The CloudFormation type of every look-up of HyperPod. */
export const HYPERPOD_LOOKUP_RESOURCE_TYPE = 'Custom::HpcHyperPodLookup';

/** The reads that the handler knows. */
export type HyperPodLookupOperation = 'DescribeCluster' | 'DescribeComputeQuota' | 'ListClusterNodes';

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface HyperPodLookupProperties {
  /** What to read. */
  readonly Operation: HyperPodLookupOperation;
  /**
   * What is read, in the service's own words. DescribeCluster takes `ClusterName`. DescribeComputeQuota takes `ComputeQuotaId`,
   * `ComputeQuotaArn`, or `ClusterArn` and `Name`. ListClusterNodes takes `NodesInput`.
   */
  readonly Input: Record<string, string>;
  /** The wanted fields, in alphabetical order, joined by commas. Nothing else is sent back. Left out: none is wanted. */
  readonly Fields?: string;
  /** Any text; another one makes CloudFormation run the look-up again. */
  readonly Refresh?: string;
}

/** The fields that a look-up of a compute quota can ask for, beside those of its entries. */
export const COMPUTE_QUOTA_FIELDS = [
  'ActivationState',
  'BorrowLimit',
  'ClusterArn',
  'ComputeQuotaArn',
  'ComputeQuotaId',
  'ComputeQuotaVersion',
  'Description',
  'FailureReason',
  'FairShareWeight',
  'Name',
  'PreemptTeamTasks',
  'Status',
  'Strategy',
  'TeamName',
] as const;

/** A field of a compute quota. */
export type ComputeQuotaField = typeof COMPUTE_QUOTA_FIELDS[number];

/** What an entry of a compute quota counts. */
export const QUOTA_ENTRY_KINDS = ['Accelerators', 'Compute', 'Instances', 'Partitions'] as const;

/** The fields of an entry: how many of what it counts, and the vCPUs and the memory that go with them. */
export const QUOTA_ENTRY_FIELDS = ['Count', 'MemoryInGiB', 'VCpu'] as const;

/** A field of an entry. */
export type QuotaEntryField = typeof QUOTA_ENTRY_FIELDS[number];

/** Which entry of a compute quota is meant. The service gives entries no names. */
export interface QuotaEntryKey {
  readonly kind: typeof QUOTA_ENTRY_KINDS[number];
  readonly instanceType: string;
  /** The profile, where partitions are counted. */
  readonly profile?: string;
}

/** The name of a field of an entry: `Accelerators/ml.p5.48xlarge/VCpu`, `Partitions/ml.p5.48xlarge/mig-3g.40gb/VCpu`. */
export function quotaEntryField(key: QuotaEntryKey, field: QuotaEntryField): string {
  return [...quotaEntryParts(key), field].join('/');
}

/** What names an entry, from the general to the special. */
export function quotaEntryParts({ kind, instanceType, profile }: QuotaEntryKey): string[] {
  return profile === undefined ? [kind, instanceType] : [kind, instanceType, profile];
}

/** The fields that a look-up of a cluster can ask for, beside those of its instance groups. */
export const CLUSTER_FIELDS = [
  'AutoScalingMode',
  'AutoScalingStatus',
  'ClusterArn',
  'ClusterId',
  'ClusterName',
  'ClusterRole',
  'ClusterStatus',
  'EksClusterArn',
  'FailureMessage',
  'InstanceGroupNames',
  'NodeProvisioningMode',
  'NodeRecovery',
  'Orchestrator',
  'SecurityGroupIds',
  'SubnetIds',
  'TieredStorageMode',
] as const;

/** A field of a cluster. */
export type ClusterField = typeof CLUSTER_FIELDS[number];

/** The fields of an instance group. */
export const INSTANCE_GROUP_FIELDS = [
  'CurrentCount',
  'CurrentImageReleaseVersion',
  'DesiredImageReleaseVersion',
  'ExecutionRole',
  'ImageVersionStatus',
  'InstanceType',
  'InstanceTypes',
  'MinCount',
  'SecurityGroupIds',
  'Status',
  'SubnetIds',
  'TargetCount',
  'TrainingPlanArn',
  'TrainingPlanStatus',
] as const;

/** A field of an instance group. */
export type InstanceGroupField = typeof INSTANCE_GROUP_FIELDS[number];

/** The name of a field of an instance group: `Groups/workers/CurrentCount`. */
export function instanceGroupField(group: string, field: InstanceGroupField): string {
  return ['Groups', group, field].join('/');
}

/** The arguments of ListClusterNodes. */
export interface NodesInput {
  /** The name or the ARN of the cluster. */
  readonly ClusterName: string;
  /** The instance group, by its whole name. */
  readonly InstanceGroupName?: string;
  /** Times in ISO 8601. */
  readonly CreationTimeAfter?: string;
  readonly CreationTimeBefore?: string;
  /** `true`: nodes too that have no instance yet. */
  readonly IncludePending?: string;
  /** The SSM parameter that the list is written to. */
  readonly OutputParameterName?: string;
  /** Its tier, in the words of SSM. */
  readonly OutputParameterTier?: string;
  /** The object that the list is written to. */
  readonly OutputBucketName?: string;
  readonly OutputObjectKey?: string;
  /** What is written of each node, in the words of ListClusterNodes, joined by commas. Left out: all. */
  readonly OutputFields?: string;
}

/** What is known of a node, in the words of ListClusterNodes. Each is also a field of a look-up: the values of all nodes. */
export const NODE_FIELDS = [
  'CurrentImageReleaseVersion',
  'ImageVersionStatus',
  'InstanceGroupName',
  'InstanceId',
  'InstanceStatus',
  'InstanceStatusMessage',
  'InstanceType',
  'LastSoftwareUpdateTime',
  'LaunchTime',
  'NodeLogicalId',
  'PrivateDnsHostname',
  'UltraServerId',
  'UltraServerType',
] as const;

/** What is known of a node. */
export type NodeField = typeof NODE_FIELDS[number];

/** The fields that a look-up of nodes can ask for. */
export const NODES_FIELDS = ['Count', ...NODE_FIELDS] as const;

/** A field of a look-up of nodes. */
export type NodesField = typeof NODES_FIELDS[number];

/** What stands between two values of a field: messages may have commas. */
export function nodeSeparator(field: NodeField): string {
  return field === 'InstanceStatusMessage' ? '\n' : ',';
}

/** The bytes that an SSM parameter takes at most, by its tier. */
export const PARAMETER_BYTES: Readonly<Record<string, number>> = { 'Standard': 4096, 'Advanced': 8192, 'Intelligent-Tiering': 8192 };
