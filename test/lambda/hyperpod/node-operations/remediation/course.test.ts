import type { BatchOutcome, ClusterDescription, NodeDetails, NodeName, NodeNames, NodeService, NodeSummary } from '../../../../../lambda/clients/hyperpod-nodes';
import type { StateStore } from '../../../../../lambda/clients/state-table';
import type { Ledger } from '../../../../../lambda/hyperpod/node-operations/guards';
import { Remediation } from '../../../../../lambda/hyperpod/node-operations/remediation/course';
import type { Incident } from '../../../../../lambda/hyperpod/node-operations/state';
import type { Notice, RemediationPolicy, RemediationStepAnswer } from '../../../../../src/private/contracts/node-operations';
import { POLICY } from '../policy';

const START = Date.parse('2026-06-01T12:00:00Z'); // a Monday
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { signal } = new AbortController();

let now: number;
let cluster: Record<string, unknown> | undefined;
let nodes: NodeDetails[];
let items: Map<string, { version: number; json: string }>;
let calls: { readonly operation: string; readonly input?: unknown }[];
/** What a change of a node comes to. */
let outcome: () => BatchOutcome;
/** Called before each call and each write: it may throw, or change the world. */
let before: (operation: string, input?: unknown) => void;

async function ask<T>(operation: string, name: string, given: AbortSignal, input: unknown, answer: () => T): Promise<T> {
  expect([name, given]).toEqual(['pod', signal]);
  calls.push({ operation, input });
  before(operation, input);
  return answer();
}
function missing(): never {
  throw failure('ResourceNotFound', 400);
}
const byName = (name: Partial<Record<'NodeId' | 'NodeLogicalId', string>>) => nodes.find(({ InstanceId, NodeLogicalId }) => (
  name.NodeId === undefined ? NodeLogicalId === name.NodeLogicalId : InstanceId === name.NodeId));

const service: NodeService = {
  describeCluster: async (name, given) => ask('cluster', name, given, undefined, () => cluster as unknown as ClusterDescription ?? missing()),
  describeNode: async (name, node: NodeName, given) => ask('node', name, given, node, () => byName(node) ?? missing()),
  listNodes: async (name, filter, given) => ask('list', name, given, filter, () => nodes as NodeSummary[]),
  describeEvent: async (name, id, given) => ask('event', name, given, id, () => (
    { Instance: { NodeHealthInfo: { HealthStatusReason: 'Xid 79, Please Reboot' } } }) as never),
  rebootNodes: async (name, names: NodeNames, given) => ask('reboot', name, given, names, () => outcome()),
  replaceNodes: async (name, names: NodeNames, given) => ask('replace', name, given, names, () => outcome()),
};
const store: StateStore = {
  read: async id => items.get(id),
  write: async (id, version, json) => {
    before(`write ${id}`);
    if ((items.get(id)?.version ?? 0) !== version) { return false; }
    items.set(id, { version: version + 1, json });
    return true;
  },
};

const failure = (name: string, httpStatusCode?: number) => Object.assign(new Error(`it says ${name}`), { name, $metadata: { httpStatusCode } });
const instance = (number: number) => `i-${number.toString(16).padStart(17, '0')}`;
const status = (Status: string) => ({ Status }) as NodeDetails['InstanceStatus'];
const groups = (changes: object = {}) => [{ InstanceGroupName: 'workers', CurrentCount: 4, TargetCount: 4, ...changes }];
const node = (number: number, changes: Partial<NodeDetails> = {}): NodeDetails => ({
  InstanceGroupName: 'workers',
  InstanceId: instance(number),
  NodeLogicalId: `workers-${number}`,
  InstanceStatus: status('Running'),
  LaunchTime: new Date(START - DAY),
  ...changes,
});

beforeEach(() => {
  now = START;
  cluster = {
    ClusterStatus: 'InService',
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: { Eks: { ClusterArn: 'arn:eks' } },
    InstanceGroups: groups(),
  };
  nodes = [1, 2, 3, 4].map(number => node(number));
  [items, calls, outcome, before] = [new Map(), [], () => ({}), () => undefined];
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => jest.restoreAllMocks());

/** Takes all logical ids away. */
function withoutLogicalIds(): void {
  cluster = { ...cluster, NodeProvisioningMode: undefined };
  nodes = nodes.map(each => ({ ...each, NodeLogicalId: undefined }));
}

const item = (id: string) => JSON.parse(items.get(id)!.json) as Incident & Ledger;
const change = (id: string, fields: object) => (
  items.set(id, { version: items.get(id)!.version + 1, json: JSON.stringify({ ...item(id), ...fields }) }));
const acts = () => calls.filter(({ operation }) => ['reboot', 'replace'].includes(operation)).map(({ operation }) => operation);
const operations = () => calls.map(({ operation }) => operation);

let eventIds = 0;
interface Said {
  readonly id?: string;
  readonly at?: number;
  readonly repairAction?: string;
  readonly instance?: string;
  readonly recommendation?: string;
}
/** An event about the first node. */
function fault(type = 'NvidiaErrorReboot', said: Said = {}) {
  return {
    'id': said.id ?? `event-${++eventIds}`,
    'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
    'time': new Date(said.at ?? now).toISOString(),
    'detail': {
      InstanceId: said.instance ?? instance(1),
      HealthSummary: {
        HealthStatus: 'Unhealthy', HealthStatusReason: `fault type ${type}`, RepairAction: said.repairAction, Recommendation: said.recommendation ?? '',
      },
    },
  };
}

/** An event about it whose details came empty. */
const incomplete = (Description: string) => ({
  'detail-type': 'SageMaker HyperPod Cluster Event',
  'detail': { EventDetails: { EventId: 'own', EventTime: now, InstanceId: instance(1), EventLevel: 'Error', Description } },
});

/** An execution, which takes step after step. */
class Execution {
  public answer?: RemediationStepAnswer;
  public readonly notices: Notice[] = [];

  public constructor(
    private readonly event: unknown, private readonly policy: Partial<RemediationPolicy> = {}, private readonly name = `execution-${++executions}`,
  ) {}

  /** Takes a step some time after the last. */
  public async step(after = 0): Promise<RemediationStepAnswer> {
    now += after;
    const request = {
      Operation: 'RemediationStep' as const,
      ClusterName: 'pod',
      Policy: { ...POLICY, ...this.policy },
      Execution: this.name,
      Event: this.event,
      Memo: this.answer?.Memo ?? {},
    };
    const answer = await new Remediation(service, store, request, () => now, signal).step();
    if (answer.Notice) { this.notices.push(answer.Notice); }
    expect(answer.HasNotice).toBe(answer.Notice !== undefined);
    return this.answer = JSON.parse(JSON.stringify(answer)) as RemediationStepAnswer;
  }

  /** Sees two minutes after the last step that the first node is being rebooted, which runs again then. */
  public async goesDown(): Promise<void> {
    nodes[0] = { ...nodes[0], InstanceStatus: status('Pending') };
    await this.step(2 * MINUTE);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Running') };
  }

  /** Takes all steps, when they want to be taken. */
  public async run(): Promise<string> {
    let answer = await this.step();
    for (let steps = 0; !answer.Done; steps++) {
      if (steps > 3000) { throw new Error('this would never end'); }
      answer = await this.step(answer.WaitSeconds * 1000);
    }
    return answer.Outcome;
  }

  public get told(): string[] {
    return this.notices.map(({ Kind, Reason }) => `${Kind} ${Reason}`);
  }
}
let executions = 0;

/** The answer to an event whose first step is its last, in short. */
async function ends(event: unknown, policy: Partial<RemediationPolicy> = {}): Promise<string> {
  const execution = new Execution(event, policy);
  const answer = await execution.step();
  expect(answer).toMatchObject({ Done: true, WaitSeconds: 0, Memo: {} });
  return [answer.Outcome, ...execution.told].join(', ');
}

describe('an event', () => {
  test('about a node opens an incident, and the node is repaired', async () => {
    const execution = new Execution(fault('NvidiaErrorReboot', { id: 'e', repairAction: 'None', recommendation: 'call us' }), {}, 'mine');
    expect(await execution.step()).toEqual({
      Done: false,
      WaitSeconds: 60,
      Memo: { id: 'node/workers-1' },
      Outcome: '',
      HasNotice: true,
      Notice: {
        Kind: 'Started',
        Reason: 'Reboot',
        Message: `${instance(1)} of group workers: the node is being rebooted`,
        ClusterName: 'pod',
        InstanceGroupName: 'workers',
        InstanceId: instance(1),
        NodeLogicalId: 'workers-1',
        Action: 'Reboot',
        Fault: 'fault type NvidiaErrorReboot call us',
      },
    });
    expect(calls.at(-1)).toEqual({ operation: 'reboot', input: { NodeIds: [instance(1)], NodeLogicalIds: [] } });
    expect(item('node/workers-1')).toEqual({
      open: true,
      owner: 'mine',
      leaseUntil: START + 61 * MINUTE,
      instanceId: instance(1),
      logicalId: 'workers-1',
      group: 'workers',
      reason: 'fault type NvidiaErrorReboot call us',
      repairAction: 'None',
      eventIds: ['e'],
      openedAt: START,
      lastFaultAt: START,
      want: 'Reboot',
      gravest: 'Reboot',
      doing: { action: 'Reboot', at: START, nonce: expect.any(String), instanceId: instance(1), counted: true },
      tries: 0,
      deferred: [],
      closedAt: 0,
      quietUntil: 0,
      outcome: '',
    });
    expect(item('group/workers')).toEqual({
      active: { 'workers-1': START + 61 * MINUTE }, down: { 'workers-1': instance(1) }, replacing: {}, day: '2026-06-01', today: ['workers-1'],
    });
  });

  test('about a node without a logical id is about its instance', async () => {
    withoutLogicalIds();
    expect(await new Execution(fault()).step()).toMatchObject({ Memo: { id: `node/${instance(1)}` }, Notice: { NodeLogicalId: '' } });
    expect(item(`node/${instance(1)}`)).toMatchObject({ logicalId: '', instanceId: instance(1) });
    expect(item('group/workers').active).toEqual({ [instance(1)]: expect.any(Number) });
  });

  test('about a node whose group nobody tells is about a node of none', async () => {
    withoutLogicalIds();
    nodes[0] = node(1, { InstanceGroupName: undefined, NodeLogicalId: undefined, LaunchTime: new Date(START) });
    items.set('group/', { version: 1, json: JSON.stringify({ active: {}, day: '', today: [], replaced: [START - HOUR] }) });
    const execution = new Execution(fault());
    await execution.step();
    expect(execution.notices).toMatchObject([{ Kind: 'Escalated', Reason: 'RecursAfterReplacement', InstanceGroupName: '' }]);
  });

  test('that tells no fault is none', async () => {
    expect(await ends({ ...fault(), detail: {} })).toBe('NoFault');
    expect([calls, [...items]]).toEqual([[], []]);
  });

  test('whose details came empty is completed by the service', async () => {
    expect((await new Execution(incomplete('unhealthy')).step()).Notice).toMatchObject({ Kind: 'Started', Fault: 'unhealthy: Xid 79, Please Reboot' });
    expect(calls[0]).toEqual({ operation: 'event', input: 'own' });
  });

  test.each(['ValidationException', 'ResourceNotFound'])('which the service can not complete is taken as it is: %s', async name => {
    before = operation => { if (operation === 'event') { throw failure(name, 400); } };
    expect(await ends(incomplete('slow'))).toBe('NoFault');
  });

  test('about a cluster or a node that has gone is of no use', async () => {
    expect(await ends(fault('NvidiaErrorReboot', { instance: instance(9) }))).toBe('NodeGone');
    calls = [];
    cluster = { ...cluster, ClusterStatus: 'Deleting' };
    expect(await ends(fault())).toBe('ClusterGone');
    cluster = undefined;
    expect(await ends(fault())).toBe('ClusterGone');
    expect([operations(), [...items]]).toEqual([['cluster', 'cluster'], []]);
  });

  test('is not understood where the service does not answer', async () => {
    const refused = failure('AccessDeniedException', 403);
    before = operation => { if (operation === 'node') { throw refused; } };
    await expect(new Execution(fault()).step()).rejects.toBe(refused);
  });

  test.each<[string, string, Partial<RemediationPolicy>, string, string]>([
    ['that needs no repair', 'XidUserAppError', {}, 'Left NoRepairNeeded', 'such a fault needs no repair of the node'],
    ['that nobody knows', 'Unheard', {}, 'Escalated NotInTable', 'the decision table has no line for such a fault'],
    ['for people', 'Odd', { Rules: [{ Contains: 'odd', Decision: 'Escalate' }] }, 'Escalated LeftToPeople', 'the decision table leaves such a fault to people'],
  ])('of a fault %s touches nothing', async (_what, type, policy, told, message) => {
    const execution = new Execution(fault(type), policy);
    expect((await execution.step()).Outcome).toBe(told.split(' ')[0]);
    expect(execution.told).toEqual([told]);
    expect(execution.notices[0].Message).toBe(`${instance(1)} of group workers: ${message}`);
    expect(acts()).toEqual([]);
    expect(item('node/workers-1')).toMatchObject({ open: false, closedAt: START, quietUntil: START + DAY, outcome: told.split(' ')[0] });
    now += 1;
    expect(await ends(fault(type), policy)).toBe('Merged');
    now = START + DAY;
    expect(await ends(fault(type), policy)).toContain(told);
  });

  test('of many words is cut', async () => {
    const execution = new Execution(fault(`NvidiaErrorReboot ${'x'.repeat(600)}`));
    await execution.step();
    expect(execution.notices[0].Fault).toHaveLength(500);
  });
});

describe('the failure of a cluster', () => {
  const failed = (message?: string, at = now) => ({
    'detail-type': 'SageMaker HyperPod Cluster State Change', 'time': new Date(at).toISOString(), 'detail': { ClusterStatus: 'Failed', FailureMessage: message },
  });

  test('is told to people', async () => {
    const execution = new Execution(failed('no network'));
    expect(await execution.step()).toEqual({
      Done: true,
      WaitSeconds: 0,
      Memo: {},
      Outcome: 'Escalated',
      HasNotice: true,
      Notice: {
        Kind: 'Escalated',
        Reason: 'ClusterFailed',
        Message: 'the cluster has failed: no network',
        ClusterName: 'pod',
        InstanceGroupName: '',
        InstanceId: '',
        NodeLogicalId: '',
        Action: 'Escalate',
        Fault: 'no network',
      },
    });
    expect([calls, [...items.keys()]]).toEqual([[], ['cluster']]);
  });

  test('need not say why, and is cut where it says much', async () => {
    expect((await new Execution(failed()).step()).Notice!.Message).toBe('the cluster has failed');
    const { Message, Fault } = (await new Execution(failed('x'.repeat(501), now + DAY)).step()).Notice!;
    expect([Message.length, Fault.length]).toEqual([500, 500]);
  });

  test('is told once an hour, and again where its answer was lost', async () => {
    const first = new Execution(failed(), {}, 'first');
    expect((await first.step()).Outcome).toBe('Escalated');
    expect((await new Execution(failed(), {}, 'first').step()).Outcome).toBe('Escalated');
    expect(await ends(failed('', START + HOUR - 1000))).toBe('Merged');
    expect(await ends(failed('', START + HOUR))).toBe('Escalated, Escalated ClusterFailed');
  });
});

describe('a second event about a node', () => {
  const first = async (event = fault(), policy: Partial<RemediationPolicy> = {}) => {
    const execution = new Execution(event, policy);
    await execution.step();
    return execution;
  };

  test('is a part of the incident that is open, and changes what is known of it', async () => {
    await first(fault('NvidiaErrorReboot', { id: 'a' }));
    now += 5000;
    expect(await ends(fault('NvidiaErrorReboot', { id: 'b', at: START + 5000, repairAction: 'None' }))).toBe('Merged');
    expect(item('node/workers-1')).toMatchObject({ eventIds: ['a', 'b'], lastFaultAt: START + 5000, repairAction: 'None' });
    expect(await ends(fault('NvidiaErrorReboot', { id: 'c', at: START - 5000 }))).toBe('Merged');
    expect(item('node/workers-1')).toMatchObject({ eventIds: ['a', 'b', 'c'], lastFaultAt: START + 5000, repairAction: 'None' });
    expect(acts()).toEqual(['reboot']);
  });

  test('that came before is forgotten after twenty', async () => {
    await first(fault('NvidiaErrorReboot', { id: 'first' }));
    for (let count = 1; count <= 20; count++) { await ends(fault('NvidiaErrorReboot', { id: `e${count}` })); }
    expect(item('node/workers-1').eventIds).toEqual(Array.from({ length: 20 }, (_, index) => `e${index + 1}`));
  });

  test('is nothing new where it is the same', async () => {
    const event = fault('NvidiaErrorReboot', { id: 'same' });
    const execution = await first(event);
    const known = items.get('node/workers-1');
    expect(await ends(event)).toBe('Merged');
    expect(items.get('node/workers-1')).toBe(known);
    while (!execution.answer!.Done) { await execution.step(MINUTE); }
    now += 30 * DAY;
    expect(await ends(event)).toBe('Merged');
  });

  test.each([[HOUR + MINUTE - 1, false], [HOUR + MINUTE, true]])('takes an incident over that has been left for %i ms: %s', async (after, over) => {
    await first();
    now += after;
    expect((await new Execution(fault()).step()).Outcome).toBe(over ? '' : 'Merged');
    expect(acts()).toEqual(over ? ['reboot', 'replace'] : ['reboot']);
    if (over) { expect(item('node/workers-1').last).toMatchObject({ action: 'Reboot', at: START }); }
  });

  test('ends the execution whose incident was taken over', async () => {
    const execution = await first();
    change('node/workers-1', { owner: 'another' });
    expect(await execution.step(MINUTE)).toMatchObject({ Done: true, Outcome: 'TakenOver', HasNotice: false });
    items.clear();
    execution.answer = { ...execution.answer!, Memo: { id: 'node/workers-1' } };
    expect(await execution.step(MINUTE)).toMatchObject({ Done: true, Outcome: 'TakenOver' });
  });

  test('does not speak of what it was before the node was repaired, or a moment after', async () => {
    const execution = new Execution(fault());
    await execution.step();
    await execution.goesDown();
    await execution.step(3 * MINUTE);
    await execution.run();
    const { at } = item('node/workers-1').last!;
    expect(at).toBe(START);
    expect(await ends(fault('NvidiaErrorReboot', { at: at + 5 * MINUTE }))).toBe('Merged');
    expect((await new Execution(fault('NvidiaErrorReboot', { at: at + 5 * MINUTE + 1 })).step()).Done).toBe(false);
    expect(acts()).toEqual(['reboot', 'replace']);
  });

  test('does not speak of what it was before an incident was ended for people, whatever was done before', async () => {
    const execution = await first(fault('NvidiaErrorTerminate'));
    await execution.step(90 * MINUTE);
    expect(execution.told).toEqual(['Started Replace', 'Escalated NotReplacedInTime']);
    now += DAY;
    expect(await ends(fault('NvidiaErrorReboot', { at: START + 90 * MINUTE }))).toBe('Merged');
    expect(await ends(fault('NvidiaErrorReboot', { at: START + 90 * MINUTE + 1 }))).toBe('Escalated, Escalated FaultTooOld');
    now += 1000;
    expect((await new Execution(fault()).step()).Done).toBe(false);
  });

  test('of a time before the last incident is a part of the one that is open', async () => {
    await new Execution(fault()).run();
    now += DAY;
    await first();
    expect(await ends(fault('NvidiaErrorReboot', { id: 'late', at: START }))).toBe('Merged');
    expect(item('node/workers-1').eventIds).toContain('late');
  });

  test('does not speak of what it was before an incident was ended without touching the node', async () => {
    nodes[0] = node(1, { InstanceGroupName: 'head' });
    cluster = { ...cluster, Orchestrator: undefined, InstanceGroups: groups({ InstanceGroupName: 'head' }) };
    const policy = { ControllerGroups: ['head'] };
    now += MINUTE;
    expect(await ends(fault(), policy)).toBe('Refused, Refused SlurmController');
    now += 2 * HOUR;
    expect(await ends(fault('NvidiaErrorReboot', { at: START + MINUTE }), policy)).toBe('Merged');
    expect(await ends(fault('NvidiaErrorReboot', { at: START + MINUTE + 1000 }), policy)).toBe('Refused, Refused SlurmController');
  });

  test('of a node that was refused is of no interest for an hour', async () => {
    cluster = { ...cluster, NodeRecovery: 'Automatic' };
    expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'Reboot' }))).toBe('Refused, Refused HyperPodRecovers');
    now += HOUR - 1;
    expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'Replace' }))).toBe('Merged');
    expect(item('node/workers-1').repairAction).toBe('Reboot');
    now += 1;
    expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'Reboot' }))).toBe('Refused, Refused HyperPodRecovers');
  });

  describe('that says more reopens an incident', () => {
    test('that was left to HyperPod for want of knowing', async () => {
      cluster = { ...cluster, NodeRecovery: 'Automatic' };
      await ends(fault());
      expect(await ends(fault())).toBe('Merged');
      expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'Reboot' }))).toBe('Merged');
      expect((await new Execution(fault('NvidiaErrorReboot', { repairAction: 'None' })).step()).Done).toBe(false);
    });

    test('not one that was left to HyperPod as it said', async () => {
      cluster = { ...cluster, NodeRecovery: 'Automatic' };
      await ends(fault('NvidiaErrorReboot', { repairAction: 'Reboot' }));
      expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'None' }))).toBe('Merged');
    });

    test('of which the table knew nothing', async () => {
      await ends(fault('Unheard'));
      expect(await ends(fault('Unheard of'))).toBe('Merged');
      expect((await new Execution(fault()).step()).Done).toBe(false);
    });

    test('that was only reported, once more is allowed', async () => {
      expect(await ends(fault(), { DryRun: true })).toBe('DryRun, DryRun WouldReboot');
      expect(await ends(fault(), { DryRun: true })).toBe('Merged');
      expect((await new Execution(fault()).step()).Done).toBe(false);
    });

    test('not one that is open', async () => {
      await first(fault('NvidiaErrorReboot'));
      change('node/workers-1', { outcome: 'DryRun' });
      expect(await ends(fault())).toBe('Merged');
    });

    test('not one that was ended for another reason', async () => {
      await ends(fault('Odd'), { Rules: [{ Contains: 'Odd', Decision: 'Escalate' }] });
      expect(await ends(fault('NvidiaErrorReboot', { repairAction: 'None' }))).toBe('Merged');
    });
  });
});

describe('a fault that comes back', () => {
  /** Ends the repair of the first node, and lets time pass from its action. */
  async function repaired(type: string, after: number): Promise<void> {
    const execution = new Execution(fault(type));
    await execution.step();
    if (type !== 'NvidiaErrorReboot') { nodes[0] = node(1, { InstanceId: instance(11) }); }
    while (!execution.answer!.Done) { await execution.step(10 * MINUTE); }
    expect(execution.answer!.Outcome).toBe('Repaired');
    now = START + after;
    calls = [];
  }

  test.each([[DAY - 1, ['replace']], [DAY, ['reboot']]])('%i ms after a reboot', async (after, then) => {
    await repaired('NvidiaErrorReboot', after);
    await new Execution(fault()).step();
    expect(acts()).toEqual(then);
    expect(item('node/workers-1').want.toLowerCase()).toBe(then[0]);
  });

  test('after a replacement is for people, who are told why', async () => {
    await repaired('NvidiaErrorTerminate', DAY - 1);
    const execution = new Execution(fault('NvidiaErrorReboot', { instance: instance(11) }));
    await execution.step();
    expect(execution.told).toEqual(['Escalated RecursAfterReplacement']);
    expect(execution.notices[0].Message).toBe(`${instance(11)} of group workers: the node was replaced a short while ago and is broken again`);
  });

  test('long after a replacement is a new one', async () => {
    await repaired('NvidiaErrorTerminate', DAY);
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(11) })).step();
    expect(acts()).toEqual(['reboot']);
  });

  test.each([['XidUserAppError', 'Left, Left NoRepairNeeded'], ['Odd', 'Escalated, Escalated LeftToPeople']])('and is another one, is that: %s', async (type, told) => {
    await repaired('NvidiaErrorReboot', HOUR);
    expect(await ends(fault(type), { Rules: [{ Contains: 'Odd', Decision: 'Escalate' }] })).toBe(told);
  });

  test('after a replacement long ago is for people as the table says', async () => {
    await repaired('NvidiaErrorTerminate', DAY);
    expect(await ends(fault('Odd', { instance: instance(11) }), { Rules: [{ Contains: 'Odd', Decision: 'Escalate' }] })).toBe('Escalated, Escalated LeftToPeople');
  });
});

describe('nothing is done to a node', () => {
  test('that HyperPod recovers, in a group of a controller, or of a cluster that was never patched', async () => {
    cluster = { ...cluster, NodeRecovery: 'Automatic', Orchestrator: undefined };
    expect(await ends(fault())).toBe('Refused, Refused HyperPodRecovers');
    cluster = { ...cluster, NodeRecovery: 'None' };
    now += HOUR;
    expect(await ends(fault())).toBe('Refused, Refused SlurmControllerUnknown');
    now += HOUR;
    cluster = { ...cluster, Orchestrator: { Eks: { ClusterArn: 'arn:eks' } } };
    expect(await ends(fault('NvidiaErrorTerminate'), { RequirePatched: true })).toBe('Refused, Refused NeverPatched');
    expect(calls.filter(({ operation }) => operation === 'list')).toEqual([{ operation: 'list', input: {} }]);
    expect(acts()).toEqual([]);
  });

  test('by a dry run, which says what it would do', async () => {
    const execution = new Execution(fault('NvidiaErrorTerminate'), { DryRun: true });
    expect((await execution.step()).Outcome).toBe('DryRun');
    expect(execution.notices).toMatchObject([{
      Reason: 'WouldReplace', Message: `${instance(1)} of group workers: the remediation reports only; it would replace the node`,
    }]);
    expect(item('node/workers-1').quietUntil).toBe(START + DAY);
    expect(items.has('group/workers')).toBe(false);
  });

  test.each<[string, () => void, Partial<RemediationPolicy>, string, string]>([
    ['of a cluster that is updated', () => { cluster = { ...cluster, ClusterStatus: 'Updating' }; }, {}, 'ClusterNotInService', 'the cluster is Updating; nodes are repaired while it is InService'],
    ['that is busy', () => { nodes[0] = node(1, { InstanceStatus: status('Pending') }); }, {}, 'NodeBusy', 'the node is Pending'],
    ['outside of a window', () => undefined, { Windows: [{ Days: [1], StartMinute: 13 * 60, Minutes: 60 }] }, 'OutsideWindow', 'no maintenance window is open'],
    ['while others are repaired', () => items.set('group/workers', { version: 1, json: JSON.stringify({ active: { x: START + DAY }, day: '', today: [] }) }), { MaxAtOnce: 1 },
      'LimitAtOnce', 'enough nodes of group workers are under repair'],
  ])('%s, for now', async (_what, prepare, policy, reason, message) => {
    prepare();
    const execution = new Execution(fault(), policy);
    const answer = await execution.step();
    expect(answer).toMatchObject({ Done: false, WaitSeconds: reason === 'OutsideWindow' ? 3600 : 60 });
    expect(execution.notices).toMatchObject([{ Kind: 'Deferred', Reason: reason, Message: `${instance(1)} of group workers: ${message}` }]);
    await execution.step(MINUTE);
    expect(execution.notices).toHaveLength(1);
    expect(item('node/workers-1').deferred).toEqual([reason]);
    expect(acts()).toEqual([]);
  });

  test.each<[string, NodeDetails['InstanceStatus'], string]>([
    ['does not say how it is', undefined, 'the node does not say how it is'],
    ['is what nobody knows', status('Pondering'), 'the node is Pondering'],
    ['is being moved away', status('DetachInProgress'), 'the node is DetachInProgress'],
    ['is being moved here', status('AttachInProgress'), 'the node is AttachInProgress'],
  ])('that %s', async (_what, InstanceStatus, message) => {
    nodes[0] = node(1, { InstanceStatus });
    const execution = new Execution(fault());
    expect((await execution.step()).Done).toBe(false);
    expect(execution.notices).toMatchObject([{ Reason: 'NodeBusy', Message: `${instance(1)} of group workers: ${message}` }]);
    expect(acts()).toEqual([]);
  });

  test('on a day that has seen enough', async () => {
    items.set('group/workers', { version: 1, json: JSON.stringify({ active: {}, day: '2026-06-01', today: ['x'] }) });
    const execution = new Execution(fault(), { MaxPerDay: 1 });
    expect((await execution.step()).Outcome).toBe('Refused');
    expect(execution.notices).toMatchObject([{ Reason: 'LimitPerDay', Message: `${instance(1)} of group workers: so many nodes of group workers were touched today as may be; nothing was done` }]);
    expect(item('node/workers-1').quietUntil).toBe(START + HOUR);
    expect(items.get('group/workers')!.version).toBe(1);
    expect(acts()).toEqual([]);
  });

  test.each([
    [{ CurrentCount: 4, TargetCount: 8 }, true], [{ CurrentCount: 8, TargetCount: 4 }, false], [{ CurrentCount: 4, TargetCount: 4 }, true], [{ InstanceGroupName: 'x' }, true],
    [{ CurrentCount: undefined, TargetCount: undefined }, true],
  ])('beyond its part of a group: %j', async (group, full) => {
    cluster = { ...cluster, InstanceGroups: groups(group) };
    items.set('group/workers', { version: 1, json: JSON.stringify({ active: { x: START + DAY }, day: '', today: [] }) });
    await new Execution(fault(), { MaxPercentAtOnce: 25 }).step();
    expect(acts()).toEqual(full ? [] : ['reboot']);
  });

  test.each([[{ InstanceId: instance(11) }], [{ InstanceId: undefined }]])('that has %j by its turn', async changes => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    await execution.step();
    nodes[0] = node(1, changes);
    expect((await execution.step(MINUTE)).Outcome).toBe('Ended');
    expect(execution.notices.at(-1)).toMatchObject({
      Kind: 'Ended', Reason: 'ReplacedMeanwhile', Message: `${instance(1)} of group workers: the instance is no longer part of the cluster`,
    });
  });

  test('that has gone by its turn, or whose cluster has', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const [one, two] = [new Execution(fault()), new Execution(fault('NvidiaErrorReboot', { instance: instance(2) }))];
    await one.step();
    await two.step();
    nodes = nodes.slice(1);
    await one.step(MINUTE);
    expect(one.told.at(-1)).toBe('Ended ReplacedMeanwhile');
    cluster = undefined;
    await two.step();
    expect(two.notices.at(-1)).toMatchObject({ Kind: 'Ended', Reason: 'ClusterGone', Message: `${instance(2)} of group workers: the cluster has been deleted` });
  });

  test('is looked for by its instance where it has no logical id', async () => {
    withoutLogicalIds();
    await new Execution(fault()).step();
    const looked = () => calls.filter(({ operation }) => operation === 'node').map(({ input }) => input);
    expect(looked()).toEqual([{ NodeId: instance(1) }, { NodeId: instance(1) }]);
    nodes = [node(1)];
    items.clear();
    await new Execution(fault()).step();
    expect(looked().slice(2)).toEqual([{ NodeId: instance(1) }, { NodeLogicalId: 'workers-1' }]);
  });
});

describe('patches', () => {
  const terminate = () => fault('NvidiaErrorTerminate');

  test.each<[string, () => unknown, Partial<RemediationPolicy>]>([
    ['the node has', terminate, { RequirePatched: true }],
    ['another node has', terminate, { RequirePatched: true }],
    ['nobody asks for', terminate, {}],
    ['a reboot does not need', () => fault(), { RequirePatched: true }],
  ])('that %s are in no way', async (what, event, policy) => {
    if (what === 'the node has') { nodes[0] = node(1, { LastSoftwareUpdateTime: new Date(START) }); }
    if (what === 'another node has') { nodes[1] = node(2, { LastSoftwareUpdateTime: new Date(START) }); }
    await new Execution(event(), policy).step();
    expect(acts()).toHaveLength(1);
    expect(operations().includes('list')).toBe(what === 'another node has');
  });

  test('are not what is missing where the cluster is updated', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(terminate(), { RequirePatched: true });
    await execution.step();
    expect(execution.told).toEqual(['Deferred ClusterNotInService']);
  });
});

describe('waiting for its turn', () => {
  test('goes on longer and longer', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    const after = async (milliseconds: number) => {
      now = START;
      return (await execution.step(milliseconds)).WaitSeconds;
    };
    expect(await after(0)).toBe(60);
    expect(await after(12 * MINUTE)).toBe(60);
    expect(await after(24 * MINUTE)).toBe(120);
    expect(await after(170 * MINUTE)).toBe(850);
    expect(await after(190 * MINUTE)).toBe(900);
  });

  test('goes on with fewer steps where it may take many days', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault(), { MaxDelaySeconds: 30 * DAY / 1000, MaxFaultAgeSeconds: 30 * DAY / 1000 });
    await execution.step();
    expect((await execution.step(15 * DAY)).WaitSeconds).toBe(30 * DAY / 1000 / 900);
  });

  test.each([[DAY - 15 * MINUTE, false], [DAY - 15 * MINUTE + 1, true]])('has an end (after %i ms: %s)', async (after, over) => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    await execution.step();
    expect((await execution.step(after)).Done).toBe(over);
    if (!over) { return; }
    expect(execution.notices.at(-1)).toMatchObject({
      Kind: 'Refused',
      Reason: 'ClusterNotInService',
      Message: `${instance(1)} of group workers: the cluster is Updating; nodes are repaired while it is InService; its next turn would come after \`maxDelay\``,
    });
    expect(item('node/workers-1').quietUntil).toBe(now + HOUR);
  });

  test('for a window shows every six hours that it lives, and keeps its lease', async () => {
    const execution = new Execution(fault(), { Windows: [{ Days: [2], StartMinute: 0, Minutes: 60 }] });
    expect((await execution.step()).WaitSeconds).toBe(6 * 3600);
    expect(item('node/workers-1').leaseUntil).toBe(START + 7 * HOUR);
    expect(await execution.step(6 * HOUR + 1)).toMatchObject({ Done: false, WaitSeconds: 6 * 3600 });
  });

  test('tells every reason once', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    await execution.step();
    cluster = { ...cluster, ClusterStatus: 'InService' };
    nodes[0] = node(1, { InstanceStatus: status('Pending') });
    await execution.step(MINUTE);
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    await execution.step(MINUTE);
    expect(execution.told).toEqual(['Deferred ClusterNotInService', 'Deferred NodeBusy']);
  });
});

describe('what the service is asked for', () => {
  test('is said to people: a replacement loses all volumes', async () => {
    const execution = new Execution(fault('NvidiaErrorTerminate'));
    await execution.step();
    expect(execution.notices[0]).toMatchObject({
      Kind: 'Started', Reason: 'Replace', Action: 'Replace', Message: `${instance(1)} of group workers: the node is being replaced; all its volumes are lost`,
    });
    expect(calls.at(-1)).toEqual({ operation: 'replace', input: { NodeIds: [instance(1)], NodeLogicalIds: [] } });
  });

  test('is noted before', async () => {
    before = operation => {
      if (operation === 'reboot') { expect(item('node/workers-1').doing).toEqual({ action: 'Reboot', at: START, nonce: expect.any(String) }); }
    };
    await new Execution(fault()).step();
    expect(acts()).toEqual(['reboot']);
  });

  test('is not asked for by another while it goes on: there is a lease and a place from the beginning', async () => {
    const leases: unknown[] = [];
    before = operation => {
      if (operation === 'write group/workers' || operation === 'reboot') { leases.push(item('node/workers-1').leaseUntil - now); }
      if (operation === 'reboot') { leases.push(item('group/workers').active); }
    };
    const execution = new Execution(fault());
    await execution.step();
    expect(leases.slice(0, 3)).toEqual([HOUR, HOUR, { 'workers-1': now + HOUR }]);
    [leases.length, items] = [0, new Map()];
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const later = new Execution(fault());
    await later.step();
    cluster = { ...cluster, ClusterStatus: 'InService' };
    await later.step(30 * MINUTE);
    expect(leases.slice(0, 3)).toEqual([31 * MINUTE, HOUR, { 'workers-1': now + HOUR }]);
  });

  test('is not asked for by two at once: by another step of this execution', async () => {
    before = operation => {
      if (operation !== 'write node/workers-1' || !items.has('group/workers') || item('node/workers-1').doing) { return; }
      change('node/workers-1', { doing: { action: 'Reboot', at: now, nonce: 'other' } });
    };
    const execution = new Execution(fault());
    expect(await execution.step()).toMatchObject({ Done: false, HasNotice: false });
    expect(acts()).toEqual([]);
  });

  test.each([{ owner: 'another' }, { open: false }, undefined])('is not asked for by two at once: %j', async changes => {
    before = operation => {
      if (operation !== 'write node/workers-1' || !items.has('group/workers')) { return; }
      before = () => undefined;
      if (changes) { change('node/workers-1', changes); } else { items.clear(); }
    };
    expect(await new Execution(fault()).step()).toMatchObject({ Done: true, Outcome: 'TakenOver' });
    expect(acts()).toEqual([]);
  });

  test.each([['InternalFailure', 500], ['TimeoutError', undefined]])('may have happened where its answer is lost: %s', async (name, code) => {
    outcome = () => { throw failure(name, code); };
    const execution = new Execution(fault());
    await execution.step();
    expect(execution.told).toEqual(['Started Reboot']);
    await execution.step(MINUTE);
    expect(acts()).toEqual(['reboot']);
  });

  test('ends the incident where the cluster has gone', async () => {
    outcome = () => { throw failure('ResourceNotFound', 400); };
    expect(await ends(fault())).toBe('Ended, Ended ClusterGone');
  });

  test('and is refused as a whole is for people', async () => {
    outcome = () => { throw failure('ValidationException', 400); };
    const execution = new Execution(fault());
    expect((await execution.step()).Outcome).toBe('Escalated');
    expect(execution.notices).toMatchObject([{
      Reason: 'ValidationException', Message: `${instance(1)} of group workers: the service refused the action 1 times, so that it did not happen: it says ValidationException`,
    }]);
    expect(item('node/workers-1')).toMatchObject({ quietUntil: START + DAY });
    expect(item('node/workers-1')).not.toHaveProperty('last');
    expect(item('group/workers').active).toEqual({});
  });

  test.each(['throttled', 'in use'])('and is refused for now is tried twelve times: %s', async why => {
    outcome = () => {
      if (why === 'throttled') { throw failure('ThrottlingException', 400); }
      return { Failed: [{ NodeId: instance(1), ErrorCode: 'InstanceIdInUse', Message: 'in use' }] };
    };
    const execution = new Execution(fault());
    expect(await execution.run()).toBe('Escalated');
    const code = why === 'throttled' ? 'ThrottlingException' : 'InstanceIdInUse';
    expect(execution.told).toEqual([`Deferred ${code}`, `Escalated ${code}`]);
    expect(execution.notices[1].Message).toContain('the service refused the action 12 times, so that it did not happen: ');
    expect(acts()).toHaveLength(12);
  });

  test('for a node that is not there ends the incident', async () => {
    outcome = () => ({ Failed: [{ NodeId: instance(1), ErrorCode: 'InstanceIdNotFound', Message: 'no such node' }] });
    const execution = new Execution(fault());
    expect((await execution.step()).Outcome).toBe('Ended');
    expect(execution.notices).toMatchObject([{ Reason: 'NodeGone', Message: `${instance(1)} of group workers: no such node` }]);
    expect(item('node/workers-1').quietUntil).toBe(START);
  });

  test('and is refused in many words is told in few', async () => {
    outcome = () => ({ Failed: [{ NodeId: instance(1), ErrorCode: 'Strange' as never, Message: 'x'.repeat(500) }] });
    const execution = new Execution(fault());
    await execution.step();
    expect(execution.notices[0].Message).toHaveLength(500);
  });

  test('for a node, and is refused for good, is for people', async () => {
    outcome = () => ({ Failed: [{ NodeId: instance(1), ErrorCode: 'Strange' as never, Message: 'no' }] });
    expect(await ends(fault())).toBe('Escalated, Escalated Strange');
  });
});

describe('a reboot', () => {
  const begun = async (policy: Partial<RemediationPolicy> = {}) => {
    const execution = new Execution(fault(), policy);
    await execution.step();
    return execution;
  };

  test('is over when the node runs after ten minutes', async () => {
    const execution = await begun();
    expect(await execution.step(10 * MINUTE - 1)).toMatchObject({ Done: false, WaitSeconds: 60, HasNotice: false });
    expect(item('node/workers-1').leaseUntil).toBe(now + 61 * MINUTE);
    expect(item('group/workers').active).toEqual({ 'workers-1': now + 61 * MINUTE });
    expect((await execution.step(1)).Outcome).toBe('Repaired');
    expect(execution.notices.at(-1)).toMatchObject({ Reason: 'Rebooted', Message: `${instance(1)} of group workers: the node runs again` });
    expect(item('group/workers').active).toEqual({});
    expect(item('node/workers-1')).toMatchObject({
      open: false, closedAt: now, quietUntil: now, outcome: 'Repaired', last: { action: 'Reboot', at: START }, notice: { Reason: 'Rebooted' },
    });
    expect(item('node/workers-1')).not.toHaveProperty('doing');
  });

  test('whose last answer was lost is ended in the same words', async () => {
    const execution = await begun();
    const { answer } = execution;
    const last = await execution.step(10 * MINUTE);
    execution.answer = answer;
    expect(await execution.step(MINUTE)).toEqual(last);
  });

  test.each<[string, number, boolean]>([
    ['Failure', 10 * MINUTE - 1, false], ['Failure', 10 * MINUTE, true],
    ['Pending', 20 * MINUTE - 1, false],
  ])('of a node that is %s after %i ms is followed by a replacement: %s', async (state, after, replaces) => {
    const execution = await begun();
    nodes[0] = node(1, { InstanceStatus: status(state) });
    await execution.step(after);
    expect(acts()).toEqual(replaces ? ['reboot', 'replace'] : ['reboot']);
    if (!replaces) {
      expect(item('node/workers-1').want).toBe('Reboot');
      return;
    }
    expect(item('node/workers-1')).toMatchObject({ want: 'Replace', last: { action: 'Reboot', at: START }, doing: { action: 'Replace', at: now } });
  });

  test('of a node that runs is given ten minutes, however early it is late', async () => {
    const execution = await begun({ RebootTimeoutSeconds: 5 * 60 });
    await execution.step(5 * MINUTE);
    expect(item('node/workers-1').want).toBe('Reboot');
    expect((await execution.step(5 * MINUTE)).Outcome).toBe('Repaired');
    expect(acts()).toEqual(['reboot']);
  });

  test('is not remembered as a replacement where there are no logical ids', async () => {
    withoutLogicalIds();
    await begun();
    expect(item('group/workers')).not.toHaveProperty('replaced');
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(2) })).step();
    expect(acts()).toEqual(['reboot', 'reboot']);
  });

  test('that was refused at first begins to count anew with its replacement', async () => {
    outcome = () => { throw failure('ThrottlingException', 400); };
    const execution = await begun();
    await execution.step(MINUTE);
    expect(item('node/workers-1').tries).toBe(2);
    outcome = () => ({});
    await execution.step(MINUTE);
    nodes[0] = node(1, { InstanceStatus: status('Failure') });
    await execution.step(10 * MINUTE);
    expect(item('node/workers-1')).toMatchObject({ tries: 0, want: 'Replace' });
  });

  test.each([[5 * MINUTE, 'Repaired'], [5 * MINUTE + 1000, '']])('after which the fault comes again in %i ms', async (at, end) => {
    const execution = await begun();
    await execution.goesDown();
    await execution.step(3 * MINUTE); // sees the node run
    now += MINUTE;
    expect(await ends(fault('NvidiaErrorReboot', { at: START + at }))).toBe('Merged');
    expect((await execution.step(4 * MINUTE)).Outcome).toBe(end);
    expect(acts()).toEqual(end === '' ? ['reboot', 'replace'] : ['reboot']);
  });

  test('during which the fault comes again while it is being ended is followed by a replacement', async () => {
    const execution = await begun();
    await execution.goesDown();
    await execution.step(3 * MINUTE);
    now += 5 * MINUTE;
    before = operation => {
      if (operation === 'write node/workers-1') { before = () => undefined; change('node/workers-1', { lastFaultAt: now }); }
    };
    expect((await execution.step()).Done).toBe(false);
    expect(acts()).toEqual(['reboot', 'replace']);
  });

  test.each<[string, () => void]>([
    ['of a node that has another instance', () => { nodes[0] = node(1, { InstanceId: instance(11) }); }],
    ['of a node that waits for an instance', () => { nodes[0] = node(1, { InstanceId: undefined }); }],
    ['of a node that has gone', () => { nodes = nodes.slice(1); }],
  ])('%s is over', async (_what, act) => {
    const execution = await begun();
    act();
    expect((await execution.step(MINUTE)).Outcome).toBe('Ended');
    expect(execution.notices.at(-1)).toMatchObject({ Reason: 'ReplacedMeanwhile', Message: `${instance(1)} of group workers: the instance is no longer part of the cluster` });
  });

  test('ends with the cluster', async () => {
    const execution = await begun();
    cluster = { ...cluster, ClusterStatus: 'Deleting' };
    await execution.step(MINUTE);
    expect(execution.told.at(-1)).toBe('Ended ClusterGone');
  });

  test('is looked at less often than wanted where it may take long', async () => {
    const execution = await begun({ RebootTimeoutSeconds: DAY / 1000, ReplaceTimeoutSeconds: 2 * DAY / 1000 });
    expect(execution.answer!.WaitSeconds).toBe(60); // at first each minute, so that it is seen while it is down
    expect((await execution.step(6 * MINUTE)).WaitSeconds).toBe(3 * DAY / 1000 / 600);
  });
});

describe('a replacement', () => {
  const begun = async () => {
    const execution = new Execution(fault('NvidiaErrorTerminate'));
    await execution.step();
    return execution;
  };

  test('is over when the node has another instance, and it runs', async () => {
    const execution = await begun();
    expect(await execution.step(MINUTE)).toMatchObject({ Done: false, WaitSeconds: 60 });
    nodes[0] = node(1, { InstanceId: undefined });
    expect((await execution.step(MINUTE)).Done).toBe(false);
    nodes[0] = node(1, { InstanceId: instance(11), InstanceStatus: status('Pending') });
    expect((await execution.step(MINUTE)).Done).toBe(false);
    nodes[0] = node(1, { InstanceId: instance(11), InstanceStatus: undefined });
    expect((await execution.step(MINUTE)).Done).toBe(false);
    nodes[0] = node(1, { InstanceId: instance(11) });
    expect((await execution.step(MINUTE)).Outcome).toBe('Repaired');
    expect(execution.notices.at(-1)).toMatchObject({ Reason: 'Replaced', Message: `${instance(1)} of group workers: the node has a new instance: ${instance(11)}` });
    expect(operations()).not.toContain('list');
    expect(items.has('group/workers') && item('group/workers').replaced).toBeUndefined();
  });

  test.each<[string, () => void, string]>([
    ['is still the old one', () => undefined, 'Running'], ['has gone', () => { nodes = nodes.slice(1); }, 'gone'],
  ])('whose node %s in the end is for people', async (_what, act, state) => {
    const execution = await begun();
    act();
    expect((await execution.step(90 * MINUTE - 1)).Done).toBe(false);
    expect((await execution.step(1)).Outcome).toBe('Escalated');
    expect(execution.notices.at(-1)).toMatchObject({
      Reason: 'NotReplacedInTime', Message: `${instance(1)} of group workers: the replacement has not come within 5400 s; the node is ${state}`,
    });
    expect(item('node/workers-1').quietUntil).toBe(now + DAY);
  });

  test.each([[5 * MINUTE, 'Escalated'], [5 * MINUTE + 1000, 'Escalated']])('whose new instance is broken %i ms after it began', async (at, end) => {
    const execution = await begun();
    nodes[0] = node(1, { InstanceId: instance(11) });
    now += 20 * MINUTE;
    expect(await ends(fault('NvidiaErrorReboot', { instance: instance(11), at: START + at }))).toBe('Merged');
    expect((await execution.step()).Outcome).toBe(end);
    if (end === 'Escalated') {
      expect(execution.told.at(-1)).toBe('Escalated RecursAfterReplacement');
      expect(item('node/workers-1').quietUntil).toBe(now + DAY);
    }
  });

  test('of a node without a logical id, in a cluster that has them, is over when the group is whole', async () => {
    nodes[0] = node(1, { NodeLogicalId: undefined });
    const execution = await begun();
    nodes[0] = node(11, { LaunchTime: new Date(START) });
    expect((await execution.step(MINUTE)).Outcome).toBe('Repaired');
  });

  describe('without logical ids', () => {
    let execution: Execution;
    beforeEach(async () => {
      withoutLogicalIds();
      execution = await begun();
      nodes[0] = { ...nodes[0], InstanceId: instance(11), LaunchTime: new Date(START) };
    });
    const over = async () => (await execution.step(MINUTE)).Outcome === 'Repaired';

    test('is over when the group is whole without it', async () => {
      expect(await over()).toBe(true);
      expect(execution.notices.at(-1)!.Message).toBe(`${instance(1)} of group workers: the node has a new instance`);
      expect(calls.at(-1)).toEqual({ operation: 'list', input: { InstanceGroupNameContains: 'workers' } });
    });

    test('is not over while the node is there', async () => {
      nodes.push({ ...nodes[0], InstanceId: instance(1) });
      expect(await over()).toBe(false);
    });

    test.each<[string, () => void]>([
      ['counts fewer than it shall have', () => { cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) }; }],
      ['shows fewer', () => { nodes = nodes.slice(1); }],
      ['shows fewer, beside one of another group', () => { nodes[1] = { ...nodes[1], InstanceGroupName: 'workers-2' }; }],
      ['has one that begins', () => { nodes[1] = { ...nodes[1], InstanceStatus: status('Pending') }; }],
      ['is not there', () => { cluster = { ...cluster, InstanceGroups: [] }; }],
    ])('is not over while the group %s', async (_what, act) => {
      act();
      expect(await over()).toBe(false);
    });

    test.each<[string, () => void]>([
      ['of another group begins', () => nodes.push({ ...nodes[1], InstanceId: instance(12), InstanceGroupName: 'workers-2', InstanceStatus: status('Pending') })],
      ['does not say how it is', () => { nodes[1] = { ...nodes[1], InstanceStatus: undefined }; }],
      ['is wanted less', () => { cluster = { ...cluster, InstanceGroups: groups({ TargetCount: 2 }) }; }],
    ])('is over though one %s', async (_what, act) => {
      act();
      expect(await over()).toBe(true);
    });

    test('is over where the group says no counts', async () => {
      cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: undefined, TargetCount: undefined }) };
      expect(await over()).toBe(true);
    });

    test('is remembered, so that what came of it is left to people for a while', async () => {
      expect(item('group/workers').replaced).toEqual([START]);
      await over();
      now = START + DAY - 1;
      expect(await ends(fault('NvidiaErrorReboot', { instance: instance(11) }))).toBe('Escalated, Escalated RecursAfterReplacement');
      items.delete(`node/${instance(11)}`);
      nodes[0] = { ...nodes[0], LaunchTime: new Date(START - 1) };
      await new Execution(fault('NvidiaErrorReboot', { instance: instance(11) })).step();
      expect(acts().at(-1)).toBe('reboot');
      items.delete(`node/${instance(11)}`);
      nodes[0] = { ...nodes[0], LaunchTime: new Date(START) };
      now = START + DAY;
      await new Execution(fault('NvidiaErrorReboot', { instance: instance(11) })).step();
      expect(acts().slice(1)).toEqual(['reboot', 'reboot']);
    });

    test('is forgotten after a while, as are all but the last hundred', async () => {
      change('group/workers', { replaced: [START - DAY + 1, ...Array.from({ length: 120 }, (_, index) => START - 120 + index)] });
      now = START + 1;
      await new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) })).step();
      expect(item('group/workers').replaced).toEqual([...Array.from({ length: 99 }, (_, index) => START - 99 + index), START + 1]);
      change('group/workers', { replaced: [START, START + 1] });
      now = START + DAY;
      await new Execution(fault('NvidiaErrorTerminate', { instance: instance(3) })).step();
      expect(item('group/workers').replaced).toEqual([START + 1, START + DAY]);
    });

    test('is the one of a while, not one of long ago', async () => {
      change('group/workers', { replaced: [START - DAY, START] });
      expect(await ends(fault('NvidiaErrorReboot', { instance: instance(11) }))).toBe('Escalated, Escalated RecursAfterReplacement');
    });

    test('is remembered though the state of the group was lost', async () => {
      before = operation => { if (operation === 'replace') { items.delete('group/workers'); } };
      await new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) })).step();
      expect(item('group/workers')).toEqual({ active: {}, day: '', today: [], replaced: [START] });
    });

    test('is remembered by the next step where the one that asked for it died before it could', async () => {
      const other = new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) }));
      before = operation => { if (operation === 'replace') { before = write => { if (write.startsWith('write ')) { throw new Error('dead'); } }; } };
      await expect(other.step(1)).rejects.toThrow('dead');
      before = () => undefined;
      expect(item('group/workers').replaced).toEqual([START]);
      await other.step(MINUTE);
      await other.step(MINUTE);
      expect(item('group/workers').replaced).toEqual([START, START + 1]);
      expect(acts()).toEqual(['replace', 'replace']);
    });

    test('of a group is not that of another', async () => {
      nodes.push({ ...nodes[0], InstanceId: instance(12), InstanceGroupName: 'others' });
      cluster = { ...cluster, InstanceGroups: [...groups(), ...groups({ InstanceGroupName: 'others' })] };
      await new Execution(fault('NvidiaErrorReboot', { instance: instance(12) })).step();
      expect(acts().at(-1)).toBe('reboot');
    });
  });
});

describe('the state', () => {
  test('of an incident that another took over is not written', async () => {
    const execution = new Execution(fault());
    await execution.step();
    before = operation => {
      if (operation === 'write node/workers-1') { before = () => undefined; change('node/workers-1', { owner: 'another' }); }
    };
    await expect(execution.step(MINUTE)).rejects.toMatchObject({ code: 'TakenOver', message: 'another execution has taken the incident over' });
    expect(item('node/workers-1').owner).toBe('another');
  });

  test('that was lost is that of nobody', async () => {
    const execution = new Execution(fault());
    await execution.step();
    before = operation => { if (operation === 'write node/workers-1') { before = () => undefined; items.clear(); } };
    await expect(execution.step(10 * MINUTE)).rejects.toMatchObject({ code: 'TakenOver' });
  });

  test('of a group without the place of the node is left as it is', async () => {
    const execution = new Execution(fault());
    await execution.step();
    change('group/workers', { active: { x: 1 } });
    const { version } = items.get('group/workers')!;
    await execution.step(MINUTE);
    await execution.step(10 * MINUTE);
    expect(items.get('group/workers')!.version).toBe(version);
  });

  test('of the first step, whose answer was lost, is found again', async () => {
    const event = fault();
    const first = new Execution(event, {}, 'mine');
    await first.step();
    const again = new Execution(event, {}, 'mine');
    expect(await again.step(MINUTE)).toMatchObject({ Done: false, Memo: { id: 'node/workers-1' }, HasNotice: false });
    expect(acts()).toEqual(['reboot']);
    await again.step(10 * MINUTE);
    expect(again.answer!.Outcome).toBe('Repaired');
    const third = new Execution(event, {}, 'mine');
    expect(await third.step()).toMatchObject({ Done: true, Outcome: 'Repaired', Notice: { Reason: 'Rebooted' } });
  });

  test('of what comes in while an incident is ended changes no other end', async () => {
    outcome = () => { throw failure('ValidationException', 400); };
    let others = 0;
    before = operation => {
      if (operation !== 'write node/workers-1' || !items.has('group/workers') || item('node/workers-1').tries === 0) { return; }
      if (others++ === 0) { change('node/workers-1', { lastFaultAt: now + 1, repairAction: 'None' }); }
    };
    expect(await ends(fault())).toBe('Escalated, Escalated ValidationException');
    expect([others, acts()]).toEqual([2, ['reboot']]);
    expect(item('node/workers-1')).toMatchObject({ open: false, lastFaultAt: now + 1, repairAction: 'None' });
  });

  test('of what HyperPod announces while the node is being left to it is looked at first', async () => {
    cluster = { ...cluster, NodeRecovery: 'Automatic' };
    let writes = 0;
    before = operation => {
      if (operation === 'write node/workers-1' && ++writes === 2) { change('node/workers-1', { repairAction: 'None' }); }
    };
    expect((await new Execution(fault()).step()).Done).toBe(false);
    expect(acts()).toEqual(['reboot']);
  });
});

/** An event that says that a node is well. */
const well = (id = instance(1), at = now) => ({
  'id': `event-${++eventIds}`,
  'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
  'time': new Date(at).toISOString(),
  'detail': { InstanceId: id, HealthSummary: { HealthStatus: 'Healthy', HealthStatusReason: '', RepairAction: 'None', Recommendation: '' } },
});

describe('a graver fault', () => {
  test.each([['NvidiaErrorTerminate', 30 * MINUTE, 'replace'], ['NvidiaErrorReboot', 23.5 * HOUR, 'reboot']])(
    'than a program\'s mistake that was left alone is repaired: %s', async (type, after, action) => {
      expect(await ends(fault('XidUserAppError'))).toContain('Left');
      now += after;
      await new Execution(fault(type)).step();
      expect(acts()).toEqual([action]);
    });

  test('than what was refused is told again', async () => {
    cluster = { ...cluster, Orchestrator: undefined };
    expect(await ends(fault())).toContain('SlurmControllerUnknown');
    expect(await ends(fault())).toBe('Merged');
    expect(await ends(fault('NvidiaErrorTerminate'))).toContain('SlurmControllerUnknown');
  });

  test('than one that people have is told to them, and not acted upon', async () => {
    const policy = { Rules: [{ Contains: 'Odd', Decision: 'Escalate' as const }] };
    await ends(fault('Odd'), policy);
    now += HOUR;
    await new Execution(fault('NvidiaErrorTerminate')).step();
    expect(acts()).toEqual(['replace']);
    items.clear();
    await ends(fault('Odd'), policy);
    expect(await ends(fault('Odd NvidiaErrorTerminate'), policy)).toBe('Merged');
  });

  test('than the one that waits changes what it waits for', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    await execution.step();
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Merged');
    cluster = { ...cluster, ClusterStatus: 'InService' };
    await execution.step(MINUTE);
    expect(acts()).toEqual(['replace']);
  });

  test('than the one that a reboot goes on for is for people, once the node runs', async () => {
    const execution = new Execution(fault());
    await execution.step();
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Merged');
    expect((await execution.step(10 * MINUTE)).Outcome).toBe('Escalated');
    expect(execution.told.at(-1)).toBe('Escalated FaultDuringReboot');
    expect(acts()).toEqual(['reboot']);
  });
});

describe('another instance', () => {
  test('under a logical id whose fault people have is told, too, and repaired', async () => {
    expect(await ends(fault('Unheard'))).toContain('NotInTable');
    nodes[0] = node(1, { InstanceId: instance(11), LaunchTime: new Date(START + HOUR) });
    now += 2 * HOUR;
    expect(await ends(fault('Unheard', { instance: instance(11) }))).toContain('NotInTable');
    nodes[0] = node(1, { InstanceId: instance(12), LaunchTime: new Date(START + 3 * HOUR) });
    now += 2 * HOUR;
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(12) })).step();
    expect(acts()).toEqual(['reboot']);
  });

  test('is rebooted first, whatever was done to the one before', async () => {
    const execution = new Execution(fault());
    await execution.run();
    nodes[0] = node(1, { InstanceId: instance(11), LaunchTime: new Date(now) });
    now += HOUR;
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(11) })).step();
    expect(acts()).toEqual(['reboot', 'reboot']);
  });

  test('takes over from one that waits, whose execution ends', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const first = new Execution(fault());
    await first.step();
    nodes[0] = node(1, { InstanceId: instance(11), LaunchTime: new Date(now + MINUTE) });
    now += 2 * MINUTE;
    cluster = { ...cluster, ClusterStatus: 'InService' };
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(11) })).step();
    expect(acts()).toEqual(['reboot']);
    expect((await first.step()).Outcome).toBe('TakenOver');
  });

  test('has no fault of before it was launched', async () => {
    nodes[0] = node(1, { LaunchTime: new Date(START - MINUTE) });
    expect(await ends(fault('NvidiaErrorTerminate', { at: START - 2 * MINUTE }))).toBe('Merged');
    expect((await new Execution(fault('NvidiaErrorTerminate', { at: START - MINUTE })).step()).Done).toBe(false);
  });
});

describe('a node that is well again', () => {
  const week = 8 * DAY / 1000;
  const window = { Windows: [{ Days: [6], StartMinute: 0, Minutes: 600 }], MaxDelaySeconds: week, MaxFaultAgeSeconds: week };

  test('ends the incident that waits for a window, and people are told once', async () => {
    const waiting = new Execution(fault('NvidiaErrorTerminate'), window);
    await waiting.step();
    now += 20 * MINUTE;
    const report = new Execution(well());
    expect(await report.step()).toMatchObject({ Done: true, Outcome: 'Ended', Notice: { Kind: 'Ended', Reason: 'WellAgain', InstanceId: instance(1) } });
    expect(await report.step()).toMatchObject({ Notice: { Reason: 'WellAgain' } }); // whose answer was lost
    expect(await waiting.step(6 * HOUR)).toMatchObject({ Done: true, Outcome: 'Ended', HasNotice: false });
    expect(acts()).toEqual([]);
  });

  test('is not touched by a fault of before, though its event comes after', async () => {
    now += 10 * MINUTE;
    expect(await ends(well())).toBe('NoFault');
    expect(await ends(fault('NvidiaErrorTerminate', { at: now - MINUTE }))).toBe('Merged');
    now += MINUTE;
    await new Execution(fault('NvidiaErrorTerminate')).step();
    expect(acts()).toEqual(['replace']);
  });

  test('between the look at it and the call is not touched', async () => {
    let writes = 0;
    before = operation => {
      if (operation === 'write group/workers' && writes++ === 0) { change('node/workers-1', { wellAt: now + 1 }); }
    };
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Ended, Ended WellAgain');
    expect(acts()).toEqual([]);
    expect(item('group/workers')).toMatchObject({ active: {}, today: [] });
  });

  test('at the very moment at which it is broken is for people', async () => {
    await ends(well());
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Escalated, Escalated HealthUnclear');
  });

  test.each<[string, Partial<RemediationPolicy>, string]>([
    ['Unheard', {}, 'Escalated, Escalated NotInTable'],
    ['NvidiaErrorReboot', { DryRun: true }, 'DryRun, DryRun WouldReboot'],
    ['NvidiaErrorReboot', { MaxPerDay: NaN }, 'Refused, Refused PolicyUnclear'],
  ])('and breaks again is told again, within the time in which it is the same fault: %s, %j', async (type, policy, told) => {
    expect(await ends(fault(type), policy)).toBe(told);
    now += 10 * MINUTE;
    expect(await ends(fault(type), policy)).toBe('Merged');
    expect(await ends(well(instance(1), START))).toBe('NoFault'); // not after the fault
    expect(await ends(fault(type), policy)).toBe('Merged');
    now += 10 * MINUTE;
    expect(await ends(well())).toBe('NoFault');
    now += 10 * MINUTE;
    expect(await ends(fault(type, { at: now - 15 * MINUTE }), policy)).toBe('Merged');
    expect(await ends(fault(type), policy)).toBe(told);
  });

  test('and has the same need of no repair again is left in silence', async () => {
    expect(await ends(fault('XidUserAppError'))).toContain('Left');
    now += 10 * MINUTE;
    await ends(well());
    now += 10 * MINUTE;
    expect(await ends(fault('XidUserAppError'))).toBe('Merged');
  });

  test('or says something else of itself, is no fault', async () => {
    const odd = well();
    odd.detail.HealthSummary.HealthStatus = 'Wondering';
    expect(await ends(odd)).toBe('NoFault');
    expect(await ends(well(instance(9)))).toBe('NoFault');
  });
});

describe('a fault that is old', () => {
  test.each<[string, number | undefined]>([['which comes six hours late', 6 * HOUR], ['whose time nobody knows', undefined]])('%s, is for people', async (_what, late) => {
    const event = late === undefined ? { ...fault('NvidiaErrorTerminate'), time: 'never' } : fault('NvidiaErrorTerminate', { at: now - late });
    const execution = new Execution(event);
    await execution.run();
    expect(execution.notices).toMatchObject([{
      Kind: 'Escalated',
      Reason: 'FaultTooOld',
      Message: `${instance(1)} of group workers: ${late === undefined ? 'the event does not say when the fault was seen' : 'the fault was 360 minutes old when it was reported'}; `
        + 'nothing was done, since the node may be well by now',
    }]);
    expect(acts()).toEqual([]);
  });

  test('by its turn is for people, unless it was reported again, or the node has failed', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const policy = { MaxFaultAgeSeconds: 4 * HOUR / 1000 };
    const [one, two, three] = [1, 2, 3].map(number => new Execution(fault('NvidiaErrorTerminate', { instance: instance(number) }), policy));
    for (const execution of [one, two, three]) { await execution.step(); }
    for (const execution of [one, two, three]) { await execution.step(HOUR); }
    expect(await ends(fault('NvidiaErrorTerminate', { instance: instance(2) }), policy)).toBe('Merged');
    nodes[2] = node(3, { InstanceStatus: status('Failure') });
    cluster = { ...cluster, ClusterStatus: 'InService' };
    now += 2 * HOUR;
    expect((await one.step()).Outcome).toBe('Escalated');
    expect(one.told.at(-1)).toBe('Escalated FaultTooOld');
    await two.step();
    await three.step();
    expect(acts()).toEqual(['replace', 'replace']);
  });

  describe('does not age while it waits for a window', () => {
    const Windows = [{ Days: [6], StartMinute: 0, Minutes: 600 }];
    const policy = { Windows, MaxDelaySeconds: 8 * DAY / 1000, MaxFaultAgeSeconds: 4 * HOUR / 1000 };
    const saturday = Date.parse('2026-06-06T00:00:00Z');

    test('and is repaired in it', async () => {
      const execution = new Execution(fault('NvidiaErrorTerminate'), policy);
      await execution.step();
      now = saturday;
      await execution.step();
      expect(acts()).toEqual(['replace']);
    });

    test('and ages in it', async () => {
      const execution = new Execution(fault('NvidiaErrorTerminate'), policy);
      await execution.step();
      cluster = { ...cluster, ClusterStatus: 'Updating' };
      now = saturday;
      await execution.step();
      cluster = { ...cluster, ClusterStatus: 'InService' };
      await execution.step(4 * HOUR + MINUTE);
      expect(execution.notices.at(-1)).toMatchObject({
        Kind: 'Escalated',
        Reason: 'FaultTooOld',
        Message: `${instance(1)} of group workers: the fault was last reported 6721 minutes ago, 241 minutes of which a maintenance window was open; `
          + 'nothing was done, since the node may be well by now',
      });
      expect(acts()).toEqual([]);
    });
  });

  test('of before a reboot that nobody looks after any more does not replace the node', async () => {
    await new Execution(fault('NvidiaErrorReboot', { at: START })).step(); // and dies
    now += 70 * MINUTE;
    const later = new Execution(fault('NvidiaErrorReboot', { id: 'older', at: START - MINUTE }));
    expect(await later.run()).toBe('Repaired');
    expect(acts()).toEqual(['reboot']);
  });

  test('of a future that has not come is one of now', async () => {
    await new Execution(fault('NvidiaErrorReboot', { at: START + 30 * DAY })).step();
    expect(item('node/workers-1').lastFaultAt).toBe(START);
  });
});

describe('a group that lacks nodes', () => {
  test('gives no place to anybody, though others have left theirs', async () => {
    const first = new Execution(fault('NvidiaErrorTerminate'), { MaxAtOnce: 1 });
    await first.step();
    nodes.shift();
    cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) };
    await first.step(90 * MINUTE);
    expect(first.told.at(-1)).toBe('Escalated NotReplacedInTime');
    const second = new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) }), { MaxAtOnce: 1 });
    await second.step();
    expect(second.notices).toMatchObject([{ Reason: 'GroupShort', Message: `${instance(2)} of group workers: group workers has fewer nodes than it should` }]);
    cluster = { ...cluster, InstanceGroups: groups() };
    await second.step(MINUTE);
    expect(acts()).toEqual(['replace', 'replace']);
  });

  test('lacks those that are being replaced, and gives their number of places', async () => {
    await new Execution(fault('NvidiaErrorTerminate')).step();
    nodes.shift();
    cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) };
    await new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) })).step();
    expect(acts()).toEqual(['replace', 'replace']);
  });
});

test('five nodes that the service refuses are none that were touched today', async () => {
  outcome = () => ({ Failed: [{ NodeId: 'x', ErrorCode: 'Strange' as never, Message: 'no' }] });
  nodes = Array.from({ length: 8 }, (_, index) => node(index + 1));
  cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 8, TargetCount: 8 }) };
  for (let number = 1; number <= 5; number++) {
    expect(await ends(fault('NvidiaErrorReboot', { instance: instance(number) }), { MaxPerDay: 5 })).toContain('Escalated Strange');
  }
  outcome = () => ({});
  await new Execution(fault('NvidiaErrorReboot', { instance: instance(6) }), { MaxPerDay: 5 }).step();
  expect(acts()).toHaveLength(6);
  expect(item('group/workers').today).toEqual(['workers-6']);
});

describe('what nobody knows is done to no node', () => {
  test.each(['leave', 'REPLACE', undefined, null, 7, 'constructor'])('a line of the table that asks for %s', async Decision => {
    expect(await ends(fault('Odd'), { Rules: [{ Contains: 'Odd', Decision: Decision as never }] })).toContain('Escalated');
    expect(acts()).toEqual([]);
  });

  test.each([
    ['DryRun', { DryRun: undefined }], ['MaxAtOnce', { MaxAtOnce: NaN }], ['MaxPerDay', { MaxPerDay: '5' }], ['MaxPercentAtOnce', { MaxPercentAtOnce: undefined }],
  ])('a policy without %s', async (name, policy) => {
    const execution = new Execution(fault(), policy as never);
    expect((await execution.step()).Outcome).toBe('Refused');
    expect(execution.notices).toMatchObject([{ Reason: 'PolicyUnclear', Message: expect.stringContaining(name) }]);
    expect(acts()).toEqual([]);
  });

  test('a window that is none is never open', async () => {
    const execution = new Execution(fault(), { Windows: [{ Days: [0, 1, 2, 3, 4, 5, 6], StartMinute: NaN, Minutes: 60 }] });
    expect(await execution.run()).toBe('Refused');
    expect(acts()).toEqual([]);
  });

  test('a node of a Slurm cluster, or of another one, that does not say which group it is in', async () => {
    nodes[0] = node(1, { InstanceGroupName: undefined });
    expect(await ends(fault())).toContain('Refused GroupUnknown');
    cluster = { ...cluster, Orchestrator: { Slurm: {} }, InstanceGroups: [...groups(), { ...groups()[0], InstanceGroupName: 'head', SlurmConfig: { NodeType: 'Controller' } }] };
    now += 2 * HOUR;
    expect(await ends(fault())).toContain('Refused GroupUnknown');
    expect(acts()).toEqual([]);
  });

  test('a node that has moved to another group since its fault', async () => {
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    const execution = new Execution(fault());
    await execution.step();
    nodes[0] = node(1, { InstanceGroupName: 'others' });
    cluster = { ...cluster, ClusterStatus: 'InService' };
    expect((await execution.step(MINUTE)).Outcome).toBe('Refused');
    expect(execution.told.at(-1)).toBe('Refused GroupUnknown');
  });
});

describe('a reboot that goes on', () => {
  test('for longer than five minutes has its own time: what is reported meanwhile is no recurrence', async () => {
    const execution = new Execution(fault());
    await execution.step();
    nodes[0] = node(1, { InstanceStatus: status('Pending') });
    await execution.step(6 * MINUTE);
    expect(await ends(fault('NvidiaErrorReboot', { at: now }))).toBe('Merged');
    await execution.step(6 * MINUTE);
    nodes[0] = node(1);
    expect((await execution.step(2 * MINUTE)).Outcome).toBe('Repaired');
    expect(acts()).toEqual(['reboot']);
  });

  test('for ever is waited for, told once, and is for people in the end', async () => {
    const execution = new Execution(fault());
    await execution.step();
    nodes[0] = node(1, { InstanceStatus: status('Pending') });
    expect(await execution.run()).toBe('Escalated');
    expect(execution.told).toEqual(['Started Reboot', 'Deferred NotRebootedInTime', 'Escalated NotRebootedInTime']);
    expect(acts()).toEqual(['reboot']);
  });

  test('and fails is followed by a replacement, but for a node that runs again by its turn', async () => {
    const execution = new Execution(fault());
    await execution.step();
    nodes[0] = node(1, { InstanceStatus: status('Failure') });
    cluster = { ...cluster, ClusterStatus: 'Updating' };
    await execution.step(10 * MINUTE);
    expect(item('node/workers-1')).toMatchObject({ want: 'Replace', byStatus: true });
    cluster = { ...cluster, ClusterStatus: 'InService' };
    nodes[0] = node(1);
    expect((await execution.step(MINUTE)).Outcome).toBe('Repaired');
    expect(acts()).toEqual(['reboot']);
  });
});

describe('an item that can not be understood', () => {
  const broken = ['{', 'null', '[]', '"x"', '{"open":true}', '{"active":[],"day":"","today":[]}'];

  test.each(broken)('of a node is put aside and told, and other nodes go on: %s', async json => {
    items.set('node/workers-1', { version: 7, json });
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Escalated, Escalated StateBroken');
    expect(items.get('broken/node/workers-1/7')).toEqual({ version: 1, json });
    expect(acts()).toEqual([]);
    await new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) })).step();
    expect(acts()).toEqual(['replace']);
  });

  test.each(broken)('of a group is put aside and told, and its nodes are left alone until tomorrow: %s', async json => {
    items.set('group/workers', { version: 7, json });
    expect(await ends(fault('NvidiaErrorTerminate'))).toBe('Escalated, Escalated StateBroken');
    expect(items.get('broken/group/workers/7')).toEqual({ version: 1, json });
    expect(await ends(fault('NvidiaErrorReboot', { instance: instance(2) }))).toBe('Escalated, Escalated StateBroken');
    now += DAY;
    await new Execution(fault('NvidiaErrorReboot', { instance: instance(3) })).step();
    expect(acts()).toEqual(['reboot']);
  });

  test('of a group takes no place from a node that was rebooted and does not run', async () => {
    const policy = { MaxAtOnce: 1 };
    await new Execution(fault(), policy).step(); // and dies
    nodes[0] = { ...nodes[0], InstanceStatus: status('Pending') };
    items.set('group/workers', { version: 7, json: '{' });
    const second = (number: number) => new Execution(fault('NvidiaErrorReboot', { instance: instance(number) }), policy);
    await second(2).step();
    now += DAY;
    const third = second(3);
    await third.step();
    expect(third.told).toEqual(['Deferred LimitAtOnce']);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Running') };
    await third.step(MINUTE);
    expect(third.told.at(-1)).toBe('Started Reboot');
  });

  test('in the middle of a repair is told', async () => {
    const execution = new Execution(fault());
    await execution.step();
    items.set('node/workers-1', { version: 9, json: '{' });
    expect((await execution.step(MINUTE)).Outcome).toBe('Escalated');
    expect(execution.told.at(-1)).toBe('Escalated StateBroken');
  });
});

describe('the claim on the cluster', () => {
  const step = async (answer: object) => new Remediation(
    service, store, { Operation: 'RemediationStep', ClusterName: 'pod', Policy: POLICY, Execution: `claim-${++executions}`, Event: fault(), Memo: {} },
    () => now, signal, { hold: async () => answer as never },
  ).step();

  test('is asked for before a node is touched', async () => {
    expect(await step({ state: 'Held' })).toMatchObject({ Notice: { Kind: 'Started' } });
  });

  test.each([
    [{ state: 'Other', message: 'theirs' }, 'Refused', 'ClaimedByAnother'],
    [{ state: 'Unknown', message: 'denied', later: false }, 'Refused', 'ClaimUnknown'],
    [{ state: 'Unknown', message: 'throttled', later: true }, 'Deferred', 'ClaimUnknown'],
  ])('which is not held lets nothing be done, and people are told: %j', async (answer, Kind, Reason) => {
    expect((await step(answer)).Notice).toMatchObject({ Kind, Reason, Message: expect.stringContaining('nothing was done') });
    expect(acts()).toEqual([]);
  });
});

test('a node that was busy since its fault, and runs again, may be well: people are told, and a new report is acted upon', async () => {
  nodes[0] = node(1, { InstanceStatus: status('Pending') });
  const execution = new Execution(fault('NvidiaErrorTerminate'));
  await execution.step();
  nodes[0] = node(1);
  expect((await execution.step(MINUTE)).Outcome).toBe('Escalated');
  expect(execution.told).toEqual(['Deferred NodeBusy', 'Escalated BusyMeanwhile']);
  now += MINUTE;
  await new Execution(fault('NvidiaErrorTerminate')).step();
  expect(acts()).toEqual(['replace']);
});

describe('a reboot whose answer is not known', () => {
  const lost = () => { before = operation => { if (operation === 'reboot') { throw failure('TimeoutError'); } }; };

  test('is told as one that was asked for, and not as done where the node was never seen to go down', async () => {
    lost();
    const execution = new Execution(fault());
    expect(await execution.run()).toBe('Escalated');
    expect(execution.told).toEqual(['Started Reboot', 'Escalated RebootUnknown']);
    expect(execution.notices[0].Message).toContain('its answer was lost');
    before = () => undefined;
    expect(await ends(fault())).toBe('Merged');
    expect(acts()).toEqual(['reboot']);
  });

  test('is one that was done where the node was seen to go down', async () => {
    lost();
    const execution = new Execution(fault());
    await execution.step();
    await execution.goesDown();
    expect(await execution.run()).toBe('Repaired');
    expect(execution.told.at(-1)).toBe('Repaired Rebooted');
  });

  test('ends where the node is said to be well, which is no news of a reboot', async () => {
    lost();
    const execution = new Execution(fault());
    await execution.step();
    now += MINUTE;
    await new Execution(well()).step();
    expect((await execution.step(20 * MINUTE)).Outcome).toBe('Ended');
    expect(execution.notices.at(-1)!.Message).toContain('nobody knows whether it was rebooted');
  });

  test('is followed by a replacement where a fault comes that asks for one', async () => {
    lost();
    await new Execution(fault()).run();
    now += 2 * HOUR;
    await new Execution(fault('NvidiaErrorTerminate')).step();
    expect(acts()).toEqual(['reboot', 'replace']);
  });
});

describe('a node that does not come back from its reboot', () => {
  const policy = { MaxAtOnce: 1, MaxDelaySeconds: 4 * HOUR / 1000 };

  test.each(['Pending', 'Failure'])('and is %s keeps its place until it runs', async Status => {
    const first = new Execution(fault(), { ...policy, RequirePatched: true });
    await first.step();
    nodes[0] = { ...nodes[0], InstanceStatus: status(Status) };
    await first.run();
    expect(item('group/workers').active).toEqual({});
    const second = new Execution(fault('NvidiaErrorReboot', { instance: instance(2) }), policy);
    await second.step();
    expect(second.told).toEqual(['Deferred LimitAtOnce']);
    nodes[0] = { ...nodes[0], InstanceStatus: status('Running') };
    await second.step(MINUTE);
    expect(second.told.at(-1)).toBe('Started Reboot');
  });

  test('keeps it also where nobody looks after it any more', async () => {
    await new Execution(fault(), policy).step(); // and dies
    nodes[0] = { ...nodes[0], InstanceStatus: status('Pending') };
    now += 3 * HOUR;
    const second = new Execution(fault('NvidiaErrorReboot', { instance: instance(2) }), policy);
    await second.step();
    expect(second.told).toEqual(['Deferred LimitAtOnce']);
  });
});

describe('a node that is replaced', () => {
  const policy = { MaxAtOnce: 2 };
  const other = (number: number) => new Execution(fault('NvidiaErrorTerminate', { instance: instance(number) }), policy);

  test('and does not go in time keeps its place until it has gone', async () => {
    const first = new Execution(fault('NvidiaErrorTerminate'), { MaxAtOnce: 1 });
    await first.step();
    nodes[0] = { ...nodes[0], InstanceStatus: status('ShuttingDown') };
    await first.run();
    expect(first.told.at(-1)).toBe('Escalated NotReplacedInTime');
    const second = new Execution(fault('NvidiaErrorTerminate', { instance: instance(2) }), { MaxAtOnce: 1 });
    await second.step();
    expect(second.told).toEqual(['Deferred LimitAtOnce']);
    nodes[0] = { ...nodes[0], InstanceId: undefined, InstanceStatus: status('Pending') };
    cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) };
    await second.step(MINUTE);
    expect(second.told).toEqual(['Deferred LimitAtOnce', 'Deferred GroupShort']);
    nodes[0] = node(11, { NodeLogicalId: 'workers-1' });
    cluster = { ...cluster, InstanceGroups: groups() };
    await second.step(MINUTE);
    expect(second.told.at(-1)).toBe('Started Replace');
  });

  test('and has not gone yet does not stand for another one that the group lacks', async () => {
    await other(1).step();
    nodes[0] = { ...nodes[0], InstanceStatus: status('ShuttingDown') };
    nodes[3] = { ...nodes[3], InstanceId: undefined, InstanceStatus: status('Pending') }; // somebody has replaced it by hand
    cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) };
    const second = other(2);
    await second.step();
    expect(second.told).toEqual(['Deferred GroupShort']);
    expect(acts()).toEqual(['replace']);
  });

  test('and has gone is not held against another one, where as many may be away', async () => {
    await other(1).step();
    nodes[0] = { ...nodes[0], InstanceId: undefined, InstanceStatus: status('Pending') };
    cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 3 }) };
    const second = other(2);
    await second.step();
    expect(second.told).toEqual(['Started Replace']);
  });
});

test('a place that another execution has taken since a step began is not given back by it', async () => {
  const taken = { 'workers-1': now + 2 * HOUR };
  items.set('group/workers', { version: 1, json: JSON.stringify({ active: taken, day: '', today: [] }) });
  expect((await new Execution(fault('Unheard')).step()).Outcome).toBe('Escalated');
  expect(item('group/workers').active).toEqual(taken);
});

describe('a claim that was taken over', () => {
  const step = async (takenOverAt: number, at = now, policy: Partial<RemediationPolicy> = {}) => new Remediation(
    service,
    store,
    {
      Operation: 'RemediationStep',
      ClusterName: 'pod',
      Policy: { ...POLICY, ...policy },
      Execution: `heir-${++executions}`,
      Event: fault('NvidiaErrorTerminate', { at }),
      Memo: {},
    },
    () => now, signal, { hold: async () => ({ state: 'Held', takenOverAt }) },
  ).step();
  const listed = () => operations().filter(operation => operation === 'list').length;

  test('leaves faults of before to people', async () => {
    expect((await step(now, now - MINUTE)).Notice).toMatchObject({ Kind: 'Escalated', Reason: 'ClaimTakenOver' });
    expect(acts()).toEqual([]);
  });

  test('lets nothing be done on the same day, and all on the next', async () => {
    expect((await step(now - 2 * HOUR)).Notice).toMatchObject({ Kind: 'Deferred', Reason: 'ClaimTakenOver' });
    now += 12 * HOUR;
    await step(START - 2 * HOUR);
    expect(acts()).toEqual(['replace']);
  });

  describe('with nodes that its former holder has rebooted and that do not run', () => {
    const one = { MaxAtOnce: 1 };
    const takenOverAt = START - 2 * DAY;

    test.each(['Pending', 'Failure', undefined])('leaves each its place: %s', async Status => {
      nodes[2] = { ...nodes[2], InstanceStatus: Status ? status(Status) : undefined };
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Deferred', Reason: 'LimitAtOnce' });
      expect(acts()).toEqual([]);
      nodes[2] = { ...nodes[2], InstanceStatus: status('Running') };
      now += 2 * HOUR; // whoever waits for a turn has died
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Started' });
    });

    test('leaves each its place without logical ids', async () => {
      withoutLogicalIds();
      nodes[2] = { ...nodes[2], InstanceStatus: status('Pending') };
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Deferred', Reason: 'LimitAtOnce' });
      expect(item('group/workers').down).toEqual({ [instance(3)]: instance(3) });
    });

    test('does not hold the broken node itself against it, by whichever id the list tells it', async () => {
      nodes[0] = { ...nodes[0], InstanceStatus: status('Failure') };
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Started' });
      items = new Map();
      const list = jest.spyOn(service, 'listNodes').mockResolvedValue([{ ...nodes[0], NodeLogicalId: undefined } as NodeSummary]);
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Started' });
      expect(list).toHaveBeenCalledTimes(1);
    });

    test('asks of the nodes of this group alone, and of those that have an instance', async () => {
      nodes[2] = { ...nodes[2], InstanceStatus: status('Pending'), InstanceGroupName: 'workers-2' };
      nodes[3] = { ...nodes[3], InstanceStatus: status('Pending'), InstanceId: undefined }; // the group is told to be short of it
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Started' });
      expect(calls.find(({ operation }) => operation === 'list')!.input).toEqual({ InstanceGroupNameContains: 'workers', IncludeNodeLogicalIds: true });
    });

    test('lists most of a group that does not run, instead of describing its nodes one by one', async () => {
      nodes = Array.from({ length: 40 }, (_, index) => node(index + 1, index === 0 ? {} : { InstanceStatus: status('Pending') }));
      cluster = { ...cluster, InstanceGroups: groups({ CurrentCount: 40, TargetCount: 40 }) };
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Deferred', Reason: 'LimitAtOnce' });
      expect(Object.keys(item('group/workers').down ?? {})).toHaveLength(39);
      expect(operations().filter(operation => operation === 'node').length).toBeLessThan(5);
      nodes = nodes.map((each, index) => (index === 20 ? each : { ...each, InstanceStatus: status('Running') }));
      now += 2 * HOUR;
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Deferred', Reason: 'LimitAtOnce' });
      expect(item('group/workers').down).toEqual({ 'workers-21': instance(21) });
      nodes = nodes.map(each => ({ ...each, InstanceStatus: status('Running') }));
      now += 2 * HOUR;
      expect((await step(takenOverAt, now, one)).Notice).toMatchObject({ Kind: 'Started' });
    });

    test('lists the group once for each time that the claim is taken over', async () => {
      nodes[2] = { ...nodes[2], InstanceStatus: status('Pending') };
      await step(takenOverAt, now, one);
      now += 2 * HOUR;
      await step(takenOverAt, now, one);
      expect(listed()).toBe(1);
      const again = now;
      now += 2 * DAY;
      await step(again, now, one);
      expect(listed()).toBe(2);
    });
  });
});
