import { join } from 'node:path';
import { App, CfnResource, Duration, Stack, aws_eks as eks, aws_eks_v2 as eks_v2, aws_lambda as lambda, aws_s3_assets as s3_assets } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { HyperPodDependencies, type HyperPodDependenciesOptions } from '../../../src/hyperpod';

const TYPE = 'Custom::AWSCDK-EKS-HelmChart';

let stack: Stack;
let chart: s3_assets.Asset;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  chart = new s3_assets.Asset(stack, 'Chart', { path: join(__dirname, '..', 'chart') });
});

const kubectlLayer = () => lambda.LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1');

function v1(options: Partial<HyperPodDependenciesOptions> = {}): HyperPodDependencies {
  const cluster = new eks.Cluster(stack, 'Eks', {
    version: eks.KubernetesVersion.V1_33, kubectlLayer: kubectlLayer(), defaultCapacity: 0, authenticationMode: eks.AuthenticationMode.API,
  });
  return HyperPodDependencies.forEksCluster(stack, 'Dependencies', { cluster, chart, ...options });
}

function v2(options: Partial<HyperPodDependenciesOptions> = {}): HyperPodDependencies {
  const cluster = new eks_v2.Cluster(stack, 'Eks', {
    version: eks_v2.KubernetesVersion.V1_33,
    kubectlProviderOptions: { kubectlLayer: kubectlLayer() },
    defaultCapacityType: eks_v2.DefaultCapacityType.NODEGROUP,
    defaultCapacity: 0,
  });
  return HyperPodDependencies.forEksV2Cluster(stack, 'Dependencies', { cluster, chart, ...options });
}

describe.each([['aws_eks', v1], ['aws_eks_v2', v2]])('on a cluster of %s', (_module, install) => {
  test('installs the chart where the documentation has it, without waiting for pods', () => {
    install();
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Release: 'hyperpod-dependencies',
      Namespace: 'kube-system',
      ChartAssetURL: { 'Fn::Sub': `s3://cdk-hnb659fds-assets-\${AWS::AccountId}-\${AWS::Region}/${chart.assetHash}.zip` },
      Values: Match.absent(),
      Wait: Match.absent(),
      Timeout: Match.absent(),
      CreateNamespace: Match.absent(),
    });
  });

  test('takes values, a namespace, a name and a timeout', () => {
    install({ values: { mlflow: { enabled: false } }, kubernetesNamespace: 'hyperpod', releaseName: 'deps', timeout: Duration.minutes(10) });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Release: 'deps', Namespace: 'hyperpod', CreateNamespace: true, Timeout: '600s', Values: '{"mlflow":{"enabled":false}}',
    });
  });

  test('can be waited for, and nothing but the chart is waited for', () => {
    const dependencies = install();
    const waiting: Construct = new CfnResource(stack, 'Pod', { type: 'AWS::SageMaker::Cluster' });
    waiting.node.addDependency(dependencies);
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SageMaker::Cluster', { DependsOn: Object.keys(template.findResources(TYPE)) });
  });
});
