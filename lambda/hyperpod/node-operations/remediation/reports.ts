import { decide, gravityOf, lineFor, type Fault } from '../fault';
import { isTouchable } from '../nodes';
import { AMID_REBOOT, LEFT_TO_PEOPLE, NOT_IN_TABLE, RECURS, SHOWN, UNANSWERED, WELL, noticeOf } from './notices';
import type { FaultDecision } from '../../../../src/private/contracts/node-operations';
import type { NodeDetails } from '../../../clients/hyperpod-nodes';
import { LEASE_MS, asideOf, incidentId, type Action, type Change, type Incident, type Step } from '../state';

/* What a report of a node makes of its incident. Everything here is pure: an incident and a report in, an incident out. */

const SECOND = 1_000;
/** Reports within this time of an action may still be about what led to it. */
export const ECHO_MS = 5 * 60 * SECOND;
const MAX_EVENT_IDS = 20;

/** A report of a fault, with the node that it is about. */
export interface FaultReport {
  readonly fault: Fault;
  readonly node: NodeDetails;
  /** The replacement that the node may come from, where no logical id tells. */
  readonly replacement?: Action;
}

/** A report that a node is well. */
export interface WellReport {
  readonly node: NodeDetails;
  readonly instanceId: string;
  readonly at: number;
}

/** The incident that an execution has to look after now. `Merged`: somebody else does, or nothing is to be done. */
export type Claimed = Incident | 'Merged';

/**
 * Opens an incident for a fault, or adds the fault to the incident that there is. An execution takes an incident over when the lease of
 * its owner has ended: then nobody looks after it any more.
 */
export function claimNode(before: Incident | undefined, wasBroken: boolean, report: FaultReport, step: Step): Change<Incident, Claimed> {
  const { fault, node } = report;
  if (before?.owner === step.execution) { return { result: before }; } // an earlier try of this step has opened it
  if (isBeforeLaunch(fault, node)) { return { result: 'Merged' }; } // the fault was one of the instance before
  if (!before) { return opened(undefined, wasBroken, report, [fault.eventId], step); }

  const decision = decide(fault, step.policy.Rules);
  const isOther = before.instanceId !== fault.instanceId;
  if (!isOther && fault.at < (before.wellAt ?? 0)) { return { result: 'Merged' }; }
  const isHeld = before.open && before.leaseUntil > step.now;
  const isKnown = before.eventIds.includes(fault.eventId);
  const reopens = isOther || isGraver(decision, before) || saysMore(fault, before, step);
  if (isKnown && isHeld) { return { result: 'Merged' }; }
  if (!before.open && (isKnown || (!reopens && isOld(fault, before)))) { return { result: 'Merged' }; }

  const eventIds = isKnown ? before.eventIds : [...before.eventIds, fault.eventId].slice(-MAX_EVENT_IDS);
  const joined = () => withFault({ ...before, eventIds }, report, decision, step);
  if (before.open && before.doing && !(isOther && before.doing.action === 'Reboot')) {
    return isHeld ? { item: joined(), result: 'Merged' } : takenOver(joined(), step); // what was begun is watched, and not begun again
  }
  if (!isOther && isHeld) { return { item: joined(), result: 'Merged' }; }
  if (!isOther && !before.open && !reopens && before.quietUntil > step.now) { return { item: { ...before, eventIds }, result: 'Merged' }; }
  const waitsForMore = before.open && !isOther && gravityOf(decision) < gravityOf(before.want);
  return waitsForMore ? takenOver(joined(), step) : opened(before, wasBroken, report, eventIds, step);
}

/** Notes that a node is well, and ends the incident that waits for its turn. */
export function noteWell(before: Incident | undefined, wasBroken: boolean, report: WellReport, step: Step): Change<Incident, Claimed> {
  const { node, instanceId, at } = report;
  if (wasBroken) { return { result: 'Merged' }; } // whoever reports a fault is told of it
  if (before?.endedBy === step.execution) { return { result: before }; }
  if (before?.instanceId !== instanceId) {
    if (before?.open) { return { result: 'Merged' }; }
    const { last, eventIds = [], closedAt = 0 } = before ?? {};
    const item: Incident = { ...blank(node, instanceId, step), open: false, eventIds, closedAt, outcome: 'Well', last, wellAt: at };
    return { item, result: 'Merged' };
  }
  const wellAt = Math.max(before.wellAt ?? 0, at);
  /* A fault after this is another one, of which people are told. They needn't hear twice of one that needs no repair. */
  const isOver = !before.open && wellAt > before.lastFaultAt && before.outcome !== 'Left';
  const item = { ...before, wellAt, quietUntil: isOver ? 0 : before.quietUntil };
  if (!before.open || before.doing || wellAt <= before.lastFaultAt) { return { item, result: 'Merged' }; }
  const notice = noticeOf('Ended', before, WELL, step);
  const ended = { ...item, open: false, closedAt: step.now, quietUntil: 0, outcome: 'Ended', notice, endedBy: step.execution };
  return { item: ended, result: ended };
}

/** An incident with what a look at its node tells of the reboot that is watched. */
export function sighted(incident: Incident, node: NodeDetails | undefined, step: Step): Incident {
  const { doing } = incident;
  if (!doing || node?.InstanceId !== incident.instanceId) { return incident; }
  return { ...incident, doing: { ...doing, ...sighting(doing, node.InstanceStatus?.Status, step) } };
}

/**
 * When a reboot was over for sure: when the node was first seen to run after it was seen not to, or when it had the time that a reboot
 * may take. A fault before that may be the one that led to it.
 */
export function endOf({ at, downAt, upAt = Infinity }: Action, { policy }: Step): number {
  const longest = at + policy.RebootTimeoutSeconds * 1000;
  return Math.max(at + ECHO_MS, downAt ?? 0, downAt === undefined ? longest : Math.min(upAt, longest));
}

/** Whether nobody knows if a reboot has happened: the service did not say so, and the node was never seen to go down. */
export function isUnknown({ action, unanswered, downAt }: Action): boolean {
  return action === 'Reboot' && unanswered === true && downAt === undefined;
}

/** The last action that matters for an instance: a reboot of another one does not. */
export function lastOf(incident: Incident | undefined, instanceId: string): Action | undefined {
  const { nonce: _, counted: __, ...doing } = incident?.doing ?? {} as Partial<NonNullable<Incident['doing']>>;
  const last = incident?.doing ? doing as Action : incident?.last;
  return last?.action === 'Reboot' && (last.instanceId ?? incident!.instanceId) !== instanceId ? undefined : last;
}

/** How long a node that fails again has the same fault, in milliseconds. */
export function recurrence({ policy }: Step): number {
  return policy.RecurrenceSeconds * 1000;
}

/** A new incident, with what is known of the one before. */
function opened(
  before: Incident | undefined, wasBroken: boolean, { fault, node, replacement }: FaultReport, eventIds: readonly string[], step: Step,
): Change<Incident, Claimed> {
  const last = lastOf(before, fault.instanceId) ?? replacement;
  const { want, because } = wasBroken ? afterBroken(node, fault) : wanted(fault, last, step);
  const incident: Incident = {
    ...blank(node, fault.instanceId, step),
    reason: reasonOf(fault),
    repairAction: fault.repairAction,
    eventIds,
    lastFaultAt: fault.at,
    want,
    gravest: decide(fault, step.policy.Rules),
    because,
    last,
    closedAt: before?.closedAt ?? 0,
    wellAt: before?.instanceId === fault.instanceId ? before.wellAt : undefined,
  };
  return { item: incident, result: incident };
}

function takenOver(incident: Incident, { execution, now }: Step): Change<Incident, Claimed> {
  const item = { ...incident, owner: execution, leaseUntil: now + LEASE_MS };
  return { item, result: item };
}

/** An incident of which nothing is known yet. */
function blank(node: NodeDetails, instanceId: string, { execution, now }: Step): Incident {
  return {
    open: true,
    owner: execution,
    leaseUntil: now + LEASE_MS,
    instanceId,
    logicalId: node.NodeLogicalId ?? '',
    group: node.InstanceGroupName ?? '',
    reason: '',
    eventIds: [],
    openedAt: now,
    lastFaultAt: 0,
    want: 'Leave',
    tries: 0,
    deferred: [],
    closedAt: 0,
    quietUntil: 0,
    outcome: '',
  };
}

/** An open incident with a further fault of its node, or of the instance that comes in the place of one which is being replaced. */
function withFault(before: Incident, { fault, node }: FaultReport, decision: FaultDecision, step: Step): Incident {
  if (decision === 'Leave') { return before; }
  const graver = isGraver(decision, before);
  const joined = {
    ...before,
    repairAction: fault.repairAction ?? before.repairAction,
    ...decision === 'Escalate' && before.want !== 'Escalate'
      ? { strangeAt: Math.max(before.strangeAt ?? 0, fault.at) } : { lastFaultAt: Math.max(before.lastFaultAt, fault.at) },
    gravest: graver ? decision : before.gravest,
    byStatus: before.byStatus && (decision === 'Escalate' || fault.at <= before.lastFaultAt),
  };
  if (!before.doing) {
    const { want, because } = wanted(fault, before.last, step);
    return graver ? { ...joined, want, because, reason: reasonOf(fault) } : joined;
  }
  if (before.doing.action === 'Replace') {
    if (before.instanceId === fault.instanceId) { return joined; }
    const first = before.successor !== fault.instanceId; // what its predecessor had says nothing of the new instance
    return { ...joined, successor: fault.instanceId, gravest: first || graver ? decision : before.gravest };
  }
  const graverAt = graver ? Math.max(before.graverAt ?? 0, fault.at) : before.graverAt;
  return { ...joined, graverAt, doing: { ...before.doing, ...sighting(before.doing, node.InstanceStatus?.Status, step) } };
}

/** What a look at a node tells of a reboot: that it goes on, or that it is over. */
function sighting({ at, downAt, upAt }: Action, status: string | undefined, { now }: Step): Pick<Action, 'downAt' | 'upAt'> {
  if (!isTouchable(status)) { return { downAt: now, upAt: undefined }; }
  return status === 'Running' && now >= at + ECHO_MS ? { downAt, upAt: upAt ?? now } : { downAt, upAt };
}

/** What a fault asks for, after what was done about it before. */
function wanted(fault: Fault, last: Action | undefined, step: Step): Pick<Incident, 'want' | 'because'> {
  const { Rules } = step.policy;
  const want = decide(fault, Rules);
  const recent = last !== undefined && step.now - last.at < recurrence(step);
  if (want === 'Leave') { return { want }; }
  if (want === 'Escalate') {
    const because = lineFor(fault, Rules) === undefined ? NOT_IN_TABLE : recent && last.action === 'Replace' ? RECURS : LEFT_TO_PEOPLE;
    return { want, because };
  }
  if (!recent) { return { want }; }
  if (last.action === 'Replace') { return { want: 'Escalate', because: RECURS }; }
  if (want === 'Reboot' && isUnknown(last)) { return { want: 'Escalate', because: UNANSWERED }; }
  return fault.at > endOf(last, step) ? { want: 'Replace' } : { want: 'Escalate', because: AMID_REBOOT };
}

/** A fault of a node whose incident can't be read is for people: nobody knows what was done to the node. */
function afterBroken(node: NodeDetails, { instanceId }: Fault): Pick<Incident, 'want' | 'because'> {
  const message = `what was known of the node could not be read, and is kept below the key ${asideOf(incidentId(node, instanceId), 0).slice(0, -2)}; `
    + 'nothing was done, since nobody knows what was done before';
  return { want: 'Escalate', because: { reason: 'StateBroken', message } };
}

/** Whether a fault asks for more than all that is known of an incident. */
function isGraver(decision: FaultDecision, { gravest, want, notice, open }: Incident): boolean {
  const known = Math.max(gravityOf(gravest ?? want), !open && notice?.Reason === LEFT_TO_PEOPLE.reason ? gravityOf('Reboot') : 0);
  return gravityOf(decision) > known;
}

/**
 * Whether a report says what a closed incident lacked: of two events about one fault, one says more, and either may come first. A
 * remediation that only reported, and repairs by now, lacked the leave to do anything.
 */
function saysMore(fault: Fault, { open, outcome, notice, repairAction }: Incident, { policy }: Step): boolean {
  if (open) { return false; }
  if (outcome === 'DryRun') { return !policy.DryRun; }
  if (notice?.Reason === 'HyperPodRecovers') { return repairAction === undefined && fault.repairAction === 'None'; }
  return notice?.Reason === NOT_IN_TABLE.reason && lineFor(fault, policy.Rules) !== undefined;
}

/** Whether a fault is of a time that a closed incident has dealt with: before its end, or, where a node was repaired, before the repair. */
function isOld(fault: Fault, { outcome, last, closedAt, notice, wellAt }: Incident): boolean {
  if (outcome === 'Repaired' && last) { return fault.at <= Math.max(last.at + ECHO_MS, last.downAt ?? 0); }
  if (outcome === 'Well' || notice?.Reason === WELL.reason) { return fault.at < (wellAt ?? 0); }
  return fault.at <= closedAt;
}

/** Whether a fault is of another instance than the one that its event names: of a time before that was launched. */
function isBeforeLaunch(fault: Fault, { LaunchTime: launched }: NodeDetails): boolean {
  return fault.at > 0 && launched !== undefined && fault.at + SECOND < Number(launched); // times of events are cut to seconds
}

function reasonOf({ reason, recommendation }: Fault): string {
  return `${reason} ${recommendation}`.trim().slice(0, SHOWN);
}
