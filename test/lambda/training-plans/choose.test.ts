import type { ReservedCapacityOffering, TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import fc from 'fast-check';
import { OFFERING, PROPERTIES } from './purchase/world';
import { criteriaText, misfits, offer, offerText, questions, ranked, subnetIn } from '../../../lambda/training-plans/choose';
import { searchCriteria, type Criteria } from '../../../lambda/training-plans/properties';

const [PART] = OFFERING.ReservedCapacityOfferings!;

function criteria(offering: object = {}, others: object = {}): Criteria {
  return searchCriteria({ Offering: { ...PROPERTIES.Offering, ...offering }, MaxUpfrontFee: PROPERTIES.MaxUpfrontFee, ...others });
}

/** An offering with blocks that differ from the usual one. */
const offering = (changes: Partial<TrainingPlanOffering>, ...blocks: Partial<ReservedCapacityOffering>[]): TrainingPlanOffering => ({
  ...OFFERING, ...changes, ...blocks.length > 0 && { ReservedCapacityOfferings: blocks.map(block => ({ ...PART, ...block })) },
});

const from = (start: string, end: string) => ({ StartTime: new Date(start), EndTime: new Date(end), DurationHours: undefined });
const ids = (found: TrainingPlanOffering[], wanted: Criteria) => ranked(found, wanted).map(({ id }) => id);

/** An offering with an id of its own. */
const named = (id: string, changes: Partial<TrainingPlanOffering>, ...blocks: Partial<ReservedCapacityOffering>[]) => (
  offering({ TrainingPlanOfferingId: id, ...changes }, ...blocks.length > 0 ? blocks : [{}]));

/** The order of two offerings, which mustn't depend on the order of the answer. */
function order(a: TrainingPlanOffering, b: TrainingPlanOffering, changes: object, others?: object): string {
  const [one, other] = [[a, b], [b, a]].map(found => ranked(found, criteria(changes, others)).map(({ id }) => id).join(' '));
  expect(one).toBe(other);
  return one;
}

test('each duration is a question', () => {
  const asked = criteria({ DurationHours: ['336', '672', '336'], StartTimeAfter: '2026-12-01T00:00:00Z', EndTimeBefore: '2027-01-15T00:00:00Z' });
  const common = {
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: 4,
    TargetResources: ['hyperpod-cluster'],
    StartTimeAfter: new Date('2026-12-01T00:00:00Z'),
    EndTimeBefore: new Date('2027-01-15T00:00:00Z'),
  };
  expect(questions(asked)).toEqual([{ ...common, DurationHours: 336 }, { ...common, DurationHours: 672 }]);
});

test('UltraServers are asked for by their own type', () => {
  const asked = criteria({ InstanceType: undefined, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '2' });
  expect(questions(asked)).toEqual([{ UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 2, DurationHours: 336, TargetResources: ['hyperpod-cluster'] }]);
});

describe('an offering qualifies', () => {
  test.each<[string, TrainingPlanOffering, object]>([
    ['as asked', OFFERING, {}],
    ['at exactly the cap', offering({ UpfrontFee: '120000' }), {}],
    ['in one of the zones', OFFERING, { AvailabilityZones: ['us-east-1b', 'us-east-1a'] }],
    ['in the zone of a subnet', OFFERING, { Subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a' }] }],
    ['at both ends of the window', OFFERING, { StartTimeAfter: '2026-12-01T11:30:00Z', EndTimeBefore: '2026-12-15T11:30:00Z' }],
    ['for several targets', offering({ TargetResources: ['training-job', 'hyperpod-cluster'] }), {}],
    ['with the id that is pinned', OFFERING, { TrainingPlanOfferingId: 'tpo-1' }],
    ['in two blocks after each other', offering({}, from('2026-12-01', '2026-12-08'), from('2026-12-10', '2026-12-17')), {}],
    ['in two zones at one time', offering({}, { InstanceCount: 1 }, { InstanceCount: 3, AvailabilityZone: 'us-east-1b' }), {}],
    ['in blocks that say no time', offering({}, { StartTime: undefined }, { StartTime: undefined }), {}],
  ])('%s', (_what, found, asked) => {
    expect(misfits(offer(found), criteria(asked))).toEqual([]);
  });
});

describe('an offering does not qualify', () => {
  test.each<[string, TrainingPlanOffering, object, string[]]>([
    ['for another target', offering({ TargetResources: ['training-job'] }), {}, ['target']],
    ['of another type', offering({}, { InstanceType: 'ml.p5e.48xlarge' }), {}, ['type']],
    ['with one block of another type', offering({}, from('2026-12-01', '2026-12-08'), { ...from('2026-12-10', '2026-12-17'), InstanceType: 'ml.p5e.48xlarge' }), {}, ['type']],
    ['of another count', offering({}, { InstanceCount: 8 }), {}, ['count']],
    ['with a block that has fewer', offering({}, from('2026-12-01', '2026-12-08'), { ...from('2026-12-10', '2026-12-17'), InstanceCount: 2 }), {}, ['count']],
    ['with too many at one time', offering({}, {}, { AvailabilityZone: 'us-east-1b' }), {}, ['count']],
    ['that says no capacity', offering({ ReservedCapacityOfferings: [] }), {}, ['type', 'count']],
    ['in another zone', OFFERING, { AvailabilityZones: ['us-east-1b'] }, ['zone']],
    ['that says no zone', offering({}, { AvailabilityZone: undefined }), { AvailabilityZones: ['us-east-1a'] }, ['zone']],
    ['in a zone without a subnet', OFFERING, { Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1b' }] }, ['zone']],
    ['in two zones, each with a subnet', offering({}, { InstanceCount: 2 }, { InstanceCount: 2, AvailabilityZone: 'us-east-1b' }), {
      Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1a' }, { SubnetId: 't', AvailabilityZone: 'us-east-1b' }],
    }, ['zone']],
    ['that starts too early', OFFERING, { StartTimeAfter: '2026-12-01T11:30:01Z' }, ['window']],
    ['that ends too late', OFFERING, { EndTimeBefore: '2026-12-15T11:29:59Z' }, ['window']],
    ['that does not say when it starts', offering({}, { StartTime: undefined }), { StartTimeAfter: '2026-12-01T00:00:00Z' }, ['window']],
    ['in another currency', offering({ CurrencyCode: 'EUR' }), {}, ['currency']],
    ['in no currency', offering({ CurrencyCode: undefined }), {}, ['currency', 'fee']],
    ['a hundredth of a cent above the cap', offering({ UpfrontFee: '120000.0001' }), {}, ['fee']],
    ['with a fee that is no amount', offering({ UpfrontFee: '0x1' }), {}, ['fee']],
    ['without a fee', offering({ UpfrontFee: undefined }), {}, ['fee']],
    ['with another id than is pinned', OFFERING, { TrainingPlanOfferingId: 'tpo-2' }, ['id']],
  ])('%s', (_what, found, asked, expected) => {
    expect(misfits(offer(found), criteria(asked))).toEqual(expected);
  });

  test('without an amount, even where there is no cap', () => {
    expect(misfits(offer(offering({ UpfrontFee: 'free' })), criteria({}, { MaxUpfrontFee: undefined }))).toEqual(['fee']);
    expect(misfits(OFFERING && offer(OFFERING), criteria({}, { MaxUpfrontFee: undefined }))).toEqual([]);
  });

  test('without an id, even where none is pinned', () => {
    expect(misfits(offer(named('', {})), criteria())).toEqual(['id']);
  });

  test('that does not say when it ends', () => {
    expect(misfits(offer(named('a', {}, { EndTime: undefined })), criteria({ EndTimeBefore: '2027-01-15T00:00:00Z' }))).toEqual(['window']);
  });

  test('with a fee in another currency, whose amount is not judged', () => {
    expect(misfits(offer(named('a', { CurrencyCode: 'EUR', UpfrontFee: '999999999' })), criteria())).toEqual(['currency']);
  });

  test('with only a part of it in a zone with a subnet', () => {
    const found = offer(named('a', {}, { InstanceCount: 2 }, { InstanceCount: 2, AvailabilityZone: 'us-east-1b' }));
    expect(misfits(found, criteria({ AvailabilityZones: ['us-east-1a'] }))).toEqual(['zone']);
    expect(misfits(found, criteria({ Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1a' }] }))).toEqual(['zone']);
    expect(misfits(found, criteria({ AvailabilityZones: ['us-east-1a', 'us-east-1b'] }))).toEqual([]);
  });
});

describe('selection', () => {
  const early = offering({ TrainingPlanOfferingId: 'early', UpfrontFee: '100' }, { ...from('2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'), DurationHours: 24 });
  const long = offering({ TrainingPlanOfferingId: 'long', UpfrontFee: '300', DurationHours: 100 }, { ...from('2026-12-05T00:00:00Z', '2026-12-09T04:00:00Z'), DurationHours: 100 });
  const cheap = offering({ TrainingPlanOfferingId: 'cheap', UpfrontFee: '99.5', DurationHours: 20 }, { ...from('2026-12-03T00:00:00Z', '2026-12-03T20:00:00Z'), DurationHours: 20 });

  test.each([
    ['EARLIEST_START', ['early', 'cheap', 'long']],
    ['LONGEST', ['long', 'early', 'cheap']],
    ['LOWEST_FEE', ['cheap', 'early', 'long']],
    ['LOWEST_INSTANCE_HOUR_RATE', ['long', 'early', 'cheap']],
  ])('%s', (Selection, expected) => {
    const found = [early, long, cheap].map(each => ({ ...each, DurationHours: each.ReservedCapacityOfferings![0].DurationHours }));
    expect(ids(found, criteria({ Selection }))).toEqual(expected);
    expect(ids([...found].reverse(), criteria({ Selection }))).toEqual(expected);
  });

  test('a rate counts instances and minutes of all blocks', () => {
    const two = offering({ TrainingPlanOfferingId: 'two', UpfrontFee: '200' }, { ...from('2026-12-01', '2026-12-02'), DurationHours: 10 }, { ...from('2026-12-03', '2026-12-04'), DurationHours: 10, DurationMinutes: 1 });
    const one = offering({ TrainingPlanOfferingId: 'one', UpfrontFee: '100' }, { DurationHours: 10 });
    expect(ids([one, two], criteria({ Selection: 'LOWEST_INSTANCE_HOUR_RATE' }))).toEqual(['two', 'one']);
  });

  test('a rate that is not known comes last', () => {
    const unknown = offering({ TrainingPlanOfferingId: 'unknown', UpfrontFee: '1' }, { DurationHours: 0, DurationMinutes: 0 });
    expect(ids([unknown, OFFERING], criteria({ Selection: 'LOWEST_INSTANCE_HOUR_RATE' }))).toEqual(['tpo-1', 'unknown']);
  });

  test.each([
    ['fee', { UpfrontFee: '1' }, {}],
    ['start', {}, { StartTime: new Date('2026-11-30T11:30:00Z') }],
    ['end', {}, { EndTime: new Date('2026-12-14T11:30:00Z') }],
    ['id', {}, {}],
  ])('a tie is broken by the %s', (_by, changes, block) => {
    const better = offering({ TrainingPlanOfferingId: 'a', ...changes }, block);
    const worse = offering({ TrainingPlanOfferingId: 'b' });
    for (const found of [[better, worse], [worse, better]]) {
      expect(ids(found, criteria({ Selection: 'LONGEST' }))).toEqual(['a', 'b']);
    }
  });

  test('does not depend on the order of the answer, nor on what comes twice', () => {
    const any = fc.record({
      TrainingPlanOfferingId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      UpfrontFee: fc.constantFrom('1', '1.00', '2', '120000', '120000.01', 'x'),
      start: fc.integer({ min: 0, max: 3 }),
    }).map(({ start, ...changes }) => offering(changes, { StartTime: new Date(Date.UTC(2026, 11, 1 + start)) }));
    const several = fc.uniqueArray(any, { selector: each => each.TrainingPlanOfferingId });
    fc.assert(fc.property(several, fc.constantFrom('EARLIEST_START', 'LONGEST', 'LOWEST_FEE', 'LOWEST_INSTANCE_HOUR_RATE'), (found, Selection) => {
      const expected = ids(found, criteria({ Selection }));
      expect(ids([...found, ...found].reverse(), criteria({ Selection }))).toEqual(expected);
    }));
  });
});

test('the first subnet in the zone', () => {
  const subnets = [
    { SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1b' },
    { SubnetId: 'subnet-2', AvailabilityZone: 'us-east-1a' },
    { SubnetId: 'subnet-3', AvailabilityZone: 'us-east-1a' },
  ];
  expect(subnetIn('us-east-1a', { subnets })).toBe('subnet-2');
  expect(subnetIn('us-east-1c', { subnets })).toBe('');
  expect(subnetIn('', { subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: '' }] })).toBe('');
});

test('in words', () => {
  const asked = criteria({
    DurationHours: ['24', '48'],
    StartTimeAfter: '2026-12-01T00:00:00Z',
    EndTimeBefore: '2027-01-15T00:00:00Z',
    AvailabilityZones: ['us-east-1a'],
    Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1a' }],
    TrainingPlanOfferingId: 'tpo-1',
  });
  expect(criteriaText(asked)).toBe('4 ml.p5.48xlarge for hyperpod-cluster, 24 or 48 hours, starting from 2026-12-01T00:00:00Z, ending by 2027-01-15T00:00:00Z, '
    + 'in us-east-1a, where there are subnets, in us-east-1a, for at most 120000.00 USD, being the offering tpo-1');
  expect(criteriaText(criteria({ DurationHours: Array.from({ length: 9 }, (_, day) => String(24 * (day + 1))) }))).toContain('24, 48, 72, 96, 120 or 4 others hours');
  expect(offerText(offer(OFFERING))).toBe('tpo-1: 4 ml.p5.48xlarge in us-east-1a, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 336 hours, 118234.50 USD');
  expect(offerText(offer({ TrainingPlanOfferingId: 'x', TargetResources: [] }))).toBe('x: no capacity, ? to ?, 0 hours, (no fee) (no currency)');
});

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
  expect(offer(named('a', { DurationHours: 10, DurationMinutes: 5 })).minutes).toBe(605);
  expect(offer(named('a', { DurationHours: undefined }, { DurationHours: 10 }, { DurationHours: 3 })).minutes).toBe(780);
});

test('only what the window does not say is free', () => {
  const found = offer(named('a', {}, { StartTime: undefined, EndTime: undefined }));
  expect(misfits(found, criteria())).toEqual([]);
});

describe('of two, the first is', () => {
  test.each<[string, TrainingPlanOffering, TrainingPlanOffering, object]>([
    ['the one that says when it starts', named('a', {}, { StartTime: undefined, DurationHours: 336 }), named('z', {}), { Selection: 'EARLIEST_START' }],
    ['the one that says when it ends', named('a', {}, { EndTime: undefined, DurationHours: 336 }), named('z', {}), {}],
    ['the earlier one, also where its code of currency is later', named('a', { UpfrontFee: '1' }), named('z', {}, { StartTime: new Date('2026-11-30') }), { Selection: 'EARLIEST_START' }],
    ['the longer one', named('a', { DurationHours: 335 }), named('z', { DurationHours: 336 }), { Selection: 'LONGEST' }],
    ['the cheaper one', named('a', { UpfrontFee: '2' }), named('z', { UpfrontFee: '1' }), {}],
    ['the one with the lower rate', named('a', { UpfrontFee: '100' }, { DurationHours: 10 }), named('z', { UpfrontFee: '150' }, { DurationHours: 20 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the cheaper one where rates are equal', named('a', { UpfrontFee: '200' }, { DurationHours: 20 }), named('z', { UpfrontFee: '100' }, { DurationHours: 10 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the one whose rate is known, also where the other is free', named('a', { UpfrontFee: '0' }, { DurationHours: 0 }), named('z', { UpfrontFee: '1' }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
    ['the cheaper one where no rate is known', named('a', { UpfrontFee: '200' }, { DurationHours: 0 }), named('z', { UpfrontFee: '100' }, { DurationHours: 0 }), { Selection: 'LOWEST_INSTANCE_HOUR_RATE' }],
  ])('%s', (_what, a, z, changes) => {
    expect(order(a, z, changes)).toBe('z a');
  });

  test.each(['LOWEST_FEE', 'LOWEST_INSTANCE_HOUR_RATE'])('by %s, the one whose currency comes first in the alphabet, whatever the amounts', Selection => {
    const [dollars, euros] = [named('a', { UpfrontFee: '1' }), named('z', { CurrencyCode: 'EUR', UpfrontFee: '9' })];
    expect(order(dollars, euros, { Selection }, { MaxUpfrontFee: undefined })).toBe('z a');
  });
});

test('of offerings with one id, the last that was read counts once', () => {
  const [best] = ranked([named('a', { UpfrontFee: '2' }), named('a', { UpfrontFee: '1' })], criteria());
  expect(ranked([named('a', {}), named('a', {})], criteria())).toHaveLength(1);
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
  const found = named('a', { DurationHours: 1, DurationMinutes: 31 }, { AvailabilityZone: undefined }, { AvailabilityZone: 'us-east-1b' }, { AvailabilityZone: 'us-east-1b' });
  expect(offerText(offer(found))).toBe('a: 4 ml.p5.48xlarge in a zone that it does not say and 4 ml.p5.48xlarge in us-east-1b, '
    + '2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 2 hours, 118234.50 USD');
});
