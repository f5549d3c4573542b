import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Stack, aws_ec2 as ec2, type App } from 'aws-cdk-lib';
import type { RuleCase } from './harness';
import { CLOSED, OPEN, isolated, openAmong, waysOut } from './networks';
import * as pcs from '../../src/pcs';
import { clusterIn, nodes, types } from '../pcs/fixture';

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
const on = (vpcIn: (stack: Stack) => ec2.IVpc): Program => stack => { clusterIn(stack, { vpc: vpcIn(stack) }).addComputeNodeGroup('Nodes', nodes()); };
const running = (source: () => pcs.ScriptSource): Program => stack => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [{ name: 'Set-up', source: source() }] } }));
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

/** Programs on both sides of the rules about what the app has besides. */
export const NEIGHBOUR_CASES = {
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
