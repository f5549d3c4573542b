import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { checked } from '../../private/inputs/checked';
import { CLUSTER_READ_ACTIONS, CLUSTER_MANAGE_ACTIONS, NODE_OPERATION_ACTIONS, NODE_SCALING_ACTIONS } from '../private/facts/perms';

/**
 * Permissions on one cluster.
 *
 * `sagemaker:ListClusters` can't be limited to one cluster, so it isn't among them.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
@checked('hyperpod.ClusterGrants')
export class ClusterGrants {
  /**
   * The grants of a cluster, wherever it comes from.
   *
   * @param cluster The cluster.
   */
  public static fromCluster(cluster: sagemaker.IClusterRef): ClusterGrants {
    return new ClusterGrants(cluster);
  }

  private constructor(private readonly cluster: sagemaker.IClusterRef) {}

  /**
   * Grants reading the cluster, its nodes and its events to a principal.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS);
  }

  /**
   * Grants rebooting and replacing nodes, testing their health and reading the results to a principal.
   *
   * @param grantee The principal.
   */
  public operateNodes(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS, ...NODE_OPERATION_ACTIONS);
  }

  /**
   * Grants adding and deleting nodes of a cluster with continuous provisioning to a principal.
   *
   * This happens outside of CloudFormation: the next deployment that changes the cluster sets the number of instances back.
   *
   * @param grantee The principal.
   */
  public scaleNodes(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS, ...NODE_SCALING_ACTIONS);
  }

  /**
   * Grants reading and updating the cluster and the software of its nodes, but not deleting it, to a principal.
   *
   * This happens outside of CloudFormation: the next deployment that changes the cluster undoes it. The principal also needs
   * `iam:PassRole` on the execution roles.
   *
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS, ...CLUSTER_MANAGE_ACTIONS);
  }

  /**
   * Grants actions of your choice on the cluster to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, such as `sagemaker:DeleteCluster`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.cluster.clusterRef.clusterArn] });
  }
}
