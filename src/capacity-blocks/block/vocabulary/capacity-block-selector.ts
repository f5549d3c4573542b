import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ICapacityBlockRef } from './capacity-block-ref';
import type { CapacityBlockStatus } from './capacity-block-status';
import { checked } from '../../../private/inputs/checked';

/** What a Capacity Block must be to be found. Exactly one of those that the account can use in the Region must satisfy all of it. */
export interface CapacityBlockCriteria {
  /**
   * The states that it may have.
   *
   * @default - any, also those of blocks that are over
   */
  readonly statuses?: CapacityBlockStatus[];

  /**
   * The type of its instances.
   *
   * @default - any
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The names of the Availability Zones that it may be in, such as `us-east-1a`.
   *
   * @default - any
   */
  readonly availabilityZones?: string[];

  /**
   * It begins at this instant or later: ISO 8601 with a zone, such as `2026-12-05T00:00:00Z`.
   *
   * @default - at any time
   */
  readonly startAfter?: string;

  /**
   * It ends at this instant or earlier: ISO 8601 with a zone.
   *
   * @default - at any time
   */
  readonly endBefore?: string;
}

/** Which Capacity Block is read. */
@checked('capacity_blocks.CapacityBlockSelector')
export class CapacityBlockSelector {
  /**
   * The block of a reservation, in the Region of the stack: one of the account, or one that another account shares with it.
   *
   * @param capacityReservationId The id, such as `cr-0123456789abcdef0`. Ids that begin with `cb-` are those of offerings.
   */
  public static byReservationId(capacityReservationId: string): CapacityBlockSelector {
    return new CapacityBlockSelector({ id: capacityReservationId });
  }

  /**
   * The block that has a name, by its tag `cdk-hpc-clusters:capacity-block`: EC2 gives blocks no names.
   *
   * A block that was bought in the console gets it by
   * `aws ec2 create-tags --resources cr-… --tags Key=cdk-hpc-clusters:capacity-block,Value=<name>`. The deployment fails where no block
   * has it, or several have it: a second block of the name stops updates of what is found by it, and their rollbacks, until one is left.
   * Tags of another account can't be seen.
   *
   * @param purchaseName The name: 1 to 64 letters, digits and hyphens, the first and the last of which is no hyphen.
   */
  public static byPurchaseName(purchaseName: string): CapacityBlockSelector {
    return new CapacityBlockSelector({ name: purchaseName });
  }

  /** A block that the app has: the read waits for it. */
  public static fromCapacityBlock(block: ICapacityBlockRef): CapacityBlockSelector {
    return new CapacityBlockSelector({ id: block.capacityBlockRef.capacityReservationId });
  }

  /**
   * The only block that satisfies criteria, among those that the account can use in the Region of the stack.
   *
   * The deployment fails where there is none, or several, and names them. A second match, such as the next block that you buy, stops
   * updates of what is found by the criteria, and their rollbacks, until one is left. `byReservationId()` can't meet a second one.
   */
  public static byCriteria(criteria: CapacityBlockCriteria = {}): CapacityBlockSelector {
    return new CapacityBlockSelector({ criteria });
  }

  /** @internal */
  public readonly _kind = 'capacity_blocks.CapacityBlockSelector';

  private constructor(
    /** @internal */
    public readonly _selection: {
      readonly id?: string;
      readonly name?: string;
      readonly criteria?: CapacityBlockCriteria;
    },
  ) {}
}
