/**
 * The partition configurations that the HyperPod Helm chart installs: the keys of its ConfigMap `default-mig-config`.
 *
 * https://github.com/aws/sagemaker-hyperpod-cli, helm_chart/HyperPodHelmChart/charts/gpu-operator/config/default-mig-config.yaml,
 * of June 2026. The chart lists them by hand, so not every profile is there.
 */

/** The name of the ConfigMap that the chart makes. */
export const CHART_CONFIG_MAP = 'default-mig-config';

/** The configuration that switches partitioning off. */
export const DISABLED_CONFIG = 'all-disabled';

/** Configurations with one profile, by the profile as NVIDIA writes it, and how many of it each GPU gets. */
const UNIFORM: Readonly<Record<string, number>> = {
  '1g.5gb': 7,
  '1g.10gb': 7,
  '1g.18gb': 7,
  '1g.34gb': 7,
  '1g.67gb': 4,
  '2g.67gb': 3,
  '3g.20gb': 2,
  '3g.40gb': 2,
  '3g.71gb': 2,
  '3g.135gb': 2,
  '4g.135gb': 1,
  '7g.40gb': 1,
  '7g.80gb': 1,
  '7g.141gb': 1,
  '7g.269gb': 1,
};

/** The GPU families that have mixed configurations: what 1, 2 and 3 or 4 compute slices are called there. */
const FAMILIES = [
  { 1: '1g.5gb', 2: '2g.10gb', 3: '3g.20gb', 4: '4g.20gb' },
  { 1: '1g.10gb', 2: '2g.20gb', 3: '3g.40gb', 4: '4g.40gb' },
  { 1: '1g.18gb', 2: '2g.35gb', 3: '3g.71gb', 4: '4g.71gb' },
  { 1: '1g.34gb', 2: '2g.67gb', 3: '3g.135gb', 4: '4g.135gb' },
] as const;

/** The mixed configurations of each family: how many partitions of how many compute slices. */
const MIXES: readonly (readonly (readonly [count: number, slices: 1 | 2 | 3 | 4])[])[] = [
  [[1, 3], [1, 4]],
  [[1, 1], [1, 2], [1, 4]],
  [[3, 1], [1, 4]],
  [[1, 1], [1, 2], [1, 3]],
  [[3, 1], [1, 3]],
  [[2, 2], [1, 3]],
  [[2, 1], [1, 2], [1, 3]],
  [[4, 1], [1, 3]],
  [[1, 1], [3, 2]],
  [[3, 1], [2, 2]],
  [[5, 1], [1, 2]],
];

/** The name of a mixed configuration, from its parts in ascending order of size. */
export function mixedConfigName(parts: readonly { readonly count: number; readonly nvidiaName: string }[]): string {
  return ['mixed', ...parts.map(part => `${part.count}-${part.nvidiaName}`)].join('-');
}

/** The name of a configuration with one profile. */
export function uniformConfigName(nvidiaName: string): string {
  return `all-${nvidiaName}`;
}

/** How many partitions of a profile each GPU gets by the chart's configuration for it, where there is one. */
export function chartCountOf(nvidiaName: string): number | undefined {
  return Object.hasOwn(UNIFORM, nvidiaName) ? UNIFORM[nvidiaName] : undefined;
}

/** The names of all configurations of the chart. */
export const CHART_CONFIGS: ReadonlySet<string> = new Set([
  DISABLED_CONFIG,
  ...Object.keys(UNIFORM).map(uniformConfigName),
  ...FAMILIES.flatMap(family => MIXES.map(mix => mixedConfigName(mix.map(([count, slices]) => ({ count, nvidiaName: family[slices] }))))),
]);
