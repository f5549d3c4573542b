import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as eks from 'aws-cdk-lib/aws-eks';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IDependable } from 'constructs';
import { checked } from '../../../private/inputs/checked';

/** How an Amazon EKS cluster orchestrates a HyperPod cluster. */
export interface EksOrchestratorOptions {
  /**
   * What must be in the EKS cluster before SageMaker creates the HyperPod cluster: what installs the HyperPod Helm chart. The
   * HyperPod cluster is created after it and deleted before it.
   *
   * Without the chart, the creation of the HyperPod cluster fails after about 20 minutes.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-install-packages-using-helm-chart.html
   * @default - the chart is installed already; where the app creates the EKS cluster, a warning says that it can't be
   */
  readonly dependencies?: IDependable[];

  /**
   * Whether the template makes the access entries by which nodes join the EKS cluster, of type `HYPERPOD_LINUX` for the
   * execution role.
   *
   * @default false - SageMaker makes them, with the permissions of whoever deploys: `eks:CreateAccessEntry`,
   * `eks:DescribeAccessEntry`, `eks:DeleteAccessEntry` and `eks:AssociateAccessPolicy`
   */
  readonly accessEntries?: boolean;

  /**
   * The security group that EKS made for its control plane. Traffic between it and the security group that is made for the
   * nodes is allowed both ways.
   *
   * @default - that of the EKS cluster, where it is known; else you allow the traffic yourself
   */
  readonly clusterSecurityGroup?: ec2.ISecurityGroup;
}

/**
 * What SageMaker does with changes that somebody made to the Slurm configuration on the controller.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-ref.html
 */
@checked('hyperpod.SlurmConfigStrategy')
export class SlurmConfigStrategy {
  /** Updates of the cluster fail while the configuration differs from what SageMaker wrote. */
  public static readonly MANAGED = new SlurmConfigStrategy('Managed', { judged: true });

  /** Updates of the cluster write over them. */
  public static readonly OVERWRITE = new SlurmConfigStrategy('Overwrite', { judged: true });

  /** Updates of the cluster keep them. */
  public static readonly MERGE = new SlurmConfigStrategy('Merge', { judged: true });

  /**
   * A strategy that this library doesn't know. It isn't checked.
   *
   * @param value The strategy in the words of the service.
   */
  public static of(value: string): SlurmConfigStrategy {
    return new SlurmConfigStrategy(value, { judged: false });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.SlurmConfigStrategy';

  /** The strategy in the words of the service. */
  public readonly value: string;

  /** @internal */
  public readonly _judged: boolean;

  private constructor(value: string, { judged }: { readonly judged: boolean }) {
    this.value = value;
    this._judged = judged;
  }
}

/** A database of your own for the accounting of Slurm, of the kind that slurmdbd takes: MySQL or MariaDB. */
export interface SlurmAccountingDatabase {
  /** The host name of the database. */
  readonly endpoint: string;

  /**
   * The secret with the user and the password. The execution role of the controller's group may read it: give that group a role of
   * its own, and other nodes can't.
   */
  readonly secret: secretsmanager.ISecret;

  /**
   * The port.
   *
   * @default - the service's own
   */
  readonly port?: number;

  /**
   * The name of the database.
   *
   * @default - the service's own
   */
  readonly databaseName?: string;
}

/** How Slurm orchestrates a HyperPod cluster. */
export interface SlurmOrchestratorOptions {
  /**
   * What happens to changes that were made to the Slurm configuration by hand. Changed in place. Refused where no group has a
   * `slurmNode`, since it is for clusters whose Slurm is set up by the API.
   *
   * Leave it out with `NodeProvisioningMode.CONTINUOUS`, which always merges.
   *
   * @default SlurmConfigStrategy.MERGE, so that an edited `slurm.conf` doesn't make the next deployment fail
   */
  readonly configStrategy?: SlurmConfigStrategy;

  /**
   * A database for the accounting of Slurm. Needs `NodeProvisioningMode.CONTINUOUS`. Changed in place.
   *
   * @default - none of your own
   */
  readonly accountingDatabase?: SlurmAccountingDatabase;
}

/** @internal */
export type OrchestratorChoice =
  | { readonly kind: 'eks'; readonly cluster: eks.IClusterRef; readonly options: EksOrchestratorOptions }
  | { readonly kind: 'slurm'; readonly options: SlurmOrchestratorOptions };

/**
 * What places jobs on the nodes of a HyperPod cluster.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterOrchestrator.html
 */
@checked('hyperpod.Orchestrator')
export class Orchestrator {
  /**
   * Amazon EKS. Another EKS cluster replaces the HyperPod cluster.
   *
   * The EKS cluster must have the authentication mode `API` or `API_AND_CONFIG_MAP`, the Amazon VPC CNI 1.18.3 or newer and no
   * other, and the HyperPod Helm chart.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-prerequisites.html
   * @param cluster The EKS cluster: of `aws_eks`, of `aws_eks_v2`, or one that exists.
   * @param options How it is used.
   */
  public static eks(cluster: eks.IClusterRef, options: EksOrchestratorOptions = {}): Orchestrator {
    return new Orchestrator({ kind: 'eks', cluster, options });
  }

  /**
   * Slurm, which SageMaker sets up on the instance group whose `slurmNode` is a controller.
   *
   * Where no group has a `slurmNode`, the lifecycle scripts set Slurm up by their `provisioning_parameters.json`, and the cluster has no
   * orchestrator in the words of the API. A cluster with several head nodes has only this way.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-ref.html
   * @param options How it is set up.
   */
  public static slurm(options: SlurmOrchestratorOptions = {}): Orchestrator {
    return new Orchestrator({ kind: 'slurm', options });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.Orchestrator';

  private constructor(
    /** @internal */
    public readonly _choice: OrchestratorChoice,
  ) {}
}
