import { ARN, day, market, NAME } from './plans';
import { PurchaseStack, type Result, type StackOptions } from './stack';
import { ACCOUNT, HOUR, MINUTE, REGION, START, World, type GivenAnswer, type WorldOptions } from './world';
import { EXTENSION_FIELDS, EXTENSION_RESOURCE_TYPE, type ExtensionProperties } from '../../../src/private/contracts/training-plan';
import type { Behaviour, Extension, ExtensionOffering, Purchase } from '../../aws/training-plans';
import { ANSWER_LIMIT } from '../receiver';

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

export interface Setup extends WorldOptions {
  readonly behaviour?: Partial<Behaviour>;
  readonly offerings?: readonly ExtensionOffering[];
}

/** What happened in a schedule. */
export interface Outcome<T> {
  readonly world: World;
  readonly result: T;
  /** How many extensions were accepted before the schedule was put right. */
  readonly then: number;
  readonly broken: string[];
}

export type Deploy = (incarnation?: number, options?: StackOptions) => PurchaseStack;

/** All extensions that were accepted. */
export function accepted({ plans }: World): Extension[] {
  return plans.purchases.flatMap(({ extensions }) => extensions);
}

/** Lets a schedule happen to a plan, then the deployment that puts things right, and looks for broken invariants. */
export async function schedule<T>(
  setup: Setup, story: (deploy: Deploy, world: World) => Promise<T>, asked = extension(),
): Promise<Outcome<T>> {
  const world = new World(setup);
  world.plans.purchases.push(boughtPlan());
  world.plans.extensionOfferings.set(NAME, [...setup.offerings ?? extensionMarket()]);
  world.plans.behave(setup.behaviour ?? {});
  const stacks: PurchaseStack[] = [];
  const deploy: Deploy = (incarnation = 0, options = {}) => {
    const stack = new PurchaseStack(world, {
      stackName: 'Capacity', incarnation, resourceType: EXTENSION_RESOURCE_TYPE, logicalId: 'UntilFebruary6C0A5B1F', ...options,
    });
    stacks.push(stack);
    return stack;
  };
  world.onStackDeleted = ({ StackId }) => stacks.filter(stack => stack.stackId === StackId).forEach(stack => stack.abandon());
  const result = await world.play(async () => story(deploy, world));
  const then = accepted(world).length;
  const wedged = stacks.filter(stack => stack.wedged && world.faults.struck.length === 0).map(stack => `I6 without a fault, a rollback failed: ${stack.wedged}`);
  const broken = [...violations(world), ...wedged, ...await afterwards(world, deploy, asked)];
  return { world, result, then, broken };
}

/** I6: without faults and past the grace, deploying again ends with the plan extended, or says why not in words that name it. */
async function afterwards(world: World, deploy: Deploy, asked: ExtensionProperties): Promise<string[]> {
  world.faults.clear();
  const again = async (incarnation: number, properties: ExtensionProperties): Promise<Result> => world.play(async () => {
    await world.pass(HOUR);
    return deploy(incarnation).create(properties);
  });
  const before = meant(world, asked);
  const records = [...world.parameters.values.keys()].filter(name => name.endsWith('/sent') && world.parameters.values.get(name)!.includes('"SENT"'));
  const unknown = records.some(name => !world.parameters.values.has(name.replace(/sent$/, 'outcome')));
  const first = await again(1001, asked);
  const told = `${first.status}: ${first.reason.split('\n')[0]}`;
  const found: string[] = [];
  if (first.status !== 'CREATE_COMPLETE' && !first.reason.includes(NAME)) { found.push(`I6 deployed again, and the reason does not name the plan: ${told}`); }
  const failing = world.plans.behaviour.paymentFails;
  if (before && !failing && first.status !== 'CREATE_COMPLETE' && seen(world, before)) { found.push(`I6 our extension is not found again: ${told}`); }
  if (!before && !failing && accepted(world).length === 0) {
    if (!unknown) { found.push(`I6 nothing stands in the way, and nothing is bought: ${told}`); }
    const raised = await again(1002, { ...asked, Attempt: '9' });
    if (raised.status !== 'CREATE_COMPLETE' || !meant(world, asked)) { found.push(`I6 a person raised the attempt, and nothing is bought: ${raised.reason}`); }
  }
  return [...found, ...violations(world)];
}

function meant(world: World, { ExtendTo }: ExtensionProperties): Extension | undefined {
  return accepted(world).find(({ offering }) => offering.EndDate === ExtendTo);
}

function seen(world: World, { at, behaviour }: Extension): boolean {
  return at + behaviour.historyLag <= world.now() - 2 * HOUR;
}

/** What a world did that it must never do, in words that begin with the invariant. */
export function violations(world: World): string[] {
  return [...extendedOnce(world), ...successIsTrue(world), ...extendsOnlyWhenAsked(world), ...answersAgree(world)];
}

/** I1: at most one extension for each end and attempt. */
function extendedOnce({ extendings }: World): string[] {
  const keys = extendings.filter(each => each.accepted).map(({ event: { ResourceProperties: { ExtendTo, Attempt } } }) => `${String(ExtendTo)} ${String(Attempt)}`);
  return [...new Set(keys)].filter(key => keys.filter(each => each === key).length > 1).map(key => `I1 extended twice: ${key}`);
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
function extendsOnlyWhenAsked({ extendings, parameters }: World): string[] {
  const found = extendings.flatMap(({ event, fresh, freshSinceClaim, shownFee, known }) => {
    const asked = event.ResourceProperties as unknown as ExtensionProperties;
    const wrong: string[] = [];
    if (event.RequestType !== 'Create') { wrong.push(`on ${event.RequestType}`); }
    if (fresh !== 'CREATE_IN_PROGRESS') { wrong.push(`while the resource is ${fresh}`); }
    if (!freshSinceClaim) { wrong.push('without looking again after the claim'); }
    if (known) { wrong.push('for an end that the history has'); }
    if (!(Number(shownFee) <= Number(asked.MaxUpfrontFee.Amount))) { wrong.push(`for ${shownFee}`); }
    return wrong.map(what => `I3 an extending call ${what}`);
  });
  const sent = [...parameters.values].filter(([name, value]) => name.endsWith('/sent') && value.includes('"SENT"')).length;
  if (extendings.length > sent) { found.push(`I3 ${extendings.length} extending calls for ${sent} attempts`); }
  return found;
}

/** I4: all answers to a request have one physical id, and none that a handler words takes a success back. */
function answersAgree({ answers }: World): string[] {
  const found = answers.filter(({ bytes }) => bytes > ANSWER_LIMIT).map(({ bytes }) => `I4 an answer of ${bytes} bytes`);
  for (const request of new Set(answers.map(({ RequestId }) => RequestId))) {
    const given = answers.filter(({ RequestId, ofDeath }) => RequestId === request && !ofDeath);
    if (new Set(given.map(({ PhysicalResourceId }) => PhysicalResourceId)).size > 1) { found.push('I4 one request has several physical ids'); }
    const success = given.findIndex(({ Status }) => Status === 'SUCCESS');
    const failed = (answer: GivenAnswer, index: number) => success >= 0 && index > success && answer.Status === 'FAILED' && !answer.ofFault;
    found.push(...given.filter(failed).map(({ Reason }) => `I4 FAILED after SUCCESS: ${Reason}`));
  }
  return found;
}

/** Past the grace of a ledger. */
export const PAST_GRACE = 25 * MINUTE;
