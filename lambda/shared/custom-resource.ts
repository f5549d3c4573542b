import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { Properties } from './coerce';
import { withDeadline, workBudget } from './deadline';
import { HandlerError, failureOf } from './errors';
import { log } from './logger';
import { type Response, send } from './response';

/** A Create or an Update, which are one to a handler: it makes what the properties say. */
export interface Request {
  /** Where the stack is: also where the handler works. */
  readonly stack: StackIdentity;
  readonly properties: Properties;
}

/** What the ARN of a stack says. */
export interface StackIdentity {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** What a kind of custom resource does. There is nothing to delete: a Delete is always a success. */
export interface CustomResourceHandler {
  /** The physical id: decided before anything else is done, and equal on every path, retry and failure. */
  physicalId(stack: StackIdentity, logicalId: string, properties: Properties): string;
  /** Returns the attributes: the same keys whenever the properties are the same. */
  apply(request: Request, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** Makes a Lambda handler that leads a custom resource through its life and always answers CloudFormation. */
export function customResource(handler: CustomResourceHandler) {
  return async (event: CloudFormationCustomResourceEvent, context: Context): Promise<void> => {
    const started = Date.now();
    const stack = stackIdentity(event.StackId);
    const physicalId = event.RequestType === 'Create'
      ? handler.physicalId(stack, event.LogicalResourceId, event.ResourceProperties)
      : event.PhysicalResourceId;
    const about = { requestType: event.RequestType, requestId: event.RequestId, stack: stack.name, logicalId: event.LogicalResourceId };
    log('received', about);

    const answer = {
      PhysicalResourceId: physicalId,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    };
    let response: Response;
    try {
      const data = await withDeadline(workBudget(context), async signal => perform(handler, event, stack, signal));
      response = { ...answer, Status: 'SUCCESS', Data: data };
    } catch (error) {
      response = { ...answer, Status: 'FAILED', Reason: reasonOf(error, context) };
    }
    log('done', { ...about, physicalId, status: response.Status, reason: response.Reason, milliseconds: Date.now() - started });
    await send(event.ResponseURL, response, context);
  };
}

async function perform(
  handler: CustomResourceHandler,
  event: CloudFormationCustomResourceEvent,
  stack: StackIdentity,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  switch (event.RequestType) {
    case 'Create':
    case 'Update':
      return handler.apply({ stack, properties: event.ResourceProperties }, signal);
    case 'Delete':
      return undefined;
    default:
      throw new HandlerError('UnknownRequest', `unknown request type: ${String((event as { RequestType: unknown }).RequestType)}`);
  }
}

/** Reads `arn:<partition>:cloudformation:<region>:<account>:stack/<name>/<id>`. */
export function stackIdentity(stackId: string): StackIdentity {
  const [, partition, , region, account, resource] = stackId.split(':');
  return { partition, region, account, name: resource?.split('/')[1] ?? '' };
}

/** Why a deployment fails, for its reader: an own text as it is, anything else with its code, then where to read on. */
function reasonOf(error: unknown, context: Context): string {
  const failure = failureOf(error);
  const what = error instanceof HandlerError ? error.message : `${failure.code}: ${failure.message}`;
  return `${what} (log stream ${context.logStreamName}, request ${context.awsRequestId})`;
}
