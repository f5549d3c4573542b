import { App, Size, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PlanInstanceType, TrainingJobResources, TrainingPlan, type ITrainingPlan } from '../../../src/training-plans';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';

let stack: Stack;
let plan: ITrainingPlan;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  plan = TrainingPlan.fromTrainingPlanArn(stack, 'Plan', ARN);
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
