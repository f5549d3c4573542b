import type { WatchMetric } from '../../../src/private/contracts/plan-watch';
import type { TrainingPlanDescription } from '../../clients/training-plan-reader';

const HOUR_MS = 3_600_000;

/**
 * How long before the end of a block SageMaker begins to take instances back, in hours. What isn't listed keeps them to the end.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
 */
const RECLAIM_HOURS: Record<string, number> = { 'hyperpod-cluster': 1, 'training-job': 0.5 };

/** Plans from which nothing more comes, whatever times they had. */
const OVER = new Set<string | undefined>(['Expired', 'Failed']);

/** What can be measured of a plan at a moment. */
export function measure(plan: TrainingPlanDescription, now: number): Partial<Record<WatchMetric, number>> {
  const measured = {
    AvailableInstanceCount: plan.AvailableInstanceCount,
    AvailableSpareInstanceCount: plan.AvailableSpareInstanceCount,
    HoursLeft: hoursLeft(plan, now),
    HoursUntilReclaim: hoursUntilReclaim(plan, now),
    InUseInstanceCount: plan.InUseInstanceCount,
    TotalInstanceCount: plan.TotalInstanceCount,
    UnhealthyInstanceCount: plan.UnhealthyInstanceCount,
  };
  return Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
}

function hoursLeft(plan: TrainingPlanDescription, now: number): number | undefined {
  if (OVER.has(plan.Status)) { return 0; }
  return plan.EndTime && hours(plan.EndTime.getTime() - now);
}

/** Of the block that runs: each of them is taken back at its own end. */
function hoursUntilReclaim(plan: TrainingPlanDescription, now: number): number | undefined {
  if (OVER.has(plan.Status)) { return undefined; }
  const blocks = plan.ReservedCapacitySummaries?.length ? plan.ReservedCapacitySummaries : [plan];
  const ends = blocks
    .filter(({ StartTime: start, EndTime: end }) => start && end && start.getTime() <= now && now < end.getTime())
    .map(({ EndTime: end }) => end!.getTime());
  if (ends.length === 0) { return undefined; }
  const margin = Math.max(0, ...(plan.TargetResources ?? []).map(target => RECLAIM_HOURS[target] ?? 0));
  return hours(Math.min(...ends) - margin * HOUR_MS - now);
}

/** Hours to come, to the second or so. */
function hours(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / HOUR_MS * 1_000) / 1_000);
}
