import type * as iam from 'aws-cdk-lib/aws-iam';
import { checked } from '../../../private/inputs/checked';

/** How Karpenter scales a cluster. */
export interface KarpenterOptions {
  /**
   * The role with which SageMaker adds and removes nodes. It can't be changed while autoscaling is on.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-autoscaling-iam.html
   * @default - one that may do this, and no more
   */
  readonly role?: iam.IRole;
}

/**
 * Whether the number of nodes follows the work that waits.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-autoscaling.html
 */
@checked('hyperpod.AutoScaling')
export class AutoScaling {
  /**
   * Karpenter, which SageMaker runs. For clusters on EKS with `NodeProvisioningMode.CONTINUOUS` and automatic node recovery.
   *
   * Give groups that it scales 0 instances. It changes their number outside of CloudFormation, so a deployment that changes a
   * group sets the number back to yours.
   */
  public static karpenter(options: KarpenterOptions = {}): AutoScaling {
    return new AutoScaling(true, options.role);
  }

  /** No autoscaling, where it was on before. */
  public static disabled(): AutoScaling {
    return new AutoScaling(false);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.AutoScaling';

  private constructor(
    /** @internal */
    public readonly _enabled: boolean,
    /** @internal */
    public readonly _role?: iam.IRole,
  ) {}
}
