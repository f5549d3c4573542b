import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';

/**
 * A reference to a training plan.
 */
export interface TrainingPlanReference {
  /**
   * The ARN of the plan.
   */
  readonly trainingPlanArn: string;
}

/**
 * Anything that has the ARN of a training plan. What uses the capacity of a plan takes this.
 */
export interface ITrainingPlanRef extends IConstruct, IEnvironmentAware {
  /**
   * A reference to the plan.
   */
  readonly trainingPlanRef: TrainingPlanReference;
}
