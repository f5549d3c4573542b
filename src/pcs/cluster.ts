import { Resource, aws_ec2 as ec2, type CfnResource, type Duration, type IResource } from 'aws-cdk-lib';
import { CfnCluster, type ClusterReference, type IClusterRef } from 'aws-cdk-lib/aws-pcs';
import type { Construct } from 'constructs';
import { Accounting } from './accounting';
import type { ClusterSize } from './cluster-size';
import { ComputeNodeGroup, type ComputeNodeGroupOptions } from './compute-node-group';
import { NodeRole } from './node-role';
import { provideContext, type NodeGroupEntry, type QueueEntry } from './private/context';
import { clusterIdFromArn } from './private/ids';
import { checkName } from './private/names';
import { checkNodeRole, createNodeIdentity, type NodeIdentity } from './private/node-identity';
import { RULES } from './private/rules';
import { checkSettings, clusterSettings, renderSettings } from './private/settings';
import { Queue, type QueueOptions } from './queue';
import type { ClusterSlurmSettings } from './slurm-settings';
import type { SlurmVersion } from './slurm-version';
import { describe, isConcrete, Problems } from '../private/problems';

/** A cluster of AWS Parallel Computing Service. */
export interface ICluster extends IResource, IClusterRef, ec2.IConnectable {
  /**
   * The ARN of the cluster.
   *
   * @attribute
   */
  readonly clusterArn: string;

  /**
   * The id of the cluster: `pcs_…`.
   *
   * @attribute
   */
  readonly clusterId: string;
}

/** What is known of a cluster that exists already. */
export interface ClusterAttributes {
  /** The ARN of the cluster. */
  readonly clusterArn: string;

  /**
   * The VPC of the cluster.
   *
   * @default - node groups are told theirs
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The security groups of the cluster, which let its nodes talk to the controller and to each other.
   *
   * @default - node groups are told theirs
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The version of Slurm, for checks of what needs a certain version.
   *
   * @default - not checked
   */
  readonly schedulerVersion?: SlurmVersion;
}

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
   * Whether the service keeps a database of jobs, users and accounts. Changed in place.
   *
   * @default Accounting.none()
   */
  readonly accounting?: Accounting;

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
   * The role that node groups share unless they are given others.
   *
   * What is granted to one of these node groups is granted to all of them.
   *
   * @default NodeRole.managed()
   */
  readonly nodeRole?: NodeRole;
}

abstract class ClusterBase extends Resource implements ICluster {
  public abstract readonly clusterArn: string;
  public abstract readonly clusterId: string;
  public abstract readonly connections: ec2.Connections;

  public get clusterRef(): ClusterReference {
    return { clusterArn: this.clusterArn };
  }
}

/**
 * A Slurm cluster whose scheduler AWS runs.
 *
 * Costs an hourly fee by size from the moment it is created. Its nodes are paid for as EC2 instances.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_clusters.html
 * @see https://aws.amazon.com/pcs/pricing/
 *
 * @example
 * const slurm = new pcs.Cluster(this, 'Slurm', {
 *   vpc,
 *   size: pcs.ClusterSize.SMALL,
 *   schedulerVersion: pcs.SlurmVersion.V25_11,
 * });
 */
export class Cluster extends ClusterBase {
  /**
   * A cluster that exists already, by its ARN. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param clusterArn The ARN: `arn:…:pcs:…:cluster/pcs_…`.
   */
  public static fromClusterArn(scope: Construct, id: string, clusterArn: string): ICluster {
    return Cluster.fromClusterAttributes(scope, id, { clusterArn });
  }

  /**
   * A cluster that exists already, with what its node groups need to know of it. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param attrs What is known of the cluster.
   */
  public static fromClusterAttributes(scope: Construct, id: string, attrs: ClusterAttributes): ICluster {
    class Import extends ClusterBase {
      public readonly clusterArn = attrs.clusterArn;
      public readonly clusterId = clusterIdFromArn(attrs.clusterArn);
      public readonly connections = new ec2.Connections({ securityGroups: attrs.securityGroups });
    }
    const cluster = new Import(scope, id, { environmentFromArn: attrs.clusterArn });
    provideContext(cluster, {
      vpc: attrs.vpc,
      securityGroups: attrs.securityGroups ?? [],
      schedulerVersion: attrs.schedulerVersion,
      nodeGroups: [],
      queues: [],
    });
    return cluster;
  }

  public readonly clusterArn: string;
  public readonly clusterId: string;

  /** The security groups that the cluster shares with its node groups. */
  public readonly connections: ec2.Connections;

  /** The VPC of the cluster. */
  public readonly vpc: ec2.IVpc;

  private readonly nodeGroups: NodeGroupEntry[] = [];
  private readonly queues: QueueEntry[] = [];
  private readonly size: ClusterSize;
  private readonly nodeRole: NodeRole;
  private identity?: NodeIdentity;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id, { physicalName: props.clusterName });

    const problems = new Problems();
    checkName(problems, RULES.clusterName, 'clusterName', props.clusterName, 40);
    checkIdleTime(problems, props.scaleDownIdleTime);
    checkRetention(problems, props.accounting);
    checkSettings(this, problems, 'cluster', {}, props.slurmSettings?.custom, props.schedulerVersion);
    this.nodeRole = props.nodeRole ?? NodeRole.managed();
    checkNodeRole(problems, this, 'nodeRole', this.nodeRole._choice);
    const selected = props.vpc.selectSubnets(props.vpcSubnets);
    if (selected.subnetIds.length === 0 && !selected.isPendingLookup) {
      problems.add(RULES.clusterSubnetMissing, { property: 'vpcSubnets' });
    }
    problems.throwIfAny(this);

    this.vpc = props.vpc;
    this.size = props.size;
    const shared = props.securityGroups ? undefined : createSharedSecurityGroup(this, props.vpc);
    const securityGroups = props.securityGroups ?? [shared!.group];
    this.connections = new ec2.Connections({ securityGroups });

    const resource = new CfnCluster(this, 'Resource', {
      name: this.physicalName,
      size: props.size.value,
      scheduler: { type: 'SLURM', version: props.schedulerVersion.value },
      networking: {
        subnetIds: selected.subnetIds.slice(0, 1),
        securityGroupIds: securityGroups.map(group => group.securityGroupId),
      },
      slurmConfiguration: slurmConfigurationOf(props),
    });
    // Nodes that find the rules missing don't become ready, so the rules come before them and go after them.
    shared?.rules.forEach(rule => resource.addResourceDependency(rule));
    this.clusterArn = resource.attrArn;
    this.clusterId = resource.attrId;

    provideContext(this, {
      vpc: props.vpc,
      securityGroups,
      size: props.size,
      schedulerVersion: props.schedulerVersion,
      sharedIdentity: () => this.sharedIdentity(),
      nodeGroups: this.nodeGroups,
      queues: this.queues,
    });
    this.node.addValidation({ validate: () => this.validateNodes() });
  }

  /**
   * Adds a node group.
   *
   * @param id The id of the node group, below the cluster.
   * @param options What the node group is like.
   */
  public addComputeNodeGroup(id: string, options: ComputeNodeGroupOptions): ComputeNodeGroup {
    return new ComputeNodeGroup(this, id, { cluster: this, ...options });
  }

  /**
   * Adds a queue.
   *
   * @param id The id of the queue, below the cluster.
   * @param options What the queue is like.
   */
  public addQueue(id: string, options: QueueOptions): Queue {
    return new Queue(this, id, { cluster: this, ...options });
  }

  private sharedIdentity(): NodeIdentity {
    this.identity ??= createNodeIdentity(this, this.nodeRole._choice, this.clusterArn);
    return this.identity;
  }

  private validateNodes(): string[] {
    const limit = this.size.maxNodes;
    const maxima = this.nodeGroups.map(group => group.maxInstances).filter(isConcrete);
    const sum = maxima.reduce((total, max) => total + max, 0);
    if (limit === undefined || sum <= limit) { return []; }
    return [describe(RULES.clusterNodesAboveSize, { property: 'size', got: { size: this.size.value, nodes: limit, sumOfMaxima: sum } })];
  }
}

/** A security group whose members may do everything among themselves, and the rules for that. */
function createSharedSecurityGroup(scope: Construct, vpc: ec2.IVpc): { group: ec2.SecurityGroup; rules: CfnResource[] } {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Slurm controller and nodes',
    allowAllOutbound: true,
  });
  const rule = { groupId: group.securityGroupId, ipProtocol: '-1', description: 'Slurm and EFA traffic among members' };
  return {
    group,
    rules: [
      new ec2.CfnSecurityGroupIngress(group, 'FromItself', { ...rule, sourceSecurityGroupId: group.securityGroupId }),
      // EFA needs an egress rule that names the group, which the L2 would drop beside the rule for all addresses.
      new ec2.CfnSecurityGroupEgress(group, 'ToItself', { ...rule, destinationSecurityGroupId: group.securityGroupId }),
    ],
  };
}

function slurmConfigurationOf(props: ClusterProps): CfnCluster.SlurmConfigurationProperty | undefined {
  const configuration = {
    accounting: props.accounting === undefined ? undefined : {
      mode: props.accounting.mode,
      defaultPurgeTimeInDays: props.accounting.retention?.toDays(),
    },
    scaleDownIdleTimeInSeconds: props.scaleDownIdleTime?.toSeconds(),
    slurmCustomSettings: renderSettings(clusterSettings(props.slurmSettings)),
  };
  return Object.values(configuration).every(value => value === undefined) ? undefined : configuration;
}

function checkIdleTime(problems: Problems, idleTime: Duration | undefined): void {
  if (idleTime === undefined || idleTime.isUnresolved()) { return; }
  const seconds = idleTime.toSeconds({ integral: false });
  if (!(Number.isInteger(seconds) && seconds >= 1)) {
    problems.add(RULES.idleTime, { property: 'scaleDownIdleTime', got: seconds });
  }
}

function checkRetention(problems: Problems, accounting: Accounting | undefined): void {
  const retention = accounting?.retention;
  if (retention === undefined || retention.isUnresolved()) { return; }
  const days = retention.toDays({ integral: false });
  if (!(Number.isInteger(days) && days >= 1 && days <= 10000)) {
    problems.add(RULES.accountingRetention, { property: 'accounting.retention', got: days });
  }
}
