import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTER, COMPUTE_NODE_GROUP, INSTANCES } from './fields';
import type { PcsLookupOperation } from '../../../src/private/contracts/pcs-lookup';
import type { Instance } from '../../clients/ec2';
import type { PcsReader } from '../../clients/pcs-reader';
import { commaList, optionalInteger, record, text, type Properties } from '../../shared/coerce';
import type { CustomResourceHandler, Request, StackIdentity } from '../../shared/custom-resource';
import { HandlerError, failureOf } from '../../shared/errors';
import { checkFields, selectFields } from '../../shared/fields';
import { explain, patiently } from '../../shared/reading';

/** The pause before instances are asked for again that have yet to start. */
const INSTANCES_PAUSE_MS = 5_000;

/** What instances may take of an answer. CloudFormation takes 4096 bytes with the frame, in which the id of the stack may be long. */
const INSTANCES_BYTES = 3_000;

/** An operation on the input of a look-up, for the wanted fields. */
type Operation = (input: Properties, fields: readonly string[], place: string, signal: AbortSignal) => Promise<Record<string, string>>;

/** Reads of AWS PCS at deploy time. They change nothing, so a Delete has nothing to do, and twice is as good as once. */
export class PcsLookupHandler implements CustomResourceHandler {
  private readonly operations: Record<PcsLookupOperation, Operation> = {
    GetCluster: async (input, fields, place, signal) => this.getCluster(input, fields, place, signal),
    GetComputeNodeGroup: async (input, fields, place, signal) => this.getComputeNodeGroup(input, fields, place, signal),
    DescribeInstances: async (input, fields, place, signal) => this.describeInstances(input, fields, place, signal),
  };

  public constructor(private readonly aws: PcsReader) {}

  public physicalId(stack: StackIdentity, logicalId: string): string {
    return `${stack.name}/${logicalId}`;
  }

  public async apply({ stack, properties }: Request, signal: AbortSignal): Promise<Record<string, string>> {
    const operation = text(properties, 'Operation');
    if (!Object.hasOwn(this.operations, operation)) {
      throw new HandlerError('InvalidProperties', `unknown operation: ${operation}; known are ${Object.keys(this.operations).join(', ')}`);
    }
    const place = `in account ${stack.account}, Region ${stack.region}`;
    return this.operations[operation as PcsLookupOperation](record(properties, 'Input'), commaList(properties, 'Fields'), place, signal);
  }

  private async getCluster(input: Properties, fields: readonly string[], place: string, signal: AbortSignal) {
    const identifier = text(input, 'ClusterIdentifier');
    checkFields(CLUSTER, fields);
    try {
      const cluster = await patiently('GetCluster', signal, async () => this.aws.getCluster(identifier, signal));
      return selectFields(CLUSTER, cluster, fields);
    } catch (error) {
      throw explain(`cluster "${identifier}" ${place}`, 'AWS PCS', error, signal);
    }
  }

  private async getComputeNodeGroup(input: Properties, fields: readonly string[], place: string, signal: AbortSignal) {
    const cluster = text(input, 'ClusterIdentifier');
    const identifier = text(input, 'ComputeNodeGroupIdentifier');
    checkFields(COMPUTE_NODE_GROUP, fields);
    try {
      const group = await patiently('GetComputeNodeGroup', signal, async () => this.aws.getComputeNodeGroup(cluster, identifier, signal));
      return selectFields(COMPUTE_NODE_GROUP, group, fields);
    } catch (error) {
      const others = failureOf(error).kind === 'not-found' ? await this.groupsOf(cluster, signal) : '';
      throw explain(`node group "${identifier}" of cluster "${cluster}" ${place}${others}`, 'AWS PCS', error, signal);
    }
  }

  /** The node groups that there are, to be mentioned beside the one that there isn't. It is no reason to fail in another way. */
  private async groupsOf(cluster: string, signal: AbortSignal): Promise<string> {
    try {
      const names = await this.aws.listComputeNodeGroups(cluster, signal);
      return names.length === 0 ? ', which has no node groups,' : `, which has ${names.sort().join(', ')},`;
    } catch {
      return '';
    }
  }

  private async describeInstances(input: Properties, fields: readonly string[], place: string, signal: AbortSignal) {
    const id = text(input, 'ComputeNodeGroupId');
    const [atLeast, atMost] = ['AtLeast', 'AtMost'].map(key => optionalInteger(input, key));
    checkFields(INSTANCES, fields);
    const what = `instances of node group "${id}" ${place}`;
    let count = 0;
    try {
      for (;;) {
        const instances = await patiently('DescribeInstances', signal, async () => this.aws.describeInstances(id, signal));
        count = instances.length;
        if (count >= (atLeast ?? 0)) {
          return answer(instances.sort(byAge), atMost, fields);
        }
        await sleep(INSTANCES_PAUSE_MS, undefined, { signal });
      }
    } catch (error) {
      if (signal.aborted && atLeast !== undefined && count < atLeast) {
        throw new HandlerError('TooFewInstances', `${what}: there are ${count}, and ${atLeast} were waited for`);
      }
      throw explain(what, 'Amazon EC2', error, signal);
    }
  }
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
