import { App, Duration, Stack } from 'aws-cdk-lib';
import { definitionOf, settle, start, type Run } from './interpreter';
import { NodeRig, PLACE } from './node-rig';
import { Cluster, FaultAction, NodeRemediation, RemediationMode, type NodeRemediationProps } from '../../src/hyperpod';
import type { Notice } from '../../src/private/contracts/node-operations';
import type { ClusterSeed, PodCluster, PodNode } from '../aws/hyperpod-nodes';

const CLUSTER_ID = 'a1b2c3d4e5f6';
const ARN = `arn:aws:sagemaker:us-east-1:111122223333:cluster/${CLUSTER_ID}`;
const START = Date.parse('2026-06-01T12:00:00Z'); // a Monday
const MINUTE = 60_000;

let rig: NodeRig;
let notices: Notice[];
let executions: number;

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true); // what handlers log
  rig = new NodeRig();
  notices = [];
  executions = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

function pod(seed: Partial<ClusterSeed> = {}, nodes = 4): PodCluster {
  const cluster = rig.sagemaker.hyperpod.put({
    ClusterName: 'pod',
    ClusterId: CLUSTER_ID,
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: { Eks: { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/eks' } },
    InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: nodes }],
    ...seed,
  }, PLACE);
  cluster.nodes.forEach(node => { node.LastSoftwareUpdateTime = START / 1000 - 86_400; });
  return cluster;
}

function workflow(props: Partial<NodeRemediationProps> = {}): Record<string, any> {
  const stack = new Stack(new App(), 'Stack', { env: PLACE });
  new NodeRemediation(stack, 'Remediation', { cluster: Cluster.fromClusterArn(stack, 'Pod', ARN), mode: RemediationMode.REPAIR, ...props });
  return definitionOf(stack);
}

let eventIds = 0;
function fault(node: PodNode | string, type = 'NvidiaErrorReboot', more: { at?: number; id?: string; repairAction?: string } = {}) {
  const at = more.at ?? Date.now();
  return {
    'id': more.id ?? `event-${++eventIds}`,
    'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
    'source': 'aws.sagemaker',
    'time': new Date(at).toISOString(),
    'resources': [ARN],
    'detail': {
      ClusterName: 'pod',
      ClusterArn: ARN,
      InstanceId: typeof node === 'string' ? node : node.InstanceId,
      HealthSummary: {
        HealthStatus: 'Unhealthy',
        HealthStatusReason: `HyperPod Health Monitoring Agent (HMA) has detected fault type ${type} on this node and is unhealthy.`,
        RepairAction: more.repairAction ?? 'None',
        Recommendation: '',
      },
    },
  };
}

function remediate(definition: object, event: unknown): Run {
  return start(definition, `execution-${++executions}`, event, {
    'Take step': rig.invoke,
    'Put notice': (input: { Entries: { Detail: Notice }[] }) => { notices.push(input.Entries[0].Detail); },
  });
}

/** What was begun, in short: `Reboot workers-1`. */
const begun = () => rig.sagemaker.nodeWrites.taken.map(({ action, logicalId, instanceId }) => `${action} ${logicalId ?? instanceId}`);
const told = () => notices.map(({ Kind, Reason }) => `${Kind} ${Reason}`);
const outcomes = (results: PromiseSettledResult<any>[]) => results.map(each => (each.status === 'fulfilled' ? each.value.Outcome : String(each.reason)));

/** No instance is ever touched twice in one way, and no node replaced more often than it had faults. */
function expectNoDoubles(): void {
  const { taken } = rig.sagemaker.nodeWrites;
  const keys = taken.map(({ action, instanceId }) => `${action} ${instanceId}`);
  expect(new Set(keys).size).toBe(keys.length);
}

test('reboots a node, and says so when it runs again', async () => {
  const [node] = pod().nodes;
  const results = await settle([remediate(workflow(), fault(node))]);
  expect(outcomes(results)).toEqual(['Repaired']);
  expect(begun()).toEqual(['Reboot workers-1']);
  expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted']);
  expect(rig.calls.find(({ operation }) => operation === 'BatchRebootClusterNodes')!.input).toEqual({ ClusterName: ARN, NodeIds: [node.InstanceId] });
});

test('replaces a node whose fault asks for it, and follows its logical id', async () => {
  const [, node] = pod().nodes;
  const old = node.InstanceId;
  const results = await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate'))]);
  expect(outcomes(results)).toEqual(['Repaired']);
  expect(begun()).toEqual(['Replace workers-2']);
  expect(node.InstanceId).not.toBe(old);
  expect(told()).toEqual(['Started Replace', 'Repaired Replaced']);
  expect(Date.now() - START).toBeLessThan(40 * MINUTE);
});

test('touches nothing by default, and tells what it would do', async () => {
  const [node] = pod().nodes;
  const results = await settle([remediate(workflow({ mode: undefined }), fault(node, 'NvidiaErrorTerminate'))]);
  expect(outcomes(results)).toEqual(['DryRun']);
  expect(begun()).toEqual([]);
  expect(told()).toEqual(['DryRun WouldReplace']);
});

test('a flapping node is rebooted, replaced, and then left to people, who are told once', async () => {
  const cluster = pod();
  const definition = workflow();
  const [node] = cluster.nodes;
  await settle([remediate(definition, fault(node))]);
  jest.setSystemTime(Date.now() + 30 * MINUTE);
  await settle([remediate(definition, fault(node))]);
  jest.setSystemTime(Date.now() + 30 * MINUTE);
  await settle([remediate(definition, fault(node))]);
  jest.setSystemTime(Date.now() + 30 * MINUTE);
  const last = await settle([remediate(definition, fault(node))]);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
  expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted', 'Started Replace', 'Repaired Replaced', 'Escalated RecursAfterReplacement']);
  expect(outcomes(last)).toEqual(['Merged']);
  expectNoDoubles();
});

test('a node that fails again after its reboot is replaced within the same incident', async () => {
  const [node] = pod().nodes;
  rig.sagemaker.nodeWrites.failAfterReboot.add(node.NodeLogicalId!);
  await settle([remediate(workflow(), fault(node))]);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
  expect(told()).toEqual(['Started Reboot', 'Started Replace', 'Repaired Replaced']);
});

test('a fault that comes back while the rebooted node is watched asks for a replacement', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  const first = remediate(definition, fault(node));
  await settle([first], START + 6 * MINUTE);
  const second = remediate(definition, fault(node, 'NvidiaErrorReboot', { at: START + 6 * MINUTE }));
  expect(outcomes(await settle([first, second]))).toEqual(['Repaired', 'Merged']);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
});

test('a rebooted node that runs is not replaced for being looked at late', async () => {
  const [node] = pod().nodes;
  await settle([remediate(workflow({ pollInterval: Duration.minutes(5), rebootTimeout: Duration.minutes(5) }), fault(node))]);
  expect(begun()).toEqual(['Reboot workers-1']);
  expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted']);
});

test('a fault between the last look and the end of a reboot is a new one, though its event comes late', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  await settle([remediate(definition, fault(node))]);
  const during = fault(node, 'NvidiaErrorReboot', { at: Date.now() - 30_000 });
  expect(outcomes(await settle([remediate(definition, during)]))).toEqual(['Repaired']);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
});

test('a fault that comes in while a repair is being ended is part of it, and not lost', async () => {
  const [node] = pod().nodes;
  const id = `node/${node.NodeLogicalId}`;
  let others = 0;
  rig.beforeWrite = key => {
    const item = rig.items.get(key);
    if (key !== id || !item || others > 0 || Date.now() < START + 10 * MINUTE) { return; }
    others++; // another execution has merged its event
    rig.items.set(id, { version: item.version + 1, json: JSON.stringify({ ...JSON.parse(item.json), lastFaultAt: Date.now() - 1 }) });
  };
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Repaired']);
  expect(others).toBe(1);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
});

describe('of two events about one fault, the one that says more counts, whichever comes first', () => {
  /** As the cluster's events tell it: without what HyperPod does about it, and with or without the type of the fault. */
  const vague = (node: PodNode, type = 'NvidiaErrorReboot') => {
    const event: any = fault(node, type);
    delete event.detail.HealthSummary.RepairAction;
    return event;
  };

  test('what HyperPod does about it', async () => {
    const [node] = pod({ NodeRecovery: 'Automatic' }).nodes;
    const definition = workflow();
    const [first, pair] = [vague(node), fault(node)];
    expect(outcomes(await settle([remediate(definition, first)]))).toEqual(['Refused']);
    expect(outcomes(await settle([remediate(definition, pair)]))).toEqual(['Repaired']);
    expect(told()).toEqual(['Refused HyperPodRecovers', 'Started Reboot', 'Repaired Rebooted']);
    expect(outcomes(await settle([first, pair].map(event => remediate(definition, event))))).toEqual(['Merged', 'Merged']);
  });

  test('at the same moment', async () => {
    const [node] = pod({ NodeRecovery: 'Automatic' }).nodes;
    const definition = workflow();
    expect(outcomes(await settle([remediate(definition, vague(node)), remediate(definition, fault(node))]))).toContain('Repaired');
    expect(begun()).toEqual(['Reboot workers-1']);
  });

  test('while the vaguer one is being refused', async () => {
    const [node] = pod({ NodeRecovery: 'Automatic' }).nodes;
    const id = `node/${node.NodeLogicalId}`;
    let others = 0;
    rig.beforeWrite = key => {
      const item = rig.items.get(key);
      if (key !== id || !item || others++ > 0) { return; }
      rig.items.set(id, { version: item.version + 1, json: JSON.stringify({ ...JSON.parse(item.json), repairAction: 'None' }) });
    };
    expect(outcomes(await settle([remediate(workflow(), vague(node))]))).toEqual(['Repaired']);
    expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted']);
  });

  test('what HyperPod repairs after all is left to it', async () => {
    const [node] = pod({ NodeRecovery: 'Automatic' }).nodes;
    const definition = workflow();
    await settle([remediate(definition, vague(node))]);
    expect(outcomes(await settle([remediate(definition, fault(node, 'NvidiaErrorReboot', { repairAction: 'Reboot' }))]))).toEqual(['Merged']);
    expect(begun()).toEqual([]);
  });

  test('which fault it is', async () => {
    const [node] = pod().nodes;
    const definition = workflow();
    const events = [vague(node, 'Unheard'), fault(node)];
    expect(outcomes(await settle([remediate(definition, events[0])]))).toEqual(['Escalated']);
    expect(outcomes(await settle([remediate(definition, events[1])]))).toEqual(['Repaired']);
    expect(told()).toEqual(['Escalated NotInTable', 'Started Reboot', 'Repaired Rebooted']);
  });

  test('but what a line of the table leaves to people stays with them', async () => {
    const [node] = pod().nodes;
    const definition = workflow({ faultRules: [{ contains: 'Xid 119', action: FaultAction.ESCALATE }] });
    await settle([remediate(definition, fault(node, 'Xid 119'))]);
    expect(outcomes(await settle([remediate(definition, fault(node))]))).toEqual(['Merged']);
    expect(told()).toEqual(['Escalated LeftToPeople']);
  });
});

test('a node that was rebooted and has another fault that nobody knows is escalated as that', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  await settle([remediate(definition, fault(node))]);
  await settle([remediate(definition, fault(node, 'Unheard'))]);
  expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted', 'Escalated NotInTable']);
});

test('what was only reported is repaired once that is allowed', async () => {
  const [node] = pod().nodes;
  await settle([remediate(workflow({ mode: undefined }), fault(node))]);
  expect(outcomes(await settle([remediate(workflow({ mode: undefined }), fault(node))]))).toEqual(['Merged']);
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Repaired']);
});

test.each([8, 30])('a fault that waits for %i days takes fewer steps than an execution has', async days => {
  const [node] = pod({ ClusterStatus: 'Updating' }).nodes;
  let steps = 0;
  const run = start(workflow({ maxDelay: Duration.days(days), maxFaultAge: Duration.days(days), pollInterval: Duration.minutes(1) }), 'execution', fault(node), {
    'Take step': async (input: any) => {
      steps++;
      return rig.invoke(input);
    },
    'Put notice': (input: { Entries: { Detail: Notice }[] }) => { notices.push(input.Entries[0].Detail); },
  });
  expect(outcomes(await settle([run]))).toEqual(['Refused']);
  expect(Date.now() - START).toBeGreaterThan((days - 0.1) * 24 * 60 * MINUTE);
  expect(steps).toBeGreaterThan(500);
  expect(steps).toBeLessThan(25_000 / 12); // events of a step in the history of an execution
});

test('a replacement that takes days is looked at less often than asked for', async () => {
  const [node] = pod().nodes;
  rig.sagemaker.nodeWrites.replaceSeconds = 6 * 24 * 3600;
  await settle([remediate(workflow({ pollInterval: Duration.minutes(1), replaceTimeout: Duration.days(7) }), fault(node, 'NvidiaErrorTerminate'))]);
  expect(told()).toEqual(['Started Replace', 'Repaired Replaced']);
  expect(rig.count('DescribeCluster')).toBeLessThan(700);
});

test('a table that fails is not taken for a service that does', async () => {
  const [node] = pod().nodes;
  let failures = 0;
  rig.beforeWrite = id => {
    if (id.startsWith('node/') && rig.count('BatchReplaceClusterNodes') === 1 && failures++ === 0) { throw new Error('the table is away'); }
  };
  rig.sagemaker.nodeWrites.refuseNext(node.InstanceId!, 'InstanceIdInUse');
  await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate'))]);
  expect(failures).toBeGreaterThan(0);
  expect(rig.count('BatchReplaceClusterNodes')).toBe(1);
  expect(told()).not.toContain('Started Replace'); // the service has said no
});

test('a call that the service refuses as a whole is not taken for one whose answer was lost', async () => {
  const [node] = pod().nodes;
  rig.faults.next('BatchRebootClusterNodes', { kind: 'error', status: 400, code: 'ConflictException', message: 'not now' });
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Escalated']);
  expect(told()).toEqual(['Escalated ConflictException']);
});

test('a new instance that is broken before its replacement has ended is left to people', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  rig.sagemaker.nodeWrites.replaceSeconds = 22 * 60;
  const first = remediate(definition, fault(node, 'NvidiaErrorTerminate'));
  await settle([first], START + 23 * MINUTE);
  rig.sagemaker.hyperpod.pass(Date.now() / 1000 - rig.sagemaker.hyperpod.now);
  expect(outcomes(await settle([first, remediate(definition, fault(node))]))).toEqual(['Escalated', 'Merged']);
  expect(told()).toEqual(['Started Replace', 'Escalated RecursAfterReplacement']);
});

test('a node that is being replaced already is waited for, and not touched', async () => {
  const [node] = pod().nodes;
  rig.sagemaker.call('BatchReplaceClusterNodes', { ClusterName: ARN, NodeIds: [node.InstanceId] }, PLACE);
  const results = await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate'))]);
  expect(outcomes(results)).toEqual(['Ended']);
  expect(begun()).toEqual(['Replace workers-1']); // the one by hand
  expect(told()).toEqual(['Deferred NodeBusy', 'Ended ReplacedMeanwhile']);
});

test('60 nodes at once: never more than the limit are under repair, and the others have their turn', async () => {
  const { nodes } = pod({}, 60);
  const definition = workflow({ limits: { maxNodesAtOnce: 4, maxNodesPerDay: 40, maxPercentPerDay: 100 } });
  const results = await settle(nodes.map(node => remediate(definition, fault(node))));
  const ends = outcomes(results);
  expect(ends.filter(end => end === 'Repaired')).toHaveLength(40);
  expect(ends.filter(end => end === 'Refused')).toHaveLength(20);
  expectNoDoubles();
  const { taken } = rig.sagemaker.nodeWrites;
  const settled = 10 * MINUTE; // a reboot keeps its place until the node has proved itself
  for (const { at } of taken) {
    expect(taken.filter(other => other.at <= at && at < other.at + settled / 1000).length).toBeLessThanOrEqual(4);
  }
  expect(told().filter(each => each === 'Refused LimitPerDay')).toHaveLength(20);
  expect(told().filter(each => each === 'Deferred LimitAtOnce')).toHaveLength(56);
});

test('a part of a group limits as well, but one node is always allowed', async () => {
  const { nodes } = pod({}, 4);
  const definition = workflow({ limits: { maxNodesAtOnce: 10, maxPercentAtOnce: 10, maxNodesPerDay: 10, maxPercentPerDay: 50 } });
  const results = await settle(nodes.map(node => remediate(definition, fault(node))));
  expect(outcomes(results).sort()).toEqual(['Refused', 'Refused', 'Repaired', 'Repaired']);
});

test('events that come twice, in pairs and out of order are one fault', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  const first = fault(node, 'NvidiaErrorTerminate', { id: 'one' });
  const pair = fault(node, 'NvidiaErrorTerminate', { id: 'two', at: START + 1000 });
  const runs = [remediate(definition, first), remediate(definition, first), remediate(definition, pair)];
  expect(outcomes(await settle(runs)).sort()).toEqual(['Merged', 'Merged', 'Repaired']);
  jest.setSystemTime(Date.now() + 20 * MINUTE);
  // an hour late, about the node as it was before its replacement
  const late = [first, pair, { ...pair, id: 'three', detail: { ...pair.detail, InstanceId: node.InstanceId } }];
  expect(outcomes(await settle(late.map(event => remediate(definition, event))))).toEqual(['NodeGone', 'NodeGone', 'Merged']);
  expect(begun()).toEqual(['Replace workers-1']);
  expect(told()).toEqual(['Started Replace', 'Repaired Replaced']);
});

test('waits while it is throttled, and while the service says that the node is in use', async () => {
  const [node] = pod().nodes;
  rig.faults.next('BatchRebootClusterNodes', { kind: 'throttle' }, { kind: 'throttle' });
  rig.sagemaker.nodeWrites.refuseNext(node.InstanceId!, 'InstanceIdInUse', 'InternalServerError');
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Repaired']);
  expect(begun()).toEqual(['Reboot workers-1']);
  expect(rig.count('BatchRebootClusterNodes')).toBe(5);
});

test('reads that are throttled are tried again by the workflow', async () => {
  const [node] = pod().nodes;
  rig.faults.next('DescribeClusterNode', { kind: 'throttle' }, { kind: 'throttle' }, { kind: 'throttle' });
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Repaired']);
  expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted']);
});

test('never asks again for a node that is not there', async () => {
  const [node] = pod().nodes;
  rig.sagemaker.nodeWrites.refuseNext(node.InstanceId!, 'InstanceIdNotFound');
  expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Ended']);
  expect(rig.count('BatchRebootClusterNodes')).toBe(1);
  expect(told()).toEqual(['Ended NodeGone']);
});

test('a replacement whose answer is lost is not asked for again', async () => {
  const [node] = pod().nodes;
  rig.faults.next('BatchReplaceClusterNodes', { kind: 'reset' });
  expect(outcomes(await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate'))]))).toEqual(['Repaired']);
  expect(rig.count('BatchReplaceClusterNodes')).toBe(1);
});

test('a step whose answer is lost after the service was asked is taken again, and asks nothing again', async () => {
  const [node] = pod().nodes;
  let lost = 0;
  const run = start(workflow(), 'execution', fault(node, 'NvidiaErrorTerminate'), {
    'Take step': async (input: any) => {
      const answer = await rig.invoke(input);
      if (rig.count('BatchReplaceClusterNodes') === 1 && lost++ === 0) { throw Object.assign(new Error('lost'), { name: 'Lambda.ServiceException' }); }
      return answer;
    },
    'Put notice': (input: { Entries: { Detail: Notice }[] }) => { notices.push(input.Entries[0].Detail); },
  });
  expect(outcomes(await settle([run]))).toEqual(['Repaired']);
  expect(lost).toBeGreaterThan(0);
  expect(rig.count('BatchReplaceClusterNodes')).toBe(1);
});

test('a node that never comes back is escalated once', async () => {
  const [node] = pod().nodes;
  const definition = workflow({ limits: { maxNodesAtOnce: 1, maxNodesPerDay: 2, maxPercentPerDay: 100 } });
  rig.sagemaker.nodeWrites.neverReplaced.add(node.NodeLogicalId!);
  const event = fault(node, 'NvidiaErrorTerminate');
  expect(outcomes(await settle([remediate(definition, event)]))).toEqual(['Escalated']);
  expect(Date.now() - START).toBeGreaterThanOrEqual(90 * MINUTE);
  expect(told()).toEqual(['Started Replace', 'Escalated NotReplacedInTime']);
  // another node has to wait until the group is whole again
  const { hyperpod } = rig.sagemaker;
  notices = [];
  hyperpod.pass(Date.now() / 1000 - hyperpod.now);
  hyperpod.later(5 * 3600, () => hyperpod.launch(node));
  expect(outcomes(await settle([remediate(definition, fault(hyperpod.cluster('pod', PLACE).nodes[1]))]))).toEqual(['Repaired']);
  expect(told()).toEqual(['Deferred GroupShort', 'Started Reboot', 'Repaired Rebooted']);
  expect(rig.sagemaker.nodeWrites.taken[1].at - START / 1000).toBeGreaterThan(6 * 3600);
});

test('the cluster is deleted while a node is replaced', async () => {
  const cluster = pod();
  const [node] = cluster.nodes;
  const run = remediate(workflow(), fault(node, 'NvidiaErrorTerminate'));
  await settle([run], START + 10 * MINUTE);
  rig.sagemaker.hyperpod.remove(cluster);
  expect(outcomes(await settle([run]))).toEqual(['Ended']);
  expect(told()).toEqual(['Started Replace', 'Ended ClusterGone']);
});

test('a cluster that is being updated is waited for', async () => {
  const cluster = pod({ ClusterStatus: 'Updating' });
  rig.sagemaker.hyperpod.later(1800, () => { cluster.ClusterStatus = 'InService'; });
  expect(outcomes(await settle([remediate(workflow(), fault(cluster.nodes[0]))]))).toEqual(['Repaired']);
  expect(told()).toEqual(['Deferred ClusterNotInService', 'Started Reboot', 'Repaired Rebooted']);
});

test('on clusters without logical ids the group has to be whole again', async () => {
  const cluster = pod({ NodeProvisioningMode: undefined });
  const [node] = cluster.nodes;
  const old = node.InstanceId!;
  expect(outcomes(await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate'))]))).toEqual(['Repaired']);
  expect(begun()).toEqual([`Replace ${old}`]);
  expect(cluster.nodes.map(({ InstanceId }) => InstanceId)).not.toContain(old);
});

describe('on clusters without logical ids, a node that breaks after a replacement in its group', () => {
  const bad = (node: PodNode | string) => fault(node, 'NvidiaErrorTerminate');
  /** A cluster of which one node was replaced, and the instance that came. */
  async function replaced(props: Partial<NodeRemediationProps> = {}) {
    const cluster = pod({ NodeProvisioningMode: undefined });
    const before = cluster.nodes.map(({ InstanceId }) => InstanceId);
    const definition = workflow({ limits: { maxPercentPerDay: 100 }, ...props });
    jest.advanceTimersByTime(MINUTE);
    await settle([remediate(definition, bad(cluster.nodes[0]))]);
    const [young] = cluster.nodes.filter(({ InstanceId }) => !before.includes(InstanceId));
    notices = [];
    return { cluster, definition, young };
  }

  test('is left to people, since it may be what came', async () => {
    const { definition, young } = await replaced();
    expect(outcomes(await settle([remediate(definition, bad(young))]))).toEqual(['Escalated']);
    expect(told()).toEqual(['Escalated RecursAfterReplacement']);
    expect(begun()).toHaveLength(1);
  });

  test('is repaired where it was there before', async () => {
    const { cluster, definition } = await replaced();
    expect(outcomes(await settle([remediate(definition, bad(cluster.nodes[0]))]))).toEqual(['Repaired']);
    expect(begun()).toHaveLength(2);
  });

  test('is repaired once the recurrence window has passed', async () => {
    const { definition, young } = await replaced({ recurrenceWindow: Duration.hours(2) });
    jest.advanceTimersByTime(121 * MINUTE);
    expect(outcomes(await settle([remediate(definition, bad(young))]))).toEqual(['Repaired']);
  });

  test('is rebooted, and no more, where nothing was replaced', async () => {
    const cluster = pod({ NodeProvisioningMode: undefined });
    const definition = workflow({ limits: { maxPercentPerDay: 100 } });
    await settle([remediate(definition, fault(cluster.nodes[0]))]);
    rig.sagemaker.hyperpod.launch(rig.sagemaker.hyperpod.addNode(cluster, { InstanceGroupName: 'workers' }));
    expect(outcomes(await settle([remediate(definition, fault(cluster.nodes.at(-1)!))]))).toEqual(['Repaired']);
    expect(begun().map(each => each.split(' ')[0])).toEqual(['Reboot', 'Reboot']);
  });
});

describe('leaves alone', () => {
  test.each([
    ['what HyperPod replaces by itself', { NodeRecovery: 'Automatic' }, { repairAction: 'Replace' }, 'Refused HyperPodRecovers'],
    ['a Slurm controller', {
      Orchestrator: { Slurm: {} },
      InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: 1, SlurmConfig: { NodeType: 'Controller' } }],
    }, {}, 'Refused SlurmController'],
    ['a Slurm cluster that does not say where its controller is', { Orchestrator: undefined }, {}, 'Refused SlurmControllerUnknown'],
  ])('%s', async (_, seed, event, notice) => {
    const [node] = pod(seed as Partial<ClusterSeed>).nodes;
    expect(outcomes(await settle([remediate(workflow(), fault(node, 'NvidiaErrorTerminate', event))]))).toEqual(['Refused']);
    expect(told()).toEqual([notice]);
    expect(begun()).toEqual([]);
  });

  test('a cluster that was never patched, as far as replacing goes', async () => {
    const cluster = pod();
    cluster.nodes.forEach(node => { node.LastSoftwareUpdateTime = undefined; });
    expect(outcomes(await settle([remediate(workflow(), fault(cluster.nodes[0], 'NvidiaErrorTerminate'))]))).toEqual(['Refused']);
    expect(told()).toEqual(['Refused NeverPatched']);
    expect(outcomes(await settle([remediate(workflow(), fault(cluster.nodes[1]))]))).toEqual(['Repaired']);
  });

  test('a fault of a program, and tells so', async () => {
    const [node] = pod().nodes;
    await settle([remediate(workflow(), fault(node, 'XidUserAppError'))]);
    expect(told()).toEqual(['Left NoRepairNeeded']);
  });

  test('a fault that the table does not know, and asks people', async () => {
    const [node] = pod().nodes;
    await settle([remediate(workflow(), fault(node, 'Unheard'))]);
    expect(told()).toEqual(['Escalated NotInTable']);
  });
});

test('acts where HyperPod announces that it does not', async () => {
  const [node] = pod({ NodeRecovery: 'Automatic' }).nodes;
  expect(outcomes(await settle([remediate(workflow(), fault(node, 'NvidiaErrorReboot', { repairAction: 'None' }))]))).toEqual(['Repaired']);
});

test('a fault outside of the maintenance window waits until it opens', async () => {
  const [node] = pod().nodes;
  const definition = workflow({ maintenanceWindows: [{ start: '02:00', duration: Duration.hours(2), days: [2] }] });
  expect(outcomes(await settle([remediate(definition, fault(node))]))).toEqual(['Repaired']);
  expect(told()[0]).toBe('Deferred OutsideWindow');
  expect(rig.sagemaker.nodeWrites.taken[0].at * 1000).toBe(Date.parse('2026-06-02T02:00:00Z'));
});

test('a fault that waits for a weekly window is repaired in it', async () => {
  const [node] = pod().nodes;
  const definition = workflow({ maintenanceWindows: [{ start: '02:00', duration: Duration.hours(6), days: [0] }] });
  expect(outcomes(await settle([remediate(definition, fault(node, 'NvidiaErrorTerminate'))]))).toEqual(['Repaired']);
  expect(begun()).toEqual(['Replace workers-1']);
  expect(rig.sagemaker.nodeWrites.taken[0].at * 1000).toBe(Date.parse('2026-06-07T02:00:00Z'));
});

test('an execution that died is taken over when its lease has ended', async () => {
  const [node] = pod().nodes;
  const definition = workflow();
  await settle([remediate(definition, fault(node))], START + 1);
  jest.clearAllTimers(); // nothing of it goes on
  jest.setSystemTime(START + 3 * 60 * MINUTE);
  expect(outcomes(await settle([remediate(definition, fault(node))]))).toEqual(['Repaired']);
  expect(begun()).toEqual(['Reboot workers-1', 'Replace workers-1']);
});

test('a write that somebody else was faster with is made again on what he wrote', async () => {
  const { nodes } = pod({}, 20);
  let others = 0;
  rig.beforeWrite = id => {
    const item = rig.items.get(id);
    if (item && others < 5 && id.startsWith('group/')) {
      others++;
      rig.items.set(id, { ...item, version: item.version + 1 });
    }
  };
  const definition = workflow({ limits: { maxNodesAtOnce: 2, maxPercentAtOnce: 100, maxNodesPerDay: 20, maxPercentPerDay: 100 } });
  expect(new Set(outcomes(await settle(nodes.slice(0, 6).map(node => remediate(definition, fault(node))))))).toEqual(new Set(['Repaired']));
  expect(others).toBe(5);
});

describe('a step that fails for good', () => {
  test('is told, and the execution fails', async () => {
    const [node] = pod().nodes;
    rig.faults.next('DescribeCluster', ...Array.from({ length: 20 }, () => ({ kind: 'error', status: 500, code: 'InternalFailure' }) as const));
    const event = fault(node, 'NvidiaErrorTerminate', { id: 'event-lost' });
    const [result] = await settle([remediate(workflow(), event)]);
    expect(result).toMatchObject({ status: 'rejected', reason: { cause: { name: 'StepFailed' } } });
    expect(rig.count('DescribeCluster')).toBe(9); // it was patient first
    expect(notices).toEqual([{
      Kind: 'Escalated',
      Reason: 'StepFailed',
      Message: expect.stringMatching(/^the remediation failed with InternalFailure, and looks after the fault of event event-lost no longer; see the execution execution-\d+$/),
      ClusterName: ARN,
      InstanceGroupName: '',
      InstanceId: '',
      NodeLogicalId: '',
      Action: 'Escalate',
      Fault: 'event-lost',
    }]);
    expect(begun()).toEqual([]);
  });

  test('but works at its last try is told by nobody', async () => {
    const [node] = pod().nodes;
    rig.faults.next('DescribeCluster', ...Array.from({ length: 8 }, () => ({ kind: 'error', status: 500, code: 'InternalFailure' }) as const));
    expect(outcomes(await settle([remediate(workflow(), fault(node))]))).toEqual(['Repaired']);
    expect(told()).toEqual(['Started Reboot', 'Repaired Rebooted']);
  });
});
