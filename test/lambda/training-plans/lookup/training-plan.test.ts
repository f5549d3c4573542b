import type { TrainingPlanDescription } from '../../../../lambda/clients/training-plan-reader';
import { selectFields } from '../../../../lambda/shared/fields';
import { FIELDS } from '../../../../lambda/training-plans/lookup/training-plan';
import { RESERVED_CAPACITY_FIELDS, TRAINING_PLAN_FIELDS } from '../../../../src/private/contracts/lookup';

const part = {
  ReservedCapacityArn: 'arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/a',
  InstanceType: 'ml.p5.48xlarge' as const,
  UltraServerType: 'ml.u-p6e-gb200x72',
  TotalInstanceCount: 4,
  Status: 'Active' as const,
  AvailabilityZone: 'us-east-1a',
  AvailabilityZoneId: 'use1-az4',
};

const plan: TrainingPlanDescription = {
  TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/p',
  TrainingPlanName: 'p',
  Status: 'Active',
  StatusMessage: 'fine',
  DurationHours: 336,
  DurationMinutes: 51,
  StartTime: new Date('2026-12-01T11:30:00Z'),
  EndTime: new Date('2026-12-15T11:30:00.500Z'),
  UpfrontFee: '118234.5000',
  CurrencyCode: 'USD',
  TotalInstanceCount: 4,
  AvailableInstanceCount: 2,
  InUseInstanceCount: 1,
  UnhealthyInstanceCount: 0,
  AvailableSpareInstanceCount: 3,
  TotalUltraServerCount: 5,
  TargetResources: ['hyperpod-cluster', 'training-job'],
  ReservedCapacitySummaries: [part, part],
};

test('reads every field', () => {
  expect(selectFields(FIELDS, plan, TRAINING_PLAN_FIELDS)).toEqual({
    AvailabilityZone: 'us-east-1a',
    AvailabilityZoneId: 'use1-az4',
    AvailableInstanceCount: '2',
    AvailableSpareInstanceCount: '3',
    CurrencyCode: 'USD',
    DurationHours: '336',
    DurationMinutes: '51',
    EndTime: '2026-12-15T11:30:00.500Z',
    InstanceType: 'ml.p5.48xlarge',
    InUseInstanceCount: '1',
    ReservedCapacityCount: '2',
    StartTime: '2026-12-01T11:30:00Z',
    Status: 'Active',
    StatusMessage: 'fine',
    TargetResources: 'hyperpod-cluster,training-job',
    TotalInstanceCount: '4',
    TotalUltraServerCount: '5',
    TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/p',
    TrainingPlanName: 'p',
    UltraServerType: 'ml.u-p6e-gb200x72',
    UnhealthyInstanceCount: '0',
    UpfrontFee: '118234.5000',
  });
});

test('every field of a plan that says nothing is an empty text, but for the count of its parts', () => {
  const silent: TrainingPlanDescription = { TrainingPlanArn: undefined, TrainingPlanName: undefined, Status: undefined };
  const { ReservedCapacityCount, ...others } = selectFields(FIELDS, silent, TRAINING_PLAN_FIELDS);
  expect(ReservedCapacityCount).toBe('0');
  expect(new Set(Object.values(others))).toEqual(new Set(['']));
});

test('has no other key than was asked for', () => {
  expect(selectFields(FIELDS, plan, ['Status'])).toEqual({ Status: 'Active' });
  expect(selectFields(FIELDS, plan, [])).toEqual({});
});

test.each([
  ['AvailabilityZone', { AvailabilityZone: 'us-east-1b' }, 'AvailabilityZone: us-east-1a, us-east-1b;'],
  ['AvailabilityZoneId', { AvailabilityZoneId: undefined }, 'AvailabilityZoneId: (none), use1-az4;'],
  ['InstanceType', { InstanceType: 'ml.p4d.24xlarge' as const }, 'InstanceType: ml.p4d.24xlarge, ml.p5.48xlarge;'],
  ['UltraServerType', { UltraServerType: undefined }, 'UltraServerType: (none), ml.u-p6e-gb200x72;'],
])('refuses a %s that is not unique', (field, other, text) => {
  const parts = [part, { ...part, ...other }];
  expect(() => selectFields(FIELDS, { ...plan, ReservedCapacitySummaries: parts }, [field])).toThrow(expect.objectContaining({
    code: 'NotUnique', message: expect.stringMatching(`^its reserved capacities differ in ${text.replace(/[()]/g, '.')}`),
  }));
});

describe('one of several reserved capacities', () => {
  const on = (day: number, arn: string) => ({ ...part, StartTime: new Date(Date.UTC(2026, 11, day)), ReservedCapacityArn: arn });
  const arns = (...parts: typeof part[]) => {
    const fields = parts.map((_, index) => `ReservedCapacity/${index}/ReservedCapacityArn`);
    return Object.values(selectFields(FIELDS, { ...plan, ReservedCapacitySummaries: parts }, fields));
  };

  test('has every field', () => {
    const whole = { ...on(1, 'arn:a'), EndTime: new Date('2026-12-08T00:00:00Z'), DurationHours: 168, DurationMinutes: 0, UltraServerCount: 1 };
    expect(RESERVED_CAPACITY_FIELDS.map(field => {
      return Object.values(selectFields(FIELDS, { ...plan, ReservedCapacitySummaries: [whole] }, [`ReservedCapacity/0/${field}`]))[0];
    })).toEqual([
      'us-east-1a', 'use1-az4', '168', '0', '2026-12-08T00:00:00Z', 'ml.p5.48xlarge', 'arn:a', '2026-12-01T00:00:00Z', 'Active', '4', '1', 'ml.u-p6e-gb200x72',
    ]);
  });

  test('is counted in the order of their start, then of their ARN, whatever the order of the answer', () => {
    const [a, b, c, d] = [on(1, 'z'), on(2, 'b'), on(2, 'c'), on(3, 'a')];
    for (const parts of [[a, b, c, d], [d, c, b, a], [b, d, a, c], [c, a, d, b]]) { expect(arns(...parts)).toEqual(['z', 'b', 'c', 'a']); }
  });

  test('may have an index of several digits', () => {
    const parts = Array.from({ length: 11 }, (_, index) => on(index + 1, `arn:${index}`));
    expect(selectFields(FIELDS, { ...plan, ReservedCapacitySummaries: parts }, ['ReservedCapacity/10/ReservedCapacityArn'])).toEqual({
      'ReservedCapacity/10/ReservedCapacityArn': 'arn:10',
    });
  });

  test('is refused where there are not so many', () => {
    expect(() => selectFields(FIELDS, plan, ['ReservedCapacity/2/Status'])).toThrow(expect.objectContaining({
      code: 'NoSuchCapacity', message: 'it has 2 reserved capacities, so none with the index 2',
    }));
    expect(selectFields(FIELDS, plan, ['ReservedCapacity/1/Status'])).toEqual({ 'ReservedCapacity/1/Status': 'Active' });
  });
});

test.each([
  'Moon', 'toString', '__proto__', 'ReservedCapacity/0/Moon', 'ReservedCapacity/a/Status', 'ReservedCapacity/1000/Status', 'xReservedCapacity/0/Status',
  'ReservedCapacity/0/Status/x', 'ReservedCapacity/0',
])('refuses the field %s', field => {
  expect(() => selectFields(FIELDS, plan, [field])).toThrow(expect.objectContaining({
    code: 'InvalidProperties', message: `unknown field: ${field}; known are ${TRAINING_PLAN_FIELDS.join(', ')} and ReservedCapacity/<n>/<field>`,
  }));
});
