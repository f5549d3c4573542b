import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { SlurmVersion } from './slurm-version';
import { checked } from '../../private/inputs/checked';

/** Options of the image that AWS publishes for AWS PCS. */
export interface PcsReadyDlamiOptions {
  /**
   * The architecture.
   *
   * @default - that of the instance types
   */
  readonly architecture?: ec2.InstanceArchitecture;

  /**
   * Whether the id is looked up once, at synthesis, and kept in `cdk.context.json`.
   *
   * If omitted, each deployment takes the newest image, and nodes are replaced when they are idle wherever AWS has published
   * one. With it, the image stays until `cdk context --reset`. Needs a stack with a concrete account and Region.
   *
   * @default false
   */
  readonly cachedInContext?: boolean;
}

/** Options of a sample image of AWS. */
export interface PcsSampleAmiOptions {
  /**
   * The architecture.
   *
   * @default - that of the instance types
   */
  readonly architecture?: ec2.InstanceArchitecture;

  /**
   * The version of Slurm that the image must hold.
   *
   * @default - that of the cluster, where it is known
   */
  readonly schedulerVersion?: SlurmVersion;

  /**
   * The device name of the root volume.
   *
   * @default - unknown, so that the volume is as the image and the account's defaults say
   */
  readonly rootDeviceName?: string;
}

/** What is known of an image. */
export interface ImageOptions {
  /**
   * The architecture, for a check against the instance types.
   *
   * @default - not checked
   */
  readonly architecture?: ec2.InstanceArchitecture;

  /**
   * The device name of the root volume, which depends on how the image was made: often `/dev/sda1` or `/dev/xvda`.
   *
   * @default - unknown, so that the volume is as the image and the account's defaults say
   */
  readonly rootDeviceName?: string;
}

/**
 * Where the image of nodes comes from.
 *
 * @internal
 */
export type ImageChoice = {
  readonly architecture?: ec2.InstanceArchitecture;
  readonly rootDeviceName?: string;
} & (
  | { readonly kind: 'dlami'; readonly cachedInContext: boolean }
  | { readonly kind: 'sample'; readonly schedulerVersion?: SlurmVersion }
  | { readonly kind: 'ami'; readonly imageId: string }
  | { readonly kind: 'machineImage'; readonly image: ec2.IMachineImage }
  | { readonly kind: 'template' }
);

/**
 * The machine image of nodes. It must hold the AWS PCS agent and the Slurm version of the cluster.
 *
 * A change replaces nodes in place, each when it is idle.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_ami.html
 */
@checked('pcs.NodeImage')
export class NodeImage {
  /**
   * The PCS-ready Deep Learning AMI on Ubuntu 24.04, with GPU and EFA drivers. It serves all supported versions of Slurm.
   *
   * The id is read when the stack is deployed, from the SSM parameter
   * `/aws/service/pcs/ami/dlami-base-ubuntu2404/<architecture>/latest/ami-id`, so deployments at different times may differ. To
   * pin it, set `cachedInContext`, or use `fromAmiId()`.
   */
  public static pcsReadyDlami(options: PcsReadyDlamiOptions = {}): NodeImage {
    return new NodeImage({
      kind: 'dlami',
      architecture: options.architecture,
      cachedInContext: options.cachedInContext ?? false,
      rootDeviceName: '/dev/sda1',
    });
  }

  /**
   * The newest of the sample images that AWS publishes for AWS PCS, on Amazon Linux 2023: for trying things out. AWS doesn't recommend them
   * for production, of which synthesis warns.
   *
   * The id is looked up once, at synthesis, by the name of the image and the version of Slurm in its description, and kept in
   * `cdk.context.json` until `cdk context --reset`. Needs a stack with a concrete account and Region. AWS publishes the id in no parameter.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_ami_samples.html
   */
  public static pcsSampleAmi(options: PcsSampleAmiOptions = {}): NodeImage {
    return new NodeImage({ kind: 'sample', ...options });
  }

  /**
   * An image by its id, which doesn't change by itself.
   *
   * @param imageId The id: `ami-…`.
   * @param options What is known of the image.
   */
  public static fromAmiId(imageId: string, options: ImageOptions = {}): NodeImage {
    return new NodeImage({ kind: 'ami', imageId, ...options });
  }

  /**
   * An image that the EC2 module finds.
   *
   * @param image The image.
   * @param options What is known of the image.
   */
  public static fromMachineImage(image: ec2.IMachineImage, options: ImageOptions = {}): NodeImage {
    return new NodeImage({ kind: 'machineImage', image, ...options });
  }

  /** The image that your launch template names. Only with `NodeLaunch.fromLaunchTemplate`. */
  public static fromLaunchTemplate(): NodeImage {
    return new NodeImage({ kind: 'template' });
  }

  /** @internal */
  public readonly _kind = 'pcs.NodeImage';

  private constructor(
    /** @internal */
    public readonly _choice: ImageChoice,
  ) {}
}
