import {
  App, CfnParameter, CfnResource, Fn, Lazy, Stack, Token, aws_ec2 as ec2, aws_efs as efs, aws_fsx as fsx,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import type { RuleCase } from './harness';
import * as pcs from '../../src/pcs';
import { clusterIn, nodes, vpcIn } from '../pcs/fixture';

type Program = (stack: Stack) => void;

const FILES = 'fs-0123456789abcdef0';
const DNS = `${FILES}.fsx.us-east-1.amazonaws.com`;
const SVM = `svm-0123456789abcdef0.${DNS}`;

const groupOf = (stack: Stack, id = 'Files') => ec2.SecurityGroup.fromSecurityGroupId(stack, `${id}Group`, `sg-${id.toLowerCase().padStart(17, '0')}`);
const imported = (stack: Stack, id = 'Files') => efs.FileSystem.fromFileSystemAttributes(stack, id, {
  fileSystemId: FILES, securityGroup: groupOf(stack, id),
});
const importedLustre = (stack: Stack) => fsx.LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Scratch', {
  dnsName: DNS, fileSystemId: FILES, securityGroup: groupOf(stack, 'Scratch'),
});
const openZfs = (options: Partial<pcs.OpenZfsStorageOptions> = {}) => (stack: Stack) => pcs.NodeStorage.openZfs({
  dnsName: DNS, mountPath: '/zfs', securityGroups: [groupOf(stack)], ...options,
});
const ontap = (options: Partial<pcs.OntapStorageOptions> = {}) => (stack: Stack) => pcs.NodeStorage.ontap({
  dnsName: SVM, junctionPath: '/vol1', mountPath: '/ontap', securityGroups: [groupOf(stack)], ...options,
});
const onEfs = (options: Partial<pcs.EfsStorageOptions> = {}) => (stack: Stack) => pcs.NodeStorage.efs(imported(stack), { mountPath: '/shared', ...options });
const lustre = (options: Partial<pcs.LustreStorageOptions> = {}) => (stack: Stack) => pcs.NodeStorage.lustre(importedLustre(stack), {
  mountPath: '/scratch', mountName: 'fsx', ...options,
});

/** A program whose nodes mount something. */
const mounting = (...storage: ((stack: Stack) => pcs.NodeStorage)[]): Program => stack => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ storage: storage.map(make => make(stack)) }));
};
const at = (mountPath: string) => mounting(onEfs({ mountPath }));

/** A program with a VPC in two zones, whose nodes mount what is in it. */
const inVpc = (
  make: (stack: Stack, vpc: ec2.Vpc) => pcs.NodeStorage, options: (vpc: ec2.Vpc) => Partial<pcs.ComputeNodeGroupOptions> = () => ({}),
): Program => stack => {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ storage: [make(stack, vpc)], ...options(vpc) }));
};
const newLustre = (stack: Stack, vpc: ec2.Vpc, subnet = vpc.privateSubnets[0]) => new fsx.LustreFileSystem(stack, 'Scratch', {
  vpc, vpcSubnet: subnet, storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
});
/** A file system of L1s, with a mount target in each private subnet. */
const l1 = (stack: Stack, vpc: ec2.Vpc, open?: (group: ec2.SecurityGroup) => void) => {
  const files = new efs.CfnFileSystem(stack, 'Files');
  const group = new ec2.SecurityGroup(stack, 'FilesGroup', { vpc });
  open?.(group);
  vpc.privateSubnets.forEach(({ subnetId }, index) => new efs.CfnMountTarget(stack, `Target${index}`, {
    fileSystemId: files.ref, subnetId, securityGroups: [group.securityGroupId],
  }));
  return pcs.NodeStorage.efs(files, { mountPath: '/shared' });
};
const zfsOf = (stack: Stack, subnetIds: string[], securityGroupIds?: string[]) => new fsx.CfnFileSystem(stack, 'Zfs', {
  fileSystemType: 'OPENZFS', subnetIds, securityGroupIds, storageCapacity: 64, openZfsConfiguration: { deploymentType: 'SINGLE_AZ_1', throughputCapacity: 64 },
});
const mountEfs = (stack: Stack, mountPoint: string) => pcs.MaintainedScript.mountEfs({ fileSystem: imported(stack, 'Others'), mountPoint });
const token = (value: string) => Lazy.string({ produce: () => value });

const isolated = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', {
  maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
/** A program whose nodes have scripts, in a VPC. */
const running = (
  options: (stack: Stack) => Partial<pcs.ComputeNodeGroupOptions>, vpc: (stack: Stack) => ec2.Vpc, props: Partial<pcs.ClusterProps> = {},
): Program => stack => { clusterIn(stack, { vpc: vpc(stack), ...props }).addComputeNodeGroup('Nodes', nodes(options(stack))); };
const storing = (stack: Stack) => ({ storage: [onEfs()(stack)] });
const withS3 = (stack: Stack) => {
  const vpc = isolated(stack);
  vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  return vpc;
};
const loggingTo = { nodeBootstrapped: [pcs.MaintainedScript.configureCloudWatchLogs()] };
const restrictive = { traffic: pcs.SlurmTraffic.restrictive() };

/** Cases of the rules of storage. */
export const STORAGE_CASES = {
  storageMountPath: {
    refused: {
      'a relative path': at('home'),
      'the root': at('/'),
      'the root, written at length': at('//'),
      'nothing': at(''),
      'a path with a blank': at('/my home'),
      'a path with a line break': at('/home\n'),
      'a path with a quote': at('/team\'s'),
      'a path upwards': at('/shared/../etc'),
      'a path with a dot': at('/./shared'),
      '257 characters': at(`/${'a'.repeat(256)}`),
      'a path of homes': mounting(stack => pcs.NodeStorage.efsHomes(imported(stack), { mountPath: 'home' })),
      'a path of Lustre': mounting(lustre({ mountPath: 'fsx' })),
      'a path of a volume': mounting(openZfs({ mountPath: 'zfs' })),
      'a path of ONTAP': mounting(ontap({ mountPath: 'ontap' })),
      'a path of a script of AWS': stack => {
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [mountEfs(stack, 'tools')] } }));
      },
      'a path of the cluster\'s storage': stack => { clusterIn(stack, { storage: [onEfs({ mountPath: 'home' })(stack)] }); },
    },
    told: {
      'a relative path': ['storage[0].mountPath', '"home"'],
      'a path of a script of AWS': ['lifecycleActions.nodeBootstrapped[0].arguments', '"tools"'],
    },
    accepted: {
      'a directory': at('/home'),
      'a directory with a slash behind': at('/home/'),
      'slashes in a row': at('/mnt//efs'),
      'a hidden directory': at('/mnt/.cache..d'),
      'letters of other languages': at('/données'),
      '256 characters': at(`/${'a'.repeat(255)}`),
      'a token': at(token('home')),
      'a text with a token': at(`/mnt/${token('home')}`),
      'homes': mounting(stack => pcs.NodeStorage.efsHomes(imported(stack))),
      'a path of a script of AWS with a slash behind': stack => {
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [mountEfs(stack, '/tools/')] } }));
      },
    },
  },
  storageSystemPath: {
    refused: {
      'the configuration': at('/etc'),
      'programs of the system': at('/usr/'),
      'where Slurm and the agent are': at('/opt/aws'),
      'the cluster\'s storage at the logs': stack => { clusterIn(stack, { storage: [onEfs({ mountPath: '/var/log' })(stack)] }); },
    },
    told: { 'programs of the system': ['storage[0].mountPath', '"/usr"'] },
    accepted: { 'a directory below': at('/opt/tools'), 'one whose name begins alike': at('/etcetera'), 'homes': at('/home') },
  },
  storagePathTwice: {
    refused: {
      'two file systems': mounting(onEfs({ mountPath: '/data' }), lustre({ mountPath: '/data' })),
      'two spellings': mounting(onEfs({ mountPath: '/data/' }), lustre({ mountPath: '//data' })),
      'homes by default': mounting(stack => pcs.NodeStorage.efsHomes(imported(stack)), lustre({ mountPath: '/home' })),
      'one of the cluster': stack => {
        clusterIn(stack, { storage: [onEfs({ mountPath: '/data' })(stack)] })
          .addComputeNodeGroup('Nodes', nodes({ storage: [lustre({ mountPath: '/data' })(stack)] }));
      },
      'two of the cluster': stack => { clusterIn(stack, { storage: [onEfs({ mountPath: '/data' })(stack), lustre({ mountPath: '/data' })(stack)] }); },
      'a script of AWS': stack => {
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({
          storage: [onEfs({ mountPath: '/data' })(stack)], lifecycleActions: { nodeBootstrapped: [mountEfs(stack, '/data')] },
        }));
      },
      'two scripts of AWS': stack => {
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({
          lifecycleActions: {
            nodeBootstrapped: [mountEfs(stack, '/data')],
            nodeReady: [pcs.MaintainedScript.mountFsxLustre({ fsxDnsName: DNS, mountName: 'fsx', mountPoint: '/data/' })],
          },
        }));
      },
    },
    told: {
      'two spellings': ['storage[1].mountPath', '"/data"'],
      'a script of AWS': ['lifecycleActions.nodeBootstrapped[0]', '"/data"'],
    },
    accepted: {
      'one below the other': mounting(onEfs({ mountPath: '/data' }), lustre({ mountPath: '/data/scratch' })),
      'one file system at two paths': stack => {
        const files = imported(stack);
        clusterIn(stack).addComputeNodeGroup('Nodes', nodes({
          storage: ['/a', '/b'].map(mountPath => pcs.NodeStorage.efs(files, { mountPath })),
        }));
      },
      'paths that are known at deployment': mounting(onEfs({ mountPath: token('/data') }), lustre({ mountPath: token('/data') })),
      'one path in two node groups': stack => {
        const slurm = clusterIn(stack);
        const storage = [onEfs()(stack)];
        ['A', 'B'].forEach(id => slurm.addComputeNodeGroup(id, nodes({ storage })));
      },
    },
  },
  storageMountOption: {
    refused: {
      'a blank': mounting(onEfs({ mountOptions: ['noatime, nodiratime'] })),
      'nothing': mounting(openZfs({ mountOptions: [''] })),
      'a line break': mounting(lustre({ mountOptions: ['noatime\n'] })),
    },
    told: { 'a blank': ['storage[0].mountOptions[0]', '"noatime, nodiratime"'] },
    accepted: {
      'options': mounting(onEfs({ mountOptions: ['noatime', 'rsize=1048576'] })),
      'none': mounting(onEfs({ mountOptions: [] })),
      'a token': mounting(onEfs({ mountOptions: [token('a b')] })),
      'options that are known at deployment': mounting(onEfs({ mountOptions: Fn.split(' ', 'a b') })),
    },
  },
  storageDirectoryMode: {
    refused: {
      'letters': mounting(onEfs({ directoryMode: 'a+rwx' })),
      'a digit that isn\'t octal': mounting(lustre({ directoryMode: '1787' })),
      'two digits': mounting(openZfs({ directoryMode: '77' })),
    },
    told: { letters: ['storage[0].directoryMode', '"a+rwx"'] },
    accepted: {
      'with the sticky bit': mounting(lustre({ directoryMode: '1777' })),
      'three digits': mounting(ontap({ directoryMode: '775' })),
      'a token': mounting(onEfs({ directoryMode: token('a+rwx') })),
    },
  },
  storageModeReadOnly: {
    refused: {
      'a mount for reading': mounting(onEfs({ directoryMode: '1777', readOnly: true })),
      'an option of mount': mounting(onEfs({ directoryMode: '1777', mountOptions: ['noatime', 'ro'] })),
      'an option among others in one entry': mounting(lustre({ mountPath: '/scratch', directoryMode: '1777', mountOptions: ['noatime,ro'] })),
    },
    told: { 'a mount for reading': ['storage[0].directoryMode', '"1777"'] },
    accepted: {
      'a mount for writing': mounting(onEfs({ directoryMode: '1777', readOnly: false })),
      'no mode': mounting(onEfs({ readOnly: true })),
      'another option behind': mounting(onEfs({ directoryMode: '1777', mountOptions: ['ro', 'rw'] })),
      'an option that begins like it': mounting(onEfs({ directoryMode: '1777', mountOptions: ['root_squash'] })),
      'options that are known at deployment': mounting(onEfs({ directoryMode: '1777', mountOptions: Fn.split(',', Fn.importValue('Options')) })),
      'an option behind that is known at deployment': mounting(onEfs({ directoryMode: '1777', mountOptions: ['ro', token('rw')] })),
    },
  },
  storageUnencrypted: {
    refused: {
      'authorization': mounting(onEfs({ encryptionInTransit: false, iamAuthorization: true })),
      'authorization of homes': mounting(stack => pcs.NodeStorage.efsHomes(imported(stack), { encryptionInTransit: false, iamAuthorization: true })),
      'an access point': mounting(stack => pcs.NodeStorage.efs(imported(stack), {
        mountPath: '/shared', encryptionInTransit: false, accessPoint: efs.AccessPoint.fromAccessPointId(stack, 'Point', 'fsap-0123456789abcdef0'),
      })),
    },
    told: { authorization: ['storage[0].encryptionInTransit', 'false'] },
    accepted: {
      'neither': mounting(onEfs({ encryptionInTransit: false })),
      'no authorization': mounting(onEfs({ iamAuthorization: false })),
      'an access point without authorization': mounting(stack => pcs.NodeStorage.efs(imported(stack), {
        mountPath: '/shared', iamAuthorization: false, accessPoint: efs.AccessPoint.fromAccessPointId(stack, 'Point', 'fsap-0123456789abcdef0'),
      })),
    },
  },
  storageMountNameMissing: {
    refused: {
      'an imported file system': mounting(stack => pcs.NodeStorage.lustre(importedLustre(stack), { mountPath: '/scratch' })),
      'one of the cluster': stack => { clusterIn(stack, { storage: [pcs.NodeStorage.lustre(importedLustre(stack), { mountPath: '/scratch' })] }); },
    },
    told: { 'an imported file system': ['storage[0].mountName'] },
    accepted: {
      'one that is given': mounting(lustre()),
      'a file system of the app': inVpc((stack, vpc) => pcs.NodeStorage.lustre(newLustre(stack, vpc), { mountPath: '/scratch' })),
    },
  },
  storageMountName: {
    refused: {
      'a path': mounting(lustre({ mountName: '/fsx' })),
      'nine characters': mounting(lustre({ mountName: 'abcdefghi' })),
      'nothing': mounting(lustre({ mountName: '' })),
    },
    told: { 'a path': ['storage[0].mountName', '"/fsx"'] },
    accepted: { 'eight characters': mounting(lustre({ mountName: 'abcd_f-8' })), 'a token': mounting(lustre({ mountName: token('/fsx') })) },
  },
  storageDnsName: {
    refused: {
      'a name with the path of a volume': mounting(openZfs({ dnsName: `${DNS}:/fsx` })),
      'an address of the web': mounting(ontap({ dnsName: `https://${SVM}` })),
      'nothing': mounting(openZfs({ dnsName: '' })),
    },
    told: { 'a name with the path of a volume': ['storage[0].dnsName', `"${DNS}:/fsx"`] },
    accepted: {
      'a name': mounting(openZfs()),
      'the name of a storage virtual machine': mounting(ontap()),
      'an address': mounting(openZfs({ dnsName: '10.0.0.17' })),
      'an address of IPv6': mounting(openZfs({ dnsName: '[2001:db8::1]' })),
      'a name of a zone of one\'s own': mounting(ontap({ dnsName: 'files.example.com' })),
      'a token': mounting(openZfs({ dnsName: token('a:b') })),
    },
  },
  storageVolumePath: {
    refused: {
      'a relative path': mounting(openZfs({ volumePath: 'fsx' })),
      'the name of a volume': mounting(ontap({ junctionPath: 'vol1' })),
      'a path with a blank': mounting(ontap({ junctionPath: '/my vol' })),
      '256 characters': mounting(ontap({ junctionPath: `/${'a'.repeat(255)}` })),
    },
    told: { 'a relative path': ['storage[0].volumePath', '"fsx"'], 'the name of a volume': ['storage[0].junctionPath', '"vol1"'] },
    accepted: {
      'a volume in a volume': mounting(openZfs({ volumePath: '/fsx/team' })),
      'the root of the name space': mounting(openZfs({ volumePath: '/' })),
      '255 characters': mounting(ontap({ junctionPath: `/${'a'.repeat(254)}` })),
      'a token': mounting(ontap({ junctionPath: token('vol1') })),
    },
  },
  scriptsUnreachable: {
    refused: {
      'storage in isolated subnets': running(storing, isolated),
      'logs without an endpoint of their service': running(() => ({ lifecycleActions: loggingTo }), withS3),
      'a secret without an endpoint of its service': running(stack => ({
        lifecycleActions: {
          nodeBootstrapped: [pcs.MaintainedScript.configureLdaps({
            ldapUri: 'ldaps://directory', searchBase: 'dc=x', secret: new secretsmanager.Secret(stack, 'Secret'),
          })],
        },
      }), withS3),
      'storage with restrictive traffic': running(storing, stack => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }), restrictive),
    },
    told: {
      'storage in isolated subnets': ['storage', '["s3"]'],
      'logs without an endpoint of their service': ['lifecycleActions', '["logs"]'],
      'storage with restrictive traffic': ['storage', '["egress of nodes"]'],
    },
    accepted: {
      'a gateway endpoint': running(storing, withS3),
      'an endpoint of logs besides': running(() => ({ lifecycleActions: loggingTo }), stack => {
        const vpc = withS3(stack);
        vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
        return vpc;
      }),
      'a NAT gateway': running(storing, stack => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 })),
      'no scripts': running(() => ({}), isolated),
      'a script on the web': running(() => ({
        lifecycleActions: { nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromUrl('https://example.com/x.sh') }] },
      }), isolated),
      'restrictive traffic with a way out': stack => {
        const slurm = clusterIn(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }), ...restrictive });
        slurm.nodeConnections.allowToAnyIpv4(ec2.Port.HTTPS);
        slurm.addComputeNodeGroup('Nodes', nodes(storing(stack)));
      },
    },
  },
  storageElsewhere: {
    concrete: true,
    refused: {
      'a file system of a stack in another Region': stack => {
        const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
        mounting(() => pcs.NodeStorage.efs(imported(other), { mountPath: '/shared' }))(stack);
      },
    },
    accepted: {
      'one of the Region': mounting(onEfs()),
      'one of a stack that fits any Region': stack => {
        mounting(() => pcs.NodeStorage.efs(imported(new Stack(stack.node.root as App, 'Other')), { mountPath: '/shared' }))(stack);
      },
    },
  },
  storageClosed: {
    refused: {
      'mount targets of L1s': inVpc((stack, vpc) => l1(stack, vpc)),
      'mount targets that let something else in': inVpc((stack, vpc) => l1(stack, vpc, group => group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443)))),
      'a file system of the CDK, from the security groups of a launch template': stack => {
        const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
        const group = new ec2.SecurityGroup(stack, 'Template', { vpc });
        const template = new ec2.CfnLaunchTemplate(stack, 'Launch', { launchTemplateData: { securityGroupIds: [group.securityGroupId] } });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
          launch: pcs.NodeLaunch.fromLaunchTemplate(template), storage: [pcs.NodeStorage.efsHomes(new efs.FileSystem(stack, 'Files', { vpc }))],
        }));
      },
      'OpenZFS by an L1': inVpc((stack, vpc) => pcs.NodeStorage.openZfs({
        dnsName: zfsOf(stack, [vpc.privateSubnets[0].subnetId], [new ec2.SecurityGroup(stack, 'Zfs0', { vpc }).securityGroupId]).attrDnsName, mountPath: '/zfs',
      })),
    },
    accepted: {
      'mount targets that let the VPC in': inVpc((stack, vpc) => l1(stack, vpc, group => group.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(2049)))),
      'mount targets whose group is known at deployment': inVpc((stack, vpc) => {
        const files = new efs.CfnFileSystem(stack, 'Files');
        const group = new CfnParameter(stack, 'Group', { type: 'AWS::EC2::SecurityGroup::Id' });
        vpc.privateSubnets.forEach(({ subnetId }, index) => new efs.CfnMountTarget(stack, `Target${index}`, {
          fileSystemId: files.ref, subnetId, securityGroups: [group.valueAsString],
        }));
        return pcs.NodeStorage.efs(files, { mountPath: '/shared' });
      }),
      'a file system of the CDK': inVpc((stack, vpc) => pcs.NodeStorage.efs(new efs.FileSystem(stack, 'Files', { vpc }), { mountPath: '/shared' })),
      'Lustre of the CDK': inVpc((stack, vpc) => pcs.NodeStorage.lustre(newLustre(stack, vpc), { mountPath: '/shared' })),
    },
  },
  storageDoorUnknown: {
    refused: {
      'no security groups': mounting(() => pcs.NodeStorage.openZfs({ dnsName: DNS, mountPath: '/zfs' })),
      'an empty list of them': mounting(() => pcs.NodeStorage.ontap({ dnsName: SVM, junctionPath: '/vol1', mountPath: '/ontap', securityGroups: [] })),
      'a group that may not be changed': mounting(stack => pcs.NodeStorage.openZfs({
        dnsName: DNS, mountPath: '/zfs', securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Fixed', 'sg-0123456789abcdef0', { mutable: false })],
      })),
      'a reference alone': mounting(stack => pcs.NodeStorage.efs(efs.CfnFileSystem.fromFileSystemId(stack, 'Files', FILES), { mountPath: '/shared' })),
    },
    told: { 'no security groups': ['storage', '{"/zfs":"TCP 2049"}'] },
    accepted: {
      'a group that may be changed': mounting(openZfs()),
      'a group that may not be changed, with a rule of the app': mounting(stack => {
        new ec2.CfnSecurityGroupIngress(stack, 'Rule', { groupId: 'sg-0123456789abcdef0', ipProtocol: 'tcp', fromPort: 2000, toPort: 3000, cidrIp: '10.0.0.0/8' });
        return pcs.NodeStorage.openZfs({
          dnsName: DNS, mountPath: '/zfs', securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Fixed', 'sg-0123456789abcdef0', { mutable: false })],
        });
      }),
      'a file system of the CDK': inVpc((stack, vpc) => pcs.NodeStorage.efs(new efs.FileSystem(stack, 'Files', { vpc }), { mountPath: '/shared' })),
      'OpenZFS by an L1': inVpc((stack, vpc) => pcs.NodeStorage.openZfs({
        dnsName: zfsOf(stack, [vpc.privateSubnets[0].subnetId]).attrDnsName, mountPath: '/zfs',
      })),
    },
  },
  storageNoMountTarget: {
    refused: {
      'a One Zone file system': inVpc((stack, vpc) => pcs.NodeStorage.efs(new efs.FileSystem(stack, 'Files', { vpc, oneZone: true }), { mountPath: '/shared' })),
      'mount targets in some subnets': inVpc((stack, vpc) => pcs.NodeStorage.efs(
        new efs.FileSystem(stack, 'Files', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[1]] } }), { mountPath: '/shared' },
      )),
      'homes': inVpc((stack, vpc) => pcs.NodeStorage.efsHomes(new efs.FileSystem(stack, 'Files', { vpc, oneZone: true }))),
      'a mount target of a file system that exists': stack => {
        const vpc = vpcIn(stack);
        new efs.CfnMountTarget(stack, 'Target', { fileSystemId: FILES, subnetId: vpc.privateSubnets[0].subnetId, securityGroups: ['sg-0123456789abcdef0'] });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ storage: [onEfs()(stack)] }));
      },
    },
    told: { 'a One Zone file system': ['storage', '{"/shared":["us-east-1a"],"nodes":["us-east-1b"]}'] },
    accepted: {
      'a mount target in each zone': inVpc((stack, vpc) => pcs.NodeStorage.efs(new efs.FileSystem(stack, 'Files', { vpc }), { mountPath: '/shared' })),
      'mount targets in other subnets of the zones': inVpc((stack, vpc) => pcs.NodeStorage.efs(
        new efs.FileSystem(stack, 'Files', { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }), { mountPath: '/shared' },
      )),
      'nodes in the zone': inVpc(
        (stack, vpc) => pcs.NodeStorage.efs(new efs.FileSystem(stack, 'Files', { vpc, oneZone: true }), { mountPath: '/shared' }),
        vpc => ({ vpcSubnets: { subnets: [vpc.privateSubnets[0]] } }),
      ),
      'zones that are known at deployment': stack => {
        const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
        const files = new efs.FileSystem(stack, 'Files', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0]] } });
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ storage: [pcs.NodeStorage.efs(files, { mountPath: '/shared' })] }));
      },
      'a file system that exists': mounting(onEfs()),
    },
  },
  storageOtherZone: {
    refused: {
      'Lustre in one of the zones': inVpc((stack, vpc) => pcs.NodeStorage.lustre(newLustre(stack, vpc), { mountPath: '/scratch' })),
      'Lustre in another zone': inVpc(
        (stack, vpc) => pcs.NodeStorage.lustre(newLustre(stack, vpc, vpc.privateSubnets[1]), { mountPath: '/scratch' }),
        vpc => ({ vpcSubnets: { subnets: [vpc.privateSubnets[0]] } }),
      ),
      'OpenZFS in one zone': inVpc((stack, vpc) => pcs.NodeStorage.openZfs({
        dnsName: zfsOf(stack, [vpc.privateSubnets[0].subnetId]).attrDnsName, mountPath: '/zfs', securityGroups: [groupOf(stack)],
      })),
    },
    told: { 'Lustre in another zone': ['storage', '{"/scratch":["us-east-1b"],"nodes":["us-east-1a"]}'] },
    accepted: {
      'nodes in the zone': inVpc(
        (stack, vpc) => pcs.NodeStorage.lustre(newLustre(stack, vpc), { mountPath: '/scratch' }),
        vpc => ({ vpcSubnets: { subnets: [vpc.privateSubnets[0]] } }),
      ),
      'a file system of two zones': inVpc((stack, vpc) => pcs.NodeStorage.openZfs({
        dnsName: zfsOf(stack, vpc.privateSubnets.map(({ subnetId }) => subnetId)).attrDnsName, mountPath: '/zfs', securityGroups: [groupOf(stack)],
      })),
      'a file system that exists': mounting(lustre()),
      'a subnet that is known at deployment': inVpc(stack => {
        const files = new CfnResource(stack, 'Zfs', { type: 'AWS::FSx::FileSystem', properties: { SubnetIds: Fn.importValue('subnets') } });
        return pcs.NodeStorage.openZfs({ dnsName: Token.asString(files.getAtt('DNSName')), mountPath: '/zfs', securityGroups: [groupOf(stack)] });
      }),
    },
  },
} satisfies Record<string, RuleCase>;
