/**
 * How NVIDIA multi-instance GPU (MIG) divides the GPUs of HyperPod instance types.
 *
 * Which profiles a type has, and how many of one profile fit on one GPU:
 * - HyperPod's list of supported types and profiles:
 *   https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html
 * - the profiles by GPU: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 * - for B300, the partition ConfigMap of the HyperPod Helm chart: https://github.com/aws/sagemaker-hyperpod-cli
 */

/** One profile on one GPU. A GPU has seven compute slices and eight memory slices; partitions must fit into both. */
export interface ProfileGeometry {
  readonly profile: string;
  /** How many partitions of this profile alone fit on one GPU. */
  readonly maxPerGpu: number;
  readonly computeSlices: number;
  readonly memorySlices: number;
}

/** A GPU model that can be divided. */
export interface MigGpu {
  readonly model: string;
  readonly profiles: ReadonlyMap<string, ProfileGeometry>;
}

/** The compute slices of every GPU that can be divided. */
export const COMPUTE_SLICES_PER_GPU = 7;

/** The memory slices of every GPU that can be divided. */
export const MEMORY_SLICES_PER_GPU = 8;

/**
 * Every data-centre GPU so far has six profiles of the same shape, that differ in the memory that one slice has. The second
 * is one compute slice with twice the memory.
 */
function gpu(model: string, oneSlice: number, twoSlices: number, fourSlices: number, whole: number): MigGpu {
  const profiles: ProfileGeometry[] = [
    { profile: `mig-1g.${oneSlice}gb`, maxPerGpu: 7, computeSlices: 1, memorySlices: 1 },
    { profile: `mig-1g.${twoSlices}gb`, maxPerGpu: 4, computeSlices: 1, memorySlices: 2 },
    { profile: `mig-2g.${twoSlices}gb`, maxPerGpu: 3, computeSlices: 2, memorySlices: 2 },
    { profile: `mig-3g.${fourSlices}gb`, maxPerGpu: 2, computeSlices: 3, memorySlices: 4 },
    { profile: `mig-4g.${fourSlices}gb`, maxPerGpu: 1, computeSlices: 4, memorySlices: 4 },
    { profile: `mig-7g.${whole}gb`, maxPerGpu: 1, computeSlices: 7, memorySlices: 8 },
  ];
  return { model, profiles: new Map(profiles.map(geometry => [geometry.profile, geometry])) };
}

const H200 = gpu('H200', 18, 35, 71, 141);

const GPUS: Readonly<Record<string, MigGpu>> = {
  'ml.p4d.24xlarge': gpu('A100 40 GB', 5, 10, 20, 40),
  'ml.p4de.24xlarge': gpu('A100 80 GB', 10, 20, 40, 80),
  'ml.p5.48xlarge': gpu('H100', 10, 20, 40, 80),
  'ml.p5e.48xlarge': H200,
  'ml.p5en.48xlarge': H200,
  'ml.p6-b200.48xlarge': gpu('B200', 23, 45, 90, 180),
  'ml.p6-b300.48xlarge': gpu('B300', 34, 67, 135, 269),
  'ml.p6e-gb200.36xlarge': gpu('GB200', 23, 47, 93, 186),
};

/** The instance types whose GPUs are known to be divisible. */
export const MIG_INSTANCE_TYPES: readonly string[] = Object.keys(GPUS);

/** The GPU of an instance type, where it is known to be divisible. */
export function migGpuOf(instanceType: string): MigGpu | undefined {
  return Object.hasOwn(GPUS, instanceType) ? GPUS[instanceType] : undefined;
}
