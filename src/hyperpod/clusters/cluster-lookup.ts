import { Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import { instanceGroupField, type ClusterField, type InstanceGroupField } from '../../private/contracts/hyperpod-lookup';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems, fail, isConcrete } from '../../private/problems';
import { isEntityName } from '../private/checks/validation';
import { CLUSTER_LOOKUP_ACTIONS } from '../private/facts/perms';
import { RULES } from '../private/rules';

/** Properties of a look-up of a cluster. */
export interface ClusterLookupProps {
  /**
   * The name of the cluster, in the account and Region of the stack: 1 to 63 letters, digits and hyphens.
   *
   * Another cluster is looked up in place, and what uses the attributes is updated.
   */
  readonly clusterName: string;

  /**
   * The security groups of the cluster, for `connections`.
   *
   * @default - none are known
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Any text. Another one makes the next deployment read the cluster again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the name or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads a cluster at deploy time, by its name. An ARN can't be made of a name, since it ends with an id that SageMaker generates.
 *
 * The deployment fails when there is no such cluster in the account and Region, and when an attribute is used that the cluster
 * doesn't have, such as the EKS cluster of one with Slurm. The attributes are those of the moment of the read; only those are read
 * that are used somewhere in the app. They take about 3000 bytes in sum: the ARNs of some 25 instance groups, or the counts of
 * some 60. Deleting a look-up deletes nothing else.
 *
 * The function may read every cluster of the account and Region, since policies can't name a cluster by its name.
 *
 * The first look-up of HyperPod in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all
 * further ones share it and add one custom resource each. It costs one short invocation per read.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeCluster.html
 *
 * @example
 * const pod = new hyperpod.ClusterLookup(this, 'Pod', { clusterName: 'pod' });
 * new hyperpod.ComputeQuota(this, 'Research', {
 *   cluster: pod,
 *   team: hyperpod.Team.of('research'),
 *   resources: [hyperpod.QuotaResource.accelerators({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 })],
 * });
 * new CfnOutput(this, 'Workers', { value: `${pod.instanceGroup('workers').currentCount}` });
 */
@propertyInjectable
@checked('hyperpod.ClusterLookup')
export class ClusterLookup extends ClusterBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ClusterLookup';

  /** The security groups that were passed. */
  public readonly connections: ec2.Connections;

  private readonly lookup: Lookup<string>;

  constructor(scope: Construct, id: string, props: ClusterLookupProps) {
    super(scope, id);
    const problems = new Problems();
    if (isConcrete(props.clusterName) && !isEntityName(props.clusterName)) {
      problems.add(RULES.entityName, { property: 'clusterName', got: props.clusterName, fix: 'take `ClusterName` from `aws sagemaker list-clusters`' });
    }
    problems.throwIfAny(this);

    this.connections = new ec2.Connections({ securityGroups: props.securityGroups });
    this.lookup = new Lookup(this, {
      handler: 'hyperpodLookup',
      operation: 'DescribeCluster',
      input: { ClusterName: props.clusterName },
      refresh: props.refresh,
      permissions: [{
        actions: CLUSTER_LOOKUP_ACTIONS,
        resources: [Stack.of(this).formatArn({ service: 'sagemaker', resource: 'cluster', resourceName: '*' })],
      }],
    });
  }

  public get clusterArn(): string { return this.text('ClusterArn'); }

  public get clusterId(): string { return this.text('ClusterId'); }

  /**
   * The name. Whoever uses it waits for the look-up.
   *
   * @attribute
   */
  public get clusterName(): string { return this.text('ClusterName'); }

  /**
   * The status: `Creating`, `InService`, `Updating`, `SystemUpdating`, `RollingBack`, `Deleting` or `Failed`.
   *
   * @attribute
   */
  public get status(): string { return this.text('ClusterStatus'); }

  /**
   * The reason why the cluster failed. Empty where it didn't.
   *
   * @attribute
   */
  public get statusReason(): string { return this.text('FailureMessage'); }

  /**
   * What orchestrates the nodes: `Eks` or `Slurm`.
   *
   * @attribute
   */
  public get orchestrator(): string { return this.text('Orchestrator'); }

  /**
   * The ARN of the EKS cluster. Fails for clusters with Slurm.
   *
   * @attribute
   */
  public get eksClusterArn(): string { return this.text('EksClusterArn'); }

  /**
   * The name of the EKS cluster, from its ARN. Fails for clusters with Slurm, and so do metrics.
   *
   * @attribute
   */
  public get eksClusterName(): string | undefined { return Fn.select(1, Fn.split('/', this.eksClusterArn)); }

  /**
   * Whether SageMaker repairs nodes by itself: `Automatic` or `None`.
   *
   * @attribute
   */
  public get nodeRecovery(): string { return this.text('NodeRecovery'); }

  /**
   * `Continuous` where nodes are provisioned one by one and have logical ids. Empty elsewhere.
   *
   * @attribute
   */
  public get nodeProvisioningMode(): string { return this.text('NodeProvisioningMode'); }

  /**
   * Whether Karpenter scales the cluster: `Enable` or `Disable`. Empty where it was never set up.
   *
   * @attribute
   */
  public get autoScalingMode(): string { return this.text('AutoScalingMode'); }

  /**
   * The state of autoscaling, such as `InService`. Empty where it was never set up.
   *
   * @attribute
   */
  public get autoScalingStatus(): string { return this.text('AutoScalingStatus'); }

  /**
   * The ARN of the role by which SageMaker scales the cluster. Empty where there is none.
   *
   * @attribute
   */
  public get clusterRoleArn(): string { return this.text('ClusterRole'); }

  /**
   * Whether checkpoints are kept in the memory of the nodes: `Enable` or `Disable`. Empty where it was never set up.
   *
   * @attribute
   */
  public get tieredStorageMode(): string { return this.text('TieredStorageMode'); }

  /**
   * The subnets of the cluster. Fails for clusters in the VPC of SageMaker.
   *
   * @attribute
   */
  public get subnetIds(): string[] { return Fn.split(',', this.text('SubnetIds')); }

  /**
   * The security groups of the cluster. Fails for clusters in the VPC of SageMaker.
   *
   * @attribute
   */
  public get securityGroupIds(): string[] { return Fn.split(',', this.text('SecurityGroupIds')); }

  /**
   * The names of the instance groups, restricted ones too, in alphabetical order: a list with one empty string if there are none.
   *
   * @attribute
   */
  public get instanceGroupNames(): string[] { return Fn.split(',', this.text('InstanceGroupNames')); }

  /**
   * An instance group of the cluster, restricted ones too.
   *
   * The name must be known at synthesis. The deployment fails where something of the group is used and the cluster has no such group.
   */
  public instanceGroup(instanceGroupName: string): FoundInstanceGroup {
    if (!isConcrete(instanceGroupName)) {
      fail(this, RULES.lookupEntryUnknown, { property: 'instanceGroupName', fix: 'use a literal name' });
    }
    if (!isEntityName(instanceGroupName)) {
      fail(this, RULES.entityName, {
        property: 'instanceGroupName', got: instanceGroupName, fix: 'take the name from `aws sagemaker describe-cluster`',
      });
    }
    return FoundInstanceGroup._of(this.lookup, instanceGroupName);
  }

  private text(field: ClusterField): string { return this.lookup.text(field); }
}

/** An instance group as SageMaker has it. */
@checked('hyperpod.FoundInstanceGroup')
export class FoundInstanceGroup {
  /** @internal */
  public static _of(lookup: Lookup<string>, name: string): FoundInstanceGroup {
    return new FoundInstanceGroup(lookup, name);
  }

  private constructor(private readonly lookup: Lookup<string>, private readonly name: string) {}

  /** How many instances the group has. */
  public get currentCount(): number { return this.number('CurrentCount'); }

  /** How many instances the group shall have. Autoscaling changes it outside of CloudFormation. */
  public get targetCount(): number { return this.number('TargetCount'); }

  /** How many instances the group needs to be in service. Empty, and of no use as a number, where it has no minimum. */
  public get minCount(): number { return this.number('MinCount'); }

  /** The type of the instances. Empty for groups with several. */
  public get instanceType(): string { return this.text('InstanceType'); }

  /** The types that instances may have, the preferred first. */
  public get instanceTypes(): string[] { return Fn.split(',', this.text('InstanceTypes')); }

  /** `InService`, `Creating`, `Updating`, `SystemUpdating`, `Degraded`, `Failed` or `Deleting`. Empty where SageMaker doesn't say. */
  public get status(): string { return this.text('Status'); }

  /** The ARN of the role that the instances have. */
  public get executionRoleArn(): string { return this.text('ExecutionRole'); }

  /** The ARN of the training plan that the instances come from. Empty where there is none. */
  public get trainingPlanArn(): string { return this.text('TrainingPlanArn'); }

  /** The state of the training plan. Empty where there is none. */
  public get trainingPlanStatus(): string { return this.text('TrainingPlanStatus'); }

  /** The release of the image that the instances run. */
  public get currentImageReleaseVersion(): string { return this.text('CurrentImageReleaseVersion'); }

  /** The release of the image that the instances shall run. */
  public get desiredImageReleaseVersion(): string { return this.text('DesiredImageReleaseVersion'); }

  /** `UpToDate`, `UpdateAvailable`, `SecurityUpdateRequired` or `EndOfLife`. */
  public get imageVersionStatus(): string { return this.text('ImageVersionStatus'); }

  /** The subnets of the group, or else those of the cluster. */
  public get subnetIds(): string[] { return Fn.split(',', this.text('SubnetIds')); }

  /** The security groups of the group, or else those of the cluster. */
  public get securityGroupIds(): string[] { return Fn.split(',', this.text('SecurityGroupIds')); }

  private text(field: InstanceGroupField): string { return this.lookup.text(instanceGroupField(this.name, field)); }

  private number(field: InstanceGroupField): number { return this.lookup.number(instanceGroupField(this.name, field)); }
}
