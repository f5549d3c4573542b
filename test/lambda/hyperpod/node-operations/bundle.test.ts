import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeOperationRequest } from '../../../../src/private/contracts/node-operations';
import type { PodCluster } from '../../../aws/hyperpod-nodes';
import { FakeAws } from '../../../aws/server';
import { LAMBDA_CREDENTIALS } from '../../../driver/secrets';

/* The shipped bundle, with its own clients, against the services over HTTP. */
const BUNDLE = join(__dirname, '..', '..', '..', '..', 'assets', 'node-operations', 'index.js');
const PLACE = { account: '111122223333', region: 'us-east-1' };
const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
const pending = new Map<number, { resolve: (answer: any) => void; reject: (error: Error) => void }>();
const logged: string[] = [];
const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/Pod/1';
let child: ChildProcess;
let requests = 0;
let cluster: PodCluster;

async function handle(event: NodeOperationRequest): Promise<any> {
  const id = ++requests;
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    child.stdin!.write(`${JSON.stringify({ id, event })}\n`);
  });
}

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await aws.start();
  child = spawn(process.env.HANDLER_NODE ?? process.execPath, [join(__dirname, 'function.cjs'), BUNDLE], {
    env: {
      ...LAMBDA_CREDENTIALS,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_SAGEMAKER: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: aws.url,
      AWS_ENDPOINT_URL_SSM: aws.url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: aws.url,
      NODE_NO_WARNINGS: '1',
      STATE_TABLE: 'state',
      CLAIM_PATH: '/cdk-hpc-clusters/remediation/pod',
      CLAIM_STACK: STACK,
      CLAIM_RESOURCE: 'Remediation',
    },
  });
  createInterface({ input: child.stdout! }).on('line', line => {
    const { id, answer, error } = JSON.parse(line);
    const { resolve, reject } = pending.get(id)!;
    if (error) { reject(Object.assign(new Error(error.message), { name: error.name })); } else { resolve(answer); }
  });
  createInterface({ input: child.stderr! }).on('line', line => logged.push(line));
});
afterAll(async () => {
  child.kill();
  await aws.stop();
});
beforeEach(() => {
  aws.reset();
  logged.length = 0;
  cluster = aws.sagemaker.hyperpod.put({
    ClusterName: 'pod',
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: { Eks: { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/eks' } },
    InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: 230 }],
  }, PLACE);
});

const ids = (count: number) => cluster.nodes.slice(0, count).map(node => node.InstanceId!);
const name = () => cluster.ClusterArn;

test('lists nodes from all pages, with the filters of the API', async () => {
  const { ClusterNodeSummaries: nodes } = await handle({ Operation: 'ListNodes', ClusterName: name(), IncludeNodeLogicalIds: true });
  expect(nodes).toHaveLength(230);
  expect(nodes[0]).toMatchObject({ InstanceId: cluster.nodes[0].InstanceId, NodeLogicalId: 'workers-1', InstanceStatus: { Status: 'Running' } });
  expect(aws.requests.map(({ operation }) => operation)).toEqual(Array(3).fill('ListClusterNodes'));
  await handle({ Operation: 'ListNodes', ClusterName: 'pod', InstanceGroupNameContains: 'work', CreationTimeAfter: '2026-01-01T00:00:00Z', CreationTimeBefore: '2026-02-01' });
  expect(aws.requests.at(-1)!.input).toMatchObject({
    ClusterName: 'pod', InstanceGroupNameContains: 'work', CreationTimeAfter: Date.parse('2026-01-01') / 1000, CreationTimeBefore: Date.parse('2026-02-01') / 1000,
  });
});

test('describes a node by either id', async () => {
  const [node] = cluster.nodes;
  const found = await handle({ Operation: 'DescribeNode', ClusterName: name(), NodeLogicalId: 'workers-1' });
  expect(found.NodeDetails.InstanceId).toBe(node.InstanceId);
  expect((await handle({ Operation: 'DescribeNode', ClusterName: name(), NodeId: node.InstanceId })).NodeDetails.NodeLogicalId).toBe('workers-1');
});

test.each(['RebootNodes', 'ReplaceNodes'] as const)('%s answers with all four lists', async Operation => {
  const [one] = ids(1);
  expect(await handle({ Operation, ClusterName: name(), NodeIds: [one, 'i-0fffffffffffffff0'] })).toEqual({
    Successful: [one],
    Failed: [{ NodeId: 'i-0fffffffffffffff0', ErrorCode: 'InstanceIdNotFound', Message: expect.any(String) }],
    SuccessfulNodeLogicalIds: [],
    FailedNodeLogicalIds: [],
  });
  expect(await handle({ Operation, ClusterName: name(), NodeLogicalIds: ['workers-2', 'workers-1'] })).toEqual({
    Successful: [],
    Failed: [],
    SuccessfulNodeLogicalIds: ['workers-2'],
    FailedNodeLogicalIds: [{ NodeLogicalId: 'workers-1', ErrorCode: 'InstanceIdInUse', Message: expect.any(String) }],
  });
});

test('failed nodes are an error where that is wanted', async () => {
  const request = { Operation: 'RebootNodes', ClusterName: name(), NodeIds: [...ids(1), 'i-0fffffffffffffff0'], FailOnFailedNodes: true } as const;
  await expect(handle(request)).rejects.toMatchObject({ name: 'NodesFailed', message: expect.stringContaining('"InstanceIdNotFound"') });
  expect(aws.sagemaker.nodeWrites.taken).toHaveLength(1);
});

test('a call takes 25 nodes over both lists, and at least one', async () => {
  const [logical] = ['workers-30'];
  const most = await handle({ Operation: 'RebootNodes', ClusterName: name(), NodeIds: ids(24), NodeLogicalIds: [logical] });
  expect(most.Successful).toHaveLength(24);
  await expect(handle({ Operation: 'RebootNodes', ClusterName: name(), NodeIds: ids(25), NodeLogicalIds: [logical] })).rejects.toMatchObject({ name: 'InvalidInput' });
  await expect(handle({ Operation: 'RebootNodes', ClusterName: name(), NodeIds: [] })).rejects.toMatchObject({ name: 'InvalidInput' });
  await expect(handle({ Operation: 'RebootNodes', ClusterName: name(), NodeIds: ['?'] })).rejects.toMatchObject({ name: 'InvalidInput' });
});

test.each([
  ['a throttled change is not sent again', { kind: 'throttle' } as const, 'ThrottlingException'],
  ['nor is one that failed within the service', { kind: 'error', status: 500, code: 'InternalFailure' } as const, 'InternalFailure'],
  ['nor is one whose answer was lost', { kind: 'reset' } as const, expect.stringMatching(/ECONNRESET|TimeoutError|Error/)],
])('%s', async (_, fault, error) => {
  aws.faults.next('BatchReplaceClusterNodes', fault);
  await expect(handle({ Operation: 'ReplaceNodes', ClusterName: name(), NodeIds: ids(1) })).rejects.toMatchObject({ name: error });
  expect(aws.requests).toHaveLength(1);
});

test('reads are sent again', async () => {
  aws.faults.next('DescribeClusterNode', { kind: 'throttle' }, { kind: 'reset' });
  await handle({ Operation: 'DescribeNode', ClusterName: name(), NodeId: ids(1)[0] });
  expect(aws.requests).toHaveLength(3);
});

test.each([
  ['a cluster that is not there', { Operation: 'DescribeNode', ClusterName: 'other', NodeId: 'i-0123456789abcdef0' }, 'ResourceNotFound'],
  ['a node without an id', { Operation: 'DescribeNode', ClusterName: 'pod' }, 'InvalidInput'],
  ['a time that is none', { Operation: 'ListNodes', ClusterName: 'pod', CreationTimeAfter: 'soon' }, 'InvalidInput'],
  ['an operation that is none', { Operation: 'DeleteNodes', ClusterName: 'pod' }, 'InvalidInput'],
])('%s is an error of a name that catchers know', async (_, request, error) => {
  await expect(handle(request as NodeOperationRequest)).rejects.toMatchObject({ name: error });
});

describe('the state of a remediation', () => {
  const step = async (execution: string, id: string, more: object = {}) => handle({
    Operation: 'RemediationStep',
    ClusterName: name(),
    Execution: execution,
    Memo: {},
    Policy: {
      DryRun: false,
      Rules: [],
      ControllerGroups: [],
      MaxAtOnce: 1,
      MaxPercentAtOnce: 10,
      MaxPerDay: 5,
      MaxPercentPerDay: 25,
      Windows: [],
      RequirePatched: false,
      PollSeconds: 300,
      RebootTimeoutSeconds: 1800,
      ReplaceTimeoutSeconds: 5400,
      MaxDelaySeconds: 86_400,
      RecurrenceSeconds: 86_400,
    },
    Event: {
      'id': id,
      'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
      'time': new Date().toISOString(),
      'detail': { InstanceId: ids(1)[0], HealthSummary: { HealthStatus: 'Unhealthy', HealthStatusReason: 'NvidiaErrorReboot', RepairAction: 'None' } },
    },
    ...more,
  } as NodeOperationRequest);

  test('is written under conditions, and one of two executions has the node', async () => {
    const answers = await Promise.all([step('one', 'a'), step('two', 'b')]);
    expect(answers.map(answer => answer.Outcome).sort()).toEqual(['', 'Merged']);
    expect(aws.sagemaker.nodeWrites.taken).toHaveLength(1);
    const puts = aws.requests.filter(({ operation }) => operation === 'PutItem');
    expect(puts.every(({ input }) => input.ConditionExpression !== undefined && input.TableName === 'state')).toBe(true);
    expect(Number((puts[0].input.Item as any).expires.N)).toBeGreaterThan(Date.now() / 1000);
  });

  test('goes on where it was', async () => {
    const first = await step('one', 'a');
    expect(first).toMatchObject({ Done: false, WaitSeconds: 60, HasNotice: true, Notice: { Kind: 'Started', InstanceId: ids(1)[0] } });
    aws.sagemaker.hyperpod.pass(600);
    expect(await step('one', 'a', { Memo: first.Memo })).toMatchObject({ Done: false, HasNotice: false });
    expect(aws.sagemaker.nodeWrites.taken).toHaveLength(1);
  });

  describe('comes after the claim on the cluster', () => {
    const Since = '2026-05-30T12:00:00.000Z';
    const other = { Stack: STACK.replace('Pod', 'Other'), Resource: 'Theirs', Since };
    const claims = () => Object.fromEntries([...aws.ssm.values].map(([id, value]) => [id.split('/').at(-1), JSON.parse(value)]));
    const mine = { Stack: STACK, Resource: 'Remediation', Since: expect.stringMatching(/^\d{4}-.*Z$/) };

    test('which is made once', async () => {
      await step('one', 'a');
      await step('two', 'b', { Event: undefined });
      expect(claims()).toEqual({ 1: mine });
    });

    test('which another remediation has: nothing is done, and people are told', async () => {
      aws.ssm.values.set('/cdk-hpc-clusters/remediation/pod/1', JSON.stringify(other));
      aws.cloudformation.set(other.Stack, other.Resource, { status: 'UPDATE_COMPLETE' });
      expect(await step('one', 'a')).toMatchObject({ Outcome: 'Refused', Notice: { Reason: 'ClaimedByAnother', Message: expect.stringContaining(other.Stack) } });
      expect(aws.sagemaker.nodeWrites.taken).toEqual([]);
      expect(claims()).toEqual({ 1: other });
    });

    test.each(['gone', 'DELETE_COMPLETE'])('which is taken over when the holder is %s', async status => {
      aws.ssm.values.set('/cdk-hpc-clusters/remediation/pod/1', JSON.stringify(other));
      if (status !== 'gone') { aws.cloudformation.set(other.Stack, other.Resource, { status }); }
      expect(await step('one', 'a')).toMatchObject({ Outcome: 'Escalated', Notice: { Reason: 'ClaimTakenOver' } }); // who knows what they did
      expect(claims()).toEqual({ 1: other, 2: mine });
    });

    test('which must not be read: nothing is done, and people are told', async () => {
      aws.faults.next('GetParametersByPath', { kind: 'error', status: 400, code: 'AccessDeniedException' });
      expect(await step('one', 'a')).toMatchObject({ Outcome: 'Refused', Notice: { Reason: 'ClaimUnknown' } });
      expect(aws.sagemaker.nodeWrites.taken).toEqual([]);
    });

    test('on all pages', async () => {
      for (let number = 1; number <= 12; number++) {
        aws.ssm.values.set(`/cdk-hpc-clusters/remediation/pod/${number}`, JSON.stringify(number === 12 ? { ...mine, Since } : other));
      }
      expect(await step('one', 'a')).toMatchObject({ Notice: { Kind: 'Started' } });
      expect(aws.ssm.values.size).toBe(12);
    });
  });

  test('belongs to somebody else, where it does', async () => {
    const { Memo } = await step('one', 'a');
    expect(await step('two', 'a', { Memo })).toMatchObject({ Done: true, Outcome: 'TakenOver' });
  });
});

test('logs one line with nothing of the event in it', async () => {
  await handle({ Operation: 'DescribeNode', ClusterName: name(), NodeId: ids(1)[0] });
  expect(logged.map(line => JSON.parse(line))).toEqual([{ step: 'done', operation: 'DescribeNode', milliseconds: expect.any(Number) }]);
});
