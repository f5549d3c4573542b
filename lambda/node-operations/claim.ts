import type { ClaimAnswer, ClusterClaim } from './ports';
import { failureOf } from '../shared/errors';

/** A store of records that are written once. */
export interface ClaimStore {
  /** Writes a record that isn't there yet. `false`: it is there, and stays as it is. */
  put(name: string, value: string): Promise<boolean>;
  /** All records under a path, by name, from all pages. */
  readAll(path: string): Promise<ReadonlyMap<string, string>>;
}

/** What CloudFormation says of a resource. */
export interface StackReader {
  /** The status of a resource of a stack. None where there is no such stack or resource. */
  resourceStatus(stackId: string, logicalId: string): Promise<string | undefined>;
}

/** A remediation: a resource of a stack. */
export interface Claimant {
  readonly stackId: string;
  readonly logicalId: string;
}

/** How often others may be faster. */
const ATTEMPTS = 4;

/**
 * The claim on a cluster, as numbered records under a path of which none is ever changed: the one with the highest number counts. It is
 * taken over by writing the next one, which one alone can do, once the stack of its holder no longer contains the holder.
 */
export class RecordedClaim implements ClusterClaim {
  public constructor(
    private readonly path: string,
    private readonly me: Claimant,
    private readonly records: ClaimStore,
    private readonly stacks: StackReader,
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
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const records = await this.records.readAll(this.path);
      const numbers = [...records.keys()].map(name => Number(/\/([1-9]\d*)$/.exec(name)?.[1]));
      const last = Math.max(0, ...numbers);
      if (Number.isNaN(last)) { return this.unclear('holds what is no claim'); }
      if (last > 0) {
        const name = `${this.path}/${last}`;
        const holder = claimantOf(records.get(name));
        if (!holder) { return this.unclear(`holds what is no claim: ${name}`); }
        if (holder.stackId === this.me.stackId && holder.logicalId === this.me.logicalId) { return { state: 'Held' }; }
        const status = await this.stacks.resourceStatus(holder.stackId, holder.logicalId);
        if (status !== undefined && status !== 'DELETE_COMPLETE') {
          return {
            state: 'Other',
            message: `the remediation ${holder.logicalId} of stack ${holder.stackId} looks after the cluster, by ${name}; delete that parameter if it does not`,
          };
        }
      }
      const mine = JSON.stringify({ Stack: this.me.stackId, Resource: this.me.logicalId });
      if (await this.records.put(`${this.path}/${last + 1}`, mine)) { return { state: 'Held' }; }
    }
    return { state: 'Unknown', message: `others were faster to claim ${this.path}`, later: true };
  }

  private unclear(what: string): ClaimAnswer {
    return { state: 'Unknown', message: `${this.path} ${what}`, later: false };
  }
}

function claimantOf(value: string | undefined): Claimant | undefined {
  try {
    const { Stack, Resource } = JSON.parse(value ?? '') as { Stack?: unknown; Resource?: unknown };
    return typeof Stack === 'string' && typeof Resource === 'string' ? { stackId: Stack, logicalId: Resource } : undefined;
  } catch {
    return undefined;
  }
}

/** The claim of a function that isn't told what it claims: it touches nothing. */
export const NO_CLAIM: ClusterClaim = {
  hold: async () => ({ state: 'Unknown', message: 'the function is not told which claim on the cluster is its own', later: false }),
};
