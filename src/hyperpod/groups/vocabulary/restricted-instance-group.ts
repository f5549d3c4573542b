import type { Size } from 'aws-cdk-lib';
import type { InstanceGroupBaseOptions } from './instance-group';
import type { InstanceType } from './instance-type';
import { checked } from '../../../private/inputs/checked';

/** A file system of FSx for Lustre that SageMaker makes for restricted groups. It costs money while it exists. */
export interface RestrictedLustreOptions {
  /** The size: 1200 to 100800 GiB. */
  readonly size: Size;

  /** The throughput: 125 to 1000 MB/s per TiB. */
  readonly perUnitStorageThroughput: number;
}

/**
 * What happens to the shared file system of restricted groups.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
@checked('hyperpod.SharedLustreDeletionPolicy')
export class SharedLustreDeletionPolicy {
  /** It is deleted, with everything on it, when no group uses it. */
  public static readonly DELETE_IF_NOT_USED = new SharedLustreDeletionPolicy('DeleteIfNotUsed');

  /** It is kept. */
  public static readonly KEEP = new SharedLustreDeletionPolicy('Keep');

  /**
   * A policy that this library doesn't know. It isn't checked.
   *
   * @param value The policy in the words of the service.
   */
  public static of(value: string): SharedLustreDeletionPolicy {
    return new SharedLustreDeletionPolicy(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.SharedLustreDeletionPolicy';

  private constructor(
    /** The policy in the words of the service. */
    public readonly value: string,
  ) {}
}

/** What the restricted groups of a cluster share. */
export interface RestrictedSharedEnvironment {
  /** What happens to the file system when no group uses it. */
  readonly lustreDeletionPolicy: SharedLustreDeletionPolicy;

  /**
   * The file system.
   *
   * @default - the service's own
   */
  readonly lustre?: RestrictedLustreOptions;
}

/** Options of a restricted instance group. */
export interface RestrictedInstanceGroupOptions extends InstanceGroupBaseOptions {
  /** The type of every instance. The service refuses to change it: make another group. */
  readonly instanceType: InstanceType;

  /**
   * How many instances the group has: 0 to 6758. Changed in place; 0 keeps the file system, and removing the group deletes it.
   */
  readonly instanceCount: number;

  /**
   * The file system of the group.
   *
   * @default - the service's own
   */
  readonly lustre?: RestrictedLustreOptions;
}
