/*
 * What task states, workflows and the remediation of nodes say to their Lambda function, and what it answers. The answers of the
 * four operations on nodes have the words of the service, with the lists that it leaves out as empty ones.
 */

/** What the function does. */
export type NodeOperation = 'ListNodes' | 'DescribeNode' | 'RebootNodes' | 'ReplaceNodes' | 'RepairStep' | 'RemediationStep';

/** How a node is repaired. */
export type RepairAction = 'Reboot' | 'Replace';

/** The types of events of SageMaker that a remediation listens to. */
export const NODE_HEALTH_EVENT = 'SageMaker HyperPod Cluster Node Health Event';
export const CLUSTER_STATE_EVENT = 'SageMaker HyperPod Cluster State Change';
export const CLUSTER_EVENT = 'SageMaker HyperPod Cluster Event';

/** The one name that the function has for errors of throttling, whatever the service calls them: state machines retry by name. */
export const THROTTLED = 'ThrottlingException';

/** The most nodes that one call of the service takes, over both lists of ids. */
export const MAX_NODES_PER_CALL = 25;

/** The most nodes that one run of a workflow takes: what it remembers of each has to fit into the 256 KB of a state's input. */
export const MAX_NODES_PER_RUN = 5000;

/** The most bytes of their ids, as JSON. 5000 ids of instances have 110,000. */
export const MAX_ID_BYTES_PER_RUN = 200_000;

/**
 * The most steps that one run is planned to take. Step Functions ends an execution with 25,000 events; a step of a repair makes 9 of
 * them, one of a remediation 11, and retries and the states around it make more.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_STEPS_PER_RUN = 1800;

/** Lists the nodes of a cluster. */
export interface ListNodesRequest {
  readonly Operation: 'ListNodes';
  readonly ClusterName: string;
  readonly InstanceGroupNameContains?: string;
  /** ISO 8601. */
  readonly CreationTimeAfter?: string;
  readonly CreationTimeBefore?: string;
  readonly IncludeNodeLogicalIds?: boolean;
}

/** Describes one node. */
export interface DescribeNodeRequest {
  readonly Operation: 'DescribeNode';
  readonly ClusterName: string;
  readonly NodeId?: string;
  readonly NodeLogicalId?: string;
}

/** Reboots or replaces at most 25 nodes. */
export interface ChangeNodesRequest {
  readonly Operation: 'RebootNodes' | 'ReplaceNodes';
  readonly ClusterName: string;
  readonly NodeIds?: readonly string[];
  readonly NodeLogicalIds?: readonly string[];
  /** Whether nodes that the service refused are an error. */
  readonly FailOnFailedNodes?: boolean;
}

/** Takes one step of the repair of any number of nodes. */
export interface RepairStepRequest {
  readonly Operation: 'RepairStep';
  readonly ClusterName: string;
  readonly Action: RepairAction;
  /** Instance ids, logical ids or both, where the first memo doesn't have them: workflows of earlier versions keep them beside it. */
  readonly Nodes?: readonly string[];
  readonly MaxAtOnce: number;
  readonly PollSeconds: number;
  /** How long one node may take. */
  readonly TimeoutSeconds: number;
  readonly RequirePatched: boolean;
  readonly FailOnFailedNodes: boolean;
  readonly ControllerGroups: readonly string[];
  /** What the last step returned, or the `Nodes` of the run. */
  readonly Memo: object;
}

/** The answer of a step of a repair. */
export interface RepairStepAnswer {
  readonly Done: boolean;
  /** How long to wait before the next step. */
  readonly WaitSeconds: number;
  readonly Memo: object;
  /** The nodes that have been repaired, by the ids that were given. Empty until the run is done: until then, the memo has them. */
  readonly Repaired: readonly string[];
  readonly Failed: readonly { readonly Node: string; readonly ErrorCode: string; readonly Message: string }[];
  /** Nodes that failed and that a state has no room to say more of, at the end of a run. */
  readonly FurtherFailed: readonly string[];
}

/** What becomes of a fault. */
export type FaultDecision = RepairAction | 'Leave' | 'Escalate';

/** A line of the decision table: the first whose text is in the reason or the recommendation of a fault decides. */
export interface FaultRule {
  readonly Contains: string;
  readonly Decision: FaultDecision;
}

/** When nodes may be touched: from a time of the day, in UTC, on some days of the week (0 is Sunday). */
export interface Window {
  readonly Days: readonly number[];
  readonly StartMinute: number;
  readonly Minutes: number;
}

/** What a remediation may do. Nothing of it changes while it runs. */
export interface RemediationPolicy {
  readonly DryRun: boolean;
  /** The user's lines. Those of the library come after them. */
  readonly Rules: readonly FaultRule[];
  readonly ControllerGroups: readonly string[];
  readonly MaxAtOnce: number;
  readonly MaxPercentAtOnce: number;
  readonly MaxPerDay: number;
  readonly MaxPercentPerDay: number;
  /** None: at any time. */
  readonly Windows: readonly Window[];
  readonly RequirePatched: boolean;
  readonly PollSeconds: number;
  readonly RebootTimeoutSeconds: number;
  readonly ReplaceTimeoutSeconds: number;
  /** How long a fault may wait for its turn. */
  readonly MaxDelaySeconds: number;
  /** A node that fails again within this time has the same fault. */
  readonly RecurrenceSeconds: number;
  /**
   * How old the last report of a fault may be when something is done about it, less the time outside of windows. Executions of before
   * it was there don't have it.
   */
  readonly MaxFaultAgeSeconds?: number;
}

/** Takes one step of the remediation of the node that an event is about. */
export interface RemediationStepRequest {
  readonly Operation: 'RemediationStep';
  readonly ClusterName: string;
  readonly Policy: RemediationPolicy;
  /** Who holds the claim on the node: the ARN of the execution. */
  readonly Execution: string;
  /** The event as EventBridge delivered it. */
  readonly Event: unknown;
  readonly Memo: object;
}

/** What a notice is about. */
export type NoticeKind = 'Started' | 'Repaired' | 'Deferred' | 'Refused' | 'Left' | 'Escalated' | 'DryRun' | 'Ended';

/** A notice about a node, which goes to EventBridge and Amazon SNS. */
export interface Notice {
  readonly Kind: NoticeKind;
  /** A word for programs: `LimitPerDay`. */
  readonly Reason: string;
  /** A sentence for people. */
  readonly Message: string;
  readonly ClusterName: string;
  readonly InstanceGroupName: string;
  readonly InstanceId: string;
  readonly NodeLogicalId: string;
  readonly Action: string;
  readonly Fault: string;
}

/** The answer of a step of a remediation. */
export interface RemediationStepAnswer {
  readonly Done: boolean;
  readonly WaitSeconds: number;
  readonly Memo: object;
  /** What became of the event, once it is done. */
  readonly Outcome: string;
  readonly HasNotice: boolean;
  readonly Notice?: Notice;
}

/** Everything that the function is asked. */
export type NodeOperationRequest
  = ListNodesRequest | DescribeNodeRequest | ChangeNodesRequest | RepairStepRequest | RemediationStepRequest;

/** The environment variable with the name of the table that a remediation keeps its state in. */
export const STATE_TABLE_VARIABLE = 'STATE_TABLE';
/** The environment variables with the claim on the cluster: the path of its parameters, and who asks for it. */
export const CLAIM_PATH_VARIABLE = 'CLAIM_PATH';
export const CLAIM_STACK_VARIABLE = 'CLAIM_STACK';
export const CLAIM_RESOURCE_VARIABLE = 'CLAIM_RESOURCE';
/** The key of that table. */
export const STATE_KEY = 'id';
/** When DynamoDB may forget an item: seconds since 1970. */
export const STATE_EXPIRY = 'expires';
