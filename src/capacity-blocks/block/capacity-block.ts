import { ArnFormat, Resource, Stack, type IResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { CapacityBlockReference, ICapacityBlockRef } from './vocabulary/capacity-block-ref';
import { checkForm } from '../../private/forms';
import { checked } from '../../private/inputs/checked';
import { isOtherRegion } from '../../private/places';
import { Problems, fail } from '../../private/problems';
import { adviseOnInstanceType, checkInstanceType, checkZones } from '../private/checks/facts';
import { DELIVERED, EVENT_SOURCE, EXPIRATION_WARNING, INTERRUPTION_WARNING, SERVICE_EVENT } from '../private/facts/events';
import { RULES } from '../private/rules';

/**
 * A Capacity Block: instances of Amazon EC2 for machine learning, reserved and paid for a window of time.
 */
export interface ICapacityBlock extends IResource, ICapacityBlockRef {
  /**
   * The id of the reservation of the block: `cr-…`. Instances are launched into it.
   *
   * @attribute
   */
  readonly capacityReservationId: string;

  /**
   * The ARN of the reservation of the block.
   *
   * @attribute
   */
  readonly capacityReservationArn: string;

  /**
   * A rule on all events that EC2 sends of the block, such as those below; not on those of its instances, nor on those of AWS CloudTrail.
   *
   * @param id The id of the rule.
   * @param options A target, and more. A pattern in the options narrows that of the event.
   */
  onEvent(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A rule on the delivery of the block: from then on, instances can be launched in it.
   *
   * EC2 sends it as well as it can: it may come late, twice, or not at all.
   *
   * @param id The id of the rule.
   * @param options A target, and more. A pattern in the options narrows that of the event.
   */
  onDelivered(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A rule on the warning before the end of the block, which EC2 sends 40 minutes before it, ten minutes before it begins to terminate
   * instances.
   *
   * EC2 sends it as well as it can: it may come late, twice, or not at all.
   *
   * @param id The id of the rule.
   * @param options A target, and more. A pattern in the options narrows that of the event.
   */
  onExpirationWarning(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A rule on the warning before an instance in a Capacity Block is terminated.
   *
   * The event names the instance, and not the block: the rule is for instances in any Capacity Block of the account in the Region.
   *
   * @param id The id of the rule.
   * @param options A target, and more. A pattern in the options narrows that of the event.
   */
  onInstanceInterruptionWarning(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * A rule on the failure of the payment, by which the block is released. It takes up to 12 hours from the purchase.
   *
   * The event is one of AWS CloudTrail: the account needs a trail that logs management events in the Region.
   *
   * @param id The id of the rule.
   * @param options A target, and more. A pattern in the options narrows that of the event.
   */
  onPaymentFailed(id: string, options?: events.OnEventOptions): events.Rule;
}

/**
 * What is known of a Capacity Block that exists.
 */
export interface CapacityBlockAttributes {
  /**
   * The id of the reservation of the block, such as `cr-0123456789abcdef0`.
   */
  readonly capacityReservationId: string;

  /**
   * The type of the instances.
   *
   * @default - not known, so that synthesis can't compare it with what is launched
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The number of instances: 1 or more.
   *
   * @default - not known, so that synthesis can't compare it with what is launched
   */
  readonly instanceCount?: number;

  /**
   * The name of the Availability Zone of the block, such as `us-east-1a`.
   *
   * @default - not known, so that synthesis can't choose the subnet
   */
  readonly availabilityZone?: string;
}

/**
 * A Capacity Block: instances of Amazon EC2 for machine learning, reserved and paid for a window of time.
 *
 * This class imports a block that exists. It creates nothing, reads nothing and costs nothing; `CapacityBlockLookup` reads a block at
 * deploy time.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-blocks.html
 *
 * @example
 * const block = capacity_blocks.CapacityBlock.fromCapacityBlockAttributes(this, 'Block', {
 *   capacityReservationId: 'cr-0123456789abcdef0',
 *   instanceType: new ec2.InstanceType('p5.48xlarge'),
 *   instanceCount: 4,
 *   availabilityZone: 'us-east-1a',
 * });
 */
@checked('capacity_blocks.CapacityBlock')
export abstract class CapacityBlock extends Resource implements ICapacityBlock {
  /**
   * Imports a block of the stack's account and Region.
   *
   * @param capacityReservationId The id of its reservation, such as `cr-0123456789abcdef0`.
   */
  public static fromCapacityReservationId(scope: Construct, id: string, capacityReservationId: string): ICapacityBlock {
    return CapacityBlock.fromCapacityBlockAttributes(scope, id, { capacityReservationId });
  }

  /**
   * Imports a block by the ARN of its reservation, which may be of another account that shares the block with this one.
   *
   * @param capacityReservationArn The ARN, for example `arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-0123456789abcdef0`.
   */
  public static fromCapacityReservationArn(scope: Construct, id: string, capacityReservationArn: string): ICapacityBlock {
    const problems = new Problems();
    checkForm(problems, RULES.reservationArnInvalid, 'capacityReservationArn', capacityReservationArn);
    problems.throwIfAny(scope);
    const capacityReservationId = Stack.of(scope).splitArn(capacityReservationArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    return new ImportedCapacityBlock(scope, id, { capacityReservationId }, capacityReservationArn);
  }

  /**
   * Imports a block of the stack's account and Region with what is known of it, so that synthesis can compare that with what uses it.
   *
   * @param attrs What is known of the block.
   */
  public static fromCapacityBlockAttributes(scope: Construct, id: string, attrs: CapacityBlockAttributes): ICapacityBlock {
    const problems = new Problems();
    const { capacityReservationId, instanceType, instanceCount, availabilityZone } = attrs;
    checkForm(problems, RULES.reservationIdInvalid, 'capacityReservationId', capacityReservationId);
    checkInstanceType(problems, 'instanceType', instanceType);
    checkForm(problems, RULES.instanceCountInvalid, 'instanceCount', instanceCount);
    checkZones(problems, 'availabilityZone', availabilityZone === undefined ? undefined : [availabilityZone]);
    problems.throwIfAny(scope);
    const block = new ImportedCapacityBlock(scope, id, attrs);
    adviseOnInstanceType(block, 'instanceType', instanceType);
    return block;
  }

  public abstract readonly capacityReservationId: string;
  public abstract readonly capacityReservationArn: string;
  public abstract readonly capacityBlockRef: CapacityBlockReference;

  public onEvent(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEventOf(id, options, { detail: this.ofThisBlock });
  }

  public onDelivered(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEventOf(id, options, { detailType: DELIVERED, detail: this.ofThisBlock });
  }

  public onExpirationWarning(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEventOf(id, options, { detailType: EXPIRATION_WARNING, detail: this.ofThisBlock });
  }

  public onInstanceInterruptionWarning(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEventOf(id, options, { detailType: INTERRUPTION_WARNING, detail: { 'instance-lifecycle': ['capacity-block'] } });
  }

  public onPaymentFailed(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEventOf(id, options, {
      detailType: SERVICE_EVENT,
      detail: { eventName: ['CapacityBlockPaymentFailed'], serviceEventDetails: { capacityReservationId: [this.capacityReservationId] } },
    });
  }

  private get ofThisBlock() {
    return { 'capacity-reservation-id': [this.capacityReservationId] };
  }

  private onEventOf(id: string, options: events.OnEventOptions = {}, eventPattern: events.EventPattern): events.Rule {
    const scope = options.crossStackScope ?? this;
    if (isOtherRegion(this.env, Stack.of(scope))) { fail(this, RULES.eventsElsewhere, { property: 'crossStackScope', got: this.env.region }); }
    const rule = new events.Rule(scope, id, {
      description: options.description,
      ruleName: options.ruleName,
      eventPattern: { source: [EVENT_SOURCE], ...eventPattern },
      targets: options.target ? [options.target] : undefined,
    });
    if (options.eventPattern) { rule.addEventPattern(options.eventPattern); }
    return rule;
  }
}

class ImportedCapacityBlock extends CapacityBlock {
  public readonly capacityReservationId: string;
  public readonly capacityReservationArn: string;

  public constructor(scope: Construct, id: string, private readonly attrs: CapacityBlockAttributes, arn?: string) {
    super(scope, id, { environmentFromArn: arn });
    this.capacityReservationId = attrs.capacityReservationId;
    this.capacityReservationArn = arn ?? this.stack.formatArn({
      service: 'ec2', resource: 'capacity-reservation', resourceName: attrs.capacityReservationId,
    });
  }

  public get capacityBlockRef(): CapacityBlockReference {
    const { capacityReservationId, instanceType, instanceCount, availabilityZone } = this.attrs;
    return { capacityReservationId, instanceType, instanceCount, availabilityZone };
  }
}
