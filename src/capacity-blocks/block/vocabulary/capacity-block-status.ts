import { checked } from '../../../private/inputs/checked';

/**
 * Where a Capacity Block is in its life: the state of its reservation.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-view.html
 */
@checked('capacity_blocks.CapacityBlockStatus')
export class CapacityBlockStatus {
  /** Bought, and not paid yet: the payment takes minutes, and up to 12 hours. */
  public static readonly PAYMENT_PENDING = new CapacityBlockStatus('payment-pending');

  /** Never came about: the payment failed, and the block was released. */
  public static readonly PAYMENT_FAILED = new CapacityBlockStatus('payment-failed');

  /** Paid, and not begun. */
  public static readonly SCHEDULED = new CapacityBlockStatus('scheduled');

  /** Instances can be launched in it. */
  public static readonly ACTIVE = new CapacityBlockStatus('active');

  /** Over. */
  public static readonly EXPIRED = new CapacityBlockStatus('expired');

  /**
   * A state that this library doesn't know. It isn't checked.
   *
   * @param value The state in the words of EC2, for example `active`.
   */
  public static of(value: string): CapacityBlockStatus {
    return new CapacityBlockStatus(value);
  }

  /** @internal */
  public readonly _kind = 'capacity_blocks.CapacityBlockStatus';

  private constructor(
    /** The state in the words of EC2, such as `active`. */
    public readonly value: string,
  ) {}
}
