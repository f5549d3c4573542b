import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import { clusterIdOf } from './ids';
import { RULES } from './rules';
import type { Problems } from '../../private/problems';
import { LogOutputFormat, type CloudWatchLogDestinationOptions, type LogDestinationChoice } from '../vocabulary/log-destination';

/** A destination that can be delivered to. */
export interface LogTarget {
  readonly arn: string;
  /** What lets the delivery in. */
  readonly permissions: IDependable[];
}

const FORMATS: Record<LogDestinationChoice['kind'], readonly LogOutputFormat[]> = {
  CWL: [LogOutputFormat.PLAIN, LogOutputFormat.JSON],
  S3: [LogOutputFormat.PLAIN, LogOutputFormat.JSON, LogOutputFormat.W3C, LogOutputFormat.PARQUET],
  FH: [LogOutputFormat.PLAIN, LogOutputFormat.JSON, LogOutputFormat.RAW],
};
const KNOWN: ReadonlySet<LogOutputFormat> = new Set(Object.values(FORMATS).flat());

/** Checks that the destination takes the format. */
export function checkFormat(problems: Problems, { kind, outputFormat }: LogDestinationChoice): void {
  if (outputFormat && KNOWN.has(outputFormat) && !FORMATS[kind].includes(outputFormat)) {
    problems.add(RULES.logFormat, { property: 'destination.outputFormat', got: { destination: kind, outputFormat: outputFormat.value } });
  }
}

/** Makes what the destination lacks, below a scope. */
export function prepareTarget(scope: Construct, choice: LogDestinationChoice, cluster: pcs.IClusterRef, logType: string): LogTarget {
  switch (choice.kind) {
    case 'CWL':
      return { arn: (choice.logGroup ?? createLogGroup(scope, choice, cluster, logType)).logGroupRef.logGroupArn, permissions: [] };
    case 'S3':
      return { arn: choice.bucket.bucketArn, permissions: letIn(scope, choice.bucket) };
    case 'FH':
      return { arn: choice.deliveryStream.deliveryStreamRef.deliveryStreamArn, permissions: [] };
  }
}

/** A log group whose name tells the cluster, so that a new cluster doesn't meet the one that an old cluster left. */
function createLogGroup(
  scope: Construct, { retention, removalPolicy }: CloudWatchLogDestinationOptions, cluster: pcs.IClusterRef, logType: string,
): logs.LogGroup {
  return new logs.LogGroup(scope, 'LogGroup', {
    logGroupName: `/aws/vendedlogs/pcs/cluster/${logType}/${clusterIdOf(cluster)}`,
    retention: retention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  });
}

/**
 * Lets log deliveries of this account and Region write into a bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
 */
function letIn(scope: Construct, bucket: s3.IBucket): IDependable[] {
  const stack = Stack.of(scope);
  const delivery = new iam.ServicePrincipal('delivery.logs.amazonaws.com');
  const conditions = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: 'delivery-source', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }) },
  };
  const write = bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [delivery],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${stack.account}/*`)],
    conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
  }));
  bucket.encryptionKey?.addToResourcePolicy(new iam.PolicyStatement({
    principals: [delivery],
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions,
  }));
  return write.policyDependable ? [write.policyDependable] : [];
}
