import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { BatchOutcome, ClusterDescription, NodeService, NodeSummary } from '../../../../lambda/clients/hyperpod-nodes';
import { repairStep } from '../../../../lambda/hyperpod/node-operations/repair';
import { HandlerError } from '../../../../lambda/shared/errors';
import type { RepairStepAnswer, RepairStepRequest } from '../../../../src/private/contracts/node-operations';

const START = Date.parse('2026-06-01T12:00:00Z');
const EKS = { Eks: { ClusterArn: 'arn:eks' } };
const { signal } = new AbortController();

let cluster: Record<string, unknown>;
let nodes: NodeSummary[];
let memo: object;
/** What a call comes to. */
let outcome: (ids: readonly string[]) => BatchOutcome;
let calls: { readonly action: string; readonly ids: readonly string[] }[];
let asked: unknown[];

function called(action: string): NodeService['rebootNodes'] {
  return async (name, { NodeIds = [], NodeLogicalIds = [] }, given) => {
    expect([name, given]).toEqual(['pod', signal]);
    const ids = [...NodeIds, ...NodeLogicalIds];
    calls.push({ action, ids });
    return outcome(ids);
  };
}
const service: Partial<NodeService> = {
  describeCluster: async (...input) => {
    asked.push(input);
    return cluster as unknown as ClusterDescription;
  },
  listNodes: async (...input) => {
    asked.push(input);
    return nodes;
  },
  rebootNodes: called('Reboot'),
  replaceNodes: called('Replace'),
};

const instance = (number: number) => `i-${number.toString(16).padStart(17, '0')}`;
const all = (count: number, from = 1) => Array.from({ length: count }, (_, index) => instance(from + index));
const status = (Status: string) => ({ Status }) as NodeSummary['InstanceStatus'];
const failure = (name: string, httpStatusCode?: number) => Object.assign(new Error(`it says ${name}`), { name, $metadata: { httpStatusCode } });

/** A cluster of one group, whose nodes have logical ids. */
function pod(count: number, changes: object = {}): void {
  cluster = {
    ClusterStatus: 'InService',
    NodeProvisioningMode: 'Continuous',
    Orchestrator: EKS,
    InstanceGroups: [{ InstanceGroupName: 'workers', CurrentCount: count, TargetCount: count }],
    ...changes,
  };
  nodes = all(count).map((InstanceId, index) => ({
    InstanceGroupName: 'workers',
    InstanceId,
    NodeLogicalId: cluster.NodeProvisioningMode && `workers-${index + 1}`,
    InstanceStatus: status('Running'),
    LastSoftwareUpdateTime: new Date(START),
  }) as NodeSummary);
}

beforeEach(() => {
  pod(3);
  [memo, calls, asked, outcome] = [{}, [], [], () => ({})];
});

/** A step so many seconds after the first, which goes on from the one before. */
async function step(seconds: number, changes: Partial<RepairStepRequest> = {}): Promise<RepairStepAnswer> {
  const request: RepairStepRequest = {
    Operation: 'RepairStep',
    ClusterName: 'pod',
    Action: 'Replace',
    Nodes: nodes.map(node => node.InstanceId!),
    MaxAtOnce: 10,
    PollSeconds: 60,
    TimeoutSeconds: 3600,
    RequirePatched: false,
    FailOnFailedNodes: false,
    ControllerGroups: [],
    Memo: JSON.parse(JSON.stringify(memo)) as object,
    ...changes,
  };
  const answer = await repairStep(service as NodeService, request, START + seconds * 1000, signal);
  memo = answer.Memo;
  if (answer.Done) { return answer; }
  const known = remembered(memo);
  return { ...answer, Memo: known, Repaired: known.repaired, Failed: known.failed };
}

/** What a memo holds, which is compressed. */
function remembered(packed: object): Pick<RepairStepAnswer, never> & { readonly repaired: string[]; readonly failed: RepairStepAnswer['Failed'] } {
  return JSON.parse(inflateRawSync(Buffer.from((packed as { packed: string }).packed, 'base64')).toString()) as ReturnType<typeof remembered>;
}
/** Gives the node of an index another instance. */
const replaced = (index: number, Status = 'Running') => {
  nodes[index] = { ...nodes[index], InstanceId: instance(100 + index), InstanceStatus: status(Status) };
};

describe('the first step', () => {
  test('hands nodes over by their instances, and remembers them', async () => {
    expect(await step(0, { Nodes: [instance(1), 'workers-2'] })).toEqual({
      Done: false,
      WaitSeconds: 60,
      Memo: {
        steps: 1,
        waiting: [],
        running: [
          { id: instance(1), instance: instance(1), logical: 'workers-1', group: 'workers', since: START },
          { id: 'workers-2', instance: instance(2), logical: 'workers-2', group: 'workers', since: START },
        ],
        repaired: [],
        failed: [],
      },
      Repaired: [],
      Failed: [],
      FurtherFailed: [],
    });
    expect(calls).toEqual([{ action: 'Replace', ids: [instance(1), instance(2)] }]);
    expect(asked).toEqual([['pod', signal], ['pod', { IncludeNodeLogicalIds: true }, signal]]);
  });

  test('asks for no logical ids where there are none', async () => {
    pod(1, { NodeProvisioningMode: undefined });
    await step(0);
    expect(asked[1]).toEqual(['pod', {}, signal]);
  });

  test('takes a node once, however often and by whichever ids it is given', async () => {
    await step(0, { Action: 'Reboot', Nodes: [instance(1), 'workers-1', instance(1), instance(2), 'workers-2'] });
    expect(calls).toEqual([{ action: 'Reboot', ids: [instance(1), instance(2)] }]);
  });

  test('takes all nodes once that have no logical id', async () => {
    pod(2, { NodeProvisioningMode: undefined });
    await step(0);
    expect(calls).toEqual([{ action: 'Replace', ids: all(2) }]);
  });

  test('takes a node without an instance by its logical id', async () => {
    nodes[0] = { ...nodes[0], InstanceId: '', InstanceStatus: status('Failure') };
    await step(0, { Nodes: ['workers-1'] });
    expect(calls).toEqual([{ action: 'Replace', ids: ['workers-1'] }]);
  });

  test('tells of nodes that the cluster does not have', async () => {
    expect(await step(0, { Nodes: [instance(9)] })).toEqual({
      Done: true,
      WaitSeconds: 0,
      Memo: expect.anything(),
      Repaired: [],
      Failed: [{ Node: instance(9), ErrorCode: 'InstanceIdNotFound', Message: 'the cluster has no such node' }],
      FurtherFailed: [],
    });
    expect(calls).toEqual([]);
  });

  test('refuses more nodes than a run can remember, and what is no id', async () => {
    const error = async (Nodes: readonly string[]) => (
      step(0, { Nodes, MaxAtOnce: 1000 }).then(() => undefined, ({ code, message }: HandlerError) => [code, message]));
    pod(1000);
    expect(await error(all(1000))).toBeUndefined();
    expect(calls).toHaveLength(4);
    memo = {};
    expect(await error([...all(5000), 'workers-1'])).toEqual(['InvalidInput', 'one run takes at most 5000 nodes, got 5001; split them']);
    const long = Array.from({ length: 2000 }, (_, index) => `${index}-${'x'.repeat(100)}`);
    expect(await error(long)).toEqual(['InvalidInput', expect.stringContaining('ids of at most 200000 bytes')]);
    expect(await error(['-'])).toEqual(['InvalidInput', '"-" is neither the id of an instance nor a logical id of a node']);
  });

  test('refuses logical ids where there are none', async () => {
    pod(2, { NodeProvisioningMode: undefined });
    await expect(step(0, { Nodes: [instance(1), 'workers-1'] })).rejects.toMatchObject({
      code: 'PreconditionFailed',
      message: 'LogicalIdsUnknown: only clusters that provision continuously have logical ids; give the ids of instances',
    });
  });

  test.each<[string, object, Partial<RepairStepRequest>, string]>([
    ['cluster', { ClusterStatus: 'Updating' }, {}, 'ClusterNotInService: the cluster is Updating; nodes are repaired while it is InService'],
    ['group, once', { Orchestrator: undefined }, {},
      'SlurmControllerUnknown: the cluster runs Slurm and does not say which group holds the controller; name it in `controllerGroups`'],
    ['cluster and group', { ClusterStatus: 'Updating', Orchestrator: undefined }, { ControllerGroups: ['workers'] },
      'ClusterNotInService: the cluster is Updating; nodes are repaired while it is InService; SlurmController: group workers holds the Slurm controller'],
  ])('tells every obstacle: %s', async (_what, changes, request, message) => {
    pod(2, changes);
    (cluster.InstanceGroups as object[]).push({ InstanceGroupName: 'others' });
    nodes[1] = { ...nodes[1], InstanceGroupName: request.ControllerGroups ? 'workers' : 'others' };
    await expect(step(0, request)).rejects.toMatchObject({ code: 'PreconditionFailed', message });
    expect(calls).toEqual([]);
  });

  test('has no obstacle in groups that it does not touch', async () => {
    pod(2, { Orchestrator: undefined, InstanceGroups: [{ InstanceGroupName: 'head' }, { InstanceGroupName: 'workers' }] });
    nodes.push({ ...nodes[0], InstanceId: instance(9), NodeLogicalId: 'head-1', InstanceGroupName: 'head' });
    await step(0, { Nodes: all(2), ControllerGroups: ['head'] });
    expect(calls.map(({ ids }) => ids)).toEqual([all(2)]);
  });

  test.each([[undefined, 'the service does not say which group the node is in'], ['nowhere', 'the cluster does not tell of group nowhere']])(
    'refuses a node of a Slurm cluster whose group is %s: it may be the controller', async (InstanceGroupName, message) => {
      pod(2, { Orchestrator: undefined, InstanceGroups: [{ InstanceGroupName: 'head' }, { InstanceGroupName: 'workers' }] });
      nodes[0] = { ...nodes[0], InstanceGroupName };
      await expect(step(0, { ControllerGroups: ['head'] })).rejects.toMatchObject({ code: 'PreconditionFailed', message: `GroupUnknown: ${message}` });
      expect(calls).toEqual([]);
    });

  test('takes a node of a cluster on EKS, which has no controller, whatever its group', async () => {
    nodes[0] = { ...nodes[0], InstanceGroupName: undefined };
    expect((await step(0)).Memo).toMatchObject({ running: [{ group: '' }, {}, {}] });
  });

  test.each(['reboot', 'Delete', undefined])('refuses an action that nobody knows: %s', async Action => {
    await expect(step(0, { Action: Action as never })).rejects.toMatchObject({ code: 'InvalidInput', message: `unknown action: ${Action}` });
    expect(calls).toEqual([]);
  });

  test('finds its nodes in the memo of the workflow, or beside it, as workflows of earlier versions keep them', async () => {
    memo = { Nodes: [instance(2)] };
    await step(0, { Nodes: undefined });
    memo = {};
    await step(0, { Nodes: [instance(3)] });
    expect(calls.map(({ ids }) => ids)).toEqual([[instance(2)], [instance(3)]]);
  });

  test('needs nodes that were patched where that is wanted, and for a replacement alone', async () => {
    nodes = nodes.map(node => ({ ...node, LastSoftwareUpdateTime: undefined }));
    await expect(step(0, { RequirePatched: true })).rejects.toMatchObject({ code: 'PreconditionFailed', message: expect.stringMatching(/^NeverPatched: /) });
    await step(0, { RequirePatched: true, Action: 'Reboot' });
    expect(calls).toHaveLength(1);
  });
});

describe('turns', () => {
  const sizes = () => calls.map(({ ids }) => ids.length);

  test('no more nodes are under repair than may be at once', async () => {
    await step(0, { MaxAtOnce: 2 });
    expect(sizes()).toEqual([2]);
    await step(60, { MaxAtOnce: 2 });
    expect(sizes()).toEqual([2]);
    replaced(0);
    expect((await step(120, { MaxAtOnce: 2 })).Repaired).toEqual([instance(1)]);
    expect(calls.at(-1)!.ids).toEqual([instance(3)]);
    replaced(2);
    expect((await step(180, { MaxAtOnce: 2 })).Repaired).toEqual([instance(1), instance(3)]);
  });

  test('one step makes four calls at most, of 25 nodes each', async () => {
    pod(130);
    await step(0, { MaxAtOnce: 130 });
    expect(sizes()).toEqual([25, 25, 25, 25]);
    await step(60, { MaxAtOnce: 130 });
    expect(sizes()).toEqual([25, 25, 25, 25, 25, 5]);
  });

  test.each(['Updating', 'RollingBack', 'SystemUpdating'])('wait while the cluster is %s', async ClusterStatus => {
    await step(0, { MaxAtOnce: 1 });
    cluster.ClusterStatus = ClusterStatus;
    replaced(0);
    expect(await step(60, { MaxAtOnce: 1 })).toMatchObject({ Done: false, Repaired: [instance(1)] });
    expect(sizes()).toEqual([1]);
    cluster.ClusterStatus = 'InService';
    await step(120, { MaxAtOnce: 1 });
    expect(sizes()).toEqual([1, 1]);
  });

  test.each(['Deleting', 'Failed'])('end with the cluster: %s', async ClusterStatus => {
    await step(0, { MaxAtOnce: 1 });
    cluster.ClusterStatus = ClusterStatus;
    await expect(step(60)).rejects.toMatchObject({ code: 'PreconditionFailed', message: `ClusterNotInService: the cluster is ${ClusterStatus}` });
  });

  test('a node that was replaced meanwhile is repaired, and one that has gone is not to be', async () => {
    await step(0, { MaxAtOnce: 1 });
    replaced(1, 'Pending');
    nodes.splice(2, 1);
    expect(await step(60, { MaxAtOnce: 1 })).toMatchObject({
      Repaired: [instance(2)], Failed: [{ Node: instance(3), ErrorCode: 'InstanceIdNotFound', Message: 'the node has gone meanwhile' }],
    });
    expect(sizes()).toEqual([1]);
  });

  test('a node that waits for an instance meanwhile, or had none and got one, is not replaced by that', async () => {
    nodes[2] = { ...nodes[2], InstanceId: undefined };
    const request = { Nodes: [instance(1), instance(2), 'workers-3'], MaxAtOnce: 1 };
    await step(0, request);
    nodes[1] = { ...nodes[1], InstanceId: '' };
    nodes[2] = { ...nodes[2], InstanceId: instance(9) };
    expect(await step(60, { ...request, MaxAtOnce: 3 })).toMatchObject({ Repaired: [], Failed: [] });
    expect(calls.at(-1)!.ids).toEqual([instance(2), 'workers-3']);
  });

  test('a node that was replaced meanwhile is rebooted nevertheless', async () => {
    const request = { Action: 'Reboot', MaxAtOnce: 1 } as const;
    await step(0, request);
    replaced(1);
    expect((await step(60, { ...request, MaxAtOnce: 2 })).Repaired).toEqual([]);
    expect(calls.at(-1)!.ids).toEqual([instance(2)]);
  });
});

describe('a node with which something goes on', () => {
  const Nodes = [instance(1)];

  test('is tried again later, ten times in all', async () => {
    nodes[0] = { ...nodes[0], InstanceStatus: status('SystemUpdating') };
    for (let tries = 0; tries < 9; tries++) { expect((await step(tries * 60, { Nodes })).Failed).toEqual([]); }
    expect(await step(9 * 60, { Nodes })).toMatchObject({
      Done: true, Failed: [{ Node: instance(1), ErrorCode: 'InvalidInstanceStatus', Message: 'the node is SystemUpdating (refused 10 times)' }],
    });
    expect(calls).toEqual([]);
  });

  test('is not looked at before its time, and leaves its turn to others', async () => {
    nodes[0] = { ...nodes[0], InstanceStatus: status('Pending') };
    await step(0, { MaxAtOnce: 1 });
    expect(calls.map(({ ids }) => ids)).toEqual([[instance(2)]]);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Running') };
    await step(59.999, { MaxAtOnce: 2 });
    expect(calls.map(({ ids }) => ids)).toEqual([[instance(2)], [instance(3)]]);
    await step(60, { MaxAtOnce: 3 });
    expect(calls.at(-1)!.ids).toEqual([instance(1)]);
  });

  test.each([undefined, 'Pondering', 'DetachInProgress', 'AttachInProgress', 'NotFound'])('is one that may be anything: %s', async said => {
    nodes[0] = { ...nodes[0], InstanceStatus: said === undefined ? undefined : status(said) };
    for (let tries = 0; tries < 9; tries++) { expect((await step(tries * 60, { Nodes })).Failed).toEqual([]); }
    expect((await step(9 * 60, { Nodes })).Failed).toMatchObject([{ ErrorCode: 'InvalidInstanceStatus' }]);
    expect(calls).toEqual([]);
  });
});

describe('a call', () => {
  test('that is throttled is made again later, for all of its nodes', async () => {
    outcome = () => { throw failure('ThrottlingException', 400); };
    for (let tries = 0; tries < 9; tries++) { await step(tries * 60); }
    expect(calls.every(({ ids }) => ids.length === 3)).toBe(true);
    expect((await step(540)).Failed).toEqual(all(3).map(Node => ({
      Node, ErrorCode: 'ThrottlingException', Message: 'it says ThrottlingException (refused 10 times)',
    })));
  });

  test.each([['ValidationException', 400], ['ResourceNotFound', 400], ['AccessDeniedException', 403]])('that is refused as a whole is an error: %s', async (name, code) => {
    const refused = failure(name, code);
    outcome = () => { throw refused; };
    await expect(step(0)).rejects.toBe(refused);
  });

  test.each<[string, number | undefined]>([['InternalFailure', 500], ['TimeoutError', undefined]])('whose answer is lost may have happened: %s', async (name, code) => {
    outcome = () => { throw failure(name, code); };
    expect((await step(0)).Memo).toMatchObject({ waiting: [], running: [{ id: instance(1), since: START, group: 'workers' }, {}, {}] });
    await step(60);
    expect(calls).toHaveLength(1);
  });

  test('that refuses nodes tells which are worth another one', async () => {
    outcome = () => ({
      Failed: [
        { NodeId: instance(1), ErrorCode: 'InstanceIdInUse', Message: 'in use' },
        { NodeId: instance(2), ErrorCode: 'InstanceIdNotFound', Message: 'not there' },
        { NodeId: instance(9), ErrorCode: 'InstanceIdNotFound', Message: 'of nobody' },
      ],
    });
    expect(await step(0)).toMatchObject({
      Memo: { waiting: [{ id: instance(1), tries: 1, notBefore: START + 60_000 }], running: [{ id: instance(3) }] },
      Failed: [{ Node: instance(2), ErrorCode: 'InstanceIdNotFound', Message: 'not there' }],
    });
    outcome = () => ({});
    await step(60);
    expect(calls.map(({ ids }) => ids)).toEqual([all(3), [instance(1)]]);
  });
});

test('a node that is refused is told by the id that was given, whichever it was called by', async () => {
  outcome = () => ({ Failed: [{ NodeId: instance(1), ErrorCode: 'Strange' as never, Message: 'no' }] });
  expect((await step(0, { Nodes: ['workers-1', instance(2)] })).Failed).toEqual([{ Node: 'workers-1', ErrorCode: 'Strange', Message: 'no' }]);
});

describe('a reboot', () => {
  const request = { Action: 'Reboot', Nodes: [instance(1)] } as const;

  test('is over when the node runs after five minutes', async () => {
    await step(0, request);
    expect((await step(299.999, request)).Repaired).toEqual([]);
    expect(await step(300, request)).toMatchObject({ Done: true, WaitSeconds: 0, Repaired: [instance(1)] });
  });

  test('takes as long as the node does not run, and has failed at its end', async () => {
    await step(0, request);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Failure') };
    expect(await step(3599.999, request)).toMatchObject({ Done: false });
    nodes[0] = { ...nodes[0], InstanceStatus: undefined };
    expect(await step(3599.999, request)).toMatchObject({ Done: false });
    nodes[0] = { ...nodes[0], InstanceStatus: status('Failure') };
    expect(await step(3600, request)).toMatchObject({
      Done: true, Failed: [{ Node: instance(1), ErrorCode: 'Timeout', Message: 'not repaired within 3600 s; the node is Failure' }],
    });
  });

  test('of a node that goes away has failed', async () => {
    await step(0, request);
    nodes = nodes.slice(1);
    expect((await step(3600, request)).Failed).toMatchObject([{ Message: 'not repaired within 3600 s; the node is gone' }]);
  });
});

describe('a replacement', () => {
  const Nodes = [instance(1)];

  test('is over when the node has another instance, and it runs', async () => {
    await step(0, { Nodes });
    expect((await step(60, { Nodes })).Repaired).toEqual([]);
    nodes[0] = { ...nodes[0], InstanceId: '' };
    expect((await step(120, { Nodes })).Repaired).toEqual([]);
    replaced(0, 'Pending');
    expect((await step(180, { Nodes })).Repaired).toEqual([]);
    replaced(0);
    expect(await step(240, { Nodes })).toMatchObject({ Done: true, Repaired: Nodes });
  });

  test('does not take a node away for one that replaces it', async () => {
    await step(0, { Nodes });
    nodes = nodes.slice(1);
    expect((await step(60, { Nodes })).Repaired).toEqual([]);
    nodes[0] = { ...nodes[0], InstanceStatus: undefined };
    expect((await step(60, { Nodes })).Repaired).toEqual([]);
  });

  test('of a node that says nothing of itself any more is not over', async () => {
    await step(0, { Nodes });
    nodes[0] = { ...nodes[0], InstanceId: instance(101), InstanceStatus: undefined };
    expect((await step(60, { Nodes })).Repaired).toEqual([]);
  });

  describe('without logical ids is over', () => {
    const group = (changes: object = {}) => { cluster.InstanceGroups = [{ InstanceGroupName: 'workers', CurrentCount: 3, TargetCount: 3, ...changes }]; };
    const repaired = async () => (await step(60, { Nodes })).Repaired.length === 1;

    beforeEach(async () => {
      pod(3, { NodeProvisioningMode: undefined });
      await step(0, { Nodes });
      nodes[0] = { ...nodes[0], InstanceId: instance(101) };
    });

    test('when the group is whole without it', async () => {
      expect(await repaired()).toBe(true);
    });

    test('not while it is there', async () => {
      nodes.push({ ...nodes[0], InstanceId: instance(1) });
      expect(await repaired()).toBe(false);
    });

    test('not while the group counts fewer than it shall have', async () => {
      group({ CurrentCount: 2 });
      expect(await repaired()).toBe(false);
    });

    test('not while fewer are to be seen', async () => {
      nodes = nodes.slice(1);
      expect(await repaired()).toBe(false);
      nodes.push({ ...nodes[0], InstanceId: instance(200), InstanceGroupName: 'others' });
      expect(await repaired()).toBe(false);
    });

    test('not while one of them begins, but whatever others do', async () => {
      nodes.push({ ...nodes[0], InstanceId: instance(200), InstanceGroupName: 'others', InstanceStatus: status('Pending') });
      nodes[1] = { ...nodes[1], InstanceStatus: status('Pending') };
      expect(await repaired()).toBe(false);
      nodes[1] = { ...nodes[1], InstanceStatus: undefined };
      expect(await repaired()).toBe(true);
    });

    test('where the group is smaller by now, or has gone', async () => {
      group({ CurrentCount: 4, TargetCount: 2 });
      expect(await repaired()).toBe(true);
    });

    test('where the group has gone with all of its nodes', async () => {
      group({ InstanceGroupName: 'others' });
      nodes = [];
      expect(await repaired()).toBe(true);
    });

    test('where the group says no counts', async () => {
      group({ CurrentCount: undefined, TargetCount: undefined });
      expect(await repaired()).toBe(true);
    });
  });
});

describe('the end', () => {
  test('is an error where nodes have failed and that is wanted, once all are done', async () => {
    const request = { Action: 'Reboot', Nodes: [instance(1), instance(9)], FailOnFailedNodes: true } as const;
    expect((await step(0, request)).Done).toBe(false);
    await expect(step(300, request)).rejects.toMatchObject({
      code: 'NodesFailed',
      message: `1 of 2 nodes: [{"Node":"${instance(9)}","ErrorCode":"InstanceIdNotFound","Message":"the cluster has no such node"}]`,
    });
  });

  test('is none where none has failed', async () => {
    const request = { Action: 'Reboot', FailOnFailedNodes: true } as const;
    await step(0, request);
    expect(await step(300, request)).toMatchObject({ Done: true, Repaired: all(3), Failed: [] });
  });
});

describe('between steps', () => {
  test('there is more time than wanted where there would be too many steps', async () => {
    pod(200);
    expect((await step(0, { MaxAtOnce: 1 })).WaitSeconds).toBe(Math.ceil((200 * 3600) / (1800 - 1)));
    expect((await step(0, { MaxAtOnce: 1 })).WaitSeconds).toBe(Math.ceil((200 * 3600) / (1800 - 2)));
    memo = {};
    expect((await step(0, { MaxAtOnce: 3, TimeoutSeconds: 36_000 })).WaitSeconds).toBe(Math.ceil(((66 + 1) * 36_000) / 1799));
    memo = {};
    expect((await step(0, { MaxAtOnce: 3, TimeoutSeconds: 360 })).WaitSeconds).toBe(60);
  });

  test('counts no round of what runs where nothing does', async () => {
    pod(1);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Pending') };
    expect((await step(0, { TimeoutSeconds: 180_000 })).WaitSeconds).toBe(Math.ceil(180_000 / 1799));
  });

  test.each([[{ steps: 1798 }, 3600], [{ steps: 1800 }, 3600], [{}, 60]])('a run that remembers %j waits %i seconds', async (more, seconds) => {
    await step(0, { Nodes: [instance(1)] });
    const { steps: _, ...before } = remembered(memo) as unknown as { steps: number };
    memo = { ...before, ...more };
    expect((await step(60)).WaitSeconds).toBe(seconds);
  });
});

describe.each([1000, 5000])('a run of %i nodes keeps its state within the 262144 bytes of Step Functions, at every step', count => {
  /** Ids that are as unlike one another as those of the service. */
  const idOf = (index: number) => `i-${createHash('sha256').update(`${index}`).digest('hex').slice(0, 17)}`;
  const refusal = (index: number) => `${createHash('sha256').update(`why ${index}`).digest('base64')} is why `.repeat(12);

  async function run(refused: (index: number) => boolean): Promise<RepairStepAnswer> {
    pod(count);
    nodes.forEach((node, index) => { nodes[index] = { ...node, InstanceId: idOf(index) }; });
    const indexes = new Map(nodes.map((node, index) => [node.InstanceId!, index]));
    outcome = ids => {
      const Failed = ids.filter(id => refused(indexes.get(id)!)).map(NodeId => (
        { NodeId, ErrorCode: 'InstanceIdNotFound' as const, Message: refusal(indexes.get(NodeId)!) }));
      for (const id of ids) {
        const index = indexes.get(id)!;
        if (!refused(index)) { nodes[index] = { ...nodes[index], InstanceId: idOf(count + index) }; }
      }
      return { Failed } as BatchOutcome;
    };
    const request = {
      Operation: 'RepairStep',
      ClusterName: 'pod',
      Action: 'Replace',
      MaxAtOnce: count,
      PollSeconds: 60,
      TimeoutSeconds: 3600,
      RequirePatched: false,
      FailOnFailedNodes: false,
      ControllerGroups: [],
    } as const;
    let answer = { Done: false, Memo: { Nodes: nodes.map(node => node.InstanceId!) } } as unknown as RepairStepAnswer;
    for (let steps = 0; !answer.Done; steps++) {
      expect(steps).toBeLessThan(200);
      expect(Buffer.byteLength(JSON.stringify({ ...request, Step: answer }))).toBeLessThan(262_144);
      answer = await repairStep(service as NodeService, { ...request, Memo: answer.Memo }, START + steps * 60_000, signal);
    }
    expect(Buffer.byteLength(JSON.stringify({ Step: answer }))).toBeLessThan(262_144);
    const told = [...answer.Repaired, ...answer.Failed.map(({ Node }) => Node), ...answer.FurtherFailed];
    expect([told.length, new Set(told).size]).toEqual([count, count]);
    return answer;
  }

  test('though the service refuses all of them, each with a long message', async () => {
    const { Failed, FurtherFailed } = await run(() => true);
    expect(Failed.every(({ ErrorCode, Message }) => ErrorCode === 'InstanceIdNotFound' && Message.length >= 18)).toBe(true);
    expect(FurtherFailed.length > 0).toBe(count === 5000);
    expect(Failed.length).toBeGreaterThanOrEqual(1000);
  });

  test('where it refuses every other one', async () => {
    const { Repaired, Failed } = await run(index => index % 2 === 0);
    expect(Repaired).toHaveLength(count / 2);
    expect(Failed.length).toBeGreaterThan(0);
  });
});

test('refuses nodes whose ids are too long to be remembered, before it touches one', async () => {
  pod(4000);
  nodes.forEach((node, index) => { nodes[index] = { ...node, NodeLogicalId: createHash('sha512').update(`${index}`).digest('hex') }; });
  await expect(step(0)).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining('split them') });
  expect(calls).toEqual([]);
});
