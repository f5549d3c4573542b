import type { InstanceType } from './instance-type';
import { checked } from '../../../private/inputs/checked';

/** Instances of one type. */
export interface InstancesOfTypeOptions {
  /** The type of every instance. The service refuses to change it: make another group. */
  readonly instanceType: InstanceType;

  /** How many instances the group has: 0 to 6758. Changed in place. */
  readonly count: number;

  /**
   * How many instances must be there before the group counts as ready: 0 to `count`. Needs
   * `NodeProvisioningMode.CONTINUOUS`. Changed in place.
   *
   * @default - the service's own
   */
  readonly minCount?: number;
}

/** Instances of several types. */
export interface FlexibleInstancesOptions {
  /** The types in the order in which they are tried: 1 to 20, each once. */
  readonly instanceTypes: InstanceType[];

  /** How many instances the group has: 0 to 6758. Changed in place. */
  readonly count: number;

  /**
   * How many instances must be there before the group counts as ready: 0 to `count`. Changed in place.
   *
   * @default - the service's own
   */
  readonly minCount?: number;
}

/**
 * Which instances an instance group has, and how many.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterInstanceGroupSpecification.html
 */
@checked('hyperpod.Instances')
export class Instances {
  /** Instances of one type. */
  public static ofType(options: InstancesOfTypeOptions): Instances {
    return new Instances([options.instanceType], options.count, options.minCount, false);
  }

  /**
   * Instances of whichever type is available, by priority. Needs `NodeProvisioningMode.CONTINUOUS`. Their GPUs can't be
   * partitioned.
   */
  public static flexible(options: FlexibleInstancesOptions): Instances {
    return new Instances(options.instanceTypes, options.count, options.minCount, true);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.Instances';

  private constructor(
    /** @internal */
    public readonly _instanceTypes: InstanceType[],
    /** @internal */
    public readonly _count: number,
    /** @internal */
    public readonly _minCount: number | undefined,
    /** @internal */
    public readonly _flexible: boolean,
  ) {}
}
