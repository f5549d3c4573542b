import { campaign, table, unmet, type Figures } from './campaign';

/** How many fleets live with each push: FLEETS says otherwise, FLEETS_SEED makes others. `npm run fleets` lets more of them live. */
const FLEETS = Number(process.env.FLEETS ?? 2000);
const SEED = Number(process.env.FLEETS_SEED ?? 1);
let figures: Figures;

beforeAll(async () => {
  figures = await campaign(FLEETS, SEED, { largest: 200 });
}, 60 * 60_000);

test('random fleets keep all invariants', () => {
  process.stdout.write(`${table(figures)}\n`);
  expect(figures.violations).toEqual([]);
  expect(figures.fleets).toBe(FLEETS);
});

test('every fault meets every await point, and three fleets of four hold one', () => {
  expect(unmet(figures)).toEqual([]);
  expect(figures.faulty / figures.fleets).toBeGreaterThan(0.75);
});

test('fleets are no trivial ones: nodes are repaired, left, refused, escalated, and told of in many ways', () => {
  const { counts, kinds } = figures;
  expect(counts.reboots + counts.replacements).toBeGreaterThan(FLEETS / 2);
  for (const kind of [
    'Repaired Rebooted', 'Repaired Replaced', 'Ended WellAgain', 'Ended ReplacedMeanwhile', 'Left NoRepairNeeded', 'Escalated NotInTable',
    'Escalated FaultTooOld', 'Escalated FaultDuringReboot', 'Escalated NotReplacedInTime', 'Escalated RecursAfterReplacement',
    'Deferred GroupShort', 'Deferred LimitAtOnce', 'Deferred OutsideWindow', 'Refused LimitPerDay', 'Refused ClaimedByAnother',
    'Refused HyperPodRecovers', 'Refused SlurmController', 'Refused SlurmControllerUnknown', 'Refused GroupUnknown', 'DryRun WouldReplace',
  ]) {
    expect([kind, kinds[kind] ?? 0]).toEqual([kind, expect.any(Number)]);
    expect(kinds[kind] ?? 0).toBeGreaterThan(0);
  }
});
