import { CfnResource, RemovalPolicy, Resource, TagManager, type IResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ComputeNodeGroupGrants } from './compute-node-group-grants';
import { shareBlock } from './private/blocks';
import { contextOf, identityOf, provideCluster, type ClusterContext } from './private/context';
import { withUsers } from './private/directory-users';
import { clusterIdOf, memberIdFromArn } from './private/ids';
import { adviseImage, imageIdOf } from './private/image';
import { InstanceTags } from './private/instance-tags';
import { fillGaps } from './private/l1-gaps';
import { launchTemplateData } from './private/launch-template';
import { bucketsOf, renderLifecycleActions, servicesOf } from './private/lifecycle';
import { adviseAddresses, adviseKeys, adviseNetwork, adviseScripts, groupsOfNodes, judgeGroups, type NodeNetwork } from './private/neighbour-checks';
import { planNodeGroup, type NodeGroupPlan } from './private/node-group-plan';
import { createNodeIdentity, judgeTrust, type NodeIdentity } from './private/node-identity';
import { RULES } from './private/rules';
import { seenFrom } from './private/seen-from';
import { renderGresRecords, renderSettings } from './private/settings';
import { explainCircles } from './private/stack-circles';
import { fileSystemsOf } from './private/storage';
import { adviseStorage, openStorage } from './private/storage-network';
import { withMounts } from './private/storage-scripts';
import { TAG_LIMITS } from './private/tags';
import { checkTemplateOf, checkUserData, isOlderVersion, l1Of, templateVersionOf } from './private/template-checks';
import type { ComputeNodeGroupProps } from './vocabulary/compute-node-group-props';
import { NodeRole } from './vocabulary/node-role';
import type { NodeStorage } from './vocabulary/node-storage';
import type { ICapacityBlockRef } from '../capacity-blocks/block/vocabulary/capacity-block-ref';
import { checked } from '../private/inputs/checked';
import { orderNodes } from '../private/node-order';
import { resourceBehind } from '../private/places';
import { isConcrete, warn } from '../private/problems';
import { singleton } from '../private/singleton';
import { validateTags } from '../private/tags';

/** The default quota of node groups for each cluster. */
const USUAL_NODE_GROUPS = 10;

/** A node group of a cluster of AWS Parallel Computing Service. */
export interface IComputeNodeGroup extends IResource, pcs.IComputeNodeGroupRef, ec2.IConnectable, iam.IGrantable {
  /**
   * The ARN of the node group.
   *
   * @attribute
   */
  readonly computeNodeGroupArn: string;

  /**
   * The id of the node group: `pcs_…`. Its instances have it in the tag `aws:pcs:compute-node-group-id`.
   *
   * @attribute
   */
  readonly computeNodeGroupId: string;

  /** The role of the nodes. Undefined where it isn't known. */
  readonly role?: iam.IRole;

  /** Grants permissions on the node group. */
  readonly grants: ComputeNodeGroupGrants;
}

/** What is known of a node group that exists already. */
export interface ComputeNodeGroupAttributes {
  /** The cluster of the node group. */
  readonly cluster: pcs.IClusterRef;

  /** The id of the node group: `pcs_…`. */
  readonly computeNodeGroupId: string;

  /**
   * The security groups of the nodes.
   *
   * @default - unknown, so that rules for its connections have no effect
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the nodes.
   *
   * @default - unknown, so that grants to the node group have no effect
   */
  readonly role?: iam.IRole;
}

abstract class ComputeNodeGroupBase extends Resource implements IComputeNodeGroup {
  public abstract readonly computeNodeGroupArn: string;
  public abstract readonly computeNodeGroupId: string;
  public abstract readonly connections: ec2.Connections;
  public abstract readonly role?: iam.IRole;
  public abstract readonly grantPrincipal: iam.IPrincipal;

  public get computeNodeGroupRef(): pcs.ComputeNodeGroupReference {
    return { computeNodeGroupArn: this.computeNodeGroupArn };
  }

  public get grants(): ComputeNodeGroupGrants {
    return ComputeNodeGroupGrants.fromComputeNodeGroup(this);
  }
}

/**
 * A group of equal nodes that a cluster starts and ends.
 *
 * Its instances and volumes are paid for while they run. Deleting the group ends them, with the jobs on them.
 *
 * @resource AWS::PCS::ComputeNodeGroup
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_cng.html
 *
 * @example
 * new pcs.ComputeNodeGroup(this, 'H100', {
 *   cluster,
 *   instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
 *   image: pcs.NodeImage.pcsReadyDlami(),
 *   purchaseOption: pcs.PurchaseOption.capacityBlock({
 *     capacityReservationId: 'cr-0123456789abcdef0',
 *     instanceCount: 4,
 *   }),
 *   scaling: pcs.Scaling.fixed(4),
 *   vpcSubnets: { subnets: [vpc.privateSubnets[0]] },
 * });
 */
@propertyInjectable
@checked('pcs.ComputeNodeGroup')
export class ComputeNodeGroup extends ComputeNodeGroupBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.ComputeNodeGroup';

  /**
   * A node group that exists already, by its ARN. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param computeNodeGroupArn The ARN: `arn:…:pcs:…:cluster/pcs_…/computenodegroup/pcs_…`.
   */
  public static fromComputeNodeGroupArn(scope: Construct, id: string, computeNodeGroupArn: string): IComputeNodeGroup {
    return new ImportedComputeNodeGroup(scope, id, computeNodeGroupArn);
  }

  /**
   * A node group that exists already, with its network and role. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param attrs What is known of the node group.
   */
  public static fromComputeNodeGroupAttributes(scope: Construct, id: string, attrs: ComputeNodeGroupAttributes): IComputeNodeGroup {
    const arn = `${attrs.cluster.clusterRef.clusterArn}/computenodegroup/${attrs.computeNodeGroupId}`;
    return new ImportedComputeNodeGroup(scope, id, arn, attrs);
  }

  public readonly connections: ec2.Connections;
  public readonly role?: iam.IRole;
  public readonly grantPrincipal: iam.IPrincipal;

  /** The launch template: the one that was made, or the one that was given. */
  public readonly launchTemplate: ec2.ILaunchTemplateRef;

  private readonly resource: pcs.CfnComputeNodeGroup;

  constructor(scope: Construct, id: string, props: ComputeNodeGroupProps) {
    super(scope, id, { physicalName: props.computeNodeGroupName });

    const context = contextOf(props.cluster);
    const plan = planNodeGroup(this, props, context);
    plan.problems.throwIfAny(this);
    const imageId = imageIdOf(this, props.image._choice, plan.architecture, context.schedulerVersion);
    adviseImage(this, imageId);

    const identity = this.identityOf(props, context);
    const own = props.ownSecurityGroup ? createOwnSecurityGroup(this, plan.vpc, this._opensOwnGroup(context)) : undefined;
    const needsEfa = props.securityGroups === undefined && plan.cards.some(card => card.efa);
    const efa = needsEfa ? context.efaNetwork?.() : undefined;
    const securityGroups = [...plan.securityGroups, ...efa ? [efa.group] : [], ...own ? [own] : []];
    const template = templateOf(this, plan, securityGroups);

    const idleTime = props.scaleDownIdleTime?.toSeconds();
    const settings = renderSettings(plan.settings);
    const resource = new pcs.CfnComputeNodeGroup(this, 'Resource', {
      clusterId: clusterIdOf(props.cluster),
      name: props.computeNodeGroupName === undefined ? undefined : this.physicalName,
      amiId: imageId,
      instanceConfigs: plan.instanceTypes.map(instanceType => ({ instanceType })),
      subnetIds: plan.subnets.subnetIds,
      scalingConfiguration: { minInstanceCount: props.scaling.min, maxInstanceCount: props.scaling.max },
      purchaseOption: plan.terms.purchaseOption,
      spotOptions: plan.terms.allocationStrategy === undefined ? undefined : { allocationStrategy: plan.terms.allocationStrategy },
      customLaunchTemplate: { templateId: template.launchTemplate.launchTemplateRef.launchTemplateId, version: template.version },
      iamInstanceProfileArn: identity.instanceProfileArn,
      slurmConfiguration: idleTime === undefined && settings === undefined ? undefined : {
        scaleDownIdleTimeInSeconds: idleTime,
        slurmCustomSettings: settings,
      },
    });
    const storage = [...context.storage ?? [], ...props.storage ?? []];
    const actions = withMounts(this, storage, withUsers(props.users ?? context.users, props.lifecycleActions));
    fillGaps(resource, {
      nodeLifecycleActions: actions
        && renderLifecycleActions(this, actions, resource.clusterId, statement => identity.allow(this, statement)),
      gresCustomSettings: renderGresRecords(props.gresRecords),
    });
    identity.applyBefore(resource);
    // Nodes reach the service by these routes, when they start and, as the stack is deleted, until the last one has gone.
    resource.node.addDependency(...plan.subnets.waysOut);
    efa?.rules.forEach(rule => resource.addResourceDependency(rule));
    orderNodes(resource, () => ({
      vpc: plan.vpc,
      subnets: plan.subnets.subnets,
      securityGroups,
      roles: identity.role ? [identity.role] : [],
      owner: resourceBehind(resource.clusterId),
      buckets: bucketsOf(props.lifecycleActions),
      fileSystems: fileSystemsOf(storage),
    }), policy => {
      if (isConcrete(props.scaling.min) && props.scaling.min > 0) {
        warn(this, RULES.permissionsAfterNodes, { property: 'nodeRole', got: policy.node.path });
      }
    });
    if (plan.terms.spotRole) { resource.node.addDependency(spotServiceLinkedRole(this)); }

    validateTags(this, () => TagManager.of(resource), TAG_LIMITS);

    this.resource = resource;
    this.launchTemplate = template.launchTemplate;
    this.role = identity.role;
    this.grantPrincipal = identity.role ?? new iam.UnknownPrincipal({ resource: this });
    const isMade = context.networkIsMade && !props.securityGroups;
    const shared = plan.securityGroups.map(group => isMade && !own ? seenFrom(this, group) : group);
    this.connections = new ec2.Connections({ securityGroups: own ? [own] : shared });
    openStorage(this, storage, own ? [own] : plan.securityGroups);

    provideCluster(this, props.cluster);
    explainCircles(this);
    this.node.addValidation({
      validate: () => [
        ...this.judgeNetwork(props, plan, context, securityGroups, storage, servicesOf(actions)),
        ...props.nodeRole || !context.sharedIdentity ? judgeTrust(identity) : [],
      ],
    });
    if (plan.terms.block) { waitForBlock(resource, plan.terms.block); }
    if (plan.terms.kind === 'capacityBlock') { shareBlock(this, plan.terms, props.scaling); }
    context.nodeGroups.push({ construct: this, name: props.computeNodeGroupName, maxInstances: props.scaling.max });
    if (context.nodeGroups.length === USUAL_NODE_GROUPS + 1) {
      warn(this, RULES.clusterManyNodeGroups, { property: 'cluster' });
    }
  }

  public get computeNodeGroupArn(): string {
    return this.resource.attrArn;
  }

  public get computeNodeGroupId(): string {
    return this.resource.attrId;
  }

  /**
   * Whether a security group of its own lets everything out.
   *
   * @internal
   */
  protected _opensOwnGroup(_context: ClusterContext): boolean {
    return true;
  }

  /** Compares the network with what the nodes need. Of security groups that the cluster has made, only the way out is. */
  private judgeNetwork(
    props: ComputeNodeGroupProps, plan: NodeGroupPlan, context: ClusterContext, securityGroups: ec2.ISecurityGroup[],
    storage: NodeStorage[], services: string[],
  ): string[] {
    const { vpc, launch, subnets: { subnets }, cards } = plan;
    const isTemplate = launch.kind === 'template';
    const network: NodeNetwork = {
      vpc,
      subnets,
      securityGroups: isTemplate || (context.networkIsMade && !props.securityGroups) ? undefined : securityGroups,
      attached: isTemplate ? undefined : securityGroups,
      efa: cards.some(card => card.efa),
      template: isTemplate && !isOlderVersion(launch) ? l1Of(launch.launchTemplate) : undefined,
      controller: (props.cluster as Partial<ec2.IConnectable>).connections?.securityGroups ?? [],
      owner: isTemplate || props.securityGroups ? this : props.cluster,
    };
    adviseNetwork(this, network);
    adviseScripts(this, network, props.lifecycleActions ? 'lifecycleActions' : 'storage', services);
    adviseStorage(this, storage, { vpc, subnets, groups: groupsOfNodes(network) });
    adviseKeys(this, isTemplate && isOlderVersion(launch) ? undefined : l1Of(this.launchTemplate));
    if (context.ipv6) { adviseAddresses(this, subnets); }
    return judgeGroups(this, vpc, props.securityGroups);
  }

  private identityOf(props: ComputeNodeGroupProps, context: ClusterContext): NodeIdentity {
    if (props.nodeRole === undefined && context.sharedIdentity) { return context.sharedIdentity(this); }
    const choice = (props.nodeRole ?? NodeRole.managed())._choice;
    return identityOf(props.cluster, choice, this, () => createNodeIdentity(this, choice, props.cluster.clusterRef.clusterArn));
  }
}

function templateOf(
  scope: Construct, plan: NodeGroupPlan, securityGroups: ec2.ISecurityGroup[],
): { launchTemplate: ec2.ILaunchTemplateRef; version: string } {
  const choice = plan.launch;
  if (choice.kind === 'template') {
    checkTemplateOf(scope, choice, plan);
    return { launchTemplate: choice.launchTemplate, version: templateVersionOf(choice)! };
  }
  if (choice.options.userData) { checkUserData(scope, choice.options.userData); }
  const placementGroup = plan.ownPlacementGroup
    ? new ec2.CfnPlacementGroup(scope, 'PlacementGroup', { strategy: 'cluster' })
    : plan.placementGroup;
  const launchTemplate = new ec2.CfnLaunchTemplate(scope, 'LaunchTemplate', {
    launchTemplateData: launchTemplateData({
      terms: plan.terms,
      instanceTypes: plan.instanceTypes,
      securityGroupIds: securityGroups.map(group => group.securityGroupId),
      cards: plan.cards,
      placementGroupName: placementGroup?.placementGroupRef.groupName,
      rootDeviceName: plan.rootDeviceName,
      tagSpecifications: new InstanceTags(scope, 'InstanceTags', choice.options).specifications,
      options: choice.options,
    }),
  });
  return { launchTemplate, version: launchTemplate.attrLatestVersionNumber };
}

/** Nodes wait for a block that is read at deployment, also where a launch template of others doesn't refer to it. An import has nothing. */
function waitForBlock(group: pcs.CfnComputeNodeGroup, { node: { defaultChild } }: ICapacityBlockRef): void {
  if (defaultChild !== undefined && CfnResource.isCfnResource(defaultChild)) { group.node.addDependency(defaultChild); }
}

function createOwnSecurityGroup(scope: Construct, vpc: ec2.IVpc, allowAllOutbound: boolean): ec2.SecurityGroup {
  return new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description: 'Nodes of one Slurm node group', allowAllOutbound });
}

/** The role that EC2 needs for spot instances, once for each stack. It outlives the stack, since others may use it by then. */
function spotServiceLinkedRole(scope: Construct): iam.CfnServiceLinkedRole {
  const id = 'cdk-hpc-clusters:SpotServiceLinkedRole';
  return singleton(scope, id, stack => {
    const role = new iam.CfnServiceLinkedRole(stack, id, { awsServiceName: 'spot.amazonaws.com' });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return role;
  });
}

class ImportedComputeNodeGroup extends ComputeNodeGroupBase {
  public readonly computeNodeGroupId: string;
  public readonly connections: ec2.Connections;
  public readonly role?: iam.IRole;
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, public readonly computeNodeGroupArn: string, attrs?: ComputeNodeGroupAttributes) {
    super(scope, id, { environmentFromArn: computeNodeGroupArn });
    this.computeNodeGroupId = attrs?.computeNodeGroupId ?? memberIdFromArn(computeNodeGroupArn);
    this.connections = new ec2.Connections({ securityGroups: attrs?.securityGroups });
    this.role = attrs?.role;
    this.grantPrincipal = attrs?.role ?? new iam.UnknownPrincipal({ resource: this });
  }
}
