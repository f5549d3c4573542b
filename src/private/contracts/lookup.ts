/*
 * What the look-ups of training plans say to their handler, and what comes back.
 *
 * Custom resources outlive releases: a stack deployed years ago still sends the properties that it was created with.
 * So members are only ever added here, and the handler accepts every shape that was ever shipped.
 */

/** The CloudFormation type of every look-up of a training plan. */
export const TRAINING_PLANS_LOOKUP_RESOURCE_TYPE = 'Custom::HpcTrainingPlansLookup';

/** The reads that the handler knows. */
export type LookupOperation = 'AssertTrainingPlan' | 'DescribeTrainingPlan';

/** Which plan is meant: one of name, ARN and criteria. Lists are joined by commas, times are ISO 8601 in UTC. */
export interface LookupInput {
  readonly TrainingPlanName?: string;
  readonly TrainingPlanArn?: string;
  /** `true`: the only plan that satisfies the criteria which follow. */
  readonly Find?: string;
  readonly Statuses?: string;
  readonly TargetResource?: string;
  readonly InstanceType?: string;
  readonly StartTimeAfter?: string;
  readonly EndTimeBefore?: string;
  /** What is expected: see `PLAN_EXPECTATIONS`. */
  readonly [expectation: `Expected${string}`]: string | undefined;
}

/** What can be expected of a plan, each with the prefix `Expected` in the input. Lists are joined by commas. */
export const PLAN_EXPECTATIONS = [
  'AvailabilityZones',
  'EndTimeAfter',
  'InstanceType',
  'MinAvailableInstanceCount',
  'MinTotalInstanceCount',
  'Statuses',
  'TargetResource',
] as const;

/** Something that can be expected of a plan. */
export type PlanExpectation = typeof PLAN_EXPECTATIONS[number];

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface LookupProperties {
  /** What to read. */
  readonly Operation: LookupOperation;
  /** Which plan is read, and for `AssertTrainingPlan` also what is expected of it. */
  readonly Input: LookupInput;
  /** The wanted fields, in alphabetical order, joined by commas. Nothing else is sent back. Left out: none is wanted. */
  readonly Fields?: string;
  /** Any text; another one makes CloudFormation run the look-up again. */
  readonly Refresh?: string;
}

/** The fields that a look-up of a training plan can ask for. */
export const TRAINING_PLAN_FIELDS = [
  'AvailabilityZone',
  'AvailabilityZoneId',
  'AvailableInstanceCount',
  'AvailableSpareInstanceCount',
  'CurrencyCode',
  'DurationHours',
  'DurationMinutes',
  'EndTime',
  'InstanceType',
  'InUseInstanceCount',
  'ReservedCapacityCount',
  'StartTime',
  'Status',
  'StatusMessage',
  'TargetResources',
  'TotalInstanceCount',
  'TotalUltraServerCount',
  'TrainingPlanArn',
  'TrainingPlanName',
  'UltraServerType',
  'UnhealthyInstanceCount',
  'UpfrontFee',
] as const;

/** A field of a training plan. */
export type TrainingPlanField = typeof TRAINING_PLAN_FIELDS[number];

/** The fields of one of the reserved capacities that a plan is made of. */
export const RESERVED_CAPACITY_FIELDS = [
  'AvailabilityZone',
  'AvailabilityZoneId',
  'DurationHours',
  'DurationMinutes',
  'EndTime',
  'InstanceType',
  'ReservedCapacityArn',
  'StartTime',
  'Status',
  'TotalInstanceCount',
  'UltraServerCount',
  'UltraServerType',
] as const;

/** A field of a reserved capacity. */
export type ReservedCapacityField = typeof RESERVED_CAPACITY_FIELDS[number];

/** The name of such a field: `ReservedCapacity/0/AvailabilityZone`. They are counted in the order of their start. */
export function reservedCapacityField(index: number, field: ReservedCapacityField): ReservedCapacityFieldName {
  return `ReservedCapacity/${index}/${field}`;
}

/** The name of a field of one of the reserved capacities. */
export type ReservedCapacityFieldName = `ReservedCapacity/${number}/${ReservedCapacityField}`;
