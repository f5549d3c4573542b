import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { THROTTLED, type NodeOperation } from '../../../private/contracts/node-operations';
import { HandlerFunction } from '../../../private/handlers/handler-function';
import { fail } from '../../../private/problems';
import type { NodeList } from '../../nodes/vocabulary/node-list';
import { RULES } from '../rules';

/** What a task state calls, and with what. */
export interface NodeCall {
  readonly cluster: sagemaker.IClusterRef;
  readonly operation: NodeOperation;
  /** The action of the API: `BatchRebootClusterNodes`. */
  readonly action: string;
  /** Whether the SDK integration calls it. */
  readonly bySdk: boolean;
  readonly permissions: string[];
  /** The parameters that the API has too. */
  readonly parameters: Record<string, unknown>;
  /** The parameters that only our function has. */
  readonly more?: Record<string, unknown>;
  /** The lists among the parameters, whose language has to be that of the state. */
  readonly lists?: NodeList[];
  /** Whether it may be called again where nobody knows if it was called. */
  readonly repeatable: boolean;
}

/** Errors after which nothing has happened. */
const NOT_CALLED = [THROTTLED, 'Lambda.TooManyRequestsException'];
/** Errors after which something may have happened. */
const UNKNOWN = ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.ClientExecutionTimeoutException'];

/** What a state that calls an operation on nodes is made of. */
export class NodeTask {
  public readonly policies: iam.PolicyStatement[];
  public readonly resource: string;

  public constructor(
    private readonly state: sfn.TaskStateBase, private readonly base: sfn.TaskStateBaseProps, private readonly call: NodeCall,
  ) {
    const { clusterArn } = call.cluster.clusterRef;
    if (call.bySdk) {
      this.policies = [new iam.PolicyStatement({ actions: call.permissions, resources: [clusterArn] })];
      this.resource = Arn.format({
        service: 'states',
        region: '',
        account: '',
        resource: 'aws-sdk',
        resourceName: `sagemaker:${call.action.charAt(0).toLowerCase()}${call.action.slice(1)}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }, Stack.of(state));
    } else {
      const handler = HandlerFunction.for(state, 'nodeOperations');
      handler.allow(call.permissions, [clusterArn]);
      this.policies = [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.function.functionArn] })];
      this.resource = handler.function.functionArn;
      state.addRetry({
        errors: [...NOT_CALLED, ...call.repeatable ? UNKNOWN : []], interval: Duration.seconds(2), maxAttempts: 6, backoffRate: 2,
      });
    }
  }

  /** The query language of the state, given that of its state machine. */
  public language(topLevel: sfn.QueryLanguage | undefined): sfn.QueryLanguage {
    return this.base.queryLanguage ?? topLevel ?? sfn.QueryLanguage.JSON_PATH;
  }

  /** What is sent. */
  public parameters(language: sfn.QueryLanguage): Record<string, unknown> {
    for (const list of this.call.lists ?? []) {
      if (list._language !== undefined && list._language !== language) {
        fail(this.state, RULES.nodeListLanguage, { property: 'nodes', got: list._language });
      }
    }
    return Object.fromEntries(Object.entries({
      ...!this.call.bySdk && { Operation: this.call.operation },
      ClusterName: this.call.cluster.clusterRef.clusterArn,
      ...this.call.parameters,
      ...!this.call.bySdk && this.call.more,
    }).filter(([, value]) => value !== undefined));
  }
}
