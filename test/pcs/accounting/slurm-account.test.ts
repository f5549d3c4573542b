import { App, CfnOutput, CfnParameter, Duration, RemovalPolicy, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { ACCOUNTING_RESOURCE_TYPE } from '../../../src/private/contracts/pcs-accounting';
import { accountingClusterIn, clusterIn, concreteStack, nodes, vpcIn } from '../fixture';

const CLUSTER_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';

/** The properties of the custom resources of a stack, but for what leads to the functions. */
function entriesOf(stack: Stack): Record<string, any>[] {
  return Object.values(Template.fromStack(stack).findResources(ACCOUNTING_RESOURCE_TYPE))
    .map(({ Properties: { ServiceToken, ServiceTimeout, ...properties } }) => properties);
}

/** The settings of Slurm of the cluster of a stack. */
function settingsOf(stack: Stack): Record<string, string> {
  const [cluster] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Cluster'));
  const settings = (cluster.Properties.SlurmConfiguration.SlurmCustomSettings ?? []) as { ParameterName: string; ParameterValue: string }[];
  return Object.fromEntries(settings.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]));
}

describe('an account', () => {
  test('has only what was asked for, and is called like its construct', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    cluster.addAccount('Research');
    expect(entriesOf(stack)).toEqual([{ Kind: 'Account', ClusterId: stack.resolve(cluster.clusterId), Account: { Name: 'research' } }]);
  });

  test('says all of it in the words of its handler', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    const qos = cluster.addQos('Interactive');
    const parent = cluster.addAccount('Lab');
    cluster.addAccount('Research', {
      accountName: 'ai-research',
      description: 'models',
      organization: 'lab',
      parent,
      users: pcs.AccountUsers.of('alice', 'bob', 'alice'),
      defaultAccountOf: pcs.AccountUsers.of('bob'),
      fairShareWeight: 40,
      qos: [qos],
      defaultQos: qos,
      budget: pcs.GpuBudget.monthly({ gpuHours: 12.5 }),
      limits: {
        grpJobs: 10,
        grpTres: { 'GRES/gpu': 16, 'cpu': 256 },
        grpTresMins: { cpu: 6000 },
        grpWall: Duration.days(2),
        maxWall: Duration.hours(4),
        maxJobs: 3,
        custom: { MaxSubmitJobs: '20' },
      },
      userBudget: pcs.GpuBudget.monthly({ gpuHours: 2, gpuType: 'h100' }),
      userLimits: { maxTresPerJob: { node: 2 } },
      mode: pcs.AccountingMode.PREVIEW,
      adoptExisting: true,
      removalPolicy: RemovalPolicy.DESTROY,
      waitForJobs: true,
      refresh: '2',
    });
    const entry = entriesOf(stack).find(({ Account }) => Account?.Name === 'ai-research');
    expect(entry).toEqual({
      Kind: 'Account',
      ClusterId: stack.resolve(cluster.clusterId),
      Mode: 'PREVIEW',
      OnDelete: 'DELETE',
      ActiveJobs: 'WAIT',
      Adopt: 'true',
      Refresh: '2',
      Account: {
        Name: 'ai-research',
        Parent: stack.resolve(parent.accountName),
        Description: 'models',
        Organization: 'lab',
        FairShare: '40',
        Qos: [stack.resolve(qos.qosName)],
        DefaultQos: stack.resolve(qos.qosName),
        Limits: {
          GrpJobs: '10',
          GrpTRES: 'gres/gpu=16,cpu=256',
          GrpTRESMins: 'cpu=6000,gres/gpu=750',
          GrpWall: '2880',
          MaxWallDurationPerJob: '240',
          MaxJobs: '3',
          MaxSubmitJobs: '20',
        },
        Users: ['alice', 'bob'],
        DefaultFor: ['bob'],
        EachUser: { Limits: { MaxTRESPerJob: 'node=2', GrpTRESMins: 'gres/gpu:h100=120' } },
      },
    });
  });

  test('comes after the account above it and after its QOS', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    const qos = cluster.addQos('High');
    const parent = cluster.addAccount('Lab');
    cluster.addAccount('Team', { parent, qos: [qos] });
    const { Account } = entriesOf(stack).find(entry => entry.Account?.Name === 'team')!;
    expect(Account.Parent['Fn::GetAtt'][0]).toMatch(/^ClusterLab/);
    expect(Account.Qos[0]['Fn::GetAtt'][0]).toMatch(/^ClusterHigh/);
  });

  test('has a budget beside a limit of minutes that is known at deployment', () => {
    const stack = concreteStack();
    const minutes = { 'Fn::ImportValue': 'minutes' };
    accountingClusterIn(stack).addAccount('Research', {
      budget: pcs.GpuBudget.monthly({ gpuHours: 1 }), limits: { custom: { GrpTRESMins: minutes as unknown as string } },
    });
    expect(entriesOf(stack)[0].Account.Limits).toEqual({ GrpTRESMins: { 'Fn::Join': ['', [minutes, ',gres/gpu=60']] } });
  });

  test('has no limits whose keys have no values', () => {
    const stack = concreteStack();
    const none = undefined as unknown as string & number;
    accountingClusterIn(stack).addAccount('Research', { limits: { grpTres: { cpu: none, node: 2 }, grpTresMins: { cpu: none }, custom: { GrpJobs: none } } });
    expect(entriesOf(stack)[0].Account.Limits).toEqual({ GrpTRES: 'node=2' });
  });

  test('names others that exist as they are', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    cluster.addAccount('Team', {
      parent: pcs.SlurmAccount.fromAccountName(stack, 'Lab', 'lab'), qos: [pcs.SlurmQos.fromQosName(stack, 'Normal', 'normal')],
    });
    expect(entriesOf(stack)[0].Account).toEqual({ Name: 'team', Parent: 'lab', Qos: ['normal'] });
  });

  test('tells what the deployment changed', () => {
    const stack = concreteStack();
    const account = accountingClusterIn(stack).addAccount('Team');
    new CfnOutput(stack, 'Changes', { value: `${account.changeCount}: ${account.changes}` });
    expect(JSON.stringify(Template.fromStack(stack).toJSON().Outputs)).toMatch(/ClusterTeam\w+","ChangeCount.*ClusterTeam\w+","Changes/);
  });

  test('takes users of a parameter, which are known at deployment', () => {
    const stack = concreteStack();
    const parameter = new CfnParameter(stack, 'Users', { type: 'CommaDelimitedList' });
    accountingClusterIn(stack).addAccount('Team', { users: pcs.AccountUsers.of(...parameter.valueAsList) });
    expect(entriesOf(stack)[0].Account.Users).toEqual({ Ref: 'Users' });
  });

  test.each([[RemovalPolicy.RETAIN, 'RETAIN'], [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RETAIN'], [RemovalPolicy.DESTROY, 'DELETE'], [undefined, undefined]])(
    'with the removal policy %s, the handler does %s', (removalPolicy, deletion) => {
      const stack = concreteStack();
      accountingClusterIn(stack).addAccount('Team', { removalPolicy });
      expect(entriesOf(stack)[0].OnDelete).toBe(deletion);
    });
});

describe('users of a file', () => {
  const users = (file: string) => {
    const stack = concreteStack();
    accountingClusterIn(stack).addAccount('Team', { users: pcs.AccountUsers.fromAsset(`${__dirname}/users/${file}`) });
    return entriesOf(stack)[0].Account.Users as string[];
  };

  test('are the lines of a text, without comments and empty lines', () => {
    expect(users('team.txt')).toEqual(['alice', 'bob', 'carol.smith']);
  });

  test('are a column of a table, whatever other columns hold', () => {
    expect(users('team.csv')).toEqual(['alice', 'bob']);
  });
});

describe('what limits need of the settings of the cluster', () => {
  test('isn\'t there without limits', () => {
    const stack = concreteStack();
    accountingClusterIn(stack).addAccount('Team', { users: pcs.AccountUsers.of('alice'), fairShareWeight: 3 });
    expect(settingsOf(stack)).toEqual({});
  });

  test('is set by a limit', () => {
    const stack = concreteStack();
    accountingClusterIn(stack).addAccount('Team', { limits: { maxJobs: 3 } });
    expect(settingsOf(stack)).toEqual({ AccountingStorageEnforce: 'associations,limits,qos' });
  });

  test('is set by a budget, whichever stack it is of', () => {
    const app = new App({ analyticsReporting: false });
    const env = { account: '111122223333', region: 'us-east-1' };
    const stack = new Stack(app, 'Stack', { env });
    const cluster = accountingClusterIn(stack);
    new pcs.SlurmAccount(new Stack(app, 'Teams', { env }), 'Team', { cluster, budget: pcs.GpuBudget.quarterly({ gpuHours: 1, gpuType: 'h100' }) });
    expect(settingsOf(stack)).toEqual({
      AccountingStorageEnforce: 'associations,limits,qos,safe',
      AccountingStorageTRES: 'gres/gpu,gres/gpu:h100',
      PriorityDecayHalfLife: '0',
      PriorityUsageResetPeriod: 'QUARTERLY',
    });
  });

  test('is set by a budget of users, and by one of a QOS', () => {
    const [one, other] = [concreteStack(), concreteStack()];
    accountingClusterIn(one).addAccount('Team', { users: pcs.AccountUsers.of('alice'), userBudget: pcs.GpuBudget.weekly({ gpuHours: 1 }) });
    accountingClusterIn(other).addQos('Team', { budget: pcs.GpuBudget.weekly({ gpuHours: 1 }) });
    expect(settingsOf(one)).toMatchObject({ PriorityUsageResetPeriod: 'WEEKLY' });
    expect(settingsOf(other)).toEqual(settingsOf(one));
  });

  test('is added to what the user has set, and never replaces it', () => {
    const stack = concreteStack();
    accountingClusterIn(stack, {
      accounting: pcs.Accounting.standard({ enforcement: [pcs.AccountingEnforcement.SAFE, pcs.AccountingEnforcement.QOS] }),
      slurmSettings: { accountingStorageTres: ['license/fluent'], custom: { PriorityDecayHalfLife: '0-0', PriorityUsageResetPeriod: 'monthly', PriorityMaxAge: '1-0' } },
    }).addAccount('Team', { budget: pcs.GpuBudget.monthly({ gpuHours: 1 }) });
    expect(settingsOf(stack)).toEqual({
      AccountingStorageEnforce: 'safe,qos',
      AccountingStorageTRES: 'license/fluent,gres/gpu',
      PriorityDecayHalfLife: '0-0',
      PriorityUsageResetPeriod: 'monthly',
      PriorityMaxAge: '1-0',
    });
  });

  test('is added to a setting by its own name, which is given once', () => {
    const stack = concreteStack();
    accountingClusterIn(stack, { slurmSettings: { custom: { AccountingStorageTRES: 'GRES/gpu' } } })
      .addAccount('Team', { limits: { grpTres: { 'gres/gpu': 8, 'license/fluent': 2 } } });
    const [cluster] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Cluster'));
    const named = (cluster.Properties.SlurmConfiguration.SlurmCustomSettings as { ParameterName: string; ParameterValue: string }[])
      .filter(({ ParameterName }) => ParameterName === 'AccountingStorageTRES');
    expect(named).toEqual([{ ParameterName: 'AccountingStorageTRES', ParameterValue: 'GRES/gpu,license/fluent' }]);
  });

  test('is gone with what needed it', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    cluster.addAccount('Team', { budget: pcs.GpuBudget.monthly({ gpuHours: 1 }) });
    cluster.node.tryRemoveChild('Team');
    expect(settingsOf(stack)).toEqual({});
  });
});

describe('the functions', () => {
  test('are in the VPC of the cluster, which lets them in at the port of the REST API, and the framework isn\'t', () => {
    const stack = concreteStack();
    accountingClusterIn(stack).addAccount('Team');
    const template = Template.fromStack(stack);
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const inVpc = functions.filter(([, { Properties }]) => Properties.VpcConfig).map(([id]) => id.replace(/[0-9a-f]{8}(Changer|Waiter).*/, '*$1'));
    expect(inVpc.sort()).toEqual(['CdkHpcClustersPcsAccounting*Changer', 'CdkHpcClustersPcsAccounting*Waiter']);
    const [group] = Object.keys(template.findResources('AWS::EC2::SecurityGroup', {
      Properties: { GroupDescription: 'Functions that reach the REST API of Slurm' },
    }));
    const ofGroup = { 'Fn::GetAtt': [group, 'GroupId'] };
    const port = { FromPort: 6820, ToPort: 6820, IpProtocol: 'tcp' };
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { ...port, SourceSecurityGroupId: ofGroup });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...port, GroupId: ofGroup });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Functions that reach the REST API of Slurm',
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: Match.anyValue() }],
    });
  });

  test('can reach the database as long as there is an account', () => {
    const stack = concreteStack();
    accountingClusterIn(stack).addAccount('Team');
    const template = Template.fromStack(stack);
    const rules = Object.entries({ ...template.findResources('AWS::EC2::SecurityGroupIngress'), ...template.findResources('AWS::EC2::SecurityGroupEgress') })
      .filter(([, { Properties }]) => Properties.FromPort === 6820).map(([id]) => id);
    const [account] = Object.values(template.findResources(ACCOUNTING_RESOURCE_TYPE));
    expect(rules).toHaveLength(2);
    expect(account.DependsOn).toEqual(expect.arrayContaining(rules));
  });

  test('may read the cluster and the key of its tokens, and nothing else of AWS', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    cluster.addAccount('Team');
    const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(([id]) => /PcsAccounting.*(Changer|Waiter)Role/.test(id));
    expect(roles).toHaveLength(2);
    for (const [, { Properties: { Policies: [{ PolicyDocument }] } }] of roles) {
      const statements = PolicyDocument.Statement as { Action: string; Resource: object }[];
      expect(statements.filter(({ Action }) => !/^(logs|ec2):/.test([Action].flat()[0]))).toEqual([
        { Effect: 'Allow', Action: 'pcs:GetCluster', Resource: stack.resolve(cluster.clusterArn) },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CdkHpcClustersPcsTokenKey/), 'JwtKeySecretArn'] } },
      ]);
    }
  });

  test('are shared by all accounts and QOS of a cluster, and not with another cluster', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const [one, other] = ['one', 'other'].map(clusterName => accountingClusterIn(stack, { vpc, clusterName }));
    one.addAccount('A');
    one.addAccount('B');
    one.addQos('C');
    other.addAccount('A');
    const tokens = entriesTokens(stack);
    expect([tokens.size, Math.max(...tokens.values())]).toEqual([2, 3]);
  });

  test('are those of the stack, for a cluster of another stack, whose groups let them in by a rule here', () => {
    const app = new App({ analyticsReporting: false });
    const env = { account: '111122223333', region: 'us-east-1' };
    const cluster = accountingClusterIn(new Stack(app, 'Cluster', { env }));
    const teams = new Stack(app, 'Teams', { env });
    new pcs.SlurmAccount(teams, 'Team', { cluster });
    Template.fromStack(teams).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 6820, GroupId: Match.anyValue() });
    expect(entriesTokens(teams).size).toBe(1);
  });

  test('are where they are told to be, in groups that they are told, for whom they are told', () => {
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    const access = pcs.AccountingAccess.rest({
      vpcSubnets: { subnets: [vpc.privateSubnets[1]] },
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
      administrator: { userName: 'slurm-admin', userId: 1001, groupId: 1002 },
    });
    const cluster = accountingClusterIn(stack, { vpc });
    cluster.addAccount('A', { access });
    cluster.addAccount('B', { access });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.onEvent', VpcConfig: { SubnetIds: ['subnet-1111111111111111b'], SecurityGroupIds: ['sg-0123456789abcdef0'] },
    });
    template.hasResourceProperties(ACCOUNTING_RESOURCE_TYPE, { Identity: { UserName: 'slurm-admin', Uid: '1001', Gid: '1002' } });
  });

  test('work for a cluster that exists, with its VPC and groups', () => {
    const stack = concreteStack();
    const cluster = pcs.Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterArn: CLUSTER_ARN, vpc: vpcIn(stack), securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    });
    new pcs.SlurmAccount(stack, 'Team', { cluster });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-0123456789abcdef0', FromPort: 6820 });
    expect(entriesOf(stack)[0].ClusterId).toBe('pcs_abc123');
  });
});

/** How many custom resources each function of a stack has. */
function entriesTokens(stack: Stack): Map<string, number> {
  const all = Object.values(Template.fromStack(stack).findResources(ACCOUNTING_RESOURCE_TYPE));
  const tokens = all.map(({ Properties }) => JSON.stringify(Properties.ServiceToken));
  return new Map(tokens.map(token => [token, tokens.filter(other => other === token).length]));
}

describe('queues', () => {
  test('that name an account or a QOS of their stack come after it, in whichever order they are made', () => {
    const stack = concreteStack();
    const cluster = accountingClusterIn(stack);
    const group = cluster.addComputeNodeGroup('Nodes', nodes());
    cluster.addQueue('Early', { computeNodeGroups: [group], slurmSettings: { allowQos: ['normal', 'high'] } });
    cluster.addQos('High');
    cluster.addAccount('Team');
    cluster.addQueue('Late', { computeNodeGroups: [group], slurmSettings: { custom: { AllowAccounts: 'team' }, qos: 'high' } });
    const queues = Template.fromStack(stack).findResources('AWS::PCS::Queue');
    const short = (ids: string[]) => ids.map(each => each.slice(0, 11));
    const after = Object.fromEntries(Object.entries(queues).map(([id, { DependsOn }]) => [id.slice(7, 11), short(DependsOn)]));
    expect(after).toEqual({ Earl: ['ClusterHigh'], Late: ['ClusterHigh', 'ClusterTeam'] });
  });
});

test('a cluster without accounts has the same template as ever', () => {
  const stack = concreteStack();
  clusterIn(stack);
  const [cluster] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Cluster'));
  expect(cluster.Properties).not.toHaveProperty('SlurmConfiguration');
});
