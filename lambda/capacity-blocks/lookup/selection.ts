import { isCapacityBlock, tagOf } from './capacity-block';
import { CAPACITY_BLOCK_NAME_TAG } from '../../../src/private/contracts/capacity-block-lookup';
import type { CapacityReservation } from '../../clients/capacity-blocks';
import { commaList, flag, optionalInstant, optionalText, text, type Properties } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';
import { plain } from '../../shared/plain';
import { theOnly } from '../../shared/selection';

/** Which block is meant: that of an id, or the only one that satisfies something. */
export type BlockTarget = { readonly subject: string } & ({ readonly id: string } | { readonly satisfies: Criterion });

type Criterion = (block: CapacityReservation) => boolean;

const CRITERIA = ['States', 'InstanceType', 'AvailabilityZones', 'StartDateAfter', 'EndDateBefore'];

/** The code of the failure where there is no such block. */
export const NO_SUCH_BLOCK = 'NoSuchBlock';

/** Reads which block is meant. */
export function blockTarget(input: Properties): BlockTarget {
  if (flag(input, 'Find')) { return criteria(input); }
  const name = optionalText(input, 'PurchaseName');
  if (name !== undefined) {
    return {
      subject: `Capacity Block named "${name}"`,
      satisfies: block => tagOf(block, CAPACITY_BLOCK_NAME_TAG) === name,
    };
  }
  const id = text(input, 'CapacityReservationId');
  return { id, subject: `Capacity Block "${id}"` };
}

function criteria(input: Properties): BlockTarget {
  const [states, zones] = [commaList(input, 'States'), commaList(input, 'AvailabilityZones')];
  const type = optionalText(input, 'InstanceType');
  const [after, before] = [optionalInstant(input, 'StartDateAfter'), optionalInstant(input, 'EndDateBefore')];
  const said = CRITERIA.filter(key => optionalText(input, key) !== undefined).map(key => `${key} ${text(input, key)}`);
  return {
    subject: `Capacity Block with ${said.join('; ') || 'any properties'}`,
    satisfies: block => (states.length === 0 || states.includes(plain(block.State)))
      && (zones.length === 0 || zones.includes(plain(block.AvailabilityZone)))
      && (type === undefined || block.InstanceType === type)
      && (after === undefined || Number(block.StartDate) >= after) // what isn't known is NaN, and satisfies nothing
      && (before === undefined || Number(block.EndDate) <= before),
  };
}

/** The only block among all reservations that satisfies something. */
export function theOnlyBlock(reservations: readonly CapacityReservation[], satisfies: Criterion): CapacityReservation {
  const words = { none: NO_SUCH_BLOCK, things: 'blocks', key: 'id of its reservation', tell };
  return theOnly(reservations.filter(isCapacityBlock), satisfies, words);
}

/** Refuses a reservation that is no block: On-Demand capacity is used in another way. */
export function checkIsBlock(reservation: CapacityReservation): void {
  if (!isCapacityBlock(reservation)) {
    throw new HandlerError('NoCapacityBlock', `the reservation is no Capacity Block, but of the type ${plain(reservation.ReservationType) || 'default'}`);
  }
}

function tell({ CapacityReservationId, State, InstanceType, StartDate, EndDate }: CapacityReservation): string {
  const [id, ...rest] = [CapacityReservationId, InstanceType, State, StartDate, EndDate].map(value => plain(value) || '?');
  return `${id} (${rest.slice(0, 2).join(', ')}, ${rest.slice(2).join(' to ')})`;
}
