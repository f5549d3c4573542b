import type { PlanExpectation } from '../../../src/private/contracts/lookup';
import type { TrainingPlanDescription } from '../../clients/training-plan-reader';
import { after, atLeast, each, type Judge } from '../../shared/expectations';
import { plainList } from '../../shared/plain';

/** What can be expected of a plan. */
export const EXPECTATIONS: Readonly<Record<PlanExpectation, Judge<TrainingPlanDescription>>> = {
  AvailabilityZones: (plan, zones) => each((plan.ReservedCapacitySummaries ?? []).map(part => part.AvailabilityZone), zones),
  EndTimeAfter: (plan, least) => after(plan.EndTime, least),
  InstanceType: (plan, types) => each((plan.ReservedCapacitySummaries ?? []).map(part => part.InstanceType), types),
  MinAvailableInstanceCount: (plan, least) => atLeast(plan.AvailableInstanceCount, least),
  MinTotalInstanceCount: (plan, least) => atLeast(plan.TotalInstanceCount, least),
  Statuses: (plan, statuses) => each([plan.Status], statuses),
  TargetResource: (plan, [target]) => ({
    is: plainList(plan.TargetResources).join(','), fine: plainList(plan.TargetResources).includes(target),
  }),
};
