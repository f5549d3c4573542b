import { ComputeQuotas } from './compute-quotas';
import { Endpoints } from './endpoints';
import { HyperPod } from './hyperpod-nodes';
import { NodeWrites } from './node-writes';
import { SageMakerChanges } from './sagemaker-changes';
import { ServiceError, type Place } from './service';
import { mapTimes, TrainingPlans, type Plan } from './training-plans';

export type { Plan, ReservedCapacity } from './training-plans';

/** SageMaker as far as handlers call it: protocol AWS JSON 1.1, target `SageMaker.<operation>`. */
export class SageMaker {
  public readonly trainingPlans: TrainingPlans;
  public readonly quotas = new ComputeQuotas();
  public readonly hyperpod = new HyperPod();
  public readonly changes = new SageMakerChanges(this.hyperpod);
  public readonly endpoints = new Endpoints();
  public readonly nodeWrites = new NodeWrites(this.hyperpod);

  private readonly operations: Record<string, (input: Record<string, unknown>, place: Place) => object> = {
    BatchRebootClusterNodes: (input, place) => this.nodeWrites.reboot(input, place),
    BatchReplaceClusterNodes: (input, place) => this.nodeWrites.replace(input, place),
    CreateComputeQuota: (input, place) => this.quotas.create(input, place),
    DeleteComputeQuota: (input, place) => this.quotas.delete(input, place),
    DescribeCluster: (input, place) => this.hyperpod.describeCluster(input, place),
    DescribeClusterNode: (input, place) => this.hyperpod.describeNode(input, place),
    DescribeComputeQuota: (input, place) => this.quotas.describe(input, place),
    ListClusterNodes: (input, place) => this.hyperpod.listNodes(input, place),
    ListClusters: (input, place) => this.hyperpod.listClusters(input, place),
    ListComputeQuotas: (input, place) => this.quotas.list(input, place),
    UpdateComputeQuota: (input, place) => this.quotas.update(input, place),
    ...this.changes.operations,
    ...this.endpoints.operations,
  };

  /** Those of quotas are kept, those of anything else aren't. */
  private readonly quotaTags: Record<string, (input: Record<string, unknown>, place: Place) => object> = {
    AddTags: (input, place) => this.quotas.addTags(input, place),
    DeleteTags: (input, place) => this.quotas.deleteTags(input, place),
    ListTags: (input, place) => this.quotas.listTags(input, place),
  };

  public constructor(now?: () => number) {
    this.trainingPlans = new TrainingPlans(now);
  }

  /** Plans that are there from the beginning. */
  public get plans(): Map<string, Plan> {
    return this.trainingPlans.plans;
  }

  /** Forgets everything. */
  public reset(): void {
    this.trainingPlans.reset();
    this.quotas.clear();
    this.hyperpod.clear();
    this.changes.kept.length = 0;
    this.endpoints.clear();
    this.nodeWrites.clear();
  }

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    const tagged = typeof input.ResourceArn === 'string' ? input.ResourceArn : ':training-plan/';
    if (this.trainingPlans.has(operation) && tagged.includes(':training-plan/')) {
      return mapTimes(this.trainingPlans.call(operation, input, place), time => Date.parse(time) / 1000);
    }
    if (tagged.includes(':compute-quota/')) { return this.quotaTags[operation](input, place); }
    if (!Object.hasOwn(this.operations, operation)) { throw new ServiceError('UnknownOperationException', ''); }
    return this.operations[operation](input, place);
  }
}
