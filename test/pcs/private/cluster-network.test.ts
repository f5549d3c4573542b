import { Fn, aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { clusterIn, concreteStack, nodes, onePrivateSubnet, types, vpcIn } from '../fixture';

interface RuleProperties {
  readonly GroupId: { 'Fn::GetAtt': [string, string] };
  readonly SourceSecurityGroupId?: { 'Fn::GetAtt': [string, string] };
  readonly DestinationSecurityGroupId?: { 'Fn::GetAtt': [string, string] };
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
}

const ROLES = { Controller: 'controller', Node: 'nodes', Efa: 'efa' };

test.each([
  ['a list that is known at deployment has its first one selected', Fn.split(',', Fn.importValue('Subnets')), ['a'],
    [{ 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::ImportValue': 'Subnets' }] }] }]],
  ['of a list the first one is taken', ['subnet-a', 'subnet-b'], ['a', 'b'], ['subnet-a']],
])('subnets of a cluster: %s', (_name, privateSubnetIds, availabilityZones, expected) => {
  const stack = concreteStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones, privateSubnetIds });
  clusterIn(stack, { vpc });
  Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', { Networking: { SubnetIds: expected } });
});

test.each<[string, unknown]>([
  ['a text', 'private'],
  ['a group that the VPC doesn\'t have', { subnetGroupName: 'hpc' }],
  ['a list that is none', { subnets: 3 }],
])('a selection that is %s is a problem of the property, without words from inside', (_name, vpcSubnets) => {
  expect(() => clusterIn(concreteStack(), { vpcSubnets: vpcSubnets as ec2.SubnetSelection })).toThrow(/`vpcSubnets/);
  expect(() => clusterIn(concreteStack(), { vpcSubnets: vpcSubnets as ec2.SubnetSelection })).not.toThrow(/Cannot read|is not a function/);
});

/** Every rule as `controller > nodes tcp 6818-6818`, once for each end. */
function rules(stack: Stack, end: 'Ingress' | 'Egress'): string[] {
  const role = (reference: RuleProperties['GroupId']) =>
    ROLES[/(Controller|Node|Efa)SecurityGroup/.exec(reference['Fn::GetAtt'][0])![1] as keyof typeof ROLES];
  return Object.values(Template.fromStack(stack).findResources(`AWS::EC2::SecurityGroup${end}`)).map(resource => {
    const p = resource.Properties as RuleProperties;
    const ends = end === 'Ingress' ? [p.SourceSecurityGroupId!, p.GroupId] : [p.GroupId, p.DestinationSecurityGroupId!];
    const ports = p.FromPort === undefined ? '' : ` ${p.FromPort}-${p.ToPort}`;
    return `${ends.map(role).join(' > ')} ${p.IpProtocol}${ports}`;
  }).sort();
}

const SLURM = [
  'controller > nodes tcp 6818-6818',
  'nodes > controller tcp 6817-6817',
  'nodes > nodes tcp 60001-63000',
  'nodes > nodes tcp 6818-6818',
];

function restrictive(stack: Stack, props: Partial<pcs.ClusterProps> = {}): pcs.Cluster {
  return clusterIn(stack, { traffic: pcs.SlurmTraffic.restrictive(), ...props });
}

test.each<[string, Partial<pcs.ClusterProps>, string[]]>([
  ['a plain cluster', {}, SLURM],
  ['accounting', { accounting: pcs.Accounting.standard() }, [...SLURM, 'nodes > controller tcp 6819-6819'].sort()],
  ['accounting that is off', { accounting: pcs.Accounting.none() }, SLURM],
  ['the REST API', { slurmRest: pcs.SlurmRest.STANDARD }, [...SLURM, 'nodes > controller tcp 6820-6820'].sort()],
])('restrictive traffic opens exactly the ports of Slurm, at both ends: %s', (_what, props, expected) => {
  const stack = concreteStack();
  restrictive(stack, props);
  expect(rules(stack, 'Ingress')).toEqual(expected);
  expect(rules(stack, 'Egress')).toEqual(expected);
  for (const group of Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup'))) {
    expect(group.Properties).toMatchObject({ SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32' }] }); // CDK's way to say none
    expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
  }
});

/** A cluster with all its groups and rules. */
function complete(): Template {
  const stack = concreteStack();
  const vpc = vpcIn(stack);
  restrictive(stack, { vpc, accounting: pcs.Accounting.standard(), slurmRest: pcs.SlurmRest.STANDARD })
    .addComputeNodeGroup('Nodes', nodes({ instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc) }));
  return Template.fromStack(stack);
}

const textsOf = (template: Template, type: string, property = 'Description') =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties[property]).sort();

test.each(['Ingress', 'Egress'])('groups and rules say what they are for (%s)', end => {
  const stack = concreteStack();
  clusterIn(stack);
  const permissive = Template.fromStack(stack);
  expect(textsOf(permissive, 'AWS::EC2::SecurityGroup', 'GroupDescription')).toEqual(['Slurm controller and nodes']);
  expect(textsOf(permissive, `AWS::EC2::SecurityGroup${end}`)).toEqual(['Slurm and EFA traffic among members']);
  expect(textsOf(complete(), 'AWS::EC2::SecurityGroup', 'GroupDescription')).toEqual(['Slurm controller', 'Slurm nodes', 'Slurm nodes with EFA']);
  expect(textsOf(complete(), `AWS::EC2::SecurityGroup${end}`)).toEqual([
    'EFA traffic among members', 'slurmctld, from nodes to controller', 'slurmd, among nodes', 'slurmd, from controller to nodes',
    'slurmdbd, from nodes to controller', 'slurmrestd, from nodes to controller', 'srun, among nodes',
  ]);
});

test('rules keep their logical ids: EC2 refuses one that is made again under another', () => {
  const ids = Object.keys(complete().findResources('AWS::EC2::SecurityGroupIngress'))
    .concat(Object.keys(complete().findResources('AWS::EC2::SecurityGroupEgress')));
  expect(ids.map(id => id.replace(/^Cluster|[0-9A-F]{8}$/g, '')).sort()).toEqual([
    'ControllerSecurityGroupSlurmctldIn',
    'ControllerSecurityGroupSlurmdOut',
    'ControllerSecurityGroupSlurmdbdIn',
    'ControllerSecurityGroupSlurmrestdIn',
    'EfaSecurityGroupFromItself',
    'EfaSecurityGroupToItself',
    'NodeSecurityGroupSlurmctldOut',
    'NodeSecurityGroupSlurmdAmongNodesIn',
    'NodeSecurityGroupSlurmdAmongNodesOut',
    'NodeSecurityGroupSlurmdIn',
    'NodeSecurityGroupSlurmdbdOut',
    'NodeSecurityGroupSlurmrestdOut',
    'NodeSecurityGroupSrunAmongNodesIn',
    'NodeSecurityGroupSrunAmongNodesOut',
  ]);
});

test('the controller and the nodes get their own group, and the cluster comes after the rules', () => {
  const stack = concreteStack();
  restrictive(stack).addComputeNodeGroup('Nodes', nodes());
  const template = Template.fromStack(stack);
  const group = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(id), 'GroupId'] });
  const all = ['Ingress', 'Egress'].flatMap(end => Object.keys(template.findResources(`AWS::EC2::SecurityGroup${end}`)));
  template.hasResource('AWS::PCS::Cluster', {
    Properties: { Networking: { SecurityGroupIds: [group('ControllerSecurityGroup')] } },
    DependsOn: Match.arrayEquals(all.sort()),
  });
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [group('NodeSecurityGroup')] } });
});

test('Slurm is told the ports of srun that are open', () => {
  const stack = concreteStack();
  restrictive(stack, { traffic: pcs.SlurmTraffic.restrictive({ srunPorts: { fromPort: 50000, toPort: 50999 } }) });
  expect(rules(stack, 'Ingress')).toContain('nodes > nodes tcp 50000-50999');
  Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', {
    SlurmConfiguration: { SlurmCustomSettings: [{ ParameterName: 'SrunPortRange', ParameterValue: '50000-50999' }] },
  });
});

describe('EFA with restrictive traffic', () => {
  const p5 = (stack: Stack, options: Partial<pcs.ComputeNodeGroupOptions> = {}) => {
    const vpc = vpcIn(stack);
    const slurm = restrictive(stack, { vpc });
    slurm.addComputeNodeGroup('Plain', nodes());
    for (const id of ['A', 'B']) {
      slurm.addComputeNodeGroup(id, nodes({ instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc), ...options }));
    }
    return slurm;
  };

  test('has a group in which everything is allowed, for those nodes alone', () => {
    const stack = concreteStack();
    p5(stack);
    expect(rules(stack, 'Ingress')).toEqual([...SLURM, 'efa > efa -1'].sort());
    expect(rules(stack, 'Egress')).toEqual([...SLURM, 'efa > efa -1'].sort());
    const template = Template.fromStack(stack);
    const efa = { 'Fn::GetAtt': [Match.stringLikeRegexp('EfaSecurityGroup'), 'GroupId'] };
    template.resourcePropertiesCountIs('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { NetworkInterfaces: Match.arrayWith([Match.objectLike({ Groups: [Match.anyValue(), efa] })]) },
    }, 2);
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('EfaSecurityGroup')]) });
  });

  test('isn\'t added to security groups of yours', () => {
    const stack = concreteStack();
    p5(stack, { securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Mine', 'sg-0123456789abcdef0')] });
    expect(rules(stack, 'Ingress')).toEqual(SLURM);
  });

  test('isn\'t opened by rules for the connections of the node group', () => {
    const stack = concreteStack();
    const group = p5(stack).node.findChild('A') as pcs.ComputeNodeGroup;
    expect(group.connections.securityGroups.map(each => each.node.id)).toEqual(['NodeSecurityGroup']);
  });
});

test('nodes alone reach what they are let to besides', () => {
  const stack = concreteStack();
  const slurm = restrictive(stack);
  slurm.nodeConnections.allowTo(ec2.Peer.prefixList('pl-0123456789abcdef0'), ec2.Port.HTTPS, 'Amazon S3');
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('NodeSecurityGroup'), 'GroupId'] },
    DestinationPrefixListId: 'pl-0123456789abcdef0',
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
  });
  expect(slurm.connections.securityGroups.map(group => group.node.id)).toEqual(['ControllerSecurityGroup']);
});

test('permissive traffic has the same group for both', () => {
  const stack = concreteStack();
  const slurm = clusterIn(stack, { traffic: pcs.SlurmTraffic.permissive() });
  expect(slurm.nodeConnections.securityGroups).toEqual(slurm.connections.securityGroups);
  const plain = concreteStack();
  clusterIn(plain);
  expect(Template.fromStack(stack).toJSON()).toEqual(Template.fromStack(plain).toJSON());
});
