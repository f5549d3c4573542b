import type { IResource } from 'aws-cdk-lib';
import { ArnFormat, Resource, Stack } from 'aws-cdk-lib';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import type { InstanceType } from './instance-type';
import type { PartitionLayout } from './partition-layout';
import { isConcrete, Problems } from '../private/problems';
import type { GroupCapacity } from './private/capacity';
import { adviseLayout, checkLayout } from './private/layouts';
import { RULES } from './private/rules';

/** A HyperPod cluster. */
export interface ICluster extends IResource, aws_sagemaker.IClusterRef {
  /**
   * The ARN of the cluster. It ends with an id of 12 characters, not with the name of the cluster.
   *
   * @attribute
   */
  readonly clusterArn: string;

  /**
   * The id of the cluster: the last part of its ARN.
   *
   * @attribute
   */
  readonly clusterId: string;
}

/** An instance group of a cluster that exists. */
export interface ClusterInstanceGroupAttributes {
  /** The type of the instances. */
  readonly instanceType: InstanceType;

  /** How many instances the group has: 0 to 6758. */
  readonly instanceCount: number;

  /**
   * How the GPUs of its nodes are divided. A layout that a known instance type can't have is refused.
   *
   * @default - the GPUs are whole
   */
  readonly partitions?: PartitionLayout;
}

/** What is known of a cluster that exists. */
export interface ClusterAttributes {
  /** The ARN of the cluster. */
  readonly clusterArn: string;

  /**
   * All instance groups of the cluster. With them, quotas that add up to more than the cluster has are refused at synthesis,
   * which is what the description is for.
   *
   * Leave them out where something else than your deployments changes the number of instances, such as Karpenter.
   *
   * @default - not known, so the sum of quotas isn't checked
   */
  readonly instanceGroups?: ClusterInstanceGroupAttributes[];
}

/** A HyperPod cluster. */
export abstract class Cluster extends Resource implements ICluster {
  /** A cluster that exists, by its ARN. Nothing is created. */
  public static fromClusterArn(scope: Construct, id: string, clusterArn: string): ICluster {
    return new ImportedCluster(scope, id, { clusterArn });
  }

  /**
   * A cluster that exists, by its ARN and by what its instance groups have. Nothing is created.
   *
   * @example
   * hyperpod.Cluster.fromClusterAttributes(this, 'Pod', {
   *   clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
   *   instanceGroups: [
   *     { instanceType: hyperpod.InstanceType.P5EN_48XLARGE, instanceCount: 8 },
   *     {
   *       instanceType: hyperpod.InstanceType.P5_48XLARGE,
   *       instanceCount: 2,
   *       partitions: hyperpod.PartitionLayout.uniform(hyperpod.PartitionProfile.MIG_3G_40GB),
   *     },
   *   ],
   * });
   */
  public static fromClusterAttributes(scope: Construct, id: string, attributes: ClusterAttributes): ICluster {
    return new ImportedCluster(scope, id, attributes);
  }

  public abstract readonly clusterArn: string;
  public abstract readonly clusterId: string;

  /** The reference that other constructs take. */
  public get clusterRef(): aws_sagemaker.ClusterReference {
    return { clusterArn: this.clusterArn };
  }

  /** @internal */
  public abstract _capacity(): GroupCapacity[] | undefined;
}

class ImportedCluster extends Cluster {
  public readonly clusterArn: string;
  public readonly clusterId: string;
  private readonly instanceGroups?: ClusterInstanceGroupAttributes[];

  constructor(scope: Construct, id: string, attributes: ClusterAttributes) {
    super(scope, id, { environmentFromArn: attributes.clusterArn });

    const problems = new Problems();
    attributes.instanceGroups?.forEach(({ instanceType, instanceCount, partitions }, index) => {
      if (isConcrete(instanceCount) && !(Number.isInteger(instanceCount) && instanceCount >= 0 && instanceCount <= 6758)) {
        problems.add(RULES.instanceGroupCount, { property: `instanceGroups[${index}].instanceCount`, got: instanceCount });
      }
      if (partitions) { checkLayout(problems, `instanceGroups[${index}]`, partitions, instanceType); }
    });
    problems.throwIfAny(this);
    attributes.instanceGroups?.forEach(({ instanceType, partitions }, index) => {
      if (partitions) { adviseLayout(this, `instanceGroups[${index}]`, partitions, instanceType); }
    });

    this.clusterArn = attributes.clusterArn;
    this.clusterId = Stack.of(scope).splitArn(attributes.clusterArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    this.instanceGroups = attributes.instanceGroups;
  }

  public _capacity(): GroupCapacity[] | undefined {
    return this.instanceGroups;
  }
}
