import { MAX_STEPS_PER_RUN, type NoticeKind, type RepairAction } from '../../../../src/private/contracts/node-operations';
import type { ClusterDescription, NodeDetails, NodeSummary } from '../../../clients/hyperpod-nodes';
import { openBetween, ownRecovery, unclearPolicy, untilCounted, untilWindow, type Place } from '../guards';
import { clusterObstacle, groupObstacle, groupOf, isTouchable, type Obstacle } from '../nodes';
import { AMID_REBOOT, GONE, LEFT_TO_PEOPLE, RECURS, UNANSWERED, WELL } from './notices';
import type { ClaimAnswer } from '../claim';
import { ECHO_MS, endOf, isUnknown, recurrence } from './reports';
import { asideOf, ledgerId, type Action, type Incident, type Step } from '../state';

/* The decisions of a remediation, in the order in which they are made. Everything here is pure: a snapshot in, the next thing to do out. */

const MINUTE = 60_000;
/** How long a reboot is looked at each minute. */
const EARLY_LOOKS_MS = 6 * MINUTE;
/** The health agent has looked at a rebooted node by then. */
const REBOOT_SETTLED_MS = 10 * MINUTE;
/** Further events about a node that was refused are merged so long: faults come in pairs, and agents repeat themselves. */
const REFUSED_QUIET_MS = 60 * MINUTE;
/** A report that comes later than this may be about a node that is well by now. */
const LATE_MS = 60 * MINUTE;
/** How old a fault may be when something is done about it, where the policy doesn't say. */
const DEFAULT_FAULT_AGE_MS = 24 * 60 * MINUTE;
/** The longest pause before a fault asks for its turn again, where that leaves an execution room for all its steps. */
const LONGEST_TURN_MS = 15 * MINUTE;
/** The parts of the steps of an execution that may pass while a fault waits for its turn, and while a node is watched. */
const TURNS = MAX_STEPS_PER_RUN / 2;
const LOOKS = MAX_STEPS_PER_RUN / 3;
const MAX_TRIES = 12;

const BUSY_MEANWHILE: Obstacle = {
  reason: 'BusyMeanwhile',
  message: 'something else went on with the node after its fault was reported, and nothing says whether the fault has gone; nothing was done',
};
const UNCLEAR_HEALTH: Obstacle = {
  reason: 'HealthUnclear', message: 'the node was said to be well and broken at the same moment; nothing was done',
};
const STRANGE: Obstacle = {
  reason: 'NotInTable', message: 'the node was rebooted and runs again, and has another fault that the decision table does not know or leaves to people',
};

/** The end of an incident, of which people are told. */
export interface End {
  readonly next: 'End';
  readonly kind: NoticeKind;
  readonly why: Obstacle;
  /** How long further reports of the same fault are of no interest. */
  readonly quietMs: number;
  /** The instance that the incident is about from now on: the one that came by a replacement. */
  readonly instanceId?: string;
}

/** A pause. People are told why, once for each reason. */
export interface Wait {
  readonly next: 'Wait';
  readonly milliseconds: number;
  readonly why?: Obstacle;
}

/** The next thing to do about an incident, and what is noted of it before. `Proceed`: the note asks for something else. */
export type Verdict = (End | Wait | { readonly next: 'Proceed' }) & { readonly keep?: Partial<Incident> };

/** A cluster and a node of it as the service describes them. */
export interface Snapshot {
  readonly cluster: ClusterDescription;
  readonly node?: NodeDetails;
  /** All nodes, where the node is to be replaced and nothing says yet that the cluster was ever patched. */
  readonly nodes?: readonly NodeSummary[];
}

/** A refusal of the service: nothing has happened to the node. */
export interface Refusal extends Obstacle {
  /** Whether the action may be accepted later. */
  readonly later: boolean;
  /** Whether the service knows no such node. */
  readonly gone: boolean;
}

export function end(kind: NoticeKind, why: Obstacle, quietMs = 0): End {
  return { next: 'End', kind, why, quietMs };
}

// -------------------------------------------------------------------------------------------------------- before anything is done

/** The end of an incident that asks for no action. Nothing where it asks for one. */
export function withoutAction({ want, because = LEFT_TO_PEOPLE }: Incident, step: Step): Verdict | undefined {
  switch (want) {
    case 'Leave': return end('Left', { reason: 'NoRepairNeeded', message: 'such a fault needs no repair of the node' }, recurrence(step));
    case 'Escalate': return end('Escalated', because, because.reason === AMID_REBOOT.reason ? 0 : recurrence(step));
    default: return undefined;
  }
}

/** Everything that speaks against an action but the claim on the cluster and the limits of the group. Nothing where nothing does. */
export function beforeAction(incident: Incident, { cluster, node, nodes = [] }: Snapshot, step: Step): Verdict | undefined {
  const { policy, now } = step;
  const { wellAt = 0, busyAt = -1, lastFaultAt, group } = incident;
  const action = incident.want as RepairAction;
  if (node?.InstanceId !== incident.instanceId) { return end('Ended', GONE); }
  const status = node.InstanceStatus?.Status;

  if (wellAt > lastFaultAt) { return end('Ended', WELL); }
  if (wellAt > 0 && wellAt === lastFaultAt) { return end('Escalated', UNCLEAR_HEALTH); }
  if (incident.byStatus && status === 'Running') {
    return end('Repaired', { reason: 'Rebooted', message: 'the node runs again, later than expected' });
  }
  if (status === 'Running' && lastFaultAt <= busyAt) { return end('Escalated', BUSY_MEANWHILE); }

  const never = unclearPolicy(policy)
    ?? ownRecovery(cluster, incident.repairAction)
    ?? groupObstacle(cluster, group, policy.ControllerGroups)
    ?? groupUnknown(cluster, node, group)
    ?? (isPatchDue(incident, node, step) ? unpatched(cluster, nodes) : undefined);
  if (never) { return end('Refused', never, REFUSED_QUIET_MS); }
  const old = status === 'Failure' ? undefined : tooOld(incident, step);
  if (old) { return end('Escalated', old); }
  if (policy.DryRun) {
    const would = { reason: `Would${action}`, message: `the remediation reports only; it would ${action.toLowerCase()} the node` };
    return end('DryRun', would, recurrence(step));
  }

  const notInService = clusterObstacle(action, cluster, [node], false);
  if (notInService) { return deferral(incident, notInService, turn(incident, step), step); }
  if (!isTouchable(status)) {
    const busy = { reason: 'NodeBusy', message: status === undefined ? 'the node does not say how it is' : `the node is ${status}` };
    return { ...deferral(incident, busy, turn(incident, step), step), keep: { busyAt: now } };
  }
  const pause = untilWindow(policy.Windows, now);
  if (pause > 0) { return deferral(incident, { reason: 'OutsideWindow', message: 'no maintenance window is open' }, pause, step); }
  return undefined;
}

/** Whether a node may be replaced only once its cluster was patched, and does not say itself that it was. */
export function isPatchDue({ want, instanceId }: Incident, node: NodeDetails | undefined, { policy }: Step): boolean {
  return want === 'Replace' && policy.RequirePatched && node?.InstanceId === instanceId && !node.LastSoftwareUpdateTime;
}

/** What the claim on the cluster says against an action. Nothing where this remediation holds it, and may act. */
export function byClaim(claim: ClaimAnswer, incident: Incident, step: Step): Verdict | undefined {
  if (claim.state === 'Other') { return end('Refused', { reason: 'ClaimedByAnother', message: `nothing was done: ${claim.message}` }, REFUSED_QUIET_MS); }
  if (claim.state === 'Unknown') {
    const message = `nothing was done, since nobody knows which remediation looks after the cluster: ${claim.message}`;
    const why = { reason: 'ClaimUnknown', message };
    return claim.later ? deferral(incident, why, turn(incident, step), step) : end('Refused', why, REFUSED_QUIET_MS);
  }
  if (claim.takenOverAt === undefined) { return undefined; }
  const said = (message: string): Obstacle => (
    { reason: 'ClaimTakenOver', message: `the claim on the cluster was taken over from another remediation, ${message}` });
  const rebootMs = step.policy.RebootTimeoutSeconds * 1000;
  if (incident.lastFaultAt <= claim.takenOverAt + rebootMs) {
    const message = 'and nobody knows whether that one has dealt with the fault, which was reported before or soon after; nothing was done';
    return end('Escalated', said(message));
  }
  const pause = untilCounted(claim.takenOverAt, rebootMs, step.now);
  return pause > 0 ? deferral(incident, said('and nobody knows how many nodes that one touched on the same day (UTC)'), pause, step) : undefined;
}

/** What the limits of the group say against an action. Nothing where the node has a place. */
export function byPlace(place: Place, incident: Incident, step: Step): Verdict | undefined {
  const { group } = incident;
  switch (place) {
    case 'Taken':
      return undefined;
    case 'Full':
    case 'Unlisted':
      return deferral(incident, { reason: 'LimitAtOnce', message: `enough nodes of group ${group} are under repair` }, turn(incident, step), step);
    case 'Short':
      return deferral(incident, { reason: 'GroupShort', message: `group ${group} has fewer nodes than it should` }, turn(incident, step), step);
    case 'DayFull': {
      const message = `so many nodes of group ${group} were touched today as may be; nothing was done`;
      return end('Refused', { reason: 'LimitPerDay', message }, REFUSED_QUIET_MS);
    }
    case 'Broken': {
      const message = `what was known of group ${group} could not be read, and is kept below the key ${asideOf(ledgerId(group), 0).slice(0, -2)}; `
        + 'nothing was done, and no node of the group is touched before tomorrow (UTC)';
      return end('Escalated', { reason: 'StateBroken', message }, REFUSED_QUIET_MS);
    }
  }
}

// ----------------------------------------------------------------------------------------------------------- once it was asked for

/** What follows a refusal of the service. The incident has counted it. */
export function byRefusal({ later, gone, ...why }: Refusal, incident: Incident, step: Step): Verdict {
  if (gone) { return end('Ended', { reason: 'NodeGone', message: why.message }); }
  if (later && incident.tries < MAX_TRIES) { return deferral(incident, why, turn(incident, step), step); }
  const message = `the service refused the action ${incident.tries} times, so that it did not happen: ${why.message}`;
  return end('Escalated', { ...why, message }, recurrence(step));
}

/** What has become of a node that is being replaced. */
export function duringReplacement(incident: Incident, { node }: Snapshot, hasCome: boolean, step: Step): Verdict {
  const { ReplaceTimeoutSeconds: seconds } = step.policy;
  const { at, unanswered } = incident.doing!;
  if (hasCome) {
    const instanceId = node?.InstanceId ?? incident.instanceId;
    if (incident.successor !== undefined && incident.successor === instanceId) { return { ...end('Escalated', RECURS, recurrence(step)), instanceId }; }
    const message = `the node has a new instance${node?.InstanceId ? `: ${node.InstanceId}` : ''}`;
    return { ...end('Repaired', { reason: 'Replaced', message }), instanceId };
  }
  if (step.now - at < seconds * 1000) { return { next: 'Wait', milliseconds: poll(step) }; }
  const message = `the replacement has not come within ${seconds} s; the node is ${node?.InstanceStatus?.Status ?? 'gone'}`
    + (unanswered ? ', and nobody knows whether the service has begun it' : '');
  return { ...end('Escalated', { reason: 'NotReplacedInTime', message }, recurrence(step)), keep: { isDown: true } };
}

/** What has become of a node that is being rebooted. The incident says what this look has told of the reboot. */
export function duringReboot(incident: Incident, { node }: Snapshot, step: Step): Verdict {
  const { now, policy: { RebootTimeoutSeconds, MaxDelaySeconds } } = step;
  const { lastFaultAt, wellAt = 0, graverAt = 0, strangeAt = 0 } = incident;
  if (node?.InstanceId !== incident.instanceId) { return end('Ended', GONE); }
  const doing = incident.doing!;
  const status = node.InstanceStatus?.Status;
  const isLive = lastFaultAt > wellAt;
  const isGraver = graverAt > wellAt;
  const recurs = isLive && doing.upAt !== undefined && lastFaultAt > endOf(doing, step);
  const isSettled = now - doing.at >= REBOOT_SETTLED_MS;
  const wentDownAt = Math.max(doing.at + ECHO_MS, doing.downAt ?? 0);

  if ((recurs || isSettled) && isTouchable(status) && isUnknown(doing)) {
    if (isLive || isGraver) { return end('Escalated', UNANSWERED, recurrence(step)); }
    return end('Ended', { reason: WELL.reason, message: 'the node was said to be well again; nobody knows whether it was rebooted' });
  }
  if (recurs || (isSettled && status === 'Failure')) {
    const { nonce: _, counted: __, ...last } = doing;
    const isDown = recurs ? undefined : true;
    return { next: 'Proceed', keep: { want: 'Replace', because: undefined, byStatus: !recurs, isDown, doing: undefined, last, tries: 0 } };
  }
  if (isSettled && status === 'Running') {
    if ((isLive && lastFaultAt > wentDownAt) || isGraver) { return end('Escalated', AMID_REBOOT); }
    if (strangeAt > Math.max(wentDownAt, wellAt)) { return end('Escalated', STRANGE, recurrence(step)); }
    return end('Repaired', { reason: 'Rebooted', message: 'the node runs again' });
  }
  if (now - doing.at >= Math.max(RebootTimeoutSeconds, MaxDelaySeconds) * 1000) {
    const message = `the node does not run ${Math.round((now - doing.at) / MINUTE)} minutes after its reboot: it is ${status ?? 'silent'}`;
    return { ...end('Escalated', { reason: 'NotRebootedInTime', message }, recurrence(step)), keep: { doing, isDown: true } };
  }
  if (status === 'Running' || now - doing.at < RebootTimeoutSeconds * 1000) { return { next: 'Wait', milliseconds: look(doing, step), keep: { doing } }; }
  const message = `the node does not run ${RebootTimeoutSeconds} s after its reboot, and can't be replaced while it is ${status ?? 'silent'}; it is waited for`;
  return { next: 'Wait', milliseconds: turn(incident, step), why: { reason: 'NotRebootedInTime', message }, keep: { doing } };
}

/** Whether an incident has changed since its end was decided, so that the end does not stand any more. */
export function isOverruled({ kind, why }: End, decided: Incident, now: Incident): boolean {
  const isAnotherFault = now.lastFaultAt > decided.lastFaultAt || now.successor !== decided.successor
    || now.graverAt !== decided.graverAt || now.strangeAt !== decided.strangeAt;
  return (kind === 'Repaired' && isAnotherFault)
    || (now.open && now.want !== decided.want)
    || (why.reason === 'HyperPodRecovers' && now.repairAction !== decided.repairAction);
}

/** When an action that was begun is looked at again: soon after a reboot, so that the node is seen while it is down. */
export function look({ action, at }: Action, step: Step): number {
  return action === 'Reboot' && step.now - at < EARLY_LOOKS_MS ? Math.min(MINUTE, poll(step)) : poll(step);
}

// -------------------------------------------------------------------------------------------------------------------------- reasons

/** A fault waits for its turn, unless that would come later than the policy lets it wait. */
function deferral({ openedAt }: Incident, why: Obstacle, milliseconds: number, { policy, now }: Step): Verdict {
  if (now + milliseconds - openedAt > policy.MaxDelaySeconds * 1000) {
    return end('Refused', { ...why, message: `${why.message}; its next turn would come after \`maxDelay\`` }, REFUSED_QUIET_MS);
  }
  return { next: 'Wait', milliseconds, why };
}

/** A group whose limits nobody knows, or that the node has left. */
function groupUnknown(cluster: ClusterDescription, node: NodeDetails, group: string): Obstacle | undefined {
  if (group !== '' && node.InstanceGroupName === group && groupOf(cluster, group)) { return undefined; }
  const message = node.InstanceGroupName === undefined
    ? 'the service does not say which group the node is in'
    : `the node is in group ${node.InstanceGroupName}; its fault was reported in group ${group || 'unknown'}, or the cluster does not tell of it`;
  return { reason: 'GroupUnknown', message };
}

function unpatched(cluster: ClusterDescription, nodes: readonly NodeSummary[]): Obstacle | undefined {
  const obstacle = clusterObstacle('Replace', cluster, nodes, true);
  return obstacle?.reason === 'NeverPatched' ? obstacle : undefined;
}

/**
 * Why a fault is too old to act upon: the node may be well by now, and nothing that can be asked says how it is. A fault that waits for a
 * maintenance window doesn't age.
 */
function tooOld({ openedAt, lastFaultAt }: Incident, { policy, now }: Step): Obstacle | undefined {
  const { MaxFaultAgeSeconds: seconds, Windows } = policy;
  const late = openedAt - lastFaultAt;
  const obstacle = (message: string) => ({ reason: 'FaultTooOld', message: `${message}; nothing was done, since the node may be well by now` });
  const minutes = (milliseconds: number) => `${Math.round(milliseconds / MINUTE)} minutes`;
  if (lastFaultAt <= 0) { return obstacle('the event does not say when the fault was seen'); }
  if (late > LATE_MS) { return obstacle(`the fault was ${minutes(late)} old when it was reported`); }
  const age = openBetween(Windows, lastFaultAt, now);
  if (age <= (seconds === undefined ? DEFAULT_FAULT_AGE_MS : seconds * 1000)) { return undefined; }
  const within = Windows.length === 0 ? '' : `, ${minutes(age)} of which a maintenance window was open`;
  return obstacle(`the fault was last reported ${minutes(now - lastFaultAt)} ago${within}`);
}

/** How often a node is looked at: less often than asked for where a reboot and a replacement would take too many looks. */
function poll({ policy: { PollSeconds, RebootTimeoutSeconds, ReplaceTimeoutSeconds } }: Step): number {
  return Math.max(PollSeconds, Math.ceil((RebootTimeoutSeconds + ReplaceTimeoutSeconds) / LOOKS)) * 1000;
}

/** When a fault asks for its turn again: the longer it waits already, the later. */
function turn({ openedAt }: Incident, step: Step): number {
  const longest = Math.max(LONGEST_TURN_MS, (step.policy.MaxDelaySeconds * 1000) / TURNS);
  return Math.max(poll(step), Math.min((step.now - openedAt) / 12, longest));
}
