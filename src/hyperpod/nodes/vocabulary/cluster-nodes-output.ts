import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { NodeField as Field } from '../../../private/contracts/hyperpod-lookup';
import { checked } from '../../../private/inputs/checked';

/**
 * What is known of a node.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListClusterNodes.html
 */
export enum NodeField {
  /** The release of the image that the node runs. */
  CURRENT_IMAGE_RELEASE_VERSION = 'CurrentImageReleaseVersion',
  /** `UpToDate`, `UpdateAvailable`, `SecurityUpdateRequired` or `EndOfLife`. */
  IMAGE_VERSION_STATUS = 'ImageVersionStatus',
  /** The name of the instance group. */
  INSTANCE_GROUP_NAME = 'InstanceGroupName',
  /** The id of the instance. */
  INSTANCE_ID = 'InstanceId',
  /** `Running`, `Pending`, `Failure` and so on. */
  INSTANCE_STATUS = 'InstanceStatus',
  /** Why the node is in its state, in one line. */
  INSTANCE_STATUS_MESSAGE = 'InstanceStatusMessage',
  /** The type of the instance. */
  INSTANCE_TYPE = 'InstanceType',
  /** When the software of the node was last updated, in ISO 8601. */
  LAST_SOFTWARE_UPDATE_TIME = 'LastSoftwareUpdateTime',
  /** When the instance was launched, in ISO 8601. */
  LAUNCH_TIME = 'LaunchTime',
  /** What names the node also when it gets another instance. Clusters with continuous provisioning have it. */
  NODE_LOGICAL_ID = 'NodeLogicalId',
  /** The name of the node in the VPC. */
  PRIVATE_DNS_HOSTNAME = 'PrivateDnsHostname',
  /** The UltraServer that the node is part of. */
  ULTRA_SERVER_ID = 'UltraServerId',
  /** The type of that UltraServer. */
  ULTRA_SERVER_TYPE = 'UltraServerType',
}

/** What is written of a list of nodes. */
export interface NodeListOptions {
  /**
   * What is written of each node.
   *
   * @default - everything that SageMaker says of it
   */
  readonly fields?: NodeField[];
}

/** A list of nodes in an SSM parameter. */
export interface NodeListParameterOptions extends NodeListOptions {
  /**
   * The parameter, of type `String`, in the account and Region of the stack. Its value is overwritten.
   *
   * CloudFormation doesn't see that: it sets the value back when the value in the template changes.
   */
  readonly parameter: ssm.IStringParameter;

  /**
   * The tier of the parameter, which decides how long the list may be: 4096 bytes with `STANDARD`, 8192 with the others. The
   * deployment fails where it is longer. Advanced parameters cost money, and stay advanced.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
   * @default ssm.ParameterTier.STANDARD
   */
  readonly tier?: ssm.ParameterTier;
}

/** A list of nodes in an object of a bucket. */
export interface NodeListObjectOptions extends NodeListOptions {
  /** The bucket, in the Region of the stack. */
  readonly bucket: s3.IBucket;

  /** The key of the object: 1 to 1024 bytes without `*`, `?` and `$`. What is there is overwritten. */
  readonly objectKey: string;
}


/**
 * Where the full list of nodes is written to, where it is too long for attributes.
 *
 * It is JSON: `[{"InstanceGroupName":"workers","InstanceId":"i-0123456789abcdef0",...},...]`, in the order of the attributes, without
 * what SageMaker leaves out.
 */
@checked('hyperpod.ClusterNodesOutput')
export class ClusterNodesOutput {
  /** Writes the list to an SSM parameter, with 20 to 100 nodes by 4096 bytes. */
  public static toParameter(options: NodeListParameterOptions): ClusterNodesOutput {
    return new ClusterNodesOutput({
      OutputParameterName: options.parameter.parameterName,
      OutputParameterTier: options.tier ?? ssm.ParameterTier.STANDARD,
    }, [{ actions: ['ssm:PutParameter'], resources: [options.parameter.parameterArn] }], options);
  }

  /** Writes the list to an object of a bucket, which has room for all nodes. */
  public static toObject(options: NodeListObjectOptions): ClusterNodesOutput {
    const { bucket, objectKey } = options;
    return new ClusterNodesOutput({ OutputBucketName: bucket.bucketName, OutputObjectKey: objectKey }, [
      { actions: ['s3:PutObject'], resources: [bucket.arnForObjects(objectKey)] },
      ...bucket.encryptionKey ? [{ actions: ['kms:GenerateDataKey'], resources: [bucket.encryptionKey.keyArn] }] : [],
    ], options, objectKey);
  }

  /** @internal */
  public readonly _input: Record<string, string>;

  /** @internal */
  public readonly _kind = 'hyperpod.ClusterNodesOutput';

  private constructor(
    input: Record<string, string>,
    /** @internal */
    public readonly _permissions: { readonly actions: string[]; readonly resources: string[] }[],
    options: NodeListOptions,
    /** @internal */
    public readonly _objectKey?: string,
  ) {
    const fields = options.fields as Field[] | undefined;
    this._input = { ...input, ...fields && { OutputFields: [...new Set(fields)].sort().join(',') } };
  }
}
