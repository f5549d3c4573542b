import * as fc from 'fast-check';
import { FAULT_KINDS, type FaultKind, type PlannedFault } from './faults';
import type { Deploy } from './stage';
import { MINUTE, type World } from './world';
import type { ExtensionProperties, PurchaseProperties } from '../../../src/private/contracts/training-plan';

/** A schedule as data, which fast-check makes, varies and shrinks. */
export interface RandomSchedule<S extends string = string> {
  readonly seed: number;
  readonly pending: number;
  readonly paymentFails: boolean;
  /** How late the first event comes. */
  readonly delay: number;
  /** After how long it comes once more. */
  readonly duplicate: number | null;
  /** Whether another stack asks for the same at the same moment. */
  readonly twin: boolean;
  readonly rollback: boolean;
  readonly policy: 'retain' | 'delete';
  /** What is done after the first deployment: each step a time after the one before. */
  readonly steps: readonly { readonly step: S; readonly after: number }[];
  readonly faults: readonly PlannedFault[];
  /** How stale reads of the ledger may be. */
  readonly ledgerLag: number;
}

export type Fields<R> = { readonly [K in keyof R]: fc.Arbitrary<R[K]> };

/** What may be done with a stack after the first deployment, besides updates. */
export const STEPS = ['deploy again', 'deploy elsewhere', 'create again', 'delete', 'deliver again'] as const;

const FRAMEWORK_KINDS: readonly FaultKind[] = ['die', 'die-after', 'error', 'error-after', 'late', 'duplicate'];

/** The kinds of faults that can strike at a point. */
export function kindsAt(point: string): readonly FaultKind[] {
  if (point.startsWith('framework.')) { return FRAMEWORK_KINDS; }
  if (point.startsWith('sleep')) { return ['die', 'late', 'cut', 'duplicate', 'stack-deleted']; }
  const money = /^(Create|Extend)TrainingPlan@/.test(point); // whose adapter repeats nothing
  const plain = /@(wait|update)$/.test(point); // where a late delivery and a deleted stack are nothing of their own
  return FAULT_KINDS.filter(kind => !(money && kind === 'again') && !(plain && kind === 'stack-deleted'));
}

/** Every fault at every point. */
export function cellsOf(points: readonly string[]): readonly PlannedFault[] {
  return points.flatMap(point => kindsAt(point).map(kind => ({ point, kind })));
}

/** One of some times. */
export function minutes(...choices: number[]): fc.Arbitrary<number> {
  return fc.constantFrom(...choices.map(number => number * MINUTE));
}

/** How random schedules of one kind are made. */
export interface Recipe<R extends RandomSchedule> {
  readonly points: readonly string[];
  readonly steps: readonly R['steps'][number]['step'][];
  /** What a schedule of this kind has besides. */
  readonly fields: Fields<Omit<R, keyof RandomSchedule>>;
  /** What else brings a run to a point. */
  readonly towards: (point: string) => Partial<Fields<R>>;
  /** Faults that bring a run where only a fault brings it. */
  readonly lures: Readonly<Record<string, PlannedFault>>;
  /** What has to be done with a stack to bring a run to points. */
  readonly stepsTowards: (points: readonly string[]) => R['steps'];
}

/** Random schedules: with faults that are aimed at, and more; or with any. */
export function schedulesOf<R extends RandomSchedule>(recipe: Recipe<R>, aims: readonly PlannedFault[] = []): fc.Arbitrary<R> {
  const { points, steps, fields, towards, lures, stepsTowards } = recipe;
  const anyFault = fc.constantFrom(...cellsOf(points))
    .chain(({ point, kind }) => fc.constantFrom(1, 1, 1, 2, 3).map(nth => ({ point, kind, nth })));
  const common: Fields<RandomSchedule> = {
    seed: fc.nat(),
    pending: fc.nat(39).map(number => [1, 1, 1, 1, 1, 1, 4, 12, 30, 60][number] ?? 0).map(number => number * MINUTE),
    paymentFails: fc.nat(9).map(number => number === 0),
    delay: minutes(0, 0, 0, 0, 0, 0, 4, 59, 61, 180),
    duplicate: fc.option(minutes(0, 0.02, 0.1, 1, 3, 12, 30, 61), { freq: 2 }),
    twin: fc.nat(5).map(number => number === 0),
    rollback: fc.nat(3).map(number => number !== 0),
    policy: fc.constantFrom('retain', 'delete'),
    ledgerLag: minutes(0, 0, 0, 0, 0, 0, 2 / 60, 10 / 60, 0.5),
    steps: fc.array(fc.record({ step: fc.constantFrom(...steps), after: minutes(0, 0, 1, 12, 21, 25, 70) }), { maxLength: 2 }),
    faults: fc.array(anyFault, { maxLength: aims.length > 0 ? 1 : 3 })
      .map(more => [...aims, ...aims.flatMap(({ point }) => lures[point] ?? []), ...more]),
  };
  const all = {
    ...fields,
    ...common,
    ...Object.assign({}, ...aims.map(({ point }) => towards(point)).reverse()) as object,
    ...aims.length > 0 && { steps: fc.constant(stepsTowards(aims.map(({ point }) => point))) },
  };
  return fc.record<any>(all);
}

/** Steps towards points, given as minutes after one another. */
export function stepsAfter<S extends string>(...steps: readonly (readonly [S, number])[]): { readonly step: S; readonly after: number }[] {
  return steps.map(([step, after]) => ({ step, after: after * MINUTE }));
}

/** What a schedule asks for. */
export interface Script<P> {
  readonly asked: P;
  /** What updates change, by the name of their step, and whether another resource of the stack fails after that. */
  readonly updates: Readonly<Record<string, { readonly to: (count: number) => P; readonly failLater?: boolean }>>;
}

/** Lets a random schedule happen. */
export async function tell<P extends PurchaseProperties | ExtensionProperties>(
  random: RandomSchedule, { asked, updates }: Script<P>, deploy: Deploy, world: World,
): Promise<void> {
  const { delay, duplicate, twin, rollback, policy, steps } = random;
  let count = 0;
  let stack = deploy(0, { deletionPolicy: policy });
  const others = twin ? [deploy(500, { deletionPolicy: policy }).create(asked)] : [];
  const first = stack.create(asked, { delay, rollback });
  if (duplicate !== null) { stack.again(stack.sent[0], duplicate); }
  await Promise.all([first, ...others]);
  for (const { step, after } of steps) {
    await world.pass(after);
    const there = stack.exists && !stack.deleted;
    if (Object.hasOwn(updates, step)) {
      const { to, failLater } = updates[step];
      if (there) { await stack.update(to(++count), { failLater }); }
      continue;
    }
    switch (step as typeof STEPS[number]) {
      case 'deliver again':
        stack.again(stack.sent.at(-1)!, 0);
        break;
      case 'create again':
        if (!stack.exists && !stack.deleted) { await stack.create(asked, { rollback }); }
        break;
      case 'delete':
        if (there) { await stack.delete(); }
        break;
      default:
        stack = deploy(++count, { deletionPolicy: policy, ...step === 'deploy elsewhere' && { stackName: `Capacity-Nested-${count}` } });
        await stack.create(asked, { rollback });
    }
  }
}
