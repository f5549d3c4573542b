import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnParameter, Duration, Fn, Lazy, RemovalPolicy, Stack, Token, aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { RuleCase } from './harness';
import * as pcs from '../../src/pcs';
import { accountingClusterIn, nodes, vpcIn } from '../pcs/fixture';

/* Both sides of the rules about accounts, qualities of service and budgets. */

type Program = (stack: Stack) => void;
type ClusterProps = Partial<pcs.ClusterProps>;

const CLUSTER_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';
const OTHER_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_def456';

/** A program that adds one account to a cluster. */
const account = (options: pcs.SlurmAccountOptions = {}, props: ClusterProps = {}): Program => stack => {
  accountingClusterIn(stack, props).addAccount('Team', options);
};
/** A program that adds one quality of service to a cluster. */
const qos = (options: pcs.SlurmQosOptions = {}, props: ClusterProps = {}): Program => stack => {
  accountingClusterIn(stack, props).addQos('High', options);
};
/** A program that does something with a cluster. */
const on = (use: (cluster: pcs.Cluster, stack: Stack) => void, props: ClusterProps = {}): Program => stack => {
  use(accountingClusterIn(stack, props), stack);
};
/** A program that adds an account to a cluster that exists. */
const imported = (attrs: (stack: Stack) => Partial<pcs.ClusterAttributes>, options: pcs.SlurmAccountOptions = {}): Program => stack => {
  const cluster = pcs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterArn: CLUSTER_ARN, ...attrs(stack) });
  new pcs.SlurmAccount(stack, 'Team', { cluster, ...options });
};
const settings = (custom: Record<string, string>): ClusterProps => ({ slurmSettings: { custom } });
const enforcing = (...enforcement: pcs.AccountingEnforcement[]): ClusterProps => ({ accounting: pcs.Accounting.standard({ enforcement }) });
const users = (...names: string[]) => pcs.AccountUsers.of(...names);
const monthly = (gpuHours: number, gpuType?: string) => pcs.GpuBudget.monthly({ gpuHours, gpuType });
const group = (stack: Stack, id = 'Group') => ec2.SecurityGroup.fromSecurityGroupId(stack, id, 'sg-0123456789abcdef0');
const rest = pcs.AccountingAccess.rest;
/** Nobody's number: one of CloudFormation. */
const numberOf = (stack: Stack) => Token.asNumber(new CfnParameter(stack, 'Number', { type: 'Number' }).value);
const textOf = (stack: Stack) => new CfnParameter(stack, 'Text').valueAsString;

function file(text: string, name = 'users.txt'): pcs.AccountUsers {
  const path = join(mkdtempSync(join(tmpdir(), 'users-')), name);
  writeFileSync(path, text);
  return pcs.AccountUsers.fromAsset(path);
}
/** A VPC of the app whose private subnets have no way out. */
const isolated = (stack: Stack) => new ec2.Vpc(stack, 'Isolated', {
  maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Slurm', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const endpoints = (vpc: ec2.Vpc, ...names: string[]) => names.map(name => vpc.addInterfaceEndpoint(name, {
  service: new ec2.InterfaceVpcEndpointAwsService(name), open: true,
}));
/** A program whose accounts are below one another by their names. */
const below = (parents: Record<string, string>): Program => on((cluster, stack) => {
  Object.entries(parents).forEach(([accountName, parent]) => {
    cluster.addAccount(`Of${accountName}`, { accountName, parent: pcs.SlurmAccount.fromAccountName(stack, `Above${accountName}`, parent) });
  });
});
/** A program with a budget above others. */
const budgets = (own: pcs.GpuBudget, ...parts: (pcs.GpuBudget | undefined)[]): Program => on(cluster => {
  const parent = cluster.addAccount('Lab', { budget: own });
  parts.forEach((budget, index) => cluster.addAccount(`Team${index}`, { parent, budget }));
});
const limits = (own: pcs.SlurmAccountLimits, above: pcs.SlurmAccountLimits): Program => on(cluster => {
  const parent = cluster.addAccount('Lab', { limits: above });
  const between = cluster.addAccount('Group', { parent });
  cluster.addAccount('Team', { parent: between, limits: own });
});
const queue = (slurmSettings: pcs.QueueSlurmSettings, made: (cluster: pcs.Cluster) => void): Program => on(cluster => {
  cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())], slurmSettings });
  made(cluster);
});
const inOtherStack = (slurmSettings: pcs.QueueSlurmSettings): Program => stack => {
  const cluster = accountingClusterIn(stack);
  cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())], slurmSettings });
  new pcs.SlurmQos(new Stack(stack.node.root as App, 'Teams', { env: { account: stack.account, region: stack.region } }), 'High', { cluster });
};

/** A program with a watch of an account with a budget. */
const watch = (props: (stack: Stack) => Partial<pcs.AccountUsageWatchProps> = () => ({})): Program => on((cluster, stack) => {
  new pcs.AccountUsageWatch(stack, 'Usage', { cluster, accounts: [cluster.addAccount('Team', { budget: monthly(1) })], ...props(stack) });
});

const NAMES = {
  'a capital': 'Research',
  'a blank': 'my team',
  'a comma': 'a,b',
  'nothing': '',
  'a plus in front, which is a change': '+high',
  'an equals sign': 'a=b',
  'a pipe': 'a|b',
  'a line': 'a\nb',
  'a percent sign': 'a%b',
  'more than 200 characters': 'a'.repeat(201),
};
const RIGHT_NAMES = { 'a dot, a hyphen and an underscore': 'ml.team-1_a', 'a digit in front': '2026-q1', 'letters of other languages': 'größe', 'an at sign': 'a@b' };
const all = (names: Record<string, string>, make: (name: string) => Program) =>
  Object.fromEntries(Object.entries(names).map(([what, name]) => [what, make(name)]));

export const ACCOUNTING_CASES = {
  accountsWithoutAccounting: {
    refused: {
      'an account of a cluster without accounting': account({}, { accounting: undefined }),
      'a QOS of a cluster whose accounting is off': qos({}, { accounting: pcs.Accounting.none() }),
    },
    accepted: { 'a cluster with accounting': account(), 'a cluster of which that isn\'t known': imported(stack => ({ vpc: vpcIn(stack) })) },
  },
  accountsWithoutRest: {
    refused: {
      'an account of a cluster without the REST API': account({}, { slurmRest: undefined }),
      'a QOS of a cluster whose REST API is off': qos({}, { slurmRest: pcs.SlurmRest.NONE }),
    },
    accepted: {
      'a cluster with the REST API': account(),
      'a mode that nobody here knows': account({}, { slurmRest: pcs.SlurmRest.of('FANCY') }),
      'a cluster of which that isn\'t known': imported(stack => ({ vpc: vpcIn(stack) })),
    },
  },
  accountsNeedNewerSlurm: {
    refused: {
      'an imported cluster with Slurm 24.11': imported(stack => ({ vpc: vpcIn(stack), schedulerVersion: pcs.SlurmVersion.V24_11 })),
    },
    accepted: {
      'one with Slurm 25.05': imported(stack => ({ vpc: vpcIn(stack), schedulerVersion: pcs.SlurmVersion.V25_05 })),
      'one with a version that nobody here knows': imported(stack => ({ vpc: vpcIn(stack), schedulerVersion: pcs.SlurmVersion.of('24.99') })),
      'one of which the version isn\'t known': imported(stack => ({ vpc: vpcIn(stack) })),
    },
  },
  accessVpcMissing: {
    refused: { 'a cluster that is known by its ARN alone': imported(() => ({})) },
    accepted: {
      'a cluster with its VPC': imported(stack => ({ vpc: vpcIn(stack) })),
      'a VPC of the access': stack => imported(() => ({}), { access: rest({ vpc: vpcIn(stack) }) })(stack),
    },
  },
  accessSubnetMissing: {
    refused: { 'a kind of subnets that the VPC doesn\'t have': account({ access: rest({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }) }) },
    accepted: { 'a kind that it has': account({ access: rest({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }) }) },
  },
  accessPublic: {
    refused: {
      'public subnets': account({ access: rest({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }) }),
      'a VPC that has no others': stack => account({}, {
        vpc: new ec2.Vpc(stack, 'Open', { maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Open', subnetType: ec2.SubnetType.PUBLIC }] }),
      })(stack),
    },
    accepted: { 'private ones': account() },
  },
  accessDiffers: {
    refused: {
      'two administrators': on(cluster => {
        cluster.addAccount('A', { access: rest({ administrator: { userName: 'a', userId: 1, groupId: 1 } }) });
        cluster.addAccount('B');
      }),
      'two selections of subnets': on((cluster, stack) => {
        const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Same', {
          vpcId: 'vpc-0123456789abcdef0',
          availabilityZones: ['us-east-1a', 'us-east-1b'],
          privateSubnetIds: ['subnet-1111111111111111a', 'subnet-1111111111111111b'],
        });
        cluster.addAccount('A', { access: rest({ vpcSubnets: { subnets: [vpc.privateSubnets[0]] } }) });
        cluster.addQos('B', { access: rest({ vpcSubnets: { subnets: [vpc.privateSubnets[1]] } }) });
      }),
    },
    accepted: {
      'none of their own': on(cluster => { cluster.addAccount('A'); cluster.addAccount('B', { access: rest() }); }),
      'two that are alike': on(cluster => {
        ['A', 'B'].forEach(id => cluster.addAccount(id, { access: rest({ administrator: { userName: 'a', userId: 1, groupId: 1 } }) }));
      }),
      'two clusters': stack => {
        const vpc = vpcIn(stack);
        accountingClusterIn(stack, { vpc, clusterName: 'one' }).addAccount('A', { access: rest({ administrator: { userName: 'a', userId: 1, groupId: 1 } }) });
        accountingClusterIn(stack, { vpc, clusterName: 'other' }).addAccount('A');
      },
    },
  },
  accessNoWayOut: {
    refused: {
      'isolated subnets without endpoints': stack => account({}, { vpc: isolated(stack) })(stack),
      'isolated subnets with an endpoint of AWS PCS alone': stack => {
        const vpc = isolated(stack);
        endpoints(vpc, 'pcs');
        account({}, { vpc })(stack);
      },
    },
    told: { 'isolated subnets with an endpoint of AWS PCS alone': ['access.vpcSubnets', '["secretsmanager"]'] },
    accepted: {
      'both endpoints': stack => {
        const vpc = isolated(stack);
        endpoints(vpc, 'pcs', 'secretsmanager');
        account({}, { vpc })(stack);
      },
      'a NAT gateway': stack => account({}, { vpc: new ec2.Vpc(stack, 'Way', { maxAzs: 1 }) })(stack),
      'subnets that nobody here knows': account(),
    },
  },
  accessGroupsUnknown: {
    refused: { 'an imported cluster without its groups': imported(stack => ({ vpc: vpcIn(stack) })) },
    accepted: { 'an imported cluster with them': imported(stack => ({ vpc: vpcIn(stack), securityGroups: [group(stack)] })), 'a cluster of the app': account() },
  },
  accessClosed: {
    refused: {
      'groups of which no rule leads to the cluster': stack => {
        const vpc = vpcIn(stack);
        const closed = new ec2.SecurityGroup(stack, 'Closed', { vpc });
        account({ access: rest({ securityGroups: [closed] }) }, { vpc })(stack);
      },
      'an endpoint that lets nobody in': stack => {
        const vpc = isolated(stack);
        endpoints(vpc, 'secretsmanager');
        vpc.addInterfaceEndpoint('pcs', {
          service: new ec2.InterfaceVpcEndpointAwsService('pcs'), open: false, securityGroups: [new ec2.SecurityGroup(stack, 'Closed', { vpc })],
        });
        account({}, { vpc })(stack);
      },
    },
    told: { 'groups of which no rule leads to the cluster': ['access.securityGroups', '["ingress of the cluster on 6820"]'] },
    accepted: {
      'groups that the cluster lets in': stack => {
        const vpc = vpcIn(stack);
        const open = new ec2.SecurityGroup(stack, 'Open', { vpc });
        const cluster = accountingClusterIn(stack, { vpc });
        cluster.connections.allowFrom(open, ec2.Port.tcp(6820));
        cluster.addAccount('Team', { access: rest({ securityGroups: [open] }) });
      },
      'no groups of one\'s own': account(),
      'restrictive traffic': account({}, { traffic: pcs.SlurmTraffic.restrictive() }),
      'groups that nobody here knows': stack => account({ access: rest({ securityGroups: [group(stack)] }) })(stack),
    },
  },
  administratorId: {
    refused: {
      'half a number': account({ access: rest({ administrator: { userName: 'a', userId: 1.5, groupId: 0 } }) }),
      'a group below zero': account({ access: rest({ administrator: { userName: 'a', userId: 1, groupId: -1 } }) }),
    },
    accepted: { root: account({ access: rest({ administrator: { userName: 'root', userId: 0, groupId: 0 } }) }) },
  },
  accountName: {
    refused: all(NAMES, accountName => account({ accountName })),
    accepted: {
      ...all(RIGHT_NAMES, accountName => account({ accountName })),
      'a name that is known at deployment': stack => account({ accountName: textOf(stack) })(stack),
    },
  },
  accountRoot: { refused: { root: account({ accountName: 'root' }) }, accepted: { 'one that begins like it': account({ accountName: 'root-1' }) } },
  accountNameTwice: {
    refused: {
      'two accounts of one cluster': on(cluster => { cluster.addAccount('Team'); cluster.addAccount('Other', { accountName: 'team' }); }),
      'two accounts of one cluster that is imported twice': stack => {
        const vpc = vpcIn(stack);
        ['A', 'B'].forEach(id => new pcs.SlurmAccount(stack, id, {
          cluster: pcs.Cluster.fromClusterAttributes(stack, `Cluster${id}`, { clusterArn: CLUSTER_ARN, vpc }), accountName: 'team',
        }));
      },
    },
    accepted: {
      'an account and a QOS of one name': on(cluster => { cluster.addAccount('Team'); cluster.addQos('Other', { qosName: 'team' }); }),
      'one that takes the place of another': on(cluster => {
        cluster.addAccount('Team');
        cluster.node.tryRemoveChild('Team');
        cluster.addAccount('Other', { accountName: 'team' });
      }),
      'two names that are known at deployment': on((cluster, stack) => {
        const accountName = textOf(stack);
        cluster.addAccount('A', { accountName });
        cluster.addAccount('B', { accountName });
      }),
      'accounts of two clusters': stack => {
        const vpc = vpcIn(stack);
        ['one', 'other'].forEach(clusterName => accountingClusterIn(stack, { vpc, clusterName }).addAccount('Team'));
      },
    },
  },
  accountDescription: {
    refused: { 'two lines': account({ description: 'models\nand more' }), 'a tabulator': account({ organization: 'a\tb' }), 'a QOS': qos({ description: 'a\r' }) },
    accepted: { 'a line': account({ description: 'Models, and "more" – größer' }), 'one that is known at deployment': stack => account({ description: textOf(stack) })(stack) },
  },
  accountOfOtherCluster: {
    refused: {
      'an account above it': stack => {
        const vpc = vpcIn(stack);
        const [one, other] = ['one', 'other'].map(clusterName => accountingClusterIn(stack, { vpc, clusterName }));
        one.addAccount('Team', { parent: other.addAccount('Lab') });
      },
      'a QOS that gives way': stack => {
        const vpc = vpcIn(stack);
        const [one, other] = ['one', 'other'].map(clusterName => accountingClusterIn(stack, { vpc, clusterName }));
        one.addQos('High', { preempts: [other.addQos('Low')] });
      },
      'a QOS that it may have': stack => {
        const vpc = vpcIn(stack);
        const [one, other] = ['one', 'other'].map(clusterName => accountingClusterIn(stack, { vpc, clusterName }));
        one.addAccount('Team', { qos: [other.addQos('Low')] });
      },
    },
    accepted: {
      'one that is imported': on((cluster, stack) => { cluster.addAccount('Team', { parent: pcs.SlurmAccount.fromAccountName(stack, 'Lab', 'lab') }); }),
      'two references, which may well be one cluster': stack => {
        const vpc = vpcIn(stack);
        const [one, other] = [CLUSTER_ARN, OTHER_ARN].map((clusterArn, index) => pcs.Cluster.fromClusterAttributes(stack, `C${index}`, { clusterArn, vpc }));
        new pcs.SlurmAccount(stack, 'A', { cluster: one, parent: new pcs.SlurmAccount(stack, 'B', { cluster: other }) });
      },
    },
  },
  accountCycle: {
    refused: { 'two accounts below each other': below({ a: 'b', b: 'a' }), 'one below itself': below({ a: 'a' }), 'three': below({ a: 'b', b: 'c', c: 'a' }) },
    accepted: { 'a line': below({ a: 'b', b: 'c' }) },
  },
  accountRemoval: {
    refused: { 'a snapshot': account({ removalPolicy: RemovalPolicy.SNAPSHOT }) },
    accepted: { 'keeping it': account({ removalPolicy: RemovalPolicy.RETAIN }), 'deleting it': qos({ removalPolicy: RemovalPolicy.DESTROY }) },
  },
  userName: {
    refused: {
      'a blank': account({ users: users('alice', 'bob smith') }),
      'nothing': account({ users: users('') }),
      'a list in one text': account({ users: users('alice,bob') }),
      'a comma in a file': account({ users: file('alice\nbob,carol\n') }),
      'an empty cell': account({ users: file('user,mail\n,a@example.com\n', 'team.csv') }),
    },
    told: { 'a list in one text': ['users', '"alice,bob"'] },
    accepted: {
      'a name of a directory': account({ users: users('alice@corp.example.com', 'bob.smith', 'svc_train$') }),
      'names that are known at deployment': stack => account({ users: users(textOf(stack)) })(stack),
      'no users': account({ users: users() }),
    },
  },
  userNameCapitals: {
    refused: { 'a capital': account({ users: users('Alice') }), 'a capital in a file': account({ users: file('user\nBob\n', 'team.csv') }) },
    accepted: {
      'small letters': account({ users: users('alice') }),
      'a database that keeps capitals': account({ users: users('Alice') }, { slurmdbdSettings: { custom: { Parameters: 'PreserveCaseUser' } } }),
    },
  },
  usersFile: {
    refused: { 'a file that isn\'t there': account({ users: pcs.AccountUsers.fromAsset('/nowhere/users.txt') }), 'a folder': account({ users: pcs.AccountUsers.fromAsset(__dirname) }) },
    accepted: { 'a file': account({ users: file('alice\n') }), 'an empty file': account({ users: file('') }) },
  },
  usersColumn: {
    refused: { 'a table without names of columns': account({ users: file('alice,1\nbob,2\n', 'team.csv') }), 'an empty table': account({ users: file('', 'team.csv') }) },
    accepted: { 'a table with them': account({ users: file('mail,USER\na@example.com,alice\n', 'TEAM.CSV') }) },
  },
  usersMissing: {
    refused: {
      'a default account of nobody': account({ defaultAccountOf: users('alice') }),
      'limits of nobody': account({ userLimits: { maxJobs: 1 } }),
      'a budget of nobody': account({ userBudget: monthly(1) }),
    },
    accepted: { 'limits of users': account({ users: users('alice'), userLimits: { maxJobs: 1 } }), 'limits of no jobs': account({ userLimits: {} }) },
  },
  defaultAccountUsers: {
    refused: { 'somebody else': account({ users: users('alice'), defaultAccountOf: users('bob') }) },
    accepted: {
      'one of them': account({ users: users('alice', 'bob'), defaultAccountOf: users('bob') }),
      'users that are known at deployment': stack => account({ users: users(textOf(stack)), defaultAccountOf: users('bob') })(stack),
    },
  },
  defaultAccountTwice: {
    refused: {
      'two default accounts': on(cluster => ['A', 'B'].forEach(id => cluster.addAccount(id, { users: users('alice'), defaultAccountOf: users('alice') }))),
    },
    accepted: {
      'one each': on(cluster => {
        cluster.addAccount('A', { users: users('alice', 'bob'), defaultAccountOf: users('alice') });
        cluster.addAccount('B', { users: users('alice', 'bob'), defaultAccountOf: users('bob') });
      }),
    },
  },
  defaultAccountOpen: {
    refused: { 'a user of two accounts': on(cluster => ['A', 'B'].forEach(id => cluster.addAccount(id, { users: users('alice') }))) },
    accepted: {
      'a user of two accounts who has a default one': on(cluster => {
        cluster.addAccount('A', { users: users('alice') });
        cluster.addAccount('B', { users: users('alice'), defaultAccountOf: users('alice') });
      }),
      'two users of one account each': on(cluster => ['a', 'b'].forEach(id => cluster.addAccount(id, { users: users(id) }))),
    },
  },
  qosName: {
    refused: all(NAMES, qosName => qos({ qosName })),
    accepted: { ...all(RIGHT_NAMES, qosName => qos({ qosName })), 'a name that is known at deployment': stack => qos({ qosName: textOf(stack) })(stack) },
  },
  qosNormal: {
    refused: { 'normal': qos({ qosName: 'normal' }), 'normal, by the id of the construct': on(cluster => { cluster.addQos('Normal'); }) },
    accepted: { 'normal that is adopted': qos({ qosName: 'normal', adoptExisting: true }) },
  },
  qosNameTwice: {
    refused: { 'two of one cluster': on(cluster => { cluster.addQos('High'); cluster.addQos('Other', { qosName: 'high' }); }) },
    accepted: { 'two names': on(cluster => { cluster.addQos('High'); cluster.addQos('Low'); }) },
  },
  qosGraceTime: {
    refused: { 'half a second': qos({ graceTime: Duration.millis(1500) }) },
    accepted: { 'half a minute': qos({ graceTime: Duration.seconds(30) }), 'a time that is known at deployment': stack => qos({ graceTime: Duration.seconds(numberOf(stack)) })(stack) },
  },
  qosUsageFactor: {
    refused: { 'below zero': qos({ usageFactor: -1 }) },
    accepted: { 'free': qos({ usageFactor: 0 }), 'half': qos({ usageFactor: 0.5 }), 'known at deployment': stack => qos({ usageFactor: numberOf(stack) })(stack) },
  },
  defaultQosMissing: {
    refused: { 'another one': on(cluster => { cluster.addAccount('Team', { qos: [cluster.addQos('A')], defaultQos: cluster.addQos('B') }); }) },
    accepted: {
      'one of them': on(cluster => { const a = cluster.addQos('A'); cluster.addAccount('Team', { qos: [a, cluster.addQos('B')], defaultQos: a }); }),
      'those of the parent': on(cluster => { cluster.addAccount('Team', { defaultQos: cluster.addQos('A') }); }),
      'a name that is known at deployment': on((cluster, stack) => {
        cluster.addAccount('Team', { qos: [cluster.addQos('A')], defaultQos: pcs.SlurmQos.fromQosName(stack, 'B', textOf(stack)) });
      }),
    },
  },
  preemptionOff: {
    refused: {
      'a cluster that says nothing of it': on(cluster => { cluster.addQos('High', { preempts: [cluster.addQos('Low')] }); }),
      'a cluster where queues decide': on(cluster => { cluster.addQos('High', { preempts: [cluster.addQos('Low')] }); },
        { slurmSettings: { preemptMode: ['REQUEUE'], custom: { PreemptType: 'preempt/partition_prio' } } }),
    },
    accepted: {
      'a cluster where QOS decide': on(cluster => { cluster.addQos('High', { preempts: [cluster.addQos('Low')] }); },
        { slurmSettings: { preemptMode: ['REQUEUE'], custom: { PreemptType: 'preempt/qos' } } }),
      'no preemption': qos(),
    },
  },
  limitNumber: {
    refused: {
      'half a job': account({ limits: { maxJobs: 1.5 } }),
      'fewer than none': qos({ limits: { grpJobs: -1 } }),
      'half a GPU': account({ limits: { grpTres: { 'gres/gpu': 0.5 } } }),
      'a priority below zero': qos({ priority: -1 }),
      'a weight below zero': account({ fairShareWeight: -1 }),
      'more than a number can hold': qos({ limits: { maxTresPerUser: { cpu: 2 ** 53 } } }),
    },
    told: { 'half a GPU': ['limits.grpTres[\'gres/gpu\']', '0.5'] },
    accepted: {
      'none': account({ limits: { maxJobs: 0, grpTres: { 'gres/gpu': 0 } }, fairShareWeight: 0 }),
      'numbers that are known at deployment': stack => account({ limits: { maxJobs: numberOf(stack), grpTres: { cpu: Token.asNumber(Fn.ref('Number')) } } })(stack),
    },
  },
  limitTime: {
    refused: { 'half a minute': account({ limits: { maxWall: Duration.seconds(90) } }) },
    accepted: {
      'an hour': account({ limits: { maxWall: Duration.hours(1), grpWall: Duration.days(30) } }),
      'a time that is known at deployment': stack => account({ limits: { maxWall: Duration.minutes(numberOf(stack)) } })(stack),
    },
  },
  limitResource: {
    refused: { 'a GPU without its kind': account({ limits: { grpTres: { gpu: 8 } } }) },
    accepted: { 'resources of Slurm': account({ limits: { grpTres: { 'gres/gpu:h100': 8, 'CPU': 4, 'mem': 1024, 'license/fluent': 2, 'fs/disk': 1 } } }) },
  },
  limitName: {
    refused: { 'a name that nobody knows': account({ limits: { custom: { MaxFun: '1' } } }), 'one of QOS alone': account({ limits: { custom: { MaxJobsPerUser: '1' } } }) },
    accepted: { 'one that has no property': qos({ limits: { custom: { MaxJobsAccruePerUser: '4' } } }) },
  },
  limitValue: {
    refused: { 'a time in days': account({ limits: { custom: { GrpWall: '1-00:00:00' } } }), 'no number of GPUs': account({ limits: { custom: { GrpTRES: 'gres/gpu' } } }) },
    accepted: { 'resources': account({ limits: { custom: { GrpTRES: 'gres/gpu=8,cpu=4' } } }), 'a value that is known at deployment': stack => account({ limits: { custom: { GrpTRES: textOf(stack) } } })(stack) },
  },
  budgetHours: {
    refused: {
      'none': account({ budget: monthly(0) }),
      'less than a minute': account({ budget: monthly(0.01) }),
      'hours that are known at deployment': stack => account({ budget: monthly(numberOf(stack)) })(stack),
    },
    accepted: { 'a part of an hour': account({ budget: monthly(0.5) }) },
  },
  budgetTwice: {
    refused: { 'a limit of the same minutes': account({ budget: monthly(10), limits: { grpTresMins: { 'GRES/gpu': 60 } } }) },
    accepted: { 'a limit of other minutes': account({ budget: monthly(10), limits: { grpTresMins: { 'cpu': 60, 'gres/gpu:h100': 60 } } }) },
  },
  budgetTotal: {
    refused: {
      'a budget of an account': account({ budget: pcs.GpuBudget.total({ gpuHours: 10 }) }),
      'a budget of users': account({ users: users('alice'), userBudget: pcs.GpuBudget.total({ gpuHours: 10 }) }),
    },
    accepted: { 'a budget of a QOS': qos({ budget: pcs.GpuBudget.total({ gpuHours: 10 }) }) },
  },
  budgetNeverFilled: {
    refused: { 'a budget for each month': qos({ budget: monthly(10), flags: [pcs.SlurmQosFlag.NO_DECAY] }) },
    accepted: {
      'a budget for ever': qos({ budget: pcs.GpuBudget.total({ gpuHours: 10 }), flags: [pcs.SlurmQosFlag.NO_DECAY] }),
      'no budget': qos({ flags: [pcs.SlurmQosFlag.NO_DECAY] }),
    },
  },
  budgetPeriodsDiffer: {
    refused: {
      'a month and a week': on(cluster => { cluster.addAccount('A', { budget: monthly(1) }); cluster.addAccount('B', { budget: pcs.GpuBudget.weekly({ gpuHours: 1 }) }); }),
      'a QOS with another one': on(cluster => { cluster.addAccount('A', { budget: monthly(1) }); cluster.addQos('B', { budget: pcs.GpuBudget.yearly({ gpuHours: 1 }) }); }),
      'users with another one': account({ budget: monthly(1), users: users('alice'), userBudget: pcs.GpuBudget.daily({ gpuHours: 1 }) }),
    },
    accepted: {
      'a budget for ever beside': on(cluster => { cluster.addAccount('A', { budget: monthly(1) }); cluster.addQos('B', { budget: pcs.GpuBudget.total({ gpuHours: 1 }) }); }),
      'two of one period': account({ budget: monthly(2), users: users('alice'), userBudget: monthly(1) }),
    },
  },
  budgetPeriodOfCluster: {
    refused: { 'another period': account({ budget: monthly(1) }, settings({ PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'WEEKLY' })) },
    accepted: {
      'the same period': account({ budget: monthly(1) }, settings({ PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'Monthly' })),
      'a period that is known at deployment': stack => account({ budget: monthly(1) }, settings({ PriorityUsageResetPeriod: textOf(stack) }))(stack),
      'a budget for ever': qos({ budget: pcs.GpuBudget.total({ gpuHours: 1 }) }, settings({ PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'WEEKLY' })),
    },
  },
  budgetDecays: {
    refused: { 'half a life of a week': account({ budget: monthly(1) }, settings({ PriorityDecayHalfLife: '7-0' })) },
    accepted: {
      'none': account({ budget: monthly(1) }, settings({ PriorityDecayHalfLife: '00:00:00', PriorityUsageResetPeriod: 'MONTHLY' })),
      'one without a budget': account({ limits: { maxJobs: 1 } }, settings({ PriorityDecayHalfLife: '7-0' })),
      'one that is known at deployment': stack => account({ budget: monthly(1) }, settings({ PriorityDecayHalfLife: textOf(stack) }))(stack),
    },
  },
  limitsNotEnforced: {
    refused: {
      'associations alone': account({ limits: { maxJobs: 1 } }, enforcing(pcs.AccountingEnforcement.ASSOCIATIONS)),
      'QOS alone': qos({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.QOS)),
      'in Slurm\'s own words': account({ budget: monthly(1) }, settings({ AccountingStorageEnforce: 'associations' })),
    },
    accepted: {
      'limits': account({ limits: { maxJobs: 1 } }, enforcing(pcs.AccountingEnforcement.LIMITS)),
      'safe, which has them': account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.SAFE)),
      'all': account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.of('ALL'))),
      'no limits': account({ users: users('alice') }, enforcing(pcs.AccountingEnforcement.ASSOCIATIONS)),
      'what is known at deployment': stack => account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.of(textOf(stack))))(stack),
      'what others decide late': account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.of(Lazy.string({ produce: () => 'associations' })))),
    },
  },
  budgetNotSafe: {
    refused: { 'limits alone': account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.LIMITS)) },
    accepted: {
      'safe': account({ budget: monthly(1) }, enforcing(pcs.AccountingEnforcement.SAFE)),
      'no budget': account({ limits: { maxJobs: 1 } }, enforcing(pcs.AccountingEnforcement.LIMITS)),
      'what the budget sets': account({ budget: monthly(1) }),
    },
  },
  qosNotEnforced: {
    refused: { 'limits alone': qos({ limits: { maxJobsPerUser: 1 } }, enforcing(pcs.AccountingEnforcement.LIMITS)) },
    accepted: {
      'both': qos({ limits: { maxJobsPerUser: 1 } }, enforcing(pcs.AccountingEnforcement.LIMITS, pcs.AccountingEnforcement.QOS)),
      'an account': account({ limits: { maxJobs: 1 } }, enforcing(pcs.AccountingEnforcement.LIMITS)),
    },
  },
  limitsOfUnknownCluster: {
    refused: { 'a budget of an imported cluster': imported(stack => ({ vpc: vpcIn(stack) }), { budget: monthly(1) }) },
    told: {
      'a budget of an imported cluster': ['cluster', JSON.stringify({
        AccountingStorageTRES: 'gres/gpu', AccountingStorageEnforce: 'associations,limits,qos,safe', PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'MONTHLY',
      })],
    },
    accepted: { 'an account without limits': imported(stack => ({ vpc: vpcIn(stack) }), { users: users('alice') }), 'a cluster of the app': account({ budget: monthly(1) }) },
  },
  budgetsAboveParent: {
    refused: { 'two that are more together': budgets(monthly(10), monthly(6), monthly(5)), 'those of a type below those of all': budgets(monthly(10), monthly(11, 'h100')) },
    told: { 'two that are more together': ['budget', '{"gpuHours":10,"sumOfParts":11}'] },
    accepted: {
      'as much as there is': budgets(monthly(10), monthly(6), monthly(4)),
      'one without a budget': budgets(monthly(10), monthly(6), undefined),
      'those of another type': budgets(monthly(10, 'a100'), monthly(11, 'h100')),
    },
  },
  limitAboveParent: {
    refused: {
      'more GPUs than an account two above has': limits({ grpTres: { 'gres/gpu': 16 } }, { grpTres: { 'gres/gpu': 8 } }),
      'more jobs': limits({ grpJobs: 2 }, { grpJobs: 1 }),
    },
    accepted: {
      'as many': limits({ grpTres: { 'gres/gpu': 8 } }, { grpTres: { 'gres/gpu': 8 } }),
      'more of something else': limits({ grpTres: { cpu: 16 } }, { grpTres: { 'gres/gpu': 8 } }),
      'what holds for one job, where its own comes first': limits({ maxTresPerJob: { node: 16 } }, { maxTresPerJob: { node: 8 } }),
      'a number that is known at deployment': on((cluster, stack) => {
        const parent = cluster.addAccount('Lab', { limits: { grpJobs: 1 } });
        cluster.addAccount('Team', { parent, limits: { grpJobs: numberOf(stack) } });
      }),
    },
  },
  queueNamesUnknown: {
    refused: {
      'a QOS that isn\'t made': queue({ allowQos: ['hihg'] }, cluster => { cluster.addQos('High'); }),
      'an account that isn\'t made': queue({ denyAccounts: ['taem'] }, cluster => { cluster.addAccount('Team'); }),
    },
    accepted: {
      'those that are made, and those that are there': queue({ allowQos: ['HIGH', 'normal'], allowAccounts: ['team', 'root'] }, cluster => { cluster.addQos('High'); cluster.addAccount('Team'); }),
      'a QOS, where the app makes none': queue({ allowQos: ['other'] }, cluster => { cluster.addAccount('Team'); }),
      'the name as the construct returns it': on(cluster => {
        const high = cluster.addQos('High');
        cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())], slurmSettings: { qos: high.qosName } });
      }),
    },
  },
  queueBeforeNames: {
    refused: { 'a QOS of a later stack': inOtherStack({ allowQos: ['high'] }) },
    accepted: { 'one of the same stack': queue({ allowQos: ['high'] }, cluster => { cluster.addQos('High'); }), 'a queue that names none': inOtherStack({}) },
  },
  watchEmpty: {
    refused: { 'no account': watch(() => ({ accounts: [] })) },
    accepted: { one: watch() },
  },
  watchRate: {
    refused: {
      'half a minute': watch(() => ({ rate: Duration.seconds(30) })),
      'two hours': watch(() => ({ rate: Duration.hours(2) })),
      'a time that is known at deployment': watch(stack => ({ rate: Duration.minutes(numberOf(stack)) })),
    },
    accepted: { 'an hour': watch(() => ({ rate: Duration.hours(1) })) },
  },
  watchPercent: {
    refused: {
      'nothing': watch(() => ({ budgetPercents: [0] })),
      'more than all': watch(() => ({ budgetPercents: [50, 101] })),
      'a number that is known at deployment': watch(stack => ({ budgetPercents: [numberOf(stack)] })),
    },
    told: { 'more than all': ['budgetPercents[1]', '101'] },
    accepted: { 'a part of a percent': watch(() => ({ budgetPercents: [99.5, 100] })), 'none': watch(() => ({ budgetPercents: [] })) },
  },
} satisfies Record<string, RuleCase>;

