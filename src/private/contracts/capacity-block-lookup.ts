/*
 * What the look-ups of Capacity Blocks say to their handler, and what comes back. As with all look-ups, members are only ever added
 * here: stacks that were deployed years ago send the old ones.
 */

/** The CloudFormation type of every look-up of a Capacity Block. */
export const CAPACITY_BLOCKS_LOOKUP_RESOURCE_TYPE = 'Custom::HpcCapacityBlocksLookup';

/** The tag of a Capacity Block that has its name: EC2 gives none. */
export const CAPACITY_BLOCK_NAME_TAG = 'cdk-hpc-clusters:capacity-block';

/** The reads that the handler knows. */
export type CapacityBlockLookupOperation = 'AssertCapacityBlock' | 'DescribeCapacityBlock';

/** Which block is meant: one of id, name and criteria. Lists are joined by commas, instants are ISO 8601 in UTC. */
export interface CapacityBlockLookupInput {
  readonly CapacityReservationId?: string;
  readonly PurchaseName?: string;
  /** `true`: the only block that satisfies the criteria which follow. */
  readonly Find?: string;
  readonly States?: string;
  readonly InstanceType?: string;
  readonly AvailabilityZones?: string;
  readonly StartDateAfter?: string;
  readonly EndDateBefore?: string;
  /** Subnets in the order of preference: the first in the zone of the block comes back. */
  readonly Subnets?: readonly BlockSubnet[];
  /** What is expected: see `CAPACITY_BLOCK_EXPECTATIONS`. */
  readonly [expectation: `Expected${string}`]: string | undefined;
}

/** A subnet and the name of its zone, both of which may be known only at deployment. */
export interface BlockSubnet {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
}

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface CapacityBlockLookupProperties {
  /** What to read. */
  readonly Operation: CapacityBlockLookupOperation;
  /** Which block is read, and for `AssertCapacityBlock` also what is expected of it. */
  readonly Input: CapacityBlockLookupInput;
  /** The wanted fields, in alphabetical order, joined by commas. Nothing else is sent back. Left out: none is wanted. */
  readonly Fields?: string;
  /** Any text; another one makes CloudFormation run the look-up again. */
  readonly Refresh?: string;
}

/** What can be expected of a block, each with the prefix `Expected` in the input. Lists are joined by commas. */
export const CAPACITY_BLOCK_EXPECTATIONS = [
  'AvailabilityZones',
  'EndDateAfter',
  'InstanceType',
  'MinAvailableInstanceCount',
  'MinInstanceCount',
  'States',
] as const;

/** Something that can be expected of a block. */
export type CapacityBlockExpectation = typeof CAPACITY_BLOCK_EXPECTATIONS[number];

/** The fields that a look-up of a block can ask for. */
export const CAPACITY_BLOCK_FIELDS = [
  'AvailabilityZone',
  'AvailabilityZoneId',
  'AvailableInstanceCount',
  'CapacityBlockId',
  'CapacityReservationArn',
  'CapacityReservationId',
  'EndDate',
  'InstanceCount',
  'InstancePlatform',
  'InstanceType',
  'LaunchStatus',
  'Notice',
  'OwnerId',
  'StartDate',
  'State',
  'SubnetId',
] as const;

/** A field of a block. */
export type CapacityBlockField = typeof CAPACITY_BLOCK_FIELDS[number];
