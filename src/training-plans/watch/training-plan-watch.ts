import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { notifyOfMissingData, notifyTopic } from '../../private/alarms';
import { WATCH_DIMENSION, WATCH_NAMESPACE, type PlanWatchEvent, type WatchMetric } from '../../private/contracts/plan-watch';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import type { ITrainingPlanRef } from '../plan/vocabulary/training-plan-ref';
import { WATCH_RATE, checkPlace, checkWatch } from '../private/checks/validation';
import { READ_ACTIONS } from '../private/facts/perms';
import { planArn, planNameOf } from '../private/rendering/arn';

/** How many observations an alarm looks at. One of them is enough to alarm, so a missed one in between changes nothing. */
const OBSERVATIONS = 3;

/**
 * Properties of a watch of a training plan.
 */
export interface TrainingPlanWatchProps {
  /**
   * The plan, in the account and Region of the stack. It need not exist yet.
   */
  readonly trainingPlan: ITrainingPlanRef;

  /**
   * How often the plan is described: 1 to 60 whole minutes, known at synthesis.
   *
   * @default Duration.minutes(5)
   */
  readonly rate?: Duration;

  /**
   * Whether there is an alarm before the end of the plan.
   *
   * @default true
   */
  readonly endAlarm?: boolean;

  /**
   * How long before the end of the plan `endAlarm` goes into ALARM. A plan can be extended until one hour before its end.
   *
   * @default Duration.days(2)
   */
  readonly noticeBeforeEnd?: Duration;

  /**
   * Whether there is an alarm before instances are taken back.
   *
   * @default true
   */
  readonly reclaimAlarm?: boolean;

  /**
   * How long before instances are taken back `reclaimAlarm` goes into ALARM. HyperPod takes them back from one hour before the end of each
   * reserved capacity of a plan, training jobs lose them from 30 minutes before it.
   *
   * @default Duration.minutes(15)
   */
  readonly noticeBeforeReclaim?: Duration;

  /**
   * The topic that is notified when an alarm goes into ALARM, when it goes back to OK, and when the plan can't be read any more.
   *
   * A topic with an encryption key of yours needs a key policy that lets `cloudwatch.amazonaws.com` use it.
   *
   * @default - none
   */
  readonly topic?: sns.ITopicRef;
}

/**
 * Watches a training plan: publishes how many hours are left of it and how its instances are used, and alarms before it ends.
 *
 * AWS publishes no metrics of training plans. A rule calls a small function again and again, which describes the plan, so an
 * extension moves the alarms, too. The metrics are in the namespace `CdkHpcClusters/TrainingPlans` with the dimension
 * `TrainingPlanName`:
 *
 * - `HoursLeft`: to the end of the plan, 0 once it has expired or has failed
 * - `HoursUntilReclaim`: until SageMaker begins to take instances back, while a reserved capacity runs, and missing otherwise
 * - `TotalInstanceCount`, `AvailableInstanceCount`, `InUseInstanceCount`, `UnhealthyInstanceCount`, `AvailableSpareInstanceCount`
 *
 * A plan that doesn't exist has no metrics, and `endAlarm` has insufficient data.
 *
 * A stack has one function for all watches, which may describe their plans and write its log; CloudWatch makes metrics of the
 * log. A watch costs seven custom metrics, two alarms, the invocations and their log, by the hour that it is there. All of it is
 * updated in place.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
 *
 * @example
 * declare const oncall: sns.Topic;
 *
 * const watch = new training_plans.TrainingPlanWatch(this, 'Watch', {
 *   trainingPlan: training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q1'),
 *   noticeBeforeEnd: Duration.days(3),
 *   topic: oncall,
 * });
 * watch.metricUnhealthyInstances().createAlarm(this, 'Unhealthy', { threshold: 1, evaluationPeriods: 3 });
 */
@propertyInjectable
@checked('training_plans.TrainingPlanWatch')
export class TrainingPlanWatch extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.TrainingPlanWatch';

  /**
   * The rule that has the plan described.
   */
  public readonly rule: events.Rule;

  /**
   * In ALARM from some time before the end of the plan on. An extension brings it back to OK.
   */
  public readonly endAlarm?: cloudwatch.Alarm;

  /**
   * In ALARM from some time before instances are taken back to the end of the reserved capacity.
   */
  public readonly reclaimAlarm?: cloudwatch.Alarm;

  /** @internal */
  public readonly _planName: string;
  private readonly rate: Duration;

  constructor(scope: Construct, id: string, props: TrainingPlanWatchProps) {
    super(scope, id);
    const { trainingPlan, rate = WATCH_RATE } = props;
    const { noticeBeforeEnd = Duration.days(2), noticeBeforeReclaim = Duration.minutes(15) } = props;
    const problems = new Problems();
    checkPlace(problems, 'trainingPlan', trainingPlan, this);
    checkWatch(problems, rate, { noticeBeforeEnd, noticeBeforeReclaim });
    problems.throwIfAny(this);

    this._planName = planNameOf(trainingPlan);
    this.rate = rate;
    const handler = HandlerFunction.for(this, 'planWatch');
    handler.allow(READ_ACTIONS, [planArn(this, this._planName)]);
    const event: PlanWatchEvent = { TrainingPlanName: this._planName };
    this.rule = new events.Rule(this, 'Rule', {
      description: `Watches the training plan ${this._planName}`,
      schedule: events.Schedule.rate(rate),
      targets: [new targets.LambdaFunction(handler.function, { event: events.RuleTargetInput.fromObject(event) })],
    });

    this.endAlarm = props.endAlarm === false ? undefined : this.alarm('EndAlarm', {
      metric: this.metricHoursLeft(),
      threshold: hours(noticeBeforeEnd),
      alarmDescription: `Training plan ${this._planName} ends within ${noticeBeforeEnd.toHumanString()}, or is over: extend it, or move what uses it`,
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
    this.reclaimAlarm = props.reclaimAlarm === false ? undefined : this.alarm('ReclaimAlarm', {
      metric: this.metricHoursUntilReclaim(),
      threshold: hours(noticeBeforeReclaim),
      alarmDescription: `SageMaker takes instances of training plan ${this._planName} back within ${noticeBeforeReclaim.toHumanString()}`,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING, // no reserved capacity runs
    });
    notifyTopic([this.endAlarm, this.reclaimAlarm].filter(alarm => alarm !== undefined), props.topic);
    notifyOfMissingData(this.endAlarm, props.topic);
  }

  /**
   * A metric of the plan in the namespace `CdkHpcClusters/TrainingPlans`.
   *
   * @param metricName The name of the metric.
   * @param options How it is read. The average over the rate of the watch by default.
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: WATCH_NAMESPACE,
      metricName,
      dimensionsMap: { [WATCH_DIMENSION]: this._planName },
      statistic: cloudwatch.Stats.AVERAGE,
      period: this.rate,
      ...options,
    }).attachTo(this);
  }

  /**
   * The hours to the end of the plan: 0 once it has expired, or when its payment has failed.
   *
   * @param options How it is read. The minimum over the rate of the watch by default.
   */
  public metricHoursLeft(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('HoursLeft', cloudwatch.Stats.MINIMUM, options);
  }

  /**
   * The hours until SageMaker begins to take instances back, 0 from then on. There is no value while no reserved capacity of the
   * plan runs.
   *
   * @param options How it is read. The minimum over the rate of the watch by default.
   */
  public metricHoursUntilReclaim(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('HoursUntilReclaim', cloudwatch.Stats.MINIMUM, options);
  }

  /**
   * The number of instances reserved.
   *
   * @param options How it is read. The maximum over the rate of the watch by default.
   */
  public metricTotalInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('TotalInstanceCount', cloudwatch.Stats.MAXIMUM, options);
  }

  /**
   * The number of instances that are free: capacity that is paid and not used.
   *
   * @param options How it is read. The average over the rate of the watch by default.
   */
  public metricAvailableInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('AvailableInstanceCount', cloudwatch.Stats.AVERAGE, options);
  }

  /**
   * The number of instances in use.
   *
   * @param options How it is read. The average over the rate of the watch by default.
   */
  public metricInUseInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('InUseInstanceCount', cloudwatch.Stats.AVERAGE, options);
  }

  /**
   * The number of unhealthy instances.
   *
   * @param options How it is read. The maximum over the rate of the watch by default.
   */
  public metricUnhealthyInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('UnhealthyInstanceCount', cloudwatch.Stats.MAXIMUM, options);
  }

  /**
   * The number of spare instances of UltraServers that are free.
   *
   * @param options How it is read. The minimum over the rate of the watch by default.
   */
  public metricAvailableSpareInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.planMetric('AvailableSpareInstanceCount', cloudwatch.Stats.MINIMUM, options);
  }

  private planMetric(metricName: WatchMetric, statistic: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(metricName, { statistic, ...options });
  }

  private alarm(id: string, props: Pick<cloudwatch.AlarmProps, 'metric' | 'threshold' | 'alarmDescription' | 'treatMissingData'>): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      ...props,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: OBSERVATIONS,
      datapointsToAlarm: 1,
    });
  }
}

function hours(duration: Duration): number {
  return duration.toHours({ integral: false });
}
