import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceEventCommon, Context } from 'aws-lambda';
import { readable, shown, type Properties } from './coerce';
import { withDeadline, workBudget } from './deadline';
import { HandlerError, failureOf } from './errors';
import { log } from './logger';
import { plain } from './plain';
import { type Response, send } from './response';

/** A Create or an Update, which are one to a handler: it makes what the properties say. */
export interface Request {
  /** Where the stack is: also where the handler works. */
  readonly stack: StackIdentity;
  readonly properties: Properties;
  /** Whether the resource is there already. So it is in a rollback, too, which must not fail for what has changed in AWS meanwhile. */
  readonly isUpdate?: boolean;
}

/** What the ARN of a stack says. */
export interface StackIdentity {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** An event of any kind. */
type CustomResourceEvent = CloudFormationCustomResourceEventCommon & { readonly RequestType: string; readonly PhysicalResourceId?: string };

/** What a kind of custom resource does. There is nothing to delete: a Delete is always a success. */
export interface CustomResourceHandler {
  /** The physical id: decided before anything else is done, and equal on every path, retry and failure. */
  physicalId(stack: StackIdentity, logicalId: string, properties: Properties): string;
  /** Returns the attributes: the same keys whenever the properties are the same. */
  apply(request: Request, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** Makes a Lambda handler that leads a custom resource through its life and always answers CloudFormation. */
export function customResource(handler: CustomResourceHandler) {
  return async (given: CloudFormationCustomResourceEvent, context: Context): Promise<void> => {
    const started = Date.now();
    const event = readable(given as CustomResourceEvent);
    const { RequestType: requestType, StackId, RequestId, LogicalResourceId } = event;
    const stack = stackIdentity(StackId);
    const about = { requestType, requestId: RequestId, stack: stack.name, logicalId: LogicalResourceId };
    log('received', about);

    let physicalId = event.RequestType === 'Create' ? '' : event.PhysicalResourceId ?? '';
    let outcome: Pick<Response, 'Status' | 'Reason' | 'Data'>;
    try {
      if (event.RequestType === 'Create') { physicalId = handler.physicalId(stack, LogicalResourceId, event.ResourceProperties); }
      outcome = { Status: 'SUCCESS', Data: await withDeadline(workBudget(context), async signal => perform(handler, event, stack, signal)) };
    } catch (error) {
      outcome = { Status: 'FAILED', Reason: reasonOf(error, context) };
    }
    physicalId ||= `${stack.name}/${LogicalResourceId}`; // CloudFormation takes no answer without one
    log('done', { ...about, physicalId, status: outcome.Status, reason: outcome.Reason, milliseconds: Date.now() - started });
    const response = { PhysicalResourceId: physicalId, StackId, RequestId, LogicalResourceId, ...outcome };
    await send(event.ResponseURL, response, context);
  };
}

async function perform(
  handler: CustomResourceHandler,
  event: CustomResourceEvent,
  stack: StackIdentity,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  switch (event.RequestType) {
    case 'Create':
    case 'Update':
      return handler.apply({ stack, properties: event.ResourceProperties, isUpdate: event.RequestType === 'Update' }, signal);
    case 'Delete':
      return undefined;
    default:
      throw new HandlerError('UnknownRequest', `unknown request type: ${shown(event.RequestType)}`);
  }
}

/** Reads `arn:<partition>:cloudformation:<region>:<account>:stack/<name>/<id>`. */
export function stackIdentity(stackId: string): StackIdentity {
  const [, partition = '', , region = '', account = '', resource = ''] = plain(stackId).split(':');
  return { partition, region, account, name: resource.split('/')[1] ?? '' };
}

/** Why a deployment fails, for its reader: an own text as it is, anything else with its code, then where to read on. */
function reasonOf(error: unknown, context: Context): string {
  const failure = failureOf(error);
  const what = error instanceof HandlerError ? error.message : `${failure.code}: ${failure.message}`;
  return `${what} (log stream ${context.logStreamName}, request ${context.awsRequestId})`;
}
