import type { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { areDifferentVpcs, groupsOfOtherVpcs } from '../../private/places';
import { describe, warn, type Problems } from '../../private/problems';
import { markOf, membersOf, renderedProperties, resourcesOfType } from '../../private/rendered';
import { GROUP_TYPES, SecurityRules, groupsOfApp, type Direction } from '../../private/security-rules';
import { closedTo, NODES_EGRESS, unreachableFrom } from '../../private/ways-out';

/** The ports of Slurm's daemons: nodes call the controller, and the controller calls nodes. */
const SLURMCTLD = 6817;
const SLURMD = 6818;

/** What nodes call as they start. */
const SERVICES = ['pcs'];

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
    : { groups: groupsOfApp(network.securityGroups ?? []), efa: network.efa };
  adviseService(network, groups ?? groupsOfApp(network.attached ?? []));
  if (!groups) { return; }
  advisePorts(network, groups);
  const closed = efa ? new SecurityRules(nodes, groups).missingAmong(groups) : [];
  if (closed.length > 0) { warn(network.owner, RULES.securityGroupsEfa, { property: 'securityGroups', got: closed }); }
}

/** Nodes register themselves with the service. What groups that the cluster made let out is a matter of its traffic. */
function adviseService({ owner, vpc, securityGroups, template }: NodeNetwork, groups: CfnResource[] | undefined): void {
  const closed = groups ? SERVICES.flatMap(service => closedTo(owner, vpc, groups, service)) : [];
  if (closed.length === 0) { return; }
  const made = closed.includes(NODES_EGRESS) ? 'traffic' : 'vpc';
  warn(owner, RULES.serviceClosed, { property: securityGroups || template ? 'securityGroups' : made, got: closed });
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
