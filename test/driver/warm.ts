import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { startRuntime, type Invocation } from './invoker';

const RUNTIME = join(__dirname, 'warm-runtime.cjs');

/** After so many invocations Lambda starts another process, and time begins anew. */
const INVOCATIONS = 40;

/** How long an invocation may take on a slow machine. */
const HANGS_MS = 60_000;

export interface WarmOptions {
  readonly bundle: string;
  readonly sagemakerUrl: string;
  readonly receiverPort: number;
  readonly startAt: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface WarmInvocation {
  readonly exported: string;
  readonly event: object;
  /** @default 120_000 */
  readonly timeoutMs?: number;
  /** At which request of the invocation, counted from one, something fails that nobody thought of. @default - at none */
  readonly accidentAt?: number;
  /** Whether a service will be silent. Where none will, a slow one has its time. */
  readonly silences: boolean;
}

interface Waiting {
  readonly id: number;
  readonly logs: string[];
  end?: object;
  readonly resolve: (invocation: Invocation) => void;
}

/** A bundle in a process that Lambda keeps warm: one invocation after the other, in virtual time. */
export class WarmFunction {
  private child?: ChildProcess;
  private count = 0;
  private waiting?: Waiting;
  private late = ['', ''];
  private exported?: (names: readonly string[]) => void;

  public constructor(private readonly options: WarmOptions) {}

  /** What the bundle exports. */
  public async functions(): Promise<readonly string[]> {
    this.stop();
    return new Promise(resolve => {
      this.exported = resolve;
      this.start();
    });
  }

  /** Runs a function. One whose process dies has failed, and what the process left in its log is in the log. */
  public async invoke({ exported, event, timeoutMs = 120_000, accidentAt, silences }: WarmInvocation): Promise<Invocation> {
    const id = ++this.count;
    if (id % INVOCATIONS === 0) { this.stop(); }
    const child = this.child ?? this.start();
    const hangs = setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
    try {
      return await new Promise<Invocation>(resolve => {
        this.waiting = { id, logs: [...this.late], resolve };
        this.late = ['', ''];
        (child.stdin as Writable).write(`${JSON.stringify({ id, exported, event, timeoutMs, accidentAt, silences })}\n`);
      });
    } finally {
      clearTimeout(hangs);
    }
  }

  public stop(): void {
    this.child?.removeAllListeners().kill();
    this.child = undefined;
  }

  private start(): ChildProcess {
    const { bundle, receiverPort, startAt, environment } = this.options;
    const child = startRuntime(RUNTIME, {
      ...this.options, environment: { ...environment, DRIVER_FUNCTION: JSON.stringify({ bundle, receiverPort, startAt }) },
    });
    this.child = child;
    const [, stdout, stderr, ends] = child.stdio as unknown as Readable[];
    [stdout, stderr].forEach((stream, index) => stream.setEncoding('utf8').on('data', (text: string) => {
      if (this.child !== child) { return; }
      (this.waiting?.logs ?? this.late)[index] += text;
      this.finish();
    }));
    createInterface({ input: ends }).on('line', line => {
      const said = JSON.parse(line) as { exported?: readonly string[] };
      if (said.exported) { this.exported?.(said.exported); } else if (this.waiting) { this.waiting.end = said; }
      this.finish();
    });
    child.once('close', () => {
      this.child = undefined;
      this.waiting?.resolve({ succeeded: false, log: this.waiting.logs.join('\n') });
      this.waiting = undefined;
    });
    return child;
  }

  /** An invocation has ended once its end is in all that it writes to. What comes after it is that of the next. */
  private finish(): void {
    if (!this.waiting) { return; }
    const { id, logs, end, resolve } = this.waiting;
    const mark = `\n--- end of ${id} ---\n`;
    if (!end || !logs.every(log => log.includes(mark))) { return; }
    const { failure, result } = end as Pick<Invocation, 'failure' | 'result'>;
    this.waiting = undefined;
    const [own, late] = [0, 1].map(part => logs.map(log => log.split(mark)[part]));
    this.late = late;
    resolve({ succeeded: !failure, log: own.join('\n'), result, failure });
  }
}
