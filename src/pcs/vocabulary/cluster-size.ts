import { checked } from '../../private/inputs/checked';

/**
 * What a size allows.
 *
 * @internal
 */
export type SizeLimits = { readonly nodes: number; readonly jobs: number };

/**
 * The size of a cluster: how many nodes and jobs its scheduler is made for, and what it costs each hour.
 *
 * A change replaces the cluster.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_clusters_create.html
 * @see https://aws.amazon.com/pcs/pricing/
 */
@checked('pcs.ClusterSize')
export class ClusterSize {
  /** Up to 32 nodes and 256 jobs. */
  public static readonly SMALL = new ClusterSize('SMALL', { nodes: 32, jobs: 256 });

  /** Up to 512 nodes and 8,192 jobs. */
  public static readonly MEDIUM = new ClusterSize('MEDIUM', { nodes: 512, jobs: 8192 });

  /** Up to 2,048 nodes and 16,384 jobs. */
  public static readonly LARGE = new ClusterSize('LARGE', { nodes: 2048, jobs: 16384 });

  /**
   * A size that this library doesn't know. Its limits aren't checked.
   *
   * @param value The size in the words of the service.
   */
  public static of(value: string): ClusterSize {
    return new ClusterSize(value);
  }

  /** The most instances that the node groups of the cluster may have together. Undefined for sizes made by `of`. */
  public readonly maxNodes?: number;

  /** The most jobs that the cluster tracks at a time. Undefined for sizes made by `of`. */
  public readonly maxJobs?: number;

  /** @internal */
  public readonly _kind = 'pcs.ClusterSize';

  private constructor(
    /** The size in the words of the service. */
    public readonly value: string,
    limits?: SizeLimits,
  ) {
    this.maxNodes = limits?.nodes;
    this.maxJobs = limits?.jobs;
  }
}
