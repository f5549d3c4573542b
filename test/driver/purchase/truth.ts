import type { World } from './world';
import type { ProviderEvent } from '../../../lambda/shared/provider';
import { EXTENSION_RESOURCE_TYPE, LEDGER_PREFIX, OWNER_TAG, type ExtensionProperties, type PurchaseProperties } from '../../../src/private/contracts/training-plan';

/*
 * I7: the first words of every answer are true of the account at the moment of the answer, not of the run. The truth is that of the
 * fake, and of the ledger as it is, however stale the reads of the handlers were.
 */

/** What an answer may begin with. */
const PHRASES = [
  'NOTHING BOUGHT BY THIS DEPLOYMENT:', 'NOTHING BOUGHT:', 'OUTCOME UNKNOWN:', 'PLAN BOUGHT AND KEPT:', 'EXTENSION BOUGHT AND KEPT:',
] as const;

/** What is true of the money of the owner that an event names. */
export interface Truth {
  /** A request of this owner was accepted. */
  readonly accepted: boolean;
  /** The record of a request of this owner that may have been accepted, or may be. */
  readonly open?: string;
  /** What is asked for is there, and is of others. */
  readonly others: boolean;
}

/** How long a claim may lead to a request. */
const GRACE_MS = 20 * 60_000;

/** What is true now. */
export function truthOf(world: World, event: ProviderEvent): Truth {
  return isExtension(event) ? ofExtension(world, event) : ofPurchase(world, event);
}

function isExtension(event: ProviderEvent): boolean {
  return (event as { ResourceType?: string }).ResourceType === EXTENSION_RESOURCE_TYPE;
}

function ofPurchase(world: World, { RequestType, PhysicalResourceId, ResourceProperties }: ProviderEvent): Truth {
  const { TrainingPlanName, OwnershipKey: owner } = ResourceProperties as unknown as PurchaseProperties;
  const name = RequestType === 'Update' ? PhysicalResourceId!.split('/')[1] : TrainingPlanName;
  const marked = world.plans.planTags.get(name)?.get(OWNER_TAG) === owner; // only a purchase writes that
  const bought = world.buyings.filter(buying => buying.accepted && buying.name === name);
  const accepted = marked || bought.some(({ event }) => event.ResourceProperties.OwnershipKey === owner);
  return {
    accepted,
    open: openOf(world, `${LEDGER_PREFIX}${name}/`, owner),
    others: world.plans.plans.has(name) || (!accepted && world.plans.purchases.some(purchase => purchase.name === name)),
  };
}

function ofExtension(world: World, { RequestType, PhysicalResourceId, ResourceProperties }: ProviderEvent): Truth {
  const { TrainingPlanName: name, TrainingPlanArn: owner, ExtendTo: asked } = ResourceProperties as unknown as ExtensionProperties;
  const compact = RequestType === 'Update' ? PhysicalResourceId!.split('/')[3] : asked.replace(/[-:]/g, '');
  const accepted = world.extendings.some(({ accepted: is, event }) => {
    return is && String(event.ResourceProperties.ExtendTo).replace(/[-:]/g, '') === compact;
  });
  const ends = world.plans.purchases.filter(purchase => purchase.name === name).flatMap(({ offering, extensions }) => [
    ...offering.ReservedCapacityOfferings?.map(({ EndTime }) => EndTime ?? '') ?? [], ...extensions.map(each => each.offering.EndDate),
  ]);
  return {
    accepted,
    open: openOf(world, `${LEDGER_PREFIX}${name}/extend/${compact}/`, owner),
    others: !accepted && ends.some(end => end.replace(/[-:]/g, '') >= compact),
  };
}

/** The first record below a path that leaves open whether something was bought. */
function openOf(world: World, path: string, owner: string): string | undefined {
  const { values } = world.parameters;
  for (const [record, value] of values) {
    if (!record.startsWith(path) || !/^\d+$/.test(record.slice(path.length))) { continue; }
    const claim = JSON.parse(value) as { kind: string; owner: string; at: string };
    if (claim.kind !== 'INTENT' || claim.owner !== owner || values.has(`${record}/outcome`)) { continue; }
    const sent = values.get(`${record}/sent`);
    if (sent?.includes('"FENCED"')) { continue; }
    if (sent !== undefined || world.now() < Date.parse(claim.at) + GRACE_MS) { return record; }
  }
  return undefined;
}

/** What of an answer is a lie. `quiet`: nothing but the world of the account can be unknown. */
export function lieOf(text: string, { accepted, open, others }: Truth, quiet: boolean): string | undefined {
  const phrase = PHRASES.find(each => text.startsWith(each));
  switch (phrase) {
    case undefined:
      return 'it does not begin with what happened to the money';
    case 'NOTHING BOUGHT:':
    case 'NOTHING BOUGHT BY THIS DEPLOYMENT:':
      if (accepted) { return 'a request of this owner was accepted'; }
      if (open !== undefined) { return `${open} may have been accepted, or may be`; }
      return phrase !== 'NOTHING BOUGHT:' && !others ? 'nothing of others is there' : undefined;
    case 'OUTCOME UNKNOWN:':
      return quiet && !accepted && open === undefined ? 'nothing is unknown' : undefined;
    default:
      return accepted ? undefined : 'no request of this owner was accepted';
  }
}
