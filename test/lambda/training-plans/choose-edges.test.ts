import type { ReservedCapacityOffering, TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { OFFERING, PROPERTIES } from './purchase/world';
import { criteriaText, misfits, offer, offerText, questions, ranked, subnetIn } from '../../../lambda/training-plans/choose';
import { searchCriteria, type Criteria } from '../../../lambda/training-plans/properties';

const [PART] = OFFERING.ReservedCapacityOfferings!;

function criteria(changes: object = {}, others: object = {}): Criteria {
  return searchCriteria({ Offering: { ...PROPERTIES.Offering, ...changes }, MaxUpfrontFee: PROPERTIES.MaxUpfrontFee, ...others });
}

function offering(
  id: string, changes: Partial<TrainingPlanOffering>, ...blocks: Partial<ReservedCapacityOffering>[]
): TrainingPlanOffering {
  const parts = blocks.length > 0 ? blocks : [{}];
  return { ...OFFERING, TrainingPlanOfferingId: id, ...changes, ReservedCapacityOfferings: parts.map(part => ({ ...PART, ...part })) };
}

/** The order of two offerings, which mustn't depend on the order of the answer. */
function order(a: TrainingPlanOffering, b: TrainingPlanOffering, changes: object, others?: object): string {
  const [one, other] = [[a, b], [b, a]].map(found => ranked(found, criteria(changes, others)).map(({ id }) => id).join(' '));
  expect(one).toBe(other);
  return one;
}

test('a window may be open on either side', () => {
  expect(questions(criteria({ StartTimeAfter: '2026-12-01T00:00:00Z' }))[0]).toEqual({
    InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, DurationHours: 336, TargetResources: ['hyperpod-cluster'], StartTimeAfter: new Date('2026-12-01T00:00:00Z'),
  });
  expect(questions(criteria({ EndTimeBefore: '2026-12-01T00:00:00Z' }))[0]).toHaveProperty('EndTimeBefore', new Date('2026-12-01T00:00:00Z'));
});

test('an offering that says nothing', () => {
  expect(offer({ TrainingPlanOfferingId: undefined, TargetResources: undefined })).toEqual({
    id: '', fee: undefined, feeText: '(no fee) (no currency)', currency: '', targets: [], blocks: [], minutes: 0, start: undefined, end: undefined,
  });
});

test('an offering lasts as long as it says, or as all its blocks do', () => {
  expect(offer(offering('a', { DurationHours: 10, DurationMinutes: 5 })).minutes).toBe(605);
  expect(offer(offering('a', { DurationHours: undefined }, { DurationHours: 10 }, { DurationHours: 3 })).minutes).toBe(780);
});

describe('an offering does not qualify', () => {
  test('without an id, even where none is pinned', () => {
    expect(misfits(offer(offering('', {})), criteria())).toEqual(['id']);
  });

  test('that does not say when it ends', () => {
    expect(misfits(offer(offering('a', {}, { EndTime: undefined })), criteria({ EndTimeBefore: '2027-01-15T00:00:00Z' }))).toEqual(['window']);
  });

  test('with a fee in another currency, whose amount is not judged', () => {
    expect(misfits(offer(offering('a', { CurrencyCode: 'EUR', UpfrontFee: '999999999' })), criteria())).toEqual(['currency']);
  });

  test('with only a part of it in a zone with a subnet', () => {
    const found = offer(offering('a', {}, { InstanceCount: 2 }, { InstanceCount: 2, AvailabilityZone: 'us-east-1b' }));
    expect(misfits(found, criteria({ AvailabilityZones: ['us-east-1a'] }))).toEqual(['zone']);
    expect(misfits(found, criteria({ Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1a' }] }))).toEqual(['zone']);
    expect(misfits(found, criteria({ AvailabilityZones: ['us-east-1a', 'us-east-1b'] }))).toEqual([]);
  });
});

test('only what the window does not say is free', () => {
  const found = offer(offering('a', {}, { StartTime: undefined, EndTime: undefined }));
  expect(misfits(found, criteria())).toEqual([]);
});

describe('of two, the first is', () => {
  test.each<[string, TrainingPlanOffering, TrainingPlanOffering, object]>([
    ['the one that says when it starts', offering('a', {}, { StartTime: undefined, DurationHours: 336 }), offering('z', {}), { Selection: 'EARLIEST_START' }],
    ['the one that says when it ends', offering('a', {}, { EndTime: undefined, DurationHours: 336 }), offering('z', {}), {}],
    ['the earlier one, also where its code of currency is later', offering('a', { UpfrontFee: '1' }), offering('z', {}, { StartTime: new Date('2026-11-30') }), { Selection: 'EARLIEST_START' }],
    ['the longer one', offering('a', { DurationHours: 335 }), offering('z', { DurationHours: 336 }), { Selection: 'LONGEST' }],
    ['the cheaper one', offering('a', { UpfrontFee: '2' }), offering('z', { UpfrontFee: '1' }), {}],
    ['the one with the lower rate', offering('a', { UpfrontFee: '100' }, { DurationHours: 10 }), offering('z', { UpfrontFee: '150' }, { DurationHours: 20 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the cheaper one where rates are equal', offering('a', { UpfrontFee: '200' }, { DurationHours: 20 }), offering('z', { UpfrontFee: '100' }, { DurationHours: 10 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the one whose rate is known, also where the other is free', offering('a', { UpfrontFee: '0' }, { DurationHours: 0 }), offering('z', { UpfrontFee: '1' }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the cheaper one where no rate is known', offering('a', { UpfrontFee: '200' }, { DurationHours: 0 }), offering('z', { UpfrontFee: '100' }, { DurationHours: 0 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
  ])('%s', (_what, a, z, changes) => {
    expect(order(a, z, changes)).toBe('z a');
  });

  test.each(['LOWEST_FEE', 'LOWEST_INSTANCE_HOUR_RATE'])('by %s, the one whose currency comes first in the alphabet, whatever the amounts', Selection => {
    const [dollars, euros] = [offering('a', { UpfrontFee: '1' }), offering('z', { CurrencyCode: 'EUR', UpfrontFee: '9' })];
    expect(order(dollars, euros, { Selection }, { MaxUpfrontFee: undefined })).toBe('z a');
  });
});

test('of offerings with one id, the last that was read counts once', () => {
  const [best] = ranked([offering('a', { UpfrontFee: '2' }), offering('a', { UpfrontFee: '1' })], criteria());
  expect(ranked([offering('a', {}), offering('a', {})], criteria())).toHaveLength(1);
  expect(best.feeText).toBe('1 USD');
});

test('a subnet without a zone is in none', () => {
  expect(subnetIn('', { subnets: [] })).toBe('');
  expect(subnetIn('a', { subnets: [{ SubnetId: 's', AvailabilityZone: 'b' }] })).toBe('');
});

test('what was asked for, in words, without what was not', () => {
  expect(criteriaText(criteria())).toBe('4 ml.p5.48xlarge for hyperpod-cluster, 336 hours, for at most 120000.00 USD');
  expect(criteriaText(criteria({}, { MaxUpfrontFee: undefined }))).toBe('4 ml.p5.48xlarge for hyperpod-cluster, 336 hours');
  const Subnets = ['a', 'a', 'b'].map((AvailabilityZone, index) => ({ SubnetId: `s${index}`, AvailabilityZone }));
  expect(criteriaText(criteria({ Subnets }))).toContain(', where there are subnets, in a or b, ');
});

test.each([[6, '24 or 48 or 72 or 96 or 120 or 144 hours'], [7, '24, 48, 72, 96, 120 or 2 others hours']])('%i durations in words', (count, text) => {
  expect(criteriaText(criteria({ DurationHours: Array.from({ length: count }, (_, day) => String(24 * (day + 1))) }))).toContain(`, ${text}, `);
});

test('an offering in words', () => {
  const found = offering('a', { DurationHours: 1, DurationMinutes: 31 }, { AvailabilityZone: undefined }, { AvailabilityZone: 'us-east-1b' }, { AvailabilityZone: 'us-east-1b' });
  expect(offerText(offer(found))).toBe('a: 4 ml.p5.48xlarge in a zone that it does not say and 4 ml.p5.48xlarge in us-east-1b, '
    + '2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 2 hours, 118234.50 USD');
});
