import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { training_plans } from 'cdk-hpc-clusters';

/** A plan that was bought for endpoints, and the model to serve. Put your own here. */
const TRAINING_PLAN = 'serving-2026-q1';
const INSTANCE_TYPE = training_plans.PlanInstanceType.P5_48XLARGE;
const IMAGE = '111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1';

/** An inference endpoint on reserved capacity, which is looked up and asserted before anything is made of it. */
class PlanEndpointStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(TRAINING_PLAN),
    });

    // Fails the deployment within seconds where SageMaker would fail it after minutes: an endpoint needs an active plan.
    const assertion = new training_plans.TrainingPlanAssertion(this, 'PlanIsActive', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(TRAINING_PLAN),
      statuses: [training_plans.TrainingPlanStatus.ACTIVE],
      target: training_plans.TargetResource.ENDPOINT,
      instanceType: INSTANCE_TYPE,
      minTotalInstances: 1,
    });

    const role = new iam.Role(this, 'ModelRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const model = new sagemaker.CfnModel(this, 'Model', { executionRoleArn: role.roleArn, primaryContainer: { image: IMAGE } });
    const config = new sagemaker.CfnEndpointConfig(this, 'Config', {
      productionVariants: [{
        variantName: 'main',
        modelName: model.attrModelName,
        instanceType: INSTANCE_TYPE.value,
        initialInstanceCount: 1,
      }],
    });
    config.with(new training_plans.EndpointTrainingPlan({ trainingPlan: plan, instanceType: INSTANCE_TYPE, assertion }));
    const endpoint = new sagemaker.CfnEndpoint(this, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });

    // The endpoint stops serving when the plan ends, so somebody is told five days before.
    new training_plans.TrainingPlanWatch(this, 'Watch', {
      trainingPlan: plan,
      noticeBeforeEnd: Duration.days(5),
      topic: new sns.Topic(this, 'OnCall'),
    });

    new CfnOutput(this, 'EndpointName', { value: endpoint.attrEndpointName });
    new CfnOutput(this, 'PlanEnd', { value: plan.endTime });
  }
}

const app = new App();
new PlanEndpointStack(app, 'PlanEndpoint', { env: { region: 'us-east-1' } });
app.synth();
