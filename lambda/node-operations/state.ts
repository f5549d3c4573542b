import type { StateStore } from './ports';
import type { FaultDecision, Notice, RepairAction } from '../../src/private/contracts/node-operations';
import { HandlerError } from '../shared/errors';

/** What was done to a node. */
export interface Action {
  readonly action: RepairAction;
  /** Milliseconds since 1970. */
  readonly at: number;
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
  /** What is being done: noted before the service is asked, so that nobody asks it twice. */
  readonly doing?: Action & { readonly nonce: string };
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

/** Changes an item by what it is at that moment. The change may be computed more than once. */
export async function mutate<T, R>(
  store: StateStore, id: string, now: () => number, change: (item: T | undefined) => Change<T, R>,
): Promise<R> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await store.read(id);
    const { item, result } = change(found && JSON.parse(found.json) as T);
    if (item === undefined) { return result; }
    const expires = Math.floor(now() / 1000) + KEEP_SECONDS;
    if (await store.write(id, found?.version ?? 0, JSON.stringify(item), expires)) { return result; }
    await new Promise(resolve => setTimeout(resolve, Math.random() * PAUSE_MS * attempt));
  }
  throw new HandlerError('StateContended', `${id} was changed by others ${ATTEMPTS} times in a row`);
}
