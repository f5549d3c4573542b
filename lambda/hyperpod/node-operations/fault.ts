import { CLUSTER_EVENT, CLUSTER_STATE_EVENT, NODE_HEALTH_EVENT, type FaultDecision, type FaultRule } from '../../../src/private/contracts/node-operations';
import type { EventMetadata } from '../../clients/hyperpod-nodes';

/** What an event says about a node. */
export interface Fault {
  readonly eventId: string;
  readonly instanceId: string;
  /** What the health agent or the service said, in its own words. */
  readonly reason: string;
  readonly recommendation: string;
  /** What HyperPod itself does about it: `None`, `Reboot`, `Replace`. Unknown where the event doesn't say. */
  readonly repairAction?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether the details of the event came empty, as EventBridge delivers them at times. */
  readonly incomplete: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** That a node is well again. */
export interface Wellness {
  readonly eventId: string;
  readonly instanceId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What an event says of a node that is well, if it does. */
export function wellnessOf(event: unknown): Wellness | undefined {
  const envelope = object(event);
  const detail = object(envelope.detail);
  const [instanceId, at] = [text(detail.InstanceId), timeOf(envelope, detail)];
  const isWell = envelope['detail-type'] === NODE_HEALTH_EVENT && text(object(detail.HealthSummary).HealthStatus) === 'Healthy';
  return isWell && instanceId !== '' && at > 0 ? { eventId: text(envelope.id), instanceId, at } : undefined;
}

/**
 * The fault that an event reports. None where it reports no fault of a node: that a node is well again, that a cluster has changed
 * its state, that an instance group scales.
 */
export function faultOf(event: unknown): Fault | undefined {
  const envelope = object(event);
  const detail = object(envelope['detail-type'] === CLUSTER_EVENT ? object(envelope.detail).EventDetails : envelope.detail);
  const found = { instanceId: text(detail.InstanceId), at: timeOf(envelope, detail) };
  if (found.instanceId === '') { return undefined; }
  if (envelope['detail-type'] === NODE_HEALTH_EVENT) {
    const health = object(detail.HealthSummary);
    if (text(health.HealthStatus) !== 'Unhealthy') { return undefined; }
    return {
      ...found,
      eventId: text(envelope.id),
      reason: text(health.HealthStatusReason),
      recommendation: text(health.Recommendation),
      repairAction: text(health.RepairAction) || undefined,
      incomplete: false,
    };
  }
  if (envelope['detail-type'] === CLUSTER_EVENT && text(detail.EventLevel) !== 'Info') {
    const { EventMetadata: metadata } = object(detail.EventDetails);
    const fault: Fault = {
      ...found,
      eventId: text(detail.EventId) || text(envelope.id),
      reason: [text(detail.Description), reasonOf(metadata)].filter(part => part !== '').join(': '),
      recommendation: '',
      incomplete: reasonOf(metadata) === '',
    };
    return fault.incomplete || isAboutHealth(fault) ? fault : undefined;
  }
  return undefined;
}

/** That a whole cluster has failed. */
export interface ClusterFailure {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

/** The failure of a cluster that an event reports, if it does. */
export function clusterFailureOf(event: unknown): ClusterFailure | undefined {
  const envelope = object(event);
  const { ClusterStatus: status, FailureMessage: message } = object(envelope.detail);
  if (envelope['detail-type'] !== CLUSTER_STATE_EVENT || status !== 'Failed') { return undefined; }
  return { at: Date.parse(text(envelope.time)) || 0, message: text(message) };
}

/** A fault with what DescribeClusterEvent said of it. None where it turns out to be about something else than health. */
export function completed(fault: Fault, metadata: EventMetadata | undefined): Fault | undefined {
  const more = reasonOf(metadata);
  const whole = { ...fault, incomplete: false, reason: more === '' ? fault.reason : `${fault.reason}: ${more}` };
  return isAboutHealth(whole) ? whole : undefined;
}

/** Words of the events by which HyperPod says that a node is broken. Others tell of the life of instances: scripts, capacity, scaling. */
const HEALTH = /unhealthy|health (monitoring|check)|\bHMA\b|fault type|\bXid/i;

function isAboutHealth({ reason }: Fault): boolean {
  return HEALTH.test(reason);
}

/** All texts within the metadata of an event: their places differ from event to event, and whole parts of it come as null. */
function reasonOf(metadata: unknown): string {
  if (typeof metadata === 'string') { return metadata; }
  if (typeof metadata !== 'object' || metadata === null) { return ''; }
  return Object.values(metadata).map(reasonOf).filter(part => part !== '').join(', ');
}

function timeOf(envelope: Json, detail: Json): number {
  const { EventTime: own } = detail;
  return Date.parse(text(own)) || Number(own) || Date.parse(text(envelope.time)) || 0;
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? value as Json : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * What the documentation of HyperPod and of NVIDIA asks for. A reboot is followed by a replacement when the fault comes back, so it
 * stands for all that may be gone after one.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-health-monitoring-agent.html
 */
const DOCUMENTED: readonly FaultRule[] = [
  { Contains: 'NvidiaErrorTerminate', Decision: 'Replace' },
  { Contains: 'NvidiaErrorReboot', Decision: 'Reboot' },
  { Contains: 'XidUserAppError', Decision: 'Leave' }, // a program's mistake: the hardware is well
  { Contains: 'XidHardwareFailure', Decision: 'Reboot' },
  { Contains: 'Please Replace', Decision: 'Replace' },
  { Contains: 'Please Reboot', Decision: 'Reboot' },
];

/** What the table says of a fault: its first line that speaks of it, the user's lines before ours. Nothing where none does. */
export function lineFor(fault: Fault, rules: readonly FaultRule[]): FaultDecision | undefined {
  const said = `${fault.reason}\n${fault.recommendation}`.toLowerCase();
  return [...rules, ...DOCUMENTED].find(rule => said.includes(rule.Contains.toLowerCase()))?.Decision;
}

/** How grave a fault is that asks for something: what is unknown is graver than a program's mistake. */
const GRAVITY: Readonly<Record<FaultDecision, number>> = { Leave: 0, Escalate: 1, Reboot: 2, Replace: 3 };

/** What a fault asks for. One that isn't in the table, or that asks for what nobody knows, is for a human. */
export function decide(fault: Fault, rules: readonly FaultRule[]): FaultDecision {
  const decision = lineFor(fault, rules);
  return decision !== undefined && Object.hasOwn(GRAVITY, decision) ? decision : 'Escalate';
}

/** How grave a decision is: a higher number is graver. */
export function gravityOf(decision: FaultDecision): number {
  return GRAVITY[decision];
}
