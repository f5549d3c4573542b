/** What can happen where a purchase waits for the world. What ends with `-after` happens when the call has had its effect. */
export const FAULT_KINDS = [
  'throttle', 'denied', 'error', 'error-after', 'reset', 'reset-after', 'silence', 'silence-after', 'garbage',
  /** The request arrives late. */
  'late',
  /** The request arrives when its client has given up, and is carried out. */
  'ghost',
  /** The adapter repeats the call, since its first answer was lost. */
  'again',
  /** The function dies, and Lambda says so. */
  'die', 'die-after',
  /** The function dies, and nobody says anything: the framework calls it again. */
  'vanish-after',
  /** The framework loses its function, which goes on, and calls it again. */
  'cut',
  /** Lambda delivers the event of CloudFormation once more. */
  'duplicate',
  /** Somebody deletes the stack. */
  'stack-deleted',
] as const;

/** A kind of fault. */
export type FaultKind = typeof FAULT_KINDS[number];

/** A fault and where it strikes: at the n-th call that comes to a point, or at every one. */
export interface PlannedFault {
  readonly point: string;
  readonly kind: FaultKind;
  /** @default 1 */
  readonly nth?: number | 'every';
}

/** Those of one schedule. */
export class PlannedFaults {
  /** Those that struck, as `point kind`. */
  public readonly struck: string[] = [];
  private readonly met = new Map<string, number>();

  public constructor(private waiting: PlannedFault[]) {}

  /** The fault of a call. */
  public take(point: string): FaultKind | undefined {
    const nth = (this.met.get(point) ?? 0) + 1;
    this.met.set(point, nth);
    const fault = this.waiting.find(planned => planned.point === point && [nth, 'every'].includes(planned.nth ?? 1));
    if (!fault) { return undefined; }
    this.struck.push(`${point} ${fault.kind}`);
    return fault.kind;
  }

  /** How often each point was come to. */
  public get points(): ReadonlyMap<string, number> {
    return this.met;
  }

  /** Ends all faults. */
  public clear(): void {
    this.waiting = [];
  }
}

/** An error as the SDK throws it. */
export function sdkError(name: string, message: string, status: number, more: object = {}): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, requestId: '8f507cfc-xmpl-4697-b07a-ac58fc914c95', attempts: 1, totalRetryDelay: 0 },
    ...more,
  });
}

/** The error of a fault that is one. */
export function errorOf(kind: FaultKind): Error {
  switch (kind) {
    case 'throttle':
      return sdkError('ThrottlingException', 'Rate exceeded', 400, { $retryable: { throttling: true } });
    case 'denied':
      return sdkError('AccessDeniedException', 'User: arn:aws:sts::111122223333:assumed-role/r/f is not authorized to perform this', 400);
    case 'error':
    case 'error-after':
      return sdkError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);
    case 'reset':
    case 'reset-after':
      return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $metadata: { attempts: 1, totalRetryDelay: 0 } });
    case 'ghost':
    case 'silence':
    case 'silence-after':
      return Object.assign(new Error('the service did not respond in time'), { name: 'TimeoutError', $metadata: { attempts: 1, totalRetryDelay: 0 } });
    default:
      return Object.assign(new SyntaxError('Unexpected token \'<\', "<html>Bad "... is not valid JSON'), { $metadata: { attempts: 1, totalRetryDelay: 0 } });
  }
}
