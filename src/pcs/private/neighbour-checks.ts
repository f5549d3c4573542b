import type { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { areDifferentVpcs, groupsOfOtherVpcs, resourceBehind } from '../../private/places';
import { describe, isIntrinsic, warn, type Problems } from '../../private/problems';
import { isMark, markOf, membersOf, renderedProperties, resourcesOfType } from '../../private/rendered';
import { GROUP_TYPES, SecurityRules, groupsOfApp, type Direction } from '../../private/security-rules';
import { closedTo, NODES_EGRESS, unreachableFrom } from '../../private/ways-out';

/** The ports of Slurm's daemons: nodes call the controller, and the controller calls nodes. */
const SLURMCTLD = 6817;
const SLURMD = 6818;

/** What nodes call as they start. */
const SERVICES = ['pcs'];

/** The role by which AWS PCS launches nodes. */
const LAUNCHING_ROLE = 'AWSServiceRoleForPCS';

/** The properties that give a subnet addresses of IPv6. */
const IPV6_BLOCKS = ['Ipv6CidrBlock', 'Ipv6IpamPoolId', 'Ipv6Native'];

/** The network of a node group, and what it shares with its cluster. */
export interface NodeNetwork {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.ISubnet[];
  /** The security groups, where they are given. Undefined where the cluster has made them. */
  readonly securityGroups?: ec2.ISecurityGroup[];
  /** All security groups that nodes have, whoever made them. Undefined where a launch template of the user has them. */
  readonly attached?: ec2.ISecurityGroup[];
  /** Whether there are network interfaces with EFA. */
  readonly efa: boolean;
  /** The launch template that has security groups and interfaces, instead of these. */
  readonly template?: CfnResource;
  /** Those of the controller. */
  readonly controller: ec2.ISecurityGroup[];
  /** Where advice on the security groups is told: at the node group, or once at the cluster that they come from. */
  readonly owner: IConstruct;
}

/** Refuses a node group in another VPC than its cluster. */
export function checkVpcOfCluster(problems: Problems, vpc: ec2.IVpc | undefined, ofCluster: ec2.IVpc | undefined): void {
  if (areDifferentVpcs(vpc?.vpcId, ofCluster?.vpcId)) { problems.add(RULES.otherVpc, { property: 'vpc', got: vpc!.node.path }); }
}

/** Refuses security groups of another VPC, when the app is complete. */
export function judgeGroups(scope: IConstruct, vpc: ec2.IVpc, groups: ec2.ISecurityGroup[] | undefined): string[] {
  const others = groupsOfOtherVpcs(scope, vpc, groups ?? []);
  return others.length === 0 ? [] : [describe(RULES.otherVpc, { property: 'securityGroups', got: others })];
}

/** Advice on the network of nodes, when the app is complete. */
export function adviseNetwork(nodes: IConstruct, network: NodeNetwork): void {
  const missing = unreachableFrom(nodes, network.subnets, SERVICES);
  if (missing.length > 0) { warn(nodes, RULES.noWayOut, { property: 'vpcSubnets', got: missing }); }
  const { groups, efa } = network.template
    ? readTemplate(network.template)
    : { groups: network.securityGroups && groupsOfApp(network.securityGroups), efa: network.efa };
  adviseService(network, groupsOfNodes(network));
  if (!groups) { return; }
  advisePorts(network, groups);
  const closed = efa ? new SecurityRules(nodes, groups).missingAmong(groups) : [];
  if (closed.length > 0) { warn(network.owner, RULES.securityGroupsEfa, { property: 'securityGroups', got: closed }); }
}

/** Advice on the services that nodes call for their scripts, when the app is complete. */
export function adviseScripts(nodes: IConstruct, network: NodeNetwork, property: string, services: string[]): void {
  const groups = groupsOfNodes(network) ?? [];
  const got = [
    ...unreachableFrom(nodes, network.subnets, services),
    ...groups.length === 0 ? [] : services.flatMap(service => closedTo(network.owner, network.vpc, groups, service)),
  ];
  if (got.length > 0) { warn(nodes, RULES.scriptsUnreachable, { property, got: [...new Set(got)] }); }
}

/** The security groups of nodes, whoever made them, where all of them are of the app. */
export function groupsOfNodes({ template, attached = [] }: NodeNetwork): CfnResource[] | undefined {
  return template ? readTemplate(template).groups : groupsOfApp(attached);
}

/** Nodes register themselves with the service. What groups that the cluster made let out is a matter of its traffic. */
function adviseService({ owner, vpc, securityGroups, template }: NodeNetwork, groups: CfnResource[] | undefined): void {
  const closed = groups ? SERVICES.flatMap(service => closedTo(owner, vpc, groups, service)) : [];
  if (closed.length === 0) { return; }
  const made = closed.includes(NODES_EGRESS) ? 'traffic' : 'vpc';
  warn(owner, RULES.serviceClosed, { property: securityGroups || template ? 'securityGroups' : made, got: closed });
}

/** Advice on keys of the app by which a launch template encrypts volumes, when the app is complete: AWS PCS has to be in their policies. */
export function adviseKeys(nodes: IConstruct, template: CfnResource | undefined): void {
  const data = template && membersOf(renderedProperties(template)?.LaunchTemplateData);
  const devices = data && Array.isArray(data.BlockDeviceMappings) ? data.BlockDeviceMappings.map(membersOf) : [];
  const used = new Set(devices.map(device => membersOf(device.Ebs).KmsKeyId));
  const roles = new Set(resourcesOfType(nodes, 'AWS::IAM::Role').map(markOf));
  const closed = resourcesOfType(nodes, 'AWS::KMS::Key').filter(key => used.has(markOf(key)) && !letsLaunch(renderedProperties(key)?.KeyPolicy, roles));
  if (closed.length > 0) { warn(nodes, RULES.keyPolicy, { property: 'launch', got: closed.map(key => key.node.path) }); }
}

/**
 * Whether the policy of a key lets AWS PCS use it: some statement names its role, or everybody under conditions. What can't be read does.
 */
function letsLaunch(policy: unknown, roles: ReadonlySet<string>): boolean {
  const statements = membersOf(policy).Statement;
  if (!Array.isArray(statements)) { return true; }
  return statements.some(statement => {
    const { Effect: effect, Principal: principal } = membersOf(statement);
    if ([statement, effect, principal].some(isIntrinsic)) { return true; }
    if (effect !== 'Allow') { return false; }
    const named = typeof principal === 'string' ? [principal] : [membersOf(principal).AWS].flat();
    const isIt = (one: unknown) => typeof one !== 'string' || one === '*' || one.includes(LAUNCHING_ROLE) || (isOpen(one) && !roles.has(one));
    return named.some(one => one !== undefined && isIt(one));
  });
}

/** Whether an ARN may be of any role: what comes after the account is known at deployment. */
function isOpen(arn: string): boolean {
  return /\{reference to [^:]*$/.test(arn);
}

/** Advice on subnets of the app without IPv6 addresses, for a cluster of IPv6, when the app is complete. */
export function adviseAddresses(scope: IConstruct, subnets: ec2.ISubnet[]): void {
  const beside = resourcesOfType(scope, 'AWS::EC2::SubnetCidrBlock').map(block => renderedProperties(block)?.SubnetId);
  const without = subnets.filter(subnet => {
    const resource = resourceBehind(subnet.subnetId);
    const properties = resource?.cfnResourceType === 'AWS::EC2::Subnet' ? renderedProperties(resource) : undefined;
    return properties !== undefined && IPV6_BLOCKS.every(name => properties[name] === undefined)
      && beside.every(id => isMark(id) && id !== markOf(resource!));
  });
  if (without.length > 0) { warn(scope, RULES.subnetsWithoutIpv6, { property: 'vpcSubnets', got: without.map(subnet => subnet.node.path) }); }
}

function advisePorts({ owner, controller }: NodeNetwork, nodes: CfnResource[]): void {
  const controllers = groupsOfApp(controller);
  if (!controllers) { return; }
  const rules = new SecurityRules(owner, [...new Set([...nodes, ...controllers])]);
  const got = {
    ...portEntry(SLURMCTLD, rules.missingPort(SLURMCTLD, nodes, controllers), { egress: 'nodes', ingress: 'controller' }),
    ...portEntry(SLURMD, rules.missingPort(SLURMD, controllers, nodes), { egress: 'controller', ingress: 'nodes' }),
  };
  if (Object.keys(got).length > 0) { warn(owner, RULES.securityGroupsClosed, { property: 'securityGroups', got }); }
}

function portEntry(port: number, missing: Direction[], ends: Record<Direction, string>): Record<string, string[]> {
  return missing.length === 0 ? {} : { [port]: missing.map(direction => `${direction} of ${ends[direction]}`) };
}

/** The security groups of a launch template, where all are of the app, and whether it has interfaces with EFA. */
function readTemplate(template: CfnResource): { readonly groups?: CfnResource[]; readonly efa: boolean } {
  const data = membersOf(renderedProperties(template)?.LaunchTemplateData);
  const interfaces = Array.isArray(data.NetworkInterfaces) ? data.NetworkInterfaces.map(membersOf) : [];
  const lists = [data.SecurityGroupIds, ...interfaces.map(item => item.Groups)].filter(list => list !== undefined);
  const byMark = new Map(resourcesOfType(template, ...GROUP_TYPES).map(group => [markOf(group), group]));
  const groups = lists.flatMap(list => Array.isArray(list) ? list.map(id => byMark.get(id)) : [undefined]);
  const areKnown = groups.length > 0 && groups.every((group): group is CfnResource => group !== undefined);
  return { groups: areKnown ? groups as CfnResource[] : undefined, efa: interfaces.some(item => item.InterfaceType === 'efa' || item.InterfaceType === 'efa-only') };
}
