import { errorOf, PlannedFaults, sdkError, type FaultKind, type PlannedFault } from './faults';
import { Retry, runFramework, type FrameworkHost } from './framework';
import { limitOf } from './limits';
import { Process, Scheduler, type Action, type Choice } from './scheduler';
import { lieOf, truthOf } from './truth';
import { HandlerError } from '../../../lambda/shared/errors';
import type { ProviderEvent } from '../../../lambda/shared/provider';
import type { IsCompleteRequest } from '../../../lambda/spending/provider';
import { Extension, type ExtensionPorts } from '../../../lambda/training-plans/purchase/extension';
import { ExtensionWait } from '../../../lambda/training-plans/purchase/extension-wait';
import { Purchase, type PurchasePorts } from '../../../lambda/training-plans/purchase/purchase';
import { Wait } from '../../../lambda/training-plans/purchase/wait';
import type { SpendingLimit } from '../../../src/private/contracts/spending-limits';
import { EXTENSION_RESOURCE_TYPE, type ExtensionProperties, type PurchaseProperties } from '../../../src/private/contracts/training-plan';
import { Parameters as ParameterStore } from '../../aws/parameters';
import { ServiceError } from '../../aws/service';
import { Stacks } from '../../aws/stacks';
import { mapTimes, TrainingPlans } from '../../aws/training-plans';
import type { CustomResourceEvent } from '../events';
import { ANSWER_LIMIT, type Answer } from '../receiver';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
const PLACE = { account: ACCOUNT, region: REGION };

/** When schedules begin. */
export const START = Date.parse('2026-11-22T00:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** How the functions are configured. */
const ON_EVENT_TIMEOUT = 12 * MINUTE;
const IS_COMPLETE_TIMEOUT = 2 * MINUTE;
const FRAMEWORK_TIMEOUT = 15 * MINUTE;
const WAIT_INTERVAL = 30 * SECOND;
const WAITS = 100;
/** Lambda calls an entry again whose invocation failed, after a minute and after two more, unless its event is too old. */
const ENTRY_RETRIES = [MINUTE, 2 * MINUTE];
const ENTRY_EVENT_AGE = 5 * MINUTE;

/** What a client waits for an answer. */
const CLIENT_TIMEOUT = MINUTE;
/** How late a request is that is late. */
const LATE = 30 * SECOND;
/** When a request arrives that nobody waits for any more. */
const GHOST = 90 * SECOND;

/** What purchases and extensions need of the world. */
export type AllPorts = PurchasePorts & ExtensionPorts;

/** What a test replaces to make a mutant of the handler. */
export interface Mutation {
  readonly ports?: (ports: AllPorts, event: ProviderEvent) => AllPorts;
  readonly event?: (event: ProviderEvent) => ProviderEvent;
  readonly purchase?: typeof Purchase;
  readonly extension?: typeof Extension;
}

export interface WorldOptions {
  readonly faults?: readonly PlannedFault[];
  /** Decides how long calls take. @default - they take no time, and `choose` decides their order */
  readonly seed?: number;
  readonly choose?: Choice;
  readonly mutation?: Mutation;
  /** How stale reads of the ledger may be, each record by itself. Needs a seed. @default 0 */
  readonly ledgerLag?: number;
}

/** A call that buys, and what the buyer knew. */
export interface Buying {
  readonly event: ProviderEvent;
  readonly invocation: Invocation;
  readonly name: string;
  readonly offeringId: string;
  readonly at: number;
  /** What the invocation was last told of its own resource, and whether that was after its claim. */
  readonly fresh?: string;
  readonly freshSinceClaim: boolean;
  /** How long ago that was when the call was made. */
  readonly freshFor: number;
  /** The fee that it was shown. */
  readonly shownFee?: string;
  /** Whether a plan of the name could be seen when the invocation began. */
  readonly nameTaken: boolean;
  readonly accepted: boolean;
}

/** A call that extends, and what was known then. */
export interface Extending extends Pick<Buying, 'event' | 'offeringId' | 'at' | 'fresh' | 'freshSinceClaim' | 'freshFor' | 'shownFee' | 'accepted'> {
  /** Whether the history had an extension to this end when the invocation began. */
  readonly known: boolean;
  /** After how long it is known. */
  readonly lag: number;
}

/** An answer to CloudFormation. */
export interface GivenAnswer extends Answer {
  readonly event: CustomResourceEvent;
  readonly at: number;
  readonly bytes: number;
  /** Whether it tells of the death of a function, which no handler can word. */
  readonly ofDeath: boolean;
  /** Whether a call failed in the runs that it tells of. */
  readonly ofFault: boolean;
}

/** Which part of a purchase a run has come to. */
type Phase = 'observe' | 'claimed' | 'sent' | 'after' | 'update' | 'delete' | 'wait';

/** A run of one of our functions. */
export interface Invocation {
  readonly process: Process;
  readonly event: ProviderEvent;
  readonly began: number;
  phase: Phase;
  /** Whether a fault has struck it. */
  struck: boolean;
  fresh?: string;
  freshSinceClaim: boolean;
  freshAt: number;
  readonly fees: Map<string, string | undefined>;
  readonly cut: () => void;
  readonly died: () => void;
}

/** An account and a Region on a clock of their own, with functions in it that buy. */
export class World {
  public readonly scheduler: Scheduler;
  public readonly plans: TrainingPlans;
  public readonly parameters = new ParameterStore();
  public readonly stacks = new Stacks();
  public readonly faults: PlannedFaults;
  public readonly buyings: Buying[] = [];
  public readonly extendings: Extending[] = [];
  public readonly answers: GivenAnswer[] = [];
  /** Answers that were not true when they were given. */
  public readonly lies: string[] = [];
  /** How many first words were compared with the truth. */
  public compared = 0;
  /** What the functions are configured with. */
  public readonly limits = new Map<string, SpendingLimit>();
  /** Called when somebody deletes the stack of an event. */
  public onStackDeleted?: (event: ProviderEvent) => void;

  /** The text of a step is made when it is read. */
  private readonly steps: { readonly at: number; readonly text: readonly (string | undefined)[] }[] = [];
  private readonly random?: () => number;
  private readonly outside = new Process('the world');
  private readonly waiting = new Map<string, ((answer?: GivenAnswer) => void)[]>();
  private readonly mutation: Mutation;
  private readonly ledgerLag: number;
  private readonly written = new Map<string, number>();
  private readonly delivered = new Map<string, CustomResourceEvent>();
  private runs = 0;

  public constructor({ faults = [], seed, choose, mutation = {}, ledgerLag = 0 }: WorldOptions = {}) {
    this.ledgerLag = ledgerLag;
    this.scheduler = new Scheduler(START, choose);
    this.plans = new TrainingPlans(() => this.scheduler.now());
    this.faults = new PlannedFaults([...faults]);
    this.random = seed === undefined ? undefined : randomOf(seed);
    this.mutation = mutation;
  }

  /** Every step in words, to understand a schedule that went wrong. */
  public get journal(): string {
    return this.steps.map(({ at, text }) => `${new Date(at).toISOString().slice(5, 23)} ${text.filter(part => part !== undefined).join(' ')}`).join('\n');
  }

  public now(): number {
    return this.scheduler.now();
  }

  /** Lets a story happen, and everything that comes of it. */
  public async play<T>(story: () => Promise<T>): Promise<T> {
    const told = story();
    told.catch(() => undefined);
    await this.scheduler.run();
    return told;
  }

  /** Lets time pass in a story. */
  public async pass(milliseconds: number): Promise<void> {
    return this.scheduler.sleep(this.outside, milliseconds);
  }

  /** Lets something happen later. */
  public later(milliseconds: number, happen: () => void): void {
    this.scheduler.at(this.outside, 'later', 'write', milliseconds, happen);
  }

  /**
   * Hands an event of CloudFormation over: an asynchronous invocation of the entry of the framework. Once more, it is as it was the first
   * time, whatever the framework has put into it on its way since.
   */
  public deliver(given: CustomResourceEvent, delay = 0): void {
    const event = this.delivered.get(given.RequestId) ?? structuredClone(given);
    this.delivered.set(given.RequestId, event);
    const invoked = this.now();
    const attempt = (number: number, after: number): void => {
      this.scheduler.at(this.outside, `deliver ${event.RequestType}`, 'write', after, () => {
        this.run('framework.onEvent', structuredClone(event), FRAMEWORK_TIMEOUT).catch(() => {
          const pause = ENTRY_RETRIES[number];
          if (pause !== undefined && this.now() + pause - invoked - delay <= ENTRY_EVENT_AGE) { attempt(number + 1, pause); }
        });
      });
    };
    attempt(0, delay);
  }

  /** The first answer to an event, or none within a time. */
  public async answerTo(event: CustomResourceEvent, within: number): Promise<GivenAnswer | undefined> {
    return new Promise(resolve => {
      const given = this.answers.find(answer => answer.RequestId === event.RequestId);
      if (given) {
        resolve(given);
        return;
      }
      this.waiting.set(event.RequestId, [...this.waiting.get(event.RequestId) ?? [], resolve]);
      this.scheduler.at(this.outside, 'CloudFormation waits', 'read', within, () => resolve(undefined));
    });
  }

  /** Deploys the functions: with what a purchase or an extension may cost. */
  public configure(properties: PurchaseProperties | ExtensionProperties): void {
    this.limits.set(...limitOf(properties));
  }

  /** Runs `onEvent` on its own, without the framework. */
  public async onEvent(event: ProviderEvent): ReturnType<Purchase['onEvent']> {
    const process = new Process(`onEvent ${++this.runs}`);
    const invocation = this.invocation(process, event, { cut: () => undefined, died: () => undefined });
    const answer = await (this.handle('onEvent', invocation) as ReturnType<Purchase['onEvent']>);
    if (answer.Failure !== undefined) { this.compare(event, answer.Failure); }
    return answer;
  }

  /** I7: compares what is said of the money with the truth. */
  private compare(event: ProviderEvent, text: string): void {
    this.compared++;
    const quiet = this.faults.struck.length === 0 && this.ledgerLag === 0 && this.plans.behaviour.world !== 'C';
    const lie = lieOf(text, truthOf(this, event), quiet);
    if (lie) { this.lies.push(`I7 ${lie}, but ${event.RequestType} was answered: ${text}`); }
  }

  /** A run of the framework: it fails when the framework throws, dies or takes too long. */
  private async run(which: `framework.${'onEvent' | 'isComplete' | 'onTimeout'}`, event: object, timeout: number): Promise<void> {
    const process = new Process(`${which} ${++this.runs}`);
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        process.kill();
        timer.kill();
        reject(error);
      };
      const timer = this.timer(timeout, () => failed(new Error('Task timed out')));
      const host = this.hostOf(process, event as CustomResourceEvent, failed);
      runFramework(which.slice('framework.'.length) as 'onEvent', event, host).then(() => {
        timer.kill();
        resolve();
      }, failed);
    });
  }

  private hostOf(process: Process, event: CustomResourceEvent, failed: (error: Error) => void): FrameworkHost {
    let struck = (event as { Struck?: boolean }).Struck === true;
    const invoke = async (which: 'onEvent' | 'isComplete', payload: string) => {
      const result = await this.invoke(which, payload);
      struck ||= result.Payload.includes('"Struck":true');
      return result;
    };
    const meet = async <T>(operation: string, perform: () => T | Promise<T>): Promise<T> => {
      const kind = this.faults.take(operation);
      this.note(process, operation, kind);
      await this.scheduler.act(process, operation, 'write', this.latency() + (kind === 'late' ? LATE : 0), () => undefined);
      if (kind === 'die') { failed(new Error('Runtime exited')); }
      if (kind === 'duplicate') { this.deliver(event); }
      if (kind === 'error') { throw new Error(LOST); }
      if (!process.alive) { return new Promise(() => undefined); }
      const done = await perform();
      if (kind === 'die-after') {
        failed(new Error('Runtime exited'));
        return new Promise(() => undefined);
      }
      if (kind === 'error-after') { throw new Error(LOST); }
      return done;
    };
    return {
      // the framework calls a function again when it doesn't know what became of a call
      invoke: async (which, payload) => meet(`framework.${which}`, async () => {
        try {
          return await invoke(which, payload);
        } catch {
          await this.scheduler.sleep(process, SECOND);
          return invoke(which, payload);
        }
      }),
      startWaiter: async input => meet('framework.startWaiter', () => this.startWaiter(input)),
      answer: async body => meet('framework.answer', () => this.take(event, body, struck)),
      sleep: async milliseconds => this.scheduler.sleep(process, milliseconds),
    };
  }

  /** Runs one of our functions, as Lambda does for somebody who waits for it. Throws when nobody knows what became of it. */
  private async invoke(which: 'onEvent' | 'isComplete', payload: string): Promise<{ Payload: string; FunctionError?: string }> {
    const process = new Process(`${which} ${++this.runs}`);
    const timeout = which === 'onEvent' ? ON_EVENT_TIMEOUT : IS_COMPLETE_TIMEOUT;
    return new Promise((resolve, reject) => {
      const failed = (errorType: string, errorMessage: string, trace: string[] = []) => {
        resolve({ FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage, trace, ...invocation.struck && { Struck: true } }) });
      };
      const timer = this.timer(timeout, () => {
        process.kill();
        failed('Sandbox.Timedout', `Task timed out after ${timeout / SECOND}.00 seconds`);
      });
      const event = JSON.parse(payload) as ProviderEvent;
      const invocation = this.invocation(process, event, {
        cut: () => reject(new Error(LOST)),
        died: () => {
          process.kill();
          timer.kill();
          failed('Runtime.ExitError', 'Runtime exited with error: signal: killed');
        },
      });
      this.handle(which, invocation).then(result => {
        timer.kill();
        const more = invocation.struck && { Struck: true }; // the framework hands on what it doesn't know
        resolve({ Payload: JSON.stringify({ ...result, ...more }) });
      }, (error: Error) => {
        timer.kill();
        failed(error.name, error.message, String(error.stack).split('\n'));
      });
    });
  }

  private invocation(process: Process, event: ProviderEvent, ends: Pick<Invocation, 'cut' | 'died'>): Invocation {
    const phase = event.RequestType === 'Update' ? 'update' : event.RequestType === 'Delete' ? 'delete' : 'observe';
    const fresh = { freshSinceClaim: false, freshAt: -Infinity };
    return { process, event, began: this.now(), phase, struck: false, ...fresh, fees: new Map(), ...ends };
  }

  private async handle(which: 'onEvent' | 'isComplete', invocation: Invocation): Promise<any> {
    const event = this.mutation.event?.(invocation.event) ?? invocation.event;
    const ports = this.portsOf(invocation);
    const { purchase = Purchase, extension = Extension, ports: mutate = (given: AllPorts) => given } = this.mutation;
    const isExtension = (event as { ResourceType?: string }).ResourceType === EXTENSION_RESOURCE_TYPE;
    if (which === 'isComplete') {
      invocation.phase = 'wait';
      if (isExtension) { return new ExtensionWait(mutate(ports, event)).isComplete(event as IsCompleteRequest); }
      return new Wait(mutate(ports, event)).isComplete(event as IsCompleteRequest);
    }
    if (isExtension) { return new extension(mutate(ports, event)).onEvent(event, ON_EVENT_TIMEOUT); }
    return new purchase(mutate(ports, event)).onEvent(event, ON_EVENT_TIMEOUT);
  }

  private startWaiter(input: string): void {
    const turn = (number: number): void => {
      this.scheduler.at(this.outside, 'wait', 'read', WAIT_INTERVAL, () => {
        this.run('framework.isComplete', JSON.parse(input) as object, FRAMEWORK_TIMEOUT).catch((error: Error) => {
          if (number < WAITS) {
            turn(number + 1);
          } else {
            const Cause = JSON.stringify({ errorMessage: error instanceof Retry ? error.message : input });
            this.run('framework.onTimeout', { Cause }, FRAMEWORK_TIMEOUT).catch(() => undefined);
          }
        });
      });
    };
    turn(0);
  }

  private take(event: CustomResourceEvent, body: string, ofFault: boolean): void {
    const answer = JSON.parse(body) as Answer;
    const ofDeath = answer.Status === 'FAILED' && DEATH.test(answer.Reason ?? '');
    const given: GivenAnswer = { ...answer, event, at: this.now(), bytes: Buffer.byteLength(body), ofDeath, ofFault };
    this.steps.push({ at: this.now(), text: ['ANSWER', answer.Status, answer.PhysicalResourceId, answer.Reason] });
    this.answers.push(given);
    if (answer.Status === 'FAILED' && !ofDeath) { this.compare(event, answer.Reason ?? ''); }
    if (given.bytes <= ANSWER_LIMIT) { this.waiting.get(event.RequestId)?.forEach(resolve => resolve(given)); }
  }

  private portsOf(invocation: Invocation): AllPorts {
    const { process } = invocation;
    const sagemaker = (operation: string, effect: Action['effect'], input: object) => this.call(invocation, operation, effect, () => {
      const wire = mapDates(input);
      return mapTimes(this.plans.call(operation, wire, PLACE), time => new Date(time));
    }) as Promise<any>;
    const pages = async (operation: string, member: string, input: object) => {
      const found: any[] = [];
      let NextToken: string | undefined;
      do {
        const page = await sagemaker(operation, 'read', { ...input, NextToken });
        found.push(...page[member]);
        NextToken = page.NextToken;
      } while (NextToken);
      return found;
    };
    return {
      clock: {
        now: () => this.now(),
        sleep: async milliseconds => {
          const kind = this.meet(invocation, 'sleep');
          if (kind === 'die' || kind === 'die-after') { return this.never(); }
          return this.scheduler.sleep(process, milliseconds + (kind === 'late' ? LATE : 0));
        },
        within: async (milliseconds, ask) => this.within(process, milliseconds, ask),
      },
      reader: {
        describe: async name => sagemaker('DescribeTrainingPlan', 'read', { TrainingPlanName: name }),
        list: async () => pages('ListTrainingPlans', 'TrainingPlanSummaries', {}),
        tags: async arn => pages('ListTags', 'Tags', { ResourceArn: arn }),
        search: async criteria => {
          if (invocation.phase === 'after') { invocation.phase = 'observe'; } // another round
          const found = await sagemaker('SearchTrainingPlanOfferings', 'read', criteria);
          for (const offering of found.TrainingPlanOfferings) { invocation.fees.set(offering.TrainingPlanOfferingId, offering.UpfrontFee); }
          for (const offering of found.TrainingPlanExtensionOfferings ?? []) {
            invocation.fees.set(offering.TrainingPlanExtensionOfferingId, offering.UpfrontFee);
          }
          return found;
        },
        extensions: async arn => pages('DescribeTrainingPlanExtensionHistory', 'TrainingPlanExtensions', { TrainingPlanArn: arn }),
      },
      buyer: { create: async request => this.create(invocation, request) },
      extender: { extend: async id => this.extend(invocation, id) },
      tagger: {
        addTags: async (arn, tags) => sagemaker('AddTags', 'write', { ResourceArn: arn, Tags: tags }),
        deleteTags: async (arn, keys) => sagemaker('DeleteTags', 'write', { ResourceArn: arn, TagKeys: keys }),
      },
      ledger: {
        put: async (name, value) => {
          const record = /\/(sent|outcome)$/.exec(name)?.[1] ?? 'intent';
          const written = await this.call(invocation, `put-${record}`, 'write', () => {
            try {
              this.parameters.call('PutParameter', { Name: name, Value: value, Type: 'String', Overwrite: false }, PLACE);
              this.written.set(name, this.now());
              return true;
            } catch (error) {
              if (error instanceof ServiceError && error.code === 'ParameterAlreadyExists') { return false; }
              throw error;
            }
          });
          if (this.parameters.values.get(name) === value) {
            if (record === 'intent') { invocation.phase = 'claimed'; }
            if (record === 'sent' && invocation.phase === 'claimed') { invocation.phase = 'sent'; }
          }
          return written;
        },
        readAll: async path => this.call(invocation, 'GetParametersByPath', 'read', () => {
          const seen = (name: string) => this.ledgerLag === 0 || this.now() - this.written.get(name)! >= this.ledgerLag * this.random!();
          const found = new Map<string, string>();
          let NextToken: string | undefined;
          do {
            const page = this.parameters.call('GetParametersByPath', { Path: path, Recursive: true, NextToken }, PLACE) as {
              Parameters: { Name: string; Value: string }[]; NextToken?: string;
            };
            page.Parameters.filter(({ Name }) => seen(Name)).forEach(({ Name, Value }) => found.set(Name, Value));
            NextToken = page.NextToken;
          } while (NextToken);
          return found;
        }),
      },
      stack: {
        resource: async (stackId, logicalId) => this.call(invocation, 'DescribeStackResource', 'read', () => {
          const resource = this.resourceOf(stackId, logicalId);
          invocation.fresh = resource?.status;
          invocation.freshSinceClaim = invocation.phase === 'claimed' || invocation.phase === 'sent';
          invocation.freshAt = this.now();
          return resource;
        }),
      },
      limitOf: key => this.limits.get(key),
    };
  }

  private async create(invocation: Invocation, request: Parameters<PurchasePorts['buyer']['create']>[0]): Promise<string> {
    const { event, fresh, freshSinceClaim, freshAt, fees } = invocation;
    const freshFor = this.now() - freshAt;
    invocation.phase = 'sent';
    const result = await this.call(invocation, 'CreateTrainingPlan', 'write', () => {
      const before = this.plans.purchases.length;
      const buying = {
        event,
        invocation,
        name: request.TrainingPlanName,
        offeringId: request.TrainingPlanOfferingId,
        at: this.now(),
        fresh,
        freshSinceClaim,
        freshFor,
        shownFee: fees.get(request.TrainingPlanOfferingId),
        nameTaken: invocation.began >= this.plans.visibleSince(request.TrainingPlanName),
      };
      try {
        return this.plans.call('CreateTrainingPlan', mapDates(request), PLACE) as { TrainingPlanArn: string };
      } finally {
        this.buyings.push({ ...buying, accepted: this.plans.purchases.length > before });
      }
    }).finally(() => { invocation.phase = 'after'; });
    return result.TrainingPlanArn;
  }

  private async extend(invocation: Invocation, offeringId: string): Promise<string> {
    const { event, fresh, freshSinceClaim, freshAt, fees, began } = invocation;
    const freshFor = this.now() - freshAt;
    invocation.phase = 'sent';
    const bought = () => this.plans.purchases.flatMap(({ extensions }) => extensions);
    await this.call(invocation, 'ExtendTrainingPlan', 'write', () => {
      const before = bought();
      const known = before.some(({ offering, at, behaviour }) => {
        return offering.EndDate === event.ResourceProperties.ExtendTo && !behaviour.paymentFails && at + behaviour.historyLag <= began;
      });
      const lag = this.plans.behaviour.historyLag;
      const extending = { event, offeringId, at: this.now(), fresh, freshSinceClaim, freshFor, shownFee: fees.get(offeringId), known, lag };
      try {
        return this.plans.call('ExtendTrainingPlan', { TrainingPlanExtensionOfferingId: offeringId }, PLACE);
      } finally {
        this.extendings.push({ ...extending, accepted: bought().length > before.length });
      }
    }).finally(() => { invocation.phase = 'after'; });
    return offeringId;
  }

  private resourceOf(stackId: string, logicalId: string) {
    try {
      return this.stacks.describe(stackId, logicalId);
    } catch {
      return undefined;
    }
  }

  /** One call of a function of ours to a service: where schedules interleave, and where faults strike. */
  private async call<T>(invocation: Invocation, operation: string, effect: Action['effect'], perform: () => T): Promise<T> {
    const { process } = invocation;
    const kind = this.meet(invocation, operation);
    const act = async <R>(delay: number, work: () => R) => this.scheduler.act(process, operation, effect, delay, work);
    const apply = (): T => {
      try {
        return perform();
      } catch (error) {
        throw error instanceof ServiceError ? sdkError(error.code, error.message, error.status) : error;
      }
    };
    const latency = this.latency();
    switch (kind) {
      case 'throttle':
      case 'denied':
      case 'error':
      case 'reset':
        return act(latency, () => { throw errorOf(kind); });
      case 'silence':
        return act(CLIENT_TIMEOUT, () => { throw errorOf(kind); });
      case 'error-after':
      case 'reset-after':
      case 'garbage':
        return act(latency, () => {
          apply();
          throw errorOf(kind);
        });
      case 'silence-after':
        await act(latency, apply);
        return act(CLIENT_TIMEOUT, () => { throw errorOf(kind); });
      case 'late':
        return act(LATE, apply);
      case 'ghost':
        this.scheduler.at(this.outside, `${operation} of a ghost`, effect, GHOST, () => {
          try {
            perform();
          } catch {
            // nobody hears it
          }
        });
        return act(CLIENT_TIMEOUT, () => { throw errorOf(kind); });
      case 'again':
        await act(latency, apply).catch(() => undefined);
        return act(latency, apply);
      case 'die':
        return this.never();
      case 'die-after':
      case 'vanish-after':
        await act(latency, apply).catch(() => undefined);
        invocation[kind === 'die-after' ? 'died' : 'cut']();
        process.kill();
        return this.never();
      default:
        return act(latency, apply);
    }
  }

  /** Comes to a point: what strikes there is known from then on, and what strikes outside of the function has struck. */
  private meet(invocation: Invocation, operation: string): FaultKind | undefined {
    const { phase, event, process } = invocation;
    const point = `${operation}@${SAME_POINT[`${operation}@${phase}`] ?? phase}`;
    const kind = this.faults.take(point);
    this.note(process, point, kind);
    invocation.struck ||= kind !== undefined;
    if (kind === 'cut') { invocation.cut(); }
    if (kind === 'duplicate') { this.deliver(event as unknown as CustomResourceEvent); }
    if (kind === 'stack-deleted') { this.onStackDeleted?.(event); }
    if (kind === 'die' || (kind === 'die-after' && operation === 'sleep')) { invocation.died(); }
    return kind;
  }

  /** Fails when an answer takes too long, unless whoever asked is dead. */
  private async within<T>(process: Process, milliseconds: number, ask: () => Promise<T>): Promise<T> {
    let waiting = true;
    const timer = { name: 'timer', get alive() { return waiting && process.alive; }, kill: () => { waiting = false; } };
    return new Promise<T>((resolve, reject) => {
      this.scheduler.at(timer, 'timer', 'read', milliseconds, () => reject(new HandlerError('Timeout', 'no answer in time')));
      ask().finally(() => timer.kill()).then(resolve, reject);
    });
  }

  private async never(): Promise<never> {
    return new Promise(() => undefined);
  }

  private timer(milliseconds: number, run: () => void): Process {
    const timer = new Process('timer');
    this.scheduler.at(timer, 'timer', 'read', milliseconds, run);
    return timer;
  }

  private latency(): number {
    return this.random ? 20 + Math.floor(this.random() * 400) : 0;
  }

  private note(process: Process, point: string, kind?: FaultKind): void {
    this.steps.push({ at: this.now(), text: [process.name, point, kind && `<- ${kind}`] });
  }
}

/** Calls that are those of another phase: a record is written again whose answer was lost, or the right to send goes unused. */
const SAME_POINT: Readonly<Record<string, Phase>> = {
  'put-intent@claimed': 'observe',
  'put-sent@sent': 'claimed',
  'put-outcome@sent': 'claimed',
  'sleep@sent': 'claimed',
  'DescribeTrainingPlan@sent': 'after',
  'ListTags@sent': 'after',
};

/** What Lambda says of a function that ended without an answer. */
const DEATH = /Task timed out after|Runtime exited with error|lost by the framework/;

/** What the framework says when its own calls fail. */
const LOST = 'the call was lost by the framework';

/** Dates as they are on the wire. */
function mapDates(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined).map(([key, value]) => {
    return [key, value instanceof Date ? value.getTime() / 1000 : value];
  }));
}

/** Numbers from 0 to 1 that follow from a seed. */
export function randomOf(seed: number): () => number {
  const [factor, modulus] = [48_271, 2_147_483_647];
  let state = seed % (modulus - 1) + 1;
  return () => {
    state = state * factor % modulus;
    return state / modulus;
  };
}
