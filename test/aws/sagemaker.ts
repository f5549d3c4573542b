import { ComputeQuotas } from './compute-quotas';
import { check, type Structure } from './constraints';
import { HyperPod } from './hyperpod-nodes';
import { arnPrefix, ServiceError, type Place } from './service';

/** A training plan of the fake. Times are ISO 8601; the wire has seconds since 1970. */
export interface Plan {
  readonly TrainingPlanName: string;
  readonly Status: 'Pending' | 'Active' | 'Scheduled' | 'Expired' | 'Failed';
  readonly StatusMessage?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly TotalInstanceCount?: number;
  readonly AvailableInstanceCount?: number;
  readonly InUseInstanceCount?: number;
  readonly UnhealthyInstanceCount?: number;
  readonly AvailableSpareInstanceCount?: number;
  readonly TotalUltraServerCount?: number;
  readonly TargetResources?: string[];
  readonly ReservedCapacitySummaries?: ReservedCapacity[];
}

/** A block of capacity of a plan. */
export interface ReservedCapacity {
  readonly ReservedCapacityArn?: string;
  readonly InstanceType: string;
  readonly TotalInstanceCount: number;
  readonly Status: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
}

/** From the service model. */
const DESCRIBE_PLAN: Structure = {
  type: 'structure',
  members: {
    'TrainingPlanName!': {
      type: 'string', min: 1, max: 2048, pattern: '(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:training-plan/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}',
    },
  },
};

/** SageMaker as far as handlers call it: protocol AWS JSON 1.1, target `SageMaker.<operation>`. */
export class SageMaker {
  public readonly plans = new Map<string, Plan>();
  public readonly quotas = new ComputeQuotas();
  public readonly hyperpod = new HyperPod();

  private readonly operations: Record<string, (input: Record<string, unknown>, place: Place) => object> = {
    CreateComputeQuota: (input, place) => this.quotas.create(input, place),
    DeleteComputeQuota: (input, place) => this.quotas.delete(input, place),
    DescribeCluster: (input, place) => this.hyperpod.describeCluster(input, place),
    DescribeClusterNode: (input, place) => this.hyperpod.describeNode(input, place),
    DescribeComputeQuota: (input, place) => this.quotas.describe(input, place),
    DescribeTrainingPlan: (input, place) => this.describeTrainingPlan(input, place),
    ListClusterNodes: (input, place) => this.hyperpod.listNodes(input, place),
    ListClusters: (input, place) => this.hyperpod.listClusters(input, place),
    ListComputeQuotas: (input, place) => this.quotas.list(input, place),
    UpdateComputeQuota: (input, place) => this.quotas.update(input, place),
  };

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    if (!Object.hasOwn(this.operations, operation)) { throw new ServiceError('UnknownOperationException', ''); }
    return this.operations[operation](input, place);
  }

  private describeTrainingPlan(input: Record<string, unknown>, place: Place): object {
    check(input, DESCRIBE_PLAN);
    const given = input.TrainingPlanName as string;
    const prefix = `${arnPrefix(place)}training-plan/`;
    const name = given.startsWith(prefix) ? given.slice(prefix.length) : given;
    const plan = this.plans.get(name);
    if (!plan) {
      throw new ServiceError('ResourceNotFound', `Training plan ${name} not found`);
    }
    return { TrainingPlanArn: prefix + name, ...onTheWire(plan) };
  }
}

/** Times as seconds since 1970, everything else as it is. */
function onTheWire(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (/^(Start|End)Time$/.test(key) ? Date.parse(String(part)) / 1000 : part)));
}
