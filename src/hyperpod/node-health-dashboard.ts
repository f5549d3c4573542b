import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as eks from 'aws-cdk-lib/aws-eks';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { NodeRemediation } from './node-remediation';
import { graph, tellTopic } from '../private/alarms';

/** Properties of a dashboard of the health of nodes. */
export interface NodeHealthDashboardProps {
  /** The EKS cluster that orchestrates the HyperPod cluster: the metrics have its name. */
  readonly eksCluster: eks.IClusterRef;

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
   * The topic that is told when an alarm speaks or falls silent.
   *
   * @default - nobody is told
   */
  readonly topic?: sns.ITopicRef;
}

/**
 * A dashboard of the health of HyperPod nodes and of what waits for them, by the metrics of Container Insights, with alarms: nodes
 * that stay unschedulable for half an hour, replacements that haven't come within 90 minutes, reboots that haven't within 30, and,
 * with a remediation, events and faults that nobody looks after.
 *
 * HyperPod itself publishes no metrics. They come with the EKS add-on `amazon-cloudwatch-observability`, from v2.0.1-eksbuild.1 on,
 * and cost what Container Insights costs. CloudWatch also charges for dashboards beyond the first ones of an account, and for each
 * alarm. All but the name is updated in place.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
 *
 * @example
 * import * as eks from 'aws-cdk-lib/aws-eks';
 *
 * declare const eksCluster: eks.ICluster;
 * declare const remediation: hyperpod.NodeRemediation;
 * new hyperpod.NodeHealthDashboard(this, 'Health', { eksCluster, remediation, clusterQueues: ['hyperpod-ns-research-clusterqueue'] });
 */
export class NodeHealthDashboard extends Construct {
  /** The dashboard, for widgets of your own. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** All alarms. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly clusterName: string;

  constructor(scope: Construct, id: string, props: NodeHealthDashboardProps) {
    super(scope, id);
    this.clusterName = props.eksCluster.clusterRef.clusterName;
    const { remediation, clusterQueues = [], kueue = true } = props;

    this.alarms = [
      this.alarm('UnschedulableAlarm', 'Nodes take no work', this.metricNodes('unschedulable'), Duration.minutes(30)),
      this.alarm('ReplacementAlarm', 'Nodes wait for their replacement', this.metricNodes('unschedulable_pending_replacement'), Duration.minutes(90)),
      this.alarm('RebootAlarm', 'Nodes wait for their reboot', this.metricNodes('unschedulable_pending_reboot'), Duration.minutes(30)),
      ...remediation ? [
        this.alarm('RemediationAlarm', 'A fault of a node that the remediation failed to look after', remediation.metricFailed(), PERIOD),
        this.alarm('DeadLetterAlarm', 'Events that did not reach the remediation', remediation.metricDeadLetters(), PERIOD),
      ] : [],
    ];
    tellTopic(this.alarms, props.topic);

    const health = ['schedulable', 'unschedulable', 'unschedulable_pending_replacement', 'unschedulable_pending_reboot']
      .map(state => this.metricNodes(state).with(COUNTED));
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      periodOverride: cloudwatch.PeriodOverride.INHERIT, // another period would count each node several times
      widgets: [
        [
          graph('Nodes', health, { stacked: true }),
          new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: this.alarms, width: 12, height: 6 }),
        ],
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

  private metricNodes(state: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName: `hyperpod_node_health_status_${state}`,
      dimensionsMap: { ClusterName: this.clusterName },
      label: state.replaceAll('_', ' '),
      statistic: cloudwatch.Stats.MAXIMUM,
      period: PERIOD,
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

  private alarm(id: string, alarmDescription: string, metric: cloudwatch.IMetric, time: Duration): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      alarmDescription,
      metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: time.toMinutes() / PERIOD.toMinutes(),
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

const NAMESPACE = 'ContainerInsights';
const KUEUE_NAMESPACE = 'ContainerInsights/Prometheus';
const PERIOD = Duration.minutes(5);

/** How values are added up that everything counted reports once a minute: nodes as 1 or 0, queues as how many they hold. */
const COUNTED = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) };
