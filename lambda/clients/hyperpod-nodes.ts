import {
  BatchRebootClusterNodesCommand, BatchReplaceClusterNodesCommand, DescribeClusterCommand, DescribeClusterEventCommand,
  DescribeClusterNodeCommand, ListClusterNodesCommand, SageMakerClient, type ClusterNodeSummary,
} from '@aws-sdk/client-sagemaker';
import { RequestHandler } from './http';
import { asModelled } from './modelled';
import type { NodeNames, NodeService } from '../hyperpod/node-operations/ports';

/** One request may take this long. */
const REQUEST_MS = 10_000;
const CONNECT_MS = 3_000;
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
      const all: ClusterNodeSummary[] = [];
      let token: string | undefined;
      do {
        const question = { ...filter, ClusterName: cluster, MaxResults: PAGE, NextToken: token };
        const page = await reader.send(new ListClusterNodesCommand(question), { abortSignal: signal });
        all.push(...page.ClusterNodeSummaries ?? []);
        token = page.NextToken;
      } while (token);
      return all;
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

function client(maxAttempts: number): SageMakerClient {
  return asModelled(new SageMakerClient({
    maxAttempts,
    retryMode: 'standard',
    requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs: REQUEST_MS }),
  }));
}

/** Lists that have something: the service refuses empty ones. */
function lists({ NodeIds = [], NodeLogicalIds = [] }: NodeNames) {
  return {
    ...NodeIds.length > 0 && { NodeIds: [...NodeIds] },
    ...NodeLogicalIds.length > 0 && { NodeLogicalIds: [...NodeLogicalIds] },
  };
}
