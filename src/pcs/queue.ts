import { Lazy, Resource, TagManager, type IResource } from 'aws-cdk-lib';
import * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ClusterAccounting } from './private/accounting/cluster-accounting';
import { orderQueues } from './private/accounting/queue-checks';
import { clusterOf, contextOf, loginOf, provideCluster } from './private/context';
import { clusterIdOf, memberIdFromArn, nodeGroupIdOf } from './private/ids';
import { checkNameIsFree } from './private/names';
import { checkPlace } from './private/place';
import { RULES } from './private/rules';
import { allSettings, checkSettings, queueSettings, renderSettings } from './private/settings';
import { queueBeside, waitsForQueue } from './private/stack-circles';
import { TAG_LIMITS } from './private/tags';
import { QueueGrants } from './queue-grants';
import type { QueueSlurmSettings } from './vocabulary/slurm-settings';
import { checkForm } from '../private/forms';
import { checked } from '../private/inputs/checked';
import { fail, Problems, warn } from '../private/problems';
import { validateTags } from '../private/tags';

/** The default quota of queues for each cluster. */
const USUAL_QUEUES = 10;

/** A queue of a cluster of AWS Parallel Computing Service. */
export interface IQueue extends IResource, pcs.IQueueRef {
  /**
   * The ARN of the queue.
   *
   * @attribute
   */
  readonly queueArn: string;

  /**
   * The id of the queue: `pcs_…`.
   *
   * @attribute
   */
  readonly queueId: string;

  /** Grants permissions on the queue. */
  readonly grants: QueueGrants;
}

/** What is known of a queue that exists already. */
export interface QueueAttributes {
  /** The cluster of the queue. */
  readonly cluster: pcs.IClusterRef;

  /** The id of the queue: `pcs_…`. */
  readonly queueId: string;
}

/** What a queue is like. */
export interface QueueOptions {
  /**
   * The name, which people pass to `sbatch --partition`: 3 to 25 letters, digits and hyphens, and unique in the cluster. A change
   * replaces the queue.
   *
   * @default - CloudFormation makes one
   */
  readonly queueName?: string;

  /**
   * The node groups that run the jobs of the queue. A group may serve several queues. Changed in place.
   *
   * @default - those that are added later; a queue needs at least one
   */
  readonly computeNodeGroups?: pcs.IComputeNodeGroupRef[];

  /**
   * Whether jobs that name no queue go here. At most one queue of a cluster should say so. Changed in place.
   *
   * @default - Slurm's own, false
   */
  readonly isDefault?: boolean;

  /**
   * Settings of Slurm. Changed in place.
   *
   * @default - the service's own
   */
  readonly slurmSettings?: QueueSlurmSettings;
}

/** Properties of a queue. */
export interface QueueProps extends QueueOptions {
  /** The cluster. A change replaces the queue. */
  readonly cluster: pcs.IClusterRef;
}

abstract class QueueBase extends Resource implements IQueue {
  public abstract readonly queueArn: string;
  public abstract readonly queueId: string;

  public get queueRef(): pcs.QueueReference {
    return { queueArn: this.queueArn };
  }

  public get grants(): QueueGrants {
    return QueueGrants.fromQueue(this);
  }
}

/**
 * A queue that people send jobs to, which Slurm calls a partition.
 *
 * Costs nothing by itself. Deleting it ends the jobs in it.
 *
 * @resource AWS::PCS::Queue
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_queues.html
 *
 * @example
 * declare const nodes: pcs.ComputeNodeGroup;
 *
 * new pcs.Queue(this, 'Batch', {
 *   cluster,
 *   queueName: 'batch',
 *   computeNodeGroups: [nodes],
 *   isDefault: true,
 *   slurmSettings: { maxTime: Duration.hours(12) },
 * });
 */
@propertyInjectable
@checked('pcs.Queue')
export class Queue extends QueueBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.Queue';

  /**
   * A queue that exists already, by its ARN. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param queueArn The ARN: `arn:…:pcs:…:cluster/pcs_…/queue/pcs_…`.
   */
  public static fromQueueArn(scope: Construct, id: string, queueArn: string): IQueue {
    return new ImportedQueue(scope, id, queueArn);
  }

  /**
   * A queue that exists already, by its cluster and id. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param attrs What is known of the queue.
   */
  public static fromQueueAttributes(scope: Construct, id: string, attrs: QueueAttributes): IQueue {
    return Queue.fromQueueArn(scope, id, `${attrs.cluster.clusterRef.clusterArn}/queue/${attrs.queueId}`);
  }

  public readonly queueArn: string;
  public readonly queueId: string;

  private readonly cluster: pcs.IClusterRef;
  private readonly computeNodeGroups: pcs.IComputeNodeGroupRef[] = [];

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id, { physicalName: props.queueName });

    const context = contextOf(props.cluster);
    const problems = new Problems();
    checkPlace(problems, 'cluster', props.cluster, this);
    checkForm(problems, RULES.queueName, 'queueName', props.queueName);
    checkNameIsFree(problems, RULES.queueNameTwice, 'queueName', props.queueName, context.queues);
    const settings = queueSettings(props.isDefault, props.slurmSettings);
    checkSettings(this, problems, settings, context.schedulerVersion, context.slurmSettings);
    (props.computeNodeGroups ?? []).forEach((group, index) => {
      if (isOfOtherCluster(group, props.cluster)) {
        problems.add(RULES.queueOfOtherCluster, { property: `computeNodeGroups[${index}]`, got: group.node.path });
      }
      if (waitsForQueue(group, props.cluster, this)) {
        problems.add(RULES.queueCircle, { property: `computeNodeGroups[${index}]`, got: group.node.path, fix: queueBeside(group) });
      }
    });
    problems.throwIfAny(this);

    if (props.isDefault && context.queues.some(queue => queue.isDefault)) {
      warn(this, RULES.queueSecondDefault, { property: 'isDefault' });
    }
    provideCluster(this, props.cluster);
    const entry = { construct: this, name: props.queueName, settings: allSettings(settings), isDefault: props.isDefault ?? false };
    context.queues.push(entry);
    if (context.queues.length === USUAL_QUEUES + 1) {
      warn(this, RULES.clusterManyQueues, { property: 'cluster' });
    }

    this.cluster = props.cluster;
    this.computeNodeGroups.push(...props.computeNodeGroups ?? []);
    const slurmCustomSettings = renderSettings(settings);
    const resource = new pcs.CfnQueue(this, 'Resource', {
      clusterId: clusterIdOf(props.cluster),
      name: this.physicalName,
      computeNodeGroupConfigurations: Lazy.any(
        { produce: () => this.computeNodeGroups.map(group => ({ computeNodeGroupId: nodeGroupIdOf(group) })) },
      ),
      slurmConfiguration: slurmCustomSettings && { slurmCustomSettings },
    });
    validateTags(this, () => TagManager.of(resource), TAG_LIMITS);
    this.queueArn = resource.attrArn;
    this.queueId = resource.attrId;
    orderQueues([entry], ClusterAccounting.of(this, props.cluster).entries);

    this.node.addValidation({
      validate: () => {
        if (this.computeNodeGroups.length === 0) { warn(this, RULES.queueEmpty, { property: 'computeNodeGroups' }); }
        const logins = this.computeNodeGroups.filter(loginOf).map(group => group.node.path);
        if (logins.length > 0) { warn(this, RULES.loginInQueue, { property: 'computeNodeGroups', got: logins }); }
        return [];
      },
    });
  }

  /**
   * Lets a node group run jobs of this queue.
   *
   * @param group The node group, of the same cluster.
   */
  public addComputeNodeGroup(group: pcs.IComputeNodeGroupRef): void {
    if (isOfOtherCluster(group, this.cluster)) {
      fail(this, RULES.queueOfOtherCluster, { property: 'computeNodeGroup', got: group.node.path });
    }
    if (waitsForQueue(group, this.cluster, this)) {
      fail(this, RULES.queueCircle, { property: 'computeNodeGroup', got: group.node.path, fix: queueBeside(group) });
    }
    this.computeNodeGroups.push(group);
  }
}

/** Whether a node group is known to belong to another cluster. Two references may well mean one cluster. */
function isOfOtherCluster(group: pcs.IComputeNodeGroupRef, cluster: pcs.IClusterRef): boolean {
  const own = clusterOf(group);
  return own !== undefined && own !== cluster && contextOf(own).size !== undefined && contextOf(cluster).size !== undefined;
}

class ImportedQueue extends QueueBase {
  public readonly queueId: string;

  public constructor(scope: Construct, id: string, public readonly queueArn: string) {
    super(scope, id, { environmentFromArn: queueArn });
    this.queueId = memberIdFromArn(queueArn);
  }
}
