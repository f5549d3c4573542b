import * as fc from 'fast-check';
import { ANY_FAULT, FAULTS } from './faults';
import { announce, type Kind } from './kinds';
import { ALWAYS, MARKS, Secrets } from './marks';
import { FakeAws } from '../../aws/server';
import { EventMaker, type CustomResourceEvent } from '../../driver/events';
import type { Invocation } from '../../driver/invoker';
import { START } from '../../driver/purchase/world';
import { ResponseReceiver, type Answer, type UploadFault } from '../../driver/receiver';
import { LAMBDA_CREDENTIALS } from '../../driver/secrets';
import { WarmFunction } from '../../driver/warm';

/** One call of a function, and what goes wrong in it. */
export interface Scenario {
  /** Which of the calls that its kind has. */
  readonly call: number;
  /** What is changed in what the user wrote: a value, by its place among all, is left out or is something else. */
  readonly spoilt?: { readonly place: number; readonly how: 'left out' | 'an object' };
  /** What its requests meet, in their order. */
  readonly faults: readonly string[];
  /** Whether what the last of them meets goes on. */
  readonly goesOn: boolean;
  /** At which request something fails that nobody thought of. */
  readonly accidentAt?: number;
  /** What its uploads of answers meet. */
  readonly uploads: readonly UploadFault[];
  /** Whether its ResponseURL is one. */
  readonly url: 'as it is' | 'not one';
}

/** What came of it. */
export interface Outcome {
  readonly invocation: Invocation;
  /** The answers that CloudFormation would take, and why it wouldn't take others. */
  readonly answers: readonly Answer[];
  readonly refused: readonly string[];
  /** What was secret, and where it came to light: `AWS_SESSION_TOKEN in the log`. */
  readonly leaks: readonly string[];
  /** Everything that others could read. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Runs the functions of a bundle in the company of faults, and looks for secrets in what comes out. */
export class Fuzzer {
  /** The faults that were met: what was answered, and with which text. */
  public readonly met = new Set<string>();

  private readonly aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
  private readonly receiver = new ResponseReceiver();
  private warm?: WarmFunction;
  private incarnation = 0;

  public constructor(private readonly kind: Kind, private readonly bundle: string) {}

  public async start(): Promise<this> {
    await Promise.all([this.aws.start(), this.receiver.start()]);
    this.warm = new WarmFunction({
      bundle: this.bundle, sagemakerUrl: this.aws.url, receiverPort: this.receiver.port, startAt: START, environment: this.kind.environment,
    });
    return this;
  }

  public async stop(): Promise<void> {
    this.warm!.stop();
    await Promise.all([this.aws.stop(), this.receiver.stop()]);
  }

  /** The functions that the bundle has. */
  public async functions(): Promise<readonly string[]> {
    return this.warm!.functions();
  }

  public async play(exported: string, scenario: Scenario): Promise<Outcome> {
    return this.playEvent(exported, this.eventOf(exported, scenario), scenario);
  }

  /** Calls a function with any event. */
  public async playEvent(
    exported: string, event: object, { faults, goesOn, accidentAt, uploads }: Pick<Scenario, 'faults' | 'goesOn' | 'accidentAt' | 'uploads'>,
  ): Promise<Outcome> {
    this.aws.reset();
    this.receiver.reset();
    this.kind.prepare(this.aws);
    this.receiver.faults.push(...uploads);
    announce(this.aws, event);
    const secrets: Record<string, string> = { ...ALWAYS };
    const { ResponseURL: url, RequestId } = event as Partial<CustomResourceEvent>;
    const signature = signatureOf(url);
    if (signature !== null) { secrets.ResponseURL = signature; }
    if (signature !== null && /^https:\/\/[^/]+\/[^?]/.test(url!)) { this.receiver.expect(event as CustomResourceEvent); }
    let requests = 0;
    this.aws.faults.choose = (_operation, headers) => {
      secrets[`signature ${requests}`] = /Signature=([0-9a-f]+)/.exec(String(headers.authorization))?.[1] ?? String(headers['x-slurm-user-token']);
      const name = faults[requests] ?? (goesOn ? faults.at(-1) : undefined);
      requests++;
      if (name === undefined) { return undefined; }
      name.split(' with ').forEach(part => this.met.add(part));
      return FAULTS[name](headers);
    };
    const invocation = await this.warm!.invoke({
      exported, event, accidentAt, timeoutMs: this.kind.timeoutMs, silences: faults.includes('silence'),
    });
    const texts = {
      'the log': invocation.log,
      'the answer': JSON.stringify([this.receiver.answers.filter(answer => answer.RequestId === RequestId), this.receiver.refused]),
      'what it returned': JSON.stringify(invocation.result ?? ''),
      'its error': JSON.stringify(invocation.failure ?? ''),
    };
    const all = new Secrets(secrets);
    const { answers, refused } = this.receiver;
    return { invocation, answers: [...answers], refused: [...refused], texts, leaks: Object.entries(texts).flatMap(([where, text]) => all.in(text).map(name => `${name} in ${where}`)) };
  }

  /** Whether CloudFormation, or whoever called, was told that all is well. */
  public succeeded({ invocation }: Outcome): boolean {
    const { Failure } = invocation.result as { Failure?: string } | null ?? {};
    return invocation.succeeded && Failure === undefined && this.receiver.refused.length === 0 && this.receiver.answers.every(({ Status }) => Status === 'SUCCESS');
  }

  /** An event of a call of its kind, as it is right. */
  public rightEvent(exported: string, call: number): Record<string, unknown> {
    const calls = this.kind.functions[exported];
    const maker = new EventMaker({ incarnation: ++this.incarnation, resourceType: this.kind.resourceType });
    return JSON.parse(JSON.stringify(calls[call % calls.length](maker))) as Record<string, unknown>;
  }

  private eventOf(exported: string, { call, spoilt, url }: Scenario): object {
    const event = this.rightEvent(exported, call);
    if (spoilt) { spoil((event.ResourceProperties ?? event) as Tree, spoilt); }
    if (url === 'not one' && event.ResponseURL) { event.ResponseURL = (event.ResponseURL as string).replace('https://', ''); }
    return event;
  }
}

/** What lets whoever has a ResponseURL answer, where it has that. */
function signatureOf(url: unknown): string | null {
  return typeof url === 'string' && URL.canParse(url, 'https://x') ? new URL(url, 'https://x').searchParams.get('X-Amz-Signature') : null;
}

type Tree = Record<string, unknown>;

/** Changes one of all values in a tree. */
function spoil(root: Tree, { place, how }: NonNullable<Scenario['spoilt']>): void {
  const places: [Tree, string][] = [];
  const walk = (tree: Tree) => {
    for (const [key, value] of Object.entries(tree)) {
      places.push([tree, key]);
      if (typeof value === 'object' && value !== null) { walk(value as Tree); }
    }
  };
  walk(root);
  const [tree, key] = places[place % places.length];
  if (how === 'an object') { tree[key] = { hidden: MARKS.property }; } else { delete tree[key]; }
}

const option = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { nil: undefined, freq });

/** Scenarios of a function, of which most have faults. */
export const SCENARIOS: fc.Arbitrary<Scenario> = fc.record({
  call: fc.nat(999),
  spoilt: option(fc.record({ place: fc.nat(999), how: fc.constantFrom('left out' as const, 'an object' as const) }), 1),
  faults: fc.array(ANY_FAULT, { maxLength: 4 }),
  goesOn: fc.boolean(),
  accidentAt: option(fc.integer({ min: 1, max: 4 }), 1),
  uploads: fc.array(fc.constantFrom<UploadFault>({ status: 500 }, { status: 403 }, 'reset'), { maxLength: 2 }),
  url: fc.constantFrom('as it is' as const, 'as it is' as const, 'as it is' as const, 'not one' as const),
});
