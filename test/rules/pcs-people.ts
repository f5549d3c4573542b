import {
  CfnCondition, CfnOutput, CfnParameter, Fn, Lazy, NestedStack, Size, Stack, Stage, Tags, Token,
  aws_ec2 as ec2, aws_iam as iam, aws_s3 as s3,
} from 'aws-cdk-lib';
import type { CfnComputeNodeGroup } from 'aws-cdk-lib/aws-pcs';
import type { RuleCase } from './harness';
import * as pcs from '../../src/pcs';
import { clusterIn, nodes, onePrivateSubnet, types, vpcIn } from '../pcs/fixture';

type Program = (stack: Stack) => void;
type Data = ec2.CfnLaunchTemplate.LaunchTemplateDataProperty;

const GP3 = ec2.EbsDeviceVolumeType.GP3;
const { IO1, IO2, GP2, ST1 } = ec2.EbsDeviceVolumeType;
const ROOTED = pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { rootDeviceName: '/dev/xvda' });
const PUBLIC = { subnetType: ec2.SubnetType.PUBLIC };
const token = (value: unknown) => Token.asString(Lazy.any({ produce: () => value }));
const numberToken = () => Lazy.number({ produce: () => 5 });

/** A program whose nodes have launch options. */
const launched = (launch: pcs.ManagedNodeLaunchOptions, options: Partial<pcs.ComputeNodeGroupOptions> = {}): Program => stack => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.managed(launch), image: ROOTED, ...options }));
};
/** A program whose nodes have a launch template of the user. */
const templated = (data: Data, options: Partial<pcs.ComputeNodeGroupOptions> = {}): Program => stack => {
  const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: data });
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.fromLaunchTemplate(template), ...options }));
};
const volume = (options: Partial<pcs.DataVolume> = {}): pcs.DataVolume => ({ deviceName: '/dev/sdf', size: Size.gibibytes(100), ...options });
const volumes = (...list: Partial<pcs.DataVolume>[]) => launched({ dataVolumes: list.map(volume) });
const root = (rootVolume: pcs.RootVolume) => launched({ rootVolume });
/** A program whose nodes are tagged by `Tags.of()`. */
const tagged = (tags: Record<string, string>, launch: pcs.ManagedNodeLaunchOptions = {}, props = {}): Program => stack => {
  launched(launch)(stack);
  Object.entries(tags).forEach(([key, value]) => Tags.of(stack).add(key, value, props));
};
const READABLE = { instanceMetadataTags: true };
const onP5 = (launch: pcs.ManagedNodeLaunchOptions): Program => stack => {
  const vpc = vpcIn(stack);
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
    instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc), launch: pcs.NodeLaunch.managed(launch),
  }));
};
const cards = (...addresses: (boolean | undefined)[]): Data => ({
  networkInterfaces: addresses.map((associatePublicIpAddress, index) => ({
    networkCardIndex: index, deviceIndex: index === 0 ? 0 : 1, associatePublicIpAddress, groups: ['sg-0123456789abcdef0'],
  })),
});
const withPolicies = (...names: string[]): Program => stack => {
  const inlinePolicies = Object.fromEntries(names.map(name => [name, new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
  })]));
  clusterIn(stack, { nodeRole: pcs.NodeRole.managed({ inlinePolicies }) }).addComputeNodeGroup('Nodes', nodes());
};
const byId = (clusterId: string): Program => stack => { pcs.Cluster.fromClusterId(stack, 'Imported', clusterId); };
const sample = (options: pcs.PcsSampleAmiOptions = {}, props: Partial<pcs.ComputeNodeGroupProps> = {}): Program => stack => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ image: pcs.NodeImage.pcsSampleAmi(options), ...props }));
};
const sampleOf = (attrs: Partial<pcs.ClusterAttributes>, options: pcs.PcsSampleAmiOptions = {}): Program => stack => {
  const cluster = pcs.Cluster.fromClusterAttributes(stack, 'Imported', {
    clusterArn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123',
    vpc: vpcIn(stack),
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    ...attrs,
  });
  new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster, ...nodes({ image: pcs.NodeImage.pcsSampleAmi(options) }) });
};

const CLUSTER = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';
const groupOf = (stack: Stack) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
const newGroup = (stack: Stack) => new ec2.SecurityGroup(stack, 'Peer', { vpc: vpcIn(stack) });
const beside = ({ node, account, region }: Stack) => new Stack(node.root, 'Other', Token.isUnresolved(account) ? {} : { env: { account, region } });
const inStage = ({ node }: Stack) => new Stack(new Stage(node.root, 'Stage'), 'Staged');
/** A cluster in one stack and a node group in another. */
const apart = (stack: Stack) => {
  const cluster = clusterIn(stack);
  const other = beside(stack);
  return { cluster, other, group: new pcs.ComputeNodeGroup(other, 'Nodes', { cluster, ...nodes() }) };
};

const LOGIN: pcs.LoginNodeGroupOptions = { instanceType: new ec2.InstanceType('m7i.xlarge'), image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') };
const loginOf = (stack: Stack, options: Partial<pcs.LoginNodeGroupOptions> = {}, props: Partial<pcs.ClusterProps> = {}) =>
  clusterIn(stack, props).addLoginNodeGroup('Login', { ...LOGIN, ...options });
const login = (options: Partial<pcs.LoginNodeGroupOptions> = {}): Program => stack => { loginOf(stack, options); };
const loginIn = (vpc: (stack: Stack) => ec2.IVpc, options: Partial<pcs.LoginNodeGroupOptions> = {}): Program => stack => {
  loginOf(stack, options, { vpc: vpc(stack) });
};
/** A VPC without a way out, with interface endpoints of some services. */
const isolated = (...services: string[]) => (stack: Stack) => {
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
  ['pcs', ...services].forEach(name => vpc.addInterfaceEndpoint(name, { service: new ec2.InterfaceVpcEndpointAwsService(name) }));
  return vpc;
};
/** A program whose nodes have the users of a directory: those of the cluster, and those of a group. */
const configuring = (options: Partial<pcs.ConfigureLdapsOptions>) => (stack: Stack) => {
  const script = pcs.MaintainedScript.configureLdaps({ ldapUri: 'ldaps://directory.example.com', searchBase: 'dc=example,dc=com', ...options });
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [script] } }));
};
const usersOf = (options: Partial<pcs.LdapUsersOptions>): Program => stack => {
  const users = pcs.DirectoryUsers.ldap({ ldapUri: 'ldaps://directory.example.com', searchBase: 'dc=example,dc=com', ...options });
  clusterIn(stack, { users }).addComputeNodeGroup('Nodes', nodes({ users }));
};

/** The cases of rules about people, launch details, several stacks and tags. */
export const PEOPLE_CASES = {
  volumeIops: {
    refused: {
      'a root volume of gp2': root({ volumeType: GP2, iops: 3000 }),
      'a data volume of st1': volumes({ volumeType: ST1, iops: 500 }),
      'io2 without': volumes({ volumeType: IO2 }),
      'a root volume of io1 without': root({ volumeType: IO1, size: Size.gibibytes(200) }),
      'operations that are known at deployment, of gp2': root({ volumeType: GP2, iops: numberToken() }),
    },
    told: { 'a data volume of st1': ['launch.dataVolumes[0].iops', '{"volumeType":"st1","iops":500}'], 'io2 without': ['launch.dataVolumes[0].iops', '{"volumeType":"io2"}'] },
    accepted: {
      'gp3 with': root({ volumeType: GP3, iops: 4000 }),
      'gp3 without': volumes({ volumeType: GP3 }),
      'io2 with': volumes({ volumeType: IO2, iops: 10000 }),
      'a kind that is not given': root({ iops: 4000 }),
      'a kind that is known at deployment': volumes({ volumeType: token('gp2') as ec2.EbsDeviceVolumeType, iops: 1 }),
    },
  },
  volumeThroughput: {
    refused: {
      'a root volume of io2': root({ volumeType: IO2, iops: 1000, throughput: 500 }),
      'a data volume of gp2': volumes({ volumeType: GP2, throughput: 250 }),
    },
    told: { 'a data volume of gp2': ['launch.dataVolumes[0].throughput', '{"volumeType":"gp2","throughput":250}'] },
    accepted: { 'gp3': volumes({ volumeType: GP3, throughput: 250 }), 'a kind that is not given': root({ throughput: 250 }) },
  },
  dataVolumeDeviceTwice: {
    refused: {
      'two of one name': volumes({}, {}),
      'the root volume': volumes({ deviceName: '/dev/xvda' }),
      'two of a template': templated({ blockDeviceMappings: ['/dev/sdf', '/dev/sdf'].map(deviceName => ({ deviceName, ebs: { volumeSize: 8 } })) }),
    },
    told: { 'two of one name': ['launch.dataVolumes[1].deviceName', '"/dev/sdf"'], 'the root volume': ['launch.dataVolumes[0].deviceName', '"/dev/xvda"'] },
    accepted: {
      'two names': volumes({}, { deviceName: '/dev/sdg' }),
      'the root volume of another image': launched({ dataVolumes: [volume({ deviceName: '/dev/xvda' })] }, { image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') }),
      'names that are known at deployment': volumes({ deviceName: token('/dev/sdf') }, { deviceName: token('/dev/sdf') }),
      'two names of a template': templated({ blockDeviceMappings: ['/dev/sdf', '/dev/sdg'].map(deviceName => ({ deviceName, ebs: { volumeSize: 8 } })) }),
    },
  },
  dataVolumeDevice: {
    refused: Object.fromEntries(['sdf', '/dev/nvme1n1', '/mnt/data', '/dev/sdf16', '/dev/xvdef'].map(deviceName => [deviceName, volumes({ deviceName })])),
    accepted: Object.fromEntries(['/dev/sdb', '/dev/sdf', '/dev/sdf15', '/dev/xvdb', '/dev/xvdba', token('x')].map((deviceName, index) => [`${index}`, volumes({ deviceName })])),
  },
  coreCount: {
    refused: { 'none': launched({ coreCount: 0 }), 'a core and a half': launched({ coreCount: 1.5 }), 'less than none': launched({ coreCount: -2 }) },
    told: { none: ['launch.coreCount', '0'] },
    accepted: { 'one': launched({ coreCount: 1 }), 'a number that is known at deployment': launched({ coreCount: numberToken() }) },
  },
  coreCountAboveType: {
    refused: {
      'more than the vCPUs': launched({ coreCount: 5 }),
      'more than those of Graviton': launched({ coreCount: 128 }, { instanceTypes: types('c7g.16xlarge') }),
      'a template': templated({ cpuOptions: { coreCount: 5, threadsPerCore: 1 } }),
    },
    told: { 'more than the vCPUs': ['launch.coreCount', '{"coreCount":5,"vcpus":{"c7i.xlarge":4}}'], 'a template': ['launchTemplate.CpuOptions.CoreCount', '{"coreCount":5,"vcpus":{"c7i.xlarge":4}}'] },
    accepted: {
      'as many as the cores': launched({ coreCount: 2 }),
      'all of Graviton': launched({ coreCount: 64 }, { instanceTypes: types('c7g.16xlarge') }),
      'a type that is not known': launched({ coreCount: 500 }, { instanceTypes: types('c99x.xlarge') }),
      'a template that says it later': templated({ cpuOptions: { coreCount: Token.asNumber(Fn.importValue('Cores')), threadsPerCore: 1 } }),
    },
  },
  publicAddressOfCards: {
    refused: {
      'P5 nodes': onP5({ associatePublicIpAddress: true }),
      'cards that are told': launched({ associatePublicIpAddress: true, efa: pcs.Efa.cards({ count: 2 }) }, { vpcSubnets: { ...PUBLIC, availabilityZones: ['us-east-1a'] } }),
      'a template with two interfaces': templated(cards(true, undefined)),
    },
    told: { 'P5 nodes': ['launch.associatePublicIpAddress', '"32 network interfaces"'], 'a template with two interfaces': ['launchTemplate.NetworkInterfaces', '"2 network interfaces"'] },
    accepted: {
      'one interface': launched({ associatePublicIpAddress: true }, { vpcSubnets: PUBLIC }),
      'one card with EFA': launched({ associatePublicIpAddress: true }, { instanceTypes: types('hpc6a.48xlarge'), vpcSubnets: { ...PUBLIC, availabilityZones: ['us-east-1a'] } }),
      'P5 nodes without': onP5({ associatePublicIpAddress: false }),
      'a template with one interface': templated(cards(true)),
      'a template whose interfaces depend on a condition': stack => {
        const condition = new CfnCondition(stack, 'Condition');
        templated({ networkInterfaces: Fn.conditionIf(condition.logicalId, [], []) as never })(stack);
      },
    },
    concrete: true,
  },
  publicAddressUnreachable: {
    refused: { 'private subnets': launched({ associatePublicIpAddress: true }) },
    accepted: {
      'public subnets': launched({ associatePublicIpAddress: true }, { vpcSubnets: PUBLIC }),
      'subnets that are given': stack => {
        const subnet = ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0');
        launched({ associatePublicIpAddress: true }, { vpcSubnets: { subnets: [subnet] } })(stack);
      },
      'a VPC that is yet to be looked up': stack => {
        const vpc = ec2.Vpc.fromLookup(stack, 'LookedUp', { isDefault: true });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ launch: pcs.NodeLaunch.managed({ associatePublicIpAddress: true }) }));
      },
      'none in private subnets': launched({ associatePublicIpAddress: false }),
    },
    concrete: true,
  },
  metadataTagKey: {
    refused: {
      'a blank': launched({ ...READABLE, instanceTags: { 'cost center': 'x' } }),
      'a slash': launched({ ...READABLE, instanceTags: { 'team/name': 'x' } }),
      'a reserved name': launched({ ...READABLE, instanceTags: { _index: 'x' } }),
      'a tag of the stack': tagged({ 'cost center': 'x' }, READABLE),
      'a template': templated({ metadataOptions: { instanceMetadataTags: 'enabled' }, tagSpecifications: [{ resourceType: 'instance', tags: [{ key: 'cost center', value: 'x' }] }] }),
    },
    told: { 'a blank': ['launch.instanceTags', '{"cost center":"x"}'], 'a tag of the stack': ['tags', '{"cost center":"x"}'], 'a template': ['launchTemplate.TagSpecifications', '["cost center"]'] },
    accepted: {
      'letters and signs': launched({ ...READABLE, instanceTags: { 'cost-center:a@b.c=d,e+f_g': 'x y/z' } }),
      'a blank where nobody reads it': launched({ instanceTags: { 'cost center': 'x' } }),
      'a tag of the stack that is kept from nodes': tagged({ 'cost center': 'x' }, READABLE, { excludeResourceTypes: ['AWS::EC2::LaunchTemplate'] }),
      'a template whose volumes have it': templated({ metadataOptions: { instanceMetadataTags: 'enabled' }, tagSpecifications: [{ resourceType: 'volume', tags: [{ key: 'cost center', value: 'x' }] }] }),
    },
  },
  nodeRolePolicyName: {
    refused: { 'the name of ours': withPolicies('RegisterNodes') },
    told: { 'the name of ours': ['nodeRole.inlinePolicies', '"RegisterNodes"'] },
    accepted: { 'another name': withPolicies('ReadScripts') },
  },
  inlinePolicyName: {
    refused: { 'a blank': withPolicies('read scripts'), '129 characters': withPolicies('x'.repeat(129)) },
    accepted: { '128 characters': withPolicies('x'.repeat(128)), 'signs': withPolicies('a+b=c,d.e@f-g_h') },
  },
  clusterId: {
    refused: { 'a name': byId('my-cluster'), 'an ARN': byId('arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123'), 'nothing behind it': byId('pcs_') },
    told: { 'a name': ['clusterId', '"my-cluster"'] },
    accepted: { 'an id': byId('pcs_abc123'), 'a parameter': stack => byId(new CfnParameter(stack, 'Id').valueAsString)(stack), 'an import': byId(Fn.importValue('Id')) },
  },
  imageVersionUnknown: {
    refused: { 'a cluster of which its ARN is known': sampleOf({}) },
    accepted: {
      'a cluster of the app': sample(),
      'a cluster whose version is known': sampleOf({ schedulerVersion: pcs.SlurmVersion.V25_11 }),
      'a version that is given': sampleOf({}, { schedulerVersion: pcs.SlurmVersion.V25_11 }),
    },
    concrete: true,
  },
  loginCount: {
    refused: { 'none': login({ count: 0 }), 'a node and a half': login({ count: 1.5 }), 'less than none': login({ count: -1 }) },
    told: { none: ['count', '0'] },
    accepted: { 'one by default': login(), 'several': login({ count: 3 }), 'a number that is known at deployment': login({ count: numberToken() }) },
  },
  loginSessionsDenied: {
    refused: { 'a role without': login({ nodeRole: pcs.NodeRole.managed() }), 'a role of a name without': login({ nodeRole: pcs.NodeRole.managed({ roleName: 'AWSPCS-login' }) }) },
    told: { 'a role without': ['nodeRole'] },
    accepted: {
      'the default': login(),
      'a role with': login({ nodeRole: pcs.NodeRole.managed({ sessionManager: true }) }),
      'a role with a policy that may have it': login({
        nodeRole: pcs.NodeRole.managed({ managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')] }),
      }),
      'another way': login({ nodeRole: pcs.NodeRole.managed(), access: [pcs.LoginAccess.instanceConnectEndpoint()] }),
      'none but SSH': login({ nodeRole: pcs.NodeRole.managed(), access: [] }),
    },
  },
  loginSessionsUnreachable: {
    refused: {
      'an isolated VPC': loginIn(isolated()),
      'one endpoint of two': loginIn(isolated('ssm')),
    },
    told: { 'an isolated VPC': ['vpcSubnets', '["ssm","ssmmessages"]'], 'one endpoint of two': ['vpcSubnets', '["ssmmessages"]'] },
    accepted: {
      'both endpoints': loginIn(isolated('ssm', 'ssmmessages')),
      'a NAT gateway': loginIn(stack => new ec2.Vpc(stack, 'Network', { maxAzs: 1 })),
      'a VPC that is imported': login(),
      'another way': loginIn(isolated(), { access: [pcs.LoginAccess.instanceConnectEndpoint()] }),
    },
  },
  loginWithoutEndpoint: {
    refused: { 'sessions alone': stack => { loginOf(stack).grants.openTunnel(new iam.User(stack, 'User')); } },
    told: { 'sessions alone': ['access'] },
    accepted: {
      'an endpoint': stack => { loginOf(stack, { access: [pcs.LoginAccess.instanceConnectEndpoint()] }).grants.openTunnel(new iam.User(stack, 'User')); },
      'an endpoint that is there': stack => {
        loginOf(stack, { access: [pcs.LoginAccess.instanceConnectEndpoint({ securityGroups: [groupOf(stack)] })] }).grants.openTunnel(new iam.User(stack, 'User'));
      },
    },
  },
  loginInQueue: {
    refused: {
      'a queue of login nodes': stack => { const cluster = clusterIn(stack); cluster.addQueue('Queue', { computeNodeGroups: [cluster.addLoginNodeGroup('Login', LOGIN)] }); },
      'login nodes that are added later': stack => {
        const cluster = clusterIn(stack);
        cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())] }).addComputeNodeGroup(cluster.addLoginNodeGroup('Login', LOGIN));
      },
    },
    told: { 'a queue of login nodes': ['computeNodeGroups', '["Stack/Cluster/Login"]'] },
    accepted: {
      'a queue beside them': stack => {
        const cluster = clusterIn(stack);
        cluster.addLoginNodeGroup('Login', LOGIN);
        cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())] });
      },
    },
  },
  ldapUri: {
    refused: {
      ...Object.fromEntries(['directory.example.com', 'https://directory.example.com', 'ldaps://', 'ldaps:///x', 'LDAPS'].map(ldapUri => [ldapUri, usersOf({ ldapUri })])),
      'a lifecycle action': configuring({ ldapUri: 'directory.example.com' }),
    },
    told: { 'ldaps://': ['users.ldapUri', '"ldaps://"'], 'a lifecycle action': ['lifecycleActions.nodeBootstrapped[0].arguments', '"directory.example.com"'] },
    accepted: {
      'with TLS': usersOf({}),
      'with a port': usersOf({ ldapUri: 'ldaps://10.0.0.5:1636' }),
      'two servers': usersOf({ ldapUri: 'ldaps://a.example.com,ldaps://b.example.com' }),
      'an import': usersOf({ ldapUri: Fn.importValue('Directory') }),
      'a text around an import': usersOf({ ldapUri: `ldaps://${Fn.importValue('Directory')}` }),
    },
  },
  ldapSearchBase: {
    refused: { 'a lifecycle action': configuring({ searchBase: 'example.com' }), 'a domain': usersOf({ searchBase: 'example.com' }), 'nothing': usersOf({ searchBase: '' }), 'half of it': usersOf({ searchBase: 'dc=' }) },
    told: { 'a domain': ['users.searchBase', '"example.com"'] },
    accepted: { 'components': usersOf({}), 'a unit': usersOf({ searchBase: 'OU=People, DC=example, DC=com' }), 'a number': usersOf({ searchBase: '0.9.2342.19200300.100.1.25=example' }), 'a token': usersOf({ searchBase: token('x') }) },
  },
  ldapUnencrypted: {
    refused: { 'no TLS': usersOf({ ldapUri: 'ldap://directory.example.com' }) },
    told: { 'no TLS': ['users.ldapUri', '"ldap://directory.example.com"'] },
    accepted: { 'TLS': usersOf({}), 'a token': usersOf({ ldapUri: token('ldap://x') }) },
  },
  queueCircle: {
    refused: {
      'a queue of the cluster': stack => { const { cluster, group } = apart(stack); cluster.addQueue('Queue', { computeNodeGroups: [group] }); },
      'a group that is added later': stack => { const { cluster, group } = apart(stack); cluster.addQueue('Queue').addComputeNodeGroup(group); },
      'a queue by its constructor, beside the cluster': stack => {
        const { cluster, group } = apart(stack);
        new pcs.Queue(stack, 'Queue', { cluster, computeNodeGroups: [cluster.addComputeNodeGroup('Own', nodes()), group] });
      },
      'a queue whose node group comes by an L1': stack => {
        const { cluster, group } = apart(stack);
        const child = group.node.defaultChild as CfnComputeNodeGroup;
        cluster.addQueue('Queue', { computeNodeGroups: [pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', child.attrArn)] });
      },
    },
    told: {
      'a queue of the cluster': ['computeNodeGroups[0]', '"Other/Nodes"'],
      'a group that is added later': ['computeNodeGroup', '"Other/Nodes"'],
      'a queue by its constructor, beside the cluster': ['computeNodeGroups[1]', '"Other/Nodes"'],
    },
    accepted: {
      'a queue beside the group': stack => { const { cluster, group, other } = apart(stack); new pcs.Queue(other, 'Queue', { cluster, computeNodeGroups: [group] }); },
      'an imported group': stack => {
        clusterIn(stack).addQueue('Queue', { computeNodeGroups: [pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', `${CLUSTER}/computenodegroup/pcs_def`)] });
      },
      'an imported cluster in both stacks': stack => {
        const other = beside(stack);
        const cluster = pcs.Cluster.fromClusterAttributes(stack, 'Imported', { clusterArn: CLUSTER, vpc: vpcIn(other), securityGroups: [groupOf(other)] });
        new pcs.Queue(stack, 'Queue', { cluster, computeNodeGroups: [new pcs.ComputeNodeGroup(other, 'Nodes', { cluster, ...nodes() })] });
      },
      'a group in a nested stack': stack => {
        const cluster = clusterIn(stack);
        cluster.addQueue('Queue', { computeNodeGroups: [new pcs.ComputeNodeGroup(new NestedStack(stack, 'Nested'), 'Nodes', { cluster, ...nodes() })] });
      },
    },
  },
  stackCircle: {
    refused: {
      'a grant of what waits for the cluster': stack => {
        const { cluster, other } = apart(stack);
        new s3.Bucket(other, 'Data').grantRead(cluster.addComputeNodeGroup('Own', nodes()));
      },
      'a rule for a peer that waits for the cluster': stack => {
        const { cluster, other } = apart(stack);
        cluster.connections.allowFrom(newGroup(other), ec2.Port.tcp(6820));
      },
      'a rule where an output waits for the cluster': stack => {
        const cluster = clusterIn(stack);
        const other = beside(stack);
        new CfnOutput(other, 'Id', { value: cluster.clusterId });
        cluster.connections.allowFrom(newGroup(other), ec2.Port.tcp(6820));
      },
    },
    told: { 'a grant of what waits for the cluster': ['grantPrincipal', '{"resource":"Stack/Cluster/NodeRole/DefaultPolicy/Resource","refersTo":"Other","whichWaitsFor":"Stack"}'] },
    accepted: {
      'a grant of what waits for nothing': stack => { new s3.Bucket(beside(stack), 'Data').grantRead(clusterIn(stack).addComputeNodeGroup('Own', nodes())); },
      'a grant of what is beside the nodes': stack => { const { group, other } = apart(stack); new s3.Bucket(other, 'Data').grantRead(group); },
      'a rule at the other end': stack => { const { cluster, other } = apart(stack); newGroup(other).connections.allowTo(cluster, ec2.Port.tcp(6820)); },
      'a rule of nodes for what is beside them': stack => { const { group, other } = apart(stack); group.connections.allowFrom(newGroup(other), ec2.Port.tcp(22)); },
    },
  },
  clusterOfOtherStage: {
    refused: {
      'a node group': stack => { new pcs.ComputeNodeGroup(inStage(stack), 'Nodes', { cluster: clusterIn(stack), ...nodes() }); },
      'a queue': stack => { new pcs.Queue(inStage(stack), 'Queue', { cluster: clusterIn(stack) }); },
    },
    told: { 'a queue': ['cluster', '"Stack/Cluster/Resource"'] },
    accepted: {
      'an import': stack => {
        const staged = inStage(stack);
        clusterIn(stack);
        new pcs.Queue(staged, 'Queue', { cluster: pcs.Cluster.fromClusterId(staged, 'Imported', 'pcs_abc123') });
      },
      'a cluster of the same stage': stack => { const staged = inStage(stack); new pcs.Queue(staged, 'Queue', { cluster: clusterIn(staged) }); },
    },
  },
  imageSample: {
    refused: { 'a sample': sample() },
    accepted: { 'the image for production': stack => { clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ image: pcs.NodeImage.pcsReadyDlami() })); } },
    concrete: true,
  },
} satisfies Record<string, RuleCase>;
