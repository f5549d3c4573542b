import { ServiceError } from './service';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** A resource of a stack. */
export interface StackResource {
  readonly status: string;
  readonly physicalId?: string;
  readonly type?: string;
}

/** CloudFormation as far as handlers read it: the query protocol, whose requests are forms and whose answers are XML. */
export class Stacks {
  /** Resources by the id of their stack, then by their logical id. */
  public readonly resources = new Map<string, Map<string, StackResource>>();

  /** Sets what a stack says of a resource. */
  public set(stackId: string, logicalId: string, resource: StackResource): void {
    const stack = this.resources.get(stackId) ?? new Map<string, StackResource>();
    this.resources.set(stackId, stack.set(logicalId, resource));
  }

  /** What a stack says of a resource. */
  public describe(stackId: string, logicalId: string): StackResource {
    const stack = this.resources.get(stackId);
    if (!stack) { throw new ServiceError('ValidationError', `Stack '${stackId}' does not exist`); }
    const resource = stack.get(logicalId);
    if (!resource) { throw new ServiceError('ValidationError', `Resource ${logicalId} does not exist for stack ${stackId}`); }
    return resource;
  }

  /** Answers a request with XML. */
  public call(operation: string, input: Record<string, string>): string {
    if (operation !== 'DescribeStackResource') { throw new ServiceError('InvalidAction', `Could not find operation ${operation} for version 2010-05-15`); }
    const { StackName, LogicalResourceId } = input;
    const { status, physicalId, type = 'AWS::CloudFormation::CustomResource' } = this.describe(StackName, LogicalResourceId);
    const members = {
      StackId: StackName,
      StackName: StackName.split('/')[1] ?? StackName,
      LogicalResourceId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      ResourceStatus: status,
      LastUpdatedTimestamp: '2026-11-22T00:00:00Z',
    };
    const texts = Object.entries(members).filter(([, value]) => value !== undefined).map(([name, value]) => `<${name}>${value}</${name}>`);
    return `<DescribeStackResourceResponse xmlns="${NAMESPACE}"><DescribeStackResourceResult><StackResourceDetail>${texts.join('')}</StackResourceDetail>`
      + '</DescribeStackResourceResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeStackResourceResponse>';
  }
}

/** An error in the form of the query protocol. */
export function stacksError(code: string, message: string, status: number): string {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}
