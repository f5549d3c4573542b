import { Match } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

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
  template.hasResourceProperties('Custom::HpcLookup', {
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
