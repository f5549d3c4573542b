import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  byKind, checkNodeId, clusterObstacle, failedNodes, groupObstacle, groupOf, hasLogicalIds, isBusy, isInstanceId, isRefusal, isTouchable,
  mayWorkLater, type FailedNode,
} from './nodes';
import {
  MAX_ID_BYTES_PER_RUN, MAX_NODES_PER_CALL, MAX_NODES_PER_RUN, MAX_STEPS_PER_RUN, type RepairStepAnswer, type RepairStepRequest,
} from '../../../src/private/contracts/node-operations';
import type { ClusterDescription, NodeService, NodeSummary } from '../../clients/hyperpod-nodes';
import { HandlerError, failureOf } from '../../shared/errors';

/** How often a node is tried that the service refuses for now. */
const MAX_TRIES = 10;
/** One step makes so many calls at most, so that it ends well within the timeout of the function. */
const CALLS_PER_STEP = 4;
/** A reboot has begun and ended within this time, or it never began: a node that runs after it has been rebooted. */
const REBOOT_SECONDS = 300;

/** A node as it was when the run began. */
interface Subject {
  /** The id that was given. */
  readonly id: string;
  /** The instance that is meant: where the node has another one, it has been replaced already. None while it waits for one. */
  readonly instance: string;
  /** What stays when the instance is replaced, where the cluster has it. */
  readonly logical: string;
}

/** A node that waits for its call. */
interface Waiting extends Subject {
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
}

/** A node that the service is working on. */
interface Running extends Subject {
  readonly group: string;
  readonly since: number;
}

/** What a run remembers from step to step. */
interface Memo {
  /** How many steps were taken. Runs that began before it was counted don't have it. */
  readonly steps?: number;
  readonly waiting: Waiting[];
  readonly running: Running[];
  readonly repaired: string[];
  readonly failed: FailedNode[];
}

/** A memo as Step Functions keeps it: compressed, since ids may be long, and a state takes 262,144 bytes with all that it has. */
interface PackedMemo {
  readonly packed: string;
}

/** The most bytes of what a step answers, within the 262,144 of a state: messages become shorter until they fit. */
const ANSWER_BYTES = 240_000;
/** The most bytes of what a run remembers at its beginning. Where nodes are grows no more than by this much less. */
const FIRST_MEMO_BYTES = 200_000;
/** The most characters of an error: Step Functions takes 32,768 for its cause. */
const ERROR_LENGTH = 30_000;
/** The most that is remembered of the message of a node, and the least that says something. */
const LONGEST_MESSAGE = 300;
const SHORTEST_MESSAGE = 18;

/**
 * Takes one step of the repair of nodes: sees what has become of those under repair, and hands as many others to the service as
 * may be under repair at once. The same step may be taken twice: nodes are looked at before they are touched.
 */
export async function repairStep(
  service: NodeService, request: RepairStepRequest, now: number, signal: AbortSignal,
): Promise<RepairStepAnswer> {
  const cluster = await service.describeCluster(request.ClusterName, signal);
  const nodes = await service.listNodes(request.ClusterName, hasLogicalIds(cluster) ? { IncludeNodeLogicalIds: true } : {}, signal);
  const step = new Step(request, cluster, nodes, now);
  const memo = unpacked(request.Memo) ?? fittingAtFirst(step.begin());
  return step.end(await step.advance(service, memo, signal));
}

/** What the last step remembered, also where it did so without compression, as runs do that began before there was any. */
function unpacked(memo: object): Memo | undefined {
  if ('packed' in memo) { return JSON.parse(inflateRawSync(Buffer.from((memo as PackedMemo).packed, 'base64')).toString()) as Memo; }
  return 'waiting' in memo ? memo as Memo : undefined;
}

/** A memo that fits into a state: messages become shorter until it does. */
function packed(memo: Memo): PackedMemo {
  for (let length = LONGEST_MESSAGE; ; length = Math.floor(length / 2)) {
    const failed = memo.failed.map(each => ({ ...each, Message: each.Message.slice(0, length) }));
    const text = deflateRawSync(JSON.stringify({ ...memo, failed })).toString('base64');
    if (text.length <= ANSWER_BYTES || length === 0) { return { packed: text }; }
  }
}

/** Refuses nodes whose ids are so long that a state would have no room for them later, when some are under repair. */
function fittingAtFirst(memo: Memo): Memo {
  if (packed(memo).packed.length <= FIRST_MEMO_BYTES) { return memo; }
  const { waiting, failed } = memo;
  throw new HandlerError('InvalidInput', `the ids of ${waiting.length + failed.length} nodes take more than a state of Step Functions has room for; split them`);
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) + 1;

/**
 * How a run has ended, within the room of a state. Messages of nodes that failed become shorter until all fit; where that isn't enough,
 * the last of them are named without saying why.
 */
function fitting(repaired: readonly string[], failed: readonly FailedNode[]): Pick<RepairStepAnswer, 'Repaired' | 'Failed' | 'FurtherFailed'> {
  const room = ANSWER_BYTES - sizeOf(repaired);
  const cut = (length: number) => failed.map(each => ({ ...each, Message: each.Message.slice(0, length) }));
  for (let length = LONGEST_MESSAGE; length >= SHORTEST_MESSAGE; length = Math.floor(length / 2)) {
    const Failed = cut(length);
    if (sizeOf(Failed) <= room) { return { Repaired: repaired, Failed, FurtherFailed: [] }; }
  }
  const shortest = cut(SHORTEST_MESSAGE);
  let [left, count] = [room - sizeOf(failed.map(({ Node }) => Node)), 0];
  for (const each of shortest) {
    left -= sizeOf(each);
    if (left < 0) { break; }
    count++;
  }
  return { Repaired: repaired, Failed: shortest.slice(0, count), FurtherFailed: failed.slice(count).map(({ Node }) => Node) };
}

class Step {
  private readonly byId = new Map<string, NodeSummary>();

  public constructor(
    private readonly request: RepairStepRequest,
    private readonly cluster: ClusterDescription,
    private readonly nodes: readonly NodeSummary[],
    private readonly now: number,
  ) {
    for (const node of nodes) {
      if (node.InstanceId) { this.byId.set(node.InstanceId, node); }
      if (node.NodeLogicalId) { this.byId.set(node.NodeLogicalId, node); }
    }
  }

  /** Checks what the whole run needs, and finds the nodes. */
  public begin(): Memo {
    const { Action, RequirePatched, ControllerGroups, Memo: memo } = this.request;
    const { Nodes = this.request.Nodes ?? [] } = memo as { readonly Nodes?: readonly string[] };
    if (Action !== 'Reboot' && Action !== 'Replace') { throw new HandlerError('InvalidInput', `unknown action: ${String(Action)}`); }
    const given = [...new Set(Nodes.map(checkNodeId))];
    if (given.length > MAX_NODES_PER_RUN) {
      throw new HandlerError('InvalidInput', `one run takes at most ${MAX_NODES_PER_RUN} nodes, got ${given.length}; split them`);
    }
    const bytes = sizeOf(given);
    if (bytes > MAX_ID_BYTES_PER_RUN) {
      throw new HandlerError('InvalidInput', `one run takes ids of at most ${MAX_ID_BYTES_PER_RUN} bytes, got ${bytes}; split them`);
    }
    if (!hasLogicalIds(this.cluster) && given.some(id => !isInstanceId(id))) {
      throw new HandlerError('PreconditionFailed', 'LogicalIdsUnknown: only clusters that provision continuously have logical ids; give the ids of instances');
    }
    const obstacles = [
      clusterObstacle(Action, this.cluster, this.nodes, RequirePatched),
      ...[...new Set(given.flatMap(id => this.byId.get(id) ?? []).map(node => node.InstanceGroupName ?? ''))]
        .map(group => groupObstacle(this.cluster, group, ControllerGroups)),
    ].filter(obstacle => obstacle !== undefined);
    if (obstacles.length > 0) {
      throw new HandlerError('PreconditionFailed', [...new Set(obstacles.map(({ reason, message }) => `${reason}: ${message}`))].join('; '));
    }
    const known = new Map<string, Waiting>();
    for (const id of given) {
      const node = this.byId.get(id);
      if (!node) { continue; }
      const [instance, logical] = [node.InstanceId ?? '', node.NodeLogicalId ?? ''];
      known.set(logical || instance, { id, instance, logical, tries: 0, notBefore: 0 }); // one node, though both of its ids be given
    }
    return {
      steps: 0,
      waiting: [...known.values()],
      running: [],
      repaired: [],
      failed: given.filter(id => !this.byId.has(id)).map(Node => ({ Node, ErrorCode: 'InstanceIdNotFound', Message: 'the cluster has no such node' })),
    };
  }

  public async advance(service: NodeService, before: Memo, signal: AbortSignal): Promise<Memo> {
    const memo: Memo = {
      steps: (before.steps ?? 0) + 1, waiting: [], running: [], repaired: [...before.repaired], failed: [...before.failed],
    };
    for (const node of before.running) { this.look(node, memo); }

    const { ClusterStatus: status } = this.cluster;
    if (status === 'Deleting' || status === 'Failed') {
      throw new HandlerError('PreconditionFailed', `ClusterNotInService: the cluster is ${status}`);
    }
    const turn: Waiting[] = [];
    const room = status !== 'InService' ? 0 : Math.min(this.request.MaxAtOnce - memo.running.length, MAX_NODES_PER_CALL * CALLS_PER_STEP);
    for (const node of before.waiting) {
      if (this.isReplaced(node)) {
        memo.repaired.push(node.id);
      } else if (!this.current(node)) {
        memo.failed.push({ Node: node.id, ErrorCode: 'InstanceIdNotFound', Message: 'the node has gone meanwhile' });
      } else if (turn.length >= room || node.notBefore > this.now) {
        memo.waiting.push(node);
      } else if (!isTouchable(this.current(node)!.InstanceStatus?.Status)) {
        this.later(node, 'InvalidInstanceStatus', `the node is ${this.current(node)!.InstanceStatus?.Status ?? 'silent about its status'}`, memo);
      } else if (groupObstacle(this.cluster, this.current(node)!.InstanceGroupName ?? '', this.request.ControllerGroups)) {
        const { reason, message } = groupObstacle(this.cluster, this.current(node)!.InstanceGroupName ?? '', this.request.ControllerGroups)!;
        memo.failed.push({ Node: node.id, ErrorCode: reason, Message: message });
      } else {
        turn.push(node);
      }
    }
    for (let start = 0; start < turn.length; start += MAX_NODES_PER_CALL) {
      await this.call(service, turn.slice(start, start + MAX_NODES_PER_CALL), memo, signal);
    }
    return memo;
  }

  public end(memo: Memo): RepairStepAnswer {
    const done = memo.waiting.length === 0 && memo.running.length === 0;
    if (done && this.request.FailOnFailedNodes && memo.failed.length > 0) {
      const { failed, repaired } = memo;
      throw new HandlerError('NodesFailed', `${failed.length} of ${failed.length + repaired.length} nodes: ${JSON.stringify(failed)}`.slice(0, ERROR_LENGTH));
    }
    if (!done) { return { Done: false, WaitSeconds: this.pause(memo), Memo: packed(memo), Repaired: [], Failed: [], FurtherFailed: [] }; }
    return { Done: true, WaitSeconds: 0, Memo: {}, ...fitting(memo.repaired, memo.failed) };
  }

  /** How long to wait for the next look: longer than asked for where a run could take more steps than Step Functions has room for. */
  private pause({ steps = 0, waiting, running }: Memo): number {
    const { MaxAtOnce, TimeoutSeconds, PollSeconds } = this.request;
    const rounds = Math.ceil(waiting.length / MaxAtOnce) + (running.length > 0 ? 1 : 0);
    return Math.max(PollSeconds, Math.ceil((rounds * TimeoutSeconds) / Math.max(1, MAX_STEPS_PER_RUN - steps)));
  }

  private async call(service: NodeService, nodes: Waiting[], memo: Memo, signal: AbortSignal): Promise<void> {
    const { Action, ClusterName: cluster } = this.request;
    // by the instance where there is one: a logical id would mean whatever instance the node has by now
    const names = byKind(nodes.map(node => node.instance || node.id));
    const calledBy = new Map(nodes.map(node => [node.instance || node.id, node]));
    let outcome;
    try {
      outcome = await (Action === 'Reboot' ? service.rebootNodes(cluster, names, signal) : service.replaceNodes(cluster, names, signal));
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      if (kind === 'throttled') {
        nodes.forEach(node => this.later(node, code, message, memo));
        return;
      }
      if (isRefusal(error)) { throw error; }
      memo.running.push(...nodes.map(node => this.running(node))); // no answer: it may have happened, and isn't asked for again
      return;
    }
    for (const { Node, ErrorCode, Message } of failedNodes(outcome)) {
      const node = calledBy.get(Node);
      if (!node) { continue; }
      calledBy.delete(Node);
      if (mayWorkLater(ErrorCode)) {
        this.later(node, ErrorCode, Message, memo);
      } else {
        memo.failed.push({ Node: node.id, ErrorCode, Message: Message.slice(0, LONGEST_MESSAGE) });
      }
    }
    memo.running.push(...[...calledBy.values()].map(node => this.running(node)));
  }

  private running({ id, instance, logical }: Waiting): Running {
    return { id, instance, logical, group: this.current({ id, instance, logical })!.InstanceGroupName ?? '', since: this.now };
  }

  private later(node: Waiting, code: string, message: string, memo: Memo): void {
    const tries = node.tries + 1;
    if (tries >= MAX_TRIES) {
      memo.failed.push({ Node: node.id, ErrorCode: code, Message: `${message.slice(0, LONGEST_MESSAGE)} (refused ${tries} times)` });
    } else {
      memo.waiting.push({ ...node, tries, notBefore: this.now + this.request.PollSeconds * 1000 });
    }
  }

  /** Sees what has become of a node under repair. */
  private look(node: Running, memo: Memo): void {
    if (this.request.Action === 'Reboot' ? this.isRebooted(node) : this.isReplacement(node)) {
      memo.repaired.push(node.id);
    } else if (this.now - node.since >= this.request.TimeoutSeconds * 1000) {
      const status = this.current(node)?.InstanceStatus?.Status ?? 'gone';
      memo.failed.push({ Node: node.id, ErrorCode: 'Timeout', Message: `not repaired within ${this.request.TimeoutSeconds} s; the node is ${status}` });
    } else {
      memo.running.push(node);
    }
  }

  private isRebooted(node: Running): boolean {
    return this.now - node.since >= REBOOT_SECONDS * 1000 && this.current(node)?.InstanceStatus?.Status === 'Running';
  }

  /** Whether a node that waited for its turn has got another instance meanwhile. */
  private isReplaced(subject: Waiting): boolean {
    const node = this.current(subject);
    return this.request.Action === 'Replace' && subject.instance !== '' && !!node?.InstanceId && node.InstanceId !== subject.instance;
  }

  private isReplacement({ group, ...subject }: Running): boolean {
    const node = this.current(subject);
    if (hasLogicalIds(this.cluster)) {
      return !!node?.InstanceId && node.InstanceId !== subject.instance && node.InstanceStatus?.Status === 'Running';
    }
    // nothing tells which instance took its place: the group is whole again without it
    const { CurrentCount = 0, TargetCount = 0 } = groupOf(this.cluster, group) ?? {};
    const others = this.nodes.filter(each => each.InstanceGroupName === group);
    return !node && CurrentCount >= TargetCount && others.length >= TargetCount
      && others.every(each => !isBusy(each.InstanceStatus?.Status));
  }

  /** A node as it is now: by its logical id where it has one, since instances come and go. */
  private current({ instance, logical }: Subject): NodeSummary | undefined {
    return this.byId.get(logical || instance);
  }
}
