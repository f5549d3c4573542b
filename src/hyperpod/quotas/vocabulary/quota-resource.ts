import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { checked } from '../../../private/inputs/checked';
import type { InstanceSize } from '../../../private/instance-types';
import { isConcrete } from '../../../private/problems';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { PartitionProfile } from '../../groups/vocabulary/partition-profile';
import { COMPUTE_SLICES_PER_GPU } from '../../private/facts/mig';

/** A number of whole instances. */
export interface InstanceAmount {
  /** The type of the instances. The cluster must have an instance group of this type. */
  readonly instanceType: InstanceType;

  /** How many instances: a whole number from 0 to 10,000,000. */
  readonly count: number;
}

/** A number of whole accelerators: GPUs or Trainium chips. */
export interface AcceleratorAmount {
  /** The type of the instances that have the accelerators. */
  readonly instanceType: InstanceType;

  /** How many accelerators: a whole number from 0 to 10,000,000. */
  readonly count: number;

  /**
   * How many vCPUs go with them: 0 to 10,000,000.
   *
   * @default - the accelerators' share of the vCPUs of the instance; SageMaker fills it in
   */
  readonly vcpus?: number;

  /**
   * How much memory goes with them.
   *
   * @default - the accelerators' share of the memory of the instance; SageMaker fills it in
   */
  readonly memory?: Size;
}

/** An amount of vCPUs and memory without accelerators. At least one of the two is needed. */
export interface ComputeAmount {
  /** The type of the instances that have the vCPUs and the memory. */
  readonly instanceType: InstanceType;

  /**
   * How many vCPUs: 0 to 10,000,000.
   *
   * @default - in the ratio of the memory; SageMaker fills it in
   */
  readonly vcpus?: number;

  /**
   * How much memory.
   *
   * @default - in the ratio of the vCPUs; SageMaker fills it in
   */
  readonly memory?: Size;
}

/** A number of accelerator partitions of one profile. */
export interface PartitionAmount {
  /**
   * The type of the instances whose GPUs are partitioned. A type that is known and lacks the profile is refused.
   */
  readonly instanceType: InstanceType;

  /** The profile of the partitions. */
  readonly profile: PartitionProfile;

  /** How many partitions: a whole number from 0 to 10,000,000. */
  readonly count: number;

  /**
   * How many vCPUs go with them: 0 to 10,000,000.
   *
   * @default - the partitions' share of the vCPUs of the instance; SageMaker fills it in
   */
  readonly vcpus?: number;

  /**
   * How much memory goes with them.
   *
   * @default - the partitions' share of the memory of the instance; SageMaker fills it in
   */
  readonly memory?: Size;
}

/** What a quota entry counts. */
type Kind = 'instances' | 'accelerators' | 'compute' | 'partitions';

/**
 * An amount of compute on one instance type: whole instances, whole accelerators, partitions of accelerators, or only vCPUs
 * and memory.
 *
 * Where vCPUs and memory are left out, SageMaker fills them in by the share of the instance that is asked for. The values it
 * fills in show when the quota is read, so drift detection may report them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaResourceConfig.html
 */
@checked('hyperpod.QuotaResource')
export class QuotaResource {
  /** Whole instances, with everything that they have. */
  public static instances(amount: InstanceAmount): QuotaResource {
    return new QuotaResource('instances', amount.instanceType, amount.count);
  }

  /** Whole accelerators, with their share of vCPUs and memory or with what is given. */
  public static accelerators(amount: AcceleratorAmount): QuotaResource {
    return new QuotaResource('accelerators', amount.instanceType, amount.count, {
      vcpus: amount.vcpus, memory: amount.memory, share: total => amount.count / total,
    });
  }

  /** vCPUs and memory without accelerators, for data preparation and the like. */
  public static compute(amount: ComputeAmount): QuotaResource {
    return new QuotaResource('compute', amount.instanceType, undefined, { vcpus: amount.vcpus, memory: amount.memory });
  }

  /**
   * Partitions of accelerators, with their share of vCPUs and memory or with what is given.
   *
   * The nodes must be partitioned to match: see `PartitionLayout`.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html
   */
  public static partitions(amount: PartitionAmount): QuotaResource {
    const geometry = amount.instanceType._migGpu?.profiles.get(amount.profile.value);
    return new QuotaResource('partitions', amount.instanceType, amount.count, {
      vcpus: amount.vcpus,
      memory: amount.memory,
      share: geometry && (total => (amount.count * geometry.computeSlices) / (total * COMPUTE_SLICES_PER_GPU)),
      profile: amount.profile,
    });
  }

  /** The type of the instances. */
  public readonly instanceType: InstanceType;

  /** @internal */
  public readonly _counted: Kind;

  /** @internal */
  public readonly _count?: number;

  /** @internal */
  public readonly _vcpus?: number;

  /** @internal */
  public readonly _memoryGib?: number;

  /** @internal */
  public readonly _profile?: PartitionProfile;

  /** The part of one instance that is asked for, where it is known. */
  private readonly share?: Share;

  /** @internal */
  public readonly _kind = 'hyperpod.QuotaResource';

  private constructor(kind: Kind, instanceType: InstanceType, count?: number, details: Details = {}) {
    this._counted = kind;
    this.instanceType = instanceType;
    this._count = count;
    this._vcpus = details.vcpus;
    this._memoryGib = details.memory?.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
    this._profile = details.profile;
    this.share = isConcrete(count) ? details.share : undefined;
  }

  /**
   * How many vCPUs SageMaker is expected to fill in, rounded down. An estimate: AWS documents that it goes by the share of
   * the instance, not how it is rounded.
   *
   * Undefined where they are given, where they don't apply, and where the instance type isn't known.
   */
  public get estimatedVcpus(): number | undefined {
    return this._vcpus === undefined ? this.estimate(facts => facts.vcpus) : undefined;
  }

  /**
   * How much memory SageMaker is expected to fill in, rounded down to GiB. An estimate, as for the vCPUs.
   *
   * Undefined where it is given, where it doesn't apply, and where the instance type isn't known.
   */
  public get estimatedMemory(): Size | undefined {
    const gib = this._memoryGib === undefined ? this.estimate(facts => facts.memoryGib) : undefined;
    return gib === undefined ? undefined : Size.gibibytes(gib);
  }

  private estimate(whole: (facts: InstanceSize) => number): number | undefined {
    if (!this.share) { return undefined; }
    const facts = this.instanceType._facts;
    return facts && Math.floor((facts.accelerators && this.share(facts.accelerators)) * whole(facts));
  }

  /** @internal */
  public _render(): Record<string, unknown> {
    return {
      InstanceType: this.instanceType.value,
      Count: this._counted === 'instances' ? this._count : undefined,
      Accelerators: this._counted === 'accelerators' ? this._count : undefined,
      AcceleratorPartition: this._profile && { Type: this._profile.value, Count: this._count },
      VCpu: this._vcpus,
      MemoryInGiB: this._memoryGib,
    };
  }
}

/** The part of one instance that is asked for, by its accelerators. They are read when an estimate is, which few apps ask for. */
type Share = (accelerators: number) => number;

interface Details {
  readonly vcpus?: number;
  readonly memory?: Size;
  /** The part of one instance that is asked for. */
  readonly share?: Share;
  readonly profile?: PartitionProfile;
}
