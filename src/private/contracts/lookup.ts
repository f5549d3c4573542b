/*
 * What the look-ups of training plans say to their handler, and what comes back.
 *
 * Custom resources outlive releases: a stack deployed years ago still sends the properties that it was created with.
 * So members are only ever added here, and the handler accepts every shape that was ever shipped.
 */

/** The CloudFormation type of every look-up of a training plan. */
export const LOOKUP_RESOURCE_TYPE = 'Custom::HpcLookup';

/** The reads that the handler knows. */
export type LookupOperation = 'DescribeTrainingPlan';

/** The resource properties of a look-up, as CloudFormation hands them over (all values arrive as strings). */
export interface LookupProperties {
  /** What to read. */
  readonly Operation: LookupOperation;
  /** What is read, in the service's own words: `TrainingPlanName`. */
  readonly Input: Record<string, string>;
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
  'StartTime',
  'Status',
  'StatusMessage',
  'TargetResources',
  'TotalInstanceCount',
  'TotalUltraServerCount',
  'TrainingPlanArn',
  'UnhealthyInstanceCount',
  'UpfrontFee',
] as const;

/** A field of a training plan. */
export type TrainingPlanField = typeof TRAINING_PLAN_FIELDS[number];
