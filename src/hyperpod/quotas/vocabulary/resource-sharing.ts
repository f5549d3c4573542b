import type { QuotaResource } from './quota-resource';
import { checked } from '../../../private/inputs/checked';

/** How much a team may borrow. */
export interface BorrowOptions {
  /**
   * How much of each resource the team may borrow, in percent of its own quota: a whole number from 0 to 10,000.
   *
   * AWS documents 1 to 500, so a value outside of that brings a warning.
   *
   * @default - 50, by SageMaker
   */
  readonly maxBorrowPercent?: number;

  /**
   * The most that the team may borrow of single resources, whatever the percentage says. Up to 15.
   *
   * @default - only the percentage counts
   */
  readonly absoluteBorrowLimits?: QuotaResource[];
}

/** A way of sharing by the name that the API has for it. */
export interface ResourceSharingOptions extends BorrowOptions {
  /** The strategy, such as `LendAndBorrow`. With `Lend` and `DontLend` there is nothing to limit, and a limit is refused. */
  readonly strategy: string;
}

/**
 * What happens to compute that a team doesn't use.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceSharingConfig.html
 */
@checked('hyperpod.ResourceSharing')
export class ResourceSharing {
  /** Others may use what the team doesn't, and the team may use what others don't. */
  public static lendAndBorrow(options: BorrowOptions = {}): ResourceSharing {
    return new ResourceSharing('LendAndBorrow', options.maxBorrowPercent, options.absoluteBorrowLimits);
  }

  /** Others may use what the team doesn't; the team keeps to its own quota. */
  public static lend(): ResourceSharing {
    return new ResourceSharing('Lend');
  }

  /** The team keeps its quota for itself, and borrows nothing. */
  public static dontLend(): ResourceSharing {
    return new ResourceSharing('DontLend');
  }

  /** A strategy by its name in the API, for names that come from configuration and for strategies that AWS adds. */
  public static of(options: ResourceSharingOptions): ResourceSharing {
    return new ResourceSharing(options.strategy, options.maxBorrowPercent, options.absoluteBorrowLimits);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.ResourceSharing';

  private constructor(
    /** The strategy in the words of the service. */
    public readonly value: string,
    /** @internal */
    public readonly _maxBorrowPercent?: number,
    /** @internal */
    public readonly _absoluteBorrowLimits?: QuotaResource[],
  ) {}

  /** @internal */
  public _render(): Record<string, unknown> {
    return {
      Strategy: this.value,
      BorrowLimit: this._maxBorrowPercent,
      AbsoluteBorrowLimits: this._absoluteBorrowLimits?.map(limit => limit._render()),
    };
  }
}
