import { App, Stack, aws_kms as kms, aws_s3 as s3, aws_ssm as ssm } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Cluster, ClusterNodesLookup, ClusterNodesOutput, NodeField, type ClusterNodesLookupProps } from '../../../src/hyperpod';
import { NODE_FIELDS, NODES_FIELDS, PARAMETER_BYTES, nodeSeparator } from '../../../src/private/contracts/hyperpod-lookup';
import { readsOf } from '../reads';

const TYPE = 'Custom::HpcHyperPodLookup';
const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

let stack: Stack;
beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack'); });

const nodes = (props: Partial<ClusterNodesLookupProps> = {}) =>
  new ClusterNodesLookup(stack, 'Nodes', { cluster: Cluster.fromClusterArn(stack, 'Pod', ARN), ...props });

function template(): Template {
  return Template.fromStack(stack);
}

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
    expect(readsOf(stack)).toEqual([['sagemaker:ListClusterNodes', ARN]]);
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
    expect(readsOf(stack)).toEqual([['sagemaker:ListClusterNodes', ARN], ['ssm:PutParameter', stack.resolve(parameter.parameterArn)]]);
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
    expect(readsOf(stack)).toEqual([
      ['sagemaker:ListClusterNodes', ARN],
      ['s3:PutObject', stack.resolve(bucket.arnForObjects('pod/nodes.json'))],
      ['kms:GenerateDataKey', stack.resolve(bucket.encryptionKey!.keyArn)],
    ]);
  });

  test('writes to a bucket without a key of its own', () => {
    nodes({ output: ClusterNodesOutput.toObject({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'lists'), objectKey: 'a' }) });
    expect(readsOf(stack)).toHaveLength(2);
  });

  test('every field of a node can be chosen for the output', () => {
    expect(Object.values(NodeField).sort()).toEqual([...NODE_FIELDS].sort());
  });
});
