import { readConfig } from './config';
import { EC2Client, paginateDescribeInstances, type Instance } from './ec2';
import { allOf } from './paging';
import {
  GetClusterCommand, GetComputeNodeGroupCommand, PCSClient, paginateListComputeNodeGroups, type Cluster, type ComputeNodeGroup,
} from './pcs';

/** The reads of AWS PCS and of its instances that handlers need. */
export interface PcsReader {
  getCluster(identifier: string, signal: AbortSignal): Promise<Cluster>;
  getComputeNodeGroup(cluster: string, identifier: string, signal: AbortSignal): Promise<ComputeNodeGroup>;
  /** The names of the node groups of a cluster. */
  listComputeNodeGroups(cluster: string, signal: AbortSignal): Promise<string[]>;
  /** The instances of a node group that are starting or running. */
  describeInstances(computeNodeGroupId: string, signal: AbortSignal): Promise<Instance[]>;
}

/** The tag that the service puts on instances. */
const TAG = 'tag:aws:pcs:compute-node-group-id';

/** Clients for reads. */
export function pcsReader(): PcsReader {
  const pcs = new PCSClient(readConfig());
  const ec2 = new EC2Client(readConfig());
  return {
    getCluster: async (clusterIdentifier, abortSignal) => {
      const { cluster } = await pcs.send(new GetClusterCommand({ clusterIdentifier }), { abortSignal });
      return cluster ?? {};
    },
    getComputeNodeGroup: async (clusterIdentifier, computeNodeGroupIdentifier, abortSignal) => {
      const command = new GetComputeNodeGroupCommand({ clusterIdentifier, computeNodeGroupIdentifier });
      const { computeNodeGroup } = await pcs.send(command, { abortSignal });
      return computeNodeGroup ?? {};
    },
    listComputeNodeGroups: async (clusterIdentifier, abortSignal) => {
      const pages = paginateListComputeNodeGroups({ client: pcs }, { clusterIdentifier }, { abortSignal });
      const groups = await allOf(pages, page => page.computeNodeGroups);
      return groups.map(group => group.name ?? '');
    },
    describeInstances: async (computeNodeGroupId, abortSignal) => {
      const filters = [{ Name: TAG, Values: [computeNodeGroupId] }, { Name: 'instance-state-name', Values: ['pending', 'running'] }];
      const paging = { client: ec2, pageSize: 1000 };
      const reservations = await allOf(paginateDescribeInstances(paging, { Filters: filters }, { abortSignal }), page => page.Reservations);
      return reservations.flatMap(reservation => reservation.Instances ?? []);
    },
  };
}
