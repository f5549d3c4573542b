import { App, CfnParameter, Size, Stack, Tags, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import {
  Cluster, ComputeQuota, ComputeQuotaGrants, InstanceType, PartitionProfile, PreemptTeamTasks, QuotaResource, ResourceSharing, Team,
  type ComputeQuotaProps, type IComputeQuotaRef,
} from '../../../src/hyperpod';

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const TYPE = 'AWS::SageMaker::ComputeQuota';

function makeStack(): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack');
}

function makeQuota(stack: Stack, props: Partial<ComputeQuotaProps> = {}): ComputeQuota {
  return new ComputeQuota(stack, 'Quota', {
    cluster: Cluster.fromClusterArn(stack, 'Cluster', CLUSTER_ARN),
    team: Team.of('research'),
    resources: [QuotaResource.instances({ instanceType: InstanceType.P5_48XLARGE, count: 2 })],
    ...props,
  });
}

function propertiesOf(stack: Stack): Record<string, any> {
  const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
  return resource.Properties;
}

describe('what is rendered', () => {
  test('the smallest quota holds what is required and nothing else', () => {
    const stack = makeStack();
    makeQuota(stack);
    expect(propertiesOf(stack)).toEqual({
      Name: expect.stringMatching(/^research-[0-9a-f]{8}$/),
      ClusterArn: CLUSTER_ARN,
      ComputeQuotaTarget: { TeamName: 'research' },
      ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: 'ml.p5.48xlarge', Count: 2 }] },
    });
    Template.fromStack(stack).resourceCountIs(TYPE, 1);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  });

  test('every property', () => {
    const stack = makeStack();
    makeQuota(stack, {
      computeQuotaName: 'research-quota',
      fairShareWeight: 40,
      description: 'large models',
      enabled: false,
      preemptTeamTasks: PreemptTeamTasks.NEVER,
      resources: [
        QuotaResource.instances({ instanceType: InstanceType.P5EN_48XLARGE, count: 1 }),
        QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 4, vcpus: 90.5, memory: Size.mebibytes(1536) }),
        QuotaResource.compute({ instanceType: InstanceType.of('ml.r7i.xlarge'), memory: Size.tebibytes(1) }),
        QuotaResource.partitions({
          instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.MIG_3G_40GB, count: 16, vcpus: 8, memory: Size.gibibytes(64),
        }),
      ],
      sharing: ResourceSharing.lendAndBorrow({
        maxBorrowPercent: 100,
        absoluteBorrowLimits: [QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 8 })],
      }),
    });
    expect(propertiesOf(stack)).toEqual({
      Name: 'research-quota',
      Description: 'large models',
      ActivationState: 'Disabled',
      ClusterArn: CLUSTER_ARN,
      ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
      ComputeQuotaConfig: {
        ComputeQuotaResources: [
          { InstanceType: 'ml.p5en.48xlarge', Count: 1 },
          { InstanceType: 'ml.p5.48xlarge', Accelerators: 4, VCpu: 90.5, MemoryInGiB: 1.5 },
          { InstanceType: 'ml.r7i.xlarge', MemoryInGiB: 1024 },
          { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 16 }, VCpu: 8, MemoryInGiB: 64 },
        ],
        ResourceSharingConfig: {
          Strategy: 'LendAndBorrow',
          BorrowLimit: 100,
          AbsoluteBorrowLimits: [{ InstanceType: 'ml.p5.48xlarge', Accelerators: 8 }],
        },
        PreemptTeamTasks: 'Never',
      },
    });
  });

  test.each([
    ['Lend', ResourceSharing.lend()],
    ['DontLend', ResourceSharing.dontLend()],
    ['LendAndBorrow', ResourceSharing.lendAndBorrow()],
    ['BorrowOnly', ResourceSharing.of({ strategy: 'BorrowOnly' })],
  ])('the strategy %s without limits', (strategy, sharing) => {
    const stack = makeStack();
    makeQuota(stack, { sharing });
    expect(propertiesOf(stack).ComputeQuotaConfig.ResourceSharingConfig).toEqual({ Strategy: strategy });
  });

  test('an enabled quota says so', () => {
    const stack = makeStack();
    makeQuota(stack, { enabled: true });
    expect(propertiesOf(stack).ActivationState).toBe('Enabled');
  });

  test('values that are known at deployment pass through unjudged', () => {
    const stack = makeStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' });
    const text = new CfnParameter(stack, 'Text');
    makeQuota(stack, {
      computeQuotaName: text.valueAsString,
      team: Team.of(text.valueAsString),
      fairShareWeight: number.valueAsNumber,
      description: text.valueAsString,
      resources: [QuotaResource.accelerators({
        instanceType: InstanceType.P5_48XLARGE,
        count: number.valueAsNumber,
        vcpus: number.valueAsNumber,
        memory: Size.gibibytes(number.valueAsNumber),
      })],
      sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: number.valueAsNumber }),
    });
    expect(propertiesOf(stack)).toMatchObject({
      Name: { Ref: 'Text' },
      ComputeQuotaTarget: { TeamName: { Ref: 'Text' }, FairShareWeight: { Ref: 'Number' } },
      ComputeQuotaConfig: {
        ComputeQuotaResources: [{ Accelerators: { Ref: 'Number' }, VCpu: { Ref: 'Number' }, MemoryInGiB: { Ref: 'Number' } }],
        ResourceSharingConfig: { BorrowLimit: { Ref: 'Number' } },
      },
    });
  });

  test('a cluster of the same app is referenced', () => {
    const stack = makeStack();
    const cluster = new sagemaker.CfnCluster(stack, 'Pod', { instanceGroups: [] });
    makeQuota(stack, { cluster });
    expect(propertiesOf(stack).ClusterArn).toEqual({ Ref: 'Pod' });
  });

  test('tags reach the quota', () => {
    const stack = makeStack();
    makeQuota(stack);
    Tags.of(stack).add('cost-centre', '42');
    Tags.of(stack).add('app', 'llm');
    expect(propertiesOf(stack).Tags).toEqual([{ Key: 'app', Value: 'llm' }, { Key: 'cost-centre', Value: '42' }]);
  });
});

describe('the generated name', () => {
  const nameOf = (id: string, team: Team) => {
    const stack = makeStack();
    new ComputeQuota(stack, id, { cluster: Cluster.fromClusterArn(stack, 'Cluster', CLUSTER_ARN), team, resources: [] });
    return propertiesOf(stack).Name as string;
  };

  test('stays the same while the team and the place do', () => {
    expect(nameOf('A', Team.of('research'))).toBe(nameOf('A', Team.of('research')));
  });

  test('changes with the team and with the place, each of which makes another quota', () => {
    const name = nameOf('A', Team.of('research'));
    expect(nameOf('A', Team.of('ops'))).not.toBe(name);
    expect(nameOf('B', Team.of('research'))).not.toBe(name);
  });

  test('fits with the longest team, and with a team that is known at deployment', () => {
    expect(nameOf('A', Team.of('a'.repeat(40)))).toHaveLength(49);
    expect(nameOf('A', Team.of(Token.asString({ Ref: 'Team' })))).toMatch(/^quota-[0-9a-f]{8}$/);
  });
});

describe('attributes', () => {
  test('come from the resource', () => {
    const stack = makeStack();
    const quota = makeQuota(stack, { computeQuotaName: 'q' });
    const logicalId = stack.getLogicalId(quota.node.defaultChild as any);
    expect(stack.resolve({
      arn: quota.computeQuotaArn,
      ref: quota.computeQuotaRef,
      id: quota.computeQuotaId,
      version: quota.computeQuotaVersion,
      status: quota.status,
      name: quota.computeQuotaName,
    })).toEqual({
      arn: { 'Fn::GetAtt': [logicalId, 'ComputeQuotaArn'] },
      ref: { computeQuotaArn: { 'Fn::GetAtt': [logicalId, 'ComputeQuotaArn'] } },
      id: { 'Fn::GetAtt': [logicalId, 'ComputeQuotaId'] },
      version: { 'Fn::GetAtt': [logicalId, 'ComputeQuotaVersion'] },
      status: { 'Fn::GetAtt': [logicalId, 'Status'] },
      name: 'q',
    });
    expect(quota.team.teamName).toBe('research');
  });
});

describe('imports', () => {
  test('create nothing and know the ARN, the id and the environment', () => {
    const stack = makeStack();
    const quota = ComputeQuota.fromComputeQuotaArn(stack, 'Imported', 'arn:aws:sagemaker:eu-west-1:444455556666:compute-quota/q1w2e3r4t5y6');
    expect(quota.computeQuotaId).toBe('q1w2e3r4t5y6');
    expect(quota.env).toEqual({ account: '444455556666', region: 'eu-west-1' });
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('by id take the account, the Region and the partition of the stack', () => {
    const stack = makeStack();
    const quota = ComputeQuota.fromComputeQuotaId(stack, 'Imported', 'q1w2e3r4t5y6');
    expect(stack.resolve(quota.computeQuotaRef.computeQuotaArn)).toEqual({
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':compute-quota/q1w2e3r4t5y6',
      ]],
    });
  });

  test('a cluster knows its id and its reference', () => {
    const cluster = Cluster.fromClusterArn(makeStack(), 'Cluster', CLUSTER_ARN);
    expect(cluster.clusterId).toBe('a1b2c3d4e5f6');
    expect(cluster.clusterRef).toEqual({ clusterArn: CLUSTER_ARN });
  });
});

describe('grants', () => {
  test('need no more than a reference to the quota', () => {
    const stack = makeStack();
    const computeQuotaArn = 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/q1w2e3r4t5y6';
    const ref: IComputeQuotaRef = Object.assign(new Construct(stack, 'Theirs'), { env: stack.env, computeQuotaRef: { computeQuotaArn } });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    ComputeQuotaGrants.fromComputeQuota(ref).actions(role, 'sagemaker:ListTags', 'sagemaker:AddTags');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: ['sagemaker:ListTags', 'sagemaker:AddTags'], Effect: 'Allow', Resource: computeQuotaArn }] },
    });
  });

  test.each([
    ['read', 'sagemaker:DescribeComputeQuota'],
    ['manage', ['sagemaker:DescribeComputeQuota', 'sagemaker:UpdateComputeQuota']],
  ] as const)('%s is limited to the quota', (verb, actions) => {
    const stack = makeStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const quota = makeQuota(stack);
    quota.grants[verb](role);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Action: actions, Effect: 'Allow', Resource: stack.resolve(quota.computeQuotaArn) }],
      },
    });
  });

  test('other actions work on an imported quota and an imported role', () => {
    const stack = makeStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/ops');
    const arn = 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/q1w2e3r4t5y6';
    ComputeQuota.fromComputeQuotaArn(stack, 'Quota', arn).grants.actions(role, 'sagemaker:DeleteComputeQuota');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'sagemaker:DeleteComputeQuota', Resource: arn })] },
    });
  });
});

describe('bad input', () => {
  test('is told all together, and leaves nothing half made', () => {
    const stack = makeStack();
    const bad = () => makeQuota(stack, {
      cluster: Cluster.fromClusterArn(stack, 'Eks', 'arn:aws:eks:us-east-1:111122223333:cluster/pod'),
      computeQuotaName: 'no_good',
      team: Team.of('Research'),
      fairShareWeight: 200,
      description: 'a\nb',
      resources: [
        QuotaResource.instances({ instanceType: InstanceType.P5_48XLARGE, count: 1.5 }),
        QuotaResource.compute({ instanceType: InstanceType.M5_LARGE }),
        QuotaResource.partitions({ instanceType: InstanceType.P4D_24XLARGE, profile: PartitionProfile.MIG_3G_40GB, count: 1 }),
      ],
      sharing: ResourceSharing.of({ strategy: 'Lend', maxBorrowPercent: 20_000 }),
    });
    let message = '';
    try { bad(); } catch (error) { message = (error as Error).message; }
    expect(message).toMatch(/^10 problems:/);
    expect(message.match(/\[hyperpod\.\w+\]/g)).toEqual([
      '[hyperpod.clusterArnFormat]', '[hyperpod.entityName]', '[hyperpod.descriptionText]', '[hyperpod.teamName]',
      '[hyperpod.fairShareWeight]', '[hyperpod.quotaAmount]', '[hyperpod.quotaComputeEmpty]', '[hyperpod.profileNotOnInstanceType]',
      '[hyperpod.borrowLimitWithoutBorrowing]', '[hyperpod.borrowPercent]',
    ]);
    expect(Template.fromStack(stack).findResources(TYPE)).toEqual({});
  });

  test('a missing profile is answered with those that the type has', () => {
    expect(() => makeQuota(makeStack(), {
      resources: [QuotaResource.partitions({ instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.MIG_7G_141GB, count: 1 })],
    })).toThrow('`resources[0].profile` must be a partition profile that the GPU of the instance type has, got: "mig-7g.141gb"; '
      + 'choose one that ml.p5.48xlarge has: mig-1g.10gb, mig-1g.20gb, mig-2g.20gb, mig-3g.40gb, mig-4g.40gb, mig-7g.80gb');
  });
});
