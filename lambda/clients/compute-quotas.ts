import {
  AddTagsCommand, CreateComputeQuotaCommand, DeleteComputeQuotaCommand, DeleteTagsCommand, DescribeComputeQuotaCommand,
  SageMakerClient, UpdateComputeQuotaCommand, paginateListComputeQuotas, paginateListTags,
  type ComputeQuotaSummary, type CreateComputeQuotaRequest, type DescribeComputeQuotaResponse, type Tag, type UpdateComputeQuotaRequest,
} from '@aws-sdk/client-sagemaker';
import { readConfig } from './config';
import { asModelled } from './modelled';
import { allOf } from './paging';

/** All that provisioning a compute quota needs of the service. */
export interface ComputeQuotaService {
  /** Returns the ARN. */
  create(request: CreateComputeQuotaRequest, signal: AbortSignal): Promise<string>;
  describe(id: string, signal: AbortSignal): Promise<DescribeComputeQuotaResponse>;
  /** Returns the new version. */
  update(request: UpdateComputeQuotaRequest, signal: AbortSignal): Promise<number>;
  delete(id: string, signal: AbortSignal): Promise<void>;
  /** The quotas of a cluster whose names contain a text, from all pages. */
  list(clusterArn: string, nameContains: string, signal: AbortSignal): Promise<ComputeQuotaSummary[]>;
  /** All tags, from all pages. */
  tags(arn: string, signal: AbortSignal): Promise<Tag[]>;
  addTags(arn: string, tags: Tag[], signal: AbortSignal): Promise<void>;
  deleteTags(arn: string, keys: string[], signal: AbortSignal): Promise<void>;
}

/** The most that a page can have. */
const PAGE = 100;

/** The configuration is that of reads, which repeats what fails: a name can be taken once, so writing twice does no harm. */
export function computeQuotaService(): ComputeQuotaService {
  const client = asModelled(new SageMakerClient(readConfig()));
  return {
    create: async (request, abortSignal) => (await client.send(new CreateComputeQuotaCommand(request), { abortSignal })).ComputeQuotaArn!,
    describe: async (id, abortSignal) => client.send(new DescribeComputeQuotaCommand({ ComputeQuotaId: id }), { abortSignal }),
    update: async (request, abortSignal) => {
      return (await client.send(new UpdateComputeQuotaCommand(request), { abortSignal })).ComputeQuotaVersion!;
    },
    delete: async (id, abortSignal) => {
      await client.send(new DeleteComputeQuotaCommand({ ComputeQuotaId: id }), { abortSignal });
    },
    list: async (clusterArn, nameContains, abortSignal) => {
      const question = { ClusterArn: clusterArn, NameContains: nameContains };
      return allOf(paginateListComputeQuotas({ client, pageSize: PAGE }, question, { abortSignal }), page => page.ComputeQuotaSummaries);
    },
    tags: async (arn, abortSignal) => allOf(paginateListTags({ client }, { ResourceArn: arn }, { abortSignal }), page => page.Tags),
    addTags: async (arn, tags, abortSignal) => {
      await client.send(new AddTagsCommand({ ResourceArn: arn, Tags: tags }), { abortSignal });
    },
    deleteTags: async (arn, keys, abortSignal) => {
      await client.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: keys }), { abortSignal });
    },
  };
}
