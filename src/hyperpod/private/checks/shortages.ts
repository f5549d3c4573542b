import { isConcrete } from '../../../private/problems';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { PartitionLayout } from '../../groups/vocabulary/partition-layout';
import type { QuotaResource } from '../../quotas/vocabulary/quota-resource';
import { DISABLED_CONFIG } from '../facts/mig-chart';

/** What one instance group brings to its cluster. */
export interface GroupCapacity {
  readonly instanceType: InstanceType;
  /** How many instances the group has for certain. Neither a token nor undefined is a number that is known. */
  readonly instanceCount?: number;
  readonly partitions?: PartitionLayout;
}

/** A cluster that knows what its instance groups have, as every `Cluster` does. */
export interface CapacityHolder {
  /** Whether the groups are made by the app, instead of described for this very purpose. */
  readonly _capacityIsCreated?: boolean;

  /** Who places jobs, where it is known. */
  readonly _orchestratorKind?: 'eks' | 'slurm';

  /** Whether SageMaker replaces nodes by itself, where it is known. */
  readonly _isRecovered?: boolean;

  /** Every instance group, or undefined where they aren't known. Read at the end of synthesis, when all groups are there. */
  _capacity(): GroupCapacity[] | undefined;
}

/** What one quota promises its team. */
export interface QuotaDemand {
  readonly path: string;
  readonly resources: QuotaResource[];
}

/** Something of which more is promised than there is. */
export interface Shortage {
  readonly instanceType: string;
  /** What there is too little of: `instances`, `accelerators`, a partition profile, `vcpus` or `memoryGib`. */
  readonly resource: string;
  readonly promised: number;
  readonly capacity: number;
  readonly quotas: string[];
}

/** What quotas promise beyond what there is. */
export interface Shortages {
  /** What no group of the cluster has at all, however many instances it were given. */
  readonly notCarried: Shortage[];
  /** Partitions that no group is said to have, of GPUs of which nothing is said, so that somebody else may divide them. */
  readonly notDivided: Shortage[];
  /** What the groups have too little of. */
  readonly aboveCapacity: Shortage[];
}

interface Promises {
  instances: number;
  accelerators: number;
  vcpus: number;
  memoryGib: number;
  readonly partitions: Map<string, number>;
  readonly quotas: Set<string>;
}

/**
 * What quotas promise beyond what the groups of a cluster have.
 *
 * Every sum is a lower bound: what isn't known counts as nothing. So a shortage is one for certain.
 */
export function findShortages(groups: GroupCapacity[], quotas: QuotaDemand[]): Shortages {
  const shortages: Shortages = { notCarried: [], notDivided: [], aboveCapacity: [] };
  for (const [instanceType, promises] of sumPromises(quotas)) {
    const ofType = groups.filter(group => group.instanceType.value === instanceType);
    if (!ofType.every(isCounted)) { continue; }
    noteShortages(shortages, instanceType, ofType, promises);
  }
  return shortages;
}

/** A group of which it is known how many instances it has. */
type CountedGroup = GroupCapacity & { readonly instanceCount: number };

function isCounted(group: GroupCapacity): group is CountedGroup {
  return isConcrete(group.instanceCount);
}

/** Notes a shortage where more is promised than the groups have that carry the resource. */
type Compare = (resource: string, promised: number, capacity: number, carriers: unknown[], withoutCarriers?: Shortage[]) => void;

function sumPromises(quotas: QuotaDemand[]): Map<string, Promises> {
  const byType = new Map<string, Promises>();
  for (const { path, resources } of quotas) {
    for (const { instanceType, _counted: kind, _count: count, _vcpus: vcpus, _memoryGib: memory, _profile: profile } of resources) {
      let promises = byType.get(instanceType.value);
      if (!promises) {
        promises = { instances: 0, accelerators: 0, vcpus: 0, memoryGib: 0, partitions: new Map(), quotas: new Set() };
        byType.set(instanceType.value, promises);
      }
      promises.quotas.add(path);
      const known = isConcrete(count) ? count : 0;
      if (kind === 'instances') { promises.instances += known; }
      if (kind === 'accelerators') { promises.accelerators += known; }
      if (profile) { promises.partitions.set(profile.value, (promises.partitions.get(profile.value) ?? 0) + known); }
      if (isConcrete(vcpus)) { promises.vcpus += vcpus; }
      if (isConcrete(memory)) { promises.memoryGib += memory; }
    }
  }
  return byType;
}

function noteShortages(shortages: Shortages, instanceType: string, groups: CountedGroup[], promises: Promises): void {
  const quotas = [...promises.quotas];
  let noted = 0;
  const compare: Compare = (resource, promised, capacity, carriers, withoutCarriers = shortages.notCarried) => {
    // Shares of instances are fractions, so exact sums of them may differ in the last digits.
    if (promised > capacity + 1e-6) {
      const list = carriers.length === 0 ? withoutCarriers : shortages.aboveCapacity;
      list.push({ instanceType, resource, promised: Math.round(promised * 100) / 100, capacity, quotas });
      noted++;
    }
  };

  if (groups.length === 0) {
    const amounts = [
      ['instances', promises.instances], ['accelerators', promises.accelerators], ...promises.partitions,
      ['vcpus', promises.vcpus], ['memoryGib', promises.memoryGib],
    ] as const;
    const [resource, promised] = amounts.find(([, amount]) => amount > 0) ?? amounts[0];
    compare(resource, promised, 0, groups);
    return;
  }
  const instances = groups.reduce((sum, group) => sum + group.instanceCount, 0);
  // Equal types have equal facts; types by name have none.
  const facts = groups.find(group => group.instanceType._facts)?.instanceType._facts;
  const nodes = facts && facts.accelerators > 0 ? nodesFor(groups, promises, facts.accelerators, compare, shortages) : 0;
  // One shortage brings others of the same cause; only the first is told.
  compare('instances', promises.instances + (noted === 0 ? nodes : 0), instances, groups);
  if (facts && noted === 0) {
    compare('vcpus', promises.instances * facts.vcpus + promises.vcpus, instances * facts.vcpus, groups);
    compare('memoryGib', promises.instances * facts.memoryGib + promises.memoryGib, instances * facts.memoryGib, groups);
  }
}

/**
 * Compares accelerators and partitions with the groups that offer them, and returns how many nodes they take up.
 *
 * Partitions of several profiles come from the same nodes, so a layout takes as many nodes as its scarcest profile needs.
 */
function nodesFor(
  groups: CountedGroup[], promises: Promises, acceleratorsPerNode: number, compare: Compare, { notCarried, notDivided }: Shortages,
): number {
  const layouts = groups.map(group => ({
    name: group.partitions?.configName ?? DISABLED_CONFIG,
    count: group.instanceCount,
    perGpu: group.partitions ? group.partitions._perGpu(group.instanceType) : [],
  }));
  if (layouts.some(layout => layout.perGpu === undefined)) { return 0; }

  const whole = layouts.filter(layout => layout.perGpu!.length === 0);
  compare('accelerators', promises.accelerators, whole.reduce((sum, layout) => sum + layout.count, 0) * acceleratorsPerNode, whole);

  // An instance that is promised whole has GPUs that aren't divided.
  if (whole.length < layouts.length) {
    compare('instances', promises.instances + promises.accelerators / acceleratorsPerNode, whole.reduce((sum, layout) => sum + layout.count, 0), groups);
  }

  const withoutOffers = groups.some(group => group.partitions === undefined) ? notDivided : notCarried;
  const nodesByLayout = new Map<string, number>();
  for (const [profile, promised] of promises.partitions) {
    const offers = layouts.flatMap(({ name, count, perGpu }) => perGpu!
      .filter(part => part.profile.value === profile)
      .map(part => ({ name, perNode: part.count * acceleratorsPerNode, count })));
    compare(profile, promised, offers.reduce((sum, offer) => sum + offer.perNode * offer.count, 0), offers, withoutOffers);
    if (offers.length > 0 && offers.every(offer => offer.name === offers[0].name)) {
      const { name, perNode } = offers[0];
      nodesByLayout.set(name, Math.max(nodesByLayout.get(name) ?? 0, promised / perNode));
    }
  }
  return promises.accelerators / acceleratorsPerNode + [...nodesByLayout.values()].reduce((sum, nodes) => sum + nodes, 0);
}
