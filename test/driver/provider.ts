import { request } from 'node:http';
import { dirname, join } from 'node:path';
import type { Entry } from './cloudformation';
import type { CustomResourceEvent } from './events';
import { invoke, type Invocation, type InvokerOptions } from './invoker';

/*
 * The provider framework of the AWS CDK, as it is in aws-cdk-lib: its code runs here, and what it calls is replaced: Lambda by the
 * driver, Step Functions by a loop, https by plain http to the receiver.
 */

const RUNTIME = join(dirname(require.resolve('aws-cdk-lib/package.json')), 'custom-resources', 'lib', 'provider-framework', 'runtime');

interface Framework {
  onEvent(event: object): Promise<void>;
  isComplete(event: object): Promise<void>;
  onTimeout(error: { Cause: string }): Promise<void>;
}

export interface ProviderOptions extends Omit<InvokerOptions, 'bundle' | 'exported'> {
  /** The shipped bundle, which exports `onEvent` and `isComplete`. */
  readonly bundle: string;
  /** How often completion is asked for at most. @default 20 */
  readonly checks?: number;
}

/** The entry of the framework, in front of a bundle. */
export function provider(options: ProviderOptions): Entry {
  const { checks = 20, ...lambda } = options;
  return async event => {
    const logs: string[] = [];
    let waiting: string | undefined;
    const framework = load({
      startExecution: async ({ input }: { input: string }) => { waiting = input; },
      invokeFunction: async ({ FunctionName, Payload }: { FunctionName: string; Payload: string }) => {
        const invocation = await invoke(JSON.parse(Payload) as object, { ...lambda, exported: FunctionName.split(':').at(-1) });
        logs.push(invocation.log);
        return payloadOf(invocation);
      },
      httpRequest: async (to: Upload, body: string) => put(to, body, lambda.receiverPort),
    });
    await silently(async () => {
      await framework.onEvent(clone(event));
      if (waiting !== undefined) { await wait(framework, waiting, checks); }
    });
    return { succeeded: true, log: logs.join('') };
  };
}

/** What the state machine does: asks again while the framework asks it to, and gives up in the end. */
async function wait(framework: Framework, input: string, checks: number): Promise<void> {
  let last: Error | undefined;
  for (let check = 0; check < checks; check++) {
    try {
      await framework.isComplete(JSON.parse(input) as object);
      return;
    } catch (error) {
      if ((error as Error).constructor.name !== 'Retry') { throw error; }
      last = error as Error;
    }
  }
  await framework.onTimeout({ Cause: JSON.stringify({ errorMessage: last!.message }) });
}

function load(outbound: object): Framework {
  let framework: Record<string, (event: object) => Promise<void>> = {};
  const environment = {
    USER_ON_EVENT_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:111122223333:function:onEvent',
    USER_IS_COMPLETE_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:111122223333:function:isComplete',
    WAITER_STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:waiter',
  };
  Object.assign(process.env, environment);
  jest.isolateModules(() => {
    jest.doMock(join(RUNTIME, 'outbound.js'), () => outbound);
    framework = jest.requireActual(join(RUNTIME, 'framework.js'));
  });
  return framework as unknown as Framework;
}

/** What an invocation gives to its caller. A function that its timeout ended gives an error, too. */
function payloadOf({ succeeded, result, failure }: Invocation): { Payload: string; FunctionError?: string } {
  if (succeeded) { return { Payload: JSON.stringify(result ?? null) }; }
  return { Payload: JSON.stringify(failure ?? { errorMessage: 'Task timed out' }), FunctionError: 'Unhandled' };
}

interface Upload { readonly path: string; readonly method: string; readonly headers: object }

async function put({ path, method, headers }: Upload, body: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, response => {
      response.resume();
      if (response.statusCode === 200) { resolve(); } else { reject(new Error(`Unsuccessful HTTP response: ${response.statusCode}`)); }
    }).on('error', reject).end(body);
  });
}

/** The framework logs every event and every answer. */
async function silently(work: () => Promise<void>): Promise<void> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await work();
  } finally {
    log.mockRestore();
  }
}

function clone(event: CustomResourceEvent): object {
  return JSON.parse(JSON.stringify(event)) as object;
}
