import { DescribeTrainingPlanCommand, SageMakerClient, type DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { READ_CONFIG } from './read-config';

/** A training plan as the service describes it. */
export type TrainingPlanDescription = DescribeTrainingPlanResponse;

/** The reads of training plans that handlers need. */
export interface TrainingPlanReader {
  describeTrainingPlan(name: string, signal: AbortSignal): Promise<TrainingPlanDescription>;
}

/** A client for reads. */
export function sagemakerReader(): TrainingPlanReader {
  const client = new SageMakerClient(READ_CONFIG);
  return {
    describeTrainingPlan: async (name, signal) => {
      return client.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }), { abortSignal: signal });
    },
  };
}
