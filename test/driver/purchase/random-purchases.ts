import type * as fc from 'fast-check';
import { constant, constantFrom } from 'fast-check';
import type { Kind } from './campaign';
import type { PlannedFault } from './faults';
import { CRITERIA, market, offering, purchase } from './plans';
import { minutes, schedulesOf, STEPS, stepsAfter, tell, type Fields, type RandomSchedule, type Recipe, type Script } from './random';
import { schedule } from './schedule';
import type { Outcome } from './stage';
import { SECOND, START } from './world';
import type { PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { FakeOffering } from '../../aws/training-plans';

const PURCHASE_STEPS = [...STEPS, 'update', 'update and roll back', 'update tags', 'ask for more'] as const;

/** A random schedule of purchases. */
export interface RandomPurchase extends RandomSchedule<typeof PURCHASE_STEPS[number]> {
  readonly world: 'A' | 'B' | 'C';
  readonly invisible: number;
  readonly tagsLag: number;
  readonly market: keyof typeof MARKETS;
}

const MARKETS = {
  quiet: market,
  goes: (): FakeOffering[] => market().map(each => (each.UpfrontFee === '100000.00' ? { ...each, goneAt: START + 2 * SECOND } : each)),
  rises: (): FakeOffering[] => [offering('a', { repriced: { at: START + 2 * SECOND, UpfrontFee: '125000.00' } })],
  empty: (): FakeOffering[] => [offering('a', { UpfrontFee: '120000.01' })],
};

/**
 * Where a purchase waits for the world: the operation, and how far the run has come. `observe`: nothing is claimed. `claimed`: an
 * intent is written. `sent`: the right to send is taken. `after`: the request is away. Then the waiting function, and updates.
 */
export const POINTS = [
  'DescribeStackResource@observe', 'DescribeTrainingPlan@observe', 'GetParametersByPath@observe', 'ListTrainingPlans@observe',
  'ListTags@observe', 'SearchTrainingPlanOfferings@observe', 'put-intent@observe', 'put-sent@observe', 'sleep@observe',
  'GetParametersByPath@claimed', 'DescribeStackResource@claimed', 'DescribeTrainingPlan@claimed', 'put-sent@claimed', 'put-outcome@claimed',
  'sleep@claimed', 'GetParametersByPath@sent', 'CreateTrainingPlan@sent',
  'put-outcome@after', 'GetParametersByPath@after', 'DescribeTrainingPlan@after', 'ListTags@after', 'sleep@after',
  'DescribeTrainingPlan@wait',
  'DescribeTrainingPlan@update', 'GetParametersByPath@update', 'ListTags@update', 'AddTags@update', 'DeleteTags@update', 'sleep@update',
  'framework.onEvent', 'framework.startWaiter', 'framework.isComplete', 'framework.answer',
] as const;

/** A request that was sent, or was to be, is refused or too late, and the run ends by saying so. */
const RARE = ['DescribeStackResource@sent', 'put-intent@sent', 'put-intent@after'];

const LOST_ANSWER: PlannedFault = { point: 'CreateTrainingPlan@sent', kind: 'reset-after' };

const RECIPE: Recipe<RandomPurchase> = {
  points: POINTS,
  steps: PURCHASE_STEPS,
  fields: {
    world: constantFrom('A', 'B', 'B', 'C'),
    invisible: minutes(0, 0, 0, 0.02, 0.5, 2, 2, 9, 11, 25, 30),
    tagsLag: minutes(0, 0, 0, 0, 1, 5, 20),
    market: constantFrom(...['quiet', 'quiet', 'quiet', 'quiet', 'goes', 'rises', 'empty'] as const),
  },
  towards,
  lures: {
    'ListTrainingPlans@observe': { point: 'CreateTrainingPlan@sent', kind: 'die-after' },
    'put-sent@observe': { point: 'put-intent@observe', kind: 'die-after' },
    'put-outcome@claimed': { point: 'DescribeStackResource@claimed', kind: 'stack-deleted' },
    'sleep@claimed': { point: 'DescribeTrainingPlan@claimed', kind: 'denied' },
    'sleep@update': { point: 'DescribeTrainingPlan@update', kind: 'denied' },
    'GetParametersByPath@claimed': { point: 'put-intent@observe', kind: 'again' },
    'GetParametersByPath@sent': { point: 'put-sent@claimed', kind: 'again' },
    'GetParametersByPath@after': { point: 'put-outcome@after', kind: 'again' },
    'DescribeTrainingPlan@after': LOST_ANSWER,
    'ListTags@after': LOST_ANSWER,
    'sleep@after': LOST_ANSWER,
  },
  stepsTowards: points => {
    const again = points.includes('put-sent@observe') ? 25 : points.includes('ListTags@observe') && points.length === 1 ? 1 : 21;
    const updates = points.some(point => point.endsWith('@update')) ? [['update tags', 1], ['update tags', 1]] as const : [];
    return stepsAfter(['deploy again', again], ...updates);
  },
};

function towards(point: string): Partial<Fields<RandomPurchase>> {
  const quiet: Partial<Fields<RandomPurchase>> = {
    world: constantFrom('A', 'B'), market: constant('quiet'), delay: constant(0), paymentFails: constant(false),
  };
  if (point.endsWith('@update')) {
    const at = minutes(0);
    return { ...quiet, invisible: at, pending: at, tagsLag: at, twin: constant(false), duplicate: constant(null) };
  }
  switch (point) {
    case 'ListTags@observe':
      return { ...quiet, invisible: minutes(0, 1) };
    case 'ListTrainingPlans@observe':
      return { ...quiet, invisible: minutes(30), twin: constant(false), duplicate: constant(null) };
    case 'put-sent@observe':
      return { ...quiet, twin: constant(false), duplicate: constant(null) };
    case 'sleep@observe':
      return { ...quiet, duplicate: minutes(0.05, 0.1, 0.2), invisible: minutes(2) };
    case 'DescribeTrainingPlan@after':
    case 'sleep@after':
      return { ...quiet, invisible: minutes(2) };
    case 'ListTags@after':
      return { ...quiet, invisible: minutes(0, 1) };
    default:
      return point.startsWith('framework.') ? {} : quiet;
  }
}

/** Random schedules: with faults that are aimed at, and more; or with any. */
export function schedules(aims?: readonly PlannedFault[]): fc.Arbitrary<RandomPurchase> {
  return schedulesOf(RECIPE, aims);
}

const LONGER = purchase({ Offering: { ...CRITERIA, Selection: 'LONGEST', DurationHours: ['24', '336'] } });
const SCRIPT: Script<PurchaseProperties> = {
  asked: purchase(),
  updates: {
    'update': { to: () => LONGER },
    'update and roll back': { to: () => LONGER, failLater: true },
    'update tags': { to: count => purchase({ Tags: { team: `team ${count}`, [`only ${count}`]: 'x' } }) },
    'ask for more': { to: () => purchase({ Offering: { ...CRITERIA, InstanceCount: '8' } }) },
  },
};

/** Lets a random schedule happen. */
export async function playRandom(random: RandomPurchase): Promise<Outcome<void>> {
  const { seed, ledgerLag, world, invisible, tagsLag, pending, paymentFails, faults } = random;
  const behaviour = { world, invisible, tagsLag, pending, paymentFails };
  const setup = { seed, ledgerLag, behaviour, faults, offerings: MARKETS[random.market](), quiet: isQuiet(random) };
  return schedule(setup, async (...given) => tell(random, SCRIPT, ...given));
}

export const KIND: Kind<RandomPurchase> = { points: POINTS, rare: RARE, schedules, play: playRandom };

/** Whether nothing but a fault can keep the first deployment from its plan. */
function isQuiet({ ledgerLag, world, market: of, delay, paymentFails, faults }: RandomPurchase): boolean {
  return ledgerLag === 0 && world !== 'C' && (of === 'quiet' || of === 'goes') && delay === 0 && !paymentFails && faults.length === 0;
}
