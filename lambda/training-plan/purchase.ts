import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { criteriaText, offerText, ranked, type Offer } from './choose';
import { Ledger, boughtBy, isUnanswered, refusedLast, verdict, type Asker, type Entry } from './ledger';
import { outcomeOf, type Outcome } from './outcome';
import type { PlanBuyer, PlanReader, PlanTagger } from './ports';
import { planArn, planName, purchaseRequest, userTags, type PurchaseRequest } from './properties';
import type { OnEventRequest, OnEventResponse } from './provider';
import { ifExists } from './reads';
import { reason, withoutStack } from './reason';
import { nothingFound, sweep } from './search';
import { difference, sameSpec, specHash } from './spec';
import { LEAST_TO_SPEND_MS, POLL_MS, ROUNDS, SpendingRun, THROTTLED_PAUSE_MS, deadlineOf, type SpendingPorts } from './spending';
import { purchaseTags, tagChanges, tagList, tagMap, type TagMap } from './tags';
import { LEDGER_PREFIX, OFFERING_TAG, OWNER_TAG, SPEC_TAG } from '../../src/private/contracts/training-plan';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

/** All that a purchase needs of the world. */
export interface PurchasePorts extends SpendingPorts {
  readonly buyer: PlanBuyer;
  readonly tagger: PlanTagger;
}

/** Buys a training plan at most once. */
export class Purchase {
  public constructor(private readonly ports: PurchasePorts) {}

  /** Throws only where the properties don't say which plan is meant; any other failure is returned. */
  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    const started = this.ports.clock.now();
    const about = { requestType: event.RequestType, requestId: event.RequestId, logicalId: event.LogicalResourceId };
    log('received', about);
    if (event.RequestType === 'Delete') { return { PhysicalResourceId: event.PhysicalResourceId! }; }

    const arn = event.RequestType === 'Create' ? arnOf(event) : event.PhysicalResourceId ?? '';
    const run = new Run(this.ports, event, arn, deadlineOf(started, remainingMs));
    const answer = { PhysicalResourceId: arn, StartedAt: new Date(started).toISOString() };
    try {
      const data = await run.perform();
      log('done', { ...about, physicalId: arn, status: 'SUCCESS', milliseconds: this.ports.clock.now() - started });
      return { ...answer, Data: data };
    } catch (error) {
      const failure = reason(error, run.money, arn);
      const { code } = failureOf(error);
      log('done', { ...about, physicalId: arn, status: 'FAILED', code, reason: failure, milliseconds: this.ports.clock.now() - started });
      return { ...answer, Failure: failure };
    }
  }
}

/** The ARN of the plan that a Create is about. */
function arnOf({ StackId, ResourceProperties }: OnEventRequest): string {
  try {
    return planArn(stackIdentity(StackId), planName(ResourceProperties));
  } catch (error) {
    throw withoutStack(reason(error, { kind: 'none' }, ''));
  }
}

/** A plan that is ours to use, and what is known about how it was bought. */
interface Owned {
  readonly by: 'us' | 'others';
  readonly offering?: string;
  readonly spec?: string;
  /** The tags, where they are known to be all there. */
  readonly tags?: TagMap;
}

/** What `isComplete` can't find out again. */
type Found = { readonly TrainingPlanOfferingId: string; readonly Notice: string };

/** The work of one event. */
class Run extends SpendingRun<PurchasePorts> {
  private ledger?: Ledger;

  public constructor(ports: PurchasePorts, event: OnEventRequest, private readonly arn: string, deadline: number) {
    super(ports, event, deadline);
  }

  public async perform(): Promise<Found> {
    switch (this.event.RequestType) {
      case 'Create':
        return this.create();
      case 'Update':
        return this.update();
      default:
        throw new HandlerError('UnknownRequest', `unknown request type: ${this.event.RequestType}`);
    }
  }

  private async create(): Promise<Found> {
    const request = purchaseRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)); // step 0
    if (!await this.isFresh()) { return this.repeatSuccess(request); } // step 1
    const plan = await this.observe(request.name); // step 2
    return plan ? this.take(plan, request) : this.buy(request);
  }

  /* Step 1, when CloudFormation does not wait for this any more */

  /** A late or second delivery: it buys nothing and changes nothing, but never takes back what another one has answered. */
  private async repeatSuccess(request: PurchaseRequest): Promise<Found> {
    const entries = await this.readLedger(this.ledgerOf(request));
    const mine = boughtBy(entries, request.owner);
    if (mine?.intent.request === this.event.RequestId) {
      this.money = { kind: 'bought', fee: mine.intent.fee };
      return found(mine.intent.offering);
    }
    const plan = await this.observe(request.name);
    if (plan) { return this.take(plan, request, 'as it is'); }
    throw new HandlerError('LateDelivery', 'late delivery, this request buys nothing: CloudFormation does not wait for it any more; deploy again');
  }

  /* Step 2: is there such a plan? */

  private async observe(name: string): Promise<DescribeTrainingPlanResponse | undefined> {
    const plan = await this.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
    log('observe', { physicalId: this.arn, status: plan?.Status ?? 'none' });
    return plan;
  }

  /* Steps 3 to 7 */

  private async buy(request: PurchaseRequest): Promise<Found> {
    const ledger = this.ledgerOf(request);
    let n = await this.mayBuy(request, ledger);
    if (n === undefined) { return this.poll(request, ledger); }
    const left: Record<string, number> = { ...ROUNDS };
    for (; ; n++) {
      const offer = await this.choose(request);
      if (!await this.claim(n, offer, request, ledger)) { return this.poll(request, ledger); }
      const plan = await this.lastLook(n, request, ledger);
      if (plan === 'busy') { return this.poll(request, ledger); }
      if (plan) { return this.take(plan, request); }

      const outcome = await this.send(n, offer, request, ledger, kind => left[kind] > 0);
      switch (outcome.kind) {
        case 'bought':
          return found(offer.id);
        case 'in-use':
        case 'unknown':
          return this.poll(request);
        default:
          if (outcome.kind === 'refused' || left[outcome.kind]-- === 0) {
            throw new HandlerError(outcome.code, `CreateTrainingPlan was refused: ${outcome.code}: ${outcome.message} (offering ${offerText(offer)})`);
          }
      }
      if (outcome.kind === 'throttled') { await this.ports.clock.sleep(THROTTLED_PAUSE_MS); }
    }
  }

  /** Step 3: the number of the request that may be sent. `undefined`: somebody has bought, or may be about to. */
  private async mayBuy(request: PurchaseRequest, ledger: Ledger): Promise<number | undefined> {
    const entries = await this.readLedger(ledger);
    const asker: Asker = { owner: request.owner, request: this.event.RequestId, attempt: request.attempt };
    const said = verdict(entries, asker, this.ports.clock.now());
    log('verdict', { record: ledger.path, status: said.kind });
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
    this.money = { kind: 'unknown', fee: intent?.fee ?? 'a fee that is not known', record: `${ledger.path}/${n}` };
    if (intent && intent.owner !== request.owner) {
      return new HandlerError('OutcomeUnknown', `"${intent.owner}" sent a request for a plan of this name at ${intent.at}, and the plan is not to be seen; choose another name`);
    }
    return new HandlerError('OutcomeUnknown', `a request was sent${intent ? ` at ${intent.at}` : ''}, and the plan is not to be seen; look for the plan and its `
      + 'invoice in the console and, where neither is there, raise `attempt`, which allows one more request');
  }

  private async isListed(name: string): Promise<boolean> {
    const plans = await this.read('ListTrainingPlans', async () => this.ports.reader.list());
    return plans.some(plan => plan.TrainingPlanName === name);
  }

  /** Step 4 */
  private async choose({ criteria }: PurchaseRequest): Promise<Offer> {
    const search = async (question: Parameters<PlanReader['search']>[0]) => {
      this.mustHave(LEAST_TO_SPEND_MS);
      return this.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    };
    const offered = await sweep(search, criteria);
    const [best] = ranked(offered, criteria);
    if (!best) { throw await nothingFound(search, offered, criteria, () => this.left() > LEAST_TO_SPEND_MS); }
    log('choose', { offering: best.id, fee: best.feeText });
    return best;
  }

  /** Step 5. `false`: somebody else was quicker. */
  private async claim(n: number, offer: Offer, request: PurchaseRequest, ledger: Ledger): Promise<boolean> {
    return this.write(async () => ledger.intend(n, {
      owner: request.owner,
      request: this.event.RequestId,
      attempt: request.attempt,
      spec: specHash(request.criteria.spec),
      criteria: criteriaText(request.criteria),
      offering: offer.id,
      fee: offer.feeText,
      deadline: this.deadlineText,
    }));
  }

  /** Step 6: everything again, and the right to send. Returns a plan that has come up; `busy`: the right has gone. */
  private async lastLook(n: number, request: PurchaseRequest, ledger: Ledger): Promise<DescribeTrainingPlanResponse | 'busy' | undefined> {
    try {
      if (!await this.isFresh()) {
        throw new HandlerError('LateDelivery', 'CloudFormation does not wait for this request any more, so it buys nothing; deploy again');
      }
      const plan = await this.observe(request.name);
      if (plan) {
        await this.giveUp(n, ledger, 'the plan is there', true);
        return plan;
      }
      this.mustHave(LEAST_TO_SPEND_MS);
      if (!await this.write(async () => ledger.send(n))) {
        await this.giveUp(n, ledger, 'the right to send was not to be had', true); // nobody else ever sends request n
        return 'busy';
      }
      this.mustHave(0); // the deadline in the intent is a promise
      return undefined;
    } catch (error) {
      await this.giveUp(n, ledger, (error as Error).message);
      throw error;
    }
  }

  /** Step 7: one HTTP request. */
  private async send(
    n: number, offer: Offer, request: PurchaseRequest, ledger: Ledger, mayGoOn: (kind: Outcome['kind']) => boolean,
  ): Promise<Outcome> {
    const { name, owner, attempt, criteria: { spec } } = request;
    const fee = offer.feeText;
    this.money = { kind: 'unknown', fee, record: `${ledger.path}/${n}` };
    log('send', { physicalId: this.arn, offering: offer.id, fee, record: `${ledger.path}/${n}` });
    const outcome = await outcomeOf(async () => this.ports.buyer.create({
      TrainingPlanName: name,
      TrainingPlanOfferingId: offer.id,
      ...spec.spares !== undefined && { SpareInstanceCountPerUltraServer: spec.spares },
      Tags: tagList(purchaseTags(request.tags, { owner, spec: specHash(spec), offering: offer.id, attempt })),
    }));
    log('sent', { physicalId: this.arn, status: outcome.kind, ...outcome.kind !== 'bought' && { code: outcome.code, reason: outcome.message } });

    if (outcome.kind === 'bought') {
      this.money = { kind: 'bought', fee };
      /* Without this record, the tags of the plan tell whose it is. */
      await ledger.conclude(n, { kind: 'BOUGHT', arn: outcome.id }).catch(() => undefined);
      if (outcome.id !== this.arn) {
        throw new HandlerError('OtherArn', `the service calls it ${outcome.id}; import the plan by this ARN`);
      }
    } else if (outcome.kind !== 'in-use' && outcome.kind !== 'unknown') {
      this.money = { kind: 'none' };
      const { code, message } = outcome;
      const goesOn = outcome.kind !== 'refused' && mayGoOn(outcome.kind);
      await ledger.conclude(n, { kind: 'REJECTED', code, message, goesOn }).catch(() => {
        /* To everybody else, the outcome of this request is unknown now: another one would hide that. */
        throw new HandlerError(code, `CreateTrainingPlan was refused: ${code}: ${message}; the ledger (${ledger.path}/${n}) could not be told, so raise \`attempt\``);
      });
    }
    return outcome;
  }

  /* Step 7b: it may come up. Nothing is sent from here on. */

  /** @param others The ledger, where it is others who buy: it tells when they were refused. */
  private async poll(request: PurchaseRequest, others?: Ledger): Promise<Found> {
    for (;;) {
      const plan = await this.observe(request.name).catch(() => undefined);
      if (plan) { return this.take(plan, request); }
      if (others) { await this.follow(others, request); }
      if (this.left() <= POLL_MS) { break; }
      await this.ports.clock.sleep(POLL_MS);
    }
    switch (this.money.kind) {
      case 'bought': // and recorded: the run that bought it waits for it too, and one of them must not fail where the other succeeds
        return found(boughtBy(await this.readLedger(this.ledgerOf(request)), request.owner)?.intent.offering);
      case 'unknown':
        throw new HandlerError('OutcomeUnknown', 'no answer said whether the service accepted the purchase, and the plan is not to be seen yet; '
          + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself');
      default:
        throw new HandlerError('Busy', 'another deployment is buying a plan of this name, or died while it did; deploy again after 20 minutes');
    }
  }

  /** Learns what became of somebody else's request. */
  private async follow(ledger: Ledger, request: PurchaseRequest): Promise<void> {
    const entries = await ledger.read().catch(() => []);
    const refused = refusedLast(entries);
    if (refused) {
      this.money = { kind: 'none' };
      throw new HandlerError('Refused', `another run of this purchase was refused: ${refused.code}: ${refused.message}; deploy again`);
    }
    const last = entries.at(-1);
    if (last) { this.noteMoney(last, request, ledger); }
  }

  /** What an entry of the ledger says about the money. */
  private noteMoney(entry: Entry, { owner }: PurchaseRequest, ledger: Ledger): void {
    const { n, intent, result } = entry;
    if (intent?.owner !== owner) { return; } // it isn't this purchase that pays
    if (typeof result === 'object' && result.kind === 'BOUGHT') {
      this.money = { kind: 'bought', fee: intent.fee };
    } else if (isUnanswered(entry)) {
      this.money = { kind: 'unknown', fee: intent.fee, record: `${ledger.path}/${n}` };
    }
  }

  /* Step 8: there is a plan of this name. Whose is it, and is it what was asked for? */

  /** @param how `as it is` writes nothing. */
  private async take(plan: DescribeTrainingPlanResponse, request: PurchaseRequest, how?: 'as it is'): Promise<Found> {
    if (this.money.kind === 'none') { this.money = { kind: 'exists', fee: feeText(plan) }; }
    const owned = await this.ownership(request);
    if (owned.by === 'us') { this.money = { kind: 'bought', fee: feeText(plan) }; }
    if (plan.Status === 'Failed') {
      throw new HandlerError('PlanFailed', `the plan has failed: ${plan.StatusMessage ?? 'the service does not say why'}; its name can't be used again: look at the invoice, and choose a new name`);
    }
    if (plan.Status === 'Expired') {
      throw new HandlerError('PlanExpired', `the plan ended at ${plan.EndTime?.toISOString()}; its name can't be used again: choose a new name`);
    }
    const { spec } = request.criteria;
    const differs = difference(spec, plan)
      ?? (sameSpec(owned.spec, specHash(spec)) === false ? 'it was bought with another type, count, target or number of spare instances' : undefined);
    if (differs) { throw new HandlerError('SpecDiffers', `the plan is not what is asked for: ${differs}; ask for what it is, or choose a new name`); }
    if (owned.tags && how !== 'as it is') { await this.retag(owned.tags, {}, request.tags); }
    return found(owned.offering);
  }

  private async ownership(request: PurchaseRequest): Promise<Owned> {
    const ledger = this.ledgerOf(request);
    for (;;) {
      const tags = tagMap(await this.read('ListTags', async () => this.ports.reader.tags(this.arn)));
      if (tags[OWNER_TAG] === request.owner) { return { by: 'us', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], tags }; }
      const entries = await this.readLedger(ledger);
      const mine = boughtBy(entries, request.owner);
      if (mine) { return { by: 'us', offering: mine.intent.offering, spec: mine.intent.spec }; }
      if (request.adoptExisting) { return { by: 'others', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], tags }; }

      const lagging = Object.keys(tags).length === 0 && entries.some(entry => entry.intent?.owner === request.owner && isUnanswered(entry));
      const buyer = tags[OWNER_TAG] ?? entries.find(({ result }) => typeof result === 'object' && result.kind === 'BOUGHT')?.intent?.owner;
      if (!lagging || this.left() <= POLL_MS) {
        throw new HandlerError('NameTaken', `the name is taken by ${buyer ? `"${buyer}"` : 'a plan that no purchase of this library is known to have made'}; `
          + 'choose another name, or set `adoptExisting` or `ownershipKey` where the plan is yours');
      }
      await this.ports.clock.sleep(POLL_MS);
    }
  }

  /* Update: never searches, never buys. What decides is the plan, not the old properties, so that a rollback passes. */

  private async update(): Promise<Found> {
    const { ResourceProperties: properties, OldResourceProperties: old = {} } = this.event;
    const name = /:training-plan\/(.+)$/.exec(this.arn)?.[1];
    if (name === undefined) { throw new HandlerError('NoPlan', `"${this.arn}" is not a training plan, and an update buys nothing`); }
    this.money = { kind: 'bought', fee: feeText({}) };
    const plan = await this.observe(name);
    if (plan) { this.money = { kind: 'bought', fee: feeText(plan) }; }

    const stack = stackIdentity(this.event.StackId);
    const request = purchaseRequest(properties, stack);
    if (planArn(stack, request.name) !== this.arn) {
      throw new HandlerError('NewName', `a plan can't get another name ("${request.name}"): buy another one with another construct, and keep this one`);
    }
    if (!plan) { throw new HandlerError('NotFound', 'the plan is not to be seen; an update buys nothing'); }
    const tags = tagMap(await this.read('ListTags', async () => this.ports.reader.tags(this.arn)));
    const { spec } = request.criteria;
    const same = sameSpec(tags[SPEC_TAG], specHash(spec));
    const differs = same === true ? undefined : difference(spec, plan) ?? (same === false ? 'it was bought with other ones' : undefined);
    if (differs) {
      throw new HandlerError('SpecDiffers', `type, count, target and spare instances of a plan can't be changed: ${differs}; buy another plan with another construct and name`);
    }
    await this.retag(tags, lenient(() => userTags(old)) ?? {}, request.tags);
    return found(tags[OFFERING_TAG], notice(request, lenient(() => purchaseRequest(old, stack)), tags));
  }

  private async retag(current: TagMap, before: TagMap, after: TagMap): Promise<void> {
    const { add, remove } = tagChanges(current, before, after);
    if (Object.keys(add).length > 0) { await this.read('AddTags', async () => this.ports.tagger.addTags(this.arn, tagList(add))); }
    if (remove.length > 0) { await this.read('DeleteTags', async () => this.ports.tagger.deleteTags(this.arn, remove)); }
  }

  /* Helpers */

  private ledgerOf({ name }: PurchaseRequest): Ledger {
    return (this.ledger ??= new Ledger(this.ports.ledger, this.ports.clock, `${LEDGER_PREFIX}${name}`));
  }
}

function found(offering: string | undefined, text = ''): Found {
  return { TrainingPlanOfferingId: offering ?? '', Notice: text };
}

function feeText({ UpfrontFee, CurrencyCode }: Pick<DescribeTrainingPlanResponse, 'UpfrontFee' | 'CurrencyCode'>): string {
  return UpfrontFee === undefined ? 'a fee that is not known' : `${UpfrontFee} ${CurrencyCode ?? ''}`.trim();
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
