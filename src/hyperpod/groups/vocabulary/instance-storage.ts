import type { Size } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { checked } from '../../../private/inputs/checked';

/** An EBS volume that every instance gets besides its root volume. */
export interface EbsVolumeOptions {
  /** The size: 1 to 16384 GiB. */
  readonly size: Size;

  /**
   * The key that encrypts the volume. Whoever deploys needs `kms:CreateGrant` and `kms:DescribeKey` on it.
   *
   * @default - the key that AWS manages
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/** The root volume of every instance. */
export interface RootVolumeOptions {
  /** The key that encrypts the volume. Whoever deploys needs `kms:CreateGrant` and `kms:DescribeKey` on it. */
  readonly encryptionKey: kms.IKeyRef;
}

/** A file system of Amazon FSx for Lustre. */
export interface LustreMount {
  /** The DNS name: `dnsName` of an `fsx.LustreFileSystem`. */
  readonly dnsName: string;

  /** The mount name: `mountName` of an `fsx.LustreFileSystem`. */
  readonly mountName: string;

  /**
   * Where it is mounted.
   *
   * @default - /fsx, by SageMaker
   */
  readonly mountPath?: string;
}

/** A file system of Amazon FSx for OpenZFS. */
export interface OpenZfsMount {
  /** The DNS name of the file system. */
  readonly dnsName: string;

  /**
   * Where it is mounted.
   *
   * @default - /home, by SageMaker
   */
  readonly mountPath?: string;
}

/** @internal */
export type StorageChoice =
  | { readonly kind: 'ebs'; readonly size: Size; readonly encryptionKey?: kms.IKeyRef }
  | { readonly kind: 'root'; readonly encryptionKey: kms.IKeyRef }
  | { readonly kind: 'lustre'; readonly dnsName: string; readonly mountName: string; readonly mountPath?: string }
  | { readonly kind: 'openZfs'; readonly dnsName: string; readonly mountPath?: string };

/**
 * Storage of the instances of a group. Changes apply to new instances only.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterInstanceStorageConfig.html
 */
@checked('hyperpod.InstanceStorage')
export class InstanceStorage {
  /** An EBS volume for every instance, mounted at `/opt/sagemaker`. */
  public static ebsVolume(options: EbsVolumeOptions): InstanceStorage {
    return new InstanceStorage({ kind: 'ebs', ...options });
  }

  /** A key of yours for the root volume of every instance. */
  public static rootVolume(options: RootVolumeOptions): InstanceStorage {
    return new InstanceStorage({ kind: 'root', ...options });
  }

  /**
   * A file system of Amazon FSx for Lustre. Needs a VPC, and the file system must let the nodes in:
   * `fileSystem.connections.allowDefaultPortFrom(pod)`.
   */
  public static lustre(options: LustreMount): InstanceStorage {
    return new InstanceStorage({ kind: 'lustre', ...options });
  }

  /** A file system of Amazon FSx for OpenZFS. Needs a VPC, and the file system must let the nodes in. */
  public static openZfs(options: OpenZfsMount): InstanceStorage {
    return new InstanceStorage({ kind: 'openZfs', ...options });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.InstanceStorage';

  private constructor(
    /** @internal */
    public readonly _choice: StorageChoice,
  ) {}
}
