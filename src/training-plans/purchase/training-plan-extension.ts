import { Annotations, CfnResource, RemovalPolicy, Resource, Token, type Reference } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import {
  EXTENSION_RESOURCE_TYPE, OFFERING_SEARCH_RESOURCE_TYPE,
  type ExtensionField, type ExtensionIdentity, type ExtensionProperties, type ExtensionSearchProperties, type OfferingField,
} from '../../private/contracts/training-plan';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { HandlerProvider } from '../../private/handlers/handler-provider';
import { renameByIdentity } from '../../private/handlers/renaming';
import { LOOKUP_SERVICE_TIMEOUT_SECONDS, PROVIDER_SERVICE_TIMEOUT_SECONDS } from '../../private/handlers/table';
import { checked } from '../../private/inputs/checked';
import { Problems, fail, isConcrete } from '../../private/problems';
import { PurchaseMode } from '../../purchase-mode';
import type { UpfrontFee } from '../../upfront-fee';
import type { ITrainingPlanRef } from '../plan/vocabulary/training-plan-ref';
import { checkExtendTo, claimExtension, putInOrder } from '../private/checks/extension';
import { toUtc } from '../private/checks/instant';
import { adviseOnFee, checkFee } from '../private/checks/offering-checks';
import { adviseOnNeighbours, attemptOf, checkMarks, placeOf, type Place } from '../private/checks/purchase';
import { checkName, checkPlace } from '../private/checks/validation';
import { extenderPermissions, extensionDryRunPermissions, extensionWaiterPermissions, type PurchaseScope } from '../private/facts/perms';
import { planArn, planNameOf } from '../private/rendering/arn';
import { limitOfExtension } from '../private/rendering/limits';
import { feeProperties } from '../private/rendering/offering-properties';
import { RULES } from '../private/rules';

/**
 * Properties of an extension of a training plan.
 */
export interface TrainingPlanExtensionProps {
  /**
   * The plan to extend: `Active` or `Scheduled`, in the account and Region of the stack. Its name is known at synthesis.
   */
  readonly trainingPlan: ITrainingPlanRef;

  /**
   * When the plan shall end: an instant in ISO 8601 with a zone and whole seconds, such as 2027-01-29T11:30:00Z, known at synthesis.
   *
   * Extensions are sold for 1 to 14 days, or for whole weeks up to 182 days, so that only some ends are offered: a dry run fails with
   * those that are. Together with the plan and `attempt` it is the identity: another end is another extension, which is bought besides.
   */
  readonly extendTo: string;

  /**
   * What the extension may cost at most, without taxes. Known at synthesis. An extension with a higher fee, in another currency, or with
   * a fee that can't be read, isn't bought.
   */
  readonly maxUpfrontFee: UpfrontFee;

  /**
   * Whether money is spent. A dry run and an extension are two resources of CloudFormation: changing from one to the other never
   * updates an extension.
   *
   * @default PurchaseMode.DRY_RUN
   */
  readonly mode?: PurchaseMode;

  /**
   * The account of the plan: 12 digits. The extension is refused at deployment in any other one.
   *
   * @default - that of the stack, which must be known at synthesis
   */
  readonly account?: string;

  /**
   * The Region of the plan. The extension is refused at deployment in any other one.
   *
   * @default - that of the stack, which must be known at synthesis
   */
  readonly region?: string;

  /**
   * The role of the function that extends, such as an imported one that finance owns. Lambda must be able to assume it, and whoever
   * deploys must be allowed to pass it.
   *
   * Nothing is added to this role: `TrainingPlan.grants.extend` says what it needs. All extensions of a stack have the same.
   *
   * @default - a new role, which can extend every plan of the account and Region: SageMaker has no narrower permission
   */
  readonly extensionRole?: iam.IRole;

  /**
   * The number of the attempt. Raise it after a deployment has failed with an unknown outcome or a failed payment, once you have looked
   * and the plan isn't extended: the next deployment may then send one request more.
   *
   * A whole number from 1 to 100, known at synthesis. Raising it after the extension buys nothing: the plan ends there already.
   *
   * @default 1
   */
  readonly attempt?: number;
}

/**
 * Extends a training plan to an instant, at most once: more time with the same capacity, paid in advance.
 *
 * **The whole fee is due at once, an extension can't be cancelled, and nothing is refunded.** So by default nothing is bought: `mode` is
 * `DRY_RUN`, which searches, checks and reports. With `BUY`, the first deployment buys the cheapest extension that ends at exactly
 * `extendTo` and isn't above `maxUpfrontFee`. A plan that ends there or later is a success, and nothing is bought.
 *
 * SageMaker extends a plan any number of times, from 56 days to one hour before its end, one extension at a time. Several extensions of a
 * plan in one stack are bought in the order of their ends.
 *
 * - Create: finds the plan ending there, or searches and buys, and waits up to 50 minutes for the payment.
 * - Update: nothing but the limit can change in place, which buys nothing. Another plan, end or attempt is another resource.
 * - Delete, also with the whole stack: the extension stays, since nothing takes it back.
 *
 * A request whose outcome is unknown is never repeated: the deployment fails, a person looks, and raises `attempt`.
 *
 * **Whoever deploys can spend**, and the role that extends can extend every plan of the account and Region, since `ExtendTrainingPlan`
 * names an offering and not a plan. `extensionRole` moves the permission to a role that somebody else owns.
 *
 * The first extension of a stack brings five Lambda functions (ours, and those of CDK's provider framework), a state machine and a
 * log group that is kept.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-extension.html
 *
 * @example
 * new training_plans.TrainingPlanExtension(this, 'UntilFebruary', {
 *   trainingPlan: training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q2'),
 *   account: '111122223333',
 *   region: 'us-east-1',
 *   extendTo: '2027-01-29T11:30:00Z',
 *   maxUpfrontFee: UpfrontFee.usd('60000.00'),
 *   mode: PurchaseMode.DRY_RUN, // BUY, when you have read what a dry run reports
 * });
 */
@propertyInjectable
@checked('training_plans.TrainingPlanExtension')
export class TrainingPlanExtension extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.TrainingPlanExtension';

  private readonly resource: CfnResource;
  private readonly buys: boolean;

  constructor(scope: Construct, id: string, props: TrainingPlanExtensionProps) {
    super(scope, id);
    this.buys = props.mode === PurchaseMode.BUY;
    const name = planNameOf(props.trainingPlan);
    const problems = new Problems();
    if (isConcrete(name)) {
      checkName(problems, 'trainingPlan', name);
    } else {
      problems.add(RULES.purchaseNameUnknown, { property: 'trainingPlan', got: name });
    }
    checkPlace(problems, 'trainingPlan', props.trainingPlan, this);
    const place = placeOf(problems, this.stack, props);
    const extendTo = checkExtendTo(problems, 'extendTo', props.extendTo);
    checkFee(problems, 'maxUpfrontFee', props.maxUpfrontFee);
    checkMarks(problems, props);
    if (this.buys) { claimExtension(problems, this, place, name, extendTo); }
    problems.throwIfAny(this);
    adviseOnFee(this, 'maxUpfrontFee', props.maxUpfrontFee);

    const identity: ExtensionIdentity = {
      Account: place.account,
      Region: place.region,
      TrainingPlanName: name,
      TrainingPlanArn: props.trainingPlan.trainingPlanRef.trainingPlanArn,
      ExtendTo: toUtc(props.extendTo)!,
    };
    const MaxUpfrontFee = feeProperties(props.maxUpfrontFee);
    const about: PurchaseScope = { ...place, planArn: planArn(this, name), planName: name, stackArn: this.stack.stackId };
    this.resource = this.buys
      ? this.extend({ ...identity, MaxUpfrontFee, Attempt: attemptOf(props) }, about, props.extensionRole)
      : this.dryRun({ DryRunOfExtension: identity, MaxUpfrontFee }, about);
    if (this.buys) {
      putInOrder(this.resource, name, extendTo);
      this.node.addValidation({
        validate: () => {
          adviseOnNeighbours(this);
          return [];
        },
      });
    }
    this.tell(name, identity.ExtendTo, place, props.maxUpfrontFee);
  }

  /**
   * The ARN of the plan. Whoever uses it waits until the extension is paid.
   *
   * @attribute
   */
  public get trainingPlanArn(): string { return this.text('TrainingPlanArn', 'trainingPlanArn'); }

  /**
   * When the plan ends, as the service says: ISO 8601 in UTC, `extendTo` or later.
   *
   * @attribute
   */
  public get endTime(): string { return this.text('EndTime', 'endTime'); }

  /**
   * When the extension begins: ISO 8601 in UTC. Like all that follows, an empty text where the plan ends there without an extension.
   *
   * @attribute
   */
  public get startTime(): string { return this.text('StartTime', 'startTime'); }

  /**
   * The status of the extension after its payment, such as `Scheduled`.
   *
   * @attribute
   */
  public get status(): string { return this.text('Status', 'status'); }

  /**
   * The whole hours that the extension lasts.
   *
   * @attribute
   */
  public get durationHours(): number { return Token.asNumber(this.value('DurationHours', 'durationHours')); }

  /**
   * The Availability Zone of the extension, such as `us-east-1a`.
   *
   * @attribute
   */
  public get availabilityZone(): string { return this.text('AvailabilityZone', 'availabilityZone'); }

  /**
   * What the extension cost, in the units of `currencyCode`, as the decimal text that the service gives.
   *
   * @attribute
   */
  public get upfrontFee(): string { return this.text('UpfrontFee', 'upfrontFee'); }

  /**
   * The currency of `upfrontFee`, such as `USD`.
   *
   * @attribute
   */
  public get currencyCode(): string { return this.text('CurrencyCode', 'currencyCode'); }

  /**
   * The id of the offering that was bought.
   *
   * @attribute
   */
  public get trainingPlanExtensionOfferingId(): string {
    return this.text('TrainingPlanExtensionOfferingId', 'trainingPlanExtensionOfferingId');
  }

  /**
   * When the plan ends, or why nothing was bought, in one line; of a dry run, what it would have bought.
   *
   * @attribute
   */
  public get notice(): string {
    const field = this.buys ? 'Notice' satisfies ExtensionField : 'Summary' satisfies OfferingField;
    return this.resource.getAtt(field).toString();
  }

  private extend(properties: ExtensionProperties, about: PurchaseScope, extender?: iam.IRole): CfnResource {
    const existing = HandlerProvider.of(this, 'extension');
    if (existing && existing.beginsAs !== extender) { fail(this, RULES.extensionRolesDiffer, { property: 'extensionRole' }); }
    const handler = HandlerProvider.for(this, 'extension', extender);
    handler.limit(this, limitOfExtension(properties));
    handler.allow({ begins: extenderPermissions(this, about), waits: extensionWaiterPermissions(about) });
    const resource = new CfnResource(this, 'Resource', {
      type: EXTENSION_RESOURCE_TYPE,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: PROVIDER_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
    renameByIdentity(resource, [properties.TrainingPlanName, properties.ExtendTo, properties.Attempt]);
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN); // what is paid can't be taken back
    handler.prerequisites.forEach(prerequisite => resource.addResourceDependency(prerequisite));
    return resource;
  }

  private dryRun(properties: ExtensionSearchProperties, about: PurchaseScope): CfnResource {
    const handler = HandlerFunction.for(this, 'offeringSearch');
    extensionDryRunPermissions(about).forEach(({ actions, resources }) => handler.allow(actions, resources));
    return new CfnResource(this, 'DryRun', {
      type: OFFERING_SEARCH_RESOURCE_TYPE,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: LOOKUP_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }

  /** Says at synthesis what a deployment may cost. */
  private tell(name: string, extendTo: string, { account, region }: Place, { amount, currencyCode }: UpfrontFee): void {
    const what = `of the training plan "${name}" to ${extendTo} in account ${account}, Region ${region}`;
    Annotations.of(this).addInfoV2(`cdk-hpc-clusters:trainingPlans.${this.buys ? 'extends' : 'extensionDryRun'}`, this.buys
      ? `unless it ends there, deploying buys an extension ${what} for up to ${amount} ${currencyCode} without taxes: due at once, never refunded`
      : `deploying looks for an extension ${what} up to ${amount} ${currencyCode}, and buys nothing; to buy, set \`mode: PurchaseMode.BUY\``);
  }

  private text(field: ExtensionField, property: string): string { return this.value(field, property).toString(); }

  private value(field: ExtensionField, property: string): Reference {
    if (!this.buys) { fail(this, RULES.dryRunHasNoExtension, { property }); }
    return this.resource.getAtt(field);
  }
}
