import type { Clock } from './clock';
import type { Subject, Words } from './kind';
import { Ledger, isUnanswered, isUnderWay, isWhole, type Entry, type Intent, type Result } from './ledger';
import type { LimitOf } from './limits';
import { persistently } from './reads';
import { UNKNOWN_FEE, type MoneyState } from './reason';
import type { RecordStore } from '../clients/records';
import type { StackReader } from '../clients/stack-reader';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { log } from '../shared/logger';
import type { ProviderEvent } from '../shared/provider';

/** What every kind of spending needs of the world. */
export interface SpendingPorts {
  readonly clock: Clock;
  readonly ledger: RecordStore;
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
/** The pause between two looks for what may come up. */
export const POLL_MS = 10_000;
/** CloudFormation may show a resource a moment after its event. */
const FRESH_READS = 3;
const FRESH_PAUSE_MS = 5_000;
/** How often a plan must not be found until it counts as not there. */
const LOOKS = 4;
/** How long a stale read of the ledger is read again. */
const WHOLE_MS = 40_000;
const WHOLE_PAUSE_MS = 3_000;

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

/** One run for one event: its time, its ledger, and what it knows of the money. */
export class Run {
  public readonly id: string;
  /** What has happened to the money by now: what a failure begins with. */
  public money: MoneyState = { kind: 'none' };
  /** What is there, where the ledger doesn't say that this owner has bought it: its fee, and whether it is marked as this owner's. */
  public seen?: { readonly fee: string; readonly isMarked: () => Promise<boolean> };
  /** When CloudFormation was last asked whether it waits. */
  public freshAt = 0;
  private readonly ownLedger?: Ledger;
  /** Outcomes that could not be written down. */
  private readonly unsaid = new Map<number, Omit<Result, 'run' | 'at'>>();

  public constructor(
    public readonly ports: SpendingPorts, public readonly event: ProviderEvent, public readonly subject: Subject,
    public readonly span: Span, private readonly words: Words,
  ) {
    this.id = subject.id;
    this.ownLedger = subject.path === undefined ? undefined : new Ledger(ports.ledger, ports.clock, subject.path);
  }

  public get ledger(): Ledger {
    if (!this.ownLedger) { throw new HandlerError('NoLedger', `"${this.id}" has no ledger, so that nothing can be bought`); }
    return this.ownLedger;
  }

  /* Time */

  public now(): number {
    return this.ports.clock.now();
  }

  public async sleep(milliseconds: number): Promise<void> {
    return this.ports.clock.sleep(milliseconds);
  }

  /** The time that is left for the work. */
  public left(): number {
    return this.span.deadline - this.now();
  }

  public mustHave(milliseconds: number): void {
    if (this.left() < milliseconds) { throw new HandlerError('TooLate', 'the services were too slow for a purchase in this time; deploy again'); }
  }

  /* Calls */

  /** Asks a service, and asks again until it answers or refuses. */
  public async read<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    return persistently(operation, this.ports.clock, async () => this.inTime(ask));
  }

  /** Writes a record of the ledger. `false`: it isn't ours. */
  public async write(put: () => Promise<boolean>): Promise<boolean> {
    return persistently('PutParameter', this.ports.clock, async () => this.inTime(put));
  }

  /**
   * Gives up a call that takes too long: Lambda would end the function before it has said what became of the money. What begins before
   * the deadline leaves some of the reserve for what is asked after it.
   */
  private async inTime<T>(ask: () => Promise<T>): Promise<T> {
    const { deadline, end } = this.span;
    const now = this.now();
    const last = now < deadline ? Math.min(deadline + RESERVE_MS / 2, end) : end;
    return this.ports.clock.within(Math.max(0, last - now), ask);
  }

  /** Looks for what may not be there: that it isn't counts only after some looks. */
  public async lookFor<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let looks = 1; ; looks++) {
      const found = await look();
      if (found !== undefined || looks === LOOKS || this.left() <= POLL_MS) { return found; }
      await this.sleep(POLL_MS);
    }
  }

  /** Asks CloudFormation whether it still waits for this event, by the status of the resource. */
  public async isFresh(): Promise<boolean> {
    const { StackId, LogicalResourceId } = this.event;
    const { resourceType, buysNothing } = this.words;
    for (let reads = 1; ; reads++) {
      const resource = await this.read('DescribeStackResource', async () => this.ports.stack.resource(StackId, LogicalResourceId));
      this.freshAt = this.now();
      log('fresh', { status: resource?.status ?? 'none' });
      if (resource?.type !== undefined && resource.type !== resourceType) {
        throw new HandlerError('OtherResource', `"${LogicalResourceId}" is no ${resourceType}, so it ${buysNothing}`);
      }
      if (resource !== undefined || reads === FRESH_READS) { return resource?.status === 'CREATE_IN_PROGRESS' && resource.type !== undefined; }
      await this.sleep(FRESH_PAUSE_MS);
    }
  }

  public async mustBeFresh(): Promise<void> {
    if (!await this.isFresh()) {
      throw new HandlerError('LateDelivery', `CloudFormation does not wait for this request any more, so it ${this.words.buysNothing}; deploy again`);
    }
  }

  /* Ledger */

  /** The ledger, with all numbers up to the last that is seen. */
  public async readLedger(): Promise<Entry[]> {
    const { ledger } = this;
    const started = this.now();
    for (;;) {
      const entries = await this.read('GetParametersByPath', async () => ledger.read());
      if (isWhole(entries)) { return entries; }
      if (this.now() - started >= WHOLE_MS) {
        throw new HandlerError('LedgerIncomplete', `records are missing in the ledger (${ledger.path}), so it ${this.words.buysNothing}`);
      }
      await this.sleep(WHOLE_PAUSE_MS);
    }
  }

  /** The ledger, if it can be read at once. */
  public async glance(): Promise<Entry[]> {
    return this.inTime(async () => this.ledger.read()).catch(() => []);
  }

  /** Makes sure that nobody sends what seems abandoned. `false`: somebody has taken the right to. */
  public async fenceOff(stale: readonly number[]): Promise<boolean> {
    for (const n of stale) {
      if (!await this.write(async () => this.ledger.fence(n))) { return false; }
    }
    return true;
  }

  /** Says what came of request n, now or before this run ends. `false`: to everybody else, its outcome is unknown. */
  public async conclude(n: number, result: Omit<Result, 'run' | 'at'>): Promise<boolean> {
    this.unsaid.set(n, result);
    try {
      await this.inTime(async () => this.ledger.conclude(n, result));
      this.unsaid.delete(n);
      return true;
    } catch {
      return false;
    }
  }

  /** Says that a request of this run was never sent, so that the next deployment need not wait. */
  public async giveUp(n: number, message: string, goesOn = false): Promise<void> {
    await this.conclude(n, { kind: 'REJECTED', code: 'NotSent', message, goesOn });
  }

  /** Tries once more to write down what could not be. */
  public async concludeUnsaid(): Promise<void> {
    for (const [n, result] of this.unsaid) { await this.conclude(n, result); }
  }

  /* Money */

  /** Notes that a request of this owner was accepted. */
  public hasBought(fee: string): void {
    this.money = { kind: 'bought', fee };
  }

  /** Notes that a request of this owner may have been accepted, with the record that says so. */
  public mayHaveBought(record = this.ledger.path, intent?: Pick<Intent, 'at' | 'fee'>): void {
    const { operation, command } = this.words;
    const { region } = stackIdentity(this.event.StackId);
    const since = intent ? ` --start-time ${intent.at}` : '';
    const path = /^(.*?)(?:\/\d+)?$/.exec(record)![1];
    this.money = {
      kind: 'unknown',
      fee: intent?.fee ?? UNKNOWN_FEE,
      record,
      look: [
        `aws ssm get-parameters-by-path --recursive --path ${path} --region ${region}`,
        `aws ${command(this.id)} --region ${region}`,
        `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=${operation}${since} --region ${region}`,
      ].join('; '),
    };
  }

  /** Notes what an entry of the ledger says of the money of an owner. One whose claim nobody can read may be this owner's. */
  public note(entry: Entry, owner: string): void {
    const { n, intent, closed } = entry;
    if (intent && intent.owner !== owner) { return; } // it isn't this owner who pays
    if ((intent ?? this.subject.soleOwner) && isUnderWay(entry, 0) === 'bought') {
      this.hasBought(intent?.fee ?? UNKNOWN_FEE);
    } else if (isUnanswered(entry) || !(intent ?? closed)) {
      this.mayHaveBought(`${this.ledger.path}/${n}`, intent);
    }
  }
}
