import { check, type Shape, type Structure } from './constraints';
import { pageOf, type PageRequest } from './paging';
import { arnPrefix, ServiceError, type Place } from './service';

const CLUSTER_STATUSES = ['Creating', 'Deleting', 'Failed', 'InService', 'RollingBack', 'SystemUpdating', 'Updating'] as const;
const NODE_STATUSES = ['Running', 'Failure', 'Pending', 'ShuttingDown', 'SystemUpdating', 'DeepHealthCheckInProgress', 'NotFound'] as const;

export type ClusterStatus = typeof CLUSTER_STATUSES[number];
export type NodeStatus = typeof NODE_STATUSES[number];

/** An instance group, in the words of DescribeCluster. */
export interface Group {
  readonly InstanceGroupName: string;
  readonly InstanceType?: string;
  /** How many nodes the group shall have: as many are there in the beginning. */
  readonly TargetCount: number;
  /** @default 'InService' */
  readonly Status?: string;
  /** More of what DescribeCluster says, as it is. */
  readonly [more: string]: unknown;
}

/** What a cluster is made of. */
export interface ClusterSeed {
  readonly ClusterName: string;
  /** @default - made up */
  readonly ClusterId?: string;
  /** @default 'InService' */
  readonly ClusterStatus?: ClusterStatus;
  readonly InstanceGroups: readonly Group[];
  readonly RestrictedInstanceGroups?: readonly Group[];
  /** Nodes have logical ids with it. */
  readonly NodeProvisioningMode?: 'Continuous';
  readonly NodeRecovery?: 'Automatic' | 'None';
  readonly Orchestrator?: { readonly Eks?: { readonly ClusterArn: string }; readonly Slurm?: object };
  readonly VpcConfig?: { readonly SecurityGroupIds: readonly string[]; readonly Subnets: readonly string[] };
  /** More of what DescribeCluster says, as it is. */
  readonly [more: string]: unknown;
}

/** A cluster as it is kept. Times are seconds since 1970, as on the wire. */
export interface PodCluster extends ClusterSeed {
  readonly ClusterArn: string;
  readonly CreationTime: number;
  ClusterStatus: ClusterStatus;
  readonly nodes: PodNode[];
}

/** A node as it is kept, which whoever tests may change. */
export interface PodNode {
  readonly InstanceGroupName: string;
  readonly InstanceType: string;
  /** Of clusters that provision continuously. It stays when the instance is replaced. */
  readonly NodeLogicalId?: string;
  /** None while the node waits for an instance. */
  InstanceId?: string;
  LaunchTime: number;
  LastSoftwareUpdateTime?: number;
  InstanceStatus: { Status: NodeStatus; Message?: string };
  PrivateDnsHostname?: string;
  PrivatePrimaryIp?: string;
  UltraServerInfo?: { readonly Id?: string; readonly Type?: string };
  CurrentImageReleaseVersion?: string;
  ImageVersionStatus?: string;
}

const string = (pattern: string, min?: number, max?: number): Shape => ({ type: 'string', pattern, min, max });
const oneOf = (...values: readonly string[]): Shape => ({ type: 'string', values });
const structure = (members: Structure['members']): Structure => ({ type: 'structure', members });

const PAGE = { MaxResults: { type: 'integer', min: 1, max: 100 }, NextToken: string('.*', 0, 8192) } as const;
const CREATED = { CreationTimeAfter: { type: 'timestamp' }, CreationTimeBefore: { type: 'timestamp' } } as const;
const ORDER = { SortBy: oneOf('CREATION_TIME', 'NAME'), SortOrder: oneOf('Ascending', 'Descending') };

/** How operations on nodes are told which cluster and which nodes. */
export const CLUSTER_NAME_OR_ARN = string(
  '(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62})', 0, 256);
export const NODE_ID = string('i-[a-f0-9]{8}(?:[a-f0-9]{9})?', 1, 256);
export const NODE_LOGICAL_ID = string('[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]', 1, 128);

const DESCRIBE_CLUSTER = structure({ 'ClusterName!': CLUSTER_NAME_OR_ARN });
const LIST_CLUSTERS = structure({
  ...PAGE,
  ...CREATED,
  ...ORDER,
  NameContains: string('[a-zA-Z0-9\\-]+', 0, 63),
  TrainingPlanArn: string('arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*', 50, 2048),
});
const DESCRIBE_NODE = structure({ 'ClusterName!': CLUSTER_NAME_OR_ARN, 'NodeId': NODE_ID, 'NodeLogicalId': NODE_LOGICAL_ID });
const LIST_NODES = structure({
  'ClusterName!': CLUSTER_NAME_OR_ARN,
  ...PAGE,
  ...CREATED,
  ...ORDER,
  'InstanceGroupNameContains': string('[a-zA-Z0-9](-*[a-zA-Z0-9])*', 1, 63),
  'IncludeNodeLogicalIds': { type: 'boolean' },
});

interface Order {
  readonly SortBy?: 'CREATION_TIME' | 'NAME';
  readonly SortOrder?: 'Ascending' | 'Descending';
}

interface Created {
  readonly CreationTimeAfter?: number;
  readonly CreationTimeBefore?: number;
}

interface ListClusters extends PageRequest, Order, Created {
  readonly NameContains?: string;
  readonly TrainingPlanArn?: string;
}

interface ListNodes extends PageRequest, Order, Created {
  readonly ClusterName: string;
  readonly InstanceGroupNameContains?: string;
  readonly IncludeNodeLogicalIds?: boolean;
}

interface DescribeNode {
  readonly ClusterName: string;
  readonly NodeId?: string;
  readonly NodeLogicalId?: string;
}

const BEGINNING = Date.parse('2026-01-01T00:00:00Z') / 1000;

/**
 * HyperPod clusters and their nodes. Time passes by `pass()` alone, or by `secondsPerRead` where nobody can call it, and what was
 * put off by `later()` happens when its time has come.
 */
export class HyperPod {
  /** How much time passes with each request about a cluster or a node. */
  public secondsPerRead = 0;
  /** Seconds since 1970. */
  public now = BEGINNING;

  private readonly clusters = new Map<string, PodCluster>();
  private readonly plans: { readonly at: number; readonly happens: () => void }[] = [];
  private instances = 0;

  /** Puts a cluster there, with nodes that run. */
  public put(seed: ClusterSeed, place: Place): PodCluster {
    const id = seed.ClusterId ?? `c${String(this.clusters.size + 1).padStart(11, '0')}`;
    const cluster: PodCluster = {
      ...seed,
      ClusterArn: `${arnPrefix(place)}cluster/${id}`,
      ClusterStatus: seed.ClusterStatus ?? 'InService',
      CreationTime: this.now,
      nodes: [],
    };
    this.clusters.set(cluster.ClusterArn, cluster);
    for (const group of [...seed.InstanceGroups, ...seed.RestrictedInstanceGroups ?? []]) {
      for (let index = 0; index < group.TargetCount; index++) { this.launch(this.addNode(cluster, group)); }
    }
    return cluster;
  }

  /** Adds a node that waits for its instance. */
  public addNode(cluster: PodCluster, group: { readonly InstanceGroupName: string; readonly InstanceType?: string }): PodNode {
    const { InstanceGroupName, InstanceType = 'ml.p5.48xlarge' } = group;
    const node: PodNode = {
      InstanceGroupName,
      InstanceType,
      NodeLogicalId: cluster.NodeProvisioningMode && `${InstanceGroupName}-${cluster.nodes.length + 1}`,
      LaunchTime: this.now,
      InstanceStatus: { Status: 'Pending' },
    };
    cluster.nodes.push(node);
    return node;
  }

  /** Gives a node a new instance, with an id, a time and addresses of its own. */
  public launch(node: PodNode, Status: NodeStatus = 'Running'): void {
    const count = ++this.instances;
    const octets = [10, Math.floor(count / 65536) % 256, Math.floor(count / 256) % 256, count % 256];
    node.InstanceId = `i-${count.toString(16).padStart(17, '0')}`;
    node.LaunchTime = this.now;
    node.InstanceStatus = { Status };
    node.PrivatePrimaryIp = octets.join('.');
    node.PrivateDnsHostname = `ip-${octets.join('-')}.ec2.internal`;
    node.CurrentImageReleaseVersion = '1.0.0';
    node.ImageVersionStatus = 'UpToDate';
  }

  /** Takes a cluster away with its nodes. */
  public remove(cluster: PodCluster): void {
    this.clusters.delete(cluster.ClusterArn);
  }

  /** Lets something happen when some time has passed. */
  public later(seconds: number, happens: () => void): void {
    this.plans.push({ at: this.now + seconds, happens });
  }

  /** Lets time pass. What happens meanwhile happens in its order. */
  public pass(seconds: number): void {
    const end = this.now + seconds;
    for (;;) {
      const due = this.plans.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) { break; }
      this.plans.splice(this.plans.indexOf(due), 1);
      this.now = due.at;
      due.happens();
    }
    this.now = end;
  }

  /** The cluster of a name or an ARN. */
  public cluster(nameOrArn: string, place: Place): PodCluster {
    const found = this.clusters.get(nameOrArn)
      ?? [...this.clusters.values()].find(each => each.ClusterName === nameOrArn && each.ClusterArn.startsWith(arnPrefix(place)));
    if (!found?.ClusterArn.startsWith(arnPrefix(place))) { throw new ServiceError('ResourceNotFound', `Cluster ${nameOrArn} not found`); }
    return found;
  }

  /** The node of an instance id or a logical id, if there is one. */
  public node(cluster: PodCluster, id: string): PodNode | undefined {
    return cluster.nodes.find(({ InstanceId, NodeLogicalId }) => id === InstanceId || id === NodeLogicalId);
  }

  public clear(): void {
    this.clusters.clear();
    this.plans.length = 0;
    this.instances = this.secondsPerRead = 0;
    this.now = BEGINNING;
  }

  public describeCluster(input: object, place: Place): object {
    check(input, DESCRIBE_CLUSTER);
    this.pass(this.secondsPerRead);
    const { nodes, ClusterId: _, ...cluster } = this.cluster((input as { ClusterName: string }).ClusterName, place);
    const counted = (groups?: readonly Group[]) => groups?.map(group => ({
      Status: 'InService',
      ...group,
      CurrentCount: nodes.filter(node => node.InstanceGroupName === group.InstanceGroupName && node.InstanceId).length,
    }));
    return {
      ...cluster,
      InstanceGroups: counted(cluster.InstanceGroups),
      RestrictedInstanceGroups: counted(cluster.RestrictedInstanceGroups),
    };
  }

  /** A page has the matches among as many clusters as it may have, so it may be empty before the last one. */
  public listClusters(input: object, place: Place): object {
    check(input, LIST_CLUSTERS);
    const { NextToken, MaxResults, SortBy, SortOrder, ...filter } = input as ListClusters;
    const here = [...this.clusters.values()].filter(({ ClusterArn }) => ClusterArn.startsWith(arnPrefix(place)));
    const sorted = inOrder(here, { SortBy, SortOrder }, each => each.CreationTime, each => each.ClusterName);
    const { items, NextToken: next } = pageOf(sorted, { NextToken, MaxResults }, [filter, SortBy, SortOrder]);
    return {
      ClusterSummaries: items
        .map(({ ClusterArn, ClusterName, CreationTime, ClusterStatus, InstanceGroups }) => {
          const TrainingPlanArns = InstanceGroups.flatMap(({ TrainingPlanArn }) => (typeof TrainingPlanArn === 'string' ? [TrainingPlanArn] : []));
          return { ClusterArn, ClusterName, CreationTime, ClusterStatus, TrainingPlanArns };
        })
        .filter(({ ClusterName, CreationTime, TrainingPlanArns }) => isWithin(CreationTime, filter)
          && ClusterName.includes(filter.NameContains ?? '')
          && (filter.TrainingPlanArn === undefined || TrainingPlanArns.includes(filter.TrainingPlanArn))),
      NextToken: next,
    };
  }

  public describeNode(input: object, place: Place): object {
    check(input, DESCRIBE_NODE);
    this.pass(this.secondsPerRead);
    const { ClusterName, NodeId, NodeLogicalId } = input as DescribeNode;
    if ((NodeId === undefined) === (NodeLogicalId === undefined)) {
      throw new ServiceError('ValidationException', 'Specify exactly one of NodeId and NodeLogicalId');
    }
    const node = this.node(this.cluster(ClusterName, place), (NodeId ?? NodeLogicalId)!);
    if (!node) { throw new ServiceError('ResourceNotFound', `Node ${NodeId ?? NodeLogicalId} not found in cluster ${ClusterName}`); }
    return { NodeDetails: node };
  }

  /** Logical ids, and nodes that have no instance yet, are there where they are asked for. */
  public listNodes(input: object, place: Place): object {
    check(input, LIST_NODES);
    this.pass(this.secondsPerRead);
    const { NextToken, MaxResults, SortBy, SortOrder, ClusterName, IncludeNodeLogicalIds: logical = false, ...filter } = input as ListNodes;
    const found = this.cluster(ClusterName, place).nodes.filter(node => (logical || node.InstanceId !== undefined)
      && isWithin(node.LaunchTime, filter)
      && node.InstanceGroupName.includes(filter.InstanceGroupNameContains ?? ''));
    const sorted = inOrder(found, { SortBy, SortOrder }, node => node.LaunchTime, node => node.InstanceGroupName);
    const { items, NextToken: next } = pageOf(sorted, { NextToken, MaxResults }, [ClusterName, filter, logical, SortBy, SortOrder]);
    return {
      ClusterNodeSummaries: items.map(({ PrivatePrimaryIp: _, NodeLogicalId, ...summary }) => ({
        ...summary, ...logical && { NodeLogicalId }, InstanceId: summary.InstanceId ?? '',
      })),
      NextToken: next,
    };
  }
}

function isWithin(time: number, { CreationTimeAfter: after = -Infinity, CreationTimeBefore: before = Infinity }: Created): boolean {
  return time > after && time < before;
}

function inOrder<T>(all: readonly T[], { SortBy = 'CREATION_TIME', SortOrder = 'Ascending' }: Order, time: (of: T) => number, name: (of: T) => string): T[] {
  const key = SortBy === 'NAME' ? name : time;
  const sorted = [...all].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return SortOrder === 'Descending' ? sorted.reverse() : sorted;
}
