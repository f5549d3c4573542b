import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AutoScaling } from './auto-scaling';
import type { NodeProvisioningMode, NodeRecovery } from './node-provisioning';
import type { Orchestrator } from './orchestrator';
import type { TieredStorage } from './tiered-storage';
import type { LifecycleScripts } from '../../groups/vocabulary/lifecycle-scripts';
import type { RestrictedSharedEnvironment } from '../../groups/vocabulary/restricted-instance-group';

/** Properties of a cluster. */
export interface ClusterProps {
  /** What places jobs on the nodes. Another orchestrator, or another EKS cluster, replaces the cluster. */
  readonly orchestrator: Orchestrator;

  /**
   * The VPC of the nodes; with EKS, that of the EKS cluster. Required with EKS. A change replaces the cluster.
   *
   * The cluster is created after the endpoints of the VPC that are in its stack or in that of the VPC, and deleted before them.
   * Endpoints whose policies name a HyperPod cluster come after it: nodes must do without them while they start and end.
   *
   * @default - a VPC of SageMaker, for Slurm only
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of groups that have none of their own. HyperPod takes one of them, and all these groups are in its zone. A change
   * replaces the cluster.
   *
   * A node of ml.p5.48xlarge takes 32 addresses with Slurm and 81 with EKS.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-prerequisites.html
   * @default - the private subnets with a way out; where there are none, the isolated ones, else the public ones with a warning, since
   * nodes get no public address
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of groups that have none of their own: 5 at most. Each must let its members do everything among
   * themselves, both in and out, for EFA to work; with EKS, they must let the control plane and the nodes talk to each other. A
   * change replaces the cluster.
   *
   * @default - a new one, whose members may talk to each other, to the EKS control plane and to the outside, and which nobody else
   * may talk to
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The name: 1 to 63 letters, digits and hyphens. A change replaces the cluster.
   *
   * @default - CloudFormation makes one
   */
  readonly clusterName?: string;

  /**
   * The role of instances, which trusts `sagemaker.amazonaws.com`. It is given what instances need, unless it was imported as
   * immutable.
   *
   * What is granted to one instance group is granted to all that share it.
   *
   * @default - a new one with the managed policy `AmazonSageMakerClusterInstanceRolePolicy` and what a VPC and EKS need
   */
  readonly executionRole?: iam.IRole;

  /**
   * The scripts that set up new instances of groups that have none of their own. Changed in place, for instances to come.
   *
   * @default - LifecycleScripts.doNothing() with EKS, which wants scripts; LifecycleScripts.none() with Slurm
   */
  readonly lifecycleScripts?: LifecycleScripts;

  /**
   * Whether SageMaker repairs nodes by itself. Changed in place.
   *
   * @default - NodeRecovery.AUTOMATIC, by SageMaker
   */
  readonly nodeRecovery?: NodeRecovery;

  /**
   * How SageMaker makes instances. Spot capacity, flexible groups, smallest numbers of instances, autoscaling and an accounting
   * database need `CONTINUOUS`.
   *
   * @default - all instances of a group together
   */
  readonly nodeProvisioningMode?: NodeProvisioningMode;

  /**
   * Whether the number of nodes follows the work that waits, with EKS. Changed in place.
   *
   * @default - no autoscaling
   */
  readonly autoScaling?: AutoScaling;

  /**
   * Whether checkpoints are kept in the memory of the nodes. Changed in place.
   *
   * @default - the service's own
   */
  readonly tieredStorage?: TieredStorage;

  /**
   * What restricted groups share. Changed in place.
   *
   * @default - nothing
   */
  readonly restrictedEnvironment?: RestrictedSharedEnvironment;
}
