import type { Obstacle } from './nodes';
import type { FaultDecision, Notice, RemediationPolicy, RepairAction } from '../../../src/private/contracts/node-operations';
import type { NodeDetails } from '../../clients/hyperpod-nodes';
import type { StateStore } from '../../clients/state-table';
import { HandlerError } from '../../shared/errors';
import { pause } from '../../shared/pause';

/** How long an execution may need beyond its next wait, before another one takes its incident over. */
export const LEASE_MS = 60 * 60_000;

/** A step of an execution: which execution takes it, when, and what it may do. */
export interface Step {
  readonly execution: string;
  readonly cluster: string;
  readonly policy: RemediationPolicy;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was done to a node. Times are milliseconds since 1970. */
export interface Action {
  readonly action: RepairAction;
  readonly at: number;
  /** The instance that it was done to. Those that were noted before it was kept don't have it. */
  readonly instanceId?: string;
  /** When the node was last seen under way in a reboot, and when it was first seen to run after one. */
  readonly downAt?: number;
  readonly upAt?: number;
  /** Whether the service has not said that it does it: the answer is lost, or it was never asked. */
  readonly unanswered?: true;
}

/** A node with a fault, from the first event to the end of its repair. Times are milliseconds since 1970. */
export interface Incident {
  readonly open: boolean;
  /** The execution that looks after it. */
  readonly owner: string;
  /** Until when nobody else may take it over, in case that execution dies. */
  readonly leaseUntil: number;
  readonly instanceId: string;
  readonly logicalId: string;
  readonly group: string;
  readonly reason: string;
  readonly repairAction?: string;
  /** Events about this fault, also of the incident before. */
  readonly eventIds: readonly string[];
  readonly openedAt: number;
  readonly lastFaultAt: number;
  readonly want: FaultDecision;
  /** What the gravest of its faults asks for by the decision table. Incidents of before it was kept don't have it. */
  readonly gravest?: FaultDecision;
  /** Why it is for people, where it is from the beginning. */
  readonly because?: Obstacle;
  /** Whether the node is to be replaced for the status that it had after a reboot, and not for another fault. */
  readonly byStatus?: boolean;
  /** When a fault came while something was being done that is for people: the decision table doesn't know it, or leaves it to them. */
  readonly strangeAt?: number;
  /** When a fault came while the node was being rebooted that asks for more than a reboot. */
  readonly graverAt?: number;
  /** The instance that came by a replacement which is watched, and is broken. */
  readonly successor?: string;
  /** Whether the node was touched and did not come back. */
  readonly isDown?: true;
  /** When the node was last seen to be under way in something, while it waited. */
  readonly busyAt?: number;
  /** When the instance was last said to be well. */
  readonly wellAt?: number;
  /** What is being done: noted before the service is asked, so that nobody asks it twice. */
  readonly doing?: Action & {
    readonly nonce: string;
    /** Whether it has made the node one of those that were touched today. */
    readonly counted?: boolean;
  };
  /** What was done last, which decides what a recurrence asks for. */
  readonly last?: Action;
  readonly tries: number;
  /** Why it had to wait, of which people were told. */
  readonly deferred: readonly string[];
  readonly closedAt: number;
  /** Until when further events about it are of no interest. */
  readonly quietUntil: number;
  readonly outcome: string;
  /** What people were told at the end, for a step that is taken twice. */
  readonly notice?: Notice;
  /** The execution that ended it, where that isn't its owner. */
  readonly endedBy?: string;
}

/** The key of the incident of a node. */
export function incidentId({ NodeLogicalId: logicalId }: NodeDetails, instanceId: string): string {
  return `node/${logicalId || instanceId}`;
}

/** The key of the ledger of a group. */
export function ledgerId(group: string): string {
  return `group/${group}`;
}

/** The name of a node in the ledger of its group. */
export function nodeOf({ logicalId, instanceId }: Incident): string {
  return logicalId || instanceId;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const areStrings = (value: unknown) => Array.isArray(value) && value.every(each => typeof each === 'string');
const areNumbers = (values: readonly unknown[]) => values.every(each => typeof each === 'number' && Number.isFinite(each));
const isAction = (value: unknown) => isObject(value) && (value.action === 'Reboot' || value.action === 'Replace') && areNumbers([value.at]);

/** Whether an item is an incident: anything may stand in a table. */
export function isIncident(item: unknown): item is Incident {
  return isObject(item) && typeof item.open === 'boolean'
    && [item.owner, item.instanceId, item.logicalId, item.group, item.reason, item.want, item.outcome].every(each => typeof each === 'string')
    && areNumbers([item.leaseUntil, item.openedAt, item.lastFaultAt, item.tries, item.closedAt, item.quietUntil])
    && areStrings(item.eventIds) && areStrings(item.deferred)
    && (item.doing === undefined || isAction(item.doing)) && (item.last === undefined || isAction(item.last));
}

/** Whether an item is the ledger of a group. */
export function isLedger(item: unknown): boolean {
  return isObject(item) && isObject(item.active) && areNumbers(Object.values(item.active)) && typeof item.day === 'string' && areStrings(item.today)
    && (item.down === undefined || (isObject(item.down) && areStrings(Object.values(item.down))))
    && (item.replaced === undefined || (Array.isArray(item.replaced) && areNumbers(item.replaced)));
}

/** How often a write is tried again when somebody else was faster. */
const ATTEMPTS = 25;
const PAUSE_MS = 40;
/** How long an item is kept. The longest that anything in it matters is 30 days. */
const KEEP_SECONDS = 45 * 24 * 3600;

/** What became of an item, and what the change says about it. */
export interface Change<T, R> {
  /** None: the item stays as it is. */
  readonly item?: T;
  readonly result: R;
}

/** An item that can't be understood. */
export const BROKEN = Symbol('broken');

/** What a text stands for. */
export function parsed<T>(json: string, isValid: (item: unknown) => boolean): T | typeof BROKEN {
  try {
    const item = JSON.parse(json) as unknown;
    return isValid(item) ? item as T : BROKEN;
  } catch {
    return BROKEN;
  }
}

/**
 * Changes an item by what it is at that moment. The change may be computed more than once. An item that can't be understood is kept
 * under another key, so that people can look at it, and the change is told of it.
 */
export async function mutate<T, R>(
  store: StateStore, id: string, now: () => number, change: (item: T | undefined, wasBroken: boolean) => Change<T, R>,
  isValid: (item: unknown) => boolean = () => true,
): Promise<R> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await store.read(id);
    const expires = expiryOf(now());
    const before = found && parsed<T>(found.json, isValid);
    if (before === BROKEN) { await store.write(asideOf(id, found!.version), 0, found!.json, expires); }
    const { item, result } = change(before === BROKEN ? undefined : before, before === BROKEN);
    if (item === undefined) { return result; }
    if (await store.write(id, found?.version ?? 0, JSON.stringify(item), expires)) { return result; }
    await (store.pause ?? pause)(Math.random() * PAUSE_MS * attempt);
  }
  throw new HandlerError('StateContended', `${id} was changed by others ${ATTEMPTS} times in a row`);
}

/** When an item may be forgotten that is written now: seconds since 1970. */
export function expiryOf(now: number): number {
  return Math.floor(now / 1000) + KEEP_SECONDS;
}

/** The key under which what can't be understood is kept. */
export function asideOf(id: string, version: number): string {
  return `broken/${id}/${version}`;
}
