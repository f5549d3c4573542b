import * as fc from 'fast-check';
import { Campaign, type Kind } from './campaign';
import type { PlannedFault } from './faults';
import { cellsOf } from './random';
import { tableOf } from './table';

/**
 * Tests with random schedules: some with each push; `npm run spending` plays as many as one likes. A failure prints a schedule as small
 * as it can be, which becomes a named one. PURCHASE_SEED makes others, and the variable says how many.
 */
export function testRandomly<R extends { readonly faults: readonly PlannedFault[] }>(variable: string, count: number, kind: Kind<R>): void {
  const campaign = new Campaign(kind, Number(process.env[variable] ?? count), Number(process.env.PURCHASE_SEED ?? 1));

  beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

  test(`${campaign.planned} random schedules keep all invariants`, async () => {
    await campaign.run(async (schedules, seed) => {
      await fc.assert(fc.asyncProperty(schedules, async schedule => campaign.play(schedule)), { numRuns: 1, seed });
    });
  }, 24 * 60 * 60_000);

  test('every fault meets every await point, four schedules of five hold one, and answers are compared with the truth', () => {
    process.stdout.write(tableOf(kind.points, campaign));
    expect(campaign.faulty / campaign.played).toBeGreaterThanOrEqual(0.8);
    expect(campaign.compared / campaign.played).toBeGreaterThan(0.5);
    expect([...campaign.seen].filter(point => !kind.points.includes(point) && !kind.rare.includes(point))).toEqual([]);
    expect(cellsOf(kind.points).filter(cell => campaign.met(cell) < campaign.least).map(({ point, kind: fault }) => `${point} ${fault}`)).toEqual([]);
  });
}
