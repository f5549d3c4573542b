import { checked } from '../../private/inputs/checked';

/**
 * A version of Slurm.
 *
 * Each has an end of life, after which no cluster can be made with it, and clusters that have it are suspended within 12 months.
 * A cluster takes a newer version in place; going back isn't possible.
 *
 * A version whose end of life was announced when this release was made is warned of, before that day and after it: what
 * synthesis says doesn't depend on when it runs.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-versions.html
 */
@checked('pcs.SlurmVersion')
export class SlurmVersion {
  /** Slurm 24.11. Past its end of life: only for clusters that have it already. */
  public static readonly V24_11 = new SlurmVersion('24.11', true, '2026-05-31');

  /** Slurm 25.05. Its end of life is 2026-11-30. */
  public static readonly V25_05 = new SlurmVersion('25.05', true, '2026-11-30');

  /** Slurm 25.11. */
  public static readonly V25_11 = new SlurmVersion('25.11', true);

  /** Slurm 26.05. */
  public static readonly V26_05 = new SlurmVersion('26.05', true);

  /**
   * A version that this library doesn't know. What needs a certain version isn't checked against it.
   *
   * @param value The version in the words of the service, for example `26.11`.
   */
  public static of(value: string): SlurmVersion {
    return new SlurmVersion(value, false);
  }

  /** @internal */
  public readonly _kind = 'pcs.SlurmVersion';

  private constructor(
    /** The version in the words of the service. */
    public readonly value: string,
    /** @internal */
    public readonly _known: boolean,
    /**
     * The end of life, where AWS had announced one when this release was made.
     *
     * @internal
     */
    public readonly _endOfLife?: string,
  ) {}

  /**
   * Whether this is known to be older than another version.
   *
   * @internal
   */
  public _isOlderThan(other: SlurmVersion): boolean {
    return this._known && this.value < other.value;
  }
}
