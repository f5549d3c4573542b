import { randomUUID } from 'node:crypto';
import { clusterFailureOf, completed, decide, faultOf, lineFor, type ClusterFailure, type Fault } from './fault';
import { leavePlace, ownRecovery, takePlace, untilWindow, type Ledger } from './guards';
import {
  byKind, clusterObstacle, failedNodes, groupObstacle, groupOf, hasLogicalIds, isBusy, isInstanceId, isRefusal, mayWorkLater,
  type Obstacle,
} from './nodes';
import type { BatchOutcome, ClusterDescription, NodeDetails, NodeService, StateStore } from './ports';
import { mutate, type Action, type Change, type Incident } from './state';
import {
  MAX_STEPS_PER_RUN,
  type FaultDecision, type Notice, type NoticeKind, type RemediationStepAnswer, type RemediationStepRequest, type RepairAction,
} from '../../src/private/contracts/node-operations';
import { HandlerError, failureOf } from '../shared/errors';

const MINUTE = 60_000;
/** What an execution may need beyond its next wait, before another one takes its incident over. */
const LEASE_MS = 60 * MINUTE;
/** Events within this time of an action may still be about what led to it. */
const ECHO_MS = 5 * MINUTE;
/** The health agent has looked at a rebooted node by then. */
const REBOOT_SETTLED_MS = 10 * MINUTE;
/** Further events about a node that was refused are merged so long: faults come in pairs, and agents repeat themselves. */
const REFUSED_QUIET_MS = 60 * MINUTE;
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

const NOT_IN_TABLE: Obstacle = { reason: 'NotInTable', message: 'the decision table has no line for such a fault' };
const LEFT_TO_PEOPLE: Obstacle = { reason: 'LeftToPeople', message: 'the decision table leaves such a fault to people' };

/** What a step hands to the next one. */
interface Memo {
  readonly id?: string;
}

/** The repair of the node that an event is about, in steps. */
export class Remediation {
  private readonly now: number;

  public constructor(
    private readonly service: NodeService, private readonly store: StateStore, private readonly request: RemediationStepRequest,
    private readonly clock: () => number, private readonly signal: AbortSignal,
  ) {
    this.now = clock();
  }

  /** Takes a step. It may be taken twice: the state knows what has been done. */
  public async step(): Promise<RemediationStepAnswer> {
    const memo = this.request.Memo as Memo;
    if (memo.id === undefined) { return this.begin(); }
    const incident = await this.incident(memo.id);
    if (incident?.owner !== this.request.Execution) { return ended('TakenOver'); }
    if (!incident.open) { return ended(incident.outcome, incident.notice); }
    return incident.doing ? this.watch(memo.id, incident) : this.attempt(memo.id, incident);
  }

  /** Understands the event and claims its node. */
  private async begin(): Promise<RemediationStepAnswer> {
    const failure = clusterFailureOf(this.request.Event);
    if (failure) { return this.clusterFailed(failure); }
    const reported = faultOf(this.request.Event);
    const fault = reported?.incomplete ? completed(reported, await this.metadata(reported)) : reported;
    if (!fault) { return ended('NoFault'); }
    const cluster = await this.cluster();
    const node = cluster && await this.node(fault.instanceId);
    if (!cluster) { return ended('ClusterGone'); }
    if (!node) { return ended('NodeGone'); } // an old event: the instance has been replaced
    const id = `node/${node.NodeLogicalId ?? fault.instanceId}`;
    const replaced = node.NodeLogicalId ? undefined : await this.replacementBehind(node);
    const claim = await this.change<'Merged' | Incident>(id, incident => this.claim(incident, fault, node, replaced));
    if (claim === 'Merged') { return ended('Merged'); }
    if (!claim.open) { return ended(claim.outcome, claim.notice); }
    if (claim.want === 'Leave') {
      return this.finish(id, claim, 'Left', { reason: 'NoRepairNeeded', message: 'such a fault needs no repair of the node' }, this.recurrence());
    }
    if (claim.want === 'Escalate') {
      const recurs = claim.last?.action === 'Replace' && this.now - claim.last.at < this.recurrence();
      const obstacle = lineFor(fault, this.request.Policy.Rules) === undefined ? NOT_IN_TABLE : recurs ? RECURS : LEFT_TO_PEOPLE;
      return this.finish(id, claim, 'Escalated', obstacle, this.recurrence());
    }
    return claim.doing ? this.watch(id, claim) : this.attempt(id, claim);
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
  private claim(
    before: Incident | undefined, fault: Fault, node: NodeDetails, replaced: Action | undefined,
  ): Change<Incident, 'Merged' | Incident> {
    if (before?.owner === this.request.Execution) { return { result: before }; }
    const reopens = before !== undefined && this.saysMore(fault, before);
    if (before && (before.eventIds.includes(fault.eventId) || (!reopens && isOld(fault, before)))) { return { result: 'Merged' }; }
    const eventIds = [...before?.eventIds ?? [], fault.eventId].slice(-MAX_EVENT_IDS);
    if (before && !reopens && (before.open ? before.leaseUntil > this.now : before.quietUntil > this.now)) {
      const repairAction = before.open ? fault.repairAction ?? before.repairAction : before.repairAction;
      return { item: { ...before, eventIds, repairAction, lastFaultAt: Math.max(before.lastFaultAt, fault.at) }, result: 'Merged' };
    }
    const last = before?.doing ?? before?.last ?? replaced;
    const incident: Incident = {
      open: true,
      owner: this.request.Execution,
      leaseUntil: this.now + LEASE_MS,
      instanceId: fault.instanceId,
      logicalId: node.NodeLogicalId ?? '',
      group: node.InstanceGroupName ?? '',
      reason: `${fault.reason} ${fault.recommendation}`.trim().slice(0, SHOWN),
      repairAction: fault.repairAction,
      eventIds,
      openedAt: this.now,
      lastFaultAt: fault.at,
      want: this.wanted(fault, last),
      last,
      tries: 0,
      deferred: [],
      closedAt: before?.closedAt ?? 0,
      quietUntil: 0,
      outcome: '',
    };
    return { item: incident, result: incident };
  }

  /**
   * The replacement that a node without a logical id may come from: one in its group, since which the node was launched. It can't be
   * told from a node that came by scaling, so either is left to people when it breaks soon after.
   */
  private async replacementBehind({ InstanceGroupName: group = '', LaunchTime: launched }: NodeDetails): Promise<Action | undefined> {
    const item = await this.store.read(ledgerId(group));
    const ledger = item && JSON.parse(item.json) as Ledger;
    const at = ledger?.replaced?.find(time => time <= Number(launched) && this.now - time < this.recurrence());
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
  private wanted(fault: Fault, last: Action | undefined): FaultDecision {
    const decision = decide(fault, this.request.Policy.Rules);
    if (!last || this.now - last.at >= this.recurrence() || decision === 'Leave' || decision === 'Escalate') { return decision; }
    return last.action === 'Reboot' ? 'Replace' : 'Escalate';
  }

  /** Repairs a node if nothing speaks against it. */
  private async attempt(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const { Policy } = this.request;
    const action = incident.want as RepairAction;
    const cluster = await this.cluster();
    if (!cluster) { return this.clusterGone(id, incident); }
    const node = await this.node(incident.logicalId || incident.instanceId);
    if (node?.InstanceId !== incident.instanceId) {
      return this.finish(id, incident, 'Ended', { reason: 'ReplacedMeanwhile', message: 'the instance is no longer part of the cluster' });
    }
    const never = ownRecovery(cluster, incident.repairAction)
      ?? groupObstacle(cluster, incident.group, Policy.ControllerGroups)
      ?? await this.unpatched(action, cluster, node);
    if (never) { return this.finish(id, incident, 'Refused', never, REFUSED_QUIET_MS); }
    if (Policy.DryRun) {
      const would = { reason: `Would${action}`, message: `the remediation reports only; it would ${action.toLowerCase()} the node` };
      return this.finish(id, incident, 'DryRun', would, this.recurrence());
    }
    const now = clusterObstacle(action, cluster, [node], false)
      ?? (isBusy(node.InstanceStatus?.Status) ? { reason: 'NodeBusy', message: `the node is ${node.InstanceStatus?.Status}` } : undefined);
    if (now) { return this.defer(id, incident, now, this.turn(incident)); }
    const pause = untilWindow(Policy.Windows, this.now);
    if (pause > 0) { return this.defer(id, incident, { reason: 'OutsideWindow', message: 'no maintenance window is open' }, pause); }
    const place = await this.takePlace(incident, cluster);
    if (place === 'Full') {
      return this.defer(id, incident, { reason: 'LimitAtOnce', message: `enough nodes of group ${incident.group} are under repair` }, this.turn(incident));
    }
    if (place === 'DayFull') {
      const enough = { reason: 'LimitPerDay', message: `enough nodes of group ${incident.group} were repaired today` };
      return this.finish(id, incident, 'Refused', enough, REFUSED_QUIET_MS);
    }
    return this.act(id, incident, action);
  }

  /** Asks the service, once. What it is asked for is noted first: where the answer is lost, nobody asks again. */
  private async act(id: string, incident: Incident, action: RepairAction): Promise<RemediationStepAnswer> {
    const nonce = randomUUID();
    const noted = await this.change<Incident | undefined>(id, item => {
      if (item?.owner !== this.request.Execution || !item.open) { return { result: undefined }; }
      if (item.doing) { return { result: item }; }
      const doing = { action, at: this.now, nonce };
      const next = { ...item, doing, leaseUntil: this.now + LEASE_MS };
      return { item: next, result: next };
    });
    if (!noted) { return ended('TakenOver'); }
    if (noted.doing!.nonce !== nonce) { return this.watch(id, noted); }

    const { ClusterName: cluster } = this.request;
    const names = byKind([incident.instanceId]);
    let outcome: BatchOutcome = {};
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
    const [failed] = failedNodes(outcome);
    if (failed) {
      const { ErrorCode: reason, Message: refusal } = failed;
      return this.refused(id, noted, { reason, message: refusal }, mayWorkLater(reason), reason === 'InstanceIdNotFound');
    }
    if (action === 'Replace' && !incident.logicalId) { await this.rememberReplacement(noted); }
    const message = action === 'Reboot' ? 'the node is being rebooted' : 'the node is being replaced; all its volumes are lost';
    return this.wait(id, noted, this.poll(), this.notice('Started', noted, { reason: action, message }));
  }

  /** Remembers when a node was replaced whose successor has nothing in common with it. */
  private async rememberReplacement({ group, doing }: Incident): Promise<void> {
    await this.change<void>(ledgerId(group), (ledger: Ledger | undefined) => {
      const replaced = (ledger?.replaced ?? []).filter(time => this.now - time < this.recurrence());
      const item: Ledger = { active: {}, day: '', today: [], ...ledger, replaced: [...replaced, doing!.at].slice(-MAX_REPLACED) };
      return { item, result: undefined };
    });
  }

  /** What follows when the service said no: nothing has happened to the node. */
  private async refused(id: string, incident: Incident, why: Obstacle, later: boolean, gone: boolean): Promise<RemediationStepAnswer> {
    const undone = await this.keep(id, { doing: undefined, tries: incident.tries + 1 });
    if (gone) { return this.finish(id, undone, 'Ended', { reason: 'NodeGone', message: why.message }); }
    if (later && undone.tries < MAX_TRIES) { return this.defer(id, undone, why, this.turn(undone)); }
    return this.finish(id, undone, 'Escalated', { ...why, message: `the service refused the action ${undone.tries} times: ${why.message}` }, this.recurrence());
  }

  /** Sees what has become of a node. */
  private async watch(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const { action, at } = incident.doing!;
    const cluster = await this.cluster();
    if (!cluster) { return this.clusterGone(id, incident); }
    const node = await this.node(incident.logicalId || incident.instanceId);
    const status = node?.InstanceStatus?.Status;
    const { RebootTimeoutSeconds, ReplaceTimeoutSeconds } = this.request.Policy;
    const late = this.now - at >= (action === 'Reboot' ? RebootTimeoutSeconds : ReplaceTimeoutSeconds) * 1000;
    const again = incident.lastFaultAt > at + ECHO_MS;
    if (action === 'Replace') {
      if (await this.isReplacement(incident, cluster, node)) {
        if (again) { return this.finish(id, incident, 'Escalated', RECURS, this.recurrence()); }
        const instance = node?.InstanceId ? `: ${node.InstanceId}` : '';
        return this.finish(id, incident, 'Repaired', { reason: 'Replaced', message: `the node has a new instance${instance}` });
      }
      if (!late) { return this.wait(id, incident, this.poll()); }
      const message = `the replacement has not come within ${ReplaceTimeoutSeconds} s; the node is ${status ?? 'gone'}`;
      return this.finish(id, incident, 'Escalated', { reason: 'NotReplacedInTime', message }, this.recurrence());
    }
    if (node?.InstanceId !== incident.instanceId) {
      return this.finish(id, incident, 'Ended', { reason: 'ReplacedMeanwhile', message: 'the instance is no longer part of the cluster' });
    }
    const settled = this.now - at >= REBOOT_SETTLED_MS;
    if (settled && status === 'Running' && !again) {
      return this.finish(id, incident, 'Repaired', { reason: 'Rebooted', message: 'the node runs again' });
    }
    if (again || (settled && status === 'Failure') || (late && status !== 'Running')) {
      const { action: done, at: when } = incident.doing!;
      const next = await this.keep(id, { want: 'Replace', doing: undefined, last: { action: done, at: when }, tries: 0 });
      return this.attempt(id, next);
    }
    return this.wait(id, incident, this.poll());
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
      return this.finish(id, incident, 'Refused', { ...why, message: `${why.message}; it has had its time to wait` }, REFUSED_QUIET_MS);
    }
    const told = incident.deferred.includes(why.reason);
    const kept = told ? incident : await this.keep(id, { deferred: [...incident.deferred, why.reason] });
    return this.wait(id, kept, milliseconds, told ? undefined : this.notice('Deferred', kept, why));
  }

  private async wait(id: string, incident: Incident, milliseconds: number, notice?: Notice): Promise<RemediationStepAnswer> {
    const pause = Math.min(milliseconds, LONGEST_WAIT_MS);
    await this.keep(id, { leaseUntil: this.now + pause + LEASE_MS });
    await this.change<void>(ledgerId(incident.group), (ledger: Ledger | undefined) => {
      const node = nodeOf(incident);
      if (!ledger || !(node in ledger.active)) { return { result: undefined }; }
      return { item: { ...ledger, active: { ...ledger.active, [node]: this.now + pause + LEASE_MS } }, result: undefined };
    });
    return { Done: false, WaitSeconds: Math.ceil(pause / 1000), Memo: { id } satisfies Memo, Outcome: '', HasNotice: !!notice, Notice: notice };
  }

  /** Ends an incident and gives its place back. An event that came in meanwhile, and speaks against this end, is looked at first. */
  private async finish(id: string, incident: Incident, kind: NoticeKind, why: Obstacle, quietMs = 0): Promise<RemediationStepAnswer> {
    const notice = this.notice(kind, incident, why);
    await this.change<void>(ledgerId(incident.group), (ledger: Ledger | undefined) => {
      const node = nodeOf(incident);
      return ledger && node in ledger.active ? { item: leavePlace(ledger, node), result: undefined } : { result: undefined };
    });
    const { doing } = incident;
    const end = {
      open: false,
      closedAt: this.now,
      quietUntil: this.now + quietMs,
      doing: undefined,
      last: doing ? { action: doing.action, at: doing.at } : incident.last,
      outcome: kind,
      notice,
    };
    const news = await this.change<Incident | undefined>(id, item => {
      const mine = this.mine(item);
      const more = (kind === 'Repaired' && mine.lastFaultAt > incident.lastFaultAt)
        || (why.reason === 'HyperPodRecovers' && mine.repairAction !== incident.repairAction);
      return more ? { result: mine } : { item: { ...mine, ...end }, result: undefined };
    });
    if (news) { return news.doing ? this.watch(id, news) : this.attempt(id, news); }
    return ended(kind, notice);
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

  private async takePlace(incident: Incident, cluster: ClusterDescription) {
    const group = groupOf(cluster, incident.group);
    const size = Math.max(group?.CurrentCount ?? 0, group?.TargetCount ?? 0);
    return this.change<'Taken' | 'Full' | 'DayFull'>(ledgerId(incident.group), (before: Ledger | undefined) => {
      const { place, ledger } = takePlace(before, nodeOf(incident), this.request.Policy, size, this.now, this.now + LEASE_MS);
      return place === 'Taken' ? { item: ledger, result: place } : { result: place };
    });
  }

  private async incident(id: string): Promise<Incident | undefined> {
    const item = await this.store.read(id);
    return item && JSON.parse(item.json) as Incident;
  }

  private async change<R>(id: string, change: (item: any) => Change<any, R>): Promise<R> {
    return mutate<any, R>(this.store, id, this.clock, change);
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

/** Whether an event is about a time that an incident has dealt with: before its end, or, where a node was repaired, before the repair. */
function isOld(fault: Fault, { open, outcome, last, closedAt }: Incident): boolean {
  if (open) { return false; }
  return fault.at <= (outcome === 'Repaired' && last ? last.at + ECHO_MS : closedAt);
}

function ledgerId(group: string): string {
  return `group/${group}`;
}

function nodeOf({ logicalId, instanceId }: Incident): string {
  return logicalId || instanceId;
}
