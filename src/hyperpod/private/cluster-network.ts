import { CfnResource, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Dependable, type Construct, type IConstruct, type IDependable } from 'constructs';
import { isConcrete } from '../../private/problems';

/** The security groups and subnets of a cluster. */
export interface ClusterNetwork {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SelectedSubnets;
  readonly securityGroups: ec2.ISecurityGroup[];
  /** The rules that nodes need from their first minute to their last. */
  readonly rules: CfnResource[];
}

/** A group whose members may do everything among themselves, as EFA needs it, and reach the outside. */
export function createSecurityGroup(scope: Construct, vpc: ec2.IVpc): { readonly group: ec2.SecurityGroup; readonly rules: CfnResource[] } {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description: 'HyperPod nodes', allowAllOutbound: true });
  const rule = { groupId: group.securityGroupId, ipProtocol: '-1', description: 'EFA and other traffic among nodes' };
  return {
    group,
    rules: [
      new ec2.CfnSecurityGroupIngress(group, 'FromItself', { ...rule, sourceSecurityGroupId: group.securityGroupId }),
      // EFA needs an egress rule that names the group, which the L2 would drop beside the rule for all addresses.
      new ec2.CfnSecurityGroupEgress(group, 'ToItself', { ...rule, destinationSecurityGroupId: group.securityGroupId }),
    ],
  };
}

/** Lets nodes and the control plane of EKS talk to each other. */
export function allowControlPlane(scope: Construct, nodes: ec2.ISecurityGroup, controlPlaneGroupId: string): CfnResource[] {
  return [
    new ec2.CfnSecurityGroupIngress(scope, 'FromControlPlane', {
      groupId: nodes.securityGroupId, ipProtocol: '-1', sourceSecurityGroupId: controlPlaneGroupId, description: 'From the EKS control plane',
    }),
    new ec2.CfnSecurityGroupIngress(scope, 'ToControlPlane', {
      groupId: controlPlaneGroupId, ipProtocol: '-1', sourceSecurityGroupId: nodes.securityGroupId, description: 'From HyperPod nodes',
    }),
  ];
}

/**
 * What nodes need to reach AWS while they start and while they end: the routes out of their subnets, and the endpoints of the
 * VPC. Only those resources themselves, since whole constructs bring along what users have put below them.
 */
export function waysOut(vpc: ec2.IVpc, subnets: ec2.ISubnet[]): IDependable {
  const group = {};
  Dependable.implement(group, {
    // Read when the app is synthesized, since routes and endpoints may come later.
    get dependencyRoots(): IConstruct[] {
      const routes = subnets.flatMap(subnet => Dependable.of(subnet.internetConnectivityEstablished).dependencyRoots)
        .flatMap(root => CfnResource.isCfnResource(root) ? [root] : [root.node.defaultChild].filter(CfnResource.isCfnResource));
      const associations = subnets.flatMap(subnet => subnet.node.children)
        .filter(child => child instanceof ec2.CfnSubnetRouteTableAssociation);
      const endpoints = vpc.node.children.map(child => child.node.defaultChild).filter(child => child instanceof ec2.CfnVPCEndpoint);
      return [...new Set([...routes, ...associations, ...endpoints])];
    },
  });
  return group;
}

/** How many addresses a subnet has for nodes, or undefined where that isn't known. EC2 keeps five of each subnet. */
export function addressesOf(subnet: ec2.ISubnet): number | undefined {
  let block: string | undefined;
  try {
    block = subnet.ipv4CidrBlock;
  } catch {
    return undefined;
  }
  const prefix = isConcrete(block) ? /\/(\d+)$/.exec(block)?.[1] : undefined;
  return prefix === undefined ? undefined : 2 ** (32 - Number(prefix)) - 5;
}
