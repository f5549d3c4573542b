import type { ComputeQuotaDescription } from '../../../../lambda/clients/hyperpod-reader';
import { FIELDS } from '../../../../lambda/hyperpod/lookup/compute-quota';
import { checkFields, selectFields } from '../../../../lambda/shared/fields';
import { COMPUTE_QUOTA_FIELDS } from '../../../../src/private/contracts/hyperpod-lookup';

type Entry = NonNullable<NonNullable<ComputeQuotaDescription['ComputeQuotaConfig']>['ComputeQuotaResources']>[number];

function quota(...entries: Partial<Entry>[]): ComputeQuotaDescription {
  return {
    ComputeQuotaArn: undefined,
    ComputeQuotaId: undefined,
    Name: undefined,
    ComputeQuotaVersion: undefined,
    Status: undefined,
    ComputeQuotaTarget: undefined,
    CreationTime: undefined,
    ComputeQuotaConfig: { ComputeQuotaResources: entries.map(entry => ({ InstanceType: 'ml.p5.48xlarge', ...entry })) },
  };
}

test('every field of a quota that says nothing is an empty text', () => {
  const { ComputeQuotaConfig: _, ...silent } = quota();
  expect(Object.values(selectFields(FIELDS, silent, COMPUTE_QUOTA_FIELDS))).toEqual(COMPUTE_QUOTA_FIELDS.map(() => ''));
});

test('a configuration that says nothing is no more', () => {
  expect(selectFields(FIELDS, { ...quota(), ComputeQuotaConfig: {} }, ['BorrowLimit', 'Strategy'])).toEqual({ BorrowLimit: '', Strategy: '' });
  const { ComputeQuotaConfig: _, ...silent } = quota();
  expect(() => selectFields(FIELDS, silent, ['Compute/ml.p5.48xlarge/VCpu'])).toThrow('its entries are: none');
});

test('reads every field', () => {
  const { ComputeQuotaConfig: config } = quota({ Accelerators: 4, VCpu: 96, MemoryInGiB: 1_024 }, { Count: 2 });
  const entries = ['Count', 'MemoryInGiB', 'VCpu'].map(field => `Accelerators/ml.p5.48xlarge/${field}`);
  expect(selectFields(FIELDS, {
    ActivationState: 'Enabled',
    ClusterArn: 'arn:cluster',
    ComputeQuotaArn: 'arn:quota',
    ComputeQuotaId: 'abcdefghijkl',
    ComputeQuotaVersion: 3,
    Description: 'for research',
    FailureReason: 'none',
    Name: 'research',
    Status: 'Created',
    CreationTime: undefined,
    ComputeQuotaTarget: { TeamName: 'team', FairShareWeight: 0 },
    ComputeQuotaConfig: { ...config, ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 50 }, PreemptTeamTasks: 'LowerPriority' },
  }, [...COMPUTE_QUOTA_FIELDS, ...entries])).toEqual({
    'ActivationState': 'Enabled',
    'BorrowLimit': '50',
    'ClusterArn': 'arn:cluster',
    'ComputeQuotaArn': 'arn:quota',
    'ComputeQuotaId': 'abcdefghijkl',
    'ComputeQuotaVersion': '3',
    'Description': 'for research',
    'FailureReason': 'none',
    'FairShareWeight': '0',
    'Name': 'research',
    'PreemptTeamTasks': 'LowerPriority',
    'Status': 'Created',
    'Strategy': 'LendAndBorrow',
    'TeamName': 'team',
    'Accelerators/ml.p5.48xlarge/Count': '4',
    'Accelerators/ml.p5.48xlarge/MemoryInGiB': '1024',
    'Accelerators/ml.p5.48xlarge/VCpu': '96',
  });
});

test.each<[string, Partial<Entry>, string]>([
  ['Instances/ml.p5.48xlarge', { Count: 2 }, '2'],
  ['Instances/ml.p5.48xlarge', { Count: 0 }, '0'],
  ['Instances/ml.p5.48xlarge', { Count: 2, Accelerators: 16, VCpu: 384 }, '2'],
  ['Accelerators/ml.p5.48xlarge', { Accelerators: 4, VCpu: 96 }, '4'],
  ['Compute/ml.p5.48xlarge', { Accelerators: 0, VCpu: 96 }, '0'],
  ['Compute/ml.p5.48xlarge', { VCpu: 96 }, '0'],
  ['Partitions/ml.p5.48xlarge/mig-3g.40gb', { AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 8 }, Accelerators: 0 }, '8'],
])('finds %s in %j', (entry, given, count) => {
  expect(selectFields(FIELDS, quota(given), [`${entry}/Count`])).toEqual({ [`${entry}/Count`]: count });
});

test('refuses to choose between entries of one kind, type and profile', () => {
  expect(() => selectFields(FIELDS, quota({ Accelerators: 4 }, { Accelerators: 2 }), ['Accelerators/ml.p5.48xlarge/VCpu'])).toThrow(expect.objectContaining({
    code: 'NotUnique',
    message: 'it has 2 entries of Accelerators ml.p5.48xlarge, not one; its entries are: Accelerators ml.p5.48xlarge, Accelerators ml.p5.48xlarge',
  }));
  expect(() => selectFields(FIELDS, quota(), ['Compute/ml.p5.48xlarge/VCpu'])).toThrow('its entries are: none');
});

test.each(['Moon', 'toString', 'Accelerators', 'Accelerators/ml.p5.48xlarge', 'Accelerators/ml.p5.48xlarge/Moon', 'Moon/ml.p5.48xlarge/Count', 'Partitions/a/b/c/Count'])(
  'refuses the field %s', field => {
    expect(() => checkFields(FIELDS, [field])).toThrow(expect.objectContaining({
      code: 'InvalidProperties', message: `unknown field: ${field}; known are ${COMPUTE_QUOTA_FIELDS.join(', ')} and fields of entries`,
    }));
  });
