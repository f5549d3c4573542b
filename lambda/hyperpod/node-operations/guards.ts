import type { Obstacle } from './nodes';
import type { RemediationPolicy, RepairAction, Window } from '../../../src/private/contracts/node-operations';
import type { ClusterDescription } from '../../clients/hyperpod-nodes';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** HyperPod repairs nodes by itself where it may. A second hand on the same node would be refused, or replace it twice. */
export function ownRecovery(cluster: ClusterDescription, repairAction: string | undefined): Obstacle | undefined {
  if (cluster.NodeRecovery === 'None' || repairAction === 'None') { return undefined; }
  return {
    reason: 'HyperPodRecovers',
    message: repairAction === undefined
      ? 'the cluster recovers nodes by itself, and the event does not say that it leaves this one alone'
      : `the cluster recovers nodes by itself, and announced the action ${repairAction}`,
  };
}

/** Milliseconds until nodes may be touched: 0 within a window, or where there is none. */
export function untilWindow(windows: readonly Window[], now: number): number {
  if (windows.length === 0) { return 0; }
  const midnight = Math.floor(now / DAY) * DAY;
  let soonest = Infinity;
  for (const { Days, StartMinute, Minutes } of windows) {
    for (let day = -7; day <= 7; day++) { // a window may have begun days ago
      const start = midnight + day * DAY + StartMinute * MINUTE;
      if (!Days.includes(new Date(midnight + day * DAY).getUTCDay()) || start + Minutes * MINUTE <= now) { continue; }
      soonest = Math.min(soonest, Math.max(0, start - now));
    }
  }
  return Number.isNaN(soonest) ? Infinity : soonest;
}

/** Milliseconds of a span of time in which nodes may be touched: all of it where there are no windows. */
export function openBetween(windows: readonly Window[], from: number, to: number): number {
  if (windows.length === 0) { return to - from; }
  const spans: (readonly [start: number, end: number])[] = [];
  for (let midnight = Math.floor(from / DAY - 7) * DAY; midnight < to; midnight += DAY) { // a window may have begun days ago
    for (const { Days, StartMinute, Minutes } of windows) {
      const start = midnight + StartMinute * MINUTE;
      const opens = Days.includes(new Date(midnight).getUTCDay()) && Number.isFinite(start + Minutes);
      if (opens) { spans.push([start, start + Minutes * MINUTE]); }
    }
  }
  let [open, until] = [0, from];
  for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
    const last = Math.min(end, to);
    open += Math.max(0, last - Math.max(start, until));
    until = Math.max(until, last);
  }
  return open;
}

/**
 * Milliseconds until nodes may be touched by a remediation that has taken the claim over: how many were touched on that day nobody
 * knows, and a reboot that was under way then has its time.
 */
export function untilCounted(takenOverAt: number, rebootMs: number, now: number): number {
  const tomorrow = (Math.floor(takenOverAt / DAY) + 1) * DAY;
  return Math.max(0, tomorrow - now, takenOverAt + rebootMs - now);
}

/** How many nodes of a group may be under repair at once and in one day: at least one, where the number of it isn't 0. */
export function limits(policy: RemediationPolicy, groupSize: number): { readonly atOnce: number; readonly perDay: number } {
  const share = (percent: number) => Math.max(1, Math.floor((groupSize * percent) / 100));
  return {
    atOnce: Math.min(policy.MaxAtOnce, share(policy.MaxPercentAtOnce)),
    perDay: Math.min(policy.MaxPerDay, share(policy.MaxPercentPerDay)),
  };
}

/** What of a policy nobody can understand, so that nothing may be done by it. */
export function unclearPolicy(policy: RemediationPolicy): Obstacle | undefined {
  const { DryRun, MaxAtOnce, MaxPercentAtOnce, MaxPerDay, MaxPercentPerDay, MaxDelaySeconds, MaxFaultAgeSeconds } = policy;
  const age = MaxFaultAgeSeconds ?? 1;
  const numbers = { MaxAtOnce, MaxPercentAtOnce, MaxPerDay, MaxPercentPerDay, MaxDelaySeconds, MaxFaultAgeSeconds: age };
  const wrong = [
    ...typeof DryRun === 'boolean' ? [] : ['DryRun'],
    ...Object.entries(numbers).filter(([, value]) => !(Number.isFinite(value) && value > 0)).map(([name]) => name),
  ];
  return wrong.length === 0 ? undefined : { reason: 'PolicyUnclear', message: `the policy does not say ${wrong.join(', ')}` };
}

/** Who of a group is under repair, and who was on a day. Times are milliseconds since 1970. */
export interface Ledger {
  /** Until when each node keeps its place, if nobody gives it back. */
  readonly active: Readonly<Record<string, number>>;
  /** Those of them that are being replaced, with the instances that go. */
  readonly replacing?: Readonly<Record<string, string>>;
  /**
   * Nodes that were touched, or found not to run, with their instances. Each keeps a place until it is seen to run or to be gone, though
   * nobody waits for it.
   */
  readonly down?: Readonly<Record<string, string>>;
  readonly day: string;
  /** The nodes that were touched on that day. */
  readonly today: readonly string[];
  /** When nodes were replaced that have no logical id, so that nothing tells their successors. */
  readonly replaced?: readonly number[];
  /** The day on which an earlier ledger could not be understood: nobody knows who was touched. */
  readonly brokenOn?: string;
  /** When all nodes of the group were looked at for those that don't run, since whoever knew of them is gone. */
  readonly listedAt?: number;
}

/** What asking for a place came to. `Unlisted`: the nodes of the group have to be listed before anybody knows. */
export type Place = 'Taken' | 'Full' | 'Short' | 'DayFull' | 'Broken' | 'Unlisted';

/** How many nodes a group shall have, and has; and its nodes that have an instance, once they were listed. */
export interface Group {
  readonly target: number;
  readonly current: number;
  readonly nodes?: readonly ListedNode[];
}

/** A node by its name in the ledger. */
export interface ListedNode {
  readonly node: string;
  readonly instance: string;
  readonly runs: boolean;
}

/** A node that asks for a place. */
export interface Applicant {
  readonly node: string;
  readonly instance: string;
  readonly action: RepairAction;
  readonly now: number;
  readonly until: number;
  /** When the claim on the cluster was taken over from another remediation, which may have left nodes that don't run. */
  readonly takenOverAt?: number;
}

/**
 * Asks for a place in the ledger of a group. A node that has one keeps it. There is none while the group lacks nodes that aren't being
 * replaced: whoever they are, what is left of the group must not become less.
 */
export function takePlace(
  before: Ledger | undefined, { node, instance, action, now, until, takenOverAt }: Applicant, policy: RemediationPolicy, group: Group,
): { readonly place: Place; readonly counted: boolean; readonly ledger: Ledger } {
  const { target, current, nodes } = group;
  const ledger = nodes && isForgotten(before, takenOverAt) ? noteDown(before, nodes, now) : before;
  const { atOnce, perDay } = limits(policy, Math.max(target, current));
  const day = dayOf(now);
  const active = Object.fromEntries(Object.entries(ledger?.active ?? {}).filter(([, end]) => end > now));
  const replacing = Object.fromEntries(Object.entries(ledger?.replacing ?? {}).filter(([each]) => each in active && each !== node));
  const today = ledger?.day === day ? ledger.today : [];
  const kept = { ...ledger, active, day, today };
  const none = (place: Place) => ({ place, counted: false, ledger: kept });
  if (ledger?.brokenOn === day) { return none('Broken'); }
  if (isForgotten(ledger, takenOverAt)) { return none('Unlisted'); }
  const going = Object.values(replacing);
  if (!(target - current <= going.length)) { return none('Short'); }
  const down = Object.entries(ledger?.down ?? {}).filter(([, each]) => each !== instance).map(([each]) => each);
  const others = new Set([...Object.keys(active), ...down].filter(each => each !== node));
  if (!(node in active) && others.size >= atOnce) { return none('Full'); }
  /* An instance that goes may be one of those that the group has, so that another one is lacking. */
  if (going.length > 0 && current < target) {
    if (!nodes) { return none('Unlisted'); }
    const left = nodes.filter(each => !going.includes(each.instance)).length;
    if (target - left > going.length) { return none('Short'); }
  }
  const counted = !today.includes(node);
  if (counted && today.length >= perDay) { return none('DayFull'); }
  return {
    place: 'Taken',
    counted,
    ledger: {
      ...kept,
      active: { ...active, [node]: until },
      replacing: action === 'Replace' ? { ...replacing, [node]: instance } : replacing,
      down: { ...ledger?.down, [node]: instance },
      today: counted ? [...today, node] : today,
    },
  };
}

/** Whether nobody knows which nodes of a group don't run: another remediation knew it, or an earlier ledger that was broken. */
function isForgotten(ledger: Ledger | undefined, takenOverAt: number | undefined): boolean {
  const since = takenOverAt ?? (ledger?.brokenOn === undefined ? undefined : 0);
  return since !== undefined && !((ledger?.listedAt ?? -1) > since);
}

/** Notes which nodes of a group don't run: they are away, whoever has touched them. */
function noteDown(ledger: Ledger | undefined, nodes: readonly ListedNode[], now: number): Ledger {
  const down = Object.fromEntries(nodes.filter(({ runs }) => !runs).map(({ node, instance }) => [node, instance]));
  return { active: {}, day: '', today: [], ...ledger, down: { ...ledger?.down, ...down }, listedAt: now };
}

/** A new ledger in the place of one that can't be understood. */
export function ledgerAfterBroken(now: number): Ledger {
  return { active: {}, day: dayOf(now), today: [], brokenOn: dayOf(now) };
}

/** Gives a place back. A node that was touched and did not come back stays among those that are down, and so keeps it. */
export function leavePlace(ledger: Ledger | undefined, node: string, isDown = false): Ledger {
  const { [node]: _, ...active } = ledger?.active ?? {};
  const { [node]: __, ...others } = ledger?.down ?? {};
  const { [node]: ___, ...replacing } = ledger?.replacing ?? {};
  return { day: '', today: [], ...ledger, active, down: isDown ? ledger?.down : others, replacing };
}

/** Forgets nodes that have come back, unless another instance of theirs has gone down meanwhile. */
export function comeBack(ledger: Ledger, nodes: ReadonlyMap<string, string>): Ledger {
  const down = Object.entries(ledger.down ?? {}).filter(([node, instance]) => nodes.get(node) !== instance);
  return { ...ledger, down: Object.fromEntries(down) };
}

/** Takes a node off those that were touched today: nothing was done to it. */
export function uncount(ledger: Ledger, node: string): Ledger {
  return { ...ledger, today: ledger.today.filter(each => each !== node) };
}

function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
