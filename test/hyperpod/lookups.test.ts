import { App, CfnOutput, CfnParameter, Stack, Token, aws_kms as kms, aws_s3 as s3, aws_ssm as ssm } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  Cluster, ClusterLookup, ClusterNodesLookup, ClusterNodesOutput, ComputeQuota, InstanceType, NodeField, QuotaResource, Team,
  type ClusterNodesLookupProps, type FoundInstanceGroup,
} from '../../src/hyperpod';
import {
  CLUSTER_FIELDS, INSTANCE_GROUP_FIELDS, NODE_FIELDS, NODES_FIELDS, PARAMETER_BYTES, nodeSeparator,
} from '../../src/private/contracts/hyperpod-lookup';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../src/training-plans';

const TYPE = 'Custom::HpcHyperPodLookup';
const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

let stack: Stack;
beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack'); });

const find = (refresh?: string) => new ClusterLookup(stack, 'Pod', { clusterName: 'pod', refresh });
const pod = () => Cluster.fromClusterArn(stack, 'Pod', ARN);
const nodes = (props: Partial<ClusterNodesLookupProps> = {}) => new ClusterNodesLookup(stack, 'Nodes', { cluster: pod(), ...props });

function template(): Template {
  return Template.fromStack(stack);
}

/** What the role may do, but for its log. */
function permissions(): unknown[] {
  const [role] = Object.values(template().findResources('AWS::IAM::Role'));
  const [{ PolicyDocument }] = role.Properties.Policies as { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } }[];
  return PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, Resource]);
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
    expect(permissions()).toEqual([['sagemaker:DescribeCluster', {
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

describe('a look-up of nodes', () => {
  const GETTERS: Record<typeof NODES_FIELDS[number], (found: ClusterNodesLookup) => unknown> = {
    Count: found => found.count,
    CurrentImageReleaseVersion: found => found.currentImageReleaseVersions,
    ImageVersionStatus: found => found.imageVersionStatuses,
    InstanceGroupName: found => found.instanceGroupNames,
    InstanceId: found => found.instanceIds,
    InstanceStatus: found => found.instanceStatuses,
    InstanceStatusMessage: found => found.instanceStatusMessages,
    InstanceType: found => found.instanceTypes,
    LastSoftwareUpdateTime: found => found.lastSoftwareUpdateTimes,
    LaunchTime: found => found.launchTimes,
    NodeLogicalId: found => found.nodeLogicalIds,
    PrivateDnsHostname: found => found.privateDnsHostnames,
    UltraServerId: found => found.ultraServerIds,
    UltraServerType: found => found.ultraServerTypes,
  };

  test.each(NODES_FIELDS)('asks for %s where it is used, and for nothing else', field => {
    const attribute = { 'Fn::GetAtt': ['Nodes66C30434', field] };
    const expected = field === 'Count' ? attribute : { 'Fn::Split': [nodeSeparator(field), attribute] };
    expect(stack.resolve(GETTERS[field](nodes()))).toEqual(expected);
    template().hasResourceProperties(TYPE, { Fields: field });
  });

  test('asks the question of its props, and may list the nodes of this one cluster', () => {
    nodes({ instanceGroupName: 'workers', createdAfter: '2026-11-22', createdBefore: '2026-11-23T00:00:00+01:00', includePending: true });
    template().hasResourceProperties(TYPE, {
      Operation: 'ListClusterNodes',
      Input: {
        ClusterName: ARN,
        InstanceGroupName: 'workers',
        CreationTimeAfter: '2026-11-22',
        CreationTimeBefore: '2026-11-23T00:00:00+01:00',
        IncludePending: 'true',
      },
      Fields: Match.absent(),
    });
    expect(permissions()).toEqual([['sagemaker:ListClusterNodes', ARN]]);
  });

  test('asks nothing that was not given', () => {
    nodes({ includePending: false });
    expect(Object.values(template().findResources(TYPE))[0].Properties.Input).toEqual({ ClusterName: ARN });
  });

  test('writes to a parameter, with that permission alone', () => {
    const parameter = new ssm.StringParameter(stack, 'Parameter', { stringValue: '[]' });
    const fields = [NodeField.NODE_LOGICAL_ID, NodeField.INSTANCE_ID, NodeField.INSTANCE_ID];
    nodes({ output: ClusterNodesOutput.toParameter({ parameter, fields }) });
    template().hasResourceProperties(TYPE, {
      Input: {
        ClusterName: ARN,
        OutputParameterName: { Ref: 'Parameter9E1B4FBA' },
        OutputParameterTier: 'Standard',
        OutputFields: 'InstanceId,NodeLogicalId',
      },
    });
    expect(permissions()).toEqual([['sagemaker:ListClusterNodes', ARN], ['ssm:PutParameter', stack.resolve(parameter.parameterArn)]]);
  });

  test.each(Object.values(ssm.ParameterTier))('the handler knows the room of the tier %s', tier => {
    const parameter = ssm.StringParameter.fromStringParameterName(stack, 'Parameter', '/nodes');
    nodes({ output: ClusterNodesOutput.toParameter({ parameter, tier }) });
    template().hasResourceProperties(TYPE, { Input: { OutputParameterName: '/nodes', OutputParameterTier: tier } });
    expect(PARAMETER_BYTES).toHaveProperty(tier);
  });

  test('writes to one object, encrypted with the key of the bucket', () => {
    const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'Key') });
    nodes({ output: ClusterNodesOutput.toObject({ bucket, objectKey: 'pod/nodes.json' }) });
    template().hasResourceProperties(TYPE, {
      Input: { ClusterName: ARN, OutputBucketName: { Ref: 'Bucket83908E77' }, OutputObjectKey: 'pod/nodes.json' },
    });
    expect(permissions()).toEqual([
      ['sagemaker:ListClusterNodes', ARN],
      ['s3:PutObject', stack.resolve(bucket.arnForObjects('pod/nodes.json'))],
      ['kms:GenerateDataKey', stack.resolve(bucket.encryptionKey!.keyArn)],
    ]);
  });

  test('writes to a bucket without a key of its own', () => {
    nodes({ output: ClusterNodesOutput.toObject({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'lists'), objectKey: 'a' }) });
    expect(permissions()).toHaveLength(2);
  });

  test('every field of a node can be chosen for the output', () => {
    expect(Object.values(NodeField).sort()).toEqual([...NODE_FIELDS].sort());
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
