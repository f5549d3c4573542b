/**
 * Where a training plan is in its life.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-details-using-api-cli-sdk.html
 */
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
   * A status that has no constant here. It isn't checked.
   *
   * @param name as the API calls it, such as Active
   */
  public static of(name: string): TrainingPlanStatus {
    return new TrainingPlanStatus(name);
  }

  /** @internal */
  public readonly _kind = 'training_plans.TrainingPlanStatus';

  private constructor(
    /** The name as the API has it, such as `Active`. */
    public readonly name: string,
  ) {}
}
