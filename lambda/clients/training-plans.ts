import {
  AddTagsCommand, CreateTrainingPlanCommand, DeleteTagsCommand, DescribeTrainingPlanCommand, ExtendTrainingPlanCommand, SageMakerClient,
  SearchTrainingPlanOfferingsCommand, paginateDescribeTrainingPlanExtensionHistory, paginateListTags, paginateListTrainingPlans,
  type DescribeTrainingPlanResponse, type SearchTrainingPlanOfferingsRequest, type SearchTrainingPlanOfferingsResponse, type Tag,
  type TrainingPlanExtension, type TrainingPlanSummary,
} from '@aws-sdk/client-sagemaker';
import { clientConfig } from './config';
import { asModelled } from './modelled';
import { allOf } from './paging';

/* Each call but those that cost money may be repeated by its client; errors are those of the SDK. */

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

/** One request may take this long. Reads answer in well under a second, searches in a few. */
const REQUEST_MS = 15_000;
/** With their pauses, at most two minutes for one question. */
const ATTEMPTS = 6;
/** A purchase answers in seconds. What takes longer than this is looked for, not sent again. */
const PURCHASE_MS = 60_000;
/** The most that a page can have. */
const PAGE = 100;

function client(): SageMakerClient {
  return asModelled(new SageMakerClient(clientConfig({ attempts: ATTEMPTS, requestMs: REQUEST_MS })));
}

/** Reads of plans: the SDK repeats what was throttled, reset or answered with a 5xx, with jitter. */
export function planReader(): PlanReader {
  const sagemaker = client();
  const paging = { client: sagemaker, pageSize: PAGE };
  return {
    describe: async name => sagemaker.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name })),
    list: async () => allOf(paginateListTrainingPlans(paging, {}), page => page.TrainingPlanSummaries),
    tags: async planArn => allOf(paginateListTags(paging, { ResourceArn: planArn }), page => page.Tags),
    search: async criteria => sagemaker.send(new SearchTrainingPlanOfferingsCommand(criteria)),
    extensions: async planArn => {
      return allOf(paginateDescribeTrainingPlanExtensionHistory(paging, { TrainingPlanArn: planArn }), page => page.TrainingPlanExtensions);
    },
  };
}

/** Tags are what they are however often they are written. */
export function planTagger(): PlanTagger {
  const sagemaker = client();
  return {
    addTags: async (planArn, tags) => { await sagemaker.send(new AddTagsCommand({ ResourceArn: planArn, Tags: tags })); },
    deleteTags: async (planArn, keys) => { await sagemaker.send(new DeleteTagsCommand({ ResourceArn: planArn, TagKeys: keys })); },
  };
}

/**
 * The only clients that spend money. They never repeat a request: the service can't tell a repeated one from another purchase. Each
 * request has a connection of its own, since one that was closed while the function slept would leave the outcome unknown.
 */
function spendingClient(): SageMakerClient {
  return asModelled(new SageMakerClient(clientConfig({ attempts: 1, requestMs: PURCHASE_MS, keepAlive: false })));
}

export function planBuyer(): PlanBuyer {
  const sagemaker = spendingClient();
  return {
    create: async request => (await sagemaker.send(new CreateTrainingPlanCommand(request))).TrainingPlanArn ?? '',
  };
}

export function planExtender(): PlanExtender {
  const sagemaker = spendingClient();
  return {
    extend: async offeringId => {
      const command = new ExtendTrainingPlanCommand({ TrainingPlanExtensionOfferingId: offeringId });
      const { TrainingPlanExtensions = [] } = await sagemaker.send(command);
      const extension = TrainingPlanExtensions.find(each => each.TrainingPlanExtensionOfferingId === offeringId);
      return extension?.TrainingPlanExtensionOfferingId ?? '';
    },
  };
}
