import {
  DescribeTrainingPlanCommand, SageMakerClient, paginateListTrainingPlans, type DescribeTrainingPlanResponse, type TrainingPlanSummary,
} from '@aws-sdk/client-sagemaker';
import { readConfig } from './config';
import { asModelled } from './modelled';
import { allOf } from './paging';

/** A training plan as the service describes it. */
export type TrainingPlanDescription = DescribeTrainingPlanResponse;

/** The reads of training plans that look-ups and watches need. */
export interface TrainingPlanReader {
  describeTrainingPlan(name: string, signal: AbortSignal): Promise<TrainingPlanDescription>;
  /** All plans of the account in the Region, from all pages. */
  listTrainingPlans(signal: AbortSignal): Promise<TrainingPlanSummary[]>;
}

/** The most that a page can have. */
const PAGE = 100;

/** A client for reads. */
export function trainingPlanReader(): TrainingPlanReader {
  const client = asModelled(new SageMakerClient(readConfig()));
  return {
    describeTrainingPlan: async (name, abortSignal) => {
      return client.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }), { abortSignal });
    },
    listTrainingPlans: async abortSignal => {
      return allOf(paginateListTrainingPlans({ client, pageSize: PAGE }, {}, { abortSignal }), page => page.TrainingPlanSummaries);
    },
  };
}
