import type { TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { OFFERING, PROPERTIES } from './purchase/world';
import { searchCriteria } from '../../../lambda/training-plans/properties';
import { nearestElsewhere, nearestFound, nothingFound, relaxations } from '../../../lambda/training-plans/search';

const criteria = (offering: object = {}) =>
  searchCriteria({ Offering: { ...PROPERTIES.Offering, ...offering }, MaxUpfrontFee: PROPERTIES.MaxUpfrontFee });
const [PART] = OFFERING.ReservedCapacityOfferings!;
const offering = (id: string, changes: Partial<TrainingPlanOffering>, part: object = {}): TrainingPlanOffering =>
  ({ ...OFFERING, TrainingPlanOfferingId: id, ...changes, ReservedCapacityOfferings: [{ ...PART, ...part }] });
const what = (offered: object) => relaxations(criteria(offered)).map(relaxed => relaxed.what);

test.each([['3', 2], ['5', 4], ['8', 4], ['2', 1]])('of %s, fewer are the power of two below', (InstanceCount, count) => {
  expect(relaxations(criteria({ InstanceCount })).at(-1)).toMatchObject({ what: 'fewer', criteria: { spec: { count, type: 'ml.p5.48xlarge' } } });
});

test('the longest that is sold is still longer', () => {
  expect(what({ DurationHours: ['4344'], InstanceCount: '1' })).toEqual(['a shorter duration', 'a longer duration']);
  expect(relaxations(criteria({ DurationHours: ['4344'] }))[1].criteria.durationHours).toEqual([4368]);
});

test('where no window was asked for, none is widened', () => {
  expect(what({})).toEqual(['a shorter duration', 'a longer duration', 'fewer']);
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
