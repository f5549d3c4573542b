import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { RequestHandler } from './http';
import { asModelled } from './modelled';
import type { StackReader } from '../training-plan/ports';

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
const ATTEMPTS = 6;

/** What CloudFormation calls a stack or a resource that isn't there. It has no error of its own for them. */
const ABSENT = /does not exist/;

/** Asks CloudFormation about the stack of an event. */
export function stackReader(): StackReader {
  const cloudFormation = asModelled(new CloudFormationClient({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs: REQUEST_MS }),
  }));
  return {
    resource: async (stackId, logicalId) => {
      try {
        const { StackResourceDetail } = await cloudFormation.send(
          new DescribeStackResourceCommand({ StackName: stackId, LogicalResourceId: logicalId }),
        );
        return StackResourceDetail && { status: StackResourceDetail.ResourceStatus, type: StackResourceDetail.ResourceType };
      } catch (error) {
        const { name, message } = error as Error;
        if (name === 'ValidationError' && ABSENT.test(message)) { return undefined; }
        throw error;
      }
    },
  };
}
