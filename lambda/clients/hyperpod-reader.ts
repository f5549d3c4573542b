import {
  DescribeClusterCommand, DescribeComputeQuotaCommand, ListClusterNodesCommand, ListComputeQuotasCommand, SageMakerClient,
  type ClusterInstanceGroupDetails, type ClusterNodeSummary, type ComputeQuotaSummary, type DescribeClusterResponse,
  type DescribeComputeQuotaResponse, type ListClusterNodesRequest,
} from '@aws-sdk/client-sagemaker';
import { asModelled } from './modelled';
import { readConfig } from './read-config';

/** A compute quota as the service describes it. */
export type ComputeQuotaDescription = DescribeComputeQuotaResponse;

/** A cluster as the service describes it. */
export type ClusterDescription = DescribeClusterResponse;

/** An instance group of a cluster. Restricted ones have some of its members. */
export type InstanceGroup = ClusterInstanceGroupDetails;

/** A node of a cluster. */
export type ClusterNode = ClusterNodeSummary;

/** The reads of HyperPod that handlers need. */
export interface HyperPodReader {
  describeCluster(nameOrArn: string, signal: AbortSignal): Promise<ClusterDescription>;
  /** The nodes that a question finds, from all pages. */
  listClusterNodes(question: ListClusterNodesRequest, signal: AbortSignal): Promise<ClusterNode[]>;
  describeComputeQuota(id: string, signal: AbortSignal): Promise<ComputeQuotaDescription>;
  /** The quotas of a cluster whose names contain a text, from all pages. */
  listComputeQuotas(clusterArn: string, nameContains: string, signal: AbortSignal): Promise<ComputeQuotaSummary[]>;
}

/** The most that a page can have. */
const PAGE = 100;

/** A client for reads. */
export function hyperPodReader(): HyperPodReader {
  const client = asModelled(new SageMakerClient(readConfig()));
  return {
    describeCluster: async (nameOrArn, signal) => {
      return client.send(new DescribeClusterCommand({ ClusterName: nameOrArn }), { abortSignal: signal });
    },
    listClusterNodes: async (question, signal) => {
      const all: ClusterNode[] = [];
      let token: string | undefined;
      do {
        const command = new ListClusterNodesCommand({ ...question, MaxResults: PAGE, NextToken: token });
        const page = await client.send(command, { abortSignal: signal });
        all.push(...page.ClusterNodeSummaries ?? []);
        token = page.NextToken;
      } while (token);
      return all;
    },
    describeComputeQuota: async (id, signal) => {
      return client.send(new DescribeComputeQuotaCommand({ ComputeQuotaId: id }), { abortSignal: signal });
    },
    listComputeQuotas: async (clusterArn, nameContains, signal) => {
      const all: ComputeQuotaSummary[] = [];
      let token: string | undefined;
      do {
        const question = { ClusterArn: clusterArn, NameContains: nameContains, MaxResults: PAGE, NextToken: token };
        const page = await client.send(new ListComputeQuotasCommand(question), { abortSignal: signal });
        all.push(...page.ComputeQuotaSummaries ?? []);
        token = page.NextToken;
      } while (token);
      return all;
    },
  };
}
