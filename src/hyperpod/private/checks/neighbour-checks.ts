import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { controlPlaneGroupOf } from './eks';
import { faultOf } from './group-checks';
import { namedGroupsOf, provisioningOf } from './provisioning';
import { areDifferentVpcs, groupsOfOtherVpcs, isElsewhere, isOtherRegion, resourcesIn, zonesOf } from '../../../private/places';
import { factsOfPlan, isForOther, isOfOtherType, usesOfPlan } from '../../../private/plans';
import { describe, isConcrete, warn, type Problems } from '../../../private/problems';
import { renderedProperties } from '../../../private/rendered';
import { SecurityRules, groupsOfApp } from '../../../private/security-rules';
import { closedAt, closedTo, unreachableFrom } from '../../../private/ways-out';
import type { ClusterProps } from '../../clusters/vocabulary/cluster-props';
import type { Capacity } from '../../groups/vocabulary/capacity';
import type { LifecycleScripts } from '../../groups/vocabulary/lifecycle-scripts';
import { DISABLED_CONFIG } from '../facts/mig-chart';
import type { InstanceGroupEntry } from '../rendering/instance-groups';
import { RULES } from '../rules';

/** The target of plans for HyperPod. */
const TARGET = 'hyperpod-cluster';

/** What instances reach first: the lifecycle scripts are there. */
const FIRST_SERVICES = ['s3'];

/** Refuses a plan that is elsewhere. */
export function checkPlanPlace(problems: Problems, cluster: Construct, capacity: Capacity | undefined): void {
  const choice = capacity?._choice;
  if (choice?.kind === 'trainingPlan' && isElsewhere(choice.plan.env, cluster)) {
    problems.add(RULES.planElsewhere, { property: 'capacity', got: choice.plan.env });
  }
}

/** Compares groups with the plans that the app buys, when all of it is there: a plan can be bought in a later stack. */
export function judgePlans(groups: InstanceGroupEntry[]): string[] {
  return groups.flatMap(({ construct, plan, instanceTypes, placement }) => {
    if (!plan) { return []; }
    const facts = factsOfPlan(plan);
    const errors: string[] = [];
    if (isForOther(facts, TARGET)) { errors.push(describe(RULES.planTargetDiffers, { property: 'capacity', got: facts.target })); }
    const types = instanceTypes.map(type => type.value);
    if (isOfOtherType(facts, types)) {
      errors.push(describe(RULES.planTypeDiffers, { property: 'instances', got: { plan: facts.instanceType, group: types } }));
    }
    const uses = usesOfPlan(plan);
    const used = uses.reduce((sum, use) => sum + use.instanceCount, 0);
    if (facts.instanceCount !== undefined && used > facts.instanceCount && uses[0].construct === construct) {
      warn(construct, RULES.planTooSmall, { property: 'capacity', got: { plan: facts.instanceCount, groups: used } });
    }
    const zones = placement && zonesOf(placement.subnets);
    if (facts.zones && zones?.length && !zones.some(zone => facts.zones!.includes(zone))) {
      warn(construct, RULES.planZoneDiffers, { property: 'vpcSubnets', got: { plan: facts.zones, subnets: zones } });
    }
    return errors;
  });
}

/** Refuses security groups of another VPC than that of the cluster. */
export function judgeVpc(cluster: Construct, { vpc, securityGroups = [] }: ClusterProps, groups: InstanceGroupEntry[]): string[] {
  if (!vpc) { return []; }
  const given = [...securityGroups, ...groups.filter(group => group.ownSecurityGroups).flatMap(group => group.securityGroups)];
  const others = groupsOfOtherVpcs(cluster, vpc, given);
  return others.length === 0 ? [] : [describe(RULES.otherVpc, { property: 'securityGroups', got: [...new Set(others)] })];
}

/** Advice on an EKS cluster that nodes may not reach. */
export function adviseEksNeighbour(scope: Construct, { orchestrator: { _choice: orchestrator }, vpc, securityGroups }: ClusterProps): void {
  if (orchestrator.kind !== 'eks') { return; }
  const { cluster, options } = orchestrator;
  if (isElsewhere(cluster.env, scope)) { warn(scope, RULES.eksElsewhere, { property: 'orchestrator', got: cluster.env }); }
  if (vpc && !securityGroups && controlPlaneGroupOf(cluster, options) === undefined) {
    warn(scope, RULES.eksSecurityGroupUnknown, { property: 'orchestrator' });
  }
  const eksVpc = vpcOfEks(cluster);
  if (vpc && areDifferentVpcs(vpc.vpcId, eksVpc?.vpcId)) { warn(scope, RULES.eksVpcDiffers, { property: 'vpc', got: vpc.node.path }); }
}

/** The VPC of an EKS cluster, where it is known. */
function vpcOfEks(cluster: object): ec2.IVpc | undefined {
  try {
    return (cluster as { readonly vpc?: ec2.IVpc }).vpc;
  } catch {
    return undefined; // clusters that were imported without their VPC throw
  }
}

/** Advice on scripts that are in another Region, or that say nothing of who runs them. */
export function adviseScripts(scope: Construct, scripts: LifecycleScripts): void {
  const { _choice: choice } = scripts;
  if (choice.kind === 'asset' && faultOf(scripts) === 'interpreter') {
    warn(scope, RULES.lifecycleScriptInterpreter, { property: 'lifecycleScripts.entryPoint', got: choice.entryPoint });
  }
  if (choice.kind === 'bucket' && isOtherRegion(choice.bucket.env, Stack.of(scope))) {
    warn(scope, RULES.lifecycleScriptRegion, { property: 'lifecycleScripts', got: choice.bucket.env.region });
  }
}

/** Advice on the network of nodes, when the app is complete. What all groups share is told once: at the cluster. */
export function adviseNetwork(cluster: Construct, { vpc, securityGroups }: ClusterProps, groups: InstanceGroupEntry[]): void {
  if (!vpc) { return; }
  for (const group of groups) {
    const { construct, placement, ownSubnets, ownSecurityGroups } = group;
    if (placement) { adviseSubnetsOf(ownSubnets ? construct : cluster, placement); }
    if (ownSecurityGroups || securityGroups) { adviseRules(ownSecurityGroups ? construct : cluster, group); }
    adviseServices(ownSecurityGroups ? construct : cluster, vpc, group);
    adviseStorage(group);
  }
}

function adviseSubnetsOf(scope: Construct, { subnets, hasPublic }: ec2.SelectedSubnets): void {
  if (hasPublic) {
    warn(scope, RULES.publicSubnets, { property: 'vpcSubnets' });
    return;
  }
  const missing = unreachableFrom(scope, subnets, FIRST_SERVICES);
  if (missing.length > 0) { warn(scope, RULES.noWayOut, { property: 'vpcSubnets', got: missing }); }
}

/** Nodes with EFA send each other everything. */
function adviseRules(scope: Construct, { securityGroups, instanceTypes, efa }: InstanceGroupEntry): void {
  if (!efa || !instanceTypes.some(type => type._catalogueEntry?.efaCards?.length)) { return; }
  const groups = groupsOfApp(securityGroups);
  const missing = groups ? new SecurityRules(scope, groups).missingAmong(groups) : [];
  if (missing.length > 0) { warn(scope, RULES.securityGroupsClosed, { property: 'securityGroups', got: missing }); }
}

/** Nodes call services as they start. */
function adviseServices(scope: Construct, vpc: ec2.IVpc, { securityGroups }: InstanceGroupEntry): void {
  const groups = groupsOfApp(securityGroups);
  const closed = groups ? FIRST_SERVICES.flatMap(service => closedTo(scope, vpc, groups, service)) : [];
  if (closed.length > 0) { warn(scope, RULES.serviceClosed, { property: 'securityGroups', got: closed }); }
}

/** Nodes mount their file systems as they start. */
function adviseStorage({ construct, securityGroups, fileSystems = [] }: InstanceGroupEntry): void {
  const groups = groupsOfApp(securityGroups);
  if (!groups) { return; }
  for (const { dnsName, port } of fileSystems) {
    const closed = resourcesIn(dnsName).filter(({ cfnResourceType: type }) => type === 'AWS::FSx::FileSystem')
      .flatMap(fileSystem => closedAt(fileSystem, renderedProperties(fileSystem)?.SecurityGroupIds, groups, port));
    if (closed.length > 0) { warn(construct, RULES.storageClosed, { property: 'storage', got: { [port]: closed } }); }
  }
}

/** Compares the groups of a cluster with what their lifecycle scripts are told of them. */
export function judgeProvisioning(cluster: Construct, groups: InstanceGroupEntry[]): string[] {
  const folders = new Set(groups.flatMap(group => group.scriptFolder ?? []));
  const errors: string[] = [];
  for (const folder of folders) {
    const provisioning = provisioningOf(folder);
    if (provisioning === undefined) { continue; }
    if (groups.some(group => group.slurmNodeType !== undefined)) {
      errors.push(describe(RULES.provisioningWithApi, { property: 'lifecycleScripts', got: folder }));
      continue;
    }
    const names = groups.map(group => group.instanceGroupName);
    const unknown = namedGroupsOf(provisioning).filter(name => !names.includes(name));
    if (unknown.length > 0 && names.every(isConcrete)) { warn(cluster, RULES.provisioningGroupUnknown, { property: 'lifecycleScripts', got: unknown }); }
  }
  return errors;
}

/** Advice on groups that Karpenter scales. */
export function adviseScaling(cluster: Construct, { autoScaling }: ClusterProps, groups: InstanceGroupEntry[]): void {
  if (!autoScaling?._enabled) { return; }
  const counts = groups.map(group => group.instanceCount);
  if (counts.length > 0 && counts.every(count => isConcrete(count) && count > 0)) {
    warn(cluster, RULES.karpenterCounts, { property: 'autoScaling', got: counts });
  }
  for (const { construct, partitions, instanceCount } of groups) {
    if (partitions && partitions.configName !== DISABLED_CONFIG && instanceCount === 0) { warn(construct, RULES.partitionsFromZero, { property: 'partitions', got: partitions.configName }); }
  }
}

/** Advice on partitions that nobody makes, where the app itself installs what would. */
export function advisePartitions(
  cluster: Construct, { orchestrator: { _choice: orchestrator } }: ClusterProps, groups: InstanceGroupEntry[],
): void {
  const isDivided = groups.some(({ partitions }) => partitions && partitions.configName !== DISABLED_CONFIG);
  if (orchestrator.kind !== 'eks' || !isDivided) { return; }
  const { dependencies = [] } = orchestrator.options;
  const charts = dependencies.map(dependency => (dependency as { readonly _gpuOperator?: boolean })._gpuOperator);
  if (charts.includes(false) && !charts.includes(true)) { warn(cluster, RULES.gpuOperatorOff, { property: 'partitions' }); }
}
