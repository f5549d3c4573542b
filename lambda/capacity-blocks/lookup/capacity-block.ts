import type { CapacityBlockField } from '../../../src/private/contracts/capacity-block-lookup';
import type { CapacityReservation } from '../../clients/capacity-blocks';
import { optionalText, text, type Properties } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';
import type { FieldReader, Fields } from '../../shared/fields';
import { plain } from '../../shared/plain';

/** What a look-up has found, beside the subnets that it chooses from. */
export interface Found {
  readonly block: CapacityReservation;
  readonly subnets: readonly Subnet[];
  /** Says that the block is over. */
  readonly notice: string;
  /** Whether EC2 knows the block no more. */
  readonly isGone: boolean;
}

/** A subnet that instances of the block may be launched in. */
export interface Subnet {
  readonly id: string;
  readonly zone: string;
}

/** The tag by which EC2 says how many instances a block has: until it begins, its count is 0. */
const SIZE_TAG = 'aws:ec2capacityreservation:incrementalRequestedQuantity';
/** The tag by which older answers tell blocks from other reservations. */
const TYPE_TAG = 'aws:ec2capacityreservation:capacityReservationType';
const CAPACITY_BLOCK = 'capacity-block';

/** The value of a tag. */
export function tagOf({ Tags = [] }: CapacityReservation, key: string): string | undefined {
  return Tags.find(tag => tag.Key === key)?.Value;
}

/** Whether a reservation is that of a Capacity Block. */
export function isCapacityBlock(reservation: CapacityReservation): boolean {
  return (reservation.ReservationType ?? tagOf(reservation, TYPE_TAG)) === CAPACITY_BLOCK;
}

/** How many instances a block has. Undefined where it isn't told: before the block begins, tags of another account don't. */
export function instanceCountOf(block: CapacityReservation): number | undefined {
  if (block.TotalInstanceCount !== undefined && block.TotalInstanceCount > 0) { return block.TotalInstanceCount; }
  const tagged = tagOf(block, SIZE_TAG);
  return tagged !== undefined && /^\d{1,6}$/.test(tagged) ? Number(tagged) : undefined;
}

const READERS: Record<CapacityBlockField, FieldReader<Found>> = {
  AvailabilityZone: ({ block }) => plain(block.AvailabilityZone),
  AvailabilityZoneId: ({ block }) => plain(block.AvailabilityZoneId),
  AvailableInstanceCount: ({ block }) => plain(block.AvailableInstanceCount),
  CapacityBlockId: ({ block }) => plain(block.CapacityBlockId),
  CapacityReservationArn: ({ block }) => plain(block.CapacityReservationArn),
  CapacityReservationId: ({ block }) => plain(block.CapacityReservationId),
  EndDate: ({ block }) => plain(block.EndDate),
  InstanceCount: ({ block, isGone }) => plain(isGone ? 0 : instanceCountOf(block)),
  InstancePlatform: ({ block }) => plain(block.InstancePlatform),
  InstanceType: ({ block }) => plain(block.InstanceType),
  LaunchStatus: ({ block }) => plain(block.LaunchStatus),
  Notice: ({ notice }) => notice,
  OwnerId: ({ block }) => plain(block.OwnerId),
  StartDate: ({ block }) => plain(block.StartDate),
  State: ({ block }) => plain(block.State),
  SubnetId: subnetOf,
};

/** The fields of a block. What the service leaves out is an empty text. */
export const FIELDS: Fields<Found> = { named: READERS };

/** The first of the subnets in the zone of the block. Of a block that is gone any does: nothing is launched in it. */
function subnetOf({ block, subnets, isGone }: Found): string {
  if (subnets.length === 0) { return ''; }
  const found = isGone ? subnets[0] : subnets.find(({ zone }) => zone === block.AvailabilityZone);
  if (!found) {
    const zones = [...new Set(subnets.map(({ zone }) => zone))].sort().join(', ');
    throw new HandlerError('NoSubnet', `it is in ${plain(block.AvailabilityZone) || 'no zone that is told'}, and the subnets are in ${zones}; add one in its zone`);
  }
  return found.id;
}

/** The subnets of the input, in the order of preference. */
export function subnetsIn(input: Properties): Subnet[] {
  const given = input.Subnets ?? [];
  if (!Array.isArray(given)) { throw new HandlerError('InvalidProperties', 'the property Subnets must be a list'); }
  return given.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) { throw new HandlerError('InvalidProperties', 'each of Subnets must be an object'); }
    return { id: text(item as Properties, 'SubnetId'), zone: optionalText(item as Properties, 'AvailabilityZone') ?? '' };
  });
}
