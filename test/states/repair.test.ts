import { App, Duration, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { definitionOf, settle, start } from './interpreter';
import { NodeRig, PLACE } from './node-rig';
import { Cluster, NodeList, NodeRepair, type NodeRepairReplaceProps } from '../../src/hyperpod';
import type { ClusterSeed, PodCluster } from '../aws/hyperpod-nodes';

const CLUSTER_ID = 'a1b2c3d4e5f6';
const ARN = `arn:aws:sagemaker:us-east-1:111122223333:cluster/${CLUSTER_ID}`;
const START = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;

let rig: NodeRig;

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true); // what handlers log
  rig = new NodeRig();
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

function pod(nodes: number, seed: Partial<ClusterSeed> = {}): PodCluster {
  const cluster = rig.sagemaker.hyperpod.put({
    ClusterName: 'pod',
    ClusterId: CLUSTER_ID,
    NodeProvisioningMode: 'Continuous',
    Orchestrator: { Eks: { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/eks' } },
    InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: nodes }],
    ...seed,
  }, PLACE);
  cluster.nodes.forEach(node => { node.LastSoftwareUpdateTime = START / 1000 - 86_400; });
  return cluster;
}

async function repair(action: 'reboot' | 'replace', nodes: string[], props: Partial<NodeRepairReplaceProps> = {}, meanwhile?: () => void): Promise<any> {
  const stack = new Stack(new App(), 'Stack', { env: PLACE });
  const fragment = NodeRepair[action](stack, 'Repair', {
    cluster: Cluster.fromClusterArn(stack, 'Pod', ARN), nodes: NodeList.fromJsonPathAt('$.nodes'), ...props,
  });
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(fragment) });
  const run = start(definitionOf(stack), 'execution', { nodes }, { [`Repair: ${action}`]: rig.invoke });
  if (meanwhile) {
    await settle([run], START + 1);
    meanwhile();
  }
  const [result] = await settle([run]);
  if (result.status === 'rejected') { throw result.reason.cause; }
  return result.value;
}

const calls = () => rig.calls.filter(({ operation }) => operation.startsWith('Batch'));
const sizes = () => calls().map(({ input }) => (input.NodeIds?.length ?? 0) + (input.NodeLogicalIds?.length ?? 0));
const ids = (cluster: PodCluster) => cluster.nodes.map(node => node.InstanceId!);

test('replaces 60 nodes in calls of at most 25, and is done when all have new instances', async () => {
  const cluster = pod(60);
  const before = ids(cluster);
  expect(await repair('replace', before, { maxNodesAtOnce: 60 })).toEqual({ Repaired: before, Failed: [], FurtherFailed: [] });
  expect(sizes()).toEqual([25, 25, 10]);
  expect(ids(cluster).filter(id => before.includes(id))).toEqual([]);
  expect(new Set(rig.sagemaker.nodeWrites.taken.map(({ logicalId }) => logicalId)).size).toBe(60);
});

test('keeps no more nodes under repair than allowed', async () => {
  const cluster = pod(10);
  const result = await repair('replace', ids(cluster), { maxNodesAtOnce: 4 });
  expect(result.Repaired).toHaveLength(10);
  expect(sizes()).toEqual([4, 4, 2]);
  const starts = calls().map(({ at }) => at);
  expect(starts[1] - starts[0]).toBeGreaterThanOrEqual(rig.sagemaker.nodeWrites.replaceSeconds * 1000);
});

describe('leaves Step Functions room for its history', () => {
  const steps = () => rig.count('DescribeCluster');

  test('where many nodes go one by one', async () => {
    const cluster = pod(120);
    const before = ids(cluster);
    rig.sagemaker.nodeWrites.replaceSeconds = 85 * 60;
    const result = await repair('replace', before, { maxNodesAtOnce: 1, pollInterval: Duration.minutes(1) });
    expect(result.Repaired).toHaveLength(120);
    expect(steps()).toBeLessThanOrEqual(1800);
    expect(steps()).toBeGreaterThan(900); // and no less often than it has to
  });

  test('which a short run has anyway', async () => {
    const cluster = pod(2);
    await repair('replace', ids(cluster), { maxNodesAtOnce: 1, pollInterval: Duration.minutes(1) });
    const looks = rig.calls.filter(({ operation }) => operation === 'DescribeCluster').map(({ at }) => at);
    expect(new Set(looks.slice(1).map((at, index) => at - looks[index]))).toEqual(new Set([MINUTE]));
  });
});

test('takes both kinds of ids, and a node that is given by both once', async () => {
  const [one, two] = pod(3).nodes;
  const result = await repair('reboot', [one.InstanceId!, one.NodeLogicalId!, two.NodeLogicalId!]);
  expect(result.Repaired).toHaveLength(2);
  expect(rig.sagemaker.nodeWrites.taken.map(({ logicalId }) => logicalId)).toEqual(['workers-1', 'workers-2']);
});

test('tries again what is in use or had a problem of the service, and not what is not there', async () => {
  const [one, two, three] = ids(pod(3));
  rig.sagemaker.nodeWrites.refuseNext(one, 'InstanceIdInUse', 'InstanceIdInUse');
  rig.sagemaker.nodeWrites.refuseNext(two, 'InternalServerError');
  rig.sagemaker.nodeWrites.refuseNext(three, 'InstanceIdNotFound');
  const { Repaired, Failed } = await repair('reboot', [one, two, three, 'i-0fffffffffffffff0']);
  expect(Repaired.sort()).toEqual([one, two]);
  expect(Failed.map(({ Node, ErrorCode }: any) => [Node, ErrorCode]).sort()).toEqual([['i-0fffffffffffffff0', 'InstanceIdNotFound'], [three, 'InstanceIdNotFound']].sort());
  const asked = calls().flatMap(({ input }) => input.NodeIds as string[]);
  expect(asked.filter(id => id === three)).toHaveLength(1);
  expect(asked).not.toContain('i-0fffffffffffffff0');
});

test('gives up on a node that stays in use', async () => {
  const [one] = ids(pod(1));
  rig.sagemaker.nodeWrites.refuseNext(one, ...Array<'InstanceIdInUse'>(50).fill('InstanceIdInUse'));
  const { Failed } = await repair('reboot', [one]);
  expect(Failed).toEqual([{ Node: one, ErrorCode: 'InstanceIdInUse', Message: expect.stringContaining('refused 10 times') }]);
  expect(calls()).toHaveLength(10);
});

test('waits while it is throttled', async () => {
  const [one] = ids(pod(1));
  rig.faults.next('BatchRebootClusterNodes', { kind: 'throttle' });
  rig.faults.next('ListClusterNodes', { kind: 'throttle' }, { kind: 'throttle' });
  expect((await repair('reboot', [one])).Repaired).toEqual([one]);
});

test('does not ask again where the answer was lost', async () => {
  const [one] = ids(pod(1));
  rig.faults.next('BatchReplaceClusterNodes', { kind: 'reset' });
  expect((await repair('replace', [one])).Repaired).toEqual([one]);
  expect(calls()).toHaveLength(1);
});

test('waits while the cluster is updated, and ends when it is deleted', async () => {
  const cluster = pod(2);
  const before = ids(cluster);
  const result = await repair('replace', before, { maxNodesAtOnce: 1 }, () => {
    cluster.ClusterStatus = 'Updating';
    rig.sagemaker.hyperpod.later(2 * 3600, () => { cluster.ClusterStatus = 'InService'; });
  });
  expect(result).toEqual({ Repaired: before, Failed: [], FurtherFailed: [] });
  expect(calls()[1].at - START).toBeGreaterThanOrEqual(120 * MINUTE);
  const gone = repair('replace', ids(cluster), { maxNodesAtOnce: 1 }, () => { cluster.ClusterStatus = 'Deleting'; });
  await expect(gone).rejects.toMatchObject({ name: 'PreconditionFailed', message: expect.stringContaining('Deleting') });
});

test('a node that never comes back is a failed one, and the others are waited for', async () => {
  const cluster = pod(3);
  rig.sagemaker.nodeWrites.neverReplaced.add('workers-2');
  const before = ids(cluster);
  const { Repaired, Failed } = await repair('replace', before);
  expect(Repaired).toEqual([before[0], before[2]]);
  expect(Failed).toEqual([{ Node: before[1], ErrorCode: 'Timeout', Message: expect.stringContaining('5400 s') }]);
});

test('a node that somebody else replaced before its turn is not replaced again', async () => {
  const cluster = pod(2);
  const before = ids(cluster);
  const result = await repair('replace', before, { maxNodesAtOnce: 1 }, () => {
    rig.sagemaker.hyperpod.launch(cluster.nodes[1]);
  });
  expect(result).toEqual({ Repaired: [before[1], before[0]], Failed: [], FurtherFailed: [] });
  expect(calls()).toHaveLength(1);
});

test('fails with the nodes that failed, once all are done, where that is wanted', async () => {
  const [one, two] = ids(pod(2));
  rig.sagemaker.nodeWrites.refuseNext(two, 'InstanceIdNotFound');
  await expect(repair('reboot', [one, two], { failOnFailedNodes: true })).rejects.toMatchObject({
    name: 'NodesFailed', message: expect.stringContaining('1 of 2 nodes'),
  });
  expect(Date.now() - START).toBeGreaterThanOrEqual(5 * MINUTE);
});

test('without logical ids the group has to be whole again', async () => {
  const cluster = pod(4, { NodeProvisioningMode: undefined });
  const before = ids(cluster);
  const { Repaired } = await repair('replace', before.slice(0, 2));
  expect(Repaired).toEqual(before.slice(0, 2));
  expect(cluster.nodes).toHaveLength(4);
});

describe('refuses before it touches anything', () => {
  test.each<[string, Partial<ClusterSeed>, string[], string]>([
    ['a cluster that is being updated', { ClusterStatus: 'Updating' }, [], 'ClusterNotInService'],
    ['a Slurm controller', {
      Orchestrator: { Slurm: {} }, InstanceGroups: [{ InstanceGroupName: 'head', TargetCount: 1, SlurmConfig: { NodeType: 'Controller' } }],
    }, [], 'SlurmController: group head'],
    ['a Slurm cluster that does not say where its controller is', { Orchestrator: undefined }, [], 'SlurmControllerUnknown'],
    ['logical ids where there are none', { NodeProvisioningMode: undefined }, ['workers-1'], 'LogicalIdsUnknown'],
  ])('%s', async (_, seed, nodes, reason) => {
    const cluster = pod(2, seed);
    await expect(repair('replace', nodes.length > 0 ? nodes : ids(cluster))).rejects.toMatchObject({
      name: 'PreconditionFailed', message: expect.stringContaining(reason),
    });
    expect(calls()).toEqual([]);
  });

  test('a cluster that was never patched, unless told otherwise', async () => {
    const cluster = pod(2);
    cluster.nodes.forEach(node => { node.LastSoftwareUpdateTime = undefined; });
    await expect(repair('replace', ids(cluster))).rejects.toMatchObject({ name: 'PreconditionFailed', message: expect.stringContaining('NeverPatched') });
    expect((await repair('replace', ids(cluster), { requirePatched: false })).Repaired).toHaveLength(2);
  });

  test('more nodes than a run can remember, and what is no id', async () => {
    pod(1);
    const many = Array.from({ length: 5001 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await expect(repair('reboot', many)).rejects.toMatchObject({ name: 'InvalidInput', message: expect.stringContaining('split them') });
    await expect(repair('reboot', ['not an id'])).rejects.toMatchObject({ name: 'InvalidInput' });
  });
});

describe('the group of a controller that the cluster does not tell of', () => {
  const InstanceGroups = [{ InstanceGroupName: 'head', TargetCount: 1 }, { InstanceGroupName: 'workers', TargetCount: 2 }];

  test('can be named, and its nodes are refused', async () => {
    const [head, ...workers] = ids(pod(0, { Orchestrator: undefined, InstanceGroups }));
    expect((await repair('reboot', workers, { controllerGroups: ['head'] })).Repaired).toHaveLength(2);
    await expect(repair('reboot', [head], { controllerGroups: ['head'] })).rejects.toMatchObject({ message: expect.stringContaining('SlurmController:') });
  });

  test('is not known by a name that the cluster has no group of', async () => {
    const [, ...workers] = ids(pod(0, { Orchestrator: undefined, InstanceGroups }));
    await expect(repair('reboot', workers, { controllerGroups: ['haed'] })).rejects.toMatchObject({
      message: expect.stringContaining('SlurmControllerUnknown'),
    });
    expect(calls()).toEqual([]);
  });
});

test('a call that the service refuses as a whole is an error, and not one whose answer was lost', async () => {
  const cluster = pod(1);
  rig.faults.next('BatchReplaceClusterNodes', { kind: 'error', status: 400, code: 'ConflictException' });
  await expect(repair('replace', ids(cluster))).rejects.toMatchObject({ name: 'ConflictException' });
});
