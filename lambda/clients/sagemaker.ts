import {
  DescribeComputeQuotaCommand, DescribeTrainingPlanCommand, ListComputeQuotasCommand, SageMakerClient,
  type ComputeQuotaSummary, type DescribeComputeQuotaResponse, type DescribeTrainingPlanResponse,
} from '@aws-sdk/client-sagemaker';

/** A training plan as the service describes it. */
export type TrainingPlanDescription = DescribeTrainingPlanResponse;

/** The reads of training plans that handlers need. */
export interface TrainingPlanReader {
  describeTrainingPlan(name: string, signal: AbortSignal): Promise<TrainingPlanDescription>;
}

/** A compute quota as the service describes it. */
export type ComputeQuotaDescription = DescribeComputeQuotaResponse;

/** The reads of compute quotas that handlers need. */
export interface ComputeQuotaReader {
  describeComputeQuota(id: string, signal: AbortSignal): Promise<ComputeQuotaDescription>;
  /** The quotas of a cluster whose names contain a text, from all pages. */
  listComputeQuotas(clusterArn: string, nameContains: string, signal: AbortSignal): Promise<ComputeQuotaSummary[]>;
}

/** One request may take this long. Reads answer in well under a second. */
const REQUEST_MS = 10_000;
const CONNECT_MS = 3_000;
/** The pauses between ten attempts take 46 seconds in the mean and 92 at most when throttled, which the time budget has room for. */
const ATTEMPTS = 10;
/** The most that a page can have. */
const PAGE = 100;

/** A client for reads: the SDK repeats what was throttled, reset or answered with a 5xx, with jitter. */
export function sagemakerReader(): TrainingPlanReader & ComputeQuotaReader {
  const client = new SageMakerClient({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
  return {
    describeTrainingPlan: async (name, signal) => {
      return client.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }), { abortSignal: signal });
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
