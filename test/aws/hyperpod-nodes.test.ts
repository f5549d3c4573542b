import {
  CreateClusterCommand, DeleteClusterCommand, DescribeClusterCommand, DescribeClusterNodeCommand, ListClusterNodesCommand,
  ListClustersCommand, ResourceNotFound, SageMakerClient, UpdateClusterCommand,
  type ListClusterNodesRequest, type ListClustersRequest,
} from '@aws-sdk/client-sagemaker';
import { FakeAws } from './server';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const PLACE = { account: '111122223333', region: 'us-east-1' };
const PLAN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026';
const ROLE = 'arn:aws:iam::111122223333:role/Nodes';
const aws = new FakeAws();
const pods = aws.sagemaker.hyperpod;

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());
beforeEach(() => aws.reset());

const client = (region = 'us-east-1') => new SageMakerClient({ region, endpoint: aws.url, credentials, maxAttempts: 1 });
const group = (InstanceGroupName: string, TargetCount: number, more: object = {}) => ({ InstanceGroupName, TargetCount, ...more });
const continuous = (...InstanceGroups: ReturnType<typeof group>[]) =>
  pods.put({ ClusterName: 'pod', NodeProvisioningMode: 'Continuous', InstanceGroups }, PLACE);
const list = async (request: Partial<ListClusterNodesRequest> = {}) =>
  client().send(new ListClusterNodesCommand({ ClusterName: 'pod', ...request }));

describe('a cluster', () => {
  test('that was made by the API is read as it is, until it is deleted', async () => {
    const seen = async () => client().send(new DescribeClusterCommand({ ClusterName: 'made' }));
    const workers = (InstanceCount: number) => [{
      InstanceGroupName: 'workers', InstanceType: 'ml.p5.48xlarge' as const, InstanceCount, ExecutionRole: ROLE,
    }];
    const { ClusterArn } = await client().send(new CreateClusterCommand({ ClusterName: 'made', InstanceGroups: workers(2) }));
    expect(await seen()).toMatchObject({ ClusterArn, InstanceGroups: [{ InstanceGroupName: 'workers', CurrentCount: 2, TargetCount: 2 }] });
    await client().send(new UpdateClusterCommand({ ClusterName: 'made', InstanceGroups: workers(3) }));
    expect(await seen()).toMatchObject({ ClusterArn, InstanceGroups: [{ CurrentCount: 3 }] });
    await client().send(new DeleteClusterCommand({ ClusterName: 'made' }));
    await expect(seen()).rejects.toThrow(ResourceNotFound);
  });

  test('is described by its name and by its ARN, with its groups counted', async () => {
    const { ClusterArn } = continuous(group('workers', 3, { ExecutionRole: ROLE }), group('spare', 0));
    for (const ClusterName of ['pod', ClusterArn]) {
      expect(await client().send(new DescribeClusterCommand({ ClusterName }))).toMatchObject({
        ClusterArn,
        ClusterName: 'pod',
        ClusterStatus: 'InService',
        CreationTime: new Date('2026-01-01T00:00:00Z'),
        InstanceGroups: [
          { InstanceGroupName: 'workers', CurrentCount: 3, TargetCount: 3, Status: 'InService', ExecutionRole: ROLE },
          { InstanceGroupName: 'spare', CurrentCount: 0 },
        ],
      });
    }
  });

  test.each(['po', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/zzzzzzzzzzzz'])('%s is not found', async ClusterName => {
    continuous();
    await expect(client().send(new DescribeClusterCommand({ ClusterName }))).rejects.toBeInstanceOf(ResourceNotFound);
  });

  test('is of one Region', async () => {
    const { ClusterArn } = continuous();
    for (const ClusterName of ['pod', ClusterArn]) {
      await expect(client('eu-west-1').send(new DescribeClusterCommand({ ClusterName }))).rejects.toBeInstanceOf(ResourceNotFound);
    }
  });
});

describe('the list of clusters', () => {
  const names = async (request: ListClustersRequest) =>
    (await client().send(new ListClustersCommand(request))).ClusterSummaries!.map(each => each.ClusterName);

  beforeEach(() => {
    for (const ClusterName of ['b-pod', 'a-pod', 'other']) {
      pods.put({ ClusterName, InstanceGroups: [group('workers', 0, ClusterName === 'other' ? { TrainingPlanArn: PLAN } : {})] }, PLACE);
      pods.pass(60);
    }
  });

  test.each<[string, ListClustersRequest, string[]]>([
    ['the oldest first', {}, ['b-pod', 'a-pod', 'other']],
    ['by name, backwards', { SortBy: 'NAME', SortOrder: 'Descending' }, ['other', 'b-pod', 'a-pod']],
    ['by a part of the name', { NameContains: 'pod' }, ['b-pod', 'a-pod']],
    ['by plan', { TrainingPlanArn: PLAN }, ['other']],
    ['by time', { CreationTimeAfter: new Date('2026-01-01T00:00:00Z'), CreationTimeBefore: new Date('2026-01-01T00:02:00Z') }, ['a-pod']],
  ])('%s', async (_how, request, expected) => {
    expect(await names(request)).toEqual(expected);
  });

  test('has pages without a match', async () => {
    const first = await client().send(new ListClustersCommand({ NameContains: 'other', MaxResults: 2 }));
    expect(first).toMatchObject({ ClusterSummaries: [], NextToken: expect.any(String) });
    expect(await names({ NameContains: 'other', MaxResults: 2, NextToken: first.NextToken })).toEqual(['other']);
  });
});

describe('the list of nodes', () => {
  const groups = async (request: Partial<ListClusterNodesRequest>) =>
    (await list(request)).ClusterNodeSummaries!.map(node => node.InstanceGroupName);

  test('says what is known of each', async () => {
    continuous(group('workers', 1, { InstanceType: 'ml.p5en.48xlarge' }));
    expect((await list({ IncludeNodeLogicalIds: true })).ClusterNodeSummaries).toEqual([{
      InstanceGroupName: 'workers',
      InstanceId: 'i-00000000000000001',
      NodeLogicalId: 'workers-1',
      InstanceType: 'ml.p5en.48xlarge',
      LaunchTime: new Date('2026-01-01T00:00:00Z'),
      InstanceStatus: { Status: 'Running' },
      PrivateDnsHostname: 'ip-10-0-0-1.ec2.internal',
      CurrentImageReleaseVersion: '1.0.0',
      ImageVersionStatus: 'UpToDate',
    }]);
  });

  test('has logical ids, and nodes that wait for an instance, only on request', async () => {
    const pod = continuous(group('workers', 1));
    pods.addNode(pod, { InstanceGroupName: 'workers' });
    expect((await list()).ClusterNodeSummaries).toEqual([expect.not.objectContaining({ NodeLogicalId: expect.anything() })]);
    const all = (await list({ IncludeNodeLogicalIds: true })).ClusterNodeSummaries!;
    expect(all.map(({ NodeLogicalId, InstanceStatus }) => [NodeLogicalId, InstanceStatus!.Status]))
      .toEqual([['workers-1', 'Running'], ['workers-2', 'Pending']]);
  });

  test('has no logical ids where nodes are not provisioned continuously', async () => {
    pods.put({ ClusterName: 'pod', InstanceGroups: [group('workers', 1)] }, PLACE);
    expect((await list({ IncludeNodeLogicalIds: true })).ClusterNodeSummaries![0]).not.toHaveProperty('NodeLogicalId');
  });

  test.each<[string, Partial<ListClusterNodesRequest>, string[]]>([
    ['the oldest first', {}, ['workers', 'login', 'spare-workers']],
    ['the newest first', { SortOrder: 'Descending' }, ['spare-workers', 'login', 'workers']],
    ['by name', { SortBy: 'NAME' }, ['login', 'spare-workers', 'workers']],
    ['by a part of the name of the group', { InstanceGroupNameContains: 'workers' }, ['workers', 'spare-workers']],
    ['by time', { CreationTimeAfter: new Date('2026-01-01T00:00:00Z'), CreationTimeBefore: new Date('2026-01-01T00:02:00Z') }, ['login']],
  ])('%s', async (_how, request, expected) => {
    const pod = continuous();
    for (const InstanceGroupName of ['workers', 'login', 'spare-workers']) {
      pods.launch(pods.addNode(pod, { InstanceGroupName }));
      pods.pass(60);
    }
    expect(await groups(request)).toEqual(expected);
  });

  test('comes in pages, whose tokens are good for the same question alone', async () => {
    continuous(group('workers', 12));
    const { NextToken, ClusterNodeSummaries } = await list();
    expect(ClusterNodeSummaries).toHaveLength(10);
    expect((await list({ NextToken })).ClusterNodeSummaries).toHaveLength(2);
    await expect(list({ NextToken, InstanceGroupNameContains: 'workers' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each<[string, Partial<ListClusterNodesRequest>, string]>([
    ['a page of 101', { MaxResults: 101 }, "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100"],
    ['another order', { SortBy: 'SIZE' as 'NAME' }, 'Member must satisfy enum value set: [CREATION_TIME, NAME]'],
    ['a name that none can have', { ClusterName: 'a_b' }, "at 'clusterName' failed to satisfy constraint"],
    ['an empty part of a name', { InstanceGroupNameContains: '' }, 'Member must have length between 1 and 63'],
  ])('refuses %s', async (_what, request, message) => {
    continuous();
    await expect(list(request)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  });
});

describe('a node', () => {
  const describeNode = async (request: { NodeId?: string; NodeLogicalId?: string }) =>
    (await client().send(new DescribeClusterNodeCommand({ ClusterName: 'pod', ...request }))).NodeDetails;

  test('is described by its instance id or its logical id', async () => {
    continuous(group('workers', 1));
    for (const request of [{ NodeId: 'i-00000000000000001' }, { NodeLogicalId: 'workers-1' }]) {
      expect(await describeNode(request)).toMatchObject({ InstanceId: 'i-00000000000000001', NodeLogicalId: 'workers-1', PrivatePrimaryIp: '10.0.0.1' });
    }
    await expect(describeNode({ NodeId: 'i-00000000000000002' })).rejects.toBeInstanceOf(ResourceNotFound);
  });

  test.each([{}, { NodeId: 'i-00000000000000001', NodeLogicalId: 'workers-1' }])('is not found by %j, neither or both', async request => {
    continuous(group('workers', 1));
    await expect(describeNode(request)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('keeps its logical id with a new instance, when the time has come', async () => {
    const [node] = continuous(group('workers', 1)).nodes;
    pods.secondsPerRead = 60;
    node.InstanceStatus = { Status: 'ShuttingDown' };
    pods.later(180, () => pods.launch(node));
    pods.later(120, () => { node.InstanceStatus = { Status: 'Pending' }; });
    const seen: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      const { InstanceId, InstanceStatus } = (await describeNode({ NodeLogicalId: 'workers-1' }))!;
      seen.push([InstanceId, InstanceStatus!.Status]);
    }
    expect(seen).toEqual([
      ['i-00000000000000001', 'ShuttingDown'], ['i-00000000000000001', 'Pending'], ['i-00000000000000002', 'Running'],
    ]);
    expect(new Date(node.LaunchTime * 1000)).toEqual(new Date('2026-01-01T00:03:00Z'));
  });

  test('goes with its cluster', async () => {
    const pod = continuous(group('workers', 1));
    pods.remove(pod);
    await expect(describeNode({ NodeLogicalId: 'workers-1' })).rejects.toBeInstanceOf(ResourceNotFound);
  });
});
