import type { IncomingHttpHeaders } from 'node:http';

/** What can go wrong with one request. Those that are `accepted` have had their effect before. */
export type Fault =
  /** The service asks for patience. */
  | { readonly kind: 'throttle' }
  /** The service answers with an error. */
  | {
    readonly kind: 'error';
    readonly status: number;
    readonly code: string;
    readonly message?: string;
    readonly accepted?: boolean;
    /** What the error says besides. */
    readonly members?: Record<string, unknown>;
  }
  /** The connection breaks before an answer. */
  | { readonly kind: 'reset'; readonly accepted?: boolean }
  /** The answer comes late, in milliseconds. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** No answer comes at all. */
  | { readonly kind: 'silence'; readonly accepted?: boolean }
  /** The answer is no answer of the service, after the effect: the page of a proxy, or what becomes of the real one. */
  | { readonly kind: 'garbage'; readonly body?: (answer: string) => string };

/** What is decided by: the operation of a request, and its headers. */
export type Chooser = (operation: string, headers: IncomingHttpHeaders) => Fault | undefined;

/** Faults that wait for their requests, by operation: each request takes one, those after the last go well. */
export class Faults {
  /** Decides about requests for which no fault waits. */
  public choose?: Chooser;

  private readonly queues = new Map<string, Fault[]>();
  private readonly standing = new Map<string, Fault>();

  /** Lets the next requests of an operation fail, one fault each. */
  public next(operation: string, ...faults: Fault[]): void {
    this.queues.set(operation, [...this.queues.get(operation) ?? [], ...faults]);
  }

  /** Lets every request of an operation fail from now on, after those faults that wait. */
  public always(operation: string, fault: Fault): void {
    this.standing.set(operation, fault);
  }

  /** The fault of a request. */
  public take(operation: string, headers: IncomingHttpHeaders = {}): Fault | undefined {
    return this.queues.get(operation)?.shift() ?? this.standing.get(operation) ?? this.choose?.(operation, headers);
  }

  /** Ends all faults. */
  public clear(): void {
    this.queues.clear();
    this.standing.clear();
    this.choose = undefined;
  }
}
