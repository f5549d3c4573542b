import { Token, type Duration } from 'aws-cdk-lib';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as eks_v2 from 'aws-cdk-lib/aws-eks-v2';
import type * as s3_assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { checked } from '../../private/inputs/checked';

/** How the chart of the HyperPod dependencies is installed. */
export interface HyperPodDependenciesOptions {
  /**
   * The folder of the chart as an asset, with the charts that it depends on in `charts/`: run `helm dependency update` in it.
   *
   * @see https://github.com/aws/sagemaker-hyperpod-cli/tree/main/helm_chart
   */
  readonly chart: s3_assets.Asset;

  /**
   * The values of the chart. Another value upgrades the release in place.
   *
   * @default - those of the chart
   */
  readonly values?: { readonly [key: string]: any };

  /**
   * The Kubernetes namespace of the release, which is created where it is missing.
   *
   * Another one installs the release there too, and leaves the first one where it is.
   *
   * @default 'kube-system'
   */
  readonly kubernetesNamespace?: string;

  /**
   * The name of the release. Another one installs a second release, and leaves the first one where it is.
   *
   * @default 'hyperpod-dependencies'
   */
  readonly releaseName?: string;

  /**
   * How long the installation may take: at most 15 minutes.
   *
   * @default - 5 minutes, as Helm has it
   */
  readonly timeout?: Duration;
}

/** The dependencies for a cluster of `aws_eks`. */
export interface EksDependenciesProps extends HyperPodDependenciesOptions {
  /** The EKS cluster, with a kubectl layer. */
  readonly cluster: eks.ICluster;
}

/** The dependencies for a cluster of `aws_eks_v2`. */
export interface EksV2DependenciesProps extends HyperPodDependenciesOptions {
  /** The EKS cluster, with `kubectlProviderOptions`. */
  readonly cluster: eks_v2.ICluster;
}

/**
 * Installs the Helm chart of the HyperPod dependencies on an EKS cluster: the health monitoring agent, device plugins, training
 * operators and the like.
 *
 * They must be there before a HyperPod cluster is created, or its creation fails after some 20 minutes. So hand it to the
 * orchestrator of the HyperPod cluster, which then waits for it and is deleted before it. The installation doesn't wait for
 * pods, which need the nodes that come later.
 *
 * It needs the kubectl provider of the EKS cluster, whose Lambda function CDK makes. There is no charge for the chart.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-install-packages-using-helm-chart.html
 *
 * @example
 * import * as eks from 'aws-cdk-lib/aws-eks';
 * import * as s3_assets from 'aws-cdk-lib/aws-s3-assets';
 *
 * declare const eksCluster: eks.Cluster;
 *
 * const chart = new s3_assets.Asset(this, 'Chart', { path: 'sagemaker-hyperpod-cli/helm_chart/HyperPodHelmChart' });
 * const dependencies = hyperpod.HyperPodDependencies.forEksCluster(this, 'Dependencies', { cluster: eksCluster, chart });
 */
@checked('hyperpod.HyperPodDependencies')
export class HyperPodDependencies extends Construct {
  /** Installs the chart on a cluster of `aws_eks`. */
  public static forEksCluster(scope: Construct, id: string, props: EksDependenciesProps): HyperPodDependencies {
    const dependencies = new HyperPodDependencies(scope, id, installsGpuOperator(props.values));
    new eks.HelmChart(dependencies, 'Chart', { cluster: props.cluster, ...chartProps(props) });
    return dependencies;
  }

  /** Installs the chart on a cluster of `aws_eks_v2`. */
  public static forEksV2Cluster(scope: Construct, id: string, props: EksV2DependenciesProps): HyperPodDependencies {
    const dependencies = new HyperPodDependencies(scope, id, installsGpuOperator(props.values));
    new eks_v2.HelmChart(dependencies, 'Chart', { cluster: props.cluster, ...chartProps(props) });
    return dependencies;
  }

  private constructor(
    scope: Construct, id: string,
    /** @internal */
    public readonly _gpuOperator?: boolean,
  ) {
    super(scope, id);
  }
}

/** Whether the chart installs the GPU operator, which it does where it is told to. Undefined where it isn't known. */
function installsGpuOperator(values: HyperPodDependenciesOptions['values']): boolean | undefined {
  if (Token.isUnresolved(values)) { return undefined; }
  const operator: unknown = values?.['gpu-operator'];
  const enabled = typeof operator === 'object' && operator !== null && !Token.isUnresolved(operator) ? (operator as { enabled?: unknown }).enabled : operator;
  return Token.isUnresolved(operator) || Token.isUnresolved(enabled) ? undefined : enabled === true || enabled === 'true';
}

function chartProps(options: HyperPodDependenciesOptions) {
  return {
    chartAsset: options.chart,
    values: options.values,
    namespace: options.kubernetesNamespace ?? 'kube-system',
    release: options.releaseName ?? 'hyperpod-dependencies',
    timeout: options.timeout,
    createNamespace: options.kubernetesNamespace !== undefined,
  };
}
