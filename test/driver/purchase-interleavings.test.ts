import { EventMaker } from './events';
import { everyOrder } from './purchase/explore';
import { violations } from './purchase/invariants';
import { market, NAME, purchase } from './purchase/plans';
import type { Choice } from './purchase/scheduler';
import { MINUTE, START, World } from './purchase/world';
import type { OnEventRequest } from '../../lambda/training-plan/provider';
import { PURCHASE_RESOURCE_TYPE, type PurchaseProperties } from '../../src/private/contracts/training-plan';
import type { Behaviour } from '../aws/training-plans';

jest.mock('../../lambda/shared/logger');

/*
 * Runs that overlap, from the first look to the answer of the request, in every order of their calls that can make a difference.
 * Calls take no time here: what comes first is a choice, and all choices are tried. Who waits after that only reads.
 */

beforeAll(() => { Error.stackTraceLimit = 0; }); // stacks take a third of the time

const WORLDS: Partial<Behaviour>[] = [{ world: 'A' }, { world: 'A', invisible: MINUTE }, { world: 'B', invisible: MINUTE }];

function createIn(incarnation: number, properties: PurchaseProperties): OnEventRequest {
  return new EventMaker({ resourceType: PURCHASE_RESOURCE_TYPE, logicalId: 'Reserve', incarnation }).create(properties);
}

async function overlap(events: readonly OnEventRequest[], behaviour: Partial<Behaviour>, choose: Choice): Promise<World> {
  const world = new World({ choose });
  world.plans.offerings.push(...market());
  world.plans.behave(behaviour);
  for (const { StackId, LogicalResourceId } of events) { world.stacks.set(StackId, LogicalResourceId, { status: 'CREATE_IN_PROGRESS' }); }
  for (const event of events) { void world.onEvent(event); }
  await world.scheduler.run(START);
  return world;
}

const OTHER = purchase({ OwnershipKey: 'Other/Reserve' });

describe.each<[string, OnEventRequest[]]>([
  ['two runs of one event', [createIn(1, purchase()), createIn(1, purchase())]],
  ['two stacks of one owner', [createIn(1, purchase()), createIn(2, purchase())]],
  ['stacks of two owners', [createIn(1, purchase()), createIn(2, OTHER)]],
])('%s', (_what, events) => {
  test.each(WORLDS)('buy once in every order: %j', async behaviour => {
    const orders = await everyOrder(async choose => {
      const world = await overlap(events, behaviour, choose);
      expect(violations(world)).toEqual([]);
      expect(world.plans.bought(NAME)).toBe(1);
    });
    expect(orders).toBeGreaterThan(500);
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
