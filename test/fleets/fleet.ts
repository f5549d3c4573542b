import { between, chanceOf, pick, type Chance } from './clock';
import { CELLS, type PlannedFault, type Point } from './faults';
import { DAY, HOUR, MINUTE, World, type FaultType, type FleetPlan, type Mutation } from './world';

/** How many nodes a group has: a few as a rule, a thousand at times. */
function sizeOf(chance: Chance, largest: number): number {
  const size = chance();
  if (size < 0.7) { return 1 + Math.floor(chance() * 8); }
  if (size < 0.97) { return 8 + Math.floor(chance() * 40); }
  return Math.min(largest, size < 0.9985 ? 50 + Math.floor(chance() * 150) : 1000);
}

/** A fleet that chance makes out of a seed. */
export function planOf(seed: number, largest = 1000, mutation?: Mutation): FleetPlan {
  const chance = chanceOf(seed);
  const slurm = chance() < 0.3;
  const windows = chance() < 0.3 ? [{
    Days: [0, 1, 2, 3, 4, 5, 6].filter(() => chance() < 0.5),
    StartMinute: Math.floor(chance() * 1440),
    Minutes: pick(chance, [60, 240, 1440]),
  }] : [];
  return {
    seed,
    start: Date.parse('2026-06-01T00:00:00Z') + Math.floor(chance() * 7 * DAY),
    groups: [
      { name: 'workers', nodes: sizeOf(chance, largest) },
      ...chance() < 0.3 ? [{ name: 'more-workers', nodes: 1 + Math.floor(chance() * 4) }] : [],
      ...slurm ? [{ name: 'head', nodes: 1, controller: true }] : [],
    ],
    logicalIds: chance() < 0.75,
    slurm,
    tellsController: chance() < 0.8,
    hidesGroups: chance() < 0.1,
    recovery: chance() < 0.75 ? 'None' : 'Automatic',
    policy: {
      DryRun: chance() < 0.05,
      Rules: [],
      ControllerGroups: chance() < 0.5 ? ['head'] : [],
      MaxAtOnce: pick(chance, [1, 1, 2, 4]),
      MaxPercentAtOnce: pick(chance, [10, 25, 100]),
      MaxPerDay: pick(chance, [1, 3, 5, 20]),
      MaxPercentPerDay: pick(chance, [25, 100]),
      Windows: windows,
      RequirePatched: false,
      PollSeconds: pick(chance, [60, 300, 600]),
      RebootTimeoutSeconds: pick(chance, [1200, 1800]),
      ReplaceTimeoutSeconds: pick(chance, [3000, 5400]),
      MaxDelaySeconds: pick(chance, [6 * 3600, 86_400, 3 * 86_400]),
      RecurrenceSeconds: pick(chance, [6 * 3600, 86_400]),
      MaxFaultAgeSeconds: pick(chance, [3600, 6 * 3600, 86_400]),
    },
    scarce: chance() < 0.25,
    ...chance() < 0.8
      ? { rebootMinutes: pick(chance, [2, 4, 8, 14]), showsReboots: true } : { rebootMinutes: pick(chance, [2, 6]), showsReboots: false },
    healthyEvents: chance() < 0.8,
    remediations: chance() < 0.15 ? 2 : 1,
    rebootsHang: chance() < 0.15,
    mutation,
  };
}

/** How many faults a fleet of a size has: a few, or nearly all nodes at once. */
function faultsOf(chance: Chance, nodes: number): number {
  return chance() < 0.1 ? Math.ceil(nodes * between(chance, 0.2, 0.6)) : 1 + Math.floor(chance() * Math.min(5, nodes + 1));
}

/** Lets a fleet live for some days. */
export async function live(plan: FleetPlan, faults: readonly PlannedFault[] = []): Promise<World> {
  const world = new World(plan, faults);
  const chance = chanceOf(plan.seed + 0.5);
  const count = faultsOf(chance, world.candidates.length);
  const storm = chance() < 0.3;
  for (let index = 0; index < count; index++) {
    world.clock.after(storm ? between(chance, 0, 5 * MINUTE) : between(chance, 0, 2 * DAY), () => {
      const node = pick(chance, world.candidates);
      if (!node) { return; }
      const type = pick<FaultType>(chance, ['NvidiaErrorReboot', 'NvidiaErrorReboot', 'NvidiaErrorTerminate', 'XidUserAppError', 'Unheard']);
      const heals = chance() < 0.25 ? between(chance, MINUTE, DAY) : undefined;
      world.breaks(node, type, { repeats: Math.floor(chance() * 3), heals });
      if (chance() < 0.2) { // another fault of the same node
        world.clock.after(between(chance, SECONDS, 20 * HOUR), () => world.breaks(node, pick<FaultType>(chance, ['NvidiaErrorReboot', 'NvidiaErrorTerminate', 'Unheard'])));
      }
      if (chance() < 0.1) { world.clock.after(between(chance, MINUTE, 6 * HOUR), () => world.replacesByHand(node)); }
    });
  }
  if (plan.remediations === 2 && chance() < 0.4) {
    world.clock.after(between(chance, 0, DAY), () => world.deleteStack(pick(chance, [0, 1])));
  }
  await world.play(plan.start + 40 * DAY);
  return world;
}

const SECONDS = 1_000;

/** Faults for a fleet: those that are dealt, so that each meets each point. */
export class Deck {
  private cards: (typeof CELLS[number])[] = [];

  public constructor(private readonly chance: Chance) {}

  public deal(): PlannedFault {
    if (this.cards.length === 0) {
      const keyed = CELLS.map(card => ({ card, key: this.chance() }));
      this.cards = keyed.sort((a, b) => a.key - b.key).map(({ card }) => card);
    }
    const { point, kind } = this.cards.pop()!;
    return { point, kind, nth: 1 + Math.floor(this.chance() ** 2 * (RARE.includes(point) ? 2 : 12)) };
  }
}

/** Points that a fleet comes to a few times only. */
const RARE: readonly Point[] = ['BatchRebootClusterNodes', 'BatchReplaceClusterNodes', 'ListClusterNodes', 'read claim', 'write claim', 'DescribeStackResource'];

/** A fleet in which faults can strike: one that comes to their points. */
export function aimed(plan: FleetPlan, faults: readonly PlannedFault[]): FleetPlan {
  const has = (...points: Point[]) => faults.some(({ point }) => points.includes(point));
  const acts = has('BatchRebootClusterNodes', 'BatchReplaceClusterNodes', 'read claim', 'write claim', 'DescribeStackResource', 'ListClusterNodes');
  return {
    ...plan,
    ...acts && { recovery: 'None', slurm: false, hidesGroups: false, groups: plan.groups.filter(({ controller }) => !controller), policy: { ...plan.policy, DryRun: false } },
    ...has('DescribeStackResource') && { remediations: 2 },
    ...has('ListClusterNodes') && { logicalIds: false },
  };
}
