import { Fn } from 'aws-cdk-lib';
import type { IClusterRef, IComputeNodeGroupRef } from 'aws-cdk-lib/aws-pcs';

/** Cluster ARNs end in `cluster/<id>`. */
export function clusterIdFromArn(arn: string): string {
  return Fn.select(1, Fn.split('/', arn));
}

/** ARNs of node groups end in `cluster/<id>/computenodegroup/<id>`, those of queues in `cluster/<id>/queue/<id>`. */
export function memberIdFromArn(arn: string): string {
  return Fn.select(3, Fn.split('/', arn));
}

/** The id of a cluster: its own where it has one, else taken out of its ARN. */
export function clusterIdOf(cluster: IClusterRef): string {
  return (cluster as { clusterId?: string }).clusterId ?? clusterIdFromArn(cluster.clusterRef.clusterArn);
}

/** The id of a node group: its own where it has one, else taken out of its ARN. */
export function nodeGroupIdOf(group: IComputeNodeGroupRef): string {
  return (group as { computeNodeGroupId?: string }).computeNodeGroupId
    ?? memberIdFromArn(group.computeNodeGroupRef.computeNodeGroupArn);
}
