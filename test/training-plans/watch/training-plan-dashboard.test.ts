import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WATCH_METRICS } from '../../../src/private/contracts/plan-watch';
import { TrainingPlan, TrainingPlanDashboard, TrainingPlanWatch } from '../../../src/training-plans';

test('shows all metrics of the watches, and alarms of unhealthy instances', () => {
  const stack = new Stack(new App(), 'Stack');
  const plans = ['llm-2026-q1', 'llm-2026-q2'].map(name => TrainingPlan.fromTrainingPlanName(stack, name, name));
  const { unhealthyAlarms } = new TrainingPlanDashboard(stack, 'Plans', { trainingPlans: plans });
  expect(unhealthyAlarms).toHaveLength(2);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: [Match.objectLike({
      MetricStat: Match.objectLike({
        Metric: {
          Namespace: 'CdkHpcClusters/TrainingPlans', MetricName: 'UnhealthyInstanceCount', Dimensions: [{ Name: 'TrainingPlanName', Value: 'llm-2026-q2' }],
        },
      }),
    })],
    EvaluationPeriods: 3,
    TreatMissingData: 'notBreaching',
  });
  const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(Properties.DashboardBody);
  for (const metric of Object.keys(WATCH_METRICS)) { expect(body).toContain(metric); }
});

test('shows the alarms of the watches, beside its own', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const plans = ['llm-2026-q1', 'llm-2026-q2', 'other'].map(name => TrainingPlan.fromTrainingPlanName(stack, name, name));
  const [watch, , stranger] = plans.map((trainingPlan, index) => new TrainingPlanWatch(stack, `Watch${index}`, { trainingPlan }));
  new TrainingPlanDashboard(stack, 'Plans', { trainingPlans: plans.slice(0, 2) });
  new TrainingPlanDashboard(stack, 'One', { trainingPlans: plans.slice(0, 2), watches: [watch] });
  const template = Template.fromStack(stack);
  const shown = Object.fromEntries(Object.entries(template.findResources('AWS::CloudWatch::Dashboard'))
    .map(([id, { Properties }]) => [id.slice(0, 3), JSON.stringify(Properties.DashboardBody).match(/Watch\d\w*Alarm|Unhealthy\w*Alarm\d/g)]));
  expect(new Set(shown.Pla)).toEqual(new Set([
    'UnhealthyAlarm0', 'UnhealthyAlarm1', 'Watch0EndAlarm', 'Watch0ReclaimAlarm', 'Watch1EndAlarm', 'Watch1ReclaimAlarm',
  ]));
  expect(new Set(shown.One)).toEqual(new Set(['UnhealthyAlarm0', 'UnhealthyAlarm1', 'Watch0EndAlarm', 'Watch0ReclaimAlarm']));
  expect(stranger.endAlarm).toBeDefined();
});

test('alarms look at as many observations where plans are watched less often', () => {
  const stack = new Stack(new App(), 'Stack');
  const trainingPlans = [TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1')];
  new TrainingPlanDashboard(stack, 'Plans', { trainingPlans, rate: Duration.minutes(30) });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    EvaluationPeriods: 3, Metrics: [Match.objectLike({ MetricStat: Match.objectLike({ Period: 1800 }) })],
  });
});

test('the alarms can be left out', () => {
  const stack = new Stack(new App(), 'Stack');
  const trainingPlans = [TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1')];
  expect(new TrainingPlanDashboard(stack, 'Plans', { trainingPlans, unhealthyAlarms: false }).unhealthyAlarms).toEqual([]);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
});
