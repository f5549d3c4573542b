import { Match } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

const PURCHASE = 'Custom::HpcTrainingPlanPurchase';
const SEARCH = 'Custom::HpcTrainingPlanOfferingSearch';
const CLUSTER = 'AWS::SageMaker::Cluster';

describe('plan-dry-run', () => {
  const template = exampleTemplate('plan-dry-run');

  test('has nothing that could buy', () => {
    template.resourceCountIs(PURCHASE, 0);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('CreateTrainingPlan');
  });

  test('reports what would be bought', () => {
    const [id] = Object.keys(template.findResources(SEARCH, { Properties: { DryRunOf: { TrainingPlanName: 'llm-2026-q2' } } }));
    template.hasOutput('WouldBuy', { Value: { 'Fn::GetAtt': [id, 'Summary'] } });
  });
});

describe('plan-for-hyperpod', () => {
  const template = exampleTemplate('plan-for-hyperpod');
  const [plan] = Object.keys(template.findResources(PURCHASE));

  test('buys capacity in a zone of the VPC, and uses it from the subnet of that zone', () => {
    template.hasResource(PURCHASE, {
      DeletionPolicy: 'Retain',
      Properties: {
        MaxUpfrontFee: { Amount: '120000.00', CurrencyCode: 'USD' },
        Offering: { Subnets: [{ AvailabilityZone: 'us-east-1a' }, { AvailabilityZone: 'us-east-1b' }] },
      },
    });
    template.hasResourceProperties(CLUSTER, {
      InstanceGroups: Match.arrayWith([Match.objectLike({
        InstanceGroupName: 'workers',
        TrainingPlanArn: { 'Fn::GetAtt': [plan, 'TrainingPlanArn'] },
        OverrideVpcConfig: Match.objectLike({ Subnets: [{ 'Fn::GetAtt': [plan, 'SubnetId'] }] }),
      })]),
    });
  });
});

describe('plan-across-stacks', () => {
  test('buys with the role of finance, to which nothing is added', () => {
    const plans = exampleTemplate('plan-across-stacks', 'Plans');
    plans.hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.onEvent', Role: 'arn:aws:iam::111122223333:role/finance/Buyer' });
    expect(JSON.stringify(plans.toJSON())).not.toContain('sagemaker:CreateTrainingPlan');
  });

  test('uses the plan in another stack, which asserts it first', () => {
    const users = exampleTemplate('plan-across-stacks', 'PlanUsers');
    users.resourceCountIs(PURCHASE, 0);
    const [assertion] = Object.keys(users.findResources('Custom::HpcLookup'));
    const arn = { 'Fn::ImportValue': Match.stringLikeRegexp('TrainingPlanArn') };
    users.hasResource(CLUSTER, {
      DependsOn: [assertion],
      Properties: { InstanceGroups: [Match.objectLike({ TrainingPlanArn: arn })] },
    });
    users.hasResourceProperties('Custom::HpcLookup', { Input: { TrainingPlanArn: arn, ExpectedMinTotalInstanceCount: '4' } });
  });
});
