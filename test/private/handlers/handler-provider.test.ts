import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { PurchaseMode, UpfrontFee } from '../../../src';
import { HandlerDefaults } from '../../../src/handler-defaults';
import { Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource } from '../../../src/training-plans';

const FUNCTION = 'AWS::Lambda::Function';
const PURCHASE = 'Custom::HpcTrainingPlansPurchase';
const ENTRY = 'CdkHpcClustersTrainingPlansPurchaseProviderframeworkonEvent90618F38';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

function buy(trainingPlanName = 'a', purchaseRole?: iam.IRole): void {
  new PurchasedTrainingPlan(stack, trainingPlanName, {
    trainingPlanName,
    purchaseRole,
    maxUpfrontFee: UpfrontFee.usd('1'),
    mode: PurchaseMode.BUY,
    offering: Offering.search({
      instanceType: PlanInstanceType.P5_48XLARGE,
      instanceCount: 1,
      durations: [Duration.days(1)],
      target: TargetResource.HYPERPOD_CLUSTER,
    }),
  });
}

function template(): Template {
  buy();
  return Template.fromStack(stack);
}

interface Statement { readonly Action: string | string[]; readonly Resource: unknown; readonly Condition?: unknown }

function statementsOf(role: string): Statement[] {
  const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return roles.find(([id]) => id.includes(role))![1].Properties.Policies[0].PolicyDocument.Statement as Statement[];
}

test('a request that is older than five minutes is dropped before any function sees it', () => {
  template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: ENTRY }, MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2, Qualifier: '$LATEST',
  });
});

test('the function that buys has twelve minutes, less than the framework that waits for it', () => {
  const synthesized = template();
  synthesized.hasResourceProperties(FUNCTION, { Handler: 'index.onEvent', Timeout: 720, Runtime: 'nodejs24.x' });
  synthesized.hasResourceProperties(FUNCTION, { Handler: 'framework.onEvent', Timeout: 900 });
});

test('the payment is waited for up to 50 minutes, every half a minute, within the hour of the resource', () => {
  const synthesized = template();
  const [{ Properties }] = Object.values(synthesized.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(Properties.DefinitionString).replaceAll('\\', '');
  expect(definition).toContain('"IntervalSeconds":30,"MaxAttempts":100,"BackoffRate":1');
  synthesized.hasResourceProperties(PURCHASE, { ServiceTimeout: 3600 });
});

test('no log has the URL that answers CloudFormation', () => {
  const synthesized = template();
  for (const { Properties } of Object.values(synthesized.findResources('AWS::StepFunctions::StateMachine'))) {
    expect(Properties).not.toHaveProperty('LoggingConfiguration');
  }
  const frameworks = Object.values(synthesized.findResources(FUNCTION)).filter(({ Properties }) => /^framework/.test(Properties.Handler as string));
  expect(frameworks).toHaveLength(3);
  for (const { Properties } of frameworks) { expect(Properties.LoggingConfig.ApplicationLogLevel).toBe('FATAL'); }
});

test('all five functions write one log, which is kept', () => {
  HandlerDefaults.configure(stack, { logRemovalPolicy: RemovalPolicy.DESTROY });
  const synthesized = template();
  synthesized.resourceCountIs('AWS::Logs::LogGroup', 1);
  synthesized.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 3653 }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  const [group] = Object.keys(synthesized.findResources('AWS::Logs::LogGroup'));
  synthesized.allResourcesProperties(FUNCTION, { LoggingConfig: { LogGroup: { Ref: group } } });
});

describe('roles', () => {
  test('who buys may buy this plan, and no other', () => {
    buy('a');
    buy('b');
    const buyer = statementsOf('BuyerRole');
    const text = (resource: unknown) => JSON.stringify(resource);
    const about = (action: string) => buyer.find(({ Action }) => [Action].flat().includes(action))!;
    for (const name of ['a', 'b']) {
      expect(text(about('sagemaker:CreateTrainingPlan').Resource)).toContain(`:sagemaker:us-east-1:111122223333:training-plan/${name}"`);
      expect(text(about('ssm:PutParameter').Resource)).toContain(`parameter/cdk-hpc-clusters/training-plan/${name}/*"`);
    }
    expect(text(about('sagemaker:CreateTrainingPlan').Resource)).toContain(':reserved-capacity/*"');
    expect(about('cloudformation:DescribeStackResource').Resource).toEqual({ Ref: 'AWS::StackId' });
    const tagging = buyer.find(({ Action, Resource }) => Action === 'sagemaker:AddTags' && text(Resource).includes(':reserved-capacity/*"'))!;
    expect(tagging.Condition).toEqual({ StringEquals: { 'sagemaker:TaggingAction': ['CreateReservedCapacity', 'CreateTrainingPlan'] } });
    const everything = buyer.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(everything).toEqual(['sagemaker:ListTrainingPlans', 'sagemaker:SearchTrainingPlanOfferings']); // these two have no resource
  });

  test('who waits may describe the plans, and can not buy', () => {
    buy('a');
    const actions = statementsOf('WaiterRole').flatMap(({ Action }) => Action);
    expect(actions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'sagemaker:DescribeTrainingPlan']);
  });

  test('nobody may delete what the ledger says, extend a plan, or buy without a name', () => {
    buy('a');
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(text).not.toMatch(/ssm:Delete|ExtendTrainingPlan|ssm:\*|sagemaker:\*/);
    expect(text).not.toContain('training-plan/*');
  });

  test('a role that was given is used as it is', () => {
    const role = iam.Role.fromRoleArn(stack, 'Finance', 'arn:aws:iam::111122223333:role/finance/Buyer');
    HandlerDefaults.configure(stack, { permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Limits') });
    buy('a', role);
    const synthesized = Template.fromStack(stack);
    synthesized.hasResourceProperties(FUNCTION, { Handler: 'index.onEvent', Role: role.roleArn });
    expect(Object.keys(synthesized.findResources('AWS::IAM::Role')).filter(id => id.includes('BuyerRole'))).toEqual([]);
    expect(JSON.stringify(synthesized.findResources('AWS::IAM::Policy'))).not.toContain('Buyer"');
    expect(JSON.stringify(synthesized.toJSON())).not.toContain('sagemaker:CreateTrainingPlan');
  });

  test('a role of the app that was given is used as it is', () => {
    const role = new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    buy('a', role);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('sagemaker:CreateTrainingPlan');
  });

  test('the statements of ten plans fit into a role', () => {
    for (let index = 0; index < 10; index++) { buy(`${'x'.repeat(63)}${index}`); }
    const document = JSON.stringify(statementsOf('BuyerRole')).replaceAll(/\{"Ref":"AWS::Partition"\}/g, '"aws-us-gov"');
    expect(document.length).toBeLessThan(10_240);
  });
});

describe('HandlerDefaults', () => {
  test('a permissions boundary reaches every role, those of the framework too', () => {
    const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Limits');
    HandlerDefaults.configure(stack, { permissionsBoundary: boundary });
    template().allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: stack.resolve(boundary.managedPolicyArn) });
  });

  test('a VPC has all five functions, in one security group', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] });
    HandlerDefaults.configure(stack, { vpc });
    const synthesized = template();
    const [group, ...others] = Object.keys(synthesized.findResources('AWS::EC2::SecurityGroup'));
    expect(others).toEqual([]);
    synthesized.resourceCountIs(FUNCTION, 5);
    synthesized.allResourcesProperties(FUNCTION, { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }] } });
  });

  test('security groups that are given are used', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] });
    HandlerDefaults.configure(stack, { vpc, securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });
    const synthesized = template();
    synthesized.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    synthesized.allResourcesProperties(FUNCTION, { VpcConfig: { SecurityGroupIds: ['sg-1'] } });
  });

  test('retention, key and concurrency', () => {
    const logEncryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1234abcd');
    HandlerDefaults.configure(stack, { logRetention: logs.RetentionDays.INFINITE, logEncryptionKey, reservedConcurrentExecutions: 2 });
    const synthesized = template();
    synthesized.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.absent(), KmsKeyId: logEncryptionKey.keyArn });
    for (const handler of ['index.onEvent', 'index.isComplete']) {
      synthesized.hasResourceProperties(FUNCTION, { Handler: handler, ReservedConcurrentExecutions: 2 });
    }
  });
});

test('a stack has one handler, however many plans it buys', () => {
  buy('a');
  buy('b');
  const synthesized = Template.fromStack(stack);
  synthesized.resourceCountIs(FUNCTION, 5);
  synthesized.resourceCountIs(PURCHASE, 2);
});
