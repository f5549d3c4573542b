import * as fc from 'fast-check';
import { FAULT_KINDS, type FaultKind, type PlannedFault } from './faults';
import { CRITERIA, market, offering, purchase } from './plans';
import { schedule, type Deploy, type Outcome, type Setup } from './schedule';
import { MINUTE, SECOND, START, type World } from './world';
import type { FakeOffering } from '../../aws/training-plans';

/** What may be done with a stack after the first deployment. */
const STEPS = ['deploy again', 'deploy elsewhere', 'create again', 'update', 'update and roll back', 'update tags', 'ask for more', 'delete', 'deliver again'] as const;

/** A schedule as data, which fast-check makes, varies and shrinks. */
export interface RandomSchedule {
  readonly seed: number;
  readonly world: 'A' | 'B' | 'C';
  readonly invisible: number;
  readonly tagsLag: number;
  readonly pending: number;
  readonly paymentFails: boolean;
  readonly market: keyof typeof MARKETS;
  /** How late the first event comes. */
  readonly delay: number;
  /** After how long it comes once more. */
  readonly duplicate: number | null;
  /** Whether another stack of the same owner is deployed at the same moment. */
  readonly twin: boolean;
  readonly rollback: boolean;
  readonly policy: 'retain' | 'delete';
  readonly steps: readonly { readonly step: typeof STEPS[number]; readonly after: number }[];
  readonly faults: readonly PlannedFault[];
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
  'DescribeTrainingPlan@update', 'ListTags@update', 'AddTags@update', 'DeleteTags@update', 'sleep@update',
  'framework.onEvent', 'framework.startWaiter', 'framework.isComplete', 'framework.answer',
] as const;

const FRAMEWORK_KINDS: readonly FaultKind[] = ['die', 'die-after', 'error', 'error-after', 'late', 'duplicate'];

/** The kinds of faults that can strike at a point. */
export function kindsAt(point: string): readonly FaultKind[] {
  if (point.startsWith('framework.')) { return FRAMEWORK_KINDS; }
  if (point.startsWith('sleep')) { return ['die', 'late', 'cut', 'duplicate', 'stack-deleted']; }
  const money = point.startsWith('CreateTrainingPlan'); // whose adapter repeats nothing
  const plain = /@(wait|update)$/.test(point); // where a late delivery and a deleted stack are nothing of their own
  return FAULT_KINDS.filter(kind => !(money && kind === 'again') && !(plain && kind === 'stack-deleted'));
}

/** Every fault at every point. */
export const CELLS: readonly PlannedFault[] = POINTS.flatMap(point => kindsAt(point).map(kind => ({ point, kind })));

const minutes = (...choices: number[]) => fc.constantFrom(...choices.map(number => number * MINUTE));

const anyFault: fc.Arbitrary<PlannedFault> = fc.constantFrom(...CELLS)
  .chain(({ point, kind }) => fc.constantFrom(1, 1, 1, 2, 3).map(nth => ({ point, kind, nth })));

type Fields = Partial<{ [K in keyof RandomSchedule]: fc.Arbitrary<RandomSchedule[K]> }>;

/** What has to be done with a stack to bring a run to points: a deployment that failed is followed by another, and then by updates. */
function stepsTowards(points: readonly string[]): Fields {
  const updates = points.some(point => point.endsWith('@update'));
  const after = points.includes('put-sent@observe') ? 25 : points.includes('ListTags@observe') && points.length === 1 ? 1 : 21;
  return {
    steps: fc.constant([
      { step: 'deploy again', after: after * MINUTE },
      ...updates ? [{ step: 'update tags', after: MINUTE } as const, { step: 'update tags', after: MINUTE } as const] : [],
    ]),
  };
}

/** What else brings a run to a point. */
function towards(point: string): Fields {
  const quiet: Fields = {
    world: fc.constantFrom('A', 'B'), market: fc.constant('quiet'), delay: fc.constant(0), paymentFails: fc.constant(false),
  };
  if (point.endsWith('@update')) {
    const at = minutes(0);
    return { ...quiet, invisible: at, pending: at, tagsLag: at, twin: fc.constant(false), duplicate: fc.constant(null) };
  }
  switch (point) {
    case 'ListTags@observe':
      return { ...quiet, invisible: minutes(0, 1) };
    case 'ListTrainingPlans@observe':
      return { ...quiet, invisible: minutes(30), twin: fc.constant(false), duplicate: fc.constant(null) };
    case 'put-sent@observe':
      return { ...quiet, twin: fc.constant(false), duplicate: fc.constant(null) };
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

/** Faults that bring a run where only a fault brings it. */
function lure(point: string): readonly PlannedFault[] {
  switch (point) {
    case 'ListTrainingPlans@observe':
      return [{ point: 'CreateTrainingPlan@sent', kind: 'die-after' }];
    case 'put-sent@observe':
      return [{ point: 'put-intent@observe', kind: 'die-after' }];
    case 'put-outcome@claimed':
      return [{ point: 'DescribeStackResource@claimed', kind: 'stack-deleted' }];
    case 'sleep@claimed':
      return [{ point: 'DescribeTrainingPlan@claimed', kind: 'denied' }];
    case 'sleep@update':
      return [{ point: 'DescribeTrainingPlan@update', kind: 'denied' }];
    case 'GetParametersByPath@claimed':
      return [{ point: 'put-intent@observe', kind: 'again' }];
    case 'GetParametersByPath@sent':
      return [{ point: 'put-sent@claimed', kind: 'again' }];
    case 'GetParametersByPath@after':
      return [{ point: 'put-outcome@after', kind: 'again' }];
    case 'DescribeTrainingPlan@after':
    case 'ListTags@after':
    case 'sleep@after':
      return [{ point: 'CreateTrainingPlan@sent', kind: 'reset-after' }];
    default:
      return [];
  }
}

/** Random schedules: with faults that are aimed at, and more; or with any. */
export function schedules(aims: readonly PlannedFault[] = []): fc.Arbitrary<RandomSchedule> {
  return fc.record<RandomSchedule>({
    seed: fc.nat(),
    world: fc.constantFrom('A', 'B', 'B', 'C'),
    invisible: minutes(0, 0, 0, 0.02, 0.5, 2, 2, 9, 11, 25, 30),
    tagsLag: minutes(0, 0, 0, 0, 1, 5, 20),
    pending: minutes(0, 0, 0, 0, 0, 1, 1, 10, 30, 60),
    paymentFails: fc.nat(9).map(number => number === 0),
    market: fc.constantFrom(...['quiet', 'quiet', 'quiet', 'quiet', 'goes', 'rises', 'empty'] as const),
    delay: minutes(0, 0, 0, 0, 0, 0, 4, 59, 61, 180),
    duplicate: fc.option(minutes(0, 0.02, 0.1, 1, 3, 12, 30, 61), { freq: 2 }),
    twin: fc.nat(5).map(number => number === 0),
    rollback: fc.nat(3).map(number => number !== 0),
    policy: fc.constantFrom('retain', 'delete'),
    steps: fc.array(fc.record({ step: fc.constantFrom(...STEPS), after: minutes(0, 0, 1, 12, 21, 25, 70) }), { maxLength: 2 }),
    faults: fc.array(anyFault, { maxLength: aims.length > 0 ? 1 : 3 })
      .map(more => [...aims, ...aims.flatMap(aim => lure(aim.point)), ...more]),
    ...Object.assign({}, ...aims.map(aim => towards(aim.point)).reverse()) as Fields,
    ...aims.length > 0 && stepsTowards(aims.map(aim => aim.point)),
  });
}

/** Schedules in which nothing goes wrong. */
export const QUIET_SCHEDULES: fc.Arbitrary<RandomSchedule> = schedules().map(random => ({ ...random, faults: [] }));

/** Lets a random schedule happen. */
export async function playRandom(random: RandomSchedule, more: Setup = {}): Promise<Outcome<void>> {
  const { seed, world, invisible, tagsLag, pending, paymentFails, faults } = random;
  const behaviour = { world, invisible, tagsLag, pending, paymentFails };
  const setup = { seed, behaviour, faults, offerings: MARKETS[random.market](), quiet: isQuiet(random), ...more };
  return schedule(setup, async (...given) => story(random, ...given));
}

/** Whether nothing but a fault can keep the first deployment from its plan. */
function isQuiet({ world, market: of, delay, paymentFails, faults }: RandomSchedule): boolean {
  return world !== 'C' && (of === 'quiet' || of === 'goes') && delay === 0 && !paymentFails && faults.length === 0;
}

async function story({ delay, duplicate, twin, rollback, policy, steps }: RandomSchedule, deploy: Deploy, world: World): Promise<void> {
  let count = 0;
  let stack = deploy(0, { deletionPolicy: policy });
  const others = twin ? [deploy(500, { deletionPolicy: policy }).create(purchase())] : [];
  const first = stack.create(purchase(), { delay, rollback });
  if (duplicate !== null) { stack.again(stack.sent[0], duplicate); }
  await Promise.all([first, ...others]);
  for (const { step, after } of steps) {
    await world.pass(after);
    const there = stack.exists && !stack.deleted;
    switch (step) {
      case 'deliver again':
        stack.again(stack.sent.at(-1)!, 0);
        break;
      case 'create again':
        if (!stack.exists && !stack.deleted) { await stack.create(purchase(), { rollback }); }
        break;
      case 'update':
      case 'update and roll back':
        if (there) {
          const changed = purchase({ Offering: { ...CRITERIA, Selection: 'LONGEST', DurationHours: ['24', '336'] } });
          await stack.update(changed, { failLater: step === 'update and roll back' });
        }
        break;
      case 'update tags':
        if (there) { await stack.update(purchase({ Tags: { team: `team ${++count}`, [`only ${count}`]: 'x' } })); }
        break;
      case 'ask for more':
        if (there) { await stack.update(purchase({ Offering: { ...CRITERIA, InstanceCount: '8' } })); }
        break;
      case 'delete':
        if (there) { await stack.delete(); }
        break;
      default:
        stack = deploy(++count, { deletionPolicy: policy, ...step === 'deploy elsewhere' && { stackName: `Capacity-Nested-${count}` } });
        await stack.create(purchase(), { rollback });
    }
  }
}
