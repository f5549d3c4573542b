import type { Context } from 'aws-lambda';
import { readable, type Properties } from './coerce';
import { cut } from './cut';
import { withDeadline, workBudget } from './deadline';
import { HandlerError, failureOf } from './errors';
import { log } from './logger';
import { plain } from './plain';
import { isThrottled } from './reading';

/*
 * What the provider framework of the AWS CDK says to two functions of ours, and what it makes of their answers: it hands
 * `isComplete` the event with all that `onEvent` returned laid over it, again and again until it is complete.
 */

/** An event of CloudFormation, as the framework passes it on. */
export interface ProviderEvent {
  /** `Create`, `Update` or `Delete`. */
  readonly RequestType: string;
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** Of an Update or a Delete, and always where completion is asked for. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** Of an Update. */
  readonly OldResourceProperties?: Properties;
  /**
   * Where completion is asked for: why the request failed. The framework gives a Create that throws an id of its own, and deletes
   * nothing by it, although something may have been made.
   */
  readonly Failure?: string;
}

/** What `isComplete` returns. The framework takes no attributes while it waits. */
export type Completion = { readonly IsComplete: false } | { readonly IsComplete: true; readonly Data?: Readonly<Record<string, string>> };

/** Bytes of a Reason, so that it fits into the 4096 of an answer with all ids, and with what the framework adds. */
const REASON_BYTES = 2_500;

/**
 * Makes a function that the framework calls: work with a deadline, two lines in the log, and a failure that fits into an answer.
 *
 * @param failedId the physical id of what may have been made nevertheless, where a failure is returned for `isComplete` to throw it
 */
export function providerFunction<E extends ProviderEvent, R>(
  step: string, work: (event: E, signal: AbortSignal) => Promise<R>, failedId?: (event: E) => string,
) {
  return async (given: E, context: Context): Promise<R | Failed> => {
    const started = Date.now();
    const event = readable(given);
    const { RequestType: requestType, RequestId: requestId, LogicalResourceId: logicalId, PhysicalResourceId: physicalId } = event;
    if (event.Failure !== undefined) { throw withoutStack(new HandlerError('RequestFailed', plain(event.Failure))); }
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
      if (failedId && requestType !== 'Delete') { return { PhysicalResourceId: failedId(event), Failure: failure.message }; }
      throw failure;
    }
  };
}

/** A failure that `isComplete` is to throw. */
export interface Failed {
  readonly PhysicalResourceId: string;
  readonly Failure: string;
}

function reasonOf(error: unknown, context: Context): Error {
  const { code, message } = failureOf(error);
  const what = error instanceof HandlerError ? error.message : `${code}: ${message}`;
  return withoutStack(new HandlerError(code, `${cut(what, REASON_BYTES)} (log stream ${context.logStreamName})`));
}

/** The framework makes the Reason of message and stack. The stack is of no use to the reader, and leads beyond the limit. */
function withoutStack(failure: Error): Error {
  failure.stack = failure.message;
  return failure;
}
