import { checked } from '../../../private/inputs/checked';

/** What a compute node does in Slurm. */
export interface SlurmComputeOptions {
  /** The partition that the nodes belong to. They belong to the partition `dev` besides. */
  readonly partitionName: string;
}

/**
 * What the instances of a group do in Slurm. The service refuses to change it: make another group.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-ref.html
 */
@checked('hyperpod.SlurmNode')
export class SlurmNode {
  /** The controller. A cluster has one group of it. */
  public static controller(): SlurmNode {
    return new SlurmNode('Controller');
  }

  /** Where users log in. A cluster has one group of it at most. */
  public static login(): SlurmNode {
    return new SlurmNode('Login');
  }

  /** Where jobs run. */
  public static compute(options: SlurmComputeOptions): SlurmNode {
    return new SlurmNode('Compute', options.partitionName);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.SlurmNode';

  private constructor(
    /** @internal */
    public readonly _nodeType: 'Controller' | 'Login' | 'Compute',
    /** @internal */
    public readonly _partitionName?: string,
  ) {}
}
