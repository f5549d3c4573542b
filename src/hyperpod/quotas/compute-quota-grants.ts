import * as iam from 'aws-cdk-lib/aws-iam';
import type { IComputeQuotaRef } from './compute-quota';
import { checked } from '../../private/inputs/checked';
import { COMPUTE_QUOTA_READ_ACTIONS, COMPUTE_QUOTA_MANAGE_ACTIONS } from '../private/facts/perms';

/**
 * Permissions on one compute quota.
 *
 * `sagemaker:ListComputeQuotas` can't be limited to one quota, so it isn't among them.
 */
@checked('hyperpod.ComputeQuotaGrants')
export class ComputeQuotaGrants {
  /**
   * The grants of a quota, wherever it comes from.
   *
   * @param quota The quota.
   */
  public static fromComputeQuota(quota: IComputeQuotaRef): ComputeQuotaGrants {
    return new ComputeQuotaGrants(quota);
  }

  private constructor(private readonly quota: IComputeQuotaRef) {}

  /**
   * Grants reading the quota, including the values that SageMaker filled in, to a principal.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...COMPUTE_QUOTA_READ_ACTIONS);
  }

  /**
   * Grants reading and updating the quota, but not deleting it, to a principal.
   *
   * This happens outside of CloudFormation: the next deployment that changes the quota undoes it.
   *
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...COMPUTE_QUOTA_MANAGE_ACTIONS);
  }

  /**
   * Grants actions of your choice on the quota to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, such as `sagemaker:DeleteComputeQuota`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.quota.computeQuotaRef.computeQuotaArn] });
  }
}
