import type { Duration } from 'aws-cdk-lib';
import { checked } from '../../private/inputs/checked';

/**
 * What a job must have in the accounting database before it runs.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-accounting.html
 */
@checked('pcs.AccountingEnforcement')
export class AccountingEnforcement {
  /** An association: a user of an account of the cluster. */
  public static readonly ASSOCIATIONS = new AccountingEnforcement('associations');

  /** Room within the limits of its association. Includes `ASSOCIATIONS`. */
  public static readonly LIMITS = new AccountingEnforcement('limits');

  /** A valid quality of service. Includes `ASSOCIATIONS`. */
  public static readonly QOS = new AccountingEnforcement('qos');

  /** Room to end within the limits of its association: it doesn't start otherwise. Includes `ASSOCIATIONS` and `LIMITS`. */
  public static readonly SAFE = new AccountingEnforcement('safe');

  /** Nothing, but its steps aren't recorded. */
  public static readonly NO_STEPS = new AccountingEnforcement('nosteps');

  /** Nothing, but it isn't recorded, and neither are its steps. */
  public static readonly NO_JOBS = new AccountingEnforcement('nojobs');

  /**
   * A value that this library doesn't know.
   *
   * @param value The value in the words of `AccountingStorageEnforce` of Slurm.
   */
  public static of(value: string): AccountingEnforcement {
    return new AccountingEnforcement(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.AccountingEnforcement';

  private constructor(
    /** The value in the words of Slurm. */
    public readonly value: string,
  ) {}
}

/** Options of Slurm accounting. */
export interface AccountingOptions {
  /**
   * How long job records are kept: 1 to 10,000 days.
   *
   * @default - for ever
   */
  readonly retention?: Duration;

  /**
   * What jobs must have in the accounting database before they run.
   *
   * Users and accounts are made by `SlurmAccount`, or with `sacctmgr` on a node, after the cluster. Changed in place.
   *
   * @default - nothing; limits and budgets of `SlurmAccount` and `SlurmQos` turn on what they need
   */
  readonly enforcement?: AccountingEnforcement[];
}

/**
 * Whether the service keeps a database of jobs, users and accounts for the cluster.
 *
 * Can be changed in place.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-accounting.html
 */
@checked('pcs.Accounting')
export class Accounting {
  /**
   * Accounting managed by the service.
   *
   * Costs a usage fee while it is on, and storage for each GB and month.
   *
   * @see https://aws.amazon.com/pcs/pricing/
   */
  public static standard(options: AccountingOptions = {}): Accounting {
    return new Accounting('STANDARD', options.retention, options.enforcement);
  }

  /** No accounting. */
  public static none(): Accounting {
    return new Accounting('NONE');
  }

  /** @internal */
  public readonly _kind = 'pcs.Accounting';

  private constructor(
    /** The mode in the words of the service. */
    public readonly value: string,
    /** How long job records are kept. */
    public readonly retention?: Duration,
    /** What jobs must have in the accounting database before they run. */
    public readonly enforcement?: AccountingEnforcement[],
  ) {}
}
