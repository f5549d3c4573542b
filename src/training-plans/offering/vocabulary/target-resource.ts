import { checked } from '../../../private/inputs/checked';

/**
 * What can use the capacity of a training plan. It is chosen with the offering and can't be changed afterwards.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
@checked('training_plans.TargetResource')
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
   * A target that this library doesn't know. It isn't checked.
   *
   * @param value The target in the words of the service, for example `hyperpod-cluster`.
   */
  public static of(value: string): TargetResource {
    return new TargetResource(value);
  }

  /** @internal */
  public readonly _kind = 'training_plans.TargetResource';

  private constructor(
    /** The target in the words of the service, such as `hyperpod-cluster`. */
    public readonly value: string,
  ) {}
}
