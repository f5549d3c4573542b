import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CustomResourceEvent } from '../events';

/*
 * The provider framework of the AWS CDK: the very code that deployments run, whose calls out are led to whoever runs it.
 */

/** What a run of the framework needs of the world. */
export interface FrameworkHost {
  /** Invokes a function of ours: its answer, or its error. */
  invoke(which: 'onEvent' | 'isComplete', payload: string): Promise<{ readonly Payload: string; readonly FunctionError?: string }>;
  /** Starts a state machine that waits. */
  startWaiter(input: string): Promise<void>;
  /** Sends an answer to CloudFormation. */
  answer(body: string): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
}

type Send = (request: { path: string }, body: string) => Promise<unknown>;

interface Runtime {
  onEvent(event: object): Promise<void>;
  isComplete(event: object): Promise<void>;
  onTimeout(event: object): Promise<void>;
}

/** Jest, where it runs this: else `scripts/spending.mjs` has seen to what follows. */
const inJest = typeof jest !== 'undefined';
if (inJest) {
  jest.doMock('@aws-sdk/client-lambda', () => ({}), { virtual: true });
  jest.doMock('@aws-sdk/client-sfn', () => ({}), { virtual: true });
}

/** Whose run is going on: its number is part of the ResponseURL, which stands in all that the framework says to the outside. */
const hosts = new Map<string, FrameworkHost>();
let runs = 0;

const folder = join(dirname(require.resolve('aws-cdk-lib/package.json')), 'custom-resources', 'lib', 'provider-framework', 'runtime');
const runtime = load();

/** The error by which the framework asks to be called again. */
export const { Retry } = part('cfn-response') as { Retry: new (message: string) => Error };

/** The physical id that the framework gives to a Create without one. */
export const { CREATE_FAILED_PHYSICAL_ID_MARKER } = part('cfn-response') as { CREATE_FAILED_PHYSICAL_ID_MARKER: string };

/** Runs a function of the framework in a world. */
export async function runFramework(which: keyof Runtime, event: CustomResourceEvent | object, host: FrameworkHost): Promise<void> {
  const run = String(++runs);
  hosts.set(run, host);
  return runtime[which](numbered(event, run)).finally(() => hosts.delete(run));
}

/** An event with the number of a run in its ResponseURL, which is in the text of another event where the time is over. */
function numbered(event: CustomResourceEvent | object, run: string): object {
  const { ResponseURL } = event as Partial<CustomResourceEvent>;
  const number = (url: string) => `${url.replace(/&run=\d+$/, '')}&run=${run}`;
  if (ResponseURL !== undefined) { return { ...event, ResponseURL: number(ResponseURL) }; }
  return JSON.parse(JSON.stringify(event).replace(/https:[^"\\]+/g, number)) as object;
}

function hostOf(said: string): FrameworkHost {
  return hosts.get(/&run=(\d+)/.exec(said)![1])!;
}

function part(name: string): Record<string, unknown> {
  const path = join(folder, name);
  return (inJest ? jest.requireActual(path) : createRequire(__filename)(path)) as Record<string, unknown>;
}

function load(): Runtime {
  process.env.USER_ON_EVENT_FUNCTION_ARN = 'onEvent';
  process.env.USER_IS_COMPLETE_FUNCTION_ARN = 'isComplete';
  process.env.WAITER_STATE_MACHINE_ARN = 'waiter';
  Object.assign(part('outbound'), {
    invokeFunction: async ({ FunctionName, Payload }: { FunctionName: 'onEvent' | 'isComplete'; Payload: string }) => {
      return hostOf(Payload).invoke(FunctionName, Payload);
    },
    startExecution: async (request: { input: string }) => hostOf(request.input).startWaiter(request.input),
    httpRequest: async ({ path }: { path: string }, body: string) => hostOf(path).answer(body),
  });
  Object.assign(part('util'), {
    log: () => undefined,
    withRetries: ({ attempts, sleep }: { attempts: number; sleep: number }, work: Send) => {
      return async (request: { path: string }, body: string) => {
        for (let left = attempts, pause = sleep; ; left--, pause *= 2) {
          try {
            return await work(request, body);
          } catch (error) {
            if (left <= 0) { throw error; }
            await hostOf(request.path).sleep(pause);
          }
        }
      };
    },
  });
  return part('framework') as unknown as Runtime;
}
