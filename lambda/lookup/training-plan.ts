import type { TrainingPlanField } from '../../src/private/contracts/lookup';
import type { TrainingPlanDescription } from '../clients/sagemaker';
import { HandlerError } from '../shared/errors';

type Read = (plan: TrainingPlanDescription) => string;

/** How each field is read from the answer of DescribeTrainingPlan. What the service leaves out is an empty text. */
const FIELDS: Record<TrainingPlanField, Read> = {
  AvailabilityZone: plan => theOnly('AvailabilityZone', plan, part => part.AvailabilityZone),
  AvailabilityZoneId: plan => theOnly('AvailabilityZoneId', plan, part => part.AvailabilityZoneId),
  AvailableInstanceCount: plan => plain(plan.AvailableInstanceCount),
  AvailableSpareInstanceCount: plan => plain(plan.AvailableSpareInstanceCount),
  CurrencyCode: plan => plain(plan.CurrencyCode),
  DurationHours: plan => plain(plan.DurationHours),
  DurationMinutes: plan => plain(plan.DurationMinutes),
  EndTime: plan => instant(plan.EndTime),
  InstanceType: plan => theOnly('InstanceType', plan, part => part.InstanceType),
  InUseInstanceCount: plan => plain(plan.InUseInstanceCount),
  StartTime: plan => instant(plan.StartTime),
  Status: plan => plain(plan.Status),
  StatusMessage: plan => plain(plan.StatusMessage),
  TargetResources: plan => plan.TargetResources?.join(',') ?? '',
  TotalInstanceCount: plan => plain(plan.TotalInstanceCount),
  TotalUltraServerCount: plan => plain(plan.TotalUltraServerCount),
  TrainingPlanArn: plan => plain(plan.TrainingPlanArn),
  UnhealthyInstanceCount: plan => plain(plan.UnhealthyInstanceCount),
  UpfrontFee: plan => plain(plan.UpfrontFee),
};

/** The wanted fields of a plan, as attributes of a custom resource. */
export function selectFields(plan: TrainingPlanDescription, wanted: readonly string[]): Record<string, string> {
  return Object.fromEntries(wanted.map(field => [field, FIELDS[known(field)](plan)]));
}

/** Refuses what isn't a field of a training plan. */
export function known(field: string): TrainingPlanField {
  if (!Object.hasOwn(FIELDS, field)) {
    throw new HandlerError('InvalidProperties', `unknown field: ${field}; known are ${Object.keys(FIELDS).join(', ')}`);
  }
  return field as TrainingPlanField;
}

type ReservedCapacity = NonNullable<TrainingPlanDescription['ReservedCapacitySummaries']>[number];

/** What all reserved capacities of a plan agree on. One attribute can't tell which of several is meant. */
function theOnly(field: TrainingPlanField, plan: TrainingPlanDescription, read: (part: ReservedCapacity) => string | undefined): string {
  const values = [...new Set((plan.ReservedCapacitySummaries ?? []).map(part => plain(read(part))))].sort();
  if (values.length > 1) {
    const names = values.map(value => value || '(none)').join(', ');
    throw new HandlerError('NotUnique', `its reserved capacities differ in ${field}: ${names}; a look-up can't choose between them, so don't ask for ${field}`);
  }
  return values[0] ?? '';
}

function plain(value: string | number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** ISO 8601 in UTC; whole seconds, which is all that the service has, without a fraction. */
function instant(value: Date | undefined): string {
  return value?.toISOString().replace('.000Z', 'Z') ?? '';
}
