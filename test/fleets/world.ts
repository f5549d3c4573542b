import { between, chanceOf, Clock, pick, type Chance } from './clock';
import type { Kind, PlannedFault, Point } from './faults';
import type { NodeDetails, NodeName, NodeNames, NodeService, NodeSummary } from '../../lambda/clients/hyperpod-nodes';
import type { StackReader } from '../../lambda/clients/stack-reader';
import type { StateStore } from '../../lambda/clients/state-table';
import { RecordedClaim, type ClaimStore, type ClusterClaim } from '../../lambda/hyperpod/node-operations/claim';
import { limits, untilWindow } from '../../lambda/hyperpod/node-operations/guards';
import { Remediation } from '../../lambda/hyperpod/node-operations/remediation/course';
import { isIncident, type Incident } from '../../lambda/hyperpod/node-operations/state';
import type { Notice, RemediationPolicy, RemediationStepAnswer, RemediationStepRequest } from '../../src/private/contracts/node-operations';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const CLUSTER = 'pod';
const PATH = '/cdk-hpc-clusters/remediation/pod';
/** A step may take this long between its look at a node and its call. */
const STEP = 5 * MINUTE;
const { signal } = new AbortController();

/** What the health agent calls a fault. */
export type FaultType = 'NvidiaErrorReboot' | 'NvidiaErrorTerminate' | 'XidUserAppError' | 'Unheard';
const GRAVITY: Readonly<Record<FaultType, number>> = { XidUserAppError: 0, Unheard: 1, NvidiaErrorReboot: 2, NvidiaErrorTerminate: 3 };

/** A time in which an instance is broken. */
export interface Episode {
  readonly instance: string;
  readonly type: FaultType;
  readonly from: number;
  /** When it ended, and by whom. */
  until?: number;
  by?: 'reboot' | 'itself' | 'replacement';
  /** When people or the remediation could know that it ended. */
  heard?: number;
  /** When the service accepted to reboot and to replace the node for it. */
  rebootedAt?: number;
  rebootedBy?: number;
  replacedAt?: number;
}

/** A node as it is. */
interface FleetNode {
  readonly group: string;
  readonly logical?: string;
  instance?: string;
  status: string;
  launched: number;
  inUse: boolean;
  /** How it was before it changed last. */
  former?: { readonly instance?: string; readonly status: string; readonly until: number };
}

/** What is known of a fleet from the beginning. */
export interface FleetPlan {
  readonly seed: number;
  readonly start: number;
  readonly groups: readonly { readonly name: string; readonly nodes: number; readonly controller?: boolean }[];
  readonly logicalIds: boolean;
  readonly slurm: boolean;
  /** Whether the cluster says which group holds the controller. */
  readonly tellsController: boolean;
  /** Whether descriptions of nodes leave their group out, at times. */
  readonly hidesGroups: boolean;
  readonly recovery: 'None' | 'Automatic';
  readonly policy: RemediationPolicy;
  readonly scarce: boolean;
  readonly rebootMinutes: number;
  /** Whether reboots may hang until people look after the node. */
  readonly rebootsHang: boolean;
  /** Whether an instance that is replaced may take hours to go. */
  readonly goesSlowly?: boolean;
  /** Whether a node that is being rebooted says so. */
  readonly showsReboots: boolean;
  readonly healthyEvents: boolean;
  readonly remediations: 1 | 2;
  /** Which handlers: the shipped ones by default. */
  readonly mutation?: Mutation;
}

/** A handler that is wrong in one way. */
export interface Mutation {
  readonly store?: (store: StateStore) => StateStore;
  readonly service?: (service: NodeService) => NodeService;
  readonly policy?: (policy: RemediationPolicy) => RemediationPolicy;
  readonly event?: (event: object) => object | undefined;
  /** None: nothing is claimed. */
  readonly claim?: (claim: ClusterClaim) => ClusterClaim | undefined;
}

/** An execution of the workflow. */
interface Execution {
  readonly name: string;
  readonly owner: number;
  alive: boolean;
  /** Whether the function is dead, and its step has to be tried again. */
  ended: boolean;
  started: number;
}

/** An invocation of the function. What is dead never goes on. */
interface Invocation {
  alive: boolean;
  die: () => void;
}

/** An action that the service accepted. */
interface Accepted {
  readonly at: number;
  readonly group: string;
  readonly node: FleetNode;
  readonly instance: string;
  readonly action: string;
  /** Whether the node has come back, whatever becomes of it then. */
  done: boolean;
}

/** A report of a fault that was delivered. */
interface Delivered {
  readonly at: number;
  readonly said: number;
  readonly type: FaultType;
  readonly repairAction: string;
  /** Whether who heard it has died. */
  readonly dead: () => boolean;
}

/** How a fault goes on. Times are milliseconds. */
interface Course {
  readonly delay?: number;
  readonly repeats?: number;
  readonly heals?: number;
}

/** Something that was told. */
export interface Told {
  readonly at: number;
  readonly owner: number;
  readonly notice: Notice;
}

/** A fleet, its world and its remediations, on a clock of their own. */
export class World {
  public readonly clock: Clock;
  public readonly chance: Chance;
  public readonly episodes: Episode[] = [];
  public readonly told: Told[] = [];
  public readonly broken: string[] = [];
  public readonly struck: { readonly point: Point; readonly kind: Kind }[] = [];
  public readonly seen = new Set<Point>();
  public readonly counts = { events: 0, steps: 0, calls: 0, reboots: 0, replacements: 0, unknowable: 0, died: 0 };

  private readonly nodes: FleetNode[] = [];
  private readonly executions: Execution[] = [];
  private readonly tables: Map<string, { version: number; json: string }>[] = [new Map(), new Map()];
  private readonly claims = new Map<string, string>();
  private readonly claimTimes = new Map<string, number>();
  private readonly stacks = new Map<string, boolean>([['stack-0', true], ['stack-1', true]]);
  private readonly visits = new Map<Point, number>();
  /** What was accepted, by whom. */
  private readonly accepted: Accepted[] = [];
  /** Events that were delivered, by instance. */
  private readonly delivered = new Map<string, Delivered[]>();
  /** Instances that were rebooted, by whomever. */
  private readonly rebooted = new Set<string>();
  private instances = 0;
  private eventIds = 0;

  public constructor(public readonly plan: FleetPlan, private readonly faults: readonly PlannedFault[]) {
    this.clock = new Clock(plan.start);
    this.chance = chanceOf(plan.seed);
    for (const { name, nodes } of plan.groups) {
      for (let index = 0; index < nodes; index++) { this.addNode(name, plan.start - DAY * 10); }
    }
  }

  public get now(): number {
    return this.clock.now;
  }

  /** A node that may break. */
  public get candidates(): readonly FleetNode[] {
    return this.nodes.filter(({ instance }) => instance !== undefined);
  }

  /** Breaks an instance, and lets the agent say so. */
  public breaks(node: FleetNode, type: FaultType, more: Course = {}): void {
    const { instance } = node;
    if (!instance || node.status === 'ShuttingDown') { return; }
    const episode: Episode = { instance, type, from: this.now };
    this.episodes.push(episode);
    const repairAction = this.plan.recovery === 'None' ? pick(this.chance, ['None', 'Reboot', 'Replace']) : pick(this.chance, ['None', 'Reboot', 'Replace']);
    this.report(episode, repairAction, more.delay);
    for (let count = 1; count <= (more.repeats ?? 0); count++) {
      this.clock.after(count * between(this.chance, 20 * MINUTE, 5 * HOUR), () => {
        if (episode.until === undefined) { this.report(episode, repairAction); }
      });
    }
    if (more.heals !== undefined) { this.clock.after(more.heals, () => this.heal(episode, 'itself')); }
    if (this.plan.recovery === 'Automatic' && repairAction !== 'None') {
      this.clock.after(between(this.chance, 5 * MINUTE, HOUR), () => {
        const own = this.nodes.find(each => each.instance === instance);
        if (!own || own.inUse || episode.until !== undefined) { return; }
        if (repairAction === 'Reboot') { this.reboot(own); } else { this.replace(own); }
      });
    }
  }

  /** Somebody replaces a node by hand. */
  public replacesByHand(node: FleetNode): void {
    if (node.instance && !node.inUse && node.status === 'Running') { this.replace(node); }
  }

  /** Deletes the stack of a remediation. */
  public deleteStack(owner: number): void {
    this.stacks.set(`stack-${owner}`, false);
    for (const execution of this.executions) { if (execution.owner === owner) { execution.alive = false; } }
  }

  /** Lets everything happen, and looks for what must not. */
  public async play(until: number): Promise<void> {
    await this.clock.run(until);
    const restless = this.executions.filter(({ alive, ended }) => alive && !ended);
    if (restless.length > 0) { this.broken.push(`I6 ${restless.length} executions do not end`); }
    const dead = new Set(this.executions.filter(({ alive, ended }) => !alive && !ended).map(({ name }) => name));
    this.tables.forEach(table => {
      for (const [key, { json }] of table) {
        const item = JSON.parse(json) as unknown;
        if (key.startsWith('node/') && isIncident(item) && item.open && !dead.has(item.owner)) { this.broken.push(`I6 an incident does not end: ${key}`); }
      }
    });
    this.episodes.forEach(episode => this.expectTold(episode));
  }

  // ------------------------------------------------------------------------------------------------ the fleet

  private addNode(group: string, launched: number): FleetNode {
    const node: FleetNode = {
      group, logical: this.plan.logicalIds ? `${group}-${this.nodes.length + 1}` : undefined, status: 'Running', launched, inUse: false, instance: this.instance(),
    };
    this.nodes.push(node);
    return node;
  }

  private instance(): string {
    return `i-${(++this.instances).toString(16).padStart(17, '0')}`;
  }

  private set(node: FleetNode, instance: string | undefined, status: string): void {
    node.former = { instance: node.instance, status: node.status, until: this.now };
    node.instance = instance;
    node.status = status;
  }

  private heal(episode: Episode, by: Episode['by']): void {
    if (episode.until !== undefined) { return; }
    episode.until = this.now;
    episode.by = by;
    if (by === 'replacement' || !this.plan.healthyEvents || this.live(episode.instance)) { return; }
    const delay = pick(this.chance, [0, SECOND, 10 * SECOND, 3 * MINUTE]);
    // who heard it may die before he has written it down
    this.deliver(this.event(episode.instance, 'Healthy', '', 'None'), delay, dead => {
      this.clock.after(STEP, () => { if (!dead()) { episode.heard ??= this.now; } });
    });
  }

  private reboot(node: FleetNode): void {
    const instance = node.instance!;
    node.inUse = true;
    this.rebooted.add(instance);
    const hangs = this.plan.rebootsHang && this.plan.showsReboots && this.chance() < 0.3;
    const minutes = hangs ? between(this.chance, 12 * HOUR, 6 * DAY) / MINUTE : this.plan.rebootMinutes * between(this.chance, 0.5, 1.5);
    if (this.plan.showsReboots) { this.set(node, instance, 'Pending'); }
    const live = this.live(instance);
    if (live && this.chance() < 0.3) { // the agent says it again while the node goes down or comes up
      this.clock.after(between(this.chance, 0, minutes * MINUTE), () => this.report(live, 'None'));
    }
    this.clock.after(minutes * MINUTE, () => {
      if (node.instance !== instance) { return; }
      node.inUse = false;
      for (const each of this.accepted) { if (each.instance === instance && each.action === 'Reboot') { each.done = true; } }
      const cured = live?.until !== undefined || live === undefined || (live.type !== 'NvidiaErrorTerminate' && this.chance() < 0.75);
      const failed = !cured && this.chance() < 0.3;
      this.set(node, instance, failed ? 'Failure' : 'Running');
      if (!live) { return; }
      if (cured) {
        this.heal(live, 'reboot');
      } else if (!failed) {
        this.clock.after(between(this.chance, MINUTE, 2 * HOUR), () => { if (live.until === undefined) { this.report(live, 'None'); } });
      }
    });
  }

  private replace(node: FleetNode): void {
    const instance = node.instance!;
    const live = this.live(instance);
    node.inUse = true;
    this.set(node, instance, 'ShuttingDown');
    const going = this.plan.goesSlowly && this.chance() < 0.5 ? between(this.chance, HOUR, 6 * HOUR) : MINUTE;
    this.clock.after(going, () => {
      this.set(node, undefined, 'Pending');
      if (live) { this.heal(live, 'replacement'); }
      for (const each of this.episodes) { if (each.instance === instance) { this.heal(each, 'replacement'); } }
      if (node.logical === undefined) { this.nodes.splice(this.nodes.indexOf(node), 1); }
    });
    if (this.plan.scarce && this.chance() < 0.5) { return; }
    this.clock.after(going - MINUTE + between(this.chance, 10 * MINUTE, 60 * MINUTE), () => {
      node.inUse = false;
      for (const each of this.accepted) { if (each.node === node) { each.done = true; } }
      const fresh = node.logical === undefined ? this.addNode(node.group, this.now) : node;
      if (node.logical !== undefined) { this.set(node, this.instance(), 'Running'); }
      fresh.launched = this.now;
      if (this.chance() < 0.1) { this.clock.after(between(this.chance, 30 * SECOND, HOUR), () => this.breaks(fresh, pick(this.chance, ['NvidiaErrorReboot', 'NvidiaErrorTerminate']), { repeats: 1 })); }
    });
  }

  private live(instance: string): Episode | undefined {
    const all = this.episodes.filter(each => each.instance === instance && each.until === undefined);
    return all.sort((a, b) => GRAVITY[b.type] - GRAVITY[a.type])[0];
  }

  // ------------------------------------------------------------------------------------------------ events

  private event(instance: string, status: 'Unhealthy' | 'Healthy', type: string, repairAction: string): object {
    return {
      'id': `event-${++this.eventIds}`,
      'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
      'time': new Date(this.now).toISOString().replace(/\.\d+Z$/, 'Z'),
      'detail': {
        InstanceId: instance,
        HealthSummary: { HealthStatus: status, HealthStatusReason: type && `fault type ${type}`, RepairAction: repairAction, Recommendation: '' },
      },
    };
  }

  private report(episode: Episode, repairAction: string, delay?: number): void {
    const said = Math.floor(this.now / SECOND) * SECOND;
    const late = delay
      ?? pick(this.chance, [0, SECOND, 2 * SECOND, 5 * SECOND, 20 * SECOND, 4 * MINUTE, 70 * MINUTE, this.chance() < 0.1 ? 6 * HOUR : 0]);
    const pair = this.chance() < 0.4;
    const note = (execution: () => boolean) => {
      const all = this.delivered.get(episode.instance) ?? [];
      this.delivered.set(episode.instance, [...all, { at: this.now, said, type: episode.type, repairAction, dead: execution }]);
    };
    const event = this.event(episode.instance, 'Unhealthy', episode.type, repairAction);
    this.deliver(event, late, note);
    if (this.chance() < 0.2) { this.deliver(event, late + between(this.chance, 0, 2 * HOUR), note); } // EventBridge delivers once more
    if (pair) { this.deliver(this.event(episode.instance, 'Unhealthy', episode.type, repairAction), late + between(this.chance, 0, 2 * SECOND), note); }
  }

  private deliver(event: object, delay: number, note: (dead: () => boolean) => void): void {
    this.clock.after(delay, () => {
      this.counts.events++;
      for (let owner = 0; owner < this.plan.remediations; owner++) {
        const heard = this.plan.mutation?.event ? this.plan.mutation.event(event) : event;
        const execution = heard && this.stacks.get(`stack-${owner}`) ? this.execute(owner, heard) : undefined;
        if (owner === 0) { note(() => (execution ? !execution.alive && !execution.ended : !this.stacks.get('stack-0'))); }
      }
      return undefined;
    });
  }

  // ------------------------------------------------------------------------------------------------ executions

  private execute(owner: number, event: object): Execution {
    const execution: Execution = { name: `execution-${this.executions.length}`, owner, alive: true, ended: false, started: this.now };
    this.executions.push(execution);
    void this.workflow(execution, event);
    return execution;
  }

  private async workflow(execution: Execution, event: object): Promise<void> {
    let memo: object = {};
    for (let steps = 0; execution.alive; steps++) {
      const answer = await this.step(execution, event, memo);
      if (!answer) {
        this.counts.died++;
        execution.alive = false;
        return;
      }
      if (answer.Notice) {
        const { Kind, Reason, InstanceId } = answer.Notice;
        if (Kind === 'Repaired' && Reason === 'Rebooted' && !this.rebooted.has(InstanceId)) { this.broken.push(`I10 told of a reboot that never was: ${InstanceId}`); }
        this.told.push({ at: this.now, owner: execution.owner, notice: answer.Notice });
      }
      if (answer.Done) {
        execution.ended = true;
        return;
      }
      if (steps > 2200) {
        this.broken.push('I6 an execution takes more steps than Step Functions has room for');
        return;
      }
      memo = answer.Memo;
      await this.clock.sleep(answer.WaitSeconds * SECOND);
    }
  }

  /** A step, tried again as the workflow does. */
  private async step(execution: Execution, event: object, memo: object): Promise<RemediationStepAnswer | undefined> {
    for (let tries = 0; tries <= 8 && execution.alive; tries++) {
      this.counts.steps++;
      const invocation: Invocation = { alive: true, die: () => undefined };
      const death = new Promise<never>((_resolve, reject) => { invocation.die = () => reject(failure('Lambda.Unknown', 0)); });
      death.catch(() => undefined);
      const { mutation } = this.plan;
      const request: RemediationStepRequest = {
        Operation: 'RemediationStep',
        ClusterName: CLUSTER,
        Policy: mutation?.policy?.(this.plan.policy) ?? this.plan.policy,
        Execution: execution.name,
        Event: event,
        Memo: memo,
      };
      const [service, store] = [this.service(execution, invocation), this.store(execution, invocation)];
      const own = this.claim(execution, invocation);
      const claim = mutation?.claim ? mutation.claim(own) : own;
      try {
        const [given, kept] = [mutation?.service?.(service) ?? service, mutation?.store?.(store) ?? store];
        return await Promise.race([new Remediation(given, kept, request, () => this.now, signal, claim).step(), death]);
      } catch (error) {
        if (error instanceof TypeError || error instanceof RangeError) { this.broken.push(`I0 ${error.stack}`); }
        if (!execution.alive) { return undefined; }
        await this.clock.sleep(Math.min(300, 5 * 2 ** tries) * SECOND);
      }
    }
    return undefined;
  }

  /** Lets a call wait for its turn, and a fault strike it where one is planned. */
  private async call<T>(execution: Execution, invocation: Invocation, point: Point, perform: (stale: boolean) => T): Promise<T> {
    this.counts.calls++;
    this.seen.add(point);
    const visit = (this.visits.get(point) ?? 0) + 1;
    this.visits.set(point, visit);
    const kind = this.faults.find(fault => fault.point === point && fault.nth === visit)?.kind;
    if (kind) { this.struck.push({ point, kind }); }
    await this.clock.sleep(between(this.chance, 5, 80) + (kind === 'slow' ? MINUTE : 0));
    if (!execution.alive || !invocation.alive) { return new Promise(() => undefined); }
    switch (kind) {
      case 'throttle': throw failure('ThrottlingException', 400);
      case 'denied': throw failure('AccessDeniedException', 403);
      case 'error': throw failure('InternalFailure', 500);
      case 'die':
        invocation.alive = false;
        invocation.die();
        return new Promise(() => undefined);
      case 'kill':
        execution.alive = false;
        return new Promise(() => undefined);
      default: break;
    }
    const result = perform(kind === 'stale');
    switch (kind) {
      case 'error-after': throw failure('InternalFailure', 500);
      case 'reset-after': throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      case 'die-after':
        invocation.alive = false;
        invocation.die();
        return new Promise(() => undefined);
      case 'kill-after':
        execution.alive = false;
        return new Promise(() => undefined);
      default: return result;
    }
  }

  private claim(execution: Execution, invocation: Invocation): RecordedClaim {
    const records: ClaimStore = {
      put: async (name, value) => this.call(execution, invocation, 'write claim', () => {
        if (this.claims.has(name)) { return false; }
        this.claims.set(name, value);
        this.claimTimes.set(name, this.now);
        return true;
      }),
      readAll: async () => this.call(execution, invocation, 'read claim', stale => (
        new Map([...this.claims].filter(([name]) => !stale || this.now - this.claimTimes.get(name)! > 2 * MINUTE)))),
      pause: async milliseconds => this.clock.sleep(milliseconds),
    };
    const stacks: StackReader = {
      resource: async stackId => this.call(execution, invocation, 'DescribeStackResource', () => (this.stacks.get(stackId) ? { status: 'CREATE_COMPLETE' } : undefined)),
    };
    return new RecordedClaim(PATH, { stackId: `stack-${execution.owner}`, logicalId: 'Remediation' }, records, stacks, () => this.now);
  }

  private store(execution: Execution, invocation: Invocation): StateStore {
    const table = this.tables[execution.owner];
    return {
      read: async id => this.call(execution, invocation, 'read', () => table.get(id)),
      write: async (id, version, json) => this.call(execution, invocation, 'write', () => {
        if ((table.get(id)?.version ?? 0) !== version) { return false; }
        table.set(id, { version: version + 1, json });
        return true;
      }),
      pause: async () => this.clock.sleep(between(this.chance, 0, SECOND)), // by the fleet's own chance: the same seed makes the same fleet
    };
  }

  private service(execution: Execution, invocation: Invocation): NodeService {
    const call = async <T>(point: Point, perform: (stale: boolean) => T): Promise<T> => this.call(execution, invocation, point, perform);
    return {
      describeCluster: async () => call('DescribeCluster', stale => this.describeCluster(stale)),
      describeNode: async (_name, node) => call('DescribeClusterNode', stale => this.describeNode(node, stale)),
      listNodes: async (_name, { InstanceGroupNameContains: part = '', IncludeNodeLogicalIds: logical = false }) => call('ListClusterNodes', stale => (
        this.nodes.filter(({ group }) => group.includes(part)).flatMap(node => this.summary(node, stale, logical)))),
      describeEvent: async () => undefined,
      rebootNodes: async (_name, names) => call('BatchRebootClusterNodes', () => this.change(execution, 'Reboot', names)),
      replaceNodes: async (_name, names) => call('BatchReplaceClusterNodes', () => this.change(execution, 'Replace', names)),
    };
  }

  private view(node: FleetNode, stale: boolean): { readonly instance?: string; readonly status: string } {
    return stale && node.former && this.now - node.former.until < 2 * MINUTE ? node.former : node;
  }

  private describeCluster(stale: boolean): never {
    return {
      ClusterStatus: 'InService',
      NodeProvisioningMode: this.plan.logicalIds ? 'Continuous' : undefined,
      NodeRecovery: this.plan.recovery,
      Orchestrator: this.plan.slurm ? { Slurm: {} } : { Eks: { ClusterArn: 'arn:eks' } },
      InstanceGroups: this.plan.groups.map(({ name, nodes, controller }) => ({
        InstanceGroupName: name,
        TargetCount: nodes,
        CurrentCount: this.nodes.filter(node => node.group === name && this.view(node, stale).instance !== undefined).length,
        ...controller && this.plan.tellsController && { SlurmConfig: { NodeType: 'Controller' } },
      })),
    } as never;
  }

  private describeNode(name: NodeName, stale: boolean): NodeDetails {
    const node = this.nodes.find(each => ('NodeId' in name ? this.view(each, stale).instance === name.NodeId : each.logical === name.NodeLogicalId));
    if (!node) { throw failure('ResourceNotFound', 400); }
    const { instance, status } = this.view(node, stale);
    const hidden = this.plan.hidesGroups && this.chance() < 0.5;
    return {
      InstanceGroupName: hidden ? undefined : node.group,
      InstanceId: instance,
      NodeLogicalId: node.logical,
      InstanceStatus: { Status: status },
      LaunchTime: new Date(node.launched),
    } as NodeDetails;
  }

  private summary(node: FleetNode, stale: boolean, logical: boolean): NodeSummary[] {
    const { instance, status } = this.view(node, stale);
    if (instance === undefined && !logical) { return []; }
    const ids = { InstanceId: instance, NodeLogicalId: logical ? node.logical : undefined };
    return [{ InstanceGroupName: node.group, ...ids, InstanceStatus: { Status: status } } as NodeSummary];
  }

  private change(execution: Execution, action: 'Reboot' | 'Replace', { NodeIds = [], NodeLogicalIds = [] }: NodeNames): never {
    const [id] = [...NodeIds, ...NodeLogicalIds];
    const node = this.nodes.find(each => each.instance === id || each.logical === id);
    const refused = (ErrorCode: string) => ({ Failed: [{ NodeId: id, ErrorCode, Message: ErrorCode }] }) as never;
    if (!node?.instance) { return refused('InstanceIdNotFound'); }
    if (node.inUse) { return refused('InstanceIdInUse'); }
    if (node.status !== 'Running' && node.status !== 'Failure') { return refused('InvalidInstanceStatus'); }
    if (this.chance() < 0.03) { return refused(pick(this.chance, ['InternalServerError', 'InstanceIdInUse', 'Strange'])); }
    this.judge(execution, action, node);
    if (action === 'Reboot') { this.reboot(node); } else { this.replace(node); }
    return { Successful: [id] } as never;
  }

  // ------------------------------------------------------------------------------------------------ invariants

  /** Whether an action that the service accepts may be taken. */
  private judge(execution: Execution, action: 'Reboot' | 'Replace', node: FleetNode): void {
    const { policy, slurm, groups, recovery } = this.plan;
    const instance = node.instance!;
    this.counts[action === 'Reboot' ? 'reboots' : 'replacements']++;
    const complain = (what: string) => this.broken.push(`${what}: ${action} ${instance} of ${node.group} by ${execution.name} after ${Math.round((this.now - this.plan.start) / MINUTE)} minutes`);

    if (policy.DryRun) { complain('I8 a remediation acts that only reports'); }
    if (slurm && groups.find(({ name }) => name === node.group)?.controller) { complain('I4 a controller is touched'); }
    if (untilWindow(policy.Windows, this.now) > 0 && untilWindow(policy.Windows, this.now - STEP) > 0) { complain('I7 outside of a window'); }
    const holder = [...this.claims.entries()].sort(([a], [b]) => Number(a.split('/').at(-1)) - Number(b.split('/').at(-1))).at(-1)?.[1];
    if (this.plan.remediations === 2 && !holder?.includes(`"stack-${execution.owner}"`)) { complain('I9 without the claim'); }
    const said = (this.delivered.get(instance) ?? []).filter(({ at }) => at <= this.now);
    if (recovery === 'Automatic' && !said.some(({ repairAction }) => repairAction === 'None')) { complain('I5 beside HyperPod'); }

    this.judgeHealth(complain, execution, action, instance, node.status, said);
    this.judgeLimits(complain, action, node);
  }

  /** For how long nodes could have been touched since then: where there are windows, while one was open. */
  private openSince(then: number): number {
    const { Windows } = this.plan.policy;
    if (Windows.length === 0 || then === 0) { return this.now - then; }
    let open = 0;
    for (let at = then; at < this.now; at += STEP) { open += untilWindow(Windows, at) === 0 ? STEP : 0; }
    return open;
  }

  private judgeHealth(
    complain: (what: string) => void, { owner }: Execution, action: string, instance: string, status: string,
    said: readonly { readonly at: number; readonly said: number }[],
  ): void {
    const all = this.episodes.filter(each => each.instance === instance && GRAVITY[each.type] >= GRAVITY.NvidiaErrorReboot);
    const live = all.filter(each => each.until === undefined).sort((a, b) => GRAVITY[b.type] - GRAVITY[a.type])[0];
    if (!live) {
      const last = [...all].sort((a, b) => b.until! - a.until!)[0];
      const newest = Math.max(0, ...said.map(each => each.said));
      const age = (this.plan.policy.MaxFaultAgeSeconds ?? DAY / SECOND) * SECOND;
      if (!last) {
        complain('I1 a node is touched that was never broken');
      } else if (last.by === 'reboot' && last.rebootedAt !== undefined) {
        complain('I1 a node is touched that its reboot has healed');
      } else if (last.heard !== undefined && last.heard < this.now - STEP) {
        complain('I1 a healthy node is touched, and that it is was said');
      } else if (this.openSince(newest) > age + STEP) {
        complain('I1 a healthy node is touched for a fault of long ago');
      } else {
        this.counts.unknowable++;
      }
      return;
    }
    const recent = (time: number | undefined) => time !== undefined && this.now - time < this.plan.policy.RecurrenceSeconds * SECOND;
    const lives = all.filter(each => each.until === undefined);
    if (action === 'Reboot') {
      // whoever takes a claim over doesn't know what was done before
      const mild = lives.filter(({ type }) => type === 'NvidiaErrorReboot');
      if (mild.length > 0 && mild.every(each => each.rebootedBy === owner && recent(each.rebootedAt))) { complain('I3 rebooted twice for one fault'); }
      lives.forEach(each => { [each.rebootedAt, each.rebootedBy] = [this.now, owner]; });
    } else {
      if (recent(live.replacedAt)) { complain('I3 replaced twice for one fault'); }
      lives.forEach(each => { each.replacedAt = this.now; });
    }
    const rebooted = this.rebooted.has(instance);
    const grave = this.episodes.some(each => each.instance === instance && each.type === 'NvidiaErrorTerminate');
    if (action === 'Replace' && !grave && !rebooted) { complain(`I1 replaced before it was rebooted (${status})`); }
  }

  private judgeLimits(complain: (what: string) => void, action: 'Reboot' | 'Replace', node: FleetNode): void {
    const size = this.plan.groups.find(({ name }) => name === node.group)!.nodes;
    const { atOnce, perDay } = limits(this.plan.policy, size);
    const missing = size - this.nodes.filter(each => each.group === node.group && each.instance !== undefined).length;
    const away = new Set(this.accepted.filter(other => other.group === node.group && other.node !== node && (
      !other.done && (other.action === 'Replace' || other.node.instance === other.instance))).map(other => other.node));
    if (away.size + 1 > atOnce) { complain(`I2 ${away.size + 1} nodes of a group at once (${missing} missing), ${atOnce} may be`); }
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    const keyOf = (each: FleetNode) => each.logical ?? each;
    const today = new Set(this.accepted.filter(other => other.group === node.group
      && [other.at, other.at - STEP, this.now - STEP].every(time => day(time) === day(this.now))).map(other => keyOf(other.node)));
    today.add(keyOf(node));
    if (today.size > perDay) { complain(`I2 ${today.size} nodes of a group on a day, ${perDay} may be`); }
    this.accepted.push({ at: this.now, group: node.group, node, instance: node.instance!, action, done: false });
  }

  /** Every fault ends repaired, recovered, escalated or reported. */
  private expectTold(episode: Episode): void {
    if (episode.until !== undefined) { return; } // it has ended
    if (episode.type === 'XidUserAppError' && this.episodes.some(each => each !== episode && each.instance === episode.instance)) { return; }
    if (episode.type === 'XidUserAppError' && this.nodes.some(each => each.instance === episode.instance && each.launched >= this.plan.start)) { return; }
    if (!this.stacks.get('stack-0')) { return; }
    const said = this.delivered.get(episode.instance) ?? [];
    const mine = said.filter(each => each.said >= Math.floor(episode.from / SECOND) * SECOND);
    const heard = mine.filter(each => !each.dead());
    if (heard.length === 0 || mine.length > heard.length) { return; } // nobody heard of it, or who did has died, which a metric tells
    const died = this.counts.died > 0 || this.struck.some(({ kind }) => kind.startsWith('kill'));
    if (died) { return; }
    const since = episode.from - this.plan.policy.RecurrenceSeconds * SECOND;
    const earlier = Math.max(-1, ...this.episodes
      .filter(each => each.instance === episode.instance && each !== episode && each.from <= episode.from).map(each => GRAVITY[each.type]));
    const from = GRAVITY[episode.type] > earlier ? Math.floor(episode.from / SECOND) * SECOND : since;
    const about = this.told.filter(({ at, owner, notice }) => owner === 0 && notice.InstanceId === episode.instance && at >= from && notice.Kind !== 'Started' && notice.Kind !== 'Deferred');
    if (about.length === 0) { this.broken.push(`I5 a fault is forgotten in silence: ${episode.type} of ${episode.instance}`); }
  }
}

export type { Incident };

function failure(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}
