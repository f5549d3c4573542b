import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TrainingPlan, type ITrainingPlan } from '../../../src/training-plans';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';

let stack: Stack;
let plan: ITrainingPlan;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
});

describe('grants', () => {
  let role: iam.Role;
  beforeEach(() => { role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') }); });

  const statements = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))[0].Properties.PolicyDocument.Statement;

  test('use: jobs and clusters on the plan and on reserved capacities of its place, and no purchase', () => {
    plan.grants.use(role);
    expect(statements()).toEqual([{
      Effect: 'Allow',
      Action: ['sagemaker:CreateCluster', 'sagemaker:CreateTrainingJob', 'sagemaker:UpdateCluster'],
      Resource: [ARN, { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:us-east-1:111122223333:reserved-capacity/*']] }],
    }]);
  });

  test('use: of the place of the plan, not of the stack', () => {
    TrainingPlan.fromTrainingPlanArn(stack, 'Elsewhere', ARN.replace('us-east-1', 'eu-west-1')).grants.use(role);
    expect(JSON.stringify(statements())).toContain(':sagemaker:eu-west-1:111122223333:reserved-capacity/*');
  });

  test('actions: what is asked for, on the plan alone', () => {
    plan.grants.actions(role, 'sagemaker:ListTags');
    expect(statements()).toEqual([{ Effect: 'Allow', Action: 'sagemaker:ListTags', Resource: ARN }]);
  });
});
