import * as iam from 'aws-cdk-lib/aws-iam';
import type { IClusterSchedulerConfig } from './cluster-scheduler-config';
import { SCHEDULER_CONFIG_READ_ACTIONS, SCHEDULER_CONFIG_UPDATE_ACTIONS } from './private/perms';

/**
 * Permissions on one scheduler configuration.
 *
 * `sagemaker:ListClusterSchedulerConfigs` can't be limited to one configuration, so it isn't among them.
 */
export class ClusterSchedulerConfigGrants {
  /** Permissions on a scheduler configuration, wherever it comes from. */
  public static fromClusterSchedulerConfig(config: IClusterSchedulerConfig): ClusterSchedulerConfigGrants {
    return new ClusterSchedulerConfigGrants(config);
  }

  private constructor(private readonly config: IClusterSchedulerConfig) {}

  /** Lets a principal read the scheduler configuration. */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, SCHEDULER_CONFIG_READ_ACTIONS);
  }

  /**
   * Lets a principal change the scheduler configuration outside of CloudFormation, which the next deployment that touches it
   * undoes.
   */
  public update(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, SCHEDULER_CONFIG_UPDATE_ACTIONS);
  }

  /** Lets a principal do the given actions, such as `sagemaker:DeleteClusterSchedulerConfig`, on the scheduler configuration. */
  public actions(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.config.clusterSchedulerConfigArn] });
  }
}
