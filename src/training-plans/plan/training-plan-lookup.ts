import { Fn, Token } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { TrainingPlan } from './training-plan';
import { ReservedCapacity } from './vocabulary/reserved-capacity';
import { TrainingPlanSelector } from './vocabulary/training-plan-selector';
import { reservedCapacityField, type ReservedCapacityFieldName, type TrainingPlanField } from '../../private/contracts/lookup';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems, fail, isConcrete } from '../../private/problems';
import { singleton } from '../../private/singleton';
import { checkSelector, selectionInput, selectionPermissions } from '../private/checks/selection';
import { RULES } from '../private/rules';

/**
 * Properties of a look-up of a training plan.
 */
export interface TrainingPlanLookupProps {
  /**
   * The plan, in the account and Region of the stack: by name, by ARN, by criteria, or one of the app.
   *
   * Another plan is looked up in place, and what uses the attributes is updated.
   */
  readonly trainingPlan: TrainingPlanSelector;

  /**
   * Any text. Another one makes the next deployment read the plan again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the plan that is asked for, or the wanted attributes, change
   */
  readonly refresh?: string;
}

/**
 * Reads a training plan at deploy time.
 *
 * The deployment fails when there is no such plan in the account and Region. The attributes are those of the moment of the
 * read; only those are read that are used somewhere in the app, and what the service doesn't say is an empty text.
 * Deleting a look-up deletes nothing else.
 *
 * Used as a training plan, it makes its user wait for the read, so that a missing plan fails the deployment early.
 *
 * The first look-up of a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further ones
 * share it and add one custom resource each. It costs one short invocation per read.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingPlan.html
 *
 * @example
 * const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
 *   trainingPlan: training_plans.TrainingPlanSelector.byName('llm-2026-q1'),
 * });
 * new CfnOutput(this, 'Zone', { value: plan.availabilityZone });
 *
 * const current = new training_plans.TrainingPlanLookup(this, 'Current', {
 *   trainingPlan: training_plans.TrainingPlanSelector.byCriteria({
 *     statuses: [training_plans.TrainingPlanStatus.ACTIVE],
 *     target: training_plans.TargetResource.HYPERPOD_CLUSTER,
 *   }),
 * });
 * new CfnOutput(this, 'FirstBlock', { value: current.reservedCapacity(0).availabilityZone });
 */
@propertyInjectable
@checked('training_plans.TrainingPlanLookup')
export class TrainingPlanLookup extends TrainingPlan {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.TrainingPlanLookup';

  /**
   * The look-up of a plan that the whole stack shares: made at the first call for a name, the same one afterwards.
   *
   * Look-ups are never merged otherwise. A construct that depends on a shared one depends on it alone, not on the place
   * where it was first asked for.
   *
   * @param trainingPlanName The name of the plan, known at synthesis.
   */
  public static forName(scope: Construct, trainingPlanName: string): TrainingPlanLookup {
    if (Token.isUnresolved(trainingPlanName)) {
      fail(scope, RULES.sharedNameUnknown, { property: 'trainingPlanName', got: trainingPlanName });
    }
    const id = `TrainingPlanLookup:${trainingPlanName}`;
    return singleton(scope, id, stack => {
      return new TrainingPlanLookup(stack, id, { trainingPlan: TrainingPlanSelector.byName(trainingPlanName) });
    });
  }

  private readonly selector: TrainingPlanSelector;
  private readonly lookup: Lookup<TrainingPlanField | ReservedCapacityFieldName>;

  constructor(scope: Construct, id: string, props: TrainingPlanLookupProps) {
    super(scope, id);
    const problems = new Problems();
    this.selector = props.trainingPlan;
    checkSelector(problems, this.selector, this.stack);
    problems.throwIfAny(this);

    this.lookup = new Lookup(this, {
      handler: 'trainingPlansLookup',
      operation: 'DescribeTrainingPlan',
      input: selectionInput(this.selector),
      refresh: props.refresh,
      permissions: selectionPermissions(this, this.selector),
    });
  }

  /**
   * The name: as it was given, or else as the service says it.
   *
   * @attribute
   */
  public get trainingPlanName(): string { return this.selector._selection.name ?? this.lookup.text('TrainingPlanName'); }

  /**
   * The ARN, as the service says it. Whoever uses it waits for the look-up.
   *
   * @attribute
   */
  public get trainingPlanArn(): string { return this.lookup.text('TrainingPlanArn'); }

  /**
   * `Pending` (being paid), `Scheduled` (paid, not begun, or between two blocks), `Active`, `Expired` or `Failed`.
   *
   * @attribute
   */
  public get status(): string { return this.lookup.text('Status'); }

  /**
   * Why the status is what it is, as far as the service says.
   *
   * @attribute
   */
  public get statusReason(): string { return this.lookup.text('StatusMessage'); }

  /**
   * The Availability Zone of the capacity, such as `us-east-1a`.
   *
   * The deployment fails where the reserved capacities of the plan are in several zones; plans for HyperPod have one.
   *
   * @attribute
   */
  public get availabilityZone(): string { return this.lookup.text('AvailabilityZone'); }

  /**
   * The id of the Availability Zone of the capacity, such as `use1-az4`, which means the same zone in every account.
   *
   * The deployment fails where the reserved capacities of the plan are in several zones.
   *
   * @attribute
   */
  public get availabilityZoneId(): string { return this.lookup.text('AvailabilityZoneId'); }

  /**
   * The type of the instances, such as `ml.p5.48xlarge`.
   *
   * The deployment fails where the reserved capacities of the plan have several types.
   *
   * @attribute
   */
  public get instanceType(): string { return this.lookup.text('InstanceType'); }

  /**
   * The number of instances reserved.
   *
   * @attribute
   */
  public get totalInstanceCount(): number { return this.lookup.number('TotalInstanceCount'); }

  /**
   * The number of instances that can be used now.
   *
   * @attribute
   */
  public get availableInstanceCount(): number { return this.lookup.number('AvailableInstanceCount'); }

  /**
   * The number of instances in use.
   *
   * @attribute
   */
  public get inUseInstanceCount(): number { return this.lookup.number('InUseInstanceCount'); }

  /**
   * The number of unhealthy instances.
   *
   * @attribute
   */
  public get unhealthyInstanceCount(): number { return this.lookup.number('UnhealthyInstanceCount'); }

  /**
   * The number of spare instances that can be used now.
   *
   * @attribute
   */
  public get availableSpareInstanceCount(): number { return this.lookup.number('AvailableSpareInstanceCount'); }

  /**
   * The number of UltraServers reserved.
   *
   * @attribute
   */
  public get totalUltraServerCount(): number { return this.lookup.number('TotalUltraServerCount'); }

  /**
   * The type of the UltraServers reserved, such as `ml.u-p6e-gb200x72`.
   *
   * The deployment fails where the reserved capacities of the plan have several types.
   *
   * @attribute
   */
  public get ultraServerType(): string { return this.lookup.text('UltraServerType'); }

  /**
   * The number of reserved capacities that the plan is made of.
   *
   * @attribute
   */
  public get reservedCapacityCount(): number { return this.lookup.number('ReservedCapacityCount'); }

  /**
   * When the plan begins: ISO 8601 in UTC, such as `2026-12-01T11:30:00Z`.
   *
   * @attribute
   */
  public get startTime(): string { return this.lookup.text('StartTime'); }

  /**
   * When the plan ends: ISO 8601 in UTC, such as `2026-12-15T11:30:00Z`.
   *
   * HyperPod takes its instances back an hour earlier, training jobs end 30 minutes earlier.
   *
   * @attribute
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
   */
  public get endTime(): string { return this.lookup.text('EndTime'); }

  /**
   * The whole hours that the plan lasts, blocks without the time between them.
   *
   * @attribute
   */
  public get durationHours(): number { return this.lookup.number('DurationHours'); }

  /**
   * The minutes that the plan lasts beyond `durationHours`: 0 to 59.
   *
   * @attribute
   */
  public get durationMinutes(): number { return this.lookup.number('DurationMinutes'); }

  /**
   * What was paid for the whole plan, in the units of `currencyCode`, as the decimal text that the service gives.
   *
   * @attribute
   */
  public get upfrontFee(): string { return this.lookup.text('UpfrontFee'); }

  /**
   * The currency of `upfrontFee`, such as `USD`.
   *
   * @attribute
   */
  public get currencyCode(): string { return this.lookup.text('CurrencyCode'); }

  /**
   * What can use the plan: some of `training-job`, `hyperpod-cluster`, `endpoint` and `studio-apps`.
   *
   * @attribute
   */
  public get targetResources(): string[] { return Fn.split(',', this.lookup.text('TargetResources')); }

  /**
   * One of the reserved capacities that the plan is made of, in the order of their start.
   *
   * @param index The index, from 0 on.
   */
  public reservedCapacity(index: number): ReservedCapacity {
    if (!isConcrete(index) || !Number.isInteger(index) || index < 0 || index > 99) {
      fail(this, RULES.capacityIndex, { property: 'index', got: index });
    }
    return ReservedCapacity._of({
      text: field => this.lookup.text(reservedCapacityField(index, field)),
      number: field => this.lookup.number(reservedCapacityField(index, field)),
    });
  }
}
