import * as fc from 'fast-check';
import { FAULT_KINDS, type PlannedFault } from './faults';
import { cellsOf, kindsAt } from './random';
import type { Outcome } from './stage';
import { randomOf } from './world';

/** Random schedules of one kind. */
export interface Campaign<R> {
  /** The variable that says how many there are. */
  readonly variable: string;
  /** How many without it. */
  readonly count: number;
  readonly points: readonly string[];
  readonly schedules: (aims?: readonly PlannedFault[]) => fc.Arbitrary<R>;
  readonly play: (schedule: R) => Promise<Outcome<unknown>>;
}

/** Every how manieth schedule has no fault. */
const QUIET = 10;
/** How often each fault meets each point at least: once for so many schedules, up to five times. */
const PER_MEETING = 200;
const MOST_MEETINGS = 5;

/**
 * Tests with random schedules: some with each push, and as many as the variable says each night. A failure prints a schedule as small
 * as it can be, which becomes a named one. PURCHASE_SEED makes others. Where chance leaves a cell of the table empty, up to as many
 * schedules again are aimed at it.
 */
export function testRandomly<R extends { readonly faults: readonly PlannedFault[] }>(
  { variable, count, points, schedules, play }: Campaign<R>,
): void {
  const planned = Number(process.env[variable] ?? count);
  const seed = Number(process.env.PURCHASE_SEED ?? 1);
  const least = Math.min(MOST_MEETINGS, Math.floor(planned / PER_MEETING));
  const cells = cellsOf(points);
  const quiet = schedules().map(random => ({ ...random, faults: [] }));
  const struck = new Map<string, number>();
  const seen = new Set<string>();
  let played = 0;
  let faulty = 0;
  const met = ({ point, kind }: PlannedFault) => struck.get(`${point} ${kind}`) ?? 0;

  async function playOne(random: fc.Arbitrary<R>): Promise<void> {
    await fc.assert(fc.asyncProperty(random, async schedule => {
      const { broken, world } = await play(schedule);
      for (const point of world.faults.points.keys()) { seen.add(point); }
      for (const cell of new Set(world.faults.struck)) { struck.set(cell, (struck.get(cell) ?? 0) + 1); }
      played++;
      if (world.faults.struck.length > 0) { faulty++; }
      if (broken.length > 0) { throw new Error(`${broken.join('\n')}\n${world.journal}`); }
    }), { numRuns: 1, seed: seed * 1_000_000 + played });
  }

  beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

  test(`${planned} random schedules keep all invariants`, async () => {
    const random = randomOf(seed);
    let deck: PlannedFault[] = [];
    const deal = () => {
      if (deck.length === 0) { deck = cells.map(cell => ({ cell, key: random() })).sort((a, b) => a.key - b.key).map(({ cell }) => cell); }
      return deck.pop()!;
    };
    while (played < planned) {
      await playOne(played % QUIET === 0 ? quiet : schedules([deal(), deal()]));
    }
    for (let round = 0; round < 2 * least; round++) {
      for (const cell of cells) {
        if (met(cell) < least && played < 2 * planned) { await playOne(schedules([cell])); }
      }
    }
  }, 24 * 60 * 60_000);

  test('every fault meets every await point, and four schedules of five hold one', () => {
    const kinds = FAULT_KINDS.map(kind => kind.replace('-after', '+').slice(0, 9).padStart(9));
    const rows = points.map(point => [point.padEnd(44), ...FAULT_KINDS.map(kind => {
      return (kindsAt(point).includes(kind) ? String(met({ point, kind })) : '').padStart(9);
    })].join(' '));
    process.stdout.write(`${played} schedules, ${faulty} with a fault (+: after the effect)\n${[''.padEnd(44), ...kinds].join(' ')}\n${rows.join('\n')}\n`);
    expect(faulty / played).toBeGreaterThanOrEqual(0.8);
    expect([...seen].filter(point => !points.includes(point))).toEqual([]);
    expect(cells.filter(cell => met(cell) < least).map(({ point, kind }) => `${point} ${kind}`)).toEqual([]);
  });
}
