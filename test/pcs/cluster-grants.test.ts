import { Duration, aws_cloudwatch as cloudwatch, aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnCluster } from 'aws-cdk-lib/aws-pcs';
import { clusterIn, concreteStack } from './fixture';
import * as pcs from '../../src/pcs';

const READ = ['pcs:GetCluster', 'pcs:ListComputeNodeGroups', 'pcs:ListQueues', 'pcs:ListTagsForResource'];

function statement(stack: Stack): { Action: string[]; Resource: unknown } {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const { PolicyDocument } = policy.Properties as { PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } };
  const statements = PolicyDocument.Statement;
  expect(statements).toHaveLength(1);
  return statements[0];
}

const roleIn = (stack: Stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });

describe('grants', () => {
  test('read is for the cluster', () => {
    const stack = concreteStack();
    clusterIn(stack).grants.read(roleIn(stack));
    expect(statement(stack)).toMatchObject({ Action: READ, Resource: { 'Fn::GetAtt': [expect.stringContaining('Cluster'), 'Arn'] } });
  });

  test('manage is for the cluster, and doesn\'t delete it', () => {
    const stack = concreteStack();
    clusterIn(stack).grants.manage(roleIn(stack));
    expect(statement(stack).Action).toEqual([...READ, 'pcs:TagResource', 'pcs:UntagResource', 'pcs:UpdateCluster']);
  });

  test.each(['us-east-1', 'cn-north-1', 'us-gov-west-1'])('readAuthKey is for the secret of the cluster, in %s', region => {
    const stack = concreteStack(region);
    const cluster = clusterIn(stack);
    cluster.grants.readAuthKey(roleIn(stack));
    expect(statement(stack)).toMatchObject({
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: {
        'Fn::Join': ['', [
          'arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:${region}:111122223333:secret:pcs!slurm-secret-`,
          stack.resolve(cluster.clusterId), '-??????',
        ]],
      },
    });
  });

  test('are there for clusters that others made', () => {
    const stack = concreteStack();
    const cluster = new CfnCluster(stack, 'Cluster', {
      size: 'SMALL', scheduler: { type: 'SLURM', version: '25.11' }, networking: { subnetIds: ['subnet-1'] },
    });
    pcs.ClusterGrants.fromCluster(cluster).read(roleIn(stack));
    expect(statement(stack).Resource).toEqual({ Ref: 'Cluster' });
  });

  test('are about the account and Region of an imported cluster', () => {
    const stack = concreteStack();
    const cluster = pcs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:pcs:eu-west-1:444455556666:cluster/pcs_abc123');
    cluster.grants.readAuthKey(roleIn(stack));
    expect(JSON.stringify(statement(stack).Resource)).toContain(':secretsmanager:eu-west-1:444455556666:secret:pcs!slurm-secret-pcs_abc123-??????');
  });
});

describe('metrics', () => {
  test.each<[string, (cluster: pcs.ICluster) => cloudwatch.Metric]>([
    ['ActualCapacity', cluster => cluster.metricActualCapacity()],
    ['CapacityUtilization', cluster => cluster.metricCapacityUtilization()],
    ['DesiredCapacity', cluster => cluster.metricDesiredCapacity()],
    ['IdleCapacity', cluster => cluster.metricIdleCapacity()],
    ['UtilizedCapacity', cluster => cluster.metricUtilizedCapacity()],
    ['Moon', cluster => cluster.metric('Moon')],
  ])('%s is of the cluster', (metricName, make) => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const metric = make(cluster);
    expect(metric).toMatchObject({ namespace: 'AWS/PCS', metricName, statistic: 'Average', period: Duration.minutes(5) });
    expect(stack.resolve(metric.dimensions)).toEqual({ ClusterId: stack.resolve(cluster.clusterId) });
  });

  test('are read as the caller says, and make alarms', () => {
    const stack = concreteStack();
    clusterIn(stack).metricIdleCapacity({ statistic: 'Maximum', period: Duration.minutes(1) })
      .createAlarm(stack, 'Idle', { threshold: 8, evaluationPeriods: 30 });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/PCS', MetricName: 'IdleCapacity', Statistic: 'Maximum', Period: 60,
    });
  });

  test('of an imported cluster are in its Region', () => {
    const cluster = pcs.Cluster.fromClusterArn(concreteStack(), 'Cluster', 'arn:aws:pcs:eu-west-1:444455556666:cluster/pcs_abc123');
    expect(cluster.metricActualCapacity()).toMatchObject({ region: 'eu-west-1', account: '444455556666', dimensions: { ClusterId: 'pcs_abc123' } });
  });
});
