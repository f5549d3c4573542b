import type { NodeDetails } from '../../../../../lambda/clients/hyperpod-nodes';
import {
  beforeAction, byClaim, byPlace, byRefusal, duringReboot, duringReplacement, end, isOverruled, withoutAction, type Snapshot,
} from '../../../../../lambda/hyperpod/node-operations/remediation/verdict';
import type { Incident, Step } from '../../../../../lambda/hyperpod/node-operations/state';
import type { RemediationPolicy } from '../../../../../src/private/contracts/node-operations';
import { POLICY } from '../policy';

/* The order of reasons: of several that speak against an action, people are told the one that decides. `course.test.ts` has the rest. */

const MINUTE = 60_000;
const NOW = Date.parse('2026-06-01T12:00:00Z');
const INSTANCE = 'i-00000000000000001';

const step = (policy: Partial<RemediationPolicy> = {}): Step => ({ execution: 'me', cluster: 'pod', policy: { ...POLICY, ...policy }, now: NOW });
const incident = (changes: Partial<Incident> = {}): Incident => ({
  open: true,
  owner: 'me',
  leaseUntil: NOW,
  instanceId: INSTANCE,
  logicalId: 'workers-1',
  group: 'workers',
  reason: 'a fault',
  repairAction: 'None',
  eventIds: ['one'],
  openedAt: NOW,
  lastFaultAt: NOW - MINUTE,
  want: 'Replace',
  tries: 0,
  deferred: [],
  closedAt: 0,
  quietUntil: 0,
  outcome: '',
  ...changes,
});
const snapshot = (node: Partial<NodeDetails> = {}, cluster: object = {}): Snapshot => ({
  cluster: {
    ClusterStatus: 'InService', NodeRecovery: 'None', Orchestrator: { Eks: {} }, InstanceGroups: [{ InstanceGroupName: 'workers' }], ...cluster,
  } as never,
  node: { InstanceId: INSTANCE, InstanceGroupName: 'workers', InstanceStatus: { Status: 'Running' }, ...node } as NodeDetails,
});
const busy = { InstanceStatus: { Status: 'Pending' } } as Partial<NodeDetails>;
const closed = [{ Days: [], StartMinute: 0, Minutes: 1 }];

/** A snapshot against which everything speaks, and what is left of it when one reason after another goes. */
const REASONS: readonly [string, Partial<Incident>, Partial<NodeDetails>, object, Partial<RemediationPolicy>][] = [
  ['ReplacedMeanwhile', { wellAt: NOW }, { InstanceId: 'i-00000000000000002' }, {}, { DryRun: true }],
  ['WellAgain', { wellAt: NOW, busyAt: NOW, byStatus: true }, {}, {}, { DryRun: true }],
  ['HealthUnclear', { wellAt: NOW - MINUTE, busyAt: NOW, byStatus: true }, {}, {}, { DryRun: true }],
  ['Rebooted', { busyAt: NOW, byStatus: true }, {}, {}, { DryRun: true }],
  ['BusyMeanwhile', { busyAt: NOW }, {}, { NodeRecovery: 'Automatic' }, { MaxAtOnce: 0 }],
  ['PolicyUnclear', { repairAction: 'Reboot' }, {}, { NodeRecovery: 'Automatic' }, { MaxAtOnce: 0 }],
  ['HyperPodRecovers', { repairAction: 'Reboot' }, {}, { NodeRecovery: 'Automatic', InstanceGroups: [] }, {}],
  ['GroupUnknown', { lastFaultAt: 0 }, {}, { InstanceGroups: [] }, { RequirePatched: true }],
  ['NeverPatched', { lastFaultAt: 0 }, {}, {}, { RequirePatched: true, DryRun: true }],
  ['FaultTooOld', { lastFaultAt: 0 }, {}, {}, { DryRun: true }],
  ['WouldReplace', {}, busy, { ClusterStatus: 'Updating' }, { DryRun: true, Windows: closed }],
  ['ClusterNotInService', {}, busy, { ClusterStatus: 'Updating' }, { Windows: closed }],
  ['NodeBusy', {}, busy, {}, { Windows: closed }],
  ['OutsideWindow', {}, {}, {}, { Windows: closed }],
];

test.each(REASONS)('%s comes before all that follow', (reason, changes, node, cluster, policy) => {
  expect(beforeAction(incident(changes), snapshot(node, cluster), step(policy))).toMatchObject({ why: { reason } });
});

test('nothing speaks against the repair of a node that is broken, in a group that is known', () => {
  expect(beforeAction(incident(), snapshot(), step())).toBeUndefined();
});

test('a fault waits for its turn until that would come too late', () => {
  const wait = beforeAction(incident(), snapshot(busy), step());
  expect(wait).toEqual({ next: 'Wait', milliseconds: MINUTE, why: expect.anything(), keep: { busyAt: NOW } });
  const late = incident({ openedAt: NOW - 24 * 60 * MINUTE });
  expect(beforeAction(late, snapshot(busy), step())).toMatchObject({ next: 'End', kind: 'Refused', why: { reason: 'NodeBusy' } });
});

test('a claim that others hold is refused, one that nobody can read waits where that may help', () => {
  expect(byClaim({ state: 'Held' }, incident(), step())).toBeUndefined();
  expect(byClaim({ state: 'Other', message: '' }, incident(), step())).toMatchObject({ next: 'End', kind: 'Refused' });
  expect(byClaim({ state: 'Unknown', message: '', later: true }, incident(), step())).toMatchObject({ next: 'Wait' });
  expect(byClaim({ state: 'Unknown', message: '', later: false }, incident(), step())).toMatchObject({ next: 'End', kind: 'Refused' });
  expect(byClaim({ state: 'Held', takenOverAt: NOW - MINUTE }, incident(), step())).toMatchObject({ next: 'End', kind: 'Escalated' });
});

test.each([
  ['Taken', undefined], ['Full', 'Wait'], ['Short', 'Wait'], ['Unlisted', 'Wait'], ['DayFull', 'End'], ['Broken', 'End'],
] as const)('a place that is %s: %s', (place, next) => expect(byPlace(place, incident(), step())?.next).toBe(next));

test('a refusal is tried again where that may help, twelve times', () => {
  const refusal = { reason: 'InstanceIdInUse', message: 'in use', later: true, gone: false };
  expect(byRefusal(refusal, incident({ tries: 11 }), step())).toMatchObject({ next: 'Wait' });
  expect(byRefusal(refusal, incident({ tries: 12 }), step())).toMatchObject({ kind: 'Escalated' });
  expect(byRefusal({ ...refusal, later: false }, incident({ tries: 1 }), step())).toMatchObject({ kind: 'Escalated' });
  expect(byRefusal({ ...refusal, gone: true }, incident({ tries: 1 }), step())).toMatchObject({ kind: 'Ended', why: { reason: 'NodeGone' } });
});

test('a node that is being replaced is waited for until it has come or its time is over, when it keeps its place', () => {
  const doing = (minutes: number) => incident({ doing: { action: 'Replace', at: NOW - minutes * MINUTE, nonce: 'n' } });
  expect(duringReplacement(doing(89), snapshot(busy), false, step())).toEqual({ next: 'Wait', milliseconds: MINUTE });
  expect(duringReplacement(doing(90), snapshot(busy), false, step())).toMatchObject({ kind: 'Escalated', keep: { isDown: true } });
  expect(duringReplacement(doing(90), snapshot({ InstanceId: 'i-new' }), true, step())).toMatchObject({ kind: 'Repaired', instanceId: 'i-new' });
});

test.each([
  [9, 'Running', {}, { next: 'Wait' }],
  [10, 'Running', {}, { kind: 'Repaired' }],
  [10, 'Failure', {}, { next: 'Proceed', keep: { want: 'Replace', byStatus: true, isDown: true } }],
  [10, 'Pending', {}, { next: 'Wait', keep: expect.anything() }],
  [20, 'Pending', {}, { next: 'Wait', why: { reason: 'NotRebootedInTime' } }],
  [24 * 60, 'Pending', {}, { kind: 'Escalated', keep: { isDown: true } }],
  [30, 'Running', { lastFaultAt: NOW }, { next: 'Proceed', keep: { want: 'Replace', byStatus: false } }],
  [30, 'Running', { graverAt: NOW - 29 * MINUTE }, { kind: 'Escalated', why: { reason: 'FaultDuringReboot' } }],
  [30, 'Running', { strangeAt: NOW }, { kind: 'Escalated', why: { reason: 'NotInTable' } }],
] as const)('%i minutes after a reboot, %s, with %j: %j', (minutes, Status, changes, verdict) => {
  const at = NOW - minutes * MINUTE;
  const doing = { action: 'Reboot', at, nonce: 'n', downAt: at + MINUTE, upAt: at + 6 * MINUTE } as const;
  const watched = incident({ want: 'Reboot', lastFaultAt: at - MINUTE, doing, ...changes });
  expect(duringReboot(watched, snapshot({ InstanceStatus: { Status } }), step())).toMatchObject(verdict);
});

test('what needs no action ends at once', () => {
  expect(withoutAction(incident({ want: 'Leave' }), step())).toMatchObject({ kind: 'Left' });
  expect(withoutAction(incident({ want: 'Escalate' }), step())).toMatchObject({ kind: 'Escalated', why: { reason: 'LeftToPeople' } });
  expect(withoutAction(incident({ want: 'Reboot' }), step())).toBeUndefined();
});

test('an end is overruled by a further fault of what it calls repaired, and by a graver one of what it leaves', () => {
  const repaired = end('Repaired', { reason: 'Rebooted', message: '' });
  expect(isOverruled(repaired, incident(), incident())).toBe(false);
  expect(isOverruled(repaired, incident(), incident({ lastFaultAt: NOW }))).toBe(true);
  const left = end('Left', { reason: 'NoRepairNeeded', message: '' });
  expect(isOverruled(left, incident({ want: 'Leave' }), incident({ want: 'Leave', lastFaultAt: NOW }))).toBe(false);
  expect(isOverruled(left, incident({ want: 'Leave' }), incident({ want: 'Replace' }))).toBe(true);
});
