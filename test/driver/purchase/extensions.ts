import { answersAgree, FRESH_MS } from './invariants';
import { ARN, day, market, NAME } from './plans';
import { perform, rightsToSend, told, unanswered, type Again, type Outcome, type Setting, type Story, type Subject } from './stage';
import { ACCOUNT, HOUR, MINUTE, REGION, START, type World } from './world';
import { EXTENSION_FIELDS, EXTENSION_RESOURCE_TYPE, type ExtensionProperties } from '../../../src/private/contracts/training-plan';
import type { Behaviour, Extension, ExtensionOffering, Purchase } from '../../aws/training-plans';

/** The plan of these tests is that of `market`, which ends on the 26th day. */
const END = 26;

/** The plan, bought before any schedule. */
export function boughtPlan(): Purchase {
  const behaviour: Behaviour = { world: 'A', invisible: 0, tagsLag: 0, pending: 0, paymentFails: false, historyLag: 0, phantom: true };
  return { arn: ARN, name: NAME, offering: market()[1], fee: '100000.00', at: START - HOUR, behaviour, tags: new Map(), extensions: [] };
}

/** What the plan can be extended by: to the day `to`. */
export function extensionOffering(to: number, more: Partial<ExtensionOffering> = {}): ExtensionOffering {
  return {
    TrainingPlanExtensionOfferingId: `tpeo-${to}`,
    AvailabilityZone: `${REGION}a`,
    StartDate: day(END),
    EndDate: day(to),
    DurationHours: (to - END) * 24,
    UpfrontFee: '50000.00',
    CurrencyCode: 'USD',
    ...more,
  };
}

/** As a search finds them: one that is too dear, and one of them to another end. */
export function extensionMarket(): ExtensionOffering[] {
  return [
    extensionOffering(33, { TrainingPlanExtensionOfferingId: 'tpeo-dear', UpfrontFee: '61000.00' }),
    extensionOffering(33),
    extensionOffering(40),
  ];
}

/** An extension by a week. */
export function extension(more: Partial<ExtensionProperties> = {}): ExtensionProperties {
  return {
    Account: ACCOUNT,
    Region: REGION,
    TrainingPlanName: NAME,
    TrainingPlanArn: ARN,
    ExtendTo: day(33),
    MaxUpfrontFee: { Amount: '60000.00', CurrencyCode: 'USD' },
    Attempt: '1',
    ...more,
  };
}

/** The physical id that an extension must have. */
export function idOf({ ExtendTo, Attempt }: ExtensionProperties): string {
  return `${ARN}/extend/${ExtendTo.replace(/[-:]/g, '')}/${Attempt}`;
}

/** All extensions that were accepted. */
export function accepted({ plans }: World): Extension[] {
  return plans.purchases.flatMap(({ extensions }) => extensions);
}

/** Extensions of the plan of these tests. */
const SUBJECT: Subject<ExtensionProperties, ExtensionOffering> = {
  stack: { resourceType: EXTENSION_RESOURCE_TYPE, logicalId: 'UntilFebruary6C0A5B1F' },
  prepare: (world, offerings = extensionMarket()) => {
    world.plans.purchases.push(boughtPlan());
    world.plans.extensionOfferings.set(NAME, [...offerings]);
  },
  accepted: world => accepted(world).length,
  violations,
  afterwards,
};

export type Setup = Setting<ExtensionOffering>;

/** Lets a schedule happen to a plan, then the deployment that puts things right, and looks for broken invariants. */
export async function schedule<T>(setup: Setup, story: Story<T>, asked = extension()): Promise<Outcome<T>> {
  return perform(SUBJECT, setup, story, asked);
}

async function afterwards(world: World, asked: ExtensionProperties, again: Again<ExtensionProperties>): Promise<string[]> {
  world.plans.extensionOfferings.get(NAME)!.push(extensionOffering(33, { TrainingPlanExtensionOfferingId: 'tpeo-left', UpfrontFee: '59999.99' }));
  const before = meant(world, asked);
  const unknown = unanswered(world);
  const first = await again(1001, HOUR, asked);
  const found: string[] = [];
  if (first.status !== 'CREATE_COMPLETE' && !first.reason.includes(NAME)) { found.push(`I6 deployed again, and the reason does not name the plan: ${told(first)}`); }
  const failing = world.plans.behaviour.paymentFails;
  if (before && !failing && first.status !== 'CREATE_COMPLETE' && seen(world, before)) { found.push(`I6 our extension is not found again: ${told(first)}`); }
  if (!before && !failing && accepted(world).length === 0) {
    if (unknown === 0) { found.push(`I6 nothing stands in the way, and nothing is bought: ${told(first)}`); }
    const raised = await again(1002, HOUR, { ...asked, Attempt: '9' });
    if (!meant(world, asked)) { found.push(`I6 a person raised the attempt, and nothing is bought: ${told(raised)}`); }
  }
  return found;
}

function meant(world: World, { ExtendTo }: ExtensionProperties): Extension | undefined {
  return accepted(world).find(({ offering }) => offering.EndDate === ExtendTo);
}

function seen(world: World, { at, behaviour }: Extension): boolean {
  return at + behaviour.historyLag <= world.now() - 2 * HOUR;
}

/** What a world did that it must never do, in words that begin with the invariant. */
export function violations(world: World): string[] {
  return [
    ...extendedOnce(world), ...oneByOne(world), ...successIsTrue(world), ...extendsOnlyWhenAsked(world),
    ...answersAgree(world), ...world.lies,
  ];
}

/** I1: at most one extension for each end and attempt. */
function extendedOnce({ extendings }: World): string[] {
  const keys = extendings.filter(each => each.accepted).map(({ event: { ResourceProperties: { ExtendTo, Attempt } } }) => `${String(ExtendTo)} ${String(Attempt)}`);
  return [...new Set(keys)].filter(key => keys.filter(each => each === key).length > 1).map(key => `I1 extended twice: ${key}`);
}

/** I1: nobody extends to another end before the last extension is known, unless a person says that there is none. */
function oneByOne({ extendings }: World): string[] {
  const bought = extendings.filter(each => each.accepted);
  return bought.filter(({ at, event, lag }) => bought.some(later => {
    const { ExtendTo, Attempt } = later.event.ResourceProperties;
    return later.at > at && later.at < at + lag && ExtendTo !== event.ResourceProperties.ExtendTo && Attempt === '1';
  })).map(({ event }) => `I1 two extensions begin at one end, one of them to ${String(event.ResourceProperties.ExtendTo)}`);
}

/** I2: who is told of success has a plan that ends there, and what was bought for it was paid and within the cap. */
function successIsTrue(world: World): string[] {
  return world.answers.filter(({ Status, event }) => Status === 'SUCCESS' && event.RequestType === 'Create').flatMap(answer => {
    const asked = answer.event.ResourceProperties as unknown as ExtensionProperties;
    const wrong: string[] = [];
    if (answer.PhysicalResourceId !== idOf(asked)) { wrong.push(`the physical id is ${answer.PhysicalResourceId}`); }
    if (Object.keys(answer.Data ?? {}).sort().join() !== EXTENSION_FIELDS.join()) { wrong.push('attributes are missing'); }
    const there = accepted(world).filter(({ offering }) => offering.EndDate >= asked.ExtendTo);
    const isSeen = there.some(({ at, behaviour }) => {
      return !behaviour.paymentFails && at + behaviour.pending <= answer.at && at + behaviour.historyLag <= answer.at;
    });
    if (asked.ExtendTo > day(END) && !isSeen) {
      wrong.push('nobody can see it, or it is not paid');
    }
    return wrong.map(what => `I2 success, but ${what}`);
  });
}

/** I3: a call that extends is made for a Create that is going on, after a claim, below the cap, once for each. */
function extendsOnlyWhenAsked(world: World): string[] {
  const found = world.extendings.flatMap(({ event, fresh, freshSinceClaim, freshFor, shownFee, known }) => {
    const asked = event.ResourceProperties as unknown as ExtensionProperties;
    const wrong: string[] = [];
    if (event.RequestType !== 'Create') { wrong.push(`on ${event.RequestType}`); }
    if (fresh !== 'CREATE_IN_PROGRESS') { wrong.push(`while the resource is ${fresh}`); }
    if (!freshSinceClaim) { wrong.push('without looking again after the claim'); }
    if (freshFor > FRESH_MS) { wrong.push(`although it last looked ${freshFor / 1000} s ago`); }
    if (known) { wrong.push('for an end that the history has'); }
    if (!(Number(shownFee) <= Number(asked.MaxUpfrontFee.Amount))) { wrong.push(`for ${shownFee}`); }
    return wrong.map(what => `I3 an extending call ${what}`);
  });
  const sent = rightsToSend(world).length;
  if (world.extendings.length > sent) { found.push(`I3 ${world.extendings.length} extending calls for ${sent} attempts`); }
  return found;
}

/** Past the grace of a ledger. */
export const PAST_GRACE = 25 * MINUTE;
