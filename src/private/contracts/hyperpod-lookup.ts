/*
 * What the look-up constructs of HyperPod say to their handler, and what comes back. As with all look-ups, members are only ever
 * added here: stacks that were deployed years ago send the old ones.
 */

/** The CloudFormation type of every look-up of HyperPod. */
export const HYPERPOD_LOOKUP_RESOURCE_TYPE = 'Custom::HpcHyperPodLookup';

/** The reads that the handler knows. */
export type HyperPodLookupOperation = 'DescribeComputeQuota';

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface HyperPodLookupProperties {
  /** What to read. */
  readonly Operation: HyperPodLookupOperation;
  /** What is read, in the service's own words: `ComputeQuotaId`, `ComputeQuotaArn`, or `ClusterArn` and `Name`. */
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
