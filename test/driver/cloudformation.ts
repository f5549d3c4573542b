import { EventMaker, type CustomResourceEvent, type Target } from './events';
import { invoke, type Invocation, type InvokerOptions } from './invoker';
import type { Answer, ResponseReceiver } from './receiver';

/** One request and what became of it. */
export interface Step {
  readonly event: CustomResourceEvent;
  /** The answer that CloudFormation goes by. Without one the resource fails after its ServiceTimeout. */
  readonly answer?: Answer;
  readonly invocations: Invocation[];
}

/** How a stack operation ended, as CloudFormation names it. */
export type StackStatus = 'CREATE_COMPLETE' | 'ROLLBACK_COMPLETE' | 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE' | 'DELETE_FAILED';

/** The result of a stack operation. */
export interface Outcome {
  readonly status: StackStatus;
  /** Why the resource failed. */
  readonly reason?: string;
  readonly steps: Step[];
}

/** Calls what is behind a ServiceToken: a function of ours, or the provider framework in front of two. */
export type Entry = (event: CustomResourceEvent) => Promise<Invocation>;

/** Lambda calls a function again, twice, when an asynchronous invocation ends with an error. */
const ASYNC_ATTEMPTS = 3;

/** Plays CloudFormation for a stack with one custom resource. */
export class CloudFormation {
  /** What the resource is now, as CloudFormation remembers it. */
  public physicalId?: string;
  /** What Fn::GetAtt gives now. */
  public attributes: Record<string, string> = {};
  /** Everything that was logged in all invocations. */
  public log = '';

  public readonly events: EventMaker;
  private properties?: object;

  private readonly entry: Entry;

  public constructor(private readonly receiver: ResponseReceiver, lambda: InvokerOptions | Entry, target: Target = {}) {
    this.entry = typeof lambda === 'function' ? lambda : async event => invoke(event, lambda);
    this.events = new EventMaker(target);
  }

  /** Creates the stack. A Create that fails is followed by a Delete of whatever id it answered with. */
  public async create(properties: object): Promise<Outcome> {
    const created = await this.request(this.events.create(properties));
    if (this.accept(created, properties)) {
      return { status: 'CREATE_COMPLETE', steps: [created] };
    }
    const steps = [created];
    if (created.answer) {
      steps.push(await this.request(this.events.delete(created.answer.PhysicalResourceId, properties)));
    }
    return { status: 'ROLLBACK_COMPLETE', reason: reasonOf(created), steps };
  }

  /**
   * Updates the stack. A new physical id is a replacement: the old one is deleted in the end. An Update that fails, or
   * another resource that does, is rolled back by an Update with old and new properties swapped.
   */
  public async update(properties: object, failLater = false): Promise<Outcome> {
    const [old, oldId] = [this.properties!, this.physicalId!];
    const updated = await this.request(this.events.update(oldId, properties, old));
    const steps = [updated];
    const accepted = this.accept(updated, properties);
    if (accepted && !failLater) {
      await this.cleanUp(oldId, old, steps);
      return { status: 'UPDATE_COMPLETE', steps };
    }
    const newId = updated.answer?.PhysicalResourceId ?? oldId;
    const back = await this.request(this.events.update(newId, old, properties));
    steps.push(back);
    if (!this.accept(back, old)) {
      return { status: 'UPDATE_ROLLBACK_FAILED', reason: reasonOf(back), steps };
    }
    await this.cleanUp(newId, properties, steps);
    return { status: 'UPDATE_ROLLBACK_COMPLETE', reason: accepted ? 'another resource failed' : reasonOf(updated), steps };
  }

  /** Deletes the stack. */
  public async delete(): Promise<Outcome> {
    const deleted = await this.request(this.events.delete(this.physicalId!, this.properties!));
    const done = deleted.answer?.Status === 'SUCCESS';
    return { status: done ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason: done ? undefined : reasonOf(deleted), steps: [deleted] };
  }

  /** Hands an event over, as often as Lambda would, and takes the first answer. Events may be handed over again. */
  public async request(event: CustomResourceEvent): Promise<Step> {
    this.receiver.expect(event);
    const invocations: Invocation[] = [];
    do {
      const invocation = await this.entry(event);
      invocations.push(invocation);
      this.log += invocation.log;
    } while (!invocations.at(-1)!.succeeded && invocations.length < ASYNC_ATTEMPTS);
    return { event, invocations, answer: this.receiver.answersTo(event)[0] };
  }

  private accept({ answer }: Step, properties: object): boolean {
    if (answer?.Status !== 'SUCCESS') { return false; }
    this.physicalId = answer.PhysicalResourceId;
    this.attributes = answer.Data ?? {};
    this.properties = properties;
    return true;
  }

  private async cleanUp(formerId: string, formerProperties: object, steps: Step[]): Promise<void> {
    if (formerId !== this.physicalId) {
      steps.push(await this.request(this.events.delete(formerId, formerProperties)));
    }
  }
}

function reasonOf(step: Step): string {
  return step.answer?.Reason ?? 'CloudFormation did not receive a response from your Custom Resource';
}
