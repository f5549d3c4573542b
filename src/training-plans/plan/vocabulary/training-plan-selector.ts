import type { ITrainingPlanRef } from './training-plan-ref';
import type { TrainingPlanStatus } from './training-plan-status';
import { checked } from '../../../private/inputs/checked';
import type { PlanInstanceType } from '../../offering/vocabulary/plan-instance-type';
import type { TargetResource } from '../../offering/vocabulary/target-resource';

/** What a training plan must be to be found. Exactly one of the account's plans in the Region must satisfy all of it. */
export interface TrainingPlanCriteria {
  /**
   * The statuses that it may have.
   *
   * @default - any, also expired and failed ones
   */
  readonly statuses?: TrainingPlanStatus[];

  /**
   * What must be able to use it.
   *
   * @default - any
   */
  readonly target?: TargetResource;

  /**
   * A type of instances that it must have.
   *
   * @default - any
   */
  readonly instanceType?: PlanInstanceType;

  /**
   * It begins at this instant or later: ISO 8601 with a zone, such as `2026-12-01T00:00:00Z`.
   *
   * @default - at any time
   */
  readonly startAfter?: string;

  /**
   * It ends at this instant or earlier: ISO 8601 with a zone.
   *
   * @default - at any time
   */
  readonly endBefore?: string;
}

/** Which training plan is read. */
@checked('training_plans.TrainingPlanSelector')
export class TrainingPlanSelector {
  /** The plan of a name, in the account and Region of the stack. */
  public static byName(trainingPlanName: string): TrainingPlanSelector {
    return new TrainingPlanSelector({ name: trainingPlanName });
  }

  /** The plan of an ARN. It must be in the account and Region of the stack: another one is refused. */
  public static byArn(trainingPlanArn: string): TrainingPlanSelector {
    return new TrainingPlanSelector({ arn: trainingPlanArn });
  }

  /** A plan that the app has, such as one that it buys: the read waits for it. */
  public static fromTrainingPlan(plan: ITrainingPlanRef): TrainingPlanSelector {
    const { trainingPlanName } = plan as { readonly trainingPlanName?: string };
    return new TrainingPlanSelector({ arn: plan.trainingPlanRef.trainingPlanArn, knownName: trainingPlanName });
  }

  /**
   * The only plan in the account and Region of the stack that satisfies criteria.
   *
   * The deployment fails where there is none, or several, and names them. The look-up function may then list and describe all plans
   * of the account in the Region: IAM can't limit the listing, and the name isn't known before.
   */
  public static byCriteria(criteria: TrainingPlanCriteria): TrainingPlanSelector {
    return new TrainingPlanSelector({ criteria });
  }

  /** @internal */
  public readonly _kind = 'training_plans.TrainingPlanSelector';

  private constructor(
    /** @internal */
    public readonly _selection: {
      readonly name?: string;
      readonly arn?: string;
      /** The name of the plan of an ARN that may be known only at deployment. */
      readonly knownName?: string;
      readonly criteria?: TrainingPlanCriteria;
    },
  ) {}
}
