import { violations } from './invariants';
import { ARN, market, NAME, offering, purchase } from './plans';
import { perform, told, unanswered, type Again, type Outcome, type Setting, type Story, type Subject } from './stage';
import { MINUTE, REGION, type World } from './world';
import type { PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { FakeOffering, Plan } from '../../aws/training-plans';

/** Purchases of the plan of these tests. */
const SUBJECT: Subject<PurchaseProperties, FakeOffering> = {
  stack: {},
  prepare: (world, offerings = market()) => { world.plans.offerings.push(...offerings); },
  accepted: ({ plans }, { TrainingPlanName }) => plans.bought(TrainingPlanName),
  violations,
  afterwards,
};

export type Setup = Setting<FakeOffering>;

/** Lets a schedule happen, then the deployment that puts things right, and looks for broken invariants. */
export async function schedule<T>(setup: Setup, story: Story<T>, asked = purchase()): Promise<Outcome<T>> {
  return perform(SUBJECT, setup, story, asked);
}

async function afterwards(world: World, asked: PurchaseProperties, again: Again<PurchaseProperties>): Promise<string[]> {
  world.plans.offerings.push(offering('what is left', { UpfrontFee: '119999.99', from: 20 }));
  const name = asked.TrainingPlanName;
  const unknown = unanswered(world);
  const before = world.plans.purchases.find(bought => bought.name === name);
  const buyer = world.buyings.find(buying => buying.accepted && buying.name === name)?.event.ResourceProperties;
  const ours = before && buyer?.OwnershipKey === asked.OwnershipKey && Number(before.fee) <= Number(asked.MaxUpfrontFee.Amount);
  const first = await again(1001, 40 * MINUTE, asked);
  const found: string[] = [];
  if (first.status === 'CREATE_COMPLETE') {
    if (world.plans.bought(name) + Number(world.plans.plans.has(name)) !== 1) { found.push('I6 deployed again, and there is not one plan'); }
  } else if (!first.reason.includes(name)) {
    found.push(`I6 deployed again, and the reason does not name the plan: ${told(first)}`);
  }
  const settled = before && ours && !before.behaviour.paymentFails;
  const taken = world.plans.plans.has(name) || (before && !ours) || before?.behaviour.paymentFails;
  const phantom = world.plans.behaviour.world === 'C' && world.plans.behaviour.phantom;
  if (settled && first.status !== 'CREATE_COMPLETE') { found.push(`I6 our plan is not found again: ${told(first)}`); }
  if (!before && !taken && !phantom) {
    if (unknown === 0 && world.plans.bought(name) === 0) { found.push(`I6 nothing stands in the way, and nothing is bought: ${told(first)}`); }
    if (unknown > 0 && first.status === 'CREATE_COMPLETE') { found.push('I6 bought although the outcome of a request is unknown'); }
    if (unknown > 0) {
      const raised = await again(1002, 40 * MINUTE, { ...asked, Attempt: String(Number(asked.Attempt) + 1) });
      if (world.plans.bought(name) === 0) { found.push(`I6 a person raised the attempt, and nothing is bought: ${told(raised)}`); }
    }
  }
  return found;
}

/** A plan that somebody else has bought. */
export function strangersPlan(more: Partial<Plan> = {}): Plan {
  return {
    TrainingPlanName: NAME,
    Status: 'Scheduled',
    DurationHours: 336,
    StartTime: '2026-12-02T11:30:00Z',
    EndTime: '2026-12-16T11:30:00Z',
    UpfrontFee: '90000.00',
    CurrencyCode: 'USD',
    TotalInstanceCount: 4,
    TargetResources: ['hyperpod-cluster'],
    ReservedCapacitySummaries: [{
      ReservedCapacityArn: ARN.replace('training-plan', 'reserved-capacity'),
      InstanceType: 'ml.p5.48xlarge',
      TotalInstanceCount: 4,
      Status: 'Scheduled',
      AvailabilityZone: `${REGION}a`,
      AvailabilityZoneId: 'use1-az4',
    }],
    ...more,
  };
}
