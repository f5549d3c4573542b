import { Fn, TagManager, Token, type Duration, type IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import type { ClusterGrants } from './cluster-grants';
import { ComputeNodeGroup } from './compute-node-group';
import { LogDelivery, type LogDeliveryOptions } from './log-delivery';
import { checkTraffic, createClusterNetwork, srunPortRange } from './private/cluster-network';
import { identitiesOf, provideContext, type NodeGroupEntry, type QueueEntry } from './private/context';
import { createOneAtATime } from './private/creation-order';
import { clusterIdFromArn } from './private/ids';
import { adviseAddresses, judgeGroups } from './private/neighbour-checks';
import { checkNodeRole, createNodeIdentity, judgeTrust, type NodeIdentity } from './private/node-identity';
import { RULES } from './private/rules';
import { cgroupSettings, checkSettings, clusterSettings, renderSettings, slurmdbdSettings, type Named } from './private/settings';
import { TAG_LIMITS } from './private/tags';
import { Queue, type QueueOptions } from './queue';
import type { Accounting } from './vocabulary/accounting';
import type { ClusterSize } from './vocabulary/cluster-size';
import type { ComputeNodeGroupOptions } from './vocabulary/compute-node-group-props';
import { NetworkType } from './vocabulary/network-type';
import { NodeRole } from './vocabulary/node-role';
import { SlurmRest } from './vocabulary/slurm-rest';
import type { CgroupSettings, ClusterSlurmSettings, SlurmdbdSettings } from './vocabulary/slurm-settings';
import { SlurmTraffic } from './vocabulary/slurm-traffic';
import { SlurmVersion } from './vocabulary/slurm-version';
import { checkForm } from '../private/forms';
import { checked } from '../private/inputs/checked';
import { checkVpcOfSubnets, resourceBehind } from '../private/places';
import { describe, fail, isConcrete, Problems, warn } from '../private/problems';
import { isEdgeZone, selectSubnets, zoneOf } from '../private/subnets';
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
   * The role that node groups share unless they are given others.
   *
   * What is granted to one of these node groups is granted to all of them.
   *
   * @default NodeRole.managed()
   */
  readonly nodeRole?: NodeRole;
}

/** What a cluster calls its own constructs, some of which it makes when the first node group asks for them. */
const OWN_IDS: ReadonlySet<string> = new Set([
  'ControllerSecurityGroup', 'Default', 'EfaSecurityGroup', 'NodeInstanceProfile', 'NodePolicy', 'NodeRole', 'NodeSecurityGroup', 'Resource',
  'SecurityGroup',
]);

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
   * A cluster that exists already, with what its node groups need to know of it. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param attrs What is known of the cluster.
   */
  public static fromClusterAttributes(scope: Construct, id: string, attrs: ClusterAttributes): ICluster {
    const cluster = new ImportedCluster(scope, id, attrs);
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
  private readonly size: ClusterSize;
  private readonly nodeRole: NodeRole;
  private identity?: NodeIdentity;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id, { physicalName: props.clusterName });

    const problems = new Problems();
    checkForm(problems, RULES.clusterName, 'clusterName', props.clusterName);
    checkIdleTime(problems, props.scaleDownIdleTime);
    checkRetention(problems, props.accounting);
    checkVersion(this, problems, props);
    checkAllSettings(this, problems, props);
    checkVpc(problems, props.vpc);
    checkTraffic(problems, props.traffic?._choice);
    if (props.traffic && props.securityGroups) { problems.add(RULES.trafficWithSecurityGroups, { property: 'traffic' }); }
    this.nodeRole = props.nodeRole ?? NodeRole.managed();
    checkNodeRole(problems, this, 'nodeRole', this.nodeRole._choice, this);
    const selected = selectSubnets(problems, RULES.clusterSubnetMissing, props.vpc, props.vpcSubnets);
    checkVpcOfSubnets(problems, RULES.otherVpc, props.vpc, selected.subnets);
    checkZone(problems, selected);
    problems.throwIfAny(this);
    if (isConcrete(props.securityGroups) && props.securityGroups.length === 0) { warn(this, RULES.securityGroupsEmpty, { property: 'securityGroups' }); }

    this.vpc = props.vpc;
    this.size = props.size;
    const ipv6 = props.networkType?.value === NetworkType.IPV6.value;
    const network = props.securityGroups
      ? { controller: props.securityGroups, nodes: props.securityGroups, rules: [] }
      : createClusterNetwork(this, {
        vpc: props.vpc,
        traffic: (props.traffic ?? SlurmTraffic.permissive())._choice,
        ipv6,
        accounting: hasAccounting(props),
        rest: props.slurmRest !== undefined && props.slurmRest.value !== SlurmRest.NONE.value,
      });
    this.connections = new ec2.Connections({ securityGroups: network.controller });
    this.nodeConnections = new ec2.Connections({ securityGroups: network.nodes });

    const resource = new pcs.CfnCluster(this, 'Resource', {
      name: this.physicalName,
      size: props.size.value,
      scheduler: { type: 'SLURM', version: props.schedulerVersion.value },
      networking: {
        subnetIds: firstOf(selected.subnetIds),
        securityGroupIds: network.controller.map(group => group.securityGroupId),
        networkType: props.networkType?.value,
      },
      slurmConfiguration: slurmConfigurationOf(props),
    });
    // Nodes that find the rules missing don't become ready, so the rules come before them and go after them.
    network.rules.forEach(rule => resource.addResourceDependency(rule));
    createOneAtATime(resource);
    this.clusterArn = resource.attrArn;
    this.clusterId = resource.attrId;

    provideContext(this, {
      vpc: props.vpc,
      securityGroups: network.nodes,
      networkIsMade: props.securityGroups === undefined,
      efaNetwork: network.efa,
      size: props.size,
      ipv6,
      schedulerVersion: props.schedulerVersion,
      slurmSettings: { ...accountingStorage(props), ...clusterSettings(props.slurmSettings, impliedSettings(props)) },
      sharedIdentity: () => this.sharedIdentity(),
      nodeGroups: this.nodeGroups,
      queues: this.queues,
    });
    this.node.addValidation({
      validate: () => {
        if (ipv6) { adviseAddresses(this, selected.subnets.slice(0, 1)); }
        return [
          ...this.validateNodes(), ...judgeGroups(this, props.vpc, props.securityGroups), ...this.identity ? judgeTrust(this.identity) : [],
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
    this.refuseOwnId(id);
    return new ComputeNodeGroup(this, id, { cluster: this, ...options });
  }

  /**
   * Adds a queue.
   *
   * @param id The id of the queue, below the cluster.
   * @param options What the queue is like.
   */
  public addQueue(id: string, options: QueueOptions = {}): Queue {
    this.refuseOwnId(id);
    return new Queue(this, id, { cluster: this, ...options });
  }

  /**
   * Delivers a log of the cluster to somewhere.
   *
   * @param id The id of the delivery, below the cluster.
   * @param options Which log, and where it goes.
   */
  public addLogDelivery(id: string, options: LogDeliveryOptions): LogDelivery {
    this.refuseOwnId(id);
    return new LogDelivery(this, id, { cluster: this, ...options });
  }

  private refuseOwnId(id: string): void {
    if (OWN_IDS.has(id)) { fail(this, RULES.childIdTaken, { property: 'id', got: id }); }
  }

  private sharedIdentity(): NodeIdentity {
    const identities = identitiesOf(this);
    this.identity ??= identities.get(this.nodeRole._choice) ?? createNodeIdentity(this, this.nodeRole._choice, this.clusterArn);
    identities.set(this.nodeRole._choice, this.identity);
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

/** The first subnet, in a list of its own. A list that is known at deployment has its first one selected then. */
function firstOf(subnetIds: string[]): string[] {
  return Token.isUnresolved(subnetIds) ? [Fn.select(0, subnetIds)] : subnetIds.slice(0, 1);
}

function slurmConfigurationOf(props: ClusterProps): pcs.CfnCluster.SlurmConfigurationProperty | undefined {
  const configuration = {
    accounting: props.accounting === undefined ? undefined : {
      mode: props.accounting.value,
      defaultPurgeTimeInDays: props.accounting.retention?.toDays(),
    },
    slurmRest: props.slurmRest === undefined ? undefined : { mode: props.slurmRest.value },
    scaleDownIdleTimeInSeconds: props.scaleDownIdleTime?.toSeconds(),
    slurmCustomSettings: renderSettings(clusterSettings(props.slurmSettings, impliedSettings(props))),
    slurmdbdCustomSettings: renderSettings(slurmdbdSettings(props.slurmdbdSettings)),
    cgroupCustomSettings: renderSettings(cgroupSettings(props.cgroupSettings)),
  };
  return Object.values(configuration).every(value => value === undefined) ? undefined : configuration;
}

/** The settings of Slurm that other properties ask for. */
function impliedSettings(props: ClusterProps): Named {
  const enforcement = props.accounting?.enforcement ?? [];
  return {
    AccountingStorageEnforce: enforcement.length > 0 ? enforcement.map(value => value.value).join(',') : undefined,
    SrunPortRange: srunPortRange(props.traffic?._choice),
  };
}

/** Where the service keeps what jobs used, in Slurm's words. */
function accountingStorage(props: ClusterProps): Named {
  return { AccountingStorageType: hasAccounting(props) ? 'accounting_storage/slurmdbd' : 'accounting_storage/none' };
}

function checkAllSettings(scope: Construct, problems: Problems, props: ClusterProps): void {
  const { slurmSettings, slurmdbdSettings: slurmdbd, cgroupSettings: cgroup, schedulerVersion } = props;
  const withoutCustom = { custom: undefined };
  checkSettings(
    scope, problems, 'cluster', clusterSettings({ ...slurmSettings, ...withoutCustom }, impliedSettings(props)), slurmSettings?.custom,
    schedulerVersion, accountingStorage(props),
  );
  checkSettings(scope, problems, 'slurmdbd', slurmdbdSettings({ ...slurmdbd, ...withoutCustom }), slurmdbd?.custom, schedulerVersion);
  checkSettings(scope, problems, 'cgroup', cgroupSettings({ ...cgroup, ...withoutCustom }), cgroup?.custom, schedulerVersion);
  if (renderSettings(slurmdbdSettings(slurmdbd)) && !hasAccounting(props)) {
    warn(scope, RULES.slurmdbdWithoutAccounting, { property: 'slurmdbdSettings' });
  }
}

function checkVersion(scope: Construct, problems: Problems, { schedulerVersion: version, slurmRest }: ClusterProps): void {
  if (version._endOfLife !== undefined) {
    warn(scope, RULES.slurmVersionEndOfLife, {
      property: 'schedulerVersion', got: { version: version.value, endOfLife: version._endOfLife },
    });
  }
  if (slurmRest !== undefined && slurmRest.value === SlurmRest.STANDARD.value && version._isOlderThan(SlurmVersion.V25_05)) {
    problems.add(RULES.slurmRestNeedsNewerSlurm, { property: 'slurmRest', got: version.value });
  }
}

/** Checks a VPC that is part of the app. */
function checkVpc(problems: Problems, vpc: ec2.IVpc): void {
  const resource = vpc.node.defaultChild;
  if (!(resource instanceof ec2.CfnVPC)) { return; }
  const { enableDnsSupport, enableDnsHostnames, instanceTenancy } = resource;
  if (enableDnsSupport === false || enableDnsHostnames === false || instanceTenancy === 'dedicated') {
    problems.add(RULES.vpcUnfit, { property: 'vpc', got: { enableDnsSupport, enableDnsHostnames, instanceTenancy } });
  }
}

/** Refuses a subnet that isn't in one of the Region's own zones. The cluster takes the first one. */
function checkZone(problems: Problems, { subnets: [subnet], isPendingLookup }: ec2.SelectedSubnets): void {
  if (subnet === undefined || isPendingLookup) { return; }
  const zone = zoneOf(subnet);
  const resource = resourceBehind(subnet.subnetId);
  const isOnOutpost = resource instanceof ec2.CfnSubnet && isConcrete(resource.outpostArn);
  if (isOnOutpost || (isConcrete(zone) && isEdgeZone(zone))) {
    problems.add(RULES.clusterZone, { property: 'vpcSubnets', got: isOnOutpost ? resource.outpostArn : zone });
  }
}

function hasAccounting(props: ClusterProps): boolean {
  return props.accounting?.value === 'STANDARD';
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

class ImportedCluster extends ClusterBase {
  public readonly clusterArn: string;
  public readonly clusterId: string;
  public readonly connections: ec2.Connections;

  public constructor(scope: Construct, id: string, attrs: ClusterAttributes) {
    super(scope, id, { environmentFromArn: attrs.clusterArn });
    this.clusterArn = attrs.clusterArn;
    this.clusterId = clusterIdFromArn(attrs.clusterArn);
    this.connections = new ec2.Connections({ securityGroups: attrs.securityGroups });
  }
}
