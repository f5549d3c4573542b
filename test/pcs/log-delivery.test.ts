import { App, RemovalPolicy, Stack, aws_kinesisfirehose as firehose, aws_kms as kms, aws_logs as logs, aws_s3 as s3 } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnCluster } from 'aws-cdk-lib/aws-pcs';
import { clusterIn, concreteStack } from './fixture';
import * as pcs from '../../src/pcs';

const { SCHEDULER, SCHEDULER_AUDIT, JOB_COMPLETION, SCALING } = pcs.ClusterLogType;

function deliver(cluster: pcs.Cluster, destination = pcs.LogDestination.cloudWatchLogs(), logType = SCHEDULER, id = 'Log'): pcs.LogDelivery {
  return cluster.addLogDelivery(id, { logType, destination });
}

const only = (template: Template, type: string) => {
  const entries = Object.entries(template.findResources(type));
  expect(entries).toHaveLength(1);
  return { id: entries[0][0], ...entries[0][1] as { Properties: Record<string, unknown>; DependsOn?: string[] } };
};

/** A name with the tokens in it as they are in the template. */
const nameOf = (properties: Record<string, unknown>) => (properties.Name as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];

test('a log goes to a log group of its own, which stays', () => {
  const stack = concreteStack();
  const delivery = deliver(clusterIn(stack));
  const template = Template.fromStack(stack);
  const cluster = only(template, 'AWS::PCS::Cluster').id;
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: {
      LogGroupName: { 'Fn::Join': ['', ['/aws/vendedlogs/pcs/cluster/PCS_SCHEDULER_LOGS/', { 'Fn::GetAtt': [cluster, 'Id'] }]] },
      RetentionInDays: 30,
    },
    DeletionPolicy: 'Retain',
  });
  const source = only(template, 'AWS::Logs::DeliverySource');
  expect(source.Properties).toMatchObject({ LogType: 'PCS_SCHEDULER_LOGS', ResourceArn: { 'Fn::GetAtt': [cluster, 'Arn'] } });
  const destination = only(template, 'AWS::Logs::DeliveryDestination');
  expect(destination.Properties).toMatchObject({
    DestinationResourceArn: { 'Fn::GetAtt': [only(template, 'AWS::Logs::LogGroup').id, 'Arn'] },
  });
  expect(destination.Properties).not.toHaveProperty('OutputFormat');
  const resource = only(template, 'AWS::Logs::Delivery');
  expect(resource.Properties).toEqual({
    DeliverySourceName: { Ref: source.id }, DeliveryDestinationArn: { 'Fn::GetAtt': [destination.id, 'Arn'] },
  });
  expect(stack.resolve(delivery.deliveryId)).toEqual({ 'Fn::GetAtt': [resource.id, 'DeliveryId'] });
});

test('names change with what is replaced, and leave room for the id of a cluster', () => {
  const names = (outputFormat?: pcs.LogOutputFormat) => {
    const stack = new Stack(new App({ analyticsReporting: false }), `Stack${'x'.repeat(100)}`, { env: { account: '1', region: 'us-east-1' } });
    deliver(clusterIn(stack), pcs.LogDestination.cloudWatchLogs({ outputFormat }));
    const template = Template.fromStack(stack);
    return ['AWS::Logs::DeliverySource', 'AWS::Logs::DeliveryDestination'].map(type => nameOf(only(template, type).Properties));
  };
  const [[source, id], [destination]] = names();
  expect(id).toEqual({ 'Fn::GetAtt': [expect.stringContaining('Cluster'), 'Id'] });
  for (const name of [source, destination] as string[]) {
    expect(`${name}pcs_0123456789`).toMatch(/^[\w-]{1,60}$/);
  }
  expect(names()[1]).toEqual(names()[1]);
  expect(names(pcs.LogOutputFormat.JSON)[1][0]).not.toBe(destination);
  expect(names(pcs.LogOutputFormat.JSON)[0][0]).toBe(source);
});

test('every option is rendered', () => {
  const stack = concreteStack();
  const logGroup = new logs.LogGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
  new pcs.LogDelivery(stack, 'Delivery', {
    cluster: clusterIn(stack),
    logType: pcs.ClusterLogType.of('PCS_MOON_LOGS'),
    destination: pcs.LogDestination.cloudWatchLogs({ logGroup, outputFormat: pcs.LogOutputFormat.PLAIN }),
    recordFields: ['timestamp', 'message'],
    fieldDelimiter: ';',
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
  expect(only(template, 'AWS::Logs::DeliverySource').Properties).toMatchObject({ LogType: 'PCS_MOON_LOGS' });
  expect(only(template, 'AWS::Logs::DeliveryDestination').Properties).toMatchObject({ OutputFormat: 'plain' });
  expect(only(template, 'AWS::Logs::Delivery').Properties).toMatchObject({ RecordFields: ['timestamp', 'message'], FieldDelimiter: ';' });
});

test('retention and removal of the log group can be chosen', () => {
  const stack = concreteStack();
  deliver(clusterIn(stack), pcs.LogDestination.cloudWatchLogs({
    retention: logs.RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY,
  }));
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Delete' });
});

test('a bucket of the app and its key let the deliveries of this account and Region in, before the delivery is made', () => {
  const stack = concreteStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey });
  deliver(clusterIn(stack), pcs.LogDestination.s3(bucket, {
    suffixPath: '{yyyy}/{MM}', hiveCompatiblePath: true, outputFormat: pcs.LogOutputFormat.PARQUET,
  }));
  const template = Template.fromStack(stack);
  const sourceArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:111122223333:delivery-source:*']] };
  const bucketId = only(template, 'AWS::S3::Bucket').id;
  const policy = only(template, 'AWS::S3::BucketPolicy');
  expect((policy.Properties.PolicyDocument as { Statement: object[] }).Statement).toEqual([{
    Effect: 'Allow',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, '/AWSLogs/111122223333/*']] },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '111122223333', 's3:x-amz-acl': 'bucket-owner-full-control' },
      ArnLike: { 'aws:SourceArn': sourceArn },
    },
  }]);
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([Match.objectLike({
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': sourceArn } },
      })]),
    },
  });
  expect(only(template, 'AWS::Logs::DeliveryDestination').Properties).toMatchObject({ OutputFormat: 'parquet' });
  const delivery = only(template, 'AWS::Logs::Delivery');
  expect(delivery.Properties).toMatchObject({ S3SuffixPath: '{yyyy}/{MM}', S3EnableHiveCompatiblePath: true });
  expect(delivery.DependsOn).toEqual([policy.id]);
});

test('an imported bucket is taken as it is', () => {
  const stack = concreteStack();
  deliver(clusterIn(stack), pcs.LogDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'a-bucket')));
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::S3::BucketPolicy', 0);
  expect(only(template, 'AWS::Logs::Delivery').DependsOn).toBeUndefined();
});

test('a stream of Data Firehose is a destination', () => {
  const stack = concreteStack();
  const stream = new firehose.CfnDeliveryStream(stack, 'Stream');
  deliver(clusterIn(stack), pcs.LogDestination.firehose(stream, { outputFormat: pcs.LogOutputFormat.RAW }));
  expect(only(Template.fromStack(stack), 'AWS::Logs::DeliveryDestination').Properties).toMatchObject({
    DestinationResourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] }, OutputFormat: 'raw',
  });
});

test('deliveries of one log share its source and are made one after the other', () => {
  const stack = concreteStack();
  const cluster = clusterIn(stack);
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'a-bucket');
  deliver(cluster, pcs.LogDestination.cloudWatchLogs(), SCHEDULER, 'First');
  deliver(cluster, pcs.LogDestination.s3(bucket), SCHEDULER, 'Second');
  deliver(cluster, pcs.LogDestination.s3(bucket), SCALING, 'Other');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Logs::DeliverySource', 2);
  template.resourceCountIs('AWS::Logs::DeliveryDestination', 3);
  const deliveries = template.findResources('AWS::Logs::Delivery') as Record<string, { DependsOn?: string[] }>;
  const waits = Object.entries(deliveries).map(([id, { DependsOn = [] }]) => `${id.slice(0, 12)}: ${DependsOn.map(other => other.slice(0, 12))}`);
  expect(waits.sort()).toEqual(['ClusterFirst: ', 'ClusterOther: ', 'ClusterSecon: ClusterFirst']);
});

test('all four logs can be delivered', () => {
  const stack = concreteStack();
  const cluster = clusterIn(stack);
  for (const logType of [SCHEDULER, SCHEDULER_AUDIT, JOB_COMPLETION, SCALING]) {
    deliver(cluster, pcs.LogDestination.cloudWatchLogs(), logType, logType.value);
  }
  const sources = Object.values(Template.fromStack(stack).findResources('AWS::Logs::DeliverySource'));
  expect(sources.map(source => (source.Properties as { LogType: string }).LogType).sort()).toEqual([
    'PCS_JOBCOMP_LOGS', 'PCS_SCALING_LOGS', 'PCS_SCHEDULER_AUDIT_LOGS', 'PCS_SCHEDULER_LOGS',
  ]);
  const names = sources.map(source => JSON.stringify(source.Properties));
  expect(new Set(names).size).toBe(4);
});

test.each<[string, (stack: Stack) => pcs.LogDeliveryProps['cluster'], unknown]>([
  ['an L1', stack => new CfnCluster(stack, 'Cluster', {
    size: 'SMALL', scheduler: { type: 'SLURM', version: '25.11' }, networking: { subnetIds: ['subnet-1'] },
  }), { Ref: 'Cluster' }],
  ['an import', stack => pcs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123'),
    'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123'],
])('the cluster may be %s', (_what, make, arn) => {
  const stack = concreteStack();
  new pcs.LogDelivery(stack, 'Log', { cluster: make(stack), logType: SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs() });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::DeliverySource', { ResourceArn: arn });
});

test('a delivery may live in another stack than the cluster', () => {
  const stack = concreteStack();
  const cluster = clusterIn(stack);
  const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
  new pcs.LogDelivery(other, 'Log', { cluster, logType: SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs() });
  Template.fromStack(stack).resourceCountIs('AWS::Logs::DeliverySource', 1);
  Template.fromStack(other).resourceCountIs('AWS::Logs::Delivery', 1);
});
