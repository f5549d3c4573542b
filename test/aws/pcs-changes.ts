import { describeCluster, describePart, found, type FakeCluster, type FakeComputeNodeGroup, type FakeQueue } from './pcs';
import { ServiceError, type Place } from './service';

type Input = Record<string, unknown>;
type Operations = Record<string, (input: Input, place: Place) => object>;

/** What is still used isn't deleted, and names are free: https://docs.aws.amazon.com/pcs/latest/APIReference/API_Operations.html */
function conflict(resourceType: string, resourceId: string, why: string): ServiceError {
  return new ServiceError('ConflictException', `${resourceType} ${resourceId} ${why}`, 400, { resourceType, resourceId });
}

/** The operations of AWS PCS that make, change and delete. What they make is ready at once. */
export function changesOf(clusters: FakeCluster[], withRest: (cluster: FakeCluster) => FakeCluster): Operations {
  let count = 0;
  const newId = () => `pcs_${(++count).toString(16).padStart(10, '0')}`;

  /** Puts a changed cluster where the old one is. */
  const replace = (old: FakeCluster, changed: FakeCluster) => clusters.splice(clusters.indexOf(old), 1, changed);

  /** Settings of Slurm that aren't named in an update stay. */
  const merged = (old: Input, { slurmConfiguration, ...changed }: Input) => ({
    ...old,
    ...changed,
    ...slurmConfiguration !== undefined && { slurmConfiguration: { ...old.slurmConfiguration as object, ...slurmConfiguration as object } },
  });

  const groupsOf = (cluster: FakeCluster) => cluster.computeNodeGroups ?? [];
  const queuesOf = (cluster: FakeCluster) => cluster.queues ?? [];
  const unused = (kind: string, among: readonly { readonly name: string }[], name: unknown) => {
    if (among.some(one => one.name === name)) { throw conflict(kind, name as string, 'already exists'); }
  };
  const groupsOfQueue = (cluster: FakeCluster, { computeNodeGroupConfigurations = [] }: Input): FakeQueue['computeNodeGroupConfigurations'] => {
    const configurations = computeNodeGroupConfigurations as FakeQueue['computeNodeGroupConfigurations'];
    configurations.forEach(({ computeNodeGroupId }) => found('computeNodeGroup', groupsOf(cluster), computeNodeGroupId));
    return configurations;
  };

  /** Tags aren't kept: nobody reads them. */
  const tagged = (arn: string) => {
    const [, id] = /([^/]+)$/.exec(arn)!;
    found('resource', clusters.flatMap(cluster => [cluster, ...groupsOf(cluster), ...queuesOf(cluster)]), id);
    return {};
  };

  return {
    CreateCluster: ({ clusterName, clientToken: _, tags: __, ...input }, place) => {
      unused('cluster', clusters, clusterName);
      const made: FakeCluster = { ...input, name: clusterName as string, id: newId(), status: 'ACTIVE' };
      const { slurmRest } = (made.slurmConfiguration ?? {}) as { slurmRest?: { mode?: string } };
      const cluster = slurmRest?.mode === 'STANDARD' ? withRest(made) : made;
      clusters.push(cluster);
      return { cluster: describeCluster(cluster, place) };
    },
    UpdateCluster: ({ clusterIdentifier, clientToken: _, scheduler, ...changed }, place) => {
      const old = found('cluster', clusters, clusterIdentifier);
      const upgraded = scheduler !== undefined && { scheduler: { ...old.scheduler, ...scheduler } };
      const cluster = { ...merged({ ...old }, changed), ...upgraded } as FakeCluster;
      replace(old, cluster);
      return { cluster: describeCluster(cluster, place) };
    },
    DeleteCluster: ({ clusterIdentifier }) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      if (groupsOf(cluster).length + queuesOf(cluster).length > 0) { throw conflict('cluster', cluster.id, 'still has node groups or queues'); }
      clusters.splice(clusters.indexOf(cluster), 1);
      return {};
    },

    CreateComputeNodeGroup: ({ clusterIdentifier, computeNodeGroupName, clientToken: _, tags: __, ...input }, place) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      unused('computeNodeGroup', groupsOf(cluster), computeNodeGroupName);
      const group: FakeComputeNodeGroup = { ...input, name: computeNodeGroupName as string, id: newId(), status: 'ACTIVE' };
      replace(cluster, { ...cluster, computeNodeGroups: [...groupsOf(cluster), group] });
      return { computeNodeGroup: describePart(cluster, group, 'computenodegroup', place) };
    },
    UpdateComputeNodeGroup: ({ clusterIdentifier, computeNodeGroupIdentifier, clientToken: _, ...changed }, place) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      const old = found('computeNodeGroup', groupsOf(cluster), computeNodeGroupIdentifier);
      const group = merged({ ...old }, changed) as FakeComputeNodeGroup;
      replace(cluster, { ...cluster, computeNodeGroups: groupsOf(cluster).map(one => (one === old ? group : one)) });
      return { computeNodeGroup: describePart(cluster, group, 'computenodegroup', place) };
    },
    DeleteComputeNodeGroup: ({ clusterIdentifier, computeNodeGroupIdentifier }) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      const group = found('computeNodeGroup', groupsOf(cluster), computeNodeGroupIdentifier);
      const user = queuesOf(cluster).find(queue => queue.computeNodeGroupConfigurations.some(one => one.computeNodeGroupId === group.id));
      if (user) { throw conflict('computeNodeGroup', group.id, `is still in queue ${user.name}`); }
      replace(cluster, { ...cluster, computeNodeGroups: groupsOf(cluster).filter(one => one !== group) });
      return {};
    },

    CreateQueue: ({ clusterIdentifier, queueName, clientToken: _, tags: __, ...input }, place) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      unused('queue', queuesOf(cluster), queueName);
      const queue: FakeQueue = { ...input, computeNodeGroupConfigurations: groupsOfQueue(cluster, input), name: queueName as string, id: newId(), status: 'ACTIVE' };
      replace(cluster, { ...cluster, queues: [...queuesOf(cluster), queue] });
      return { queue: describePart(cluster, queue, 'queue', place) };
    },
    UpdateQueue: ({ clusterIdentifier, queueIdentifier, clientToken: _, ...changed }, place) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      const old = found('queue', queuesOf(cluster), queueIdentifier);
      groupsOfQueue(cluster, changed);
      const queue = merged({ ...old }, changed) as FakeQueue;
      replace(cluster, { ...cluster, queues: queuesOf(cluster).map(one => (one === old ? queue : one)) });
      return { queue: describePart(cluster, queue, 'queue', place) };
    },
    DeleteQueue: ({ clusterIdentifier, queueIdentifier }) => {
      const cluster = found('cluster', clusters, clusterIdentifier);
      const queue = found('queue', queuesOf(cluster), queueIdentifier);
      replace(cluster, { ...cluster, queues: queuesOf(cluster).filter(one => one !== queue) });
      return {};
    },
    TagResource: ({ resourceArn }) => tagged(resourceArn as string),
    UntagResource: ({ resourceArn }) => tagged(resourceArn as string),
  };
}
