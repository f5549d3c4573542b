import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { addStatement, handlerFunction, handlerLogs, handlerRole } from './runtime';
import { singleton } from '../singleton';

const ID = 'CdkHpcClustersHyperPodNodeOperations';
/** A step reads all pages of a list and makes four calls at most, each with its retries. */
const TIMEOUT = Duration.minutes(3);

/**
 * The function behind operations on nodes: one per stack for task states and workflows, one of its own for each remediation, which
 * acts without being asked and therefore may touch its cluster and its table only.
 */
export class NodeOperationsHandler extends Construct {
  /** The function that the task states of a stack share, made when the first one needs it. */
  public static for(scope: Construct): NodeOperationsHandler {
    return singleton(scope, ID, stack => {
      return new NodeOperationsHandler(stack, ID, 'Operations on HyperPod nodes for the state machines of this stack');
    });
  }

  public readonly handler: lambda.Function;
  private readonly allowed = new Set<string>();
  private readonly document = new iam.PolicyDocument({ minimize: true });
  private readonly role: iam.Role;

  public constructor(scope: Construct, id: string, description: string, environment?: Record<string, string>) {
    super(scope, id);
    markAsHandler(this);
    const options = handlerOptions(Stack.of(this));
    const logGroup = handlerLogs(this, options);
    this.role = handlerRole(this, 'Role', options, { description, policyName: 'Nodes', document: this.document, logGroup });
    this.handler = handlerFunction(this, 'Function', options, {
      description, bundle: 'node-operations', entry: 'handler', timeout: TIMEOUT, role: this.role, logGroup, environment,
    });
  }

  /** Lets the function do something more. */
  public allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): void {
    const key = JSON.stringify(Stack.of(this).resolve([actions, resources]));
    if (this.allowed.has(key)) { return; }
    this.allowed.add(key);
    addStatement(this.role, this.document, new iam.PolicyStatement({ actions, resources, conditions }));
  }
}
