import { App, CfnResource, Mixins, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import {
  EndpointTrainingPlan, PlanInstanceType, TrainingPlan, TrainingPlanAssertion, TrainingPlanLookup,
  TrainingPlanSelector, TrainingPlanStatus,
  type ITrainingPlan,
} from '../../../src/training-plans';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';

let stack: Stack;
let plan: ITrainingPlan;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
});

describe('an endpoint on a plan', () => {
  const RESERVATION = { CapacityReservationPreference: 'capacity-reservations-only', MlReservationArn: ARN };

  function config(...names: string[]): CfnEndpointConfig {
    return new CfnEndpointConfig(stack, 'Config', {
      productionVariants: names.map(variantName => ({ variantName, modelName: 'llm', initialInstanceCount: 1 })),
    });
  }

  const variants = () => {
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::EndpointConfig'));
    return Properties.ProductionVariants as object[];
  };

  test('has a variant in the reservation alone', () => {
    config('main').with(new EndpointTrainingPlan({ trainingPlan: plan }));
    expect(variants()).toEqual([{ VariantName: 'main', ModelName: 'llm', InitialInstanceCount: 1, CapacityReservationConfig: RESERVATION }]);
  });

  test('leaves other variants as they are', () => {
    config('main', 'canary').with(new EndpointTrainingPlan({ trainingPlan: plan, variantName: 'canary', instanceType: PlanInstanceType.P5_48XLARGE }));
    expect(variants()).toEqual([
      { VariantName: 'main', ModelName: 'llm', InitialInstanceCount: 1 },
      { VariantName: 'canary', ModelName: 'llm', InitialInstanceCount: 1, InstanceType: 'ml.p5.48xlarge', CapacityReservationConfig: RESERVATION },
    ]);
  });

  test('keeps the type that the variant has', () => {
    const resource = config('main');
    resource.productionVariants = [{ variantName: 'main', modelName: 'llm', instanceType: 'ml.p5.48xlarge' }];
    resource.with(new EndpointTrainingPlan({ trainingPlan: plan, instanceType: PlanInstanceType.of(new TrainingPlanLookup(stack, 'Now', { trainingPlan: TrainingPlanSelector.byName('a') }).instanceType) }));
    expect(variants()).toMatchObject([{ InstanceType: 'ml.p5.48xlarge' }]);
  });

  test('takes type and ARN from a look-up, and so waits for it', () => {
    const lookup = new TrainingPlanLookup(stack, 'Now', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
    config('main').with(new EndpointTrainingPlan({ trainingPlan: lookup, instanceType: PlanInstanceType.of(lookup.instanceType) }));
    const [{ InstanceType, CapacityReservationConfig }] = variants() as Record<string, any>[];
    expect(InstanceType['Fn::GetAtt'][1]).toBe('InstanceType');
    expect(CapacityReservationConfig.MlReservationArn['Fn::GetAtt'][1]).toBe('TrainingPlanArn');
  });

  test('waits for what is asserted of the plan, which is asserted again when the endpoint changes', () => {
    const ids = ['main', 'canary'].map(variantName => {
      stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
      plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
      const assertion = new TrainingPlanAssertion(stack, 'Active', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1'), statuses: [TrainingPlanStatus.ACTIVE] });
      config(variantName).with(new EndpointTrainingPlan({ trainingPlan: plan, assertion }));
      const template = Template.fromStack(stack);
      const [[id]] = Object.entries(template.findResources('Custom::HpcTrainingPlansLookup'));
      template.hasResource('AWS::SageMaker::EndpointConfig', { DependsOn: [id] });
      return id;
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('is left alone by a mixin that is applied to everything', () => {
    config('main');
    const other = new CfnResource(stack, 'Other', { type: 'AWS::Some::Thing' });
    const mixin = new EndpointTrainingPlan({ trainingPlan: plan });
    expect(mixin.supports(other)).toBe(false);
    Mixins.of(stack).apply(mixin);
    expect(variants()).toMatchObject([{ CapacityReservationConfig: RESERVATION }]);
  });

  test('names all problems at once', () => {
    const resource = new CfnEndpointConfig(stack, 'Config', {
      productionVariants: [{ variantName: 'main', instanceType: 'ml.p4d.24xlarge', serverlessConfig: { maxConcurrency: 1, memorySizeInMb: 1024 } }],
    });
    const elsewhere = TrainingPlan.fromTrainingPlanArn(stack, 'Elsewhere', 'arn:aws:sagemaker:eu-west-1:111122223333:training-plan/a');
    expect(() => resource.with(new EndpointTrainingPlan({ trainingPlan: elsewhere, instanceType: PlanInstanceType.P5_48XLARGE })))
      .toThrow(/3 problems:[^]*planElsewhere[^]*endpointServerless[^]*endpointInstanceTypeDiffers/);
  });
});
