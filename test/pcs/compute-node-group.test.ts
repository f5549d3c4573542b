import {
  CfnParameter, Duration, Lazy, RemovalPolicy, Size, Stack, Token, aws_ec2 as ec2, aws_iam as iam, aws_s3 as s3, type App,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { agnosticStack, BLOCK, clusterIn, concreteStack, nodes, types, vpcIn } from './fixture';
import * as pcs from '../../src/pcs';

const GROUP_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc/computenodegroup/pcs_def';

/** The properties of the only node group of a fresh stack, and its template. */
function synthesize(
  options: Partial<pcs.ComputeNodeGroupOptions> = {}, props: Partial<pcs.ClusterProps> = {}, stack: Stack = concreteStack(),
): { template: Template; group: Record<string, any> } {
  clusterIn(stack, props).addComputeNodeGroup('Nodes', nodes(options));
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
  return { template, group: group.Properties };
}

describe('a node group', () => {
  test('has only what was asked for', () => {
    const { group } = synthesize();
    expect(Object.keys(group).sort()).toEqual([
      'AmiId', 'ClusterId', 'CustomLaunchTemplate', 'IamInstanceProfileArn', 'InstanceConfigs', 'PurchaseOption',
      'ScalingConfiguration', 'SubnetIds',
    ]);
    expect(group).toMatchObject({
      AmiId: 'ami-0123456789abcdef0',
      InstanceConfigs: [{ InstanceType: 'c7i.xlarge' }],
      PurchaseOption: 'ONDEMAND',
      ScalingConfiguration: { MinInstanceCount: 0, MaxInstanceCount: 4 },
      SubnetIds: ['subnet-1111111111111111a', 'subnet-1111111111111111b'],
    });
  });

  test('always uses the latest number of its launch template', () => {
    const { template, group } = synthesize();
    const [id] = Object.keys(template.findResources('AWS::EC2::LaunchTemplate'));
    expect(group.CustomLaunchTemplate).toEqual({
      TemplateId: { Ref: id }, Version: { 'Fn::GetAtt': [id, 'LatestVersionNumber'] },
    });
  });

  test('renders what it is told', () => {
    const { group } = synthesize({
      computeNodeGroupName: 'gpu',
      scaling: pcs.Scaling.between({ min: 1, max: 3 }),
      scaleDownIdleTime: Duration.minutes(2),
      slurmSettings: {
        features: ['gpu', 'h100'],
        weight: 10,
        gres: [{ name: 'gpu', type: 'h100', count: 8 }, { name: 'mps' }],
        realMemory: Size.gibibytes(2),
        memSpecLimit: Size.mebibytes(512),
        cpuSpecList: [0, 1],
        sockets: 2,
        parameters: ['l3cache_as_socket'],
        custom: { Extra: 'x' },
      },
      gresRecords: [
        { name: 'gpu', type: 'h100', count: 8, file: '/dev/nvidia[0-7]', cores: '0-47', links: '-1,16', flags: ['a', 'b'] },
        { name: 'mps', autoDetect: 'off', multipleFiles: '/dev/x' },
      ],
    });
    expect(group.Name).toBe('gpu');
    expect(group.ScalingConfiguration).toEqual({ MinInstanceCount: 1, MaxInstanceCount: 3 });
    expect(group.SlurmConfiguration).toEqual({
      ScaleDownIdleTimeInSeconds: 120,
      SlurmCustomSettings: [
        { ParameterName: 'CpuSpecList', ParameterValue: '0,1' },
        { ParameterName: 'Features', ParameterValue: 'gpu,h100' },
        { ParameterName: 'Gres', ParameterValue: 'gpu:h100:8,mps:1' },
        { ParameterName: 'MemSpecLimit', ParameterValue: '512' },
        { ParameterName: 'Parameters', ParameterValue: 'l3cache_as_socket' },
        { ParameterName: 'RealMemory', ParameterValue: '2048' },
        { ParameterName: 'Sockets', ParameterValue: '2' },
        { ParameterName: 'Weight', ParameterValue: '10' },
        { ParameterName: 'Extra', ParameterValue: 'x' },
      ],
      GresCustomSettings: [
        {
          Name: 'gpu', Type: 'h100', Count: '8', File: '/dev/nvidia[0-7]', Cores: '0-47', Links: '-1,16', Flags: 'a,b',
        },
        { AutoDetect: 'off', Name: 'mps', MultipleFiles: '/dev/x' },
      ],
    });
  });

  test('renders no empty settings, which the service refuses', () => {
    const { group } = synthesize({ slurmSettings: { features: [], custom: {} }, gresRecords: [], lifecycleActions: { nodeReady: [] } });
    expect(group).not.toHaveProperty('SlurmConfiguration');
    expect(group).not.toHaveProperty('NodeLifecycleActions');
  });

  test('shows its launch template, and can be kept when the stack goes', () => {
    const stack = concreteStack();
    const group = clusterIn(stack).addComputeNodeGroup('Nodes', nodes());
    group.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(stack.resolve(group.launchTemplate.launchTemplateRef.launchTemplateId)).toEqual({ Ref: expect.stringContaining('LaunchTemplate') });
    Template.fromStack(stack).hasResource('AWS::PCS::ComputeNodeGroup', { DeletionPolicy: 'Retain' });
  });

  test('names all problems at once and creates nothing', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const make = () => cluster.addComputeNodeGroup('Nodes', nodes({
      instanceTypes: types('p5.48xlarge', 'c7g.xlarge'),
      purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, instanceCount: 2, availabilityZone: 'us-east-1f' }),
      scaling: pcs.Scaling.between({ min: 5, max: 3 }),
      computeNodeGroupName: 'x',
    }));
    expect(make).toThrow(/6 problems:/);
    for (const code of ['nodeGroupName', 'instanceTypesDiffer', 'scalingMinAboveMax', 'blockInstanceTypes', 'blockTooSmall', 'blockZone']) {
      expect(() => { cluster.node.tryRemoveChild('Nodes'); make(); }).toThrow(`[pcs.${code}]`);
    }
    expect(cluster.node.findChild('Nodes').node.children).toHaveLength(0);
    expect(cluster.node.tryFindChild('NodeRole')).toBeUndefined();
  });

  test('takes lists and numbers that are known at deployment only as settings', () => {
    const stack = concreteStack();
    const words = new CfnParameter(stack, 'Words', { type: 'CommaDelimitedList' });
    const count = new CfnParameter(stack, 'Count', { type: 'Number' });
    const { group } = synthesize({ slurmSettings: { features: words.valueAsList, weight: count.valueAsNumber } }, {}, stack);
    expect(group.SlurmConfiguration.SlurmCustomSettings).toEqual([
      { ParameterName: 'Features', ParameterValue: { 'Fn::Join': [',', { Ref: 'Words' }] } },
      { ParameterName: 'Weight', ParameterValue: { Ref: 'Count' } },
    ]);
  });

  test('takes tokens for whatever can be one', () => {
    const stack = agnosticStack();
    const text = (value: string) => Lazy.string({ produce: () => value });
    const count = Lazy.number({ produce: () => 4 });
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: text('vpc-1'), availabilityZones: [text('z1')], privateSubnetIds: [text('subnet-1')],
    });
    const { group } = synthesize({
      instanceTypes: types(text('p5.48xlarge')),
      image: pcs.NodeImage.fromAmiId(text('ami-1')),
      scaling: pcs.Scaling.between({ min: count, max: count }),
      purchaseOption: pcs.PurchaseOption.capacityBlock({
        capacityReservationId: text(BLOCK), instanceCount: count, availabilityZone: text('z1'),
      }),
      computeNodeGroupName: text('nodes'),
    }, { vpc }, stack);
    expect(group).toMatchObject({
      Name: 'nodes',
      InstanceConfigs: [{ InstanceType: 'p5.48xlarge' }],
      ScalingConfiguration: { MinInstanceCount: 4, MaxInstanceCount: 4 },
      SubnetIds: ['subnet-1'],
    });
  });
});

describe('purchase options', () => {
  test.each<[string, pcs.PurchaseOption, object]>([
    ['on demand', pcs.PurchaseOption.onDemand(), { PurchaseOption: 'ONDEMAND' }],
    ['spot', pcs.PurchaseOption.spot(), { PurchaseOption: 'SPOT' }],
    [
      'spot with a strategy', pcs.PurchaseOption.spot({ allocationStrategy: pcs.SpotAllocationStrategy.CAPACITY_OPTIMIZED }),
      { PurchaseOption: 'SPOT', SpotOptions: { AllocationStrategy: 'capacity-optimized' } },
    ],
    [
      'spot with a strategy of the future', pcs.PurchaseOption.spot({ allocationStrategy: pcs.SpotAllocationStrategy.of('new') }),
      { SpotOptions: { AllocationStrategy: 'new' } },
    ],
    ['an unknown one', pcs.PurchaseOption.of('NEW'), { PurchaseOption: 'NEW' }],
  ])('%s needs nothing of the launch template', (_name, purchaseOption, expected) => {
    const { template, group } = synthesize({ purchaseOption });
    expect(group).toMatchObject(expected);
    if (!('SpotOptions' in expected)) { expect(group).not.toHaveProperty('SpotOptions'); }
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        InstanceMarketOptions: Match.absent(), CapacityReservationSpecification: Match.absent(), InstanceType: Match.absent(),
      },
    });
  });

  test('a Capacity Block uses the subnets of its zone alone', () => {
    const { group } = synthesize({
      purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, availabilityZone: 'us-east-1b' }),
    });
    expect(group.SubnetIds).toEqual(['subnet-1111111111111111b']);
    expect(group.PurchaseOption).toBe('CAPACITY_BLOCK');
  });

  test('a Capacity Block uses the subnets as selected where zones aren\'t known', () => {
    const stack = agnosticStack();
    const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
    const { group } = synthesize({
      purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, availabilityZone: 'us-east-1b' }),
    }, { vpc }, stack);
    expect(group.SubnetIds).toHaveLength(2);
  });

  test('the role for spot instances is made on request, once for the stack, and stays', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    for (const id of ['A', 'B']) {
      cluster.addComputeNodeGroup(id, nodes({ purchaseOption: pcs.PurchaseOption.spot({ createServiceLinkedRole: true }) }));
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::ServiceLinkedRole', 1);
    template.hasResource('AWS::IAM::ServiceLinkedRole', { DeletionPolicy: 'Retain', Properties: { AWSServiceName: 'spot.amazonaws.com' } });
    const [role] = Object.keys(template.findResources('AWS::IAM::ServiceLinkedRole'));
    template.allResources('AWS::PCS::ComputeNodeGroup', { DependsOn: [role] });
  });
});

describe('images', () => {
  test.each([
    ['c7i.xlarge', 'x86_64'], ['c7g.xlarge', 'arm64'], ['p5.48xlarge', 'x86_64'], ['p6e-gb200.36xlarge', 'arm64'], ['a1.xlarge', 'arm64'],
    ['g5g.xlarge', 'arm64'], ['c7i-flex.xlarge', 'x86_64'], ['im4gn.xlarge', 'arm64'], ['c10g.xlarge', 'arm64'],
  ])('the image of AWS for %s is that for %s', (type, architecture) => {
    const { group } = synthesize({ instanceTypes: types(type), image: pcs.NodeImage.pcsReadyDlami() });
    expect(group.AmiId).toBe(`{{resolve:ssm:/aws/service/pcs/ami/dlami-base-ubuntu2404/${architecture}/latest/ami-id}}`);
  });

  test('the image of AWS is that for the instance types that tell', () => {
    const { group } = synthesize({ instanceTypes: types('zz9-top.banana', 'c7g.xlarge'), image: pcs.NodeImage.pcsReadyDlami() });
    expect(group.AmiId).toContain('/arm64/');
  });

  test('the image of AWS is that for a family, also where the size is known at deployment only', () => {
    const size = Lazy.string({ produce: () => '2xlarge' });
    const { group } = synthesize({ instanceTypes: types(`c7g.${size}`), image: pcs.NodeImage.pcsReadyDlami() });
    expect(group.AmiId).toContain('/arm64/');
  });

  test('the image of AWS can be pinned in the context', () => {
    const stack = concreteStack();
    stack.node.setContext(
      'ssm:account=111122223333:parameterName=/aws/service/pcs/ami/dlami-base-ubuntu2404/arm64/latest/ami-id:region=us-east-1', 'ami-0abc');
    const { group } = synthesize({
      instanceTypes: types('c7g.xlarge'), image: pcs.NodeImage.pcsReadyDlami({ cachedInContext: true }),
    }, {}, stack);
    expect(group.AmiId).toBe('ami-0abc');
  });

  test('a sample of AWS is looked up by its name and by the version of Slurm in its description', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const cluster = clusterIn(stack, { vpc, schedulerVersion: pcs.SlurmVersion.V26_05 });
    cluster.addComputeNodeGroup('Nodes', nodes({ instanceTypes: types('c7g.xlarge'), image: pcs.NodeImage.pcsSampleAmi() }));
    const { missing } = (stack.node.root as App).synth().manifest;
    expect(missing).toEqual([expect.objectContaining({
      provider: 'ami',
      props: expect.objectContaining({
        owners: ['amazon'],
        filters: expect.objectContaining({ 'name': ['aws-pcs-sample_ami-al2023-arm64*'], 'description': ['*26.05*'], 'image-type': ['machine'], 'state': ['available'] }),
      }),
    })]);
  });

  test('an image of the EC2 module is found for the Region', () => {
    const { group } = synthesize({ image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef1' })) });
    expect(group.AmiId).toBe('ami-0123456789abcdef1');
  });

  test('the image of a given template is left to the template', () => {
    const stack = concreteStack();
    const launchTemplate = ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Template', {
      launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '7',
    });
    const { group, template } = synthesize(
      { image: pcs.NodeImage.fromLaunchTemplate(), launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) }, {}, stack);
    expect(group).not.toHaveProperty('AmiId');
    expect(group.CustomLaunchTemplate).toEqual({ TemplateId: 'lt-0123456789abcdef0', Version: '7' });
    template.resourceCountIs('AWS::EC2::LaunchTemplate', 0);
  });

  test('a template of the app is used with its latest number', () => {
    const stack = concreteStack();
    const launchTemplate = new ec2.LaunchTemplate(stack, 'Template');
    const { group } = synthesize({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) }, {}, stack);
    expect(group.CustomLaunchTemplate).toEqual({
      TemplateId: stack.resolve(launchTemplate.launchTemplateId), Version: stack.resolve(launchTemplate.latestVersionNumber),
    });
  });
});

describe('roles', () => {
  test('the default role may register nodes with its cluster and nothing else', () => {
    const { template } = synthesize();
    const [cluster] = Object.keys(template.findResources('AWS::PCS::Cluster'));
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }] },
      Path: '/aws-pcs/',
      RoleName: Match.absent(),
      ManagedPolicyArns: Match.absent(),
      Policies: [{
        PolicyDocument: {
          Statement: [{
            Action: 'pcs:RegisterComputeNodeGroupInstance', Effect: 'Allow', Resource: { 'Fn::GetAtt': [cluster, 'Arn'] },
          }],
        },
      }],
    });
    template.hasResourceProperties('AWS::IAM::InstanceProfile', { Path: '/aws-pcs/', InstanceProfileName: Match.absent() });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('names, paths, sessions, policies and boundaries can be chosen', () => {
    const stack = concreteStack();
    const policy = (name: string) => iam.ManagedPolicy.fromManagedPolicyArn(stack, name, `arn:aws:iam::111122223333:policy/${name}`);
    const { template } = synthesize({
      nodeRole: pcs.NodeRole.managed({
        path: '/org/',
        roleName: 'AWSPCS-nodes',
        instanceProfileName: 'nodes',
        sessionManager: true,
        managedPolicies: [policy('extra')],
        permissionsBoundary: policy('boundary'),
      }),
    }, {}, stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      Path: '/org/',
      RoleName: 'AWSPCS-nodes',
      PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
      ManagedPolicyArns: [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AmazonSSMManagedInstanceCore']] },
        'arn:aws:iam::111122223333:policy/extra',
      ],
    });
    template.hasResourceProperties('AWS::IAM::InstanceProfile', { Path: '/org/', InstanceProfileName: 'nodes' });
  });

  test('policies can be inside the role, where no node comes before them', () => {
    const stack = concreteStack();
    const deny = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['ec2:TerminateInstances'], resources: ['*'] })],
    });
    clusterIn(stack, { nodeRole: pcs.NodeRole.managed({ inlinePolicies: { Guard: deny } }) }).addComputeNodeGroup('Nodes', nodes());
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        { PolicyName: 'RegisterNodes', PolicyDocument: Match.anyValue() },
        { PolicyName: 'Guard', PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Deny', Action: 'ec2:TerminateInstances' })] }) },
      ],
    });
  });

  test('a role of the user is allowed to register nodes, before they start', () => {
    const stack = concreteStack();
    const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), path: '/aws-pcs/' });
    const cluster = clusterIn(stack, { nodeRole: pcs.NodeRole.fromRole(role, { instanceProfilePath: '/x/' }) });
    const group = cluster.addComputeNodeGroup('Nodes', nodes());
    expect(group.role).toBe(role);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::IAM::InstanceProfile', { Path: '/x/', Roles: [stack.resolve(role.roleName)] });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'pcs:RegisterComputeNodeGroupInstance', Resource: stack.resolve(cluster.clusterArn) }] },
      Roles: [stack.resolve(role.roleName)],
    });
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: [policy] });
  });

  test('an immutable role is left as it is', () => {
    const stack = concreteStack();
    const role = iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::111122223333:role/aws-pcs/nodes', { mutable: false });
    const { template } = synthesize({ nodeRole: pcs.NodeRole.fromRole(role) }, {}, stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: Match.absent() });
    template.hasResourceProperties('AWS::IAM::InstanceProfile', { Roles: ['nodes'] });
  });

  test('an instance profile of the user is taken as it is', () => {
    const stack = concreteStack();
    const profile = iam.InstanceProfile.fromInstanceProfileArn(stack, 'Mine', 'arn:aws:iam::111122223333:instance-profile/aws-pcs/x');
    const group = clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ nodeRole: pcs.NodeRole.fromInstanceProfile(profile) }));
    expect(group.role).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::InstanceProfile', 0);
    template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', {
      IamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/aws-pcs/x',
    });
  });

  test('roles can be taken out of the template with customizeRoles', () => {
    const stack = concreteStack();
    iam.Role.customizeRoles(stack, {
      preventSynthesis: true, usePrecreatedRoles: { 'Stack/Cluster/NodeRole': 'AWSPCS-precreated' },
    });
    const { template } = synthesize({
      lifecycleActions: { nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(`${__dirname}/scripts/hello.sh`) }] },
    }, {}, stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::IAM::InstanceProfile', { Roles: ['AWSPCS-precreated'] });
  });

  test('what is granted to a node group is granted to its role', () => {
    const stack = concreteStack();
    const group = clusterIn(stack).addComputeNodeGroup('Nodes', nodes());
    s3.Bucket.fromBucketName(stack, 'Data', 'data').grantRead(group);
    // Nodes that may read their own group make a circle unless the group is independent of the policy.
    group.grants.read(group);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Resource: stack.resolve(group.computeNodeGroupArn) })]) },
      Roles: [stack.resolve(group.role!.roleName)],
    });
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: Match.absent() });
  });
});

describe('the network of a node group', () => {
  test('is of any subnets, also of ones that were imported by their id', () => {
    const stack = concreteStack();
    const vpcSubnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')] };
    expect(synthesize({ vpcSubnets }, {}, stack).group.SubnetIds).toEqual(['subnet-0123456789abcdef0']);
  });

  test.each([
    ['public', ec2.SubnetType.PUBLIC], ['private', ec2.SubnetType.PRIVATE_WITH_EGRESS],
  ])('has the way out of its %s subnets as long as it has nodes', (name, subnetType) => {
    const stack = concreteStack();
    const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
    const { template } = synthesize({ vpcSubnets: { subnetType } }, { vpc }, stack);
    const routes = Object.keys(template.findResources('AWS::EC2::Route')).filter(id => id.toLowerCase().includes(name));
    expect(routes).toHaveLength(2);
    const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
    expect(group.DependsOn).toEqual(expect.arrayContaining(routes));
    expect(group.DependsOn.filter((id: string) => !/^Network/.test(id))).toEqual([]);
  });

  test('is asked for where neither cluster nor node group tells it', () => {
    const stack = concreteStack();
    const cluster = pcs.Cluster.fromClusterArn(stack, 'Cluster', GROUP_ARN.split('/computenodegroup')[0]);
    const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')];
    expect(() => new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster, securityGroups, ...nodes() })).toThrow(/^\[pcs\.vpcMissing\] `vpc` /);
  });

  test('has one problem where no subnet is selected, though a Capacity Block has a zone', () => {
    const purchaseOption = pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, availabilityZone: 'us-east-1a' });
    expect(() => synthesize({ purchaseOption, vpcSubnets: { subnets: [] } })).toThrow(/^\[pcs\.nodeSubnetMissing\] `vpcSubnets` /);
  });

  test('is that of the cluster', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const group = cluster.addComputeNodeGroup('Nodes', nodes());
    expect(group.connections.securityGroups).toEqual(cluster.connections.securityGroups);
  });

  test('can have a security group of its own besides, for rules that aren\'t for all', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const login = cluster.addComputeNodeGroup('Login', nodes({ ownSecurityGroup: true }));
    login.connections.allowFromAnyIpv4(ec2.Port.tcp(22));
    const [shared] = cluster.connections.securityGroups.map(group => stack.resolve(group.securityGroupId));
    const [own] = login.connections.securityGroups.map(group => stack.resolve(group.securityGroupId));
    expect(own).not.toEqual(shared);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [shared, own] } });
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0' })] }, 2);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 22 })],
    }, 1);
  });
});

describe('grants', () => {
  function policyOf(
    grant: (group: pcs.ComputeNodeGroup, role: iam.Role) => iam.Grant,
  ): { statements: any[]; stack: Stack; group: pcs.ComputeNodeGroup } {
    const stack = concreteStack();
    const group = clusterIn(stack).addComputeNodeGroup('Nodes', nodes());
    const role = new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() });
    expect(grant(group, role).success).toBe(true);
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    return { statements: policy.Properties.PolicyDocument.Statement, stack, group };
  }

  test('read is limited to the node group', () => {
    const { statements, stack, group } = policyOf((nodeGroup, role) => nodeGroup.grants.read(role));
    expect(statements).toEqual([{
      Action: ['pcs:GetComputeNodeGroup', 'pcs:ListTagsForResource'], Effect: 'Allow', Resource: stack.resolve(group.computeNodeGroupArn),
    }]);
  });

  test('manage adds changes, but not deletion', () => {
    const { statements } = policyOf((nodeGroup, role) => nodeGroup.grants.manage(role));
    expect(statements[0].Action).toContain('pcs:UpdateComputeNodeGroup');
    expect(statements[0].Action).not.toContain('pcs:DeleteComputeNodeGroup');
  });

  test('sessions are limited to the nodes of the group', () => {
    const { statements, stack, group } = policyOf((nodeGroup, role) => nodeGroup.grants.startSession(role));
    expect(statements).toHaveLength(2);
    expect(statements[0]).toMatchObject({
      Action: 'ssm:StartSession',
      Condition: { StringEquals: { 'ssm:resourceTag/aws:pcs:compute-node-group-id': stack.resolve(group.computeNodeGroupId) } },
    });
    expect(JSON.stringify(statements[0].Resource)).toContain(':ec2:us-east-1:111122223333:instance/*');
    expect(JSON.stringify(statements[1].Resource)).toContain(':document/SSM-SessionManagerRunShell');
  });

  test('sessions are in the account and Region of an imported node group', () => {
    const stack = concreteStack('eu-west-1');
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', GROUP_ARN);
    group.grants.startSession(new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() }));
    const text = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(text).toContain(':ec2:us-east-1:111122223333:instance/*');
    expect(text).toContain(':ssm:us-east-1:111122223333:document/');
  });

  test('work on imported node groups', () => {
    const stack = concreteStack();
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', GROUP_ARN);
    group.grants.read(new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Resource: GROUP_ARN }] } });
  });
});

describe('an imported node group', () => {
  test('by its ARN creates nothing and knows its id', () => {
    const stack = concreteStack();
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', GROUP_ARN);
    expect(stack.resolve(group.computeNodeGroupId)).toBe('pcs_def');
    expect(group.computeNodeGroupRef).toEqual({ computeNodeGroupArn: GROUP_ARN });
    expect(group.role).toBeUndefined();
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('is in the account and Region of its ARN', () => {
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(agnosticStack(), 'Nodes', GROUP_ARN);
    expect(group.env).toEqual({ account: '111122223333', region: 'us-east-1' });
  });

  test('by its attributes brings network and role', () => {
    const stack = concreteStack();
    const role = iam.Role.fromRoleName(stack, 'Role', 'AWSPCS-x');
    const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupAttributes(stack, 'Nodes', {
      cluster: pcs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc'),
      computeNodeGroupId: 'pcs_def',
      securityGroups: [securityGroup],
      role,
    });
    expect(group.computeNodeGroupArn).toBe(GROUP_ARN);
    expect(group.computeNodeGroupId).toBe('pcs_def');
    expect(group.connections.securityGroups).toEqual([securityGroup]);
    expect(group.grantPrincipal).toBe(role);
  });

  test('by a token ARN knows its id at deployment', () => {
    const stack = concreteStack();
    const arn = Token.asString({ Ref: 'X' });
    const group = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Nodes', arn);
    expect(stack.resolve(group.computeNodeGroupId)).toEqual({ 'Fn::Select': [3, { 'Fn::Split': ['/', { Ref: 'X' }] }] });
  });
});

describe('what a careful author would write', () => {
  test('role, profile, security group and rules once for the cluster; group and template for each group', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const cluster = clusterIn(stack, { vpc });
    const h100 = cluster.addComputeNodeGroup('H100', nodes({
      instanceTypes: types('p5.48xlarge'),
      image: pcs.NodeImage.pcsReadyDlami(),
      purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, availabilityZone: 'us-east-1a' }),
    }));
    const cpu = cluster.addComputeNodeGroup('Cpu', nodes({ purchaseOption: pcs.PurchaseOption.spot() }));
    cluster.addComputeNodeGroup('Login', nodes({ scaling: pcs.Scaling.fixed(1), vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }));
    cluster.addQueue('Gpu', { computeNodeGroups: [h100] });
    cluster.addQueue('Batch', { computeNodeGroups: [cpu], isDefault: true });
    const counts: Record<string, number> = {};
    for (const resource of Object.values<any>(Template.fromStack(stack).toJSON().Resources)) {
      counts[resource.Type] = (counts[resource.Type] ?? 0) + 1;
    }
    expect(counts).toEqual({
      'AWS::PCS::Cluster': 1,
      'AWS::PCS::ComputeNodeGroup': 3,
      'AWS::PCS::Queue': 2,
      'AWS::EC2::LaunchTemplate': 3,
      'AWS::IAM::Role': 1,
      'AWS::IAM::InstanceProfile': 1,
      'AWS::EC2::SecurityGroup': 1,
      'AWS::EC2::SecurityGroupIngress': 1,
      'AWS::EC2::SecurityGroupEgress': 1,
    });
    expect(stack.node.findAll().flatMap(construct => construct.node.metadata).filter(entry => /warning|error/.test(entry.type))).toEqual([]);
  });
});

describe.each([['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1']])('in %s', (_partition, region) => {
  test('no name of another partition is in the template', () => {
    const stack = concreteStack(region);
    const cluster = clusterIn(stack, { nodeRole: pcs.NodeRole.managed({ sessionManager: true }) });
    const group = cluster.addComputeNodeGroup('Nodes', nodes({
      image: pcs.NodeImage.pcsReadyDlami(),
      lifecycleActions: {
        nodeBootstrapped: [{ name: 'homes', source: pcs.ScriptSource.fromPcsRepository('configure-efs-homes-v1-latest.sh') }],
        nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(`${__dirname}/scripts/hello.sh`) }],
      },
    }));
    group.grants.startSession(new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() }));
    cluster.addQueue('Queue', { computeNodeGroups: [group] });
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(text).not.toMatch(/arn:aws[:-]/);
    expect(text).toContain(`s3://aws-pcs-repo-${region}/`);
  });
});
