import { Service, failure, json, quickly, type Answer } from './service';
import { computeQuotaService } from '../../../lambda/clients/compute-quotas';
import { nodeService } from '../../../lambda/clients/hyperpod-nodes';
import { hyperPodReader } from '../../../lambda/clients/hyperpod-reader';
import { outputWriter } from '../../../lambda/clients/output-writer';
import { pcsReader } from '../../../lambda/clients/pcs-reader';
import { parameterRecords } from '../../../lambda/clients/records';
import { stackReader } from '../../../lambda/clients/stack-reader';
import { stateTable } from '../../../lambda/clients/state-table';
import { trainingPlanReader } from '../../../lambda/clients/training-plan-reader';
import { planReader } from '../../../lambda/clients/training-plans';

const service = new Service();
const never = new AbortController().signal;

beforeEach(async () => service.start());
afterEach(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const xml = (body: string): Answer => ({ body: `<DescribeInstancesResponse>${body}</DescribeInstancesResponse>` });
const calls = () => service.seen.map(({ target, body }) => [target, read(body)]);
const read = (body: string): unknown => (body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)));

/** What is called, what is answered, what was asked for, and what it comes to. */
type Case = readonly [(signal: AbortSignal) => Promise<unknown>, Answer[], unknown[], unknown];

/** A list of two pages, and of a third that has nothing. */
const pages = (
  operation: string, call: Case[0], question: object, member: string, items: readonly [object, object],
): Record<string, Case> => ({
  [`${operation}, from all pages`]: [
    call,
    [json({ [member]: [items[0]], NextToken: 't1' }), json({ [member]: [items[1]], NextToken: 't2' }), json({})],
    [[operation, question], [operation, { ...question, NextToken: 't1' }], [operation, { ...question, NextToken: 't2' }]],
    items,
  ],
});

const NODES = { NodeIds: ['i-1'], NodeLogicalIds: ['w-1'] };

/** A repair of nodes named by their instances and by their logical ids: what names none isn't sent. */
const repair = (method: 'rebootNodes' | 'replaceNodes', operation: string): Record<string, Case> => Object.fromEntries(
  [NODES, { NodeIds: ['i-1'] }, { NodeLogicalIds: ['w-1'] }].map((names): [string, Case] => [
    `${method} by ${Object.keys(names).join(' and ')}`,
    [
      async signal => (await nodeService()[method]('pod', names, signal)).Successful,
      [json({ Successful: ['i-1'] })],
      [[operation, { ClusterName: 'pod', ...names }]],
      ['i-1'],
    ],
  ]),
);

const QUOTA = { Name: 'q', ClusterArn: 'arn', ComputeQuotaTarget: { TeamName: 't' }, ComputeQuotaConfig: {} };
const FILTERS = {
  'Action': 'DescribeInstances',
  'Version': '2016-11-15',
  'Filter.1.Name': 'tag:aws:pcs:compute-node-group-id',
  'Filter.1.Value.1': 'pcs_1',
  'Filter.2.Name': 'instance-state-name',
  'Filter.2.Value.1': 'pending',
  'Filter.2.Value.2': 'running',
  'MaxResults': '1000',
};

const CASES: Record<string, Record<string, Case>> = {
  quotas: {
    create: [async signal => computeQuotaService().create(QUOTA, signal), [json({ ComputeQuotaArn: 'a', ComputeQuotaId: 'i' })], [['CreateComputeQuota', QUOTA]], 'a'],
    describe: [
      async signal => (await computeQuotaService().describe('i', signal)).Status, [json({ Status: 'Created' })], [['DescribeComputeQuota', { ComputeQuotaId: 'i' }]], 'Created',
    ],
    update: [
      async signal => computeQuotaService().update({ ComputeQuotaId: 'i', TargetVersion: 1 }, signal),
      [json({ ComputeQuotaArn: 'a', ComputeQuotaVersion: 2 })],
      [['UpdateComputeQuota', { ComputeQuotaId: 'i', TargetVersion: 1 }]],
      2,
    ],
    delete: [async signal => computeQuotaService().delete('i', signal), [json({})], [['DeleteComputeQuota', { ComputeQuotaId: 'i' }]], undefined],
    ...pages('ListComputeQuotas', async signal => computeQuotaService().list('arn', 'q', signal), { ClusterArn: 'arn', NameContains: 'q', MaxResults: 100 },
      'ComputeQuotaSummaries', [{ Name: 'q1' }, { Name: 'q2' }]),
    ...pages('ListTags', async signal => computeQuotaService().tags('arn', signal), { ResourceArn: 'arn' }, 'Tags', [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]),
    addTags: [
      async signal => computeQuotaService().addTags('arn', [{ Key: 'a', Value: '1' }], signal),
      [json({})],
      [['AddTags', { ResourceArn: 'arn', Tags: [{ Key: 'a', Value: '1' }] }]],
      undefined,
    ],
    deleteTags: [
      async signal => computeQuotaService().deleteTags('arn', ['a'], signal), [json({})], [['DeleteTags', { ResourceArn: 'arn', TagKeys: ['a'] }]], undefined,
    ],
  },
  nodes: {
    'describeCluster': [
      async signal => (await nodeService().describeCluster('pod', signal)).ClusterStatus, [json({ ClusterStatus: 'InService' })], [['DescribeCluster', { ClusterName: 'pod' }]], 'InService',
    ],
    'describeNode': [
      async signal => nodeService().describeNode('pod', { NodeId: 'i-1' }, signal),
      [json({ NodeDetails: { InstanceId: 'i-1' } })],
      [['DescribeClusterNode', { ClusterName: 'pod', NodeId: 'i-1' }]],
      { InstanceId: 'i-1' },
    ],
    'describeNode without details': [
      async signal => nodeService().describeNode('pod', { NodeLogicalId: 'w-1' }, signal), [json({})], [['DescribeClusterNode', { ClusterName: 'pod', NodeLogicalId: 'w-1' }]], {},
    ],
    ...pages('ListClusterNodes', async signal => nodeService().listNodes('pod', { InstanceGroupNameContains: 'w' }, signal),
      { ClusterName: 'pod', InstanceGroupNameContains: 'w', MaxResults: 100 }, 'ClusterNodeSummaries', [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]),
    'describeEvent': [
      async signal => nodeService().describeEvent('pod', 'e', signal),
      [json({ EventDetails: { EventDetails: { EventMetadata: { Cluster: { FailureMessage: 'no' } } } } })],
      [['DescribeClusterEvent', { ClusterName: 'pod', EventId: 'e' }]],
      { Cluster: { FailureMessage: 'no' } },
    ],
    ...repair('rebootNodes', 'BatchRebootClusterNodes'),
    ...repair('replaceNodes', 'BatchReplaceClusterNodes'),
  },
  clusters: {
    describeCluster: [
      async signal => (await hyperPodReader().describeCluster('pod', signal)).ClusterStatus, [json({ ClusterStatus: 'InService' })], [['DescribeCluster', { ClusterName: 'pod' }]], 'InService',
    ],
    ...pages('ListClusterNodes', async signal => hyperPodReader().listClusterNodes({ ClusterName: 'pod', SortBy: 'NAME' }, signal),
      { ClusterName: 'pod', SortBy: 'NAME', MaxResults: 100 }, 'ClusterNodeSummaries', [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]),
    describeComputeQuota: [
      async signal => (await hyperPodReader().describeComputeQuota('i', signal)).Status, [json({ Status: 'Created' })], [['DescribeComputeQuota', { ComputeQuotaId: 'i' }]], 'Created',
    ],
    ...pages('ListComputeQuotas', async signal => hyperPodReader().listComputeQuotas('arn', 'q', signal), { ClusterArn: 'arn', NameContains: 'q', MaxResults: 100 },
      'ComputeQuotaSummaries', [{ Name: 'q1' }, { Name: 'q2' }]),
  },
  plans: {
    describeTrainingPlan: [
      async signal => (await trainingPlanReader().describeTrainingPlan('p', signal)).Status, [json({ Status: 'Active' })], [['DescribeTrainingPlan', { TrainingPlanName: 'p' }]], 'Active',
    ],
    ...pages('ListTrainingPlans', async signal => trainingPlanReader().listTrainingPlans(signal), { MaxResults: 100 },
      'TrainingPlanSummaries', [{ TrainingPlanName: 'a' }, { TrainingPlanName: 'b' }]),
  },
  PCS: {
    'getCluster': [
      async signal => pcsReader().getCluster('slurm', signal), [json({ cluster: { name: 'slurm' } })], [['GetCluster', { clusterIdentifier: 'slurm' }]], { name: 'slurm' },
    ],
    'getCluster without one': [async signal => pcsReader().getCluster('slurm', signal), [json({})], [['GetCluster', { clusterIdentifier: 'slurm' }]], {}],
    'getComputeNodeGroup': [
      async signal => pcsReader().getComputeNodeGroup('slurm', 'login', signal),
      [json({ computeNodeGroup: { name: 'login' } })],
      [['GetComputeNodeGroup', { clusterIdentifier: 'slurm', computeNodeGroupIdentifier: 'login' }]],
      { name: 'login' },
    ],
    'getComputeNodeGroup without one': [
      async signal => pcsReader().getComputeNodeGroup('slurm', 'login', signal),
      [json({})],
      [['GetComputeNodeGroup', { clusterIdentifier: 'slurm', computeNodeGroupIdentifier: 'login' }]],
      {},
    ],
    'listComputeNodeGroups': [
      async signal => pcsReader().listComputeNodeGroups('slurm', signal),
      [json({ computeNodeGroups: [{ name: 'a' }, {}], nextToken: 't1' }), json({ computeNodeGroups: [{ name: 'b' }], nextToken: 't2' }), json({})],
      [
        ['ListComputeNodeGroups', { clusterIdentifier: 'slurm' }],
        ['ListComputeNodeGroups', { clusterIdentifier: 'slurm', nextToken: 't1' }],
        ['ListComputeNodeGroups', { clusterIdentifier: 'slurm', nextToken: 't2' }],
      ],
      ['a', '', 'b'],
    ],
    'describeInstances': [
      async signal => pcsReader().describeInstances('pcs_1', signal),
      [
        xml('<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></item><item/></reservationSet><nextToken>t</nextToken>'),
        xml('<reservationSet><item><instancesSet><item><instanceId>i-2</instanceId></item></instancesSet></item></reservationSet>'),
      ],
      [['', FILTERS], ['', { ...FILTERS, NextToken: 't' }]],
      [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }],
    ],
    'describeInstances without one': [async signal => pcsReader().describeInstances('pcs_1', signal), [xml('')], [['', FILTERS]], []],
  },
  outputs: {
    putParameter: [
      async signal => outputWriter().putParameter('/a', 'v', 'Standard', signal),
      [json({})],
      [['PutParameter', { Name: '/a', Value: 'v', Type: 'String', Tier: 'Standard', Overwrite: true }]],
      undefined,
    ],
    putObject: [async signal => outputWriter().putObject('bucket', 'a/b.json', '{"a":1}', signal), [{ body: '' }], [['', { a: 1 }]], undefined],
  },
};

describe.each(Object.entries(CASES))('%s', (_client, cases) => {
  test.each(Object.entries(cases))('%s', async (_name, [call, answers, asked, result]) => {
    service.answers = answers;
    expect(await call(never)).toEqual(result);
    expect(calls()).toEqual(asked);
  });

  test.each(Object.entries(cases))('%s, not once its time is over', async (_name, [call]) => {
    await expect(call(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(service.seen).toEqual([]);
  });
});

test('an event that says nothing has no details', async () => {
  for (const answer of [{}, { EventDetails: {} }, { EventDetails: { EventDetails: {} } }]) {
    service.answers = [json(answer)];
    expect(await nodeService().describeEvent('pod', 'e', never)).toBeUndefined();
  }
});

test('an object is JSON in its bucket', async () => {
  service.answers = [{ body: '' }];
  await outputWriter().putObject('bucket', 'a/b.json', '{}', never);
  expect(service.seen).toMatchObject([{
    path: '/bucket/a/b.json?x-id=PutObject',
    headers: { 'content-type': 'application/json', 'authorization': expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request, /) },
  }]);
});

test('a parameter is asked for in the words of its service', async () => {
  service.answers = [json({})];
  await outputWriter().putParameter('/a', 'v', 'Standard', never);
  expect(service.seen[0].headers).toMatchObject({
    'x-amz-target': 'AmazonSSM.PutParameter',
    'content-type': 'application/x-amz-json-1.1',
    'authorization': expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/ssm\/aws4_request, /),
  });
});

test('nothing is asked without a Region', () => {
  delete process.env.AWS_REGION;
  expect(outputWriter).toThrow('Region is missing');
});

describe('nodes are changed', () => {
  test.each<[string, Answer]>([['a reset', 'reset'], ['a server error', failure('InternalFailure', 500)], ['a throttle', failure('ThrottlingException')], ['no answer', 'silence']])(
    'by one request, whatever becomes of it: %s', async (_what, answer) => {
      service.answers = [answer];
      quickly();
      await expect(nodeService().rebootNodes('pod', NODES, never)).rejects.toThrow();
      await expect(nodeService().replaceNodes('pod', NODES, never)).rejects.toThrow();
      expect(service.seen).toHaveLength(2);
    });
});

test.each<[string, number, () => Promise<unknown>]>([
  ['quotas', 10, async () => computeQuotaService().delete('i', never)],
  ['nodes', 6, async () => nodeService().describeCluster('pod', never)],
  ['clusters', 10, async () => hyperPodReader().describeCluster('pod', never)],
  ['plans', 10, async () => trainingPlanReader().describeTrainingPlan('p', never)],
  ['PCS clusters', 10, async () => pcsReader().getCluster('slurm', never)],
  ['parameters', 10, async () => outputWriter().putParameter('/a', 'v', 'Standard', never)],
  ['a table', 8, async () => stateTable('table').read('id')],
  ['plans and their offerings', 6, async () => planReader().describe('p')],
  ['the ledger', 6, async () => parameterRecords().put('/a/1', 'v')],
  ['the stack', 6, async () => stackReader().resource('arn:stack', 'Plan')],
])('a service that is silent about %s, or never comes to the end of its answer, is asked %i times', async (_what, times, ask) => {
  quickly();
  for (const answer of ['silence', 'drip'] as const) {
    [service.answers, service.seen] = [[answer], []];
    await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(service.seen).toHaveLength(times);
  }
});
