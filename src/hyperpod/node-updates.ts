import type { Duration } from 'aws-cdk-lib';
import type { aws_cloudwatch } from 'aws-cdk-lib/interfaces';

/** How many nodes are updated, or rolled back, at a time. */
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
   * Alarms that stop the update and roll it back: 1 to 10.
   *
   * @default - none
   */
  readonly rollbackAlarms?: aws_cloudwatch.IAlarmRef[];
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
export enum PatchingStrategy {
  /** Each node as soon as no job runs on it. */
  WHEN_IDLE = 'WhenIdle',

  /** All nodes of the group, as soon as no job runs on any of them. */
  WHEN_ALL_IDLE = 'WhenAllIdle',
}

/** Patching of nodes that have nothing to do. */
export interface AutomaticPatching {
  /** Which nodes are patched. */
  readonly strategy: PatchingStrategy;

  /**
   * When patching starts next, as a date and time in ISO 8601.
   *
   * @default - SageMaker decides
   */
  readonly nextPatchDate?: string;

  /**
   * How patching goes through the nodes.
   *
   * @default - the service's own
   */
  readonly rollout?: NodeRollout;
}
