import {
  BatchRebootClusterNodesCommand, BatchReplaceClusterNodesCommand, DescribeClusterCommand, DescribeClusterEventCommand,
  DescribeClusterNodeCommand, SageMakerClient, paginateListClusterNodes,
  type BatchRebootClusterNodesResponse, type ClusterNodeDetails, type ClusterNodeSummary, type DescribeClusterResponse, type EventMetadata,
  type ListClusterNodesRequest,
} from '@aws-sdk/client-sagemaker';
import { clientConfig } from './config';
import { asModelled } from './modelled';
import { allOf } from './paging';

/** A cluster as the service describes it. */
export type ClusterDescription = DescribeClusterResponse;
/** A node in a list. */
export type NodeSummary = ClusterNodeSummary;
/** A node as the service describes it. */
export type NodeDetails = ClusterNodeDetails;
/** Which nodes are listed. */
export type NodeFilter = Pick<
  ListClusterNodesRequest, 'InstanceGroupNameContains' | 'CreationTimeAfter' | 'CreationTimeBefore' | 'IncludeNodeLogicalIds'
>;
/** What an event says in detail. */
export type { EventMetadata };

/** A node by one of its ids. */
export type NodeName = { readonly NodeId: string } | { readonly NodeLogicalId: string };

/** Nodes by their ids: at least one, at most 25 in sum. */
export interface NodeNames {
  readonly NodeIds?: readonly string[];
  readonly NodeLogicalIds?: readonly string[];
}

/** What became of each node of a call. Replacing answers with the same words as rebooting. */
export type BatchOutcome = BatchRebootClusterNodesResponse;

/**
 * The operations on nodes. Reads are repeated by the client until they are answered. A change is sent once: one whose answer is
 * lost may have happened.
 */
export interface NodeService {
  describeCluster(cluster: string, signal: AbortSignal): Promise<ClusterDescription>;
  describeNode(cluster: string, node: NodeName, signal: AbortSignal): Promise<NodeDetails>;
  /** The nodes from all pages. */
  listNodes(cluster: string, filter: NodeFilter, signal: AbortSignal): Promise<NodeSummary[]>;
  describeEvent(cluster: string, eventId: string, signal: AbortSignal): Promise<EventMetadata | undefined>;
  rebootNodes(cluster: string, nodes: NodeNames, signal: AbortSignal): Promise<BatchOutcome>;
  replaceNodes(cluster: string, nodes: NodeNames, signal: AbortSignal): Promise<BatchOutcome>;
}

const ATTEMPTS = 6;
/** The most that a page can have. */
const PAGE = 100;

/** The operations on nodes by two clients: one that repeats reads, one that sends a change once. */
export function nodeService(): NodeService {
  const reader = client(ATTEMPTS);
  const writer = client(1);
  return {
    describeCluster: async (cluster, signal) => reader.send(new DescribeClusterCommand({ ClusterName: cluster }), { abortSignal: signal }),
    describeNode: async (cluster, node, signal) => {
      const answer = await reader.send(new DescribeClusterNodeCommand({ ClusterName: cluster, ...node }), { abortSignal: signal });
      return answer.NodeDetails ?? {};
    },
    listNodes: async (cluster, filter, signal) => {
      const [paging, question] = [{ client: reader, pageSize: PAGE }, { ...filter, ClusterName: cluster }];
      return allOf(paginateListClusterNodes(paging, question, { abortSignal: signal }), page => page.ClusterNodeSummaries);
    },
    describeEvent: async (cluster, eventId, signal) => {
      const question = new DescribeClusterEventCommand({ ClusterName: cluster, EventId: eventId });
      const answer = await reader.send(question, { abortSignal: signal });
      return answer.EventDetails?.EventDetails?.EventMetadata;
    },
    rebootNodes: async (cluster, nodes, signal) => {
      return writer.send(new BatchRebootClusterNodesCommand({ ClusterName: cluster, ...lists(nodes) }), { abortSignal: signal });
    },
    replaceNodes: async (cluster, nodes, signal) => {
      return writer.send(new BatchReplaceClusterNodesCommand({ ClusterName: cluster, ...lists(nodes) }), { abortSignal: signal });
    },
  };
}

function client(attempts: number): SageMakerClient {
  return asModelled(new SageMakerClient(clientConfig({ attempts })));
}

/** Lists that have something: the service refuses empty ones. */
function lists({ NodeIds = [], NodeLogicalIds = [] }: NodeNames) {
  return {
    ...NodeIds.length > 0 && { NodeIds: [...NodeIds] },
    ...NodeLogicalIds.length > 0 && { NodeLogicalIds: [...NodeLogicalIds] },
  };
}
