import { Stack } from 'aws-cdk-lib';
import type { ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import type { ITrainingPlanRef, TrainingPlanReference } from '../../src/training-plans';

/** What somebody else's construct is to ours: the ARN of a plan, and nothing else. */
export class PlanReference extends Construct implements ITrainingPlanRef {
  public readonly trainingPlanRef: TrainingPlanReference;

  public constructor(scope: Construct, id: string, trainingPlanArn: string) {
    super(scope, id);
    this.trainingPlanRef = { trainingPlanArn };
  }

  public get env(): ResourceEnvironment {
    const { account, region } = Stack.of(this);
    return { account, region };
  }
}
