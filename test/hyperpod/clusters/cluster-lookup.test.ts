import { App, CfnOutput, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClusterLookup, ClusterNodesLookup, ComputeQuota, InstanceType, QuotaResource, Team, type FoundInstanceGroup } from '../../../src/hyperpod';
import { CLUSTER_FIELDS, INSTANCE_GROUP_FIELDS } from '../../../src/private/contracts/hyperpod-lookup';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../../src/training-plans';
import { readsOf } from '../reads';

const TYPE = 'Custom::HpcHyperPodLookup';

let stack: Stack;
beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack'); });

const find = (refresh?: string) => new ClusterLookup(stack, 'Pod', { clusterName: 'pod', refresh });

function template(): Template {
  return Template.fromStack(stack);
}

describe('a look-up of a cluster', () => {
  const GETTERS: Record<typeof CLUSTER_FIELDS[number], (found: ClusterLookup) => unknown> = {
    AutoScalingMode: found => found.autoScalingMode,
    AutoScalingStatus: found => found.autoScalingStatus,
    ClusterArn: found => found.clusterArn,
    ClusterId: found => found.clusterId,
    ClusterName: found => found.clusterName,
    ClusterRole: found => found.clusterRoleArn,
    ClusterStatus: found => found.status,
    EksClusterArn: found => found.eksClusterArn,
    FailureMessage: found => found.statusReason,
    InstanceGroupNames: found => found.instanceGroupNames,
    NodeProvisioningMode: found => found.nodeProvisioningMode,
    NodeRecovery: found => found.nodeRecovery,
    Orchestrator: found => found.orchestrator,
    SecurityGroupIds: found => found.securityGroupIds,
    SubnetIds: found => found.subnetIds,
    TieredStorageMode: found => found.tieredStorageMode,
  };
  const GROUP_GETTERS: Record<typeof INSTANCE_GROUP_FIELDS[number], (found: FoundInstanceGroup) => unknown> = {
    CurrentCount: found => found.currentCount,
    CurrentImageReleaseVersion: found => found.currentImageReleaseVersion,
    DesiredImageReleaseVersion: found => found.desiredImageReleaseVersion,
    ExecutionRole: found => found.executionRoleArn,
    ImageVersionStatus: found => found.imageVersionStatus,
    InstanceType: found => found.instanceType,
    InstanceTypes: found => found.instanceTypes,
    MinCount: found => found.minCount,
    SecurityGroupIds: found => found.securityGroupIds,
    Status: found => found.status,
    SubnetIds: found => found.subnetIds,
    TargetCount: found => found.targetCount,
    TrainingPlanArn: found => found.trainingPlanArn,
    TrainingPlanStatus: found => found.trainingPlanStatus,
  };

  test.each(CLUSTER_FIELDS)('asks for %s where it is used, and for nothing else', field => {
    const value = JSON.stringify(stack.resolve(GETTERS[field](find())));
    expect(value).toContain(JSON.stringify({ 'Fn::GetAtt': ['Pod165DC3EF', field] }));
    template().hasResourceProperties(TYPE, { Operation: 'DescribeCluster', Input: { ClusterName: 'pod' }, Fields: field });
  });

  test.each(INSTANCE_GROUP_FIELDS)('asks for %s of an instance group', field => {
    const value = JSON.stringify(stack.resolve(GROUP_GETTERS[field](find().instanceGroup('workers'))));
    expect(value).toContain(`["Pod165DC3EF","Groups/workers/${field}"]`);
    template().hasResourceProperties(TYPE, { Fields: `Groups/workers/${field}` });
  });

  test('counts are numbers, lists are lists', () => {
    const group = find().instanceGroup('workers');
    expect([group.currentCount, group.targetCount, group.minCount].map(value => [typeof value, Token.isUnresolved(value)]))
      .toEqual(Array(3).fill(['number', true]));
    expect(stack.resolve(group.subnetIds)).toEqual({ 'Fn::Split': [',', { 'Fn::GetAtt': ['Pod165DC3EF', 'Groups/workers/SubnetIds'] }] });
  });

  test('may describe clusters, since a policy does not know names', () => {
    find();
    expect(readsOf(stack)).toEqual([['sagemaker:DescribeCluster', {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':cluster/*']],
    }]]);
  });

  test('is a cluster for quotas and look-ups of nodes, which wait for it', () => {
    const cluster = find();
    const resources = [QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 1 })];
    new ComputeQuota(stack, 'Quota', { cluster, team: Team.of('research'), resources });
    new ClusterNodesLookup(stack, 'Nodes', { cluster });
    const arn = { 'Fn::GetAtt': ['Pod165DC3EF', 'ClusterArn'] };
    template().hasResourceProperties('AWS::SageMaker::ComputeQuota', { ClusterArn: arn });
    template().hasResourceProperties(TYPE, { Operation: 'ListClusterNodes', Input: { ClusterName: arn } });
  });

  test('has the security groups that it was given', () => {
    const group = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
    const { connections } = new ClusterLookup(stack, 'Pod', { clusterName: 'pod', securityGroups: [group] });
    expect(connections.securityGroups).toEqual([group]);
    expect(new ClusterLookup(stack, 'Other', { clusterName: 'pod' }).connections.securityGroups).toEqual([]);
  });

  test('takes a name that is known at deployment, and can be read again', () => {
    const clusterName = new CfnParameter(stack, 'Name').valueAsString;
    new ClusterLookup(stack, 'Pod', { clusterName, refresh: '2' });
    template().hasResourceProperties(TYPE, { Input: { ClusterName: { Ref: 'Name' } }, Fields: Match.absent(), Refresh: '2' });
  });
});

test('a stack has one handler for all look-ups of HyperPod, and another one for those of training plans', () => {
  const cluster = find();
  new CfnOutput(stack, 'Count', { value: `${new ClusterNodesLookup(stack, 'Nodes', { cluster }).count}` });
  template().resourceCountIs('AWS::Lambda::Function', 1);
  const both = new Stack(new App({ analyticsReporting: false }), 'Both');
  new ClusterLookup(both, 'Pod', { clusterName: 'pod' });
  new TrainingPlanLookup(both, 'Plan', { trainingPlan: TrainingPlanSelector.byName('plan') });
  Template.fromStack(both).resourceCountIs('AWS::Lambda::Function', 2);
});
