import { comeBack, leavePlace, ledgerAfterBroken, takePlace, uncount, type Group, type Ledger, type Place } from '../guards';
import { lastOf, recurrence } from './reports';
import type { Notice, NoticeKind, RepairAction } from '../../../../src/private/contracts/node-operations';
import type { StateStore } from '../../../clients/state-table';
import { HandlerError } from '../../../shared/errors';
import {
  BROKEN, LEASE_MS, expiryOf, isIncident, isLedger, ledgerId, mutate, nodeOf, parsed, type Action, type Change, type Incident, type Step,
} from '../state';

/** Reports that a cluster has failed are merged so long. */
const TOLD_QUIET_MS = 60 * 60_000;
const MAX_REPLACED = 100;

/** The incident that an execution is about, noted before it is claimed. */
interface Begun {
  readonly id: string;
}

/** When people were told of a cluster that has failed, and by which execution. */
interface Told {
  readonly owner: string;
  readonly at: number;
}

/** The end of an incident as it is written down. */
export interface Closing {
  readonly outcome: NoticeKind;
  readonly notice: Notice;
  readonly quietMs: number;
  readonly instanceId: string;
}

/**
 * The state of a remediation: the incidents of nodes, of which each belongs to one execution, and the ledgers of groups with the places
 * of nodes under repair. Every write is a change of what is there at that moment.
 */
export class Incidents {
  public constructor(private readonly store: StateStore, private readonly step: Step, private readonly clock: () => number) {}

  // ------------------------------------------------------------------------------------------------------------------- incidents

  public async read(id: string): Promise<Incident | typeof BROKEN | undefined> {
    const item = await this.store.read(id);
    return item && parsed<Incident>(item.json, isIncident);
  }

  /** Notes which incident this execution is about: whoever takes its first step again may not find the node any more. */
  public async noteBegun(id: string): Promise<void> {
    await this.store.write(this.noteId, 0, JSON.stringify({ id } satisfies Begun), expiryOf(this.step.now));
  }

  /** The open incident that an earlier try of the first step has claimed. */
  public async begun(): Promise<readonly [string, Incident] | undefined> {
    const note = await this.store.read(this.noteId);
    const noted = note && parsed<Begun>(note.json, isBegun);
    if (noted === undefined || noted === BROKEN) { return undefined; }
    const incident = await this.read(noted.id);
    const isMine = incident !== undefined && incident !== BROKEN && incident.open && incident.owner === this.step.execution;
    return isMine ? [noted.id, incident] : undefined;
  }

  /** Changes an incident, whoever has it: reports do. */
  public async change<R>(id: string, change: (item: Incident | undefined, wasBroken: boolean) => Change<Incident, R>): Promise<R> {
    return mutate(this.store, id, this.clock, change, isIncident);
  }

  /** Writes some fields of an incident of this execution, and leaves to others what they write: the times of further reports. */
  public async keep(id: string, fields: Partial<Incident>): Promise<Incident> {
    return this.change<Incident>(id, item => {
      const next = { ...this.mine(item), ...fields };
      return { item: next, result: next };
    });
  }

  /**
   * Keeps an incident and the place of its node over a pause. With the nonce of an action, the service has said that it does it.
   * Nothing where another execution has ended the incident, or taken it over.
   */
  public async hold(id: string, incident: Incident, pauseMs: number, answered?: string): Promise<Incident | undefined> {
    const until = this.step.now + pauseMs + LEASE_MS;
    const held = await this.change<Incident | undefined>(id, item => {
      if (!this.isMine(item)) { return { result: undefined }; }
      const isAnswered = answered !== undefined && item.doing?.nonce === answered;
      const doing = isAnswered ? { ...item.doing!, unanswered: undefined } : item.doing;
      const next = { ...item, doing, leaseUntil: until };
      return { item: next, result: next };
    });
    if (held) {
      await this.changePlace(incident, ({ active, ...ledger }, node) => ({
        ...ledger, active: { ...active, [node]: Math.max(until, active[node]) },
      }));
    }
    return held;
  }

  /**
   * Notes an action before the service is asked for it: where the answer is lost, nobody asks again. The incident stays as it is where
   * an action was noted before, or a report speaks against this one. Nothing where it isn't of this execution any more.
   */
  public async noteAction(id: string, decided: Incident, doing: NonNullable<Incident['doing']>): Promise<Incident | undefined> {
    return this.change<Incident | undefined>(id, item => {
      if (!this.isMine(item)) { return { result: undefined }; }
      const isWell = (item.wellAt ?? 0) > (decided.wellAt ?? 0);
      if (item.doing || isWell || item.want !== doing.action || item.repairAction !== decided.repairAction) { return { result: item }; }
      const next = { ...item, doing: { ...doing, instanceId: item.instanceId }, leaseUntil: this.step.now + LEASE_MS };
      return { item: next, result: next };
    });
  }

  /** Ends an incident. `Closed`: a report that the node is well was faster. The incident as it is now where that overrules the end. */
  public async close(
    id: string, decided: Incident, { outcome, notice, quietMs, instanceId }: Closing, isOverruled: (item: Incident) => boolean,
  ): Promise<'Ended' | 'Closed' | Incident> {
    const { now } = this.step;
    const last = decided.doing ? lastOf(decided, decided.instanceId) : decided.last;
    const end = { open: false, closedAt: now, quietUntil: now + quietMs, doing: undefined, last, instanceId, outcome, notice };
    return this.change<'Ended' | 'Closed' | Incident>(id, item => {
      const mine = this.mine(item);
      if (!mine.open) { return { result: 'Closed' }; }
      return isOverruled(mine) ? { result: mine } : { item: { ...mine, ...end }, result: 'Ended' };
    });
  }

  /** Whether this execution has to tell people of a failed cluster: once, and not while they were told a short while ago. */
  public async claimFailure(at: number): Promise<boolean> {
    const { execution } = this.step;
    return mutate<Told, boolean>(this.store, 'cluster', this.clock, before => {
      const isKnown = before && before.owner !== execution && at - before.at < TOLD_QUIET_MS;
      return isKnown ? { result: false } : { item: { owner: execution, at }, result: true };
    }, isTold);
  }

  // ---------------------------------------------------------------------------------------------------------- ledgers, with places

  /** Asks for a place for a node: one of those that may be under repair at once, and on one day. */
  public async takePlace(
    incident: Incident, action: RepairAction, group: Group, takenOverAt: number | undefined,
  ): Promise<{ readonly place: Place; readonly counted: boolean }> {
    const { now, policy } = this.step;
    return this.changeLedger<{ readonly place: Place; readonly counted: boolean }>(incident.group, (before, wasBroken) => {
      if (wasBroken) { return { item: ledgerAfterBroken(now), result: { place: 'Broken', counted: false } }; }
      const applicant = { node: nodeOf(incident), instance: incident.instanceId, action, now, until: now + LEASE_MS, takenOverAt };
      const { place, counted, ledger } = takePlace(before, applicant, policy, group);
      return { item: place === 'Taken' || group.nodes ? ledger : undefined, result: { place, counted } };
    });
  }

  /**
   * Gives the place of a node back, and takes it off those that were touched today where nothing was done to it. A place that another
   * execution has taken meanwhile stays.
   */
  public async givePlaceBack(incident: Incident, counted = false): Promise<void> {
    await this.changePlace(incident, (ledger, node) => {
      if (this.isOfAnother(ledger, node, incident)) { return ledger; }
      const left = leavePlace(ledger, node, incident.isDown);
      return counted ? uncount(left, node) : left;
    });
  }

  /** Takes a node off those that were touched today: nothing was done to it. */
  public async uncount(incident: Incident): Promise<void> {
    const node = nodeOf(incident);
    await this.changeLedger<void>(incident.group, ledger => (
      { item: ledger && !this.isOfAnother(ledger, node, incident) ? uncount(ledger, node) : undefined, result: undefined }));
  }

  /** The nodes of a group that hold a place until they are seen to run, and that nobody watches, with their instances. */
  public async down(group: string): Promise<ReadonlyMap<string, string>> {
    const ledger = await this.readLedger(group);
    return new Map(Object.entries(ledger?.down ?? {}).filter(([node]) => !(ledger!.active[node] > this.step.now)));
  }

  /** Notes that nodes run again, or are gone. */
  public async noteBack(group: string, nodes: ReadonlyMap<string, string>): Promise<void> {
    await this.changeLedger<void>(group, ledger => ({ item: ledger && comeBack(ledger, nodes), result: undefined }));
  }

  /** Notes when a node was replaced whose successor has nothing in common with it. */
  public async noteReplacement({ group, doing }: Incident): Promise<void> {
    const { now } = this.step;
    await this.changeLedger<void>(group, (ledger, wasBroken) => {
      if (ledger?.replaced?.includes(doing!.at)) { return { item: undefined, result: undefined }; }
      const replaced = (ledger?.replaced ?? []).filter(time => now - time < recurrence(this.step));
      const before = wasBroken ? ledgerAfterBroken(now) : ledger;
      const item: Ledger = { active: {}, day: '', today: [], ...before, replaced: [...replaced, doing!.at].slice(-MAX_REPLACED) };
      return { item, result: undefined };
    });
  }

  /**
   * The replacement that a node without a logical id may come from: one in its group, since which the node was launched. It can't be
   * told from a node that came by scaling, so either is left to people when it breaks soon after.
   */
  public async replacementBefore(group: string, launched: Date | undefined): Promise<Action | undefined> {
    const times = (await this.readLedger(group))?.replaced ?? [];
    const at = times.find(time => time <= Number(launched) && this.step.now - time < recurrence(this.step));
    return at === undefined ? undefined : { action: 'Replace', at };
  }

  // -------------------------------------------------------------------------------------------------------------------- helpers

  private get noteId(): string {
    return `begun/${this.step.execution}`;
  }

  private isMine(item: Incident | undefined): item is Incident {
    return item?.owner === this.step.execution && item.open;
  }

  private mine(item: Incident | undefined): Incident {
    if (item?.owner !== this.step.execution) { throw new HandlerError('TakenOver', 'another execution has taken the incident over'); }
    return item;
  }

  private async readLedger(group: string): Promise<Ledger | undefined> {
    const item = await this.store.read(ledgerId(group));
    const ledger = item && parsed<Ledger>(item.json, isLedger);
    return ledger === BROKEN ? undefined : ledger;
  }

  private async changeLedger<R>(group: string, change: (ledger: Ledger | undefined, wasBroken: boolean) => Change<Ledger, R>): Promise<R> {
    return mutate(this.store, ledgerId(group), this.clock, change, isLedger);
  }

  /** Whether another execution has taken a place for a node since this step began: what this step writes may come late. */
  private isOfAnother({ active }: Ledger, node: string, { leaseUntil }: Incident): boolean {
    return active[node] !== leaseUntil && active[node] > this.step.now + LEASE_MS + SKEW_MS;
  }

  /** Changes the ledger of a group where the node of an incident has a place in it. */
  private async changePlace(incident: Incident, change: (ledger: Ledger, node: string) => Ledger): Promise<void> {
    const node = nodeOf(incident);
    await this.changeLedger<void>(incident.group, ledger => (
      { item: ledger && node in ledger.active ? change(ledger, node) : undefined, result: undefined }));
  }
}

/** How much the clocks of two steps may differ. */
const SKEW_MS = 5_000;

function isBegun(item: unknown): boolean {
  return typeof (item as Partial<Begun> | null)?.id === 'string';
}

function isTold(item: unknown): boolean {
  const { owner, at } = item as { owner?: unknown; at?: unknown } ?? {};
  return typeof owner === 'string' && typeof at === 'number';
}
