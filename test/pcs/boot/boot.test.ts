import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  App, Stack, aws_ec2 as ec2, aws_efs as efs, aws_fsx as fsx, aws_logs as logs, aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { maintainedAt, parse, standIn, MAINTAINED } from './maintained-scripts';
import { CAN_BOOT, Node, type Action } from './node';
import * as pcs from '../../../src/pcs';
import { clusterIn, nodes } from '../fixture';

const SCRIPT = join(__dirname, '..', '..', '..', 'node-scripts', 'mount-nfs.sh');
const MODE_SCRIPT = join(dirname(SCRIPT), 'set-directory-mode.sh');
const ASSET = 's3://scripts/mount-nfs.sh';
const FILES = 'fs-0123456789abcdef0';
const DNS = `${FILES}.fsx.us-east-1.amazonaws.com`;
const NFS_OPTIONS = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev';

const nodesOfTest: Node[] = [];
function newNode(nfs = true): Node {
  const node = new Node(nfs);
  nodesOfTest.push(node);
  return node;
}
afterAll(() => { nodesOfTest.forEach(node => { node.remove(); }); });

/** What the service gets of a node group: its actions, the objects of its assets, and what its role is allowed. */
interface Deployed {
  readonly actions: Action[];
  readonly objects: Record<string, Buffer>;
  readonly allowed: { readonly action: string; readonly resource: string }[];
}

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:s-abcdef';
const ATTRIBUTES: Readonly<Record<string, string>> = { Id: 'pcs_abc123', DNSName: DNS, LustreMountName: 'abcdefgh' };

/** Values in the place of what only a deployment knows. */
function resolve(value: any, types: Record<string, string>): any {
  if (Array.isArray(value)) { return value.map(part => resolve(part, types)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value;
  if (ref === 'AWS::Partition') { return 'aws'; }
  if (ref === 'AWS::URLSuffix') { return 'amazonaws.com'; }
  if (ref) { return /FileSystem/.test(types[ref]) ? FILES : types[ref] === 'AWS::SecretsManager::Secret' ? SECRET : ref; }
  if (attribute) { return ATTRIBUTES[attribute[1]] ?? `arn:${attribute[0]}`; }
  if (joined) { return (resolve(joined[1], types) as string[]).join(joined[0]); }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part, types)]));
}

function deploy(options: (stack: Stack, vpc: ec2.Vpc) => Partial<pcs.ComputeNodeGroupOptions>): Deployed {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] });
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes(options(stack, vpc)));
  const assembly = app.synth();
  const { Resources: resources } = assembly.getStackByName('Stack').template;
  const types = Object.fromEntries(Object.entries<any>(resources).map(([id, { Type }]) => [id, Type]));
  const ofType = (type: string) => Object.values<any>(resources).filter(({ Type }) => Type === type)
    .map(({ Properties }) => resolve(Properties, types));
  const [{ NodeLifecycleActions: { Stages: stages } }] = ofType('AWS::PCS::ComputeNodeGroup');
  const manifest = JSON.parse(readFileSync(join(assembly.directory, 'Stack.assets.json'), 'utf8')) as { files: Record<string, any> };
  const objects = Object.values(manifest.files).flatMap(({ source, destinations }) => Object.values<any>(destinations)
    .map(({ bucketName, objectKey }) => [`s3://${bucketName}/${objectKey}`, readFileSync(join(assembly.directory, source.path))] as const));
  return {
    actions: stages.NodeBootstrapped,
    objects: Object.fromEntries(objects),
    allowed: ofType('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action: actions, Resource: on }: any) => [actions].flat()
        .flatMap((action: string) => [on].flat().map((resource: string) => ({ action, resource })))),
  };
}

/** A node group with all that can be mounted, and all scripts of AWS. */
const everything = () => deploy((stack, vpc) => {
  const homes = new efs.FileSystem(stack, 'Homes', { vpc });
  const scratch = new fsx.LustreFileSystem(stack, 'Scratch', {
    vpc,
    vpcSubnet: vpc.privateSubnets[0],
    storageCapacityGiB: 1200,
    lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
  });
  return {
    storage: [
      pcs.NodeStorage.lustre(scratch, { mountPath: '/scratch', directoryMode: '1770' }),
      pcs.NodeStorage.ontap({ dnsName: `svm-1.${DNS}`, junctionPath: '/vol1', mountPath: '/data/ontap', readOnly: true }),
      pcs.NodeStorage.openZfs({ dnsName: DNS, mountPath: '/data' }),
      pcs.NodeStorage.efs(homes, { mountPath: '/shared', encryptionInTransit: false }),
      pcs.NodeStorage.efsHomes(homes),
    ],
    lifecycleActions: {
      nodeBootstrapped: [
        pcs.MaintainedScript.configureLdaps({
          ldapUri: 'ldaps://directory.example.com',
          searchBase: 'dc=example,dc=com',
          tlsCacert: '/etc/ca.pem',
          secret: new secretsmanager.Secret(stack, 'Secret'),
        }),
        pcs.MaintainedScript.mountEfs({ fileSystem: homes, mountPoint: '/tools', options: ['tls', 'iam', 'ro'] }),
        pcs.MaintainedScript.configureEfsHomes({ fileSystem: homes, homeBase: '/homes' }),
        pcs.MaintainedScript.mountFsxLustre({ fsxDnsName: scratch.dnsName, mountName: scratch.mountName, mountPoint: '/fsx', name: 'second scratch' }),
        pcs.MaintainedScript.configureCloudWatchLogs({ logGroup: new logs.LogGroup(stack, 'Logs', { logGroupName: '/nodes' }) }),
      ],
    },
  };
});

test('each script of AWS is called by flags that its page has, and the role is allowed what it says', () => {
  const { actions, allowed } = everything();
  const called = actions.flatMap(({ ScriptSource: { ScriptLocation: location }, Arguments: args = [] }) => {
    const script = maintainedAt(location);
    if (!script) { return []; }
    const values = parse(script, args);
    expect(allowed.map(({ action }) => action)).toEqual(expect.arrayContaining([...script.actions(values)]));
    expect(allowed).toContainEqual({ action: 's3:GetObject', resource: location.replace('s3://', 'arn:aws:s3:::') });
    return [Object.keys(MAINTAINED).find(name => MAINTAINED[name] === script)];
  });
  expect(new Set(called)).toEqual(new Set(Object.keys(MAINTAINED)));
});

test('the log group of the cluster is the default, for which alone nodes are allowed to write', () => {
  const { actions, allowed } = deploy(() => ({ lifecycleActions: { nodeBootstrapped: [pcs.MaintainedScript.configureCloudWatchLogs()] } }));
  expect(actions[0].Arguments).toBeUndefined();
  expect(actions[0].OnError).toBe('CONTINUE');
  expect(new Set(allowed.filter(({ action }) => action.startsWith('logs:')).map(({ resource }) => resource))).toEqual(new Set([
    'arn:aws:logs:us-east-1:111122223333:log-group:/aws/pcs/pcs_abc123/lifecycle',
    'arn:aws:logs:us-east-1:111122223333:log-group:/aws/pcs/pcs_abc123/lifecycle:*',
  ]));
});

const booting = CAN_BOOT ? describe : describe.skip;

booting('a node', () => {
  test('runs all that is rendered, mounts it in order, and mounts it again after a reboot and not twice before', () => {
    const { actions, objects } = everything();
    const node = newNode();
    const first = node.boot(actions, objects, 2);
    expect({ ran: first.ran, log: first.log }).toMatchObject({ ran: Object.fromEntries(actions.map(({ Name }) => [Name, 0])) });
    const mounts = [
      `mount -t lustre -o noatime,flock ${DNS}@tcp:/abcdefgh /scratch`,
      `mount -t nfs -o ${NFS_OPTIONS} ${DNS}:/fsx /data`,
      `mount -t efs -o noresvport ${FILES}:/ /shared`,
      `mount -t efs -o tls,iam ${FILES}:/ /home`,
      `mount -t nfs -o ${NFS_OPTIONS},ro svm-1.${DNS}:/vol1 /data/ontap`,
      `mount -t efs -o tls,iam,ro ${FILES}:/ /tools`,
      `mount -t efs -o tls,iam ${FILES}:/ /homes`,
      `mount -t lustre -o noatime,flock ${DNS}@tcp:/abcdefgh /fsx`,
    ];
    expect(first.mounts).toEqual(mounts);
    expect(Object.keys(first.mounted).sort()).toEqual(['/data', '/data/ontap', '/fsx', '/home', '/homes', '/scratch', '/shared', '/tools']);
    expect(node.read('etc/logs/group')).toMatch(/^Logs\w+\n$/); // the reference of the log group is its name
    expect(node.read('etc/sssd/sssd.conf').split('\n').slice(0, 2)).toEqual(['ldaps://directory.example.com', 'dc=example,dc=com']);

    const second = node.boot(actions, objects);
    expect(second.mounts).toEqual(mounts);
    expect(Object.keys(second.ran)).toEqual(actions.filter(({ ExecutionPolicy }) => ExecutionPolicy === 'EVERY_BOOT').map(({ Name }) => Name));
    expect(second.mounted).toEqual(first.mounted);
    expect([first, second].map(({ log }) => log.match(/\/scratch has mode 1770$/gm)?.length)).toEqual([1, 1]); // a reboot makes a new one here
  });

  test('is terminated where a mount fails, and goes on where that is asked for', () => {
    const mount = (onError?: pcs.ScriptErrorAction) => deploy(() => ({
      storage: [pcs.NodeStorage.openZfs({ dnsName: DNS, mountPath: '/a', onError }), pcs.NodeStorage.openZfs({ dnsName: DNS, mountPath: '/b' })],
    }));
    const boot = ({ actions, objects }: Deployed) => newNode(false).boot(actions, objects);
    expect(boot(mount())).toMatchObject({ ran: { 'mount-a': 1 }, terminated: true });
    expect(boot(mount(pcs.ScriptErrorAction.CONTINUE))).toMatchObject({ ran: { 'mount-a': 1, 'mount-b': 1 }, terminated: true });
  });
});

booting('set-directory-mode.sh', () => {
  const script = readFileSync(MODE_SCRIPT);
  const run = (args: string[], before = '755') => newNode().boot([
    { Name: 'mount', ScriptSource: { ScriptLocation: ASSET }, Arguments: ['--server', DNS, '--export', '/fsx', '--mount-point', '/zfs'] },
    { Name: 'before', ScriptSource: { ScriptLocation: 's3://scripts/before.sh' } },
    { Name: 'mode', ScriptSource: { ScriptLocation: 's3://scripts/mode.sh' }, Arguments: args, OnError: 'CONTINUE' },
    { Name: 'look', ScriptSource: { ScriptLocation: 's3://scripts/look.sh' } },
  ], {
    [ASSET]: readFileSync(SCRIPT),
    's3://scripts/before.sh': Buffer.from(`#!/bin/sh\n[ -e /before ] || chmod ${before} /zfs\n: > /before\n`),
    's3://scripts/mode.sh': script,
    's3://scripts/look.sh': Buffer.from('#!/bin/sh\nstat -c "zfs %a" /zfs; stat -c "etc %a" /etc\n'),
  }, 2);

  test.each(['1777', '775', '0750', '02770'])('sets mode %s once, and finds it the next time', mode => {
    const { ran, log } = run(['--path', '/zfs', '--mode', mode]);
    expect(ran).toMatchObject({ mode: 0 });
    expect(log.match(/^zfs .*$/gm)).toEqual([`zfs ${mode.replace(/^0/, '')}`, `zfs ${mode.replace(/^0/, '')}`]);
    expect(log).toContain(`/zfs has mode ${mode} already`);
  });

  test.each(['1777', '0755'])('sets mode %s where the directory has bits that a shorter mode would leave', mode => {
    const { ran, log } = run(['--path', '/zfs', '--mode', mode], '02775');
    expect(ran).toMatchObject({ mode: 0 });
    expect(log).toMatch(new RegExp(`^zfs ${mode.replace(/^0/, '')}$`, 'm'));
  });

  test.each<[string, string[], string]>([
    ['a directory of the node', ['--path', '/etc', '--mode', '1777'], 'nothing is mounted at /etc'],
    ['a path that isn\'t there', ['--path', '/none', '--mode', '1777'], 'nothing is mounted at /none'],
    ['a relative path', ['--path', 'zfs', '--mode', '1777'], '--path is not an absolute path below the root: zfs'],
    ['no path', ['--mode', '1777'], '--path is not an absolute path below the root: '],
    ['no mode', ['--path', '/zfs'], '--mode is not octal: '],
    ['letters', ['--path', '/zfs', '--mode', 'a+w'], '--mode is not octal: a+w'],
    ['a flag without its value', ['--path'], '--path needs a value'],
    ['an unknown flag', ['--owner', 'x'], 'unknown argument: --owner'],
  ])('refuses %s, and changes nothing', (_, args, message) => {
    const { ran, log } = run(args);
    expect(ran).toMatchObject({ mode: 1 });
    expect(log).toContain(`ERROR: ${message}`);
    expect(log).not.toMatch(/(zfs|etc) 1777/);
  });
});

booting('mount-nfs.sh', () => {
  const script = readFileSync(SCRIPT);
  const run = (node: Node, args: string[], times = 1) => node.boot([
    { Name: 'mount', ScriptSource: { ScriptLocation: ASSET }, Arguments: args, ExecutionPolicy: 'EVERY_BOOT', OnError: 'CONTINUE' },
  ], { [ASSET]: script }, times);
  const ARGS = ['--server', DNS, '--export', '/fsx', '--mount-point', '/zfs', '--options', 'ro'];

  test('mounts a volume, makes the directory, and finds it mounted the next time', () => {
    const node = newNode();
    const boot = run(node, ARGS, 3);
    expect(boot).toMatchObject({ ran: { mount: 0 }, mounts: [`mount -t nfs -o ro ${DNS}:/fsx /zfs`], mounted: { '/zfs': `${DNS}:/fsx` }, slept: 0 });
    expect(boot.log).toContain(`${DNS}:/fsx is mounted at /zfs already`);
  });

  test('takes paths with slashes behind them, and no options', () => {
    expect(run(newNode(), ['--server', DNS, '--export', '/fsx/', '--mount-point', '/zfs/'], 2)).toMatchObject({
      ran: { mount: 0 }, mounts: [`mount -t nfs ${DNS}:/fsx/ /zfs`],
    });
  });

  test('follows a link at the mount point', () => {
    const node = newNode();
    const link = { Name: 'link', ScriptSource: { ScriptLocation: 's3://scripts/link.sh' } };
    const mount = { Name: 'mount', ScriptSource: { ScriptLocation: ASSET }, Arguments: ARGS, ExecutionPolicy: 'EVERY_BOOT' };
    const objects = { [ASSET]: script, 's3://scripts/link.sh': Buffer.from('#!/bin/sh\n[ -e /zfs ] || { mkdir /other && ln -s /other /zfs; }\n') };
    expect(node.boot([link, mount], objects, 2)).toMatchObject({ ran: { link: 0, mount: 0 }, mounts: [expect.stringMatching(/\/other$/)] });
  });

  test('tries again while the file system can\'t be reached, for five minutes', () => {
    const patient = newNode();
    patient.write('node/refusals', '3');
    expect(run(patient, ARGS)).toMatchObject({ ran: { mount: 0 }, slept: 30, mounted: { '/zfs': `${DNS}:/fsx` } });
    const futile = newNode();
    futile.write('node/refusals', '1000');
    const boot = run(futile, ARGS);
    expect(boot).toMatchObject({ ran: { mount: 1 }, slept: 300, mounted: {} });
    expect(boot.log).toContain(`ERROR: ${DNS}:/fsx can't be mounted at /zfs: check the name, the path of the volume, routes and security groups`);
  });

  test('doesn\'t mount over something else', () => {
    const node = newNode();
    const other = ['--server', 'others.example.com', ...ARGS.slice(2)];
    const boot = node.boot([other, ARGS].map((args, index) => ({
      Name: `mount ${index}`, ScriptSource: { ScriptLocation: ASSET }, Arguments: args, ExecutionPolicy: 'EVERY_BOOT', OnError: 'CONTINUE',
    })), { [ASSET]: script });
    expect(boot).toMatchObject({ ran: { 'mount 0': 0, 'mount 1': 1 }, mounted: { '/zfs': 'others.example.com:/fsx' } });
    expect(boot.log).toContain(`ERROR: others.example.com:/fsx is mounted at /zfs, where ${DNS}:/fsx belongs`);
  });

  test('fails where mount says that it has mounted, and hasn\'t', () => {
    const node = newNode();
    node.write('node/bin/mount', '#!/bin/sh\nexit 0\n');
    expect(run(node, ARGS)).toMatchObject({ ran: { mount: 1 }, log: expect.stringContaining('nothing is mounted at /zfs') });
  });

  test('names the package that the image lacks', () => {
    expect(run(newNode(false), ARGS)).toMatchObject({ ran: { mount: 1 }, mounts: [], log: expect.stringContaining('nfs-utils, or nfs-common') });
  });

  test.each<[string, string[], string]>([
    ['an unknown flag', [...ARGS, '--force', 'yes'], 'unknown argument: --force'],
    ['a flag without its value', ['--server'], '--server needs a value'],
    ['an empty value', ['--server', '', ...ARGS.slice(2)], '--server must not be empty'],
    ['no server', ARGS.slice(2), '--server is missing'],
    ['no volume', ['--server', DNS, '--mount-point', '/zfs'], '--export is missing'],
    ['no path', ['--server', DNS, '--export', '/fsx'], '--mount-point is missing'],
    ['a relative path', ['--server', DNS, '--export', '/fsx', '--mount-point', 'zfs'], '--mount-point is not an absolute path below the root: zfs'],
    ['the root', ['--server', DNS, '--export', '/fsx', '--mount-point', '/'], '--mount-point is not an absolute path below the root: /'],
    ['a relative volume', ['--server', DNS, '--export', 'fsx', '--mount-point', '/zfs'], '--export is not an absolute path: fsx'],
  ])('refuses %s, and mounts nothing', (_, args, message) => {
    expect(run(newNode(), args)).toMatchObject({ ran: { mount: 1 }, mounts: [], log: expect.stringContaining(`ERROR: ${message}`) });
  });

  test('takes values as they are', () => {
    const path = '/zfs$(touch${IFS}x);*\'"';
    expect(run(newNode(), ['--server', DNS, '--export', '/fsx', '--mount-point', path])).toMatchObject({ mounted: { [path]: `${DNS}:/fsx` } });
  });
});

describe('the stand-ins of the scripts of AWS', () => {
  const refused = (name: string, args: string[]) => spawnSync('sh', ['-s', '--', ...args], { input: standIn(MAINTAINED[name]), encoding: 'utf8' }).status;

  test.each<[string, string[]]>([
    ['mount-efs', ['--file-system-id', FILES]],
    ['mount-efs', ['--file-system', FILES, '--mount-point', '/x']],
    ['mount-efs', ['--file-system-id', 'homes', '--mount-point', '/x']],
    ['mount-efs', ['--file-system-id', FILES, '--mount-point', 'x']],
    ['mount-fsx-lustre', ['--fsx-dns-name', DNS, '--mount-point', '/x']],
    ['configure-efs-homes', ['--efs-id', FILES, '--efs-id', FILES]],
    ['configure-ldaps', ['--ldap-uri', 'https://directory', '--search-base', 'dc=x']],
    ['configure-cloudwatch-logs', ['--log-group-name']],
  ])('refuse what the page of %s doesn\'t have: %j', (name, args) => {
    expect(refused(name, args)).toBe(2);
  });
});

describe.each([SCRIPT, MODE_SCRIPT].map(path => [basename(path), path]))('%s', (_, path) => {
  const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  test.each(['sh', 'bash', 'dash'].filter(has))('can be read by %s', shell => {
    expect(spawnSync(shell, ['-n', path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  (has('shellcheck') ? test : test.skip)('has nothing that ShellCheck objects to', () => {
    expect(spawnSync('shellcheck', [path], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
});
