import { Duration, Stack, aws_cloudwatch as cloudwatch, aws_sns as sns } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { accountingClusterIn, concreteStack } from '../fixture';

const monthly = (gpuHours: number) => pcs.GpuBudget.monthly({ gpuHours });

function watchIn(stack: Stack, props: Partial<pcs.AccountUsageWatchProps> = {}) {
  const cluster = accountingClusterIn(stack);
  const [research, teaching] = [cluster.addAccount('Research', { budget: monthly(100) }), cluster.addAccount('Teaching')];
  const watch = new pcs.AccountUsageWatch(stack, 'Usage', { cluster, accounts: [research, teaching], ...props });
  return { cluster, research, teaching, watch };
}
const alarmsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

test('a rule has all accounts asked at once, by a function in the VPC of the cluster', () => {
  const stack = concreteStack();
  const { cluster, research, teaching } = watchIn(stack, { rate: Duration.minutes(15) });
  const template = Template.fromStack(stack);
  const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
  expect(rule.Properties.ScheduleExpression).toBe('rate(15 minutes)');
  const [{ Arn, Input }] = rule.Properties.Targets;
  expect(Arn['Fn::GetAtt'][0]).toMatch(/^CdkHpcClustersPcsUsageWatch[0-9a-f]{8}Function/);
  const event = JSON.parse((Input['Fn::Join'][1] as unknown[]).map(part => typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', '\'')).join(''));
  const shown = (token: string) => JSON.stringify(stack.resolve(token)).replaceAll('"', '\'');
  expect(event).toEqual({ ClusterId: shown(cluster.clusterId), Accounts: [shown(research.accountName), shown(teaching.accountName)] });
  template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.handler', VpcConfig: Match.anyValue() });
});

test('alarms speak of budgets, and of no account that has none', () => {
  const stack = concreteStack();
  const { watch } = watchIn(stack, { budgetPercents: [90, 50, 90], topic: sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:oncall') });
  expect(watch.budgetAlarms).toHaveLength(2);
  expect(alarmsOf(stack).map(({ Threshold }) => Threshold)).toEqual([50, 90]);
  for (const alarm of alarmsOf(stack)) {
    expect(alarm).toMatchObject({
      Namespace: 'CdkHpcClusters/Slurm',
      MetricName: 'BudgetUsedPercent',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      DatapointsToAlarm: 1,
      EvaluationPeriods: 3,
      Period: 300,
      Statistic: 'Maximum',
      AlarmActions: ['arn:aws:sns:us-east-1:111122223333:oncall'],
      OKActions: ['arn:aws:sns:us-east-1:111122223333:oncall'],
    });
    expect(alarm.Dimensions).toEqual([{ Name: 'AccountName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^ClusterResearch/), 'Name'] } }, { Name: 'ClusterId', Value: expect.anything() }]);
  }
});

test('a limit of GPU minutes is a budget, and so may one of an account be that others made', () => {
  const stack = concreteStack();
  const cluster = accountingClusterIn(stack);
  new pcs.AccountUsageWatch(stack, 'Usage', {
    cluster,
    accounts: [cluster.addAccount('Team', { limits: { grpTresMins: { 'gres/gpu': 60 } } }), pcs.SlurmAccount.fromAccountName(stack, 'Other', 'other')],
    budgetPercents: [75],
  });
  expect(alarmsOf(stack)).toHaveLength(2);
});

test('alarms can be left out', () => {
  const stack = concreteStack();
  expect(watchIn(stack, { budgetAlarms: false }).watch.budgetAlarms).toEqual([]);
  expect(alarmsOf(stack)).toEqual([]);
});

test('metrics are those of the first account, or of the one that is asked for', () => {
  const stack = concreteStack();
  const { watch, cluster, research, teaching } = watchIn(stack, { rate: Duration.minutes(10) });
  const seen = ({ metricName, dimensions, statistic, period }: cloudwatch.Metric) => (
    stack.resolve([metricName, dimensions, statistic, period.toMinutes()]));
  const dimensionsOf = (account: pcs.ISlurmAccount) => stack.resolve({ ClusterId: cluster.clusterId, AccountName: account.accountName });
  expect(seen(watch.metricGpuHoursUsed())).toEqual(['GpuHoursUsed', dimensionsOf(research), 'Maximum', 10]);
  expect(seen(watch.metricGpuHoursCommitted({ slurmAccount: teaching, period: Duration.hours(1) }))).toEqual(['GpuHoursCommitted', dimensionsOf(teaching), 'Maximum', 60]);
  expect(seen(watch.metricFairShareFactor())).toEqual(['FairShareFactor', dimensionsOf(research), 'Minimum', 10]);
  expect([watch.metricGpuHoursBudget(), watch.metricBudgetUsedPercent(), watch.metricCpuHoursUsed()].map(({ metricName }) => metricName))
    .toEqual(['GpuHoursBudget', 'BudgetUsedPercent', 'CpuHoursUsed']);
  expect(watch.metric('GpuHoursUsed', { statistic: 'p90' }).statistic).toBe('p90');
});

test('the dashboard of the capacity has a row of it, and shows its alarms', () => {
  const stack = concreteStack();
  const { watch, cluster } = watchIn(stack);
  new pcs.CapacityDashboard(stack, 'Capacity', { cluster, usageWatch: watch });
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard.Properties.DashboardBody);
  expect(body).toMatch(/GPU hours used.*Budget used, percent/);
  expect(body.match(/UsageResearchAt(80|100)/g)).toHaveLength(2);
});

test('has the functions of no account, where nothing is made', () => {
  const stack = concreteStack();
  new pcs.AccountUsageWatch(stack, 'Usage', { cluster: accountingClusterIn(stack), accounts: [pcs.SlurmAccount.fromAccountName(stack, 'Lab', 'lab')] });
  const functions = Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(id => id.replace(/[0-9a-fA-F]+$/, ''));
  expect(functions.filter(id => id.includes('Accounting'))).toEqual([]);
});
