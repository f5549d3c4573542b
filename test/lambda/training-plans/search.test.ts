import type { SearchTrainingPlanOfferingsRequest, TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { OFFERING, PROPERTIES, sdkError } from './purchase/world';
import { searchCriteria } from '../../../lambda/training-plans/properties';
import { nearestFound, nothingFound, relaxations, sweep } from '../../../lambda/training-plans/search';

const criteria = (offering: object = {}) =>
  searchCriteria({ Offering: { ...PROPERTIES.Offering, ...offering }, MaxUpfrontFee: PROPERTIES.MaxUpfrontFee });
const ITS = 'tpo-1: 4 ml.p5.48xlarge in us-east-1a, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 336 hours, ';

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
])('criteria are relaxed one at a time: %s', (_what, offering, expected) => {
  const found = relaxations(criteria(offering));
  expect(found.map(({ what }) => what)).toEqual(expected.map(([what]) => what));
  found.forEach((relaxed, index) => {
    const { spec, ...changes } = expected[index][1] as { spec?: object };
    expect(relaxed.criteria).toMatchObject({ ...criteria(offering), ...changes, ...spec && { spec } });
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
