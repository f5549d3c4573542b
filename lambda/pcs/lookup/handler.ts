import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTER, COMPUTE_NODE_GROUP, INSTANCES } from './fields';
import type { PcsLookupOperation } from '../../../src/private/contracts/pcs-lookup';
import type { Instance } from '../../clients/ec2';
import type { PcsReader } from '../../clients/pcs-reader';
import { optionalInteger, text, type Properties } from '../../shared/coerce';
import type { CustomResourceHandler } from '../../shared/custom-resource';
import { HandlerError, failureOf } from '../../shared/errors';
import { checkFields, selectFields } from '../../shared/fields';
import { lookups, type Operation, type Reading } from '../../shared/lookups';
import { patiently } from '../../shared/reading';

/** The pause before instances are asked for again that have yet to start. */
const INSTANCES_PAUSE_MS = 5_000;

/** What instances may take of an answer. CloudFormation takes 4096 bytes with the frame, in which the id of the stack may be long. */
const INSTANCES_BYTES = 3_000;

/** Reads of AWS PCS at deploy time. */
export function pcsLookups(aws: PcsReader): CustomResourceHandler {
  const operations: Record<PcsLookupOperation, Operation> = {
    GetCluster: (input, fields) => clusterReading(aws, input, fields),
    GetComputeNodeGroup: (input, fields) => computeNodeGroupReading(aws, input, fields),
    DescribeInstances: (input, fields) => instancesReading(aws, input, fields),
  };
  return lookups('AWS PCS', operations);
}

function clusterReading(aws: PcsReader, input: Properties, fields: readonly string[]): Reading {
  const identifier = text(input, 'ClusterIdentifier');
  checkFields(CLUSTER, fields);
  return {
    subject: `cluster "${identifier}"`,
    read: async signal => {
      const cluster = await patiently('GetCluster', signal, async () => aws.getCluster(identifier, signal));
      return selectFields(CLUSTER, cluster, fields);
    },
  };
}

function computeNodeGroupReading(aws: PcsReader, input: Properties, fields: readonly string[]): Reading {
  const cluster = text(input, 'ClusterIdentifier');
  const identifier = text(input, 'ComputeNodeGroupIdentifier');
  checkFields(COMPUTE_NODE_GROUP, fields);
  return {
    subject: `node group "${identifier}" of cluster "${cluster}"`,
    read: async signal => {
      const group = await patiently('GetComputeNodeGroup', signal, async () => aws.getComputeNodeGroup(cluster, identifier, signal));
      return selectFields(COMPUTE_NODE_GROUP, group, fields);
    },
    aside: async (error, signal) => (failureOf(error).kind === 'not-found' ? groupsOf(aws, cluster, signal) : ''),
  };
}

/** The node groups that there are, to be mentioned beside the one that there isn't. It is no reason to fail in another way. */
async function groupsOf(aws: PcsReader, cluster: string, signal: AbortSignal): Promise<string> {
  try {
    const names = await aws.listComputeNodeGroups(cluster, signal);
    return names.length === 0 ? ', which has no node groups,' : `, which has ${names.sort().join(', ')},`;
  } catch {
    return '';
  }
}

function instancesReading(aws: PcsReader, input: Properties, fields: readonly string[]): Reading {
  const id = text(input, 'ComputeNodeGroupId');
  const [atLeast = 0, atMost] = ['AtLeast', 'AtMost'].map(key => optionalInteger(input, key));
  checkFields(INSTANCES, fields);
  let count = 0;
  return {
    subject: `instances of node group "${id}"`,
    api: 'Amazon EC2',
    read: async signal => {
      for (;;) {
        const instances = await patiently('DescribeInstances', signal, async () => aws.describeInstances(id, signal));
        count = instances.length;
        if (count >= atLeast) { return answer(instances.sort(byAge), atMost, fields); }
        await sleep(INSTANCES_PAUSE_MS, undefined, { signal });
      }
    },
    late: () => (count < atLeast ? new HandlerError('TooFewInstances', `there are ${count}, and ${atLeast} were waited for`) : undefined),
  };
}

function answer(instances: readonly Instance[], atMost: number | undefined, fields: readonly string[]): Record<string, string> {
  const data = selectFields(INSTANCES, { count: instances.length, named: instances.slice(0, atMost) }, fields);
  const bytes = Object.values(data).join().length;
  if (bytes > INSTANCES_BYTES) {
    const room = Math.floor(instances.slice(0, atMost).length * INSTANCES_BYTES / bytes);
    throw new HandlerError('TooManyInstances', `there are ${instances.length}, of which about ${room} fit into an answer; `
      + 'set `maxInstances`, or use fewer attributes');
  }
  return data;
}

/** The oldest first, so that instances that come later don't push out others. */
function byAge(a: Instance, b: Instance): number {
  return Number(a.LaunchTime ?? 0) - Number(b.LaunchTime ?? 0) || (a.InstanceId! < b.InstanceId! ? -1 : 1);
}
