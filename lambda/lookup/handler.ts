import * as trainingPlan from './training-plan';
import type { LookupOperation } from '../../src/private/contracts/lookup';
import type { TrainingPlanReader } from '../clients/sagemaker';
import { text } from '../shared/coerce';
import type { CustomResourceHandler } from '../shared/custom-resource';
import { lookups, type Operation } from '../shared/lookups';
import { patiently } from '../shared/reading';

/** Reads of training plans at deploy time. */
export function trainingPlanLookups(sagemaker: TrainingPlanReader): CustomResourceHandler {
  const operations: Record<LookupOperation, Operation> = {
    DescribeTrainingPlan: (input, fields) => {
      const name = text(input, 'TrainingPlanName');
      fields.forEach(trainingPlan.known);
      return {
        subject: `training plan "${name}"`,
        read: async signal => {
          const plan = await patiently('DescribeTrainingPlan', signal, async () => sagemaker.describeTrainingPlan(name, signal));
          return trainingPlan.selectFields(plan, fields);
        },
      };
    },
  };
  return lookups('SageMaker', operations);
}
