import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFailureOf, completed, decide, faultOf, type Fault } from '../../../../lambda/hyperpod/node-operations/fault';

/** The samples of AWS's documentation, whose ids are placeholders. */
const sample = (name: string): any => JSON.parse(readFileSync(join(__dirname, 'events', `${name}.json`), 'utf8'));
const withDetails = (change: object) => {
  const event = sample('hyperpod-cluster-event.capacity-error');
  return { ...event, detail: { EventDetails: { ...event.detail.EventDetails, ...change } } };
};

describe('the samples of the documentation', () => {
  test('a node health event is a fault, with what HyperPod does about it', () => {
    expect(faultOf(sample('hyperpod-cluster-node-health'))).toEqual({
      eventId: '0bd4a141-0a02-9d8a-f977-3924c3fb259c',
      instanceId: 'i-12345678abcdefghi',
      reason: 'HyperPod Health Monitoring Agent (HMA) has detected fault type NvidiaErrorTerminate on this node and is unhealthy.',
      recommendation: 'Please Replace the Faulty Node.',
      repairAction: 'None',
      at: Date.parse('2021-10-25T01:52:12Z'),
      incomplete: false,
    });
  });

  test.each(['hyperpod-cluster-event.capacity-error', 'hyperpod-cluster-event.lifecycle-started', 'hyperpod-cluster-state-change'])(
    '%s is no fault of a node', name => expect(faultOf(sample(name))).toBeUndefined());

  test('a state change tells of a cluster that has failed, and of no other', () => {
    const event = sample('hyperpod-cluster-state-change');
    expect(clusterFailureOf(event)).toBeUndefined();
    const failed = { ...event, detail: { ...event.detail, ClusterStatus: 'Failed', FailureMessage: 'no capacity' } };
    expect(clusterFailureOf(failed)).toEqual({ at: Date.parse('2025-04-28T16:59:01Z'), message: 'no capacity' });
  });
});

describe('events of clusters', () => {
  test('metadata about health makes a fault, wherever in it the text is', () => {
    const fault = faultOf(withDetails({ EventDetails: { EventMetadata: { InstanceHealth: { OrchestratorHealth: { Message: 'fault type NvidiaErrorReboot' } } } } }))!;
    expect(fault).toMatchObject({ instanceId: 'i-0391f86fa0fe0d465', eventId: '83ea0bb5-be77-45e8-a458-0a87f778a205', incomplete: false });
    expect(decide(fault, [])).toBe('Reboot');
    expect(fault.repairAction).toBeUndefined();
  });

  test('what it says is its description, and all texts of its metadata', () => {
    const fault = (Description: unknown) => faultOf(withDetails({ Description, EventDetails: { EventMetadata: { a: 'fault type X', b: { c: null, d: 'y' } } } }))!;
    expect(fault('D')).toMatchObject({ reason: 'D: fault type X, y', recommendation: '' });
    expect(fault(undefined).reason).toBe('fault type X, y');
  });

  test('what the service says of it later is added', () => {
    const fault = faultOf(withDetails({ Description: 'unhealthy', EventDetails: null, EventLevel: undefined }))!;
    expect(fault.reason).toBe('unhealthy');
    expect(completed(fault, undefined)).toMatchObject({ reason: 'unhealthy', incomplete: false });
    expect(completed(fault, { Instance: { FailureMessage: 'x' } })).toMatchObject({ reason: 'unhealthy: x' });
  });

  test('an event of the level Info is no fault', () => {
    expect(faultOf(withDetails({ EventLevel: 'Info', EventDetails: { EventMetadata: { Instance: { Message: 'fault type X' } } } }))).toBeUndefined();
  });

  test('an event without a level is looked at, as older ones are', () => {
    const EventDetails = { EventMetadata: { InstanceHealth: { Message: 'fault type NvidiaErrorReboot' } } };
    expect(faultOf(withDetails({ EventLevel: undefined, EventDetails }))).toMatchObject({ instanceId: 'i-0391f86fa0fe0d465', incomplete: false });
  });

  test.each([
    ['EventMetadata is null', { EventDetails: { EventMetadata: null } }],
    ['its parts are null', { EventDetails: { EventMetadata: { Instance: null, InstanceHealth: null, InstanceMonitor: null } } }],
    ['EventDetails is null', { EventDetails: null }],
    ['it is left out', { EventDetails: undefined }],
  ])('%s: the service has to be asked', (_, change) => {
    const fault = faultOf(withDetails({ ...change, EventLevel: undefined }))!;
    expect(fault.incomplete).toBe(true);
    expect(completed(fault, undefined)).toBeUndefined(); // it can't say more, and the description is about capacity
    expect(completed(fault, { Instance: { FailureMessage: 'HMA found fault type NvidiaErrorTerminate' } })).toMatchObject({ incomplete: false });
  });

  test('the time of the event is its own, as a number, as a text, or that of the envelope', () => {
    const health = { EventDetails: { EventMetadata: { a: 'fault type X' } } };
    expect(faultOf(withDetails(health))!.at).toBe(1748794825350);
    expect(faultOf(withDetails({ ...health, EventTime: '1748794825350' }))!.at).toBe(1748794825350);
    expect(faultOf(withDetails({ ...health, EventTime: null }))!.at).toBe(Date.parse('2026-06-01T17:20:25Z'));
  });
});

test.each([
  undefined, null, 'text', {}, { 'detail-type': 'SageMaker HyperPod Cluster Node Health Event' },
  { 'detail-type': 'SageMaker HyperPod Cluster Node Health Event', 'detail': { InstanceId: 'i-1', HealthSummary: null } },
  { 'detail-type': 'SageMaker HyperPod Cluster Event', 'detail': null },
  { 'detail-type': 'Something Else', 'detail': { InstanceId: 'i-1', ClusterStatus: 'Failed' } },
])('%j is no fault', event => {
  expect(faultOf(event)).toBeUndefined();
  expect(clusterFailureOf(event)).toBeUndefined();
});

test('a node that is well again is no fault', () => {
  const event = sample('hyperpod-cluster-node-health');
  event.detail.HealthSummary.HealthStatus = 'Healthy';
  expect(faultOf(event)).toBeUndefined();
});

describe('the decision table', () => {
  const fault = (reason: string, recommendation = ''): Fault => ({ eventId: '', instanceId: '', reason, recommendation, at: 0, incomplete: false });

  test.each([
    ['fault type NvidiaErrorTerminate', '', 'Replace'],
    ['fault type NvidiaErrorReboot', '', 'Reboot'],
    ['XidHardwareFailure', '', 'Reboot'],
    ['XidUserAppError', '', 'Leave'],
    ['something', 'Please Replace the Faulty Node.', 'Replace'],
    ['something', 'Please reboot the node.', 'Reboot'],
    ['something new', '', 'Escalate'],
  ])('%s / %s: %s', (reason, recommendation, decision) => {
    expect(decide(fault(reason, recommendation), [])).toBe(decision);
  });

  test('lines of the user come first, the first that matches', () => {
    const rules = [{ Contains: 'xid 79', Decision: 'Leave' }, { Contains: 'NvidiaErrorReboot', Decision: 'Escalate' }] as const;
    expect(decide(fault('NvidiaErrorReboot: Xid 79'), rules)).toBe('Leave');
    expect(decide(fault('NvidiaErrorReboot'), rules)).toBe('Escalate');
    expect(decide(fault('NvidiaErrorTerminate'), rules)).toBe('Replace');
  });
});
