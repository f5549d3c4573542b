import { MINUTE, HOUR, REGION, ACCOUNT, type GivenAnswer, type World } from './world';
import { PURCHASE_RESOURCE_TYPE, type ExtensionProperties, type PurchaseProperties } from '../../../src/private/contracts/training-plan';
import { EventMaker, type CustomResourceEvent, type Target } from '../events';

/** How an operation on the resource of a stack ended. */
export type Status = 'CREATE_COMPLETE' | 'CREATE_FAILED' | 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE' | 'DELETE_SKIPPED' | 'DELETE_FAILED';

export interface Result {
  readonly status: Status;
  readonly answer?: GivenAnswer;
  readonly reason: string;
}

export interface StackOptions extends Target {
  /** What happens to the resource when it is deleted. @default 'retain' */
  readonly deletionPolicy?: 'retain' | 'delete';
}

/** How long CloudFormation waits for an answer: the ServiceTimeout. */
const SERVICE_TIMEOUT = HOUR;
const NO_ANSWER = 'CloudFormation did not receive a response from your Custom Resource';

type Properties = PurchaseProperties | ExtensionProperties;

/** Plays CloudFormation for a stack with one purchase, or one extension. */
export class PurchaseStack {
  public readonly events: EventMaker;
  public readonly stackId: string;
  /** Every event that it sent. */
  public readonly sent: CustomResourceEvent[] = [];
  public deleted = false;
  /** Why a rollback failed, which is where a stack can't be updated any more. */
  public wedged?: string;

  private readonly logicalId: string;
  private readonly type: string;
  private readonly retain: boolean;
  private physicalId?: string;
  private properties?: Properties;

  public constructor(private readonly world: World, { deletionPolicy = 'retain', ...target }: StackOptions = {}) {
    this.logicalId = target.logicalId ?? 'Reserve7F1E2A30BUY';
    this.retain = deletionPolicy === 'retain';
    this.type = target.resourceType ?? PURCHASE_RESOURCE_TYPE;
    this.events = new EventMaker({
      resourceType: this.type, account: ACCOUNT, region: REGION, ...target, logicalId: this.logicalId,
    });
    this.stackId = this.events.stackId;
  }

  /** Whether the resource was created. */
  public get exists(): boolean {
    return this.properties !== undefined;
  }

  /** Creates the resource, and rolls back when that fails unless rollback is disabled. */
  public async create(properties: Properties, { rollback = true, delay = 0 } = {}): Promise<Result> {
    const event = this.events.create(properties);
    this.world.configure(properties);
    this.is('CREATE_IN_PROGRESS');
    const answer = await this.request(event, delay);
    if (this.deleted) { return { status: this.retain ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE', answer, reason: 'the stack was deleted' }; }
    if (answer?.Status === 'SUCCESS') {
      this.is('CREATE_COMPLETE');
      this.physicalId = answer.PhysicalResourceId;
      this.properties = properties;
      return { status: 'CREATE_COMPLETE', answer, reason: '' };
    }
    this.is('CREATE_FAILED');
    if (rollback) { await this.remove(answer?.PhysicalResourceId, properties); }
    return { status: 'CREATE_FAILED', answer, reason: answer?.Reason ?? NO_ANSWER };
  }

  /** Updates the resource. When it refuses, or another resource does, an Update with old and new swapped follows. */
  public async update(properties: Properties, { failLater = false } = {}): Promise<Result> {
    const old = this.properties!;
    this.is('UPDATE_IN_PROGRESS');
    const answer = await this.request(this.events.update(this.physicalId!, properties, old));
    if (this.deleted) { return { status: this.retain ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE', answer, reason: 'the stack was deleted' }; }
    if (answer?.Status === 'SUCCESS' && !failLater) {
      this.is('UPDATE_COMPLETE');
      this.properties = properties;
      return { status: 'UPDATE_COMPLETE', answer, reason: '' };
    }
    const back = await this.request(this.events.update(this.physicalId!, old, properties));
    this.is('UPDATE_COMPLETE');
    if (back?.Status === 'SUCCESS') { return { status: 'UPDATE_ROLLBACK_COMPLETE', answer: back, reason: answer?.Reason ?? NO_ANSWER }; }
    this.wedged = back?.Reason ?? NO_ANSWER;
    return { status: 'UPDATE_ROLLBACK_FAILED', answer: back, reason: this.wedged };
  }

  /** Deletes the stack. */
  public async delete(): Promise<Result> {
    return this.remove(this.physicalId, this.properties!);
  }

  /** Somebody deletes the stack whatever it is doing. */
  public abandon(): void {
    this.deleted = true;
    this.is('DELETE_IN_PROGRESS');
    this.world.later(MINUTE, () => this.is(this.retain ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE'));
  }

  /** Delivers an event once more. */
  public again(event: CustomResourceEvent, delay: number): void {
    this.world.deliver(event, delay);
  }

  private async remove(physicalId: string | undefined, properties: Properties): Promise<Result> {
    this.deleted = true;
    this.is('DELETE_IN_PROGRESS');
    if (this.retain || physicalId === undefined) {
      this.is('DELETE_SKIPPED');
      return { status: 'DELETE_SKIPPED', reason: '' };
    }
    const answer = await this.request(this.events.delete(physicalId, properties));
    const status = answer?.Status === 'SUCCESS' ? 'DELETE_COMPLETE' : 'DELETE_FAILED';
    this.is(status);
    return { status, answer, reason: answer?.Reason ?? '' };
  }

  private async request(event: CustomResourceEvent, delay = 0): Promise<GivenAnswer | undefined> {
    this.sent.push(event);
    this.world.deliver(event, delay);
    return this.world.answerTo(event, SERVICE_TIMEOUT);
  }

  private is(status: string): void {
    this.world.stacks.set(this.stackId, this.logicalId, { status, physicalId: this.physicalId, type: this.type });
  }
}
