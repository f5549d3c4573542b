import { POLICY } from './policy';
import type { NodeService } from '../../../../lambda/clients/hyperpod-nodes';
import type { StateStore } from '../../../../lambda/clients/state-table';
import { NodeOperationsHandler } from '../../../../lambda/hyperpod/node-operations/handler';
import { HandlerError } from '../../../../lambda/shared/errors';
import type { NodeOperationRequest } from '../../../../src/private/contracts/node-operations';

const { signal } = new AbortController();
const service = {
  describeCluster: jest.fn(), describeNode: jest.fn(), listNodes: jest.fn(), rebootNodes: jest.fn(), replaceNodes: jest.fn(),
};
let now: number;
let lines: object[];
const handle = async (request: object) => new NodeOperationsHandler({ nodes: service as unknown as NodeService, now: () => now++ })
  .handle({ ClusterName: 'pod', ...request } as NodeOperationRequest, signal);

const REPAIR = {
  Operation: 'RepairStep',
  Action: 'Reboot',
  MaxAtOnce: 1,
  PollSeconds: 60,
  TimeoutSeconds: 600,
  RequirePatched: false,
  FailOnFailedNodes: true,
  ControllerGroups: [],
  Memo: { Nodes: ['i-01234567'] },
};
const REMEDIATION = { Operation: 'RemediationStep', Policy: POLICY, Execution: 'e-1', Event: {}, Memo: {} };

beforeEach(() => {
  [now, lines] = [0, []];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
  service.listNodes.mockResolvedValue([]);
  service.rebootNodes.mockResolvedValue({ Successful: ['i-01234567'] });
  service.replaceNodes.mockResolvedValue({ FailedNodeLogicalIds: [{ NodeLogicalId: 'w-1', ErrorCode: 'InvalidInstanceStatus', Message: 'busy' }] });
});
afterEach(() => jest.restoreAllMocks());

describe('a list', () => {
  test('has the filters that are given, and no other', async () => {
    await handle({ Operation: 'ListNodes' });
    expect(service.listNodes.mock.lastCall).toStrictEqual(['pod', {}, signal]);
    await handle({
      Operation: 'ListNodes', InstanceGroupNameContains: 'w', CreationTimeAfter: '2026-01-01', CreationTimeBefore: '2026-02-01', IncludeNodeLogicalIds: false,
    });
    expect(service.listNodes).toHaveBeenLastCalledWith('pod', {
      InstanceGroupNameContains: 'w', CreationTimeAfter: new Date('2026-01-01'), CreationTimeBefore: new Date('2026-02-01'), IncludeNodeLogicalIds: false,
    }, signal);
  });

  test.each(['CreationTimeAfter', 'CreationTimeBefore'])('refuses a %s that is no time', async name => {
    await expect(handle({ Operation: 'ListNodes', [name]: 'noon' })).rejects.toMatchObject({
      code: 'InvalidInput', message: `${name} must be a time in ISO 8601, got: noon`,
    });
  });

  test('fits into a state, or says how large it is', async () => {
    const frame = JSON.stringify({ ClusterNodeSummaries: [{ a: '' }] }).length;
    service.listNodes.mockResolvedValue([{ a: 'x'.repeat(200_000 - frame) }]);
    expect(await handle({ Operation: 'ListNodes' })).toHaveProperty('ClusterNodeSummaries.length', 1);
    service.listNodes.mockResolvedValue([{ a: 'x'.repeat(200_001 - frame) }]);
    await expect(handle({ Operation: 'ListNodes' })).rejects.toMatchObject({
      code: 'TooManyNodes', message: '1 nodes have 200001 bytes, a state of Step Functions takes 256 KB; list fewer: by group or by time',
    });
  });
});

describe('a description', () => {
  test.each([{ NodeId: 'i-01234567' }, { NodeLogicalId: 'w-1' }])('is of the node %j', async name => {
    service.describeNode.mockResolvedValue({ InstanceType: 'ml.p5.48xlarge' });
    expect(await handle({ Operation: 'DescribeNode', ...name })).toEqual({ NodeDetails: { InstanceType: 'ml.p5.48xlarge' } });
    expect(service.describeNode).toHaveBeenCalledWith('pod', name, signal);
  });

  test.each([[{}, 'give either NodeId or NodeLogicalId'], [{ NodeId: 'i-01234567', NodeLogicalId: 'w-1' }, 'give either'], [{ NodeId: '-' }, '"-" is neither'], [{ NodeLogicalId: '-' }, '"-" is neither']])(
    'is not of %j', async (name, message) => {
      const refused = handle({ Operation: 'DescribeNode', ...name });
      await expect(refused).rejects.toMatchObject({ code: 'InvalidInput' });
      await expect(refused).rejects.toThrow(message);
    });
});

describe('a change', () => {
  const empty = { Successful: [], Failed: [], SuccessfulNodeLogicalIds: [], FailedNodeLogicalIds: [] };

  test('answers with all lists', async () => {
    expect(await handle({ Operation: 'RebootNodes', NodeIds: ['i-01234567'] })).toEqual({ ...empty, Successful: ['i-01234567'] });
    expect(service.rebootNodes).toHaveBeenCalledWith('pod', { NodeIds: ['i-01234567'], NodeLogicalIds: undefined }, signal);
    expect(service.replaceNodes).not.toHaveBeenCalled();
  });

  test('fails for a refused node only where that is wanted', async () => {
    const replace = { Operation: 'ReplaceNodes', NodeLogicalIds: ['w-1'] };
    expect(await handle(replace)).toHaveProperty('FailedNodeLogicalIds.length', 1);
    await expect(handle({ ...replace, FailOnFailedNodes: true })).rejects.toMatchObject({
      code: 'NodesFailed', message: '[{"Node":"w-1","ErrorCode":"InvalidInstanceStatus","Message":"busy"}]',
    });
    expect(await handle({ Operation: 'RebootNodes', NodeIds: ['i-01234567'], FailOnFailedNodes: true })).toBeDefined();
    expect(service.rebootNodes).toHaveBeenCalledTimes(1);
  });

  test('of no node is refused', async () => {
    await expect(handle({ Operation: 'ReplaceNodes' })).rejects.toThrow('got 0');
  });
});

describe('the handler', () => {
  test('logs what it did, and how long that took', async () => {
    now = 1_000;
    await handle({ Operation: 'ListNodes' });
    expect(lines).toEqual([{ step: 'done', operation: 'ListNodes', milliseconds: 1 }]);
  });

  test.each([
    ['ThrottledException', 'ThrottlingException'], ['RequestLimitExceeded', 'ThrottlingException'], ['AccessDenied', 'AccessDenied'],
  ])('an error %s is called %s, which retriers match', async (name, code) => {
    service.listNodes.mockRejectedValue(Object.assign(new Error('why\nrequest'), { name, $metadata: { attempts: 4 } }));
    now = 1_000;
    await expect(handle({ Operation: 'ListNodes' })).rejects.toMatchObject({ name: code, message: 'why' });
    expect(lines).toEqual([{ step: 'failed', operation: 'ListNodes', code, reason: 'why', attempts: 4, milliseconds: 1 }]);
  });

  test('an own error is passed on', async () => {
    const error = new HandlerError('Mine', 'two\nlines');
    service.listNodes.mockRejectedValue(error);
    await expect(handle({ Operation: 'ListNodes' })).rejects.toBe(error);
  });

  test('takes the steps of workflows', async () => {
    service.describeCluster.mockRejectedValue(new HandlerError('Asked', 'for the cluster'));
    await expect(handle(REPAIR)).rejects.toMatchObject({ code: 'Asked' });
    const withState = new NodeOperationsHandler({ nodes: service as unknown as NodeService, state: {} as StateStore, now: () => 0 });
    const step = { ClusterName: 'pod', ...REMEDIATION } as unknown as NodeOperationRequest;
    expect(JSON.stringify(await withState.handle(step, signal))).toContain('NoFault');
  });

  test.each([
    [REMEDIATION, 'this function has no table for the state of a remediation'],
    [{ Operation: 'Moon' }, 'unknown operation: Moon'],
    [{ Operation: 'toString' }, 'unknown operation: toString'],
    [{}, 'unknown operation: nothing'],
    [{ Operation: ['ListNodes'] }, 'unknown operation: a list'],
    [{ Operation: 'ListNodes', ClusterName: 7 }, 'ClusterName must be a text, got: 7'],
    [{ Operation: 'ListNodes', IncludeNodeLogicalIds: 'yes' }, 'IncludeNodeLogicalIds must be true or false, got: yes'],
    [{ Operation: 'RebootNodes', NodeIds: 'i-01234567' }, 'NodeIds must be a list of texts, got: i-01234567'],
    [{ Operation: 'ReplaceNodes', NodeLogicalIds: [['workers-1']] }, 'NodeLogicalIds must be a list of texts, got: a list'],
    [{ ...REPAIR, Memo: { Nodes: 'i-01234567' } }, 'Nodes must be a list of texts, got: i-01234567'],
    [{ ...REPAIR, Memo: undefined }, 'Memo must be an object, got: nothing'],
    [{ ...REPAIR, MaxAtOnce: '4' }, 'MaxAtOnce must be a number, got: 4'],
    [{ ...REMEDIATION, Policy: { ...POLICY, Windows: [{ Days: [1] }] } }, 'Windows must be a list of objects with Days, StartMinute, Minutes, got: a list'],
    [{ ...REMEDIATION, Policy: { ...POLICY, Rules: 'all' } }, 'Rules must be a list of objects with Contains, Decision, got: all'],
  ])('does not do %j', async (request, message) => {
    await expect(handle(request)).rejects.toMatchObject({ code: 'InvalidInput', message });
  });

  test('what a state gives as null counts as left out', async () => {
    service.rebootNodes.mockResolvedValue({ Successful: ['i-01234567'] });
    expect(await handle({ Operation: 'RebootNodes', NodeIds: ['i-01234567'], NodeLogicalIds: null, FailOnFailedNodes: null }))
      .toMatchObject({ Successful: ['i-01234567'] });
    await expect(handle({ Operation: 'DescribeNode', NodeId: null, NodeLogicalId: null })).rejects.toThrow('give either NodeId or NodeLogicalId');
  });
});
