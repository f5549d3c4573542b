import { RESERVED_CAPACITY_FIELDS, type ReservedCapacityField, type TrainingPlanField } from '../../../src/private/contracts/lookup';
import type { TrainingPlanDescription } from '../../clients/training-plan-reader';
import { HandlerError } from '../../shared/errors';
import type { FieldReader, Fields } from '../../shared/fields';
import { plain, plainList } from '../../shared/plain';

/** How each field is read from the answer of DescribeTrainingPlan. What the service leaves out is an empty text. */
const READERS: Record<TrainingPlanField, FieldReader<TrainingPlanDescription>> = {
  AvailabilityZone: plan => theOnly('AvailabilityZone', plan, part => part.AvailabilityZone),
  AvailabilityZoneId: plan => theOnly('AvailabilityZoneId', plan, part => part.AvailabilityZoneId),
  AvailableInstanceCount: plan => plain(plan.AvailableInstanceCount),
  AvailableSpareInstanceCount: plan => plain(plan.AvailableSpareInstanceCount),
  CurrencyCode: plan => plain(plan.CurrencyCode),
  DurationHours: plan => plain(plan.DurationHours),
  DurationMinutes: plan => plain(plan.DurationMinutes),
  EndTime: plan => plain(plan.EndTime),
  InstanceType: plan => theOnly('InstanceType', plan, part => part.InstanceType),
  InUseInstanceCount: plan => plain(plan.InUseInstanceCount),
  ReservedCapacityCount: plan => plain(capacities(plan).length),
  StartTime: plan => plain(plan.StartTime),
  Status: plan => plain(plan.Status),
  StatusMessage: plan => plain(plan.StatusMessage),
  TargetResources: plan => plainList(plan.TargetResources).join(','),
  TotalInstanceCount: plan => plain(plan.TotalInstanceCount),
  TotalUltraServerCount: plan => plain(plan.TotalUltraServerCount),
  TrainingPlanArn: plan => plain(plan.TrainingPlanArn),
  TrainingPlanName: plan => plain(plan.TrainingPlanName),
  UltraServerType: plan => theOnly('UltraServerType', plan, part => part.UltraServerType),
  UnhealthyInstanceCount: plan => plain(plan.UnhealthyInstanceCount),
  UpfrontFee: plan => plain(plan.UpfrontFee),
};

/** The fields of a plan, and those of its reserved capacities by their index. */
export const FIELDS: Fields<TrainingPlanDescription> = {
  named: READERS,
  made: {
    called: 'ReservedCapacity/<n>/<field>',
    find: name => {
      const [, index, field] = /^ReservedCapacity\/(\d{1,3})\/(\w+)$/.exec(name) ?? [];
      if (!RESERVED_CAPACITY_FIELDS.includes(field as ReservedCapacityField)) { return undefined; }
      return plan => plain(capacity(plan, Number(index))[field as ReservedCapacityField]);
    },
  },
};

type ReservedCapacity = NonNullable<TrainingPlanDescription['ReservedCapacitySummaries']>[number];

/** What a plan is made of, in the order of its start: the service promises none. */
function capacities(plan: TrainingPlanDescription): ReservedCapacity[] {
  const key = ({ StartTime, ReservedCapacityArn }: ReservedCapacity) => plain(StartTime) + plain(ReservedCapacityArn);
  return [...plan.ReservedCapacitySummaries ?? []].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function capacity(plan: TrainingPlanDescription, index: number): ReservedCapacity {
  const all = capacities(plan);
  if (index >= all.length) { throw new HandlerError('NoSuchCapacity', `it has ${all.length} reserved capacities, so none with the index ${index}`); }
  return all[index];
}

/** What all reserved capacities of a plan agree on. One attribute can't tell which of several is meant. */
function theOnly(field: TrainingPlanField, plan: TrainingPlanDescription, read: (part: ReservedCapacity) => string | undefined): string {
  const values = [...new Set(capacities(plan).map(part => plain(read(part))))].sort();
  if (values.length > 1) {
    const names = values.map(value => value || '(none)').join(', ');
    throw new HandlerError('NotUnique', `its reserved capacities differ in ${field}: ${names}; a look-up can't choose between them, so don't ask for ${field}`);
  }
  return values[0] ?? '';
}
