import { createHash } from 'crypto';
import { Lazy, Names, Resource } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct, IConstruct } from 'constructs';
import { contextOf } from './private/context';
import { clusterIdOf } from './private/ids';
import { checkFormat, prepareTarget } from './private/log-destination';
import { checkPlace } from './private/place';
import { RULES } from './private/rules';
import type { LogDestination } from './vocabulary/log-destination';
import { SlurmVersion } from './vocabulary/slurm-version';
import { checkForm, checkForms } from '../private/forms';
import { checked } from '../private/inputs/checked';
import { Problems, isConcrete, warn } from '../private/problems';

/**
 * A log that the service writes for a cluster.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/monitoring_scheduler-logs.html
 */
@checked('pcs.ClusterLogType')
export class ClusterLogType {
  /** What the daemons of Slurm say: the controller, the accounting database and the REST API, as far as the cluster has them. */
  public static readonly SCHEDULER = new ClusterLogType('PCS_SCHEDULER_LOGS');

  /** Who asked the controller for what. Needs Slurm 25.11 or newer; the controller's log has it in older versions. */
  public static readonly SCHEDULER_AUDIT = new ClusterLogType('PCS_SCHEDULER_AUDIT_LOGS', SlurmVersion.V25_11);

  /** A record for each job that ended. */
  public static readonly JOB_COMPLETION = new ClusterLogType('PCS_JOBCOMP_LOGS');

  /** What becomes of nodes when they are started and ended. */
  public static readonly SCALING = new ClusterLogType('PCS_SCALING_LOGS');

  /**
   * A log that this library doesn't know.
   *
   * @param value The log in the words of the service.
   */
  public static of(value: string): ClusterLogType {
    return new ClusterLogType(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.ClusterLogType';

  private constructor(
    /** The log in the words of the service. */
    public readonly value: string,
    /** @internal */
    public readonly _since?: SlurmVersion,
  ) {}
}

/** Which log is delivered, and where it goes. */
export interface LogDeliveryOptions {
  /** The log. A change replaces the delivery. */
  readonly logType: ClusterLogType;

  /**
   * Where it goes. A change replaces the delivery.
   */
  readonly destination: LogDestination;

  /**
   * The fields of each record. Changed in place.
   *
   * @default - those that the service chooses
   */
  readonly recordFields?: string[];

  /**
   * What stands between fields in formats that are text. Changed in place.
   *
   * @default - the one of the format
   */
  readonly fieldDelimiter?: string;
}

/** Properties of a delivery. */
export interface LogDeliveryProps extends LogDeliveryOptions {
  /** The cluster. */
  readonly cluster: pcs.IClusterRef;
}

/**
 * The delivery of one log of a cluster to one destination.
 *
 * The role that deploys needs `pcs:AllowVendedLogDeliveryForResource` on the cluster, and what the kind of destination asks for.
 * Deliveries cost by what is delivered; for the log of job completion, AWS PCS charges nothing.
 *
 * @resource AWS::Logs::Delivery
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/monitoring_scheduler-logs.html
 *
 * @example
 * new pcs.LogDelivery(this, 'SchedulerLog', {
 *   cluster,
 *   logType: pcs.ClusterLogType.SCHEDULER,
 *   destination: pcs.LogDestination.cloudWatchLogs({ retention: logs.RetentionDays.THREE_MONTHS }),
 * });
 */
@propertyInjectable
@checked('pcs.LogDelivery')
export class LogDelivery extends Resource {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.LogDelivery';

  /**
   * The id of the delivery.
   *
   * @attribute
   */
  public readonly deliveryId: string;

  constructor(scope: Construct, id: string, props: LogDeliveryProps) {
    super(scope, id);

    const { cluster, logType } = props;
    const choice = props.destination._choice;
    const problems = new Problems();
    checkPlace(problems, 'cluster', cluster, this);
    if (!isConcrete(logType.value)) { problems.add(RULES.logTypeUnknown, { property: 'logType', got: logType.value }); }
    checkFormat(problems, choice);
    checkFields(problems, props);
    problems.throwIfAny(this);
    const version = contextOf(cluster).schedulerVersion;
    if (logType._since && version?._isOlderThan(logType._since)) {
      warn(this, RULES.logNeedsNewerSlurm, {
        property: 'logType', got: { logType: logType.value, schedulerVersion: version.value, needed: logType._since.value },
      });
    }

    const source = LogSource.of(cluster, logType.value);
    const target = prepareTarget(this, choice, cluster, logType.value);
    const destination = new logs.CfnDeliveryDestination(this, 'Destination', {
      name: nameOf(this, cluster, Lazy.string({ produce: () => digest(this.stack.resolve([target.arn, choice.outputFormat?.value])) })),
      destinationResourceArn: target.arn,
      outputFormat: choice.outputFormat?.value,
    });
    const resource = new logs.CfnDelivery(this, 'Resource', {
      deliverySourceName: source.resource.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: props.recordFields,
      fieldDelimiter: props.fieldDelimiter,
      s3SuffixPath: choice.kind === 'S3' ? choice.suffixPath : undefined,
      s3EnableHiveCompatiblePath: choice.kind === 'S3' ? choice.hiveCompatiblePath : undefined,
    });
    target.permissions.forEach(permission => resource.node.addDependency(permission));
    source.deliver(resource);
    this.deliveryId = resource.attrDeliveryId;
  }
}

function checkFields(problems: Problems, { recordFields, fieldDelimiter, destination }: LogDeliveryProps): void {
  const fields = isConcrete(recordFields) ? recordFields : [];
  if (fields.length > 128) { problems.add(RULES.logRecordFields, { property: 'recordFields', got: fields.length }); }
  checkForms(problems, RULES.logRecordFields, 'recordFields', fields);
  checkForm(problems, RULES.logFieldDelimiter, 'fieldDelimiter', fieldDelimiter);
  const choice = destination._choice;
  if (choice.kind === 'S3') { checkForm(problems, RULES.logSuffixPath, 'destination.suffixPath', choice.suffixPath); }
}

/** The source of a log. A log has one, which its deliveries share. */
class LogSource {
  /** The source of a log, made below the cluster when it is first asked for. */
  public static of(cluster: pcs.IClusterRef, logType: string): LogSource {
    const sources = LogSource.SOURCES.get(cluster) ?? new Map<string, LogSource>();
    LogSource.SOURCES.set(cluster, sources);
    const source = sources.get(logType) ?? new LogSource(cluster, logType);
    sources.set(logType, source);
    return source;
  }

  private static readonly SOURCES = new WeakMap<pcs.IClusterRef, Map<string, LogSource>>();

  public readonly resource: logs.CfnDeliverySource;
  private last?: logs.CfnDelivery;

  private constructor(cluster: pcs.IClusterRef, logType: string) {
    this.resource = new logs.CfnDeliverySource(cluster as unknown as Construct, `LogSource${logType}`, {
      name: nameOf(cluster, cluster, digest(logType)),
      logType,
      resourceArn: cluster.clusterRef.clusterArn,
    });
  }

  /** Notes a delivery. Deliveries of one source are made one after the other, since CloudWatch Logs refuses a second one meanwhile. */
  public deliver(delivery: logs.CfnDelivery): void {
    if (this.last) { delivery.addResourceDependency(this.last); }
    this.last = delivery;
  }
}

/**
 * A name that nothing else has in the account and Region, of 60 characters at most.
 *
 * It changes with what can't be changed in place, the cluster among it: a replacement is created while the old one is still there.
 */
function nameOf(construct: IConstruct, cluster: pcs.IClusterRef, distinction: string): string {
  return `${Names.uniqueResourceName(construct, { maxLength: 34, separator: '-' })}-${distinction}-${clusterIdOf(cluster)}`;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
