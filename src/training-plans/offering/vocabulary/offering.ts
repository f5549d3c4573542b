import type { Duration } from 'aws-cdk-lib';
import type { PlanInstanceType, UltraServerType } from './plan-instance-type';
import type { TargetResource } from './target-resource';
import type { OfferingSelection } from '../../../offering-selection';
import { checked } from '../../../private/inputs/checked';

/**
 * What an offering must be, whatever the capacity is made of.
 */
export interface OfferingCriteria {
  /**
   * How long the plan lasts: whole hours, known at synthesis.
   *
   * The service finds offerings of exactly one duration, so each is searched for. It sells whole days, 1 to 182 of them.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/search-training-plan-offerings-api-cli-sdk.html
   */
  readonly durations: Duration[];

  /**
   * What will use the capacity. It can't be changed after the purchase.
   */
  readonly target: TargetResource;

  /**
   * The plan begins at this instant or later: ISO 8601 with a zone, such as `2026-12-01T00:00:00Z`.
   *
   * The service offers plans that begin within the next eight weeks.
   *
   * @default - from now on
   */
  readonly startAfter?: string;

  /**
   * The plan ends at this instant or earlier: ISO 8601 with a zone, such as `2027-01-15T00:00:00Z`.
   *
   * @default - no end
   */
  readonly endBefore?: string;

  /**
   * The names of the Availability Zones that qualify, such as `us-east-1a`: all capacity must be in one of them.
   *
   * Where the capacity has to be where certain subnets are, give those instead.
   *
   * @default - any
   */
  readonly availabilityZones?: string[];

  /**
   * How one is chosen among those that qualify.
   *
   * @default OfferingSelection.LOWEST_FEE
   */
  readonly selection?: OfferingSelection;
}

/**
 * What an offering of instances must be.
 */
export interface InstanceOfferingCriteria extends OfferingCriteria {
  /**
   * The type of the instances.
   */
  readonly instanceType: PlanInstanceType;

  /**
   * How many instances: 1, 2, 4, 8, 16, 32 or 64.
   */
  readonly instanceCount: number;
}

/**
 * What an offering of UltraServers must be.
 */
export interface UltraServerOfferingCriteria extends OfferingCriteria {
  /**
   * The type of the UltraServers.
   */
  readonly ultraServerType: UltraServerType;

  /**
   * How many UltraServers.
   */
  readonly ultraServerCount: number;
}

/**
 * One offering of instances, and what it must be.
 */
export interface PinnedInstanceOffering extends InstanceOfferingCriteria {
  /**
   * The id of the offering, such as `tpo-` and 64 hexadecimal digits.
   *
   * Offerings are short-lived: when the search doesn't find it any more, the deployment fails.
   */
  readonly trainingPlanOfferingId: string;
}

/**
 * One offering of UltraServers, and what it must be.
 */
export interface PinnedUltraServerOffering extends UltraServerOfferingCriteria {
  /**
   * The id of the offering, such as `tpo-` and 64 hexadecimal digits.
   *
   * Offerings are short-lived: when the search doesn't find it any more, the deployment fails.
   */
  readonly trainingPlanOfferingId: string;
}

/**
 * Which offering of a training plan is meant.
 *
 * An offering is always described by what it must be: the service can't say what an id alone would cost.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
@checked('training_plans.Offering')
export class Offering {
  /**
   * The best offering of instances that the service has when it is deployed.
   */
  public static search(criteria: InstanceOfferingCriteria): Offering {
    return new Offering(criteria, { instances: criteria });
  }

  /**
   * The best offering of UltraServers that the service has when it is deployed.
   */
  public static searchUltraServers(criteria: UltraServerOfferingCriteria): Offering {
    return new Offering(criteria, { ultraServers: criteria });
  }

  /**
   * One offering of instances that somebody has chosen, as `OfferingSearch` or the AWS CLI reported it.
   */
  public static pinned(offering: PinnedInstanceOffering): Offering {
    return new Offering(offering, { instances: offering }, offering.trainingPlanOfferingId);
  }

  /**
   * One offering of UltraServers that somebody has chosen, as `OfferingSearch` or the AWS CLI reported it.
   */
  public static pinnedUltraServers(offering: PinnedUltraServerOffering): Offering {
    return new Offering(offering, { ultraServers: offering }, offering.trainingPlanOfferingId);
  }

  /** @internal */
  public readonly _kind = 'training_plans.Offering';

  private constructor(
    /** @internal */
    public readonly _criteria: OfferingCriteria,
    /** @internal */
    public readonly _capacity: { readonly instances?: InstanceOfferingCriteria; readonly ultraServers?: UltraServerOfferingCriteria },
    /** @internal */
    public readonly _pinnedId?: string,
  ) {}
}
