import type { ClusterDescription } from '../../../../lambda/clients/hyperpod-nodes';
import {
  byKind, checkCall, checkNodeId, clusterObstacle, controllerGroups, failedNodes, groupObstacle, groupOf, hasLogicalIds, isBusy,
  isInstanceId, isRefusal, mayWorkLater, wholeOutcome,
} from '../../../../lambda/hyperpod/node-operations/nodes';
import { HandlerError } from '../../../../lambda/shared/errors';

const cluster = (more: object = {}) => ({ ClusterStatus: 'InService', ...more }) as ClusterDescription;
const slurm = (more: object = {}) => cluster({ InstanceGroups: [{ InstanceGroupName: 'workers' }, { InstanceGroupName: 'head' }], ...more });

describe('ids', () => {
  test.each(['i-01234567', 'i-0123456789abcdef0'])('%s is one of an instance', id => {
    expect(isInstanceId(id)).toBe(true);
    expect(checkNodeId(id)).toBe(id);
  });

  test.each(['workers-1', 'ab', 'A1', `a${'-'.repeat(126)}z`, 'i-0123456', 'i-0123456g', 'xi-01234567', 'i-012345678', 'i-01234567x'])('%s is a logical one', id => {
    expect(isInstanceId(id)).toBe(false);
    expect(checkNodeId(id)).toBe(id);
  });

  test.each(['', 'a', '-ab', 'ab-', 'a_b', 'a b', ' ab', `a${'-'.repeat(127)}z`, 1, undefined, ['workers-1']])('%j is none', id => {
    expect(() => checkNodeId(id)).toThrow(expect.objectContaining({
      code: 'InvalidInput', message: `${JSON.stringify(id)} is neither the id of an instance nor a logical id of a node`,
    }));
  });

  test('of both kinds are told apart', () => {
    expect(byKind(['i-01234567', 'workers-1'])).toEqual({ NodeIds: ['i-01234567'], NodeLogicalIds: ['workers-1'] });
  });
});

describe('a call', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `workers-${index}`);

  test.each([[1, 0], [0, 1], [25, 0], [12, 13]])('takes %i and %i nodes', (instances, logical) => {
    expect(() => checkCall({ NodeIds: ids(instances), NodeLogicalIds: ids(logical) })).not.toThrow();
  });

  test.each([[0, 0], [26, 0], [13, 13]])('does not take %i and %i', (instances, logical) => {
    expect(() => checkCall({ NodeIds: ids(instances), NodeLogicalIds: ids(logical) })).toThrow(expect.objectContaining({
      code: 'InvalidInput',
      message: `one call takes 1 to 25 nodes over both lists of ids, got ${instances + logical}; a node repair takes any number`,
    }));
  });

  test('takes one list alone, and refuses what is no id in either', () => {
    expect(() => checkCall({ NodeIds: ['i-01234567'] })).not.toThrow();
    expect(() => checkCall({ NodeLogicalIds: ['workers-1'] })).not.toThrow();
    expect(() => checkCall({})).toThrow('got 0');
    expect(() => checkCall({ NodeIds: ['-'] })).toThrow('"-" is neither');
    expect(() => checkCall({ NodeLogicalIds: ['workers-1', '-'] })).toThrow('"-" is neither');
  });
});

describe('an outcome', () => {
  test('tells of refused nodes of both lists', () => {
    expect(failedNodes({
      Failed: [{ NodeId: 'i-01234567', ErrorCode: 'NodeIdNotFound', Message: 'gone' }],
      FailedNodeLogicalIds: [{ NodeLogicalId: 'workers-1', ErrorCode: 'InvalidInstanceStatus', Message: 'busy' }],
    } as never)).toEqual([
      { Node: 'i-01234567', ErrorCode: 'NodeIdNotFound', Message: 'gone' }, { Node: 'workers-1', ErrorCode: 'InvalidInstanceStatus', Message: 'busy' },
    ]);
  });

  test('that leaves things out has empty ones', () => {
    expect(failedNodes({ Failed: [{} as never] })).toEqual([{ Node: '', ErrorCode: '', Message: '' }]);
    expect(failedNodes({})).toEqual([]);
    expect(wholeOutcome({})).toEqual({ Successful: [], Failed: [], SuccessfulNodeLogicalIds: [], FailedNodeLogicalIds: [] });
  });

  test('that has everything keeps it', () => {
    const whole = { Successful: ['a'], Failed: [{ NodeId: 'b' }], SuccessfulNodeLogicalIds: ['c'], FailedNodeLogicalIds: [{ NodeLogicalId: 'd' }] };
    expect(wholeOutcome({ ...whole, $metadata: {} } as never)).toEqual(whole);
  });
});

test.each([['InstanceIdInUse', true], ['InvalidInstanceStatus', true], ['InternalServerError', true], ['NodeIdNotFound', false], ['', false]])(
  'a node refused with %s may work later: %s', (code, later) => expect(mayWorkLater(code)).toBe(later));

describe('whether nothing has happened', () => {
  const failure = (name: string, httpStatusCode: number) => (
    Object.assign(new Error('why'), { name, $metadata: { ...httpStatusCode > 0 && { httpStatusCode } } }));

  test.each([['AccessDenied', 0], ['ResourceNotFound', 0], ['ValidationException', 0], ['Strange', 400], ['Strange', 499]])('yes after %s %i', (code, status) => {
    expect(isRefusal(failure(code, status))).toBe(true);
  });

  test.each([['Strange', 0], ['Strange', 399], ['Strange', 500], ['TimeoutError', 0]])('nobody knows after %s %i', (code, status) => {
    expect(isRefusal(failure(code, status))).toBe(false);
  });

  test('nobody knows after an error of ours', () => {
    expect(isRefusal(new HandlerError('Timeout', 'no answer'))).toBe(false);
  });
});

describe('a cluster', () => {
  test.each([['Continuous', true], ['Batch', false], [undefined, false]])('of %s provisioning has logical ids: %s', (mode, has) => {
    expect(hasLogicalIds(cluster({ NodeProvisioningMode: mode }))).toBe(has);
  });

  test('has groups, restricted or not', () => {
    const mixed = cluster({ InstanceGroups: [{ InstanceGroupName: 'a' }], RestrictedInstanceGroups: [{ InstanceGroupName: 'b' }] });
    expect(['a', 'b', 'c'].map(name => groupOf(mixed, name)?.InstanceGroupName)).toEqual(['a', 'b', undefined]);
    expect(groupOf(cluster(), 'a')).toBeUndefined();
  });

  test('has controllers where it says so, and where it has a group that is named so', () => {
    const controller = { InstanceGroupName: 'head', SlurmConfig: { NodeType: 'Controller' } };
    const others = [{ InstanceGroupName: 'workers', SlurmConfig: { NodeType: 'Compute' } }, { InstanceGroupName: 'plain' }, { SlurmConfig: { NodeType: 'Controller' } }];
    expect([...controllerGroups(cluster({ InstanceGroups: [controller, ...others] }), ['plain', 'gone'])]).toEqual(['head', '', 'plain']);
    expect([...controllerGroups(cluster(), ['head'])]).toEqual([]);
  });

  test.each([['Pending', true], ['ShuttingDown', true], ['SystemUpdating', true], ['DeepHealthCheckInProgress', true], ['Running', false], ['', false], [undefined, false]])(
    'whose node is %s is busy with it: %s', (status, busy) => expect(isBusy(status)).toBe(busy));
});

describe('what an action needs', () => {
  const patched = [{ LastSoftwareUpdateTime: undefined }, { LastSoftwareUpdateTime: new Date(0) }];
  const unpatched = [{ LastSoftwareUpdateTime: undefined }];

  test('is a cluster in service', () => {
    expect(clusterObstacle('Reboot', cluster(), [], false)).toBeUndefined();
    expect(clusterObstacle('Reboot', cluster({ ClusterStatus: 'Updating' }), patched, false))
      .toEqual({ reason: 'ClusterNotInService', message: 'the cluster is Updating; nodes are repaired while it is InService' });
  });

  test('is, for a replacement, a cluster that was patched once, where that is asked for', () => {
    expect(clusterObstacle('Replace', cluster(), unpatched, true)).toEqual({
      reason: 'NeverPatched',
      message: 'no node says that its software was ever updated; replacing needs a cluster that UpdateClusterSoftware has patched once',
    });
    expect(clusterObstacle('Replace', cluster(), patched, true)).toBeUndefined();
    expect(clusterObstacle('Replace', cluster(), unpatched, false)).toBeUndefined();
    expect(clusterObstacle('Reboot', cluster(), unpatched, true)).toBeUndefined();
  });

  test('is a group without the Slurm controller, which somebody has to say', () => {
    expect(groupObstacle(slurm(), 'head', ['head'])).toEqual({ reason: 'SlurmController', message: 'group head holds the Slurm controller' });
    expect(groupObstacle(slurm(), 'workers', ['head'])).toBeUndefined();
    expect(groupObstacle(slurm(), 'workers', [])).toEqual({
      reason: 'SlurmControllerUnknown',
      message: 'the cluster runs Slurm and does not say which group holds the controller; name it in `controllerGroups`',
    });
    expect(groupObstacle(slurm({ Orchestrator: {} }), 'head', ['head'])).toBeDefined();
  });

  test('is nothing of that on EKS', () => {
    expect(groupObstacle(slurm({ Orchestrator: { Eks: { ClusterArn: 'arn' } } }), 'head', ['head'])).toBeUndefined();
  });
});
