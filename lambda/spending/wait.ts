import type { Clock } from './clock';
import type { IsCompleteRequest } from './provider';
import { UNKNOWN_FEE, reason, withoutStack, type Bought, type MoneyState } from './reason';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';
import { plain } from '../shared/plain';
import type { Completion } from '../shared/provider';

/** Before the framework's own end (50 minutes after `onEvent`) and CloudFormation's (60 minutes after its event), which say less. */
const LONGEST_WAIT_MS = 48 * 60_000;
/** A permission that came with this very deployment may take some time to be known everywhere. */
const DENIED_WAIT_MS = 5 * 60_000;

/** One look may take this long, of a function that has two minutes. */
const LOOK_MS = 90_000;

/** One look at what was bought. */
export abstract class Look {
  /** As the service says, once it was seen. */
  protected fee = UNKNOWN_FEE;

  public constructor(private readonly clock: Clock, protected readonly event: IsCompleteRequest, private readonly kind: Bought) {}

  /** Throws what makes the deployment fail: also the failure that `onEvent` returned. */
  public async isComplete(): Promise<Completion> {
    const { RequestType, Failure, RequestId, PhysicalResourceId } = this.event;
    if (RequestType === 'Delete') { return { IsComplete: true }; }
    if (Failure !== undefined) { throw withoutStack(Failure); }
    try {
      return await this.judge();
    } catch (error) {
      const text = reason(error, this.money, PhysicalResourceId, this.kind);
      log('wait', { requestId: RequestId, physicalId: PhysicalResourceId, status: 'FAILED', code: failureOf(error).code, reason: text });
      throw withoutStack(text);
    }
  }

  protected abstract judge(): Promise<Completion>;

  /** What `onEvent` knew of the money, with the fee as the service says it now. */
  private get money(): MoneyState {
    const { Money: known } = this.event;
    switch (known?.kind) {
      case 'bought':
      case 'exists':
        return { kind: known.kind, fee: this.fee === UNKNOWN_FEE ? known.fee : this.fee };
      default:
        return known ?? { kind: 'unknown', fee: this.fee, record: 'not known' };
    }
  }

  /** `undefined`: not to be seen now. A service that doesn't answer is asked again as long as there is time. */
  protected async see<T>(ask: () => Promise<T | undefined>, { operation, failed, again }: {
    readonly operation?: string; readonly failed: string; readonly again: string;
  }): Promise<T | undefined> {
    try {
      return await this.clock.within(LOOK_MS, ask);
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      log('wait', { requestId: this.event.RequestId, operation, code });
      if (this.waited() < (kind === 'denied' ? DENIED_WAIT_MS : LONGEST_WAIT_MS)) { return undefined; }
      throw new HandlerError(code, `${failed}: ${code}: ${message}; deploying again ${again}`);
    }
  }

  /** Says what was seen, to the log. */
  protected saw(status: string | undefined): void {
    const { RequestId: requestId, PhysicalResourceId: physicalId } = this.event;
    log('wait', { requestId, physicalId, status: status ?? 'none', milliseconds: this.waited() });
  }

  /** Goes on waiting, unless it has been too long. */
  protected later(what: string, again: string): Completion {
    if (this.waited() < LONGEST_WAIT_MS) { return { IsComplete: false }; }
    throw new HandlerError('StillPending', `${what}; deploying again ${again}`);
  }

  private waited(): number {
    return this.clock.now() - Date.parse(plain(this.event.StartedAt));
  }
}
