import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { clientConfig } from './config';
import { asModelled } from './modelled';

/** What CloudFormation says about the stack that sent the event. */
export interface StackReader {
  /** A resource, with its status, such as `CREATE_IN_PROGRESS`. `undefined`: the stack has no such resource. */
  resource(stackId: string, logicalId: string): Promise<StackResource | undefined>;
}

/** A resource of a stack. */
export interface StackResource {
  readonly status?: string;
  /** Its type, such as `AWS::S3::Bucket`. */
  readonly type?: string;
}

const ATTEMPTS = 6;

/** What CloudFormation calls a stack or a resource that isn't there. It has no error of its own for them. */
const ABSENT = /does not exist/;

/** Asks CloudFormation about the stack of an event. */
export function stackReader(): StackReader {
  const cloudFormation = asModelled(new CloudFormationClient(clientConfig({ attempts: ATTEMPTS })));
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
