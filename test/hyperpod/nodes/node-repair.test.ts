import { App, Duration, Stack } from 'aws-cdk-lib';
import { machine, statementsOf } from './states';
import { Cluster, NodeList, NodeRepair, type ICluster } from '../../../src/hyperpod';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
let stack: Stack;
let pod: ICluster;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  pod = Cluster.fromClusterArn(stack, 'Pod', ARN);
});

describe('a repair', () => {
  test('carries its settings, and may watch and do its one thing', () => {
    const states = machine(stack, NodeRepair.replace(stack, 'Repair', {
      cluster: pod, nodes: NodeList.of('workers-1'), maxNodesAtOnce: 3, pollInterval: Duration.minutes(1), timeout: Duration.hours(1), failOnFailedNodes: true,
    }));
    expect(states['Repair: begin'].Parameters).toEqual({ Step: { Memo: { Nodes: ['workers-1'] } } });
    expect(states['Repair: replace'].Parameters).toMatchObject({
      'Operation': 'RepairStep',
      'Action': 'Replace',
      'MaxAtOnce': 3,
      'PollSeconds': 60,
      'TimeoutSeconds': 3600,
      'FailOnFailedNodes': true,
      'RequirePatched': true,
      'Memo.$': '$.Step.Memo',
    });
    expect(statementsOf(stack).flatMap(({ actions }) => actions).filter(action => action.startsWith('sagemaker:')).sort())
      .toEqual(['sagemaker:BatchReplaceClusterNodes', 'sagemaker:DescribeCluster', 'sagemaker:ListClusterNodes']);
  });

  test('two in one state machine get along', () => {
    const first = NodeRepair.reboot(stack, 'First', { cluster: pod, nodes: NodeList.fromJsonPathAt('$.nodes') });
    const states = machine(stack, first.next(NodeRepair.replace(stack, 'Second', { cluster: pod, nodes: NodeList.of('i-0123456789abcdef0') })));
    expect(Object.keys(states)).toEqual(expect.arrayContaining(['First: reboot', 'Second: replace']));
  });
});
