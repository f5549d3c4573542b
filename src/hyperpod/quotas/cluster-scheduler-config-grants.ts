import * as iam from 'aws-cdk-lib/aws-iam';
import type { IClusterSchedulerConfigRef } from './cluster-scheduler-config';
import { checked } from '../../private/inputs/checked';
import { SCHEDULER_CONFIG_READ_ACTIONS, SCHEDULER_CONFIG_MANAGE_ACTIONS } from '../private/facts/perms';

/**
 * Permissions on one scheduler configuration.
 *
 * `sagemaker:ListClusterSchedulerConfigs` can't be limited to one configuration, so it isn't among them.
 */
@checked('hyperpod.ClusterSchedulerConfigGrants')
export class ClusterSchedulerConfigGrants {
  /**
   * The grants of a scheduler configuration, wherever it comes from.
   *
   * @param config The scheduler configuration.
   */
  public static fromClusterSchedulerConfig(config: IClusterSchedulerConfigRef): ClusterSchedulerConfigGrants {
    return new ClusterSchedulerConfigGrants(config);
  }

  private constructor(private readonly config: IClusterSchedulerConfigRef) {}

  /**
   * Grants reading the scheduler configuration to a principal.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...SCHEDULER_CONFIG_READ_ACTIONS);
  }

  /**
   * Grants reading and updating the scheduler configuration, but not deleting it, to a principal.
   *
   * This happens outside of CloudFormation: the next deployment that changes the scheduler configuration undoes it.
   *
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...SCHEDULER_CONFIG_MANAGE_ACTIONS);
  }

  /**
   * Grants actions of your choice on the scheduler configuration to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, such as `sagemaker:DeleteClusterSchedulerConfig`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.config.clusterSchedulerConfigRef.clusterSchedulerConfigArn] });
  }
}
