import * as api from '@aws-sdk/client-sagemaker';
import {
  DeepHealthCheck, InstanceType, NetworkInterfaceType, NodeProvisioningMode, NodeRecovery, PartitionProfile, PatchingStrategy,
  PreemptTeamTasks, ResourceSharing, SharedLustreDeletionPolicy, SlurmConfigStrategy, TaintEffect,
} from '../../src/hyperpod';

/** CPU families that have no constants, since `InstanceType.of()` serves them as well: nothing is known of them that is checked. */
const FAMILIES_BY_NAME = ['c5n', 'c6a', 'c6g', 'c6i', 'c7g', 'c8g', 'i3en', 'm6a', 'm6g', 'm6i', 'm7g', 'm8g', 'r5d', 'r6i', 'r7i'];

/** Profiles that nodes can have and quotas can't: those of B300. */
const PROFILES_OF_NODES_ALONE = ['mig-1g.34gb', 'mig-1g.67gb', 'mig-2g.67gb', 'mig-3g.135gb', 'mig-4g.135gb', 'mig-7g.269gb'];

function namesOf(enumLike: object, type: new (...args: never[]) => { value: string }): string[] {
  return Object.values(enumLike).filter(value => value instanceof type).map(({ value }) => value);
}

describe('instance types', () => {
  const ours = namesOf(InstanceType, InstanceType as never);
  const theirs: string[] = Object.values(api.ClusterInstanceType);
  const familyOf = (name: string) => name.split('.')[1];

  test('the API has every one of ours', () => {
    expect(ours.filter(name => !theirs.includes(name))).toEqual([]);
  });

  test('we have every one of the API, but for whole families that are left to their names', () => {
    const missing = theirs.filter(name => !ours.includes(name));
    expect([...new Set(missing.map(familyOf))].sort()).toEqual(FAMILIES_BY_NAME);
    expect(ours.filter(name => FAMILIES_BY_NAME.includes(familyOf(name)))).toEqual([]);
  });

  test('figures are those of the size, of a family with accelerators or without', () => {
    const known = Object.values(InstanceType)
      .flatMap(type => type instanceof InstanceType && type._facts ? { name: type.value, ...type._facts } : []);
    expect(known.length).toBeGreaterThanOrEqual(80);
    const xlarges = (size: string) => ({ medium: 0.5, large: 0.5 })[size] ?? Number(/^(\d*)xlarge$/.exec(size)![1] || 1);
    for (const { name, accelerators, vcpus, memoryGib } of known) {
      const [, family, size] = name.split('.');
      expect([name, vcpus]).toEqual([name, 4 * xlarges(size)]);
      expect([name, accelerators > 0]).toEqual([name, /^(p|g|trn)/.test(family)]);
      expect([name, memoryGib / vcpus >= 2 && memoryGib / vcpus <= 64 / 3]).toEqual([name, true]);
    }
  });

  test('constants are called like the types', () => {
    for (const [constant, type] of Object.entries(InstanceType)) {
      expect(constant).toBe((type as InstanceType).value.replace(/^ml\./, '').replace(/[.-]/g, '_').toUpperCase());
    }
  });
});

describe('partition profiles', () => {
  const ours = namesOf(PartitionProfile, PartitionProfile as never);
  const theirs: string[] = Object.values(api.MIGProfileType);

  test('we have all 28 of the API', () => {
    expect(theirs).toHaveLength(28);
    expect(theirs.filter(name => !ours.includes(name))).toEqual([]);
  });

  test('the API has all of ours, but for those of nodes alone', () => {
    expect(ours.filter(name => !theirs.includes(name)).sort()).toEqual(PROFILES_OF_NODES_ALONE);
  });

  test('quotas are warned of exactly those that the API lacks', () => {
    const profiles = Object.values(PartitionProfile).filter((value): value is PartitionProfile => value instanceof PartitionProfile);
    expect(profiles.filter(profile => !profile._inQuotas).map(profile => profile.value).sort()).toEqual(PROFILES_OF_NODES_ALONE);
  });

  test('constants are called like the profiles', () => {
    for (const [constant, profile] of Object.entries(PartitionProfile)) {
      expect(constant).toBe((profile as PartitionProfile).value.replace(/[.-]/g, '_').toUpperCase());
    }
  });
});

test('strategies are those of the API', () => {
  const ours = [ResourceSharing.lend(), ResourceSharing.dontLend(), ResourceSharing.lendAndBorrow()].map(sharing => sharing.value);
  expect(ours.sort()).toEqual(Object.values(api.ResourceSharingStrategy).sort());
});

test.each<[string, object, Record<string, string>]>([
  ['ways of preemption', PreemptTeamTasks, api.PreemptTeamTasks],
  ['deep health checks', DeepHealthCheck, api.DeepHealthCheckType],
  ['taints', TaintEffect, api.ClusterKubernetesTaintEffect],
  ['network interfaces', NetworkInterfaceType, api.ClusterInterfaceType],
  ['ways of recovery', NodeRecovery, api.ClusterNodeRecovery],
  ['modes of provisioning', NodeProvisioningMode, api.ClusterNodeProvisioningMode],
  ['strategies of Slurm', SlurmConfigStrategy, api.ClusterSlurmConfigStrategy],
  ['strategies of patching', PatchingStrategy, api.ClusterPatchingStrategy],
  ['policies of file systems', SharedLustreDeletionPolicy, api.ClusterFSxLustreDeletionPolicy],
])('%s are those of the API', (_, ours, theirs) => {
  expect(namesOf(ours, ours as never).sort()).toEqual(Object.values(theirs).sort());
});
