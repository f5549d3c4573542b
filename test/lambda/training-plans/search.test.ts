import type { SearchTrainingPlanOfferingsRequest, TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { OFFERING, PROPERTIES, sdkError } from './purchase/world';
import { searchCriteria } from '../../../lambda/training-plans/properties';
import { nearestElsewhere, nearestFound, nothingFound, relaxations, sweep } from '../../../lambda/training-plans/search';

const criteria = (changes: object = {}) =>
  searchCriteria({ Offering: { ...PROPERTIES.Offering, ...changes }, MaxUpfrontFee: PROPERTIES.MaxUpfrontFee });
const ITS = 'tpo-1: 4 ml.p5.48xlarge in us-east-1a, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 336 hours, ';

const [PART] = OFFERING.ReservedCapacityOfferings!;
const offering = (id: string, changes: Partial<TrainingPlanOffering>, part: object = {}): TrainingPlanOffering =>
  ({ ...OFFERING, TrainingPlanOfferingId: id, ...changes, ReservedCapacityOfferings: [{ ...PART, ...part }] });
const relaxed = (offered: object) => relaxations(criteria(offered)).map(({ what }) => what);

test('asks for every duration and takes all answers', async () => {
  const asked: unknown[] = [];
  const found = await sweep(async ({ DurationHours }) => {
    asked.push(DurationHours);
    return { TrainingPlanOfferings: DurationHours === 48 ? undefined : [OFFERING] };
  }, criteria({ DurationHours: '24,48,72' }));
  expect(asked).toEqual([24, 48, 72]);
  expect(found).toEqual([OFFERING, OFFERING]);
});

test.each([
  ['a higher cap', [{ ...OFFERING, UpfrontFee: '130000' }, { ...OFFERING, TrainingPlanOfferingId: 'tpo-2', UpfrontFee: '140000' }], {}, '130000 USD'],
  ['another zone', [OFFERING], { AvailabilityZones: ['us-east-1b'] }, '118234.50 USD'],
  ['another currency', [{ ...OFFERING, CurrencyCode: 'EUR' }], {}, '118234.50 EUR'],
  ['another id', [OFFERING], { TrainingPlanOfferingId: 'tpo-0' }, '118234.50 USD'],
])('what is near is told: %s', (what, found, asked, fee) => {
  expect(nearestFound(found, criteria(asked))).toEqual([`with ${what}, ${ITS}${fee}`]);
});

test('what misses two criteria is not near', () => {
  expect(nearestFound([{ ...OFFERING, UpfrontFee: '130000' }], criteria({ AvailabilityZones: ['us-east-1b'] }))).toEqual([]);
  expect(nearestFound([{ ...OFFERING, UpfrontFee: 'much' }], criteria())).toEqual([]);
});

test.each<[string, object, [string, object][]]>([
  ['all', { DurationHours: ['336', '672'], StartTimeAfter: '2026-12-01T00:00:00Z', EndTimeBefore: '2027-01-15T00:00:00Z' }, [
    ['a later end', { durationHours: [336], endBefore: undefined }],
    ['an earlier start', { durationHours: [336], startAfter: undefined }],
    ['a shorter duration', { durationHours: [312] }],
    ['a longer duration', { durationHours: [696] }],
    ['fewer', { durationHours: [336], spec: { type: 'ml.p5.48xlarge', count: 2, ultraServers: false, target: 'hyperpod-cluster' } }],
  ]],
  ['neither shorter nor fewer', { DurationHours: ['24'], InstanceCount: '1' }, [['a longer duration', { durationHours: [48] }]]],
  ['whole days', { DurationHours: ['30'], InstanceCount: '1' }, [['a shorter duration', { durationHours: [24] }], ['a longer duration', { durationHours: [48] }]]],
  ['not longer than is sold', { DurationHours: ['4368'], InstanceCount: '1' }, [['a shorter duration', { durationHours: [4344] }]]],
])('criteria are relaxed one at a time: %s', (_what, asked, expected) => {
  const found = relaxations(criteria(asked));
  expect(found.map(({ what }) => what)).toEqual(expected.map(([what]) => what));
  found.forEach((each, index) => {
    const { spec, ...changes } = expected[index][1] as { spec?: object };
    expect(each.criteria).toMatchObject({ ...criteria(asked), ...changes, ...spec && { spec } });
  });
});

describe('nothing found', () => {
  const fail = async (search: (question: SearchTrainingPlanOfferingsRequest) => TrainingPlanOffering[], mayGoOn = () => true) =>
    nothingFound(async question => ({ TrainingPlanOfferings: search(question) }), [], criteria(), mayGoOn);

  test('says what there is with other criteria', async () => {
    const found = { ...OFFERING, DurationHours: 312 };
    const error = await fail(({ DurationHours }) => DurationHours === 312 ? [found] : []);
    expect(error.message).toBe('no offering qualifies of 0 found for: 4 ml.p5.48xlarge for hyperpod-cluster, 336 hours, for at most 120000.00 USD; there would be: '
      + 'with a shorter duration, tpo-1: 4 ml.p5.48xlarge in us-east-1a, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 312 hours, 118234.50 USD');
  });

  test('asks nobody where what was found is near', async () => {
    const search = jest.fn();
    const error = await nothingFound(search, [{ ...OFFERING, UpfrontFee: '130000' }], criteria(), () => true);
    expect(error.message).toContain('of 1 found');
    expect(search).not.toHaveBeenCalled();
  });

  test('a search that fails finds nothing', async () => {
    const error = await fail(() => { throw sdkError('Throttling', 400); });
    expect(error.message).toMatch(/; nothing near it was found either; /);
  });

  test('asks no longer than there is time', async () => {
    let asked = 0;
    await fail(() => { asked++; return []; }, () => asked < 2);
    expect(asked).toBe(2);
  });
});

test.each([['3', 2], ['5', 4], ['8', 4], ['2', 1]])('of %s, fewer are the power of two below', (InstanceCount, count) => {
  expect(relaxations(criteria({ InstanceCount })).at(-1)).toMatchObject({ what: 'fewer', criteria: { spec: { count, type: 'ml.p5.48xlarge' } } });
});

test('the longest that is sold is still longer', () => {
  expect(relaxed({ DurationHours: ['4344'], InstanceCount: '1' })).toEqual(['a shorter duration', 'a longer duration']);
  expect(relaxations(criteria({ DurationHours: ['4344'] }))[1].criteria.durationHours).toEqual([4368]);
});

test('where no window was asked for, none is widened', () => {
  expect(relaxed({})).toEqual(['a shorter duration', 'a longer duration', 'fewer']);
});

test('of several durations, the shortest is made shorter and the longest longer', () => {
  expect(relaxations(criteria({ DurationHours: ['72', '24', '48'] })).map(each => each.criteria.durationHours)).toEqual([[96], [24]]);
});

describe('the best that is near', () => {
  const early = { StartTime: new Date('2026-11-30T00:00:00Z') };

  test('with a higher cap is the cheapest, whatever was asked for', () => {
    const found = [offering('early', { UpfrontFee: '140000' }, early), offering('cheap', { UpfrontFee: '130000' })];
    expect(nearestFound(found, criteria({ Selection: 'EARLIEST_START' }))).toEqual([expect.stringMatching(/^with a higher cap, cheap: /)]);
  });

  test('with another zone is the best by what was asked for', () => {
    const found = [offering('cheap', { UpfrontFee: '1' }), offering('early', {}, early)];
    expect(nearestFound(found, criteria({ Selection: 'EARLIEST_START', AvailabilityZones: ['us-east-1b'] }))).toEqual([expect.stringMatching(/^with another zone, early: /)]);
  });

  test('with another zone needs no subnet in it', () => {
    const Subnets = [{ SubnetId: 's', AvailabilityZone: 'us-east-1b' }];
    expect(nearestFound([OFFERING], criteria({ Subnets }))).toEqual([expect.stringMatching(/^with another zone, tpo-1: /)]);
  });

  test('is told for each criterion, in one order', () => {
    const found = [offering('a', { CurrencyCode: 'EUR' }), offering('b', {}, { AvailabilityZone: 'us-east-1b' }), offering('c', { UpfrontFee: '130000' })];
    expect(nearestFound(found, criteria({ AvailabilityZones: ['us-east-1a'] })).map(text => text.split(':')[0]))
      .toEqual(['with a higher cap, c', 'with another zone, b', 'with another currency, a']);
  });

  test('misses something', () => {
    expect(nearestFound([OFFERING], criteria())).toEqual([]);
  });
});

test('what there is elsewhere is asked for once for each criterion, and told where it qualifies', async () => {
  const asked: unknown[] = [];
  const near = await nearestElsewhere(async question => {
    asked.push([question.DurationHours, question.InstanceCount]);
    return { TrainingPlanOfferings: question.InstanceCount === 2 ? [offering('two', {}, { InstanceCount: 2 })] : question.DurationHours === 312 ? [offering('x', { UpfrontFee: '?' })] : undefined };
  }, criteria(), () => true);
  expect(asked).toEqual([[312, 4], [360, 4], [336, 2]]);
  expect(near).toEqual([expect.stringMatching(/^with fewer, two: 2 ml.p5.48xlarge in us-east-1a, /)]);
});

test('where nothing is near, that is told', async () => {
  await expect(nothingFound(async () => ({ TrainingPlanOfferings: undefined }), [], criteria(), () => false)).resolves.toMatchObject({
    code: 'NothingFound',
    message: 'no offering qualifies of 0 found for: 4 ml.p5.48xlarge for hyperpod-cluster, 336 hours, for at most 120000.00 USD; '
      + 'nothing near it was found either; capacity comes and goes, and its quota may be too low',
  });
});

test('all that is near is told', async () => {
  const found = [offering('a', { CurrencyCode: 'EUR' }), offering('c', { UpfrontFee: '130000' })];
  const { message } = await nothingFound(async () => ({ TrainingPlanOfferings: undefined }), found, criteria(), () => true);
  expect(message).toMatch(/of 2 found for: .*; there would be: with a higher cap, c: .*130000 USD; with another currency, a: .*118234.50 EUR$/);
});
