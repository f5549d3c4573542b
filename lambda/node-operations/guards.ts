import type { Obstacle } from './nodes';
import type { ClusterDescription } from './ports';
import type { RemediationPolicy, Window } from '../../src/private/contracts/node-operations';

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
  return soonest;
}

/** How many nodes of a group may be under repair at once and in one day: at least one, where the number of it isn't 0. */
export function limits(policy: RemediationPolicy, groupSize: number): { readonly atOnce: number; readonly perDay: number } {
  const share = (percent: number) => Math.max(1, Math.floor((groupSize * percent) / 100));
  return {
    atOnce: Math.min(policy.MaxAtOnce, share(policy.MaxPercentAtOnce)),
    perDay: Math.min(policy.MaxPerDay, share(policy.MaxPercentPerDay)),
  };
}

/** Who of a group is under repair, and who was on a day. Times are milliseconds since 1970. */
export interface Ledger {
  /** Until when each node keeps its place, if nobody gives it back. */
  readonly active: Readonly<Record<string, number>>;
  readonly day: string;
  /** The nodes that were touched on that day. */
  readonly today: readonly string[];
  /** When nodes were replaced that have no logical id, so that nothing tells their successors. */
  readonly replaced?: readonly number[];
}

/** What asking for a place came to. */
export type Place = 'Taken' | 'Full' | 'DayFull';

/** Asks for a place in the ledger of a group. A node that has one keeps it. */
export function takePlace(
  ledger: Ledger | undefined, node: string, policy: RemediationPolicy, groupSize: number, now: number, until: number,
): { readonly place: Place; readonly ledger: Ledger } {
  const { atOnce, perDay } = limits(policy, groupSize);
  const day = new Date(now).toISOString().slice(0, 10);
  const active = Object.fromEntries(Object.entries(ledger?.active ?? {}).filter(([, end]) => end > now));
  const today = ledger?.day === day ? ledger.today : [];
  const current = { ...ledger, active, day, today };
  if (!(node in active) && Object.keys(active).length >= atOnce) { return { place: 'Full', ledger: current }; }
  if (!today.includes(node) && today.length >= perDay) { return { place: 'DayFull', ledger: current }; }
  return {
    place: 'Taken',
    ledger: { ...current, active: { ...active, [node]: until }, today: today.includes(node) ? today : [...today, node] },
  };
}

/** Gives a place back. */
export function leavePlace(ledger: Ledger | undefined, node: string): Ledger {
  const { [node]: _, ...active } = ledger?.active ?? {};
  return { day: '', today: [], ...ledger, active };
}
