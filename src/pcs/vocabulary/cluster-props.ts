import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Accounting } from './accounting';
import type { ClusterSize } from './cluster-size';
import type { DirectoryUsers } from './directory-users';
import type { NetworkType } from './network-type';
import type { NodeRole } from './node-role';
import type { NodeStorage } from './node-storage';
import type { SlurmRest } from './slurm-rest';
import type { CgroupSettings, ClusterSlurmSettings, SlurmdbdSettings } from './slurm-settings';
import type { SlurmTraffic } from './slurm-traffic';
import type { SlurmVersion } from './slurm-version';

/** Properties of a cluster. */
export interface ClusterProps {
  /**
   * The VPC. It must have DNS support and DNS host names, and default tenancy.
   *
   * A change replaces the cluster.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Where the network interface of the scheduler goes: the first subnet of the selection.
   *
   * A change of that subnet replaces the cluster.
   *
   * @default - the private subnets with a way out; where there are none, the isolated ones, else the public ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /** The size, which limits nodes and jobs and sets the hourly price. A change replaces the cluster. */
  readonly size: ClusterSize;

  /** The version of Slurm. Raised in place. */
  readonly schedulerVersion: SlurmVersion;

  /**
   * The name: 3 to 40 letters, digits and hyphens. A change replaces the cluster.
   *
   * @default - CloudFormation makes one
   */
  readonly clusterName?: string;

  /**
   * The security groups of the cluster and, unless they are given others, of its node groups. They must let the nodes and the
   * controller talk to each other. A change replaces the cluster.
   *
   * @default - a new one, whose members may talk to each other and to the outside, and which nobody else may talk to
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * What the security groups let through that are made for the cluster. A change replaces the cluster. Not together with
   * `securityGroups`.
   *
   * @default SlurmTraffic.permissive()
   */
  readonly traffic?: SlurmTraffic;

  /**
   * The version of the internet protocol. A change replaces the cluster.
   *
   * @default - the service's own, IPv4
   */
  readonly networkType?: NetworkType;

  /**
   * Whether the service keeps a database of jobs, users and accounts. Changed in place.
   *
   * @default Accounting.none()
   */
  readonly accounting?: Accounting;

  /**
   * Whether the cluster answers to the REST API of Slurm. Needs Slurm 25.05 or newer. Changed in place.
   *
   * @default SlurmRest.NONE
   */
  readonly slurmRest?: SlurmRest;

  /**
   * How long a node without jobs waits before it is ended, 1 second or more. Changed in place.
   *
   * @default - the service's own, 10 minutes
   */
  readonly scaleDownIdleTime?: Duration;

  /**
   * Settings of Slurm. Changed in place.
   *
   * @default - the service's own
   */
  readonly slurmSettings?: ClusterSlurmSettings;

  /**
   * Settings of the accounting database. Changed in place.
   *
   * @default - the service's own
   */
  readonly slurmdbdSettings?: SlurmdbdSettings;

  /**
   * How jobs are held to the resources that they were given. Changed in place.
   *
   * @default - the service's own
   */
  readonly cgroupSettings?: CgroupSettings;

  /**
   * The role that the node groups of a stack share unless they are given others.
   *
   * What is granted to one of these node groups is granted to all of them. Node groups of another stack than that of the cluster share a
   * role of their stack, unless the role or its instance profile has a name or is yours.
   *
   * @default NodeRole.managed()
   */
  readonly nodeRole?: NodeRole;

  /**
   * File systems that the nodes of all node groups mount, also of those that are made later or in other stacks. A change replaces nodes
   * when they are idle.
   *
   * @default - none, but for those of each node group
   */
  readonly storage?: NodeStorage[];

  /**
   * The users of the nodes of all node groups, from a directory, unless a group has others. A change replaces nodes when they are idle.
   *
   * @default - those that the image of each node group has
   */
  readonly users?: DirectoryUsers;
}
