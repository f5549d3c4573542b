import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import type { RecordStore } from '../clients/records';
import { longest } from '../shared/cut';
import { log } from '../shared/logger';

/*
 * The write-ahead ledger: what was going to be sent, that it is being sent, and what came of it, outside of the stack. Each record
 * is written once, by compare-and-set; what decides is who wrote a record, never a clock. Each request that costs money has a number
 * n and up to three records:
 *
 *   <path>/<n>          INTENT: somebody is going to send one request. Or CLOSED: a run has ended that bought nothing
 *   <path>/<n>/sent     SENT: whoever wrote this sends it, now. Or FENCED: nobody ever will
 *   <path>/<n>/outcome  BOUGHT or REJECTED. Without it, the outcome of what was sent is unknown
 *
 * Reads may be stale, also within one answer, so that nothing follows from a record that isn't there. That nobody has a number follows
 * from having it: to say that nothing was bought takes a number of its own, as a request does.
 */

/** Longer than any invocation and any timeout of a client: who wrote an intent before that is dead. */
export const GRACE_MS = 20 * 60_000;

/** How long a closed request keeps others of its owner from sending: until CloudFormation has its answer, that nothing was bought. */
const HOLD_MS = 5 * 60_000;

/** How stale a read of the ledger may be. */
export const STALE_MS = 35_000;

/** Who is going to send what. */
export interface Intent {
  readonly kind: 'INTENT';
  /** Of the run that wrote the record: two runs of one event differ in it. */
  readonly run: string;
  readonly owner: string;
  /** The RequestId of the event. */
  readonly request: string;
  readonly attempt: number;
  readonly spec?: string;
  /** What was asked for, for the person who looks. */
  readonly criteria: string;
  readonly offering: string;
  readonly fee: string;
  /** ISO 8601, as all times here. */
  readonly at: string;
  /** After this the run sends nothing. */
  readonly deadline: string;
}

/** A request of CloudFormation that has ended, and nothing was bought by its owner. */
export interface Closed {
  readonly kind: 'CLOSED';
  readonly run: string;
  readonly owner: string;
  readonly request: string;
  readonly code: string;
  readonly message: string;
  readonly at: string;
}

/** The right to send, or that nobody has it any more. */
export interface Sent {
  readonly kind: 'SENT' | 'FENCED';
  readonly run: string;
  readonly at: string;
}

/** What came of it. */
export interface Result {
  readonly kind: 'BOUGHT' | 'REJECTED';
  readonly run: string;
  readonly at: string;
  readonly arn?: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a rejection: whether the run goes on with another request. */
  readonly goesOn?: boolean;
}

/** The records of one request. A record that can't be read counts as one that doesn't say anything good. */
export interface Entry {
  readonly n: number;
  readonly intent?: Intent;
  readonly closed?: Closed;
  /** Whether there is a record of the number that can't be read. */
  readonly unreadable?: true;
  readonly sent?: Sent | 'unreadable';
  readonly result?: Result | 'unreadable';
}

/** Who asks a ledger. */
export interface Asker {
  readonly owner: string;
  readonly request: string;
  readonly attempt: number;
}

/** What a ledger allows. */
export type Verdict =
  /** Nothing stands in the way of request n, once the intents in `fence` are fenced. */
  | { readonly kind: 'free'; readonly n: number; readonly fence: readonly number[] }
  /** Somebody has bought; may be about to; or has sent a request, and what came of it is unknown. */
  | { readonly kind: 'bought' | 'busy' | 'unknown'; readonly entry: Entry }
  /** This very request has ended. */
  | { readonly kind: 'closed'; readonly closed: Closed }
  /** Another request of this owner has just ended: its answer must not become wrong on its way. */
  | { readonly kind: 'held'; readonly until: number };

/** What the records allow somebody who wants to buy. */
export function verdict(entries: readonly Entry[], asker: Asker, now: number): Verdict {
  const bought = entries.find(({ result }) => isResult(result, 'BOUGHT'));
  if (bought) { return { kind: 'bought', entry: bought }; }
  const closed = closedBy(entries, asker.request);
  if (closed) { return { kind: 'closed', closed }; }
  const open = entries.filter(entry => !isClosed(entry));
  const young = open.find(({ intent }) => intent && now < Date.parse(intent.at) + GRACE_MS);
  if (young) { return { kind: 'busy', entry: young }; }
  const own = open.find(({ intent, sent }) => sent === undefined && intent?.request === asker.request);
  if (own) { return { kind: 'busy', entry: own }; }
  const unknown = open.find(({ intent, sent, result }) =>
    (sent !== undefined || result !== undefined || !intent) && !(intent?.owner === asker.owner && asker.attempt > intent.attempt));
  if (unknown) { return { kind: 'unknown', entry: unknown }; }
  const until = Math.max(...entries.map(entry => (entry.closed?.owner === asker.owner ? Date.parse(entry.closed.at) + HOLD_MS : 0)));
  if (now < until) { return { kind: 'held', until }; }
  return {
    kind: 'free',
    n: nextOf(entries),
    fence: open.filter(({ sent }) => sent === undefined).map(({ n }) => n),
  };
}

/** The number that comes after all that are seen. */
export function nextOf(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map(({ n }) => n)) + 1;
}

/** The end of a request, where it has one. */
export function closedBy(entries: readonly Entry[], request: string): Closed | undefined {
  return entries.find(({ closed }) => closed?.request === request)?.closed;
}

/** Whether no number is missing: a stale read may show a record and not the one before. */
export function isWhole(entries: readonly Entry[]): boolean {
  return entries.every(({ n, intent, closed, unreadable }, index) => n === index + 1 && (intent ?? closed ?? unreadable) !== undefined);
}

/** Whether it is certain that nothing was bought, and nothing will be. */
export function isClosed({ closed, sent, result }: Entry): boolean {
  return closed !== undefined || isResult(result, 'REJECTED') || (typeof sent === 'object' && sent.kind === 'FENCED' && result === undefined);
}

/** Whether a request was sent, and what came of it isn't known. */
export function isUnanswered({ sent, result }: Entry): boolean {
  return result === undefined && sent !== undefined && !(typeof sent === 'object' && sent.kind === 'FENCED');
}

/** Whether a request may be sent soon, may have been accepted, or was. */
export function isUnderWay(entry: Entry, now: number): 'soon' | 'perhaps' | 'bought' | undefined {
  if (isResult(entry.result, 'BOUGHT')) { return 'bought'; }
  if (isClosed(entry)) { return undefined; }
  if (entry.intent && now < Date.parse(entry.intent.at) + GRACE_MS) { return 'soon'; }
  return entry.sent === undefined && entry.result === undefined && entry.intent ? undefined : 'perhaps';
}

function isResult(result: Entry['result'], kind: Result['kind']): result is Result {
  return typeof result === 'object' && result.kind === kind;
}

/** The entry that somebody bought with, if any. */
export function boughtBy(entries: readonly Entry[], owner: string): (Entry & { readonly intent: Intent }) | undefined {
  return entries.find((entry): entry is Entry & { readonly intent: Intent } => isResult(entry.result, 'BOUGHT') && entry.intent?.owner === owner);
}

/** The last request, where it was refused for good. */
export function refusedLast(entries: readonly Entry[]): Result | undefined {
  const requests = entries.filter(({ closed }) => !closed);
  const last = requests.reduce<Entry | undefined>((latest, entry) => !latest || entry.n > latest.n ? entry : latest, undefined);
  const result = last?.result;
  return isResult(result, 'REJECTED') && !result.goesOn ? result : undefined;
}

/** How often a write is tried whose answer was lost, besides what the client does below. */
const WRITES = 3;
const WRITE_PAUSE_MS = 1_000;
/** How long a record that is there may not be seen, and how often it is looked for. */
const READ_BACK_PAUSE_MS = 2_500;
/** Long texts in records are cut, so that a record stays below the 4096 characters of a standard parameter. */
const LONGEST_TEXT = 800;

/** The ledger of one plan, or of one extension, to one run. */
export class Ledger {
  /** Tells the records of this run from those of any other. */
  public readonly run = randomUUID();
  /** All records that were ever seen: none goes away or changes, so that a staler read takes nothing back. */
  private readonly seen = new Map<string, string>();
  /** The text of each record that this run has tried to write: a repetition writes the same, so that the run knows its own record. */
  private readonly texts = new Map<string, string>();

  public constructor(
    private readonly store: RecordStore,
    private readonly clock: Clock,
    /** Where the records are, without a slash at the end. */
    public readonly path: string,
  ) {}

  /** All entries, in order. */
  public async read(): Promise<Entry[]> {
    return entriesAt(this.path, await this.records());
  }

  private async records(): Promise<ReadonlyMap<string, string>> {
    for (const [name, value] of await this.store.readAll(this.path)) { this.seen.set(name, value); }
    return this.seen;
  }

  /** Announces request n. `false`: somebody else has it. */
  public async intend(n: number, intent: Omit<Intent, 'kind' | 'run' | 'at'>): Promise<boolean> {
    return this.write(`${n}`, { kind: 'INTENT', ...intent, criteria: cut(intent.criteria) });
  }

  /** Takes the right to send request n. `false`: somebody else has taken it, or has fenced it off. */
  public async send(n: number): Promise<boolean> {
    return this.write(`${n}/sent`, { kind: 'SENT' });
  }

  /** Makes sure that nobody ever sends request n. `false`: somebody has taken the right to. */
  public async fence(n: number): Promise<boolean> {
    if (await this.write(`${n}/sent`, { kind: 'FENCED' })) { return true; }
    const entry = (await this.read()).find(each => each.n === n);
    return entry !== undefined && isClosed(entry);
  }

  /** Ends a request that bought nothing. `false`: somebody has number n, so that this can't be said. */
  public async close(n: number, closed: Omit<Closed, 'kind' | 'run' | 'at'>): Promise<boolean> {
    return this.write(`${n}`, { kind: 'CLOSED', ...closed, message: cut(closed.message) });
  }

  /** Says what came of request n. */
  public async conclude(n: number, result: Omit<Result, 'run' | 'at'>): Promise<boolean> {
    return this.write(`${n}/outcome`, { ...result, message: result.message && cut(result.message) }, false);
  }

  /**
   * Writes a record. Our own one is there already where the answer to an earlier attempt was lost. A claim counts only once it is read
   * back as it was written.
   */
  private async write(part: string, content: object, isClaim = true): Promise<boolean> {
    const name = `${this.path}/${part}`;
    const value = this.textOf(name, content);
    for (let attempt = 1; ; attempt++) {
      try {
        const isNew = await this.store.put(name, value);
        const written = (isNew && !isClaim) || await this.readBack(name) === value;
        log('ledger', { record: name, status: written ? 'written' : 'taken' });
        return written;
      } catch (error) {
        log('ledger', { record: name, code: (error as Error | undefined)?.name, attempt });
        if (attempt === WRITES) { throw error; }
        await this.clock.sleep(WRITE_PAUSE_MS * attempt);
      }
    }
  }

  private textOf(name: string, content: object): string {
    const key = `${name} ${JSON.stringify(content)}`;
    const text = this.texts.get(key) ?? JSON.stringify({ ...content, run: this.run, at: new Date(this.clock.now()).toISOString() });
    this.texts.set(key, text);
    return text;
  }

  /** Reads a record that is known to be there. */
  private async readBack(name: string): Promise<string | undefined> {
    for (const last = this.clock.now() + STALE_MS; ;) {
      const value = (await this.records()).get(name);
      if (value !== undefined || this.clock.now() >= last) { return value; }
      await this.clock.sleep(READ_BACK_PAUSE_MS);
    }
  }
}

/** The entries at a path among the records of a store, in order. */
export function entriesAt(path: string, records: ReadonlyMap<string, string>): Entry[] {
  const entries = new Map<number, { -readonly [K in keyof Entry]: Entry[K] }>();
  for (const [name, value] of records) {
    const [, number, part] = /^\/(\d+)(?:\/(sent|outcome))?$/.exec(name.startsWith(path) ? name.slice(path.length) : '') ?? [];
    if (number === undefined) { continue; } // of an extension, below the same path
    const n = Number(number);
    const entry = entries.get(n) ?? { n };
    entries.set(n, entry);
    if (part === undefined) {
      const claim = parse<Intent | Closed>(value, ['INTENT', 'CLOSED']);
      if (claim?.kind === 'INTENT') {
        entry.intent = claim;
      } else if (claim) {
        entry.closed = claim;
      } else {
        entry.unreadable = true;
      }
    } else if (part === 'sent') {
      entry.sent = parse<Sent>(value, ['SENT', 'FENCED']) ?? 'unreadable';
    } else {
      entry.result = parse<Result>(value, ['BOUGHT', 'REJECTED']) ?? 'unreadable';
    }
  }
  return [...entries.values()].sort((a, b) => a.n - b.n);
}

function parse<T extends { kind: string }>(value: string, kinds: readonly T['kind'][]): T | undefined {
  try {
    const read = JSON.parse(value) as T;
    return kinds.includes(read?.kind) ? read : undefined;
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${longest(text, part => part.length <= LONGEST_TEXT)}...` : text;
}
