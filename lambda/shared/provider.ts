import type { Context } from 'aws-lambda';
import { readable, type Properties } from './coerce';
import { withDeadline, workBudget } from './deadline';
import { HandlerError, failureOf } from './errors';
import { log } from './logger';
import { isThrottled } from './reading';

/*
 * What the provider framework of the AWS CDK says to two functions of ours, and what it makes of their answers: it hands
 * `isComplete` the event with all that `onEvent` returned laid over it, again and again until it is complete.
 */

/** An event of CloudFormation, as the framework passes it on. */
export interface ProviderEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** Of an Update or a Delete, and always where completion is asked for. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** Of an Update. */
  readonly OldResourceProperties?: Properties;
}

/** What `isComplete` returns. The framework takes no attributes while it waits. */
export type Completion = { readonly IsComplete: false } | { readonly IsComplete: true; readonly Data?: Readonly<Record<string, string>> };

/** Bytes of a Reason, so that it fits into the 4096 of an answer with all ids, and with what the framework adds. */
const REASON_BYTES = 2_500;

/** Makes a function that the framework calls: work with a deadline, two lines in the log, and a failure that fits into an answer. */
export function providerFunction<E extends ProviderEvent, R>(step: string, work: (event: E, signal: AbortSignal) => Promise<R>) {
  return async (given: E, context: Context): Promise<R> => {
    const started = Date.now();
    const event = readable(given);
    const { RequestType: requestType, RequestId: requestId, LogicalResourceId: logicalId, PhysicalResourceId: physicalId } = event;
    const about = { requestType, requestId, logicalId, physicalId };
    try {
      const result = await withDeadline(workBudget(context), async signal => work(event, signal).catch(error => {
        throw signal.aborted && !isThrottled(error) ? signal.reason : error;
      }));
      log(step, { ...about, milliseconds: Date.now() - started });
      return result;
    } catch (error) {
      const failure = reasonOf(error, context);
      log(step, { ...about, status: 'FAILED', reason: failure.message, milliseconds: Date.now() - started });
      throw failure;
    }
  };
}

/** The framework makes the Reason of message and stack. The stack is of no use to the reader, and leads beyond the limit. */
function reasonOf(error: unknown, context: Context): Error {
  const { code, message } = failureOf(error);
  const what = error instanceof HandlerError ? error.message : `${code}: ${message}`;
  const failure = new HandlerError(code, `${cut(what)} (log stream ${context.logStreamName})`);
  failure.stack = failure.message;
  return failure;
}

/** What of a text fits, in JSON. */
function cut(text: string): string {
  const characters = [...text];
  const bytes = () => Buffer.byteLength(JSON.stringify(characters.join('')));
  if (bytes() <= REASON_BYTES) { return text; }
  while (bytes() > REASON_BYTES) { characters.length = Math.floor(characters.length * 0.9); }
  return `${characters.join('')}...`;
}
