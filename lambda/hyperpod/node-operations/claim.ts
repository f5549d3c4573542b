import type { RecordStore } from '../../clients/records';
import type { StackReader } from '../../clients/stack-reader';
import { failureOf } from '../../shared/errors';
import { pause } from '../../shared/pause';

/** Who may touch the nodes of the cluster: one remediation of the account and Region. */
export interface ClusterClaim {
  hold(): Promise<ClaimAnswer>;
}

/** What asking for the claim came to. */
export type ClaimAnswer
  = {
    readonly state: 'Held';
    /** When it was taken over from another remediation, which may have touched nodes on that day. Milliseconds since 1970. */
    readonly takenOverAt?: number;
  }
    /** Another remediation has it, whose stack still contains it. */
    | { readonly state: 'Other'; readonly message: string }
    /** Nobody knows who has it: for now, or until somebody mends it. */
    | { readonly state: 'Unknown'; readonly message: string; readonly later: boolean };

/** Where claims are recorded. */
export interface ClaimStore extends RecordStore {
  /** Waits before records are read again. Real time where it isn't there. */
  pause?(milliseconds: number): Promise<void>;
}

/** A remediation: a resource of a stack. */
export interface Claimant {
  readonly stackId: string;
  readonly logicalId: string;
}

/** How often others may be faster, or a record that is there may not be seen. */
const ATTEMPTS = 6;
const PAUSE_MS = 2_000;

/**
 * The claim on a cluster, as numbered records under a path of which none is ever changed: the one with the highest number counts. It is
 * taken over by writing the next one, which one alone can do, once the stack of its holder no longer contains the holder. A claim counts
 * once it is read back.
 */
export class RecordedClaim implements ClusterClaim {
  public constructor(
    private readonly path: string,
    private readonly me: Claimant,
    private readonly records: ClaimStore,
    private readonly stacks: StackReader,
    private readonly now: () => number,
  ) {}

  /** Asks for the claim, each time before a node is touched: who holds it may change. */
  public async hold(): Promise<ClaimAnswer> {
    try {
      return await this.attempt();
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      return { state: 'Unknown', message: `${this.path} can't be read or written: ${code}: ${message}`, later: kind !== 'denied' };
    }
  }

  private async attempt(): Promise<ClaimAnswer> {
    let [written, others] = [0, false];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const records = await this.records.readAll(this.path);
      const numbers = [...records.keys()].map(name => Number(/\/([1-9]\d*)$/.exec(name)?.[1]));
      const last = Math.max(0, ...numbers);
      if (Number.isNaN(last)) { return this.unclear('holds what is no claim'); }
      if (last < written) { // what is read is older than what is written
        await (this.records.pause ?? pause)(PAUSE_MS);
        continue;
      }
      if (last > 0) {
        const name = `${this.path}/${last}`;
        const holder = holderOf(records.get(name));
        if (!holder) { return this.unclear(`holds what is no claim: ${name}`); }
        if (holder.stackId === this.me.stackId && holder.logicalId === this.me.logicalId) {
          return last === 1 ? { state: 'Held' } : { state: 'Held', takenOverAt: holder.since };
        }
        const status = (await this.stacks.resource(holder.stackId, holder.logicalId))?.status;
        if (status !== undefined && status !== 'DELETE_COMPLETE') {
          return {
            state: 'Other',
            message: `the remediation ${holder.logicalId} of stack ${holder.stackId} looks after the cluster, by ${name}; delete that parameter if it does not`,
          };
        }
      }
      const mine = JSON.stringify({ Stack: this.me.stackId, Resource: this.me.logicalId, Since: new Date(this.now()).toISOString() });
      others = !await this.records.put(`${this.path}/${last + 1}`, mine);
      written = last + 1;
    }
    return { state: 'Unknown', message: others ? `others were faster to claim ${this.path}` : `${this.path}/${written} was written and can't be read yet`, later: true };
  }

  private unclear(what: string): ClaimAnswer {
    return { state: 'Unknown', message: `${this.path} ${what}`, later: false };
  }
}

/** Who holds the claim, and since when: milliseconds since 1970. */
function holderOf(value: string | undefined): (Claimant & { readonly since: number }) | undefined {
  try {
    const { Stack, Resource, Since } = JSON.parse(value ?? '') as Record<string, unknown>;
    const since = Date.parse(String(Since));
    return typeof Stack === 'string' && typeof Resource === 'string' && since > 0 ? { stackId: Stack, logicalId: Resource, since } : undefined;
  } catch {
    return undefined;
  }
}

/** The claim of a function that isn't told what it claims: it touches nothing. */
export const NO_CLAIM: ClusterClaim = {
  hold: async () => ({ state: 'Unknown', message: 'the function is not told which claim on the cluster is its own', later: false }),
};
