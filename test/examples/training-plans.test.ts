import { Match } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

const PURCHASE = 'Custom::HpcTrainingPlansPurchase';
const SEARCH = 'Custom::HpcTrainingPlansOfferingSearch';
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
    const [assertion] = Object.keys(users.findResources('Custom::HpcTrainingPlansLookup'));
    const arn = { 'Fn::ImportValue': Match.stringLikeRegexp('TrainingPlanArn') };
    users.hasResource(CLUSTER, {
      DependsOn: [assertion],
      Properties: { InstanceGroups: Match.arrayWith([Match.objectLike({ TrainingPlanArn: arn })]) },
    });
    users.hasResourceProperties('Custom::HpcTrainingPlansLookup', { Input: { TrainingPlanArn: arn, ExpectedMinTotalInstanceCount: '4' } });
  });
});

test('plan-extension: one week is bought, and the next one is looked at when the first is there', () => {
  const template = exampleTemplate('plan-extension');
  const [[bought, extension]] = Object.entries(template.findResources('Custom::HpcTrainingPlansExtension'));
  expect(extension).toMatchObject({ DeletionPolicy: 'Retain', Properties: { TrainingPlanName: 'llm-2026-q4', ExtendTo: '2027-01-22T11:30:00Z' } });
  template.hasResource(SEARCH, {
    Properties: { DryRunOfExtension: Match.objectLike({ ExtendTo: '2027-01-29T11:30:00Z' }) },
    DependsOn: Match.arrayWith([bought]),
  });
  template.hasOutput('EndsAt', { Value: { 'Fn::GetAtt': [bought, 'EndTime'] } });
});

test('plan-hyperpod: the cluster runs on the plan that is looked up, and waits for the assertion', () => {
  const template = exampleTemplate('plan-hyperpod');
  const lookups = Object.entries(template.findResources('Custom::HpcTrainingPlansLookup'));
  const [lookup] = lookups.find(([, { Properties }]) => Properties.Operation !== 'AssertTrainingPlan')!;
  const [assertion, { Properties: { Input } }] = lookups.find(([, { Properties }]) => Properties.Operation === 'AssertTrainingPlan')!;
  expect(Input).toMatchObject({ ExpectedAvailabilityZones: 'us-east-1a', ExpectedMinTotalInstanceCount: '4', ExpectedInstanceType: 'ml.p5.48xlarge' });
  template.hasResource(CLUSTER, {
    Properties: { InstanceGroups: [Match.objectLike({ InstanceGroupName: 'workers', TrainingPlanArn: { 'Fn::GetAtt': [lookup, 'TrainingPlanArn'] } })] },
    DependsOn: Match.arrayWith([assertion]),
  });
});

test('plan-endpoint: the variant runs on the plan alone, and the endpoint waits for an active plan', () => {
  const template = exampleTemplate('plan-endpoint');
  template.hasResource('AWS::SageMaker::EndpointConfig', {
    Properties: {
      ProductionVariants: [Match.objectLike({
        InstanceType: 'ml.p5.48xlarge',
        CapacityReservationConfig: {
          CapacityReservationPreference: 'capacity-reservations-only',
          MlReservationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Plan'), 'TrainingPlanArn'] },
        },
      })],
    },
    DependsOn: [Match.stringLikeRegexp('^PlanIsActive')],
  });
  template.hasResourceProperties('Custom::HpcTrainingPlansLookup', {
    Operation: 'AssertTrainingPlan',
    Input: Match.objectLike({ ExpectedStatuses: 'Active', ExpectedTargetResource: 'endpoint', ExpectedInstanceType: 'ml.p5.48xlarge' }),
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'HoursLeft', Threshold: 120, AlarmActions: [Match.anyValue()] });
});

test('plan-jobs: a job prefers the plan, and the state machine may use it', () => {
  const template = exampleTemplate('plan-jobs');
  const [{ Properties: { DefinitionString } }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.parse(DefinitionString['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'TOKEN').join(''));
  expect(definition.States.Train.Parameters.ResourceConfig).toEqual({
    InstancePreferences: [
      { InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, TrainingPlanArns: ['TOKEN'] },
      { InstanceType: 'ml.p4d.24xlarge', InstanceCount: 8 },
    ],
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: ['sagemaker:CreateCluster', 'sagemaker:CreateTrainingJob', 'sagemaker:UpdateCluster'],
        Resource: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Plan'), 'TrainingPlanArn'] }, Match.anyValue()],
      })]),
    },
  });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
});
