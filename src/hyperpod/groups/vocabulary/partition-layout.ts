import type { InstanceType } from './instance-type';
import type { PartitionProfile } from './partition-profile';
import { checked } from '../../../private/inputs/checked';
import { COMPUTE_SLICES_PER_GPU } from '../../private/facts/mig';
import { CHART_CONFIGS, CHART_CONFIG_MAP, DISABLED_CONFIG, chartCountOf, mixedConfigName, uniformConfigName } from '../../private/facts/mig-chart';

/** How many partitions of one profile each GPU of a node gets. */
export interface PartitionCount {
  /** The profile of the partitions. */
  readonly profile: PartitionProfile;

  /** How many partitions of it each GPU gets: a whole number of at least 1. */
  readonly count: number;
}

/** What a layout is made of, or nothing where it isn't known. */
interface Contents {
  readonly uniform?: PartitionProfile;
  readonly mixed?: PartitionCount[];
}

/**
 * How the GPUs of the nodes of an instance group are divided: each GPU of each node in the same way.
 *
 * A layout is the value of the node label `nvidia.com/mig.config`, which names an entry of a ConfigMap. The HyperPod Helm chart
 * brings a ConfigMap with the most common layouts; the entry for another one comes from `configMapEntry()`. Partitions need
 * Amazon EKS, the NVIDIA GPU operator of that chart, and a group of one instance type.
 *
 * Drain the nodes before you change their layout: it fails while jobs run.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html
 *
 * @example
 * const halves = hyperpod.PartitionLayout.uniform(hyperpod.PartitionProfile.MIG_3G_40GB);
 * new CfnOutput(this, 'Label', { value: halves.configName }); // all-3g.40gb
 */
@checked('hyperpod.PartitionLayout')
export class PartitionLayout {
  /** The node label whose value is the layout. */
  public static readonly LABEL_KEY = 'nvidia.com/mig.config';

  /** The name of the ConfigMap of the HyperPod Helm chart, in which the layouts are defined. */
  public static readonly CONFIG_MAP_NAME = CHART_CONFIG_MAP;

  /** As many partitions of one profile as each GPU has room for. */
  public static uniform(profile: PartitionProfile): PartitionLayout {
    return new PartitionLayout(uniformConfigName(profile.nvidiaName), { uniform: profile });
  }

  /**
   * Partitions of several profiles on each GPU, or fewer of one than there is room for.
   *
   * A GPU has seven compute slices and eight memory slices, and its partitions must fit into both. What doesn't fit a known
   * instance type is refused by the cluster that takes the layout.
   */
  public static mixed(counts: PartitionCount[]): PartitionLayout {
    const sorted = [...counts].sort((a, b) => sizeOf(a.profile) - sizeOf(b.profile));
    const name = mixedConfigName(sorted.map(({ profile, count }) => ({ count, nvidiaName: profile.nvidiaName })));
    return new PartitionLayout(name, { mixed: sorted });
  }

  /** Whole GPUs, on nodes that may have been partitioned before. */
  public static disabled(): PartitionLayout {
    return new PartitionLayout(DISABLED_CONFIG, { mixed: [] });
  }

  /**
   * A layout that your own ConfigMap defines. Nothing about it is checked.
   *
   * @param configName The key of the entry in the ConfigMap.
   */
  public static of(configName: string): PartitionLayout {
    return new PartitionLayout(configName);
  }

  /** The name of the layout: the value of the node label, and the key in the ConfigMap. */
  public readonly configName: string;

  /** The labels that the nodes of an instance group must have. */
  public readonly nodeLabels: Record<string, string>;

  /** Whether the HyperPod Helm chart is known to define the layout. If not, its `configMapEntry()` must be added to the ConfigMap. */
  public readonly inHyperPodChart: boolean;

  /** @internal */
  public readonly _contents?: Contents;

  /** @internal */
  public readonly _kind = 'hyperpod.PartitionLayout';

  private constructor(configName: string, contents?: Contents) {
    this.configName = configName;
    this.nodeLabels = { [PartitionLayout.LABEL_KEY]: configName };
    this.inHyperPodChart = CHART_CONFIGS.has(configName);
    this._contents = contents;
  }

  /**
   * The entry that defines the layout in the ConfigMap, as YAML to put below `mig-configs`. Undefined for a layout by name.
   *
   * @param instanceType The type of the nodes, which decides how many partitions of one profile there is room for. For a type
   * that isn't known, seven divided by the compute slices of the profile is taken.
   */
  public configMapEntry(instanceType: InstanceType): string | undefined {
    const perGpu = this._perGpu(instanceType);
    if (perGpu === undefined) { return undefined; }
    const lines = [`${this.configName}:`, '  - devices: all', `    mig-enabled: ${perGpu.length > 0}`];
    if (perGpu.length > 0) { lines.push('    mig-devices:'); }
    lines.push(...perGpu.map(({ profile, count }) => `      "${profile.nvidiaName}": ${count}`));
    return lines.join('\n') + '\n';
  }

  /**
   * What each GPU of an instance type gets, or undefined where that isn't known.
   *
   * @internal
   */
  public _perGpu(instanceType: InstanceType): PartitionCount[] | undefined {
    const uniform = this._contents?.uniform;
    if (!uniform) { return this._contents?.mixed; }
    const count = chartCountOf(uniform.nvidiaName)
      ?? instanceType._migGpu?.profiles.get(uniform.value)?.maxPerGpu
      ?? Math.max(1, Math.floor(COMPUTE_SLICES_PER_GPU / slicesOf(uniform)));
    return [{ profile: uniform, count }];
  }
}

/** The compute slices of a profile by its name, or all of them where the name says nothing. */
function slicesOf(profile: PartitionProfile): number {
  return Number(/^(\d+)g\./.exec(profile.nvidiaName)?.[1] ?? COMPUTE_SLICES_PER_GPU);
}

/** Orders profiles by their compute slices, then by their memory, as the chart does in its names. */
function sizeOf(profile: PartitionProfile): number {
  return slicesOf(profile) * 10_000 + Number(/\.(\d+)gb/.exec(profile.nvidiaName)?.[1] ?? 0);
}
