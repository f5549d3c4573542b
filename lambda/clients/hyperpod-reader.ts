import {
  DescribeClusterCommand, DescribeComputeQuotaCommand, SageMakerClient, paginateListClusterNodes, paginateListComputeQuotas,
  type ClusterInstanceGroupDetails, type ClusterNodeSummary, type ComputeQuotaSummary, type DescribeClusterResponse,
  type DescribeComputeQuotaResponse, type ListClusterNodesRequest,
} from '@aws-sdk/client-sagemaker';
import { readConfig } from './config';
import { asModelled } from './modelled';
import { allOf } from './paging';

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
  const paging = { client, pageSize: PAGE };
  return {
    describeCluster: async (nameOrArn, abortSignal) => client.send(new DescribeClusterCommand({ ClusterName: nameOrArn }), { abortSignal }),
    listClusterNodes: async (question, abortSignal) => {
      return allOf(paginateListClusterNodes(paging, question, { abortSignal }), page => page.ClusterNodeSummaries);
    },
    describeComputeQuota: async (id, abortSignal) => client.send(new DescribeComputeQuotaCommand({ ComputeQuotaId: id }), { abortSignal }),
    listComputeQuotas: async (clusterArn, nameContains, abortSignal) => {
      const question = { ClusterArn: clusterArn, NameContains: nameContains };
      return allOf(paginateListComputeQuotas(paging, question, { abortSignal }), page => page.ComputeQuotaSummaries);
    },
  };
}
