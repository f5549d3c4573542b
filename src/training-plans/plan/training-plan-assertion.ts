import { Fn, Resource, Tokenization } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct, IConstruct } from 'constructs';
import type { TrainingPlanSelector } from './vocabulary/training-plan-selector';
import { TrainingPlanStatus } from './vocabulary/training-plan-status';
import type { LookupInput, PlanExpectation } from '../../private/contracts/lookup';
import { checkForm } from '../../private/forms';
import { Guards } from '../../private/handlers/guards';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import type { PlanInstanceType } from '../offering/vocabulary/plan-instance-type';
import type { TargetResource } from '../offering/vocabulary/target-resource';
import { checkInstant, toUtc } from '../private/checks/instant';
import { checkZones } from '../private/checks/offering-checks';
import { checkSelector, selectionInput, selectionPermissions } from '../private/checks/selection';
import { RULES } from '../private/rules';

/**
 * Properties of an assertion about a training plan.
 */
export interface TrainingPlanAssertionProps {
  /**
   * The plan, in the account and Region of the stack: by name, by ARN, by criteria, or one of the app.
   */
  readonly trainingPlan: TrainingPlanSelector;

  /**
   * The statuses that the plan may have. An endpoint needs an active one; HyperPod and training jobs take a scheduled one too.
   *
   * @default - Scheduled or Active
   */
  readonly statuses?: TrainingPlanStatus[];

  /**
   * What must be able to use the plan.
   *
   * @default - not asserted
   */
  readonly target?: TargetResource;

  /**
   * The type that all instances of the plan must have.
   *
   * @default - not asserted
   */
  readonly instanceType?: PlanInstanceType;

  /**
   * How many instances the plan must have reserved at least.
   *
   * @default - not asserted
   */
  readonly minTotalInstances?: number;

  /**
   * How many instances of the plan must be free at least. A plan that has not begun has none.
   *
   * @default - not asserted
   */
  readonly minAvailableInstances?: number;

  /**
   * The names of the Availability Zones in which all capacity of the plan must be, such as those of the subnets that use it.
   *
   * @default - not asserted
   */
  readonly availabilityZones?: string[];

  /**
   * The plan must end after this instant: ISO 8601 with a zone, such as `2026-12-15T00:00:00Z`.
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
 * Fails a deployment at once when a training plan isn't as its user needs it, instead of an hour later.
 *
 * A cluster on an expired plan, or in another zone than its capacity, is refused by AWS late or never gets a node. An assertion
 * reads the plan before what it guards is created or changed, and says everything that isn't as expected.
 *
 * It runs when it is created, and again whenever the properties of what it guards, or of the assertion itself, change. It never runs
 * in a rollback, so it can't keep a stack from going back. What depends on time alone, such as a plan that has expired since, is
 * noticed with the next such change.
 *
 * It uses the look-up function of the stack (see `TrainingPlanLookup`).
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-utilization-for-hyperpod.html
 *
 * @example
 * new training_plans.TrainingPlanAssertion(this, 'PlanIsUsable', {
 *   trainingPlan: training_plans.TrainingPlanSelector.byName('llm-2026-q1'),
 *   target: training_plans.TargetResource.HYPERPOD_CLUSTER,
 *   minTotalInstances: 4,
 *   availabilityZones: ['us-east-1a'],
 *   guards: [cluster],
 * });
 */
@propertyInjectable
@checked('training_plans.TrainingPlanAssertion')
export class TrainingPlanAssertion extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.TrainingPlanAssertion';

  private readonly guards: Guards;

  constructor(scope: Construct, id: string, props: TrainingPlanAssertionProps) {
    super(scope, id);
    const problems = new Problems();
    const selector = props.trainingPlan;
    checkSelector(problems, selector, this.stack);
    if (props.statuses?.length === 0) { problems.add(RULES.expectationsEmpty, { property: 'statuses' }); }
    checkZones(problems, 'availabilityZones', props.availabilityZones);
    checkInstant(problems, 'endAfter', props.endAfter);
    checkForm(problems, RULES.typeNameInvalid, 'instanceType', props.instanceType?.value);
    checkForm(problems, RULES.minInstancesInvalid, 'minTotalInstances', props.minTotalInstances);
    checkForm(problems, RULES.minInstancesInvalid, 'minAvailableInstances', props.minAvailableInstances);
    problems.throwIfAny(this);

    const lookup = new Lookup(this, {
      handler: 'trainingPlansLookup',
      operation: 'AssertTrainingPlan',
      input: { ...selectionInput(selector), ...expected(props) },
      permissions: selectionPermissions(this, selector),
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
function expected(props: TrainingPlanAssertionProps): LookupInput {
  const { minTotalInstances: total, minAvailableInstances: available } = props;
  const all: Record<PlanExpectation, string | undefined> = {
    AvailabilityZones: props.availabilityZones && Fn.join(',', props.availabilityZones),
    EndTimeAfter: toUtc(props.endAfter),
    InstanceType: props.instanceType?.value,
    MinAvailableInstanceCount: available === undefined ? undefined : Tokenization.stringifyNumber(available),
    MinTotalInstanceCount: total === undefined ? undefined : Tokenization.stringifyNumber(total),
    Statuses: (props.statuses ?? [TrainingPlanStatus.SCHEDULED, TrainingPlanStatus.ACTIVE]).map(status => status.value).join(','),
    TargetResource: props.target?.value,
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [`Expected${key}`, value]));
}
