import { Match, type Template } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

type Rule = { id: string; type: string; ports: string; group: string; peer: string };

/** A security group by the construct that made it. */
function nameOf(reference: any): string {
  const id: string = reference?.['Fn::GetAtt']?.[0] ?? JSON.stringify(reference);
  return /(Controller|Node|Efa)SecurityGroup/.exec(id)?.[1] ?? (/^Vpc(Pcs|Ssm|SsmMessages)/.exec(id)?.[0] ?? id);
}

/** All rules that stand for themselves, from one group to another. */
function rules(template: Template): Rule[] {
  return ['Ingress', 'Egress'].flatMap(direction =>
    Object.entries(template.findResources(`AWS::EC2::SecurityGroup${direction}`)).map(([id, { Properties: p }]) => ({
      id,
      type: direction,
      ports: p.IpProtocol === '-1' ? 'all' : p.FromPort === p.ToPort ? String(p.FromPort) : `${p.FromPort}-${p.ToPort}`,
      group: nameOf(p.GroupId),
      peer: nameOf(p.SourceSecurityGroupId ?? p.DestinationSecurityGroupId ?? p.DestinationPrefixListId),
    })));
}

let template: Template;
beforeAll(() => { template = exampleTemplate('isolated-slurm'); });

test('there is no way to the internet', () => {
  for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP']) {
    template.resourceCountIs(type, 0);
  }
  const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: Match.stringLikeRegexp('^Slurm') } }));
  expect(groups).toHaveLength(3);
  for (const { Properties } of groups) {
    for (const rule of [...Properties.SecurityGroupEgress ?? [], ...Properties.SecurityGroupIngress ?? []]) {
      // What CDK writes for "no way out" is a rule that matches nothing.
      expect(rule).toMatchObject({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' });
    }
  }
});

test('exactly the ports of Slurm are open between controller and nodes, at both ends', () => {
  const between = rules(template).filter(rule => [rule.group, rule.peer].every(name => ['Controller', 'Node'].includes(name)));
  const ingress = between.filter(rule => rule.type === 'Ingress').map(rule => `${rule.ports} ${rule.peer} to ${rule.group}`);
  const egress = between.filter(rule => rule.type === 'Egress').map(rule => `${rule.ports} ${rule.group} to ${rule.peer}`);
  expect(ingress.sort()).toEqual([
    '60001-63000 Node to Node', // srun
    '6817 Node to Controller', // slurmctld
    '6818 Controller to Node', // slurmd
    '6818 Node to Node',
    '6819 Node to Controller', // slurmdbd, because of accounting
    '6820 Node to Controller', // slurmrestd, because of the REST API
  ]);
  expect(egress.sort()).toEqual(ingress);
});

test('Slurm is told the ports of srun that are open', () => {
  template.hasResourceProperties('AWS::PCS::Cluster', {
    SlurmConfiguration: { SlurmCustomSettings: Match.arrayWith([{ ParameterName: 'SrunPortRange', ParameterValue: '60001-63000' }]) },
  });
});

test('nodes reach the endpoints of PCS and Session Manager and the buckets, and nobody else reaches the endpoints', () => {
  const https = rules(template).filter(rule => rule.ports === '443');
  expect(https.filter(rule => rule.type === 'Egress').map(rule => rule.group)).toEqual(Array(4).fill('Node'));
  expect(https.filter(rule => rule.type === 'Ingress').map(rule => rule.peer)).toEqual(Array(3).fill('Node'));
});

test('nodes with EFA have a group besides, in which everything is allowed among its members', () => {
  const all = rules(template).filter(rule => rule.ports === 'all');
  expect(all.map(rule => [rule.type, rule.group, rule.peer])).toEqual([['Ingress', 'Efa', 'Efa'], ['Egress', 'Efa', 'Efa']]);
});
