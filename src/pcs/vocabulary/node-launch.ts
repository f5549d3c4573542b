import type { Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Efa } from './efa';
import { checked } from '../../private/inputs/checked';

/**
 * Which placement group nodes are in.
 *
 * @internal
 */
export type PlacementChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  | { readonly kind: 'group'; readonly placementGroup: ec2.IPlacementGroupRef };

/** Where EC2 puts the nodes of a group relative to each other. */
@checked('pcs.NodePlacement')
export class NodePlacement {
  /**
   * A cluster placement group of its own for On-Demand nodes with EFA, and none for others.
   *
   * None is made for a capacity reservation either: reservations that were created in a placement group name it, and only
   * that one fits.
   */
  public static auto(): NodePlacement {
    return new NodePlacement({ kind: 'auto' });
  }

  /** No placement group. */
  public static none(): NodePlacement {
    return new NodePlacement({ kind: 'none' });
  }

  /**
   * A placement group of yours.
   *
   * @param placementGroup The placement group.
   */
  public static group(placementGroup: ec2.IPlacementGroupRef): NodePlacement {
    return new NodePlacement({ kind: 'group', placementGroup });
  }

  /** @internal */
  public readonly _kind = 'pcs.NodePlacement';

  private constructor(
    /** @internal */
    public readonly _choice: PlacementChoice,
  ) {}
}

/** What the root volume and data volumes of nodes have in common. They are always encrypted. */
export interface NodeVolumeOptions {
  /**
   * The kind of volume.
   *
   * @default - that of the image, or for data volumes the kind that EC2 takes
   */
  readonly volumeType?: ec2.EbsDeviceVolumeType;

  /**
   * Input and output operations each second. Only for io1, io2 and gp3; io1 and io2 need it.
   *
   * @default - that of the kind
   */
  readonly iops?: number;

  /**
   * MiB each second. Only for gp3.
   *
   * @default - that of the kind
   */
  readonly throughput?: number;

  /**
   * The key of encryption. Its policy must let the role `AWSServiceRoleForPCS` use it.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/security-key-policy-for-encrypted-volumes.html
   * @default - the account's default key for EBS
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/** The root volume of nodes. */
export interface RootVolume extends NodeVolumeOptions {
  /**
   * The size. Not smaller than the image.
   *
   * @default - that of the image
   */
  readonly size?: Size;
}

/**
 * A volume that nodes have besides the root volume. Each node gets one of its own, empty, which is deleted with the node.
 *
 * It is attached and neither formatted nor mounted: a script does that. Costs what EBS takes for it while the node runs.
 */
export interface DataVolume extends NodeVolumeOptions {
  /**
   * The name under which the volume is attached: `/dev/sdb` to `/dev/sdz`, or `/dev/xvdb` and the like. On instances of the Nitro System
   * the operating system names it otherwise, such as `/dev/nvme1n1`.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
   */
  readonly deviceName: string;

  /** The size. */
  readonly size: Size;
}

/** Options of a launch template that this library makes. */
export interface ManagedNodeLaunchOptions {
  /**
   * Which network cards are Elastic Fabric Adapters.
   *
   * @default Efa.auto()
   */
  readonly efa?: Efa;

  /**
   * Where EC2 puts the nodes relative to each other.
   *
   * @default NodePlacement.auto()
   */
  readonly placement?: NodePlacement;

  /**
   * What nodes run when they first boot: commands, or an `ec2.MultipartUserData` of several parts.
   *
   * It is turned into the multipart form that the service asks for. Parts of type `text/cloud-config` run before the node
   * registers, parts of type `text/x-shellscript` after, and before Slurm starts. Lifecycle actions are the newer way and don't
   * need a new version of the launch template.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_ec2-user-data.html
   * @default - none
   */
  readonly userData?: ec2.UserData;

  /**
   * The SSH key pair of the default user.
   *
   * @default - none
   */
  readonly keyPair?: ec2.IKeyPairRef;

  /**
   * The root volume.
   *
   * @default - as the image says and encrypted, where the device name of the image is known; else as the image and the
   *   account's defaults say
   */
  readonly rootVolume?: RootVolume;

  /**
   * Volumes besides the root volume.
   *
   * @default - none but those of the image
   */
  readonly dataVolumes?: DataVolume[];

  /**
   * How many CPU cores nodes have, each with one thread, since AWS PCS sets the threads of a core to 1. At least 1, and at most what the
   * instance type has. Licenses that are paid for by the core are a reason; the price of the instance stays the same.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cpu-options-supported-instances-values.html
   * @default - all cores of the instance type
   */
  readonly coreCount?: number;

  /**
   * Whether nodes get a public IPv4 address, which costs extra. Only nodes with one network interface can have one.
   *
   * @default - as the subnet says
   */
  readonly associatePublicIpAddress?: boolean;

  /**
   * How many network hops answers of the instance metadata service may take. Containers with a network of their own need 2.
   *
   * @default - that of the image or account, else 1
   */
  readonly metadataHopLimit?: number;

  /**
   * Whether nodes can read their own tags from the instance metadata service. Keys of tags have letters, digits and `+-=.,_:@` alone then.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
   * @default - that of the image or account, else false
   */
  readonly instanceMetadataTags?: boolean;

  /**
   * Whether EC2 publishes metrics each minute, which costs extra, rather than every five minutes.
   *
   * @default false
   */
  readonly detailedMonitoring?: boolean;

  /**
   * Tags of the instances and their volumes, besides those that `Tags.of()` has put on the node group or on something around it. Where both
   * have a key, the value given here holds.
   *
   * Each change makes a new version of the launch template, for which nodes are replaced when they are idle. A tag that changes with each
   * deployment is better kept from them: `Tags.of(scope).add(key, value, { excludeResourceTypes: ['AWS::EC2::LaunchTemplate'] })`.
   *
   * @default - those of `Tags.of()` and those of the service
   */
  readonly instanceTags?: { [key: string]: string };
}

/** Options of a launch template that you made. */
export interface LaunchTemplateOptions {
  /**
   * The version. The service keeps to the version that it is given, so that an edit of the template reaches nodes only with a
   * new number.
   *
   * @default - the latest number of a template of this app, or the version that an imported one was imported with
   */
  readonly version?: string;
}

/**
 * Where the launch template comes from.
 *
 * @internal
 */
export type LaunchChoice =
  | { readonly kind: 'managed'; readonly options: ManagedNodeLaunchOptions }
  | { readonly kind: 'template'; readonly launchTemplate: ec2.ILaunchTemplateRef; readonly version?: string };

/**
 * The EC2 launch template of nodes.
 *
 * A new version replaces nodes when they are idle. Sessions on login nodes end with their node.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_launch-templates_overview.html
 */
@checked('pcs.NodeLaunch')
export class NodeLaunch {
  /**
   * A launch template that fits the purchase option, with IMDSv2 required.
   *
   * The node group always uses its latest version, by number.
   */
  public static managed(options: ManagedNodeLaunchOptions = {}): NodeLaunch {
    return new NodeLaunch({ kind: 'managed', options });
  }

  /**
   * A launch template of yours.
   *
   * It has to hold what the purchase option needs: the market type, the reservation and, for a Capacity Block, the instance type.
   * Where network interfaces aren't listed in it, it should name the security groups of the node group. What it holds is checked as
   * far as it is part of the app.
   *
   * @param launchTemplate The launch template.
   * @param options Options.
   */
  public static fromLaunchTemplate(launchTemplate: ec2.ILaunchTemplateRef, options: LaunchTemplateOptions = {}): NodeLaunch {
    return new NodeLaunch({ kind: 'template', launchTemplate, version: options.version });
  }

  /** @internal */
  public readonly _kind = 'pcs.NodeLaunch';

  private constructor(
    /** @internal */
    public readonly _choice: LaunchChoice,
  ) {}
}
