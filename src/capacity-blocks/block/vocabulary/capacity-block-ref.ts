import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';

/**
 * A reference to a Capacity Block, with what is known of it.
 */
export interface CapacityBlockReference {
  /**
   * The id of the reservation of the block: `cr-…`. Instances are launched into it.
   */
  readonly capacityReservationId: string;

  /**
   * The type of the instances.
   *
   * @default - not known at synthesis
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The number of instances.
   *
   * @default - not known at synthesis
   */
  readonly instanceCount?: number;

  /**
   * The name of the Availability Zone, such as `us-east-1a`.
   *
   * @default - not known at synthesis
   */
  readonly availabilityZone?: string;

  /**
   * The subnet in the zone of the block, which nodes are launched in.
   *
   * @default - whoever uses the block chooses one
   */
  readonly subnetId?: string;
}

/**
 * Anything that has the reservation of a Capacity Block. What launches instances in a block takes this.
 */
export interface ICapacityBlockRef extends IConstruct, IEnvironmentAware {
  /**
   * A reference to the block.
   */
  readonly capacityBlockRef: CapacityBlockReference;
}
