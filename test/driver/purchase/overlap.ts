import { everyOrder } from './explore';
import type { Choice } from './scheduler';
import { MINUTE, START, World, type Mutation } from './world';
import type { ProviderEvent } from '../../../lambda/shared/provider';
import type { PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { CustomResourceEvent } from '../events';

/** Runs that overlap, from the first look to the answer of the request. */
export interface Overlap {
  /** The events of the runs, which are all told that CloudFormation waits for them. */
  readonly events: readonly ProviderEvent[];
  readonly prepare: (world: World) => void;
  readonly mutation?: Mutation;
  /** How many orders are played at most. @default - all */
  readonly most?: number;
}

/**
 * Plays runs in every order of their calls that can make a difference. Calls take no time here: what comes first is a choice, and all
 * choices are tried. Who waits after that only reads. Returns how many orders there are.
 */
export async function everyOverlap({ events, prepare, mutation, most }: Overlap, check: (world: World) => void): Promise<number> {
  return everyOrder(async choose => check(await overlap(choose)), most);

  async function overlap(choose: Choice): Promise<World> {
    const world = new World({ choose, mutation });
    prepare(world);
    for (const event of events) {
      const { StackId, LogicalResourceId, ResourceProperties, ResourceType: type } = event as CustomResourceEvent;
      world.configure(ResourceProperties as unknown as PurchaseProperties);
      world.stacks.set(StackId, LogicalResourceId, { status: 'CREATE_IN_PROGRESS', type });
    }
    for (const event of events) { void world.onEvent(event); }
    await world.scheduler.run(START);
    return world;
  }
}

/** The clock of the run of an event is ahead of all others by more than the grace of a ledger: to it, what others intend is abandoned. */
export function ahead(of: ProviderEvent, { ports: more = given => given }: Mutation = {}): Mutation {
  return {
    ports: (given, event) => {
      const ports = more(given, event);
      const { now } = ports.clock;
      return event.RequestId === of.RequestId ? { ...ports, clock: { ...ports.clock, now: () => now() + 25 * MINUTE } } : ports;
    },
  };
}
