/*
 * What a watch of a training plan says to its handler, and which metrics come of it. Rules that were deployed years ago send the
 * old events: members are only ever added.
 */

/** The event that a rule sends. */
export interface PlanWatchEvent {
  readonly TrainingPlanName: string;
}

/** Where the metrics are. */
export const WATCH_NAMESPACE = 'CdkHpcClusters/TrainingPlans';

/** What tells the metrics of one plan from those of another. Its value is the name of the plan. */
export const WATCH_DIMENSION = 'TrainingPlanName';

/** The metrics, with their units. CloudWatch has no unit of hours. */
export const WATCH_METRICS = {
  AvailableInstanceCount: 'Count',
  AvailableSpareInstanceCount: 'Count',
  HoursLeft: 'None',
  HoursUntilReclaim: 'None',
  InUseInstanceCount: 'Count',
  TotalInstanceCount: 'Count',
  UnhealthyInstanceCount: 'Count',
} as const;

/** A metric of a plan. */
export type WatchMetric = keyof typeof WATCH_METRICS;
