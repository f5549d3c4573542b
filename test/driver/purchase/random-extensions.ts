import type * as fc from 'fast-check';
import { constant, constantFrom, nat } from 'fast-check';
import type { Kind } from './campaign';
import { extension, extensionMarket, extensionOffering, schedule } from './extensions';
import type { PlannedFault } from './faults';
import { day } from './plans';
import { minutes, schedulesOf, STEPS, stepsAfter, tell, type Fields, type RandomSchedule, type Recipe, type Script } from './random';
import type { Outcome } from './stage';
import type { ExtensionProperties } from '../../../src/private/contracts/training-plan';

const EXTENSION_STEPS = [...STEPS, 'update', 'update and roll back', 'ask for more'] as const;

/** A random schedule of extensions. */
export interface RandomExtension extends RandomSchedule<typeof EXTENSION_STEPS[number]> {
  /** Until when neither the history nor the plan tells of an extension. */
  readonly historyLag: number;
  readonly market: keyof typeof MARKETS;
  /** Whether another stack asks for another end at the same moment. */
  readonly rival: boolean;
}

const MARKETS = {
  quiet: extensionMarket,
  dear: () => [extensionOffering(33, { UpfrontFee: '60000.01' })],
  empty: () => [],
};

/** Where an extension waits for the world. The phases are those of a purchase. */
export const POINTS = [
  'DescribeStackResource@observe', 'DescribeTrainingPlan@observe', 'DescribeTrainingPlanExtensionHistory@observe', 'GetParametersByPath@observe',
  'SearchTrainingPlanOfferings@observe', 'put-intent@observe', 'put-sent@observe', 'sleep@observe',
  'DescribeStackResource@claimed', 'DescribeTrainingPlan@claimed', 'DescribeTrainingPlanExtensionHistory@claimed', 'GetParametersByPath@claimed',
  'put-sent@claimed', 'put-outcome@claimed', 'sleep@claimed', 'GetParametersByPath@sent', 'ExtendTrainingPlan@sent',
  'put-outcome@after', 'GetParametersByPath@after', 'DescribeTrainingPlan@after', 'DescribeTrainingPlanExtensionHistory@after', 'sleep@after',
  'DescribeTrainingPlan@wait', 'DescribeTrainingPlanExtensionHistory@wait',
  'GetParametersByPath@update', 'sleep@update',
  'framework.onEvent', 'framework.startWaiter', 'framework.isComplete', 'framework.answer',
] as const;

/** A request that was sent, or was to be, is refused or too late, and the run ends by saying so. */
const RARE = ['DescribeStackResource@sent', 'put-intent@sent', 'put-intent@after'];

const LOST_ANSWER: PlannedFault = { point: 'ExtendTrainingPlan@sent', kind: 'reset-after' };

const RECIPE: Recipe<RandomExtension> = {
  points: POINTS,
  steps: EXTENSION_STEPS,
  fields: {
    historyLag: minutes(0, 0, 0, 0.02, 0.5, 2, 4, 9, 11, 25, 30),
    market: constantFrom(...['quiet', 'quiet', 'quiet', 'quiet', 'quiet', 'dear', 'empty'] as const),
    rival: nat(5).map(number => number === 0),
  },
  towards,
  lures: {
    'put-sent@observe': { point: 'put-intent@observe', kind: 'die-after' },
    'put-outcome@claimed': { point: 'DescribeStackResource@claimed', kind: 'stack-deleted' },
    'sleep@claimed': { point: 'DescribeTrainingPlan@claimed', kind: 'denied' },
    'sleep@update': { point: 'GetParametersByPath@update', kind: 'denied' },
    'GetParametersByPath@sent': { point: 'put-sent@claimed', kind: 'again' },
    'GetParametersByPath@after': LOST_ANSWER,
    'DescribeTrainingPlan@after': LOST_ANSWER,
    'DescribeTrainingPlanExtensionHistory@after': LOST_ANSWER,
    'sleep@after': LOST_ANSWER,
  },
  stepsTowards: points => {
    const updates = points.some(point => point.endsWith('@update')) ? [['update', 1], ['update', 1]] as const : [];
    return stepsAfter(['deploy again', points.includes('put-sent@observe') ? 25 : 21], ...updates);
  },
};

function towards(point: string): Partial<Fields<RandomExtension>> {
  const alone: Partial<Fields<RandomExtension>> = {
    market: constant('quiet'), rival: constant(false), delay: constant(0), paymentFails: constant(false),
  };
  if (point.endsWith('@update')) {
    return { ...alone, historyLag: minutes(0), pending: minutes(0), twin: constant(false), duplicate: constant(null) };
  }
  switch (point) {
    case 'put-sent@observe':
      return { ...alone, twin: constant(false), duplicate: constant(null) };
    case 'sleep@observe':
      return { ...alone, duplicate: minutes(0.05, 0.1, 0.2), historyLag: minutes(2) };
    case 'DescribeTrainingPlan@after':
    case 'DescribeTrainingPlanExtensionHistory@after':
    case 'GetParametersByPath@after':
    case 'sleep@after':
      return { ...alone, historyLag: minutes(2) };
    default:
      return point.startsWith('framework.') ? {} : alone;
  }
}

/** Random schedules: with faults that are aimed at, and more; or with any. */
export function schedules(aims?: readonly PlannedFault[]): fc.Arbitrary<RandomExtension> {
  return schedulesOf(RECIPE, aims);
}

const LATER = extension({ ExtendTo: day(40) });
const OTHER_CAP = extension({ MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } });
const SCRIPT: Script<ExtensionProperties> = {
  asked: extension(),
  updates: {
    'update': { to: count => extension({ MaxUpfrontFee: { Amount: `${count}.00`, CurrencyCode: 'USD' } }) },
    'update and roll back': { to: () => OTHER_CAP, failLater: true },
    'ask for more': { to: () => LATER },
  },
};

/** Lets a random schedule happen. */
export async function playRandom(random: RandomExtension): Promise<Outcome<unknown>> {
  const { seed, ledgerLag, historyLag, pending, paymentFails, faults, rival } = random;
  const behaviour = { historyLag, pending, paymentFails };
  const setup = { seed, ledgerLag, behaviour, faults, offerings: MARKETS[random.market](), quiet: isQuiet(random) };
  return schedule(setup, async (deploy, world) => Promise.all([
    tell(random, SCRIPT, deploy, world),
    ...rival ? [deploy(0, { stackName: 'Rival' }).create(LATER)] : [],
  ]));
}

export const KIND: Kind<RandomExtension> = { points: POINTS, rare: RARE, schedules, play: playRandom };

/** Whether nothing but a fault can keep the first deployment from its extension. */
function isQuiet({ ledgerLag, market, rival, delay, paymentFails, faults }: RandomExtension): boolean {
  return ledgerLag === 0 && market === 'quiet' && !rival && delay === 0 && !paymentFails && faults.length === 0;
}
