import type { PlannedFault } from './faults';
import { live, planOf } from './fleet';
import { DAY, HOUR, MINUTE, SECOND, World, type FleetPlan, type Mutation } from './world';
import type { NodeService } from '../../lambda/clients/hyperpod-nodes';
import type { StateStore } from '../../lambda/clients/state-table';

/* Remediations that are wrong in one way: fleets that don't notice them notice nothing. Each is also played with the shipped one. */

interface Mutant {
  readonly mutation: Mutation;
  readonly plan?: Partial<FleetPlan>;
  readonly policy?: Partial<FleetPlan['policy']>;
  readonly faults?: readonly PlannedFault[];
  readonly story: (world: World) => void;
  readonly breaks: RegExp;
}

const CALM = planOf(6);
const PLAN: FleetPlan = {
  ...CALM,
  groups: [{ name: 'workers', nodes: 8 }],
  logicalIds: true,
  slurm: false,
  tellsController: true,
  hidesGroups: false,
  recovery: 'None',
  scarce: false,
  rebootMinutes: 4,
  showsReboots: true,
  rebootsHang: false,
  healthyEvents: true,
  remediations: 1,
  policy: {
    ...CALM.policy,
    DryRun: false,
    ControllerGroups: [],
    MaxAtOnce: 1,
    MaxPercentAtOnce: 100,
    MaxPerDay: 5,
    MaxPercentPerDay: 100,
    Windows: [],
    PollSeconds: 300,
    RebootTimeoutSeconds: 1800,
    ReplaceTimeoutSeconds: 5400,
    MaxDelaySeconds: DAY / 1000,
    RecurrenceSeconds: DAY / 1000,
    MaxFaultAgeSeconds: DAY / 1000,
  },
};

/** A window that opens half a day after the beginning. */
const TONIGHT = [
  { Days: [0, 1, 2, 3, 4, 5, 6], StartMinute: (new Date(CALM.start).getUTCHours() * 60 + 12 * 60) % 1440, Minutes: 120 },
];

const service = (change: (service: NodeService) => Partial<NodeService>): Mutation => (
  { service: given => ({ ...given, ...change(given) }) });
const store = (change: (store: StateStore) => Partial<StateStore>): Mutation => ({ store: given => ({ ...given, ...change(given) }) });
const edited = (json: string, edit: (item: Record<string, any>) => void): string => {
  const item = JSON.parse(json) as Record<string, any>;
  edit(item);
  return JSON.stringify(item);
};
const at = (world: World, after: number, act: () => void) => world.clock.after(after, act);

const MUTANTS: Record<string, Mutant> = {
  'what is being done is not noted first': {
    mutation: store(({ write }) => ({
      write: async (id, version, json, expires) => write(id, version, id.startsWith('node/') ? edited(json, item => { delete item.doing; }) : json, expires),
    })),
    policy: { MaxAtOnce: 4 },
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorReboot', { delay: 0 }),
    breaks: /^I[136]/,
  },
  'reports that a node is well are not heard': {
    mutation: { event: event => (JSON.stringify(event).includes('"Healthy"') ? undefined : event) },
    policy: { Windows: TONIGHT },
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0, heals: 20 * MINUTE }),
    breaks: /^I1 a healthy node is touched, and that it is was said/,
  },
  'a place is free while the group is short': {
    mutation: service(({ describeCluster }) => ({
      describeCluster: async (...given) => {
        const cluster = await describeCluster(...given);
        return { ...cluster, InstanceGroups: cluster.InstanceGroups?.map(group => ({ ...group, CurrentCount: group.TargetCount })) };
      },
    })),
    plan: { scarce: true, seed: 21 },
    story: world => {
      for (let index = 0; index < 4; index++) {
        at(world, index * 3 * HOUR, () => world.breaks(world.candidates[index], 'NvidiaErrorTerminate', { delay: 0 }));
      }
    },
    breaks: /^I2 \d nodes of a group at once/,
  },
  'a node that goes stands for another one that the group lacks': {
    mutation: service(({ listNodes }) => ({
      listNodes: async (...given) => {
        const nodes = await listNodes(...given);
        return [...nodes, ...nodes.map(each => ({ ...each, InstanceId: `i-f${each.InstanceId?.slice(3)}` }))];
      },
    })),
    plan: { scarce: true },
    policy: { MaxAtOnce: 2, MaxPerDay: 8, MaxDelaySeconds: 3 * HOUR / 1000 },
    story: world => {
      /* One of the first two is given up after 90 minutes, when one of the others was just asked for. */
      world.candidates.forEach((node, index) => {
        at(world, index < 2 ? 0 : 90 * MINUTE + (index - 4) * 6 * SECOND, () => world.breaks(node, 'NvidiaErrorTerminate', { delay: 0 }));
      });
    },
    breaks: /^I2 3 nodes of a group at once/,
  },
  'the age of a fault does not matter': {
    mutation: { policy: policy => ({ ...policy, MaxFaultAgeSeconds: 30 * DAY / 1000 }) },
    plan: { healthyEvents: false },
    policy: { MaxFaultAgeSeconds: 20 * MINUTE / 1000 },
    story: world => {
      /* The second one waits for the replacement of the first. */
      world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0 });
      at(world, MINUTE, () => world.breaks(world.candidates[1], 'NvidiaErrorTerminate', { delay: 0, heals: 10 * MINUTE }));
    },
    breaks: /^I1 a healthy node is touched for a fault of long ago/,
  },
  'the claim is not asked for': {
    mutation: { claim: () => undefined },
    plan: { remediations: 2 },
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorReboot', { delay: 0 }),
    breaks: /^I9 without the claim/,
  },
  'a group that nobody tells is one that may be touched': {
    mutation: {
      ...service(({ describeNode }) => ({
        describeNode: async (...given) => ({ ...await describeNode(...given), InstanceGroupName: 'workers' }),
      })),
    },
    plan: { slurm: true, groups: [{ name: 'head', nodes: 1, controller: true }, { name: 'workers', nodes: 8 }], hidesGroups: true },
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0, repeats: 2 }),
    breaks: /^I4 a controller is touched/,
  },
  'a graver fault is part of what was left alone': {
    mutation: store(({ write }) => ({
      write: async (id, version, json, expires) => write(id, version, id.startsWith('node/') ? edited(json, item => { item.gravest = 'Replace'; }) : json, expires),
    })),
    story: world => {
      world.breaks(world.candidates[0], 'XidUserAppError', { delay: 0 });
      at(world, 30 * MINUTE, () => world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0 }));
    },
    breaks: /^I5 a fault is forgotten in silence/,
  },
  'a report of a time during a reboot is a recurrence': {
    mutation: { // a reboot is over after five minutes, whatever is seen of the node
      policy: policy => ({ ...policy, RebootTimeoutSeconds: 300 }),
      ...store(({ write }) => ({
        write: async (id, version, json, expires) => write(id, version, edited(json, ({ doing }) => { delete doing?.downAt; }), expires),
      })),
    },
    plan: { rebootMinutes: 14 },
    story: world => {
      for (let index = 0; index < 8; index++) {
        const node = world.candidates[index];
        at(world, index * 2 * HOUR, () => world.breaks(node, 'NvidiaErrorReboot', { delay: 0 }));
      }
    },
    policy: { MaxPerDay: 8 },
    breaks: /^I1 a node is touched that its reboot has healed/,
  },
  'the limit of a day is not kept': {
    mutation: store(({ read }) => ({
      read: async id => {
        const item = await read(id);
        return item && id.startsWith('group/') ? { ...item, json: edited(item.json, ledger => { ledger.today = []; }) } : item;
      },
    })),
    policy: { MaxPerDay: 1 },
    story: world => {
      for (let index = 0; index < 3; index++) { at(world, index * HOUR, () => world.breaks(world.candidates[index], 'NvidiaErrorReboot', { delay: 0 })); }
    },
    breaks: /^I2 \d nodes of a group on a day/,
  },
  'a node that does not come back from its reboot leaves its place': {
    mutation: store(({ write }) => ({
      write: async (id, version, json, expires) => write(id, version, id.startsWith('group/') ? edited(json, ledger => { delete ledger.down; }) : json, expires),
    })),
    plan: { rebootsHang: true },
    policy: { MaxDelaySeconds: 2 * HOUR / 1000, MaxPerDay: 8 },
    story: world => {
      for (let index = 0; index < 8; index++) { at(world, index * 2 * HOUR, () => world.breaks(world.candidates[index], 'NvidiaErrorReboot', { delay: 0 })); }
    },
    breaks: /^I2 \d nodes of a group at once/,
  },
  'a node that does not go while it is replaced leaves its place': {
    mutation: store(({ write }) => ({
      write: async (id, version, json, expires) => write(id, version, id.startsWith('group/') ? edited(json, ledger => { delete ledger.down; }) : json, expires),
    })),
    plan: { goesSlowly: true },
    story: world => {
      world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0 });
      at(world, 100 * MINUTE, () => world.breaks(world.candidates[1], 'NvidiaErrorTerminate', { delay: 0 }));
    },
    breaks: /^I2 2 nodes of a group at once/,
  },
  'what was never asked for is told as done': {
    mutation: store(({ write }) => ({
      write: async (id, version, json, expires) => write(id, version, edited(json, ({ doing }) => { delete doing?.unanswered; }), expires),
    })),
    faults: [{ point: 'BatchRebootClusterNodes', kind: 'die', nth: 1 }],
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorReboot', { delay: 0 }),
    breaks: /^I10 told of a reboot that never was/,
  },
  'who takes the claim over acts on the same day': {
    mutation: {
      claim: claim => ({
        hold: async () => {
          const answer = await claim.hold();
          return answer.state === 'Held' ? { state: 'Held' } : answer;
        },
      }),
    },
    plan: { remediations: 2 },
    policy: { MaxPerDay: 1 },
    story: world => {
      world.breaks(world.candidates[0], 'NvidiaErrorReboot', { delay: 0 });
      at(world, HOUR, () => world.deleteStack(0));
      at(world, HOUR + 20 * MINUTE, () => world.breaks(world.candidates[1], 'NvidiaErrorReboot', { delay: 0 }));
    },
    breaks: /^I2 \d nodes of a group on a day/,
  },
  'who takes the claim over does not look which nodes run': {
    mutation: service(({ listNodes }) => ({
      listNodes: async (...given) => (await listNodes(...given)).map(each => ({ ...each, InstanceStatus: { Status: 'Running' } })),
    })),
    plan: { remediations: 2, rebootsHang: true },
    story: world => {
      for (let index = 0; index < 4; index++) { at(world, index * 30 * MINUTE, () => world.breaks(world.candidates[index], 'NvidiaErrorReboot', { delay: 0 })); }
      at(world, 2 * HOUR, () => world.deleteStack(0));
      at(world, 3 * HOUR, () => world.breaks(world.candidates[4], 'NvidiaErrorReboot', { delay: 0 })); // here it is taken over
      at(world, 26 * HOUR, () => world.breaks(world.candidates[5], 'NvidiaErrorReboot', { delay: 0 }));
    },
    breaks: /^I2 2 nodes of a group at once/,
  },
  'windows are not kept': {
    mutation: { policy: policy => ({ ...policy, Windows: [] }) },
    policy: { Windows: TONIGHT },
    story: world => world.breaks(world.candidates[0], 'NvidiaErrorTerminate', { delay: 0 }),
    breaks: /^I7 outside of a window/,
  },
};

describe.each(Object.entries(MUTANTS))('%s', (_name, { mutation, plan, policy, faults = [], story, breaks }) => {
  const play = async (wrong: boolean, seed: number) => {
    const fleet = { ...PLAN, ...plan, seed, policy: { ...PLAN.policy, ...policy } };
    const world = new World({ ...fleet, mutation: wrong ? mutation : undefined }, faults);
    story(world);
    await world.play(PLAN.start + 10 * DAY);
    return world.broken;
  };
  const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

  test('is noticed', async () => {
    const broken: string[] = [];
    for (const seed of seeds) { broken.push(...await play(true, seed)); }
    expect(broken).toContainEqual(expect.stringMatching(breaks));
  });

  test('is survived by the remediation as it is shipped', async () => {
    for (const seed of seeds) { expect(await play(false, seed)).toEqual([]); }
  });
});

test('random fleets live with the mutants, too', async () => {
  const { mutation } = MUTANTS['the limit of a day is not kept'];
  expect((await live(planOf(3, 20, mutation))).counts.events).toBeGreaterThan(0);
});
