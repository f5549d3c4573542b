/**
 * What a log line may say. Handlers log what is in this list and nothing else: never the event, its ResponseURL,
 * a credential or a property whose content we don't know.
 */
export interface LogFields {
  readonly requestType?: string;
  readonly requestId?: string;
  readonly stack?: string;
  readonly logicalId?: string;
  readonly physicalId?: string;
  /** The SSM parameter of a ledger. */
  readonly record?: string;
  readonly offering?: string;
  readonly fee?: string;
  readonly operation?: string;
  readonly status?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly attempt?: number;
  readonly attempts?: number;
  readonly bytes?: number;
  readonly milliseconds?: number;
}

/** Every key of `LogFields`: what isn't listed isn't written, nor is what isn't a text or a number, whatever the compiler was told. */
const ALLOWED: Readonly<Record<string, true>> = {
  requestType: true,
  requestId: true,
  stack: true,
  logicalId: true,
  physicalId: true,
  record: true,
  offering: true,
  fee: true,
  operation: true,
  status: true,
  code: true,
  reason: true,
  attempt: true,
  attempts: true,
  bytes: true,
  milliseconds: true,
} satisfies Record<keyof LogFields, true>;

/** Characters of a field. A reason of this length is longer than any that CloudFormation takes. */
const LONGEST = 4_096;

/** Writes one step as one line of JSON. */
export function log(step: string, fields: LogFields): void {
  const allowed = Object.entries(fields)
    .map(([key, value]: [string, unknown]) => [key, typeof value === 'string' ? value.slice(0, LONGEST) : value] as const)
    .filter(([key, value]) => ALLOWED[key] === true && ['string', 'number'].includes(typeof value));
  process.stdout.write(`${JSON.stringify({ step, ...Object.fromEntries(allowed) })}\n`);
}
