import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { DirectoryUsers } from './directory-users';
import type { NodeLifecycleActions } from './lifecycle-actions';
import type { NodeImage } from './node-image';
import type { NodeLaunch } from './node-launch';
import type { NodeRole } from './node-role';
import type { NodeStorage } from './node-storage';
import type { PurchaseOption } from './purchase-option';
import type { Scaling } from './scaling';
import type { GresRecord, NodeSlurmSettings } from './slurm-settings';

/** What node groups and groups of login nodes have in common. */
export interface CommonNodeGroupOptions {
  /** The machine image. A change replaces nodes when they are idle. */
  readonly image: NodeImage;

  /**
   * The launch template. A change replaces nodes when they are idle.
   *
   * @default NodeLaunch.managed()
   */
  readonly launch?: NodeLaunch;

  /**
   * The VPC, which is that of the cluster.
   *
   * @default - the VPC of the cluster
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the nodes. EFA needs them to be one. Changed in place.
   *
   * @default - the private subnets with a way out; where there are none, the isolated ones, else the public ones. Of these, the
   *   ones in the zone of the Capacity Block, where zones are known
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the nodes. They must let nodes talk to the controller and to each other. Changed in place: nodes
   * are replaced when they are idle.
   *
   * @default - those of the cluster
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the nodes. Changed in place: nodes are replaced when they are idle.
   *
   * Node groups of a cluster and a stack that are given one and the same `NodeRole` share its role and its instance profile, which stand
   * below the first of them. Where role or profile have a name or are yours, those of other stacks share them, too.
   *
   * @default - the role that the node groups of the cluster share in a stack, or a new one where the cluster is only referenced
   */
  readonly nodeRole?: NodeRole;

  /**
   * The name, from which Slurm makes the names of nodes: 3 to 25 letters, digits and hyphens, and unique in the cluster.
   *
   * A change replaces the node group. With a name of yours, changes that replace the group need a new name too, since the new
   * group is created before the old one is deleted.
   *
   * @default - CloudFormation makes one
   */
  readonly computeNodeGroupName?: string;

  /**
   * File systems that nodes mount, besides those of the cluster's `storage`. A change replaces nodes when they are idle.
   *
   * Those that are mounted below others come after them. All come before the scripts of `lifecycleActions`, but for
   * `MaintainedScript.configureCloudWatchLogs()`, which forwards their logs.
   *
   * @default - those of the cluster alone
   */
  readonly storage?: NodeStorage[];

  /**
   * Scripts that nodes run when they start. A change replaces nodes when they are idle.
   *
   * @default - none
   */
  readonly lifecycleActions?: NodeLifecycleActions;

  /**
   * The users of nodes, from a directory. A change replaces nodes when they are idle.
   *
   * Slurm runs a job as its user, so nodes that run jobs need the users of the login nodes: give them to the cluster.
   *
   * @default - those of the cluster; without any, those that the image has
   */
  readonly users?: DirectoryUsers;
}

/** What a node group is like. */
export interface ComputeNodeGroupOptions extends CommonNodeGroupOptions {
  /**
   * The instance types that the group may launch. All have the same architecture, number of vCPUs and number of GPUs.
   *
   * A change replaces the node group.
   */
  readonly instanceTypes: ec2.InstanceType[];

  /** How many instances the group has. Changed in place. */
  readonly scaling: Scaling;

  /**
   * How instances are paid for. Changed in place.
   *
   * @default PurchaseOption.onDemand()
   */
  readonly purchaseOption?: PurchaseOption;

  /**
   * Whether the group gets a security group of its own, besides the others. Rules that are added through its `connections` are
   * then for its nodes alone; otherwise they hold for all members of the shared groups, which includes the controller.
   *
   * It lets everything out, also where `traffic` of the cluster is restrictive. That of login nodes doesn't, there.
   *
   * @default false
   */
  readonly ownSecurityGroup?: boolean;

  /**
   * Settings of Slurm. Changed in place.
   *
   * @default - the service's own
   */
  readonly slurmSettings?: NodeSlurmSettings;

  /**
   * Lines of `gres.conf` for these nodes. Changed in place.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/gres-custom-settings.html
   * @default - the service's own
   */
  readonly gresRecords?: GresRecord[];

  /**
   * How long a node without jobs waits before it is ended: 1 to 10,000,000 seconds. Needs Slurm 25.11 or newer. Changed in
   * place.
   *
   * @default - that of the cluster
   */
  readonly scaleDownIdleTime?: Duration;
}

/** Properties of a node group. */
export interface ComputeNodeGroupProps extends ComputeNodeGroupOptions {
  /** The cluster. A change replaces the node group. */
  readonly cluster: pcs.IClusterRef;
}
