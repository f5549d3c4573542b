import { instant } from './training-plan';
import { PLAN_EXPECTATIONS, type PlanExpectation } from '../../../src/private/contracts/lookup';
import type { TrainingPlanDescription } from '../../clients/training-plan-reader';
import { commaList, optionalInteger, text, type Properties } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';
import { plain, plainList } from '../../shared/plain';

/** What is, and whether that is as expected. */
interface Verdict {
  readonly is: string;
  readonly fine: boolean;
}

type Judge = (plan: TrainingPlanDescription, expected: readonly string[]) => Verdict;

const atLeast = (count: number | undefined, [least]: readonly string[]) => ({ is: plain(count ?? 0), fine: (count ?? 0) >= Number(least) });

const each = (values: readonly (string | undefined)[], expected: readonly string[]) => ({
  is: [...new Set(values.map(plain))].sort().join(','),
  fine: values.length > 0 && values.every(value => expected.includes(plain(value))),
});

const JUDGES: Record<PlanExpectation, Judge> = {
  AvailabilityZones: (plan, zones) => each((plan.ReservedCapacitySummaries ?? []).map(part => part.AvailabilityZone), zones),
  EndTimeAfter: (plan, [least]) => ({ is: plain(plan.EndTime), fine: Number(plan.EndTime) > Date.parse(least) }),
  InstanceType: (plan, types) => each((plan.ReservedCapacitySummaries ?? []).map(part => part.InstanceType), types),
  MinAvailableInstanceCount: (plan, least) => atLeast(plan.AvailableInstanceCount, least),
  MinTotalInstanceCount: (plan, least) => atLeast(plan.TotalInstanceCount, least),
  Statuses: (plan, statuses) => each([plan.Status], statuses),
  TargetResource: (plan, [target]) => ({
    is: plainList(plan.TargetResources).join(','), fine: plainList(plan.TargetResources).includes(target),
  }),
};

const PREFIX = 'Expected';

/** Understands what is expected. What this release doesn't know is refused, never passed over. */
export function expectations(input: Properties): (plan: TrainingPlanDescription) => void {
  const expected = Object.keys(input).filter(key => key.startsWith(PREFIX)).sort().map(key => {
    const name = key.slice(PREFIX.length) as PlanExpectation;
    if (!PLAN_EXPECTATIONS.includes(name)) {
      throw new HandlerError('InvalidProperties', `unknown expectation: ${name}; known are ${PLAN_EXPECTATIONS.join(', ')}`);
    }
    if (name === 'EndTimeAfter') { instant(input, key); }
    if (name.startsWith('Min')) { optionalInteger(input, key); }
    return { name, values: commaList(input, key), said: text(input, key) };
  });
  return plan => {
    const broken = expected.flatMap(({ name, values, said }) => {
      const { is, fine } = JUDGES[name](plan, values);
      return fine ? [] : [`${name}: expected ${said}, is ${is || 'nothing'}`];
    });
    if (broken.length > 0) {
      const why = plan.StatusMessage ? ` (${plan.StatusMessage})` : '';
      throw new HandlerError('NotAsExpected', `it isn't as this deployment expects it: ${broken.join('; ')}${why}`);
    }
  };
}
