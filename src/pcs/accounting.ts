import type { Duration } from 'aws-cdk-lib';

/** Options of Slurm accounting. */
export interface AccountingOptions {
  /**
   * How long job records are kept: 1 to 10,000 days.
   *
   * @default - for ever
   */
  readonly retention?: Duration;
}

/**
 * Whether the service keeps a database of jobs, users and accounts for the cluster.
 *
 * Can be changed in place.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-accounting.html
 */
export class Accounting {
  /**
   * Accounting managed by the service.
   *
   * Costs a usage fee while it is on, and storage for each GB and month.
   *
   * @see https://aws.amazon.com/pcs/pricing/
   */
  public static standard(options: AccountingOptions = {}): Accounting {
    return new Accounting('STANDARD', options.retention);
  }

  /** No accounting. */
  public static none(): Accounting {
    return new Accounting('NONE');
  }

  private constructor(
    /** The mode in the words of the service. */
    public readonly mode: string,
    /** How long job records are kept. */
    public readonly retention?: Duration,
  ) {}
}
