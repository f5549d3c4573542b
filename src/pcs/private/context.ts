import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { EfaNetwork } from './cluster-network';
import type { NodeIdentity } from './node-identity';
import type { Named } from './settings';
import type { ClusterSize } from '../vocabulary/cluster-size';
import type { NodeStorage } from '../vocabulary/node-storage';
import type { SlurmVersion } from '../vocabulary/slurm-version';

/** What a cluster knows about one of its node groups. */
export interface NodeGroupEntry {
  readonly construct: IConstruct;
  readonly name?: string;
  readonly maxInstances: number;
}

/** What a cluster knows about one of its queues. */
export interface QueueEntry {
  readonly construct: IConstruct;
  readonly name?: string;
  readonly isDefault: boolean;
}

/** What node groups and queues take from their cluster, as far as it is known. */
export interface ClusterContext {
  readonly vpc?: ec2.IVpc;
  /** The security groups of nodes. Empty where they aren't known. */
  readonly securityGroups: ec2.ISecurityGroup[];
  /** Whether the cluster has made them. */
  readonly networkIsMade?: boolean;
  /** What nodes with EFA network cards need besides. Undefined where `securityGroups` allow it already, or aren't known. */
  readonly efaNetwork?: () => EfaNetwork;
  readonly size?: ClusterSize;
  /** Whether its network is one of IPv6. */
  readonly ipv6?: boolean;
  readonly schedulerVersion?: SlurmVersion;
  /** The settings of Slurm under their names, with the kind of accounting. */
  readonly slurmSettings?: Named;
  /** The role and instance profile that the node groups share. Made when first asked for; undefined for imported clusters. */
  readonly sharedIdentity?: () => NodeIdentity;
  /** The file systems that the nodes of all its groups mount. */
  readonly storage?: readonly NodeStorage[];
  readonly nodeGroups: NodeGroupEntry[];
  readonly queues: QueueEntry[];
}

const CLUSTERS = new WeakMap<object, ClusterContext>();
const CLUSTERS_OF_MEMBERS = new WeakMap<object, object>();

/** Notes what a cluster of ours knows. */
export function provideContext(cluster: object, context: ClusterContext): void {
  CLUSTERS.set(cluster, context);
}

/** What is known of a cluster: nothing, where it is an L1 or a foreign construct. */
export function contextOf(cluster: object): ClusterContext {
  return CLUSTERS.get(cluster) ?? { securityGroups: [], nodeGroups: [], queues: [] };
}

const IDENTITIES = new WeakMap<object, Map<object, NodeIdentity>>();

/** The roles of node groups of a cluster, by the choices that they were made for: one choice is one role. */
export function identitiesOf(cluster: object): Map<object, NodeIdentity> {
  const known = IDENTITIES.get(cluster) ?? new Map<object, NodeIdentity>();
  IDENTITIES.set(cluster, known);
  return known;
}

/** Notes the cluster of a node group or queue. */
export function provideCluster(member: object, cluster: object): void {
  CLUSTERS_OF_MEMBERS.set(member, cluster);
}

/** The cluster that a node group or queue was made with, or undefined for imports and L1s. */
export function clusterOf(member: object): object | undefined {
  return CLUSTERS_OF_MEMBERS.get(member);
}
