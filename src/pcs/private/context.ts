import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import type { EfaNetwork } from './cluster-network';
import type { NodeIdentity } from './node-identity';
import type { Named } from './settings';
import type { ClusterSize } from '../vocabulary/cluster-size';
import type { DirectoryUsers } from '../vocabulary/directory-users';
import type { NodeRoleChoice } from '../vocabulary/node-role';
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
  /** Its settings of Slurm under their names. */
  readonly settings: Named;
  readonly isDefault: boolean;
}

/** What node groups and queues take from their cluster, as far as it is known. */
export interface ClusterContext {
  readonly vpc?: ec2.IVpc;
  /** The security groups of nodes. Empty where they aren't known. */
  readonly securityGroups: ec2.ISecurityGroup[];
  /** Whether the cluster has made them. */
  readonly networkIsMade?: boolean;
  /** Whether these let out nothing but the ports of Slurm. */
  readonly closed?: boolean;
  /** What nodes with EFA network cards need besides. Undefined where `securityGroups` allow it already, or aren't known. */
  readonly efaNetwork?: () => EfaNetwork;
  readonly size?: ClusterSize;
  /** Whether its network is one of IPv6. */
  readonly ipv6?: boolean;
  readonly schedulerVersion?: SlurmVersion;
  /** Whether the cluster answers to the REST API of Slurm. */
  readonly rest?: boolean;
  /** The settings of Slurm under their names, with the kind of accounting. */
  readonly slurmSettings?: Named;
  /** The settings of the accounting database under their names. */
  readonly slurmdbdSettings?: Named;
  /** The role and instance profile that the node groups of a stack share. Made when first asked for; undefined for imported clusters. */
  readonly sharedIdentity?: (user: Construct) => NodeIdentity;
  /** The file systems that the nodes of all its groups mount. */
  readonly storage?: readonly NodeStorage[];
  /** The users of the nodes of all its groups. */
  readonly users?: DirectoryUsers;
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

const IDENTITIES = new WeakMap<object, Map<NodeRoleChoice, Map<Stack | undefined, NodeIdentity>>>();

/**
 * The role that node groups of a cluster have by a choice, made when the first of them asks.
 *
 * Each stack has its own, so that what is granted to the groups of a stack is a policy there, and not in the stack of another group, which
 * may wait for this one. A role or profile with a name is there once, and so is what was made elsewhere.
 */
export function identityOf(cluster: object, choice: NodeRoleChoice, user: IConstruct, make: () => NodeIdentity): NodeIdentity {
  const choices = IDENTITIES.get(cluster) ?? new Map<NodeRoleChoice, Map<Stack | undefined, NodeIdentity>>();
  IDENTITIES.set(cluster, choices);
  const byStack = choices.get(choice) ?? new Map<Stack | undefined, NodeIdentity>();
  choices.set(choice, byStack);
  const stack = isRepeatable(choice) ? Stack.of(user) : undefined;
  const identity = byStack.get(stack) ?? make();
  byStack.set(stack, identity);
  return identity;
}

/** Whether a role can be made in each stack. */
export function isRepeatable(choice: NodeRoleChoice): boolean {
  return choice.kind === 'managed' && choice.roleName === undefined && choice.instanceProfileName === undefined;
}

/** What is known of a group of login nodes. */
export interface LoginEntry {
  /** Whether an EC2 Instance Connect endpoint may reach them. */
  readonly hasEndpoint: boolean;
  /** Its id, where the app makes it. */
  readonly endpointId?: string;
}

const LOGIN_GROUPS = new WeakMap<object, LoginEntry>();

/** Notes that a node group is one of login nodes. */
export function noteLogin(group: object, entry: LoginEntry): void {
  LOGIN_GROUPS.set(group, entry);
}

/** What is known of a group of login nodes. Undefined for other groups, and for imports. */
export function loginOf(group: object): LoginEntry | undefined {
  return LOGIN_GROUPS.get(group);
}

/** Notes the cluster of a node group or queue. */
export function provideCluster(member: object, cluster: object): void {
  CLUSTERS_OF_MEMBERS.set(member, cluster);
}

/** The cluster that a node group or queue was made with, or undefined for imports and L1s. */
export function clusterOf(member: object): object | undefined {
  return CLUSTERS_OF_MEMBERS.get(member);
}
