import { Lazy, Stack, TagManager, type IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { SlurmAccount, type SlurmAccountOptions } from './accounting/slurm-account';
import { SlurmQos, type SlurmQosOptions } from './accounting/slurm-qos';
import { ClusterBase } from './cluster-base';
import type { ClusterGrants } from './cluster-grants';
import { ComputeNodeGroup } from './compute-node-group';
import { LogDelivery, type LogDeliveryOptions } from './log-delivery';
import { LoginNodeGroup } from './login-node-group';
import { ClusterAccounting } from './private/accounting/cluster-accounting';
import { needsOf, withNeeds } from './private/accounting/needs';
import { createClusterNetwork } from './private/cluster-network';
import { adviseCluster, judgeNodes, planCluster, type ClusterSettings } from './private/cluster-plan';
import { identityOf, isRepeatable, provideContext, type NodeGroupEntry, type QueueEntry } from './private/context';
import { createOneAtATime } from './private/creation-order';
import { clusterIdFromArn, refuseOtherThanId } from './private/ids';
import { adviseAddresses, judgeGroups } from './private/neighbour-checks';
import { createNodeIdentity, judgeTrust, type NodeIdentity } from './private/node-identity';
import { RULES } from './private/rules';
import { allSettings } from './private/settings';
import { slurmConfigurationOf } from './private/slurm-configuration';
import { explainCircles } from './private/stack-circles';
import { firstOf } from './private/subnets';
import { TAG_LIMITS } from './private/tags';
import { Queue, type QueueOptions } from './queue';
import type { ClusterProps } from './vocabulary/cluster-props';
import type { ComputeNodeGroupOptions } from './vocabulary/compute-node-group-props';
import type { LoginNodeGroupOptions } from './vocabulary/login-node-group-props';
import type { NodeRoleChoice } from './vocabulary/node-role';
import type { SlurmVersion } from './vocabulary/slurm-version';
import { checked } from '../private/inputs/checked';
import { OwnIds } from '../private/own-ids';
import { pathInStage } from '../private/places';
import { singleton } from '../private/singleton';
import { validateTags } from '../private/tags';

/** A cluster of AWS Parallel Computing Service. */
export interface ICluster extends IResource, pcs.IClusterRef, ec2.IConnectable {
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

  /** Grants permissions on the cluster. */
  readonly grants: ClusterGrants;

  /**
   * A metric of the cluster in the namespace `AWS/PCS`, which has a value for each minute.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/monitoring-cloudwatch.html
   * @param metricName The name of the metric.
   * @param options How it is read. The average over 5 minutes by default.
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The instances that the cluster has.
   *
   * @param options How it is read. The average over 5 minutes by default.
   */
  metricActualCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The instances that the cluster wants to have.
   *
   * @param options How it is read. The average over 5 minutes by default.
   */
  metricDesiredCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The instances that run and have no job.
   *
   * @param options How it is read. The average over 5 minutes by default.
   */
  metricIdleCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The instances that run and have a job.
   *
   * @param options How it is read. The average over 5 minutes by default.
   */
  metricUtilizedCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The part of the instances that have a job, in percent.
   *
   * @param options How it is read. The average over 5 minutes by default.
   */
  metricCapacityUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** What is known of a cluster that exists already. */
export interface ClusterAttributes {
  /** The ARN of the cluster. */
  readonly clusterArn: string;

  /**
   * The VPC of the cluster.
   *
   * @default - must be given for each node group
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The security groups of the cluster, which let its nodes talk to the controller and to each other.
   *
   * @default - must be given for each node group
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The version of Slurm, for checks of what needs a certain version.
   *
   * @default - not checked
   */
  readonly schedulerVersion?: SlurmVersion;
}

/** The ids of what a cluster makes itself. Some of it is made when the first node group asks for it. */
const OWN_IDS = new OwnIds(
  RULES.childIdTaken,
  'ControllerSecurityGroup', 'Default', 'EfaSecurityGroup', 'NodeInstanceProfile', 'NodePolicy', 'NodeRole', 'NodeSecurityGroup', 'Resource',
  'SecurityGroup',
);

/**
 * A Slurm cluster whose scheduler AWS runs.
 *
 * Costs an hourly fee by size from the moment it is created. Its nodes are paid for as EC2 instances.
 *
 * A Region creates one cluster at a time, so those of one stack are created one after the other: in the order in which they were
 * made, unless dependencies say otherwise. For clusters in several stacks, make the stacks depend on each other.
 *
 * @resource AWS::PCS::Cluster
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
@propertyInjectable
@checked('pcs.Cluster')
export class Cluster extends ClusterBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.Cluster';

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
   * A cluster of the account and Region of the stack that exists already, by its id. Creates nothing.
   *
   * A name doesn't do, since ARNs have the id: `ClusterLookup` reads it at deployment.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param clusterId The id of the cluster: `pcs_…`.
   */
  public static fromClusterId(scope: Construct, id: string, clusterId: string): ICluster {
    refuseOtherThanId(scope, clusterId);
    const clusterArn = Stack.of(scope).formatArn({ service: 'pcs', resource: 'cluster', resourceName: clusterId });
    return referTo(new ImportedCluster(scope, id, { clusterArn }, clusterId), {});
  }

  /**
   * A cluster that exists already, with what its node groups need to know of it. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param attrs What is known of the cluster.
   */
  public static fromClusterAttributes(scope: Construct, id: string, attrs: ClusterAttributes): ICluster {
    return referTo(new ImportedCluster(scope, id, attrs), attrs);
  }

  public readonly clusterArn: string;
  public readonly clusterId: string;

  /** The security groups of the controller. Its node groups have the same ones, unless `traffic` is restrictive. */
  public readonly connections: ec2.Connections;

  /**
   * The security groups that node groups have, unless they are given others.
   *
   * With restrictive traffic, this is where nodes are allowed to reach something besides Slurm.
   */
  public readonly nodeConnections: ec2.Connections;

  /** The VPC of the cluster. */
  public readonly vpc: ec2.IVpc;

  private readonly nodeGroups: NodeGroupEntry[] = [];
  private readonly queues: QueueEntry[] = [];
  private readonly nodeRole: NodeRoleChoice;
  private identity?: NodeIdentity;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id, { physicalName: props.clusterName });

    const plan = planCluster(this, props);
    plan.problems.throwIfAny(this);
    adviseCluster(this, props);

    this.vpc = props.vpc;
    this.nodeRole = plan.nodeRole;
    const network = props.securityGroups
      ? { controller: props.securityGroups, nodes: props.securityGroups, rules: [] }
      : createClusterNetwork(this, { vpc: props.vpc, ...plan });
    this.connections = new ec2.Connections({ securityGroups: network.controller });
    this.nodeConnections = new ec2.Connections({ securityGroups: network.nodes });

    const resource = new pcs.CfnCluster(this, 'Resource', {
      name: this.physicalName,
      size: props.size.value,
      scheduler: { type: 'SLURM', version: props.schedulerVersion.value },
      networking: {
        subnetIds: firstOf(plan.subnets.subnetIds),
        securityGroupIds: network.controller.map(group => group.securityGroupId),
        networkType: props.networkType?.value,
      },
      // Accounts and qualities of service that are made later ask for settings that limits and budgets need.
      slurmConfiguration: Lazy.any({ produce: () => slurmConfigurationOf(props, this.settingsWithLimits(plan.settings)) }),
    });
    // Nodes that find the rules missing don't become ready, so the rules come before them and go after them.
    network.rules.forEach(rule => resource.addResourceDependency(rule));
    createOneAtATime(resource);
    explainCircles(this);
    this.clusterArn = resource.attrArn;
    this.clusterId = resource.attrId;

    provideContext(this, {
      vpc: props.vpc,
      securityGroups: network.nodes,
      networkIsMade: props.securityGroups === undefined,
      closed: plan.traffic.kind === 'restrictive',
      efaNetwork: network.efa,
      size: props.size,
      ipv6: plan.ipv6,
      schedulerVersion: props.schedulerVersion,
      rest: plan.rest,
      slurmSettings: plan.slurmSettings,
      slurmdbdSettings: allSettings(plan.settings.slurmdbd),
      sharedIdentity: user => this.sharedIdentity(user),
      storage: props.storage,
      users: props.users,
      nodeGroups: this.nodeGroups,
      queues: this.queues,
    });
    this.node.addValidation({
      validate: () => {
        if (plan.ipv6) { adviseAddresses(this, plan.subnets.subnets.slice(0, 1)); }
        return [
          ...judgeNodes(props.size, this.nodeGroups),
          ...judgeGroups(this, props.vpc, props.securityGroups),
          ...this.identity ? judgeTrust(this.identity) : [],
        ];
      },
    });
    validateTags(this, () => TagManager.of(resource), TAG_LIMITS);
  }

  /**
   * Adds a node group.
   *
   * @param id The id of the node group, below the cluster.
   * @param options What the node group is like.
   */
  public addComputeNodeGroup(id: string, options: ComputeNodeGroupOptions): ComputeNodeGroup {
    OWN_IDS.refuse(this, id);
    return new ComputeNodeGroup(this, id, { cluster: this, ...options });
  }

  /**
   * Adds a group of login nodes.
   *
   * @param id The id of the group, below the cluster.
   * @param options What the group is like.
   */
  public addLoginNodeGroup(id: string, options: LoginNodeGroupOptions): LoginNodeGroup {
    OWN_IDS.refuse(this, id);
    return new LoginNodeGroup(this, id, { cluster: this, ...options });
  }

  /**
   * Adds a queue.
   *
   * @param id The id of the queue, below the cluster.
   * @param options What the queue is like.
   */
  public addQueue(id: string, options: QueueOptions = {}): Queue {
    OWN_IDS.refuse(this, id);
    return new Queue(this, id, { cluster: this, ...options });
  }

  /**
   * Delivers a log of the cluster to somewhere.
   *
   * @param id The id of the delivery, below the cluster.
   * @param options Which log, and where it goes.
   */
  public addLogDelivery(id: string, options: LogDeliveryOptions): LogDelivery {
    OWN_IDS.refuse(this, id);
    return new LogDelivery(this, id, { cluster: this, ...options });
  }

  /**
   * Adds an account of Slurm: a team, with its users, limits and budget.
   *
   * @param id The id of the account, below the cluster; in lower case its name, unless it is given another one.
   * @param options What the account is like.
   */
  public addAccount(id: string, options: SlurmAccountOptions = {}): SlurmAccount {
    OWN_IDS.refuse(this, id);
    return new SlurmAccount(this, id, { cluster: this, ...options });
  }

  /**
   * Adds a quality of service of Slurm, which jobs have by its name.
   *
   * @param id The id of the quality of service, below the cluster; in lower case its name, unless it is given another one.
   * @param options What it is like.
   */
  public addQos(id: string, options: SlurmQosOptions = {}): SlurmQos {
    OWN_IDS.refuse(this, id);
    return new SlurmQos(this, id, { cluster: this, ...options });
  }

  private settingsWithLimits(settings: ClusterSettings): ClusterSettings {
    return { ...settings, slurm: withNeeds(settings.slurm, needsOf(ClusterAccounting.of(this, this).entries)) };
  }

  private sharedIdentity(user: Construct): NodeIdentity {
    return identityOf(this, this.nodeRole, user, () => {
      const isHere = Stack.of(user) === Stack.of(this) || !isRepeatable(this.nodeRole);
      const identity = createNodeIdentity(isHere ? this : this.placeIn(user), this.nodeRole, this.clusterArn);
      if (isHere) { this.identity = identity; }
      return identity;
    });
  }

  /** Where another stack has what its node groups share. */
  private placeIn(user: Construct): Construct {
    const id = `cdk-hpc-clusters:Nodes of ${pathInStage(this)}`;
    return singleton(user, id, stack => {
      const place = new Construct(stack, id);
      explainCircles(place);
      return place;
    });
  }
}

/** Notes what node groups and queues can know of a cluster that exists already. */
function referTo(cluster: ICluster, attrs: Partial<ClusterAttributes>): ICluster {
  provideContext(cluster, {
    vpc: attrs.vpc,
    securityGroups: attrs.securityGroups ?? [],
    schedulerVersion: attrs.schedulerVersion,
    nodeGroups: [],
    queues: [],
  });
  return cluster;
}

class ImportedCluster extends ClusterBase {
  public readonly clusterArn: string;
  public readonly clusterId: string;
  public readonly connections: ec2.Connections;

  public constructor(scope: Construct, id: string, attrs: ClusterAttributes, clusterId?: string) {
    super(scope, id, clusterId === undefined ? { environmentFromArn: attrs.clusterArn } : {});
    this.clusterArn = attrs.clusterArn;
    this.clusterId = clusterId ?? clusterIdFromArn(attrs.clusterArn);
    this.connections = new ec2.Connections({ securityGroups: attrs.securityGroups });
  }
}
