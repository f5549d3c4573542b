import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { planLimitKey } from '../../../src/private/contracts/spending-limits';
import { LEDGER_PREFIX, OFFERING_TAG, OWNER_TAG, PURCHASE_RESOURCE_TYPE, SPEC_TAG } from '../../../src/private/contracts/training-plan';
import type { PlanBuyer, PlanReader, PlanTagger } from '../../clients/training-plans';
import { text as textOf } from '../../shared/coerce';
import { stackIdentity } from '../../shared/custom-resource';
import { HandlerError, ifExists } from '../../shared/errors';
import { log } from '../../shared/logger';
import type { ProviderEvent } from '../../shared/provider';
import { answer } from '../../spending/answer';
import type { Asked, Evidence, Found, Moment, Offered, SpendingKind, Subject, There, Words } from '../../spending/kind';
import { boughtBy, isUnanswered, type Entry, type Intent } from '../../spending/ledger';
import type { OnEventResponse } from '../../spending/provider';
import { UNKNOWN_FEE, feeText } from '../../spending/reason';
import { LEAST_TO_SPEND_MS, POLL_MS, type Run, type SpendingPorts } from '../../spending/run';
import { notePayer } from '../../spending/truth';
import { criteriaText, offerText, ranked } from '../choose';
import { planArn, planName, purchaseRequest, userTags, type PurchaseRequest } from '../properties';
import { nothingFound, sweep } from '../search';
import { difference, sameSpec, specHash } from '../spec';
import { purchaseTags, tagChanges, tagList, tagMap, type TagMap } from '../tags';

/** All that a purchase needs of the world. */
export interface PurchasePorts extends SpendingPorts {
  readonly reader: PlanReader;
  readonly buyer: PlanBuyer;
  readonly tagger: PlanTagger;
}

const WORDS: Words = {
  bought: 'PLAN',
  thing: 'plan',
  purchase: 'purchase',
  resourceType: PURCHASE_RESOURCE_TYPE,
  operation: 'CreateTrainingPlan',
  command: id => `sagemaker describe-training-plan --training-plan-name ${nameOf(id)}`,
  offering: 'TrainingPlanOfferingId',
  unseen: 'the plan is not to be seen',
  buysNothing: 'buys nothing',
  unanswered: 'the purchase, and the plan is not to be seen yet',
  underWay: 'buying a plan of this name',
  advises: ['NameTaken', 'PlanFailed', 'PlanExpired', 'SpecDiffers'],
};

type PlanRequest = Asked & PurchaseRequest;

/** A plan that is there, and what is known about how it was bought. */
interface Owned {
  readonly by: 'us' | 'others';
  readonly offering?: string;
  /** As it was when it was bought. */
  readonly fee?: string;
  readonly spec?: string;
  /** The tags, where they are known to be all there. */
  readonly tags?: TagMap;
}

/** The purchase of a training plan. Its name is a second guard beside the ledger: the service refuses one that is taken. */
export class Purchase implements SpendingKind<PlanRequest> {
  public readonly words = WORDS;
  public readonly mayFollow = { refused: 0, throttled: 3, gone: 2 };

  public constructor(private readonly ports: PurchasePorts) {}

  public async onEvent(event: ProviderEvent, remainingMs: number): Promise<OnEventResponse> {
    return answer(this, this.ports, event, remainingMs);
  }

  public subject({ RequestType, PhysicalResourceId = '', ResourceProperties: properties, StackId }: ProviderEvent): Subject {
    const id = RequestType === 'Create' ? planArn(stackIdentity(StackId), planName(properties)) : PhysicalResourceId;
    const name = RequestType === 'Update' ? nameOf(id) : lenient(() => planName(properties));
    return { id, path: name === undefined ? undefined : `${LEDGER_PREFIX}${name}`, owner: lenient(() => textOf(properties, 'OwnershipKey')) };
  }

  public request({ ResourceProperties, StackId }: ProviderEvent): PlanRequest {
    const request = purchaseRequest(ResourceProperties, stackIdentity(StackId));
    const { name, attempt, criteria } = request;
    const { cap, spec } = criteria;
    return {
      ...request,
      limit: { key: planLimitKey(name), wanted: { cap, attempt, type: spec.type, count: spec.count } },
      claim: { spec: specHash(spec), criteria: criteriaText(criteria) },
    };
  }

  /* Steps 2, 6 and 7b: is there such a plan? */

  public async look(request: PlanRequest, run: Run, { when }: Moment): Promise<There | undefined> {
    const plan = await this.observe(request.name, run);
    return plan && { what: 'the plan is there', take: async () => this.take(plan, request, run, when === 'late' ? 'as it is' : undefined) };
  }

  private async observe(name: string, run: Run): Promise<DescribeTrainingPlanResponse | undefined> {
    const plan = await run.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
    log('observe', { physicalId: run.id, status: plan?.Status ?? 'none' });
    return plan;
  }

  /** A plan that Describe doesn't show yet may be in the list. */
  public async evidence({ name }: PlanRequest, run: Run): Promise<Evidence> {
    return {
      isListed: async () => {
        const plans = await run.read('ListTrainingPlans', async () => this.ports.reader.list());
        return plans.some(plan => plan.TrainingPlanName === name);
      },
    };
  }

  public async choose({ criteria }: PlanRequest, run: Run): Promise<Offered> {
    const search: PlanReader['search'] = async question => {
      run.mustHave(LEAST_TO_SPEND_MS);
      return run.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    };
    const offered = await sweep(search, criteria);
    const [best] = ranked(offered, criteria);
    if (!best) { throw await nothingFound(search, offered, criteria, () => run.left() > LEAST_TO_SPEND_MS); }
    return { id: best.id, fee: best.feeText, text: offerText(best) };
  }

  public async pay(offer: Offered, { name, owner, attempt, tags, criteria: { spec } }: PlanRequest): Promise<string> {
    return this.ports.buyer.create({
      TrainingPlanName: name,
      TrainingPlanOfferingId: offer.id,
      ...spec.spares !== undefined && { SpareInstanceCountPerUltraServer: spec.spares },
      Tags: tagList(purchaseTags(tags, { owner, spec: specHash(spec), offering: offer.id, attempt })),
    });
  }

  /** What the service knows later, or may have forgotten by then, comes from the ledger. */
  public found(bought: Partial<Pick<Intent, 'offering' | 'fee'>> = {}, text = ''): Found {
    const { offering = '', fee = '' } = bought;
    const [UpfrontFee = '', CurrencyCode = ''] = fee.split(' ');
    return { TrainingPlanOfferingId: offering, Notice: text, ...UpfrontFee !== '' && { UpfrontFee, CurrencyCode } };
  }

  /* Step 8: there is a plan of this name. Whose is it, and is it what was asked for? */

  /** @param how `as it is` writes nothing. */
  private async take(plan: DescribeTrainingPlanResponse, request: PlanRequest, run: Run, how?: 'as it is'): Promise<Found> {
    const fee = this.note(plan, run);
    if (run.money.kind === 'none') { run.money = { kind: 'exists', fee }; }
    const owned = await this.ownership(request, run, how);
    if (owned.by === 'us') { run.hasBought(plan.UpfrontFee === undefined ? owned.fee ?? fee : fee); }
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
    if (owned.by === 'others' && how !== 'as it is') { await notePayer(run, request.owner, WORDS.purchase); } // the ledger must agree
    if (owned.tags && how !== 'as it is') { await this.retag(owned.tags, {}, request.tags, run); }
    return this.found(owned);
  }

  /** The ledger first: tags lag, and who may not read them must not be told that a plan of ours is that of others. */
  private async ownership(request: PlanRequest, run: Run, how?: 'as it is'): Promise<Owned> {
    for (;;) {
      const entries = await run.readLedger();
      const mine = boughtBy(entries, request.owner)?.intent;
      if (mine) {
        const tags = how === 'as it is' ? undefined : await this.readTags(run).catch(() => undefined);
        return { by: 'us', offering: mine.offering, spec: mine.spec, fee: mine.fee, tags: tags?.[OWNER_TAG] === request.owner ? tags : undefined };
      }
      const unanswered = entries.find(entry => entry.intent?.owner === request.owner && isUnanswered(entry));
      if (unanswered) { run.mayHaveBought(`${run.ledger.path}/${unanswered.n}`, unanswered.intent); }
      const tags = await this.readTags(run);
      if (tags[OWNER_TAG] === request.owner) {
        return { by: 'us', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], fee: unanswered?.intent?.fee, tags };
      }
      if (request.adoptExisting) { return { by: 'others', offering: tags[OFFERING_TAG], spec: tags[SPEC_TAG], tags }; }
      if (!unanswered) {
        throw new HandlerError('NameTaken', nameTaken(tags[OWNER_TAG] ?? buyerIn(entries)));
      }
      if (Object.keys(tags).length > 0 || run.left() <= POLL_MS) {
        throw new HandlerError('OutcomeUnknown', 'there is a plan of this name, and its tags do not say that it is that of this owner, whose request has no answer yet; '
          + 'deploy again after 20 minutes');
      }
      await run.sleep(POLL_MS);
    }
  }

  private async readTags(run: Run): Promise<TagMap> {
    return tagMap(await run.read('ListTags', async () => this.ports.reader.tags(run.id)));
  }

  /** Notes that there is a plan, and what it costs. */
  private note(plan: DescribeTrainingPlanResponse, run: Run): string {
    const fee = feeText(plan);
    run.seen = { fee, isMarked: async () => (await this.readTags(run))[OWNER_TAG] === run.subject.owner };
    return fee;
  }

  public async update(run: Run): Promise<Found> {
    const { ResourceProperties: properties, OldResourceProperties: old = {}, StackId } = run.event;
    const name = nameOf(run.id);
    if (name === undefined) { throw new HandlerError('NoPlan', `"${run.id}" is not a training plan, and an update buys nothing`); }
    const plan = await run.lookFor(async () => this.observe(name, run));
    const fee = plan && this.note(plan, run);
    if (fee !== undefined) { run.money = { kind: 'exists', fee }; }
    const mine = boughtBy(await run.readLedger(), run.subject.owner ?? '')?.intent;
    if (mine) { run.hasBought(fee === undefined || fee === UNKNOWN_FEE ? mine.fee : fee); }
    const stack = stackIdentity(StackId);
    const request = purchaseRequest(properties, stack);
    if (planArn(stack, request.name) !== run.id) {
      throw new HandlerError('NewName', `a plan can't get another name ("${request.name}"): keep this one; a plan of another name, by another construct, is paid for besides`);
    }
    if (!plan) { throw new HandlerError('NotFound', 'the plan is not to be seen; an update buys nothing'); }
    const tags = await this.readTags(run);
    if (tags[OWNER_TAG] === request.owner && !mine) { run.hasBought(feeText(plan)); }
    const { spec } = request.criteria;
    const same = sameSpec(tags[SPEC_TAG], specHash(spec));
    const differs = same === true ? undefined : difference(spec, plan) ?? (same === false ? 'it was bought with other ones' : undefined);
    if (differs) {
      throw new HandlerError('SpecDiffers', `type, count, target and spare instances of a plan can't be changed: ${differs}; ask for what the plan is (another one, by another construct and name, is paid for besides)`);
    }
    /* The service may refuse to tag what is over: that would fail each update of the stack, and its rollback. */
    const over = plan.Status === 'Expired' || plan.Status === 'Failed';
    if (!over) { await this.retag(tags, lenient(() => userTags(old)) ?? {}, request.tags, run); }
    const said = notice(request, lenient(() => purchaseRequest(old, stack)), tags);
    return this.found(mine ?? { offering: tags[OFFERING_TAG] }, over ? `The plan is ${plan.Status}: its tags stay as they are. ${said}`.trim() : said);
  }

  private async retag(current: TagMap, before: TagMap, after: TagMap, run: Run): Promise<void> {
    const { add, remove } = tagChanges(current, before, after);
    if (Object.keys(add).length > 0) { await run.read('AddTags', async () => this.ports.tagger.addTags(run.id, tagList(add))); }
    if (remove.length > 0) { await run.read('DeleteTags', async () => this.ports.tagger.deleteTags(run.id, remove)); }
  }
}

/** The name in the ARN of a plan. */
function nameOf(arn: string): string | undefined {
  return /:training-plan\/(.+)$/.exec(arn)?.[1];
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
