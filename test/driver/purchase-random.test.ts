import * as fc from 'fast-check';
import { FAULT_KINDS, type PlannedFault } from './purchase/faults';
import { CELLS, kindsAt, playRandom, POINTS, QUIET_SCHEDULES, schedules, type RandomSchedule } from './purchase/random';
import { randomOf } from './purchase/world';

jest.mock('../../lambda/shared/logger');

/*
 * Random schedules: 1,000 with each push, and as many as PURCHASE_SCHEDULES says each night. A failure prints a schedule as small
 * as it can be, which becomes a named one. PURCHASE_SEED makes others.
 */
const SCHEDULES = Number(process.env.PURCHASE_SCHEDULES ?? 1000);
const SEED = Number(process.env.PURCHASE_SEED ?? 1);

/** Every how manieth schedule has no fault. */
const QUIET = 10;
/** How often each fault meets each point at least, and how many schedules may be added for that. */
const LEAST = 5;
const MORE = SCHEDULES;

const struck = new Map<string, number>();
const points = new Set<string>();
let played = 0;
let faulty = 0;

beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

function met({ point, kind }: PlannedFault): number {
  return struck.get(`${point} ${kind}`) ?? 0;
}

async function play(random: fc.Arbitrary<RandomSchedule>): Promise<void> {
  await fc.assert(fc.asyncProperty(random, async schedule => {
    const { broken, world } = await playRandom(schedule);
    for (const point of world.faults.points.keys()) { points.add(point); }
    for (const cell of new Set(world.faults.struck)) { struck.set(cell, (struck.get(cell) ?? 0) + 1); }
    played++;
    if (world.faults.struck.length > 0) { faulty++; }
    if (broken.length > 0) { throw new Error(`${broken.join('\n')}\n${world.journal}`); }
  }), { numRuns: 1, seed: SEED * 1_000_000 + played });
}

test(`${SCHEDULES} random schedules keep all invariants`, async () => {
  const random = randomOf(SEED);
  let deck: PlannedFault[] = [];
  const deal = () => {
    if (deck.length === 0) { deck = CELLS.map(cell => ({ cell, key: random() })).sort((a, b) => a.key - b.key).map(({ cell }) => cell); }
    return deck.pop()!;
  };
  while (played < SCHEDULES) {
    await play(played % QUIET === 0 ? QUIET_SCHEDULES : schedules([deal(), deal()]));
  }
  for (let round = 0; round < 2 * LEAST; round++) {
    for (const cell of CELLS) {
      if (met(cell) < LEAST && played < SCHEDULES + MORE) { await play(schedules([cell])); }
    }
  }
}, 24 * 60 * 60_000);

test('every fault meets every await point, and four schedules of five hold one', () => {
  const kinds = FAULT_KINDS.map(kind => kind.replace('-after', '+').slice(0, 9).padStart(9));
  const rows = POINTS.map(point => [point.padEnd(36), ...FAULT_KINDS.map(kind => {
    return (kindsAt(point).includes(kind) ? String(met({ point, kind })) : '').padStart(9);
  })].join(' '));
  process.stdout.write(`${played} schedules, ${faulty} with a fault (+: after the effect)\n${[''.padEnd(36), ...kinds].join(' ')}\n${rows.join('\n')}\n`);
  expect(faulty / played).toBeGreaterThanOrEqual(0.8);
  expect([...points].filter(point => !(POINTS as readonly string[]).includes(point))).toEqual([]);
  expect(CELLS.filter(cell => met(cell) < LEAST).map(({ point, kind }) => `${point} ${kind}`)).toEqual([]);
});
