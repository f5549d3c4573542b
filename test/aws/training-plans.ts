import { createHash } from 'node:crypto';
import { check, type Shape, type Structure } from './constraints';
import { arnPrefix, ServiceError, type Place } from './service';

/** The state of a plan. */
export type PlanStatus = 'Pending' | 'Active' | 'Scheduled' | 'Expired' | 'Failed';

/** A training plan that is there from the beginning, and stays as it is. Times are ISO 8601; the wire has seconds since 1970. */
export interface Plan {
  readonly TrainingPlanName: string;
  readonly Status: PlanStatus;
  readonly StatusMessage?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly TotalInstanceCount?: number;
  readonly AvailableInstanceCount?: number;
  readonly InUseInstanceCount?: number;
  readonly UnhealthyInstanceCount?: number;
  readonly AvailableSpareInstanceCount?: number;
  readonly TotalUltraServerCount?: number;
  readonly TargetResources?: string[];
  readonly ReservedCapacitySummaries?: ReservedCapacity[];
}

/** A block of capacity of a plan. */
export interface ReservedCapacity {
  readonly ReservedCapacityArn?: string;
  readonly ReservedCapacityType?: 'UltraServer' | 'Instance';
  readonly UltraServerType?: string;
  readonly UltraServerCount?: number;
  readonly InstanceType: string;
  readonly TotalInstanceCount: number;
  readonly Status: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
}

/** A block of an offering. */
export interface OfferedCapacity {
  readonly ReservedCapacityType?: 'UltraServer' | 'Instance';
  readonly UltraServerType?: string;
  readonly UltraServerCount?: number;
  readonly InstanceType: string;
  readonly InstanceCount: number;
  readonly AvailabilityZone?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
}

/** What can be bought. */
export interface Offering {
  readonly TrainingPlanOfferingId: string;
  readonly TargetResources: string[];
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly ReservedCapacityOfferings?: OfferedCapacity[];
}

/** An offering as time goes by. Times are milliseconds since 1970. */
export interface FakeOffering extends Offering {
  readonly goneAt?: number;
  readonly repriced?: { readonly at: number; readonly UpfrontFee: string };
}

/** What prolongs a plan. Times are ISO 8601. */
export interface ExtensionOffering {
  readonly TrainingPlanExtensionOfferingId: string;
  readonly AvailabilityZone?: string;
  readonly StartDate: string;
  readonly EndDate: string;
  readonly DurationHours: number;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
}

/** How the service may behave where its documentation is silent. */
export type World =
  /** A name is taken from the moment that a purchase is accepted. */
  | 'A'
  /** A name is taken once its plan can be seen: until then it can be bought again. */
  | 'B'
  /** A name may be said to be taken although there is no plan. */
  | 'C';

/** What happens to purchases from now on. Times are milliseconds after acceptance. */
export interface Behaviour {
  readonly world: World;
  /** Until then no read finds the plan. */
  readonly invisible: number;
  /** Until then the plan has no tags. */
  readonly tagsLag: number;
  /** Until then it waits for its payment. */
  readonly pending: number;
  readonly paymentFails: boolean;
  /** Until then the history doesn't say that a plan was extended, nor does its end. */
  readonly historyLag: number;
  /** In world C: whether a purchase is refused as if its name were taken. */
  readonly phantom: boolean;
}

const QUIET: Behaviour = { world: 'A', invisible: 0, tagsLag: 0, pending: 0, paymentFails: false, historyLag: 0, phantom: true };

/** A purchase that was accepted: money is gone. */
export interface Purchase {
  readonly arn: string;
  readonly name: string;
  readonly offering: Offering;
  readonly fee?: string;
  readonly spares?: number;
  readonly at: number;
  readonly behaviour: Behaviour;
  readonly tags: Map<string, string>;
  readonly extensions: Extension[];
}

/** An extension that was accepted. */
export interface Extension {
  readonly offering: ExtensionOffering;
  readonly at: number;
  readonly behaviour: Behaviour;
}

type Input = Record<string, unknown>;
type Operation = (input: Input, place: Place) => object;

const NAME: Shape = { type: 'string', min: 1, max: 64, pattern: '[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}' };
const ARN: Shape = { type: 'string', min: 50, max: 2048, pattern: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*' };
const TAGGED: Shape = { type: 'string', max: 256, pattern: 'arn:.*' };
const TEXT: Shape = { type: 'string' };
const TIME: Shape = { type: 'timestamp' };
const KEY: Shape = { type: 'string', min: 1, max: 128, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' };
const TAGS: Shape = {
  type: 'list',
  max: 50,
  of: { type: 'structure', members: { 'Key!': KEY, 'Value!': { type: 'string', max: 256, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' } } },
};
const PAGE: Record<string, Shape> = { MaxResults: { type: 'integer', min: 1, max: 100 }, NextToken: { type: 'string', max: 8192 } };
const TARGETS = ['training-job', 'hyperpod-cluster', 'endpoint', 'studio-apps'];
const STATUSES: readonly PlanStatus[] = ['Pending', 'Active', 'Scheduled', 'Expired', 'Failed'];

/** From the service model. */
const SHAPES: Record<string, Structure['members']> = {
  AddTags: { 'ResourceArn!': TAGGED, 'Tags!': TAGS },
  CreateTrainingPlan: {
    'TrainingPlanName!': NAME,
    'TrainingPlanOfferingId!': { type: 'string', min: 1, max: 256, pattern: '[a-z0-9\\-]+' },
    'SpareInstanceCountPerUltraServer': { type: 'integer', min: 0 },
    'Tags': TAGS,
  },
  DeleteTags: { 'ResourceArn!': TAGGED, 'TagKeys!': { type: 'list', of: KEY, max: 50 } },
  DescribeTrainingPlan: {
    'TrainingPlanName!': {
      type: 'string', min: 1, max: 2048, pattern: '(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:training-plan/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}',
    },
  },
  DescribeTrainingPlanExtensionHistory: { 'TrainingPlanArn!': ARN, ...PAGE },
  ExtendTrainingPlan: { 'TrainingPlanExtensionOfferingId!': TEXT },
  ListTags: { 'ResourceArn!': TAGGED, ...PAGE },
  ListTrainingPlans: {
    StartTimeAfter: TIME,
    StartTimeBefore: TIME,
    SortBy: { type: 'string', values: ['TrainingPlanName', 'StartTime', 'Status'] },
    SortOrder: { type: 'string', values: ['Ascending', 'Descending'] },
    Filters: {
      type: 'list',
      max: 5,
      of: { type: 'structure', members: { 'Name!': { type: 'string', values: ['Status'] }, 'Value!': { type: 'string', max: 64 } } },
    },
    ...PAGE,
  },
  SearchTrainingPlanOfferings: {
    InstanceType: { type: 'string', pattern: 'ml\\.[a-z0-9\\-.]+' },
    InstanceCount: { type: 'integer', min: 0, max: 256 },
    UltraServerType: { type: 'string', min: 1, max: 64, pattern: 'ml.[a-z0-9\\-.]+' },
    UltraServerCount: { type: 'integer', min: 1 },
    StartTimeAfter: TIME,
    EndTimeBefore: TIME,
    DurationHours: { type: 'integer', min: 1, max: 87600 },
    TargetResources: { type: 'list', max: 4, of: { type: 'string', values: TARGETS } },
    TrainingPlanArn: TEXT,
  },
};

/**
 * The API of training plans on a clock of its choice: what a purchase becomes, when it can be seen, and how often it was charged.
 * Requests are as on the wire; answers have their times in ISO 8601.
 */
export class TrainingPlans {
  /** Plans that are there from the beginning. */
  public readonly plans = new Map<string, Plan>();
  /** Their tags, by name. */
  public readonly planTags = new Map<string, Map<string, string>>();
  /** What can be bought, in the order in which a search finds it. */
  public readonly offerings: FakeOffering[] = [];
  /** What plans can be extended by, under their names. */
  public readonly extensionOfferings = new Map<string, ExtensionOffering[]>();
  /** Every purchase that was ever accepted. */
  public readonly purchases: Purchase[] = [];
  /** How many elements a page has at most. */
  public pageSize = 100;
  public behaviour: Behaviour = QUIET;

  private readonly operations: Record<string, Operation> = {
    AddTags: input => this.addTags(input),
    CreateTrainingPlan: (input, place) => this.create(input, place),
    DeleteTags: input => this.deleteTags(input),
    DescribeTrainingPlan: (input, place) => this.describe(input, place),
    DescribeTrainingPlanExtensionHistory: input => this.history(input),
    ExtendTrainingPlan: input => this.extend(input),
    ListTags: input => this.listTags(input),
    ListTrainingPlans: (input, place) => this.list(input, place),
    SearchTrainingPlanOfferings: input => this.search(input),
  };

  public constructor(private readonly now: () => number = Date.now) {}

  /** Changes what happens to purchases from now on. */
  public behave(behaviour: Partial<Behaviour>): void {
    this.behaviour = { ...this.behaviour, ...behaviour };
  }

  /** Forgets everything. */
  public reset(): void {
    this.plans.clear();
    this.planTags.clear();
    this.extensionOfferings.clear();
    this.offerings.length = this.purchases.length = 0;
    this.behaviour = QUIET;
    this.pageSize = 100;
  }

  public has(operation: string): boolean {
    return Object.hasOwn(this.operations, operation);
  }

  /** Answers a request. */
  public call(operation: string, input: Input, place: Place): object {
    check(input, { type: 'structure', members: SHAPES[operation] });
    return this.operations[operation](input, place);
  }

  /** How often a name was bought. */
  public bought(name: string): number {
    return this.purchases.filter(purchase => purchase.name === name).length;
  }

  /** Since when a plan of a name can be seen. */
  public visibleSince(name: string): number {
    if (this.plans.has(name)) { return -Infinity; }
    return Math.min(...this.purchases.filter(purchase => purchase.name === name).map(({ at, behaviour }) => at + behaviour.invisible));
  }

  private create(input: Input, place: Place): object {
    const name = input.TrainingPlanName as string;
    const taken = this.plans.has(name) || this.purchases.some(purchase => purchase.name === name && (this.visible(purchase) || this.behaviour.world !== 'B'));
    if (taken || (this.behaviour.world === 'C' && this.behaviour.phantom)) {
      throw new ServiceError('ResourceInUse', `Training plan ${name} already exists`);
    }
    const offering = this.offered().find(({ TrainingPlanOfferingId }) => TrainingPlanOfferingId === input.TrainingPlanOfferingId);
    if (!offering) { throw new ServiceError('ResourceNotFound', `Training plan offering ${String(input.TrainingPlanOfferingId)} not found`); }
    const arn = `${arnPrefix(place)}training-plan/${name}`;
    this.purchases.push({
      arn,
      name,
      offering,
      fee: offering.UpfrontFee,
      spares: input.SpareInstanceCountPerUltraServer as number | undefined,
      at: this.now(),
      behaviour: this.behaviour,
      tags: new Map((input.Tags as { Key: string; Value: string }[] | undefined)?.map(tag => [tag.Key, tag.Value])),
      extensions: [],
    });
    return { TrainingPlanArn: arn };
  }

  private describe(input: Input, place: Place): object {
    const given = input.TrainingPlanName as string;
    const prefix = `${arnPrefix(place)}training-plan/`;
    const name = given.startsWith(prefix) ? given.slice(prefix.length) : given;
    const found = this.seen().find(plan => plan.TrainingPlanName === name);
    if (!found) { throw new ServiceError('ResourceNotFound', `Training plan ${name} not found`); }
    return { TrainingPlanArn: prefix + name, ...found };
  }

  private list(input: Input, place: Place): object {
    const wanted = (input.Filters as { Value: string }[] | undefined)?.map(filter => filter.Value);
    const unknown = wanted?.find(value => !STATUSES.includes(value as PlanStatus));
    if (unknown !== undefined) { throw new ServiceError('ValidationException', `Invalid filter value ${unknown}`); }
    const after = (input.StartTimeAfter as number | undefined ?? -Infinity) * 1000;
    const before = (input.StartTimeBefore as number | undefined ?? Infinity) * 1000;
    const start = (plan: Plan) => Date.parse(plan.StartTime ?? '');
    const key = (plan: Plan) => (input.SortBy === 'StartTime' ? plan.StartTime ?? '' : input.SortBy === 'Status' ? plan.Status : plan.TrainingPlanName);
    const sign = input.SortOrder === 'Ascending' ? 1 : -1;
    const found = this.seen()
      .filter(plan => (!wanted || wanted.includes(plan.Status)) && !(start(plan) <= after) && !(start(plan) >= before))
      .sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
      .map(plan => ({ TrainingPlanArn: `${arnPrefix(place)}training-plan/${plan.TrainingPlanName}`, ...plan }));
    return this.page('TrainingPlanSummaries', found, input);
  }

  private search(input: Input): object {
    if (input.TrainingPlanArn !== undefined) {
      const name = nameOf(input.TrainingPlanArn as string);
      if (!this.seen().some(plan => plan.TrainingPlanName === name)) { throw new ServiceError('ValidationException', `Training plan ${name} not found`); }
      return { TrainingPlanOfferings: [], TrainingPlanExtensionOfferings: this.extensionOfferings.get(name) ?? [] };
    }
    const { InstanceType, InstanceCount, UltraServerType, UltraServerCount, DurationHours } = input as Partial<OfferedCapacity>;
    const [target = 'training-job'] = input.TargetResources as string[] | undefined ?? [];
    const after = (input.StartTimeAfter as number | undefined ?? -Infinity) * 1000;
    const before = (input.EndTimeBefore as number | undefined ?? Infinity) * 1000;
    const found = this.offered().filter(offering => {
      const blocks = offering.ReservedCapacityOfferings ?? [];
      return offering.TargetResources.includes(target)
        && (DurationHours === undefined || offering.DurationHours === DurationHours)
        && blocks.every(block => (InstanceType === undefined || block.InstanceType === InstanceType)
          && (InstanceCount === undefined || block.InstanceCount === InstanceCount)
          && (UltraServerType === undefined || block.UltraServerType === UltraServerType)
          && (UltraServerCount === undefined || block.UltraServerCount === UltraServerCount)
          && !(Date.parse(block.StartTime ?? '') < after) && !(Date.parse(block.EndTime ?? '') > before));
    });
    return { TrainingPlanOfferings: found };
  }

  private listTags(input: Input): object {
    const { tags, since } = this.tagsOf(input.ResourceArn as string);
    return this.page('Tags', this.now() < since ? [] : [...tags].map(([Key, Value]) => ({ Key, Value })), input);
  }

  private addTags(input: Input): object {
    const { tags } = this.tagsOf(input.ResourceArn as string);
    for (const { Key, Value } of input.Tags as { Key: string; Value: string }[]) { tags.set(Key, Value); }
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  private deleteTags(input: Input): object {
    const { tags } = this.tagsOf(input.ResourceArn as string);
    for (const key of input.TagKeys as string[]) { tags.delete(key); }
    return {};
  }

  private extend(input: Input): object {
    const id = input.TrainingPlanExtensionOfferingId;
    for (const [name, offerings] of this.extensionOfferings) {
      const offering = offerings.find(({ TrainingPlanExtensionOfferingId }) => TrainingPlanExtensionOfferingId === id);
      const purchase = this.purchases.find(bought => bought.name === name && this.visible(bought));
      if (offering && purchase) {
        const extension = { offering, at: this.now(), behaviour: this.behaviour };
        purchase.extensions.push(extension);
        return { TrainingPlanExtensions: [this.extensionOnTheWire(extension)] };
      }
    }
    throw new ServiceError('ResourceNotFound', `Training plan extension offering ${String(id)} not found`);
  }

  private history(input: Input): object {
    const name = nameOf(input.TrainingPlanArn as string);
    if (!this.seen().some(plan => plan.TrainingPlanName === name)) { throw new ServiceError('ResourceNotFound', `Training plan ${name} not found`); }
    const extensions = this.purchases.filter(purchase => purchase.name === name).flatMap(purchase => this.knownExtensions(purchase));
    return this.page('TrainingPlanExtensions', extensions.map(extension => this.extensionOnTheWire(extension)), input);
  }

  /** Offerings as they are now. */
  private offered(): Offering[] {
    return this.offerings
      .filter(({ goneAt = Infinity }) => this.now() < goneAt)
      .map(({ goneAt: _, repriced, ...offering }) => {
        return repriced && repriced.at <= this.now() ? { ...offering, UpfrontFee: repriced.UpfrontFee } : offering;
      });
  }

  /** Plans as they are seen now, one per name. */
  private seen(): Plan[] {
    const visible = this.purchases.filter(purchase => this.visible(purchase));
    const bought = new Map(visible.reverse().map(purchase => [purchase.name, this.planOf(purchase)]));
    return [...this.plans.values(), ...bought.values()];
  }

  private visible({ at, behaviour }: Purchase): boolean {
    return this.now() >= at + behaviour.invisible;
  }

  private knownExtensions({ extensions }: Purchase): Extension[] {
    return extensions.filter(({ at, behaviour }) => this.now() >= at + behaviour.historyLag);
  }

  private paymentOf({ at, behaviour }: Extension): 'Pending' | 'Failed' | 'Paid' {
    return this.now() < at + behaviour.pending ? 'Pending' : behaviour.paymentFails ? 'Failed' : 'Paid';
  }

  private extensionOnTheWire(extension: Extension): object {
    const PaymentStatus = this.paymentOf(extension);
    return {
      ...extension.offering,
      ExtendedAt: new Date(extension.at).toISOString(),
      Status: PaymentStatus === 'Paid' ? 'Scheduled' : PaymentStatus,
      PaymentStatus,
    };
  }

  private planOf(purchase: Purchase): Plan {
    const { name, offering, spares } = purchase;
    const extensions = this.knownExtensions(purchase).filter(extension => this.paymentOf(extension) === 'Paid');
    const blocks = offering.ReservedCapacityOfferings ?? [];
    const [first, last] = [blocks[0], blocks.at(-1)];
    const EndTime = extensions.at(-1)?.offering.EndDate ?? last?.EndTime;
    const statusOf = (start?: string, end?: string): PlanStatus => {
      if (this.now() < purchase.at + purchase.behaviour.pending) { return 'Pending'; }
      if (purchase.behaviour.paymentFails) { return 'Failed'; }
      if (this.now() >= Date.parse(end ?? '')) { return 'Expired'; }
      return this.now() >= Date.parse(start ?? '') ? 'Active' : 'Scheduled';
    };
    const ReservedCapacitySummaries = blocks.map(({ InstanceCount, ...block }, index): ReservedCapacity => {
      const end = block === last ? EndTime : block.EndTime;
      return {
        ...block,
        ReservedCapacityArn: `${purchase.arn.replace('training-plan/', 'reserved-capacity/')}-${index + 1}`,
        TotalInstanceCount: InstanceCount,
        Status: statusOf(block.StartTime, end),
        AvailabilityZoneId: block.AvailabilityZone && zoneId(block.AvailabilityZone),
        EndTime: end,
      };
    });
    const whole = statusOf(first?.StartTime, EndTime);
    const between = whole === 'Active' && !ReservedCapacitySummaries.some(block => block.Status === 'Active');
    const Status = between ? 'Scheduled' : whole;
    const instances = first?.InstanceCount ?? 0;
    return {
      TrainingPlanName: name,
      Status,
      StatusMessage: Status === 'Failed' ? 'The payment for this training plan failed' : undefined,
      DurationHours: (offering.DurationHours ?? 0) + extensions.reduce((sum, extension) => sum + extension.offering.DurationHours, 0),
      DurationMinutes: offering.DurationMinutes ?? 0,
      StartTime: first?.StartTime,
      EndTime,
      UpfrontFee: purchase.fee,
      CurrencyCode: offering.CurrencyCode,
      TotalInstanceCount: instances,
      AvailableInstanceCount: Status === 'Active' ? instances : 0,
      InUseInstanceCount: 0,
      TotalUltraServerCount: first?.UltraServerCount,
      AvailableSpareInstanceCount: first?.UltraServerCount && (spares ?? 1) * first.UltraServerCount,
      TargetResources: offering.TargetResources,
      ReservedCapacitySummaries,
    };
  }

  private tagsOf(arn: string): { readonly tags: Map<string, string>; readonly since: number } {
    const name = nameOf(arn);
    const purchase = this.purchases.find(bought => bought.arn === arn && this.visible(bought));
    if (purchase) { return { tags: purchase.tags, since: purchase.at + purchase.behaviour.tagsLag }; }
    if (!this.plans.has(name)) { throw new ServiceError('ResourceNotFound', `Resource ${arn} not found`); }
    const tags = this.planTags.get(name) ?? new Map<string, string>();
    this.planTags.set(name, tags);
    return { tags, since: 0 };
  }

  private page(member: string, found: object[], input: Input): object {
    const start = Number(input.NextToken ?? 0);
    const end = start + Math.min(input.MaxResults as number | undefined ?? 100, this.pageSize);
    return { [member]: found.slice(start, end), NextToken: end < found.length ? String(end) : undefined };
  }
}

/** The times of an answer, each replaced. */
export function mapTimes(answer: object, replace: (time: string) => unknown): object {
  const visit = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) { return value.map(part => visit(part)); }
    if (typeof value === 'object' && value !== null) {
      const present = Object.entries(value).filter(([, part]) => part !== undefined);
      return Object.fromEntries(present.map(([name, part]) => [name, visit(part, name)]));
    }
    return /^((Start|End)(Time|Date)|ExtendedAt)$/.test(key) ? replace(String(value)) : value;
  };
  return visit(answer) as object;
}

function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/** The zone id that this account has for the name of a zone. */
function zoneId(zone: string): string {
  const letter = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  const [, area, direction, number] = /^([a-z]+)-([a-z]+)-(\d)/.exec(zone) ?? [];
  return `${area}${direction?.[0]}${number}-az${(letter + 3) % 6 + 1}`;
}

/** An id such as the service makes. */
export function offeringId(seed: string): string {
  return `tpo-${createHash('sha256').update(seed).digest('hex')}`;
}
