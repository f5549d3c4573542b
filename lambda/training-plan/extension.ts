import { instant } from './blocks';
import { chooseExtension, endsAt, extensionOf, extensionText, stateOf, type ExtensionOffer, type PlanWithHistory } from './history';
import { Ledger, boughtBy, entriesAt, isUnanswered, isUnderWay, refusedLast, verdict, type Asker, type Entry } from './ledger';
import { outcomeOf, type Outcome } from './outcome';
import type { PlanExtender } from './ports';
import { compactEnd, extensionId, extensionRequest, type ExtensionRequest } from './properties';
import type { OnEventRequest, OnEventResponse } from './provider';
import { ifExists } from './reads';
import { reason, withoutStack } from './reason';
import { LEAST_TO_SPEND_MS, POLL_MS, ROUNDS, SpendingRun, THROTTLED_PAUSE_MS, deadlineOf, type SpendingPorts } from './spending';
import { LEDGER_PREFIX } from '../../src/private/contracts/training-plan';
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

  /** Throws only where the properties don't say which extension is meant; any other failure is returned. */
  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    const started = this.ports.clock.now();
    const about = { requestType: event.RequestType, requestId: event.RequestId, logicalId: event.LogicalResourceId };
    log('received', about);
    if (event.RequestType === 'Delete') { return { PhysicalResourceId: event.PhysicalResourceId! }; }

    const id = event.RequestType === 'Create' ? idOf(event) : event.PhysicalResourceId ?? '';
    const run = new Run(this.ports, event, id, deadlineOf(started, remainingMs));
    const answer = { PhysicalResourceId: id, StartedAt: new Date(started).toISOString() };
    try {
      const data = await run.perform();
      log('done', { ...about, physicalId: id, status: 'SUCCESS', milliseconds: this.ports.clock.now() - started });
      return { ...answer, Data: data };
    } catch (error) {
      const failure = reason(error, run.money, id, 'EXTENSION');
      log('done', { ...about, physicalId: id, status: 'FAILED', reason: failure, milliseconds: this.ports.clock.now() - started });
      return { ...answer, Failure: failure };
    }
  }
}

/** The physical id of a Create. */
function idOf({ StackId, ResourceProperties }: OnEventRequest): string {
  try {
    return extensionId(ResourceProperties, stackIdentity(StackId));
  } catch (error) {
    throw withoutStack(reason(error, { kind: 'none' }, '', 'EXTENSION'));
  }
}

/** What `isComplete` can't find out again. */
type Found = { readonly TrainingPlanExtensionOfferingId: string; readonly Notice: string };

/** The work of one event. */
class Run extends SpendingRun<ExtensionPorts> {
  private ledger?: Ledger;

  public constructor(ports: ExtensionPorts, event: OnEventRequest, private readonly id: string, deadline: number) {
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
    const request = extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId)); // step 0
    if (!await this.isFresh()) { return this.repeatSuccess(request); } // step 1
    const ledger = this.ledgerOf(request);
    const seen = await this.observe(request); // step 2
    return this.existing(seen, await this.readLedger(ledger), request) ?? this.extend(request, ledger);
  }

  /** A late or second delivery: it extends nothing, but never takes back what another one has answered. */
  private async repeatSuccess(request: ExtensionRequest): Promise<Found> {
    const entries = await this.readLedger(this.ledgerOf(request));
    const mine = boughtBy(entries, request.arn);
    if (mine?.intent.request === this.event.RequestId) {
      this.money = { kind: 'bought', fee: mine.intent.fee };
      return found(mine.intent.offering);
    }
    const there = this.existing(await this.observe(request), entries, request);
    if (there) { return there; }
    throw new HandlerError('LateDelivery', 'late delivery, this request extends nothing: CloudFormation does not wait for it any more; deploy again');
  }

  /* Step 2: does the plan end there? */

  private async observe({ name, arn }: ExtensionRequest): Promise<PlanWithHistory> {
    const plan = await this.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
    log('observe', { physicalId: this.id, status: plan?.Status ?? 'none' });
    if (!plan) { throw new HandlerError('NoPlan', `there is no training plan "${name}"`); }
    const extensions = await this.read('DescribeTrainingPlanExtensionHistory', async () => this.ports.reader.extensions(arn));
    return { plan, extensions };
  }

  /** The success where the plan ends there, or will: the end says so, or the history has what the ledger says was sent. */
  private existing(
    { plan, extensions }: PlanWithHistory, entries: readonly Entry[], { arn, extendTo }: ExtensionRequest,
  ): Found | undefined {
    const sent = entries.filter(entry => isUnanswered(entry) || isUnderWay(entry, 0) === 'bought').flatMap(({ intent }) => intent?.offering ?? []);
    const extension = extensionOf(extensions, sent, extendTo);
    if (extension && stateOf(extension) !== 'failed') {
      this.money = { kind: 'bought', fee: `${extension.UpfrontFee} ${extension.CurrencyCode}` };
      return found(extension.TrainingPlanExtensionOfferingId);
    }
    if (!endsAt(plan, extendTo)) { return undefined; }
    const bought = boughtBy(entries, arn)?.intent;
    if (!bought) { return found(undefined, `The plan ends at ${instant(plan.EndTime)}: nothing was bought.`); }
    this.money = { kind: 'bought', fee: bought.fee };
    return found(bought.offering);
  }

  /* Steps 3 to 7 */

  private async extend(request: ExtensionRequest, ledger: Ledger): Promise<Found> {
    let n = await this.mayExtend(request, ledger);
    if (n === undefined) { return this.poll(request, ledger, true); }
    const left: Record<string, number> = { ...ROUNDS };
    for (; ; n++) {
      const offer = await this.choose(request);
      if (!await this.claim(n, offer, request, ledger)) { return this.poll(request, ledger, true); }
      const there = await this.lastLook(n, request, ledger);
      if (there === 'busy') { return this.poll(request, ledger, true); }
      if (there) { return there; }

      const outcome = await this.send(n, offer, ledger, kind => left[kind] > 0);
      switch (outcome.kind) {
        case 'bought':
          return found(offer.id);
        case 'in-use':
        case 'unknown':
          return this.poll(request, ledger);
        default:
          if (outcome.kind === 'refused' || left[outcome.kind]-- === 0) {
            throw new HandlerError(outcome.code, `ExtendTrainingPlan was refused: ${outcome.code}: ${outcome.message} (offering ${extensionText(offer.source)})`);
          }
      }
      if (outcome.kind === 'throttled') { await this.ports.clock.sleep(THROTTLED_PAUSE_MS); }
    }
  }

  /** Step 3: the number of the request that may be sent. `undefined`: somebody has extended the plan, or may be about to. */
  private async mayExtend(request: ExtensionRequest, ledger: Ledger): Promise<number | undefined> {
    const { extensions } = await this.observe(request);
    const entries = (await this.readLedger(ledger)).map(entry => reopened(entry, extensions, request));
    const asker: Asker = { owner: request.arn, request: this.event.RequestId, attempt: request.attempt };
    const said = verdict(entries, asker, this.ports.clock.now());
    log('verdict', { record: ledger.path, status: said.kind });
    if (said.kind !== 'free') {
      this.noteMoney(said.entry, ledger);
      if (said.kind === 'unknown') { throw outcomeUnknown(said.entry); }
      return undefined;
    }
    return await this.fenceOff(said.fence, ledger) ? said.n : undefined;
  }

  /** Step 4 */
  private async choose(request: ExtensionRequest): Promise<ExtensionOffer> {
    const seen = await this.observe(request);
    await this.mustBeAlone(seen, request);
    const { best } = await chooseExtension(async question => {
      this.mustHave(LEAST_TO_SPEND_MS);
      return this.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    }, request, request.cap, seen.plan.EndTime);
    log('choose', { offering: best.id, fee: best.feeText });
    return best;
  }

  /**
   * Two extensions at a time would begin at the same end. The service refuses the second only once it knows of the first, so the ledgers
   * of the other ends are asked, too. A raised attempt says that somebody has looked.
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

  /** Step 5. `false`: somebody else was quicker. */
  private async claim(n: number, offer: ExtensionOffer, request: ExtensionRequest, ledger: Ledger): Promise<boolean> {
    return this.write(async () => ledger.intend(n, {
      owner: request.arn,
      request: this.event.RequestId,
      attempt: request.attempt,
      criteria: `for ${this.event.StackId}: to ${instant(request.extendTo)} for at most ${request.cap.text}`,
      offering: offer.id,
      fee: offer.feeText,
      deadline: this.deadlineText,
    }));
  }

  /** Step 6: everything again, and the right to send. Returns a success that has come up; `busy`: the right has gone. */
  private async lastLook(n: number, request: ExtensionRequest, ledger: Ledger): Promise<Found | 'busy' | undefined> {
    try {
      if (!await this.isFresh()) {
        throw new HandlerError('LateDelivery', 'CloudFormation does not wait for this request any more, so it extends nothing; deploy again');
      }
      const seen = await this.observe(request);
      const there = this.existing(seen, await this.readLedger(ledger), request);
      if (there) {
        await this.giveUp(n, ledger, 'the plan ends there', true);
        return there;
      }
      await this.mustBeAlone(seen, request);
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
  private async send(n: number, offer: ExtensionOffer, ledger: Ledger, mayGoOn: (kind: Outcome['kind']) => boolean): Promise<Outcome> {
    const fee = offer.feeText;
    const record = `${ledger.path}/${n}`;
    this.money = { kind: 'unknown', fee, record };
    log('send', { physicalId: this.id, offering: offer.id, fee, record });
    const outcome = await outcomeOf(async () => this.ports.extender.extend(offer.id));
    log('sent', { physicalId: this.id, status: outcome.kind, ...outcome.kind !== 'bought' && { code: outcome.code, reason: outcome.message } });

    if (outcome.kind === 'bought') {
      this.money = { kind: 'bought', fee };
      await ledger.conclude(n, { kind: 'BOUGHT', arn: this.id }).catch(() => undefined); // without it, the history tells
    } else if (outcome.kind !== 'in-use' && outcome.kind !== 'unknown') {
      this.money = { kind: 'none' };
      const { code, message } = outcome;
      const goesOn = outcome.kind !== 'refused' && mayGoOn(outcome.kind);
      await ledger.conclude(n, { kind: 'REJECTED', code, message, goesOn }).catch(() => {
        /* To everybody else, the outcome of this request is unknown now: another one would hide that. */
        throw new HandlerError(code, `ExtendTrainingPlan was refused: ${code}: ${message}; the ledger (${record}) could not be told, so raise \`attempt\``);
      });
    }
    return outcome;
  }

  /* Step 7b: it may come up. Nothing is sent from here on. */

  /** @param others Whether it is others who extend: the ledger tells when they were refused. */
  private async poll(request: ExtensionRequest, ledger: Ledger, others = false): Promise<Found> {
    for (;;) {
      const entries = await ledger.read().catch(() => []);
      const seen = await this.observe(request).catch(() => undefined);
      const there = seen && this.existing(seen, entries, request);
      if (there) { return there; }
      if (others) { this.follow(entries, ledger); }
      if (this.left() <= POLL_MS) { break; }
      await this.ports.clock.sleep(POLL_MS);
    }
    switch (this.money.kind) {
      case 'bought': // and recorded: the run that bought it waits for it too, and one of them must not fail where the other succeeds
        return found(boughtBy(await this.readLedger(ledger), request.arn)?.intent.offering);
      case 'unknown':
        throw new HandlerError('OutcomeUnknown', 'no answer said whether the service accepted the extension, and its history does not have it yet; '
          + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself');
      default:
        throw new HandlerError('Busy', 'another deployment is extending this plan, or died while it did; deploy again after 20 minutes');
    }
  }

  /** Learns what became of somebody else's request. */
  private follow(entries: readonly Entry[], ledger: Ledger): void {
    const refused = refusedLast(entries);
    if (refused) {
      this.money = { kind: 'none' };
      throw new HandlerError('Refused', `another run of this extension was refused: ${refused.code}: ${refused.message}; deploy again`);
    }
    const last = entries.at(-1);
    if (last) { this.noteMoney(last, ledger); }
  }

  /** What an entry of the ledger says about the money. */
  private noteMoney(entry: Entry, ledger: Ledger): void {
    const fee = entry.intent?.fee ?? 'a fee that is not known';
    if (isUnderWay(entry, 0) === 'bought') {
      this.money = { kind: 'bought', fee };
    } else if (isUnanswered(entry) || !entry.intent) {
      this.money = { kind: 'unknown', fee, record: `${ledger.path}/${entry.n}` };
    }
  }

  /* Update: never searches, never sends. What decides is the physical id, not the old properties, so that a rollback passes. */

  private async update(): Promise<Found> {
    const stack = stackIdentity(this.event.StackId);
    if (extensionId(this.event.ResourceProperties, stack) !== this.id) {
      throw new HandlerError('OtherExtension', 'plan, end and attempt of an extension can\'t be changed: another one is another resource');
    }
    const request = extensionRequest(this.event.ResourceProperties, stack);
    const entries = await this.readLedger(this.ledgerOf(request));
    return found(boughtBy(entries, request.arn)?.intent.offering, 'This update extended nothing: the cap has no effect after the extension.');
  }

  private ledgerOf({ name, extendTo }: ExtensionRequest): Ledger {
    return (this.ledger ??= new Ledger(this.ports.ledger, this.ports.clock, `${LEDGER_PREFIX}${name}/extend/${compactEnd(extendTo)}`));
  }
}

/** An extension whose payment failed was bought, and isn't there: a person who raises the attempt may try again. */
function reopened(entry: Entry, extensions: PlanWithHistory['extensions'], { attempt }: ExtensionRequest): Entry {
  const { intent, result } = entry;
  const failed = intent && extensions.some(extension => extension.TrainingPlanExtensionOfferingId === intent.offering && stateOf(extension) === 'failed');
  return failed && typeof result === 'object' && attempt > intent.attempt ? { ...entry, result: { ...result, kind: 'REJECTED' } } : entry;
}

function outcomeUnknown({ intent }: Entry): HandlerError {
  return new HandlerError('OutcomeUnknown', `a request was sent${intent ? ` at ${intent.at}` : ''}, and the history does not have it; look for the extension and its `
    + 'invoice in the console and, where neither is there, raise `attempt`, which allows one more request');
}

/** The instant that a compact end names. */
function endOf(compact: string): number {
  return Date.parse(compact.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function found(offering: string | undefined, text = ''): Found {
  return { TrainingPlanExtensionOfferingId: offering ?? '', Notice: text };
}
