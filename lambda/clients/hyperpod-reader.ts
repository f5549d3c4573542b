import {
  DescribeComputeQuotaCommand, ListComputeQuotasCommand, SageMakerClient, type ComputeQuotaSummary, type DescribeComputeQuotaResponse,
} from '@aws-sdk/client-sagemaker';
import { READ_CONFIG } from './read-config';

/** A compute quota as the service describes it. */
export type ComputeQuotaDescription = DescribeComputeQuotaResponse;

/** The reads of HyperPod that handlers need. */
export interface HyperPodReader {
  describeComputeQuota(id: string, signal: AbortSignal): Promise<ComputeQuotaDescription>;
  /** The quotas of a cluster whose names contain a text, from all pages. */
  listComputeQuotas(clusterArn: string, nameContains: string, signal: AbortSignal): Promise<ComputeQuotaSummary[]>;
}

/** The most that a page can have. */
const PAGE = 100;

/** A client for reads. */
export function hyperPodReader(): HyperPodReader {
  const client = new SageMakerClient(READ_CONFIG);
  return {
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
