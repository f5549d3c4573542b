import { type CfnResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { RULES } from './rules';
import { isConcrete, type Problems } from '../../private/problems';
import type { PortRange, TrafficChoice } from '../vocabulary/slurm-traffic';

/** The ports that the daemons of Slurm listen on. */
const SLURMCTLD = { fromPort: 6817, toPort: 6817 };
const SLURMD = { fromPort: 6818, toPort: 6818 };
const SLURMDBD = { fromPort: 6819, toPort: 6819 };
const SLURMRESTD = { fromPort: 6820, toPort: 6820 };

/** The security groups of a cluster. */
export interface ClusterNetwork {
  /** Those of the controller. */
  readonly controller: ec2.ISecurityGroup[];
  /** Those of the nodes. */
  readonly nodes: ec2.ISecurityGroup[];
  /** The rules that nodes need from their first minute on. */
  readonly rules: CfnResource[];
  /** What nodes with EFA network cards need besides. Undefined where `nodes` allow it already. */
  readonly efa?: () => EfaNetwork;
}

/** A security group among whose members EFA works. */
export interface EfaNetwork {
  readonly group: ec2.ISecurityGroup;
  readonly rules: CfnResource[];
}

/** What the security groups of a cluster depend on. */
export interface ClusterNetworkOptions {
  readonly vpc: ec2.IVpc;
  readonly traffic: TrafficChoice;
  readonly ipv6: boolean;
  readonly accounting: boolean;
  readonly rest: boolean;
}

/** Checks the ports of srun. */
export function checkTraffic(problems: Problems, traffic: TrafficChoice | undefined): void {
  if (traffic?.kind !== 'restrictive') { return; }
  const { fromPort, toPort } = traffic.srunPorts;
  const isPort = (port: number) => Number.isInteger(port) && port >= 1024 && port <= 65535;
  if ([fromPort, toPort].every(isConcrete) && !(isPort(fromPort) && isPort(toPort) && fromPort <= toPort)) {
    problems.add(RULES.srunPorts, { property: 'traffic.srunPorts', got: { fromPort, toPort } });
  }
}

/** The ports of srun in the form of slurm.conf, where Slurm has to be told. */
export function srunPortRange(traffic: TrafficChoice | undefined): string | undefined {
  return traffic?.kind === 'restrictive' ? `${traffic.srunPorts.fromPort}-${traffic.srunPorts.toPort}` : undefined;
}

/** Creates the security groups of a cluster, below it. */
export function createClusterNetwork(scope: Construct, options: ClusterNetworkOptions): ClusterNetwork {
  return options.traffic.kind === 'permissive'
    ? createPermissive(scope, options)
    : createRestrictive(scope, options, options.traffic.srunPorts);
}

/** One group whose members may do everything among themselves. */
function createPermissive(scope: Construct, { vpc, ipv6 }: ClusterNetworkOptions): ClusterNetwork {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Slurm controller and nodes',
    allowAllOutbound: true,
    allowAllIpv6Outbound: ipv6 ? true : undefined,
  });
  return { controller: [group], nodes: [group], rules: allowAllAmongMembers(group, 'Slurm and EFA traffic among members') };
}

/** A group of the controller and a group of nodes, with the ports of Slurm between them. */
function createRestrictive(scope: Construct, { vpc, accounting, rest }: ClusterNetworkOptions, srunPorts: PortRange): ClusterNetwork {
  const closed = { vpc, allowAllOutbound: false };
  const controller = new ec2.SecurityGroup(scope, 'ControllerSecurityGroup', { ...closed, description: 'Slurm controller' });
  const nodes = new ec2.SecurityGroup(scope, 'NodeSecurityGroup', { ...closed, description: 'Slurm nodes' });
  const rules = [
    ...allow('Slurmctld', nodes, controller, SLURMCTLD, 'slurmctld, from nodes to controller'),
    ...accounting ? allow('Slurmdbd', nodes, controller, SLURMDBD, 'slurmdbd, from nodes to controller') : [],
    ...rest ? allow('Slurmrestd', nodes, controller, SLURMRESTD, 'slurmrestd, from nodes to controller') : [],
    ...allow('Slurmd', controller, nodes, SLURMD, 'slurmd, from controller to nodes'),
    ...allow('SlurmdAmongNodes', nodes, nodes, SLURMD, 'slurmd, among nodes'),
    ...allow('SrunAmongNodes', nodes, nodes, srunPorts, 'srun, among nodes'),
  ];
  let efa: EfaNetwork | undefined;
  const createEfa = () => {
    const group = new ec2.SecurityGroup(scope, 'EfaSecurityGroup', { ...closed, description: 'Slurm nodes with EFA' });
    return { group, rules: allowAllAmongMembers(group, 'EFA traffic among members') };
  };
  return { controller: [controller], nodes: [nodes], rules, efa: () => efa ??= createEfa() };
}

/** Opens TCP ports from one group to another, at both ends. */
function allow(id: string, from: ec2.SecurityGroup, to: ec2.SecurityGroup, ports: PortRange, description: string): CfnResource[] {
  const rule = { ipProtocol: 'tcp', ...ports, description };
  return [
    new ec2.CfnSecurityGroupIngress(to, `${id}In`, { ...rule, groupId: to.securityGroupId, sourceSecurityGroupId: from.securityGroupId }),
    new ec2.CfnSecurityGroupEgress(from, `${id}Out`, {
      ...rule, groupId: from.securityGroupId, destinationSecurityGroupId: to.securityGroupId,
    }),
  ];
}

/** Lets members of a group do everything among themselves, as EFA needs it. */
function allowAllAmongMembers(group: ec2.SecurityGroup, description: string): CfnResource[] {
  const rule = { groupId: group.securityGroupId, ipProtocol: '-1', description };
  return [
    new ec2.CfnSecurityGroupIngress(group, 'FromItself', { ...rule, sourceSecurityGroupId: group.securityGroupId }),
    // EFA needs an egress rule that names the group, which the L2 would drop beside the rule for all addresses.
    new ec2.CfnSecurityGroupEgress(group, 'ToItself', { ...rule, destinationSecurityGroupId: group.securityGroupId }),
  ];
}
