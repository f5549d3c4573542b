import { CfnResource, Resource, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { Offering } from './vocabulary/offering';
import { OFFERING_SEARCH_RESOURCE_TYPE, type OfferingField, type OfferingSearchProperties } from '../../private/contracts/training-plan';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { LOOKUP_SERVICE_TIMEOUT_SECONDS } from '../../private/handlers/table';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import type { UpfrontFee } from '../../upfront-fee';
import { adviseOnFee, adviseOnOffering, checkFee, checkOffering } from '../private/checks/offering-checks';
import { SEARCH_ACTIONS } from '../private/facts/perms';
import { feeProperties, offeringProperties, subnetsOf } from '../private/rendering/offering-properties';

/**
 * Properties of a search of offerings.
 */
export interface OfferingSearchProps {
  /**
   * What the offering must be, and how it is chosen.
   */
  readonly offering: Offering;

  /**
   * The fee that the offering may have at most, in its currency.
   *
   * @default - any
   */
  readonly maxUpfrontFee?: UpfrontFee;

  /**
   * The VPC in whose subnets the capacity will be used: only offerings in their zones qualify.
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
   * Any text. Another one makes the next deployment search again.
   *
   * CloudFormation runs a search when it is created and when something about it changes, not on every deployment.
   *
   * @default - searched again only when what is searched for changes
   */
  readonly refresh?: string;
}

/**
 * Searches at deploy time for an offering of a training plan. It buys nothing.
 *
 * The deployment fails when nothing qualifies, and says what was asked for and the nearest that there is. The attributes are
 * those of the offering that was chosen, at the moment of the search: offerings and their prices are short-lived. Nothing is
 * reserved by a search.
 *
 * The first search of a stack, and the first dry run of a purchase, bring a Lambda function with a role and a log group (see
 * `HandlerDefaults`). It can read offerings and plans, and buy none.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 *
 * @example
 * const found = new training_plans.OfferingSearch(this, 'Found', {
 *   offering: training_plans.Offering.search({
 *     instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
 *     instanceCount: 4,
 *     durations: [Duration.days(7), Duration.days(14)],
 *     startAfter: '2026-12-01T00:00:00Z',
 *     endBefore: '2027-01-15T00:00:00Z',
 *     target: training_plans.TargetResource.HYPERPOD_CLUSTER,
 *     selection: OfferingSelection.LOWEST_INSTANCE_HOUR_RATE,
 *   }),
 * });
 * new CfnOutput(this, 'Cheapest', { value: found.summary });
 */
@propertyInjectable
@checked('training_plans.OfferingSearch')
export class OfferingSearch extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.training_plans.OfferingSearch';

  private readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: OfferingSearchProps) {
    super(scope, id);
    const problems = new Problems();
    checkOffering(problems, props.offering);
    if (props.maxUpfrontFee) { checkFee(problems, 'maxUpfrontFee', props.maxUpfrontFee); }
    const subnets = subnetsOf(problems, props);
    problems.throwIfAny(this);
    adviseOnOffering(this, props.offering);
    if (props.maxUpfrontFee) { adviseOnFee(this, 'maxUpfrontFee', props.maxUpfrontFee); }

    const handler = HandlerFunction.for(this, 'offeringSearch');
    handler.allow(SEARCH_ACTIONS, ['*']);
    const properties: OfferingSearchProperties = {
      Offering: offeringProperties(props.offering, subnets),
      MaxUpfrontFee: props.maxUpfrontFee && feeProperties(props.maxUpfrontFee),
      Refresh: props.refresh,
    };
    this.resource = new CfnResource(this, 'Resource', {
      type: OFFERING_SEARCH_RESOURCE_TYPE,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: LOOKUP_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }

  /**
   * The id of the offering, for `Offering.pinned`.
   *
   * @attribute
   */
  public get trainingPlanOfferingId(): string { return this.text('TrainingPlanOfferingId'); }

  /**
   * The offering in one line: what, how many, where, when, and for how much.
   *
   * @attribute
   */
  public get summary(): string { return this.text('Summary'); }

  /**
   * How many offerings qualify.
   *
   * @attribute
   */
  public get qualifyingCount(): number { return this.number('QualifyingCount'); }

  /**
   * The fee for the whole plan, in the units of `currencyCode`, as the decimal text that the service gives.
   *
   * @attribute
   */
  public get upfrontFee(): string { return this.text('UpfrontFee'); }

  /**
   * The currency of `upfrontFee`, such as `USD`.
   *
   * @attribute
   */
  public get currencyCode(): string { return this.text('CurrencyCode'); }

  /**
   * The Availability Zone of the capacity, such as `us-east-1a`; an empty text where it is in several.
   *
   * @attribute
   */
  public get availabilityZone(): string { return this.text('AvailabilityZone'); }

  /**
   * The first of the subnets in the zone of the capacity; an empty text where no VPC and no subnets were given.
   *
   * @attribute
   */
  public get subnetId(): string { return this.text('SubnetId'); }

  /**
   * The type of the instances, such as `ml.p5.48xlarge`.
   *
   * @attribute
   */
  public get instanceType(): string { return this.text('InstanceType'); }

  /**
   * The number of instances.
   *
   * @attribute
   */
  public get instanceCount(): number { return this.number('InstanceCount'); }

  /**
   * When the plan would begin: ISO 8601 in UTC.
   *
   * @attribute
   */
  public get startTime(): string { return this.text('StartTime'); }

  /**
   * When the plan would end: ISO 8601 in UTC.
   *
   * @attribute
   */
  public get endTime(): string { return this.text('EndTime'); }

  /**
   * The whole hours that the plan would last.
   *
   * @attribute
   */
  public get durationHours(): number { return this.number('DurationHours'); }

  private text(field: OfferingField): string { return this.resource.getAtt(field).toString(); }

  private number(field: OfferingField): number { return Token.asNumber(this.resource.getAtt(field)); }
}
