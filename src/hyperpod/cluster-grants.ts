import * as iam from 'aws-cdk-lib/aws-iam';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import { CLUSTER_READ_ACTIONS, CLUSTER_UPDATE_ACTIONS, NODE_OPERATION_ACTIONS, NODE_SCALING_ACTIONS } from './private/perms';

/**
 * Permissions on one cluster.
 *
 * `sagemaker:ListClusters` can't be limited to one cluster, so it isn't among them.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export class ClusterGrants {
  /** Permissions on a cluster, wherever it comes from. */
  public static fromCluster(cluster: aws_sagemaker.IClusterRef): ClusterGrants {
    return new ClusterGrants(cluster);
  }

  private constructor(private readonly cluster: aws_sagemaker.IClusterRef) {}

  /** Lets a principal read the cluster, its nodes and its events. */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, CLUSTER_READ_ACTIONS);
  }

  /** Lets a principal reboot and replace nodes, test their health, and read what comes of it. */
  public operateNodes(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [...CLUSTER_READ_ACTIONS, ...NODE_OPERATION_ACTIONS]);
  }

  /**
   * Lets a principal add and delete nodes of a cluster with continuous provisioning, outside of CloudFormation. The next
   * deployment that touches the cluster sets the number of instances back.
   */
  public scaleNodes(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [...CLUSTER_READ_ACTIONS, ...NODE_SCALING_ACTIONS]);
  }

  /**
   * Lets a principal change the cluster and the software of its nodes outside of CloudFormation, which the next deployment that
   * touches it undoes. The principal needs `iam:PassRole` on the execution roles besides.
   */
  public update(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [...CLUSTER_READ_ACTIONS, ...CLUSTER_UPDATE_ACTIONS]);
  }

  /** Lets a principal do the given actions, such as `sagemaker:DeleteCluster`, on the cluster. */
  public actions(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.cluster.clusterRef.clusterArn] });
  }
}
