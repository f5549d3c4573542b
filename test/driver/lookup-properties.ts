/** The properties of a look-up of a training plan, but for its ServiceToken, as the construct renders them. */
export function reading(trainingPlanName: string, ...fields: string[]): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'DescribeTrainingPlan', Input: { TrainingPlanName: trainingPlanName }, Fields: fields.join(',') };
}

/** The same of a compute quota, by any of the ways to name it. */
export function readingQuota(input: Record<string, string>, ...fields: string[]): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'DescribeComputeQuota', Input: input, Fields: fields.join(',') };
}

/** The properties of a look-up of a plan by other means than its name. */
export function finding(input: Record<string, string>, ...fields: string[]): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'DescribeTrainingPlan', Input: input, Fields: fields.join(',') };
}

/** The properties of an assertion about a plan. */
export function asserting(input: Record<string, string>): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'AssertTrainingPlan', Input: { TrainingPlanName: 'llm-2026-q1', ...input } };
}

/** The properties of a look-up of a Capacity Block. */
export function readingBlock(input: object, ...fields: string[]): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'DescribeCapacityBlock', Input: input, Fields: fields.join(',') };
}

/** The properties of an assertion about a Capacity Block. */
export function assertingBlock(input: object): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'AssertCapacityBlock', Input: { CapacityReservationId: 'cr-0123456789abcdef0', ...input } };
}
