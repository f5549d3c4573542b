import { DescribeTrainingPlanCommand, SageMakerClient, type DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';

/** A training plan as the service describes it. */
export type TrainingPlanDescription = DescribeTrainingPlanResponse;

/** The reads of training plans that handlers need. */
export interface TrainingPlanReader {
  describeTrainingPlan(name: string, signal: AbortSignal): Promise<TrainingPlanDescription>;
}

/** One request may take this long. Reads answer in well under a second. */
const REQUEST_MS = 10_000;
const CONNECT_MS = 3_000;
/** The pauses between ten attempts take 46 seconds in the mean and 92 at most when throttled, which the time budget has room for. */
const ATTEMPTS = 10;

/** A client for reads: the SDK repeats what was throttled, reset or answered with a 5xx, with jitter. */
export function trainingPlanReader(): TrainingPlanReader {
  const client = new SageMakerClient({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
  return {
    describeTrainingPlan: async (name, signal) => {
      return client.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }), { abortSignal: signal });
    },
  };
}
