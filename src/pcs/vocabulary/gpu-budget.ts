import { checked } from '../../private/inputs/checked';

/** How many GPU hours a budget has, and of which GPUs. */
export interface GpuBudgetOptions {
  /**
   * The GPU hours: one GPU for one hour is one. More than 0; Slurm counts whole minutes.
   *
   * A job counts from its start to its end by the GPUs that it was given, whether it uses them or not.
   */
  readonly gpuHours: number;

  /**
   * The type of GPUs that count, as in the generic resources of the nodes, for example `h100`. Jobs that ask for GPUs without a type count
   * as well, where Slurm gives them such GPUs.
   *
   * @default - GPUs of all types
   */
  readonly gpuType?: string;
}

/** How often Slurm sets the usage of a cluster back to zero, in its words. TOTAL is ours: never. */
type BudgetPeriod = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'QUARTERLY' | 'YEARLY' | 'TOTAL';

/**
 * What a budget is made of.
 *
 * @internal
 */
export interface BudgetChoice extends GpuBudgetOptions {
  readonly period: BudgetPeriod;
}

/**
 * A budget of GPU hours.
 *
 * Slurm keeps it: a job that would go above what is left isn't started, and waits with the reason `AssocGrpGRESMinutes` (budget of an
 * account) or `QOSGrpGRESMinutes` (budget of a quality of service) until the next period begins or the budget is raised.
 *
 * Slurm has one period for a whole cluster, so all budgets of a cluster have the same one; `total()` goes with any. Usage is set
 * back for all accounts at once, at midnight of the controller's clock on the first day of the period.
 *
 * @see https://slurm.schedmd.com/resource_limits.html
 */
@checked('pcs.GpuBudget')
export class GpuBudget {
  /** A budget for each day. */
  public static daily(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'DAILY', ...options });
  }

  /** A budget for each week, which begins on Sunday. */
  public static weekly(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'WEEKLY', ...options });
  }

  /** A budget for each calendar month. */
  public static monthly(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'MONTHLY', ...options });
  }

  /** A budget for each quarter of a calendar year. */
  public static quarterly(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'QUARTERLY', ...options });
  }

  /** A budget for each calendar year. */
  public static yearly(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'YEARLY', ...options });
  }

  /**
   * A budget that is never filled up again, but raised: for a project that ends. For a quality of service only, which gets Slurm's flag
   * `NoDecay` for it. Give it `removalPolicy: RemovalPolicy.RETAIN`: with a quality of service that is deleted, Slurm forgets what
   * was used.
   */
  public static total(options: GpuBudgetOptions): GpuBudget {
    return new GpuBudget({ period: 'TOTAL', ...options });
  }

  /** @internal */
  public readonly _kind = 'pcs.GpuBudget';

  private constructor(
    /** @internal */
    public readonly _choice: BudgetChoice,
  ) {}

  /** The GPU hours. */
  public get gpuHours(): number { return this._choice.gpuHours; }
}
