import type { ClusterSeed, Group, HyperPod } from './hyperpod-nodes';
import { arnPrefix, ServiceError, type Place } from './service';

type Input = Record<string, unknown>;
type Operations = Record<string, (input: Input, place: Place) => object>;

/** A thing of SageMaker that has an ARN and is only made, changed and deleted. */
interface Kept {
  readonly arn: string;
  readonly version: number;
  readonly request: Input;
}

/** HyperPod clusters and their scheduler configurations as CloudFormation makes them: ready at once. */
export class SageMakerChanges {
  public readonly kept: Kept[] = [];
  private count = 0;

  public readonly operations: Operations = {
    CreateCluster: (request, place) => {
      if (this.kept.some(one => isCluster(one) && one.request.ClusterName === request.ClusterName)) {
        throw new ServiceError('ResourceInUse', `Cluster ${request.ClusterName as string} already exists`);
      }
      return this.show(this.keep('cluster', request, place), place);
    },
    UpdateCluster: ({ ClusterName: name, ...changed }, place) => {
      const old = this.cluster(name);
      this.pods.remove(this.pods.cluster(old.arn, place));
      return this.show(this.change(old, changed), place);
    },
    DeleteCluster: ({ ClusterName: name }, place) => {
      const cluster = this.cluster(name);
      if (this.kept.some(one => one.request.ClusterArn === cluster.arn)) {
        throw new ServiceError('ConflictException', `Cluster ${name as string} still has a scheduler configuration`);
      }
      this.pods.remove(this.pods.cluster(cluster.arn, place));
      return { ClusterArn: this.drop(cluster).arn };
    },

    CreateClusterSchedulerConfig: (request, place) => {
      const { ClusterArn, Name } = request;
      if (this.kept.some(one => !isCluster(one) && one.request.ClusterArn === ClusterArn && one.request.Name === Name)) {
        throw new ServiceError('ConflictException', `Cluster ${ClusterArn as string} has a scheduler configuration ${Name as string} already`);
      }
      const { arn } = this.keep('cluster-scheduler-config', request, place);
      return { ClusterSchedulerConfigArn: arn, ClusterSchedulerConfigId: idOf(arn) };
    },
    UpdateClusterSchedulerConfig: ({ ClusterSchedulerConfigId: id, TargetVersion: target, ...changed }) => {
      const config = this.config(id);
      if (target !== config.version) {
        throw new ServiceError('ConflictException', `Scheduler configuration ${id as string} has version ${config.version}, not ${target as number}`);
      }
      const { arn, version } = this.change(config, changed);
      return { ClusterSchedulerConfigArn: arn, ClusterSchedulerConfigVersion: version };
    },
    DescribeClusterSchedulerConfig: ({ ClusterSchedulerConfigId: id }) => {
      const { arn, version, request: { Tags: _, ...request } } = this.config(id);
      return {
        ...request, ClusterSchedulerConfigArn: arn, ClusterSchedulerConfigId: id, ClusterSchedulerConfigVersion: version, Status: 'Created', CreationTime: 1767225600,
      };
    },
    DeleteClusterSchedulerConfig: ({ ClusterSchedulerConfigId: id }) => {
      this.drop(this.config(id));
      return {};
    },

    AddTags: ({ Tags }) => ({ Tags }),
    DeleteTags: () => ({}),
  };

  public constructor(private readonly pods: HyperPod) {
  }

  /** Lets reads find a cluster, with its nodes. */
  private show({ arn, request }: Kept, place: Place): object {
    const { Tags: _, InstanceGroups, ...rest } = request;
    const groups = (InstanceGroups ?? []) as readonly (Omit<Group, 'TargetCount'> & { readonly InstanceCount: number })[];
    const seed = {
      ...rest,
      ClusterId: idOf(arn),
      InstanceGroups: groups.map(({ InstanceCount, ...group }) => ({ ...group, TargetCount: InstanceCount })),
    };
    return { ClusterArn: this.pods.put(seed as unknown as ClusterSeed, place).ClusterArn };
  }

  private cluster(name: unknown): Kept {
    return this.find('Cluster', name, one => isCluster(one) && [one.arn, one.request.ClusterName].includes(name as string));
  }

  private config(id: unknown): Kept {
    return this.find('Scheduler configuration', id, one => !isCluster(one) && idOf(one.arn) === id);
  }

  private find(what: string, identifier: unknown, matches: (one: Kept) => boolean): Kept {
    const one = this.kept.find(matches);
    if (!one) { throw new ServiceError('ResourceNotFound', `${what} ${identifier as string} not found`); }
    return one;
  }

  private keep(kind: string, request: Input, place: Place): Kept {
    const one = { arn: `${arnPrefix(place)}${kind}/${(++this.count).toString().padStart(12, 'a')}`, version: 1, request };
    this.kept.push(one);
    return one;
  }

  private change(old: Kept, changed: Input): Kept {
    const one = { ...old, version: old.version + 1, request: { ...old.request, ...changed } };
    this.kept.splice(this.kept.indexOf(old), 1, one);
    return one;
  }

  private drop(one: Kept): Kept {
    this.kept.splice(this.kept.indexOf(one), 1);
    return one;
  }
}

function isCluster({ arn }: Kept): boolean {
  return arn.includes(':cluster/');
}

function idOf(arn: string): string {
  return arn.split('/')[1];
}
