import {
  DescribeTrainingPlanCommand, ListTrainingPlansCommand, SageMakerClient, type DescribeTrainingPlanResponse, type TrainingPlanSummary,
} from '@aws-sdk/client-sagemaker';
import { asModelled } from './modelled';
import { readConfig } from './read-config';

/** A training plan as the service describes it. */
export type TrainingPlanDescription = DescribeTrainingPlanResponse;

/** The reads of training plans that handlers need. */
export interface TrainingPlanReader {
  describeTrainingPlan(name: string, signal: AbortSignal): Promise<TrainingPlanDescription>;
  /** All plans of the account in the Region, from all pages. */
  listTrainingPlans(signal: AbortSignal): Promise<TrainingPlanSummary[]>;
}

/** The most that a page can have. */
const PAGE = 100;

/** A client for reads. */
export function sagemakerReader(): TrainingPlanReader {
  const client = asModelled(new SageMakerClient(readConfig()));
  return {
    describeTrainingPlan: async (name, signal) => {
      return client.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }), { abortSignal: signal });
    },
    listTrainingPlans: async signal => {
      const all: TrainingPlanSummary[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(new ListTrainingPlansCommand({ MaxResults: PAGE, NextToken: token }), { abortSignal: signal });
        all.push(...page.TrainingPlanSummaries ?? []);
        token = page.NextToken;
      } while (token);
      return all;
    },
  };
}
