/**
 * A profile of NVIDIA multi-instance GPU (MIG): the share of a GPU that one partition has.
 *
 * Which profiles there are depends on the GPU. A profile that an instance type lacks is refused at synthesis.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html
 */
export class PartitionProfile {
  /** 1 of 7 compute slices with 5 GB of memory: A100 with 40 GB. */
  public static readonly MIG_1G_5GB = new PartitionProfile('mig-1g.5gb', true, true);

  /** 1 of 7 compute slices with 10 GB of memory: A100 with 40 GB, A100 with 80 GB and H100. */
  public static readonly MIG_1G_10GB = new PartitionProfile('mig-1g.10gb', true, true);

  /** 1 of 7 compute slices with 18 GB of memory: H200. */
  public static readonly MIG_1G_18GB = new PartitionProfile('mig-1g.18gb', true, true);

  /** 1 of 7 compute slices with 20 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_1G_20GB = new PartitionProfile('mig-1g.20gb', true, true);

  /** 1 of 7 compute slices with 23 GB of memory: B200, GB200. */
  public static readonly MIG_1G_23GB = new PartitionProfile('mig-1g.23gb', true, true);

  /** 1 of 7 compute slices with 35 GB of memory: H200. */
  public static readonly MIG_1G_35GB = new PartitionProfile('mig-1g.35gb', true, true);

  /** 1 of 7 compute slices with 45 GB of memory: B200. */
  public static readonly MIG_1G_45GB = new PartitionProfile('mig-1g.45gb', true, true);

  /** 1 of 7 compute slices with 47 GB of memory: GB200. */
  public static readonly MIG_1G_47GB = new PartitionProfile('mig-1g.47gb', true, true);

  /** 2 of 7 compute slices with 10 GB of memory: A100 with 40 GB. */
  public static readonly MIG_2G_10GB = new PartitionProfile('mig-2g.10gb', true, true);

  /** 2 of 7 compute slices with 20 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_2G_20GB = new PartitionProfile('mig-2g.20gb', true, true);

  /** 2 of 7 compute slices with 35 GB of memory: H200. */
  public static readonly MIG_2G_35GB = new PartitionProfile('mig-2g.35gb', true, true);

  /** 2 of 7 compute slices with 45 GB of memory: B200. */
  public static readonly MIG_2G_45GB = new PartitionProfile('mig-2g.45gb', true, true);

  /** 2 of 7 compute slices with 47 GB of memory: GB200. */
  public static readonly MIG_2G_47GB = new PartitionProfile('mig-2g.47gb', true, true);

  /** 3 of 7 compute slices with 20 GB of memory: A100 with 40 GB. */
  public static readonly MIG_3G_20GB = new PartitionProfile('mig-3g.20gb', true, true);

  /** 3 of 7 compute slices with 40 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_3G_40GB = new PartitionProfile('mig-3g.40gb', true, true);

  /** 3 of 7 compute slices with 71 GB of memory: H200. */
  public static readonly MIG_3G_71GB = new PartitionProfile('mig-3g.71gb', true, true);

  /** 3 of 7 compute slices with 90 GB of memory: B200. */
  public static readonly MIG_3G_90GB = new PartitionProfile('mig-3g.90gb', true, true);

  /** 3 of 7 compute slices with 93 GB of memory: GB200. */
  public static readonly MIG_3G_93GB = new PartitionProfile('mig-3g.93gb', true, true);

  /** 4 of 7 compute slices with 20 GB of memory: A100 with 40 GB. */
  public static readonly MIG_4G_20GB = new PartitionProfile('mig-4g.20gb', true, true);

  /** 4 of 7 compute slices with 40 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_4G_40GB = new PartitionProfile('mig-4g.40gb', true, true);

  /** 4 of 7 compute slices with 71 GB of memory: H200. */
  public static readonly MIG_4G_71GB = new PartitionProfile('mig-4g.71gb', true, true);

  /** 4 of 7 compute slices with 90 GB of memory: B200. */
  public static readonly MIG_4G_90GB = new PartitionProfile('mig-4g.90gb', true, true);

  /** 4 of 7 compute slices with 93 GB of memory: GB200. */
  public static readonly MIG_4G_93GB = new PartitionProfile('mig-4g.93gb', true, true);

  /** 7 of 7 compute slices with 40 GB of memory: A100 with 40 GB. */
  public static readonly MIG_7G_40GB = new PartitionProfile('mig-7g.40gb', true, true);

  /** 7 of 7 compute slices with 80 GB of memory: A100 with 80 GB and H100. */
  public static readonly MIG_7G_80GB = new PartitionProfile('mig-7g.80gb', true, true);

  /** 7 of 7 compute slices with 141 GB of memory: H200. */
  public static readonly MIG_7G_141GB = new PartitionProfile('mig-7g.141gb', true, true);

  /** 7 of 7 compute slices with 180 GB of memory: B200. */
  public static readonly MIG_7G_180GB = new PartitionProfile('mig-7g.180gb', true, true);

  /** 7 of 7 compute slices with 186 GB of memory: GB200. */
  public static readonly MIG_7G_186GB = new PartitionProfile('mig-7g.186gb', true, true);

  /** 1 of 7 compute slices with 34 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_1G_34GB = new PartitionProfile('mig-1g.34gb', true, false);

  /** 1 of 7 compute slices with 67 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_1G_67GB = new PartitionProfile('mig-1g.67gb', true, false);

  /** 2 of 7 compute slices with 67 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_2G_67GB = new PartitionProfile('mig-2g.67gb', true, false);

  /** 3 of 7 compute slices with 135 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_3G_135GB = new PartitionProfile('mig-3g.135gb', true, false);

  /** 4 of 7 compute slices with 135 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_4G_135GB = new PartitionProfile('mig-4g.135gb', true, false);

  /** 7 of 7 compute slices with 269 GB of memory: B300. For the layout of nodes: compute quotas don't know it yet. */
  public static readonly MIG_7G_269GB = new PartitionProfile('mig-7g.269gb', true, false);

  /**
   * A profile that has no constant here. Whether an instance type has it isn't checked; a quota for a profile that this version
   * doesn't know brings a warning.
   *
   * @param name The name as SageMaker writes it, such as `mig-1g.10gb`.
   */
  public static of(name: string): PartitionProfile {
    const constants = Object.values(PartitionProfile).filter(value => value instanceof PartitionProfile);
    return new PartitionProfile(name, false, constants.some(profile => profile.name === name && profile._inQuotas));
  }

  /** The name as SageMaker writes it, such as `mig-1g.10gb`. */
  public readonly name: string;

  /** The name as NVIDIA writes it, such as `1g.10gb`. */
  public readonly nvidiaName: string;

  /** The resource that a pod asks for in its limits, such as `nvidia.com/mig-1g.10gb`. */
  public readonly kubernetesResource: string;

  /** @internal */
  public readonly _judged: boolean;

  /** @internal */
  public readonly _inQuotas: boolean;

  private constructor(name: string, judged: boolean, inQuotas: boolean) {
    this.name = name;
    this.nvidiaName = name.replace(/^mig-/, '');
    this.kubernetesResource = `nvidia.com/${name}`;
    this._judged = judged;
    this._inQuotas = inQuotas;
  }

  /** The name as SageMaker writes it, such as `mig-1g.10gb`. */
  public toString(): string {
    return this.name;
  }
}
