import type { Context } from 'aws-lambda';
import { measure } from './measure';
import { WATCH_DIMENSION, WATCH_METRICS, WATCH_NAMESPACE, type PlanWatchEvent, type WatchMetric } from '../../../src/private/contracts/plan-watch';
import type { TrainingPlanReader } from '../../clients/training-plan-reader';
import { text, type Properties } from '../../shared/coerce';
import { withDeadline, workBudget } from '../../shared/deadline';
import { HandlerError, failureOf } from '../../shared/errors';
import { log } from '../../shared/logger';

/** Describes a plan and publishes what it finds: CloudWatch makes metrics of a line in the log, so it takes no permission. */
export class PlanWatch {
  public constructor(
    private readonly sagemaker: Pick<TrainingPlanReader, 'describeTrainingPlan'>,
    private readonly print: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** A plan that isn't there yet, or not any more, is no failure of the watch: it publishes nothing, and the alarm on the end misses it. */
  public async handle(event: PlanWatchEvent, context: Context): Promise<void> {
    const name = text(event as unknown as Properties, 'TrainingPlanName');
    try {
      const plan = await withDeadline(workBudget(context), async signal => this.sagemaker.describeTrainingPlan(name, signal));
      const now = this.now();
      this.print(metricsLine(name, measure(plan, now), now));
      log('measured', { operation: 'DescribeTrainingPlan', status: plan.Status });
    } catch (error) {
      const { code, message, kind, attempts } = failureOf(error);
      log('read', { operation: 'DescribeTrainingPlan', code, attempts });
      if (kind !== 'not-found') { throw new HandlerError(code, `training plan "${name}": ${message}`); }
    }
  }
}

/**
 * Metrics as CloudWatch finds them in logs.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricsLine(name: string, values: Partial<Record<WatchMetric, number>>, now: number): string {
  const metrics = (Object.keys(values) as WatchMetric[]).map(metric => ({ Name: metric, Unit: WATCH_METRICS[metric] }));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: WATCH_NAMESPACE, Dimensions: [[WATCH_DIMENSION]], Metrics: metrics }],
    },
    [WATCH_DIMENSION]: name,
    ...values,
  });
}
