import * as iam from 'aws-cdk-lib/aws-iam';
import { READ_ACTIONS } from './private/perms';
import type { ITrainingPlanRef } from './training-plan';

/**
 * Permissions on a training plan.
 */
export class TrainingPlanGrants {
  /**
   * Grants for a plan of this library, or for anything that has the ARN of one.
   */
  public static fromTrainingPlan(plan: ITrainingPlanRef): TrainingPlanGrants {
    return new TrainingPlanGrants(plan);
  }

  private constructor(private readonly plan: ITrainingPlanRef) {}

  /**
   * Lets a principal describe the plan: status, times, counts, fee, and where its capacity is.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: READ_ACTIONS,
      resourceArns: [this.plan.trainingPlanRef.trainingPlanArn],
    });
  }
}
