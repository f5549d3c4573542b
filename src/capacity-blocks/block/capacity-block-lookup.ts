import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { CapacityBlock } from './capacity-block';
import type { CapacityBlockReference } from './vocabulary/capacity-block-ref';
import type { CapacityBlockSelector } from './vocabulary/capacity-block-selector';
import { noteBlockId } from '../../private/blocks';
import type { CapacityBlockField } from '../../private/contracts/capacity-block-lookup';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems, isConcrete } from '../../private/problems';
import { adviseOnInstanceType } from '../private/checks/facts';
import { checkSelector, selectionInput } from '../private/checks/selection';
import { subnetsInput, subnetsOf } from '../private/checks/subnets';
import { READ_ACTIONS } from '../private/facts/perms';

/**
 * Properties of a look-up of a Capacity Block.
 */
export interface CapacityBlockLookupProps {
  /**
   * The block, in the Region of the stack: by the id of its reservation, by name, by criteria, or one of the app.
   *
   * Another block is looked up in place, and what uses the attributes is updated.
   */
  readonly block: CapacityBlockSelector;

  /**
   * The VPC that instances of the block are launched in: its subnet in the zone of the block is `subnetId`.
   *
   * The deployment fails where none is in that zone, and `subnetId` is used.
   *
   * @default - no subnet is chosen
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the VPC. Only together with `vpc`.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The subnets themselves, in the order of preference. Not together with `vpc`.
   *
   * @default - those of the VPC
   */
  readonly subnets?: ec2.ISubnet[];

  /**
   * Any text. Another one makes the next deployment read the block again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the block that is asked for, the subnets or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads a Capacity Block at deploy time.
 *
 * The deployment that creates a look-up fails where there is no such block. The attributes are those of the moment of the read; only
 * those are read that are used somewhere in the app, and what EC2 doesn't say is an empty text.
 *
 * **A block that is over doesn't keep a stack from changing.** EC2 forgets a block some time after its end. An update of the look-up
 * succeeds then, says so in `notice`, and its other attributes are empty, but for the id and the ARN of a block that was looked up by
 * its id, `subnetId`, which is the first of the subnets, and the counts, which are 0. Deleting a look-up deletes nothing else.
 *
 * Used as a Capacity Block, it makes its user wait for the read, so that a missing block fails the deployment early.
 *
 * The first look-up of a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further ones share it
 * and add one custom resource each. It costs one short invocation per read. The function may list all capacity reservations of the
 * account in the Region, since IAM can limit that to none.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeCapacityReservations.html
 *
 * @example
 * const block = new capacity_blocks.CapacityBlockLookup(this, 'Block', {
 *   block: capacity_blocks.CapacityBlockSelector.byReservationId('cr-0123456789abcdef0'),
 *   vpc,
 * });
 * new CfnOutput(this, 'Zone', { value: block.availabilityZone });
 */
@propertyInjectable
@checked('capacity_blocks.CapacityBlockLookup')
export class CapacityBlockLookup extends CapacityBlock {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.capacity_blocks.CapacityBlockLookup';

  private readonly lookup: Lookup<CapacityBlockField>;
  private readonly selector: CapacityBlockSelector;
  private readonly choosesSubnet: boolean;

  constructor(scope: Construct, id: string, props: CapacityBlockLookupProps) {
    super(scope, id);
    const problems = new Problems();
    this.selector = props.block;
    checkSelector(problems, this.selector);
    const subnets = subnetsOf(problems, props);
    problems.throwIfAny(this);
    adviseOnInstanceType(this, 'block.instanceType', this.selector._selection.criteria?.instanceType);

    this.choosesSubnet = subnets !== undefined;
    this.lookup = new Lookup(this, {
      handler: 'capacityBlocksLookup',
      operation: 'DescribeCapacityBlock',
      input: { ...selectionInput(this.selector), Subnets: subnetsInput(subnets) },
      refresh: props.refresh,
      permissions: [{ actions: READ_ACTIONS, resources: ['*'] }],
    });
  }

  public get capacityBlockRef(): CapacityBlockReference {
    const { id, criteria: { instanceType, availabilityZones: zones } = {} } = this.selector._selection;
    const { capacityReservationId } = this;
    noteBlockId(this, capacityReservationId, id);
    return {
      capacityReservationId,
      instanceType,
      availabilityZone: zones?.length === 1 && isConcrete(zones[0]) ? zones[0] : undefined,
      subnetId: this.choosesSubnet ? this.subnetId : undefined,
    };
  }

  /**
   * The id of the reservation, as EC2 says it. Whoever uses it waits for the look-up.
   *
   * @attribute
   */
  public get capacityReservationId(): string { return this.lookup.text('CapacityReservationId'); }

  /**
   * The ARN of the reservation, as EC2 says it: that of its owner, where another account shares the block.
   *
   * @attribute
   */
  public get capacityReservationArn(): string { return this.lookup.text('CapacityReservationArn'); }

  /**
   * The id of the block that the reservation is a part of, which UltraServers have; else an empty text.
   *
   * @attribute
   */
  public get capacityBlockId(): string { return this.lookup.text('CapacityBlockId'); }

  /**
   * `payment-pending`, `payment-failed`, `scheduled` (paid, not begun), `active` or `expired`.
   *
   * @attribute
   */
  public get status(): string { return this.lookup.text('State'); }

  /**
   * Says that the block is over, or gone; else an empty text.
   *
   * @attribute
   */
  public get notice(): string { return this.lookup.text('Notice'); }

  /**
   * The Availability Zone of the block, such as `us-east-1a`.
   *
   * @attribute
   */
  public get availabilityZone(): string { return this.lookup.text('AvailabilityZone'); }

  /**
   * The id of the Availability Zone of the block, such as `use1-az4`, which means the same zone in every account.
   *
   * @attribute
   */
  public get availabilityZoneId(): string { return this.lookup.text('AvailabilityZoneId'); }

  /**
   * The first of the subnets in the zone of the block; an empty text where no VPC and no subnets were given.
   *
   * @attribute
   */
  public get subnetId(): string { return this.lookup.text('SubnetId'); }

  /**
   * The type of the instances, such as `p5.48xlarge`.
   *
   * @attribute
   */
  public get instanceType(): string { return this.lookup.text('InstanceType'); }

  /**
   * The platform of the instances, such as `Linux/UNIX`. Images of another one can't be launched in the block.
   *
   * @attribute
   */
  public get instancePlatform(): string { return this.lookup.text('InstancePlatform'); }

  /**
   * The number of instances, also before the block begins. That of a block that another account shares isn't known until then.
   *
   * @attribute
   */
  public get instanceCount(): number { return this.lookup.number('InstanceCount'); }

  /**
   * The number of instances that can be launched now: none, unless the block is active.
   *
   * @attribute
   */
  public get availableInstanceCount(): number { return this.lookup.number('AvailableInstanceCount'); }

  /**
   * When the block begins: ISO 8601 in UTC, such as `2026-12-05T11:30:00Z`.
   *
   * @attribute
   */
  public get startDate(): string { return this.lookup.text('StartDate'); }

  /**
   * When the block ends: ISO 8601 in UTC, such as `2026-12-12T11:30:00Z`. EC2 terminates its instances from half an hour before.
   *
   * @attribute
   */
  public get endDate(): string { return this.lookup.text('EndDate'); }

  /**
   * Whether instances can be launched in a part of an UltraServer: `launchable` or `unlaunchable`. Empty for other blocks.
   *
   * @attribute
   */
  public get launchStatus(): string { return this.lookup.text('LaunchStatus'); }

  /**
   * The account that bought the block.
   *
   * @attribute
   */
  public get ownerId(): string { return this.lookup.text('OwnerId'); }
}
