import { checkCall, checkNodeId, failedNodes, wholeOutcome, type FailedNode } from './nodes';
import type { ChangeNodesRequest, DescribeNodeRequest, ListNodesRequest } from '../../../src/private/contracts/node-operations';
import type { NodeService } from '../../clients/hyperpod-nodes';
import { HandlerError } from '../../shared/errors';

/** What a state of Step Functions takes, with some room for the rest of its input. */
const STATE_BYTES = 200_000;

/** Lists the nodes of a cluster, from all pages. */
export async function listNodes(service: NodeService, request: ListNodesRequest, signal: AbortSignal): Promise<object> {
  const filter = {
    ...request.InstanceGroupNameContains !== undefined && { InstanceGroupNameContains: request.InstanceGroupNameContains },
    ...request.CreationTimeAfter !== undefined && { CreationTimeAfter: instant('CreationTimeAfter', request.CreationTimeAfter) },
    ...request.CreationTimeBefore !== undefined && { CreationTimeBefore: instant('CreationTimeBefore', request.CreationTimeBefore) },
    ...request.IncludeNodeLogicalIds !== undefined && { IncludeNodeLogicalIds: request.IncludeNodeLogicalIds },
  };
  const answer = { ClusterNodeSummaries: await service.listNodes(request.ClusterName, filter, signal) };
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes > STATE_BYTES) {
    throw new HandlerError(
      'TooManyNodes', `${answer.ClusterNodeSummaries.length} nodes have ${bytes} bytes, a state of Step Functions takes 256 KB; list fewer: by group or by time`,
    );
  }
  return answer;
}

/** Describes the node of one id. */
export async function describeNode(service: NodeService, request: DescribeNodeRequest, signal: AbortSignal): Promise<object> {
  const { ClusterName: cluster, NodeId, NodeLogicalId } = request;
  if ((NodeId === undefined) === (NodeLogicalId === undefined)) {
    throw new HandlerError('InvalidInput', 'give either NodeId or NodeLogicalId');
  }
  const name = NodeId !== undefined ? { NodeId: checkNodeId(NodeId) } : { NodeLogicalId: checkNodeId(NodeLogicalId) };
  return { NodeDetails: await service.describeNode(cluster, name, signal) };
}

/** Reboots or replaces nodes. What the service refused is part of the answer, or an error where that is wanted. */
export async function changeNodes(service: NodeService, request: ChangeNodesRequest, signal: AbortSignal): Promise<object> {
  const { Operation, ClusterName: cluster, NodeIds, NodeLogicalIds, FailOnFailedNodes } = request;
  const names = { NodeIds, NodeLogicalIds };
  checkCall(names);
  const outcome = await (Operation === 'RebootNodes' ? service.rebootNodes(cluster, names, signal) : service.replaceNodes(cluster, names, signal));
  const failed = failedNodes(outcome);
  if (FailOnFailedNodes && failed.length > 0) { throw new HandlerError('NodesFailed', JSON.stringify(failed.map(shorter))); }
  return wholeOutcome(outcome);
}

/** A failed node with a message that Step Functions has room for, 25 times. */
function shorter({ Message, ...node }: FailedNode): FailedNode {
  return { ...node, Message: Message.slice(0, 300) };
}

function instant(name: string, text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) { throw new HandlerError('InvalidInput', `${name} must be a time in ISO 8601, got: ${text}`); }
  return date;
}
