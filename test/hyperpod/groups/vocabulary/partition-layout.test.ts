import { Cluster, InstanceType, PartitionLayout, PartitionProfile } from '../../../../src/hyperpod';
import { MIG_INSTANCE_TYPES, migGpuOf } from '../../../../src/hyperpod/private/facts/mig';
import { CHART_CONFIGS } from '../../../../src/hyperpod/private/facts/mig-chart';
import { judge } from '../../../rules/harness';

describe('the label of the nodes', () => {
  test.each([
    ['all-3g.40gb', PartitionLayout.uniform(PartitionProfile.MIG_3G_40GB)],
    ['all-disabled', PartitionLayout.disabled()],
    ['ours', PartitionLayout.of('ours')],
    ['mixed-1-1g.10gb-1-2g.20gb-1-4g.40gb', PartitionLayout.mixed([
      { profile: PartitionProfile.MIG_4G_40GB, count: 1 },
      { profile: PartitionProfile.MIG_1G_10GB, count: 1 },
      { profile: PartitionProfile.MIG_2G_20GB, count: 1 },
    ])],
    ['mixed-1-1g.10gb-2-1g.20gb', PartitionLayout.mixed([
      { profile: PartitionProfile.MIG_1G_20GB, count: 2 },
      { profile: PartitionProfile.MIG_1G_10GB, count: 1 },
    ])],
  ])('%s', (name, layout) => {
    expect(layout.configName).toBe(name);
    expect(layout.nodeLabels).toEqual({ [PartitionLayout.LABEL_KEY]: name });
    expect(PartitionLayout.LABEL_KEY).toBe('nvidia.com/mig.config');
  });

  test('does not change the order of what it is given', () => {
    const counts = [{ profile: PartitionProfile.MIG_4G_40GB, count: 1 }, { profile: PartitionProfile.MIG_3G_40GB, count: 1 }];
    PartitionLayout.mixed(counts);
    expect(counts.map(({ profile }) => profile.value)).toEqual(['mig-4g.40gb', 'mig-3g.40gb']);
  });
});

describe('the entry of the ConfigMap', () => {
  test('of a uniform layout has as many as the GPU has room for', () => {
    expect(PartitionLayout.uniform(PartitionProfile.MIG_1G_20GB).configMapEntry(InstanceType.P5_48XLARGE)).toBe([
      'all-1g.20gb:',
      '  - devices: all',
      '    mig-enabled: true',
      '    mig-devices:',
      '      "1g.20gb": 4',
      '',
    ].join('\n'));
  });

  test('of a mixed layout has what was asked for', () => {
    const layout = PartitionLayout.mixed([
      { profile: PartitionProfile.MIG_3G_90GB, count: 1 },
      { profile: PartitionProfile.MIG_2G_45GB, count: 2 },
    ]);
    expect(layout.configMapEntry(InstanceType.P6_B200_48XLARGE)).toBe([
      'mixed-2-2g.45gb-1-3g.90gb:',
      '  - devices: all',
      '    mig-enabled: true',
      '    mig-devices:',
      '      "2g.45gb": 2',
      '      "3g.90gb": 1',
      '',
    ].join('\n'));
  });

  test('of whole GPUs switches partitioning off', () => {
    expect(PartitionLayout.disabled().configMapEntry(InstanceType.P5_48XLARGE)).toBe(
      'all-disabled:\n  - devices: all\n    mig-enabled: false\n');
  });

  test.each([['mig-2g.99gb', 3], ['mig-9g.99gb', 1], ['weird', 1]])('of %s on an unknown type takes %d', (name, count) => {
    const entry = PartitionLayout.uniform(PartitionProfile.of(name)).configMapEntry(InstanceType.of('ml.p9.48xlarge'));
    expect(entry).toContain(`"${name.replace('mig-', '')}": ${count}`);
  });

  test('of a layout by name is not known', () => {
    expect(PartitionLayout.of('ours').configMapEntry(InstanceType.P5_48XLARGE)).toBeUndefined();
  });
});

describe('the tables', () => {
  const instanceTypes = Object.values(InstanceType).filter((value): value is InstanceType => value instanceof InstanceType);
  const profiles = Object.values(PartitionProfile).filter((value): value is PartitionProfile => value instanceof PartitionProfile);

  test('every divisible type has a constant, and its profiles have constants', () => {
    const types = instanceTypes.map(({ value }) => value);
    const names = profiles.map(({ value }) => value);
    for (const type of MIG_INSTANCE_TYPES) {
      expect(types).toContain(type);
      for (const profile of migGpuOf(type)!.profiles.keys()) { expect(names).toContain(profile); }
    }
  });

  test('every profile belongs to a divisible type', () => {
    const known = new Set(MIG_INSTANCE_TYPES.flatMap(type => [...migGpuOf(type)!.profiles.keys()]));
    expect(profiles.map(({ value }) => value).filter(name => !known.has(name))).toEqual([]);
  });

  test('as many partitions of one profile as are said to fit do fit, and not one more', () => {
    for (const type of MIG_INSTANCE_TYPES) {
      for (const { maxPerGpu, computeSlices, memorySlices } of migGpuOf(type)!.profiles.values()) {
        expect(Math.min(Math.floor(7 / computeSlices), Math.floor(8 / memorySlices))).toBe(maxPerGpu);
      }
    }
  });

  test('the chart has 60 configurations', () => {
    expect(CHART_CONFIGS.size).toBe(60);
    expect(CHART_CONFIGS).toContain('mixed-4-1g.5gb-1-3g.20gb');
    expect(CHART_CONFIGS).not.toContain('all-2g.20gb');
  });

  test('the chart mixes profiles of a GPU in eleven ways, in a ConfigMap of its own', () => {
    expect([...CHART_CONFIGS].filter(name => /^mixed(-\d-(1g\.5|2g\.10|[34]g\.20)gb)+$/.test(name))).toEqual([
      'mixed-1-3g.20gb-1-4g.20gb',
      'mixed-1-1g.5gb-1-2g.10gb-1-4g.20gb',
      'mixed-3-1g.5gb-1-4g.20gb',
      'mixed-1-1g.5gb-1-2g.10gb-1-3g.20gb',
      'mixed-3-1g.5gb-1-3g.20gb',
      'mixed-2-2g.10gb-1-3g.20gb',
      'mixed-2-1g.5gb-1-2g.10gb-1-3g.20gb',
      'mixed-4-1g.5gb-1-3g.20gb',
      'mixed-1-1g.5gb-3-2g.10gb',
      'mixed-3-1g.5gb-2-2g.10gb',
      'mixed-5-1g.5gb-1-2g.10gb',
    ]);
    expect(PartitionLayout.CONFIG_MAP_NAME).toBe('default-mig-config');
  });

  test('messages name the GPU of a type', () => {
    expect(MIG_INSTANCE_TYPES.map(type => `${type.split('.')[1]} ${migGpuOf(type)!.model}`)).toEqual([
      'p4d A100 40 GB', 'p4de A100 80 GB', 'p5 H100', 'p5e H200', 'p5en H200', 'p6-b200 B200', 'p6-b300 B300', 'p6e-gb200 GB200',
    ]);
  });
});

describe('a layout on a cluster', () => {
  const clusterWith = (partitions: PartitionLayout, instanceType: InstanceType) => judge(stack => Cluster.fromClusterAttributes(stack, 'Pod', {
    clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
    instanceGroups: [{ instanceType, instanceCount: 1, partitions }],
  }));

  test('of a profile that the type lacks is refused with those that it has', () => {
    const { error } = clusterWith(PartitionLayout.uniform(PartitionProfile.MIG_3G_71GB), InstanceType.P5_48XLARGE);
    expect(error).toContain('[hyperpod.profileNotOnInstanceType] `instanceGroups[0].partitions`');
    expect(error).toContain('choose one that ml.p5.48xlarge has: mig-1g.10gb, mig-1g.20gb, ');
  });

  test('of the chart that is too much for the GPU is answered with what fits', () => {
    expect(clusterWith(PartitionLayout.uniform(PartitionProfile.MIG_1G_10GB), InstanceType.P4D_24XLARGE).error).toContain(
      'use `PartitionLayout.mixed()` with 4 per GPU');
  });

  test('of your own that is too much for the GPU is answered with the general advice', () => {
    const { error } = clusterWith(PartitionLayout.mixed([{ profile: PartitionProfile.MIG_1G_10GB, count: 8 }]), InstanceType.P5_48XLARGE);
    expect(error).toContain('[hyperpod.layoutAboveGpu] `instanceGroups[0].partitions`');
    expect(error).not.toContain('the chart');
  });

  test('of a type without divisible GPUs brings a warning', () => {
    expect(clusterWith(PartitionLayout.uniform(PartitionProfile.MIG_1G_10GB), InstanceType.G5_48XLARGE).warnings.join()).toMatch(
      /`instanceGroups\[0\]\.instanceType` .*"ml\.g5\.48xlarge".*\[ack: cdk-hpc-clusters:hyperpod\.partitionsUnknown\]/);
    expect(clusterWith(PartitionLayout.disabled(), InstanceType.G5_48XLARGE).warnings).toEqual([]);
  });
});
