import { changesOf } from './pcs-changes';
import { ServiceError, type Place } from './service';

/** A cluster of the fake, in the words of the service. What every cluster has needn't be said; else it is left out of answers. */
export interface FakeCluster {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly size?: string;
  readonly scheduler?: object;
  readonly slurmConfiguration?: object;
  readonly networking?: object;
  readonly endpoints?: object[];
  readonly errorInfo?: object[];
  readonly computeNodeGroups?: FakeComputeNodeGroup[];
  readonly queues?: FakeQueue[];
}

/** A node group of the fake. */
export interface FakeComputeNodeGroup {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly [member: string]: unknown;
}

/** A queue of the fake. */
export interface FakeQueue {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly computeNodeGroupConfigurations: readonly { readonly computeNodeGroupId?: string }[];
  readonly [member: string]: unknown;
}

/** From the service model, which doesn't anchor its patterns, while the service does. */
const CLUSTER_IDENTIFIER = /^(pcs_[a-zA-Z0-9]+|[A-Za-z][A-Za-z0-9-]{2,40})$/;
const NODE_GROUP_IDENTIFIER = /^(pcs_[a-zA-Z0-9]+|[A-Za-z][A-Za-z0-9-]{2,25})$/;

/** What every cluster has. */
const USUAL = {
  size: 'SMALL',
  scheduler: { type: 'SLURM', version: '25.11' },
  networking: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'], networkType: 'IPV4' },
};
const CREATED = { createdAt: '2026-09-01T08:00:00Z', modifiedAt: '2026-09-01T08:20:00Z' };

/** AWS PCS as far as handlers call it: protocol AWS JSON 1.0, target `AWSParallelComputingService.<operation>`. */
export class Pcs {
  public readonly clusters: FakeCluster[] = [];
  /** Gives a cluster that is made with a REST API its endpoint and its key. Without it, there is neither. */
  public rest?: (cluster: FakeCluster) => FakeCluster;
  /** How many entries a list has at most in one answer. */
  public pageSize = 100;

  private readonly operations: Record<string, (input: Record<string, unknown>, place: Place) => object> = {
    GetCluster: (input, place) => ({ cluster: describeCluster(this.cluster(input), place) }),
    ListClusters: (input, place) => this.page('clusters', this.clusters.map(cluster => summary(describeCluster(cluster, place))), input),
    GetComputeNodeGroup: (input, place) => {
      const cluster = this.cluster(input);
      return { computeNodeGroup: describePart(cluster, this.group(cluster, input), 'computenodegroup', place) };
    },
    ListComputeNodeGroups: (input, place) => {
      const cluster = this.cluster(input);
      const groups = (cluster.computeNodeGroups ?? []).map(group => summary(describePart(cluster, group, 'computenodegroup', place)));
      return this.page('computeNodeGroups', groups, input);
    },
    ...changesOf(this.clusters, cluster => this.rest?.(cluster) ?? cluster),
  };

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    if (!Object.hasOwn(this.operations, operation)) { throw new ServiceError('UnknownOperationException', ''); }
    return this.operations[operation](input, place);
  }

  private cluster(input: Record<string, unknown>): FakeCluster {
    return found('cluster', this.clusters, matching(input, 'clusterIdentifier', CLUSTER_IDENTIFIER));
  }

  private group(cluster: FakeCluster, input: Record<string, unknown>): FakeComputeNodeGroup {
    return found('computeNodeGroup', cluster.computeNodeGroups ?? [], matching(input, 'computeNodeGroupIdentifier', NODE_GROUP_IDENTIFIER));
  }

  private page(member: string, entries: object[], { nextToken, maxResults }: Record<string, unknown>): object {
    const start = nextToken === undefined ? 0 : Number(nextToken);
    const end = start + Math.min(Number(maxResults ?? this.pageSize), this.pageSize);
    return { [member]: entries.slice(start, end), ...end < entries.length && { nextToken: String(end) } };
  }
}

/** What is told of a cluster: not what is in it. */
export function describeCluster({ computeNodeGroups: _, queues: __, ...cluster }: FakeCluster, place: Place): Record<string, unknown> {
  return { ...USUAL, ...cluster, ...CREATED, arn: arn(place, cluster.id) };
}

/** What is told of a node group or a queue. */
export function describePart(cluster: FakeCluster, part: { readonly id: string }, kind: string, place: Place): Record<string, unknown> {
  return { ...part, ...CREATED, clusterId: cluster.id, arn: `${arn(place, cluster.id)}/${kind}/${part.id}` };
}

/** What has a name or an id. */
export function found<T extends { readonly name: string; readonly id: string }>(kind: string, among: readonly T[], identifier: unknown): T {
  const one = among.find(({ name, id }) => [name, id].includes(identifier as string));
  if (!one) { throw new ServiceError('ResourceNotFoundException', `${kind} ${identifier as string} not found`, 400, { resourceId: identifier, resourceType: kind }); }
  return one;
}

function summary({ name, id, arn: of, clusterId, status, createdAt, modifiedAt }: Record<string, unknown>): object {
  return { name, id, arn: of, clusterId, status, createdAt, modifiedAt };
}

function arn({ region, account }: Place, id: string): string {
  return `arn:${partitionOf(region)}:pcs:${region}:${account}:cluster/${id}`;
}

function matching(input: Record<string, unknown>, member: string, pattern: RegExp): string {
  const value = input[member];
  if (typeof value !== 'string' || !pattern.test(value)) {
    const more = { reason: 'fieldValidationFailed', fieldList: [{ name: member, message: `must match ${pattern.source}` }] };
    throw new ServiceError('ValidationException', `1 validation error detected: ${member} must match ${pattern.source}`, 400, more);
  }
  return value;
}

function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
