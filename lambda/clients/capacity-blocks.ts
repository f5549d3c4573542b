import { createPaginator } from '@smithy/core';
import type { StaticStructureSchema } from '@smithy/types';
import { DATE_TIME, EC2Client, FILTERS, NAMESPACE, NUMBER, STRING, list, named, structure, type Filter } from './ec2';
import { commandBuilder } from './schema-client';

/*
 * What Amazon EC2 says of Capacity Blocks, under the names of `@aws-sdk/client-ec2`: six operations, all of which read. Members that no
 * handler reads are left out. `test/lambda/clients` holds the rest to the model of the service.
 */

/** A page of a list. */
interface Paged { readonly MaxResults?: number; readonly NextToken?: string }

/** A tag of a resource. */
export interface Tag { readonly Key?: string; readonly Value?: string }

/** A capacity reservation: each Capacity Block has one, and On-Demand capacity has some, too. */
export interface CapacityReservation {
  readonly CapacityReservationId?: string;
  readonly CapacityReservationArn?: string;
  readonly CapacityBlockId?: string;
  readonly OwnerId?: string;
  readonly ReservationType?: string;
  readonly State?: string;
  readonly InstanceType?: string;
  readonly InstancePlatform?: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly TotalInstanceCount?: number;
  readonly AvailableInstanceCount?: number;
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly CreateDate?: Date;
  readonly LaunchStatus?: string;
  readonly Tags?: Tag[];
}

/** A Capacity Block as a container of reservations, which UltraServers have. */
export interface CapacityBlock {
  readonly CapacityBlockId?: string;
  readonly UltraserverType?: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly CapacityReservationIds?: string[];
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly CreateDate?: Date;
  readonly State?: string;
  readonly Tags?: Tag[];
}

/** How much of a reservation can be used. */
export interface CapacityReservationStatus {
  readonly CapacityReservationId?: string;
  readonly TotalCapacity?: number;
  readonly TotalAvailableCapacity?: number;
  readonly TotalUnavailableCapacity?: number;
}

/** How much of a Capacity Block can be used. */
export interface CapacityBlockStatus {
  readonly CapacityBlockId?: string;
  readonly InterconnectStatus?: string;
  readonly TotalCapacity?: number;
  readonly TotalAvailableCapacity?: number;
  readonly TotalUnavailableCapacity?: number;
  readonly CapacityReservationStatuses?: CapacityReservationStatus[];
}

/** One of the pieces that an offering can be made of, each of which becomes a reservation of its own. */
export interface CapacityBlockOfferingSegment {
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly ZoneType?: string;
}

/** A Capacity Block that could be bought. */
export interface CapacityBlockOffering {
  readonly CapacityBlockOfferingId?: string;
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly AvailabilityZone?: string;
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly CapacityBlockDurationHours?: number;
  readonly CapacityBlockDurationMinutes?: number;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly Tenancy?: string;
  readonly UltraserverType?: string;
  readonly UltraserverCount?: number;
  readonly ZoneType?: string;
  readonly CapacityBlockOfferingSegments?: CapacityBlockOfferingSegment[];
}

/** What an extension, bought or offered, says of itself. */
interface Extending {
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly CapacityBlockExtensionOfferingId?: string;
  readonly CapacityBlockExtensionDurationHours?: number;
  readonly CapacityBlockExtensionStartDate?: Date;
  readonly CapacityBlockExtensionEndDate?: Date;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
}

/** An extension that could be bought. */
export interface CapacityBlockExtensionOffering extends Extending {
  /** When the block begins that would be extended. */
  readonly StartDate?: Date;
}

/** An extension that was bought. */
export interface CapacityBlockExtension extends Extending {
  readonly CapacityReservationId?: string;
  readonly CapacityBlockExtensionStatus?: string;
  readonly CapacityBlockExtensionPurchaseDate?: Date;
}

export interface DescribeCapacityReservationsRequest extends Paged {
  readonly CapacityReservationIds?: string[];
  readonly Filters?: Filter[];
}
export interface DescribeCapacityReservationsResult { readonly CapacityReservations?: CapacityReservation[]; readonly NextToken?: string }

export interface DescribeCapacityBlocksRequest extends Paged { readonly CapacityBlockIds?: string[]; readonly Filters?: Filter[] }
export interface DescribeCapacityBlocksResult { readonly CapacityBlocks?: CapacityBlock[]; readonly NextToken?: string }

export interface DescribeCapacityBlockStatusRequest extends Paged { readonly CapacityBlockIds?: string[]; readonly Filters?: Filter[] }
export interface DescribeCapacityBlockStatusResult { readonly CapacityBlockStatuses?: CapacityBlockStatus[]; readonly NextToken?: string }

export interface DescribeCapacityBlockOfferingsRequest extends Paged {
  readonly CapacityDurationHours: number;
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  /** The earliest start. */
  readonly StartDateRange?: Date;
  /** The latest end. */
  readonly EndDateRange?: Date;
  readonly UltraserverType?: string;
  readonly UltraserverCount?: number;
}
export interface DescribeCapacityBlockOfferingsResult {
  readonly CapacityBlockOfferings?: CapacityBlockOffering[];
  readonly NextToken?: string;
}

export interface DescribeCapacityBlockExtensionOfferingsRequest extends Paged {
  readonly CapacityReservationId: string;
  readonly CapacityBlockExtensionDurationHours: number;
}
export interface DescribeCapacityBlockExtensionOfferingsResult {
  readonly CapacityBlockExtensionOfferings?: CapacityBlockExtensionOffering[];
  readonly NextToken?: string;
}

export interface DescribeCapacityBlockExtensionHistoryRequest extends Paged {
  readonly CapacityReservationIds?: string[];
  readonly Filters?: Filter[];
}
export interface DescribeCapacityBlockExtensionHistoryResult {
  readonly CapacityBlockExtensions?: CapacityBlockExtension[];
  readonly NextToken?: string;
}

/* Schemas. In answers, a member is written with a small letter, and a list of them as a set of items. */
const PAGED = { MaxResults: NUMBER, NextToken: STRING };

const answered = (name: string, members: Readonly<Record<string, unknown>>) => structure(name, Object.fromEntries(
  Object.entries(members).map(([member, schema]) => [member, Array.isArray(schema) && Array.isArray(schema[0])
    ? schema
    : named(schema, member[0].toLowerCase() + member.slice(1))]),
));
const set = (xmlName: string, item: unknown) => named(list(`${xmlName}List`, item, 'item'), xmlName);
const ids = (xmlName: string) => named(list(`${xmlName}IdList`, STRING, 'item'), xmlName);

const TAGS = set('tagSet', answered('Tag', { Key: STRING, Value: STRING }));

const CAPACITY_RESERVATION = answered('CapacityReservation', {
  CapacityReservationId: STRING,
  CapacityReservationArn: STRING,
  CapacityBlockId: STRING,
  OwnerId: STRING,
  ReservationType: STRING,
  State: STRING,
  InstanceType: STRING,
  InstancePlatform: STRING,
  AvailabilityZone: STRING,
  AvailabilityZoneId: STRING,
  TotalInstanceCount: NUMBER,
  AvailableInstanceCount: NUMBER,
  StartDate: DATE_TIME,
  EndDate: DATE_TIME,
  CreateDate: DATE_TIME,
  LaunchStatus: STRING,
  Tags: TAGS,
});

const CAPACITY_BLOCK = answered('CapacityBlock', {
  CapacityBlockId: STRING,
  UltraserverType: STRING,
  AvailabilityZone: STRING,
  AvailabilityZoneId: STRING,
  CapacityReservationIds: set('capacityReservationIdSet', STRING),
  StartDate: DATE_TIME,
  EndDate: DATE_TIME,
  CreateDate: DATE_TIME,
  State: STRING,
  Tags: TAGS,
});

const CAPACITIES = { TotalCapacity: NUMBER, TotalAvailableCapacity: NUMBER, TotalUnavailableCapacity: NUMBER };
const CAPACITY_BLOCK_STATUS = answered('CapacityBlockStatus', {
  CapacityBlockId: STRING,
  InterconnectStatus: STRING,
  ...CAPACITIES,
  CapacityReservationStatuses: set(
    'capacityReservationStatusSet', answered('CapacityReservationStatus', { CapacityReservationId: STRING, ...CAPACITIES }),
  ),
});

const PRICED = { UpfrontFee: STRING, CurrencyCode: STRING };
const SEGMENT = answered('CapacityBlockOfferingSegment', {
  InstanceType: STRING,
  InstanceCount: NUMBER,
  AvailabilityZone: STRING,
  AvailabilityZoneId: STRING,
  StartDate: DATE_TIME,
  EndDate: DATE_TIME,
  ...PRICED,
  ZoneType: STRING,
});

const CAPACITY_BLOCK_OFFERING = answered('CapacityBlockOffering', {
  CapacityBlockOfferingId: STRING,
  InstanceType: STRING,
  InstanceCount: NUMBER,
  AvailabilityZone: STRING,
  StartDate: DATE_TIME,
  EndDate: DATE_TIME,
  CapacityBlockDurationHours: NUMBER,
  CapacityBlockDurationMinutes: NUMBER,
  ...PRICED,
  Tenancy: STRING,
  UltraserverType: STRING,
  UltraserverCount: NUMBER,
  ZoneType: STRING,
  CapacityBlockOfferingSegments: set('capacityBlockOfferingSegmentSet', SEGMENT),
});

const EXTENDING = {
  InstanceType: STRING,
  InstanceCount: NUMBER,
  AvailabilityZone: STRING,
  AvailabilityZoneId: STRING,
  CapacityBlockExtensionOfferingId: STRING,
  CapacityBlockExtensionDurationHours: NUMBER,
  CapacityBlockExtensionStartDate: DATE_TIME,
  CapacityBlockExtensionEndDate: DATE_TIME,
  ...PRICED,
};

/** The command of an operation whose answer is one list, page by page. */
function describing<I extends object, O extends object>(
  operation: string, request: Readonly<Record<string, unknown>>, answer: StaticStructureSchema,
) {
  const input = structure(`${operation}Request`, { ...request, ...PAGED });
  return commandBuilder('AmazonEC2', 'EC2Client')<I, O>(operation, [9, NAMESPACE, operation, 0, input, answer]);
}

function page(name: string, member: string, xmlName: string, item: unknown): StaticStructureSchema {
  return answered(name, { [member]: set(xmlName, item), NextToken: STRING });
}

export class DescribeCapacityReservationsCommand extends describing<
  DescribeCapacityReservationsRequest, DescribeCapacityReservationsResult
>(
  'DescribeCapacityReservations',
  { CapacityReservationIds: ids('CapacityReservationId'), Filters: FILTERS },
  page('DescribeCapacityReservationsResult', 'CapacityReservations', 'capacityReservationSet', CAPACITY_RESERVATION),
) {}

export class DescribeCapacityBlocksCommand extends describing<DescribeCapacityBlocksRequest, DescribeCapacityBlocksResult>(
  'DescribeCapacityBlocks',
  { CapacityBlockIds: ids('CapacityBlockId'), Filters: FILTERS },
  page('DescribeCapacityBlocksResult', 'CapacityBlocks', 'capacityBlockSet', CAPACITY_BLOCK),
) {}

export class DescribeCapacityBlockStatusCommand extends describing<DescribeCapacityBlockStatusRequest, DescribeCapacityBlockStatusResult>(
  'DescribeCapacityBlockStatus',
  { CapacityBlockIds: ids('CapacityBlockId'), Filters: FILTERS },
  page('DescribeCapacityBlockStatusResult', 'CapacityBlockStatuses', 'capacityBlockStatusSet', CAPACITY_BLOCK_STATUS),
) {}

export class DescribeCapacityBlockOfferingsCommand extends describing<
  DescribeCapacityBlockOfferingsRequest, DescribeCapacityBlockOfferingsResult
>(
  'DescribeCapacityBlockOfferings',
  {
    CapacityDurationHours: NUMBER,
    InstanceType: STRING,
    InstanceCount: NUMBER,
    StartDateRange: DATE_TIME,
    EndDateRange: DATE_TIME,
    UltraserverType: STRING,
    UltraserverCount: NUMBER,
  },
  page('DescribeCapacityBlockOfferingsResult', 'CapacityBlockOfferings', 'capacityBlockOfferingSet', CAPACITY_BLOCK_OFFERING),
) {}

export class DescribeCapacityBlockExtensionOfferingsCommand extends describing<
  DescribeCapacityBlockExtensionOfferingsRequest, DescribeCapacityBlockExtensionOfferingsResult
>(
  'DescribeCapacityBlockExtensionOfferings',
  { CapacityReservationId: STRING, CapacityBlockExtensionDurationHours: NUMBER },
  page(
    'DescribeCapacityBlockExtensionOfferingsResult', 'CapacityBlockExtensionOfferings', 'capacityBlockExtensionOfferingSet',
    answered('CapacityBlockExtensionOffering', { ...EXTENDING, StartDate: DATE_TIME }),
  ),
) {}

export class DescribeCapacityBlockExtensionHistoryCommand extends describing<
  DescribeCapacityBlockExtensionHistoryRequest, DescribeCapacityBlockExtensionHistoryResult
>(
  'DescribeCapacityBlockExtensionHistory',
  { CapacityReservationIds: ids('CapacityReservationId'), Filters: FILTERS },
  page(
    'DescribeCapacityBlockExtensionHistoryResult', 'CapacityBlockExtensions', 'capacityBlockExtensionSet',
    answered('CapacityBlockExtension', {
      ...EXTENDING, CapacityReservationId: STRING, CapacityBlockExtensionStatus: STRING, CapacityBlockExtensionPurchaseDate: DATE_TIME,
    }),
  ),
) {}

export const paginateDescribeCapacityReservations = createPaginator<
  { client: EC2Client; pageSize?: number }, DescribeCapacityReservationsRequest, DescribeCapacityReservationsResult & { $metadata: object }
>(EC2Client, DescribeCapacityReservationsCommand, 'NextToken', 'NextToken', 'MaxResults');
