import { execFile } from 'child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';
import { App, Fn, Stack, aws_ec2 as ec2, aws_iam as iam, aws_kms as kms, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { clusterIn, concreteStack, nodes, vpcIn } from './fixture';
import * as pcs from '../../src/pcs';

const LOGIN: pcs.LoginNodeGroupOptions = { instanceType: new ec2.InstanceType('m7i.xlarge'), image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') };

function synthesize(options: Partial<pcs.LoginNodeGroupOptions> = {}, props: Partial<pcs.ClusterProps> = {}, stack = concreteStack()) {
  const login = clusterIn(stack, props).addLoginNodeGroup('Login', { ...LOGIN, ...options });
  return { stack, login, template: () => Template.fromStack(stack) };
}

/** The security groups of the nodes. */
function groupsOf(template: Template): unknown[] {
  const [{ Properties: { LaunchTemplateData: data } }] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  return data.SecurityGroupIds.map((id: any) => id['Fn::GetAtt'][0]);
}

describe('a group of login nodes', () => {
  test('is one On-Demand node by default, with sessions by a role of its own', () => {
    const { template } = synthesize();
    template().hasResourceProperties('AWS::PCS::ComputeNodeGroup', {
      InstanceConfigs: [{ InstanceType: 'm7i.xlarge' }], ScalingConfiguration: { MinInstanceCount: 1, MaxInstanceCount: 1 }, PurchaseOption: 'ONDEMAND',
    });
    template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('AmazonSSMManagedInstanceCore')])] })] });
    expect(template().findResources('AWS::EC2::InstanceConnectEndpoint')).toEqual({});
    expect(template().findResources('AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual({});
  });

  test('has as many nodes as it is told', () => {
    synthesize({ count: 3 }).template().hasResourceProperties('AWS::PCS::ComputeNodeGroup', { ScalingConfiguration: { MinInstanceCount: 3, MaxInstanceCount: 3 } });
  });

  test('has the security groups of the cluster and one of its own, for which rules are', () => {
    const { login, template } = synthesize();
    login.connections.allowFrom(ec2.Peer.ipv4('203.0.113.0/24'), ec2.Port.SSH);
    expect(groupsOf(template())).toEqual([expect.stringMatching('ClusterSecurityGroup'), expect.stringMatching('ClusterLoginSecurityGroup')]);
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Nodes of one Slurm node group', SecurityGroupIngress: [Match.objectLike({ CidrIp: '203.0.113.0/24', FromPort: 22 })],
    });
  });

  test('shares no role with nodes that run jobs', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const login = cluster.addLoginNodeGroup('Login', LOGIN);
    expect(cluster.addComputeNodeGroup('Nodes', nodes()).role).not.toBe(login.role);
  });

  test('has the ports of Slurm with closed traffic', () => {
    const { template } = synthesize({}, { traffic: pcs.SlurmTraffic.restrictive() });
    expect(groupsOf(template())).toEqual([expect.stringMatching('NodeSecurityGroup'), expect.stringMatching('LoginSecurityGroup')]);
  });

  test.each([[pcs.SlurmTraffic.restrictive(), false], [pcs.SlurmTraffic.permissive(), true]])('lets out what the cluster lets out: %#', (traffic, open) => {
    const { login, template } = synthesize({}, { traffic });
    login.connections.allowTo(ec2.Peer.ipv4('203.0.113.0/24'), ec2.Port.HTTPS);
    const [own] = Object.values(template().findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: 'Nodes of one Slurm node group' } }));
    expect(own.Properties.SecurityGroupEgress).toEqual([expect.objectContaining(open ? { CidrIp: '0.0.0.0/0' } : { CidrIp: '203.0.113.0/24', FromPort: 443 })]);
  });

  test('takes a launch template of the user, which has its security groups', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    const launchTemplate = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { securityGroupIds: [group.securityGroupId] } });
    const { login } = synthesize({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate), securityGroups: [group] }, { vpc }, stack);
    expect(login.connections.securityGroups).toEqual([group]);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('stands by itself in another stack', () => {
    const { stack } = synthesize();
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    const login = new pcs.LoginNodeGroup(other, 'Login', {
      cluster: stack.node.findChild('Cluster') as pcs.Cluster, ...LOGIN, access: [pcs.LoginAccess.instanceConnectEndpoint()], loadBalancer: {},
    });
    login.connections.allowFrom(new ec2.SecurityGroup(other, 'Desktop', { vpc: vpcIn(other) }), ec2.Port.SSH);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
    expect(stack.dependencies).toEqual([]);
  });
});

describe('an EC2 Instance Connect endpoint', () => {
  const access = [pcs.LoginAccess.instanceConnectEndpoint()];

  test('reaches the SSH port of the login nodes, and nothing else', () => {
    const { template } = synthesize({ access });
    template().hasResourceProperties('AWS::EC2::InstanceConnectEndpoint', { SubnetId: 'subnet-1111111111111111a' });
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 22, ToPort: 22, GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LoginSecurityGroup'), 'GroupId'] } });
    template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      FromPort: 22, GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('ConnectEndpoint'), 'GroupId'] }, DestinationSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LoginSecurityGroup'), 'GroupId'] },
    });
    template().resourcePropertiesCountIs('AWS::IAM::Role', { ManagedPolicyArns: Match.anyValue() }, 0);
  });

  test('is one for all login groups of a VPC', () => {
    const { stack, template } = synthesize({ access });
    (stack.node.findChild('Cluster') as pcs.Cluster).addLoginNodeGroup('More', { ...LOGIN, access });
    template().resourceCountIs('AWS::EC2::InstanceConnectEndpoint', 1);
  });

  test.each<[string, (vpc: ec2.IVpc) => ec2.SubnetSelection[]]>([
    ['one zone, then the other', vpc => vpc.privateSubnets.map(subnet => ({ subnets: [subnet] }))],
    ['the other zone first', vpc => [...vpc.privateSubnets].reverse().map(subnet => ({ subnets: [subnet] }))],
    ['public subnets alone', () => [{ subnetType: ec2.SubnetType.PUBLIC }]],
  ])('stands in one subnet of the VPC, wherever login nodes are: %s', (_where, selections) => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const cluster = clusterIn(stack, { vpc });
    selections(vpc).forEach((vpcSubnets, index) => cluster.addLoginNodeGroup(`Login${index}`, { ...LOGIN, access, vpcSubnets }));
    Template.fromStack(stack).allResourcesProperties('AWS::EC2::InstanceConnectEndpoint', { SubnetId: 'subnet-1111111111111111a' });
  });

  test('stands in the first of subnets that are known at deployment', () => {
    const stack = concreteStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: Fn.split(',', Fn.importValue('Subnets')),
    });
    clusterIn(stack, { vpc }).addLoginNodeGroup('Login', { ...LOGIN, access });
    Template.fromStack(stack).allResourcesProperties('AWS::EC2::InstanceConnectEndpoint', {
      SubnetId: { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::ImportValue': 'Subnets' }] }] },
    });
  });

  test('that is there already is let in, and nothing is made', () => {
    const stack = concreteStack();
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Endpoint', 'sg-0123456789abcdef0');
    const { template } = synthesize({ access: [pcs.LoginAccess.instanceConnectEndpoint({ securityGroups: [group] })] }, {}, stack);
    template().resourceCountIs('AWS::EC2::InstanceConnectEndpoint', 0);
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 22, SourceSecurityGroupId: 'sg-0123456789abcdef0' });
  });

  test('is granted with its port', () => {
    const { stack, login, template } = synthesize({ access });
    login.grants.openTunnel(new iam.User(stack, 'User'));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'ec2-instance-connect:OpenTunnel',
            Resource: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('ConnectEndpoint'), 'Id'] }])] },
            Condition: { NumericEquals: { 'ec2-instance-connect:remotePort': '22' } },
          },
          { Effect: 'Allow', Action: ['ec2:DescribeInstanceConnectEndpoints', 'ec2:DescribeInstances'], Resource: '*' },
        ],
      },
    });
  });
});

describe('a load balancer', () => {
  const { stack, login, template } = synthesize({ loadBalancer: { port: 2222 } });
  login.loadBalancer!.connections.allowFrom(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(2222));
  const [, targets] = [stack, 'ClusterLoginLoadBalancerTargets'];

  test('is internal, listens at its port, and reaches SSH', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', Scheme: 'internal' });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 2222, Protocol: 'TCP' });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 22, Protocol: 'TCP', TargetType: 'instance', HealthCheckProtocol: 'TCP' });
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 22, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LoadBalancerSecurityGroup'), 'GroupId'] } });
  });

  test('gets its targets from the nodes, at each boot, which are allowed to before they start', () => {
    const [group] = Object.values(template().findResources('AWS::PCS::ComputeNodeGroup'));
    const [script] = group.Properties.NodeLifecycleActions.Stages.NodeReady;
    expect(script).toMatchObject({
      Name: 'register-target', ExecutionPolicy: 'EVERY_BOOT', OnError: 'CONTINUE', Arguments: ['--target-group-arn', { Ref: expect.stringMatching(targets) }],
    });
    const [[id]] = Object.entries(template().findResources('AWS::IAM::Policy', {
      Properties: { PolicyDocument: { Statement: [{ Action: 'elasticloadbalancing:RegisterTargets', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp(targets) } }] } },
    }));
    expect(group.DependsOn).toContain(id);
  });

  test('lets nodes decrypt the script, where the bucket of assets has a key', () => {
    const own = concreteStack();
    const scriptEncryptionKey = kms.Key.fromKeyArn(own, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef');
    synthesize({ loadBalancer: { scriptEncryptionKey } }, {}, own).template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: scriptEncryptionKey.keyArn }]) },
    });
  });

  test('leaves scripts of the user in front', () => {
    const source = pcs.ScriptSource.fromAsset(`${__dirname}/scripts/hello.sh`);
    const own = synthesize({ loadBalancer: {}, lifecycleActions: { nodeReady: [{ name: 'hello', source }] } });
    const [group] = Object.values(own.template().findResources('AWS::PCS::ComputeNodeGroup'));
    expect(group.Properties.NodeLifecycleActions.Stages.NodeReady.map((script: any) => script.Name)).toEqual(['hello', 'register-target']);
  });
});

describe('the script that registers a node', () => {
  const script = join(__dirname, '..', '..', 'node-scripts', 'register-target.sh');
  const arn = 'arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:targetgroup/login/0123456789abcdef';
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'register-target-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  const command = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const metadata = () => command('curl', 'case "$*" in *-X\\ PUT*api/token) echo TOKEN ;; *TOKEN*meta-data/instance-id) echo i-0123456789abcdef0 ;; *) exit 22 ;; esac');
  const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []);
  const run = (...args: string[]) => new Promise<{ code: number; said: string }>(resolve => {
    execFile('/bin/sh', [script, ...args], { env: { PATH: [folder, '/usr/bin', '/bin'].join(delimiter), FOLDER: folder } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), said: `${stdout}${stderr}` }));
  });

  test('tells Elastic Load Balancing the instance, in the Region of the target group', async () => {
    metadata();
    command('aws', 'echo "$@" >>"$FOLDER/calls"');
    expect(await run('--target-group-arn', arn)).toMatchObject({ code: 0 });
    expect(calls()).toEqual([`elbv2 register-targets --region cn-north-1 --target-group-arn ${arn} --targets Id=i-0123456789abcdef0`]);
  });

  test('tries again while it is refused', async () => {
    metadata();
    command('sleep', ':');
    command('aws', 'echo "$@" >>"$FOLDER/calls"; [ "$(wc -l <"$FOLDER/calls")" -ge 3 ]');
    expect(await run('--target-group-arn', arn)).toMatchObject({ code: 0 });
    expect(calls()).toHaveLength(3);
  });

  test('fails loudly where it stays refused', async () => {
    metadata();
    command('sleep', ':');
    command('aws', 'echo "$@" >>"$FOLDER/calls"; exit 254');
    const { code, said } = await run('--target-group-arn', arn);
    expect(code).toBe(1);
    expect(said).toContain('ERROR: i-0123456789abcdef0 can\'t be registered');
    expect(calls()).toHaveLength(6);
  });

  test.each<[string, string[]]>([
    ['no target group', []],
    ['no value', ['--target-group-arn']],
    ['what is no target group', ['--target-group-arn', 'arn:aws:s3:::bucket']],
    ['an argument that it doesn\'t know', ['--port', '22']],
  ])('refuses %s', async (_name, args) => {
    metadata();
    command('aws', 'echo "$@" >>"$FOLDER/calls"');
    expect(await run(...args)).toMatchObject({ code: 1, said: expect.stringContaining('ERROR') });
    expect(calls()).toEqual([]);
  });

  test('says that the metadata service is silent', async () => {
    command('curl', 'exit 7');
    command('aws', 'echo "$@" >>"$FOLDER/calls"');
    expect(await run('--target-group-arn', arn)).toMatchObject({ code: 1, said: expect.stringContaining('gives no token') });
    expect(calls()).toEqual([]);
  });
});

describe('users of a directory', () => {
  const bootstrapped = (template: Template): Record<string, any[]> => Object.fromEntries(Object.entries(template.findResources('AWS::PCS::ComputeNodeGroup'))
    .map(([id, group]) => [id.slice(0, 12), group.Properties.NodeLifecycleActions?.Stages.NodeBootstrapped ?? []]));
  const users = (options: Partial<pcs.LdapUsersOptions> = {}) =>
    pcs.DirectoryUsers.ldap({ ldapUri: 'ldaps://directory.example.com', searchBase: 'dc=example,dc=com', ...options });

  test('of a cluster are on all nodes, with the grant of the secret', () => {
    const stack = concreteStack();
    const secret = new secretsmanager.Secret(stack, 'Bind');
    const cluster = clusterIn(stack, { users: users({ secret, tlsCacert: '/etc/ssl/ca.pem' }) });
    cluster.addLoginNodeGroup('Login', LOGIN);
    cluster.addComputeNodeGroup('Nodes', nodes());
    const template = Template.fromStack(stack);
    for (const scripts of Object.values(bootstrapped(template))) {
      expect(scripts).toEqual([expect.objectContaining({
        Name: 'directory-users',
        Arguments: [
          '--ldap-uri', 'ldaps://directory.example.com', '--search-base', 'dc=example,dc=com', '--secret-arn', { Ref: expect.stringMatching('Bind') },
          '--tls-cacert', '/etc/ssl/ca.pem',
        ],
      })]);
    }
    const reading = Object.values(template.findResources('AWS::IAM::Policy')).filter(policy => JSON.stringify(policy).includes('secretsmanager:GetSecretValue'));
    expect(reading).toHaveLength(2);
  });

  test('of a node group stand in place of those of the cluster', () => {
    const stack = concreteStack();
    clusterIn(stack, { users: users() }).addComputeNodeGroup('Nodes', nodes({ users: users({ searchBase: 'dc=other' }) }));
    const [[script]] = Object.values(bootstrapped(Template.fromStack(stack)));
    expect(script.Arguments).toEqual(['--ldap-uri', 'ldaps://directory.example.com', '--search-base', 'dc=other']);
  });

  test('come before scripts of the user, whose names stay', () => {
    const stack = concreteStack();
    const source = pcs.ScriptSource.fromUrl('https://example.com/a.sh');
    clusterIn(stack, { users: users() }).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [{ name: 'directory-users', source }] } }));
    expect(Object.values(bootstrapped(Template.fromStack(stack)))[0].map(script => script.Name)).toEqual(['directory-users-2', 'directory-users']);
  });
});
