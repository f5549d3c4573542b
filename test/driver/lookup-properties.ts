/** The properties of a look-up of a training plan, but for its ServiceToken, as the construct renders them. */
export function reading(trainingPlanName: string, ...fields: string[]): Record<string, unknown> {
  return { ServiceTimeout: 300, Operation: 'DescribeTrainingPlan', Input: { TrainingPlanName: trainingPlanName }, Fields: fields.join(',') };
}
