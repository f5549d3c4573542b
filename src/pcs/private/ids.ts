import { Fn, Stack } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { Construct } from 'constructs';
import { RULES } from './rules';
import { checkForm } from '../../private/forms';
import { isConcrete, Problems } from '../../private/problems';

/** Cluster ARNs end in `cluster/<id>`. */
export function clusterIdFromArn(arn: string): string {
  return Fn.select(1, Fn.split('/', arn));
}

/** Refuses what is known and isn't the id of a cluster, such as its name. */
export function refuseOtherThanId(scope: Construct, clusterId: string): void {
  const problems = new Problems();
  checkForm(problems, RULES.clusterId, 'clusterId', clusterId);
  problems.throwIfAny(scope);
}

/** ARNs of node groups end in `cluster/<id>/computenodegroup/<id>`, those of queues in `cluster/<id>/queue/<id>`. */
export function memberIdFromArn(arn: string): string {
  return Fn.select(3, Fn.split('/', arn));
}

/** The id of a cluster: its own where it has one, else taken out of its ARN. */
export function clusterIdOf(cluster: pcs.IClusterRef): string {
  return (cluster as { clusterId?: string }).clusterId ?? clusterIdFromArn(cluster.clusterRef.clusterArn);
}

/** The id of a node group: its own where it has one, else taken out of its ARN. */
export function nodeGroupIdOf(group: pcs.IComputeNodeGroupRef): string {
  return (group as { computeNodeGroupId?: string }).computeNodeGroupId
    ?? memberIdFromArn(group.computeNodeGroupRef.computeNodeGroupArn);
}

/**
 * The ARN of a cluster of a stack's account and Region, for permissions of the look-up function.
 *
 * ARNs hold ids, so a name stands for any cluster. So does what is known at deployment only: the function would wait for the
 * cluster, and so would all other look-ups, among them those that the cluster waits for.
 */
export function clusterArnOf(scope: Construct, identifier: string): string {
  return Stack.of(scope).formatArn({ service: 'pcs', resource: 'cluster', resourceName: idOrAny(identifier) });
}

/** The id of a cluster or node group, or a wildcard where it isn't known to be one. */
export function idOrAny(identifier: string): string {
  return isConcrete(identifier) && identifier.startsWith('pcs_') ? identifier : '*';
}
