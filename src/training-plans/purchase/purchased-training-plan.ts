import { Annotations, CfnResource, RemovalPolicy, TagManager, TagType, Token, Tokenization, type ITaggableV2 } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import {
  OFFERING_SEARCH_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE,
  type OfferingField, type OfferingSearchProperties, type PurchaseField, type PurchaseIdentity, type PurchaseProperties,
} from '../../private/contracts/training-plan';
import { noteDryRun } from '../../private/dry-runs';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { HandlerProvider } from '../../private/handlers/handler-provider';
import { LOOKUP_SERVICE_TIMEOUT_SECONDS, PROVIDER_SERVICE_TIMEOUT_SECONDS } from '../../private/handlers/table';
import { checked } from '../../private/inputs/checked';
import { notePlan } from '../../private/plans';
import { Problems, fail, isConcrete } from '../../private/problems';
import { PurchaseMode } from '../../purchase-mode';
import type { UpfrontFee } from '../../upfront-fee';
import type { Offering } from '../offering/vocabulary/offering';
import { TrainingPlan } from '../plan/training-plan';
import { adviseOnFee, adviseOnOffering, checkFee, checkOffering } from '../private/checks/offering-checks';
import { adviseOnNeighbours, attemptOf, checkMarks, checkSpares, claim, judgeTags, ownershipKeyOf, placeOf, type Place } from '../private/checks/purchase';
import { checkName } from '../private/checks/validation';
import { buyerPermissions, dryRunPermissions, waiterPermissions, type PurchaseScope } from '../private/facts/perms';
import { planArn } from '../private/rendering/arn';
import { limitOfPurchase } from '../private/rendering/limits';
import { factsOfOffering, feeProperties, offeringProperties, subnetsOf } from '../private/rendering/offering-properties';
import { RULES } from '../private/rules';

/**
 * Properties of a purchase of a training plan.
 */
export interface PurchasedTrainingPlanProps {
  /**
   * The name of the plan, and with account and Region the identity of the purchase: one name is bought once. Known at synthesis.
   *
   * 1 to 64 letters, digits and hyphens; begins and ends with a letter or digit. SageMaker never frees a name, not even of a plan
   * that has expired or whose payment failed.
   *
   * An update to another name is refused: a second plan is a second construct.
   */
  readonly trainingPlanName: string;

  /**
   * What to buy. Read once: after the purchase, other criteria change nothing, and other capacity (type, count, target, spares) is
   * refused.
   */
  readonly offering: Offering;

  /**
   * What the plan may cost at most, without taxes. Known at synthesis. An offering with a higher fee, in another currency, or with
   * a fee that can't be read, isn't bought.
   */
  readonly maxUpfrontFee: UpfrontFee;

  /**
   * Whether money is spent. A dry run and a purchase are two resources of CloudFormation: changing from one to the other never
   * updates a purchase.
   *
   * @default PurchaseMode.DRY_RUN
   */
  readonly mode?: PurchaseMode;

  /**
   * The account in which the plan is bought: 12 digits. The purchase is refused at deployment in any other one.
   *
   * @default - that of the stack, which must be known at synthesis
   */
  readonly account?: string;

  /**
   * The Region in which the plan is bought. The purchase is refused at deployment in any other one.
   *
   * @default - that of the stack, which must be known at synthesis
   */
  readonly region?: string;

  /**
   * The VPC in whose subnets the capacity will be used: only offerings in their zones qualify, and `subnetId` is the one to use.
   *
   * @default - capacity in any zone
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
   * The role of the function that buys, such as an imported one that finance owns. Lambda must be able to assume it, and whoever
   * deploys must be allowed to pass it.
   *
   * Nothing is added to this role: `TrainingPlan.grants.purchase` says what it needs. All purchases of a stack have the same.
   *
   * @default - a new role that can buy the plans of this stack, and no other
   */
  readonly purchaseRole?: iam.IRole;

  /**
   * The owner of the plan. It is written into a tag of the plan, and a purchase takes over only what is its own.
   *
   * 1 to 256 letters, digits, spaces and any of `_.:/=+-@`, known at synthesis. Give the former value after a construct has been
   * moved or a stack renamed; the error of the deployment says what it was.
   *
   * @default - the name of the root stack, a slash, and the address of the construct in the app
   */
  readonly ownershipKey?: string;

  /**
   * Takes over a plan of this name that somebody else bought, where it has the capacity that is asked for. Nothing is bought then.
   *
   * @default false
   */
  readonly adoptExisting?: boolean;

  /**
   * The number of the attempt. Raise it after a deployment has failed with an unknown outcome, once you have looked and there is no
   * plan: the next deployment may then send a second request.
   *
   * A whole number from 1 to 100, known at synthesis. Raising it after a purchase buys nothing.
   *
   * @default 1
   */
  readonly attempt?: number;

  /**
   * The spare instances in each UltraServer. Only for UltraServers.
   *
   * @default - what the service chooses: 1
   */
  readonly spareInstancesPerUltraServer?: number;
}

/**
 * Buys a training plan, at most once: accelerated capacity of SageMaker for a window of time, paid in advance.
 *
 * **The whole fee is due at once, a plan can't be cancelled, and nothing is refunded**: not on a failed deployment, not on a
 * rollback, and not when the stack is deleted. So by default nothing is bought: `mode` is `DRY_RUN`, which searches, checks
 * and reports. With `BUY`, the first deployment buys the offering that is best at that moment and not above `maxUpfrontFee`.
 * Every further deployment, repetition, rollback or redeployment finds the plan by its name, and buys nothing.
 *
 * - Create: finds the plan, or searches and buys it, and waits up to 50 minutes for the payment.
 * - Update: changes tags; never searches, never buys. Another name or other capacity is refused.
 * - Delete, also with the whole stack: the plan and the resource stay. A later deployment takes the plan over.
 *
 * The attributes of a plan are errors in a dry run, since there is none yet; `notice` says what would be bought.
 *
 * Whoever deploys can spend up to the limit. `purchaseRole` moves the permission to a role that somebody else owns.
 *
 * The first purchase of a stack brings five Lambda functions (ours, and those of CDK's provider framework), a state machine and a
 * log group that is kept.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingPlan.html
 *
 * @example
 * new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
 *   trainingPlanName: 'llm-2026-q2',
 *   account: '111122223333',
 *   region: 'us-east-1',
 *   offering: training_plans.Offering.search({
 *     instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
 *     instanceCount: 4,
 *     durations: [Duration.days(14)],
 *     startAfter: '2026-12-01T00:00:00Z',
 *     endBefore: '2027-01-15T00:00:00Z',
 *     target: training_plans.TargetResource.HYPERPOD_CLUSTER,
 *   }),
 *   maxUpfrontFee: UpfrontFee.usd('120000.00'),
 *   mode: PurchaseMode.DRY_RUN, // BUY, when you have read what a dry run reports
 * });
 */
@propertyInjectable
@checked('training_plans.PurchasedTrainingPlan')
export class PurchasedTrainingPlan extends TrainingPlan implements ITaggableV2 {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.PurchasedTrainingPlan';

  public readonly trainingPlanName: string;

  /**
   * The tags of the plan. They are changed in place.
   */
  public readonly cdkTagManager = new TagManager(TagType.MAP, PURCHASE_RESOURCE_TYPE);

  private readonly resource: CfnResource;
  private readonly buys: boolean;

  constructor(scope: Construct, id: string, props: PurchasedTrainingPlanProps) {
    super(scope, id, { account: props.account, region: props.region });
    this.buys = props.mode === PurchaseMode.BUY;
    const problems = new Problems();
    if (isConcrete(props.trainingPlanName)) {
      checkName(problems, 'trainingPlanName', props.trainingPlanName);
    } else {
      problems.add(RULES.purchaseNameUnknown, { property: 'trainingPlanName', got: props.trainingPlanName });
    }
    const place = placeOf(problems, this.stack, props);
    checkOffering(problems, props.offering);
    checkFee(problems, 'maxUpfrontFee', props.maxUpfrontFee);
    checkMarks(problems, props);
    checkSpares(problems, props.offering, props.spareInstancesPerUltraServer);
    const subnets = subnetsOf(problems, props);
    if (this.buys) { claim(problems, this, place, props.trainingPlanName); }
    problems.throwIfAny(this);
    if (!this.buys) { noteDryRun(this); }
    adviseOnOffering(this, props.offering);
    adviseOnFee(this, 'maxUpfrontFee', props.maxUpfrontFee);

    this.trainingPlanName = props.trainingPlanName;
    const spares = props.spareInstancesPerUltraServer;
    const identity: PurchaseIdentity = {
      Account: place.account,
      Region: place.region,
      TrainingPlanName: props.trainingPlanName,
      OwnershipKey: props.ownershipKey ?? ownershipKeyOf(this),
      AdoptExisting: String(props.adoptExisting ?? false),
      SpareInstanceCountPerUltraServer: spares === undefined ? undefined : Tokenization.stringifyNumber(spares),
    };
    const wanted = { Offering: offeringProperties(props.offering, subnets), MaxUpfrontFee: feeProperties(props.maxUpfrontFee) };
    const about: PurchaseScope = {
      ...place, planArn: planArn(this, props.trainingPlanName), planName: props.trainingPlanName, stackArn: this.stack.stackId,
    };
    this.resource = this.buys
      ? this.purchase({ ...identity, ...wanted, Attempt: attemptOf(props), Tags: this.tags }, about, props.purchaseRole)
      : this.dryRun({ ...wanted, DryRunOf: identity }, about);
    this.tell(place, props.maxUpfrontFee);
    notePlan(this, place, this.trainingPlanName, factsOfOffering(props.offering, subnets));
    if (this.buys) {
      this.node.addValidation({
        validate: () => {
          adviseOnNeighbours(this);
          return judgeTags(this.cdkTagManager.tagValues());
        },
      });
    }
  }

  /**
   * The ARN. Whoever uses it waits until the plan is paid.
   *
   * @attribute
   */
  public get trainingPlanArn(): string { return this.planText('TrainingPlanArn', 'trainingPlanArn'); }

  /**
   * `Scheduled` (paid, and not begun) or `Active`, at the moment of the purchase.
   *
   * @attribute
   */
  public get status(): string { return this.planText('Status', 'status'); }

  /**
   * The Availability Zone of the capacity, such as `us-east-1a`; an empty text where it is in several.
   *
   * @attribute
   */
  public get availabilityZone(): string { return this.planText('AvailabilityZone', 'availabilityZone'); }

  /**
   * The id of the Availability Zone of the capacity, such as `use1-az4`; an empty text where it is in several.
   *
   * @attribute
   */
  public get availabilityZoneId(): string { return this.planText('AvailabilityZoneId', 'availabilityZoneId'); }

  /**
   * The first of the subnets in the zone of the capacity; an empty text where no VPC and no subnets were given.
   *
   * @attribute
   */
  public get subnetId(): string { return this.planText('SubnetId', 'subnetId'); }

  /**
   * The type of the instances, such as `ml.p5.48xlarge`.
   *
   * @attribute
   */
  public get instanceType(): string { return this.planText('InstanceType', 'instanceType'); }

  /**
   * The number of instances reserved.
   *
   * @attribute
   */
  public get totalInstanceCount(): number {
    this.refuseInDryRun('totalInstanceCount');
    return Token.asNumber(this.resource.getAtt('TotalInstanceCount' satisfies PurchaseField));
  }

  /**
   * When the plan begins: ISO 8601 in UTC.
   *
   * @attribute
   */
  public get startTime(): string { return this.planText('StartTime', 'startTime'); }

  /**
   * When the plan ends: ISO 8601 in UTC, as it was bought.
   *
   * @attribute
   */
  public get endTime(): string { return this.planText('EndTime', 'endTime'); }

  /**
   * What the plan cost, in the units of `currencyCode`, as the decimal text that the service gives.
   *
   * @attribute
   */
  public get upfrontFee(): string { return this.planText('UpfrontFee', 'upfrontFee'); }

  /**
   * The currency of `upfrontFee`, such as `USD`.
   *
   * @attribute
   */
  public get currencyCode(): string { return this.planText('CurrencyCode', 'currencyCode'); }

  /**
   * The id of the offering that was bought.
   *
   * @attribute
   */
  public get trainingPlanOfferingId(): string { return this.planText('TrainingPlanOfferingId', 'trainingPlanOfferingId'); }

  /**
   * The plan in one line, or what the last update left undone; of a dry run, what it would have bought.
   *
   * @attribute
   */
  public get notice(): string {
    const field = this.buys ? 'Notice' satisfies PurchaseField : 'Summary' satisfies OfferingField;
    return this.resource.getAtt(field).toString();
  }

  private purchase(properties: PurchaseProperties, about: PurchaseScope, buyer?: iam.IRole): CfnResource {
    const existing = HandlerProvider.of(this, 'purchase');
    if (existing && existing.beginsAs !== buyer) { fail(this, RULES.purchaseRolesDiffer, { property: 'purchaseRole' }); }
    const handler = HandlerProvider.for(this, 'purchase', buyer);
    handler.limit(this, limitOfPurchase(properties));
    handler.allow({ begins: buyerPermissions(this, about), waits: waiterPermissions(about) });
    const resource = new CfnResource(this, 'Resource', {
      type: PURCHASE_RESOURCE_TYPE,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: PROVIDER_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN); // what is paid can't be taken back
    handler.prerequisites.forEach(prerequisite => resource.addResourceDependency(prerequisite));
    return resource;
  }

  private dryRun(properties: OfferingSearchProperties, about: PurchaseScope): CfnResource {
    const handler = HandlerFunction.for(this, 'offeringSearch');
    dryRunPermissions(about).forEach(({ actions, resources }) => handler.allow(actions, resources));
    return new CfnResource(this, 'DryRun', {
      type: OFFERING_SEARCH_RESOURCE_TYPE,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: LOOKUP_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }

  private get tags(): Record<string, string> { return this.cdkTagManager.renderedTags as unknown as Record<string, string>; }

  /** Says at synthesis what a deployment may cost. */
  private tell({ account, region }: Place, { amount, currencyCode }: UpfrontFee): void {
    const plan = `the training plan "${this.trainingPlanName}" in account ${account}, Region ${region}`;
    Annotations.of(this).addInfoV2(`cdk-hpc-clusters:trainingPlans.${this.buys ? 'buys' : 'dryRun'}`, this.buys
      ? `unless it exists, deploying buys ${plan} for up to ${amount} ${currencyCode} without taxes: due at once, never refunded`
      : `deploying looks for ${plan} up to ${amount} ${currencyCode}, and buys nothing; to buy, set \`mode: PurchaseMode.BUY\``);
  }

  private planText(field: PurchaseField, property: string): string {
    this.refuseInDryRun(property);
    return this.resource.getAtt(field).toString();
  }

  private refuseInDryRun(property: string): void {
    if (!this.buys) { fail(this, RULES.dryRunHasNoPlan, { property }); }
  }
}
