import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  Aspects, Aws, CfnCondition, CfnMapping, CfnParameter, CfnResource, Fn, Size, Stack,
  aws_ec2 as ec2, aws_iam as iam, aws_kms as kms, type App,
} from 'aws-cdk-lib';
import type { RuleCase } from './harness';
import { CLOSED, OPEN, closedTo, isolated, openAmong, openTo, waysOut } from './networks';
import * as pcs from '../../src/pcs';
import { clusterIn, nodes, types, vpcIn } from '../pcs/fixture';

type Program = (stack: Stack) => void;
type Groups = (stack: Stack, vpc: ec2.IVpc) => ec2.ISecurityGroup[];

const vpcOf = (stack: Stack, id = 'Vpc') => new ec2.Vpc(stack, id, { maxAzs: 1 });

/** A program whose cluster, and so its nodes, have security groups. */
const sharing = (groups: Groups, options: Partial<pcs.ComputeNodeGroupOptions> = {}): Program => stack => {
  const vpc = vpcOf(stack);
  clusterIn(stack, { vpc, securityGroups: groups(stack, vpc) }).addComputeNodeGroup('Nodes', nodes(options));
};
/** A program whose nodes have security groups of their own. */
const own = (
  groups: (stack: Stack, vpc: ec2.IVpc, cluster: pcs.Cluster) => ec2.ISecurityGroup[], options: Partial<pcs.ComputeNodeGroupOptions> = {},
): Program => stack => {
  const vpc = vpcOf(stack);
  const cluster = clusterIn(stack, { vpc });
  cluster.addComputeNodeGroup('Nodes', nodes({ securityGroups: groups(stack, vpc, cluster), ...options }));
};
/** A program whose nodes have a launch template. */
const templated = (data: (groupId: string) => ec2.CfnLaunchTemplate.LaunchTemplateDataProperty, groups: Groups = CLOSED['no rule']): Program => stack => {
  const vpc = vpcOf(stack);
  const [group] = groups(stack, vpc);
  const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: data(group.securityGroupId) });
  clusterIn(stack, { vpc, securityGroups: [group] }).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.fromLaunchTemplate(template) }));
};
const on = (given: (stack: Stack) => ec2.IVpc): Program => stack => { clusterIn(stack, { vpc: given(stack) }).addComputeNodeGroup('Nodes', nodes()); };
const running = (source: () => pcs.ScriptSource): Program => stack => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [{ name: 'Set-up', source: source() }] } }));
};
const inZone = (...zones: string[]): Program => stack => {
  const subnets = zones.map((availabilityZone, index) => ec2.Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-${index}`, availabilityZone }));
  clusterIn(stack, { vpcSubnets: { subnets } });
};
const imaged = (image: (stack: Stack) => pcs.NodeImage): Program => stack => { clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ image: image(stack) })); };
const roleOf = (stack: Stack, assumedBy: iam.IPrincipal) => new iam.Role(stack, 'Role', { path: '/aws-pcs/', assumedBy });
const withRole = (role: (stack: Stack) => iam.IRole): Program => stack => {
  clusterIn(stack, { nodeRole: pcs.NodeRole.fromRole(role(stack)) }).addComputeNodeGroup('Nodes', nodes());
};
/** A script in a file. */
function script(text: string): pcs.ScriptSource {
  const path = join(mkdtempSync(join(tmpdir(), 'scripts-')), 'set-up.sh');
  writeFileSync(path, text, 'latin1');
  return pcs.ScriptSource.fromAsset(path);
}
const P5 = { instanceTypes: types('p5.48xlarge') };

const inAll = (programs: Record<string, Groups>, make: (groups: Groups) => Program) =>
  Object.fromEntries(Object.entries(programs).map(([name, groups]) => [name, make(groups)]));

const KNOWN = pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { rootDeviceName: '/dev/xvda' });
/** A program whose nodes have encrypted root volumes. */
const encrypted = (keyOf: (stack: Stack) => kms.IKeyRef): Program => stack => {
  const rootVolume = { size: Size.gibibytes(200), encryptionKey: keyOf(stack) };
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ image: KNOWN, launch: pcs.NodeLaunch.managed({ rootVolume }) }));
};
/** A program whose nodes have a launch template of the app with an encrypted volume. */
type KeyOf = (stack: Stack) => kms.IKeyRef;
const encryptedByTemplate = (keyOf: KeyOf): Program => templated(groupId => ({ securityGroupIds: [groupId] }), (stack, vpc) => {
  const groups = OPEN['a group with rules beside it'](stack, vpc);
  const volume = { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: keyOf(stack).keyRef.keyArn } };
  Aspects.of(stack).add({
    visit: node => { if (node instanceof ec2.CfnLaunchTemplate) { node.addPropertyOverride('LaunchTemplateData.BlockDeviceMappings', [volume]); } },
  });
  return groups;
});
const keyFor = (...principals: iam.IPrincipal[]) => (stack: Stack) => {
  const key = new kms.Key(stack, 'Key');
  key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['kms:CreateGrant', 'kms:Decrypt'], resources: ['*'] }));
  return key;
};
const LAUNCHER = 'arn:aws:iam::111122223333:role/aws-service-role/pcs.amazonaws.com/AWSServiceRoleForPCS';
/** A program of a cluster of IPv6. */
const onIpv6 = (given: (stack: Stack) => ec2.IVpc, networkType = pcs.NetworkType.IPV6): Program => stack => {
  clusterIn(stack, { vpc: given(stack), networkType }).addComputeNodeGroup('Nodes', nodes());
};

/** Programs on both sides of the rules about what the app has besides. */
export const NEIGHBOUR_CASES = {
  keyPolicy: {
    refused: {
      'a key with the policy that the CDK writes': encrypted(stack => new kms.Key(stack, 'Key')),
      'a key for the role of Auto Scaling': encrypted(keyFor(new iam.ArnPrincipal(LAUNCHER.replace('pcs', 'autoscaling').replace('PCS', 'AutoScaling')))),
      'a launch template of the app': encryptedByTemplate(stack => new kms.Key(stack, 'Key')),
      'a key for another role of the app': encrypted(stack => keyFor(roleOf(stack, new iam.ServicePrincipal('ec2.amazonaws.com')))(stack)),
    },
    told: { 'a key with the policy that the CDK writes': ['launch', '["Stack/Key/Resource"]'] },
    accepted: {
      'a key for the role that launches nodes': encrypted(keyFor(new iam.ArnPrincipal(LAUNCHER))),
      'a key for that role under its path, in any partition': encrypted(stack => keyFor(new iam.ArnPrincipal(
        Fn.sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/pcs.amazonaws.com/AWSServiceRoleForPCS'),
      ))(stack)),
      'a key for whoever has that ARN': encrypted(stack => keyFor(new iam.AnyPrincipal().withConditions({ ArnLike: { 'aws:PrincipalArn': LAUNCHER } }))(stack)),
      'a key for a principal that is a parameter': encrypted(stack => keyFor(new iam.ArnPrincipal(
        new CfnParameter(stack, 'Launcher', { type: 'String' }).valueAsString,
      ))(stack)),
      'a key for a service-linked role of the app': encrypted(stack => keyFor(new iam.ArnPrincipal(
        `arn:aws:iam::111122223333:role/aws-service-role/pcs.amazonaws.com/${new iam.CfnServiceLinkedRole(stack, 'Linked', { awsServiceName: 'pcs.amazonaws.com' }).attrRoleName}`,
      ))(stack)),
      'a key whose statement has a condition': encrypted(stack => {
        const others = new CfnCondition(stack, 'Others', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
        const statement = { Effect: 'Allow', Principal: { AWS: LAUNCHER }, Action: 'kms:*', Resource: '*' };
        return new kms.CfnKey(stack, 'Key', { keyPolicy: { Statement: [Fn.conditionIf(others.logicalId, statement, Aws.NO_VALUE)] } });
      }),
      'a key whose policy is known at deployment': encrypted(stack => new kms.CfnKey(stack, 'Key', { keyPolicy: Fn.importValue('policy') })),
      'a key that exists': encrypted(stack => kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012')),
      'a key of the app for something else': stack => {
        new kms.Key(stack, 'Key');
        encrypted(keyed => kms.Key.fromKeyArn(keyed, 'Given', 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012'))(stack);
      },
      'a launch template with such a key': encryptedByTemplate(keyFor(new iam.ArnPrincipal(LAUNCHER))),
      'no key': stack => { clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ image: KNOWN, launch: pcs.NodeLaunch.managed({ rootVolume: { size: Size.gibibytes(200) } }) })); },
    },
  },
  subnetsWithoutIpv6: {
    refused: {
      'a VPC of IPv4': onIpv6(stack => vpcOf(stack)),
      'a subnet of IPv4 by an L1': onIpv6(stack => {
        const vpc = vpcOf(stack);
        const subnet = new ec2.CfnSubnet(stack, 'Subnet', { vpcId: vpc.vpcId, cidrBlock: '10.0.250.0/24', availabilityZone: 'us-east-1a' });
        return ec2.Vpc.fromVpcAttributes(stack, 'Of', { vpcId: vpc.vpcId, availabilityZones: ['us-east-1a'], privateSubnetIds: [subnet.attrSubnetId] });
      }),
    },
    accepted: {
      'a VPC of both': onIpv6(stack => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, ipProtocol: ec2.IpProtocol.DUAL_STACK })),
      'a block beside the subnet': onIpv6(stack => {
        const vpc = vpcOf(stack);
        for (const [index, { subnetId }] of [...vpc.privateSubnets, ...vpc.publicSubnets].entries()) {
          new CfnResource(stack, `Block${index}`, { type: 'AWS::EC2::SubnetCidrBlock', properties: { SubnetId: subnetId, Ipv6CidrBlock: '2001:db8::/64' } });
        }
        return vpc;
      }),
      'a VPC that exists': onIpv6(stack => vpcIn(stack)),
      'a cluster of IPv4': onIpv6(stack => vpcOf(stack), pcs.NetworkType.IPV4),
    },
  },
  lifecycleScriptLines: {
    refused: { 'lines of Windows': running(() => script('#!/bin/bash\r\necho hello\r\n')) },
    accepted: {
      'lines of Unix': running(() => script('#!/bin/bash\necho hello\n')),
      'a carriage return within a script': running(() => script('#!/bin/bash\nprintf "a\r\nb"\n')),
    },
  },
  lifecycleScriptInterpreter: {
    refused: { 'a script that begins with a command': running(() => script('echo hello\n')) },
    accepted: { 'a script with an interpreter': running(() => script('#!/usr/bin/env python3\n')), 'a program': running(() => script('\x7fELF\x02')) },
  },
  lifecycleScriptUnknown: {
    refused: {
      'a mistyped name': running(() => pcs.ScriptSource.fromPcsRepository('configure-efs-home-v1-latest.sh')),
      'a name without a version': running(() => pcs.ScriptSource.fromPcsRepository('mount-fsx-lustre.sh')),
    },
    accepted: Object.fromEntries([
      'configure-efs-homes-v1-latest.sh', 'mount-fsx-lustre-v1-latest.sh', 'configure-cloudwatch-logs-v1-latest.sh', 'mount-fsx-lustre-v2.1.0.sh',
      'mount-efs-v1.0.0.sh', 'configure-ldaps-v1-latest.sh',
    ].map(name => [name, running(() => pcs.ScriptSource.fromPcsRepository(name))])),
  },
  otherVpc: {
    refused: {
      'a subnet of another VPC for the cluster': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), vpcSubnets: { subnets: vpcOf(stack, 'Other').privateSubnets } });
      },
      'a subnet of another VPC for nodes': stack => {
        clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes({ vpcSubnets: { subnets: vpcOf(stack, 'Other').privateSubnets } }));
      },
      'nodes in another VPC': stack => { clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes({ vpc: vpcOf(stack, 'Other') })); },
      'a group of another VPC': sharing(stack => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') }), 'ingress', 'egress')]),
      'a group of another VPC for nodes': own(stack => [new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') })]),
      'a group of a VPC that exists, beside another one that does': stack => {
        const [vpc, other] = ['vpc-1', 'vpc-2'].map(vpcId => ec2.Vpc.fromVpcAttributes(stack, vpcId, {
          vpcId, availabilityZones: ['us-east-1a'], privateSubnetIds: [`subnet-${vpcId}`],
        }));
        clusterIn(stack, { vpc, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc: other })] });
      },
    },
    accepted: {
      'a group of the VPC': sharing(OPEN['a group with rules beside it']),
      'a group of the VPC in another stack': stack => {
        const other = new Stack(stack.node.root as App, 'Network');
        const vpc = vpcOf(other);
        clusterIn(stack, { vpc, securityGroups: [openAmong(new ec2.SecurityGroup(other, 'Group', { vpc }), 'ingress', 'egress')] });
      },
      'a group of another VPC that is associated with this one': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, 'Other') });
        new ec2.CfnSecurityGroupVpcAssociation(stack, 'Association', { groupId: group.securityGroupId, vpcId: vpc.vpcId });
        return [openAmong(group, 'ingress', 'egress')];
      }),
      'a VPC of the app, and its group by its id': stack => {
        const vpc = vpcOf(stack);
        const same = ec2.Vpc.fromVpcAttributes(stack, 'Same', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] });
        clusterIn(stack, { vpc, securityGroups: [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc: same }), 'ingress', 'egress')] });
      },
      'a VPC that is yet to be looked up': stack => {
        const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Dummy', { vpcId: 'vpc-12345', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-a'] });
        const real = ec2.Vpc.fromVpcAttributes(stack, 'Real', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-b'] });
        clusterIn(stack, { vpc, vpcSubnets: { subnets: real.privateSubnets } });
      },
      'a subnet that exists': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-a')] } });
      },
    },
  },
  noWayOut: {
    refused: {
      'isolated subnets': on(isolated),
      'isolated subnets with an endpoint of another service': on(stack => {
        const vpc = isolated(stack);
        vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
        return vpc;
      }),
      'isolated subnets beside another VPC that has the endpoint': on(stack => {
        new ec2.Vpc(stack, 'Other').addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs') });
        return isolated(stack);
      }),
      'isolated subnets of a VPC with a NAT gateway': stack => {
        const vpc = new ec2.Vpc(stack, 'Vpc', {
          maxAzs: 1,
          subnetConfiguration: [
            { name: 'Public', subnetType: ec2.SubnetType.PUBLIC }, { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
            { name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
          ],
        });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }));
      },
    },
    told: { 'isolated subnets': ['vpcSubnets', '["pcs"]'] },
    accepted: {
      ...Object.fromEntries(Object.entries(waysOut('pcs')).map(([name, way]) => [name, on(stack => way(stack, isolated(stack)))])),
      'a cluster alone in isolated subnets': stack => { clusterIn(stack, { vpc: isolated(stack) }); },
    },
  },
  serviceClosed: {
    refused: {
      ...inAll(closedTo('pcs'), sharing),
      'nodes with such a group of their own': own(closedTo('pcs')['a group with rules for its members alone']),
      'a launch template with such a group': templated(id => ({ securityGroupIds: [id] }), closedTo('pcs')['a group with rules for its members alone']),
      'restrictive traffic alone': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes());
      },
      'login nodes of restrictive traffic': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() })
          .addLoginNodeGroup('Login', { instanceType: new ec2.InstanceType('m7i.xlarge'), image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') });
      },
      'restrictive traffic and EFA': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes(P5));
      },
      'the groups that the cluster makes, and an endpoint that lets nobody in': stack => {
        const vpc = isolated(stack);
        vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes());
      },
    },
    told: {
      'a group with rules for its members alone': ['securityGroups', '["egress of nodes"]'],
      'an endpoint that lets nobody in': ['securityGroups', '["ingress of Stack/Vpc/Endpoint/Resource"]'],
      'restrictive traffic alone': ['traffic', '["egress of nodes"]'],
      'the groups that the cluster makes, and an endpoint that lets nobody in': ['vpc', '["ingress of Stack/Isolated/Pcs/Resource"]'],
    },
    accepted: {
      ...inAll(openTo('pcs'), sharing),
      'the groups that the cluster makes': stack => { clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes()); },
      'restrictive traffic with a way to the endpoint': stack => {
        const vpc = isolated(stack);
        const cluster = clusterIn(stack, { vpc, traffic: pcs.SlurmTraffic.restrictive() });
        cluster.addComputeNodeGroup('Nodes', nodes());
        cluster.nodeConnections.allowToDefaultPort(vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false }));
      },
      'an endpoint that lets a prefix list in': stack => {
        const vpc = isolated(stack);
        const inside = new ec2.PrefixList(stack, 'Inside', { entries: [{ cidr: '10.0.0.0/16' }] });
        const group = new ec2.SecurityGroup(stack, 'Endpoint', { vpc });
        group.addIngressRule(ec2.Peer.prefixList(inside.prefixListId), ec2.Port.HTTPS);
        vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false, securityGroups: [group] });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes());
      },
      'an endpoint that lets a group in that is a parameter': stack => {
        const vpc = isolated(stack);
        const group = new ec2.SecurityGroup(stack, 'Endpoint', { vpc });
        group.addIngressRule(ec2.Peer.securityGroupId(new CfnParameter(stack, 'Given', { type: 'String' }).valueAsString), ec2.Port.HTTPS);
        vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false, securityGroups: [group] });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes());
      },
      'an endpoint among the nodes, in a VPC that is known at deployment': stack => {
        const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Given', {
          vpcId: Fn.importValue('Vpc'), availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
        });
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
        for (const direction of [ec2.CfnSecurityGroupIngress, ec2.CfnSecurityGroupEgress]) {
          new direction(stack, direction.name, {
            groupId: group.securityGroupId, ipProtocol: '-1', sourceSecurityGroupId: group.securityGroupId, destinationSecurityGroupId: group.securityGroupId,
          } as ec2.CfnSecurityGroupIngressProps & ec2.CfnSecurityGroupEgressProps);
        }
        new ec2.InterfaceVpcEndpoint(stack, 'Pcs', {
          vpc, service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false, securityGroups: [group],
        });
        clusterIn(stack, { vpc, securityGroups: [group] }).addComputeNodeGroup('Nodes', nodes());
      },
      'restrictive traffic and a group of the nodes\' own': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes({ ownSecurityGroup: true }));
      },
      'restrictive traffic without nodes': stack => { clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }); },
    },
  },
  clusterZone: {
    refused: {
      'a Local Zone': inZone('us-west-2-lax-1a'),
      'a Local Zone of Asia': inZone('ap-southeast-1-bkk-1a'),
      'a Wavelength Zone': inZone('us-east-1-wl1-bos-wlz-1'),
      'an Outpost': stack => {
        const subnet = new ec2.CfnSubnet(stack, 'Outpost', {
          vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24', outpostArn: 'arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0',
        });
        clusterIn(stack, { vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', subnet.ref)] } });
      },
    },
    told: { 'a Local Zone': ['vpcSubnets', '"us-west-2-lax-1a"'] },
    accepted: {
      ...Object.fromEntries(['us-west-2a', 'us-gov-west-1a', 'us-iso-east-1a', 'eusc-de-east-1a', 'ap-southeast-1b', Aws.REGION].map(zone => [zone, inZone(zone)])),
      'a Local Zone behind one of the Region, of which the cluster takes the first': inZone('us-west-2a', 'us-west-2-lax-1a'),
      'a Local Zone for nodes': stack => {
        const subnet = ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-a', availabilityZone: 'us-west-2-lax-1a' });
        clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes({ vpcSubnets: { subnets: [subnet] } }));
      },
      'a subnet whose zone isn\'t known': stack => { clusterIn(stack, { vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-a')] } }); },
    },
  },
  imageWithoutAgent: {
    refused: {
      'Amazon Linux 2023': imaged(() => pcs.NodeImage.fromMachineImage(ec2.MachineImage.latestAmazonLinux2023())),
      'Amazon Linux 2': imaged(() => pcs.NodeImage.fromMachineImage(ec2.MachineImage.latestAmazonLinux2())),
      'Ubuntu': imaged(() => pcs.NodeImage.fromMachineImage(ec2.MachineImage.fromSsmParameter('/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'))),
      'a dynamic reference': imaged(() => pcs.NodeImage.fromAmiId('{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}')),
    },
    told: { 'a dynamic reference': ['image', '"/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"'] },
    accepted: {
      'the image of AWS PCS': imaged(() => pcs.NodeImage.pcsReadyDlami()),
      'the image of AWS PCS by its parameter': imaged(() => pcs.NodeImage.fromMachineImage(
        ec2.MachineImage.fromSsmParameter('/aws/service/pcs/ami/dlami-base-ubuntu2404/x86_64/latest/ami-id'),
      )),
      'a parameter of one\'s own': imaged(() => pcs.NodeImage.fromMachineImage(ec2.MachineImage.fromSsmParameter('/images/hpc'))),
      'a dynamic reference to a parameter of one\'s own': imaged(() => pcs.NodeImage.fromAmiId('{{resolve:ssm:/images/hpc:2}}')),
      'an id': imaged(() => pcs.NodeImage.fromAmiId('ami-0123456789abcdef0')),
      'an image of a vendor': imaged(() => pcs.NodeImage.fromAmiId('{{resolve:ssm:/aws/service/marketplace/prod-abcdefghijklm/latest}}')),
      'a parameter of the template': imaged(stack => pcs.NodeImage.fromAmiId(
        new CfnParameter(stack, 'Image', { type: 'String', default: '/aws/service/ecs/optimized-ami' }).valueAsString,
      )),
      'an image that is yet to be looked up': imaged(() => pcs.NodeImage.fromMachineImage(ec2.MachineImage.latestAmazonLinux2023({ cachedInContext: true }))),
    },
    concrete: true,
  },
  nodeRoleTrust: {
    refused: {
      'a role of SageMaker': withRole(stack => roleOf(stack, new iam.ServicePrincipal('sagemaker.amazonaws.com'))),
      'a role of an account': withRole(stack => roleOf(stack, new iam.AccountRootPrincipal())),
      'an instance profile with such a role': stack => {
        const role = roleOf(stack, new iam.ServicePrincipal('lambda.amazonaws.com'));
        const nodeRole = pcs.NodeRole.fromInstanceProfile(new iam.InstanceProfile(stack, 'Profile', { role }));
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ nodeRole }));
      },
      'a role of one node group': stack => {
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ nodeRole: pcs.NodeRole.fromRole(roleOf(stack, new iam.ServicePrincipal('batch.amazonaws.com'))) }));
      },
      'a role that lets EC2 tag sessions alone': withRole(stack => {
        const role = roleOf(stack, new iam.ServicePrincipal('ec2.amazonaws.com'));
        (role.node.defaultChild as iam.CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Action', 'sts:TagSession');
        return role;
      }),
    },
    told: { 'a role of SageMaker': ['nodeRole', '"Stack/Role"'] },
    accepted: {
      'a role of EC2': withRole(stack => roleOf(stack, new iam.ServicePrincipal('ec2.amazonaws.com'))),
      'a role of several services': withRole(stack => roleOf(stack, new iam.CompositePrincipal(
        new iam.ServicePrincipal('sagemaker.amazonaws.com'), new iam.ServicePrincipal('ec2.amazonaws.com'),
      ))),
      'a role of EC2 in China': withRole(stack => roleOf(stack, new iam.ServicePrincipal('ec2.amazonaws.com.cn'))),
      'a role of everybody': withRole(stack => roleOf(stack, new iam.AnyPrincipal())),
      'a role whose trust is a function of CloudFormation': withRole(stack => {
        const role = roleOf(stack, new iam.ServicePrincipal('lambda.amazonaws.com'));
        (role.node.defaultChild as iam.CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Principal', { Service: { 'Fn::Sub': 'ec2.${AWS::URLSuffix}' } });
        return role;
      }),
      'a role of a service by a mapping': withRole(stack => {
        const services = new CfnMapping(stack, 'Services', { mapping: { 'aws': { compute: 'ec2' }, 'aws-cn': { compute: 'ec2' } } });
        return roleOf(stack, new iam.ServicePrincipal(`${services.findInMap(Aws.PARTITION, 'compute')}.amazonaws.com`));
      }),
      'a role of a service by a dynamic reference': withRole(stack => roleOf(stack, new iam.ServicePrincipal('{{resolve:ssm:/service}}'))),
      'a role that exists': withRole(stack => iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/aws-pcs/nodes')),
      'the role that the cluster makes': stack => { clusterIn(stack).addComputeNodeGroup('Nodes', nodes()); },
    },
  },
  securityGroupsClosed: {
    refused: {
      'groups without a rule': sharing(CLOSED['no rule']),
      'groups with a rule outwards alone': sharing(CLOSED['a rule outwards alone']),
      'groups with rules for another group': sharing(CLOSED['rules for another group']),
      'groups with SSH alone': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(22));
        return [group];
      }),
      'groups with the port of the controller alone': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        group.connections.allowInternally(ec2.Port.tcp(6817));
        return [group];
      }),
      'nodes that the controller of the cluster does not know': own((stack, vpc) => [openAmong(new ec2.SecurityGroup(stack, 'Group', { vpc }), 'ingress', 'egress')]),
      'a launch template with such a group': templated(id => ({ securityGroupIds: [id] })),
    },
    told: {
      'groups with the port of the controller alone': ['securityGroups', '{"6818":["ingress of nodes"]}'],
      'nodes that the controller of the cluster does not know': ['securityGroups', '{"6817":["ingress of controller"],"6818":["ingress of nodes"]}'],
    },
    accepted: {
      ...inAll(OPEN, sharing),
      'groups with rules for TCP': sharing(CLOSED['rules for TCP alone']),
      'groups with rules for all addresses of the VPC': sharing(CLOSED['rules for all addresses of the VPC']),
      'the CDK\'s rule inwards beside all outwards': sharing(CLOSED['a rule inwards alone, since the CDK drops the other']),
      'the ports of Slurm': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        group.connections.allowInternally(ec2.Port.tcpRange(6817, 6819));
        return [group];
      }),
      'ports that are known at deployment': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        const resource = new ec2.CfnSecurityGroupIngress(stack, 'In', { groupId: group.securityGroupId, ipProtocol: 'tcp', sourceSecurityGroupId: group.securityGroupId });
        resource.addPropertyOverride('FromPort', { Ref: 'First' });
        resource.addPropertyOverride('ToPort', { Ref: 'Last' });
        return [group];
      }),
      'a rule that is a function of CloudFormation': sharing((stack, vpc) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        (group.node.defaultChild as ec2.CfnSecurityGroup).addPropertyOverride('SecurityGroupIngress', { 'Fn::If': ['Open', [], []] });
        return [group];
      }),
      'the groups that the cluster makes': stack => { clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes()); },
      'restrictive traffic': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes());
      },
      'nodes with the group of the cluster and one more': own((stack, vpc, cluster) => [...cluster.connections.securityGroups, new ec2.SecurityGroup(stack, 'Group', { vpc })]),
      'nodes whose group the cluster lets in': own((stack, vpc, cluster) => {
        const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
        cluster.connections.allowFrom(group, ec2.Port.tcp(6817));
        group.connections.allowFrom(cluster, ec2.Port.tcp(6818));
        return [group];
      }),
      'a cluster without nodes': stack => { const vpc = vpcOf(stack); clusterIn(stack, { vpc, securityGroups: CLOSED['no rule'](stack, vpc) }); },
    },
  },
  securityGroupsEfa: {
    refused: {
      ...inAll(CLOSED, groups => sharing(groups, P5)),
      'nodes with a closed group of their own': own(CLOSED['a rule inwards alone, since the CDK drops the other'], P5),
      'a launch template with EFA': templated(id => ({ networkInterfaces: [{ deviceIndex: 0, interfaceType: 'efa', groups: [id] }] })),
    },
    told: {
      'a rule inwards alone, since the CDK drops the other': ['securityGroups', '["egress"]'],
      'a rule outwards alone': ['securityGroups', '["ingress"]'],
      'no rule': ['securityGroups', '["ingress","egress"]'],
    },
    accepted: {
      ...inAll(OPEN, groups => sharing(groups, P5)),
      'the groups that the cluster makes': stack => { clusterIn(stack, { vpc: vpcOf(stack) }).addComputeNodeGroup('Nodes', nodes(P5)); },
      'restrictive traffic': stack => {
        clusterIn(stack, { vpc: vpcOf(stack), traffic: pcs.SlurmTraffic.restrictive() }).addComputeNodeGroup('Nodes', nodes(P5));
      },
      'a type without EFA': sharing(CLOSED['no rule']),
      'nodes without EFA': sharing(CLOSED['no rule'], { ...P5, launch: pcs.NodeLaunch.managed({ efa: pcs.Efa.none() }) }),
      'a launch template without EFA': templated(id => ({ securityGroupIds: [id] })),
      'a launch template with EFA and an open group': templated(
        id => ({ networkInterfaces: [{ deviceIndex: 0, interfaceType: 'efa', groups: [id] }] }), OPEN['a group with rules beside it'],
      ),
    },
  },
} satisfies Record<string, RuleCase>;
