import * as cluster from './cluster';
import * as computeQuota from './compute-quota';
import * as nodes from './nodes';
import { outputOf } from './output';
import type { HyperPodLookupOperation } from '../../../src/private/contracts/hyperpod-lookup';
import type { ClusterNode, ComputeQuotaDescription, HyperPodReader } from '../../clients/hyperpod-reader';
import type { OutputWriter } from '../../clients/output-writer';
import { flag, optionalText, text, type Properties } from '../../shared/coerce';
import type { CustomResourceHandler, StackIdentity } from '../../shared/custom-resource';
import { HandlerError } from '../../shared/errors';
import { checkFields, selectFields } from '../../shared/fields';
import { lookups, type Operation, type Reading } from '../../shared/lookups';
import { patiently } from '../../shared/reading';

/** Reads of HyperPod at deploy time. */
export function hyperPodLookups(hyperpod: HyperPodReader, writer: OutputWriter): CustomResourceHandler {
  const operations: Record<HyperPodLookupOperation, Operation> = {
    DescribeCluster: (input, fields) => clusterReading(hyperpod, input, fields),
    DescribeComputeQuota: (input, fields, stack) => computeQuotaReading(hyperpod, input, fields, stack),
    ListClusterNodes: (input, fields) => nodesReading(hyperpod, writer, input, fields),
  };
  return lookups('SageMaker', operations);
}

function clusterReading(hyperpod: HyperPodReader, input: Properties, fields: readonly string[]): Reading {
  const name = text(input, 'ClusterName');
  checkFields(cluster.FIELDS, fields);
  return {
    subject: `HyperPod cluster "${name}"`,
    read: async signal => {
      const description = await patiently('DescribeCluster', signal, async () => hyperpod.describeCluster(name, signal));
      return selectFields(cluster.FIELDS, description, fields);
    },
  };
}

function nodesReading(hyperpod: HyperPodReader, writer: OutputWriter, input: Properties, fields: readonly string[]): Reading {
  const name = text(input, 'ClusterName');
  const group = optionalText(input, 'InstanceGroupName');
  const pending = flag(input, 'IncludePending');
  const output = outputOf(input, writer);
  fields.forEach(nodes.known);
  const question = {
    ClusterName: name,
    InstanceGroupNameContains: group,
    CreationTimeAfter: optionalTime(input, 'CreationTimeAfter'),
    CreationTimeBefore: optionalTime(input, 'CreationTimeBefore'),
    IncludeNodeLogicalIds: pending || output?.fields.includes('NodeLogicalId') || fields.includes('NodeLogicalId') || undefined,
  };
  return {
    subject: `nodes of HyperPod cluster "${name}"`,
    read: async signal => {
      const listed = await patiently('ListClusterNodes', signal, async () => hyperpod.listClusterNodes(question, signal));
      const counts = (node: ClusterNode) => (pending || node.InstanceId) && (group === undefined || node.InstanceGroupName === group);
      const found = nodes.inOrder(listed.filter(counts));
      const data = nodes.selectFields(found, fields);
      await output?.write(found.length, nodes.document(found, output.fields), signal);
      return data;
    },
  };
}

function optionalTime(input: Properties, key: string): Date | undefined {
  const given = optionalText(input, key);
  if (given === undefined) { return undefined; }
  const time = new Date(given);
  if (Number.isNaN(time.getTime())) { throw new HandlerError('InvalidProperties', `the property ${key} must be a time in ISO 8601, not ${given}`); }
  return time;
}

function computeQuotaReading(hyperpod: HyperPodReader, input: Properties, fields: readonly string[], stack: StackIdentity): Reading {
  const target = computeQuota.quotaTarget(input, stack);
  checkFields(computeQuota.FIELDS, fields);
  return {
    subject: 'id' in target ? `compute quota ${target.id}` : `compute quota "${target.name}" of ${target.clusterArn}`,
    read: async signal => {
      const id = 'id' in target ? target.id : await findComputeQuota(hyperpod, target.clusterArn, target.name, signal);
      const quota = await patiently('DescribeComputeQuota', signal, async () => hyperpod.describeComputeQuota(id, signal));
      if (isDeleted(quota)) { throw new HandlerError('ResourceNotFound', 'it has been deleted'); }
      return selectFields(computeQuota.FIELDS, quota, fields);
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
