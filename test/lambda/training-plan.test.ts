import type { TrainingPlanDescription } from '../../lambda/clients/sagemaker';
import { selectFields } from '../../lambda/lookup/training-plan';
import { TRAINING_PLAN_FIELDS } from '../../src/private/contracts/lookup';

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
  expect(selectFields(plan, TRAINING_PLAN_FIELDS)).toEqual({
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
  const { ReservedCapacityCount, ...others } = selectFields(silent, TRAINING_PLAN_FIELDS);
  expect(ReservedCapacityCount).toBe('0');
  expect(new Set(Object.values(others))).toEqual(new Set(['']));
});

test('has no other key than was asked for', () => {
  expect(selectFields(plan, ['Status'])).toEqual({ Status: 'Active' });
  expect(selectFields(plan, [])).toEqual({});
});

test.each([
  ['AvailabilityZone', { AvailabilityZone: 'us-east-1b' }, 'AvailabilityZone: us-east-1a, us-east-1b;'],
  ['AvailabilityZoneId', { AvailabilityZoneId: undefined }, 'AvailabilityZoneId: (none), use1-az4;'],
  ['InstanceType', { InstanceType: 'ml.p4d.24xlarge' as const }, 'InstanceType: ml.p4d.24xlarge, ml.p5.48xlarge;'],
])('refuses a %s that is not unique', (field, other, text) => {
  const parts = [part, { ...part, ...other }];
  expect(() => selectFields({ ...plan, ReservedCapacitySummaries: parts }, [field])).toThrow(`its reserved capacities differ in ${text}`);
});

test.each(['Moon', 'toString', '__proto__'])('refuses the field %s', field => {
  expect(() => selectFields(plan, [field])).toThrow(`unknown field: ${field}; known are AvailabilityZone, `);
});
