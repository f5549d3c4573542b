import {
  GRACE_MS, closedBy, isClosed, isUnanswered, isWhole, nextOf, refusedLast, verdict,
  type Asker, type Entry, type Intent, type Ledger, type Result,
} from './ledger';
import type { LimitOf } from './limits';
import { outcomeOf, type Outcome } from './outcome';
import type { Clock, LedgerStore, PlanReader, StackReader } from './ports';
import type { OnEventRequest, OnEventResponse } from './provider';
import { patiently } from './reads';
import { UNKNOWN_FEE, reason, withoutStack, type Bought, type MoneyState } from './reason';
import { shown } from '../shared/coerce';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

/*
 * What purchases and extensions have in common: how an event is answered, and how money is spent at most once. The steps are those
 * that purchase.ts and extension.ts number.
 */

/** What every run that may spend money needs of the world. */
export interface SpendingPorts {
  readonly clock: Clock;
  readonly reader: PlanReader;
  readonly ledger: LedgerStore;
  readonly stack: StackReader;
  /** What may be spent, as the function itself is configured. */
  readonly limitOf: LimitOf;
}

/** The time for the work of one event, of a function that has twelve minutes: the rest is for calls that are under way at its end. */
const WORK_MS = 10 * 60_000;
const RESERVE_MS = 2 * 60_000;
/** What is kept for the answer, whatever the services do. */
const ANSWER_MS = 15_000;
/** What must be left before money is spent: for the request, and for writing down what came of it. */
export const LEAST_TO_SPEND_MS = 3 * 60_000;
export const POLL_MS = 10_000;
const SETTLE_POLL_MS = 20_000;
/** CloudFormation may show a resource a moment after its event. */
const FRESH_READS = 3;
const FRESH_PAUSE_MS = 5_000;
/** After this, what CloudFormation said is asked again. */
const FRESH_MS = 5_000;
/** How often a plan must not be found until it counts as not there. */
const LOOKS = 4;
/** How long a stale read of the ledger is read again. */
const WHOLE_MS = 40_000;
const WHOLE_PAUSE_MS = 3_000;
/** Failures whose advice holds only where nothing of this owner can be there. */
const ADVISES: readonly string[] = ['NameTaken', 'PlanFailed', 'PlanExpired', 'SpecDiffers'];
/** How often another request may follow one that was refused. */
const ROUNDS = { gone: 2, throttled: 3 };
const THROTTLED_PAUSE_MS = 20_000;

/** Until when the work of an event goes on, and until when its calls do. */
export interface Span {
  readonly deadline: number;
  readonly end: number;
}

/** The span of a function's run that has begun, and has some time left. */
export function spanOf(started: number, remainingMs: number): Span {
  return {
    deadline: started + Math.max(0, Math.min(WORK_MS, remainingMs - RESERVE_MS)),
    end: started + Math.max(0, remainingMs - ANSWER_MS),
  };
}

/** What makes the answer to an event. */
export interface Spending {
  readonly kind: Bought;
  /** The physical id of a Create. */
  readonly idOf: (event: OnEventRequest) => string;
  readonly begin: (id: string, started: number) => { money: MoneyState; perform(): Promise<Found> };
}

/** What `isComplete` can't find out again. */
export type Found = Readonly<Record<string, string>>;

/** Answers an event. Throws only where the properties don't say what is meant; any other failure is returned. */
export async function respond(clock: Clock, event: OnEventRequest, { kind, idOf, begin }: Spending): Promise<OnEventResponse> {
  const started = clock.now();
  const about = { requestType: event.RequestType, requestId: event.RequestId, logicalId: event.LogicalResourceId };
  log('received', about);
  if (event.RequestType === 'Delete') { return { PhysicalResourceId: event.PhysicalResourceId! }; }

  const id = event.RequestType === 'Create' ? physicalId(kind, () => idOf(event)) : event.PhysicalResourceId ?? '';
  const run = begin(id, started);
  const answer = { PhysicalResourceId: id, StartedAt: new Date(started).toISOString() };
  try {
    const data = await run.perform();
    log('done', { ...about, physicalId: id, status: 'SUCCESS', milliseconds: clock.now() - started });
    return { ...answer, Data: data, Money: run.money };
  } catch (error) {
    const failure = reason(error, run.money, id, kind);
    log('done', { ...about, physicalId: id, status: 'FAILED', code: failureOf(error).code, reason: failure, milliseconds: clock.now() - started });
    return { ...answer, Failure: failure };
  }
}

function physicalId(kind: Bought, read: () => string): string {
  try {
    return read();
  } catch (error) {
    throw withoutStack(reason(error, { kind: 'none' }, '', kind));
  }
}

/** What can be bought. */
export interface Offered {
  readonly id: string;
  readonly feeText: string;
}

/** What makes a request what it is. */
export interface Asked {
  readonly attempt: number;
}

/** Something is there, and nothing is to be bought any more. */
export interface There {
  /** What is there, for the ledger. */
  readonly what: string;
  readonly take: () => Promise<Found>;
}

/** The ledger of what an event is about, and whose records of it count. */
export interface Account {
  readonly ledger: Ledger;
  readonly owner: string;
}

/** What a ledger says of the money of an owner. */
export type Known =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bought'; readonly intent: Intent }
  /** It has come up meanwhile. */
  | { readonly kind: 'there'; readonly found: Found }
  | { readonly kind: 'unknown'; readonly record: string; readonly intent?: Intent };

/** The record to look at where it isn't known what was bought. */
export function recordOf(known: Known | undefined, ledger: Ledger): [record: string, intent?: Intent] {
  return known?.kind === 'unknown' ? [known.record, known.intent] : [ledger.path];
}

/** The failure of a run that finds a record which it can't read. No attempt is above that of such a record. */
export function unreadable(record: string): HandlerError {
  return new HandlerError('OutcomeUnknown', `the ledger has a record that this function does not understand (${record}), so it sends nothing, `
    + 'whatever the `attempt`: find out who wrote it, a newer release of this library or somebody else');
}

/** How a kind of spending is called. */
export interface Words {
  /** The type of its custom resource. */
  readonly resourceType: string;
  /** The operation that spends. */
  readonly operation: string;
  /** What a late request does. */
  readonly nothing: string;
  /** What an answer didn't say. */
  readonly unsaid: string;
  /** What another deployment is doing. */
  readonly doing: string;
  readonly what: string;
}

/** The work of one event that may spend money. */
export abstract class SpendingRun<P extends SpendingPorts, Q extends Asked, O extends Offered> {
  /** What has happened to the money by now: what a failure begins with. */
  public money: MoneyState = { kind: 'none' };
  /** What is there costs this, where something is. */
  protected seen?: string;
  /** Outcomes that could not be written down. */
  private readonly unsaid = new Map<number, Omit<Result, 'run' | 'at'>>();
  private freshAt = 0;
  /** The operations that tell in CloudTrail, and in the service, what became of a request. */
  protected abstract readonly commands: { readonly describe: string; readonly operation: string };

  /** @param id The physical id. */
  public constructor(
    protected readonly ports: P, protected readonly event: OnEventRequest, protected readonly id: string, private readonly span: Span,
    private readonly words: Words,
  ) {}

  /** A failure says what happened to the money of this owner in the account, not in this run: so the ledger is read again before. */
  public async perform(): Promise<Found> {
    try {
      return await this.work();
    } catch (error) {
      return this.settle(error);
    }
  }

  private async work(): Promise<Found> {
    switch (this.event.RequestType) {
      case 'Create':
        return this.create();
      case 'Update':
        return this.update();
      default:
        throw new HandlerError('UnknownRequest', `unknown request type: ${shown(this.event.RequestType)}`);
    }
  }

  protected abstract create(): Promise<Found>;
  /** Never searches, never buys. What decides is what there is, not the old properties, so that a rollback passes. */
  protected abstract update(): Promise<Found>;

  /** The answer to a Create that CloudFormation doesn't wait for any more: changes nothing, and fails unless what it asks for is there. */
  protected abstract repeat(): Promise<Found>;

  /** The ledger, and the owner. `undefined`: the properties don't say what is meant, so that nothing can have been bought by them. */
  protected abstract account(): Account | undefined;

  /** Tells from the ledger what happened to the money; fails with the error, unless this very request has bought. */
  private async settle(error: unknown): Promise<Found> {
    if (this.money.kind === 'bought') { throw error; }
    const account = this.account();
    if (!account) { throw error; }
    const { code } = failureOf(error);
    /* Where nothing was bought, a request that had no answer was refused meanwhile. */
    const nothing = code === 'OutcomeUnknown' ? new HandlerError('Refused', 'no request was accepted, and none is under way any more; deploy again') : error;
    const known = await this.known(account, nothing).catch((): Known => ({ kind: 'unknown', record: account.ledger.path }));
    log('settled', { physicalId: this.id, record: account.ledger.path, status: known.kind, code });
    switch (known.kind) {
      case 'there':
        return known.found;
      case 'bought':
        this.money = { kind: 'bought', fee: known.intent.fee };
        if (this.event.RequestType === 'Create') {
          if (known.intent.request === this.event.RequestId || code !== 'LateDelivery') { return this.found(known.intent); }
          /* Another delivery of this request may have found meanwhile what another request has bought, and have said so. */
          const there = await this.repeat().catch(() => undefined);
          if (there) { return there; }
        }
        break;
      case 'unknown':
        this.mayHaveBought(known.record, known.intent);
        break;
      default:
        this.money = await this.withoutRecord();
        throw nothing;
    }
    throw ADVISES.includes(code)
      ? new HandlerError('OutcomeUnknown', 'it is there, and what the ledger and its tags say does not tell yet whether it is that of this owner; deploy again after 20 minutes')
      : error;
  }

  /** What is there although the ledger has no purchase of this owner is that of others, unless it is marked. */
  private async withoutRecord(): Promise<MoneyState> {
    if (this.seen === undefined) { return { kind: 'none' }; }
    return { kind: await this.isMarked().catch(() => false) ? 'bought' : 'exists', fee: this.seen };
  }

  /** Whether what is there says itself that it was bought by this owner. */
  protected abstract isMarked(): Promise<boolean>;

  /** Notes that a request of this owner may have been accepted. */
  protected mayHaveBought(record: string, intent?: Pick<Intent, 'at' | 'fee'>): void {
    const { describe, operation } = this.commands;
    const { region } = stackIdentity(this.event.StackId);
    const since = intent ? ` --start-time ${intent.at}` : '';
    const path = /^(.*?)(?:\/\d+)?$/.exec(record)![1];
    this.money = {
      kind: 'unknown',
      fee: intent?.fee ?? UNKNOWN_FEE,
      record,
      look: [
        `aws ssm get-parameters-by-path --recursive --path ${path} --region ${region}`,
        `aws sagemaker ${describe} --region ${region}`,
        `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=${operation}${since} --region ${region}`,
      ].join('; '),
    };
  }

  /**
   * What the ledger says of an owner, waiting for requests that are under way. That nothing was bought is known only once this run has
   * the next number: whoever had it before would have been seen, and who comes after it finds the request closed.
   */
  protected async known({ ledger, owner }: Account, error?: unknown): Promise<Known> {
    for (let last = this.left() <= SETTLE_POLL_MS; ;) {
      for (const [n, result] of this.unsaid) { await this.conclude(n, ledger, result); }
      const entries = await this.readLedger(ledger);
      const ours = entries.filter(({ closed, intent }) => !closed && (!intent || intent.owner === owner));
      const bought = ours.find(({ intent, result }) => intent && typeof result === 'object' && result.kind === 'BOUGHT')?.intent;
      if (bought) { return { kind: 'bought', intent: bought }; }
      const open = ours.filter(entry => !isClosed(entry));
      const young = open.find(({ intent }) => intent && this.ports.clock.now() < Date.parse(intent.at) + GRACE_MS);
      const abandoned = open.filter(({ intent, sent, result }) => intent && sent === undefined && result === undefined);
      const unknown = young ?? open.find(entry => !abandoned.includes(entry));
      if (!unknown && await this.fenceOff(abandoned.map(({ n }) => n), ledger)) {
        const { code, message } = failureOf(error ?? new HandlerError('NotBought', `${this.words.what} is there already`));
        const n = nextOf(entries);
        if (await this.write(async () => ledger.close(n, { owner, request: this.event.RequestId, code, message }))) { return { kind: 'nothing' }; }
      }
      if (young && isUnanswered(young) && error !== undefined && !last) {
        const there = await this.lookAgain();
        const found = await there?.take().catch(() => undefined);
        if (found) { return { kind: 'there', found }; }
      }
      if (last || (unknown && !young)) {
        return { kind: 'unknown', record: unknown ? `${ledger.path}/${unknown.n}` : ledger.path, intent: unknown?.intent };
      }
      last = this.left() <= SETTLE_POLL_MS;
      if (!last) { await this.ports.clock.sleep(SETTLE_POLL_MS); }
    }
  }

  /** Looks once more for what may have been bought, where this is a Create. */
  protected abstract lookAgain(): Promise<There | undefined>;

  /** Step 1: does CloudFormation still wait for this? */
  protected async isFresh(): Promise<boolean> {
    const { StackId, LogicalResourceId } = this.event;
    for (let reads = 1; ; reads++) {
      const resource = await this.read('DescribeStackResource', async () => this.ports.stack.resource(StackId, LogicalResourceId));
      this.freshAt = this.ports.clock.now();
      log('fresh', { status: resource?.status ?? 'none' });
      if (resource?.type !== undefined && resource.type !== this.words.resourceType) {
        throw new HandlerError('OtherResource', `"${LogicalResourceId}" is no ${this.words.resourceType}, so it ${this.words.nothing}`);
      }
      if (resource !== undefined || reads === FRESH_READS) { return resource?.status === 'CREATE_IN_PROGRESS' && resource.type !== undefined; }
      await this.ports.clock.sleep(FRESH_PAUSE_MS);
    }
  }

  private async mustBeFresh(): Promise<void> {
    if (!await this.isFresh()) {
      throw new HandlerError('LateDelivery', `CloudFormation does not wait for this request any more, so it ${this.words.nothing}; deploy again`);
    }
  }

  /** Looks for what may not be there: that it isn't counts only after some looks. */
  protected async lookFor<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let looks = 1; ; looks++) {
      const found = await look();
      if (found !== undefined || looks === LOOKS || this.left() <= POLL_MS) { return found; }
      await this.ports.clock.sleep(POLL_MS);
    }
  }

  /** Makes sure that nobody sends what seems abandoned. `false`: somebody has taken the right to. */
  protected async fenceOff(stale: readonly number[], ledger: Ledger): Promise<boolean> {
    for (const n of stale) {
      if (!await this.write(async () => ledger.fence(n))) { return false; }
    }
    return true;
  }

  /** Steps 3 to 7 */
  protected async spendOnce(request: Q, ledger: Ledger): Promise<Found> {
    for (;;) {
      const n = await this.mayBegin(request, ledger);
      if (n === undefined) { return this.poll(request, ledger, 'others'); }
      const found = await this.spend(n, request, ledger);
      if (found) { return found; }
    }
  }

  /** Step 3: the number of the request that may be sent. `undefined`: somebody has bought, or may be about to. */
  protected abstract mayBegin(request: Q, ledger: Ledger): Promise<number | undefined>;

  /** What the ledger allows this run, once no other request of its owner has just ended. */
  protected async verdictOf(asker: Asker, ledger: Ledger, read: () => Promise<readonly Entry[]>) {
    for (;;) {
      const said = verdict(await read(), asker, this.ports.clock.now());
      log('verdict', { record: ledger.path, status: said.kind });
      if (said.kind === 'closed') { throw new HandlerError(said.closed.code, said.closed.message); }
      if (said.kind !== 'held') { return said; }
      const wait = said.until - this.ports.clock.now();
      if (this.left() < wait + LEAST_TO_SPEND_MS) { throw new HandlerError('Busy', 'another deployment of this owner has just failed; deploy again after 5 minutes'); }
      await this.ports.clock.sleep(wait);
    }
  }

  /** Steps 4 to 7, from request n on: one that is refused for now is followed by another. `undefined`: somebody else has the number. */
  private async spend(n: number, request: Q, ledger: Ledger): Promise<Found | undefined> {
    const left: Record<string, number> = { ...ROUNDS };
    for (; ; n++) {
      const offer = await this.choose(request);
      log('choose', { offering: offer.id, fee: offer.feeText });
      if (!await this.claim(n, offer, request, ledger)) { return undefined; }
      const there = await this.lastLook(n, request, ledger);
      if (there === 'busy') { return this.poll(request, ledger, 'others'); }
      if (there) { return there.take(); }

      const outcome = await this.send(n, offer, request, ledger, kind => left[kind] > 0);
      switch (outcome.kind) {
        case 'bought':
          return this.found({ offering: offer.id, fee: offer.feeText });
        case 'in-use':
          return this.poll(request, ledger, 'this run');
        case 'unknown':
          return this.pollAndConclude(n, offer, request, ledger);
        default:
          if (outcome.kind === 'refused' || left[outcome.kind]-- === 0) {
            throw new HandlerError(outcome.code, `${this.refused(outcome)} (offering ${this.offerText(offer)})`);
          }
      }
      if (outcome.kind === 'throttled') { await this.ports.clock.sleep(THROTTLED_PAUSE_MS); }
    }
  }

  /** Step 4 */
  protected abstract choose(request: Q): Promise<O>;
  protected abstract offerText(offer: O): string;
  /** What a claim says of a request, beside what all claims say. */
  protected abstract intentOf(request: Q): Pick<Intent, 'owner' | 'spec' | 'criteria'>;
  /** What has come up that makes a request needless. */
  protected abstract secondLook(request: Q, ledger: Ledger): Promise<There | undefined>;
  /** The request that costs money. Returns what was bought. */
  protected abstract pay(offer: O, request: Q): Promise<string>;
  /** The ARN for the ledger of what was bought. */
  protected abstract arnOf(bought: string): string;
  /** Fails where what was bought isn't what everything else was told. */
  protected abstract checkBought(bought: string): void;
  /** Step 7b: looks once for what may have been bought. Fails only where it is not to be had. */
  protected abstract lookOut(request: Q, ledger: Ledger): Promise<There | undefined>;
  /** What an entry of the ledger says about the money. */
  protected abstract noteMoney(entry: Entry, request: Q, ledger: Ledger): void;
  /** What the ledger says that this request, or another one like it, has bought. */
  protected abstract boughtIn(entries: readonly Entry[], request: Q): Intent | undefined;
  protected abstract found(bought: Pick<Intent, 'offering' | 'fee'> | undefined, text?: string): Found;

  /** Step 5. `false`: somebody else was quicker. */
  private async claim(n: number, offer: O, request: Q, ledger: Ledger): Promise<boolean> {
    return this.write(async () => ledger.intend(n, {
      ...this.intentOf(request),
      request: this.event.RequestId,
      attempt: request.attempt,
      offering: offer.id,
      fee: offer.feeText,
      deadline: new Date(this.span.deadline).toISOString(),
    }));
  }

  /** Step 6: everything again, and the right to send. `busy`: the right has gone. */
  private async lastLook(n: number, request: Q, ledger: Ledger): Promise<There | 'busy' | undefined> {
    try {
      const there = await this.secondLook(request, ledger);
      if (there) {
        await this.giveUp(n, ledger, there.what, true);
        return there;
      }
      await this.mustBeFresh(); // last: the stack may have failed while the look was patient
      this.mustHave(LEAST_TO_SPEND_MS);
      if (!await this.write(async () => ledger.send(n))) {
        await this.giveUp(n, ledger, 'the right to send was not to be had', true); // nobody else ever sends request n
        return 'busy';
      }
      if (this.ports.clock.now() - this.freshAt > FRESH_MS) { await this.mustBeFresh(); } // or while the ledger was slow
      this.mustHave(0); // the deadline in the intent is a promise
      return undefined;
    } catch (error) {
      await this.giveUp(n, ledger, (error as Error).message);
      throw error;
    }
  }

  /** Says that a request of ours was never sent, so that the next deployment need not wait. */
  private async giveUp(n: number, ledger: Ledger, message: string, goesOn = false): Promise<void> {
    await this.conclude(n, ledger, { kind: 'REJECTED', code: 'NotSent', message, goesOn });
  }

  /** Says what came of a request, now or before this run ends. `false`: to everybody else, its outcome is unknown. */
  private async conclude(n: number, ledger: Ledger, result: Omit<Result, 'run' | 'at'>): Promise<boolean> {
    this.unsaid.set(n, result);
    try {
      await this.inTime(async () => ledger.conclude(n, result));
      this.unsaid.delete(n);
      return true;
    } catch {
      return false;
    }
  }

  /** Step 7: one HTTP request. */
  private async send(n: number, offer: O, request: Q, ledger: Ledger, mayGoOn: (kind: Outcome['kind']) => boolean): Promise<Outcome> {
    const fee = offer.feeText;
    const record = `${ledger.path}/${n}`;
    this.mayHaveBought(record, { at: new Date(this.ports.clock.now()).toISOString(), fee });
    log('send', { physicalId: this.id, offering: offer.id, fee, record });
    const outcome = await outcomeOf(async () => this.pay(offer, request));
    log('sent', { physicalId: this.id, status: outcome.kind, ...outcome.kind !== 'bought' && { code: outcome.code, reason: outcome.message } });

    if (outcome.kind === 'bought') {
      this.money = { kind: 'bought', fee };
      /* Without this record, the tags of the plan, or its history, tell whose it is. */
      await this.conclude(n, ledger, { kind: 'BOUGHT', arn: this.arnOf(outcome.id) });
      this.checkBought(outcome.id);
    } else if (outcome.kind !== 'in-use' && outcome.kind !== 'unknown') {
      this.money = { kind: 'none' };
      const { code, message } = outcome;
      const goesOn = outcome.kind !== 'refused' && mayGoOn(outcome.kind);
      if (!await this.conclude(n, ledger, { kind: 'REJECTED', code, message, goesOn })) {
        /* To everybody else, the outcome of this request is unknown now: another one would hide that. */
        throw new HandlerError(code, `${this.refused(outcome)}; the ledger could not be told at once: raise \`attempt\` where ${record}/outcome is not there`);
      }
    }
    return outcome;
  }

  /** A request without an answer has one, once it is found what it bought. */
  private async pollAndConclude(n: number, offer: O, request: Q, ledger: Ledger): Promise<Found> {
    const found = await this.poll(request, ledger, 'this run');
    if (this.money.kind === 'bought' && this.offeringOf(found) === offer.id) {
      await this.conclude(n, ledger, { kind: 'BOUGHT', arn: this.arnOf(this.id) });
    }
    return found;
  }

  protected abstract offeringOf(found: Found): string;

  private refused({ code, message }: { readonly code: string; readonly message: string }): string {
    return `${this.words.operation} was refused: ${code}: ${message}`;
  }

  /**
   * Step 7b: it may come up. Nothing is sent from here on.
   *
   * @param whose Where it is others who buy, the ledger tells when they were refused.
   */
  protected async poll(request: Q, ledger: Ledger, whose: 'this run' | 'others'): Promise<Found> {
    for (;;) {
      const there = await this.lookOut(request, ledger);
      if (there) { return there.take(); }
      if (whose === 'others') { await this.follow(ledger, request); }
      if (this.left() <= POLL_MS) { break; }
      await this.ports.clock.sleep(POLL_MS);
    }
    switch (this.money.kind) {
      case 'bought': // and recorded: the run that bought it waits for it too, and one of them must not fail where the other succeeds
        return this.found(this.boughtIn(await this.readLedger(ledger), request));
      case 'unknown':
        throw new HandlerError('OutcomeUnknown', `no answer said whether the service accepted ${this.words.unsaid}; `
          + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself');
      default:
        throw new HandlerError('Busy', `another deployment is ${this.words.doing}, or died while it did; deploy again after 20 minutes`);
    }
  }

  /** Learns what became of somebody else's request. */
  private async follow(ledger: Ledger, request: Q): Promise<void> {
    const entries = await this.glance(ledger);
    const closed = closedBy(entries, this.event.RequestId);
    if (closed) { throw new HandlerError(closed.code, closed.message); }
    const refused = refusedLast(entries);
    if (refused) {
      this.money = { kind: 'none' };
      throw new HandlerError('Refused', `another run of this ${this.words.what} was refused: ${refused.code}: ${refused.message}; deploy again`);
    }
    const last = entries.at(-1);
    if (last) { this.noteMoney(last, request, ledger); }
  }

  /** The ledger, if it can be read at once. */
  protected async glance(ledger: Ledger): Promise<Entry[]> {
    return this.inTime(async () => ledger.read()).catch(() => []);
  }

  /** The ledger, with all numbers up to the last that is seen. */
  protected async readLedger(ledger: Ledger): Promise<Entry[]> {
    const started = this.ports.clock.now();
    for (;;) {
      const entries = await this.read('GetParametersByPath', async () => ledger.read());
      if (isWhole(entries)) { return entries; }
      if (this.ports.clock.now() - started >= WHOLE_MS) {
        throw new HandlerError('LedgerIncomplete', `records are missing in the ledger (${ledger.path}), so it ${this.words.nothing}`);
      }
      await this.ports.clock.sleep(WHOLE_PAUSE_MS);
    }
  }

  protected async read<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    return patiently(this.ports.clock, operation, async () => this.inTime(ask));
  }

  protected async write(put: () => Promise<boolean>): Promise<boolean> {
    return patiently(this.ports.clock, 'PutParameter', async () => this.inTime(put));
  }

  /**
   * Gives up a call that takes too long: Lambda would end the function before it has said what became of the money. What begins before
   * the deadline leaves some of the reserve for what is asked after it.
   */
  private async inTime<T>(ask: () => Promise<T>): Promise<T> {
    const { deadline, end } = this.span;
    const now = this.ports.clock.now();
    const last = now < deadline ? Math.min(deadline + RESERVE_MS / 2, end) : end;
    return this.ports.clock.within(Math.max(0, last - now), ask);
  }

  protected left(): number {
    return this.span.deadline - this.ports.clock.now();
  }

  protected mustHave(milliseconds: number): void {
    if (this.left() < milliseconds) { throw new HandlerError('TooLate', 'the services were too slow for a purchase in this time; deploy again'); }
  }
}
