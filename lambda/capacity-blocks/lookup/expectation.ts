import { instanceCountOf } from './capacity-block';
import type { CapacityBlockExpectation } from '../../../src/private/contracts/capacity-block-lookup';
import type { CapacityReservation } from '../../clients/capacity-blocks';
import { after, atLeast, each, type Judge } from '../../shared/expectations';

/** What can be expected of a block. */
export const EXPECTATIONS: Readonly<Record<CapacityBlockExpectation, Judge<CapacityReservation>>> = {
  AvailabilityZones: (block, zones) => each([block.AvailabilityZone], zones),
  EndDateAfter: (block, least) => after(block.EndDate, least),
  InstanceType: (block, types) => each([block.InstanceType], types),
  MinAvailableInstanceCount: (block, least) => atLeast(block.AvailableInstanceCount, least),
  MinInstanceCount: (block, least) => atLeast(instanceCountOf(block), least),
  States: (block, states) => each([block.State], states),
};
