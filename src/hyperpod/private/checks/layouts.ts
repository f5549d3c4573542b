import type { Construct } from 'constructs';
import type { Problems } from '../../../private/problems';
import { isConcrete, warn } from '../../../private/problems';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { PartitionLayout } from '../../groups/vocabulary/partition-layout';
import { COMPUTE_SLICES_PER_GPU, MEMORY_SLICES_PER_GPU } from '../facts/mig';
import { DISABLED_CONFIG } from '../facts/mig-chart';
import { RULES } from '../rules';

/**
 * Whether the nodes of an instance group can be divided as its layout says. Layouts by name are not judged.
 *
 * @param group What stands before the names of the group's properties, such as `instanceGroups[0].`.
 */
export function checkLayout(problems: Problems, group: string, layout: PartitionLayout, instanceType: InstanceType): void {
  const property = `${group}partitions`;
  const mixed = layout._contents?.mixed;
  if (mixed && layout.configName !== DISABLED_CONFIG) {
    const names = new Set(mixed.map(({ profile }) => profile.value));
    const countsAreWhole = mixed.every(({ count }) => !isConcrete(count) || (Number.isInteger(count) && count >= 1));
    if (names.size === 0 || names.size < mixed.length || !countsAreWhole) {
      problems.add(RULES.layoutPartitions, { property, got: layout.configName });
      return;
    }
  }

  const gpu = instanceType._migGpu;
  if (!gpu) { return; }
  let computeSlices = 0;
  let memorySlices = 0;
  for (const { profile, count } of layout._perGpu(instanceType) ?? []) {
    const geometry = gpu.profiles.get(profile.value);
    if (!geometry && profile._judged) {
      problems.add(RULES.profileNotOnInstanceType, {
        property, got: profile.value, fix: `choose one that ${instanceType.value} has: ${[...gpu.profiles.keys()].join(', ')}`,
      });
    }
    if (geometry && isConcrete(count)) {
      computeSlices += count * geometry.computeSlices;
      memorySlices += count * geometry.memorySlices;
    }
  }
  if (computeSlices > COMPUTE_SLICES_PER_GPU || memorySlices > MEMORY_SLICES_PER_GPU) {
    const uniform = layout._contents?.uniform;
    const room = uniform && gpu.profiles.get(uniform.value)?.maxPerGpu;
    problems.add(RULES.layoutAboveGpu, {
      property,
      got: layout.configName,
      fix: room === undefined ? undefined
        : `the chart makes more of it than the ${gpu.model} has room for: use \`PartitionLayout.mixed()\` with ${room} per GPU, and add its entry to the ConfigMap`,
    });
  }
}

/** Advice on a layout that may work. */
export function adviseLayout(scope: Construct, group: string, layout: PartitionLayout, instanceType: InstanceType): void {
  if (layout._contents === undefined) { return; }
  if (!layout.inHyperPodChart) {
    warn(scope, RULES.layoutNotInChart, { property: `${group}partitions`, got: layout.configName });
  }
  if (instanceType._judged && !instanceType._migGpu && layout.configName !== DISABLED_CONFIG) {
    warn(scope, RULES.partitionsUnknown, { property: `${group}instanceType`, got: instanceType.value });
  }
}
