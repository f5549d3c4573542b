import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { AccountUsageWatch } from './accounting/account-usage-watch';
import type { ICluster } from './cluster';
import { ALARM_PERIOD, alarmStatus, checkAlarmTimes, graph, notifyTopic } from '../private/alarms';
import { checked } from '../private/inputs/checked';
import { Problems, isConcrete } from '../private/problems';
import { RULES } from './private/rules';

/** Properties of a dashboard of the capacity of a cluster. */
export interface CapacityDashboardProps {
  /** The cluster. */
  readonly cluster: ICluster;

  /**
   * The name of the dashboard. Another one replaces it.
   *
   * @default - CloudFormation makes one
   */
  readonly dashboardName?: string;

  /**
   * Whether there is an alarm for capacity that is missing.
   *
   * @default true
   */
  readonly missingAlarm?: boolean;

  /**
   * How long the cluster may have less capacity than it asks for: 5 minutes to one day, in whole multiples of 5 minutes.
   *
   * @default Duration.minutes(30)
   */
  readonly missingFor?: Duration;

  /**
   * Whether there is an alarm for capacity that is idle.
   *
   * @default true
   */
  readonly idleAlarm?: boolean;

  /**
   * How long more than `idlePercent` of the capacity may be idle: 5 minutes to one day, in whole multiples of 5 minutes.
   *
   * @default Duration.hours(6)
   */
  readonly idleFor?: Duration;

  /**
   * How much of the capacity may be idle, in percent: 0 to 100.
   *
   * @default 80
   */
  readonly idlePercent?: number;

  /**
   * A watch of accounts of the cluster, whose GPU hours, budgets and alarms are shown.
   *
   * @default - none
   */
  readonly usageWatch?: AccountUsageWatch;

  /**
   * The topic that is notified when an alarm goes into ALARM, and when it goes back to OK.
   *
   * @default - none
   */
  readonly topic?: sns.ITopicRef;
}

/**
 * A dashboard of the capacity of a PCS cluster, by its metrics in the namespace `AWS/PCS`, with two alarms: capacity that doesn't
 * come, and capacity that stands idle.
 *
 * The metrics are free; CloudWatch charges for dashboards beyond the first ones of an account, and for each alarm. All but the name
 * is updated in place.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/monitoring-cloudwatch.html
 *
 * @example
 * declare const oncall: sns.Topic;
 * new pcs.CapacityDashboard(this, 'Capacity', { cluster, topic: oncall, idleFor: Duration.hours(2) });
 */
@propertyInjectable
@checked('pcs.CapacityDashboard')
export class CapacityDashboard extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.CapacityDashboard';

  /** The dashboard, for widgets of your own. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** In ALARM while the cluster has less capacity than it asks for: no instances to be had, a quota, a launch template that fails. */
  public readonly missingAlarm?: cloudwatch.Alarm;

  /** In ALARM while much of the capacity that is paid for is idle. */
  public readonly idleAlarm?: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: CapacityDashboardProps) {
    super(scope, id);
    const { cluster, missingFor = Duration.minutes(30), idleFor = Duration.hours(6), idlePercent = 80, usageWatch } = props;
    const problems = new Problems();
    checkAlarmTimes(problems, RULES.dashboardAlarmTime, { missingFor, idleFor });
    if (isConcrete(idlePercent) && !(idlePercent >= 0 && idlePercent <= 100)) {
      problems.add(RULES.dashboardPercent, { property: 'idlePercent', got: idlePercent });
    }
    problems.throwIfAny(this);

    const period = ALARM_PERIOD;
    const [actual, desired, idle, used] = [
      cluster.metricActualCapacity({ period }), cluster.metricDesiredCapacity({ period }), cluster.metricIdleCapacity({ period }),
      cluster.metricUtilizedCapacity({ period }),
    ];
    this.missingAlarm = props.missingAlarm === false ? undefined : new cloudwatch.MathExpression({
      expression: 'desired - actual', label: 'Missing', period, usingMetrics: { desired, actual },
    }).createAlarm(this, 'MissingAlarm', {
      alarmDescription: 'The cluster has less capacity than it asks for',
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: missingFor.toMinutes() / period.toMinutes(),
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.idleAlarm = props.idleAlarm === false ? undefined : new cloudwatch.MathExpression({
      expression: 'IF(actual > 0, 100 * idle / actual, 0)', label: 'Idle, percent', period, usingMetrics: { idle, actual },
    }).createAlarm(this, 'IdleAlarm', {
      alarmDescription: `More than ${idlePercent} percent of the capacity of the cluster are idle`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: idlePercent,
      evaluationPeriods: idleFor.toMinutes() / period.toMinutes(),
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const alarms = [this.missingAlarm, this.idleAlarm].filter(alarm => alarm !== undefined);
    notifyTopic(alarms, props.topic);

    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      widgets: [
        [graph('Capacity', [desired, actual]), graph('Use', [used, idle], { stacked: true })],
        [
          graph('Utilization', [cluster.metricCapacityUtilization({ period })]),
          ...alarmStatus([...alarms, ...usageWatch?.budgetAlarms ?? []]),
        ],
        ...usageWatch ? [usageRow(usageWatch)] : [],
      ],
    });
  }
}

/** What accounts have used, and how much of their budgets that is. */
function usageRow(watch: AccountUsageWatch): cloudwatch.IWidget[] {
  const { accounts } = watch;
  return [
    graph('GPU hours used', accounts.map(account => watch.metricGpuHoursUsed({ slurmAccount: account, label: account.accountName }))),
    graph('Budget used, percent', accounts.map(account => watch.metricBudgetUsedPercent({ slurmAccount: account, label: account.accountName }))),
  ];
}
