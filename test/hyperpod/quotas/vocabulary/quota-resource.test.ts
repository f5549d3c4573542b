import { CfnParameter, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, PartitionProfile, QuotaResource } from '../../../../src/hyperpod';

const estimate = (resource: QuotaResource) => [resource.estimatedVcpus, resource.estimatedMemory?.toGibibytes()];

describe('what SageMaker is expected to fill in', () => {
  test('is the share of the accelerators', () => {
    expect(estimate(QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 3 }))).toEqual([72, 768]);
    expect(estimate(QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 16 }))).toEqual([384, 4096]);
  });

  test('is the share of the compute slices, rounded down', () => {
    expect(estimate(QuotaResource.partitions({
      instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.MIG_3G_40GB, count: 1,
    }))).toEqual([10, 109]);
    expect(estimate(QuotaResource.partitions({
      instanceType: InstanceType.P6E_GB200_36XLARGE, profile: PartitionProfile.MIG_7G_186GB, count: 4,
    }))).toEqual([144, 960]);
  });

  test('is left out where it is given', () => {
    expect(estimate(QuotaResource.partitions({
      instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.MIG_7G_80GB, count: 8, vcpus: 10,
    }))).toEqual([undefined, 2048]);
    expect(estimate(QuotaResource.accelerators({
      instanceType: InstanceType.P5_48XLARGE, count: 8, memory: Size.gibibytes(1),
    }))).toEqual([192, undefined]);
  });

  test.each([
    ['whole instances have all', QuotaResource.instances({ instanceType: InstanceType.P5_48XLARGE, count: 1 })],
    ['a type by name', QuotaResource.accelerators({ instanceType: InstanceType.of('ml.p5.48xlarge'), count: 1 })],
    ['a profile by name', QuotaResource.partitions({
      instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.of('mig-9g.99gb'), count: 1,
    })],
    ['a count that is known at deployment', QuotaResource.accelerators({
      instanceType: InstanceType.P5_48XLARGE, count: new CfnParameter(new Stack(), 'Count', { type: 'Number' }).valueAsNumber,
    })],
  ])('is not known: %s', (_name, resource) => {
    expect(estimate(resource)).toEqual([undefined, undefined]);
  });
});

test('types and profiles say their names', () => {
  expect(String(InstanceType.P5_48XLARGE)).toBe('ml.p5.48xlarge');
  expect(String(PartitionProfile.MIG_3G_40GB)).toBe('mig-3g.40gb');
  expect(PartitionProfile.MIG_3G_40GB.nvidiaName).toBe('3g.40gb');
  expect(PartitionProfile.MIG_3G_40GB.kubernetesResource).toBe('nvidia.com/mig-3g.40gb');
});
