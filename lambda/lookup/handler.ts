import * as computeQuota from './compute-quota';
import * as trainingPlan from './training-plan';
import type { LookupOperation } from '../../src/private/contracts/lookup';
import type { ComputeQuotaDescription, ComputeQuotaReader, TrainingPlanReader } from '../clients/sagemaker';
import { commaList, record, text, type Properties } from '../shared/coerce';
import type { CustomResourceHandler, Request, StackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { explain, patiently } from '../shared/reading';

/** What a look-up is about, in words, and how it is read. */
interface Reading {
  readonly subject: string;
  readonly read: (signal: AbortSignal) => Promise<Record<string, string>>;
}

/** Understands a look-up. What is wrong with the properties is found here, before the service is asked. */
type Operation = (input: Properties, fields: readonly string[], stack: StackIdentity) => Reading;

/** Reads at deploy time. It changes nothing, so a Delete has nothing to do, and twice is as good as once. */
export class LookupHandler implements CustomResourceHandler {
  private readonly operations: Record<LookupOperation, Operation> = {
    DescribeComputeQuota: (input, fields, stack) => this.describeComputeQuota(input, fields, stack),
    DescribeTrainingPlan: (input, fields) => this.describeTrainingPlan(input, fields),
  };

  public constructor(private readonly sagemaker: TrainingPlanReader & ComputeQuotaReader) {}

  public physicalId(stack: StackIdentity, logicalId: string): string {
    return `${stack.name}/${logicalId}`;
  }

  public async apply({ stack, properties }: Request, signal: AbortSignal): Promise<Record<string, string>> {
    const operation = text(properties, 'Operation');
    if (!Object.hasOwn(this.operations, operation)) {
      throw new HandlerError('InvalidProperties', `unknown operation: ${operation}; known are ${Object.keys(this.operations).join(', ')}`);
    }
    const reading = this.operations[operation as LookupOperation](record(properties, 'Input'), commaList(properties, 'Fields'), stack);
    try {
      return await reading.read(signal);
    } catch (error) {
      throw explain(`${reading.subject} in account ${stack.account}, Region ${stack.region}`, 'SageMaker', error, signal);
    }
  }

  private describeTrainingPlan(input: Properties, fields: readonly string[]): Reading {
    const name = text(input, 'TrainingPlanName');
    fields.forEach(trainingPlan.known);
    return {
      subject: `training plan "${name}"`,
      read: async signal => {
        const plan = await patiently('DescribeTrainingPlan', signal, async () => this.sagemaker.describeTrainingPlan(name, signal));
        return trainingPlan.selectFields(plan, fields);
      },
    };
  }

  private describeComputeQuota(input: Properties, fields: readonly string[], stack: StackIdentity): Reading {
    const target = computeQuota.quotaTarget(input, stack);
    fields.forEach(computeQuota.known);
    return {
      subject: 'id' in target ? `compute quota ${target.id}` : `compute quota "${target.name}" of ${target.clusterArn}`,
      read: async signal => {
        const id = 'id' in target ? target.id : await this.findComputeQuota(target.clusterArn, target.name, signal);
        const quota = await patiently('DescribeComputeQuota', signal, async () => this.sagemaker.describeComputeQuota(id, signal));
        if (isDeleted(quota)) { throw new HandlerError('ResourceNotFound', 'it has been deleted'); }
        return computeQuota.selectFields(quota, fields);
      },
    };
  }

  /** The id of the quota that has exactly this name: the service finds every name that contains it. */
  private async findComputeQuota(clusterArn: string, name: string, signal: AbortSignal): Promise<string> {
    const listed = await patiently('ListComputeQuotas', signal, async () => this.sagemaker.listComputeQuotas(clusterArn, name, signal));
    const ids = listed.filter(quota => quota.Name === name && !isDeleted(quota)).map(quota => quota.ComputeQuotaId!);
    if (ids.length !== 1) {
      throw ids.length === 0
        ? new HandlerError('ResourceNotFound', 'the cluster has no quota of this name')
        : new HandlerError('NotUnique', `the cluster has several of this name: ${ids.join(', ')}`);
    }
    return ids[0];
  }
}

/** A quota is shown for a while after it was deleted. One whose deletion failed is still there. */
function isDeleted(quota: Pick<ComputeQuotaDescription, 'Status'>): boolean {
  return quota.Status === 'Deleted';
}
