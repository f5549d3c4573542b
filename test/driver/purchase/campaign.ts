import * as fc from 'fast-check';
import type { PlannedFault } from './faults';
import { cellsOf } from './random';
import type { Outcome } from './stage';
import { randomOf } from './world';

/** Random schedules of one kind. */
export interface Kind<R> {
  /** The await points that each fault has to meet. */
  readonly points: readonly string[];
  /** Those that only a rare course comes to, after faults at others: schedules can't be aimed at them. */
  readonly rare: readonly string[];
  readonly schedules: (aims?: readonly PlannedFault[]) => fc.Arbitrary<R>;
  readonly play: (schedule: R) => Promise<Outcome<unknown>>;
}

/** Every how manieth schedule has no fault. */
const QUIET = 10;
/** How often each fault meets each point at least: once for so many schedules, up to five times. */
const PER_MEETING = 200;
const MOST_MEETINGS = 5;

/** A schedule that broke an invariant. */
export class Violation extends Error {}

/** Plays random schedules, as many as are planned, and counts what they met. */
export class Campaign<R extends { readonly faults: readonly PlannedFault[] }> {
  public played = 0;
  public faulty = 0;
  /** How many answers were compared with the truth of the account. */
  public compared = 0;
  public readonly seen = new Set<string>();
  /** How often each fault has to meet each point. */
  public readonly least: number;
  private readonly struck = new Map<string, number>();

  public constructor(private readonly kind: Kind<R>, public readonly planned: number, private readonly seed: number) {
    this.least = Math.min(MOST_MEETINGS, Math.floor(planned / PER_MEETING));
  }

  /** How often a fault met a point. */
  public met({ point, kind }: PlannedFault): number {
    return this.struck.get(`${point} ${kind}`) ?? 0;
  }

  /**
   * Plays them all: `one` gets each with its number, to play it once or to shrink it. Where chance leaves a cell of the table empty, up
   * to as many schedules again are aimed at it.
   */
  public async run(one: (schedules: fc.Arbitrary<R>, seed: number) => Promise<void>): Promise<void> {
    const { kind: { points, schedules }, planned, seed, least } = this;
    const cells = cellsOf(points);
    const quiet = schedules().map(random => ({ ...random, faults: [], ledgerLag: 0 }));
    const random = randomOf(seed);
    let deck: PlannedFault[] = [];
    const deal = () => {
      if (deck.length === 0) { deck = cells.map(cell => ({ cell, key: random() })).sort((a, b) => a.key - b.key).map(({ cell }) => cell); }
      return deck.pop()!;
    };
    const next = async (from: fc.Arbitrary<R>) => one(from, seed * 1_000_000 + this.played);
    while (this.played < planned) {
      await next(this.played % QUIET === 0 ? quiet : schedules([deal(), deal()]));
    }
    for (let round = 0; round < 2 * least; round++) {
      for (const cell of cells) {
        if (this.met(cell) < least && this.played < 2 * planned) { await next(schedules([cell])); }
      }
    }
  }

  /** Plays one schedule. */
  public async play(schedule: R): Promise<void> {
    const { broken, world } = await this.kind.play(schedule);
    for (const point of world.faults.points.keys()) { this.seen.add(point); }
    for (const cell of new Set(world.faults.struck)) { this.struck.set(cell, (this.struck.get(cell) ?? 0) + 1); }
    this.played++;
    this.compared += world.compared;
    if (world.faults.struck.length > 0) { this.faulty++; }
    if (broken.length > 0) { throw new Violation(`${broken.join('\n')}\n${world.journal}`); }
  }
}
