import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { machine, statementsOf } from './states';
import { HandlerDefaults } from '../../../src';
import {
  Cluster, ClusterNode, DescribeClusterNode, ListClusterNodes, NodeList, NodeTaskIntegration, RebootClusterNodes, ReplaceClusterNodes,
  type ICluster,
} from '../../../src/hyperpod';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
let stack: Stack;
let pod: ICluster;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  pod = Cluster.fromClusterArn(stack, 'Pod', ARN);
});

const allowed = (action: string) => statementsOf(stack).filter(({ actions }) => actions.includes(action)).map(({ resource }) => resource);

describe('task states by our function', () => {
  test('send the parameters of the API, and the name of the operation', () => {
    const states = machine(stack, ListClusterNodes.jsonPath(stack, 'List', {
      cluster: pod, instanceGroupNameContains: 'workers', createdAfter: sfn.JsonPath.stringAt('$.since'), includeNodeLogicalIds: true, resultPath: '$.list',
    }).next(DescribeClusterNode.jsonPath(stack, 'Describe', { cluster: pod, node: ClusterNode.ofLogicalId(sfn.JsonPath.stringAt('$.id')) })));
    expect(states.List).toMatchObject({
      Type: 'Task',
      Resource: expect.stringContaining('CdkHpcClustersHyperPodNodeOperationsFunction'),
      ResultPath: '$.list',
      Parameters: {
        'Operation': 'ListNodes', 'ClusterName': ARN, 'InstanceGroupNameContains': 'workers', 'CreationTimeAfter.$': '$.since', 'IncludeNodeLogicalIds': true,
      },
    });
    expect(states.Describe.Parameters).toEqual({ 'Operation': 'DescribeNode', 'ClusterName': ARN, 'NodeLogicalId.$': '$.id' });
  });

  test('take lists of both query languages', () => {
    const reboot = RebootClusterNodes.jsonPath(stack, 'Reboot', { cluster: pod, nodeIds: NodeList.fromJsonPathAt('$.ids'), failOnFailedNodes: true });
    const replace = ReplaceClusterNodes.jsonata(stack, 'Replace', {
      cluster: pod, nodeLogicalIds: NodeList.fromJsonata('{% $states.input.ids %}'), outputs: '{% $states.result.FailedNodeLogicalIds %}',
    });
    const states = machine(stack, reboot.next(replace));
    expect(states.Reboot.Parameters).toEqual({ 'Operation': 'RebootNodes', 'ClusterName': ARN, 'NodeIds.$': '$.ids', 'FailOnFailedNodes': true });
    expect(states.Replace).toMatchObject({
      QueryLanguage: 'JSONata',
      Arguments: { Operation: 'ReplaceNodes', ClusterName: ARN, NodeLogicalIds: '{% $states.input.ids %}' },
      Output: '{% $states.result.FailedNodeLogicalIds %}',
    });
  });

  test('repeat reads that may have failed, and changes only where nothing can have happened', () => {
    const list = new ListClusterNodes(stack, 'List', { cluster: pod });
    const states = machine(stack, list.next(new ReplaceClusterNodes(stack, 'Replace', { cluster: pod, nodeIds: NodeList.fromJsonPathAt('$.ids') })));
    expect(states.List.Retry[0].ErrorEquals).toContain('Lambda.ServiceException');
    expect(states.Replace.Retry[0].ErrorEquals).toEqual(['ThrottlingException', 'Lambda.TooManyRequestsException']);
  });

  test('share one function, which may do to the cluster what the states do, and nothing else', () => {
    machine(stack, ListClusterNodes.jsonPath(stack, 'List', { cluster: pod }).next(
      RebootClusterNodes.jsonPath(stack, 'Reboot', { cluster: pod, nodeIds: NodeList.fromJsonPathAt('$.ids') })));
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
    expect(allowed('sagemaker:ListClusterNodes')).toEqual([ARN]);
    expect(allowed('sagemaker:BatchRebootClusterNodes')).toEqual([ARN]);
    expect(statementsOf(stack).flatMap(({ actions }) => actions).filter(action => action.startsWith('sagemaker:')).sort())
      .toEqual(['sagemaker:BatchRebootClusterNodes', 'sagemaker:ListClusterNodes']);
    expect(statementsOf(stack).some(({ resource }) => resource === '*')).toBe(false);
    expect(allowed('lambda:InvokeFunction')).toHaveLength(1);
  });

  test('run where HandlerDefaults says', () => {
    HandlerDefaults.configure(stack, { vpc: new ec2.Vpc(stack, 'Vpc') });
    machine(stack, ListClusterNodes.jsonPath(stack, 'List', { cluster: pod }));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.anyValue(), Runtime: 'nodejs24.x' });
  });
});

describe('task states by the SDK integration', () => {
  test('call the API, with the permission on the state machine alone', () => {
    const integration = NodeTaskIntegration.AWS_SDK;
    const states = machine(stack, ListClusterNodes.jsonPath(stack, 'List', { cluster: pod, integration })
      .next(DescribeClusterNode.jsonPath(stack, 'Describe', { cluster: pod, integration, node: ClusterNode.ofInstanceId('i-0123456789abcdef0') }))
      .next(RebootClusterNodes.jsonPath(stack, 'Reboot', { cluster: pod, integration, nodeIds: NodeList.of('i-0123456789abcdef0') }))
      .next(ReplaceClusterNodes.jsonPath(stack, 'Replace', { cluster: pod, integration, nodeIds: NodeList.fromJsonPathAt('$.ids') })));
    expect(Object.values<any>(states).map(state => state.Resource.replace(/^.*aws-sdk:/, ''))).toEqual([
      'sagemaker:listClusterNodes', 'sagemaker:describeClusterNode', 'sagemaker:batchRebootClusterNodes', 'sagemaker:batchReplaceClusterNodes',
    ]);
    expect(states.List.Resource).toBe('arn:RefAWSPartition:states:::aws-sdk:sagemaker:listClusterNodes');
    expect(states.List.Parameters).toEqual({ ClusterName: ARN, MaxResults: 100 });
    expect(states.Replace.Parameters).toEqual({ 'ClusterName': ARN, 'NodeIds.$': '$.ids' });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    expect(allowed('sagemaker:BatchReplaceClusterNodes')).toEqual([ARN]);
  });
});
