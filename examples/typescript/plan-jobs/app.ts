import { App, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { training_plans } from 'cdk-hpc-clusters';

/** A plan that was bought for training jobs, and the code to train with. Put your own here. */
const TRAINING_PLAN = 'llm-2026-q1';
const IMAGE = '111122223333.dkr.ecr.us-east-1.amazonaws.com/training:1';

/** Training jobs on reserved capacity, started by a state machine, and a watch of the plan. */
class PlanJobsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(TRAINING_PLAN),
    });
    const models = s3.Bucket.fromBucketName(this, 'Models', `models-${Aws.ACCOUNT_ID}`);

    const jobRole = new iam.Role(this, 'JobRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    models.grantReadWrite(jobRole);

    // Four instances of the plan; while it has none to spare, eight older ones On-Demand.
    const resources = new training_plans.TrainingJobResources({
      trainingPlan: plan,
      instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
      instanceCount: 4,
      fallbacks: [{ instanceType: training_plans.PlanInstanceType.P4D_24XLARGE, instanceCount: 8 }],
    });
    const train = new sfn.CustomState(this, 'Train', {
      stateJson: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::sagemaker:createTrainingJob.sync`,
        Parameters: {
          'TrainingJobName.$': '$$.Execution.Name',
          'RoleArn': jobRole.roleArn,
          'AlgorithmSpecification': { TrainingImage: IMAGE, TrainingInputMode: 'File' },
          'ResourceConfig': resources.render(),
          'CheckpointConfig': { S3Uri: models.s3UrlForObject('checkpoints') },
          'OutputDataConfig': { S3OutputPath: models.s3UrlForObject('models') },
          'StoppingCondition': { MaxRuntimeInSeconds: 5 * 24 * 3600 },
        },
      },
    });
    const machine = new sfn.StateMachine(this, 'Training', { definitionBody: sfn.DefinitionBody.fromChainable(train) });

    // The job itself, and the capacity that it runs on.
    machine.addToRolePolicy(new iam.PolicyStatement({
      actions: ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob', 'sagemaker:AddTags'],
      resources: [this.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: '*' })],
    }));
    machine.addToRolePolicy(new iam.PolicyStatement({
      actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
      resources: [this.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForSageMakerTrainingJobsRule' })],
    }));
    jobRole.grantPassRole(machine.role);
    plan.grants.use(machine);

    const watch = new training_plans.TrainingPlanWatch(this, 'Watch', {
      trainingPlan: plan,
      topic: new sns.Topic(this, 'OnCall'),
    });
    // Reserved instances that nobody uses for six hours are money that nobody gets back.
    watch.metricAvailableInstances().createAlarm(this, 'Idle', { threshold: 1, evaluationPeriods: 72 });

    new CfnOutput(this, 'StateMachine', { value: machine.stateMachineArn });
    new CfnOutput(this, 'PlanStatus', { value: plan.status });
  }
}

const app = new App();
new PlanJobsStack(app, 'PlanJobs', { env: { region: 'us-east-1' } });
app.synth();
