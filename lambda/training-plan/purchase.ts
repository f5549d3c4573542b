import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { criteriaText, offerText, ranked, type Offer } from './choose';
import { Ledger, boughtBy, isUnanswered, type Entry, type Intent } from './ledger';
import { mustBeWithin } from './limits';
import type { PlanBuyer, PlanReader, PlanTagger } from './ports';
import { planArn, planName, purchaseRequest, userTags, type PurchaseRequest } from './properties';
import type { OnEventRequest, OnEventResponse } from './provider';
import { ifExists } from './reads';
import { UNKNOWN_FEE, feeText } from './reason';
import { nothingFound, sweep } from './search';
import { difference, sameSpec, specHash } from './spec';
import {
  LEAST_TO_SPEND_MS, POLL_MS, SpendingRun, recordOf, respond, spanOf, unreadable,
  type Account, type Found, type SpendingPorts, type There, type Words,
} from './spending';
import { purchaseTags, tagChanges, tagList, tagMap, type TagMap } from './tags';
import { planLimitKey } from '../../src/private/contracts/spending-limits';
import { LEDGER_PREFIX, OFFERING_TAG, OWNER_TAG, PURCHASE_RESOURCE_TYPE, SPEC_TAG } from '../../src/private/contracts/training-plan';
import { text as textOf } from '../shared/coerce';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { log } from '../shared/logger';

/** All that a purchase needs of the world. */
export interface PurchasePorts extends SpendingPorts {
  readonly buyer: PlanBuyer;
  readonly tagger: PlanTagger;
}

/** Buys a training plan at most once. */
export class Purchase {
  public constructor(private readonly ports: PurchasePorts) {}

  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    return respond(this.ports.clock, event, {
      kind: 'PLAN',
      idOf: ({ StackId, ResourceProperties }) => planArn(stackIdentity(StackId), planName(ResourceProperties)),
      begin: (arn, started) => new Run(this.ports, event, arn, spanOf(started, remainingMs), WORDS),
    });
  }
}

const WORDS: Words = {
  resourceType: PURCHASE_RESOURCE_TYPE,
  operation: 'CreateTrainingPlan',
  nothing: 'buys nothing',
  unsaid: 'the purchase, and the plan is not to be seen yet',
  doing: 'buying a plan of this name',
  what: 'purchase',
};

/** A plan that is ours to use, and what is known about how it was bought. */
interface Owned {
  readonly by: 'us' | 'others';
  readonly offering?: string;
  /** As it was when it was bought. */
  readonly fee?: string;
  readonly spec?: string;
  /** The tags, where they are known to be all there. */
  readonly tags?: TagMap;
}

/** The work of one event. */
class Run extends SpendingRun<PurchasePorts, PurchaseRequest, Offer> {
  private ledger?: Ledger;

  protected async create(): Promise<Found> {
    const request = purchaseRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)); // step 0
    if (!await this.isFresh()) { return this.repeatSuccess(request); } // step 1
    const plan = await this.observe(request.name); // step 2
    return plan ? this.take(plan, request) : this.buy(request);
  }

  /* Step 1, when CloudFormation does not wait for this any more */

  /** A late or second delivery: it buys nothing and changes nothing, but never takes back what another one has answered. */
  private async repeatSuccess(request: PurchaseRequest): Promise<Found> {
    const entries = await this.readLedger(this.ledgerOf(request));
    const mine = boughtBy(entries, request.owner)?.intent;
    if (mine?.request === this.event.RequestId) { return this.bought(mine); }
    const plan = await this.observe(request.name);
    if (plan) { return this.take(plan, request, 'as it is'); }
    throw new HandlerError('LateDelivery', 'late delivery, this request buys nothing: CloudFormation does not wait for it any more; deploy again');
  }

  /* Step 2: is there such a plan? */

  private async observe(name: string): Promise<DescribeTrainingPlanResponse | undefined> {
    const plan = await this.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
    log('observe', { physicalId: this.id, status: plan?.Status ?? 'none' });
    return plan;
  }

  /* Steps 3 to 7 */

  private async buy(request: PurchaseRequest): Promise<Found> {
    const { name, attempt, criteria: { cap, spec: { type, count } } } = request;
    const key = planLimitKey(name);
    mustBeWithin(this.ports.limitOf(key), key, { cap, attempt, type, count });
    return this.spendOnce(request, this.ledgerOf(request));
  }

  protected async mayBegin(request: PurchaseRequest, ledger: Ledger): Promise<number | undefined> {
    const { owner, attempt } = request;
    let entries: readonly Entry[] = [];
    const asker = { owner, request: this.event.RequestId, attempt };
    const said = await this.verdictOf(asker, ledger, async () => (entries = await this.readLedger(ledger)));
    if (said.kind !== 'free') {
      this.noteMoney(said.entry, request, ledger);
      /* A plan that Describe doesn't show yet may be in the list. */
      if (said.kind === 'unknown' && !await this.isListed(request.name)) { throw this.outcomeUnknown(said.entry, request, ledger); }
      return undefined;
    }
    if (entries.length > 0 && await this.isListed(request.name)) { return undefined; }
    return await this.fenceOff(said.fence, ledger) ? said.n : undefined;
  }

  private outcomeUnknown({ n, intent }: Entry, request: PurchaseRequest, ledger: Ledger): HandlerError {
    this.mayHaveBought(`${ledger.path}/${n}`, intent);
    if (!intent) { return unreadable(`${ledger.path}/${n}`); }
    if (intent.owner !== request.owner) {
      return new HandlerError('OthersUnknown', `"${intent.owner}" sent a request for a plan of this name at ${intent.at}, and the plan is not to be seen: `
        + 'ask its owner; a plan of another name is paid for besides');
    }
    return new HandlerError('OutcomeUnknown', `a request was sent at ${intent.at}, and the plan is not to be seen; only where CloudTrail says that `
      + 'it was refused, or an hour later has neither the request nor the invoice a charge, raise `attempt`, which allows one more request');
  }

  private async isListed(name: string): Promise<boolean> {
    const plans = await this.read('ListTrainingPlans', async () => this.ports.reader.list());
    return plans.some(plan => plan.TrainingPlanName === name);
  }

  protected async choose({ criteria }: PurchaseRequest): Promise<Offer> {
    const search = async (question: Parameters<PlanReader['search']>[0]) => {
      this.mustHave(LEAST_TO_SPEND_MS);
      return this.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    };
    const offered = await sweep(search, criteria);
    const [best] = ranked(offered, criteria);
    if (!best) { throw await nothingFound(search, offered, criteria, () => this.left() > LEAST_TO_SPEND_MS); }
    return best;
  }

  protected offerText(offer: Offer): string {
    return offerText(offer);
  }

  protected intentOf({ owner, criteria }: PurchaseRequest): Pick<Intent, 'owner' | 'spec' | 'criteria'> {
    return { owner, spec: specHash(criteria.spec), criteria: criteriaText(criteria) };
  }

  protected async secondLook(request: PurchaseRequest): Promise<There | undefined> {
    const plan = await this.observe(request.name);
    return plan && { what: 'the plan is there', take: async () => this.take(plan, request) };
  }

  protected async pay(offer: Offer, { name, owner, attempt, tags, criteria: { spec } }: PurchaseRequest): Promise<string> {
    return this.ports.buyer.create({
      TrainingPlanName: name,
      TrainingPlanOfferingId: offer.id,
      ...spec.spares !== undefined && { SpareInstanceCountPerUltraServer: spec.spares },
      Tags: tagList(purchaseTags(tags, { owner, spec: specHash(spec), offering: offer.id, attempt })),
    });
  }

  protected arnOf(bought: string): string {
    return bought;
  }

  protected checkBought(bought: string): void {
    if (bought !== this.id) { throw new HandlerError('OtherArn', `the service calls it ${bought}; import the plan by this ARN`); }
  }

  protected async lookOut(request: PurchaseRequest): Promise<There | undefined> {
    return this.secondLook(request).catch(() => undefined);
  }

  /** What an entry of the ledger says about the money. */
  protected noteMoney(entry: Entry, { owner }: PurchaseRequest, ledger: Ledger): void {
    const { n, intent, result } = entry;
    if (intent?.owner !== owner) { return; } // it isn't this purchase that pays
    if (typeof result === 'object' && result.kind === 'BOUGHT') {
      this.money = { kind: 'bought', fee: intent.fee };
    } else if (isUnanswered(entry)) {
      this.mayHaveBought(`${ledger.path}/${n}`, intent);
    }
  }

  protected boughtIn(entries: readonly Entry[], { owner }: PurchaseRequest): Intent | undefined {
    return boughtBy(entries, owner)?.intent;
  }

  protected found(bought: Pick<Intent, 'offering' | 'fee'> | undefined, text?: string): Found {
    return found(bought?.offering, text, bought?.fee);
  }

  private bought(intent: Intent): Found {
    this.money = { kind: 'bought', fee: intent.fee };
    return this.found(intent);
  }

  /* Step 8: there is a plan of this name. Whose is it, and is it what was asked for? */

  /** @param how `as it is` writes nothing. */
  private async take(plan: DescribeTrainingPlanResponse, request: PurchaseRequest, how?: 'as it is'): Promise<Found> {
    this.seen = feeText(plan);
    if (this.money.kind === 'none') { this.money = { kind: 'exists', fee: this.seen }; }
    const owned = await this.ownership(request, how);
    if (owned.by === 'us') { this.money = { kind: 'bought', fee: plan.UpfrontFee === undefined ? owned.fee ?? this.seen : this.seen }; }
    if (plan.Status === 'Failed') {
      throw new HandlerError('PlanFailed', `the plan has failed: ${plan.StatusMessage ?? 'the service does not say why'}; its name can't be used again, `
        + 'and a plan of another name is paid for besides: look at the invoice first');
    }
    if (plan.Status === 'Expired') {
      throw new HandlerError('PlanExpired', `the plan ${plan.EndTime ? `ended at ${plan.EndTime.toISOString()}` : 'has ended'}; its name can't be used again: choose a new name`);
    }
    const { spec } = request.criteria;
    const differs = difference(spec, plan)
      ?? (sameSpec(owned.spec, specHash(spec)) === false ? 'it was bought with another type, count, target or number of spare instances' : undefined);
    if (differs) {
      throw new HandlerError('SpecDiffers', `the plan is not what is asked for: ${differs}; ask for what it is (another plan, under another name, is paid for besides)`);
    }
    if (owned.by === 'others' && how !== 'as it is') { await this.proveOthers(request); }
    if (owned.tags && how !== 'as it is') { await this.retag(owned.tags, {}, request.tags); }
    return found(owned.offering, '', owned.fee);
  }

  /** The ledger first: tags lag, and who may not read them must not be told that a plan of ours is that of others. */
  private async ownership(request: PurchaseRequest, how?: 'as it is'): Promise<Owned> {
    const ledger = this.ledgerOf(request);
    for (;;) {
      const entries = await this.readLedger(ledger);
      const mine = boughtBy(entries, request.owner)?.intent;
      if (mine) {
        const tags = how === 'as it is' ? undefined : await this.readTags().catch(() => undefined);
        return { by: 'us', offering: mine.offering, spec: mine.spec, fee: mine.fee, tags: tags?.[OWNER_TAG] === request.owner ? tags : undefined };
      }
      const unanswered = entries.find(entry => entry.intent?.owner === request.owner && isUnanswered(entry));
      if (unanswered) { this.mayHaveBought(`${ledger.path}/${unanswered.n}`, unanswered.intent); }
      const tags = await this.readTags();
      if (tags[OWNER_TAG] === request.owner) {
        return { by: 'us', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], fee: unanswered?.intent?.fee, tags };
      }
      if (request.adoptExisting) { return { by: 'others', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], tags }; }
      if (!unanswered) {
        throw new HandlerError('NameTaken', nameTaken(tags[OWNER_TAG] ?? buyerIn(entries)));
      }
      if (Object.keys(tags).length > 0 || this.left() <= POLL_MS) {
        throw new HandlerError('OutcomeUnknown', 'there is a plan of this name, and its tags do not say that it is that of this owner, whose request has no answer yet; '
          + 'deploy again after 20 minutes');
      }
      await this.ports.clock.sleep(POLL_MS);
    }
  }

  private async readTags(): Promise<TagMap> {
    return tagMap(await this.read('ListTags', async () => this.ports.reader.tags(this.id)));
  }

  /** A plan that is adopted isn't bought, and the ledger must agree. */
  private async proveOthers(request: PurchaseRequest): Promise<void> {
    const ledger = this.ledgerOf(request);
    const known = await this.known({ ledger, owner: request.owner }).catch(() => undefined);
    if (known?.kind === 'bought') {
      this.money = { kind: 'bought', fee: known.intent.fee };
    } else if (known?.kind !== 'nothing') {
      this.mayHaveBought(...recordOf(known, ledger));
    }
  }

  protected async update(): Promise<Found> {
    const { ResourceProperties: properties, OldResourceProperties: old = {} } = this.event;
    const name = nameOf(this.id);
    if (name === undefined) { throw new HandlerError('NoPlan', `"${this.id}" is not a training plan, and an update buys nothing`); }
    const plan = await this.lookFor(async () => this.observe(name));
    if (plan) {
      this.seen = feeText(plan);
      this.money = { kind: 'exists', fee: this.seen };
    }
    const owner = lenient(() => textOf(properties, 'OwnershipKey')) ?? '';
    const mine = boughtBy(await this.readLedger(this.ledgerOf({ name })), owner)?.intent;
    if (mine) { this.money = { kind: 'bought', fee: this.seen === undefined || this.seen === UNKNOWN_FEE ? mine.fee : this.seen }; }
    const stack = stackIdentity(this.event.StackId);
    const request = purchaseRequest(properties, stack);
    if (planArn(stack, request.name) !== this.id) {
      throw new HandlerError('NewName', `a plan can't get another name ("${request.name}"): keep this one; a plan of another name, by another construct, is paid for besides`);
    }
    if (!plan) { throw new HandlerError('NotFound', 'the plan is not to be seen; an update buys nothing'); }
    const tags = await this.readTags();
    if (tags[OWNER_TAG] === request.owner && !mine) { this.money = { kind: 'bought', fee: feeText(plan) }; }
    const { spec } = request.criteria;
    const same = sameSpec(tags[SPEC_TAG], specHash(spec));
    const differs = same === true ? undefined : difference(spec, plan) ?? (same === false ? 'it was bought with other ones' : undefined);
    if (differs) {
      throw new HandlerError('SpecDiffers', `type, count, target and spare instances of a plan can't be changed: ${differs}; ask for what the plan is (another one, by another construct and name, is paid for besides)`);
    }
    /* The service may refuse to tag what is over: that would fail each update of the stack, and its rollback. */
    const over = plan.Status === 'Expired' || plan.Status === 'Failed';
    if (!over) { await this.retag(tags, lenient(() => userTags(old)) ?? {}, request.tags); }
    const said = notice(request, lenient(() => purchaseRequest(old, stack)), tags);
    return found(mine?.offering ?? tags[OFFERING_TAG], over ? `The plan is ${plan.Status}: its tags stay as they are. ${said}`.trim() : said, mine?.fee);
  }

  private async retag(current: TagMap, before: TagMap, after: TagMap): Promise<void> {
    const { add, remove } = tagChanges(current, before, after);
    if (Object.keys(add).length > 0) { await this.read('AddTags', async () => this.ports.tagger.addTags(this.id, tagList(add))); }
    if (remove.length > 0) { await this.read('DeleteTags', async () => this.ports.tagger.deleteTags(this.id, remove)); }
  }

  /* Helpers */

  private ledgerOf({ name }: Pick<PurchaseRequest, 'name'>): Ledger {
    return (this.ledger ??= new Ledger(this.ports.ledger, this.ports.clock, `${LEDGER_PREFIX}${name}`));
  }

  protected account(): Account | undefined {
    const { ResourceProperties: properties } = this.event;
    const name = this.event.RequestType === 'Update' ? nameOf(this.id) : lenient(() => planName(properties));
    const owner = lenient(() => textOf(properties, 'OwnershipKey'));
    return name === undefined || owner === undefined ? undefined : { ledger: this.ledgerOf({ name }), owner };
  }

  protected async isMarked(): Promise<boolean> {
    return (await this.readTags())[OWNER_TAG] === textOf(this.event.ResourceProperties, 'OwnershipKey');
  }

  protected async repeat(): Promise<Found> {
    return this.repeatSuccess(purchaseRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)));
  }

  protected async lookAgain(): Promise<There | undefined> {
    const request = lenient(() => purchaseRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)));
    return request && this.event.RequestType === 'Create' ? this.lookOut(request) : undefined;
  }

  protected offeringOf({ TrainingPlanOfferingId }: Found): string { return TrainingPlanOfferingId; }

  protected get commands() {
    return { describe: `describe-training-plan --training-plan-name ${nameOf(this.id)}`, operation: WORDS.operation };
  }
}

/** The name in the ARN of a plan. */
function nameOf(arn: string): string | undefined {
  return /:training-plan\/(.+)$/.exec(arn)?.[1];
}

/** What the service knows later, or may have forgotten by then, comes from the ledger. */
function found(offering: string | undefined, text = '', fee = ''): Found {
  const [UpfrontFee = '', CurrencyCode = ''] = fee.split(' ');
  return { TrainingPlanOfferingId: offering ?? '', Notice: text, ...UpfrontFee !== '' && { UpfrontFee, CurrencyCode } };
}

/** Who has bought by the ledger, or has sent a request that may have been accepted. */
function buyerIn(entries: readonly Entry[]): string | undefined {
  const isBought = ({ result }: Entry) => typeof result === 'object' && result.kind === 'BOUGHT';
  return (entries.find(isBought) ?? entries.find(isUnanswered))?.intent?.owner;
}

/** Says who has a name, and nothing that leads to a second payment: the owner may be this construct under a former address. */
function nameTaken(owner: string | undefined): string {
  return owner === undefined
    ? 'the name is taken by a plan, and neither its tags, which may come late, nor the ledger say who bought it: set `adoptExisting` where it is yours; a plan of another name is paid for besides'
    : `the name is taken by "${owner}": set \`ownershipKey\` to this where it is what this construct or its stack was called before; a plan of another name is paid for besides`;
}

/** What an update that changes only how to choose has to say. */
function notice(request: PurchaseRequest, before: PurchaseRequest | undefined, tags: TagMap): string {
  const said: string[] = [];
  if (before && choosing(before) !== choosing(request)) {
    said.push('This update bought nothing and changed nothing of the plan: how an offering is chosen has no effect after the purchase.');
  }
  const owner = tags[OWNER_TAG];
  if (owner !== undefined && owner !== request.owner) {
    said.push(`The plan stays marked as that of "${owner}": set this as its ownershipKey.`);
  }
  return said.join(' ');
}

function choosing({ criteria: { spec: _, cap, ...others } }: PurchaseRequest): string {
  return JSON.stringify({ ...others, cap: cap.text });
}

/** Old properties may be of a shape that isn't understood any more. */
function lenient<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
