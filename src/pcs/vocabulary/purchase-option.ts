import type { ICapacityBlockRef } from '../../capacity-blocks/block/vocabulary/capacity-block-ref';
import { checked } from '../../private/inputs/checked';

/**
 * How EC2 picks among the pools of spot capacity.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-allocation-strategy.html
 */
@checked('pcs.SpotAllocationStrategy')
export class SpotAllocationStrategy {
  /** The cheapest pools first. Interrupted most often. */
  public static readonly LOWEST_PRICE = new SpotAllocationStrategy('lowest-price');

  /** The pools with the most capacity left. Interrupted least often. */
  public static readonly CAPACITY_OPTIMIZED = new SpotAllocationStrategy('capacity-optimized');

  /** Among the pools with much capacity left, the cheapest. What the service does by default. */
  public static readonly PRICE_CAPACITY_OPTIMIZED = new SpotAllocationStrategy('price-capacity-optimized');

  /**
   * A strategy that this library doesn't know.
   *
   * @param value The strategy in the words of the service.
   */
  public static of(value: string): SpotAllocationStrategy {
    return new SpotAllocationStrategy(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.SpotAllocationStrategy';

  private constructor(
    /** The strategy in the words of the service. */
    public readonly value: string,
  ) {}
}

/** Options of a node group on spot instances. */
export interface SpotPurchaseOptions {
  /**
   * How EC2 picks among the pools of spot capacity. Changed in place.
   *
   * @default - the service's own, `price-capacity-optimized`
   */
  readonly allocationStrategy?: SpotAllocationStrategy;

  /**
   * Makes the role `AWSServiceRoleForEC2Spot`, once for the stack, and leaves it in place when the stack is deleted.
   *
   * An account has the role if it ever used spot instances in the console. Creating it a second time fails the deployment,
   * so this is for accounts that are known to lack it.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/spot-role.html
   * @default false
   */
  readonly createServiceLinkedRole?: boolean;
}

/** A Capacity Block that a node group runs in. */
export interface CapacityBlockPurchaseOptions {
  /** The id of the reservation of the Capacity Block: `cr-…`. The block must be scheduled or active when the group is deployed. */
  readonly capacityReservationId: string;

  /**
   * How many instances the block has, for a check that the group doesn't ask for more.
   *
   * @default - not checked
   */
  readonly instanceCount?: number;

  /**
   * The name of the Availability Zone of the block, for example `us-east-1a`.
   *
   * Where the zones of the VPC are known at synthesis, only subnets of this zone are used.
   *
   * @default - the subnets are used as selected
   */
  readonly availabilityZone?: string;
}

/** One capacity reservation that a node group runs in. */
export interface ReservationPurchaseOptions {
  /** The id of the capacity reservation: `cr-…`. */
  readonly capacityReservationId: string;
}

/** A resource group of capacity reservations that a node group runs in. */
export interface ReservationGroupPurchaseOptions {
  /** The ARN of the resource group. */
  readonly resourceGroupArn: string;
}

/** What a purchase option that this library doesn't know writes into the launch template. */
export interface OtherPurchaseOptions {
  /**
   * The market type.
   *
   * @default - none
   */
  readonly marketType?: string;

  /**
   * The id of a capacity reservation.
   *
   * @default - none
   */
  readonly capacityReservationId?: string;

  /**
   * The ARN of a resource group of capacity reservations.
   *
   * @default - none
   */
  readonly resourceGroupArn?: string;

  /**
   * Whether the launch template names the first instance type.
   *
   * @default false
   */
  readonly namesInstanceType?: boolean;
}

/**
 * What a purchase option means for the node group and its launch template.
 *
 * @internal
 */
export type PurchaseTerms = {
  readonly purchaseOption: string;
  /** Which rules apply. `other` is never judged. */
  readonly kind: 'onDemand' | 'spot' | 'capacityBlock' | 'interruptible' | 'other';
  readonly marketType?: string;
  readonly capacityReservationId?: string;
  readonly resourceGroupArn?: string;
  /** Whether the launch template names the instance type. */
  readonly namesInstanceType?: boolean;
  readonly instanceCount?: number;
  readonly availabilityZone?: string;
  /** The type of the instances of a block. */
  readonly instanceType?: string;
  /** The subnet in the zone of a block. */
  readonly subnetId?: string;
  /** The block, where it is a construct. */
  readonly block?: ICapacityBlockRef;
  readonly allocationStrategy?: string;
  readonly spotRole?: boolean;
};

/**
 * How the instances of a node group are paid for.
 *
 * Can be changed in place, as long as the instance types stay.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_cng_create.html
 */
@checked('pcs.PurchaseOption')
export class PurchaseOption {
  /**
   * On-Demand instances. They also use open capacity reservations of the account that match.
   *
   * Nodes with EFA get a placement group of their own, and only reservations that were made in it match. To use others, launch the
   * nodes with `NodePlacement.none()`, or name the reservation with `targetedReservation()`.
   */
  public static onDemand(): PurchaseOption {
    return new PurchaseOption({ purchaseOption: 'ONDEMAND', kind: 'onDemand' });
  }

  /**
   * On-Demand instances in one targeted capacity reservation. When it is full, no further node starts.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/capacity-reservations-odcr.html
   */
  public static targetedReservation(options: ReservationPurchaseOptions): PurchaseOption {
    return new PurchaseOption({
      purchaseOption: 'ONDEMAND', kind: 'onDemand', capacityReservationId: options.capacityReservationId,
    });
  }

  /**
   * On-Demand instances in the capacity reservations of a resource group. When they are full, further nodes start outside of
   * them and are paid for as such.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/capacity-reservations-odcr.html
   */
  public static reservationGroup(options: ReservationGroupPurchaseOptions): PurchaseOption {
    return new PurchaseOption({ purchaseOption: 'ONDEMAND', kind: 'onDemand', resourceGroupArn: options.resourceGroupArn });
  }

  /** Spot instances, which EC2 may take back with two minutes' notice. */
  public static spot(options: SpotPurchaseOptions = {}): PurchaseOption {
    return new PurchaseOption({
      purchaseOption: 'SPOT',
      kind: 'spot',
      allocationStrategy: options.allocationStrategy?.value,
      spotRole: options.createServiceLinkedRole ?? false,
    });
  }

  /**
   * A Capacity Block for ML, bought beforehand. The whole block is paid for whether nodes run or not.
   *
   * The role that deploys needs `ec2:DescribeCapacityReservations`, `ec2:DescribeCapacityBlocks` and
   * `ec2:DescribeCapacityBlockStatus`, which the service uses in its name.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/capacity-blocks-configure-cng.html
   */
  public static capacityBlock(options: CapacityBlockPurchaseOptions): PurchaseOption {
    return new PurchaseOption({
      purchaseOption: 'CAPACITY_BLOCK',
      kind: 'capacityBlock',
      marketType: 'capacity-block',
      capacityReservationId: options.capacityReservationId,
      namesInstanceType: true,
      instanceCount: options.instanceCount,
      availabilityZone: options.availabilityZone,
    });
  }

  /**
   * A Capacity Block for ML of the app: one that it imports or looks up. The whole block is paid for whether nodes run or not.
   *
   * What is known of the block is compared with the node group: the type and the number of its instances, its zone and its Region. Where
   * the block tells its subnet, as a look-up with `vpc` does, nodes are launched in that one, unless the group has `vpcSubnets`. The node
   * group is made after a look-up has found the block.
   *
   * The role that deploys needs the same permissions as with `capacityBlock()`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/capacity-blocks-configure-cng.html
   * @param block The block, which must be scheduled or active when the group is deployed.
   */
  public static inCapacityBlock(block: ICapacityBlockRef): PurchaseOption {
    const { capacityReservationId, instanceType, instanceCount, availabilityZone, subnetId } = block.capacityBlockRef;
    return new PurchaseOption({
      purchaseOption: 'CAPACITY_BLOCK',
      kind: 'capacityBlock',
      marketType: 'capacity-block',
      capacityReservationId,
      namesInstanceType: true,
      instanceCount,
      availabilityZone,
      instanceType: instanceType?.toString(),
      subnetId,
      block,
    });
  }

  /**
   * An interruptible capacity reservation that another account shares. Its owner may take the instances back with two
   * minutes' notice, and no other capacity is used instead.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/capacity-reservations-iodcr.html
   */
  public static interruptibleReservation(options: ReservationPurchaseOptions): PurchaseOption {
    return new PurchaseOption({
      purchaseOption: 'INTERRUPTIBLE_CAPACITY_RESERVATION',
      kind: 'interruptible',
      marketType: 'interruptible-capacity-reservation',
      capacityReservationId: options.capacityReservationId,
    });
  }

  /**
   * A purchase option that this library doesn't know. Nothing about it is checked.
   *
   * @param value The option in the words of the service.
   * @param options What it writes into the launch template.
   */
  public static of(value: string, options: OtherPurchaseOptions = {}): PurchaseOption {
    return new PurchaseOption({ purchaseOption: value, kind: 'other', ...options });
  }

  /** The option in the words of the service. */
  public readonly value: string;

  /** @internal */
  public readonly _kind = 'pcs.PurchaseOption';

  private constructor(
    /** @internal */
    public readonly _terms: PurchaseTerms,
  ) {
    this.value = _terms.purchaseOption;
  }
}
