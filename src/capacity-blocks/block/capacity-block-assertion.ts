import { Resource, Tokenization } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct, IConstruct } from 'constructs';
import type { CapacityBlockSelector } from './vocabulary/capacity-block-selector';
import { CapacityBlockStatus } from './vocabulary/capacity-block-status';
import type { CapacityBlockExpectation, CapacityBlockLookupInput } from '../../private/contracts/capacity-block-lookup';
import { checkForm } from '../../private/forms';
import { Guards } from '../../private/handlers/guards';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { checkInstant, toUtc } from '../../private/instants';
import { Problems } from '../../private/problems';
import { adviseOnInstanceType, checkInstanceType, checkZones } from '../private/checks/facts';
import { checkSelector, selectionInput } from '../private/checks/selection';
import { READ_ACTIONS } from '../private/facts/perms';
import { joined } from '../private/rendering/lists';
import { RULES } from '../private/rules';

/**
 * Properties of an assertion about a Capacity Block.
 */
export interface CapacityBlockAssertionProps {
  /**
   * The block, in the Region of the stack: by the id of its reservation, by name, by criteria, or one of the app.
   */
  readonly block: CapacityBlockSelector;

  /**
   * The states that the block may have. Node groups of AWS PCS take a scheduled one; instances need an active one.
   *
   * @default - scheduled or active
   */
  readonly statuses?: CapacityBlockStatus[];

  /**
   * The type that the instances must have.
   *
   * @default - not asserted
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * How many instances the block must have at least.
   *
   * How many a block of another account has isn't told before it begins: it counts as none.
   *
   * @default - not asserted
   */
  readonly minInstances?: number;

  /**
   * How many instances of the block must be free at least. A block that has not begun has none.
   *
   * @default - not asserted
   */
  readonly minAvailableInstances?: number;

  /**
   * The names of the Availability Zones that the block may be in, such as those of the subnets that use it.
   *
   * @default - not asserted
   */
  readonly availabilityZones?: string[];

  /**
   * The block must end after this instant: ISO 8601 with a zone, such as `2026-12-15T00:00:00Z`.
   *
   * @default - not asserted
   */
  readonly endAfter?: string;

  /**
   * What is created or changed only where the assertion holds. See `guard()`.
   *
   * @default - nothing, until `guard()` is called
   */
  readonly guards?: IConstruct[];
}

/**
 * Fails a deployment at once when a Capacity Block isn't as its user needs it, instead of late, or with nodes that never start.
 *
 * An assertion reads the block before what it guards is created or changed, and says everything that isn't as expected.
 *
 * It runs when it is created, and again whenever the properties of what it guards, or of the assertion itself, change. It never runs
 * in a rollback, so it can't keep a stack from going back. What depends on time alone, such as a block that has ended since, is
 * noticed with the next such change.
 *
 * It uses the look-up function of the stack (see `CapacityBlockLookup`).
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-view.html
 *
 * @example
 * new capacity_blocks.CapacityBlockAssertion(this, 'BlockIsUsable', {
 *   block: capacity_blocks.CapacityBlockSelector.byReservationId('cr-0123456789abcdef0'),
 *   instanceType: new ec2.InstanceType('p5.48xlarge'),
 *   minInstances: 4,
 *   availabilityZones: ['us-east-1a'],
 *   guards: [cluster],
 * });
 */
@propertyInjectable
@checked('capacity_blocks.CapacityBlockAssertion')
export class CapacityBlockAssertion extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.capacity_blocks.CapacityBlockAssertion';

  private readonly guards: Guards;

  constructor(scope: Construct, id: string, props: CapacityBlockAssertionProps) {
    super(scope, id);
    const problems = new Problems();
    checkSelector(problems, props.block);
    if (props.statuses?.length === 0) { problems.add(RULES.expectationsEmpty, { property: 'statuses' }); }
    checkInstanceType(problems, 'instanceType', props.instanceType);
    checkZones(problems, 'availabilityZones', props.availabilityZones);
    checkInstant(problems, RULES.instantInvalid, 'endAfter', props.endAfter);
    checkForm(problems, RULES.minInstancesInvalid, 'minInstances', props.minInstances);
    checkForm(problems, RULES.minInstancesInvalid, 'minAvailableInstances', props.minAvailableInstances);
    problems.throwIfAny(this);
    adviseOnInstanceType(this, 'instanceType', props.instanceType);
    adviseOnInstanceType(this, 'block.instanceType', props.block._selection.criteria?.instanceType);

    const lookup = new Lookup(this, {
      handler: 'capacityBlocksLookup',
      operation: 'AssertCapacityBlock',
      input: { ...selectionInput(props.block), ...expected(props) },
      permissions: [{ actions: READ_ACTIONS, resources: ['*'] }],
    });
    this.guards = new Guards(lookup.resource, { guardElsewhere: RULES.guardElsewhere, guardEmpty: RULES.guardEmpty });
    this.guard(...props.guards ?? []);
  }

  /**
   * Makes resources wait for this assertion, which runs again whenever their properties change.
   *
   * Of a construct that has a main resource, such as a cluster, that resource alone is guarded: its role and its network don't wait.
   * Of any other construct, everything in it is.
   *
   * @param constructs Resources of the stack of this assertion, or constructs that contain such resources.
   */
  public guard(...constructs: IConstruct[]): void {
    constructs.forEach(construct => this.guards.add(this, construct));
  }
}

/** What the handler is told to expect. */
function expected(props: CapacityBlockAssertionProps): CapacityBlockLookupInput {
  const number = (count: number | undefined) => (count === undefined ? undefined : Tokenization.stringifyNumber(count));
  const all: Record<CapacityBlockExpectation, string | undefined> = {
    AvailabilityZones: joined(props.availabilityZones),
    EndDateAfter: toUtc(props.endAfter),
    InstanceType: props.instanceType?.toString(),
    MinAvailableInstanceCount: number(props.minAvailableInstances),
    MinInstanceCount: number(props.minInstances),
    States: (props.statuses ?? [CapacityBlockStatus.SCHEDULED, CapacityBlockStatus.ACTIVE]).map(status => status.value).join(','),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [`Expected${key}`, value]));
}
