import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { checked } from '../../private/inputs/checked';

/**
 * How records of a log are written.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html
 */
@checked('pcs.LogOutputFormat')
export class LogOutputFormat {
  /** As text, for all destinations. */
  public static readonly PLAIN = new LogOutputFormat('plain');

  /** As JSON, for all destinations. */
  public static readonly JSON = new LogOutputFormat('json');

  /** In the extended log format of the W3C, for Amazon S3. */
  public static readonly W3C = new LogOutputFormat('w3c');

  /** In columns, for Amazon S3. CloudWatch Logs charges for the conversion. */
  public static readonly PARQUET = new LogOutputFormat('parquet');

  /** As they are, for Data Firehose. */
  public static readonly RAW = new LogOutputFormat('raw');

  /**
   * A format that this library doesn't know. It isn't checked against the destination.
   *
   * @param value The format in the words of CloudWatch Logs.
   */
  public static of(value: string): LogOutputFormat {
    return new LogOutputFormat(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.LogOutputFormat';

  private constructor(
    /** The format in the words of CloudWatch Logs. */
    public readonly value: string,
  ) {}
}

/** Options of a delivery to CloudWatch Logs. */
export interface CloudWatchLogDestinationOptions {
  /**
   * The log group. A change replaces the delivery.
   *
   * A name that begins with `/aws/vendedlogs/` keeps the resource policies of CloudWatch Logs small, which have a limit for each
   * Region.
   *
   * @default - a new one called `/aws/vendedlogs/pcs/cluster/<log type>/<cluster id>`
   */
  readonly logGroup?: logs.ILogGroupRef;

  /**
   * How long the new log group keeps records. Changed in place. Has no effect on a log group of yours.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: logs.RetentionDays;

  /**
   * What becomes of the new log group when its delivery is deleted or its cluster replaced. Has no effect on a log group of yours.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How records are written. A change replaces the delivery.
   *
   * @default - the one that the service chooses
   */
  readonly outputFormat?: LogOutputFormat;
}

/** Options of a delivery to Amazon S3. */
export interface S3LogDestinationOptions {
  /**
   * What the keys of objects have after `AWSLogs/<account>/…`, with variables such as `{yyyy}` and `{MM}`. Changed in place.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_S3DeliveryConfiguration.html
   * @default - the one of the log type
   */
  readonly suffixPath?: string;

  /**
   * Whether the parts of keys are written as `year=2026`, which Apache Hive reads as partitions. Changed in place.
   *
   * @default false
   */
  readonly hiveCompatiblePath?: boolean;

  /**
   * How records are written. A change replaces the delivery.
   *
   * @default - the one that the service chooses
   */
  readonly outputFormat?: LogOutputFormat;
}

/** Options of a delivery to Data Firehose. */
export interface FirehoseLogDestinationOptions {
  /**
   * How records are written. A change replaces the delivery.
   *
   * @default - the one that the service chooses
   */
  readonly outputFormat?: LogOutputFormat;
}

/**
 * Where a log goes. The kinds are called as CloudWatch Logs calls them.
 *
 * @internal
 */
export type LogDestinationChoice =
  | ({ readonly kind: 'CWL' } & CloudWatchLogDestinationOptions)
  | ({ readonly kind: 'S3'; readonly bucket: s3.IBucket } & S3LogDestinationOptions)
  | ({ readonly kind: 'FH'; readonly deliveryStream: firehose.IDeliveryStreamRef } & FirehoseLogDestinationOptions);

/**
 * Where a log of a cluster goes.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
@checked('pcs.LogDestination')
export class LogDestination {
  /** A log group of CloudWatch Logs, which costs by what is delivered and kept. */
  public static cloudWatchLogs(options: CloudWatchLogDestinationOptions = {}): LogDestination {
    return new LogDestination({ kind: 'CWL', ...options });
  }

  /**
   * A bucket, in the Region of the cluster. CloudWatch Logs charges for the delivery, Amazon S3 for what is kept.
   *
   * The policy of a bucket of this app is told to let the delivery in, and so is its key. For an imported bucket, CloudWatch Logs
   * adds to the policy where the role that deploys may call `s3:PutBucketPolicy`.
   *
   * @param bucket The bucket.
   * @param options How objects are named and written.
   */
  public static s3(bucket: s3.IBucket, options: S3LogDestinationOptions = {}): LogDestination {
    return new LogDestination({ kind: 'S3', bucket, ...options });
  }

  /**
   * A stream of Data Firehose, which costs by what is delivered.
   *
   * CloudWatch Logs puts the tag `LogDeliveryEnabled` on it and writes to it by a service-linked role.
   *
   * @param deliveryStream The stream.
   * @param options How records are written.
   */
  public static firehose(deliveryStream: firehose.IDeliveryStreamRef, options: FirehoseLogDestinationOptions = {}): LogDestination {
    return new LogDestination({ kind: 'FH', deliveryStream, ...options });
  }

  /** @internal */
  public readonly _kind = 'pcs.LogDestination';

  private constructor(
    /** @internal */
    public readonly _choice: LogDestinationChoice,
  ) {}
}
