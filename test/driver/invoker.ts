import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LAMBDA_CREDENTIALS } from './secrets';

/** How one invocation of a function ended. */
export interface Invocation {
  /** Whether the handler came to its end without an error. */
  readonly succeeded: boolean;
  /** Everything that it wrote: what CloudWatch Logs would keep. */
  readonly log: string;
  /** What the handler returned, for whoever called it and waits. */
  readonly result?: unknown;
  /** Its error, for the same. Nothing when it was ended by its timeout. */
  readonly failure?: { readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };
  /** When it ended, by its own clock. */
  readonly endedAt?: number;
}

export interface InvokerOptions {
  /** The shipped bundle. */
  readonly bundle: string;
  /** The function in it. @default 'handler' */
  readonly exported?: string;
  /** Where its calls to SageMaker, and to the other services of the fake, go. */
  readonly sagemakerUrl: string;
  /** Where its answers go. */
  readonly receiverPort: number;
  /** The Region of the function. @default 'us-east-1' */
  readonly region?: string;
  /** The timeout of the function. @default 120_000 */
  readonly timeoutMs?: number;
  /** Whether waiting takes no time: pauses between retries, deadlines, timeouts. @default false */
  readonly virtualTime?: boolean;
  /** When it begins, where time is virtual. @default - now */
  readonly startAt?: number;
  /** What the function has in its environment besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The Node.js to run bundles with, such as the one that Lambda has: `HANDLER_NODE=/path/to/node npx jest test/driver`. */
const NODE = process.env.HANDLER_NODE ?? process.execPath;
const RUNTIME = join(__dirname, 'lambda-runtime.cjs');

/** Starts the program of a runtime with the environment of Lambda and nothing else. */
export function startRuntime(
  runtime: string, { region = 'us-east-1', sagemakerUrl, environment }: Pick<InvokerOptions, 'region' | 'sagemakerUrl' | 'environment'>,
): ChildProcess {
  return spawn(NODE, [runtime], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      ...LAMBDA_CREDENTIALS,
      AWS_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: 'Stack-CdkHpcClustersTrainingPlansLookupFunctionCC923E3A-aBcDeFgHiJkL',
      AWS_LAMBDA_LOG_GROUP_NAME: 'Stack-CdkHpcClustersTrainingPlansLookupLogs',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef',
      AWS_ENDPOINT_URL_SAGEMAKER: sagemakerUrl,
      AWS_ENDPOINT_URL_PCS: sagemakerUrl,
      AWS_ENDPOINT_URL_EC2: sagemakerUrl,
      AWS_ENDPOINT_URL_S3: sagemakerUrl,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: sagemakerUrl,
      AWS_ENDPOINT_URL_SSM: sagemakerUrl,
      AWS_ENDPOINT_URL_CLOUDFORMATION: sagemakerUrl,
      AWS_ENDPOINT_URL_DYNAMODB: sagemakerUrl,
      ...environment,
      NODE_NO_WARNINGS: '1',
    },
  });
}

/** Runs a bundle as Lambda does: in a process of its own, with the environment of Lambda and nothing else. */
export async function invoke(event: object, options: InvokerOptions): Promise<Invocation> {
  const { bundle, exported = 'handler', receiverPort, virtualTime = false, startAt, timeoutMs = 120_000, environment } = options;
  const invocation = JSON.stringify({ bundle, exported, event, receiverPort, virtualTime, startAt, timeoutMs });
  const child = startRuntime(RUNTIME, { ...options, environment: { ...environment, DRIVER_INVOCATION: invocation } });
  const lines: string[] = [];
  let returned = '';
  const [, stdout, stderr, result] = child.stdio as unknown as (Readable | null)[];
  for (const stream of [stdout, stderr]) { stream!.setEncoding('utf8').on('data', (text: string) => lines.push(text)); }
  result!.setEncoding('utf8').on('data', (text: string) => { returned += text; });
  const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs); // as Lambda does
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(kill);
  return { succeeded: code === 0, log: lines.join(''), ...returned ? JSON.parse(returned) as object : {} };
}
