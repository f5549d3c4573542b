import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { ClusterNode, NodeList } from './vocabulary/node-list';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { checkNodeLists } from '../private/checks/node-lists';
import { checkNodeTimes } from '../private/checks/validation';
import { NODE_DESCRIBE_ACTIONS, NODE_LIST_ACTIONS, NODE_REBOOT_ACTIONS, NODE_REPLACE_ACTIONS } from '../private/facts/perms';
import { NodeTask, type NodeCall } from '../private/rendering/node-task';
import { RULES } from '../private/rules';

/**
 * What calls the service on behalf of a task state.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export enum NodeTaskIntegration {
  /** A Lambda function of this library: all pages, failed nodes as an error where wanted, one name for all kinds of throttling. */
  FUNCTION = 'FUNCTION',

  /**
   * Step Functions itself. It needs no function, but its catalogue of APIs is updated from time to time only: a state machine with
   * an action that it lacks is refused when it is deployed.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
   */
  AWS_SDK = 'AWS_SDK',
}

/** The most nodes that a page can have. */
const LARGEST_PAGE = 100;

/** What all operations on nodes have. */
interface NodeTaskOptions {
  /** The cluster: one of this library, or anything that has its ARN. */
  readonly cluster: sagemaker.IClusterRef;

  /**
   * What calls the service.
   *
   * @default NodeTaskIntegration.FUNCTION
   */
  readonly integration?: NodeTaskIntegration;
}

interface ListClusterNodesOptions extends NodeTaskOptions {
  /**
   * A part of the names of the instance groups whose nodes are listed.
   *
   * @default - those of all groups
   */
  readonly instanceGroupNameContains?: string;

  /**
   * List nodes that were created after a time: ISO 8601, or what a path or an expression stands for.
   *
   * @default - no earliest time
   */
  readonly createdAfter?: string;

  /**
   * List nodes that were created before a time: ISO 8601, or what a path or an expression stands for.
   *
   * @default - no latest time
   */
  readonly createdBefore?: string;

  /**
   * Whether to list logical ids, and with them nodes that wait for an instance. Only clusters that provision continuously have them.
   *
   * @default false
   */
  readonly includeNodeLogicalIds?: boolean;
}

interface DescribeClusterNodeOptions extends NodeTaskOptions {
  /** The node. */
  readonly node: ClusterNode;
}

interface ChangeClusterNodesOptions extends NodeTaskOptions {
  /**
   * The nodes, by the ids of their instances. At most 25 together with `nodeLogicalIds`.
   *
   * @default - only `nodeLogicalIds`, one of the two is needed
   */
  readonly nodeIds?: NodeList;

  /**
   * The nodes, by their logical ids. At most 25 together with `nodeIds`. Only clusters that provision continuously have them.
   *
   * @default - only `nodeIds`, one of the two is needed
   */
  readonly nodeLogicalIds?: NodeList;

  /**
   * Whether nodes that the service refuses end the state with the error `NodesFailed`, whose cause lists them. Those that it took
   * are under way nevertheless.
   *
   * @default false, they are in the result
   */
  readonly failOnFailedNodes?: boolean;
}

/** A state that calls an operation on nodes. */
abstract class NodeTaskBase extends sfn.TaskStateBase {
  protected readonly taskMetrics?: sfn.TaskMetricsConfig;
  protected readonly taskPolicies?: iam.PolicyStatement[];
  private readonly task: NodeTask;

  constructor(scope: Construct, id: string, props: sfn.TaskStateBaseProps, callOf: (state: Construct) => NodeCall) {
    super(scope, id, props);
    this.task = new NodeTask(this, props, callOf(this));
    this.taskPolicies = this.task.policies;
  }

  /** @internal */
  protected _renderTask(topLevelQueryLanguage?: sfn.QueryLanguage): any {
    const language = this.task.language(topLevelQueryLanguage);
    return { Resource: this.task.resource, ...this._renderParametersOrArguments(this.task.parameters(language), language) };
  }
}

/** Properties of a state that lists the nodes of a cluster, whose query language is JSONPath. */
export interface ListClusterNodesJsonPathProps extends sfn.TaskStateJsonPathBaseProps, ListClusterNodesOptions {}

/** Properties of a state that lists the nodes of a cluster, whose query language is JSONata. */
export interface ListClusterNodesJsonataProps extends sfn.TaskStateJsonataBaseProps, ListClusterNodesOptions {}

/** Properties of a state that lists the nodes of a cluster. */
export interface ListClusterNodesProps extends sfn.TaskStateBaseProps, ListClusterNodesOptions {}

/**
 * Lists the nodes of a cluster, from all pages.
 *
 * The result is `{ "ClusterNodeSummaries": [...] }`, in the words of the API, times as ISO 8601. More nodes than a state can
 * carry, some hundred, end with the error `TooManyNodes`: list them by group or by time.
 *
 * By default a small Lambda function of the stack calls the service (see `HandlerDefaults`); throttling and failures of Lambda
 * are retried. The SDK integration answers with one page of at most 100 nodes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListClusterNodes.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * new sfn.StateMachine(this, 'Nodes', {
 *   definitionBody: sfn.DefinitionBody.fromChainable(
 *     hyperpod.ListClusterNodes.jsonPath(this, 'List', { cluster: pod, instanceGroupNameContains: 'workers' })),
 * });
 */
@propertyInjectable
@checked('hyperpod.ListClusterNodes')
export class ListClusterNodes extends NodeTaskBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ListClusterNodes';

  /** A state whose query language is JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: ListClusterNodesJsonPathProps): ListClusterNodes {
    return new ListClusterNodes(scope, id, props);
  }

  /** A state whose query language is JSONata. */
  public static jsonata(scope: Construct, id: string, props: ListClusterNodesJsonataProps): ListClusterNodes {
    return new ListClusterNodes(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  constructor(scope: Construct, id: string, props: ListClusterNodesProps) {
    super(scope, id, props, state => listCall(state, props));
  }
}

/** Properties of a state that describes a node of a cluster, whose query language is JSONPath. */
export interface DescribeClusterNodeJsonPathProps extends sfn.TaskStateJsonPathBaseProps, DescribeClusterNodeOptions {}

/** Properties of a state that describes a node of a cluster, whose query language is JSONata. */
export interface DescribeClusterNodeJsonataProps extends sfn.TaskStateJsonataBaseProps, DescribeClusterNodeOptions {}

/** Properties of a state that describes a node of a cluster. */
export interface DescribeClusterNodeProps extends sfn.TaskStateBaseProps, DescribeClusterNodeOptions {}

/**
 * Describes one node of a cluster.
 *
 * The result is `{ "NodeDetails": {...} }`, in the words of the API, times as ISO 8601. A node that isn't there is the error
 * `ResourceNotFound`.
 *
 * By default a small Lambda function of the stack calls the service (see `HandlerDefaults`); throttling and failures of Lambda
 * are retried.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeClusterNode.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * hyperpod.DescribeClusterNode.jsonata(this, 'Describe', {
 *   cluster: pod,
 *   node: hyperpod.ClusterNode.ofInstanceId('{% $states.input.instanceId %}'),
 * });
 */
@propertyInjectable
@checked('hyperpod.DescribeClusterNode')
export class DescribeClusterNode extends NodeTaskBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.DescribeClusterNode';

  /** A state whose query language is JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: DescribeClusterNodeJsonPathProps): DescribeClusterNode {
    return new DescribeClusterNode(scope, id, props);
  }

  /** A state whose query language is JSONata. */
  public static jsonata(scope: Construct, id: string, props: DescribeClusterNodeJsonataProps): DescribeClusterNode {
    return new DescribeClusterNode(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  constructor(scope: Construct, id: string, props: DescribeClusterNodeProps) {
    super(scope, id, props, () => ({
      cluster: props.cluster,
      operation: 'DescribeNode',
      action: 'DescribeClusterNode',
      bySdk: props.integration === NodeTaskIntegration.AWS_SDK,
      permissions: NODE_DESCRIBE_ACTIONS,
      repeatable: true,
      parameters: { [props.node._idKind]: props.node._id },
    }));
  }
}

/** Properties of a state that reboots nodes of a cluster, whose query language is JSONPath. */
export interface RebootClusterNodesJsonPathProps extends sfn.TaskStateJsonPathBaseProps, ChangeClusterNodesOptions {}

/** Properties of a state that reboots nodes of a cluster, whose query language is JSONata. */
export interface RebootClusterNodesJsonataProps extends sfn.TaskStateJsonataBaseProps, ChangeClusterNodesOptions {}

/** Properties of a state that reboots nodes of a cluster. */
export interface RebootClusterNodesProps extends sfn.TaskStateBaseProps, ChangeClusterNodesOptions {}

/**
 * Reboots up to 25 nodes of a cluster: what runs on them is stopped, instances and volumes stay.
 *
 * The service answers when it has begun, not when the nodes are well again: `NodeRepair` waits for that, and takes any number of
 * nodes. The result has the lists `Successful`, `Failed`, `SuccessfulNodeLogicalIds` and `FailedNodeLogicalIds`, in the words of
 * the API. Codes of failed nodes are `InstanceIdNotFound`, `InvalidInstanceStatus`, `InstanceIdInUse` and `InternalServerError`;
 * all but the first may work later.
 *
 * By default a small Lambda function of the stack calls the service (see `HandlerDefaults`). Throttling is retried; a call whose
 * answer was lost is not, since it may have happened.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BatchRebootClusterNodes.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * hyperpod.RebootClusterNodes.jsonPath(this, 'Reboot', {
 *   cluster: pod,
 *   nodeIds: hyperpod.NodeList.fromJsonPathAt('$.instanceIds'),
 *   failOnFailedNodes: true,
 * });
 */
@propertyInjectable
@checked('hyperpod.RebootClusterNodes')
export class RebootClusterNodes extends NodeTaskBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.RebootClusterNodes';

  /** A state whose query language is JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: RebootClusterNodesJsonPathProps): RebootClusterNodes {
    return new RebootClusterNodes(scope, id, props);
  }

  /** A state whose query language is JSONata. */
  public static jsonata(scope: Construct, id: string, props: RebootClusterNodesJsonataProps): RebootClusterNodes {
    return new RebootClusterNodes(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  constructor(scope: Construct, id: string, props: RebootClusterNodesProps) {
    super(scope, id, props, state => changeCall(state, 'RebootNodes', props, NODE_REBOOT_ACTIONS));
  }
}

/** Properties of a state that replaces nodes of a cluster, whose query language is JSONPath. */
export interface ReplaceClusterNodesJsonPathProps extends sfn.TaskStateJsonPathBaseProps, ChangeClusterNodesOptions {}

/** Properties of a state that replaces nodes of a cluster, whose query language is JSONata. */
export interface ReplaceClusterNodesJsonataProps extends sfn.TaskStateJsonataBaseProps, ChangeClusterNodesOptions {}

/** Properties of a state that replaces nodes of a cluster. */
export interface ReplaceClusterNodesProps extends sfn.TaskStateBaseProps, ChangeClusterNodesOptions {}

/**
 * Replaces up to 25 nodes of a cluster by new instances. All volumes of the old ones, and all data on them, are lost for good.
 *
 * The cluster must be `InService` and its software must have been updated once by `UpdateClusterSoftware`; a Slurm controller can't be
 * replaced. `NodeRepair` checks all of it first.
 *
 * The service answers when it has begun, not when the nodes are well again: `NodeRepair` waits for that, and takes any number of
 * nodes. The result has the lists `Successful`, `Failed`, `SuccessfulNodeLogicalIds` and `FailedNodeLogicalIds`, in the words of
 * the API. Codes of failed nodes are `InstanceIdNotFound`, `InvalidInstanceStatus`, `InstanceIdInUse` and `InternalServerError`;
 * all but the first may work later.
 *
 * By default a small Lambda function of the stack calls the service (see `HandlerDefaults`). Throttling is retried; a call whose
 * answer was lost is not, since it may have happened.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BatchReplaceClusterNodes.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * hyperpod.ReplaceClusterNodes.jsonPath(this, 'Replace', {
 *   cluster: pod,
 *   nodeLogicalIds: hyperpod.NodeList.fromJsonPathAt('$.logicalIds'),
 * });
 */
@propertyInjectable
@checked('hyperpod.ReplaceClusterNodes')
export class ReplaceClusterNodes extends NodeTaskBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ReplaceClusterNodes';

  /** A state whose query language is JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: ReplaceClusterNodesJsonPathProps): ReplaceClusterNodes {
    return new ReplaceClusterNodes(scope, id, props);
  }

  /** A state whose query language is JSONata. */
  public static jsonata(scope: Construct, id: string, props: ReplaceClusterNodesJsonataProps): ReplaceClusterNodes {
    return new ReplaceClusterNodes(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  constructor(scope: Construct, id: string, props: ReplaceClusterNodesProps) {
    super(scope, id, props, state => changeCall(state, 'ReplaceNodes', props, NODE_REPLACE_ACTIONS));
  }
}

function listCall(scope: Construct, props: ListClusterNodesOptions): NodeCall {
  const problems = new Problems();
  checkNodeTimes(problems, { createdAfter: literal(props.createdAfter), createdBefore: literal(props.createdBefore) });
  problems.throwIfAny(scope);
  const bySdk = props.integration === NodeTaskIntegration.AWS_SDK;
  return {
    cluster: props.cluster,
    operation: 'ListNodes',
    action: 'ListClusterNodes',
    bySdk,
    permissions: NODE_LIST_ACTIONS,
    repeatable: true,
    parameters: {
      InstanceGroupNameContains: props.instanceGroupNameContains,
      CreationTimeAfter: props.createdAfter,
      CreationTimeBefore: props.createdBefore,
      IncludeNodeLogicalIds: props.includeNodeLogicalIds,
      MaxResults: bySdk ? LARGEST_PAGE : undefined,
    },
  };
}

function changeCall(scope: Construct, operation: 'RebootNodes' | 'ReplaceNodes', props: ChangeClusterNodesOptions, permissions: string[]): NodeCall {
  const { nodeIds, nodeLogicalIds, failOnFailedNodes } = props;
  const bySdk = props.integration === NodeTaskIntegration.AWS_SDK;
  const problems = new Problems();
  checkNodeLists(problems, { nodeIds, nodeLogicalIds });
  if (failOnFailedNodes && bySdk) { problems.add(RULES.failedNodesBySdk, { property: 'failOnFailedNodes' }); }
  problems.throwIfAny(scope);
  return {
    cluster: props.cluster,
    operation,
    action: operation === 'RebootNodes' ? 'BatchRebootClusterNodes' : 'BatchReplaceClusterNodes',
    bySdk,
    permissions,
    repeatable: false,
    parameters: { NodeIds: nodeIds?._ids, NodeLogicalIds: nodeLogicalIds?._ids },
    more: { FailOnFailedNodes: failOnFailedNodes },
    lists: [nodeIds, nodeLogicalIds].filter(list => list !== undefined),
  };
}

/** A text that isn't an expression of JSONata. */
function literal(text: string | undefined): string | undefined {
  return text?.startsWith('{%') ? undefined : text;
}
