import { App, CfnResource, Mixins, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  EndpointTrainingPlan, PlanInstanceType, TrainingJobResources, TrainingPlan, TrainingPlanAssertion, TrainingPlanLookup,
  TrainingPlanSelector, TrainingPlanStatus,
  type ITrainingPlan,
} from '../../src/training-plans';

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

describe('a training job on a plan', () => {
  test('has type, count and plan', () => {
    expect(new TrainingJobResources({ trainingPlan: plan, instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4 }).render())
      .toEqual({ InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, TrainingPlanArn: ARN });
  });

  test('has a volume where one is asked for', () => {
    const key = new kms.Key(stack, 'Key');
    const resources = new TrainingJobResources({
      trainingPlan: plan,
      instanceType: PlanInstanceType.P5_48XLARGE,
      instanceCount: 4,
      volumeSize: Size.tebibytes(1),
      volumeEncryptionKey: key,
    });
    expect(resources.render()).toMatchObject({ VolumeSizeInGB: 1024, VolumeKmsKeyId: key.keyArn });
  });

  test('prefers the plan to its fallbacks', () => {
    const second = TrainingPlan.fromTrainingPlanName(stack, 'Second', 'llm-2026-q2');
    expect(new TrainingJobResources({
      trainingPlan: plan,
      instanceType: PlanInstanceType.P5_48XLARGE,
      instanceCount: 4,
      fallbacks: [
        { instanceType: PlanInstanceType.P5EN_48XLARGE, instanceCount: 2, trainingPlan: second },
        { instanceType: PlanInstanceType.P4D_24XLARGE, instanceCount: 8 },
      ],
    }).render()).toEqual({
      InstancePreferences: [
        { InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, TrainingPlanArns: [ARN] },
        { InstanceType: 'ml.p5en.48xlarge', InstanceCount: 2, TrainingPlanArns: [second.trainingPlanArn] },
        { InstanceType: 'ml.p4d.24xlarge', InstanceCount: 8 },
      ],
    });
  });

  test('takes paths of the state\'s input', () => {
    const resources = new TrainingJobResources({
      trainingPlan: plan, instanceType: PlanInstanceType.of(sfn.JsonPath.stringAt('$.type')), instanceCount: sfn.JsonPath.numberAt('$.nodes'),
    });
    expect(sfn.FieldUtils.renderObject(resources.render())).toEqual({ 'InstanceType.$': '$.type', 'InstanceCount.$': '$.nodes', 'TrainingPlanArn': ARN });
  });
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
