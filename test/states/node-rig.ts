import type { NodeFilter, NodeName, NodeNames, NodeService } from '../../lambda/clients/hyperpod-nodes';
import type { StateStore } from '../../lambda/clients/state-table';
import { NodeOperationsHandler } from '../../lambda/hyperpod/node-operations/handler';
import { Faults } from '../aws/faults';
import { SageMaker } from '../aws/sagemaker';
import { ServiceError } from '../aws/service';

export const PLACE = { account: '111122223333', region: 'us-east-1' };

/** The API of nodes in this process, on the clock of the fake timers, and the handler on it. */
export class NodeRig implements NodeService, StateStore {
  public readonly sagemaker = new SageMaker();
  public readonly faults = new Faults();
  /** Every call of the API, in its order. */
  public readonly calls: { readonly operation: string; readonly input: Record<string, any>; readonly at: number }[] = [];
  /** The state, by its key. */
  public readonly items = new Map<string, { version: number; json: string }>();
  /** Called before a write, as somebody else who writes at the same time. */
  public beforeWrite?: (id: string) => void;
  public readonly handler = new NodeOperationsHandler({ nodes: this, state: this, now: () => Date.now() });

  public constructor() {
    this.sagemaker.hyperpod.now = Date.now() / 1000;
  }

  /** How a state of a state machine calls the handler: what is no JSON doesn't come through. */
  public readonly invoke = async (input: any): Promise<any> => {
    const answer = await this.handler.handle(JSON.parse(JSON.stringify(input)), new AbortController().signal);
    return JSON.parse(JSON.stringify(answer));
  };

  public count(operation: string): number {
    return this.calls.filter(call => call.operation === operation).length;
  }

  public async describeCluster(cluster: string): Promise<any> {
    return this.ask('DescribeCluster', { ClusterName: cluster });
  }

  public async describeNode(cluster: string, node: NodeName): Promise<any> {
    const { NodeDetails } = await this.ask('DescribeClusterNode', { ClusterName: cluster, ...node });
    return { ...NodeDetails, LaunchTime: new Date(NodeDetails.LaunchTime * 1000) }; // as the client reads it
  }

  public async listNodes(cluster: string, filter: NodeFilter): Promise<any[]> {
    const all: any[] = [];
    let token: string | undefined;
    do {
      const page = await this.ask('ListClusterNodes', { ClusterName: cluster, ...filter, MaxResults: 100, NextToken: token });
      all.push(...page.ClusterNodeSummaries);
      token = page.NextToken;
    } while (token);
    return all;
  }

  public async describeEvent(cluster: string, eventId: string): Promise<any> {
    return (await this.ask('DescribeClusterEvent', { ClusterName: cluster, EventId: eventId })).EventDetails.EventDetails.EventMetadata;
  }

  public async rebootNodes(cluster: string, nodes: NodeNames): Promise<any> {
    return this.ask('BatchRebootClusterNodes', { ClusterName: cluster, ...filled(nodes) });
  }

  public async replaceNodes(cluster: string, nodes: NodeNames): Promise<any> {
    return this.ask('BatchReplaceClusterNodes', { ClusterName: cluster, ...filled(nodes) });
  }

  public async read(id: string): Promise<{ version: number; json: string } | undefined> {
    return this.items.get(id);
  }

  public async write(id: string, expectedVersion: number, json: string): Promise<boolean> {
    this.beforeWrite?.(id);
    if ((this.items.get(id)?.version ?? 0) !== expectedVersion) { return false; }
    this.items.set(id, { version: expectedVersion + 1, json });
    return true;
  }

  private async ask(operation: string, input: Record<string, any>): Promise<any> {
    const { hyperpod } = this.sagemaker;
    hyperpod.pass(Math.max(0, Date.now() / 1000 - hyperpod.now));
    const clean = JSON.parse(JSON.stringify(input));
    this.calls.push({ operation, input: clean, at: Date.now() });
    const fault = this.faults.take(operation);
    if (fault?.kind === 'throttle') { throw new ServiceError('ThrottlingException', 'Rate exceeded'); }
    if (fault?.kind === 'error') {
      throw Object.assign(new ServiceError(fault.code, fault.message ?? fault.code), { $metadata: { httpStatusCode: fault.status } });
    }
    const answer = JSON.parse(JSON.stringify(this.sagemaker.call(operation, clean, PLACE)));
    if (fault?.kind === 'reset') { throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }); } // done, and the answer is lost
    return answer;
  }
}

function filled({ NodeIds = [], NodeLogicalIds = [] }: NodeNames): object {
  return { ...NodeIds.length > 0 && { NodeIds }, ...NodeLogicalIds.length > 0 && { NodeLogicalIds } };
}
