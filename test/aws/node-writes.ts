import { check, type Structure } from './constraints';
import { CLUSTER_NAME_OR_ARN, NODE_ID, NODE_LOGICAL_ID, type HyperPod, type PodCluster, type PodNode } from './hyperpod-nodes';
import { ServiceError, type Place } from './service';

/** The codes of nodes that were not taken. */
export type NodeErrorCode = 'InstanceIdNotFound' | 'InvalidInstanceStatus' | 'InstanceIdInUse' | 'InternalServerError';

const CHANGE: Structure = {
  type: 'structure',
  members: {
    'ClusterName!': CLUSTER_NAME_OR_ARN,
    'NodeIds': { type: 'list', of: NODE_ID, min: 1, max: 25 },
    'NodeLogicalIds': { type: 'list', of: NODE_LOGICAL_ID, min: 1, max: 25 },
  },
};

interface Change {
  readonly ClusterName: string;
  readonly NodeIds?: readonly string[];
  readonly NodeLogicalIds?: readonly string[];
}

interface Refusal {
  readonly code: NodeErrorCode;
  readonly message: string;
}

/** One node that the service has begun to reboot or to replace. */
export interface Taken {
  readonly action: 'Reboot' | 'Replace';
  readonly instanceId: string;
  readonly logicalId?: string;
  readonly group: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** BatchRebootClusterNodes and BatchReplaceClusterNodes: they answer at once, and what they begin takes its time. */
export class NodeWrites {
  public rebootSeconds = 240;
  public replaceSeconds = 1500;
  /** Everything that has been begun. */
  public readonly taken: Taken[] = [];
  /** Nodes, by either id, that fail again after a reboot, and those whose replacement never comes. */
  public readonly failAfterReboot = new Set<string>();
  public readonly neverReplaced = new Set<string>();

  private readonly refusals = new Map<string, NodeErrorCode[]>();
  private readonly inUse = new Set<PodNode>();

  public constructor(private readonly hyperpod: HyperPod) {}

  /** Lets the next requests for a node be refused, one code each. */
  public refuseNext(id: string, ...codes: NodeErrorCode[]): void {
    this.refusals.set(id, [...this.refusals.get(id) ?? [], ...codes]);
  }

  public clear(): void {
    this.taken.length = 0;
    this.failAfterReboot.clear();
    this.neverReplaced.clear();
    this.refusals.clear();
    this.inUse.clear();
    this.rebootSeconds = 240;
    this.replaceSeconds = 1500;
  }

  public reboot(input: object, place: Place): object {
    return this.change('Reboot', input, place);
  }

  public replace(input: object, place: Place): object {
    return this.change('Replace', input, place);
  }

  private change(action: Taken['action'], input: object, place: Place): object {
    check(input, CHANGE);
    const { ClusterName, NodeIds = [], NodeLogicalIds = [] } = input as Change;
    const cluster = this.hyperpod.cluster(ClusterName, place);
    const count = NodeIds.length + NodeLogicalIds.length;
    if (count === 0) { throw new ServiceError('ValidationException', 'Specify NodeIds or NodeLogicalIds'); }
    if (count > 25) { throw new ServiceError('ValidationException', `${count} nodes are more than 25`); }
    if (NodeLogicalIds.length > 0 && cluster.NodeProvisioningMode !== 'Continuous') {
      throw new ServiceError('ValidationException', 'NodeLogicalIds need NodeProvisioningMode Continuous');
    }
    if (action === 'Replace' && cluster.ClusterStatus !== 'InService') {
      throw new ServiceError('ValidationException', `Cluster is in status ${cluster.ClusterStatus}`);
    }
    const sort = (ids: readonly string[]) => ids.map(id => ({ id, refusal: this.begin(action, cluster, id) }));
    const [nodes, logical] = [sort(NodeIds), sort(NodeLogicalIds)];
    const accepted = nodes.filter(({ refusal }) => !refusal).map(({ id }) => id);
    return {
      ...accepted.length > 0 && { Successful: accepted }, // which has one element at least where it is there
      Failed: nodes.flatMap(({ id, refusal }) => (refusal ? [{ NodeId: id, ErrorCode: refusal.code, Message: refusal.message }] : [])),
      ...NodeLogicalIds.length > 0 && {
        SuccessfulNodeLogicalIds: logical.filter(({ refusal }) => !refusal).map(({ id }) => id),
        FailedNodeLogicalIds: logical.flatMap(({ id, refusal }) => (
          refusal ? [{ NodeLogicalId: id, ErrorCode: refusal.code, Message: refusal.message }] : [])),
      },
    };
  }

  private begin(action: Taken['action'], cluster: PodCluster, id: string): Refusal | undefined {
    const forced = this.refusals.get(id)?.shift();
    if (forced) { return { code: forced, message: `${id}: ${forced}` }; }
    const node = this.hyperpod.node(cluster, id);
    if (!node) { return { code: 'InstanceIdNotFound', message: `${id} does not exist in the cluster` }; }
    if (this.inUse.has(node)) { return { code: 'InstanceIdInUse', message: `Another operation is in progress for ${id}` }; }
    const { Status } = node.InstanceStatus;
    if (Status !== 'Running' && Status !== 'Failure') { return { code: 'InvalidInstanceStatus', message: `${id} is ${Status}` }; }
    const group = cluster.InstanceGroups.find(each => each.InstanceGroupName === node.InstanceGroupName);
    if (action === 'Replace' && (group?.SlurmConfig as { NodeType?: string } | undefined)?.NodeType === 'Controller') {
      return { code: 'InvalidInstanceStatus', message: `${id} is a Slurm controller` };
    }
    this.taken.push({
      action, instanceId: node.InstanceId!, logicalId: node.NodeLogicalId, group: node.InstanceGroupName, at: this.hyperpod.now,
    });
    this.inUse.add(node);
    if (action === 'Reboot') { this.rebootNode(node); } else { this.replaceNode(cluster, node); }
    return undefined;
  }

  private rebootNode(node: PodNode): void {
    const broken = this.failAfterReboot.has(node.InstanceId!) || this.failAfterReboot.has(node.NodeLogicalId ?? '');
    node.InstanceStatus = { Status: 'Pending', Message: 'Rebooting' };
    this.hyperpod.later(this.rebootSeconds, () => {
      this.inUse.delete(node);
      node.InstanceStatus = broken ? { Status: 'Failure', Message: 'Health check failed' } : { Status: 'Running' };
    });
  }

  /** The old instance goes, and a new one comes: under the same logical id, or as another node where there are none. */
  private replaceNode(cluster: PodCluster, node: PodNode): void {
    const never = this.neverReplaced.has(node.InstanceId!) || this.neverReplaced.has(node.NodeLogicalId ?? '');
    const old = node.InstanceId!;
    node.InstanceStatus = { Status: 'ShuttingDown' };
    this.hyperpod.later(60, () => {
      if (node.InstanceId !== old) { return; }
      node.InstanceId = undefined;
      node.InstanceStatus = { Status: 'Pending' };
      if (node.NodeLogicalId === undefined) { cluster.nodes.splice(cluster.nodes.indexOf(node), 1); }
    });
    this.hyperpod.later(this.replaceSeconds, () => {
      this.inUse.delete(node);
      if (never) { return; }
      if (node.NodeLogicalId !== undefined) {
        this.hyperpod.launch(node);
      } else {
        this.hyperpod.launch(this.hyperpod.addNode(cluster, node));
      }
    });
  }
}
