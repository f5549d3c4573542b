import { App, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import {
  Cluster, ClusterSchedulerConfig, ClusterSchedulerConfigGrants, ComputeQuota, InstanceType, Instances, Orchestrator,
  TaskGovernanceAddon, Team,
  type ClusterSchedulerConfigProps, type IClusterSchedulerConfigRef,
} from '../../../src/hyperpod';

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const TYPE = 'AWS::SageMaker::ClusterSchedulerConfig';

function makeStack(): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack');
}

function makeConfig(stack: Stack, props: Partial<ClusterSchedulerConfigProps> = {}): ClusterSchedulerConfig {
  return new ClusterSchedulerConfig(stack, 'Policy', { cluster: Cluster.fromClusterArn(stack, 'Cluster', CLUSTER_ARN), ...props });
}

function propertiesOf(stack: Stack): Record<string, any> {
  return Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties;
}

describe('ClusterSchedulerConfig', () => {
  test('the smallest one leaves every choice to SageMaker', () => {
    const stack = makeStack();
    makeConfig(stack);
    expect(propertiesOf(stack)).toEqual({ Name: expect.stringMatching(/^policy-[0-9a-f]{8}$/), ClusterArn: CLUSTER_ARN, SchedulerConfig: {} });
  });

  test('every property, and tags', () => {
    const stack = makeStack();
    makeConfig(stack, {
      clusterSchedulerConfigName: 'policy',
      description: 'who goes first',
      priorityClasses: [{ name: 'inference', weight: 100 }, { name: 'training', weight: 0 }],
      fairShare: true,
      idleResourceSharing: false,
    });
    Tags.of(stack).add('app', 'llm');
    expect(propertiesOf(stack)).toEqual({
      Name: 'policy',
      Description: 'who goes first',
      ClusterArn: CLUSTER_ARN,
      SchedulerConfig: {
        PriorityClasses: [{ Name: 'inference', Weight: 100 }, { Name: 'training', Weight: 0 }],
        FairShare: 'Enabled',
        IdleResourceSharing: 'Disabled',
      },
      Tags: [{ Key: 'app', Value: 'llm' }],
    });
  });

  test('attributes come from the resource', () => {
    const stack = makeStack();
    const config = makeConfig(stack);
    const attribute = (name: string) => ({ 'Fn::GetAtt': [stack.getLogicalId(config.node.defaultChild as any), name] });
    expect(stack.resolve({
      ref: config.clusterSchedulerConfigRef,
      id: config.clusterSchedulerConfigId,
      version: config.clusterSchedulerConfigVersion,
      status: config.status,
    })).toEqual({
      ref: { clusterSchedulerConfigArn: attribute('ClusterSchedulerConfigArn') },
      id: attribute('ClusterSchedulerConfigId'),
      version: attribute('ClusterSchedulerConfigVersion'),
      status: attribute('Status'),
    });
  });

  test('imports create nothing', () => {
    const stack = makeStack();
    const arn = 'arn:aws:sagemaker:eu-west-1:444455556666:cluster-scheduler-config/q1w2e3r4t5y6';
    const byArn = ClusterSchedulerConfig.fromClusterSchedulerConfigArn(stack, 'ByArn', arn);
    expect(byArn.clusterSchedulerConfigId).toBe('q1w2e3r4t5y6');
    expect(byArn.env).toEqual({ account: '444455556666', region: 'eu-west-1' });
    const byId = ClusterSchedulerConfig.fromClusterSchedulerConfigId(stack, 'ById', 'q1w2e3r4t5y6');
    expect(JSON.stringify(stack.resolve(byId.clusterSchedulerConfigRef))).toContain(':cluster-scheduler-config/q1w2e3r4t5y6');
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test.each([
    ['read', 'sagemaker:DescribeClusterSchedulerConfig'],
    ['manage', ['sagemaker:DescribeClusterSchedulerConfig', 'sagemaker:UpdateClusterSchedulerConfig']],
  ] as const)('the grant %s is limited to the configuration', (verb, actions) => {
    const stack = makeStack();
    const config = makeConfig(stack);
    config.grants[verb](new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: actions, Effect: 'Allow', Resource: stack.resolve(config.clusterSchedulerConfigArn) }] },
    });
  });

  test('grants need no more than a reference to the configuration', () => {
    const stack = makeStack();
    const arn = 'arn:aws:sagemaker:us-east-1:111122223333:cluster-scheduler-config/q1w2e3r4t5y6';
    const ref: IClusterSchedulerConfigRef = Object.assign(new Construct(stack, 'Theirs'), {
      env: stack.env, clusterSchedulerConfigRef: { clusterSchedulerConfigArn: arn },
    });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    ClusterSchedulerConfigGrants.fromClusterSchedulerConfig(ref).actions(role, 'sagemaker:ListTags', 'sagemaker:AddTags');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: ['sagemaker:ListTags', 'sagemaker:AddTags'], Effect: 'Allow', Resource: arn }] },
    });
  });

  test('bad input is told all together, and leaves nothing half made', () => {
    const stack = makeStack();
    let message = '';
    try {
      makeConfig(stack, {
        clusterSchedulerConfigName: 'no_good',
        priorityClasses: [{ name: 'A', weight: -1 }, ...Array.from({ length: 10 }, (_, i) => ({ name: `c${i}`, weight: i }))],
      });
    } catch (error) { message = (error as Error).message; }
    expect(message.match(/\[hyperpod\.\w+\]/g)).toEqual([
      '[hyperpod.entityName]', '[hyperpod.priorityClassCount]', '[hyperpod.priorityClassName]', '[hyperpod.priorityClassWeight]',
    ]);
    expect(Template.fromStack(stack).findResources(TYPE)).toEqual({});
  });
});

test('an add-on that depends on a cluster with quotas and a scheduler configuration makes no circle', () => {
  const stack = makeStack();
  const platform = new eks.CfnCluster(stack, 'Platform', {
    roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: ['subnet-1'] }, accessConfig: { authenticationMode: 'API' },
  });
  const pod = new Cluster(stack, 'Pod', { orchestrator: Orchestrator.eks(platform), vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }) });
  pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: InstanceType.P5_48XLARGE, count: 1 }) });
  const taskGovernance = new TaskGovernanceAddon(stack, 'TaskGovernance', { eksCluster: platform });
  taskGovernance.node.addDependency(pod);
  pod.addComputeQuota('Research', { team: Team.of('research'), resources: [], taskGovernance });
  pod.addClusterSchedulerConfig('Policy', { taskGovernance });
  const [{ DependsOn }] = Object.values(Template.fromStack(stack).findResources('AWS::EKS::Addon'));
  expect(DependsOn).toContain(stack.getLogicalId(pod.node.defaultChild as sagemaker.CfnCluster));
});

describe('TaskGovernanceAddon', () => {
  const eksCluster = (stack: Stack) => new eks.CfnCluster(stack, 'Eks', { resourcesVpcConfig: { subnetIds: [] }, roleArn: 'arn:aws:iam::111122223333:role/eks' });

  test('is an EKS add-on', () => {
    const stack = makeStack();
    new TaskGovernanceAddon(stack, 'TaskGovernance', {
      eksCluster: eksCluster(stack), version: 'v1.6.0-eksbuild.1', configuration: { replicas: 2 }, preserveOnDelete: true,
    });
    Template.fromStack(stack).hasResource('AWS::EKS::Addon', {
      Properties: {
        AddonName: 'amazon-sagemaker-hyperpod-taskgovernance',
        AddonVersion: 'v1.6.0-eksbuild.1',
        ClusterName: { Ref: 'Eks' },
        ConfigurationValues: '{"replicas":2}',
        PreserveOnDelete: true,
      },
    });
  });

  test('stands between the cluster and what works through it', () => {
    const stack = makeStack();
    const cluster = new sagemaker.CfnCluster(stack, 'Pod', { instanceGroups: [] });
    const taskGovernance = new TaskGovernanceAddon(stack, 'TaskGovernance', { eksCluster: eksCluster(stack), cluster });
    const quota = new ComputeQuota(stack, 'Quota', { cluster, taskGovernance, team: Team.of('research'), resources: [] });
    const config = new ClusterSchedulerConfig(stack, 'Policy', { cluster, taskGovernance });
    const resources = Template.fromStack(stack).toJSON().Resources;
    const idOf = (construct: { node: { defaultChild?: unknown } }) => stack.getLogicalId(construct.node.defaultChild as any);
    expect(resources[idOf(taskGovernance)].DependsOn).toEqual(['Pod']);
    expect(resources[idOf(quota)].DependsOn).toEqual([idOf(taskGovernance)]);
    expect(resources[idOf(config)].DependsOn).toEqual([idOf(taskGovernance)]);
    expect(stack.resolve(taskGovernance.addonArn)).toEqual({ 'Fn::GetAtt': [idOf(taskGovernance), 'Arn'] });
  });

  test.each<[string, (stack: Stack) => eks.IAddonRef]>([
    ['the L1', stack => new eks.CfnAddon(stack, 'Addon', { addonName: TaskGovernanceAddon.ADDON_NAME, clusterName: 'eks' })],
    ['the L2 of the CDK', stack => new eks.Addon(stack, 'Addon', {
      addonName: TaskGovernanceAddon.ADDON_NAME, cluster: eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'eks' }),
    })],
  ])('is %s, where somebody installs it so', (_, addon) => {
    const stack = makeStack();
    const cluster = Cluster.fromClusterArn(stack, 'Cluster', CLUSTER_ARN);
    const taskGovernance = addon(stack);
    new ComputeQuota(stack, 'Quota', { cluster, taskGovernance, team: Team.of('research'), resources: [] });
    new ClusterSchedulerConfig(stack, 'Policy', { cluster, taskGovernance });
    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources('AWS::EKS::Addon'));
    for (const type of ['AWS::SageMaker::ComputeQuota', TYPE]) {
      expect(Object.values(template.findResources(type)).map(({ DependsOn }) => DependsOn)).toEqual([[id]]);
    }
  });

  test('that was imported is there, and waited for by nothing', () => {
    const stack = makeStack();
    makeConfig(stack, { taskGovernance: eks.Addon.fromAddonArn(stack, 'Addon', 'arn:aws:eks:us-east-1:111122223333:addon/eks/amazon/a1b2c3d4') });
    expect(Object.values(Template.fromStack(stack).findResources(TYPE))[0].DependsOn).toBeUndefined();
  });

  test('is a reference to itself', () => {
    const stack = makeStack();
    const taskGovernance = new TaskGovernanceAddon(stack, 'TaskGovernance', { eksCluster: eksCluster(stack) });
    expect(taskGovernance.addonRef.addonArn).toBe(taskGovernance.addonArn);
  });

  test('depends on nothing where the cluster is there already', () => {
    const stack = makeStack();
    const cluster = Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN);
    new TaskGovernanceAddon(stack, 'TaskGovernance', { eksCluster: eksCluster(stack), cluster });
    expect(Object.values(Template.fromStack(stack).findResources('AWS::EKS::Addon'))[0].DependsOn).toBeUndefined();
  });
});

describe('Team', () => {
  test('knows its namespace, its queue and the labels of its pods', () => {
    const team = Team.of('research');
    expect(team.kubernetesNamespace).toBe('hyperpod-ns-research');
    expect(team.localQueue).toBe('hyperpod-ns-research-localqueue');
    expect(team.podLabels()).toEqual({ 'kueue.x-k8s.io/queue-name': 'hyperpod-ns-research-localqueue' });
    expect(team.podLabels({ priorityClass: 'training' })).toEqual({
      'kueue.x-k8s.io/queue-name': 'hyperpod-ns-research-localqueue',
      'kueue.x-k8s.io/priority-class': 'training-priority',
    });
    expect(Team.workloadPriorityClass('training')).toBe('training-priority');
  });

  test('with the longest name has a queue that fits into a label value', () => {
    expect(Team.of('a'.repeat(40)).localQueue).toHaveLength(63);
  });
});
