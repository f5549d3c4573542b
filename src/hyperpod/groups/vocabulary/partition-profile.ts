import { checked } from '../../../private/inputs/checked';

/**
 * A profile of NVIDIA multi-instance GPU (MIG): the share of a GPU that one partition has.
 *
 * Which profiles there are depends on the GPU. A profile that an instance type lacks is refused at synthesis.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html
 */
@checked('hyperpod.PartitionProfile')
export class PartitionProfile {
  /** 1 of 7 compute slices with 5 GB of memory: A100 with 40 GB. */
  public static readonly MIG_1G_5GB = PartitionProfile.known('mig-1g.5gb');

  /** 1 of 7 compute slices with 10 GB of memory: A100 with 40 GB, A100 with 80 GB and H100. */
  public static readonly MIG_1G_10GB = PartitionProfile.known('mig-1g.10gb');

  /** 1 of 7 compute slices with 18 GB of memory: H200. */
  public static readonly MIG_1G_18GB = PartitionProfile.known('mig-1g.18gb');

  /** 1 of 7 compute slices with 20 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_1G_20GB = PartitionProfile.known('mig-1g.20gb');

  /** 1 of 7 compute slices with 23 GB of memory: B200, GB200. */
  public static readonly MIG_1G_23GB = PartitionProfile.known('mig-1g.23gb');

  /** 1 of 7 compute slices with 35 GB of memory: H200. */
  public static readonly MIG_1G_35GB = PartitionProfile.known('mig-1g.35gb');

  /** 1 of 7 compute slices with 45 GB of memory: B200. */
  public static readonly MIG_1G_45GB = PartitionProfile.known('mig-1g.45gb');

  /** 1 of 7 compute slices with 47 GB of memory: GB200. */
  public static readonly MIG_1G_47GB = PartitionProfile.known('mig-1g.47gb');

  /** 2 of 7 compute slices with 10 GB of memory: A100 with 40 GB. */
  public static readonly MIG_2G_10GB = PartitionProfile.known('mig-2g.10gb');

  /** 2 of 7 compute slices with 20 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_2G_20GB = PartitionProfile.known('mig-2g.20gb');

  /** 2 of 7 compute slices with 35 GB of memory: H200. */
  public static readonly MIG_2G_35GB = PartitionProfile.known('mig-2g.35gb');

  /** 2 of 7 compute slices with 45 GB of memory: B200. */
  public static readonly MIG_2G_45GB = PartitionProfile.known('mig-2g.45gb');

  /** 2 of 7 compute slices with 47 GB of memory: GB200. */
  public static readonly MIG_2G_47GB = PartitionProfile.known('mig-2g.47gb');

  /** 3 of 7 compute slices with 20 GB of memory: A100 with 40 GB. */
  public static readonly MIG_3G_20GB = PartitionProfile.known('mig-3g.20gb');

  /** 3 of 7 compute slices with 40 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_3G_40GB = PartitionProfile.known('mig-3g.40gb');

  /** 3 of 7 compute slices with 71 GB of memory: H200. */
  public static readonly MIG_3G_71GB = PartitionProfile.known('mig-3g.71gb');

  /** 3 of 7 compute slices with 90 GB of memory: B200. */
  public static readonly MIG_3G_90GB = PartitionProfile.known('mig-3g.90gb');

  /** 3 of 7 compute slices with 93 GB of memory: GB200. */
  public static readonly MIG_3G_93GB = PartitionProfile.known('mig-3g.93gb');

  /** 4 of 7 compute slices with 20 GB of memory: A100 with 40 GB. */
  public static readonly MIG_4G_20GB = PartitionProfile.known('mig-4g.20gb');

  /** 4 of 7 compute slices with 40 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_4G_40GB = PartitionProfile.known('mig-4g.40gb');

  /** 4 of 7 compute slices with 71 GB of memory: H200. */
  public static readonly MIG_4G_71GB = PartitionProfile.known('mig-4g.71gb');

  /** 4 of 7 compute slices with 90 GB of memory: B200. */
  public static readonly MIG_4G_90GB = PartitionProfile.known('mig-4g.90gb');

  /** 4 of 7 compute slices with 93 GB of memory: GB200. */
  public static readonly MIG_4G_93GB = PartitionProfile.known('mig-4g.93gb');

  /** 7 of 7 compute slices with 40 GB of memory: A100 with 40 GB. */
  public static readonly MIG_7G_40GB = PartitionProfile.known('mig-7g.40gb');

  /** 7 of 7 compute slices with 80 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_7G_80GB = PartitionProfile.known('mig-7g.80gb');

  /** 7 of 7 compute slices with 141 GB of memory: H200. */
  public static readonly MIG_7G_141GB = PartitionProfile.known('mig-7g.141gb');

  /** 7 of 7 compute slices with 180 GB of memory: B200. */
  public static readonly MIG_7G_180GB = PartitionProfile.known('mig-7g.180gb');

  /** 7 of 7 compute slices with 186 GB of memory: GB200. */
  public static readonly MIG_7G_186GB = PartitionProfile.known('mig-7g.186gb');

  /** 1 of 7 compute slices with 34 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_1G_34GB = PartitionProfile.ofNodesAlone('mig-1g.34gb');

  /** 1 of 7 compute slices with 67 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_1G_67GB = PartitionProfile.ofNodesAlone('mig-1g.67gb');

  /** 2 of 7 compute slices with 67 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_2G_67GB = PartitionProfile.ofNodesAlone('mig-2g.67gb');

  /** 3 of 7 compute slices with 135 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_3G_135GB = PartitionProfile.ofNodesAlone('mig-3g.135gb');

  /** 4 of 7 compute slices with 135 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_4G_135GB = PartitionProfile.ofNodesAlone('mig-4g.135gb');

  /** 7 of 7 compute slices with 269 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_7G_269GB = PartitionProfile.ofNodesAlone('mig-7g.269gb');

  /**
   * A profile that has no constant here. Whether an instance type has it isn't checked; a quota for a profile that this version
   * doesn't know brings a warning.
   *
   * @param value The profile in the words of the service, such as `mig-1g.10gb`.
   */
  public static of(value: string): PartitionProfile {
    const inQuotas = PartitionProfile.constants().some(profile => profile.value === value && profile._inQuotas);
    return new PartitionProfile(value, { judged: false, inQuotas });
  }

  private static known(value: string): PartitionProfile {
    return new PartitionProfile(value, { judged: true, inQuotas: true });
  }

  private static ofNodesAlone(value: string): PartitionProfile {
    return new PartitionProfile(value, { judged: true, inQuotas: false });
  }

  private static constants(): PartitionProfile[] {
    return Object.values(PartitionProfile).filter(value => value instanceof PartitionProfile);
  }

  /** The profile in the words of the service, such as `mig-1g.10gb`. */
  public readonly value: string;

  /** The name as NVIDIA writes it, such as `1g.10gb`. */
  public readonly nvidiaName: string;

  /** The resource that a pod asks for in its limits, such as `nvidia.com/mig-1g.10gb`. */
  public readonly kubernetesResource: string;

  /** @internal */
  public readonly _judged: boolean;

  /** @internal */
  public readonly _inQuotas: boolean;

  /** @internal */
  public readonly _kind = 'hyperpod.PartitionProfile';

  private constructor(value: string, { judged, inQuotas }: { readonly judged: boolean; readonly inQuotas: boolean }) {
    this.value = value;
    this.nvidiaName = value.replace(/^mig-/, '');
    this.kubernetesResource = `nvidia.com/${value}`;
    this._judged = judged;
    this._inQuotas = inQuotas;
  }

  /** The profile in the words of the service, such as `mig-1g.10gb`. */
  public toString(): string {
    return this.value;
  }
}
