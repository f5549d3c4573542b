import type { Entry, Ledger } from './ledger';
import type { Clock, LedgerStore, PlanReader, StackReader } from './ports';
import type { OnEventRequest } from './provider';
import { patiently } from './reads';
import type { MoneyState } from './reason';
import { HandlerError } from '../shared/errors';
import { log } from '../shared/logger';

/** What every run that may spend money needs of the world. */
export interface SpendingPorts {
  readonly clock: Clock;
  readonly reader: PlanReader;
  readonly ledger: LedgerStore;
  readonly stack: StackReader;
}

/** The time for the work of one event, of a function that has twelve minutes: the rest is for calls that are under way at its end. */
const WORK_MS = 10 * 60_000;
const RESERVE_MS = 2 * 60_000;
/** What must be left before money is spent: for the request, and for writing down what came of it. */
export const LEAST_TO_SPEND_MS = 3 * 60_000;
export const POLL_MS = 10_000;
/** CloudFormation may show a resource a moment after its event. */
const FRESH_READS = 3;
const FRESH_PAUSE_MS = 5_000;
/** How often another request may follow one that was refused. */
export const ROUNDS = { gone: 2, throttled: 3 };
export const THROTTLED_PAUSE_MS = 20_000;

/** When the work of an event ends. */
export function deadlineOf(started: number, remainingMs: number): number {
  return started + Math.max(0, Math.min(WORK_MS, remainingMs - RESERVE_MS));
}

/** The work of one event that may spend money: what purchases and extensions have in common. */
export abstract class SpendingRun<P extends SpendingPorts> {
  /** What has happened to the money by now: what a failure begins with. */
  public money: MoneyState = { kind: 'none' };

  public constructor(protected readonly ports: P, protected readonly event: OnEventRequest, private readonly deadline: number) {}

  /** Step 1: does CloudFormation still wait for this? */
  protected async isFresh(): Promise<boolean> {
    const { StackId, LogicalResourceId } = this.event;
    for (let reads = 1; ; reads++) {
      const status = await this.read('DescribeStackResource', async () => this.ports.stack.resourceStatus(StackId, LogicalResourceId));
      log('fresh', { status: status ?? 'none' });
      if (status !== undefined || reads === FRESH_READS) { return status === 'CREATE_IN_PROGRESS'; }
      await this.ports.clock.sleep(FRESH_PAUSE_MS);
    }
  }

  /** Makes sure that nobody sends what seems abandoned. `false`: somebody has taken the right to. */
  protected async fenceOff(stale: readonly number[], ledger: Ledger): Promise<boolean> {
    for (const n of stale) {
      if (!await this.write(async () => ledger.fence(n))) { return false; }
    }
    return true;
  }

  /** Says that a request of ours was never sent, so that the next deployment need not wait. */
  protected async giveUp(n: number, ledger: Ledger, message: string, goesOn = false): Promise<void> {
    await ledger.conclude(n, { kind: 'REJECTED', code: 'NotSent', message, goesOn }).catch(() => undefined);
  }

  protected async readLedger(ledger: Ledger): Promise<Entry[]> {
    return this.read('GetParametersByPath', async () => ledger.read());
  }

  protected async read<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    return patiently(this.ports.clock, operation, ask);
  }

  protected async write(put: () => Promise<boolean>): Promise<boolean> {
    return patiently(this.ports.clock, 'PutParameter', put);
  }

  protected left(): number {
    return this.deadline - this.ports.clock.now();
  }

  protected get deadlineText(): string {
    return new Date(this.deadline).toISOString();
  }

  protected mustHave(milliseconds: number): void {
    if (this.left() < milliseconds) { throw new HandlerError('TooLate', 'the services were too slow for a purchase in this time; deploy again'); }
  }
}
