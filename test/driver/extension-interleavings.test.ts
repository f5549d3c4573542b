import { EventMaker } from './events';
import { accepted, extension, boughtPlan, extensionMarket, violations } from './purchase/extensions';
import { NO_FENCE } from './purchase/mutants';
import { ahead, everyOverlap } from './purchase/overlap';
import { day, NAME } from './purchase/plans';
import { MINUTE, type Mutation, type World } from './purchase/world';
import type { ProviderEvent } from '../../lambda/shared/provider';
import { STALE_MS } from '../../lambda/spending/ledger';
import { EXTENSION_RESOURCE_TYPE } from '../../src/private/contracts/training-plan';

jest.mock('../../lambda/shared/logger');

jest.setTimeout(300_000);
beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

function createIn(incarnation: number, properties = extension()): ProviderEvent {
  return new EventMaker({ resourceType: EXTENSION_RESOURCE_TYPE, logicalId: 'Extend', incarnation }).create(properties);
}

function prepare(historyLag: number): (world: World) => void {
  return world => {
    const { plans } = playing = world;
    plans.purchases.push(boughtPlan());
    plans.extensionOfferings.set(NAME, extensionMarket());
    plans.behave({ historyLag });
  };
}

let playing: World;

/** Reads are not stale here: nobody waits for what he might not have seen, and a claim is read back with the answer to its write. */
const AT_ONCE: Mutation = {
  ports: ({ clock, ledger, ...others }) => {
    let written: ReadonlyMap<string, string> | undefined;
    return {
      ...others,
      clock: { ...clock, sleep: async time => (time === STALE_MS ? undefined : clock.sleep(time)) },
      ledger: {
        put: async (name, value) => {
          const isNew = await ledger.put(name, value);
          written = name.endsWith('/outcome') && isNew ? undefined : new Map(playing.parameters.values);
          return isNew;
        },
        readAll: async path => {
          const read = written ?? await ledger.readAll(path);
          written = undefined;
          return read;
        },
      },
    };
  },
};
const withoutFence: Mutation = { ports: (ports, event) => NO_FENCE.ports!(AT_ONCE.ports!(ports, event), event) };

test.each<[string, ProviderEvent[], number]>([
  ['two runs of one event', [createIn(1), createIn(1)], 0],
  ['two stacks', [createIn(1), createIn(2)], MINUTE],
])('%s extend once in every order', async (_what, events, lag) => {
  const orders = await everyOverlap({ events, prepare: prepare(lag), mutation: AT_ONCE }, world => {
    expect(violations(world)).toEqual([]);
    expect(accepted(world)).toHaveLength(1);
  });
  expect(orders).toBeGreaterThan(300);
});

test('two ends are never bought at once in any order', async () => {
  const events = [createIn(1), createIn(2, extension({ ExtendTo: day(40) }))];
  const bought = new Set<number>();
  await everyOverlap({ events, prepare: prepare(MINUTE), mutation: AT_ONCE }, world => {
    expect(violations(world)).toEqual([]);
    bought.add(accepted(world).length);
  });
  expect([...bought].sort()).toEqual([0, 1]); // both give way where each sees what the other intends
});

describe('two runs, of which one takes the other for dead', () => {
  const [one, other] = [createIn(1), createIn(2)];

  test('extend once in thousands of orders', async () => { // all are more than a push has time for
    const most = Number(process.env.EXTENSION_ORDERS ?? 3000);
    const orders = await everyOverlap({ events: [one, other], prepare: prepare(MINUTE), mutation: ahead(other, AT_ONCE), most }, world => {
      expect(violations(world)).toEqual([]);
      expect(accepted(world)).toHaveLength(1);
    });
    expect(orders).toBeGreaterThan(300);
  });

  test('extend twice in some order without the fence', async () => {
    const setting = { events: [one, other], prepare: prepare(MINUTE), mutation: ahead(other, withoutFence) };
    const played = everyOverlap(setting, world => expect(accepted(world).length).toBe(1));
    await expect(played).rejects.toThrow(/Received: .*2/);
  });
});
