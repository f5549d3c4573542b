import { checked } from '../../../private/inputs/checked';

/** How much memory managed tiered checkpoints have. */
export interface TieredStorageOptions {
  /**
   * The part of the memory of each instance: 0 to 100 percent. AWS documents 20 to 100.
   *
   * @default - the service's own
   */
  readonly instanceMemoryPercent?: number;
}

/**
 * Whether checkpoints are kept in the memory of the nodes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/managed-tier-checkpointing.html
 */
@checked('hyperpod.TieredStorage')
export class TieredStorage {
  /** Checkpoints in the memory of the nodes. */
  public static enabled(options: TieredStorageOptions = {}): TieredStorage {
    return new TieredStorage('Enable', options.instanceMemoryPercent);
  }

  /** None, where they were kept before. */
  public static disabled(): TieredStorage {
    return new TieredStorage('Disable');
  }

  /** @internal */
  public readonly _kind = 'hyperpod.TieredStorage';

  private constructor(
    /** @internal */
    public readonly _mode: 'Enable' | 'Disable',
    /** @internal */
    public readonly _instanceMemoryPercent?: number,
  ) {}
}
