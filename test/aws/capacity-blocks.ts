import { ServiceError } from './service';

/** A capacity reservation of the fake: a block, unless it says otherwise. Times are milliseconds since 1970. */
export interface FakeReservation {
  readonly id: string;
  /** @default 'capacity-block' */
  readonly type?: 'default' | 'capacity-block';
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly zone: string;
  readonly zoneId?: string;
  readonly start: number;
  readonly end: number;
  readonly created: number;
  /** When it is paid. Until then it is payment-pending. @default - when it is created */
  readonly paid?: number;
  /** When its payment fails. @default - it doesn't */
  readonly paymentFails?: number;
  /** @default - by the times */
  readonly state?: string;
  /** How many of its instances are in use. @default 0 */
  readonly inUse?: number;
  /** @default - the account that asks */
  readonly owner?: string;
  readonly blockId?: string;
  readonly launchStatus?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The type of UltraServers that it is a part of. */
  readonly ultraServerType?: string;
}

/** What Amazon EC2's documentation leaves open. Spans are milliseconds. */
export interface Behaviour {
  /** How long after its creation a reservation is not found by its id. */
  readonly hiddenFor: number;
  /** How long after its creation it is not in a list. */
  readonly unlistedFor: number;
  /** How long after its creation its tags aren't told, but for those of EC2. */
  readonly untaggedFor: number;
  /** How long after its end, or the failure of its payment, it is forgotten. */
  readonly forgottenAfter: number;
  /** Whether the type of a reservation is told by a member, or as in older answers by a tag. */
  readonly typeBy: 'member' | 'tag';
}

const PLAIN: Behaviour = { hiddenFor: 0, unlistedFor: 0, untaggedFor: 0, forgottenAfter: Infinity, typeBy: 'member' };

const OF_EC2 = 'aws:ec2capacityreservation:';

/** An offering, or a segment of one. */
export interface FakeOffering {
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly zone?: string;
  readonly start: number;
  readonly end: number;
  readonly fee: string;
  readonly currency?: string;
  readonly zoneType?: string;
  readonly ultraServerType?: string;
  readonly ultraServerCount?: number;
  /** An offering of several pieces, each of which becomes a reservation. */
  readonly segments?: readonly FakeOffering[];
}

/** An extension that is offered. */
export interface FakeExtensionOffering {
  readonly reservationId: string;
  readonly id: string;
  readonly hours: number;
  readonly fee: string;
}

/** An extension that was bought. */
export interface FakeExtension extends FakeExtensionOffering {
  readonly purchased: number;
  readonly status: 'payment-pending' | 'payment-failed' | 'payment-succeeded';
}

const HOUR = 3_600_000;
/** What a search takes for near the length that was asked: blocks end at 11:30 UTC, whenever they begin. */
const NEAR = 24 * HOUR;

type Tree = { readonly [member: string]: string | number | undefined | readonly (Tree | string)[] };

/** Capacity Blocks as Amazon EC2 tells of them. It sells none here. */
export class CapacityBlocks {
  public readonly reservations: FakeReservation[] = [];
  public readonly offerings: FakeOffering[] = [];
  public readonly extensionOfferings: FakeExtensionOffering[] = [];
  public readonly extensions: FakeExtension[] = [];
  /** How many items an answer has at most. */
  public pageSize = 1000;

  private behaviour = PLAIN;
  private searches = 0;

  public constructor(private readonly now: () => number, private readonly account: () => string) {}

  /** Lets EC2 behave in another way. */
  public behave(how: Partial<Behaviour>): void {
    this.behaviour = { ...this.behaviour, ...how };
  }

  public clear(): void {
    this.behaviour = PLAIN;
    this.pageSize = 1000;
    for (const list of [this.reservations, this.offerings, this.extensionOfferings, this.extensions]) { list.length = 0; }
  }

  /** Answers an operation with the content of its XML. Undefined where it is none of blocks. */
  public call(operation: string, input: Record<string, string>, region: string): string | undefined {
    const answers: Record<string, () => readonly [set: string, items: readonly Tree[]]> = {
      DescribeCapacityReservations: () => ['capacityReservationSet', this.describeReservations(input).map(each => this.tellReservation(each, region))],
      DescribeCapacityBlocks: () => ['capacityBlockSet', this.blocks(listOf(input, 'CapacityBlockId')).map(each => this.tellBlock(each))],
      DescribeCapacityBlockStatus: () => ['capacityBlockStatusSet', this.blocks(listOf(input, 'CapacityBlockId')).map(each => this.tellStatus(each))],
      DescribeCapacityBlockOfferings: () => ['capacityBlockOfferingSet', this.search(input)],
      DescribeCapacityBlockExtensionOfferings: () => ['capacityBlockExtensionOfferingSet', this.searchExtensions(input)],
      DescribeCapacityBlockExtensionHistory: () => ['capacityBlockExtensionSet', this.history(input)],
    };
    const answer = Object.hasOwn(answers, operation) ? answers[operation]() : undefined;
    if (!answer) { return undefined; }
    const [set, items] = answer;
    const start = Number(input.NextToken ?? 0);
    const end = start + Math.min(Number(input.MaxResults ?? this.pageSize), this.pageSize);
    return toXml({ [set]: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined });
  }

  private describeReservations(input: Record<string, string>): FakeReservation[] {
    const ids = listOf(input, 'CapacityReservationId');
    const { hiddenFor, unlistedFor } = this.behaviour;
    const lag = ids.length > 0 ? hiddenFor : unlistedFor;
    const seen = this.reservations.filter(each => !this.isForgotten(each) && this.now() >= each.created + lag);
    for (const id of ids) {
      if (!/^cr-[0-9a-f]+$/.test(id)) { throw new ServiceError('InvalidCapacityReservationId.Malformed', `The ID '${id}' is malformed`); }
      if (!seen.some(each => each.id === id)) {
        throw new ServiceError('InvalidCapacityReservationId.NotFound', `The capacity reservation ID '${id}' does not exist`);
      }
    }
    return ids.length > 0 ? seen.filter(({ id }) => ids.includes(id)) : seen;
  }

  private isForgotten({ end, paymentFails = Infinity }: FakeReservation): boolean {
    return this.now() >= Math.min(end, paymentFails) + this.behaviour.forgottenAfter;
  }

  private stateOf({ state, created, paid = created, paymentFails = Infinity, start, end }: FakeReservation): string {
    const now = this.now();
    if (state !== undefined) { return state; }
    if (now >= paymentFails) { return 'payment-failed'; }
    if (now < paid || paymentFails < Infinity) { return 'payment-pending'; }
    return now < start ? 'scheduled' : now < end ? 'active' : 'expired';
  }

  private tellReservation(each: FakeReservation, region: string): Tree {
    const { type = 'capacity-block', owner = this.account() } = each;
    const isBlock = type === 'capacity-block';
    const active = this.stateOf(each) === 'active';
    const isForeign = owner !== this.account();
    const own = isForeign || this.now() < each.created + this.behaviour.untaggedFor ? {} : each.tags ?? {};
    const ofEc2: Record<string, string> = isForeign || !isBlock ? {} : {
      [`${OF_EC2}incrementalRequestedQuantity`]: String(each.instanceCount),
      ...this.behaviour.typeBy === 'tag' && { [`${OF_EC2}capacityReservationType`]: 'capacity-block' },
    };
    return {
      capacityReservationId: each.id,
      ownerId: owner,
      capacityReservationArn: `arn:aws:ec2:${region}:${owner}:capacity-reservation/${each.id}`,
      availabilityZone: each.zone,
      availabilityZoneId: each.zoneId,
      instanceType: each.instanceType,
      instancePlatform: 'Linux/UNIX',
      tenancy: 'default',
      totalInstanceCount: active ? each.instanceCount : 0,
      availableInstanceCount: active ? each.instanceCount - (each.inUse ?? 0) : 0,
      state: this.stateOf(each),
      startDate: iso(each.start),
      endDate: iso(each.end),
      endDateType: 'limited',
      instanceMatchCriteria: 'targeted',
      createDate: iso(each.created),
      reservationType: this.behaviour.typeBy === 'member' ? type : undefined,
      capacityBlockId: each.blockId,
      launchStatus: each.launchStatus,
      tagSet: Object.entries({ ...own, ...ofEc2 }).map(([key, value]) => ({ key, value })),
    };
  }

  /** Containers of reservations: those that say which they belong to. */
  private blocks(ids: readonly string[]): { readonly id: string; readonly parts: readonly FakeReservation[] }[] {
    const known = this.reservations.filter(each => each.blockId !== undefined && !this.isForgotten(each));
    const named = [...new Set(known.map(({ blockId }) => blockId!))];
    const all = named.map(id => ({ id, parts: known.filter(({ blockId }) => blockId === id) }));
    return ids.length > 0 ? all.filter(({ id }) => ids.includes(id)) : all;
  }

  private tellBlock({ id, parts }: { readonly id: string; readonly parts: readonly FakeReservation[] }): Tree {
    const [first] = parts;
    return {
      capacityBlockId: id,
      ultraserverType: first.ultraServerType,
      availabilityZone: first.zone,
      availabilityZoneId: first.zoneId,
      capacityReservationIdSet: parts.map(part => part.id),
      startDate: iso(first.start),
      endDate: iso(first.end),
      createDate: iso(first.created),
      state: this.stateOf(first),
    };
  }

  private tellStatus({ id, parts }: { readonly id: string; readonly parts: readonly FakeReservation[] }): Tree {
    if (parts.some(part => this.stateOf(part) !== 'active')) {
      throw new ServiceError('InvalidCapacityBlockState', `The capacity block '${id}' is not active`);
    }
    const capacities = (some: readonly FakeReservation[]) => {
      const sum = (read: (part: FakeReservation) => number) => some.map(read).reduce((all, each) => all + each, 0);
      const [total, used] = [sum(part => part.instanceCount), sum(part => part.inUse ?? 0)];
      return { totalCapacity: total, totalAvailableCapacity: total - used, totalUnavailableCapacity: used };
    };
    return {
      capacityBlockId: id,
      interconnectStatus: 'ok',
      ...capacities(parts),
      capacityReservationStatusSet: parts.map(part => ({ capacityReservationId: part.id, ...capacities([part]) })),
    };
  }

  /** Offerings of about the length that was asked for. Their ids are new in each search. */
  private search(input: Record<string, string>): Tree[] {
    const hours = Number(input.CapacityDurationHours);
    if (!Number.isInteger(hours)) { throw new ServiceError('MissingParameter', 'The request must contain the parameter CapacityDurationHours'); }
    const [after, before] = [Date.parse(input.StartDateRange ?? '1970-01-01T00:00:00Z'), Date.parse(input.EndDateRange ?? '2999-01-01T00:00:00Z')];
    const search = ++this.searches;
    return this.offerings
      .filter(({ instanceType, instanceCount, ultraServerType, ultraServerCount }) => (input.UltraserverType
        ? ultraServerType === input.UltraserverType && ultraServerCount === Number(input.UltraserverCount ?? 1)
        : instanceType === input.InstanceType && instanceCount === Number(input.InstanceCount ?? 1)))
      .filter(({ start, end }) => start >= after && end <= before && Math.abs(end - start - hours * HOUR) < NEAR)
      .map((offering, index) => ({
        capacityBlockOfferingId: `cb-${search.toString(16).padStart(8, '0')}${index.toString(16).padStart(9, '0')}`,
        ...tellOffering(offering),
        tenancy: 'default',
        ultraserverType: offering.ultraServerType,
        ultraserverCount: offering.ultraServerCount,
        capacityBlockOfferingSegmentSet: (offering.segments ?? []).map(tellOffering),
      }));
  }

  private searchExtensions(input: Record<string, string>): Tree[] {
    const reservation = this.describeReservations({ 'CapacityReservationId.1': input.CapacityReservationId })[0];
    return this.extensionOfferings
      .filter(({ reservationId, hours }) => reservationId === reservation.id && hours === Number(input.CapacityBlockExtensionDurationHours))
      .map(offering => ({ ...tellExtension(offering, reservation), startDate: iso(reservation.start), tenancy: 'default' }));
  }

  private history(input: Record<string, string>): Tree[] {
    const ids = listOf(input, 'CapacityReservationId');
    return this.extensions.filter(({ reservationId }) => ids.length === 0 || ids.includes(reservationId)).map(extension => ({
      ...tellExtension(extension, this.reservations.find(({ id }) => id === extension.reservationId)!),
      capacityReservationId: extension.reservationId,
      capacityBlockExtensionStatus: extension.status,
      capacityBlockExtensionPurchaseDate: iso(extension.purchased),
    }));
  }
}

function tellOffering(offering: FakeOffering): Tree {
  const { instanceType, instanceCount, zone, start, end, fee, currency = 'USD', zoneType = 'availability-zone' } = offering;
  const minutes = (end - start) / 60_000;
  return {
    instanceType,
    instanceCount,
    availabilityZone: zone,
    startDate: iso(start),
    endDate: iso(end),
    capacityBlockDurationHours: Math.floor(minutes / 60),
    capacityBlockDurationMinutes: minutes % 60,
    upfrontFee: fee,
    currencyCode: currency,
    zoneType,
  };
}

function tellExtension({ id, hours, fee }: FakeExtensionOffering, of: FakeReservation): Tree {
  const { instanceType, instanceCount, zone, zoneId, end } = of;
  return {
    capacityBlockExtensionOfferingId: id,
    instanceType,
    instanceCount,
    availabilityZone: zone,
    availabilityZoneId: zoneId,
    capacityBlockExtensionDurationHours: hours,
    capacityBlockExtensionStartDate: iso(end),
    capacityBlockExtensionEndDate: iso(end + hours * HOUR),
    upfrontFee: fee,
    currencyCode: 'USD',
  };
}

const iso = (time: number) => new Date(time).toISOString();

/** The items of a list in a form. */
function listOf(input: Record<string, string>, name: string): string[] {
  return Object.entries(input).filter(([key]) => key.startsWith(`${name}.`)).map(([, value]) => value);
}

function toXml(tree: Tree): string {
  return Object.entries(tree).filter(([, value]) => value !== undefined).map(([name, value]) => {
    const content = Array.isArray(value)
      ? (value as readonly (Tree | string)[]).map(item => `<item>${typeof item === 'string' ? item : toXml(item)}</item>`).join('')
      : String(value);
    return `<${name}>${content}</${name}>`;
  }).join('');
}
