import { Fn, Stack } from 'aws-cdk-lib';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { ClusterNodesOutput } from './vocabulary/cluster-nodes-output';
import { nodeSeparator, type NodeField, type NodesField, type NodesInput } from '../../private/contracts/hyperpod-lookup';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems, isConcrete } from '../../private/problems';
import { checkNodesQuestion } from '../private/checks/validation';
import { CLUSTER_NODES_LOOKUP_ACTIONS } from '../private/facts/perms';

/** Properties of a look-up of nodes. */
export interface ClusterNodesLookupProps {
  /**
   * The cluster, in the account and Region of the stack.
   *
   * Where its ARN is known only at deployment, the look-up function may list the nodes of every cluster of the account and Region.
   */
  readonly cluster: sagemaker.IClusterRef;

  /**
   * The instance group whose nodes are read.
   *
   * @default - all
   */
  readonly instanceGroupName?: string;

  /**
   * Only nodes that were created after this time, in ISO 8601: `2026-11-22T08:00:00Z`.
   *
   * @default - all
   */
  readonly createdAfter?: string;

  /**
   * Only nodes that were created before this time, in ISO 8601.
   *
   * @default - all
   */
  readonly createdBefore?: string;

  /**
   * Whether nodes count that have no instance yet.
   *
   * @default false
   */
  readonly includePending?: boolean;

  /**
   * Where the full list is written to besides.
   *
   * @default - it isn't; attributes have room for about 3000 bytes in sum, which 140 instance ids take
   */
  readonly output?: ClusterNodesOutput;

  /**
   * Any text. Another one makes the next deployment read the nodes again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment. A replaced
   * node doesn't change anything about it.
   *
   * @default - read again only when the cluster, the filters, the output or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads the nodes of a cluster at deploy time.
 *
 * The attributes are lists, with the nodes in the same order in each: by instance group, then by age, then by id. Those are read
 * that are used somewhere in the app. Where they take more than about 3000 bytes in sum, the deployment fails and says how many
 * there are: use fewer attributes, read one instance group, or have the full list written by `output`. Deleting a look-up deletes
 * nothing else, and leaves what it has written.
 *
 * The nodes are those of the moment of the read. For nodes that come and go, list them when they are needed.
 *
 * The first look-up of HyperPod in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all
 * further ones share it and add one custom resource each. It costs one short invocation per read.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListClusterNodes.html
 *
 * @example
 * import { Fn } from 'aws-cdk-lib';
 *
 * declare const bucket: s3.Bucket;
 *
 * const pod = new hyperpod.ClusterLookup(this, 'Pod', { clusterName: 'pod' });
 * const workers = new hyperpod.ClusterNodesLookup(this, 'Workers', {
 *   cluster: pod,
 *   instanceGroupName: 'workers',
 *   output: hyperpod.ClusterNodesOutput.toObject({ bucket, objectKey: 'pod/workers.json' }),
 * });
 * new CfnOutput(this, 'FirstWorker', { value: Fn.select(0, workers.privateDnsHostnames) });
 */
@propertyInjectable
@checked('hyperpod.ClusterNodesLookup')
export class ClusterNodesLookup extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ClusterNodesLookup';

  private readonly lookup: Lookup<NodesField>;

  constructor(scope: Construct, id: string, props: ClusterNodesLookupProps) {
    super(scope, id);
    const { clusterArn } = props.cluster.clusterRef;
    const problems = new Problems();
    checkNodesQuestion(problems, { ...props, clusterArn }, Stack.of(this));
    problems.throwIfAny(this);

    // a cluster of the app may wait for look-ups, whose function would then wait for itself
    const arn = isConcrete(clusterArn) ? clusterArn : Stack.of(this).formatArn({ service: 'sagemaker', resource: 'cluster', resourceName: '*' });
    const input: NodesInput = {
      ClusterName: clusterArn,
      ...props.instanceGroupName !== undefined && { InstanceGroupName: props.instanceGroupName },
      ...props.createdAfter !== undefined && { CreationTimeAfter: props.createdAfter },
      ...props.createdBefore !== undefined && { CreationTimeBefore: props.createdBefore },
      ...props.includePending && { IncludePending: 'true' },
      ...props.output?._input,
    };
    this.lookup = new Lookup(this, {
      handler: 'hyperpodLookup',
      operation: 'ListClusterNodes',
      input: { ...input },
      refresh: props.refresh,
      permissions: [{ actions: CLUSTER_NODES_LOOKUP_ACTIONS, resources: [arn] }, ...props.output?._permissions ?? []],
    });
  }

  /**
   * How many nodes there are.
   *
   * @attribute
   */
  public get count(): number { return this.lookup.number('Count'); }

  /**
   * The ids of the instances: a list with one empty string if there are no nodes, as in all lists, and an empty string for a node
   * without an instance.
   *
   * @attribute
   */
  public get instanceIds(): string[] { return this.list('InstanceId'); }

  /**
   * What names the nodes also when they get other instances. Empty texts for clusters without continuous provisioning.
   *
   * @attribute
   */
  public get nodeLogicalIds(): string[] { return this.list('NodeLogicalId'); }

  /**
   * The names of the nodes in the VPC.
   *
   * @attribute
   */
  public get privateDnsHostnames(): string[] { return this.list('PrivateDnsHostname'); }

  /**
   * The instance group of each node.
   *
   * @attribute
   */
  public get instanceGroupNames(): string[] { return this.list('InstanceGroupName'); }

  /**
   * The type of each instance.
   *
   * @attribute
   */
  public get instanceTypes(): string[] { return this.list('InstanceType'); }

  /**
   * The state of each node: `Running`, `Pending`, `Failure`, `ShuttingDown`, `SystemUpdating`, `DeepHealthCheckInProgress` or
   * `NotFound`.
   *
   * @attribute
   */
  public get instanceStatuses(): string[] { return this.list('InstanceStatus'); }

  /**
   * Why each node is in its state, in one line. Empty texts where SageMaker doesn't say.
   *
   * @attribute
   */
  public get instanceStatusMessages(): string[] { return this.list('InstanceStatusMessage'); }

  /**
   * When each instance was launched, in ISO 8601.
   *
   * @attribute
   */
  public get launchTimes(): string[] { return this.list('LaunchTime'); }

  /**
   * When the software of each node was last updated, in ISO 8601. Empty texts where it never was.
   *
   * @attribute
   */
  public get lastSoftwareUpdateTimes(): string[] { return this.list('LastSoftwareUpdateTime'); }

  /**
   * The release of the image that each node runs.
   *
   * @attribute
   */
  public get currentImageReleaseVersions(): string[] { return this.list('CurrentImageReleaseVersion'); }

  /**
   * The state of the image of each node: `UpToDate`, `UpdateAvailable`, `SecurityUpdateRequired` or `EndOfLife`.
   *
   * @attribute
   */
  public get imageVersionStatuses(): string[] { return this.list('ImageVersionStatus'); }

  /**
   * The UltraServer that each node is part of. Empty texts for nodes that are part of none.
   *
   * @attribute
   */
  public get ultraServerIds(): string[] { return this.list('UltraServerId'); }

  /**
   * The type of that UltraServer. Empty texts for nodes that are part of none.
   *
   * @attribute
   */
  public get ultraServerTypes(): string[] { return this.list('UltraServerType'); }

  private list(field: NodeField): string[] { return Fn.split(nodeSeparator(field), this.lookup.text(field)); }
}
