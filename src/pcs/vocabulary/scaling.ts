import { checked } from '../../private/inputs/checked';

/** The bounds of a node group that keeps some nodes on and adds others. */
export interface ScalingRange {
  /** Instances that are always on. */
  readonly min: number;

  /** The most instances that the group may have. */
  readonly max: number;
}

/**
 * How many instances a node group has.
 *
 * The bounds can be changed in place. Lowering the maximum ends the jobs on the nodes that go.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_cng_create.html
 */
@checked('pcs.Scaling')
export class Scaling {
  /**
   * Always this many instances, which are paid for whether jobs run or not.
   *
   * @param count Instances.
   */
  public static fixed(count: number): Scaling {
    return new Scaling(count, count);
  }

  /**
   * From none to this many instances, as jobs ask for them.
   *
   * @param max The most instances.
   */
  public static elastic(max: number): Scaling {
    return new Scaling(0, max);
  }

  /**
   * Some instances that are always on, and more as jobs ask for them.
   *
   * The pages of AWS disagree on whether this is supported, so a minimum above 0 and below the maximum is warned of.
   */
  public static between(bounds: ScalingRange): Scaling {
    return new Scaling(bounds.min, bounds.max);
  }

  /** @internal */
  public readonly _kind = 'pcs.Scaling';

  private constructor(
    /** Instances that are always on. */
    public readonly min: number,
    /** The most instances. */
    public readonly max: number,
  ) {}
}
