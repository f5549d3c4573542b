import { ACCOUNT, HOUR, MINUTE, REGION, START } from './world';
import type { OfferingCriteria, PurchaseProperties } from '../../../src/private/contracts/training-plan';
import { offeringId, type FakeOffering, type OfferedCapacity } from '../../aws/training-plans';

/** What the purchases of these tests are about. */
export const NAME = 'llm-2026-q1';
export const ARN = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-plan/${NAME}`;
export const TYPE = 'ml.p5.48xlarge';
export const COUNT = 4;
export const HOURS = 336;

/** A day after the beginning of a schedule, 11:30 UTC as all plans begin and end. */
export function day(number: number): string {
  return iso(START + number * 24 * HOUR + 11 * HOUR + 30 * MINUTE);
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000', '');
}

export interface OfferingOptions extends Partial<Omit<FakeOffering, 'ReservedCapacityOfferings'>> {
  readonly from?: number;
  readonly zone?: string;
  readonly blocks?: readonly Partial<OfferedCapacity>[];
}

/** An offering of four instances for two weeks. */
export function offering(seed: string, { from = 10, zone = 'us-east-1a', blocks = [{}], ...more }: OfferingOptions = {}): FakeOffering {
  const hours = more.DurationHours ?? HOURS;
  return {
    TrainingPlanOfferingId: offeringId(seed),
    TargetResources: ['hyperpod-cluster'],
    DurationHours: hours,
    DurationMinutes: 0,
    UpfrontFee: '100000.00',
    CurrencyCode: 'USD',
    ReservedCapacityOfferings: blocks.map(block => ({
      ReservedCapacityType: 'Instance',
      InstanceType: TYPE,
      InstanceCount: COUNT,
      AvailabilityZone: zone,
      DurationHours: hours,
      DurationMinutes: 0,
      StartTime: day(from),
      EndTime: day(from + hours / 24),
      ...block,
    })),
    ...more,
  };
}

/** Offerings as a search finds them: in no order, and one that is too dear. */
export function market(): FakeOffering[] {
  return [
    offering('dear', { UpfrontFee: '150000.00', from: 5 }),
    offering('fair', { UpfrontFee: '100000.00', from: 12 }),
    offering('fair too', { UpfrontFee: '110000.50', from: 11, zone: 'us-east-1b' }),
  ];
}

export const CRITERIA: OfferingCriteria = {
  InstanceType: TYPE,
  InstanceCount: String(COUNT),
  DurationHours: [String(HOURS)],
  StartTimeAfter: day(1),
  EndTimeBefore: day(60),
  TargetResource: 'hyperpod-cluster',
  Selection: 'LOWEST_FEE',
};

/** A purchase of the cheapest of these offerings. */
export function purchase(more: Partial<PurchaseProperties> = {}): PurchaseProperties {
  return {
    Account: ACCOUNT,
    Region: REGION,
    TrainingPlanName: NAME,
    OwnershipKey: 'Capacity/Reserve',
    AdoptExisting: 'false',
    Offering: CRITERIA,
    MaxUpfrontFee: { Amount: '120000.00', CurrencyCode: 'USD' },
    Attempt: '1',
    ...more,
  };
}
