import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { NodeRemediation } from './node-remediation';
import { ALARM_PERIOD, alarmStatus, checkAlarmTimes, graph, notifyTopic } from '../../private/alarms';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import type { ICluster } from '../clusters/cluster';
import { RULES } from '../private/rules';

const KUEUE_NAMESPACE = 'ContainerInsights/Prometheus';

/** How values are added up that everything counted reports once a minute: queues as how many workloads they hold. */
const COUNTED = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) };

/** What an alarm of the dashboard watches, and how long that may last. */
interface AlarmSetting {
  readonly alarmDescription: string;
  readonly metric: cloudwatch.IMetric;
  readonly time: Duration;
}

/** Properties of a dashboard of the health of nodes. */
export interface NodeHealthDashboardProps {
  /** The cluster, which is orchestrated by EKS. An imported one needs `eksClusterName`. */
  readonly cluster: ICluster;

  /**
   * The name of the dashboard. Another one replaces it.
   *
   * @default - CloudFormation makes one
   */
  readonly dashboardName?: string;

  /**
   * Kueue's cluster queues whose use and quotas are shown, such as that of a team. The metrics of Kueue come with version
   * v2.4.0-eksbuild.1 of the add-on `amazon-cloudwatch-observability`, where they are switched on.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-Kueue.html
   * @default - the sums over all queues only
   */
  readonly clusterQueues?: string[];

  /**
   * Whether to show the metrics of Kueue.
   *
   * @default true
   */
  readonly kueue?: boolean;

  /**
   * The remediation of the nodes, whose failures are alarmed too.
   *
   * @default - none
   */
  readonly remediation?: NodeRemediation;

  /**
   * Whether there is an alarm of nodes that take no work.
   *
   * @default true
   */
  readonly unschedulableAlarm?: boolean;

  /**
   * How long nodes may take no work before the alarm goes into ALARM: 5 minutes to one day, in whole multiples of 5 minutes.
   *
   * @default Duration.minutes(30)
   */
  readonly unschedulableFor?: Duration;

  /**
   * Whether there is an alarm of nodes that wait to be replaced.
   *
   * @default true
   */
  readonly replacementAlarm?: boolean;

  /**
   * How long nodes may wait before the alarm goes into ALARM: 5 minutes to one day, in whole multiples of 5 minutes.
   *
   * @default Duration.minutes(90)
   */
  readonly replacementFor?: Duration;

  /**
   * Whether there is an alarm of nodes that wait to be rebooted.
   *
   * @default true
   */
  readonly rebootAlarm?: boolean;

  /**
   * How long nodes may wait before the alarm goes into ALARM: 5 minutes to one day, in whole multiples of 5 minutes.
   *
   * @default Duration.minutes(30)
   */
  readonly rebootFor?: Duration;

  /**
   * Whether there is an alarm of faults that the remediation failed to handle.
   *
   * @default true, where there is a `remediation`
   */
  readonly remediationAlarm?: boolean;

  /**
   * Whether there is an alarm of events that didn't reach the remediation.
   *
   * @default true, where there is a `remediation`
   */
  readonly deadLetterAlarm?: boolean;

  /**
   * The topic that is notified when an alarm goes into or out of ALARM.
   *
   * @default - no notifications
   */
  readonly topic?: sns.ITopicRef;
}

/**
 * A dashboard of the health of HyperPod nodes and of the workloads that wait for them, by the metrics of Container Insights, with
 * alarms: nodes that stay unschedulable for half an hour, replacements that take longer than 90 minutes, reboots that take longer than
 * 30, and, with a remediation, faults that it failed to handle and events that didn't reach it.
 *
 * HyperPod itself publishes no metrics. They come with the EKS add-on `amazon-cloudwatch-observability`, from v2.0.1-eksbuild.1 on,
 * and cost what Container Insights costs. CloudWatch also charges for dashboards beyond the first ones of an account, and for each
 * alarm. All but the name is updated in place.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
 *
 * @example
 * declare const oncall: sns.Topic;
 * declare const remediation: hyperpod.NodeRemediation;
 * const pod = hyperpod.Cluster.fromClusterAttributes(this, 'Pod', {
 *   clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
 *   eksClusterName: 'platform',
 * });
 * new hyperpod.NodeHealthDashboard(this, 'Health', {
 *   cluster: pod,
 *   remediation,
 *   topic: oncall,
 *   replacementFor: Duration.hours(2),
 *   clusterQueues: ['hyperpod-ns-research-clusterqueue'],
 * });
 */
@propertyInjectable
@checked('hyperpod.NodeHealthDashboard')
export class NodeHealthDashboard extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.NodeHealthDashboard';

  /** The dashboard, for widgets of your own. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** In ALARM while nodes take no work. */
  public readonly unschedulableAlarm?: cloudwatch.Alarm;

  /** In ALARM while nodes have waited too long to be replaced. */
  public readonly replacementAlarm?: cloudwatch.Alarm;

  /** In ALARM while nodes have waited too long to be rebooted. */
  public readonly rebootAlarm?: cloudwatch.Alarm;

  /** In ALARM when the remediation failed to handle a fault. */
  public readonly remediationAlarm?: cloudwatch.Alarm;

  /** In ALARM while there are events that didn't reach the remediation. */
  public readonly deadLetterAlarm?: cloudwatch.Alarm;

  private readonly clusterName: string;

  constructor(scope: Construct, id: string, props: NodeHealthDashboardProps) {
    super(scope, id);
    const { cluster, remediation, clusterQueues = [], kueue = true } = props;
    const { unschedulableFor = Duration.minutes(30), replacementFor = Duration.minutes(90), rebootFor = Duration.minutes(30) } = props;
    const problems = new Problems();
    if (Token.isUnresolved(clusterQueues)) { problems.add(RULES.dashboardQueues, { property: 'clusterQueues', got: clusterQueues }); }
    checkAlarmTimes(problems, RULES.dashboardAlarmTime, { unschedulableFor, replacementFor, rebootFor });
    problems.throwIfAny(this);

    const longest = (label: string) => ({ label, statistic: cloudwatch.Stats.MAXIMUM, period: ALARM_PERIOD });
    const unschedulable = cluster.metricUnschedulableNodes(longest('unschedulable'));
    this.clusterName = unschedulable.dimensions!.ClusterName;
    this.unschedulableAlarm = this.alarm('UnschedulableAlarm', props.unschedulableAlarm, {
      alarmDescription: 'Nodes take no work', metric: unschedulable, time: unschedulableFor,
    });
    this.replacementAlarm = this.alarm('ReplacementAlarm', props.replacementAlarm, {
      alarmDescription: 'Nodes wait for their replacement',
      metric: cluster.metricNodesPendingReplacement(longest('unschedulable pending replacement')),
      time: replacementFor,
    });
    this.rebootAlarm = this.alarm('RebootAlarm', props.rebootAlarm, {
      alarmDescription: 'Nodes wait for their reboot',
      metric: cluster.metricNodesPendingReboot(longest('unschedulable pending reboot')),
      time: rebootFor,
    });
    this.remediationAlarm = remediation && this.alarm('RemediationAlarm', props.remediationAlarm, {
      alarmDescription: 'A fault of a node that the remediation failed to look after', metric: remediation.metricFailed(), time: ALARM_PERIOD,
    });
    this.deadLetterAlarm = remediation && this.alarm('DeadLetterAlarm', props.deadLetterAlarm, {
      alarmDescription: 'Events that did not reach the remediation', metric: remediation.metricDeadLetters(), time: ALARM_PERIOD,
    });
    const alarms = [this.unschedulableAlarm, this.replacementAlarm, this.rebootAlarm, this.remediationAlarm, this.deadLetterAlarm]
      .filter(alarm => alarm !== undefined);
    notifyTopic(alarms, props.topic);

    const nodes = graph('Nodes', [
      cluster.metricSchedulableNodes({ label: 'schedulable' }),
      cluster.metricUnschedulableNodes({ label: 'unschedulable' }),
      cluster.metricNodesPendingReplacement({ label: 'unschedulable pending replacement' }),
      cluster.metricNodesPendingReboot({ label: 'unschedulable pending reboot' }),
    ], { stacked: true });
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      periodOverride: cloudwatch.PeriodOverride.INHERIT, // another period would count each node several times
      widgets: [
        [nodes, ...alarmStatus(alarms)],
        ...kueue ? [[
          graph('Workloads', [this.metricKueue('kueue_pending_workloads'), this.metricKueue('kueue_admitted_active_workloads')]),
          graph('Evicted workloads', [this.metricKueue('kueue_evicted_workloads_total')]),
        ]] : [],
        ...kueue ? clusterQueues.map(queue => [
          graph(`${queue}: use and quota, without memory`, [
            this.searchResources('kueue_cluster_queue_resource_usage', queue), this.searchResources('kueue_cluster_queue_nominal_quota', queue),
          ]),
          graph(`${queue}: workloads`, [
            this.metricKueue('kueue_pending_workloads', queue), this.metricKueue('kueue_admitted_active_workloads', queue),
          ]),
        ]) : [],
      ],
    });
  }

  /** A metric of Kueue, which has a value for each queue and each of its states once a minute. */
  private metricKueue(metricName: string, queue?: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: KUEUE_NAMESPACE,
      metricName,
      dimensionsMap: { ClusterName: this.clusterName, ...queue !== undefined && { ClusterQueue: queue } },
      label: metricName.replace('kueue_', '').replaceAll('_', ' '),
      ...COUNTED,
    });
  }

  /** A line for each resource of a queue: accelerators, vCPUs. Memory is in bytes, which would leave nothing to see of the others. */
  private searchResources(metricName: string, queue: string): cloudwatch.MathExpression {
    const terms = `MetricName="${metricName}" ClusterName="${this.clusterName}" ClusterQueue="${queue}" NOT Resource="memory"`;
    const label = metricName.replace('kueue_cluster_queue_', '').replaceAll('_', ' ');
    return new cloudwatch.MathExpression({
      expression: `SEARCH('{${KUEUE_NAMESPACE},ClusterName,ClusterQueue,Resource} ${terms}', 'Sum', ${COUNTED.period.toSeconds()})`,
      label: `${label}: \${PROP('Dim.Resource')}`,
      usingMetrics: {},
      period: COUNTED.period,
    });
  }

  /** An alarm, or nothing where it was left out. */
  private alarm(id: string, wanted: boolean | undefined, { time, ...props }: AlarmSetting): cloudwatch.Alarm | undefined {
    if (wanted === false) { return undefined; }
    return new cloudwatch.Alarm(this, id, {
      ...props,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: time.toMinutes() / ALARM_PERIOD.toMinutes(),
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
