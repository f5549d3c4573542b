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
}

/** A node group of the fake. */
export interface FakeComputeNodeGroup {
  readonly name: string;
  readonly id: string;
  readonly status: string;
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
  /** How many entries a list has at most in one answer. */
  public pageSize = 100;

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    switch (operation) {
      case 'GetCluster':
        return { cluster: this.describe(this.cluster(input), place) };
      case 'ListClusters':
        return this.page('clusters', this.clusters.map(cluster => summary(this.describe(cluster, place))), input);
      case 'GetComputeNodeGroup': {
        const cluster = this.cluster(input);
        return { computeNodeGroup: describeGroup(cluster, this.group(cluster, input), place) };
      }
      case 'ListComputeNodeGroups': {
        const cluster = this.cluster(input);
        const groups = (cluster.computeNodeGroups ?? []).map(group => summary(describeGroup(cluster, group, place)));
        return this.page('computeNodeGroups', groups, input);
      }
      default:
        throw new ServiceError('UnknownOperationException', '');
    }
  }

  private cluster(input: Record<string, unknown>): FakeCluster {
    const identifier = matching(input, 'clusterIdentifier', CLUSTER_IDENTIFIER);
    const found = this.clusters.find(({ name, id }) => [name, id].includes(identifier));
    if (!found) { throw notFound('cluster', identifier); }
    return found;
  }

  private group(cluster: FakeCluster, input: Record<string, unknown>): FakeComputeNodeGroup {
    const identifier = matching(input, 'computeNodeGroupIdentifier', NODE_GROUP_IDENTIFIER);
    const found = cluster.computeNodeGroups?.find(({ name, id }) => [name, id].includes(identifier));
    if (!found) { throw notFound('computeNodeGroup', identifier); }
    return found;
  }

  private describe({ computeNodeGroups, ...cluster }: FakeCluster, place: Place): Record<string, unknown> {
    return { ...USUAL, ...cluster, ...CREATED, arn: arn(place, cluster.id) };
  }

  private page(member: string, entries: object[], { nextToken, maxResults }: Record<string, unknown>): object {
    const start = nextToken === undefined ? 0 : Number(nextToken);
    const end = start + Math.min(Number(maxResults ?? this.pageSize), this.pageSize);
    return { [member]: entries.slice(start, end), ...end < entries.length && { nextToken: String(end) } };
  }
}

function describeGroup(cluster: FakeCluster, group: FakeComputeNodeGroup, place: Place): Record<string, unknown> {
  return { ...group, ...CREATED, clusterId: cluster.id, arn: `${arn(place, cluster.id)}/computenodegroup/${group.id}` };
}

function summary({ name, id, arn: of, clusterId, status, createdAt, modifiedAt }: Record<string, unknown>): object {
  return { name, id, arn: of, clusterId, status, createdAt, modifiedAt };
}

function arn({ region, account }: Place, id: string): string {
  return `arn:${partitionOf(region)}:pcs:${region}:${account}:cluster/${id}`;
}

function notFound(resourceType: string, resourceId: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `${resourceType} ${resourceId} not found`, 400, { resourceId, resourceType });
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
