import { checked } from '../../../private/inputs/checked';
import type { ITrainingPlanRef } from '../../../training-plans/plan/vocabulary/training-plan-ref';

/** @internal */
export type CapacityChoice =
  | { readonly kind: 'onDemand' }
  | { readonly kind: 'spot' }
  | { readonly kind: 'trainingPlan'; readonly plan: ITrainingPlanRef };

/**
 * Where the instances of a group come from. The service refuses to change it: make another group.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterCapacityRequirements.html
 */
@checked('hyperpod.Capacity')
export class Capacity {
  /** On-demand instances, paid for by the second. */
  public static onDemand(): Capacity {
    return new Capacity({ kind: 'onDemand' });
  }

  /**
   * Spot instances, which AWS may take back two minutes after it says so. Needs `NodeProvisioningMode.CONTINUOUS`.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-spot.html
   */
  public static spot(): Capacity {
    return new Capacity({ kind: 'spot' });
  }

  /**
   * Capacity of a training plan, which is paid for already.
   *
   * The plan must be for HyperPod clusters, of the type of the group, and Scheduled or Active. The subnets of the group must be
   * in the zone of the plan: else SageMaker may take on-demand instances, which cost extra. The instances are taken back one
   * hour before the plan ends. Whoever deploys needs `sagemaker:CreateCluster` and `sagemaker:UpdateCluster` on the plan and
   * its reserved capacity, too.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
   * @param plan The training plan.
   */
  public static trainingPlan(plan: ITrainingPlanRef): Capacity {
    return new Capacity({ kind: 'trainingPlan', plan });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.Capacity';

  private constructor(
    /** @internal */
    public readonly _choice: CapacityChoice,
  ) {}
}
