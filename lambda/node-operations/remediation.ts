import { randomUUID } from 'node:crypto';
import { clusterFailureOf, completed, decide, faultOf, gravityOf, lineFor, wellnessOf, type ClusterFailure, type Fault, type Wellness } from './fault';
import {
  comeBack, leavePlace, ledgerAfterBroken, noteDown, ownRecovery, takePlace, uncount, unclearPolicy, untilCounted, untilWindow, type Ledger,
} from './guards';
import {
  byKind, clusterObstacle, failedNodes, groupObstacle, groupOf, hasLogicalIds, isBusy, isInstanceId, isRefusal, isTouchable, mayWorkLater,
  type Obstacle,
} from './nodes';
import type { BatchOutcome, ClusterClaim, ClusterDescription, NodeDetails, NodeService, StateStore } from './ports';
import { BROKEN, asideOf, expiryOf, isIncident, isLedger, mutate, parsed, type Action, type Change, type Incident } from './state';
import {
  MAX_STEPS_PER_RUN,
  type FaultDecision, type Notice, type NoticeKind, type RemediationStepAnswer, type RemediationStepRequest, type RepairAction,
} from '../../src/private/contracts/node-operations';
import { HandlerError, failureOf } from '../shared/errors';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What an execution may need beyond its next wait, before another one takes its incident over. */
const LEASE_MS = 60 * MINUTE;
/** Events within this time of an action may still be about what led to it. */
const ECHO_MS = 5 * MINUTE;
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
/** The longest wait of one step: whoever looks at an execution sees that it lives. */
const LONGEST_WAIT_MS = 6 * 60 * MINUTE;
/** The longest pause before a fault asks for its turn again, where that leaves an execution room for all its steps. */
const LONGEST_TURN_MS = 15 * MINUTE;
/** The parts of the steps of an execution that may pass while a fault waits for its turn, and while a node is watched. */
const TURNS = MAX_STEPS_PER_RUN / 2;
const LOOKS = MAX_STEPS_PER_RUN / 3;
const MAX_TRIES = 12;
const MAX_EVENT_IDS = 20;
const MAX_REPLACED = 100;
const SHOWN = 500;

const RECURS: Obstacle = { reason: 'RecursAfterReplacement', message: 'the node was replaced a short while ago and is broken again' };

const WELL: Obstacle = { reason: 'WellAgain', message: 'the node was said to be well again before anything was done' };
const GONE: Obstacle = { reason: 'ReplacedMeanwhile', message: 'the instance is no longer part of the cluster' };
const AMID_REBOOT: Obstacle = {
  reason: 'FaultDuringReboot',
  message: 'a fault was reported about the time at which the node was being rebooted, and nothing says whether it has gone; nothing more was done',
};
const UNANSWERED: Obstacle = {
  reason: 'RebootUnknown',
  message: 'the service was to be asked to reboot the node, its answer is not known, and the node was never seen to go down; nothing more was done',
};
const BUSY_MEANWHILE: Obstacle = {
  reason: 'BusyMeanwhile',
  message: 'something else went on with the node after its fault was reported, and nothing says whether the fault has gone; nothing was done',
};
const UNCLEAR_HEALTH: Obstacle = {
  reason: 'HealthUnclear', message: 'the node was said to be well and broken at the same moment; nothing was done',
};

const NOT_IN_TABLE: Obstacle = { reason: 'NotInTable', message: 'the decision table has no line for such a fault' };
const STRANGE: Obstacle = {
  reason: NOT_IN_TABLE.reason, message: 'the node was rebooted and runs again, and has another fault that the decision table does not know or leaves to people',
};
const LEFT_TO_PEOPLE: Obstacle = { reason: 'LeftToPeople', message: 'the decision table leaves such a fault to people' };

/** What a step hands to the next one. */
interface Memo {
  readonly id?: string;
}

/** Which incident an execution is about. */
interface Begun {
  readonly id: string;
}

/** The repair of the node that an event is about, in steps. */
export class Remediation {
  private readonly now: number;

  public constructor(
    private readonly service: NodeService, private readonly store: StateStore, private readonly request: RemediationStepRequest,
    private readonly clock: () => number, private readonly signal: AbortSignal, private readonly claim: ClusterClaim = UNCLAIMED,
  ) {
    this.now = clock();
  }

  /** Takes a step. It may be taken twice: the state knows what has been done. */
  public async step(): Promise<RemediationStepAnswer> {
    const memo = this.request.Memo as Memo;
    if (memo.id === undefined) { return this.begin(); }
    const incident = await this.incident(memo.id);
    if (incident === BROKEN) { return this.begin(); }
    if (incident?.owner !== this.request.Execution) { return ended('TakenOver'); }
    if (!incident.open) { // an earlier try of this step ended it, or a report that the node is well
      await this.givePlaceBack(incident);
      return incident.endedBy === undefined ? ended(incident.outcome, incident.notice) : ended(incident.outcome);
    }
    return this.proceed(memo.id, incident);
  }

  /** Understands the event and claims its node. */
  private async begin(): Promise<RemediationStepAnswer> {
    const failure = clusterFailureOf(this.request.Event);
    if (failure) { return this.clusterFailed(failure); }
    const wellness = wellnessOf(this.request.Event);
    if (wellness) { return this.wellAgain(wellness); }
    const reported = faultOf(this.request.Event);
    const whole = reported?.incomplete ? completed(reported, await this.metadata(reported)) : reported;
    if (!whole) { return ended('NoFault'); }
    const fault = { ...whole, at: Math.min(whole.at, this.now) }; // clocks differ, and nothing has happened in the future
    const cluster = await this.cluster();
    const node = cluster && await this.node(fault.instanceId);
    if (!cluster || !node) {
      const begun = await this.begun();
      if (begun) { return this.proceed(...begun); }
      return ended(cluster ? 'NodeGone' : 'ClusterGone'); // an old event: the instance has been replaced
    }
    const id = incidentId(node, fault.instanceId);
    const begun: Begun = { id };
    // whoever takes this step again may not find the node
    await this.store.write(this.noteId, 0, JSON.stringify(begun), expiryOf(this.now));
    const replaced = node.NodeLogicalId ? undefined : await this.replacementBehind(node);
    const claim = await this.change<'Merged' | Incident>(id, (incident, wasBroken) => this.claimNode(incident, wasBroken, fault, node, replaced));
    if (claim === 'Merged') { return ended('Merged'); }
    if (!claim.open) { return ended(claim.outcome, claim.notice); }
    return this.proceed(id, claim);
  }

  /** The incident that an earlier try of the first step has made, though the node is no longer there. */
  private async begun(): Promise<[string, Incident] | undefined> {
    const note = await this.store.read(this.noteId);
    const noted = note && parsed<Begun>(note.json, isBegun);
    if (noted === undefined || noted === BROKEN) { return undefined; }
    const incident = await this.incident(noted.id);
    const mine = incident !== undefined && incident !== BROKEN && incident.open && incident.owner === this.request.Execution;
    return mine ? [noted.id, incident] : undefined;
  }

  private get noteId(): string {
    return `begun/${this.request.Execution}`;
  }

  /** Does what an incident of this execution asks for. */
  private async proceed(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    if (incident.doing) { return this.watch(id, incident); }
    if (incident.want === 'Leave') {
      return this.finish(id, incident, 'Left', { reason: 'NoRepairNeeded', message: 'such a fault needs no repair of the node' }, this.recurrence());
    }
    if (incident.want === 'Escalate') {
      const because = incident.because ?? LEFT_TO_PEOPLE;
      return this.finish(id, incident, 'Escalated', because, because.reason === AMID_REBOOT.reason ? 0 : this.recurrence());
    }
    return this.attempt(id, incident);
  }

  /** Notes that a node is well, and ends the incident that waits for its turn. */
  private async wellAgain({ instanceId, at: said }: Wellness): Promise<RemediationStepAnswer> {
    const at = Math.min(said, this.now);
    const cluster = await this.cluster();
    const node = cluster && await this.node(instanceId);
    if (!cluster || !node) { return ended('NoFault'); }
    const id = incidentId(node, instanceId);
    const closed = await this.change<Incident | 'Merged'>(id, (before: Incident | undefined, wasBroken) => {
      if (wasBroken) { return { result: 'Merged' }; } // whoever reports a fault is told of it
      if (before?.endedBy === this.request.Execution) { return { result: before }; }
      if (before && before.instanceId !== instanceId && before.open) { return { result: 'Merged' }; }
      if (before?.instanceId !== instanceId) {
        const { last, eventIds = [], closedAt = 0 } = before ?? {};
        const item: Incident = { ...this.fresh(node, instanceId), open: false, eventIds, closedAt, outcome: 'Well', last, wellAt: at };
        return { item, result: 'Merged' };
      }
      const wellAt = Math.max(before.wellAt ?? 0, at);
      /* A fault that comes after this is another one, of which people are told; what needs no repair they needn't hear of twice. */
      const isOver = !before.open && wellAt > before.lastFaultAt && before.outcome !== 'Left';
      const item = { ...before, wellAt, quietUntil: isOver ? 0 : before.quietUntil };
      if (!before.open || before.doing || item.wellAt <= before.lastFaultAt) { return { item, result: 'Merged' }; }
      const notice = this.notice('Ended', before, WELL);
      const end = { ...item, open: false, closedAt: this.now, quietUntil: 0, outcome: 'Ended', notice, endedBy: this.request.Execution };
      return { item: end, result: end };
    });
    if (closed === 'Merged') { return ended('NoFault'); }
    await this.givePlaceBack(closed);
    return ended(closed.outcome, closed.notice);
  }

  /** Tells people of a cluster that has failed: no node of it can be repaired. */
  private async clusterFailed({ at, message }: ClusterFailure): Promise<RemediationStepAnswer> {
    const notice: Notice = {
      Kind: 'Escalated',
      Reason: 'ClusterFailed',
      Message: `the cluster has failed${message === '' ? '' : `: ${message}`}`.slice(0, SHOWN),
      ClusterName: this.request.ClusterName,
      InstanceGroupName: '',
      InstanceId: '',
      NodeLogicalId: '',
      Action: 'Escalate',
      Fault: message.slice(0, SHOWN),
    };
    return this.change<RemediationStepAnswer>('cluster', (before: { owner: string; at: number } | undefined) => {
      const told = before && before.owner !== this.request.Execution && at - before.at < REFUSED_QUIET_MS;
      return told ? { result: ended('Merged') } : { item: { owner: this.request.Execution, at }, result: ended('Escalated', notice) };
    });
  }

  /** Makes a fault an incident of this execution, or a part of the incident that there is. */
  private claimNode(
    before: Incident | undefined, wasBroken: boolean, fault: Fault, node: NodeDetails, replaced: Action | undefined,
  ): Change<Incident, 'Merged' | Incident> {
    if (before?.owner === this.request.Execution) { return { result: before }; }
    const decision = decide(fault, this.request.Policy.Rules);
    const another = before !== undefined && before.instanceId !== fault.instanceId;
    const reopens = before !== undefined && (another || this.isGraver(decision, before) || this.saysMore(fault, before));
    if (isBeforeLaunch(fault, node)) { return { result: 'Merged' }; } // of the instance that was there before
    if (before && !another && fault.at < (before.wellAt ?? 0)) { return { result: 'Merged' }; }
    const held = before?.open === true && before.leaseUntil > this.now;
    const isKnown = before?.eventIds.includes(fault.eventId) === true;
    if (isKnown && held) { return { result: 'Merged' }; }
    if (before && !before.open && (isKnown || (!reopens && isOld(fault, before)))) { return { result: 'Merged' }; }
    const eventIds = isKnown ? before!.eventIds : [...before?.eventIds ?? [], fault.eventId].slice(-MAX_EVENT_IDS);
    if (before?.open && before.doing && !(another && before.doing.action === 'Reboot')) {
      const joined = this.joined({ ...before, eventIds }, fault, decision, another, node);
      if (held) { return { item: joined, result: 'Merged' }; }
      // nobody looks after what was begun: it is watched, and not begun again
      const item = { ...joined, owner: this.request.Execution, leaseUntil: this.now + LEASE_MS };
      return { item, result: item };
    }
    if (before && !another && (before.open ? held : !reopens && before.quietUntil > this.now)) {
      return { item: before.open ? this.joined({ ...before, eventIds }, fault, decision, false, node) : { ...before, eventIds }, result: 'Merged' };
    }
    if (before?.open && !another && !before.doing && gravityOf(decision) < gravityOf(before.want)) {
      // nobody looks after what waits and is graver: it waits again
      const joined = this.joined({ ...before, eventIds }, fault, decision, false, node);
      const item = { ...joined, owner: this.request.Execution, leaseUntil: this.now + LEASE_MS };
      return { item, result: item };
    }
    const last = lastOf(before, fault.instanceId) ?? replaced;
    const { want, because } = wasBroken ? this.afterBroken(node, fault) : this.wanted(fault, last);
    const incident: Incident = {
      ...this.fresh(node, fault.instanceId),
      reason: `${fault.reason} ${fault.recommendation}`.trim().slice(0, SHOWN),
      repairAction: fault.repairAction,
      eventIds,
      lastFaultAt: fault.at,
      want,
      gravest: decision,
      because,
      last,
      closedAt: before?.closedAt ?? 0,
      wellAt: another ? undefined : before?.wellAt,
    };
    return { item: incident, result: incident };
  }

  /** An incident of which nothing is known yet. */
  private fresh(node: NodeDetails, instanceId: string): Incident {
    return {
      open: true,
      owner: this.request.Execution,
      leaseUntil: this.now + LEASE_MS,
      instanceId,
      logicalId: node.NodeLogicalId ?? '',
      group: node.InstanceGroupName ?? '',
      reason: '',
      eventIds: [],
      openedAt: this.now,
      lastFaultAt: 0,
      want: 'Leave',
      tries: 0,
      deferred: [],
      closedAt: 0,
      quietUntil: 0,
      outcome: '',
    };
  }

  /** An open incident with a further fault of its node. */
  private joined(before: Incident, fault: Fault, decision: FaultDecision, another: boolean, node: NodeDetails): Incident {
    if (decision === 'Leave') { return before; }
    const graver = this.isGraver(decision, before);
    const joined = {
      ...before,
      repairAction: fault.repairAction ?? before.repairAction,
      ...decision === 'Escalate' && before.want !== 'Escalate'
        ? { strangeAt: Math.max(before.strangeAt ?? 0, fault.at) } : { lastFaultAt: Math.max(before.lastFaultAt, fault.at) },
      gravest: graver ? decision : before.gravest,
      byStatus: before.byStatus && (decision === 'Escalate' || fault.at <= before.lastFaultAt),
    };
    if (!before.doing) {
      const { want, because } = this.wanted(fault, before.last);
      return graver ? { ...joined, want, because, reason: `${fault.reason} ${fault.recommendation}`.trim().slice(0, SHOWN) } : joined;
    }
    if (before.doing.action === 'Replace') {
      if (!another) { return joined; }
      const first = before.successor !== fault.instanceId; // what its predecessor had says nothing of the new instance
      return { ...joined, successor: fault.instanceId, gravest: first || graver ? decision : before.gravest };
    }
    const graverAt = graver ? Math.max(before.graverAt ?? 0, fault.at) : before.graverAt;
    return { ...joined, graverAt, doing: { ...before.doing, ...this.sighting(before.doing, node.InstanceStatus?.Status) } };
  }

  /** What a look at a node tells of a reboot: that it goes on, or that it is over. */
  private sighting({ at, downAt, upAt }: Action, status: string | undefined): Pick<Action, 'downAt' | 'upAt'> {
    if (!isTouchable(status)) { return { downAt: this.now, upAt: undefined }; }
    return status === 'Running' && this.now >= at + ECHO_MS ? { downAt, upAt: upAt ?? this.now } : { downAt, upAt };
  }

  /** Whether a fault asks for more than all that is known of an incident. */
  private isGraver(decision: FaultDecision, { gravest, want, notice, open }: Incident): boolean {
    const known = Math.max(gravityOf(gravest ?? want), !open && notice?.Reason === LEFT_TO_PEOPLE.reason ? gravityOf('Reboot') : 0);
    return gravityOf(decision) > known;
  }

  /**
   * The replacement that a node without a logical id may come from: one in its group, since which the node was launched. It can't be
   * told from a node that came by scaling, so either is left to people when it breaks soon after.
   */
  private async replacementBehind({ InstanceGroupName: group = '', LaunchTime: launched }: NodeDetails): Promise<Action | undefined> {
    const item = await this.store.read(ledgerId(group));
    const ledger = item && parsed<Ledger>(item.json, isLedger);
    const times = ledger === BROKEN ? [] : ledger?.replaced ?? [];
    const at = times.find(time => time <= Number(launched) && this.now - time < this.recurrence());
    return at === undefined ? undefined : { action: 'Replace', at };
  }

  /**
   * Whether an incident was ended without touching the node for the lack of what this event says: of two events about one fault, one
   * says more, and either may come first. Also whether it was ended since nothing was to be touched, and now it is.
   */
  private saysMore(fault: Fault, { open, outcome, notice, repairAction }: Incident): boolean {
    if (open) { return false; }
    const { DryRun, Rules } = this.request.Policy;
    if (outcome === 'DryRun') { return !DryRun; }
    if (notice?.Reason === 'HyperPodRecovers') { return repairAction === undefined && fault.repairAction === 'None'; }
    return notice?.Reason === NOT_IN_TABLE.reason && lineFor(fault, Rules) !== undefined;
  }

  /** What a fault asks for, after what was done about it before. */
  private wanted(fault: Fault, last: Action | undefined): Pick<Incident, 'want' | 'because'> {
    const { Rules } = this.request.Policy;
    const want = decide(fault, Rules);
    const recent = last !== undefined && this.now - last.at < this.recurrence();
    if (want === 'Leave') { return { want }; }
    if (want === 'Escalate') {
      const because = lineFor(fault, Rules) === undefined ? NOT_IN_TABLE : recent && last.action === 'Replace' ? RECURS : LEFT_TO_PEOPLE;
      return { want, because };
    }
    if (!recent) { return { want }; }
    if (last.action === 'Replace') { return { want: 'Escalate', because: RECURS }; }
    if (want === 'Reboot' && isUnknown(last)) { return { want: 'Escalate', because: UNANSWERED }; }
    return fault.at > this.endOf(last) ? { want: 'Replace' } : { want: 'Escalate', because: AMID_REBOOT };
  }

  /**
   * When a reboot was over for sure: when the node was first seen to run after it was seen not to, or when it had the time that a reboot
   * may take. A fault before that may be the one that led to it.
   */
  private endOf({ at, downAt, upAt = Infinity }: Action): number {
    const longest = at + this.request.Policy.RebootTimeoutSeconds * 1000;
    return Math.max(at + ECHO_MS, downAt ?? 0, downAt === undefined ? longest : Math.min(upAt, longest));
  }

  /** What a fault asks for of whose node nobody knows what was done to it. */
  private afterBroken(node: NodeDetails, { instanceId }: Fault): Pick<Incident, 'want' | 'because'> {
    const message = `what was known of the node could not be read, and is kept below the key ${asideOf(incidentId(node, instanceId), 0).slice(0, -2)}; `
      + 'nothing was done, since nobody knows what was done before';
    return { want: 'Escalate', because: { reason: 'StateBroken', message } };
  }

  /** Repairs a node if nothing speaks against it. */
  private async attempt(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const { Policy } = this.request;
    const action = incident.want as RepairAction;
    const cluster = await this.cluster();
    if (!cluster) { return this.clusterGone(id, incident); }
    const node = await this.node(incident.logicalId || incident.instanceId);
    if (node?.InstanceId !== incident.instanceId) { return this.finish(id, incident, 'Ended', GONE); }
    const status = node.InstanceStatus?.Status;
    const { wellAt = 0, lastFaultAt } = incident;
    if (wellAt > lastFaultAt) { return this.finish(id, incident, 'Ended', WELL); }
    if (wellAt > 0 && wellAt === lastFaultAt) { return this.finish(id, incident, 'Escalated', UNCLEAR_HEALTH); }
    if (incident.byStatus && status === 'Running') {
      return this.finish(id, incident, 'Repaired', { reason: 'Rebooted', message: 'the node runs again, later than expected' });
    }
    if (status === 'Running' && lastFaultAt <= (incident.busyAt ?? -1)) { return this.finish(id, incident, 'Escalated', BUSY_MEANWHILE); }
    const never = unclearPolicy(Policy)
      ?? ownRecovery(cluster, incident.repairAction)
      ?? groupObstacle(cluster, incident.group, Policy.ControllerGroups)
      ?? this.groupUnknown(cluster, node, incident)
      ?? await this.unpatched(action, cluster, node);
    if (never) { return this.finish(id, incident, 'Refused', never, REFUSED_QUIET_MS); }
    const old = status === 'Failure' ? undefined : this.tooOld(incident);
    if (old) { return this.finish(id, incident, 'Escalated', old); }
    if (Policy.DryRun) {
      const would = { reason: `Would${action}`, message: `the remediation reports only; it would ${action.toLowerCase()} the node` };
      return this.finish(id, incident, 'DryRun', would, this.recurrence());
    }
    const now = clusterObstacle(action, cluster, [node], false)
      ?? (isTouchable(status) ? undefined : { reason: 'NodeBusy', message: status === undefined ? 'the node does not say how it is' : `the node is ${status}` });
    if (now) {
      const seen = now.reason === 'NodeBusy' ? await this.keep(id, { busyAt: this.now }) : incident;
      return this.defer(id, seen, now, this.turn(incident));
    }
    const pause = untilWindow(Policy.Windows, this.now);
    if (pause > 0) { return this.defer(id, incident, { reason: 'OutsideWindow', message: 'no maintenance window is open' }, pause); }
    const claim = await this.claim.hold();
    if (claim.state !== 'Held') {
      const why = claim.state === 'Other'
        ? { reason: 'ClaimedByAnother', message: `nothing was done: ${claim.message}` }
        : { reason: 'ClaimUnknown', message: `nothing was done, since nobody knows which remediation looks after the cluster: ${claim.message}` };
      if (claim.state === 'Unknown' && claim.later) { return this.defer(id, incident, why, this.turn(incident)); }
      return this.finish(id, incident, 'Refused', why, REFUSED_QUIET_MS);
    }
    if (claim.takenOverAt !== undefined) {
      const rebootMs = Policy.RebootTimeoutSeconds * 1000;
      const said = (message: string): Obstacle => ({ reason: 'ClaimTakenOver', message: `the claim on the cluster was taken over from another remediation, ${message}` });
      if (lastFaultAt <= claim.takenOverAt + rebootMs) {
        const message = 'and nobody knows whether that one has dealt with the fault, which was reported before or soon after; nothing was done';
        return this.finish(id, incident, 'Escalated', said(message));
      }
      const pauseMs = untilCounted(claim.takenOverAt, rebootMs, this.now);
      if (pauseMs > 0) { return this.defer(id, incident, said('and nobody knows how many nodes that one touched on the same day (UTC)'), pauseMs); }
    }
    const { place, counted } = await this.placeFor(incident, action, cluster, claim.takenOverAt);
    switch (place) {
      case 'Taken':
        return this.act(id, incident, action, counted);
      case 'Unlisted':
      case 'Full':
        return this.defer(id, incident, { reason: 'LimitAtOnce', message: `enough nodes of group ${incident.group} are under repair` }, this.turn(incident));
      case 'Short':
        return this.defer(id, incident, { reason: 'GroupShort', message: `group ${incident.group} has fewer nodes than it should` }, this.turn(incident));
      case 'DayFull':
        return this.finish(id, incident, 'Refused', {
          reason: 'LimitPerDay', message: `so many nodes of group ${incident.group} were touched today as may be; nothing was done`,
        }, REFUSED_QUIET_MS);
      case 'Broken':
        return this.finish(id, incident, 'Escalated', {
          reason: 'StateBroken',
          message: `what was known of group ${incident.group} could not be read, and is kept below the key ${asideOf(ledgerId(incident.group), 0).slice(0, -2)}; `
            + 'nothing was done, and no node of the group is touched before tomorrow (UTC)',
        }, REFUSED_QUIET_MS);
    }
  }

  /** A group whose limits nobody knows, or that the node has left. */
  private groupUnknown(cluster: ClusterDescription, node: NodeDetails, { group }: Incident): Obstacle | undefined {
    if (group !== '' && node.InstanceGroupName === group && groupOf(cluster, group)) { return undefined; }
    const message = node.InstanceGroupName === undefined
      ? 'the service does not say which group the node is in'
      : `the node is in group ${node.InstanceGroupName}; its fault was reported in group ${group || 'unknown'}, or the cluster does not tell of it`;
    return { reason: 'GroupUnknown', message };
  }

  /** Why a fault is too old to act upon: the node may be well by now, and nothing that can be asked says how it is. */
  private tooOld({ openedAt, lastFaultAt }: Incident): Obstacle | undefined {
    const { MaxFaultAgeSeconds: seconds } = this.request.Policy;
    const [late, age] = [openedAt - lastFaultAt, this.now - lastFaultAt];
    const tooOld = (message: string) => ({ reason: 'FaultTooOld', message: `${message}; nothing was done, since the node may be well by now` });
    const minutes = (milliseconds: number) => `${Math.round(milliseconds / MINUTE)} minutes`;
    if (lastFaultAt <= 0) { return tooOld('the event does not say when the fault was seen'); }
    if (late > LATE_MS) { return tooOld(`the fault was ${minutes(late)} old when it was reported`); }
    if (age <= (seconds === undefined ? DEFAULT_FAULT_AGE_MS : seconds * 1000)) { return undefined; }
    return tooOld(`the fault was last reported ${minutes(age)} ago`);
  }

  /** Asks the service, once. What it is asked for is noted first: where the answer is lost, nobody asks again. */
  private async act(id: string, incident: Incident, action: RepairAction, counted: boolean): Promise<RemediationStepAnswer> {
    const nonce = randomUUID();
    const noted = await this.change<Incident | undefined>(id, (item: Incident | undefined) => {
      if (item?.owner !== this.request.Execution || !item.open) { return { result: undefined }; }
      const changed = item.want !== action || item.repairAction !== incident.repairAction || (item.wellAt ?? 0) > (incident.wellAt ?? 0);
      if (item.doing || changed) { return { result: item }; }
      const doing = { action, at: this.now, nonce, instanceId: item.instanceId, counted, unanswered: true as const };
      const next = { ...item, doing, leaseUntil: this.now + LEASE_MS };
      return { item: next, result: next };
    });
    if (!noted) {
      await this.givePlaceBack(incident, counted);
      return ended('TakenOver');
    }
    if (!noted.doing) { // what came in meanwhile speaks against it, or asks for something else
      if (counted) { await this.uncounted(incident); }
      return this.proceed(id, noted);
    }
    if (noted.doing.nonce !== nonce) { return this.watch(id, noted); }

    const { ClusterName: cluster } = this.request;
    const names = byKind([incident.instanceId]);
    let outcome: BatchOutcome | undefined;
    try {
      outcome = await (action === 'Reboot'
        ? this.service.rebootNodes(cluster, names, this.signal) : this.service.replaceNodes(cluster, names, this.signal));
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      if (kind === 'not-found') { return this.clusterGone(id, noted); }
      const throttled = kind === 'throttled';
      if (throttled || isRefusal(error)) { return this.refused(id, noted, { reason: code, message }, throttled, false); }
      // the answer was lost: the node is watched as if it had come
    }
    const [failed] = failedNodes(outcome ?? {});
    if (failed) {
      const { ErrorCode: reason, Message: refusal } = failed;
      return this.refused(id, noted, { reason, message: refusal }, mayWorkLater(reason), reason === 'InstanceIdNotFound');
    }
    if (action === 'Replace' && !incident.logicalId) { await this.rememberReplacement(noted); }
    const done = action === 'Reboot' ? 'the node is being rebooted' : 'the node is being replaced; all its volumes are lost';
    const message = outcome ? done : `the service was asked to ${action.toLowerCase()} the node, and its answer was lost; the node is watched`;
    return this.wait(id, noted, this.look(noted.doing), this.notice('Started', noted, { reason: action, message }), outcome && nonce);
  }

  /** Remembers when a node was replaced whose successor has nothing in common with it. */
  private async rememberReplacement({ group, doing }: Incident): Promise<void> {
    await this.change<void>(ledgerId(group), (ledger: Ledger | undefined, wasBroken) => {
      const replaced = (ledger?.replaced ?? []).filter(time => this.now - time < this.recurrence());
      const before = wasBroken ? ledgerAfterBroken(this.now) : ledger;
      const item: Ledger = { active: {}, day: '', today: [], ...before, replaced: [...replaced, doing!.at].slice(-MAX_REPLACED) };
      return { item, result: undefined };
    });
  }

  /** What follows when the service said no: nothing has happened to the node. */
  private async refused(id: string, incident: Incident, why: Obstacle, later: boolean, gone: boolean): Promise<RemediationStepAnswer> {
    const undone = await this.keep(id, { doing: undefined, tries: incident.tries + 1 });
    if (incident.doing?.counted) { await this.uncounted(incident); }
    if (gone) { return this.finish(id, undone, 'Ended', { reason: 'NodeGone', message: why.message }); }
    if (later && undone.tries < MAX_TRIES) { return this.defer(id, undone, why, this.turn(undone)); }
    return this.finish(id, undone, 'Escalated', { ...why, message: `the service refused the action ${undone.tries} times, so that it did not happen: ${why.message}` }, this.recurrence());
  }

  /** Sees what has become of a node. */
  private async watch(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const { action, at } = incident.doing!;
    const cluster = await this.cluster();
    if (!cluster) { return this.clusterGone(id, incident); }
    const node = await this.node(incident.logicalId || incident.instanceId);
    const status = node?.InstanceStatus?.Status;
    const { RebootTimeoutSeconds, ReplaceTimeoutSeconds, MaxDelaySeconds } = this.request.Policy;
    const late = this.now - at >= (action === 'Reboot' ? RebootTimeoutSeconds : ReplaceTimeoutSeconds) * 1000;
    if (action === 'Replace') {
      if (await this.isReplacement(incident, cluster, node)) {
        const came = node?.InstanceId ?? incident.instanceId;
        if (incident.successor !== undefined && incident.successor === came) {
          return this.finish(id, incident, 'Escalated', RECURS, this.recurrence(), came);
        }
        const instance = node?.InstanceId ? `: ${node.InstanceId}` : '';
        return this.finish(id, incident, 'Repaired', { reason: 'Replaced', message: `the node has a new instance${instance}` }, 0, came);
      }
      if (!late) { return this.wait(id, incident, this.poll()); }
      const message = `the replacement has not come within ${ReplaceTimeoutSeconds} s; the node is ${status ?? 'gone'}`
        + (incident.doing!.unanswered ? ', and nobody knows whether the service has begun it' : '');
      return this.finish(id, incident, 'Escalated', { reason: 'NotReplacedInTime', message }, this.recurrence());
    }
    if (node?.InstanceId !== incident.instanceId) { return this.finish(id, incident, 'Ended', GONE); }
    const doing = { ...incident.doing!, ...this.sighting(incident.doing!, status) };
    const seen = { ...incident, doing };
    const isLive = incident.lastFaultAt > (incident.wellAt ?? 0);
    const again = isLive && doing.upAt !== undefined && incident.lastFaultAt > this.endOf(doing);
    const settled = this.now - at >= REBOOT_SETTLED_MS;
    if ((again || settled) && isTouchable(status) && isUnknown(doing)) {
      if (again || isLive || (incident.graverAt ?? 0) > (incident.wellAt ?? 0)) { return this.finish(id, seen, 'Escalated', UNANSWERED, this.recurrence()); }
      const message = 'the node was said to be well again; nobody knows whether it was rebooted';
      return this.finish(id, seen, 'Ended', { reason: WELL.reason, message });
    }
    if (again || (settled && status === 'Failure')) {
      const { nonce: _, counted: __, ...last } = doing;
      const next = await this.keep(id, { want: 'Replace', because: undefined, byStatus: !again, isDown: again ? undefined : true, doing: undefined, last, tries: 0 });
      return this.attempt(id, next);
    }
    if (settled && status === 'Running') {
      const amid = isLive && incident.lastFaultAt > Math.max(at + ECHO_MS, doing.downAt ?? 0);
      const graver = (incident.graverAt ?? 0) > (incident.wellAt ?? 0);
      if (amid || graver) { return this.finish(id, seen, 'Escalated', AMID_REBOOT); }
      if ((incident.strangeAt ?? 0) > Math.max(at + ECHO_MS, doing.downAt ?? 0, incident.wellAt ?? 0)) {
        return this.finish(id, seen, 'Escalated', STRANGE, this.recurrence());
      }
      return this.finish(id, seen, 'Repaired', { reason: 'Rebooted', message: 'the node runs again' });
    }
    if (this.now - at >= Math.max(RebootTimeoutSeconds, MaxDelaySeconds) * 1000) {
      const left = await this.keep(id, { doing, isDown: true });
      const message = `the node does not run ${Math.round((this.now - at) / MINUTE)} minutes after its reboot: it is ${status ?? 'silent'}`;
      return this.finish(id, left, 'Escalated', { reason: 'NotRebootedInTime', message }, this.recurrence());
    }
    const kept = await this.keep(id, { doing });
    if (!late || status === 'Running' || kept.deferred.includes('NotRebootedInTime')) { return this.wait(id, kept, late && status !== 'Running' ? this.turn(kept) : this.look(doing)); }
    const told = await this.keep(id, { deferred: [...kept.deferred, 'NotRebootedInTime'] });
    const message = `the node does not run ${RebootTimeoutSeconds} s after its reboot, and can't be replaced while it is ${status ?? 'silent'}; it is waited for`;
    return this.wait(id, told, this.turn(told), this.notice('Deferred', told, { reason: 'NotRebootedInTime', message }));
  }

  /** Whether a new instance has taken the place of one that was replaced. */
  private async isReplacement(incident: Incident, cluster: ClusterDescription, node: NodeDetails | undefined): Promise<boolean> {
    if (hasLogicalIds(cluster) && incident.logicalId) {
      return !!node?.InstanceId && node.InstanceId !== incident.instanceId && node.InstanceStatus?.Status === 'Running';
    }
    if (node) { return false; }
    const group = groupOf(cluster, incident.group);
    if (!group || (group.CurrentCount ?? 0) < (group.TargetCount ?? 0)) { return false; }
    const nodes = await this.service.listNodes(this.request.ClusterName, { InstanceGroupNameContains: incident.group }, this.signal);
    const others = nodes.filter(each => each.InstanceGroupName === incident.group);
    return others.length >= (group.TargetCount ?? 0) && others.every(each => !isBusy(each.InstanceStatus?.Status));
  }

  private async unpatched(action: RepairAction, cluster: ClusterDescription, node: NodeDetails): Promise<Obstacle | undefined> {
    if (action !== 'Replace' || !this.request.Policy.RequirePatched || node.LastSoftwareUpdateTime) { return undefined; }
    const nodes = await this.service.listNodes(this.request.ClusterName, {}, this.signal);
    const obstacle = clusterObstacle(action, cluster, nodes, true);
    return obstacle?.reason === 'NeverPatched' ? obstacle : undefined;
  }

  /** Waits for its turn, and tells people once for each reason. */
  private async defer(id: string, incident: Incident, why: Obstacle, milliseconds: number): Promise<RemediationStepAnswer> {
    if (this.now + milliseconds - incident.openedAt > this.request.Policy.MaxDelaySeconds * 1000) {
      return this.finish(id, incident, 'Refused', { ...why, message: `${why.message}; its next turn would come after \`maxDelay\`` }, REFUSED_QUIET_MS);
    }
    const told = incident.deferred.includes(why.reason);
    const kept = told ? incident : await this.keep(id, { deferred: [...incident.deferred, why.reason] });
    return this.wait(id, kept, milliseconds, told ? undefined : this.notice('Deferred', kept, why));
  }

  /** Waits for the next step. With the nonce of what is being done, the service has said that it does it. */
  private async wait(
    id: string, incident: Incident, milliseconds: number, notice?: Notice, answered?: string,
  ): Promise<RemediationStepAnswer> {
    const pause = Math.min(milliseconds, LONGEST_WAIT_MS);
    const kept = await this.change<Incident | undefined>(id, (item: Incident | undefined) => {
      if (item?.owner !== this.request.Execution || !item.open) { return { result: undefined }; } // somebody has ended it, or taken it over
      const isAnswered = answered !== undefined && item.doing?.nonce === answered;
      const doing = isAnswered ? { ...item.doing!, unanswered: undefined } : item.doing;
      const next = { ...item, doing, leaseUntil: this.now + pause + LEASE_MS };
      return { item: next, result: next };
    });
    if (!kept) { return ended('TakenOver', notice); }
    await this.change<void>(ledgerId(incident.group), (ledger: Ledger | undefined) => {
      const node = nodeOf(incident);
      if (!ledger || !(node in ledger.active)) { return { result: undefined }; }
      return { item: { ...ledger, active: { ...ledger.active, [node]: this.now + pause + LEASE_MS } }, result: undefined };
    });
    return { Done: false, WaitSeconds: Math.ceil(pause / 1000), Memo: { id } satisfies Memo, Outcome: '', HasNotice: !!notice, Notice: notice };
  }

  /** Ends an incident and gives its place back. An event that came in meanwhile, and speaks against this end, is looked at first. */
  private async finish(
    id: string, incident: Incident, kind: NoticeKind, why: Obstacle, quietMs = 0, instanceId = incident.instanceId,
  ): Promise<RemediationStepAnswer> {
    // people look for the instance that is broken now
    const notice = this.notice(kind, why === RECURS ? { ...incident, instanceId } : incident, why);
    const { doing } = incident;
    const end = {
      open: false,
      closedAt: this.now,
      quietUntil: this.now + quietMs,
      doing: undefined,
      last: doing ? lastOf(incident, incident.instanceId) : incident.last,
      instanceId,
      outcome: kind,
      notice,
    };
    const news = await this.change<Incident | 'Closed' | undefined>(id, (item: Incident | undefined) => {
      if (item?.owner === this.request.Execution && !item.open) { return { result: 'Closed' }; } // a report that the node is well was faster
      const mine = this.mine(item);
      const more = (kind === 'Repaired' && (mine.lastFaultAt > incident.lastFaultAt || mine.successor !== incident.successor))
        || (mine.open && mine.want !== incident.want)
        || ((mine.graverAt !== incident.graverAt || mine.strangeAt !== incident.strangeAt) && kind === 'Repaired')
        || (why.reason === 'HyperPodRecovers' && mine.repairAction !== incident.repairAction);
      return more ? { result: mine } : { item: { ...mine, ...end }, result: undefined };
    });
    if (typeof news === 'object') { return this.proceed(id, news); }
    await this.givePlaceBack(incident);
    return news === 'Closed' ? ended('Ended') : ended(kind, notice);
  }

  /** Gives the place of a node back, and takes it off those that were touched today where nothing was done to it. */
  private async givePlaceBack(incident: Incident, counted = false): Promise<void> {
    await this.change<void>(ledgerId(incident.group), (ledger: Ledger | undefined) => {
      const node = nodeOf(incident);
      if (!ledger || !(node in ledger.active)) { return { result: undefined }; }
      const left = leavePlace(ledger, node, incident.isDown);
      return { item: counted ? uncount(left, node) : left, result: undefined };
    });
  }

  /** Takes a node off those that were touched today: nothing was done to it. */
  private async uncounted(incident: Incident): Promise<void> {
    await this.change<void>(ledgerId(incident.group), (ledger: Ledger | undefined) => (
      ledger ? { item: uncount(ledger, nodeOf(incident)), result: undefined } : { result: undefined }));
  }

  private async clusterGone(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    return this.finish(id, incident, 'Ended', { reason: 'ClusterGone', message: 'the cluster has been deleted' });
  }

  /** Writes some fields of an incident of this execution, and leaves to others what they write: the times of further events. */
  private async keep(id: string, fields: Partial<Incident>): Promise<Incident> {
    return this.change<Incident>(id, item => {
      const next = { ...this.mine(item), ...fields };
      return { item: next, result: next };
    });
  }

  private mine(item: Incident | undefined): Incident {
    if (item?.owner !== this.request.Execution) { throw new HandlerError('TakenOver', 'another execution has taken the incident over'); }
    return item;
  }

  private async takePlace(incident: Incident, action: RepairAction, cluster: ClusterDescription, takenOverAt: number | undefined) {
    const { TargetCount: target = NaN, CurrentCount: current = NaN } = groupOf(cluster, incident.group) ?? {};
    return this.change<Pick<ReturnType<typeof takePlace>, 'place' | 'counted'>>(ledgerId(incident.group), (before: Ledger | undefined, wasBroken) => {
      if (wasBroken) { return { item: ledgerAfterBroken(this.now), result: { place: 'Broken', counted: false } }; }
      const applicant = { node: nodeOf(incident), instance: incident.instanceId, action, now: this.now, until: this.now + LEASE_MS, takenOverAt };
      const { place, counted, ledger } = takePlace(before, applicant, this.request.Policy, { target, current });
      return place === 'Taken' ? { item: ledger, result: { place, counted } } : { result: { place, counted } };
    });
  }

  /** Asks for a place; and once more where nobody knew which nodes are away, or nodes have come back that had one. */
  private async placeFor(incident: Incident, action: RepairAction, cluster: ClusterDescription, takenOverAt: number | undefined) {
    const ask = async () => this.takePlace(incident, action, cluster, takenOverAt);
    let answer = await ask();
    if (answer.place === 'Unlisted') {
      await this.noteDown(incident.group, cluster);
      answer = await ask();
    }
    return answer.place === 'Full' && await this.someCameBack(incident.group) ? ask() : answer;
  }

  /** Notes which nodes of a group don't run, where whoever has rebooted them is gone: another remediation, or an earlier ledger. */
  private async noteDown(group: string, cluster: ClusterDescription): Promise<void> {
    const filter = { InstanceGroupNameContains: group, ...hasLogicalIds(cluster) && { IncludeNodeLogicalIds: true } };
    const nodes = await this.service.listNodes(this.request.ClusterName, filter, this.signal);
    const down = nodes.flatMap(({ InstanceGroupName, InstanceId: instance, NodeLogicalId: logicalId, InstanceStatus }): [string, string][] => (
      InstanceGroupName === group && instance && InstanceStatus?.Status !== 'Running' ? [[logicalId || instance, instance]] : []));
    await this.change<void>(ledgerId(group), (ledger: Ledger | undefined, wasBroken) => (
      wasBroken ? { result: undefined } : { item: noteDown(ledger, new Map(down), this.now), result: undefined }));
  }

  /** Looks at the nodes of a group that did not come back from a reboot; whether one has, or has gone. */
  private async someCameBack(group: string): Promise<boolean> {
    const item = await this.store.read(ledgerId(group));
    const ledger = item && parsed<Ledger>(item.json, isLedger);
    if (ledger === undefined || ledger === BROKEN) { return false; }
    const back = new Map<string, string>();
    for (const [id, instance] of Object.entries(ledger.down ?? {})) {
      if (ledger.active[id] > this.now) { continue; } // somebody watches it
      const node = await this.node(id);
      if (node?.InstanceId !== instance || node.InstanceStatus?.Status === 'Running') { back.set(id, instance); }
    }
    if (back.size === 0) { return false; }
    await this.change<void>(ledgerId(group), (now: Ledger | undefined) => ({ item: now && comeBack(now, back), result: undefined }));
    return true;
  }

  private async incident(id: string): Promise<Incident | typeof BROKEN | undefined> {
    const item = await this.store.read(id);
    return item && parsed<Incident>(item.json, isIncident);
  }

  private async change<R>(id: string, change: (item: any, wasBroken: boolean) => Change<any, R>): Promise<R> {
    const isValid = id.startsWith('group/') ? isLedger : id.startsWith('node/') ? isIncident : isTold;
    return mutate<any, R>(this.store, id, this.clock, change, isValid);
  }

  private async cluster(): Promise<ClusterDescription | undefined> {
    const cluster = await found(async () => this.service.describeCluster(this.request.ClusterName, this.signal));
    return cluster?.ClusterStatus === 'Deleting' ? undefined : cluster;
  }

  private async node(id: string): Promise<NodeDetails | undefined> {
    const name = isInstanceId(id) ? { NodeId: id } : { NodeLogicalId: id };
    return found(async () => this.service.describeNode(this.request.ClusterName, name, this.signal));
  }

  /** What the service has in the place of details that came empty. Only clusters that provision continuously can be asked. */
  private async metadata(fault: Fault) {
    return found(async () => this.service.describeEvent(this.request.ClusterName, fault.eventId, this.signal));
  }

  private notice(kind: NoticeKind, incident: Incident, { reason, message }: Obstacle): Notice {
    return {
      Kind: kind,
      Reason: reason,
      Message: `${incident.instanceId} of group ${incident.group}: ${message}`.slice(0, SHOWN),
      ClusterName: this.request.ClusterName,
      InstanceGroupName: incident.group,
      InstanceId: incident.instanceId,
      NodeLogicalId: incident.logicalId,
      Action: incident.want,
      Fault: incident.reason,
    };
  }

  /** How often a node is looked at: less often than asked for where a reboot and a replacement would take too many looks. */
  private poll(): number {
    const { PollSeconds, RebootTimeoutSeconds, ReplaceTimeoutSeconds } = this.request.Policy;
    return Math.max(PollSeconds, Math.ceil((RebootTimeoutSeconds + ReplaceTimeoutSeconds) / LOOKS)) * 1000;
  }

  /** When what was begun is looked at again: soon after a reboot, so that the node is seen while it is down. */
  private look({ action, at }: Action): number {
    return action === 'Reboot' && this.now - at < EARLY_LOOKS_MS ? Math.min(MINUTE, this.poll()) : this.poll();
  }

  /** When a fault asks for its turn again: the longer it waits already, the later. */
  private turn({ openedAt }: Incident): number {
    const longest = Math.max(LONGEST_TURN_MS, (this.request.Policy.MaxDelaySeconds * 1000) / TURNS);
    return Math.max(this.poll(), Math.min((this.now - openedAt) / 12, longest));
  }

  private recurrence(): number {
    return this.request.Policy.RecurrenceSeconds * 1000;
  }
}

function ended(outcome: string, notice?: Notice): RemediationStepAnswer {
  return { Done: true, WaitSeconds: 0, Memo: {}, Outcome: outcome, HasNotice: !!notice, Notice: notice };
}

/** What a read finds, or nothing where there is nothing, or nothing that could be asked for. */
async function found<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const { code, kind } = failureOf(error);
    if (kind === 'not-found' || code === 'ValidationException') { return undefined; }
    throw error;
  }
}

/** The claim of somebody who needs none: whoever calls this class decides. */
const UNCLAIMED: ClusterClaim = { hold: async () => ({ state: 'Held' }) };

/** Whether an event is about a time that an incident has dealt with: before its end, or, where a node was repaired, before the repair. */
function isOld(fault: Fault, { outcome, last, closedAt, notice, wellAt }: Incident): boolean {
  if (outcome === 'Repaired' && last) { return fault.at <= Math.max(last.at + ECHO_MS, last.downAt ?? 0); }
  if (outcome === 'Well' || notice?.Reason === WELL.reason) { return fault.at < (wellAt ?? 0); }
  return fault.at <= closedAt;
}

/** Whether nobody knows if a reboot has happened: the service did not say so, and the node was never seen to go down. */
function isUnknown({ action, unanswered, downAt }: Action): boolean {
  return action === 'Reboot' && unanswered === true && downAt === undefined;
}

/** Whether an event is about another instance than the one that it names: before that was launched. */
function isBeforeLaunch(fault: Fault, { LaunchTime: launched }: NodeDetails): boolean {
  return fault.at > 0 && launched !== undefined && fault.at + SECOND < Number(launched); // times of events are cut to seconds
}

/** What was done last that matters for an instance: a reboot of another one does not. */
function lastOf(incident: Incident | undefined, instanceId: string): Action | undefined {
  const { nonce: _, counted: __, ...doing } = incident?.doing ?? {} as Partial<NonNullable<Incident['doing']>>;
  const last = incident?.doing ? doing as Action : incident?.last;
  return last?.action === 'Reboot' && (last.instanceId ?? incident!.instanceId) !== instanceId ? undefined : last;
}

/** Whether an item says when people were told of a cluster that has failed. */
function isTold(item: unknown): boolean {
  const { owner, at } = item as { owner?: unknown; at?: unknown } ?? {};
  return typeof owner === 'string' && typeof at === 'number';
}

function incidentId({ NodeLogicalId: logicalId }: NodeDetails, instanceId: string): string {
  return `node/${logicalId ?? instanceId}`;
}

function isBegun(item: unknown): boolean {
  return typeof (item as Partial<Begun> | null)?.id === 'string';
}

function ledgerId(group: string): string {
  return `group/${group}`;
}

function nodeOf({ logicalId, instanceId }: Incident): string {
  return logicalId || instanceId;
}
