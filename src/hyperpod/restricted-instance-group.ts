import type { InstanceGroupBaseOptions } from './instance-group';
import type { InstanceType } from './instance-type';

/** A file system of FSx for Lustre that SageMaker makes for restricted groups. It costs money while it exists. */
export interface RestrictedLustreOptions {
  /** The size: 1200 to 100800 GiB. */
  readonly sizeGib: number;

  /** The throughput: 125 to 1000 MB/s per TiB. */
  readonly perUnitStorageThroughput: number;
}

/**
 * What happens to the shared file system of restricted groups.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
export enum SharedLustreDeletionPolicy {
  /** It is deleted, with everything on it, when no group uses it. */
  DELETE_IF_NOT_USED = 'DeleteIfNotUsed',

  /** It is kept. */
  KEEP = 'Keep',
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
