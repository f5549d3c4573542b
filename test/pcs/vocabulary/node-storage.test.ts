import { Fn, Stack, Token, aws_ec2 as ec2, aws_efs as efs, aws_fsx as fsx, aws_iam as iam, type App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { clusterIn, concreteStack, nodes } from '../fixture';

const FILES = 'fs-0123456789abcdef0';
const SCRIPTS = 's3://aws-pcs-repo-us-east-1/aws-pcs-node-lifecycle-scripts';

const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Network', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
const imported = (stack: Stack) => efs.FileSystem.fromFileSystemAttributes(stack, 'Files', {
  fileSystemId: FILES, securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'FilesGroup', 'sg-0000000000000000a'),
});

/** The scripts that nodes with some storage run as they boot, and the statements of their policy. */
function mounted(
  storage: (stack: Stack) => pcs.NodeStorage[], options: Partial<pcs.ComputeNodeGroupOptions> = {}, stack = concreteStack(),
): { scripts: any[]; statements: any[]; template: Template; stack: Stack } {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ storage: storage(stack), ...options }));
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  const scripts = group.Properties.NodeLifecycleActions?.Stages.NodeBootstrapped ?? [];
  return { scripts, statements: policy?.Properties.PolicyDocument.Statement ?? [], template, stack };
}

const clientStatement = (statements: any[]) => statements.find(({ Action: action }) => String(action).includes('elasticfilesystem'));

describe('a file system of Amazon EFS', () => {
  const onEfs = (options: Partial<pcs.EfsStorageOptions> = {}) => mounted(stack => [pcs.NodeStorage.efs(imported(stack), { mountPath: '/shared', ...options })]);

  test('is mounted by the script of AWS at every boot, encrypted and with the role of the nodes', () => {
    const { scripts } = onEfs();
    expect(scripts).toEqual([{
      Name: 'mount-shared',
      ScriptSource: { ScriptLocation: `${SCRIPTS}/mount-efs-v1.0.0.sh` },
      Arguments: ['--file-system-id', FILES, '--mount-point', '/shared', '--options', 'tls,iam'],
      ExecutionPolicy: 'EVERY_BOOT',
    }]);
  });

  test('may be written and owned by nodes, which no other file system is', () => {
    expect(clientStatement(onEfs().statements)).toEqual({
      Effect: 'Allow',
      Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite', 'elasticfilesystem:ClientRootAccess'],
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:elasticfilesystem:us-east-1:111122223333:file-system/${FILES}`]] },
    });
  });

  test.each<[string, Partial<pcs.EfsStorageOptions>, string, string[] | string | undefined]>([
    ['for reading only', { readOnly: true }, 'tls,iam,ro', ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientRootAccess']],
    ['for reading only, by an option', { mountOptions: ['ro'] }, 'tls,iam,ro', ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientRootAccess']],
    ['without root', { rootAccess: false }, 'tls,iam', ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']],
    ['for reading without root', { readOnly: true, rootAccess: false }, 'tls,iam,ro', 'elasticfilesystem:ClientMount'],
    ['anonymously', { iamAuthorization: false }, 'tls', undefined],
    ['in the clear', { encryptionInTransit: false }, 'noresvport', undefined],
    ['with further options', { mountOptions: ['noatime', 'rsize=65536'] }, 'tls,iam,noatime,rsize=65536', [
      'elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite', 'elasticfilesystem:ClientRootAccess',
    ]],
  ])('is mounted %s', (_, options, argument, actions) => {
    const { scripts, statements } = onEfs(options);
    expect(scripts[0].Arguments.slice(-2)).toEqual(['--options', argument]);
    expect(clientStatement(statements)?.Action).toEqual(actions);
  });

  test('may be written by what shares a role with a group that writes, and not by a group with a role of its own', () => {
    const stack = concreteStack();
    const slurm = clusterIn(stack);
    const files = imported(stack);
    const storageOf = (readOnly: boolean) => [pcs.NodeStorage.efs(files, { mountPath: '/shared', readOnly })];
    const [writers, sharers, readers] = [
      nodes({ storage: storageOf(false) }),
      nodes({ storage: storageOf(true) }),
      nodes({ storage: storageOf(true), nodeRole: pcs.NodeRole.managed() }),
    ].map((options, index) => slurm.addComputeNodeGroup(`Nodes${index}`, options));
    expect(sharers.role).toBe(writers.role);
    expect(readers.role).not.toBe(writers.role);
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(policy => JSON.stringify(policy.Properties.PolicyDocument));
    expect(policies.map(policy => policy.includes('ClientWrite')).sort()).toEqual([false, true]);
  });

  test('is mounted through an access point, for which alone nodes get the permissions', () => {
    const stack = concreteStack();
    const { scripts, statements } = mounted(() => [pcs.NodeStorage.efs(imported(stack), {
      mountPath: '/shared', accessPoint: efs.AccessPoint.fromAccessPointId(stack, 'Point', 'fsap-0123456789abcdef0'),
    })], {}, stack);
    expect(scripts[0].Arguments.at(-1)).toBe('tls,iam,accesspoint=fsap-0123456789abcdef0');
    expect(clientStatement(statements).Condition).toEqual({
      StringEquals: {
        'elasticfilesystem:AccessPointArn': {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':elasticfilesystem:us-east-1:111122223333:access-point/fsap-0123456789abcdef0']],
        },
      },
    });
  });

  test('for homes is mounted by the script that creates them', () => {
    const { scripts, statements } = mounted(stack => [pcs.NodeStorage.efsHomes(imported(stack))]);
    expect(scripts).toEqual([{
      Name: 'mount-home',
      ScriptSource: { ScriptLocation: `${SCRIPTS}/configure-efs-homes-v1.0.0.sh` },
      Arguments: ['--efs-id', FILES, '--home-base', '/home', '--options', 'tls,iam'],
      ExecutionPolicy: 'EVERY_BOOT',
    }]);
    expect(clientStatement(statements).Action).toContain('elasticfilesystem:ClientRootAccess');
  });

  test.each<[string, (files: efs.CfnFileSystem) => string]>([
    ['Ref', files => files.ref], ['its attribute', files => files.attrFileSystemId],
  ])('is created with its mount targets before the nodes that mount it, also by L1s that name it by %s, and others aren\'t', (_what, nameOf) => {
    const stack = concreteStack();
    const vpc = vpcOf(stack);
    const files = new efs.CfnFileSystem(stack, 'Files');
    const slurm = clusterIn(stack, { vpc });
    slurm.addComputeNodeGroup('Nodes', nodes({ storage: [pcs.NodeStorage.efs(files, { mountPath: '/shared' })] }));
    const targets = [files, new efs.CfnFileSystem(stack, 'Others')].map(of => new efs.CfnMountTarget(of, 'Target', {
      fileSystemId: nameOf(of), subnetId: vpc.privateSubnets[0].subnetId, securityGroups: ['sg-0123456789abcdef0'],
    }));
    const [group] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::ComputeNodeGroup'));
    const [own, other] = targets.map(target => stack.getLogicalId(target));
    expect(group.DependsOn).toContain(own);
    expect(group.DependsOn).not.toContain(other);
  });
});

describe('a file system of Amazon FSx', () => {
  test('for Lustre is mounted by the script of AWS, by its own names', () => {
    const stack = concreteStack();
    const vpc = vpcOf(stack);
    const scratch = new fsx.LustreFileSystem(stack, 'Scratch', {
      vpc,
      vpcSubnet: vpc.privateSubnets[0],
      storageCapacityGiB: 1200,
      lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
    });
    const { scripts, statements } = mounted(() => [pcs.NodeStorage.lustre(scratch, { mountPath: '/scratch', readOnly: true })], {}, stack);
    expect(scripts).toEqual([{
      Name: 'mount-scratch',
      ScriptSource: { ScriptLocation: `${SCRIPTS}/mount-fsx-lustre-v1.0.0.sh` },
      Arguments: [
        '--fsx-dns-name', stack.resolve(scratch.dnsName), '--mount-name', stack.resolve(scratch.mountName), '--mount-point', '/scratch',
        '--options', 'noatime,flock,ro',
      ],
      ExecutionPolicy: 'EVERY_BOOT',
    }]);
    expect(statements.map(({ Action: action }) => action)).toEqual(['s3:GetObject']);
  });

  test('for Lustre has the DNS name of its Region where it is known by its id', () => {
    const { scripts } = mounted(() => [
      pcs.NodeStorage.lustre({ fileSystemId: FILES, connections: new ec2.Connections() }, { mountPath: '/scratch', mountName: 'abcdefgh' }),
    ]);
    expect(scripts[0].Arguments.slice(0, 4)).toEqual([
      '--fsx-dns-name', { 'Fn::Join': ['', [`${FILES}.fsx.us-east-1.`, { Ref: 'AWS::URLSuffix' }]] }, '--mount-name', 'abcdefgh',
    ]);
  });

  test.each<[string, pcs.NodeStorage, string[]]>([
    [
      'OpenZFS', pcs.NodeStorage.openZfs({ dnsName: `${FILES}.fsx.us-east-1.amazonaws.com`, mountPath: '/zfs' }),
      ['--server', `${FILES}.fsx.us-east-1.amazonaws.com`, '--export', '/fsx', '--mount-point', '/zfs'],
    ],
    [
      'ONTAP', pcs.NodeStorage.ontap({ dnsName: 'svm.example.com', junctionPath: '/vol1', mountPath: '/ontap/' }),
      ['--server', 'svm.example.com', '--export', '/vol1', '--mount-point', '/ontap'],
    ],
  ])('for %s is mounted by a script of ours, which nodes take from the assets', (_, storage, args) => {
    const { scripts: [script], statements } = mounted(() => [storage]);
    expect(script.ScriptSource.ScriptLocation).toMatch(/^s3:\/\/cdk-hnb659fds-assets-111122223333-us-east-1\/[0-9a-f]{64}\.sh$/);
    expect(script.ScriptSource.Checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(script.ExecutionPolicy).toBe('EVERY_BOOT');
    expect(script.Arguments).toEqual([
      ...args, '--options', 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev',
    ]);
    expect(statements).toHaveLength(1);
  });

  test('has its volumes before the nodes, also volumes in volumes, and others aren\'t', () => {
    const stack = concreteStack();
    const vpc = vpcOf(stack);
    const zfs = (id: string) => new fsx.CfnFileSystem(stack, id, {
      fileSystemType: 'OPENZFS', subnetIds: [vpc.privateSubnets[0].subnetId], openZfsConfiguration: { deploymentType: 'SINGLE_AZ_1', throughputCapacity: 64 },
    });
    const volume = (id: string, parentVolumeId: string) => new fsx.CfnVolume(stack, id, { name: id, volumeType: 'OPENZFS', openZfsConfiguration: { parentVolumeId } });
    const [files, others] = ['Files', 'Others'].map(zfs);
    const slurm = clusterIn(stack, { vpc });
    slurm.addComputeNodeGroup('Nodes', nodes({ storage: [pcs.NodeStorage.openZfs({ dnsName: files.attrDnsName, volumePath: '/fsx/a/b', mountPath: '/zfs' })] }));
    const team = volume('Team', files.attrRootVolumeId);
    const project = volume('Project', team.attrVolumeId);
    const other = volume('Other', others.attrRootVolumeId);
    const [group] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::ComputeNodeGroup'));
    const [teamId, projectId, otherId] = [team, project, other].map(resource => stack.getLogicalId(resource));
    expect(group.DependsOn).toEqual(expect.arrayContaining([teamId, projectId]));
    expect(group.DependsOn).not.toContain(otherId);
  });

  test('for ONTAP has the volumes of its storage virtual machine before the nodes', () => {
    const stack = concreteStack();
    const svm = new fsx.CfnStorageVirtualMachine(stack, 'Svm', { fileSystemId: FILES, name: 'svm' });
    const volume = new fsx.CfnVolume(stack, 'Volume', { name: 'vol1', volumeType: 'ONTAP', ontapConfiguration: { storageVirtualMachineId: svm.ref, junctionPath: '/vol1' } });
    const { template } = mounted(() => [
      pcs.NodeStorage.ontap({ dnsName: `${svm.ref}.${FILES}.fsx.us-east-1.amazonaws.com`, junctionPath: '/vol1', mountPath: '/ontap' }),
    ], {}, stack);
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: [stack.getLogicalId(volume)].concat('ClusterNodePolicy55003872').sort() });
  });
});

describe('the order of scripts', () => {
  const at = (mountPath: string) => pcs.NodeStorage.openZfs({ dnsName: 'files.example.com', mountPath });
  const own = (name: string) => ({ name, source: pcs.ScriptSource.fromUrl(`https://example.com/${name}.sh`) });
  const names = (scripts: any[]) => scripts.map(({ Name: name }) => name);

  test('is logs, mounts with those below others after them, and the user\'s own', () => {
    const { scripts } = mounted(() => ['/data/a/b', '/home', '/data', '/data/a'].map(at), {
      lifecycleActions: { nodeBootstrapped: [own('tools'), pcs.MaintainedScript.configureCloudWatchLogs(), own('more')] },
    });
    expect(names(scripts)).toEqual([
      'configure-cloudwatch-logs', 'mount-home', 'mount-data', 'mount-data-a', 'mount-data-a-b', 'tools', 'more',
    ]);
  });

  test('is that of the user where there is no storage', () => {
    const { scripts } = mounted(() => [], {
      lifecycleActions: { nodeBootstrapped: [own('tools'), pcs.MaintainedScript.configureCloudWatchLogs()] },
    });
    expect(names(scripts)).toEqual(['tools', 'configure-cloudwatch-logs']);
  });

  test('leaves the other stage and the caching policy as they are', () => {
    const stack = concreteStack();
    const { template } = mounted(() => [at('/data')], {
      lifecycleActions: { nodeReady: [own('ready')], cachingPolicy: pcs.ScriptCachingPolicy.REFRESH_ON_REBOOT },
    }, stack);
    const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
    expect(group.Properties.NodeLifecycleActions).toMatchObject({
      ScriptCachingPolicy: 'REFRESH_ON_REBOOT', Stages: { NodeBootstrapped: [{ Name: 'mount-data' }], NodeReady: [{ Name: 'ready' }] },
    });
  });

  test('has names that differ from each other and from the user\'s, and fit', () => {
    const long = `/${'long-'.repeat(20)}`;
    const { scripts } = mounted(() => ['/a-b', '/a/b', long, `${long}x`, Token.asString(Fn.importValue('path'))].map(at), {
      lifecycleActions: { nodeBootstrapped: [own('mount-a-b')] },
    });
    const found = names(scripts);
    expect(new Set(found).size).toBe(6);
    expect(found).toEqual(expect.arrayContaining(['mount-a-b', 'mount-a-b-2', 'mount-a-b-3', 'mount-storage']));
    found.forEach(name => { expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$/); });
  });
});

test('the storage of a cluster is that of all its node groups, also of later ones in other stacks, and groups have more', () => {
  const stack = concreteStack();
  const slurm = clusterIn(stack, { storage: [pcs.NodeStorage.efsHomes(imported(stack))] });
  slurm.addComputeNodeGroup('A', nodes());
  const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
  new pcs.ComputeNodeGroup(other, 'B', {
    cluster: slurm,
    ...nodes({ storage: [pcs.NodeStorage.openZfs({ dnsName: 'files.example.com', mountPath: '/zfs', securityGroups: [] })] }),
  });
  const paths = (of: Stack) => Object.values(Template.fromStack(of).findResources('AWS::PCS::ComputeNodeGroup'))
    .map(({ Properties }) => Properties.NodeLifecycleActions.Stages.NodeBootstrapped.map(({ Name }: any) => Name));
  expect(paths(stack)).toEqual([['mount-home']]);
  expect(paths(other)).toEqual([['mount-home', 'mount-zfs']]);
});

describe('security groups', () => {
  const closedGroup = (stack: Stack, vpc: ec2.IVpc, id: string) => new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
  /** The ports that rules of the app open, by the groups at their ends. */
  const rulesOf = (template: Template, kind: 'Ingress' | 'Egress') => Object.values(template.findResources(`AWS::EC2::SecurityGroup${kind}`))
    .filter(({ Properties: { Description } }) => Description.includes('nodes of AWS PCS'))
    .map(({ Properties: { IpProtocol, FromPort, ToPort } }) => `${IpProtocol} ${FromPort}-${ToPort}`)
    .sort();

  /** What is opened between nodes and a file system with a group that lets nothing out. */
  function opened(
    storage: (groups: ec2.ISecurityGroup[], stack: Stack, vpc: ec2.IVpc) => pcs.NodeStorage,
  ): { ingress: string[]; egress: string[] } {
    const stack = concreteStack();
    const vpc = vpcOf(stack);
    const [files, group] = ['Files', 'Nodes'].map(id => closedGroup(stack, vpc, id));
    clusterIn(stack, { vpc }).addComputeNodeGroup('Group', nodes({ securityGroups: [group], storage: [storage([files], stack, vpc)] }));
    const template = Template.fromStack(stack);
    return { ingress: rulesOf(template, 'Ingress'), egress: rulesOf(template, 'Egress') };
  }

  test('let NFS through to EFS', () => {
    const both = ['tcp 2049-2049'];
    expect(opened(([securityGroup], stack, vpc) => pcs.NodeStorage.efsHomes(new efs.FileSystem(stack, 'Homes', { vpc, securityGroup }))))
      .toEqual({ ingress: both, egress: both });
  });

  test('let Lustre through both ways', () => {
    const both = ['tcp 1018-1023', 'tcp 1018-1023', 'tcp 988-988', 'tcp 988-988'];
    expect(opened(([securityGroup], stack) => pcs.NodeStorage.lustre(fsx.LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Scratch', {
      dnsName: 'files.example.com', fileSystemId: FILES, securityGroup,
    }), { mountPath: '/scratch', mountName: 'fsx' }))).toEqual({ ingress: both, egress: both });
  });

  test('let the protocols of NFS through to OpenZFS and ONTAP', () => {
    const zfs = ['tcp 111-111', 'tcp 20001-20003', 'tcp 2049-2049', 'udp 111-111', 'udp 20001-20003', 'udp 2049-2049'];
    expect(opened(securityGroups => pcs.NodeStorage.openZfs({ dnsName: 'files.example.com', mountPath: '/zfs', securityGroups })))
      .toEqual({ ingress: zfs, egress: zfs });
    const ontap = ['tcp', 'udp'].flatMap(protocol => ['111-111', '2049-2049', '4045-4046', '4049-4049', '635-635'].map(ports => `${protocol} ${ports}`));
    expect(opened(securityGroups => pcs.NodeStorage.ontap({ dnsName: 'files.example.com', junctionPath: '/vol1', mountPath: '/ontap', securityGroups })))
      .toEqual({ ingress: ontap, egress: ontap });
  });

  test('have each rule once, however many node groups share them', () => {
    const stack = concreteStack();
    const slurm = clusterIn(stack, { storage: [pcs.NodeStorage.efsHomes(imported(stack))] });
    ['A', 'B'].forEach(id => slurm.addComputeNodeGroup(id, nodes()));
    slurm.addComputeNodeGroup('C', nodes({ ownSecurityGroup: true }));
    expect(rulesOf(Template.fromStack(stack), 'Ingress')).toEqual(['tcp 2049-2049', 'tcp 2049-2049']);
  });

  test.each(['a role for each stack', 'one role for both'])('of three stacks have their rules in that of the nodes, once in an app: %s', roles => {
    const files = concreteStack();
    const app = files.node.root as App;
    const env = { account: '111122223333', region: 'us-east-1' };
    const vpc = vpcOf(files);
    const [cluster, one, two] = ['Cluster', 'One', 'Two'].map(id => new Stack(app, id, { env }));
    const homes = new efs.FileSystem(files, 'Homes', { vpc, securityGroup: closedGroup(files, vpc, 'HomesGroup') });
    const slurm = clusterIn(cluster, { vpc, traffic: pcs.SlurmTraffic.restrictive() });
    const storage = [pcs.NodeStorage.efsHomes(homes)];
    const role = new iam.Role(files, 'Role', { path: '/aws-pcs/', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    for (const stack of [one, two]) {
      const nodeRole = roles === 'one role for both' ? pcs.NodeRole.fromRole(role) : undefined;
      new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: slurm, ...nodes({ storage, nodeRole }) });
    }
    app.synth();
    const templates = [files, cluster, one, two].map(stack => Template.fromStack(stack));
    const both = [['tcp 2049-2049'], ['tcp 2049-2049']];
    expect(templates.map(template => [rulesOf(template, 'Ingress'), rulesOf(template, 'Egress')])).toEqual([[[], []], [[], []], both, [[], []]]);
    // The nodes of the second stack wait for the rules in the first one, and not the first ones for the policy in the second.
    expect([one, two].map(stack => stack.dependencies.map(({ node }) => node.id).sort())).toEqual([['Cluster', 'Stack'], ['Cluster', 'One', 'Stack']]);
  });

  test('of a cluster and a file system in the stack of the nodes make no circle of stacks', () => {
    const cluster = concreteStack();
    const app = cluster.node.root as App;
    const vpc = vpcOf(cluster);
    const slurm = clusterIn(cluster, { vpc });
    const stack = new Stack(app, 'Nodes', { env: { account: '111122223333', region: 'us-east-1' } });
    const homes = new efs.FileSystem(stack, 'Homes', { vpc });
    new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: slurm, ...nodes({ storage: [pcs.NodeStorage.efsHomes(homes)] }) });
    app.synth();
    expect(stack.dependencies).toEqual([cluster]);
    expect(cluster.dependencies).toEqual([]);
    expect(rulesOf(Template.fromStack(stack), 'Ingress')).toEqual(['tcp 2049-2049']);
  });
});

test('a group with a launch template of the user mounts, and its security groups are judged', () => {
  const stack = concreteStack();
  const vpc = vpcOf(stack);
  const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
  const launch = pcs.NodeLaunch.fromLaunchTemplate(new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { securityGroupIds: [group.securityGroupId] } }));
  const homes = new efs.FileSystem(stack, 'Homes', { vpc });
  clusterIn(stack, { vpc, securityGroups: [group] }).addComputeNodeGroup('Nodes', nodes({ launch, storage: [pcs.NodeStorage.efsHomes(homes)] }));
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))).toHaveLength(1);
});
