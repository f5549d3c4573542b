import { Duration, Tags, aws_iam as iam } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { agnosticStack, clusterIn, concreteStack, nodes } from './fixture';
import * as pcs from '../../src/pcs';

const QUEUE_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc/queue/pcs_def';

describe('a queue', () => {
  test('has only what was asked for', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const group = cluster.addComputeNodeGroup('Nodes', nodes());
    cluster.addQueue('Queue', { computeNodeGroups: [group] });
    Template.fromStack(stack).hasResource('AWS::PCS::Queue', {
      Properties: {
        ClusterId: stack.resolve(cluster.clusterId),
        ComputeNodeGroupConfigurations: [{ ComputeNodeGroupId: stack.resolve(group.computeNodeGroupId) }],
        Name: Match.absent(),
        SlurmConfiguration: Match.absent(),
      },
    });
  });

  test('renders all its settings', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    cluster.addQueue('Queue', {
      queueName: 'gpu',
      computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())],
      isDefault: true,
      slurmSettings: {
        maxTime: Duration.days(2),
        defaultTime: Duration.hours(1),
        overTimeLimit: Duration.minutes(5),
        graceTime: Duration.seconds(30),
        priorityTier: 10,
        priorityJobFactor: 2,
        preemptMode: 'REQUEUE',
        allowAccounts: ['a', 'b'],
        denyAccounts: ['c'],
        allowQos: ['high'],
        denyQos: ['low'],
        qos: 'normal',
        exclusiveUser: true,
        overSubscribe: 'EXCLUSIVE',
        powerDownOnIdle: false,
        tresBillingWeights: { 'CPU': 1, 'GRES/gpu': 8 },
        custom: { Extra: 'x' },
      },
    });
    const [queue] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Queue'));
    expect(queue.Properties.Name).toBe('gpu');
    const settings = queue.Properties.SlurmConfiguration.SlurmCustomSettings as { ParameterName: string; ParameterValue: string }[];
    expect(Object.fromEntries(settings.map(setting => [setting.ParameterName, setting.ParameterValue]))).toEqual({
      AllowAccounts: 'a,b',
      AllowQos: 'high',
      Default: 'YES',
      DefaultTime: '60',
      DenyAccounts: 'c',
      DenyQos: 'low',
      ExclusiveUser: 'YES',
      GraceTime: '30',
      MaxTime: '2880',
      OverSubscribe: 'EXCLUSIVE',
      OverTimeLimit: '5',
      PowerDownOnIdle: 'NO',
      PreemptMode: 'REQUEUE',
      PriorityJobFactor: '2',
      PriorityTier: '10',
      QOS: 'normal',
      TRESBillingWeights: 'CPU=1,GRES/gpu=8',
      Extra: 'x',
    });
  });

  test('takes node groups later, also by reference', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const queue = cluster.addQueue('Queue');
    queue.addComputeNodeGroup(cluster.addComputeNodeGroup('Nodes', nodes()).node.defaultChild as never);
    queue.addComputeNodeGroup(pcs.ComputeNodeGroup.fromComputeNodeGroupArn(
      stack, 'Imported', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc/computenodegroup/pcs_ghi'));
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Queue', {
      ComputeNodeGroupConfigurations: [
        { ComputeNodeGroupId: { 'Fn::Select': [3, { 'Fn::Split': ['/', { Ref: Match.stringLikeRegexp('Nodes') }] }] } },
        { ComputeNodeGroupId: 'pcs_ghi' },
      ],
    });
  });

  test('is tagged', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    Tags.of(cluster.addQueue('Queue', { computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())] })).add('team', 'hpc');
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Queue', { Tags: { team: 'hpc' } });
  });
});

describe('an imported queue', () => {
  test('by its ARN creates nothing and knows its id', () => {
    const stack = concreteStack();
    const queue = pcs.Queue.fromQueueArn(stack, 'Queue', QUEUE_ARN);
    expect(stack.resolve(queue.queueId)).toBe('pcs_def');
    expect(queue.queueRef).toEqual({ queueArn: QUEUE_ARN });
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('is in the account and Region of its ARN', () => {
    expect(pcs.Queue.fromQueueArn(agnosticStack(), 'Queue', QUEUE_ARN).env).toEqual({ account: '111122223333', region: 'us-east-1' });
  });

  test('by its cluster and id has the ARN', () => {
    const stack = concreteStack();
    const cluster = pcs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc');
    expect(pcs.Queue.fromQueueAttributes(stack, 'Queue', { cluster, queueId: 'pcs_def' }).queueArn).toBe(QUEUE_ARN);
  });
});

test.each<[keyof pcs.QueueGrants & ('read' | 'manage'), string[]]>([
  ['read', ['pcs:GetQueue', 'pcs:ListTagsForResource']],
  ['manage', ['pcs:GetQueue', 'pcs:ListTagsForResource', 'pcs:TagResource', 'pcs:UntagResource', 'pcs:UpdateQueue']],
])('%s is limited to the queue', (name, actions) => {
  const stack = concreteStack();
  const role = new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() });
  pcs.Queue.fromQueueArn(stack, 'Queue', QUEUE_ARN).grants[name](role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Action: actions, Effect: 'Allow', Resource: QUEUE_ARN }] },
  });
});
