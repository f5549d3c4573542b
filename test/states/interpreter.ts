import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/* The interpreter is made for Node.js 22; this is all that it misses in 20. */
(Promise as { withResolvers?: unknown }).withResolvers ??= function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};

type Json = Record<string, any>;

interface Interpreter {
  new (definition: Json, options: object): { run(input: unknown, options: object): Run };
}

/* A require: the package has both forms, and types for modules only. */
const { StateMachine } = jest.requireActual<{ StateMachine: Interpreter }>('aws-local-stepfunctions');

/** What stands in for a state that calls something, by the name of the state. */
export type Tasks = Record<string, (input: any) => Promise<unknown> | unknown>;

/** The definition of the only state machine of a stack, with names in the place of what only a deployment knows. */
export function definitionOf(stack: Stack): Json {
  const machines = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  if (machines.length !== 1) { throw new Error(`${machines.length} state machines, not one`); }
  const text = machines[0].Properties.DefinitionString;
  const parts: unknown[] = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map(part => (typeof part === 'string' ? part : JSON.stringify(part).replace(/[^A-Za-z0-9]/g, ''))).join('')) as Json;
}

/** One execution that has been started. */
export interface Run {
  readonly result: Promise<any>;
}

/** Starts an execution. Time is that of the fake timers, if there are any. */
export function start(definition: Json, execution: string, input: unknown, tasks: Tasks): Run {
  return new StateMachine(definition, { validationOptions: { noValidate: true } }).run(input, {
    overrides: { taskResourceLocalHandlers: tasks },
    context: { Execution: { Id: execution, Input: input, StartTime: new Date().toISOString() } },
  });
}

/** Lets virtual time pass until executions have ended, or a time has come. */
export async function settle(runs: readonly Run[], until = Infinity): Promise<PromiseSettledResult<any>[]> {
  if (Number.isFinite(until)) { setTimeout(() => undefined, until - Date.now()); } // so that the clock stops there
  let done = false;
  const all = Promise.allSettled(runs.map(run => run.result)).then(results => {
    done = true;
    return results;
  });
  for (let turns = 0; turns < 200_000; turns++) {
    await new Promise(resolve => setImmediate(resolve)); // handlers that call each other take no virtual time
    if (done) { return all; }
    if (Date.now() >= until) { return []; }
    await jest.advanceTimersToNextTimerAsync();
  }
  throw new Error('executions go on for ever');
}
