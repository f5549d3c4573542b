import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HandlerDefaults } from '../../../src';
import { WATCH_METRICS } from '../../../src/private/contracts/plan-watch';
import { TrainingPlan, TrainingPlanDashboard, TrainingPlanWatch, type TrainingPlanWatchProps } from '../../../src/training-plans';
import { PlanReference } from '../plan-reference';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

function watch(name = 'llm-2026-q1', props: Partial<TrainingPlanWatchProps> = {}): TrainingPlanWatch {
  return new TrainingPlanWatch(stack, `Watch-${name}`, { trainingPlan: TrainingPlan.fromTrainingPlanName(stack, `Plan-${name}`, name), ...props });
}

const alarms = () => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

test('a rule has the plan described again and again', () => {
  watch();
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
    Targets: [Match.objectLike({ Input: '{"TrainingPlanName":"llm-2026-q1"}', Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('TrainingPlansWatchFunction'), 'Arn'] } })],
  });
});

test('a plan that has nothing but its ARN is watched by the name in it', () => {
  const plan = new PlanReference(stack, 'Theirs', 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/theirs');
  new TrainingPlanWatch(stack, 'Watch', { trainingPlan: plan });
  new TrainingPlanDashboard(stack, 'Dashboard', { trainingPlans: [plan] });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Input: '{"TrainingPlanName":"theirs"}' })] });
  const dimension = expect.stringContaining('{"Name":"TrainingPlanName","Value":"theirs"}');
  expect(alarms().map(alarm => JSON.stringify(alarm))).toEqual([dimension, dimension, dimension]);
});

test('watches share one function, which may describe their plans and write its log, and nothing else', () => {
  watch('a');
  watch('b');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.resourceCountIs('AWS::Events::Rule', 2);
  template.resourceCountIs('AWS::Lambda::Permission', 2);
  template.resourceCountIs('AWS::IAM::Policy', 0);
  const [{ Properties: { Policies } }] = Object.values(template.findResources('AWS::IAM::Role'));
  const statements = Policies[0].PolicyDocument.Statement;
  expect(statements.flatMap((statement: any) => statement.Action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'sagemaker:DescribeTrainingPlan']);
  expect(JSON.stringify(statements[1].Resource)).toMatch(/:training-plan\/a.*:training-plan\/b/);
});

test('alarms before the end, and when data end', () => {
  watch('llm-2026-q1', { noticeBeforeEnd: Duration.days(3) });
  expect(alarms()[0]).toMatchObject({
    Namespace: 'CdkHpcClusters/TrainingPlans',
    MetricName: 'HoursLeft',
    Dimensions: [{ Name: 'TrainingPlanName', Value: 'llm-2026-q1' }],
    ComparisonOperator: 'LessThanOrEqualToThreshold',
    Threshold: 72,
    Statistic: 'Minimum',
    Period: 300,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 1,
    TreatMissingData: 'missing',
    AlarmDescription: 'Training plan llm-2026-q1 ends within 3 days, or is over: extend it, or move what uses it',
  });
});

test('alarms before instances are taken back, and not while none run', () => {
  watch('llm-2026-q1', { rate: Duration.minutes(10), noticeBeforeReclaim: Duration.minutes(30) });
  expect(alarms()[1]).toMatchObject({ MetricName: 'HoursUntilReclaim', Threshold: 0.5, Period: 600, TreatMissingData: 'notBreaching' });
});

test('tells nobody by itself', () => {
  watch();
  for (const alarm of alarms()) {
    expect([alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions]).toEqual([undefined, undefined, undefined]);
  }
});

test('tells a topic, also when the plan can not be read any more', () => {
  const topic = new sns.Topic(stack, 'Topic');
  watch('llm-2026-q1', { topic });
  const actions = [stack.resolve(topic.topicArn)];
  expect(alarms()).toMatchObject([
    { AlarmActions: actions, OKActions: actions, InsufficientDataActions: actions },
    { AlarmActions: actions, OKActions: actions },
  ]);
  expect(alarms()[1].InsufficientDataActions).toBeUndefined(); // where no reserved capacity runs, there are no data
});

test('each alarm can be left out', () => {
  const { endAlarm, reclaimAlarm } = watch('llm-2026-q1', { endAlarm: false });
  expect(endAlarm).toBeUndefined();
  expect(reclaimAlarm).toBeDefined();
  expect(alarms().map(alarm => alarm.MetricName)).toEqual(['HoursUntilReclaim']);
});

test('a watch without alarms still has its metrics, also by name', () => {
  const topic = new sns.Topic(stack, 'Topic');
  const it = watch('llm-2026-q1', { endAlarm: false, reclaimAlarm: false, topic });
  expect(alarms()).toEqual([]);
  expect(it.metric('HoursLeft', { statistic: 'Minimum' })).toMatchObject({
    namespace: 'CdkHpcClusters/TrainingPlans',
    metricName: 'HoursLeft',
    dimensions: { TrainingPlanName: 'llm-2026-q1' },
    statistic: 'Minimum',
    period: Duration.minutes(5),
  });
});

test('there is a method for each metric that the function publishes', () => {
  const it = watch();
  const metrics = [
    it.metricAvailableInstances(), it.metricAvailableSpareInstances(), it.metricHoursLeft(), it.metricHoursUntilReclaim(),
    it.metricInUseInstances(), it.metricTotalInstances(), it.metricUnhealthyInstances(),
  ];
  expect(metrics.map(metric => metric.metricName)).toEqual(Object.keys(WATCH_METRICS));
  expect(new Set(metrics.map(metric => metric.period.toSeconds()))).toEqual(new Set([300]));
  expect(it.metricHoursLeft({ period: Duration.hours(1), statistic: 'Maximum' })).toMatchObject({ period: Duration.hours(1), statistic: 'Maximum' });
});

test('the function is as HandlerDefaults say', () => {
  const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  HandlerDefaults.configure(stack, { permissionsBoundary: boundary, reservedConcurrentExecutions: 2 });
  watch();
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: stack.resolve(boundary.managedPolicyArn) });
  template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 2, Runtime: 'nodejs24.x', Timeout: 120, Handler: 'index.handler' });
});

test('a plan whose name is known at deployment is watched by that name', () => {
  const name = new CfnParameter(stack, 'Name').valueAsString;
  const trainingPlan = TrainingPlan.fromTrainingPlanName(stack, 'Plan', name);
  new TrainingPlanWatch(stack, 'Watch', { trainingPlan });
  expect(alarms()[0].Dimensions).toEqual([{ Name: 'TrainingPlanName', Value: { Ref: 'Name' } }]);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    Targets: [Match.objectLike({ Input: { 'Fn::Join': ['', ['{"TrainingPlanName":"', { Ref: 'Name' }, '"}']] } })],
  });
});
