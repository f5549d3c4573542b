import { AsyncLocalStorage } from 'node:async_hooks';
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

interface Runtime {
  onEvent(event: object): Promise<void>;
  isComplete(event: object): Promise<void>;
  onTimeout(event: object): Promise<void>;
}

jest.mock('@aws-sdk/client-lambda', () => ({}), { virtual: true });
jest.mock('@aws-sdk/client-sfn', () => ({}), { virtual: true });

const hosts = new AsyncLocalStorage<FrameworkHost>();
const folder = join(dirname(require.resolve('aws-cdk-lib/package.json')), 'custom-resources', 'lib', 'provider-framework', 'runtime');
const runtime = load();

/** The error by which the framework asks to be called again. */
export const { Retry } = part('cfn-response') as { Retry: new (message: string) => Error };

/** The physical id that the framework gives to a Create without one. */
export const { CREATE_FAILED_PHYSICAL_ID_MARKER } = part('cfn-response') as { CREATE_FAILED_PHYSICAL_ID_MARKER: string };

/** Runs a function of the framework in a world. */
export async function runFramework(which: keyof Runtime, event: CustomResourceEvent | object, host: FrameworkHost): Promise<void> {
  return hosts.run(host, async () => runtime[which](event));
}

function part(name: string): Record<string, unknown> {
  return jest.requireActual(join(folder, name));
}

function load(): Runtime {
  process.env.USER_ON_EVENT_FUNCTION_ARN = 'onEvent';
  process.env.USER_IS_COMPLETE_FUNCTION_ARN = 'isComplete';
  process.env.WAITER_STATE_MACHINE_ARN = 'waiter';
  const host = () => hosts.getStore()!;
  Object.assign(part('outbound'), {
    invokeFunction: async (request: { FunctionName: 'onEvent' | 'isComplete'; Payload: string }) => host().invoke(request.FunctionName, request.Payload),
    startExecution: async (request: { input: string }) => host().startWaiter(request.input),
    httpRequest: async (_options: object, body: string) => host().answer(body),
  });
  Object.assign(part('util'), {
    log: () => undefined,
    withRetries: ({ attempts, sleep }: { attempts: number; sleep: number }, work: (...given: unknown[]) => Promise<unknown>) => {
      return async (...given: unknown[]) => {
        for (let left = attempts, pause = sleep; ; left--, pause *= 2) {
          try {
            return await work(...given);
          } catch (error) {
            if (left <= 0) { throw error; }
            await host().sleep(pause);
          }
        }
      };
    },
  });
  return part('framework') as unknown as Runtime;
}
