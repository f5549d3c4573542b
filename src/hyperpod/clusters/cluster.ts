import { ArnFormat, Lazy, Stack, TagManager, type CfnResource, type IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Dependable, type Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import type { ClusterGrants } from './cluster-grants';
import type { ClusterProps } from './vocabulary/cluster-props';
import { NodeRecovery } from './vocabulary/node-provisioning';
import { checkForm } from '../../private/forms';
import { checked } from '../../private/inputs/checked';
import { orderNodes, type NodeNeeds } from '../../private/node-order';
import { noteUseOfPlan } from '../../private/plans';
import { describe, isConcrete, Problems, warn } from '../../private/problems';
import { validateTags } from '../../private/tags';
import { trusts } from '../../private/trust';
import { NetworkInterfaceType, type IInstanceGroup, type InstanceGroupBaseOptions, type InstanceGroupOptions } from '../groups/vocabulary/instance-group';
import type { InstanceStorage } from '../groups/vocabulary/instance-storage';
import type { InstanceType } from '../groups/vocabulary/instance-type';
import { LifecycleScripts } from '../groups/vocabulary/lifecycle-scripts';
import { PartitionLayout } from '../groups/vocabulary/partition-layout';
import type { RestrictedInstanceGroupOptions } from '../groups/vocabulary/restricted-instance-group';
import {
  OWN_IDS, adviseCluster, adviseGroups, adviseRoles, checkCluster, checkSlurmGroups, isContinuous,
  selectClusterSubnets,
} from '../private/checks/cluster-checks';
import { controlPlaneGroupOf } from '../private/checks/eks';
import {
  adviseGroup, adviseRestrictedGroup, adviseSubnets, checkGroup, checkRestrictedGroup,
  type GroupContext,
} from '../private/checks/group-checks';
import { adviseLayout, checkLayout } from '../private/checks/layouts';
import {
  adviseEksNeighbour, adviseNetwork, advisePartitions, adviseScaling, adviseScripts, checkPlanPlace, judgePlans, judgeProvisioning,
  judgeVpc,
} from '../private/checks/neighbour-checks';
import type { GroupCapacity } from '../private/checks/shortages';
import { TAG_LIMITS } from '../private/checks/validation';
import { CfnCluster } from '../private/rendering/cfn-cluster';
import { allowControlPlane, createSecurityGroup, endpointsOf, routesOf } from '../private/rendering/cluster-network';
import { scalingDocument, secretStatements, volumeKeyStatements } from '../private/rendering/cluster-role';
import { ExecutionRole, alarmStatements } from '../private/rendering/execution-role';
import { InstanceGroup, type InstanceGroupEntry } from '../private/rendering/instance-groups';
import { fileSystemsOf, renderGroup, renderLustre, renderOrchestrator, renderRestrictedGroup, type GroupSetting } from '../private/rendering/render';
import { ScriptStage } from '../private/rendering/scripts';
import { RULES } from '../private/rules';
import { ClusterSchedulerConfig, type ClusterSchedulerConfigOptions } from '../quotas/cluster-scheduler-config';
import { ComputeQuota, type ComputeQuotaOptions } from '../quotas/compute-quota';

/** A HyperPod cluster. */
export interface ICluster extends IResource, sagemaker.IClusterRef, ec2.IConnectable {
  /**
   * The ARN of the cluster. It ends with an id of 12 characters, not with the name of the cluster.
   *
   * @attribute
   */
  readonly clusterArn: string;

  /**
   * The id of the cluster: the last part of its ARN.
   *
   * @attribute
   */
  readonly clusterId: string;

  /**
   * The name of the EKS cluster that orchestrates the nodes, where there is one and its name is known. The metrics of the nodes have
   * it as their dimension.
   *
   * @attribute
   */
  readonly eksClusterName?: string;

  /** Permissions on the cluster. */
  readonly grants: ClusterGrants;

  /**
   * A metric of Container Insights on the EKS cluster that orchestrates the nodes, in the namespace `ContainerInsights`.
   *
   * HyperPod itself publishes no metrics. Needs a cluster on EKS with the add-on `amazon-cloudwatch-observability`, whose metrics
   * cost what Container Insights costs. A cluster with Slurm is refused, and so is an imported one without `eksClusterName`.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
   * @param metricName The name of the metric.
   * @param options How the metric is read. The average over 5 minutes by default.
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of nodes that take work, by Container Insights.
   *
   * Needs a cluster on EKS with the add-on `amazon-cloudwatch-observability`.
   *
   * @param options How the metric is read. The sum over one minute by default, since every node reports 1 or 0 once a minute.
   */
  metricSchedulableNodes(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of nodes that take no work, by Container Insights.
   *
   * Needs a cluster on EKS with the add-on `amazon-cloudwatch-observability`.
   *
   * @param options How the metric is read. The sum over one minute by default, since every node reports 1 or 0 once a minute.
   */
  metricUnschedulableNodes(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of nodes that wait to be replaced, by Container Insights.
   *
   * Needs a cluster on EKS with the add-on `amazon-cloudwatch-observability`.
   *
   * @param options How the metric is read. The sum over one minute by default, since every node reports 1 or 0 once a minute.
   */
  metricNodesPendingReplacement(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of nodes that wait to be rebooted, by Container Insights.
   *
   * Needs a cluster on EKS with the add-on `amazon-cloudwatch-observability`.
   *
   * @param options How the metric is read. The sum over one minute by default, since every node reports 1 or 0 once a minute.
   */
  metricNodesPendingReboot(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** An instance group of a cluster that exists. */
export interface ClusterInstanceGroupAttributes {
  /** The type of the instances. */
  readonly instanceType: InstanceType;

  /** How many instances the group has: 0 to 6758. */
  readonly instanceCount: number;

  /**
   * How the GPUs of its nodes are divided. A layout that a known instance type can't have is refused.
   *
   * @default - the GPUs are whole
   */
  readonly partitions?: PartitionLayout;
}

/** What is known of a cluster that exists. */
export interface ClusterAttributes {
  /** The ARN of the cluster. */
  readonly clusterArn: string;

  /**
   * All instance groups of the cluster. With them, quotas that add up to more than the cluster has are refused at synthesis,
   * which is what the description is for.
   *
   * Leave them out where something else than your deployments changes the number of instances, such as Karpenter.
   *
   * @default - not known, so the sum of quotas isn't checked
   */
  readonly instanceGroups?: ClusterInstanceGroupAttributes[];

  /**
   * The security groups of the nodes.
   *
   * @default - not known
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The name of the EKS cluster that orchestrates the nodes, for metrics: Container Insights has it as their dimension.
   *
   * @default - not known, so metrics are refused
   */
  readonly eksClusterName?: string;
}

/**
 * A HyperPod cluster: accelerated instances with an orchestrator, whose nodes SageMaker watches and repairs.
 *
 * Its instances cost by the hour from the moment they are there. The stack also gets a bucket with the lifecycle scripts, and the
 * Lambda function that copies them, unless the scripts are in a bucket of yours.
 *
 * The service refuses some changes that CloudFormation takes for updates: those of a group's instance type, capacity, threads per
 * core, subnets, security groups and Slurm node type. Make another group, and remove the old one after.
 *
 * Instances that Karpenter or somebody else adds aren't known to CloudFormation: a deployment that changes the cluster sets their
 * number back to that of the template.
 *
 * @resource AWS::SageMaker::Cluster
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod.html
 * @see https://aws.amazon.com/sagemaker/ai/pricing/
 *
 * @example
 * import * as eks from 'aws-cdk-lib/aws-eks';
 *
 * declare const eksCluster: eks.ICluster;
 * const pod = new hyperpod.Cluster(this, 'Pod', {
 *   orchestrator: hyperpod.Orchestrator.eks(eksCluster),
 *   vpc,
 * });
 * pod.addInstanceGroup('workers', {
 *   instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 8 }),
 *   capacity: hyperpod.Capacity.trainingPlan(training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q1')),
 *   deepHealthChecks: [hyperpod.DeepHealthCheck.INSTANCE_STRESS],
 * });
 */
@propertyInjectable
@checked('hyperpod.Cluster')
export class Cluster extends ClusterBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.Cluster';

  /** A cluster that exists, by its ARN. Nothing is created. */
  public static fromClusterArn(scope: Construct, id: string, clusterArn: string): ICluster {
    return new ImportedCluster(scope, id, { clusterArn });
  }

  /**
   * A cluster that exists, by its ARN and by what its instance groups have. Nothing is created.
   *
   * @example
   * hyperpod.Cluster.fromClusterAttributes(this, 'Pod', {
   *   clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
   *   instanceGroups: [
   *     { instanceType: hyperpod.InstanceType.P5EN_48XLARGE, instanceCount: 8 },
   *     {
   *       instanceType: hyperpod.InstanceType.P5_48XLARGE,
   *       instanceCount: 2,
   *       partitions: hyperpod.PartitionLayout.uniform(hyperpod.PartitionProfile.MIG_3G_40GB),
   *     },
   *   ],
   * });
   */
  public static fromClusterAttributes(scope: Construct, id: string, attrs: ClusterAttributes): ICluster {
    return new ImportedCluster(scope, id, attrs);
  }

  public readonly clusterArn: string;

  /**
   * The status of the cluster at the last deployment, such as `InService`.
   *
   * @attribute
   */
  public readonly status: string;

  /** The security groups of the cluster, which instance groups have unless they are given others. */
  public readonly connections: ec2.Connections;

  /** The VPC of the cluster, unless SageMaker has it in one of its own. */
  public readonly vpc?: ec2.IVpc;

  /** The role with which SageMaker scales the cluster, where autoscaling is on. */
  public readonly clusterRole?: iam.IRole;

  /** @internal */
  public readonly _capacityIsCreated = true;

  /** @internal */
  public override readonly _orchestratorKind: 'eks' | 'slurm';

  private readonly resource: CfnCluster;
  private readonly subnets?: ec2.SelectedSubnets;
  private readonly clusterRoleDocument?: iam.PolicyDocument;
  private readonly scripts: ScriptStage;
  private readonly defaultScripts: LifecycleScripts;
  private readonly roles = new Map<iam.IRole | undefined, ExecutionRole>();
  private readonly entries: InstanceGroupEntry[] = [];
  private readonly nodeSubnets = new Set<ec2.ISubnet>();
  private readonly groupNames = new Set<string>();
  private readonly groups: sagemaker.CfnCluster.ClusterInstanceGroupProperty[] = [];
  private readonly restrictedGroups: sagemaker.CfnCluster.ClusterRestrictedInstanceGroupProperty[] = [];

  constructor(scope: Construct, id: string, private readonly props: ClusterProps) {
    super(scope, id, { physicalName: props.clusterName });

    const orchestrator = props.orchestrator._choice;
    const { autoScaling, tieredStorage, restrictedEnvironment } = props;
    const problems = new Problems();
    checkCluster(problems, props);
    this.subnets = props.vpc && selectClusterSubnets(problems, props.vpc, props.vpcSubnets);
    problems.throwIfAny(this);
    adviseCluster(this, props);
    adviseEksNeighbour(this, props);

    this.vpc = props.vpc;
    this._orchestratorKind = orchestrator.kind;
    this.defaultScripts = props.lifecycleScripts ?? (orchestrator.kind === 'eks' ? LifecycleScripts.doNothing() : LifecycleScripts.none());
    const network = createNetwork(this, props);
    this.connections = new ec2.Connections({ securityGroups: network.securityGroups });
    if (autoScaling?._enabled) {
      this.clusterRoleDocument = scalingDocument(this);
      this.clusterRole = autoScaling._role ?? new iam.Role(this, 'ClusterRole', {
        assumedBy: new iam.ServicePrincipal('hyperpod.sagemaker.amazonaws.com'),
        inlinePolicies: { Scaling: this.clusterRoleDocument },
      });
    }

    this.resource = new CfnCluster(this, 'Resource', {
      clusterName: this.physicalName,
      orchestrator: Lazy.any({ produce: () => renderOrchestrator(props.orchestrator, props.nodeProvisioningMode, this.isSetUpByApi()) }),
      vpcConfig: this.subnets && {
        subnets: this.subnets.subnetIds,
        securityGroupIds: network.securityGroups.map(group => group.securityGroupId),
      },
      nodeRecovery: (props.nodeRecovery ?? (autoScaling?._enabled ? NodeRecovery.AUTOMATIC : undefined))?.value,
      nodeProvisioningMode: props.nodeProvisioningMode?.value,
      instanceGroups: Lazy.any({ produce: () => this.groups }, { omitEmptyArray: true }),
      restrictedInstanceGroups: Lazy.any({ produce: () => this.restrictedGroups }, { omitEmptyArray: true }),
      restrictedInstanceGroupsConfig: restrictedEnvironment && {
        sharedEnvironmentConfig: {
          fSxLustreDeletionPolicy: restrictedEnvironment.lustreDeletionPolicy.value,
          fSxLustreConfig: restrictedEnvironment.lustre && renderLustre(restrictedEnvironment.lustre),
        },
      },
      autoScaling: autoScaling && {
        mode: autoScaling._enabled ? 'Enable' : 'Disable',
        autoScalerType: autoScaling._enabled ? 'Karpenter' : undefined,
      },
      clusterRole: this.clusterRole?.roleArn,
      tieredStorageConfig: tieredStorage && {
        mode: tieredStorage._mode,
        instanceMemoryAllocationPercentage: tieredStorage._instanceMemoryPercent,
      },
    });
    this.clusterArn = this.resource.attrClusterArn;
    this.status = this.resource.attrClusterStatus;

    // A cluster that loses its role or its network while it is deleted stays in that state for ever.
    network.rules.forEach(rule => this.resource.addResourceDependency(rule));
    if (props.vpc && this.subnets) {
      this.subnets.subnets.forEach(subnet => this.nodeSubnets.add(subnet));
      this.resource.node.addDependency(routesOf(this.subnets.subnets), endpointsOf(props.vpc, this.resource));
    }
    if (orchestrator.kind === 'eks') { this.resource.node.addDependency(...orchestrator.options.dependencies ?? []); }
    this.scripts = new ScriptStage(this, resource => this.resource.addResourceDependency(resource));
    orderNodes(this.resource, () => this.nodeNeeds(), policy => {
      if (this.entries.some(({ instanceCount }) => isConcrete(instanceCount) && instanceCount > 0)) {
        warn(this, RULES.permissionsAfterNodes, { property: 'executionRole', got: policy.node.path });
      }
    });
    dependOnWithoutQuotas(this);
    this.node.addValidation({ validate: () => this.validateGroups() });
    validateTags(this, () => TagManager.of(this.resource), TAG_LIMITS);
  }

  public get eksClusterName(): string | undefined {
    const orchestrator = this.props.orchestrator._choice;
    return orchestrator.kind === 'eks' ? orchestrator.cluster.clusterRef.clusterName : undefined;
  }

  public get clusterId(): string {
    return this.stack.splitArn(this.clusterArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
  }

  /** The role of instance groups that have none of their own. */
  public get executionRole(): iam.IRole {
    return this.roleOf(this, this.props.executionRole).role;
  }

  /**
   * Adds an instance group.
   *
   * @param id The id of the group below the cluster, and its name unless `instanceGroupName` is given.
   * @param options What the group is like.
   */
  public addInstanceGroup(id: string, options: InstanceGroupOptions): IInstanceGroup {
    const { instances, lifecycleScripts } = options;
    const name = options.instanceGroupName ?? id;
    const layoutLabel = options.labels?.[PartitionLayout.LABEL_KEY];
    const context = this.groupContext();
    const problems = new Problems();
    OWN_IDS.check(problems, id);
    checkGroup(problems, context, name, options);
    checkPlanPlace(problems, this, options.capacity);
    const subnets = this.subnetsOf(problems, options);
    problems.throwIfAny(this);

    const group = this.createGroup(id, name, options);
    adviseGroup(group, context, options);
    adviseSubnets(group, options, subnets);
    const [owner, prefix] = lifecycleScripts ? [group, `groups/${id}`] : [this, 'default'];
    const role = this.roleOf(group, options.executionRole);
    const setting = this.settingOf(group, role, options, subnets);
    const scripts = lifecycleScripts ?? this.defaultScripts;
    adviseScripts(lifecycleScripts ? group : this, scripts);
    role.allow(alarmStatements(options));
    const lifeCycleConfig = this.scripts.configFor(owner, prefix, scripts, role);
    if (options.slurmNode?._nodeType === 'Controller') { this.allowAccounting(role); }
    this.groups.push(renderGroup({ lifeCycleConfig, ...setting }, options));
    this.remember({
      ...this.surroundings(group, options, subnets),
      efa: takesAddresses(options.networkInterfaceType),
      instanceGroupName: name,
      instanceTypes: instances._instanceTypes,
      instanceCount: instances._count,
      flexible: instances._flexible,
      partitions: layoutLabel === undefined ? options.partitions : PartitionLayout.of(layoutLabel),
      slurmNodeType: options.slurmNode?._nodeType,
      mounts: options.storage?.some(({ _choice: { kind } }) => kind === 'lustre' || kind === 'openZfs'),
      fileSystems: fileSystemsOf(options.storage),
      scriptFolder: scripts._choice.kind === 'asset' ? scripts._choice.path : undefined,
      scripts: scripts._choice.kind === 'asset' || scripts._choice.kind === 'bucket',
      subnets: takesAddresses(options.networkInterfaceType) ? subnets?.subnets : undefined,
    });
    return group;
  }

  /**
   * Adds a restricted instance group, for the customization of Amazon Nova models. Nobody can log in to its instances, and they run
   * no lifecycle scripts.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/nova-hp-cluster.html
   * @param id The id of the group below the cluster, and its name unless `instanceGroupName` is given.
   * @param options What the group is like.
   */
  public addRestrictedInstanceGroup(id: string, options: RestrictedInstanceGroupOptions): IInstanceGroup {
    const name = options.instanceGroupName ?? id;
    const context = this.groupContext();
    const problems = new Problems();
    OWN_IDS.check(problems, id);
    checkRestrictedGroup(problems, context, name, options);
    checkPlanPlace(problems, this, options.capacity);
    const subnets = this.subnetsOf(problems, options);
    problems.throwIfAny(this);

    const group = this.createGroup(id, name, options);
    adviseRestrictedGroup(group, context, options);
    adviseSubnets(group, options, subnets);
    const role = this.roleOf(group, options.executionRole);
    this.restrictedGroups.push(renderRestrictedGroup(this.settingOf(group, role, options, subnets), options));
    this.remember({
      ...this.surroundings(group, options, subnets),
      efa: true,
      instanceGroupName: name,
      instanceTypes: [options.instanceType],
      instanceCount: options.instanceCount,
      flexible: false,
      restricted: true,
      subnets: subnets?.subnets,
    });
    return group;
  }

  /**
   * Gives a team a part of the cluster. For clusters on EKS with the task-governance add-on.
   *
   * @param id The id of the quota, below the cluster.
   * @param options What the team gets.
   */
  public addComputeQuota(id: string, options: ComputeQuotaOptions): ComputeQuota {
    OWN_IDS.refuse(this, id);
    return new ComputeQuota(this, id, { cluster: this, ...options });
  }

  /**
   * Adds the scheduler configuration, which sets the order in which tasks are served. For clusters on EKS with the task-governance add-on.
   *
   * @param id The id of the scheduler configuration, below the cluster.
   * @param options Priority classes and how idle compute is shared.
   */
  public addClusterSchedulerConfig(id: string, options: ClusterSchedulerConfigOptions = {}): ClusterSchedulerConfig {
    OWN_IDS.refuse(this, id);
    return new ClusterSchedulerConfig(this, id, { cluster: this, ...options });
  }

  /** @internal */
  public get _isRecovered(): boolean | undefined {
    const { nodeRecovery = NodeRecovery.AUTOMATIC } = this.props;
    return nodeRecovery._judged ? nodeRecovery.value === NodeRecovery.AUTOMATIC.value : undefined;
  }

  /** @internal */
  public _capacity(): GroupCapacity[] | undefined {
    // Karpenter makes more of what is there.
    if (this.props.autoScaling?._enabled) { return undefined; }
    return this.entries.flatMap(({ instanceTypes, instanceCount, flexible, partitions }) =>
      instanceTypes.map(instanceType => ({ instanceType, instanceCount: flexible ? undefined : instanceCount, partitions })));
  }

  private groupContext(): GroupContext {
    return {
      eks: this._orchestratorKind === 'eks',
      continuous: isContinuous(this.props.nodeProvisioningMode),
      autoScaling: this.props.autoScaling?._enabled ?? false,
      vpc: this.vpc !== undefined,
      groupNames: this.groupNames,
    };
  }

  private remember(entry: InstanceGroupEntry): void {
    this.entries.push(entry);
    if (entry.plan) { noteUseOfPlan(entry.construct, entry.plan, entry.instanceCount); }
    this.groupNames.add(entry.instanceGroupName);
  }

  private subnetsOf(problems: Problems, options: InstanceGroupBaseOptions): ec2.SelectedSubnets | undefined {
    return this.vpc && options.vpcSubnets ? selectClusterSubnets(problems, this.vpc, options.vpcSubnets) : this.subnets;
  }

  /** What a group shares with other resources of the app. */
  private surroundings(group: InstanceGroup, options: InstanceGroupBaseOptions, subnets: ec2.SelectedSubnets | undefined) {
    const capacity = options.capacity?._choice;
    return {
      construct: group,
      placement: subnets?.isPendingLookup ? undefined : subnets,
      securityGroups: group.connections.securityGroups,
      ownSubnets: options.vpcSubnets !== undefined,
      ownSecurityGroups: options.securityGroups !== undefined,
      plan: capacity?.kind === 'trainingPlan' ? capacity.plan : undefined,
    };
  }

  private createGroup(id: string, name: string, options: InstanceGroupBaseOptions): InstanceGroup {
    const connections = options.securityGroups ? new ec2.Connections({ securityGroups: options.securityGroups }) : this.connections;
    return new InstanceGroup(this, id, name, connections, group => this.roleOf(group, options.executionRole));
  }

  private settingOf(
    group: InstanceGroup, role: ExecutionRole, options: InstanceGroupBaseOptions, subnets: ec2.SelectedSubnets | undefined,
  ): GroupSetting {
    if (subnets && subnets !== this.subnets) {
      subnets.subnets.forEach(subnet => this.nodeSubnets.add(subnet));
      this.resource.node.addDependency(routesOf(subnets.subnets));
    }
    this.allowVolumeKeys(options.storage ?? []);
    return {
      name: group.instanceGroupName,
      executionRoleArn: role.arn,
      overrideVpcConfig: subnets && (options.vpcSubnets || options.securityGroups) ? {
        subnets: subnets.subnetIds,
        securityGroupIds: group.connections.securityGroups.map(securityGroup => securityGroup.securityGroupId),
      } : undefined,
    };
  }

  /** The role of a group: made or given, its permissions once for each role. */
  private roleOf(owner: Construct, given: iam.IRole | undefined): ExecutionRole {
    const key = given ?? this.props.executionRole;
    const known = this.roles.get(key);
    if (known) { return known; }
    const scope = key === this.props.executionRole ? this : owner;
    const permissions = { vpc: this.vpc !== undefined, eks: this._orchestratorKind === 'eks' };
    const execution = key ? ExecutionRole.adopt(scope, key, permissions) : ExecutionRole.create(scope, permissions);
    this.roles.set(key, execution);

    this.resource.node.addDependency(...execution.policies);
    const orchestrator = this.props.orchestrator._choice;
    if (orchestrator.kind === 'eks' && orchestrator.options.accessEntries) {
      this.resource.addResourceDependency(new eks.CfnAccessEntry(scope, 'AccessEntry', {
        clusterName: orchestrator.cluster.clusterRef.clusterName,
        principalArn: execution.arn,
        type: 'HYPERPOD_LINUX',
      }));
    }
    return execution;
  }

  /** Allows the Slurm controller, which runs slurmdbd, to read the secret of the accounting database. */
  private allowAccounting(role: ExecutionRole): void {
    const orchestrator = this.props.orchestrator._choice;
    if (orchestrator.kind === 'slurm' && orchestrator.options.accountingDatabase) {
      role.allow(secretStatements(orchestrator.options.accountingDatabase.secret));
    }
  }

  /** Lets SageMaker encrypt the volumes of nodes that it adds. */
  private allowVolumeKeys(storage: InstanceStorage[]): void {
    const keys = storage.flatMap(({ _choice: choice }) =>
      (choice.kind === 'ebs' || choice.kind === 'root') && choice.encryptionKey ? [choice.encryptionKey.keyRef.keyArn] : []);
    if (keys.length > 0) { this.clusterRoleDocument?.addStatements(...volumeKeyStatements(keys)); }
  }

  /** What the nodes of all groups need. Routes and endpoints of the VPC come before the cluster anyway. */
  private nodeNeeds(): NodeNeeds {
    const groups = this.node.children.filter((child): child is InstanceGroup => child instanceof InstanceGroup);
    return {
      subnets: [...this.nodeSubnets],
      securityGroups: [this, ...groups].flatMap(({ connections }) => connections.securityGroups),
      roles: [...this.roles.values()].map(({ role }) => role),
      buckets: this.scripts.givenBuckets,
    };
  }

  /** Whether the API is told about Slurm; else lifecycle scripts set it up. */
  private isSetUpByApi(): boolean {
    const orchestrator = this.props.orchestrator._choice;
    if (orchestrator.kind === 'eks') { return true; }
    const { configStrategy, accountingDatabase } = orchestrator.options;
    // Else the lifecycle scripts set Slurm up, which continuous provisioning doesn't know.
    return configStrategy !== undefined || accountingDatabase !== undefined || isContinuous(this.props.nodeProvisioningMode) === true
      || this.entries.some(entry => entry.slurmNodeType !== undefined);
  }

  /** Refuses roles that the services can't assume. */
  private judgeTrust(): string[] {
    const scaler = this.props.autoScaling?._enabled && this.clusterRole ? [this.clusterRole] : [];
    const assumed = [
      ...[...this.roles.values()].map(({ role }) => ({ property: 'executionRole', role, service: 'sagemaker' })),
      ...scaler.map(role => ({ property: 'autoScaling.role', role, service: 'hyperpod.sagemaker' })),
    ];
    return assumed.filter(({ role, service }) => trusts(role, service) === false).map(({ property, role, service }) =>
      describe(RULES.roleTrust, { property, got: { role: role.node.path, service: `${service}.amazonaws.com` } }));
  }

  private validateGroups(): string[] {
    adviseGroups(this, this._orchestratorKind, this.entries);
    adviseRoles(this, [...this.roles.values()]);
    adviseNetwork(this, this.props, this.entries);
    adviseScaling(this, this.props, this.entries);
    advisePartitions(this, this.props, this.entries);
    const neighbours = [
      ...judgePlans(this.entries), ...judgeVpc(this, this.props, this.entries), ...judgeProvisioning(this, this.entries),
      ...this.judgeTrust(),
    ];
    if (this._orchestratorKind !== 'slurm') { return neighbours; }
    return [...neighbours, ...checkSlurmGroups(this.entries, isContinuous(this.props.nodeProvisioningMode), this.isSetUpByApi())];
  }
}

/**
 * Lets what depends on a cluster wait for all that is below it but what divides it among teams: that waits for the task-governance
 * add-on, which itself may be told to wait for the cluster.
 */
function dependOnWithoutQuotas(cluster: Cluster): void {
  Dependable.implement(cluster, {
    get dependencyRoots() {
      return cluster.node.children.filter(child => !(child instanceof ComputeQuota || child instanceof ClusterSchedulerConfig));
    },
  });
}

/** Whether it is known that the interfaces of nodes take addresses. */
function takesAddresses(type: NetworkInterfaceType = NetworkInterfaceType.EFA): boolean {
  return type.value === NetworkInterfaceType.EFA.value;
}

/** The security groups of a cluster: those that are given, else one that is made below it. */
function createNetwork(
  scope: Construct, { vpc, securityGroups, orchestrator: { _choice: orchestrator } }: ClusterProps,
): { readonly securityGroups: ec2.ISecurityGroup[]; readonly rules: CfnResource[] } {
  if (!vpc || securityGroups) { return { securityGroups: securityGroups ?? [], rules: [] }; }
  const { group, rules } = createSecurityGroup(scope, vpc);
  const controlPlane = orchestrator.kind === 'eks' ? controlPlaneGroupOf(orchestrator.cluster, orchestrator.options) : undefined;
  return {
    securityGroups: [group],
    rules: controlPlane === undefined ? rules : [...rules, ...allowControlPlane(group, group, controlPlane)],
  };
}

class ImportedCluster extends ClusterBase {
  public readonly clusterArn: string;
  public readonly clusterId: string;
  public readonly eksClusterName?: string;
  public readonly connections: ec2.Connections;
  private readonly instanceGroups?: ClusterInstanceGroupAttributes[];

  constructor(scope: Construct, id: string, attrs: ClusterAttributes) {
    super(scope, id, { environmentFromArn: attrs.clusterArn });

    const problems = new Problems();
    attrs.instanceGroups?.forEach(({ instanceType, instanceCount, partitions }, index) => {
      checkForm(problems, RULES.instanceGroupCount, `instanceGroups[${index}].instanceCount`, instanceCount);
      if (partitions) { checkLayout(problems, `instanceGroups[${index}].`, partitions, instanceType); }
    });
    problems.throwIfAny(this);
    attrs.instanceGroups?.forEach(({ instanceType, partitions }, index) => {
      if (partitions) { adviseLayout(this, `instanceGroups[${index}].`, partitions, instanceType); }
    });

    this.clusterArn = attrs.clusterArn;
    this.clusterId = Stack.of(scope).splitArn(attrs.clusterArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    this.connections = new ec2.Connections({ securityGroups: attrs.securityGroups });
    this.eksClusterName = attrs.eksClusterName;
    this.instanceGroups = attrs.instanceGroups;
  }

  public _capacity(): GroupCapacity[] | undefined {
    return this.instanceGroups;
  }
}
