import type { Fault } from './faults';

export interface ThrottleOptions {
  /** How many requests of one operation a second has room for, in the long run. */
  readonly rate: number;
  /** How many may come at once after a time of quiet. */
  readonly burst: number;
  /** In milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * How services limit requests: each operation has a bucket of tokens that fills at a rate, a request takes one, and one that finds
 * none is answered with ThrottlingException. Which rate an operation of SageMaker has isn't published.
 *
 * https://docs.aws.amazon.com/general/latest/gr/api-retries.html
 */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  public constructor(private readonly options: ThrottleOptions) {}

  /** Decides about a request: for `Faults.choose`. */
  public readonly choose = (operation: string): Fault | undefined => {
    const { rate, burst, now = Date.now } = this.options;
    const at = now();
    const bucket = this.buckets.get(operation) ?? { tokens: burst, at };
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * rate);
    const has = tokens >= 1;
    this.buckets.set(operation, { tokens: has ? tokens - 1 : tokens, at });
    return has ? undefined : { kind: 'throttle' };
  };
}
