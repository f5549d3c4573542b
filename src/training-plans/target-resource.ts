/**
 * What can use the capacity of a training plan. It is chosen with the offering and can't be changed afterwards.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
export class TargetResource {
  /** SageMaker training jobs. */
  public static readonly TRAINING_JOB = new TargetResource('training-job');

  /** The instance groups of a HyperPod cluster. All capacity of such a plan is in one zone. */
  public static readonly HYPERPOD_CLUSTER = new TargetResource('hyperpod-cluster');

  /** SageMaker inference endpoints. */
  public static readonly ENDPOINT = new TargetResource('endpoint');

  /** Applications of SageMaker Studio. */
  public static readonly STUDIO_APPS = new TargetResource('studio-apps');

  /**
   * A target that has no constant here. It isn't checked.
   *
   * @param name as the API calls it, such as hyperpod-cluster
   */
  public static of(name: string): TargetResource {
    return new TargetResource(name);
  }

  /** @internal */
  public readonly _kind = 'training_plans.TargetResource';

  private constructor(
    /** The name as the API has it, such as `hyperpod-cluster`. */
    public readonly name: string,
  ) {}
}
