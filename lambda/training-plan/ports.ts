import type {
  DescribeTrainingPlanResponse, SearchTrainingPlanOfferingsRequest, SearchTrainingPlanOfferingsResponse, Tag, TrainingPlanExtension,
  TrainingPlanSummary,
} from '@aws-sdk/client-sagemaker';

/*
 * All that a purchase needs of the world. The shipped bundle has adapters over the clients of the SDK, the driver of the tests has
 * a fake with a clock of its own. Every call but `create` may be repeated by its adapter; errors are those of the SDK.
 */

/** Time. Nothing of a purchase reads a clock or waits elsewhere. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Asks, and fails when the answer takes longer. The question isn't taken back. */
  within<T>(milliseconds: number, ask: () => Promise<T>): Promise<T>;
}

/** The reads of plans. */
export interface PlanReader {
  describe(name: string): Promise<DescribeTrainingPlanResponse>;
  /** All plans, from all pages. */
  list(): Promise<TrainingPlanSummary[]>;
  /** All tags, from all pages. */
  tags(planArn: string): Promise<Tag[]>;
  search(criteria: SearchTrainingPlanOfferingsRequest): Promise<SearchTrainingPlanOfferingsResponse>;
  /** All extensions of a plan, from all pages. */
  extensions(planArn: string): Promise<TrainingPlanExtension[]>;
}

/** What costs money. */
export interface PlanBuyer {
  /** One call is one HTTP request, whatever comes of it. Returns the ARN. */
  create(request: {
    readonly TrainingPlanName: string;
    readonly TrainingPlanOfferingId: string;
    readonly SpareInstanceCountPerUltraServer?: number;
    readonly Tags: Tag[];
  }): Promise<string>;
}

/** What prolongs a plan, which costs money, too. */
export interface PlanExtender {
  /** One call is one HTTP request, whatever comes of it. Returns the id of the offering, where the answer says that it was bought. */
  extend(offeringId: string): Promise<string>;
}

/** What changes the tags of a plan. */
export interface PlanTagger {
  addTags(planArn: string, tags: Tag[]): Promise<void>;
  deleteTags(planArn: string, keys: string[]): Promise<void>;
}

/** A store of records that are written once. */
export interface LedgerStore {
  /** Writes a record that isn't there yet. `false`: there is one, which stays as it is. */
  put(name: string, value: string): Promise<boolean>;
  /** All records under a path, by name, from all pages. */
  readAll(path: string): Promise<ReadonlyMap<string, string>>;
}

/** What CloudFormation says about the stack that sent the event. */
export interface StackReader {
  /** A resource, with its status, such as `CREATE_IN_PROGRESS`. `undefined`: the stack has no such resource. */
  resource(stackId: string, logicalId: string): Promise<StackResource | undefined>;
}

/** A resource of a stack. */
export interface StackResource {
  readonly status?: string;
  /** Its type, such as `AWS::S3::Bucket`. */
  readonly type?: string;
}
