import { violations } from './invariants';
import { ARN, market, NAME, offering, purchase } from './plans';
import { PurchaseStack, type Result, type StackOptions } from './stack';
import { MINUTE, REGION, World, type WorldOptions } from './world';
import type { PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { Behaviour, FakeOffering, Plan } from '../../aws/training-plans';

export interface Setup extends WorldOptions {
  readonly behaviour?: Partial<Behaviour>;
  readonly offerings?: readonly FakeOffering[];
  /** Whether the story asks for a plan that nothing but faults stands in the way of. @default false */
  readonly quiet?: boolean;
}

/** What happened in a schedule. */
export interface Outcome<T> {
  readonly world: World;
  readonly result: T;
  /** Broken invariants. */
  readonly broken: string[];
}

/** Makes a stack in the world of a schedule; a number makes it another incarnation of the same stack. */
export type Deploy = (incarnation?: number, options?: StackOptions) => PurchaseStack;

/** Lets a schedule happen, then the deployment that puts things right, and looks for broken invariants. */
export async function schedule<T>(
  setup: Setup, story: (deploy: Deploy, world: World) => Promise<T>, asked = purchase(),
): Promise<Outcome<T>> {
  const world = new World(setup);
  world.plans.offerings.push(...setup.offerings ?? market());
  world.plans.behave(setup.behaviour ?? {});
  const stacks: PurchaseStack[] = [];
  const deploy: Deploy = (incarnation = 0, options = {}) => {
    const stack = new PurchaseStack(world, { stackName: 'Capacity', incarnation, ...options });
    stacks.push(stack);
    return stack;
  };
  world.onStackDeleted = ({ StackId }) => stacks.filter(stack => stack.stackId === StackId).forEach(stack => stack.abandon());
  const result = await world.play(async () => story(deploy, world));
  const broken = violations(world);
  if (world.faults.struck.length === 0) {
    broken.push(...stacks.filter(stack => stack.wedged).map(stack => `I6 without a fault, a rollback failed: ${stack.wedged}`));
    if (setup.quiet && world.plans.bought(asked.TrainingPlanName) !== 1) { broken.push('I5 nothing went wrong, and nothing was bought'); }
  }
  broken.push(...await afterwards(world, deploy, asked));
  return { world, result, broken };
}

/** I6: without faults and past the grace, deploying again ends with one plan, or says why not in words that name it. */
async function afterwards(world: World, deploy: Deploy, asked: PurchaseProperties): Promise<string[]> {
  world.faults.clear();
  world.plans.offerings.push(offering('what is left', { UpfrontFee: '119999.99', from: 20 }));
  const name = asked.TrainingPlanName;
  const again = async (incarnation: number, properties: PurchaseProperties): Promise<Result> => world.play(async () => {
    await world.pass(40 * MINUTE);
    return deploy(incarnation).create(properties);
  });
  const unknown = openRecords(world);
  const before = world.plans.purchases.find(bought => bought.name === name);
  const buyer = world.buyings.find(buying => buying.accepted && buying.name === name)?.event.ResourceProperties;
  const ours = before && buyer?.OwnershipKey === asked.OwnershipKey && Number(before.fee) <= Number(asked.MaxUpfrontFee.Amount);
  const first = await again(1001, asked);
  const found: string[] = [];
  const told = (result: Result) => `${result.status}: ${result.reason.split('\n')[0]}`;
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
      const raised = await again(1002, { ...asked, Attempt: String(Number(asked.Attempt) + 1) });
      if (world.plans.bought(name) === 0) { found.push(`I6 a person raised the attempt, and nothing is bought: ${told(raised)}`); }
    }
  }
  return [...found, ...violations(world)];
}

/** Requests whose outcome the ledger doesn't know. */
function openRecords({ parameters }: World): number {
  const sent = [...parameters.values].filter(([name, value]) => name.endsWith('/sent') && value.includes('"SENT"')).map(([name]) => name);
  return sent.filter(name => !parameters.values.has(name.replace(/sent$/, 'outcome'))).length;
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
