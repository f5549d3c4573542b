import { App, CfnOutput, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  Cluster, ClusterLookup, ComputeQuota, ComputeQuotaLookup, ComputeQuotaSelector, InstanceType, PartitionProfile, QuotaResource, Team,
  type AllocatedResource,
} from '../../../src/hyperpod';
import { COMPUTE_QUOTA_FIELDS, QUOTA_ENTRY_FIELDS, QUOTA_ENTRY_KINDS, quotaEntryField } from '../../../src/private/contracts/hyperpod-lookup';
import { readingQuota } from '../../driver/lookup-properties';

const TYPE = 'Custom::HpcHyperPodLookup';
const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const ID = 'q1w2e3r4t5y6';
const ARN = `arn:aws:sagemaker:us-east-1:111122223333:compute-quota/${ID}`;
const P5 = InstanceType.P5_48XLARGE;

let stack: Stack;
beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack'); });

function lookUp(computeQuota = ComputeQuotaSelector.byId(ID), refresh?: string): ComputeQuotaLookup {
  return new ComputeQuotaLookup(stack, 'Quota', { computeQuota, refresh });
}

function byName(): ComputeQuotaSelector {
  return ComputeQuotaSelector.byName({ cluster: Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN), computeQuotaName: 'research' });
}

function permissions(): unknown[] {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const [{ PolicyDocument }] = role.Properties.Policies as { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } }[];
  return PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, Resource]); // the first is about the log
}

const quotaArn = (id: unknown) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:compute-quota/${id}`]],
});

describe('what is read', () => {
  test.each<[string, () => ComputeQuotaSelector, Record<string, string>]>([
    ['an id', () => ComputeQuotaSelector.byId(ID), { ComputeQuotaId: ID }],
    ['an ARN', () => ComputeQuotaSelector.byArn(ARN), { ComputeQuotaArn: ARN }],
    ['a name in a cluster', byName, { ClusterArn: CLUSTER_ARN, Name: 'research' }],
  ])('by %s is what the handler understands', (_how, selector, input) => {
    const quota = lookUp(selector());
    new CfnOutput(stack, 'Output', { value: `${quota.status} ${quota.accelerators(P5).vcpus}` });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
    const { ServiceToken: _, ...properties } = Properties as Record<string, unknown>;
    expect(properties).toEqual(readingQuota(input, 'Accelerators/ml.p5.48xlarge/VCpu', 'Status'));
  });

  test('can be read again', () => {
    lookUp(undefined, '2026-11-22');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Refresh: '2026-11-22', Fields: Match.absent() });
  });

  test('waits for a quota of the same app, even where that waits for a look-up', () => {
    const quota = new ComputeQuota(stack, 'Research', {
      cluster: new ClusterLookup(stack, 'Pod', { clusterName: 'pod' }),
      team: Team.of('research'),
      resources: [QuotaResource.accelerators({ instanceType: P5, count: 4 })],
    });
    const arn = stack.resolve(quota.computeQuotaArn);
    lookUp(ComputeQuotaSelector.byArn(quota.computeQuotaArn));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { ComputeQuotaArn: arn } });
    expect(permissions()).toContainEqual(['sagemaker:DescribeComputeQuota', quotaArn('*')]);
  });
});

describe('permissions', () => {
  test('of a look-up by id are for that quota', () => {
    lookUp();
    expect(permissions()).toEqual([['sagemaker:DescribeComputeQuota', quotaArn(ID)]]);
  });

  test('of a look-up by ARN are for that quota', () => {
    lookUp(ComputeQuotaSelector.byArn(ARN));
    expect(permissions()).toEqual([['sagemaker:DescribeComputeQuota', ARN]]);
  });

  test('of a look-up by name are for all quotas, since its id is not known', () => {
    lookUp(byName());
    expect(permissions()).toEqual([
      ['sagemaker:DescribeComputeQuota', quotaArn('*')],
      ['sagemaker:ListComputeQuotas', '*'],
    ]);
  });
});

describe('attributes', () => {
  /** Each getter with the field behind it. */
  const getters: Record<typeof COMPUTE_QUOTA_FIELDS[number], (quota: ComputeQuotaLookup) => unknown> = {
    ActivationState: quota => quota.activationState,
    BorrowLimit: quota => quota.maxBorrowPercent,
    ClusterArn: quota => quota.clusterArn,
    ComputeQuotaArn: quota => quota.computeQuotaRef.computeQuotaArn,
    ComputeQuotaId: quota => quota.computeQuotaId,
    ComputeQuotaVersion: quota => quota.computeQuotaVersion,
    Description: quota => quota.description,
    FailureReason: quota => quota.statusReason,
    FairShareWeight: quota => quota.fairShareWeight,
    Name: quota => quota.computeQuotaName,
    PreemptTeamTasks: quota => quota.preemptTeamTasks,
    Status: quota => quota.status,
    Strategy: quota => quota.sharingStrategy,
    TeamName: quota => quota.team.teamName,
  };

  test.each(Object.entries(getters))('%s is asked for when it is used, and nothing else is', (field, get) => {
    const quota = lookUp();
    expect(stack.resolve(get(quota))).toEqual({ 'Fn::GetAtt': ['Quota76BE2A9B', field] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: field });
  });

  const entries: Record<typeof QUOTA_ENTRY_KINDS[number], (quota: ComputeQuotaLookup) => AllocatedResource> = {
    Accelerators: quota => quota.accelerators(P5),
    Compute: quota => quota.compute(P5),
    Instances: quota => quota.instances(P5),
    Partitions: quota => quota.partitions({ instanceType: P5, profile: PartitionProfile.MIG_3G_40GB }),
  };
  const values: Record<typeof QUOTA_ENTRY_FIELDS[number], (entry: AllocatedResource) => unknown> = {
    Count: entry => entry.count,
    MemoryInGiB: entry => entry.memory.toGibibytes(),
    VCpu: entry => entry.vcpus,
  };

  test.each(QUOTA_ENTRY_KINDS.flatMap(kind => QUOTA_ENTRY_FIELDS.map(field => [kind, field] as const)))('%s have a %s', (kind, field) => {
    const quota = lookUp();
    const profile = kind === 'Partitions' ? 'mig-3g.40gb' : undefined;
    const name = quotaEntryField({ kind, instanceType: 'ml.p5.48xlarge', profile }, field);
    expect(stack.resolve(values[field](entries[kind](quota)))).toEqual({ 'Fn::GetAtt': ['Quota76BE2A9B', name] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: name });
  });

  test('the team knows its namespace and its queue', () => {
    expect(stack.resolve(lookUp().team.localQueue)).toEqual({
      'Fn::Join': ['', ['hyperpod-ns-', { 'Fn::GetAtt': ['Quota76BE2A9B', 'TeamName'] }, '-localqueue']],
    });
  });

  test('an entry that nobody uses is not asked for', () => {
    lookUp().accelerators(P5);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: Match.absent() });
  });

  test('counts are numbers', () => {
    const quota = lookUp();
    for (const value of [quota.computeQuotaVersion, quota.fairShareWeight, quota.maxBorrowPercent, quota.instances(P5).count]) {
      expect([typeof value, Token.isUnresolved(value)]).toEqual(['number', true]);
    }
  });
});

test('grants.read is for the quota, and waits for the look-up', () => {
  const role = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
  lookUp().grants.read(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Resource: { 'Fn::GetAtt': ['Quota76BE2A9B', 'ComputeQuotaArn'] } })] },
  });
});

test('a cluster and a name that are known at deployment are passed on', () => {
  const text = new CfnParameter(stack, 'Text').valueAsString;
  lookUp(ComputeQuotaSelector.byName({ cluster: Cluster.fromClusterArn(stack, 'Pod', text), computeQuotaName: text }));
  Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { ClusterArn: { Ref: 'Text' }, Name: { Ref: 'Text' } } });
});
