/*
 * What the constructs that search and buy training plans say to their handlers, and what comes back.
 *
 * Custom resources outlive releases: a plan bought years ago is still updated with the properties that it was bought with.
 * So members are only ever added here, and the handlers accept every shape that was ever shipped. All values arrive as strings.
 */

/** The CloudFormation type of a purchase. */
export const PURCHASE_RESOURCE_TYPE = 'Custom::HpcTrainingPlansPurchase';

/** The CloudFormation type of an extension. */
export const EXTENSION_RESOURCE_TYPE = 'Custom::HpcTrainingPlansExtension';

/** The CloudFormation type of a search that buys nothing: `OfferingSearch`, and a purchase as a dry run. */
export const OFFERING_SEARCH_RESOURCE_TYPE = 'Custom::HpcTrainingPlansOfferingSearch';

/** How an offering is chosen among those that qualify. Ties are broken by fee, start, end and id, in this order. */
export const OFFERING_SELECTIONS = ['EARLIEST_START', 'LONGEST', 'LOWEST_FEE', 'LOWEST_INSTANCE_HOUR_RATE'] as const;

/** A way to choose an offering. */
export type OfferingSelection = typeof OFFERING_SELECTIONS[number];

/** What an offering must be. */
export interface OfferingCriteria {
  /** Exactly one of the two types, with its count. */
  readonly InstanceType?: string;
  readonly InstanceCount?: string;
  readonly UltraServerType?: string;
  readonly UltraServerCount?: string;
  /** Hours, ascending. The service matches a duration exactly, so each is searched for. */
  readonly DurationHours: readonly string[];
  /** Instants, ISO 8601 in UTC with seconds. */
  readonly StartTimeAfter?: string;
  readonly EndTimeBefore?: string;
  /** `training-job`, `hyperpod-cluster`, `endpoint` or `studio-apps`. */
  readonly TargetResource: string;
  /** Names of zones: only offerings whose capacity is in these qualify. Left out: any. */
  readonly AvailabilityZones?: readonly string[];
  /** Subnets in the order of preference: only offerings in their zones qualify, and the first in the chosen zone comes back. */
  readonly Subnets?: readonly SubnetZone[];
  /** Only this offering qualifies. */
  readonly TrainingPlanOfferingId?: string;
  readonly Selection: OfferingSelection;
}

/** A subnet and the name of its zone, both of which may be known only at deployment. */
export interface SubnetZone {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
}

/** A search of offerings. */
export interface OfferingSearchProperties {
  readonly Offering: OfferingCriteria;
  /** Only offerings up to this fee qualify. A purchase as a dry run always has it. */
  readonly MaxUpfrontFee?: UpfrontFee;
  /** The purchase that this is a dry run of: its name must be free, or hold a plan that the purchase would adopt. */
  readonly DryRunOf?: PurchaseIdentity;
  /** Any text; another one makes CloudFormation search again. */
  readonly Refresh?: string;
}

/** A dry run of an extension: a search among the extensions of one plan. */
export interface ExtensionSearchProperties {
  readonly DryRunOfExtension: ExtensionIdentity;
  readonly MaxUpfrontFee: UpfrontFee;
}

/** An amount as a decimal string, such as `120000.00`, in a currency. */
export interface UpfrontFee {
  readonly Amount: string;
  readonly CurrencyCode: string;
}

/** What makes two purchases the same. */
export interface PurchaseIdentity {
  /** Where the plan is bought. The handler refuses another place, so that a second stage of an app can't buy again. */
  readonly Account: string;
  readonly Region: string;
  readonly TrainingPlanName: string;
  /** Whose the plan is: written into its tag and the ledger. */
  readonly OwnershipKey: string;
  /** `true` takes over a plan of this name that somebody else bought, when it is as specified. */
  readonly AdoptExisting: string;
  readonly SpareInstanceCountPerUltraServer?: string;
}

/** A purchase. */
export interface PurchaseProperties extends PurchaseIdentity {
  readonly Offering: OfferingCriteria;
  readonly MaxUpfrontFee: UpfrontFee;
  /** Raised by a person who has looked, when the outcome of a purchase is unknown. From `1`. */
  readonly Attempt: string;
  /** Tags of the user. Those of the library come besides and can't be overridden. */
  readonly Tags?: Record<string, string>;
}

/** What makes two extensions the same, beside `Attempt`. */
export interface ExtensionIdentity {
  /** Where the plan is. The handler refuses another place. */
  readonly Account: string;
  readonly Region: string;
  readonly TrainingPlanName: string;
  /** The ARN that the name has there, for what must be there first. */
  readonly TrainingPlanArn: string;
  /** When the plan shall end: an instant, ISO 8601 in UTC with seconds. */
  readonly ExtendTo: string;
}

/** An extension. */
export interface ExtensionProperties extends ExtensionIdentity {
  readonly MaxUpfrontFee: UpfrontFee;
  /** Raised by a person who has looked, when the outcome of an extension is unknown. From `1`. */
  readonly Attempt: string;
}

/** The tags that a purchase writes, and no update ever touches. */
export const OWNER_TAG = 'cdk-hpc-clusters:owner';
export const SPEC_TAG = 'cdk-hpc-clusters:spec';
export const OFFERING_TAG = 'cdk-hpc-clusters:offering';
export const ATTEMPT_TAG = 'cdk-hpc-clusters:attempt';

/**
 * The SSM parameters of the ledger: `<prefix><name>/<n>`, `…/<n>/sent`, `…/<n>/outcome`; of extensions
 * `<prefix><name>/extend/<end>/<n>…`.
 */
export const LEDGER_PREFIX = '/cdk-hpc-clusters/training-plan/';

/** The attributes of a purchase, equal on every path. Those of a search are without the plan: see `OFFERING_FIELDS`. */
export const PURCHASE_FIELDS = [
  'AvailabilityZone',
  'AvailabilityZoneId',
  'CurrencyCode',
  'EndTime',
  'InstanceType',
  'Notice',
  'StartTime',
  'Status',
  'SubnetId',
  'TotalInstanceCount',
  'TrainingPlanArn',
  'TrainingPlanName',
  'TrainingPlanOfferingId',
  'UpfrontFee',
] as const;

/** A field of a purchase. */
export type PurchaseField = typeof PURCHASE_FIELDS[number];

/** The attributes of an extension, equal on every path; empty where the plan ends there without one that the service knows. */
export const EXTENSION_FIELDS = [
  'AvailabilityZone',
  'CurrencyCode',
  'DurationHours',
  'EndTime',
  'Notice',
  'StartTime',
  'Status',
  'TrainingPlanArn',
  'TrainingPlanExtensionOfferingId',
  'TrainingPlanName',
  'UpfrontFee',
] as const;

/** A field of an extension. */
export type ExtensionField = typeof EXTENSION_FIELDS[number];

/** The attributes of a search: the offering that was chosen, and how many qualify. */
export const OFFERING_FIELDS = [
  'AvailabilityZone',
  'CurrencyCode',
  'DurationHours',
  'EndTime',
  'InstanceCount',
  'InstanceType',
  'QualifyingCount',
  'StartTime',
  'SubnetId',
  'Summary',
  'TrainingPlanOfferingId',
  'UpfrontFee',
] as const;

/** A field of an offering. */
export type OfferingField = typeof OFFERING_FIELDS[number];
