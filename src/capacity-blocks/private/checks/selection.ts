import { checkInstanceType, checkZones } from './facts';
import type { CapacityBlockLookupInput } from '../../../private/contracts/capacity-block-lookup';
import { checkForm } from '../../../private/forms';
import { checkInstant, toUtc } from '../../../private/instants';
import type { Problems } from '../../../private/problems';
import type { CapacityBlockSelector } from '../../block/vocabulary/capacity-block-selector';
import { joined } from '../rendering/lists';
import { RULES } from '../rules';

/** Checks which block is read. */
export function checkSelector(problems: Problems, { _selection: { id, name, criteria } }: CapacityBlockSelector): void {
  checkForm(problems, RULES.reservationIdInvalid, 'block', id);
  checkForm(problems, RULES.purchaseNameInvalid, 'block', name);
  if (!criteria) { return; }
  if (criteria.statuses?.length === 0) { problems.add(RULES.expectationsEmpty, { property: 'block.statuses' }); }
  checkInstanceType(problems, 'block.instanceType', criteria.instanceType);
  checkZones(problems, 'block.availabilityZones', criteria.availabilityZones);
  checkInstant(problems, RULES.instantInvalid, 'block.startAfter', criteria.startAfter);
  checkInstant(problems, RULES.instantInvalid, 'block.endBefore', criteria.endBefore);
}

/** What the handler is told of a block. */
export function selectionInput({ _selection: { id, name, criteria } }: CapacityBlockSelector): CapacityBlockLookupInput {
  return {
    CapacityReservationId: id,
    PurchaseName: name,
    ...criteria && {
      Find: 'true',
      States: criteria.statuses?.map(status => status.value).join(','),
      InstanceType: criteria.instanceType?.toString(),
      AvailabilityZones: joined(criteria.availabilityZones),
      StartDateAfter: toUtc(criteria.startAfter),
      EndDateBefore: toUtc(criteria.endBefore),
    },
  };
}
