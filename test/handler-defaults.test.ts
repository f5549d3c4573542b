import { App, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { HandlerDefaults } from '../src/handler-defaults';
import { TrainingPlanSelector, TrainingPlanLookup } from '../src/training-plans';

const FUNCTION = 'AWS::Lambda::Function';
const LOGS = 'AWS::Logs::LogGroup';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack');
});

function lookUp(scope: Stack): void {
  new TrainingPlanLookup(scope, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') });
}

/** The template of a stack with a look-up. */
function template(of: Stack = stack): Template {
  lookUp(of);
  return Template.fromStack(of);
}

/** A VPC that exists, so that templates have nothing but handlers. */
function importedVpc(scope: Construct, id = 'Vpc'): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(scope, id, {
    vpcId: `vpc-${id}`,
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: [`subnet-${id}-private`],
    isolatedSubnetIds: [`subnet-${id}-isolated`],
  });
}

describe('options', () => {
  test('have defaults that keep a log for a month and delete it with the stack', () => {
    template().hasResource(LOGS, { Properties: { RetentionInDays: 30, KmsKeyId: Match.absent() }, DeletionPolicy: 'Delete' });
  });

  test('logRetention', () => {
    HandlerDefaults.configure(stack, { logRetention: logs.RetentionDays.ONE_YEAR });
    template().hasResourceProperties(LOGS, { RetentionInDays: 365 });
  });

  test('logRemovalPolicy', () => {
    HandlerDefaults.configure(stack, { logRemovalPolicy: RemovalPolicy.RETAIN });
    template().hasResource(LOGS, { DeletionPolicy: 'Retain' });
  });

  test('logEncryptionKey', () => {
    const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1234abcd');
    HandlerDefaults.configure(stack, { logEncryptionKey: key });
    template().hasResourceProperties(LOGS, { KmsKeyId: key.keyArn });
  });

  test('permissionsBoundary', () => {
    const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Limits');
    HandlerDefaults.configure(stack, { permissionsBoundary: boundary });
    template().hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: stack.resolve(boundary.managedPolicyArn) });
  });

  test.each([0, 5])('reservedConcurrentExecutions: %p', reservedConcurrentExecutions => {
    HandlerDefaults.configure(stack, { reservedConcurrentExecutions });
    template().hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: reservedConcurrentExecutions });
  });

  test('vpc: private subnets, a security group, and the permissions that Lambda needs for it', () => {
    HandlerDefaults.configure(stack, { vpc: importedVpc(stack) });
    const synthesized = template();
    const [group] = Object.keys(synthesized.findResources('AWS::EC2::SecurityGroup'));
    synthesized.hasResourceProperties(FUNCTION, {
      VpcConfig: { SubnetIds: ['subnet-Vpc-private'], SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }] },
    });
    synthesized.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface']), Resource: '*' })]) } }],
    });
  });

  test('vpcSubnets and securityGroups', () => {
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1234');
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    HandlerDefaults.configure(stack, { vpc: importedVpc(stack), vpcSubnets, securityGroups: [group] });
    const synthesized = template();
    synthesized.hasResourceProperties(FUNCTION, { VpcConfig: { SubnetIds: ['subnet-Vpc-isolated'], SecurityGroupIds: ['sg-1234'] } });
    synthesized.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('leave the logical ids as they are', () => {
    const plain = Object.keys(template().toJSON().Resources as object);
    const other = new Stack(new App({ analyticsReporting: false }), 'Stack');
    const logRetention = logs.RetentionDays.ONE_DAY;
    HandlerDefaults.configure(other, { vpc: importedVpc(other), logRetention, reservedConcurrentExecutions: 1 });
    expect(Object.keys(template(other).toJSON().Resources as object)).toEqual(expect.arrayContaining(plain));
  });
});

describe('scopes', () => {
  test('an app reaches all of its stacks', () => {
    HandlerDefaults.configure(app, { reservedConcurrentExecutions: 7 });
    const stacks = [stack, new Stack(app, 'Other'), new Stack(new Stage(app, 'Stage'), 'Inner')];
    stacks.forEach(lookUp);
    for (const each of stacks) {
      Template.fromStack(each).hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 7 });
    }
  });

  test('a stage reaches its stacks alone', () => {
    const stage = new Stage(app, 'Stage');
    HandlerDefaults.configure(stage, { reservedConcurrentExecutions: 7 });
    template(new Stack(stage, 'Inner')).hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 7 });
    template(stack).hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: Match.absent() });
  });

  test('a construct around stacks reaches them', () => {
    const around = new Construct(app, 'Around');
    HandlerDefaults.configure(around, { reservedConcurrentExecutions: 7 });
    template(new Stack(around, 'Inner')).hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 7 });
  });

  test('the nearest wins, option by option, in whatever order they were set', () => {
    HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1 });
    HandlerDefaults.configure(app, { reservedConcurrentExecutions: 2, logRetention: logs.RetentionDays.ONE_DAY });
    const synthesized = template();
    synthesized.hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 1 });
    synthesized.hasResourceProperties(LOGS, { RetentionInDays: 1 });
  });

  test('what is undefined overrides nothing', () => {
    HandlerDefaults.configure(app, { reservedConcurrentExecutions: 2 });
    HandlerDefaults.configure(stack, { reservedConcurrentExecutions: undefined });
    template().hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 2 });
  });

  test('a nearer VPC comes with its own subnets and groups', () => {
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1234');
    const outer = importedVpc(stack, 'Outer');
    HandlerDefaults.configure(app, { vpc: outer, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, securityGroups: [group] });
    HandlerDefaults.configure(stack, { vpc: importedVpc(stack, 'Inner') });
    template().hasResourceProperties(FUNCTION, { VpcConfig: { SubnetIds: ['subnet-Inner-private'], SecurityGroupIds: Match.not(['sg-1234']) } });
  });

  test('a second call overrides what it sets and leaves the rest', () => {
    HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1, logRetention: logs.RetentionDays.ONE_DAY });
    HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 2 });
    const synthesized = template();
    synthesized.hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 2 });
    synthesized.hasResourceProperties(LOGS, { RetentionInDays: 1 });
  });
});
