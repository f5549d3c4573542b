import { randomUUID } from 'node:crypto';
import { clusterFailureOf, completed, faultOf, wellnessOf, type ClusterFailure, type Fault, type Wellness } from '../fault';
import type { ListedNode } from '../guards';
import { byKind, failedNodes, groupOf, hasLogicalIds, isBusy, isInstanceId, isRefusal, mayWorkLater } from '../nodes';
import { Incidents } from './incidents';
import { CLUSTER_GONE, RECURS, clusterNotice, noticeOf } from './notices';
import { claimNode, noteWell, sighted, type Claimed } from './reports';
import {
  beforeAction, byClaim, byPlace, byRefusal, duringReboot, duringReplacement, end, isOverruled, isPatchDue, look, withoutAction,
  type End, type Refusal, type Snapshot, type Verdict, type Wait,
} from './verdict';
import type { Notice, RemediationStepAnswer, RemediationStepRequest, RepairAction } from '../../../../src/private/contracts/node-operations';
import type { BatchOutcome, ClusterDescription, NodeDetails, NodeService } from '../../../clients/hyperpod-nodes';
import type { StateStore } from '../../../clients/state-table';
import { failureOf } from '../../../shared/errors';
import type { ClusterClaim } from '../claim';
import { BROKEN, incidentId, type Incident, type Step } from '../state';

/** The longest wait of one step: whoever looks at an execution sees that it lives. */
const LONGEST_WAIT_MS = 6 * 60 * 60_000;

/** What a step hands to the next one. */
interface Memo {
  readonly id?: string;
}

/**
 * The course of a remediation: an event becomes an incident, the incident is decided upon, and what is decided is done. Each execution
 * takes it in steps, with waits between them. The state is in `Incidents`; what is decided, and why, is in `reports` and `verdict`.
 */
export class Remediation {
  private readonly context: Step;
  private readonly incidents: Incidents;

  public constructor(
    private readonly service: NodeService, store: StateStore, private readonly request: RemediationStepRequest,
    clock: () => number, private readonly signal: AbortSignal, private readonly claim: ClusterClaim = UNCLAIMED,
  ) {
    this.context = { execution: request.Execution, cluster: request.ClusterName, policy: request.Policy, now: clock() };
    this.incidents = new Incidents(store, this.context, clock);
  }

  /** Takes a step. It may be taken twice: the state knows what has been done. */
  public async step(): Promise<RemediationStepAnswer> {
    const { id } = this.request.Memo as Memo;
    const incident = id === undefined ? BROKEN : await this.incidents.read(id);
    if (id === undefined || incident === BROKEN) { return this.begin(); }
    if (incident?.owner !== this.context.execution) { return ended('TakenOver'); }
    if (incident.open) { return this.proceed(id, incident); }
    await this.incidents.givePlaceBack(incident); // an earlier try of this step ended it, or a report that the node is well
    return incident.endedBy === undefined ? ended(incident.outcome, incident.notice) : ended(incident.outcome);
  }

  // ------------------------------------------------------------------------------------------ 1. an event becomes an incident

  /** Understands the event. */
  private async begin(): Promise<RemediationStepAnswer> {
    const { Event: event } = this.request;
    const failure = clusterFailureOf(event);
    if (failure) { return this.clusterFailed(failure); }
    const wellness = wellnessOf(event);
    if (wellness) { return this.wellAgain(wellness); }
    const reported = faultOf(event);
    const fault = reported?.incomplete ? completed(reported, await this.metadata(reported)) : reported;
    return fault ? this.broken({ ...fault, at: this.notLater(fault.at) }) : ended('NoFault');
  }

  /** Claims the node of a fault for this execution, or leaves the fault to the execution that has the node. */
  private async broken(fault: Fault): Promise<RemediationStepAnswer> {
    const cluster = await this.cluster();
    const node = cluster && await this.node(fault.instanceId);
    if (!cluster || !node) {
      const begun = await this.incidents.begun();
      if (begun) { return this.proceed(...begun); }
      return ended(cluster ? 'NodeGone' : 'ClusterGone'); // an old event: the instance has been replaced
    }
    const id = incidentId(node, fault.instanceId);
    await this.incidents.noteBegun(id);
    const replacement = node.NodeLogicalId ? undefined : await this.incidents.replacementBefore(node.InstanceGroupName ?? '', node.LaunchTime);
    const claimed = await this.incidents.change<Claimed>(id, (before, wasBroken) => (
      claimNode(before, wasBroken, { fault, node, replacement }, this.context)));
    if (claimed === 'Merged') { return ended('Merged'); }
    return claimed.open ? this.proceed(id, claimed) : ended(claimed.outcome, claimed.notice);
  }

  /** Notes that a node is well, which ends the incident that waits for its turn. */
  private async wellAgain({ instanceId, at }: Wellness): Promise<RemediationStepAnswer> {
    const cluster = await this.cluster();
    const node = cluster && await this.node(instanceId);
    if (!cluster || !node) { return ended('NoFault'); }
    const report = { node, instanceId, at: this.notLater(at) };
    const closed = await this.incidents.change<Claimed>(incidentId(node, instanceId), (before, wasBroken) => (
      noteWell(before, wasBroken, report, this.context)));
    if (closed === 'Merged') { return ended('NoFault'); }
    await this.incidents.givePlaceBack(closed);
    return ended(closed.outcome, closed.notice);
  }

  /** Tells people of a cluster that has failed. */
  private async clusterFailed(failure: ClusterFailure): Promise<RemediationStepAnswer> {
    return await this.incidents.claimFailure(failure.at) ? ended('Escalated', clusterNotice(failure, this.context)) : ended('Merged');
  }

  // ------------------------------------------------------------------------------------------ 2. the incident is decided upon

  /** Takes an incident of this execution on. */
  private async proceed(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    if (incident.doing) { return this.watch(id, incident); }
    const verdict = withoutAction(incident, this.context);
    return verdict ? this.follow(id, incident, verdict) : this.attempt(id, incident);
  }

  /** Repairs a node if nothing speaks against it: neither the node, its fault and the policy, nor the claim, nor the limits. */
  private async attempt(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const snapshot = await this.snapshot(incident);
    if (!snapshot) { return this.end(id, incident, end('Ended', CLUSTER_GONE)); }
    const action = incident.want as RepairAction;

    const obstacle = beforeAction(incident, snapshot, this.context);
    if (obstacle) { return this.follow(id, incident, obstacle); }

    const claim = await this.claim.hold();
    const unclaimed = byClaim(claim, incident, this.context);
    if (unclaimed) { return this.follow(id, incident, unclaimed); }

    const takenOverAt = claim.state === 'Held' ? claim.takenOverAt : undefined;
    const { place, counted } = await this.placeFor(incident, action, snapshot.cluster, takenOverAt);
    const unplaced = byPlace(place, incident, this.context);
    if (unplaced) { return this.follow(id, incident, unplaced); }

    return this.act(id, incident, action, counted);
  }

  /** Asks the service for an action, once. */
  private async act(id: string, incident: Incident, action: RepairAction, counted: boolean): Promise<RemediationStepAnswer> {
    const doing = { action, at: this.context.now, nonce: randomUUID(), counted, unanswered: true } as const;
    const noted = await this.incidents.noteAction(id, incident, doing);
    if (!noted) {
      await this.incidents.givePlaceBack(incident, counted);
      return ended('TakenOver');
    }
    if (!noted.doing) { // a report came in meanwhile that speaks against it, or asks for something else
      if (counted) { await this.incidents.uncount(incident); }
      return this.proceed(id, noted);
    }
    if (noted.doing.nonce !== doing.nonce) { return this.watch(id, noted); }

    const answer = await this.ask(action, noted.instanceId);
    if (answer === 'ClusterGone') { return this.end(id, noted, end('Ended', CLUSTER_GONE)); }
    if (typeof answer === 'object') { return this.refused(id, noted, answer); }
    if (action === 'Replace' && !incident.logicalId) { await this.incidents.noteReplacement(noted); }
    const done = action === 'Reboot' ? 'the node is being rebooted' : 'the node is being replaced; all its volumes are lost';
    const lost = `the service was asked to ${action.toLowerCase()} the node, and its answer was lost; the node is watched`;
    const notice = noticeOf('Started', noted, { reason: action, message: answer === 'Accepted' ? done : lost }, this.context);
    return this.pause(id, noted, look(noted.doing, this.context), notice, answer === 'Accepted' ? doing.nonce : undefined);
  }

  /** Notes that nothing was done, since the service refused it, and tries again later where that may help. */
  private async refused(id: string, incident: Incident, refusal: Refusal): Promise<RemediationStepAnswer> {
    const undone = await this.incidents.keep(id, { doing: undefined, tries: incident.tries + 1 });
    if (incident.doing?.counted) { await this.incidents.uncount(incident); }
    return this.follow(id, undone, byRefusal(refusal, undone, this.context));
  }

  /** Looks what has become of a node that is being repaired. */
  private async watch(id: string, incident: Incident): Promise<RemediationStepAnswer> {
    const snapshot = await this.snapshot(incident);
    if (!snapshot) { return this.end(id, incident, end('Ended', CLUSTER_GONE)); }
    const doing = incident.doing!;
    if (doing.action === 'Replace') {
      /* A step that died after its request may not have noted it. */
      if (doing.unanswered && !incident.logicalId) { await this.incidents.noteReplacement(incident); }
      const hasCome = await this.hasReplacement(incident, snapshot);
      return this.follow(id, incident, duringReplacement(incident, snapshot, hasCome, this.context));
    }
    const seen = sighted(incident, snapshot.node, this.context);
    return this.follow(id, seen, duringReboot(seen, snapshot, this.context));
  }

  // ------------------------------------------------------------------------------------------ 3. what is decided is done

  private async follow(id: string, incident: Incident, verdict: Verdict): Promise<RemediationStepAnswer> {
    const kept = verdict.keep ? await this.incidents.keep(id, verdict.keep) : incident;
    switch (verdict.next) {
      case 'End': return this.end(id, kept, verdict);
      case 'Wait': return this.wait(id, kept, verdict);
      case 'Proceed': return this.proceed(id, kept);
    }
  }

  /** Ends an incident, and gives the place of its node back. A report that came in meanwhile and overrules the end is looked at first. */
  private async end(id: string, incident: Incident, verdict: End): Promise<RemediationStepAnswer> {
    const { kind: outcome, why, quietMs, instanceId = incident.instanceId } = verdict;
    const shown = why.reason === RECURS.reason ? { ...incident, instanceId } : incident; // people look for the instance that is broken now
    const notice = noticeOf(outcome, shown, why, this.context);
    const closed = await this.incidents.close(
      id, incident, { outcome, notice, quietMs, instanceId }, now => isOverruled(verdict, incident, now));
    if (typeof closed === 'object') { return this.proceed(id, closed); }
    await this.incidents.givePlaceBack(incident);
    return closed === 'Closed' ? ended('Ended') : ended(outcome, notice);
  }

  /** Waits for the next step, and tells people why, once for each reason. */
  private async wait(id: string, incident: Incident, { milliseconds, why }: Wait): Promise<RemediationStepAnswer> {
    if (!why || incident.deferred.includes(why.reason)) { return this.pause(id, incident, milliseconds); }
    const kept = await this.incidents.keep(id, { deferred: [...incident.deferred, why.reason] });
    return this.pause(id, kept, milliseconds, noticeOf('Deferred', kept, why, this.context));
  }

  /** Keeps an incident over a pause. With the nonce of an action, the service has said that it does it. */
  private async pause(
    id: string, incident: Incident, milliseconds: number, notice?: Notice, answered?: string,
  ): Promise<RemediationStepAnswer> {
    const pause = Math.min(milliseconds, LONGEST_WAIT_MS);
    if (!await this.incidents.hold(id, incident, pause, answered)) { return ended('TakenOver', notice); }
    return { Done: false, WaitSeconds: Math.ceil(pause / 1000), Memo: { id } satisfies Memo, Outcome: '', HasNotice: !!notice, Notice: notice };
  }

  // ------------------------------------------------------------------------------------------ the service

  /** Reads what a verdict needs. Nothing where the cluster is gone. */
  private async snapshot(incident: Incident): Promise<Snapshot | undefined> {
    const cluster = await this.cluster();
    if (!cluster) { return undefined; }
    const node = await this.node(incident.logicalId || incident.instanceId);
    if (incident.doing || !isPatchDue(incident, node, this.context)) { return { cluster, node }; }
    return { cluster, node, nodes: await this.service.listNodes(this.context.cluster, {}, this.signal) };
  }

  /** Sends an action. `Unanswered`: it may have happened, so that the node is watched as if it had. */
  private async ask(action: RepairAction, instanceId: string): Promise<'Accepted' | 'Unanswered' | 'ClusterGone' | Refusal> {
    const { cluster } = this.context;
    const names = byKind([instanceId]);
    let outcome: BatchOutcome;
    try {
      outcome = await (action === 'Reboot'
        ? this.service.rebootNodes(cluster, names, this.signal) : this.service.replaceNodes(cluster, names, this.signal));
    } catch (error) {
      const { code: reason, message, kind } = failureOf(error);
      if (kind === 'not-found') { return 'ClusterGone'; }
      const later = kind === 'throttled';
      return later || isRefusal(error) ? { reason, message, later, gone: false } : 'Unanswered';
    }
    const [failed] = failedNodes(outcome);
    if (!failed) { return 'Accepted'; }
    const { ErrorCode: reason, Message: message } = failed;
    return { reason, message, later: mayWorkLater(reason), gone: reason === 'InstanceIdNotFound' };
  }

  /** Asks for a place: with a list of the group's nodes where that is needed, and once more where nodes have come back that had one. */
  private async placeFor(incident: Incident, action: RepairAction, cluster: ClusterDescription, takenOverAt: number | undefined) {
    const { TargetCount: target = NaN, CurrentCount: current = NaN } = groupOf(cluster, incident.group) ?? {};
    const ask = async (nodes?: readonly ListedNode[]) =>
      this.incidents.takePlace(incident, action, { target, current, nodes }, takenOverAt);
    const take = async () => {
      const answer = await ask();
      return answer.place === 'Unlisted' ? ask(await this.nodesOf(incident.group, cluster)) : answer;
    };
    const answer = await take();
    if (answer.place !== 'Full') { return answer; }
    const back = await this.backIn(incident.group, cluster);
    if (back.size === 0) { return answer; }
    await this.incidents.noteBack(incident.group, back);
    return take();
  }

  /** The nodes of a group that have an instance. */
  private async nodesOf(group: string, cluster: ClusterDescription): Promise<readonly ListedNode[]> {
    const filter = { InstanceGroupNameContains: group, ...hasLogicalIds(cluster) && { IncludeNodeLogicalIds: true } };
    const nodes = await this.service.listNodes(this.context.cluster, filter, this.signal);
    return nodes.flatMap(({ InstanceGroupName, InstanceId: instance, NodeLogicalId: logicalId, InstanceStatus }) => (
      InstanceGroupName === group && instance ? [{ node: logicalId || instance, instance, runs: InstanceStatus?.Status === 'Running' }] : []));
  }

  /** The nodes of a group that run again, or are gone, of those that hold a place until then. */
  private async backIn(group: string, cluster: ClusterDescription): Promise<ReadonlyMap<string, string>> {
    const down = [...await this.incidents.down(group)];
    if (down.length > MOST_DESCRIBED) {
      const waiting = new Set((await this.nodesOf(group, cluster)).filter(({ runs }) => !runs).map(({ instance }) => instance));
      return new Map(down.filter(([, instance]) => !waiting.has(instance)));
    }
    const back = new Map<string, string>();
    for (const [id, instance] of down) {
      const node = await this.node(id);
      if (node?.InstanceId !== instance || node.InstanceStatus?.Status === 'Running') { back.set(id, instance); }
    }
    return back;
  }

  /** Whether a new instance has taken the place of one that is being replaced. */
  private async hasReplacement(incident: Incident, { cluster, node }: Snapshot): Promise<boolean> {
    if (hasLogicalIds(cluster) && incident.logicalId) {
      return !!node?.InstanceId && node.InstanceId !== incident.instanceId && node.InstanceStatus?.Status === 'Running';
    }
    if (node) { return false; }
    const group = groupOf(cluster, incident.group);
    if (!group || (group.CurrentCount ?? 0) < (group.TargetCount ?? 0)) { return false; }
    const nodes = await this.service.listNodes(this.context.cluster, { InstanceGroupNameContains: incident.group }, this.signal);
    const others = nodes.filter(each => each.InstanceGroupName === incident.group);
    return others.length >= (group.TargetCount ?? 0) && others.every(each => !isBusy(each.InstanceStatus?.Status));
  }

  private async cluster(): Promise<ClusterDescription | undefined> {
    const cluster = await found(async () => this.service.describeCluster(this.context.cluster, this.signal));
    return cluster?.ClusterStatus === 'Deleting' ? undefined : cluster;
  }

  private async node(id: string): Promise<NodeDetails | undefined> {
    const name = isInstanceId(id) ? { NodeId: id } : { NodeLogicalId: id };
    return found(async () => this.service.describeNode(this.context.cluster, name, this.signal));
  }

  /** The details of an event that came empty. The service has them for clusters that provision continuously. */
  private async metadata(fault: Fault) {
    return found(async () => this.service.describeEvent(this.context.cluster, fault.eventId, this.signal));
  }

  /** A time, cut to now: clocks differ, and nothing has happened in the future. */
  private notLater(at: number): number {
    return Math.min(at, this.context.now);
  }
}

/** How many nodes are described one by one. More are listed with their group: after a takeover, they can be most of it. */
const MOST_DESCRIBED = 10;

/** The claim of somebody who needs none: whoever calls this class decides. */
const UNCLAIMED: ClusterClaim = { hold: async () => ({ state: 'Held' }) };

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
