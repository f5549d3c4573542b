import { EventMaker } from './events';
import { everyOrder } from './purchase/explore';
import { violations } from './purchase/invariants';
import { NO_FENCE } from './purchase/mutants';
import { ahead, everyOverlap } from './purchase/overlap';
import { market, NAME, purchase } from './purchase/plans';
import type { Choice } from './purchase/scheduler';
import { MINUTE, World } from './purchase/world';
import type { ProviderEvent } from '../../lambda/shared/provider';
import { PURCHASE_RESOURCE_TYPE, type PurchaseProperties } from '../../src/private/contracts/training-plan';
import type { Behaviour } from '../aws/training-plans';

jest.mock('../../lambda/shared/logger');

beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

const WORLDS: Partial<Behaviour>[] = [{ world: 'A' }, { world: 'A', invisible: MINUTE }, { world: 'B', invisible: MINUTE }];

function createIn(incarnation: number, properties: PurchaseProperties): ProviderEvent {
  return new EventMaker({ resourceType: PURCHASE_RESOURCE_TYPE, logicalId: 'Reserve', incarnation }).create(properties);
}

function prepare(behaviour: Partial<Behaviour>): (world: World) => void {
  return ({ plans }) => {
    plans.offerings.push(...market());
    plans.behave(behaviour);
  };
}

const OTHER = purchase({ OwnershipKey: 'Other/Reserve' });

jest.setTimeout(120_000); // thousands of orders, on machines that do other things, too

describe.each<[string, ProviderEvent[]]>([
  ['two runs of one event', [createIn(1, purchase()), createIn(1, purchase())]],
  ['two stacks of one owner', [createIn(1, purchase()), createIn(2, purchase())]],
  ['stacks of two owners', [createIn(1, purchase()), createIn(2, OTHER)]],
])('%s', (_what, events) => {
  test.each(WORLDS)('buy once in every order: %j', async behaviour => {
    const orders = await everyOverlap({ events, prepare: prepare(behaviour) }, world => {
      expect(violations(world)).toEqual([]);
      expect(world.plans.bought(NAME)).toBe(1);
    });
    expect(orders).toBeGreaterThanOrEqual(50);
  });
});

describe('two runs, of which one takes the other for dead', () => {
  const [one, other] = [createIn(1, purchase()), createIn(2, purchase())];
  const unseen = prepare({ world: 'B', invisible: MINUTE });

  test('buy once in every order', async () => {
    const orders = await everyOverlap({ events: [one, other], prepare: unseen, mutation: ahead(other) }, world => {
      expect(violations(world)).toEqual([]);
      expect(world.plans.bought(NAME)).toBe(1);
    });
    expect(orders).toBeGreaterThanOrEqual(50);
  });

  test('buy twice in some order without the fence', async () => {
    const setting = { events: [one, other], prepare: unseen, mutation: ahead(other, NO_FENCE) };
    const played = everyOverlap(setting, world => expect(world.plans.bought(NAME)).toBe(1));
    await expect(played).rejects.toThrow(/Received: .*2/);
  });
});

test('every order is found of calls that depend on one another, and one of those that do not', async () => {
  const played: string[] = [];
  const play = (effects: ('read' | 'write')[]) => async (choose: Choice) => {
    const world = new World({ choose });
    let order = '';
    await world.play(async () => Promise.all(['a', 'b'].map(async name => {
      const process = { name, alive: true, kill: () => undefined };
      for (const effect of effects) { await world.scheduler.act(process, name, effect, 0, () => { order += name; }); }
    })));
    played.push(order);
  };
  expect(await everyOrder(play(['write', 'write']))).toBe(6); // of four, two are its
  expect(new Set(played).size).toBe(6);
  expect(await everyOrder(play(['read', 'read', 'read']))).toBe(1);
  expect(await everyOrder(play(['read', 'write']))).toBeLessThan(6);
});
