import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { adviseEksCluster, checkEksCluster } from './eks';
import { adviseRestrictedLustre, checkRestrictedLustre, checkScripts, checkSecurityGroupCount } from './group-checks';
import { adviseLayout, checkLayout } from './layouts';
import type { GroupCapacity } from './shortages';
import { checkForm } from '../../../private/forms';
import { OwnIds } from '../../../private/own-ids';
import { checkVpcOfSubnets } from '../../../private/places';
import { describe, isConcrete, warn, type Problems } from '../../../private/problems';
import { addressesOf, selectSubnets } from '../../../private/subnets';
import { trusts } from '../../../private/trust';
import type { ClusterProps } from '../../clusters/vocabulary/cluster-props';
import { NodeProvisioningMode, NodeRecovery } from '../../clusters/vocabulary/node-provisioning';
import type { SlurmAccountingDatabase } from '../../clusters/vocabulary/orchestrator';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { ExecutionRole } from '../rendering/execution-role';
import type { InstanceGroupEntry } from '../rendering/instance-groups';
import { RULES } from '../rules';

/** The ids of what a cluster makes itself. Some of it is made when the first group asks for it. */
export const OWN_IDS = new OwnIds(
  RULES.childIdTaken,
  'AccessEntry', 'ClusterRole', 'Default', 'ExecutionPolicy', 'ExecutionRole', 'LifecycleScripts', 'LifecycleScriptsBucket', 'Resource',
  'SecurityGroup',
);

/** What AWS documents for a cluster on EKS. */
const GROUPS_ON_EKS = 20;

/** How many characters all inline policies of a role may have together. */
const INLINE_POLICIES = 10_240;

/** Whether nodes are provisioned one by one, or undefined where the mode isn't known. */
export function isContinuous(mode: NodeProvisioningMode | undefined): boolean | undefined {
  if (mode === undefined) { return false; }
  return mode._judged ? mode.value === NodeProvisioningMode.CONTINUOUS.value : undefined;
}

/** Checks that need only the props of the cluster. */
export function checkCluster(problems: Problems, props: ClusterProps): void {
  const orchestrator = props.orchestrator._choice;
  const continuous = isContinuous(props.nodeProvisioningMode);
  checkForm(problems, RULES.entityName, 'clusterName', props.clusterName);
  if (orchestrator.kind === 'eks') {
    if (!props.vpc) { problems.add(RULES.clusterVpcMissing, { property: 'vpc' }); }
    checkEksCluster(problems, orchestrator.cluster);
  } else {
    const { configStrategy, accountingDatabase } = orchestrator.options;
    if (configStrategy?._judged && continuous) {
      problems.add(RULES.configStrategyContinuous, { property: 'orchestrator.configStrategy', got: configStrategy.value });
    }
    if (accountingDatabase && continuous === false) { problems.add(RULES.continuousNeeded, { property: 'orchestrator.accountingDatabase' }); }
    if (accountingDatabase) { checkDatabase(problems, accountingDatabase); }
    if (props.autoScaling) { problems.add(RULES.eksOnly, { property: 'autoScaling' }); }
    for (const property of ['vpcSubnets', 'securityGroups'] as const) {
      if (props[property] && !props.vpc) { problems.add(RULES.networkWithoutVpc, { property }); }
    }
  }
  if (props.autoScaling?._enabled) {
    if (continuous === false) { problems.add(RULES.continuousNeeded, { property: 'autoScaling' }); }
    if (props.nodeRecovery?._judged && props.nodeRecovery.value === NodeRecovery.NONE.value) {
      problems.add(RULES.autoScalingRecovery, { property: 'nodeRecovery', got: props.nodeRecovery.value });
    }
  }
  checkSecurityGroupCount(problems, props.securityGroups);
  checkForm(problems, RULES.tieredStoragePercent, 'tieredStorage.instanceMemoryPercent', props.tieredStorage?._instanceMemoryPercent);
  if (props.lifecycleScripts) { checkScripts(problems, props.lifecycleScripts); }
  const { restrictedEnvironment } = props;
  if (restrictedEnvironment?.lustre) {
    checkRestrictedLustre(problems, 'restrictedEnvironment.lustre', restrictedEnvironment.lustre);
  } else if (restrictedEnvironment) {
    problems.add(RULES.restrictedLustreMissing, { property: 'restrictedEnvironment' });
  }
}

function checkDatabase(problems: Problems, { endpoint, databaseName, port }: SlurmAccountingDatabase): void {
  checkForm(problems, RULES.databaseEndpoint, 'orchestrator.accountingDatabase.endpoint', endpoint);
  checkForm(problems, RULES.databaseName, 'orchestrator.accountingDatabase.databaseName', databaseName);
  checkForm(problems, RULES.databasePort, 'orchestrator.accountingDatabase.port', port);
}

/** Advice on a cluster that can be created. */
export function adviseCluster(scope: Construct, props: ClusterProps): void {
  const orchestrator = props.orchestrator._choice;
  if (orchestrator.kind === 'eks') { adviseEksCluster(scope, orchestrator.cluster, orchestrator.options); }
  const percent = props.tieredStorage?._instanceMemoryPercent;
  if (isConcrete(percent) && percent < 20) {
    warn(scope, RULES.tieredStoragePercentUndocumented, { property: 'tieredStorage.instanceMemoryPercent', got: percent });
  }
  const lustre = props.restrictedEnvironment?.lustre;
  if (lustre) { adviseRestrictedLustre(scope, 'restrictedEnvironment.lustre', lustre); }
}

/** The subnets of a selection, of which a cluster takes 16. */
export function selectClusterSubnets(problems: Problems, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined): ec2.SelectedSubnets {
  const selected = selectSubnets(problems, RULES.subnetMissing, vpc, selection);
  checkVpcOfSubnets(problems, RULES.otherVpc, vpc, selected.subnets);
  if (selected.subnetIds.length > 16) {
    problems.add(RULES.subnetCount, { property: 'vpcSubnets', got: selected.subnetIds.length });
  }
  return selected;
}

/** What all groups of a Slurm cluster together decide. */
export function checkSlurmGroups(entries: InstanceGroupEntry[], continuous: boolean | undefined, isSetUpByApi: boolean): string[] {
  const groups = entries.filter(entry => !entry.restricted);
  const types = groups.map(group => group.slurmNodeType);
  const found: string[] = [];
  const mounting = groups.filter(group => group.mounts).map(group => group.instanceGroupName);
  if (mounting.length > 0 && !types.includes('Controller')) {
    found.push(describe(RULES.slurmStorageWithoutController, { property: 'storage', got: mounting }));
  }
  if (!isSetUpByApi) { return found; }
  const missing = groups.filter(group => group.slurmNodeType === undefined).map(group => group.instanceGroupName);
  if (missing.length > 0) { found.push(describe(RULES.slurmNodeMissing, { property: 'slurmNode', got: missing })); }
  const controllers = types.filter(type => type === 'Controller').length;
  if (controllers !== 1) { found.push(describe(RULES.slurmController, { property: 'slurmNode', got: controllers })); }
  const several = groups.find(group => group.slurmNodeType === 'Controller' && isConcrete(group.instanceCount) && group.instanceCount > 1);
  if (continuous && several) {
    found.push(describe(RULES.slurmControllerCount, { property: 'instances.count', got: { [several.instanceGroupName]: several.instanceCount } }));
  }
  const logins = types.filter(type => type === 'Login').length;
  if (logins > 1) { found.push(describe(RULES.slurmLogin, { property: 'slurmNode', got: logins })); }
  return found;
}

/** Advice on all groups of a cluster together. */
export function adviseGroups(scope: Construct, orchestrator: 'eks' | 'slurm', groups: InstanceGroupEntry[]): void {
  if (orchestrator === 'eks' && groups.length > GROUPS_ON_EKS) {
    warn(scope, RULES.instanceGroupsOnEks, { property: 'instanceGroups', got: groups.length });
  }
  if (orchestrator === 'slurm') { adviseSlurm(scope, groups.filter(group => !group.restricted)); }
  const needs = new Map<string, { subnets: ec2.ISubnet[]; addresses: number }>();
  for (const { subnets, instanceTypes, instanceCount } of groups) {
    if (!subnets?.length) { continue; }
    const key = subnets.map(subnet => subnet.node.path).join(' ');
    const need = needs.get(key) ?? { subnets, addresses: 0 };
    const perNode = Math.min(...instanceTypes.map(type => addressesPerNode(type, orchestrator)));
    need.addresses += isConcrete(instanceCount) ? instanceCount * perNode : 0;
    needs.set(key, need);
  }
  for (const { subnets, addresses } of needs.values()) {
    const known = subnets.map(addressesOf);
    const largest = Math.max(...known.map(size => size ?? Infinity));
    if (addresses > largest) { warn(scope, RULES.subnetAddresses, { property: 'vpcSubnets', got: { needed: addresses, largestSubnet: largest } }); }
  }
}

/**
 * How many addresses a node of a type takes at least. With EFA, each network card takes one, and on EKS the primary interface takes
 * all that it may have, for pods: 32 and 81 for ml.p5.48xlarge, as AWS documents.
 */
function addressesPerNode(type: InstanceType, orchestrator: 'eks' | 'slurm'): number {
  const { network, efaCards = [] } = type._catalogueEntry ?? {};
  if (!network || efaCards.length === 0) { return 1; }
  return network.cards + (orchestrator === 'eks' ? network.addressesPerInterface - 1 : 0);
}

/** Where the API isn't told about Slurm, the lifecycle scripts must set it up. */
function adviseSlurm(scope: Construct, groups: InstanceGroupEntry[]): void {
  if (groups.some(group => group.slurmNodeType !== undefined)) { return; }
  const without = groups.filter(group => !group.scripts).map(group => group.instanceGroupName);
  if (without.length > 0) { warn(scope, RULES.slurmNotSetUp, { property: 'slurmNode', got: without }); }
}

/** Advice on the roles of all groups, whose policies grow with the folders that they read. */
export function adviseRoles(scope: Construct, roles: ExecutionRole[]): void {
  for (const execution of roles) {
    const size = execution.policySize();
    if (size > INLINE_POLICIES) {
      warn(scope, RULES.rolePolicySize, { property: 'executionRole', got: { role: execution.role.node.path, characters: size } });
    }
  }
}

/** Refuses roles that the services can't assume. */
export function judgeTrust(executionRoles: iam.IRole[], clusterRole: iam.IRole | undefined): string[] {
  const assumed = [
    ...executionRoles.map(role => ({ property: 'executionRole', role, service: 'sagemaker' })),
    ...clusterRole ? [{ property: 'autoScaling.role', role: clusterRole, service: 'hyperpod.sagemaker' }] : [],
  ];
  return assumed.filter(({ role, service }) => trusts(role, service) === false).map(({ property, role, service }) =>
    describe(RULES.roleTrust, { property, got: { role: role.node.path, service: `${service}.amazonaws.com` } }));
}

/** Checks what a user says of the groups of a cluster that exists. */
export function checkDescribedGroups(problems: Problems, groups: readonly GroupCapacity[]): void {
  groups.forEach(({ instanceType, instanceCount, partitions }, index) => {
    checkForm(problems, RULES.instanceGroupCount, `instanceGroups[${index}].instanceCount`, instanceCount);
    if (partitions) { checkLayout(problems, `instanceGroups[${index}].`, partitions, instanceType); }
  });
}

/** Advice on the groups of a cluster that exists. */
export function adviseDescribedGroups(scope: Construct, groups: readonly GroupCapacity[]): void {
  groups.forEach(({ instanceType, partitions }, index) => {
    if (partitions) { adviseLayout(scope, `instanceGroups[${index}].`, partitions, instanceType); }
  });
}
