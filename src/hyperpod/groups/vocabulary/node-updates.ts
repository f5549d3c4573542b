import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { checked } from '../../../private/inputs/checked';

/** How many nodes are updated, or rolled back, at a time. */
@checked('hyperpod.BatchSize')
export class BatchSize {
  /**
   * A number of instances.
   *
   * @param count At least 1.
   */
  public static instances(count: number): BatchSize {
    return new BatchSize('INSTANCE_COUNT', count);
  }

  /**
   * A part of the group.
   *
   * @param percent 1 to 100.
   */
  public static percent(percent: number): BatchSize {
    return new BatchSize('CAPACITY_PERCENTAGE', percent);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.BatchSize';

  private constructor(
    /** @internal */
    public readonly _type: 'INSTANCE_COUNT' | 'CAPACITY_PERCENTAGE',
    /** @internal */
    public readonly _value: number,
  ) {}
}

/**
 * How an update goes through the nodes of a group.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfiguration.html
 */
export interface NodeRollout {
  /**
   * How many nodes are updated at a time.
   *
   * @default - all at once, by SageMaker
   */
  readonly maxBatch?: BatchSize;

  /**
   * How many nodes are rolled back at a time. Only together with `maxBatch`.
   *
   * @default - the service's own
   */
  readonly maxRollbackBatch?: BatchSize;

  /**
   * How long to wait between batches: 0 to 3600 seconds.
   *
   * @default - the service's own
   */
  readonly waitBetweenBatches?: Duration;

  /**
   * Alarms that stop the update and roll it back: 1 to 10. The role of the group may then read them (`cloudwatch:DescribeAlarms`).
   *
   * @default - none
   */
  readonly rollbackAlarms?: cloudwatch.IAlarmRef[];
}

/** Updates of the software of nodes on a schedule. An update wipes the root volume and runs the lifecycle scripts again. */
export interface ScheduledNodeUpdate {
  /** When, as a cron expression: `cron(0 2 ? * SUN *)`. */
  readonly schedule: string;

  /**
   * How the update goes through the nodes.
   *
   * @default - all at once, by SageMaker
   */
  readonly rollout?: NodeRollout;
}

/**
 * Which nodes are patched automatically.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterInstanceGroupSpecification.html
 */
@checked('hyperpod.PatchingStrategy')
export class PatchingStrategy {
  /** Each node as soon as no job runs on it. */
  public static readonly WHEN_IDLE = new PatchingStrategy('WhenIdle');

  /** All nodes of the group, as soon as no job runs on any of them. */
  public static readonly WHEN_ALL_IDLE = new PatchingStrategy('WhenAllIdle');

  /**
   * A strategy that this library doesn't know. It isn't checked.
   *
   * @param value The strategy in the words of the service.
   */
  public static of(value: string): PatchingStrategy {
    return new PatchingStrategy(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.PatchingStrategy';

  private constructor(
    /** The strategy in the words of the service. */
    public readonly value: string,
  ) {}
}

/**
 * Patching of nodes that have nothing to do.
 *
 * SageMaker sets the date of the next patch when a patch is there. CloudFormation can only read it, so it isn't among these options:
 * UpdateCluster of the API moves it, by `AutoPatchConfig.PatchSchedule.NextPatchDate` of the instance group.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-ami-auto-patching.html
 */
export interface AutomaticPatching {
  /** Which nodes are patched. */
  readonly strategy: PatchingStrategy;

  /**
   * How patching goes through the nodes.
   *
   * @default - the service's own
   */
  readonly rollout?: NodeRollout;
}
