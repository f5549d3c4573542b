import { CREATE_FAILED_PHYSICAL_ID_MARKER } from './framework';
import { ARN } from './plans';
import { rightsToSend } from './stage';
import type { GivenAnswer, World } from './world';
import { OWNER_TAG, type PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { Purchase } from '../../aws/training-plans';
import { ANSWER_LIMIT } from '../receiver';

/** What a world did that it must never do, in words that begin with the invariant. */
export function violations(world: World): string[] {
  return [...boughtOnce(world), ...successIsTrue(world), ...buysOnlyWhenAsked(world), ...answersAgree(world), ...world.lies];
}

/** I1: a name is bought at most once. */
function boughtOnce({ plans }: World): string[] {
  const names = new Set(plans.purchases.map(purchase => purchase.name));
  return [...names].filter(name => plans.bought(name) > 1).map(name => `I1 ${name} was bought ${plans.bought(name)} times`);
}

/** I2: who is told of success has exactly one plan, which is theirs, as specified, and was within the cap when it was bought. */
function successIsTrue(world: World): string[] {
  return world.answers.filter(({ Status, event }) => Status === 'SUCCESS' && event.RequestType !== 'Delete').flatMap(answer => {
    const asked = answer.event.ResourceProperties as unknown as PurchaseProperties;
    const bought = world.plans.purchases.find(({ name }) => name === asked.TrainingPlanName);
    const there = world.plans.plans.get(asked.TrainingPlanName);
    if (!bought && !there) { return [`I2 success without a plan: ${asked.TrainingPlanName}`]; }
    const wrong: string[] = [];
    const id = answer.PhysicalResourceId;
    if (id !== ARN.replace(/[^/]+$/, asked.TrainingPlanName)) { wrong.push(`the physical id is ${id}`); }
    if (bought) { wrong.push(...wrongWith(world, bought, asked, answer)); }
    if (there && asked.AdoptExisting !== 'true' && world.plans.planTags.get(there.TrainingPlanName)?.get(OWNER_TAG) !== asked.OwnershipKey) {
      wrong.push('it belongs to somebody else');
    }
    return wrong.map(what => `I2 success, but ${what}`);
  });
}

function wrongWith(world: World, bought: Purchase, asked: PurchaseProperties, answer: GivenAnswer): string[] {
  const { name, tags, fee, offering, at, behaviour } = bought;
  const wrong: string[] = [];
  if (asked.AdoptExisting !== 'true' && tags.get(OWNER_TAG) !== asked.OwnershipKey) { wrong.push(`it belongs to ${tags.get(OWNER_TAG)}`); }
  if (answer.at < at + behaviour.invisible) { wrong.push('nobody can see it'); }
  if (answer.at < at + behaviour.pending) { wrong.push('it is not paid'); }
  if (behaviour.paymentFails) { wrong.push('its payment failed'); }
  const { InstanceType, InstanceCount, TargetResource } = asked.Offering;
  const blocks = offering.ReservedCapacityOfferings ?? [];
  const other = blocks.some(block => block.InstanceType !== InstanceType || String(block.InstanceCount) !== InstanceCount);
  if (other) { wrong.push('it has other instances'); }
  if (!offering.TargetResources.includes(TargetResource)) { wrong.push('it has another target'); }
  const buyer = world.buyings.find(buying => buying.accepted && buying.name === name)?.event.ResourceProperties;
  if (buyer && Number(fee) > Number((buyer as unknown as PurchaseProperties).MaxUpfrontFee.Amount)) { wrong.push(`it cost ${fee}`); }
  return wrong;
}

/** How long ago a buyer may have looked whether CloudFormation waits, when it buys: the right to send comes in between. */
export const FRESH_MS = 10_000;

/** I3: a call that buys is made for a Create that is going on, after a claim, below the cap, once for each. */
function buysOnlyWhenAsked(world: World): string[] {
  const found = world.buyings.flatMap(({ event, fresh, freshSinceClaim, freshFor, shownFee, nameTaken }) => {
    const asked = event.ResourceProperties as unknown as PurchaseProperties;
    const wrong: string[] = [];
    if (event.RequestType !== 'Create') { wrong.push(`on ${event.RequestType}`); }
    if (fresh !== 'CREATE_IN_PROGRESS') { wrong.push(`while the resource is ${fresh}`); }
    if (nameTaken) { wrong.push('for a name that is taken'); }
    if (!freshSinceClaim) { wrong.push('without looking again after the claim'); }
    if (freshFor > FRESH_MS) { wrong.push(`although it last looked ${freshFor / 1000} s ago`); }
    if (!(Number(shownFee) <= Number(asked.MaxUpfrontFee.Amount))) { wrong.push(`for ${shownFee}`); }
    if (!(Number(shownFee) <= Number(world.limits.get(asked.TrainingPlanName)?.amount))) { wrong.push(`for ${shownFee}, which nobody has allowed`); }
    return wrong.map(what => `I3 a buying call ${what}`);
  });
  const sent = rightsToSend(world).length;
  if (world.buyings.length > sent) { found.push(`I3 ${world.buyings.length} buying calls for ${sent} attempts`); }
  return found;
}

/**
 * I4: all answers to a request have one physical id, and none takes a success back. Excused are answers that no handler words, since
 * it died, and failures that tell of a call that failed: CloudFormation has gone by the success that came before.
 */
export function answersAgree({ answers }: World): string[] {
  const found = answers.filter(({ bytes }) => bytes > ANSWER_LIMIT).map(({ bytes }) => `I4 an answer of ${bytes} bytes`);
  const requests = new Set(answers.map(({ RequestId }) => RequestId));
  for (const request of requests) {
    const given = answers.filter(({ RequestId, ofDeath }) => RequestId === request && !ofDeath);
    const ids = new Set(given.map(({ PhysicalResourceId }) => PhysicalResourceId));
    if (ids.size > 1) { found.push(`I4 one request has ${ids.size} physical ids: ${[...ids].join(', ')}`); }
    if (ids.has(CREATE_FAILED_PHYSICAL_ID_MARKER) && given.some(({ event }) => event.RequestType !== 'Delete')) { found.push('I4 a physical id was made up by the framework'); }
    const success = given.findIndex(({ Status }) => Status === 'SUCCESS');
    const failure = success < 0 ? -1 : given.findIndex(({ Status }, index) => index > success && Status === 'FAILED' && !given[index].ofFault);
    if (failure >= 0) { found.push(`I4 FAILED after SUCCESS: ${given[failure].Reason}`); }
  }
  return found;
}
