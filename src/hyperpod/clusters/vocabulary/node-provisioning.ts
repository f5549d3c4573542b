import { checked } from '../../../private/inputs/checked';

/**
 * Whether SageMaker repairs nodes by itself.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
@checked('hyperpod.NodeRecovery')
export class NodeRecovery {
  /** Nodes that fail their health checks are rebooted or replaced. */
  public static readonly AUTOMATIC = new NodeRecovery('Automatic', { judged: true });

  /** Nodes that fail their health checks are labelled, and nothing else. */
  public static readonly NONE = new NodeRecovery('None', { judged: true });

  /**
   * A way of recovery that this library doesn't know. It isn't checked.
   *
   * @param value The way of recovery in the words of the service.
   */
  public static of(value: string): NodeRecovery {
    return new NodeRecovery(value, { judged: false });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.NodeRecovery';

  /** The way of recovery in the words of the service. */
  public readonly value: string;

  /** @internal */
  public readonly _judged: boolean;

  private constructor(value: string, { judged }: { readonly judged: boolean }) {
    this.value = value;
    this._judged = judged;
  }
}

/**
 * How SageMaker makes instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
@checked('hyperpod.NodeProvisioningMode')
export class NodeProvisioningMode {
  /** Each instance as soon as there is capacity for it. */
  public static readonly CONTINUOUS = new NodeProvisioningMode('Continuous', { judged: true });

  /**
   * A mode that this library doesn't know. It isn't checked, nor is what depends on the mode.
   *
   * @param value The mode in the words of the service.
   */
  public static of(value: string): NodeProvisioningMode {
    return new NodeProvisioningMode(value, { judged: false });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.NodeProvisioningMode';

  /** The mode in the words of the service. */
  public readonly value: string;

  /** @internal */
  public readonly _judged: boolean;

  private constructor(value: string, { judged }: { readonly judged: boolean }) {
    this.value = value;
    this._judged = judged;
  }
}
