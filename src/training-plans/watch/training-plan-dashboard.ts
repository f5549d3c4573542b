import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { TrainingPlanWatch } from './training-plan-watch';
import { alarmStatus, graph, notifyTopic } from '../../private/alarms';
import { WATCH_DIMENSION, WATCH_NAMESPACE, type WatchMetric } from '../../private/contracts/plan-watch';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import type { ITrainingPlanRef } from '../plan/vocabulary/training-plan-ref';
import { WATCH_RATE, checkPlace, checkWatch } from '../private/checks/validation';
import { planNameOf } from '../private/rendering/arn';

/** The metrics of a plan that count instances. */
const INSTANCES: WatchMetric[] = [
  'TotalInstanceCount', 'InUseInstanceCount', 'AvailableInstanceCount', 'UnhealthyInstanceCount', 'AvailableSpareInstanceCount',
];

/** Properties of a dashboard of training plans. */
export interface TrainingPlanDashboardProps {
  /** The plans, in the account and Region of the stack. Each needs a `TrainingPlanWatch`, in whichever stack. */
  readonly trainingPlans: ITrainingPlanRef[];

  /**
   * The watches whose alarms are shown.
   *
   * @default - those of these plans that are in the stack of the dashboard and were made before it
   */
  readonly watches?: TrainingPlanWatch[];

  /**
   * How often the watches describe their plans, or that of the slowest where they differ: 1 to 60 whole minutes, known at
   * synthesis. Alarms look at three times of it.
   *
   * @default Duration.minutes(5)
   */
  readonly rate?: Duration;

  /**
   * The name of the dashboard. Another one replaces it.
   *
   * @default - CloudFormation makes one
   */
  readonly dashboardName?: string;

  /**
   * Whether there is an alarm for unhealthy instances of each plan.
   *
   * @default true
   */
  readonly unhealthyAlarms?: boolean;

  /**
   * The topic that is notified when an alarm goes into ALARM, and when it goes back to OK.
   *
   * @default - none
   */
  readonly topic?: sns.ITopicRef;
}

/**
 * A dashboard of training plans, by the metrics of their watches, with an alarm for each plan: instances of it have been unhealthy
 * for three observations on end, a quarter of an hour by default. The watch itself alarms before a plan ends, and before instances are
 * taken back; the dashboard shows these alarms, too.
 *
 * CloudWatch charges for dashboards beyond the first ones of an account, and for each alarm. All but the name is updated in place.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
 *
 * @example
 * new training_plans.TrainingPlanDashboard(this, 'Plans', {
 *   trainingPlans: [training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q1')],
 * });
 */
@propertyInjectable
@checked('training_plans.TrainingPlanDashboard')
export class TrainingPlanDashboard extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.TrainingPlanDashboard';

  /** The dashboard, for widgets of your own. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** The alarms for unhealthy instances, in the order of the plans. Empty where they are left out. */
  public readonly unhealthyAlarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: TrainingPlanDashboardProps) {
    super(scope, id);
    const { rate = WATCH_RATE } = props;
    const problems = new Problems();
    checkWatch(problems, rate, {});
    props.trainingPlans.forEach((plan, index) => checkPlace(problems, `trainingPlans[${index}]`, plan, this));
    problems.throwIfAny(this);

    const metric = metricsOver(rate);
    const names = props.trainingPlans.map(planNameOf);
    const watches = props.watches ?? watchesOf(this, names);
    this.unhealthyAlarms = props.unhealthyAlarms === false ? [] : names.map((name, index) => metric(name, 'UnhealthyInstanceCount').createAlarm(this, `UnhealthyAlarm${index}`, {
      alarmDescription: `Instances of training plan ${name} are unhealthy`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }));
    notifyTopic(this.unhealthyAlarms, props.topic);

    const alarmsOfWatches = watches.flatMap(watch => [watch.endAlarm, watch.reclaimAlarm]).filter(alarm => alarm !== undefined);
    const alarms = [...this.unhealthyAlarms, ...alarmsOfWatches];
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      widgets: [
        [
          graph('Hours left', names.map(name => metric(name, 'HoursLeft', name))),
          ...alarmStatus(alarms),
        ],
        ...names.map(name => [
          graph(`${name}: instances`, INSTANCES.map(metricName => metric(name, metricName))),
          graph(`${name}: hours until instances are taken back`, [metric(name, 'HoursUntilReclaim')]),
        ]),
      ],
    });
  }
}

/** The watches of plans in the stack of a dashboard. */
function watchesOf(scope: Construct, planNames: readonly string[]): TrainingPlanWatch[] {
  const stack = Stack.of(scope);
  return stack.node.findAll()
    .filter((construct): construct is TrainingPlanWatch => construct instanceof TrainingPlanWatch && Stack.of(construct) === stack)
    .filter(watch => planNames.includes(watch._planName));
}

function metricsOver(period: Duration) {
  return (name: string, metricName: WatchMetric, label?: string) => new cloudwatch.Metric({
    namespace: WATCH_NAMESPACE,
    metricName,
    dimensionsMap: { [WATCH_DIMENSION]: name },
    label: label ?? metricName,
    statistic: metricName.startsWith('Hours') ? cloudwatch.Stats.MINIMUM : cloudwatch.Stats.MAXIMUM,
    period,
  });
}
