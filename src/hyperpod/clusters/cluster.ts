import { ArnFormat, Lazy, Stack, TagManager, type IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Dependable, type Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import type { ClusterGrants } from './cluster-grants';
import type { ClusterProps } from './vocabulary/cluster-props';
import { NodeRecovery } from './vocabulary/node-provisioning';
import { checked } from '../../private/inputs/checked';
import { orderNodes } from '../../private/node-order';
import { Problems, warn } from '../../private/problems';
import { validateTags } from '../../private/tags';
import type { IInstanceGroup, InstanceGroupOptions } from '../groups/vocabulary/instance-group';
import type { InstanceType } from '../groups/vocabulary/instance-type';
import type { PartitionLayout } from '../groups/vocabulary/partition-layout';
import type { RestrictedInstanceGroupOptions } from '../groups/vocabulary/restricted-instance-group';
import {
  OWN_IDS, adviseCluster, adviseDescribedGroups, checkCluster, checkDescribedGroups, selectClusterSubnets,
} from '../private/checks/cluster-checks';
import { adviseEksNeighbour } from '../private/checks/neighbour-checks';
import type { GroupCapacity } from '../private/checks/shortages';
import { TAG_LIMITS } from '../private/checks/validation';
import { CfnCluster } from '../private/rendering/cfn-cluster';
import { createNetwork, endpointsOf, routesOf } from '../private/rendering/cluster-network';
import { scalingDocument } from '../private/rendering/cluster-role';
import { GroupRegistry } from '../private/rendering/group-registry';
import { renderLustre, renderOrchestrator } from '../private/rendering/render';
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

  /** @internal */
  public readonly _isRecovered?: boolean;

  private readonly groups: GroupRegistry;

  constructor(scope: Construct, id: string, private readonly props: ClusterProps) {
    super(scope, id, { physicalName: props.clusterName });

    const orchestrator = props.orchestrator._choice;
    const { vpc, autoScaling, tieredStorage, restrictedEnvironment, nodeRecovery = NodeRecovery.AUTOMATIC } = props;
    const problems = new Problems();
    checkCluster(problems, props);
    const subnets = vpc && selectClusterSubnets(problems, vpc, props.vpcSubnets);
    problems.throwIfAny(this);
    adviseCluster(this, props);
    adviseEksNeighbour(this, props);

    this.vpc = vpc;
    this._orchestratorKind = orchestrator.kind;
    this._isRecovered = nodeRecovery._judged ? nodeRecovery.value === NodeRecovery.AUTOMATIC.value : undefined;
    const network = createNetwork(this, props);
    this.connections = new ec2.Connections({ securityGroups: network.securityGroups });
    const clusterRoleDocument = autoScaling?._enabled ? scalingDocument(this) : undefined;
    if (autoScaling && clusterRoleDocument) {
      this.clusterRole = autoScaling._role ?? new iam.Role(this, 'ClusterRole', {
        assumedBy: new iam.ServicePrincipal('hyperpod.sagemaker.amazonaws.com'),
        inlinePolicies: { Scaling: clusterRoleDocument },
      });
    }

    const resource = new CfnCluster(this, 'Resource', {
      clusterName: this.physicalName,
      orchestrator: Lazy.any({
        produce: () => renderOrchestrator(props.orchestrator, props.nodeProvisioningMode, this.groups.isSetUpByApi),
      }),
      vpcConfig: subnets && {
        subnets: subnets.subnetIds,
        securityGroupIds: network.securityGroups.map(group => group.securityGroupId),
      },
      nodeRecovery: props.nodeRecovery || autoScaling?._enabled ? nodeRecovery.value : undefined,
      nodeProvisioningMode: props.nodeProvisioningMode?.value,
      instanceGroups: Lazy.any({ produce: () => this.groups.rendered }, { omitEmptyArray: true }),
      restrictedInstanceGroups: Lazy.any({ produce: () => this.groups.renderedRestricted }, { omitEmptyArray: true }),
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
    this.clusterArn = resource.attrClusterArn;
    this.status = resource.attrClusterStatus;

    // A cluster that loses its role or its network while it is deleted stays in that state for ever.
    network.rules.forEach(rule => resource.addResourceDependency(rule));
    if (vpc && subnets) { resource.node.addDependency(routesOf(subnets.subnets), endpointsOf(vpc, resource)); }
    if (orchestrator.kind === 'eks') { resource.node.addDependency(...orchestrator.options.dependencies ?? []); }
    this.groups = new GroupRegistry({
      construct: this, resource, props, subnets, connections: this.connections, clusterRole: this.clusterRole, clusterRoleDocument,
    });
    orderNodes(resource, () => this.groups.needs(), policy => {
      if (this.groups.hasInstances) { warn(this, RULES.permissionsAfterNodes, { property: 'executionRole', got: policy.node.path }); }
    });
    dependOnWithoutQuotas(this);
    this.node.addValidation({ validate: () => this.groups.judge() });
    validateTags(this, () => TagManager.of(resource), TAG_LIMITS);
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
    return this.groups.defaultRole;
  }

  /**
   * Adds an instance group.
   *
   * @param id The id of the group below the cluster, and its name unless `instanceGroupName` is given.
   * @param options What the group is like.
   */
  public addInstanceGroup(id: string, options: InstanceGroupOptions): IInstanceGroup {
    return this.groups.add(id, options);
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
    return this.groups.addRestricted(id, options);
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
  public _capacity(): GroupCapacity[] | undefined {
    // Karpenter makes more of what is there.
    return this.props.autoScaling?._enabled ? undefined : this.groups.capacity;
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

class ImportedCluster extends ClusterBase {
  public readonly clusterArn: string;
  public readonly clusterId: string;
  public readonly eksClusterName?: string;
  public readonly connections: ec2.Connections;
  private readonly instanceGroups?: ClusterInstanceGroupAttributes[];

  constructor(scope: Construct, id: string, attrs: ClusterAttributes) {
    super(scope, id, { environmentFromArn: attrs.clusterArn });

    const problems = new Problems();
    checkDescribedGroups(problems, attrs.instanceGroups ?? []);
    problems.throwIfAny(this);
    adviseDescribedGroups(this, attrs.instanceGroups ?? []);

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
