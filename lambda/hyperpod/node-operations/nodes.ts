import { INSTANCE_ID, NODE_LOGICAL_ID, fits } from '../../../src/private/contracts/forms';
import { MAX_NODES_PER_CALL, type RepairAction } from '../../../src/private/contracts/node-operations';
import type { BatchOutcome, ClusterDescription, NodeNames, NodeSummary } from '../../clients/hyperpod-nodes';
import { HandlerError, failureOf } from '../../shared/errors';

/** Whether a text is the id of an instance. Every other text may be a logical id. */
export function isInstanceId(id: string): boolean {
  return fits(INSTANCE_ID, id);
}

/** Refuses what is no id of a node. */
export function checkNodeId(id: unknown): string {
  if (typeof id !== 'string' || !(fits(INSTANCE_ID, id) || fits(NODE_LOGICAL_ID, id))) {
    throw new HandlerError('InvalidInput', `${JSON.stringify(id)} is neither the id of an instance nor a logical id of a node`);
  }
  return id;
}

/** Refuses a call without nodes or with more than the service takes, which counts both lists together. */
export function checkCall({ NodeIds = [], NodeLogicalIds = [] }: NodeNames): void {
  const count = NodeIds.length + NodeLogicalIds.length;
  if (count < 1 || count > MAX_NODES_PER_CALL) {
    throw new HandlerError(
      'InvalidInput', `one call takes 1 to ${MAX_NODES_PER_CALL} nodes over both lists of ids, got ${count}; a node repair takes any number`,
    );
  }
  [...NodeIds, ...NodeLogicalIds].forEach(checkNodeId);
}

/** A node that the service refused, whichever list it was in. */
export interface FailedNode {
  readonly Node: string;
  readonly ErrorCode: string;
  readonly Message: string;
}

/** The nodes that the service refused. */
export function failedNodes(outcome: BatchOutcome): FailedNode[] {
  const failed = (Node: string | undefined, ErrorCode: string | undefined, Message: string | undefined) => (
    { Node: Node ?? '', ErrorCode: ErrorCode ?? '', Message: Message ?? '' });
  return [
    ...(outcome.Failed ?? []).map(each => failed(each.NodeId, each.ErrorCode, each.Message)),
    ...(outcome.FailedNodeLogicalIds ?? []).map(each => failed(each.NodeLogicalId, each.ErrorCode, each.Message)),
  ];
}

/** The answer of a call, with all its lists. */
export function wholeOutcome(outcome: BatchOutcome): Required<Omit<BatchOutcome, '$metadata'>> {
  return {
    Successful: outcome.Successful ?? [],
    Failed: outcome.Failed ?? [],
    SuccessfulNodeLogicalIds: outcome.SuccessfulNodeLogicalIds ?? [],
    FailedNodeLogicalIds: outcome.FailedNodeLogicalIds ?? [],
  };
}

/** What a call of mixed ids looks like. */
export function byKind(ids: readonly string[]): NodeNames {
  return { NodeIds: ids.filter(isInstanceId), NodeLogicalIds: ids.filter(id => !isInstanceId(id)) };
}

/** Codes of nodes that may be taken later: something else is going on with the node, or the service had a problem of its own. */
const MAY_WORK_LATER = new Set(['InstanceIdInUse', 'InvalidInstanceStatus', 'InternalServerError']);

/** Whether a refused node is worth another call. One that isn't there never is. */
export function mayWorkLater(code: string): boolean {
  return MAY_WORK_LATER.has(code);
}

/**
 * Whether the service has refused a call as a whole, so that nothing has happened. It may have where the answer is lost, or tells of
 * a failure of the service.
 */
export function isRefusal(error: unknown): boolean {
  const { code, kind } = failureOf(error);
  const { httpStatusCode: status = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return kind === 'denied' || kind === 'not-found' || code === 'ValidationException' || (status >= 400 && status < 500);
}

/** Whether the nodes of a cluster keep a logical id when their instances are replaced. */
export function hasLogicalIds(cluster: ClusterDescription): boolean {
  return cluster.NodeProvisioningMode === 'Continuous';
}

/** A group of a cluster, restricted or not. */
export function groupOf({ InstanceGroups = [], RestrictedInstanceGroups = [] }: ClusterDescription, name: string) {
  return [...InstanceGroups, ...RestrictedInstanceGroups].find(group => group.InstanceGroupName === name);
}

/** Statuses in which something is going on with a node already. */
const BUSY = new Set(['Pending', 'ShuttingDown', 'SystemUpdating', 'DeepHealthCheckInProgress', 'DetachInProgress', 'AttachInProgress']);

/** Whether something is going on with a node already. */
export function isBusy(status: string | undefined): boolean {
  return BUSY.has(status ?? '');
}

/** Statuses in which a node may be touched. What isn't known, or isn't said, is none of them. */
const TOUCHABLE = new Set(['Running', 'Failure']);

/** Whether nothing is going on with a node, as far as it says. */
export function isTouchable(status: string | undefined): boolean {
  return TOUCHABLE.has(status ?? '');
}

/** The groups of a cluster that hold a Slurm controller: those that the cluster tells of, and those named of it that it has. */
export function controllerGroups(cluster: ClusterDescription, named: readonly string[]): ReadonlySet<string> {
  const said = (cluster.InstanceGroups ?? [])
    .filter(group => group.SlurmConfig?.NodeType === 'Controller')
    .map(group => group.InstanceGroupName ?? '');
  return new Set([...said, ...named.filter(name => groupOf(cluster, name))]);
}

/** A reason why nodes can't be touched: a word for programs, and a sentence for people. */
export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

/** What an action needs of a cluster, whichever node it is about. */
export function clusterObstacle(
  action: RepairAction, cluster: ClusterDescription, nodes: readonly Pick<NodeSummary, 'LastSoftwareUpdateTime'>[], requirePatched: boolean,
): Obstacle | undefined {
  if (cluster.ClusterStatus !== 'InService') {
    return { reason: 'ClusterNotInService', message: `the cluster is ${cluster.ClusterStatus}; nodes are repaired while it is InService` };
  }
  if (action === 'Replace' && requirePatched && nodes.every(node => node.LastSoftwareUpdateTime === undefined)) {
    return {
      reason: 'NeverPatched',
      message: 'no node says that its software was ever updated; replacing needs a cluster that UpdateClusterSoftware has patched once',
    };
  }
  return undefined;
}

/**
 * What an action needs of a group. A Slurm controller can't be replaced, and rebooting it stops the whole cluster; where the
 * cluster doesn't say which group it is in, no group is safe.
 */
export function groupObstacle(cluster: ClusterDescription, group: string, named: readonly string[]): Obstacle | undefined {
  if (cluster.Orchestrator?.Eks) { return undefined; }
  if (!groupOf(cluster, group)) {
    return {
      reason: 'GroupUnknown',
      message: group === '' ? 'the service does not say which group the node is in' : `the cluster does not tell of group ${group}`,
    };
  }
  const controllers = controllerGroups(cluster, named);
  if (controllers.has(group)) {
    return { reason: 'SlurmController', message: `group ${group} holds the Slurm controller` };
  }
  if (controllers.size === 0) {
    return {
      reason: 'SlurmControllerUnknown',
      message: 'the cluster runs Slurm and does not say which group holds the controller; name it in `controllerGroups`',
    };
  }
  return undefined;
}
