import type {
  BatchRebootClusterNodesResponse, ClusterNodeDetails, ClusterNodeSummary, DescribeClusterResponse, EventMetadata, ListClusterNodesRequest,
} from '@aws-sdk/client-sagemaker';

/** A cluster as the service describes it. */
export type ClusterDescription = DescribeClusterResponse;
/** A node in a list. */
export type NodeSummary = ClusterNodeSummary;
/** A node as the service describes it. */
export type NodeDetails = ClusterNodeDetails;
/** Which nodes are listed. */
export type NodeFilter = Pick<
  ListClusterNodesRequest, 'InstanceGroupNameContains' | 'CreationTimeAfter' | 'CreationTimeBefore' | 'IncludeNodeLogicalIds'
>;
/** What an event says in detail. */
export type { EventMetadata };

/** A node by one of its ids. */
export type NodeName = { readonly NodeId: string } | { readonly NodeLogicalId: string };

/** Nodes by their ids: at least one, at most 25 in sum. */
export interface NodeNames {
  readonly NodeIds?: readonly string[];
  readonly NodeLogicalIds?: readonly string[];
}

/** What became of each node of a call. Replacing answers with the same words as rebooting. */
export type BatchOutcome = BatchRebootClusterNodesResponse;

/**
 * The operations on nodes. Reads are repeated by the client until they are answered. A change is sent once: one whose answer is
 * lost may have happened.
 */
export interface NodeService {
  describeCluster(cluster: string, signal: AbortSignal): Promise<ClusterDescription>;
  describeNode(cluster: string, node: NodeName, signal: AbortSignal): Promise<NodeDetails>;
  /** The nodes from all pages. */
  listNodes(cluster: string, filter: NodeFilter, signal: AbortSignal): Promise<NodeSummary[]>;
  describeEvent(cluster: string, eventId: string, signal: AbortSignal): Promise<EventMetadata | undefined>;
  rebootNodes(cluster: string, nodes: NodeNames, signal: AbortSignal): Promise<BatchOutcome>;
  replaceNodes(cluster: string, nodes: NodeNames, signal: AbortSignal): Promise<BatchOutcome>;
}

/** An item of the state of a remediation. Versions count its writes. */
export interface Versioned {
  readonly version: number;
  readonly json: string;
}

/** Where a remediation keeps its state. */
export interface StateStore {
  /** The item as it is after all writes that have been answered. */
  read(id: string): Promise<Versioned | undefined>;
  /** Writes an item where its version is still this one, 0 for one that isn't there; whether it did. */
  write(id: string, expectedVersion: number, json: string, expires: number): Promise<boolean>;
  /** Waits before a write is tried again. Real time where it isn't there. */
  pause?(milliseconds: number): Promise<void>;
}

/** Who may touch the nodes of the cluster: one remediation of the account and Region. */
export interface ClusterClaim {
  hold(): Promise<ClaimAnswer>;
}

/** What asking for the claim came to. */
export type ClaimAnswer
  = {
    readonly state: 'Held';
    /** When it was taken over from another remediation, which may have touched nodes on that day. Milliseconds since 1970. */
    readonly takenOverAt?: number;
  }
    /** Another remediation has it, whose stack still contains it. */
    | { readonly state: 'Other'; readonly message: string }
    /** Nobody knows who has it: for now, or until somebody mends it. */
    | { readonly state: 'Unknown'; readonly message: string; readonly later: boolean };
