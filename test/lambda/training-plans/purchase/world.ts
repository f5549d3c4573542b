import type {
  DescribeTrainingPlanResponse, SearchTrainingPlanOfferingsRequest, Tag, TrainingPlanExtension, TrainingPlanExtensionOffering,
  TrainingPlanOffering,
} from '@aws-sdk/client-sagemaker';
import type { RecordStore } from '../../../../lambda/clients/records';
import type { StackReader } from '../../../../lambda/clients/stack-reader';
import type { PlanBuyer, PlanExtender, PlanReader, PlanTagger } from '../../../../lambda/clients/training-plans';
import { HandlerError } from '../../../../lambda/shared/errors';
import type { Completion, ProviderEvent } from '../../../../lambda/shared/provider';
import type { Clock } from '../../../../lambda/spending/clock';
import type { OnEventResponse } from '../../../../lambda/spending/provider';
import { Extension } from '../../../../lambda/training-plans/purchase/extension';
import { ExtensionWait } from '../../../../lambda/training-plans/purchase/extension-wait';
import { Purchase } from '../../../../lambda/training-plans/purchase/purchase';
import { Wait } from '../../../../lambda/training-plans/purchase/wait';
import { extensionLimitKey, planLimitKey, type SpendingLimit } from '../../../../src/private/contracts/spending-limits';
import { EXTENSION_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE } from '../../../../src/private/contracts/training-plan';
import { EventMaker, type CustomResourceEvent } from '../../../driver/events';

export const MINUTE = 60_000;
export const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-q1';
export const LEDGER = '/cdk-hpc-clusters/training-plan/llm-q1';

export const PROPERTIES = {
  Account: '111122223333',
  Region: 'us-east-1',
  TrainingPlanName: 'llm-q1',
  OwnershipKey: 'Capacity/Plan',
  AdoptExisting: 'false',
  Attempt: '1',
  MaxUpfrontFee: { Amount: '120000.00', CurrencyCode: 'USD' },
  Tags: { team: 'research' },
  Offering: {
    InstanceType: 'ml.p5.48xlarge', InstanceCount: '4', DurationHours: ['336'], TargetResource: 'hyperpod-cluster', Selection: 'LOWEST_FEE',
  },
};

export const OFFERING: TrainingPlanOffering = {
  TrainingPlanOfferingId: 'tpo-1',
  TargetResources: ['hyperpod-cluster'],
  DurationHours: 336,
  UpfrontFee: '118234.50',
  CurrencyCode: 'USD',
  ReservedCapacityOfferings: [{
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: 4,
    AvailabilityZone: 'us-east-1a',
    DurationHours: 336,
    StartTime: new Date('2026-12-01T11:30:00Z'),
    EndTime: new Date('2026-12-15T11:30:00Z'),
  }],
};

/** What a plan that was made of `OFFERING` looks like. */
export function planOf(
  status: DescribeTrainingPlanResponse['Status'], changes: Partial<DescribeTrainingPlanResponse> = {},
): DescribeTrainingPlanResponse {
  const [{ InstanceCount, ...part }] = OFFERING.ReservedCapacityOfferings!;
  return {
    TrainingPlanArn: ARN,
    TrainingPlanName: 'llm-q1',
    Status: status,
    StartTime: part.StartTime,
    EndTime: part.EndTime,
    UpfrontFee: OFFERING.UpfrontFee,
    CurrencyCode: 'USD',
    TotalInstanceCount: InstanceCount,
    TargetResources: ['hyperpod-cluster'],
    ReservedCapacitySummaries: [{
      ...part,
      TotalInstanceCount: InstanceCount,
      AvailabilityZoneId: 'use1-az4',
      Status: 'Scheduled',
      ReservedCapacityArn: 'arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/a',
    }],
    ...changes,
  };
}

/** When the plan of these tests ends, and when it shall end. */
export const END = '2026-12-15T11:30:00Z';
export const LATER = '2026-12-22T11:30:00Z';
export const EXTENSION_ID = `${ARN}/extend/20261222T113000Z/1`;
export const EXTENSION_LEDGER = `${LEDGER}/extend/20261222T113000Z`;

export const EXTENSION_PROPERTIES = {
  Account: '111122223333',
  Region: 'us-east-1',
  TrainingPlanName: 'llm-q1',
  TrainingPlanArn: ARN,
  ExtendTo: LATER,
  MaxUpfrontFee: { Amount: '60000.00', CurrencyCode: 'USD' },
  Attempt: '1',
};

/** A week more. */
export function extensionOffering(changes: Partial<TrainingPlanExtensionOffering> = {}): TrainingPlanExtensionOffering {
  return {
    TrainingPlanExtensionOfferingId: 'tpeo-1',
    AvailabilityZone: 'us-east-1a',
    StartDate: new Date(END),
    EndDate: new Date(LATER),
    DurationHours: 168,
    UpfrontFee: '50000.00',
    CurrencyCode: 'USD',
    ...changes,
  };
}

/** An error of the SDK. */
export function sdkError(name: string, status?: number, message = `it says ${name}`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

type Step = 'describe' | 'list' | 'tags' | 'search' | 'extensions' | 'create' | 'extend' | 'addTags' | 'deleteTags' | 'put' | 'readAll' | 'resource';

/** More than any run takes: who asks more often than that would never end, since waiting costs no time here. */
const MOST_QUESTIONS = 20_000;

/** A world for one plan: a clock that jumps, a service, a ledger and a stack. */
export class World implements Clock {
  public time = Date.parse('2026-11-22T06:00:00Z');
  public plan?: DescribeTrainingPlanResponse;
  /** The plan can't be seen before. */
  public visibleAt = 0;
  public planTags: Tag[] = [];
  public tagsVisibleAt = 0;
  public offerings: TrainingPlanOffering[] = [OFFERING];
  public extensionOfferings: TrainingPlanExtensionOffering[] = [extensionOffering()];
  /** The history of the plan. */
  public extensions: TrainingPlanExtension[] = [];
  public status: string | undefined = 'CREATE_IN_PROGRESS';
  public readonly records = new Map<string, string>();
  public readonly calls: Step[] = [];
  public readonly searches: SearchTrainingPlanOfferingsRequest[] = [];
  public readonly bought: Parameters<PlanBuyer['create']>[0][] = [];
  /** The offerings of the requests that extend. */
  public readonly extended: string[] = [];
  public readonly events = new EventMaker({ stackName: 'Capacity' });
  private questions = 0;

  public readonly reader: PlanReader = {
    describe: async () => this.call('describe', () => {
      if (!this.plan || this.time < this.visibleAt) { throw sdkError('ResourceNotFound', 400); }
      return this.plan;
    }),
    list: async () => this.call('list', () => this.plan && this.time >= this.visibleAt
      ? [{ TrainingPlanArn: ARN, TrainingPlanName: 'llm-q1', Status: this.plan.Status }]
      : []),
    tags: async () => this.call('tags', () => this.time < this.tagsVisibleAt ? [] : this.planTags),
    search: async question => this.call('search', () => {
      this.searches.push(question);
      return question.TrainingPlanArn === undefined
        ? { TrainingPlanOfferings: this.offerings }
        : { TrainingPlanOfferings: [], TrainingPlanExtensionOfferings: this.extensionOfferings };
    }),
    extensions: async () => this.call('extensions', () => this.extensions),
  };

  public readonly buyer: PlanBuyer = {
    create: async request => this.call('create', () => {
      this.bought.push(request);
      return this.accept();
    }),
  };

  public readonly extender: PlanExtender = {
    extend: async id => this.call('extend', () => {
      this.extended.push(id);
      return this.acceptExtension(id);
    }),
  };

  public readonly tagger: PlanTagger = {
    addTags: async (_arn, tags) => this.call('addTags', () => {
      this.planTags = [...this.planTags.filter(({ Key }) => !tags.some(tag => tag.Key === Key)), ...tags];
    }),
    deleteTags: async (_arn, keys) => this.call('deleteTags', () => {
      this.planTags = this.planTags.filter(({ Key }) => !keys.includes(Key!));
    }),
  };

  public readonly ledger: RecordStore = {
    put: async (name, value) => this.call('put', () => {
      if (this.records.has(name)) { return false; }
      this.records.set(name, value);
      return true;
    }),
    readAll: async path => this.call('readAll', () => new Map([...this.records].filter(([name]) => name.startsWith(`${path}/`)))),
  };

  public readonly stack: StackReader = { resource: async () => this.call('resource', () => (this.status === undefined ? undefined : { status: this.status, type: this.type })) };
  /** The type of the resource, as the stack says. */
  public type: string = PURCHASE_RESOURCE_TYPE;
  /** What the functions are configured with. */
  public limits: Record<string, SpendingLimit> = {
    [planLimitKey('llm-q1')]: { amount: '120000.00', currency: 'USD', attempts: 9 },
    [extensionLimitKey('llm-q1', LATER)]: { amount: '60000.00', currency: 'USD', attempts: 9 },
  };

  /** Called before each call: it may throw, wait or change the world. */
  public before: (step: Step, count: number) => void | Promise<void> = () => undefined;
  /** What the service does with a purchase. */
  public accept: () => string = () => this.make();
  /** What it does with an extension. */
  public acceptExtension: (id: string) => string = id => this.prolong(id);

  public now(): number {
    this.count();
    return this.time;
  }

  public async sleep(milliseconds: number): Promise<void> {
    this.count();
    this.time += milliseconds;
  }

  /** What takes longer is given up at its time, and may still have its effect. */
  public async within<T>(milliseconds: number, ask: () => Promise<T>): Promise<T> {
    const last = this.time + milliseconds;
    const answer = await ask().then(value => () => value, (error: Error) => () => { throw error; });
    if (this.time <= last) { return answer(); }
    this.time = last;
    throw new HandlerError('Timeout', 'no answer in time');
  }

  /** Makes the plan, as the service does when it accepts a purchase. */
  public make(): string {
    this.plan = planOf('Scheduled');
    this.planTags = this.bought.at(-1)?.Tags ?? [];
    return ARN;
  }

  /** Writes an extension into the history, as the service does when it accepts one. */
  public prolong(id: string, changes: Partial<TrainingPlanExtension> = {}): string {
    const offering = this.extensionOfferings.find(each => each.TrainingPlanExtensionOfferingId === id)!;
    this.extensions.push({ ...offering, Status: 'Scheduled', PaymentStatus: 'Paid', ...changes });
    this.plan = { ...this.plan!, EndTime: offering.EndDate };
    return id;
  }

  /** The kinds of the records of the ledger: `1 INTENT, 1/sent SENT`. */
  public get written(): string {
    return this.writtenAt(LEDGER);
  }

  /** The numbers of the requests that ended without a purchase, below the path of the ledger. */
  public get closed(): string {
    return [...this.records].filter(([, value]) => value.includes('"CLOSED"')).map(([name]) => name.slice(LEDGER.length + 1)).join();
  }

  /** The kinds of the records below a path, without those of requests that ended. */
  public writtenAt(path: string): string {
    return [...this.records]
      .filter(([, value]) => !value.includes('"CLOSED"'))
      .map(([name, value]) => `${name.slice(path.length + 1)} ${(JSON.parse(value) as { kind: string }).kind}`)
      .sort()
      .join(', ');
  }

  public async create(changes: object = {}): Promise<OnEventResponse> {
    return this.onEvent(this.events.create({ ...PROPERTIES, ...changes }));
  }

  public async onEvent(event: CustomResourceEvent): Promise<OnEventResponse> {
    const { reader, buyer, tagger, ledger, stack } = this;
    return new Purchase({ clock: this, reader, buyer, tagger, ledger, stack, limitOf: key => this.limits[key] })
      .onEvent(event as ProviderEvent, 12 * MINUTE);
  }

  public async extend(changes: object = {}, remainingMs?: number): Promise<OnEventResponse> {
    return this.onExtend(this.events.create({ ...EXTENSION_PROPERTIES, ...changes }), remainingMs);
  }

  public async onExtend(event: CustomResourceEvent, remainingMs = 12 * MINUTE): Promise<OnEventResponse> {
    const { reader, extender, ledger, stack } = this;
    this.type = EXTENSION_RESOURCE_TYPE;
    return new Extension({ clock: this, reader, extender, ledger, stack, limitOf: key => this.limits[key] })
      .onEvent(event as ProviderEvent, remainingMs);
  }

  /** All of an event, as the provider framework leads it. */
  public async deploy(event: CustomResourceEvent): Promise<Completion> {
    return this.complete(event, await this.onEvent(event), new Wait({ clock: this, reader: this.reader }));
  }

  /** The same, of an extension. */
  public async deployExtension(event: CustomResourceEvent): Promise<Completion> {
    return this.complete(event, await this.onExtend(event), new ExtensionWait({ clock: this, reader: this.reader }));
  }

  private async complete(event: CustomResourceEvent, answer: OnEventResponse, wait: Pick<Wait, 'isComplete'>): Promise<Completion> {
    for (;;) {
      const looked = await wait.isComplete({ ...event as ProviderEvent, ...answer });
      if (looked.IsComplete) { return looked; }
      await this.sleep(MINUTE / 2);
    }
  }

  private count(): void {
    if (++this.questions > MOST_QUESTIONS) { throw new Error('this would never end'); }
  }

  private async call<T>(step: Step, act: () => T): Promise<T> {
    this.count();
    this.calls.push(step);
    await this.before(step, this.calls.filter(each => each === step).length);
    return act();
  }
}
