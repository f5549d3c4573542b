import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Capacity } from './capacity';
import type { InstanceStorage } from './instance-storage';
import type { Instances } from './instances';
import type { LifecycleScripts } from './lifecycle-scripts';
import type { AutomaticPatching, ScheduledNodeUpdate } from './node-updates';
import type { PartitionLayout } from './partition-layout';
import type { SlurmNode } from './slurm-node';
import { checked } from '../../../private/inputs/checked';

/** An instance group of a cluster. */
export interface IInstanceGroup extends IConstruct, iam.IGrantable, ec2.IConnectable {
  /** The name of the group, unique in the cluster. */
  readonly instanceGroupName: string;

  /** The role of the instances. Other groups have the same one unless they are given others. */
  readonly executionRole: iam.IRole;
}

/**
 * A test of new instances before they take work.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-deep-health-checks.html
 */
@checked('hyperpod.DeepHealthCheck')
export class DeepHealthCheck {
  /** Accelerators, memory, disk and CPU under load, for about two hours. */
  public static readonly INSTANCE_STRESS = new DeepHealthCheck('InstanceStress');

  /** The network between instances. */
  public static readonly INSTANCE_CONNECTIVITY = new DeepHealthCheck('InstanceConnectivity');

  /**
   * A check that this library doesn't know. It isn't checked.
   *
   * @param value The check in the words of the service.
   */
  public static of(value: string): DeepHealthCheck {
    return new DeepHealthCheck(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.DeepHealthCheck';

  private constructor(
    /** The check in the words of the service. */
    public readonly value: string,
  ) {}
}

/**
 * What a taint does to pods that don't tolerate it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterKubernetesConfig.html
 */
@checked('hyperpod.TaintEffect')
export class TaintEffect {
  /** They aren't placed on the node. */
  public static readonly NO_SCHEDULE = new TaintEffect('NoSchedule');

  /** They are placed on the node if there is no other. */
  public static readonly PREFER_NO_SCHEDULE = new TaintEffect('PreferNoSchedule');

  /** They are taken off the node. */
  public static readonly NO_EXECUTE = new TaintEffect('NoExecute');

  /**
   * An effect that this library doesn't know. It isn't checked.
   *
   * @param value The effect in the words of the service.
   */
  public static of(value: string): TaintEffect {
    return new TaintEffect(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.TaintEffect';

  private constructor(
    /** The effect in the words of the service. */
    public readonly value: string,
  ) {}
}

/** A taint of Kubernetes nodes. */
export interface NodeTaint {
  /** The key. */
  readonly key: string;

  /**
   * The value.
   *
   * @default - none
   */
  readonly value?: string;

  /** What it does. */
  readonly effect: TaintEffect;
}

/**
 * Network interfaces for Elastic Fabric Adapter.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterInstanceGroupSpecification.html
 */
@checked('hyperpod.NetworkInterfaceType')
export class NetworkInterfaceType {
  /** EFA, and ordinary traffic. */
  public static readonly EFA = new NetworkInterfaceType('efa');

  /** EFA alone, which takes no IP addresses. */
  public static readonly EFA_ONLY = new NetworkInterfaceType('efa-only');

  /**
   * A type that this library doesn't know. It isn't checked.
   *
   * @param value The type in the words of the service.
   */
  public static of(value: string): NetworkInterfaceType {
    return new NetworkInterfaceType(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.NetworkInterfaceType';

  private constructor(
    /** The type in the words of the service. */
    public readonly value: string,
  ) {}
}

/** What every instance group has, restricted or not. */
export interface InstanceGroupBaseOptions {
  /**
   * The name: 1 to 63 letters, digits and hyphens. Another name makes another group, and deletes this one with its instances.
   *
   * @default - the id
   */
  readonly instanceGroupName?: string;

  /**
   * Where the capacity comes from. The service refuses to change it: make another group.
   *
   * @default - on demand, by SageMaker
   */
  readonly capacity?: Capacity;

  /**
   * Storage besides the root volume: 4 entries at most, of which one is FSx for Lustre and one is FSx for OpenZFS at most.
   *
   * @default - the service's own
   */
  readonly storage?: InstanceStorage[];

  /**
   * How new instances are tested before they take work.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-deep-health-checks.html
   * @default - by the basic health checks alone
   */
  readonly deepHealthChecks?: DeepHealthCheck[];

  /**
   * Threads per CPU core: 1 or 2. The service refuses to change it: make another group.
   *
   * @default - the service's own
   */
  readonly threadsPerCore?: number;

  /**
   * The subnets, 16 at most. The service refuses to change them: make another group.
   *
   * Nodes of a training plan, of a capacity reservation or of spot need subnets in a certain zone.
   *
   * @default - those of the cluster
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups, 5 at most. Each must let its members do everything among themselves, both in and out, for EFA to
   * work. The service refuses to change them: make another group.
   *
   * @default - those of the cluster
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the instances, which trusts `sagemaker.amazonaws.com`. It is given what instances need, unless it was imported
   * as immutable.
   *
   * @default - that of the cluster
   */
  readonly executionRole?: iam.IRole;
}

/** Options of an instance group. */
export interface InstanceGroupOptions extends InstanceGroupBaseOptions {
  /** Which instances, and how many. */
  readonly instances: Instances;

  /**
   * How the GPUs of the nodes are divided, for clusters on EKS. It becomes the node label `nvidia.com/mig.config`. A layout that
   * the instance type can't have is refused. Changed in place; drain the nodes before.
   *
   * @default - the GPUs are whole, unless the label is among `labels` or somebody else sets it
   */
  readonly partitions?: PartitionLayout;

  /**
   * Labels of the Kubernetes nodes, for clusters on EKS: 50 at most. Changed in place.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Taints of the Kubernetes nodes, for clusters on EKS: 50 at most. Changed in place.
   *
   * @default - none
   */
  readonly taints?: NodeTaint[];

  /**
   * What the instances do in Slurm, for clusters of Slurm.
   *
   * @default - the lifecycle scripts decide, by the file `provisioning_parameters.json`
   */
  readonly slurmNode?: SlurmNode;

  /**
   * The scripts that set up new instances. Changed in place, for instances to come.
   *
   * @default - those of the cluster
   */
  readonly lifecycleScripts?: LifecycleScripts;

  /**
   * The network interfaces for Elastic Fabric Adapter.
   *
   * @default - the service's own
   */
  readonly networkInterfaceType?: NetworkInterfaceType;

  /**
   * The image: the id of a custom AMI that is based on that of HyperPod, or `default`. Changed in place.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/hyperpod-custom-ami-support.html
   * @default - the newest image of HyperPod on the day of creation
   */
  readonly imageId?: string;

  /**
   * The release of the HyperPod image, such as `1.2.3`, for clusters on EKS.
   *
   * A change updates the software of the nodes: it wipes their root volumes and runs the lifecycle scripts again.
   *
   * @default - the newest release on the day of creation
   */
  readonly imageReleaseVersion?: string;

  /**
   * Updates of the software on a schedule. Changed in place.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ScheduledUpdateConfig.html
   * @default - none
   */
  readonly scheduledUpdate?: ScheduledNodeUpdate;

  /**
   * Patching of nodes that have nothing to do. Changed in place.
   *
   * @default - none
   */
  readonly automaticPatching?: AutomaticPatching;
}
