import * as computeQuota from './compute-quota';
import type { HyperPodLookupOperation } from '../../src/private/contracts/hyperpod-lookup';
import type { ComputeQuotaDescription, HyperPodReader } from '../clients/hyperpod-reader';
import type { Properties } from '../shared/coerce';
import type { CustomResourceHandler, StackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { lookups, type Operation, type Reading } from '../shared/lookups';
import { patiently } from '../shared/reading';

/** Reads of HyperPod at deploy time. */
export function hyperPodLookups(hyperpod: HyperPodReader): CustomResourceHandler {
  const operations: Record<HyperPodLookupOperation, Operation> = {
    DescribeComputeQuota: (input, fields, stack) => computeQuotaReading(hyperpod, input, fields, stack),
  };
  return lookups('SageMaker', operations);
}

function computeQuotaReading(hyperpod: HyperPodReader, input: Properties, fields: readonly string[], stack: StackIdentity): Reading {
  const target = computeQuota.quotaTarget(input, stack);
  fields.forEach(computeQuota.known);
  return {
    subject: 'id' in target ? `compute quota ${target.id}` : `compute quota "${target.name}" of ${target.clusterArn}`,
    read: async signal => {
      const id = 'id' in target ? target.id : await findComputeQuota(hyperpod, target.clusterArn, target.name, signal);
      const quota = await patiently('DescribeComputeQuota', signal, async () => hyperpod.describeComputeQuota(id, signal));
      if (isDeleted(quota)) { throw new HandlerError('ResourceNotFound', 'it has been deleted'); }
      return computeQuota.selectFields(quota, fields);
    },
  };
}

/** The id of the quota that has exactly this name: the service finds every name that contains it. */
async function findComputeQuota(hyperpod: HyperPodReader, clusterArn: string, name: string, signal: AbortSignal): Promise<string> {
  const listed = await patiently('ListComputeQuotas', signal, async () => hyperpod.listComputeQuotas(clusterArn, name, signal));
  const ids = listed.filter(quota => quota.Name === name && !isDeleted(quota)).map(quota => quota.ComputeQuotaId!);
  if (ids.length !== 1) {
    throw ids.length === 0
      ? new HandlerError('ResourceNotFound', 'the cluster has no quota of this name')
      : new HandlerError('NotUnique', `the cluster has several of this name: ${ids.join(', ')}`);
  }
  return ids[0];
}

/** A quota is shown for a while after it was deleted. One whose deletion failed is still there. */
function isDeleted(quota: Pick<ComputeQuotaDescription, 'Status'>): boolean {
  return quota.Status === 'Deleted';
}
