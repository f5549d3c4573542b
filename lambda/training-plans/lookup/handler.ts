import { EXPECTATIONS } from './expectation';
import { planTarget, theOnlyPlan, type PlanTarget } from './selection';
import { FIELDS } from './training-plan';
import type { LookupOperation } from '../../../src/private/contracts/lookup';
import type { TrainingPlanDescription, TrainingPlanReader } from '../../clients/training-plan-reader';
import type { CustomResourceHandler } from '../../shared/custom-resource';
import { expectations } from '../../shared/expectations';
import { checkFields, selectFields } from '../../shared/fields';
import { lookups, type Operation } from '../../shared/lookups';
import { patiently } from '../../shared/reading';

/** Reads of training plans at deploy time. */
export function trainingPlanLookups(sagemaker: TrainingPlanReader): CustomResourceHandler {
  const find = async (target: PlanTarget, signal: AbortSignal): Promise<TrainingPlanDescription> => {
    const name = 'name' in target
      ? target.name
      : theOnlyPlan(await patiently('ListTrainingPlans', signal, async () => sagemaker.listTrainingPlans(signal)), target.satisfies);
    return patiently('DescribeTrainingPlan', signal, async () => sagemaker.describeTrainingPlan(name, signal));
  };
  const operations: Record<LookupOperation, Operation> = {
    AssertTrainingPlan: (input, _fields, stack) => {
      const target = planTarget(input, stack);
      const judge = expectations(EXPECTATIONS, input, plan => plan.StatusMessage);
      return {
        subject: target.subject,
        read: async signal => {
          judge(await find(target, signal));
          return {};
        },
      };
    },
    DescribeTrainingPlan: (input, fields, stack) => {
      const target = planTarget(input, stack);
      checkFields(FIELDS, fields);
      return { subject: target.subject, read: async signal => selectFields(FIELDS, await find(target, signal), fields) };
    },
  };
  return lookups('SageMaker', operations);
}
