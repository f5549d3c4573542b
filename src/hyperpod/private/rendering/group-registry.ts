import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { CfnCluster } from './cfn-cluster';
import { routesOf } from './cluster-network';
import { secretStatements, volumeKeyStatements } from './cluster-role';
import { ExecutionRole, alarmStatements } from './execution-role';
import { InstanceGroup, type InstanceGroupEntry } from './instance-groups';
import { fileSystemsOf, renderGroup, renderRestrictedGroup, type GroupSetting } from './render';
import { ScriptStage } from './scripts';
import type { NodeNeeds } from '../../../private/node-order';
import { noteUseOfPlan } from '../../../private/plans';
import { isConcrete, Problems } from '../../../private/problems';
import type { ClusterProps } from '../../clusters/vocabulary/cluster-props';
import { NetworkInterfaceType, type IInstanceGroup, type InstanceGroupBaseOptions, type InstanceGroupOptions } from '../../groups/vocabulary/instance-group';
import type { InstanceStorage } from '../../groups/vocabulary/instance-storage';
import { LifecycleScripts } from '../../groups/vocabulary/lifecycle-scripts';
import { PartitionLayout } from '../../groups/vocabulary/partition-layout';
import type { RestrictedInstanceGroupOptions } from '../../groups/vocabulary/restricted-instance-group';
import {
  OWN_IDS, adviseGroups, adviseRoles, checkSlurmGroups, isContinuous, judgeTrust, selectClusterSubnets,
} from '../checks/cluster-checks';
import {
  adviseGroup, adviseRestrictedGroup, adviseSubnets, checkGroup, checkRestrictedGroup, type GroupContext,
} from '../checks/group-checks';
import {
  adviseNetwork, advisePartitions, adviseScaling, adviseScripts, checkPlanPlace, judgePlans, judgeProvisioning, judgeVpc,
} from '../checks/neighbour-checks';
import type { GroupCapacity } from '../checks/shortages';

/** A cluster, as far as its groups share it. */
export interface GroupOwner {
  readonly construct: Construct;
  readonly resource: CfnCluster;
  readonly props: ClusterProps;
  readonly connections: ec2.Connections;
  /** The subnets of groups that have none of their own. Undefined without a VPC. */
  readonly subnets?: ec2.SelectedSubnets;
  /** The role with which SageMaker scales the cluster, where autoscaling is on. */
  readonly clusterRole?: iam.IRole;
  /** Its permissions, where it was made for the cluster. */
  readonly clusterRoleDocument?: iam.PolicyDocument;
}

/** A group that has just been created, with what it was created from. */
interface CreatedGroup {
  readonly group: InstanceGroup;
  readonly role: ExecutionRole;
  readonly context: GroupContext;
  readonly subnets?: ec2.SelectedSubnets;
}

/** Creates the instance groups of a cluster, and knows what they are in the template and what they need together. */
export class GroupRegistry {
  private readonly entries: InstanceGroupEntry[] = [];
  private readonly names = new Set<string>();
  private readonly groups: sagemaker.CfnCluster.ClusterInstanceGroupProperty[] = [];
  private readonly restrictedGroups: sagemaker.CfnCluster.ClusterRestrictedInstanceGroupProperty[] = [];
  private readonly roles = new Map<iam.IRole | undefined, ExecutionRole>();
  private readonly nodeSubnets: Set<ec2.ISubnet>;
  private readonly scripts: ScriptStage;
  private readonly defaultScripts: LifecycleScripts;
  private readonly continuous: boolean | undefined;

  constructor(private readonly owner: GroupOwner) {
    const { props, resource, subnets } = owner;
    this.nodeSubnets = new Set(subnets?.subnets);
    this.scripts = new ScriptStage(owner.construct, script => resource.addResourceDependency(script));
    this.defaultScripts = props.lifecycleScripts ?? (this.isOnEks ? LifecycleScripts.doNothing() : LifecycleScripts.none());
    this.continuous = isContinuous(props.nodeProvisioningMode);
  }

  /** Adds an instance group. */
  public add(id: string, options: InstanceGroupOptions): IInstanceGroup {
    const { instances, lifecycleScripts, networkInterfaceType = NetworkInterfaceType.EFA } = options;
    const { group, role, context, subnets } = this.create(id, options, checkGroup);
    const takesAddresses = networkInterfaceType.value === NetworkInterfaceType.EFA.value;
    const layoutLabel = options.labels?.[PartitionLayout.LABEL_KEY];
    adviseGroup(group, context, options);
    adviseSubnets(group, options, subnets);
    const [owner, prefix] = lifecycleScripts ? [group, `groups/${id}`] : [this.owner.construct, 'default'];
    const setting = this.settingOf(group, role, options, subnets);
    const scripts = lifecycleScripts ?? this.defaultScripts;
    adviseScripts(owner, scripts);
    role.allow(alarmStatements(options));
    const lifeCycleConfig = this.scripts.configFor(owner, prefix, scripts, role);
    if (options.slurmNode?._nodeType === 'Controller') { this.allowAccounting(role); }
    this.groups.push(renderGroup({ lifeCycleConfig, ...setting }, options));
    this.remember({
      ...surroundingsOf(group, options, subnets),
      efa: takesAddresses,
      instanceTypes: instances._instanceTypes,
      instanceCount: instances._count,
      flexible: instances._flexible,
      partitions: layoutLabel === undefined ? options.partitions : PartitionLayout.of(layoutLabel),
      slurmNodeType: options.slurmNode?._nodeType,
      mounts: options.storage?.some(({ _choice: { kind } }) => kind === 'lustre' || kind === 'openZfs'),
      fileSystems: fileSystemsOf(options.storage),
      scriptFolder: scripts._choice.kind === 'asset' ? scripts._choice.path : undefined,
      scripts: scripts._choice.kind === 'asset' || scripts._choice.kind === 'bucket',
      subnets: takesAddresses ? subnets?.subnets : undefined,
    });
    return group;
  }

  /** Adds a restricted instance group. */
  public addRestricted(id: string, options: RestrictedInstanceGroupOptions): IInstanceGroup {
    const { group, role, context, subnets } = this.create(id, options, checkRestrictedGroup);
    adviseRestrictedGroup(group, context, options);
    adviseSubnets(group, options, subnets);
    this.restrictedGroups.push(renderRestrictedGroup(this.settingOf(group, role, options, subnets), options));
    this.remember({
      ...surroundingsOf(group, options, subnets),
      efa: true,
      instanceTypes: [options.instanceType],
      instanceCount: options.instanceCount,
      flexible: false,
      restricted: true,
      subnets: subnets?.subnets,
    });
    return group;
  }

  /** The role of groups that have none of their own, made when it is first asked for. */
  public get defaultRole(): iam.IRole {
    return this.roleOf(this.owner.construct, this.owner.props.executionRole).role;
  }

  /** The groups as CloudFormation has them. */
  public get rendered(): sagemaker.CfnCluster.ClusterInstanceGroupProperty[] {
    return this.groups;
  }

  /** The restricted groups as CloudFormation has them. */
  public get renderedRestricted(): sagemaker.CfnCluster.ClusterRestrictedInstanceGroupProperty[] {
    return this.restrictedGroups;
  }

  /** What the groups have. */
  public get capacity(): GroupCapacity[] {
    return this.entries.flatMap(({ instanceTypes, instanceCount, flexible, partitions }) =>
      instanceTypes.map(instanceType => ({ instanceType, instanceCount: flexible ? undefined : instanceCount, partitions })));
  }

  /** Whether any group is known to have instances from the beginning. */
  public get hasInstances(): boolean {
    return this.entries.some(({ instanceCount }) => isConcrete(instanceCount) && instanceCount > 0);
  }

  /** Whether the API is told about Slurm; else lifecycle scripts set it up, which continuous provisioning doesn't know. */
  public get isSetUpByApi(): boolean {
    const orchestrator = this.owner.props.orchestrator._choice;
    if (orchestrator.kind === 'eks') { return true; }
    const { configStrategy, accountingDatabase } = orchestrator.options;
    return configStrategy !== undefined || accountingDatabase !== undefined || this.continuous === true
      || this.entries.some(entry => entry.slurmNodeType !== undefined);
  }

  /** What the nodes of all groups need. Routes and endpoints of the VPC come before the cluster anyway. */
  public needs(): NodeNeeds {
    const { construct, connections } = this.owner;
    const groups = construct.node.children.filter((child): child is InstanceGroup => child instanceof InstanceGroup);
    return {
      subnets: [...this.nodeSubnets],
      securityGroups: [connections, ...groups.map(group => group.connections)].flatMap(({ securityGroups }) => securityGroups),
      roles: [...this.roles.values()].map(({ role }) => role),
      buckets: this.scripts.givenBuckets,
    };
  }

  /** Compares all groups with each other and with what is around them, when the app is complete. */
  public judge(): string[] {
    const { construct, props, clusterRole } = this.owner;
    const roles = [...this.roles.values()];
    adviseGroups(construct, props.orchestrator._choice.kind, this.entries);
    adviseRoles(construct, roles);
    adviseNetwork(construct, props, this.entries);
    adviseScaling(construct, props, this.entries);
    advisePartitions(construct, props, this.entries);
    return [
      ...judgePlans(this.entries),
      ...judgeVpc(construct, props, this.entries),
      ...judgeProvisioning(construct, this.entries),
      ...judgeTrust(roles.map(({ role }) => role), clusterRole),
      ...this.isOnEks ? [] : checkSlurmGroups(this.entries, this.continuous, this.isSetUpByApi),
    ];
  }

  private get isOnEks(): boolean {
    return this.owner.props.orchestrator._choice.kind === 'eks';
  }

  /** Checks a group, and creates it below the cluster. */
  private create<O extends InstanceGroupBaseOptions>(
    id: string, options: O, check: (problems: Problems, context: GroupContext, name: string, options: O) => void,
  ): CreatedGroup {
    const { construct, props: { vpc, autoScaling } } = this.owner;
    const name = options.instanceGroupName ?? id;
    const context = {
      eks: this.isOnEks,
      continuous: this.continuous,
      autoScaling: autoScaling?._enabled ?? false,
      vpc: vpc !== undefined,
      groupNames: this.names,
    };
    const problems = new Problems();
    OWN_IDS.check(problems, id);
    check(problems, context, name, options);
    checkPlanPlace(problems, construct, options.capacity);
    const subnets = vpc && options.vpcSubnets ? selectClusterSubnets(problems, vpc, options.vpcSubnets) : this.owner.subnets;
    problems.throwIfAny(construct);

    const connections = options.securityGroups ? new ec2.Connections({ securityGroups: options.securityGroups }) : this.owner.connections;
    const group = new InstanceGroup(construct, id, name, connections, made => this.roleOf(made, options.executionRole));
    return { group, role: this.roleOf(group, options.executionRole), context, subnets };
  }

  private remember(entry: InstanceGroupEntry): void {
    this.entries.push(entry);
    if (entry.plan) { noteUseOfPlan(entry.construct, entry.plan, entry.instanceCount); }
    this.names.add(entry.instanceGroupName);
  }

  private settingOf(
    group: InstanceGroup, role: ExecutionRole, options: InstanceGroupBaseOptions, subnets: ec2.SelectedSubnets | undefined,
  ): GroupSetting {
    if (subnets && subnets !== this.owner.subnets) {
      subnets.subnets.forEach(subnet => this.nodeSubnets.add(subnet));
      this.owner.resource.node.addDependency(routesOf(subnets.subnets));
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
  private roleOf(user: Construct, given: iam.IRole | undefined): ExecutionRole {
    const { construct, resource, props } = this.owner;
    const key = given ?? props.executionRole;
    const known = this.roles.get(key);
    if (known) { return known; }
    const scope = key === props.executionRole ? construct : user;
    const permissions = { vpc: props.vpc !== undefined, eks: this.isOnEks };
    const execution = key ? ExecutionRole.adopt(scope, key, permissions) : ExecutionRole.create(scope, permissions);
    this.roles.set(key, execution);

    resource.node.addDependency(...execution.policies);
    const orchestrator = props.orchestrator._choice;
    if (orchestrator.kind === 'eks' && orchestrator.options.accessEntries) {
      resource.addResourceDependency(new eks.CfnAccessEntry(scope, 'AccessEntry', {
        clusterName: orchestrator.cluster.clusterRef.clusterName,
        principalArn: execution.arn,
        type: 'HYPERPOD_LINUX',
      }));
    }
    return execution;
  }

  /** Allows the Slurm controller, which runs slurmdbd, to read the secret of the accounting database. */
  private allowAccounting(role: ExecutionRole): void {
    const orchestrator = this.owner.props.orchestrator._choice;
    if (orchestrator.kind === 'slurm' && orchestrator.options.accountingDatabase) {
      role.allow(secretStatements(orchestrator.options.accountingDatabase.secret));
    }
  }

  /** Lets SageMaker encrypt the volumes of nodes that it adds. */
  private allowVolumeKeys(storage: InstanceStorage[]): void {
    const keys = storage.flatMap(({ _choice: choice }) =>
      (choice.kind === 'ebs' || choice.kind === 'root') && choice.encryptionKey ? [choice.encryptionKey.keyRef.keyArn] : []);
    if (keys.length > 0) { this.owner.clusterRoleDocument?.addStatements(...volumeKeyStatements(keys)); }
  }
}

/** What a group is called, and what it shares with other resources of the app. */
function surroundingsOf(group: InstanceGroup, options: InstanceGroupBaseOptions, subnets: ec2.SelectedSubnets | undefined) {
  const capacity = options.capacity?._choice;
  return {
    construct: group,
    instanceGroupName: group.instanceGroupName,
    placement: subnets?.isPendingLookup ? undefined : subnets,
    securityGroups: group.connections.securityGroups,
    ownSubnets: options.vpcSubnets !== undefined,
    ownSecurityGroups: options.securityGroups !== undefined,
    plan: capacity?.kind === 'trainingPlan' ? capacity.plan : undefined,
  };
}
