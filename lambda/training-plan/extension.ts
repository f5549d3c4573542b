import { instant } from './blocks';
import { chooseExtension, endsAt, extensionOf, extensionText, stateOf, type ExtensionOffer, type PlanWithHistory } from './history';
import { Ledger, STALE_MS, boughtBy, entriesAt, isUnanswered, isUnderWay, type Entry, type Intent } from './ledger';
import { mustBeWithin } from './limits';
import type { PlanExtender } from './ports';
import { compactEnd, extensionId, extensionRequest, type ExtensionRequest, type ExtensionTarget } from './properties';
import type { OnEventRequest, OnEventResponse } from './provider';
import { ifExists } from './reads';
import { UNKNOWN_FEE, feeText } from './reason';
import {
  LEAST_TO_SPEND_MS, SpendingRun, recordOf, respond, spanOf, unreadable,
  type Account, type Found, type SpendingPorts, type There, type Words,
} from './spending';
import { extensionLimitKey } from '../../src/private/contracts/spending-limits';
import { EXTENSION_RESOURCE_TYPE, LEDGER_PREFIX } from '../../src/private/contracts/training-plan';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { log } from '../shared/logger';

/** All that an extension needs of the world. */
export interface ExtensionPorts extends SpendingPorts {
  readonly extender: PlanExtender;
}

/** Extends a training plan to an instant, at most once for each attempt. */
export class Extension {
  public constructor(private readonly ports: ExtensionPorts) {}

  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    return respond(this.ports.clock, event, {
      kind: 'EXTENSION',
      idOf: ({ StackId, ResourceProperties }) => extensionId(ResourceProperties, stackIdentity(StackId)),
      begin: (id, started) => new Run(this.ports, event, id, spanOf(started, remainingMs), WORDS),
    });
  }
}

const WORDS: Words = {
  resourceType: EXTENSION_RESOURCE_TYPE,
  operation: 'ExtendTrainingPlan',
  nothing: 'extends nothing',
  unsaid: 'the extension, and its history does not have it yet',
  doing: 'extending this plan',
  what: 'extension',
};

/** The work of one event. */
class Run extends SpendingRun<ExtensionPorts, ExtensionRequest, ExtensionOffer> {
  private ledger?: Ledger;

  protected async create(): Promise<Found> {
    const request = extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)); // step 0
    if (!await this.isFresh()) { return this.repeatSuccess(request); } // step 1
    const ledger = this.ledgerOf(request);
    const seen = await this.observe(request); // step 2
    return await this.existing(seen, await this.readLedger(ledger), request) ?? this.extend(request, ledger);
  }

  /** A late or second delivery: it extends nothing, but never takes back what another one has answered. */
  private async repeatSuccess(request: ExtensionRequest): Promise<Found> {
    const entries = await this.readLedger(this.ledgerOf(request));
    const mine = boughtBy(entries, request.arn)?.intent;
    if (mine?.request === this.event.RequestId) {
      this.money = { kind: 'bought', fee: mine.fee };
      return this.found(mine);
    }
    const there = await this.existing(await this.observe(request), entries, request);
    if (there) { return there; }
    throw new HandlerError('LateDelivery', 'late delivery, this request extends nothing: CloudFormation does not wait for it any more; deploy again');
  }

  /* Step 2: does the plan end there? */

  private async observe({ name, arn }: ExtensionRequest): Promise<PlanWithHistory> {
    const plan = await this.lookFor(async () => {
      const described = await this.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
      log('observe', { physicalId: this.id, status: described?.Status ?? 'none' });
      return described;
    });
    if (!plan) { throw new HandlerError('NoPlan', `there is no training plan "${name}"`); }
    const extensions = await this.read('DescribeTrainingPlanExtensionHistory', async () => this.ports.reader.extensions(arn));
    return { plan, extensions };
  }

  /**
   * The success where the plan ends there, or will: the end says so, or the history has what the ledger says was sent. Where the ledger
   * doesn't say that it was bought by us, it has to say that it wasn't.
   */
  private async existing(seen: PlanWithHistory, entries: readonly Entry[], request: ExtensionRequest): Promise<Found | undefined> {
    const there = thereIn(seen, entries, request);
    if (!there) { return undefined; }
    const ledger = this.ledgerOf(request);
    if (there.bought) {
      this.money = { kind: 'bought', fee: there.fee };
      return there.found;
    }
    this.seen = there.fee;
    const known = await this.known({ ledger, owner: request.arn }).catch(() => undefined);
    switch (known?.kind) {
      case 'bought':
        this.money = { kind: 'bought', fee: known.intent.fee };
        return this.found(known.intent);
      case 'nothing':
        this.money = { kind: 'exists', fee: there.fee };
        break;
      default:
        this.mayHaveBought(...recordOf(known, ledger));
    }
    return there.found;
  }

  /* Steps 3 to 7 */

  private async extend(request: ExtensionRequest, ledger: Ledger): Promise<Found> {
    const { name, extendTo, cap, attempt } = request;
    const key = extensionLimitKey(name, instant(extendTo));
    mustBeWithin(this.ports.limitOf(key), key, { cap, attempt });
    return this.spendOnce(request, ledger);
  }

  protected async mayBegin(request: ExtensionRequest, ledger: Ledger): Promise<number | undefined> {
    const { extensions } = await this.observe(request);
    const asker = { owner: request.arn, request: this.event.RequestId, attempt: request.attempt };
    const said = await this.verdictOf(asker, ledger, async () => {
      return (await this.readLedger(ledger)).map(entry => reopened(entry, extensions, request));
    });
    if (said.kind !== 'free') {
      this.noteMoney(said.entry, request, ledger);
      if (said.kind === 'unknown') {
        this.mayHaveBought(`${ledger.path}/${said.entry.n}`, said.entry.intent);
        throw outcomeUnknown(said.entry, ledger);
      }
      return undefined;
    }
    return await this.fenceOff(said.fence, ledger) ? said.n : undefined;
  }

  protected async choose(request: ExtensionRequest): Promise<ExtensionOffer> {
    const seen = await this.observe(request);
    await this.mustBeAlone(seen, request);
    const { best } = await chooseExtension(async question => {
      this.mustHave(LEAST_TO_SPEND_MS);
      return this.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    }, request, request.cap, seen.plan.EndTime);
    return best;
  }

  protected offerText({ source }: ExtensionOffer): string {
    return extensionText(source);
  }

  /**
   * Two extensions at a time would begin at the same end. The service refuses the second only once it knows of the first, so the ledgers
   * of the other ends are asked, too. They have no number in common, so that each waits with its claim until no read is older than that:
   * of two claims, one at least sees the other. A raised attempt says that somebody has looked.
   */
  private async mustBeAlone({ plan, extensions }: PlanWithHistory, { name, extendTo, attempt }: ExtensionRequest): Promise<void> {
    if (plan.Status === 'Failed' || plan.Status === 'Expired') { throw new HandlerError('PlanEnded', `the plan is ${plan.Status}, and can't be extended`); }
    const pending = extensions.find(extension => stateOf(extension) === 'pending');
    if (pending) { throw new HandlerError('Busy', `another extension waits for its payment (${extensionText(pending)}); deploy again when it is paid`); }
    const all = `${LEDGER_PREFIX}${name}/extend`;
    const records = await this.read('GetParametersByPath', async () => this.ports.ledger.readAll(all));
    const own = compactEnd(extendTo);
    for (const end of new Set([...records.keys()].map(record => record.slice(all.length + 1).split('/')[0]))) {
      if (end === own || endsAt(plan, endOf(end))) { continue; }
      const open = entriesAt(`${all}/${end}`, records)
        .filter(({ intent }) => !extensions.some(({ TrainingPlanExtensionOfferingId: id }) => id === intent?.offering))
        .map(entry => isUnderWay(entry, this.ports.clock.now()));
      if (open.includes('soon') || (attempt === 1 && open.some(state => state !== undefined))) {
        throw new HandlerError('Busy', `an extension of the plan to ${end} is under way, or its outcome is unknown (ledger: ${all}/${end}); deploy again when the plan shows it, `
          + 'or raise `attempt` when you have looked and there is none');
      }
    }
  }

  protected intentOf({ arn, extendTo, cap }: ExtensionRequest): Pick<Intent, 'owner' | 'criteria'> {
    return { owner: arn, criteria: `for ${this.event.StackId}: to ${instant(extendTo)} for at most ${cap.text}` };
  }

  protected async secondLook(request: ExtensionRequest, ledger: Ledger): Promise<There | undefined> {
    await this.ports.clock.sleep(STALE_MS);
    const seen = await this.observe(request);
    const entries = await this.readLedger(ledger);
    if (thereIn(seen, entries, request)) { return this.thereFor(seen, entries, request); }
    await this.mustBeAlone(seen, request);
    return undefined;
  }

  protected async pay(offer: ExtensionOffer): Promise<string> {
    return this.ports.extender.extend(offer.id);
  }

  protected arnOf(): string {
    return this.id;
  }

  /** The adapter has compared it with the offering. */
  protected checkBought(): void {}

  protected async lookOut(request: ExtensionRequest, ledger: Ledger): Promise<There | undefined> {
    const entries = await this.glance(ledger);
    const seen = await this.observe(request).catch(() => undefined);
    return seen && thereIn(seen, entries, request) && this.thereFor(seen, entries, request);
  }

  private thereFor(seen: PlanWithHistory, entries: readonly Entry[], request: ExtensionRequest): There {
    return { what: 'the plan ends there', take: async () => (await this.existing(seen, entries, request))! };
  }

  /** What an entry of the ledger says about the money. */
  protected noteMoney(entry: Entry, _request: ExtensionRequest, ledger: Ledger): void {
    const fee = entry.intent?.fee ?? UNKNOWN_FEE;
    if (isUnderWay(entry, 0) === 'bought') {
      this.money = { kind: 'bought', fee };
    } else if (isUnanswered(entry) || !(entry.intent ?? entry.closed)) {
      this.mayHaveBought(`${ledger.path}/${entry.n}`, entry.intent);
    }
  }

  protected boughtIn(entries: readonly Entry[], { arn }: ExtensionRequest): Intent | undefined {
    return boughtBy(entries, arn)?.intent;
  }

  protected found(bought: Pick<Intent, 'offering' | 'fee'> | undefined, text?: string): Found {
    return found(bought?.offering, text);
  }

  protected async update(): Promise<Found> {
    const stack = stackIdentity(this.event.StackId);
    if (extensionId(this.event.ResourceProperties, stack) !== this.id) {
      throw new HandlerError('OtherExtension', 'plan, end and attempt of an extension can\'t be changed: another one is another resource');
    }
    const request = extensionRequest(this.event.ResourceProperties, stack);
    const ledger = this.ledgerOf(request);
    const mine = boughtBy(await this.readLedger(ledger), request.arn)?.intent;
    if (mine) {
      this.money = { kind: 'bought', fee: mine.fee };
    } else {
      this.mayHaveBought(ledger.path);
    }
    return found(mine?.offering, 'This update extended nothing: the cap has no effect after the extension.');
  }

  private ledgerOf({ name, extendTo }: ExtensionTarget): Ledger {
    return this.ledgerAt(name, compactEnd(extendTo));
  }

  private ledgerAt(name: string, end: string): Ledger {
    return (this.ledger ??= new Ledger(this.ports.ledger, this.ports.clock, `${LEDGER_PREFIX}${name}/extend/${end}`));
  }

  /** That of the physical id: the properties of an update may be those of another extension. */
  protected account(): Account | undefined {
    const [, arn, name, end] = /^(arn:.*:training-plan\/(.+))\/extend\/([^/]+)\/\d+$/.exec(this.id) ?? [];
    return arn === undefined ? undefined : { ledger: this.ledgerAt(name, end), owner: arn };
  }

  protected async isMarked(): Promise<boolean> { return false; } // an extension has no tags

  protected async repeat(): Promise<Found> {
    return this.repeatSuccess(extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)));
  }

  protected async lookAgain(): Promise<There | undefined> {
    if (this.event.RequestType !== 'Create') { return undefined; }
    const request = extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId));
    return this.lookOut(request, this.ledgerOf(request));
  }

  protected offeringOf({ TrainingPlanExtensionOfferingId }: Found): string { return TrainingPlanExtensionOfferingId; }

  protected get commands() {
    return { describe: `describe-training-plan-extension-history --training-plan-arn ${this.id.split('/extend/')[0]}`, operation: WORDS.operation };
  }
}

/** An extension that is there: the answer, what it cost, and whether the ledger says that it was bought by us. */
function thereIn(
  { plan, extensions }: PlanWithHistory, entries: readonly Entry[], { arn, extendTo }: ExtensionRequest,
): { readonly found: Found; readonly fee: string; readonly bought: boolean } | undefined {
  const sent = entries.filter(entry => isUnanswered(entry) || isUnderWay(entry, 0) === 'bought').flatMap(({ intent }) => intent?.offering ?? []);
  const extension = extensionOf(extensions, sent, extendTo);
  const mine = boughtBy(entries, arn)?.intent;
  const isOurs = mine !== undefined || sent.some(offering => offering === extension?.TrainingPlanExtensionOfferingId);
  if (extension && stateOf(extension) !== 'failed') {
    return { found: found(extension.TrainingPlanExtensionOfferingId), fee: feeText(extension), bought: isOurs };
  }
  if (!endsAt(plan, extendTo)) { return undefined; }
  return mine
    ? { found: found(mine.offering), fee: mine.fee, bought: true }
    : { found: found(undefined, `The plan ends at ${instant(plan.EndTime)}: nothing was bought.`), fee: UNKNOWN_FEE, bought: false };
}

/** An extension whose payment failed was bought, and isn't there: a person who raises the attempt may try again. */
function reopened(entry: Entry, extensions: PlanWithHistory['extensions'], { attempt }: ExtensionRequest): Entry {
  const { intent, result } = entry;
  const failed = intent && extensions.some(extension => extension.TrainingPlanExtensionOfferingId === intent.offering && stateOf(extension) === 'failed');
  return failed && typeof result === 'object' && attempt > intent.attempt ? { ...entry, result: { ...result, kind: 'REJECTED' } } : entry;
}

function outcomeUnknown({ n, intent }: Entry, ledger: Ledger): HandlerError {
  if (!intent) { return unreadable(`${ledger.path}/${n}`); }
  return new HandlerError('OutcomeUnknown', `a request was sent at ${intent.at}, and the history does not have it; only where CloudTrail says that it was `
    + 'refused, or an hour later has neither the request nor the invoice a charge, raise `attempt`, which allows one more request');
}

/** The instant that a compact end names. */
function endOf(compact: string): number {
  return Date.parse(compact.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function found(offering: string | undefined, text = ''): Found {
  return { TrainingPlanExtensionOfferingId: offering ?? '', Notice: text };
}
