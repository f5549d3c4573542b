import { checked } from '../../../private/inputs/checked';

/**
 * Where a training plan is in its life.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-details-using-api-cli-sdk.html
 */
@checked('training_plans.TrainingPlanStatus')
export class TrainingPlanStatus {
  /** Bought, and not paid yet. */
  public static readonly PENDING = new TrainingPlanStatus('Pending');

  /** Paid, and not begun, or between two blocks of capacity. */
  public static readonly SCHEDULED = new TrainingPlanStatus('Scheduled');

  /** Its capacity can be used. */
  public static readonly ACTIVE = new TrainingPlanStatus('Active');

  /** Over. */
  public static readonly EXPIRED = new TrainingPlanStatus('Expired');

  /** Never came about: the payment failed. */
  public static readonly FAILED = new TrainingPlanStatus('Failed');

  /**
   * A status that this library doesn't know. It isn't checked.
   *
   * @param value The status in the words of the service, for example `Active`.
   */
  public static of(value: string): TrainingPlanStatus {
    return new TrainingPlanStatus(value);
  }

  /** @internal */
  public readonly _kind = 'training_plans.TrainingPlanStatus';

  private constructor(
    /** The status in the words of the service, such as `Active`. */
    public readonly value: string,
  ) {}
}
