import { CfnResource, aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';

/** Lets members of a group send each other everything, as EFA needs it. */
export function openAmong(group: ec2.ISecurityGroup, ...directions: ('ingress' | 'egress')[]): ec2.ISecurityGroup {
  const rule = { groupId: group.securityGroupId, ipProtocol: '-1' };
  if (directions.includes('ingress')) { new ec2.CfnSecurityGroupIngress(group, 'In', { ...rule, sourceSecurityGroupId: group.securityGroupId }); }
  if (directions.includes('egress')) { new ec2.CfnSecurityGroupEgress(group, 'Out', { ...rule, destinationSecurityGroupId: group.securityGroupId }); }
  return group;
}

const defaultGroup = (stack: Stack, vpc: ec2.IVpc) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', (vpc as ec2.Vpc).vpcDefaultSecurityGroup);

/** Security groups that let members send each other everything, by how they say so. */
export const OPEN: Record<string, (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[]> = {
  'a group with rules beside it': (stack, vpc) => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')],
  'a closed group to which the CDK adds both rules': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.addIngressRule(group, ec2.Port.allTraffic());
    group.addEgressRule(group, ec2.Port.allTraffic());
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);
    return [group];
  },
  'an L1 group': (stack, vpc) => {
    const group = new ec2.CfnSecurityGroup(stack, 'Group', { groupDescription: 'nodes', vpcId: vpc.vpcId });
    /* A rule of egress beside a group takes its default rule away. */
    new ec2.CfnSecurityGroupEgress(stack, 'Outwards', { groupId: group.attrGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });
    return [openAmong(ec2.SecurityGroup.fromSecurityGroupId(stack, 'Nodes', group.attrGroupId), 'ingress', 'egress')];
  },
  'rules in plain CloudFormation': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    const GroupId = group.securityGroupId;
    new CfnResource(stack, 'In', { type: 'AWS::EC2::SecurityGroupIngress', properties: { GroupId, IpProtocol: -1, SourceSecurityGroupId: GroupId } });
    new CfnResource(stack, 'Out', { type: 'AWS::EC2::SecurityGroupEgress', properties: { GroupId, IpProtocol: '-1', DestinationSecurityGroupId: GroupId } });
    return [group];
  },
  'rules in overrides': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    const resource = group.node.defaultChild as ec2.CfnSecurityGroup;
    const other = new ec2.SecurityGroup(stack, 'Other', { vpc });
    const rule = { IpProtocol: '-1', Description: 'among nodes' };
    resource.addPropertyOverride('SecurityGroupIngress', [{ ...rule, SourceSecurityGroupId: other.securityGroupId }]);
    resource.addPropertyOverride('SecurityGroupEgress', [{ ...rule, DestinationSecurityGroupId: other.securityGroupId }]);
    return [group, other];
  },
  'two groups that name each other': (stack, vpc) => {
    const [one, other] = ['One', 'Other'].map(id => new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false }));
    one.connections.allowTo(other, ec2.Port.allTraffic());
    other.connections.allowTo(one, ec2.Port.allTraffic());
    one.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);
    return [one, other];
  },
  'a group that exists': stack => [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
  'a closed group beside one that exists': (stack, vpc) => [
    new ec2.SecurityGroup(stack, 'Group', { vpc }), ec2.SecurityGroup.fromSecurityGroupId(stack, 'Other', 'sg-0123456789abcdef0'),
  ],
  'the default group of the VPC with a rule outwards': (stack, vpc) => [openAmong(defaultGroup(stack, vpc), 'egress')],
};

/** Security groups that don't, by what they lack. */
export const CLOSED: Record<string, (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[]> = {
  'no rule': (stack, vpc) => [new ec2.SecurityGroup(stack, 'Group', { vpc })],
  'a rule inwards alone, since the CDK drops the other': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: true });
    group.connections.allowInternally(ec2.Port.allTraffic());
    return [group];
  },
  'a rule outwards alone': (stack, vpc) => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'egress')],
  'rules for TCP alone': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.connections.allowInternally(ec2.Port.allTcp());
    return [group];
  },
  'rules for all addresses of the VPC': (stack, vpc) => {
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.allTraffic());
    group.addEgressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.allTraffic());
    return [group];
  },
  'the default group of the VPC': (stack, vpc) => [defaultGroup(stack, vpc)],
  'rules for another group': (stack, vpc) => {
    const [group, other] = ['Group', 'Other'].map(id => new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false }));
    group.connections.allowFrom(other, ec2.Port.allTraffic());
    group.connections.allowTo(other, ec2.Port.allTraffic());
    return [group];
  },
};

/** A VPC whose only subnets have no way out. */
export function isolated(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Isolated', {
    maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
  });
}

/** A group that lets its members call what it is told to, and nothing else. */
const closedGroup = (stack: Stack, vpc: ec2.IVpc, id = 'Group') => {
  // Rules by L1s, beside which the L2 keeps the rule that lets nothing out.
  const group = new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
  const tcp = { groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 0, toPort: 65535 };
  new ec2.CfnSecurityGroupIngress(group, 'In', { ...tcp, sourceSecurityGroupId: group.securityGroupId });
  new ec2.CfnSecurityGroupEgress(group, 'Out', { ...tcp, destinationSecurityGroupId: group.securityGroupId });
  return group;
};
const endpointOf = (service: string, vpc: ec2.IVpc, options: Partial<ec2.InterfaceVpcEndpointOptions> = {}) =>
  vpc.addInterfaceEndpoint('Endpoint', { service: new ec2.InterfaceVpcEndpointAwsService(service), open: false, ...options });

/** Security groups of nodes, and endpoints, that keep nodes from a service. */
export function closedTo(service: string): Record<string, (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[]> {
  return {
    'a group with rules for its members alone': (stack, vpc) => [closedGroup(stack, vpc)],
    'a group with other ports outwards': (stack, vpc) => {
      const group = closedGroup(stack, vpc);
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80));
      return [group];
    },
    'an endpoint that lets nobody in': (stack, vpc) => {
      endpointOf(service, vpc);
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'an endpoint that the group doesn\'t let its members call': (stack, vpc) => {
      const [endpoint, group, other] = [endpointOf(service, vpc), closedGroup(stack, vpc), closedGroup(stack, vpc, 'Other')];
      endpoint.connections.securityGroups[0].addIngressRule(group, ec2.Port.HTTPS);
      new ec2.CfnSecurityGroupEgress(group, 'ToOther', {
        groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 443, toPort: 443, destinationSecurityGroupId: other.securityGroupId,
      });
      return [group];
    },
    'an endpoint with the default group of the VPC': (stack, vpc) => {
      new ec2.CfnVPCEndpoint(stack, 'Endpoint', { vpcId: vpc.vpcId, serviceName: `com.amazonaws.${stack.region}.${service}`, vpcEndpointType: 'Interface' });
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'the default group of a VPC that the CDK takes the rules out of': (stack, vpc) => {
      const restricted = { DefaultSecurityGroupId: (vpc as ec2.Vpc).vpcDefaultSecurityGroup, Account: '111122223333' };
      new CfnResource(stack, 'Restricted', { type: 'Custom::VpcRestrictDefaultSG', properties: restricted });
      return [defaultGroup(stack, vpc)];
    },
  };
}

/** Security groups of nodes, and endpoints, that let nodes call a service. */
export function openTo(service: string): Record<string, (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[]> {
  return {
    'a group with all traffic outwards': (stack, vpc) => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')],
    'a group with HTTPS outwards': (stack, vpc) => {
      const group = closedGroup(stack, vpc);
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);
      return [group];
    },
    'a group with HTTPS over IPv6': (stack, vpc) => {
      const group = closedGroup(stack, vpc);
      group.addEgressRule(ec2.Peer.anyIpv6(), ec2.Port.HTTPS);
      return [group];
    },
    'a group with a list of prefixes': (stack, vpc) => {
      const group = closedGroup(stack, vpc);
      group.addEgressRule(ec2.Peer.prefixList('pl-0123456789abcdef0'), ec2.Port.HTTPS);
      return [group];
    },
    'a group with a way to a proxy': (stack, vpc) => {
      const [group, proxy] = [closedGroup(stack, vpc), closedGroup(stack, vpc, 'Proxy')];
      group.addEgressRule(proxy, ec2.Port.HTTPS);
      return [group];
    },
    'an endpoint with rules at both ends': (stack, vpc) => {
      const [endpoint, group] = [endpointOf(service, vpc), closedGroup(stack, vpc)];
      group.connections.allowTo(endpoint, ec2.Port.HTTPS);
      return [group];
    },
    'an endpoint in the group of the nodes': (stack, vpc) => {
      const group = closedGroup(stack, vpc);
      endpointOf(service, vpc, { securityGroups: [group] });
      return [group];
    },
    'an endpoint that is open to the VPC': (stack, vpc) => {
      endpointOf(service, vpc, { open: true });
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'a closed endpoint by which no name leads': (stack, vpc) => {
      endpointOf(service, vpc, { privateDnsEnabled: false });
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'a closed endpoint of another VPC, and one of another service': (stack, vpc) => {
      endpointOf(service, new ec2.Vpc(stack, 'OtherVpc', { maxAzs: 1 }));
      endpointOf('sqs', vpc);
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'an endpoint whose groups are known at deployment': (stack, vpc) => {
      const endpoint = new ec2.CfnVPCEndpoint(stack, 'Endpoint', { vpcId: vpc.vpcId, serviceName: `com.amazonaws.${stack.region}.${service}`, vpcEndpointType: 'Interface' });
      endpoint.addPropertyOverride('SecurityGroupIds', { 'Fn::Split': [',', { 'Fn::ImportValue': 'groups' }] });
      return [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')];
    },
    'the default group of the VPC': (stack, vpc) => [defaultGroup(stack, vpc)],
    'the default group of a VPC, while the CDK takes the rules out of another': (stack, vpc) => {
      new ec2.Vpc(stack, 'Restricted', { maxAzs: 1, restrictDefaultSecurityGroup: true });
      return [defaultGroup(stack, vpc)];
    },
    'a group that exists': stack => [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
  };
}

/** Ways out of such a VPC, for which endpoints of a service are one. */
export function waysOut(service: string): Record<string, (stack: Stack, vpc: ec2.Vpc) => ec2.IVpc> {
  const endpoint = (name: string) => (stack: Stack, vpc: ec2.Vpc) => {
    new ec2.CfnVPCEndpoint(stack, 'Endpoint', { vpcId: vpc.vpcId, serviceName: name, vpcEndpointType: 'Interface' });
    return vpc;
  };
  return {
    'an endpoint': (stack, vpc) => endpoint(`com.amazonaws.${stack.region}.${service}`)(stack, vpc),
    'an endpoint for FIPS': (stack, vpc) => endpoint(`com.amazonaws.${stack.region}.${service}-fips`)(stack, vpc),
    'an endpoint whose name is known at deployment': (stack, vpc) => {
      const resource = new ec2.CfnVPCEndpoint(stack, 'Endpoint', { vpcId: vpc.vpcId, serviceName: 'x' });
      resource.addPropertyOverride('ServiceName', { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.${service}` });
      return vpc;
    },
    'a route by a transit gateway': (stack, vpc) => {
      new ec2.CfnRoute(stack, 'Route', {
        routeTableId: vpc.isolatedSubnets[0].routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-0123456789abcdef0',
      });
      return vpc;
    },
    'routes that a VPN gateway propagates': (stack, vpc) => {
      new ec2.CfnVPNGatewayRoutePropagation(stack, 'Routes', {
        routeTableIds: [vpc.isolatedSubnets[0].routeTable.routeTableId], vpnGatewayId: 'vgw-0123456789abcdef0',
      });
      return vpc;
    },
    'a VPC that exists': stack => ec2.Vpc.fromVpcAttributes(stack, 'Given', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], isolatedSubnetIds: ['subnet-a'],
    }),
    'a VPC with a NAT gateway': stack => new ec2.Vpc(stack, 'WithNat', { maxAzs: 1 }),
  };
}
