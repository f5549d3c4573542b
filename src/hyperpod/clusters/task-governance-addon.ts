import { CfnResource, Resource } from 'aws-cdk-lib';
import * as eks from 'aws-cdk-lib/aws-eks';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { checked } from '../../private/inputs/checked';

/** Properties of the task-governance add-on. */
export interface TaskGovernanceAddonProps {
  /**
   * The EKS cluster that orchestrates the HyperPod cluster. It needs Kubernetes 1.30 or newer, and no Kueue of its own: remove
   * that first.
   *
   * Another cluster replaces the add-on.
   */
  readonly eksCluster: eks.IClusterRef;

  /**
   * The HyperPod cluster on whose nodes the add-on runs, where this app creates it: the add-on is created after it, since it
   * becomes ready only on nodes that are there.
   *
   * @default - the nodes are there already
   */
  readonly cluster?: sagemaker.IClusterRef;

  /**
   * The version, such as `v1.6.0-eksbuild.1`. Updated in place, but some steps between versions need work by hand before: see
   * the upgrade page.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-upgrade.html
   * @default - the version that EKS installs by default on the day of creation
   */
  readonly version?: string;

  /**
   * Settings that the configuration schema of the add-on's version allows. Updated in place.
   *
   * @default - the add-on's own
   */
  readonly configuration?: { [key: string]: any };

  /**
   * Whether Kueue and its objects stay in the EKS cluster when the add-on is deleted.
   *
   * @default false
   */
  readonly preserveOnDelete?: boolean;
}

/**
 * The EKS add-on that compute quotas and scheduler configurations work through: Kueue, run by SageMaker.
 *
 * Pass it to quotas and to the scheduler configuration as `taskGovernance`, so that they are created in the right order. The
 * add-on itself costs nothing.
 *
 * @resource AWS::EKS::Addon
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-setup.html
 *
 * @example
 * import * as eks from 'aws-cdk-lib/aws-eks';
 *
 * declare const eksCluster: eks.CfnCluster;
 * declare const pod: sagemaker.CfnCluster;
 * const taskGovernance = new hyperpod.TaskGovernanceAddon(this, 'TaskGovernance', { eksCluster, cluster: pod });
 *
 * new hyperpod.ComputeQuota(this, 'Research', {
 *   cluster: pod,
 *   taskGovernance,
 *   team: hyperpod.Team.of('research'),
 *   resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 2 })],
 * });
 */
@propertyInjectable
@checked('hyperpod.TaskGovernanceAddon')
export class TaskGovernanceAddon extends Resource implements eks.IAddonRef {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.TaskGovernanceAddon';

  /** The name that EKS has for the add-on. */
  public static readonly ADDON_NAME = 'amazon-sagemaker-hyperpod-taskgovernance';

  /**
   * The ARN of the add-on.
   *
   * @attribute
   */
  public readonly addonArn: string;

  /** A reference to the add-on. */
  public readonly addonRef: eks.AddonReference;

  constructor(scope: Construct, id: string, props: TaskGovernanceAddonProps) {
    super(scope, id);

    const resource = new eks.CfnAddon(this, 'Resource', {
      clusterName: props.eksCluster.clusterRef.clusterName,
      addonName: TaskGovernanceAddon.ADDON_NAME,
      addonVersion: props.version,
      configurationValues: props.configuration && this.stack.toJsonString(props.configuration),
      preserveOnDelete: props.preserveOnDelete,
    });
    const cluster = props.cluster && resourceOf(props.cluster);
    if (cluster) { resource.addResourceDependency(cluster); }

    this.addonRef = resource.addonRef;
    this.addonArn = resource.attrArn;
  }
}

/** The resource behind a reference, where it is created in this app. */
function resourceOf(cluster: sagemaker.IClusterRef): CfnResource | undefined {
  const candidate = CfnResource.isCfnResource(cluster) ? cluster : cluster.node.defaultChild;
  return candidate && CfnResource.isCfnResource(candidate) ? candidate : undefined;
}
