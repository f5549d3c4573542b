import { Duration } from 'aws-cdk-lib';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { NodeList } from './vocabulary/node-list';
import {
  MAX_ID_BYTES_PER_RUN, MAX_NODES_PER_RUN, THROTTLED, type RepairAction, type RepairStepRequest,
} from '../../private/contracts/node-operations';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { checked } from '../../private/inputs/checked';
import { Problems, fail } from '../../private/problems';
import { checkMixedNodes } from '../private/checks/node-lists';
import { checkCount, checkWaits } from '../private/checks/remediation-policy';
import { NODE_REBOOT_ACTIONS, NODE_REPLACE_ACTIONS, NODE_WATCH_ACTIONS } from '../private/facts/perms';
import { RULES } from '../private/rules';

/** Properties of the repair of nodes, whatever is done to them. */
interface NodeRepairOptions {
  /** The cluster: one of this library, or anything that has its ARN. */
  readonly cluster: sagemaker.IClusterRef;

  /**
   * The nodes: ids of instances, logical ids or both, at most 5000. A list that is known at synthesis, or that is at a path of the
   * input. What a run remembers of them has to fit into a state: thousands of logical ids of more than 20 characters are refused when
   * the run begins.
   */
  readonly nodes: NodeList;

  /**
   * How many nodes may be under repair at once. The others wait.
   *
   * @default 25, as many as one request takes
   */
  readonly maxNodesAtOnce?: number;

  /**
   * How often nodes are looked at. Each look costs three state transitions and a short invocation.
   *
   * Where so many nodes go one after the other that Step Functions would end the run, for an execution has 25,000 events at most,
   * nodes are looked at less often: every 50 minutes in the replacement of 1000 nodes one by one.
   *
   * @default Duration.minutes(2)
   */
  readonly pollInterval?: Duration;

  /**
   * Whether the workflow fails when a node could not be repaired, once all the others are done.
   *
   * @default false, such nodes are in `Failed`
   */
  readonly failOnFailedNodes?: boolean;

  /**
   * Instance groups that hold the Slurm controller, where the cluster doesn't say it, as older clusters don't. Their nodes are
   * refused.
   *
   * @default - what the cluster says
   */
  readonly controllerGroups?: string[];
}

/** Properties of a reboot of nodes. */
export interface NodeRepairRebootProps extends NodeRepairOptions {
  /**
   * How long one node may take until it runs again.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

/** Properties of a replacement of nodes. */
export interface NodeRepairReplaceProps extends NodeRepairOptions {
  /**
   * How long one node may take until another instance runs in its place: 20 to 30 minutes as a rule, more where capacity is scarce.
   *
   * @default Duration.minutes(90)
   */
  readonly timeout?: Duration;

  /**
   * Whether to refuse a cluster none of whose nodes says that its software was ever updated: the service replaces nodes only after
   * `UpdateClusterSoftware` has patched the cluster once.
   *
   * @default true
   */
  readonly requirePatched?: boolean;
}

/**
 * A workflow that repairs any number of nodes of a cluster and waits until they are well: a part of a state machine whose query
 * language is JSONPath.
 *
 * It looks at nodes before it touches them, sends at most 25 with one request and as many at once as you allow, tries those again
 * that are in use or that the service had a problem with, and gives up on those that aren't there. A reboot is done when the node
 * runs again; a replacement when another instance runs under the same logical id, or, on clusters that don't provision continuously,
 * when the group is whole again without the old one. A node that takes longer than the timeout is a failed one.
 *
 * Before it begins, the cluster has to be `InService` and no node may be a Slurm controller; a replacement also needs a cluster
 * that was patched once. Otherwise it ends with the error `PreconditionFailed`, whose cause names what is missing.
 *
 * Its output, in the place of the input, is
 * `{ "Repaired": [ids], "Failed": [{ "Node", "ErrorCode", "Message" }], "FurtherFailed": [ids] }`. Messages are cut where a
 * state has no room for them; where more than about 1500 nodes failed, `FurtherFailed` names the last ones without saying why. Use
 * `toSingleState()` to keep the input, or to catch errors.
 *
 * It costs nothing at rest; a replacement of half an hour costs about 50 state transitions and 16 short invocations of a function,
 * however many nodes it is about.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-manual.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * const replace = hyperpod.NodeRepair.replace(this, 'Replace', {
 *   cluster: pod,
 *   nodes: hyperpod.NodeList.fromJsonPathAt('$.nodes'),
 *   maxNodesAtOnce: 4,
 * });
 * new sfn.StateMachine(this, 'ReplaceNodes', { definitionBody: sfn.DefinitionBody.fromChainable(replace) });
 */
@checked('hyperpod.NodeRepair')
export class NodeRepair extends sfn.StateMachineFragment {
  /** Reboots nodes: what runs on them is stopped, instances and volumes stay. */
  public static reboot(scope: Construct, id: string, props: NodeRepairRebootProps): NodeRepair {
    return new NodeRepair(scope, id, 'Reboot', { ...props, timeout: props.timeout ?? Duration.minutes(30) });
  }

  /** Replaces nodes by new instances. All volumes of the old ones, and all data on them, are lost for good. */
  public static replace(scope: Construct, id: string, props: NodeRepairReplaceProps): NodeRepair {
    return new NodeRepair(scope, id, 'Replace', { ...props, timeout: props.timeout ?? Duration.minutes(90) });
  }

  public readonly startState: sfn.State;
  public readonly endStates: sfn.INextable[];

  private constructor(scope: Construct, id: string, action: RepairAction, props: NodeRepairReplaceProps & { readonly timeout: Duration }) {
    super(scope, id);
    const { cluster, nodes, timeout, maxNodesAtOnce = 25, pollInterval = Duration.minutes(2) } = props;
    const problems = new Problems();
    if (nodes._language === 'JSONata') { fail(this, RULES.nodeListLanguage, { property: 'nodes', got: 'JSONata' }); }
    const [count, bytes] = [nodes._known.length, JSON.stringify(nodes._known).length];
    if (nodes._isKnown && !(count >= 1 && count <= MAX_NODES_PER_RUN && bytes <= MAX_ID_BYTES_PER_RUN)) {
      problems.add(RULES.nodesPerRun, { property: 'nodes', got: `${count} nodes, ids of ${bytes} bytes` });
    }
    checkMixedNodes(problems, 'nodes', nodes);
    checkCount(problems, 'maxNodesAtOnce', maxNodesAtOnce);
    checkWaits(problems, pollInterval, { timeout });
    problems.throwIfAny(this);

    const { clusterArn } = cluster.clusterRef;
    const handler = HandlerFunction.for(this, 'nodeOperations');
    handler.allow(NODE_WATCH_ACTIONS, [clusterArn]);
    handler.allow(action === 'Reboot' ? NODE_REBOOT_ACTIONS : NODE_REPLACE_ACTIONS, [clusterArn]);

    const request: Omit<RepairStepRequest, 'Nodes' | 'Memo'> = {
      Operation: 'RepairStep',
      ClusterName: clusterArn,
      Action: action,
      MaxAtOnce: maxNodesAtOnce,
      PollSeconds: pollInterval.toSeconds(),
      TimeoutSeconds: timeout.toSeconds(),
      RequirePatched: props.requirePatched ?? true,
      FailOnFailedNodes: props.failOnFailedNodes ?? false,
      ControllerGroups: props.controllerGroups ?? [],
    };
    const begin = new sfn.Pass(this, 'Begin', { stateName: this.name('begin'), parameters: { Step: { Memo: { Nodes: nodes._ids } } } });
    const step = new tasks.LambdaInvoke(this, 'Step', {
      stateName: this.name(action.toLowerCase()),
      lambdaFunction: handler.function,
      payloadResponseOnly: true,
      payload: sfn.TaskInput.fromObject({ ...request, Memo: sfn.JsonPath.objectAt('$.Step.Memo') }),
      resultPath: '$.Step',
      retryOnServiceExceptions: true, // a step may be taken twice: it asks by instances, and an instance is replaced only once
    });
    step.addRetry({ errors: [THROTTLED, 'Lambda.TooManyRequestsException'], interval: Duration.seconds(5), maxAttempts: 8, backoffRate: 2 });
    const pause = new sfn.Wait(this, 'Wait', { stateName: this.name('wait'), time: sfn.WaitTime.secondsPath('$.Step.WaitSeconds') });
    const result = new sfn.Pass(this, 'Result', {
      stateName: this.name('result'),
      parameters: { Repaired: sfn.JsonPath.listAt('$.Step.Repaired'), Failed: sfn.JsonPath.objectAt('$.Step.Failed'), FurtherFailed: sfn.JsonPath.listAt('$.Step.FurtherFailed') },
    });
    const done = new sfn.Choice(this, 'Done', { stateName: this.name('done?') })
      .when(sfn.Condition.booleanEquals('$.Step.Done', true), result)
      .otherwise(pause.next(step));
    this.startState = begin;
    begin.next(step).next(done);
    this.endStates = [result];
  }

  /** States of one state machine need different names, also where it has several repairs. */
  private name(part: string): string {
    return `${this.node.id}: ${part}`;
  }
}
