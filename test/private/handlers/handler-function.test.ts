import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aspects, CfnOutput, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { HandlerFunction } from '../../../src/private/handlers/handler-function';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../../src/training-plans';

const FUNCTION = 'CdkHpcClustersTrainingPlansLookupFunctionCC923E3A';
const ROLE = 'CdkHpcClustersTrainingPlansLookupRole432D2ECA';
const LOGS = 'CdkHpcClustersTrainingPlansLookupLogs8065625F';
const READ = 'sagemaker:DescribeTrainingPlan';

interface Statement { readonly Action: string | string[]; readonly Effect: string; readonly Resource: unknown }

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack');
});

function lookUp(...names: string[]): void {
  names.forEach((trainingPlanName, index) => new TrainingPlanLookup(stack, `Plan${index}`, { trainingPlan: TrainingPlanSelector.byName(trainingPlanName) }));
}

function statements(template: Template): Statement[] {
  const { Policies } = template.findResources('AWS::IAM::Role')[ROLE].Properties as { Policies: { PolicyDocument: { Statement: Statement[] } }[] };
  expect(Policies).toHaveLength(1);
  return Policies[0].PolicyDocument.Statement;
}

test('a stack has one handler of three resources, however many look-ups', () => {
  lookUp('a', 'b', 'c');
  const template = Template.fromStack(stack);
  const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type).sort();
  expect(types).toEqual(['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', ...Array(3).fill('Custom::HpcTrainingPlansLookup')]);
});

test('a stack without look-ups has no handler', () => {
  new CfnOutput(stack, 'Output', { value: 'x' });
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

test('the function runs the bundle, on a literal runtime, and logs to its own group', () => {
  lookUp('a');
  const assembly = app.synth();
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 120,
    Role: { 'Fn::GetAtt': [ROLE, 'Arn'] },
    LoggingConfig: { LogGroup: { Ref: LOGS } },
    VpcConfig: Match.absent(),
    ReservedConcurrentExecutions: Match.absent(),
  });
  const key = (template.findResources('AWS::Lambda::Function')[FUNCTION].Properties as { Code: { S3Key: string } }).Code.S3Key;
  const shipped = readFileSync(join(__dirname, '..', '..', '..', 'assets', 'lookup', 'index.js'));
  expect(readFileSync(join(assembly.directory, `asset.${key.replace('.zip', '')}`, 'index.js')).equals(shipped)).toBe(true);
});

test('the role may read the plans that are looked up, write its own log, and nothing else', () => {
  lookUp('a', 'b', 'a');
  const template = Template.fromStack(stack);
  const arn = (name: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:training-plan/${name}`]],
  });
  expect(statements(template)).toEqual([
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [LOGS, 'Arn'] } },
    { Effect: 'Allow', Action: READ, Resource: [arn('a'), arn('b')] },
  ]);
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

test('whoever waits for the function waits for the permissions', () => {
  lookUp('a');
  const template = Template.fromStack(stack);
  template.hasResource('AWS::Lambda::Function', { DependsOn: [ROLE] });
  template.resourceCountIs('AWS::IAM::Policy', 0); // the permissions are in the role itself
});

test('more plans than a role can name within itself go to managed policies, which the role waits for', () => {
  const longest = (index: number) => `${'x'.repeat(60)}${String(index).padStart(4, '0')}`;
  stack = new Stack(app, 'Gov', { env: { account: '111122223333', region: 'us-gov-west-1' } });
  lookUp(...Array.from({ length: 200 }, (_, index) => longest(index)));
  const template = Template.fromStack(stack);
  const size = (document: unknown) => JSON.stringify(document).replaceAll(JSON.stringify({ Ref: 'AWS::Partition' }), 'aws-us-gov').length;
  expect(size(statements(template))).toBeLessThan(10_240);
  const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
  for (const [, policy] of policies) {
    expect(size((policy.Properties as { PolicyDocument: unknown }).PolicyDocument)).toBeLessThan(6_144);
  }
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: policies.map(([id]) => ({ Ref: id })) });
  const all = JSON.stringify(template.toJSON());
  for (let index = 0; index < 200; index++) {
    expect(all.split(`:training-plan/${longest(index)}"`)).toHaveLength(2);
  }
});

test('a plan that is looked up often is named once', () => {
  lookUp(...Array<string>(100).fill('a'));
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  expect(JSON.stringify(statements(template)).split(':training-plan/a"')).toHaveLength(2);
});

test('the same look-ups make the same template', () => {
  const make = () => {
    const other = new Stack(new App({ analyticsReporting: false }), 'Stack');
    new TrainingPlanLookup(other, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') });
    return Template.fromStack(other).toJSON();
  };
  expect(make()).toEqual(make());
});

test('a nested stack has its own handler', () => {
  const nested = new NestedStack(stack, 'Nested');
  new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') });
  new TrainingPlanLookup(nested, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') });
  expect(HandlerFunction.for(nested, 'trainingPlansLookup')).not.toBe(HandlerFunction.for(stack, 'trainingPlansLookup'));
  for (const each of [stack, nested]) {
    Template.fromStack(each).resourceCountIs('AWS::Lambda::Function', 1);
    Template.fromStack(each).resourceCountIs('Custom::HpcTrainingPlansLookup', 1);
  }
});

test.each([
  ['cn-north-1'],
  ['us-gov-west-1'],
  ['us-east-1'],
])('has no partition written down in %s', region => {
  stack = new Stack(app, 'Concrete', { env: { account: '111122223333', region } });
  lookUp('a');
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/arn:aws/);
});

test('tags, aspects and permissions boundaries reach the handler', () => {
  lookUp('a');
  Tags.of(app).add('team', 'research');
  const seen: unknown[] = [];
  Aspects.of(app).add({ visit: construct => { seen.push(construct); } });
  const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Limits');
  iam.PermissionsBoundary.of(app).apply(boundary);
  const template = Template.fromStack(stack);
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) {
    template.hasResourceProperties(type, { Tags: [{ Key: 'team', Value: 'research' }] });
  }
  template.hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: stack.resolve(boundary.managedPolicyArn) });
  for (const kind of [lambda.Function, iam.Role, logs.LogGroup]) {
    expect(seen.filter(construct => construct instanceof kind)).toHaveLength(1); // the L2s that cdk-nag knows
  }
});

test.each([
  ['somebody else makes the role', true],
  ['CDK makes the role and a report of it', false],
])('with Role.customizeRoles, where %s, the report has all permissions', (_how, preventSynthesis) => {
  app = new App({ analyticsReporting: false });
  iam.Role.customizeRoles(app, { preventSynthesis, usePrecreatedRoles: { 'Stack/CdkHpcClustersTrainingPlansLookup/Role': 'the-role-of-ours' } });
  stack = new Stack(app, 'Stack');
  lookUp('a', 'b');
  const assembly = app.synth();
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Role', preventSynthesis ? 0 : 1);
  template.resourceCountIs('AWS::IAM::Policy', 0);
  const report = JSON.parse(readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8')) as { roles: { identityPolicyStatements: Statement[] }[] };
  const actions = report.roles.flatMap(role => role.identityPolicyStatements).flatMap(({ Action, Resource }) => [Action, Resource].flat());
  expect(actions).toEqual(expect.arrayContaining([
    'logs:PutLogEvents', READ,
    'arn:(PARTITION):sagemaker:(REGION):(ACCOUNT):training-plan/a', 'arn:(PARTITION):sagemaker:(REGION):(ACCOUNT):training-plan/b',
  ]));
});
