import { tagsOf, updateOf, wantedQuota } from '../../../../lambda/hyperpod/quota/properties';

const PROPERTIES = {
  Name: 'research',
  ClusterArn: 'arn:cluster',
  ComputeQuotaTarget: { TeamName: '007', FairShareWeight: '40' },
  ComputeQuotaConfig: {
    ComputeQuotaResources: [
      { InstanceType: 'ml.p5.48xlarge', Count: '2', Accelerators: '16', VCpu: '384', MemoryInGiB: '12.5' },
      { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: '8' } },
    ],
    ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: '0' },
    PreemptTeamTasks: 'Never',
  },
};
const WANTED = {
  Name: 'research',
  Description: undefined,
  ClusterArn: 'arn:cluster',
  ComputeQuotaTarget: { TeamName: '007', FairShareWeight: 40 },
  ComputeQuotaConfig: {
    ComputeQuotaResources: [
      { InstanceType: 'ml.p5.48xlarge', Count: 2, Accelerators: 16, VCpu: 384, MemoryInGiB: 12.5 },
      { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 8 } },
    ],
    ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 0 },
    PreemptTeamTasks: 'Never',
  },
  ActivationState: undefined,
};

test('numbers are numbers again, and texts that look like some stay texts', () => {
  expect(wantedQuota(PROPERTIES)).toEqual(WANTED);
  expect(wantedQuota({ ...PROPERTIES, Description: 'a', ActivationState: 'Disabled' })).toEqual({ ...WANTED, Description: 'a', ActivationState: 'Disabled' });
});

test.each<[object, string]>([
  [{ Name: undefined }, 'the property Name is missing'],
  [{ ClusterArn: undefined }, 'the property ClusterArn is missing'],
  [{ ComputeQuotaTarget: undefined }, 'the property ComputeQuotaTarget must be an object'],
  [{ ComputeQuotaConfig: undefined }, 'the property ComputeQuotaConfig must be an object'],
  [{ ComputeQuotaTarget: { TeamName: 'a', FairShareWeight: 'much' } }, 'the property FairShareWeight must be a number'],
  [{ ComputeQuotaTarget: { TeamName: 'a', FairShareWeight: '' } }, 'the property FairShareWeight must be a number'],
])('%j is refused', (changes, message) => {
  expect(() => wantedQuota({ ...PROPERTIES, ...changes } as never)).toThrow(expect.objectContaining({ code: 'InvalidProperties', message }));
});

test('nothing in a configuration stays nothing', () => {
  const ComputeQuotaConfig = { PreemptTeamTasks: null };
  expect(wantedQuota({ ...PROPERTIES, ComputeQuotaConfig } as never)).toEqual({ ...WANTED, ComputeQuotaConfig });
});

test('tags are a list of keys and values', () => {
  expect(tagsOf({ Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }, { Key: 'c', Value: 2 }] } as never)).toEqual([
    { Key: 'a', Value: '1' }, { Key: 'b', Value: '' }, { Key: 'c', Value: '2' },
  ]);
  expect(tagsOf({ Tags: [{ Key: 'cdk-hpc-clusters:owner', Value: 'me' }, { Key: 'AWS:x', Value: 'y' }, { Key: 'a', Value: '1' }] } as never)).toEqual([{ Key: 'a', Value: '1' }]);
  expect(() => tagsOf({ Tags: [null] } as never)).toThrow('the property 0 must be an object');
  expect([tagsOf(undefined), tagsOf({})]).toEqual([[], []]);
  expect(() => tagsOf({ Tags: { a: '1' } } as never)).toThrow(expect.objectContaining({
    code: 'InvalidProperties', message: 'the property Tags must be a list',
  }));
  expect(() => tagsOf({ Tags: [{ Value: '1' }] } as never)).toThrow('the property Key is missing');
});

test('an update names what is not wanted any more with what the service does by default', () => {
  expect(updateOf({ ClusterArn: 'a', Name: 'b', ComputeQuotaTarget: { TeamName: 'c' } } as never)).toEqual({
    Description: '',
    ComputeQuotaTarget: { TeamName: 'c', FairShareWeight: 0 },
    ComputeQuotaConfig: { ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 50 }, PreemptTeamTasks: 'LowerPriority' },
    ActivationState: 'Enabled',
  });
});

test('an update has all that is wanted', () => {
  const { Name: _, ClusterArn: __, ...wanted } = WANTED;
  const more = { Description: 'a', ActivationState: 'Disabled' } as const;
  expect(updateOf({ ...WANTED, ...more } as never)).toEqual({ ...wanted, ...more });
});
