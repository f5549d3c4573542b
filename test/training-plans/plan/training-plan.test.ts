import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TrainingPlan, TrainingPlanGrants } from '../../../src/training-plans';

const ARN = 'arn:aws:sagemaker:us-west-2:444455556666:training-plan/llm-2026-q1';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

describe('an import by name', () => {
  test('has the ARN that follows from the name', () => {
    const plan = TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1');
    expect(plan.trainingPlanName).toBe('llm-2026-q1');
    expect(stack.resolve(plan.trainingPlanArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':training-plan/llm-2026-q1']],
    });
    expect(plan.trainingPlanRef).toEqual({ trainingPlanArn: plan.trainingPlanArn });
  });

  test('creates nothing', () => {
    TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1');
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('takes a name that is known only at deployment', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const plan = TrainingPlan.fromTrainingPlanName(stack, 'Plan', name);
    expect(JSON.stringify(stack.resolve(plan.trainingPlanArn))).toContain(':training-plan/",{"Ref":"Name"}');
  });
});

describe('an import by ARN', () => {
  test('has name, account and Region of the ARN', () => {
    const plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
    expect(plan.trainingPlanName).toBe('llm-2026-q1');
    expect(plan.trainingPlanArn).toBe(ARN);
    expect(plan.env).toEqual({ account: '444455556666', region: 'us-west-2' });
  });

  test('takes an ARN that is known only at deployment', () => {
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    const plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn);
    expect(stack.resolve(plan.trainingPlanArn)).toEqual({ Ref: 'Arn' });
    expect(JSON.stringify(stack.resolve(plan.trainingPlanName))).toContain('Fn::Select');
  });
});

describe('grants.read', () => {
  const statement = { Statement: [{ Action: 'sagemaker:DescribeTrainingPlan', Effect: 'Allow', Resource: ARN }] };

  test.each<[string, (scope: Stack) => iam.IGrantable, string]>([
    ['a role', scope => new iam.Role(scope, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), 'AWS::IAM::Policy'],
    ['an imported role', scope => iam.Role.fromRoleName(scope, 'Role', 'researcher'), 'AWS::IAM::Policy'],
    ['a user', scope => new iam.User(scope, 'User'), 'AWS::IAM::Policy'],
  ])('lets %s describe the plan and nothing else', (_who, make, type) => {
    const plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
    const grant = TrainingPlanGrants.fromTrainingPlan(plan).read(make(stack));
    expect(grant.success).toBe(true);
    Template.fromStack(stack).hasResourceProperties(type, { PolicyDocument: statement });
  });

  test('can give nothing to a service, which has no policy', () => {
    const plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
    expect(TrainingPlanGrants.fromTrainingPlan(plan).read(new iam.ServicePrincipal('ec2.amazonaws.com')).success).toBe(false);
  });
});
