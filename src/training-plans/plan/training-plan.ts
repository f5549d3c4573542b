import { Resource, type IResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TrainingPlanGrants } from './training-plan-grants';
import type { ITrainingPlanRef, TrainingPlanReference } from './vocabulary/training-plan-ref';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { checkArn, checkName } from '../private/checks/validation';
import { nameInArn, planArn } from '../private/rendering/arn';

/**
 * A training plan: accelerated capacity of SageMaker, reserved and paid for a window of time.
 */
export interface ITrainingPlan extends IResource, ITrainingPlanRef {
  /**
   * The ARN of the plan.
   *
   * @attribute
   */
  readonly trainingPlanArn: string;

  /**
   * The name of the plan, unique in its account and Region.
   *
   * @attribute
   */
  readonly trainingPlanName: string;

  /**
   * Permissions on the plan.
   */
  readonly grants: TrainingPlanGrants;
}

/**
 * A training plan: accelerated capacity of SageMaker, reserved and paid for a window of time.
 *
 * This class imports a plan that exists. It creates nothing, reads nothing and costs nothing; `TrainingPlanLookup` reads a
 * plan at deploy time.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
 *
 * @example
 * const plan = training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q1');
 */
@checked('training_plans.TrainingPlan')
export abstract class TrainingPlan extends Resource implements ITrainingPlan {
  /**
   * Imports a plan of the stack's account and Region. The ARN follows from the name.
   *
   * @param trainingPlanName The name: 1 to 64 letters, digits and hyphens, the first and the last of which is no hyphen.
   */
  public static fromTrainingPlanName(scope: Construct, id: string, trainingPlanName: string): ITrainingPlan {
    const problems = new Problems();
    checkName(problems, 'trainingPlanName', trainingPlanName);
    problems.throwIfAny(scope);
    return new ImportedTrainingPlan(scope, id, planArn(scope, trainingPlanName), trainingPlanName);
  }

  /**
   * Imports a plan by its ARN, which may be of another Region.
   *
   * Plans can't be shared: whatever uses one has to be in its account and Region.
   *
   * @param trainingPlanArn The ARN, for example `arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1`.
   */
  public static fromTrainingPlanArn(scope: Construct, id: string, trainingPlanArn: string): ITrainingPlan {
    const problems = new Problems();
    checkArn(problems, 'trainingPlanArn', trainingPlanArn);
    problems.throwIfAny(scope);
    return new ImportedTrainingPlan(scope, id, trainingPlanArn, nameInArn(scope, trainingPlanArn), trainingPlanArn);
  }

  public abstract readonly trainingPlanArn: string;
  public abstract readonly trainingPlanName: string;

  /**
   * Permissions on the plan.
   */
  public readonly grants: TrainingPlanGrants = TrainingPlanGrants.fromTrainingPlan(this);

  public get trainingPlanRef(): TrainingPlanReference {
    return { trainingPlanArn: this.trainingPlanArn };
  }
}

class ImportedTrainingPlan extends TrainingPlan {
  public constructor(
    scope: Construct,
    id: string,
    public readonly trainingPlanArn: string,
    public readonly trainingPlanName: string,
    environmentFromArn?: string,
  ) {
    super(scope, id, { environmentFromArn });
  }
}
