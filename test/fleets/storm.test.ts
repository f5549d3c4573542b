import { live, planOf } from './fleet';
import { MINUTE, World } from './world';

test('a storm of 1000 nodes at once stays within all limits, and every fault comes to an end', async () => {
  const plan = planOf(4);
  const world = new World({
    ...plan,
    groups: [{ name: 'workers', nodes: 1000 }],
    slurm: false,
    logicalIds: true,
    hidesGroups: false,
    recovery: 'None',
    scarce: false,
    remediations: 1,
    policy: {
      ...plan.policy,
      DryRun: false,
      MaxAtOnce: 20,
      MaxPercentAtOnce: 10,
      MaxPerDay: 60,
      MaxPercentPerDay: 25,
      Windows: [],
      MaxDelaySeconds: 6 * 3600,
      PollSeconds: 600,
    },
  }, []);
  for (const node of world.candidates) {
    world.clock.after(world.chance() * 5 * MINUTE, () => world.breaks(node, world.chance() < 0.5 ? 'NvidiaErrorReboot' : 'NvidiaErrorTerminate', { delay: 0 }));
  }
  await world.play(plan.start + 3 * 24 * 60 * MINUTE);
  expect(world.broken).toEqual([]);
  expect(world.counts.reboots + world.counts.replacements).toBeGreaterThan(30);
  expect(world.counts.events).toBeGreaterThan(1000);
}, 120_000);

test('the same seed makes the same fleet', async () => {
  const told = async () => (await live(planOf(12))).told.map(({ at, notice: { Kind, Reason } }) => [at, Kind, Reason]);
  expect(await told()).toEqual(await told());
});
