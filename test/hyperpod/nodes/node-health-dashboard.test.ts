import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Cluster, ClusterLookup, NodeHealthDashboard, NodeRemediation, type ICluster, type NodeHealthDashboardProps } from '../../../src/hyperpod';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const STATE = 'hyperpod_node_health_status_unschedulable';
let stack: Stack;

beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } }); });

const pod = (arn = ARN) => stack.node.tryFindChild('Pod') as ICluster | undefined ?? Cluster.fromClusterAttributes(stack, 'Pod', { clusterArn: arn, eksClusterName: 'eks' });
function health(props: Partial<NodeHealthDashboardProps> = {}): NodeHealthDashboard {
  return new NodeHealthDashboard(stack, 'Health', { cluster: pod(), ...props });
}
const remediation = () => ({ remediation: new NodeRemediation(stack, 'Remediation', { cluster: pod() }) });

/** What the dashboard shows, with names that are known at deployment as `x`. */
function widgets(dashboard: NodeHealthDashboard): any[] {
  const body = stack.resolve((dashboard.dashboard.node.defaultChild as any).dashboardBody);
  return JSON.parse(typeof body === 'string' ? body : body['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : 'x')).join('')).widgets;
}
const metrics = (dashboard: NodeHealthDashboard) =>
  widgets(dashboard).filter((widget: any) => widget.type === 'metric').flatMap((widget: any) => widget.properties.metrics);
const alarmsOf = () => Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));

test.each([
  ['unschedulable', STATE, 6], ['replacement', `${STATE}_pending_replacement`, 18], ['reboot', `${STATE}_pending_reboot`, 6],
] as const)('alarms of nodes: %s', (name, MetricName, EvaluationPeriods) => {
  const dashboard = health();
  const id = stack.getLogicalId(dashboard[`${name}Alarm`]!.node.defaultChild as any);
  expect(alarmsOf().find(([each]) => each === id)![1].Properties).toMatchObject({
    EvaluationPeriods,
    Threshold: 0,
    TreatMissingData: 'notBreaching',
    Metrics: [{
      MetricStat: {
        Metric: { Namespace: 'ContainerInsights', MetricName, Dimensions: [{ Name: 'ClusterName', Value: 'eks' }] }, Stat: 'Maximum', Period: 300,
      },
    }],
  });
});

test('alarms wait as long as they are told to', () => {
  health({ unschedulableFor: Duration.minutes(5), replacementFor: Duration.hours(2), rebootFor: Duration.days(1) });
  expect(alarmsOf().map(([, { Properties }]) => Properties.EvaluationPeriods)).toEqual([1, 24, 288]);
});

test('a remediation brings two alarms', () => {
  const dashboard = health(remediation());
  expect([dashboard.remediationAlarm, dashboard.deadLetterAlarm].map(alarm => alarm?.node.id)).toEqual(['RemediationAlarm', 'DeadLetterAlarm']);
  expect(alarmsOf()).toHaveLength(5);
});

const ALARMS = ['unschedulableAlarm', 'replacementAlarm', 'rebootAlarm', 'remediationAlarm', 'deadLetterAlarm'] as const;

test.each(ALARMS)('%s can be left out, alone', name => {
  const dashboard = health({ ...remediation(), [name]: false });
  expect(dashboard[name]).toBeUndefined();
  expect(alarmsOf()).toHaveLength(4);
  const [shown] = widgets(dashboard).filter((widget: any) => widget.type === 'alarm');
  expect(shown.properties.alarms).toHaveLength(4);
});

test('without alarms there is none to show', () => {
  const topic = new sns.Topic(stack, 'Topic');
  const dashboard = health({ unschedulableAlarm: false, replacementAlarm: false, rebootAlarm: false, topic });
  expect(alarmsOf()).toEqual([]);
  expect(widgets(dashboard).map((widget: any) => widget.type)).not.toContain('alarm');
});

test('a topic is notified of every alarm, when it begins and when it ends', () => {
  health({ ...remediation(), topic: new sns.Topic(stack, 'Topic') });
  const told = [{ Ref: expect.stringMatching(/^Topic/) }];
  expect(alarmsOf().map(([, { Properties }]) => [Properties.AlarmActions, Properties.OKActions])).toEqual(Array(5).fill([told, told]));
});

test('shows nodes and Kueue by the name of the EKS cluster', () => {
  const body = JSON.stringify(widgets(health({ clusterQueues: ['research'] })));
  for (const name of [
    'hyperpod_node_health_status_schedulable', 'kueue_pending_workloads', 'kueue_evicted_workloads_total', 'kueue_admitted_active_workloads',
    'kueue_cluster_queue_resource_usage', 'kueue_cluster_queue_nominal_quota',
  ]) {
    expect(body).toContain(name);
  }
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'))).toContain('periodOverride\\":\\"inherit');
});

test('counts nodes and workloads by the sum over a minute, where each reports once', () => {
  const shown = metrics(health({ clusterQueues: ['research'] }));
  const counted = { stat: 'Sum', period: 60 };
  expect(shown).toContainEqual([
    'ContainerInsights', 'hyperpod_node_health_status_schedulable', 'ClusterName', 'eks', expect.objectContaining(counted),
  ]);
  expect(shown).toContainEqual([
    'ContainerInsights/Prometheus', 'kueue_pending_workloads', 'ClusterName', 'eks', 'ClusterQueue', 'research', expect.objectContaining(counted),
  ]);
  expect(shown).toContainEqual([expect.objectContaining({
    expression: "SEARCH('{ContainerInsights/Prometheus,ClusterName,ClusterQueue,Resource} MetricName=\"kueue_cluster_queue_resource_usage\" "
      + "ClusterName=\"eks\" ClusterQueue=\"research\" NOT Resource=\"memory\"', 'Sum', 60)",
  })]);
});

test('leaves Kueue out where there is none', () => {
  health({ kueue: false, clusterQueues: ['research'] });
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('kueue');
});

test('shows a cluster that is looked up, and one of another Region', () => {
  const found = new ClusterLookup(stack, 'Found', { clusterName: 'pod' });
  expect(metrics(new NodeHealthDashboard(stack, 'Here', { cluster: found }))[0].slice(0, 4)).toEqual([
    'ContainerInsights', 'hyperpod_node_health_status_schedulable', 'ClusterName', 'x',
  ]);
  const noAlarms = { unschedulableAlarm: false, replacementAlarm: false, rebootAlarm: false }; // CloudWatch has none of other Regions
  const elsewhere = metrics(new NodeHealthDashboard(stack, 'There', { cluster: pod(ARN.replace('us-east-1', 'eu-west-1')), ...noAlarms }));
  expect(elsewhere[0].at(-1)).toMatchObject({ region: 'eu-west-1' });
  new CfnOutput(stack, 'Name', { value: found.eksClusterName! });
  expect(Template.fromStack(stack).findOutputs('Name')).toMatchObject({
    Name: { Value: { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': [expect.any(String), 'EksClusterArn'] }] }] } },
  });
});
