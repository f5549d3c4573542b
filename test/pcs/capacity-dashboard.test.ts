import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { clusterIn } from './fixture';
import { CapacityDashboard, type CapacityDashboardProps } from '../../src/pcs';

test('shows the five metrics of a cluster, and alarms of capacity that is missing or idle', () => {
  const stack = new Stack(new App(), 'Stack');
  const topic = new sns.Topic(stack, 'Topic');
  new CapacityDashboard(stack, 'Capacity', { cluster: clusterIn(stack), topic, idleFor: Duration.hours(2), idlePercent: 50 });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([Match.objectLike({ Expression: 'desired - actual' })]),
    EvaluationPeriods: 6,
    Threshold: 0,
    AlarmActions: [{ Ref: Match.stringLikeRegexp('Topic') }],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(actual > 0, 100 * idle / actual, 0)' })]),
    EvaluationPeriods: 24,
    Threshold: 50,
    TreatMissingData: 'notBreaching',
  });
  const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(Properties.DashboardBody);
  for (const metric of ['ActualCapacity', 'DesiredCapacity', 'IdleCapacity', 'UtilizedCapacity', 'CapacityUtilization']) {
    expect(body).toContain(metric);
  }
});

test.each<[CapacityDashboardProps['missingAlarm'], CapacityDashboardProps['idleAlarm'], string[]]>([
  [false, true, ['IdleAlarm']], [true, false, ['MissingAlarm']], [false, false, []],
])('each alarm can be left out: missing %s, idle %s', (missingAlarm, idleAlarm, left) => {
  const stack = new Stack(new App(), 'Stack');
  const dashboard = new CapacityDashboard(stack, 'Capacity', { cluster: clusterIn(stack), topic: new sns.Topic(stack, 'Topic'), missingAlarm, idleAlarm });
  expect([dashboard.missingAlarm, dashboard.idleAlarm].map(alarm => alarm?.node.id).filter(id => id)).toEqual(left);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', left.length);
  const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  expect(JSON.stringify(Properties.DashboardBody).includes('"type\\":\\"alarm')).toBe(left.length > 0);
});
