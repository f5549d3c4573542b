import * as iam from 'aws-cdk-lib/aws-iam';
import type { IComputeQuota } from './compute-quota';
import { COMPUTE_QUOTA_READ_ACTIONS, COMPUTE_QUOTA_UPDATE_ACTIONS } from './private/perms';

/**
 * Permissions on one compute quota.
 *
 * `sagemaker:ListComputeQuotas` can't be limited to one quota, so it isn't among them.
 */
export class ComputeQuotaGrants {
  /** Permissions on a quota, wherever it comes from. */
  public static fromComputeQuota(quota: IComputeQuota): ComputeQuotaGrants {
    return new ComputeQuotaGrants(quota);
  }

  private constructor(private readonly quota: IComputeQuota) {}

  /** Lets a principal read the quota, including the values that SageMaker filled in. */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, COMPUTE_QUOTA_READ_ACTIONS);
  }

  /**
   * Lets a principal change the quota outside of CloudFormation, which the next deployment that touches the quota undoes.
   */
  public update(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, COMPUTE_QUOTA_UPDATE_ACTIONS);
  }

  /** Lets a principal do the given actions, such as `sagemaker:DeleteComputeQuota`, on the quota. */
  public actions(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.quota.computeQuotaArn] });
  }
}
