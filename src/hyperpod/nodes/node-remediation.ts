import { Duration, RemovalPolicy, Resource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { RemediationMode, type FaultRule, type MaintenanceWindow, type RemediationLimits } from './vocabulary/node-remediation-policy';
import {
  CLUSTER_EVENT, CLUSTER_STATE_EVENT, NODE_HEALTH_EVENT, STATE_EXPIRY, STATE_KEY, STATE_TABLE_VARIABLE, type Notice, type RemediationPolicy,
  type RemediationStepRequest,
} from '../../private/contracts/node-operations';
import { HandlerFunction } from '../../private/handlers/handler-function';
import { checked } from '../../private/inputs/checked';
import { isElsewhere } from '../../private/places';
import { Problems, isConcrete, warn } from '../../private/problems';
import { ClusterClaim, findTwins, noteRemediation } from '../private/checks/remediation-claim';
import { checkCount, checkMemory, checkPercent, checkWaits, checkWindows, renderWindow } from '../private/checks/remediation-policy';
import type { CapacityHolder } from '../private/checks/shortages';
import { NODE_REBOOT_ACTIONS, NODE_REPLACE_ACTIONS, REMEDIATION_READ_ACTIONS } from '../private/facts/perms';
import { RULES } from '../private/rules';

/** How notices are told from other events. */
const NOTICE_SOURCE = 'cdk-hpc-clusters.hyperpod';
const NOTICE_TYPE = 'HyperPod Node Remediation';

/** Properties of the remediation of nodes. */
export interface NodeRemediationProps {
  /** The cluster, in the account and Region of the stack. */
  readonly cluster: sagemaker.IClusterRef;

  /**
   * Whether nodes are touched, or only told about.
   *
   * A reboot stops jobs, and a replacement destroys all volumes of a node: look at what it would do for a while, then let it.
   *
   * @default RemediationMode.REPORT
   */
  readonly mode?: RemediationMode;

  /**
   * Lines of the decision table. The first that matches decides; the library's own lines come after them:
   *
   * | the event says | the node is |
   * |---|---|
   * | `NvidiaErrorTerminate` | replaced |
   * | `NvidiaErrorReboot` | rebooted |
   * | `XidUserAppError` | left |
   * | `XidHardwareFailure` | rebooted |
   * | `Please Replace` | replaced |
   * | `Please Reboot` | rebooted |
   * | anything else | escalated |
   *
   * @default - the library's lines only
   */
  readonly faultRules?: FaultRule[];

  /**
   * How many nodes of one instance group may be touched.
   *
   * @default - one at once, five a day, and never more than 10 percent at once or 25 percent a day, but for a single node
   */
  readonly limits?: RemediationLimits;

  /**
   * When nodes may be touched. Faults at other times wait.
   *
   * @default - at any time
   */
  readonly maintenanceWindows?: MaintenanceWindow[];

  /**
   * Instance groups that hold the Slurm controller, which is never touched, where the cluster doesn't say it, as older clusters
   * don't. Without them nothing of such a cluster is touched.
   *
   * @default - what the cluster says
   */
  readonly controllerGroups?: string[];

  /**
   * Whether to refuse to replace nodes of a cluster none of whose nodes says that its software was ever updated: the service
   * replaces nodes only after `UpdateClusterSoftware` has patched the cluster once.
   *
   * @default true
   */
  readonly requirePatched?: boolean;

  /**
   * Where notices go besides EventBridge. The state machine may use the key of an encrypted topic where the topic knows it; an imported
   * topic doesn't, and needs a key policy that lets the role of the state machine have `kms:Decrypt` and `kms:GenerateDataKey*`.
   *
   * @default - to EventBridge only
   */
  readonly topic?: sns.ITopicRef;

  /**
   * The bus that notices are put on.
   *
   * @default - the default bus of the account
   */
  readonly eventBus?: events.IEventBus;

  /**
   * How often a node under repair is looked at, at least a minute.
   *
   * @default Duration.minutes(5)
   */
  readonly pollInterval?: Duration;

  /**
   * How long a rebooted node may take until it runs again. It is replaced then.
   *
   * @default Duration.minutes(30)
   */
  readonly rebootTimeout?: Duration;

  /**
   * How long a replacement may take: 20 to 30 minutes as a rule. It is escalated then.
   *
   * @default Duration.minutes(90)
   */
  readonly replaceTimeout?: Duration;

  /**
   * How long a fault may wait for its turn: for a window, for other repairs, for a cluster that is being updated. At most 30 days.
   *
   * @default Duration.days(1), or 8 days with maintenance windows
   */
  readonly maxDelay?: Duration;

  /**
   * How old the last report of a fault may be when something is done about it. An older one is escalated: the node may be well by now,
   * and the API doesn't say how it is. So is a fault that comes more than an hour after it was reported. At most 30 days. Time in which no
   * maintenance window is open doesn't count: with a weekly window, a fault may be as old as `maxDelay`.
   *
   * A node whose status is `Failure` at that moment is broken, however old its fault. A node that recovers by itself is touched all the
   * same where its report of that never comes and its fault is younger than this: nothing that can be asked says that it is well.
   *
   * @default Duration.days(1)
   */
  readonly maxFaultAge?: Duration;

  /**
   * Within this time a fault of the same node is the same fault: a rebooted node is replaced, a replaced one is escalated, and what
   * was escalated isn't told again, unless the node was said to be well in between. At most 30 days.
   *
   * @default Duration.days(1)
   */
  readonly recurrenceWindow?: Duration;

  /**
   * The key that encrypts the table with the state.
   *
   * @default - a key that DynamoDB owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the table with the state, and of the queue with events that could not be handled, when the stack is deleted.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Repairs nodes of a HyperPod cluster by itself when HyperPod does not.
 *
 * It listens to the health events of nodes and to the events of the cluster, takes events of one fault together, and decides by a
 * table of documented reasons: reboot, replace, leave, escalate. A node is rebooted first, where the table doesn't say otherwise, and
 * replaced when it doesn't come back or the fault does; one that is broken after that is left to people. For one fault, a node is
 * replaced at most once. Nodes of clusters that don't provision continuously have nothing in common with what they replace: there,
 * a node that was launched after a replacement in its group, and breaks within the recurrence window, is left to people.
 *
 * By default it only reports: it puts a notice on EventBridge for each thing that it would do. `mode: RemediationMode.REPAIR` lets it
 * do so. Then too it refuses
 *
 * - what HyperPod repairs itself: it acts where the cluster's node recovery is `None`, or where the event says that the repair action
 *   is `None`;
 * - a Slurm controller, and every node of a Slurm cluster that doesn't say where its controller is;
 * - to replace a node of a cluster that `UpdateClusterSoftware` never patched;
 * - more nodes of a group than the limits allow, at once and on a day;
 * - to act outside of the maintenance windows: such faults wait;
 * - to act unless it holds the claim on the cluster, which is a parameter of Parameter Store. A remediation that takes the claim over
 *   from another one touches nothing until the next day (UTC), since it doesn't know how many nodes were touched, and leaves faults of
 *   before to people.
 *
 * Each action, refusal and end is a notice: an event of the source `cdk-hpc-clusters.hyperpod` with the detail type `HyperPod Node
 * Remediation` and the members `Kind` (`Started`, `Repaired`, `Deferred`, `Refused`, `Left`, `Escalated`, `DryRun`, `Ended`),
 * `Reason`, `Message`, `ClusterName`, `InstanceGroupName`, `InstanceId`, `NodeLogicalId`, `Action` and `Fault`; with a topic also a
 * message. Events that could not be handed over are in a queue.
 *
 * It costs nothing at rest: the table is paid by request, and the queue is empty. An event that needs nothing costs five state
 * transitions; a reboot of a quarter of an hour about 40, since the node is looked at each minute at first, a replacement of half an
 * hour about 35, each with a quarter as many short invocations: below a cent. The parameter with the claim costs nothing, and stays when
 * the stack is deleted.
 *
 * @resource AWS::StepFunctions::StateMachine
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 *
 * @example
 * declare const pod: hyperpod.ICluster;
 * new hyperpod.NodeRemediation(this, 'Remediation', {
 *   cluster: pod,
 *   mode: hyperpod.RemediationMode.REPAIR,
 *   limits: { maxNodesAtOnce: 2, maxNodesPerDay: 6 },
 *   faultRules: [{ contains: 'Xid 119', action: hyperpod.FaultAction.ESCALATE }],
 * });
 */
@propertyInjectable
@checked('hyperpod.NodeRemediation')
export class NodeRemediation extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.NodeRemediation';

  /** The state machine. An execution that fails is a fault that nobody looks after. */
  public readonly stateMachine: sfn.StateMachine;

  /** Events that could not be handed to the state machine. */
  public readonly deadLetterQueue: sqs.Queue;

  /** The rules that listen to events of the cluster. */
  public readonly rules: events.Rule[];

  private readonly cluster: sagemaker.IClusterRef;
  private readonly eventBus?: events.IEventBus;

  constructor(scope: Construct, id: string, props: NodeRemediationProps) {
    super(scope, id);
    const policy = this.validated(props);
    this.cluster = props.cluster;
    this.eventBus = props.eventBus;
    const { clusterArn } = props.cluster.clusterRef;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;

    const table = new dynamodb.Table(this, 'State', {
      partitionKey: { name: STATE_KEY, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: STATE_EXPIRY,
      encryptionKey: props.encryptionKey,
      removalPolicy,
    });
    const claim = policy.DryRun ? undefined : new ClusterClaim(this, clusterArn);
    const handler = HandlerFunction.own(this, 'Operations', 'nodeOperations', {
      description: 'Remediation of HyperPod nodes', environment: { [STATE_TABLE_VARIABLE]: table.tableName, ...claim?.environment },
    });
    handler.allow(REMEDIATION_READ_ACTIONS, [clusterArn]);
    if (claim) {
      handler.allow([...NODE_REBOOT_ACTIONS, ...NODE_REPLACE_ACTIONS], [clusterArn]);
      claim.grant(handler);
    }
    handler.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]);
    props.encryptionKey?.grantEncryptDecrypt(handler.function);

    this.stateMachine = new sfn.StateMachine(this, 'Resource', {
      definitionBody: sfn.DefinitionBody.fromChainable(this.workflow(props, policy, handler)),
      comment: 'Repairs HyperPod nodes by their health events',
    });
    if (props.topic) { sns.TopicGrants.fromTopic(props.topic).publish(this.stateMachine); } // the task asks for no key
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
    });
    this.rules = this.listen(clusterArn);
    if (claim) { // one that reports can stand beside it, such as a trial of another decision table
      noteRemediation(this, clusterArn);
      this.node.addValidation({ validate: () => findTwins(this) });
    }
  }

  /** Executions that failed: faults that nobody looks after. Sum over 5 minutes by default. */
  public metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricFailed(options);
  }

  /** Events that could not be handed over. Maximum over 5 minutes by default. */
  public metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  /**
   * A rule on the notices of this remediation.
   *
   * @param id The id of the rule
   * @param options A target, and more. The pattern is that of the notices; a pattern in the options narrows it
   */
  public onNotice(id: string, options: events.OnEventOptions = {}): events.Rule {
    const rule = new events.Rule(options.crossStackScope ?? this, id, {
      eventBus: this.eventBus,
      description: options.description,
      ruleName: options.ruleName,
      eventPattern: { source: [NOTICE_SOURCE], detailType: [NOTICE_TYPE], detail: { ClusterName: [this.cluster.clusterRef.clusterArn] } },
      targets: options.target ? [options.target] : undefined,
    });
    if (options.eventPattern) { rule.addEventPattern(options.eventPattern); }
    return rule;
  }

  private validated(props: NodeRemediationProps): RemediationPolicy {
    const {
      limits = {}, maintenanceWindows = [], faultRules = [], controllerGroups = [],
      pollInterval = Duration.minutes(5), rebootTimeout = Duration.minutes(30), replaceTimeout = Duration.minutes(90),
      maxDelay = maintenanceWindows.length > 0 ? Duration.days(8) : Duration.days(1), recurrenceWindow = Duration.days(1),
      maxFaultAge = Duration.days(1),
    } = props;
    const problems = new Problems();
    checkCount(problems, 'limits.maxNodesAtOnce', limits.maxNodesAtOnce);
    checkCount(problems, 'limits.maxNodesPerDay', limits.maxNodesPerDay);
    checkPercent(problems, 'limits.maxPercentAtOnce', limits.maxPercentAtOnce);
    checkPercent(problems, 'limits.maxPercentPerDay', limits.maxPercentPerDay);
    checkWaits(problems, pollInterval, { rebootTimeout, replaceTimeout, maxDelay, recurrenceWindow, maxFaultAge });
    checkMemory(problems, { maxDelay, recurrenceWindow, maxFaultAge });
    checkWindows(problems, maintenanceWindows);
    faultRules.forEach(({ contains }, index) => {
      if (isConcrete(contains) && contains.trim() === '') { problems.add(RULES.faultText, { property: `faultRules[${index}].contains`, got: contains }); }
    });
    if (isElsewhere(props.cluster.env, this)) { problems.add(RULES.remediationElsewhere, { property: 'cluster', got: props.cluster.env }); }
    problems.throwIfAny(this);
    if (props.mode === RemediationMode.REPAIR && (props.cluster as Partial<CapacityHolder>)._isRecovered) {
      warn(this, RULES.remediationRarelyActs, { property: 'cluster' });
    }
    return {
      DryRun: props.mode !== RemediationMode.REPAIR,
      Rules: faultRules.map(({ contains, action }) => ({ Contains: contains, Decision: action })),
      ControllerGroups: controllerGroups,
      MaxAtOnce: limits.maxNodesAtOnce ?? 1,
      MaxPercentAtOnce: limits.maxPercentAtOnce ?? 10,
      MaxPerDay: limits.maxNodesPerDay ?? 5,
      MaxPercentPerDay: limits.maxPercentPerDay ?? 25,
      Windows: maintenanceWindows.map(renderWindow),
      RequirePatched: props.requirePatched ?? true,
      PollSeconds: pollInterval.toSeconds(),
      RebootTimeoutSeconds: rebootTimeout.toSeconds(),
      ReplaceTimeoutSeconds: replaceTimeout.toSeconds(),
      MaxDelaySeconds: maxDelay.toSeconds(),
      RecurrenceSeconds: recurrenceWindow.toSeconds(),
      MaxFaultAgeSeconds: maxFaultAge.toSeconds(),
    };
  }

  /** Steps of the function, each followed by its notice and a pause, until it says that all is done. */
  private workflow(props: NodeRemediationProps, policy: RemediationPolicy, handler: HandlerFunction): sfn.IChainable {
    const request: Pick<RemediationStepRequest, 'Operation' | 'ClusterName' | 'Policy'> = {
      Operation: 'RemediationStep', ClusterName: props.cluster.clusterRef.clusterArn, Policy: policy,
    };
    const begin = new sfn.Pass(this, 'TakeEvent', {
      stateName: 'Take event', parameters: { Event: sfn.JsonPath.entirePayload, Step: { Memo: {} } },
    });
    const step = new tasks.LambdaInvoke(this, 'TakeStep', {
      stateName: 'Take step',
      lambdaFunction: handler.function,
      payloadResponseOnly: true,
      payload: sfn.TaskInput.fromObject({
        ...request,
        Execution: sfn.JsonPath.executionId,
        Event: sfn.JsonPath.objectAt('$.Event'),
        Memo: sfn.JsonPath.objectAt('$.Step.Memo'),
      }),
      resultPath: '$.Step',
      retryOnServiceExceptions: false,
    });
    // a step may be taken twice, since the state knows what was done; so it is worth a quarter of an hour of patience
    step.addRetry({
      errors: [sfn.Errors.ALL], interval: Duration.seconds(5), maxAttempts: 8, backoffRate: 2, maxDelay: Duration.minutes(5),
    });
    const broken: Notice = {
      Kind: 'Escalated',
      Reason: 'StepFailed',
      Message: sfn.JsonPath.format(
        'the remediation failed with {}, and looks after the fault of event {} no longer; see the execution {}',
        sfn.JsonPath.stringAt('$.Failure.Error'), sfn.JsonPath.stringAt('$.Event.id'), sfn.JsonPath.executionId,
      ),
      ClusterName: props.cluster.clusterRef.clusterArn,
      InstanceGroupName: '',
      InstanceId: '',
      NodeLogicalId: '',
      Action: 'Escalate',
      Fault: sfn.JsonPath.stringAt('$.Event.id'),
    };
    const failed = new sfn.Pass(this, 'Failed', {
      stateName: 'Failed', parameters: { Step: { Done: true, Outcome: 'Failed', HasNotice: true, Notice: broken } },
    });
    step.addCatch(failed, { resultPath: '$.Failure' });

    const finished = new sfn.Choice(this, 'Finished', { stateName: 'Finished?' });
    const pause = new sfn.Wait(this, 'Pause', { time: sfn.WaitTime.secondsPath('$.Step.WaitSeconds') });
    const end = new sfn.Pass(this, 'Done', { parameters: { Outcome: sfn.JsonPath.stringAt('$.Step.Outcome') } });
    const fail = new sfn.Fail(this, 'Fail', { error: 'StepFailed', cause: 'people have been told' });
    finished
      .when(sfn.Condition.stringEquals('$.Step.Outcome', 'Failed'), fail)
      .when(sfn.Condition.booleanEquals('$.Step.Done', true), end)
      .otherwise(pause.next(step));

    const patiently = { interval: Duration.seconds(5), maxAttempts: 8, backoffRate: 2, maxDelay: Duration.minutes(10) };
    const publish = new tasks.EventBridgePutEvents(this, 'PutNotice', {
      stateName: 'Put notice',
      entries: [{
        source: NOTICE_SOURCE, detailType: NOTICE_TYPE, eventBus: props.eventBus, detail: sfn.TaskInput.fromJsonPathAt('$.Step.Notice'),
      }],
      resultPath: sfn.JsonPath.DISCARD,
    });
    publish.addRetry(patiently);
    if (props.topic) {
      const send = new tasks.SnsPublish(this, 'SendNotice', {
        stateName: 'Send notice',
        topic: 'topicArn' in props.topic ? props.topic as sns.ITopic : sns.Topic.fromTopicArn(this, 'Topic', props.topic.topicRef.topicArn),
        subject: sfn.JsonPath.format('HyperPod node {}: {}', sfn.JsonPath.stringAt('$.Step.Notice.InstanceId'), sfn.JsonPath.stringAt('$.Step.Notice.Kind')),
        message: sfn.TaskInput.fromText(sfn.JsonPath.jsonToString(sfn.JsonPath.objectAt('$.Step.Notice'))),
        resultPath: sfn.JsonPath.DISCARD,
      });
      send.addRetry(patiently);
      publish.next(send);
      send.next(finished);
    } else {
      publish.next(finished);
    }
    const noticed = new sfn.Choice(this, 'Noteworthy', { stateName: 'Noteworthy?' })
      .when(sfn.Condition.booleanEquals('$.Step.HasNotice', true), publish)
      .otherwise(finished);
    failed.next(noticed);
    return begin.next(step).next(noticed);
  }

  /**
   * Rules for events that may be faults; the function decides. Scaling and the scripts of instances are left out where events say so: older
   * events have no level.
   */
  private listen(clusterArn: string): events.Rule[] {
    const patterns: Record<string, events.EventPattern> = {
      NodeHealth: { detailType: [NODE_HEALTH_EVENT], detail: { HealthSummary: { HealthStatus: ['Unhealthy', 'Healthy'] } } },
      ClusterEvents: {
        detailType: [CLUSTER_EVENT],
        detail: { EventDetails: { ResourceType: ['Instance'], EventLevel: ['Warn', 'Error', { exists: false }] } },
      },
      ClusterState: { detailType: [CLUSTER_STATE_EVENT], detail: { ClusterStatus: ['Failed'] } },
    };
    const role = new iam.Role(this, 'EventsRole', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
    return Object.entries(patterns).map(([id, pattern]) => new events.Rule(this, id, {
      eventPattern: { ...pattern, source: ['aws.sagemaker'], resources: [clusterArn] },
      targets: [new targets.SfnStateMachine(this.stateMachine, {
        role, deadLetterQueue: this.deadLetterQueue, maxEventAge: Duration.hours(6),
      })],
    }));
  }
}
