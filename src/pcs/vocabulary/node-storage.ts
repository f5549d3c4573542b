import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as efs from 'aws-cdk-lib/aws-efs';
import type * as fsx from 'aws-cdk-lib/aws-fsx';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ScriptErrorAction } from './lifecycle-actions';
import type { MaintainedScriptVersion } from './maintained-script';
import { checked } from '../../private/inputs/checked';

/** How nodes mount a file system, whatever kind it is. */
export interface NodeStorageOptions {
  /**
   * Whether nodes mount it for reading only.
   *
   * Node groups of a cluster share a role, so with EFS, nodes may write where another group does. Give a group that is to be held to
   * less a role of its own: `nodeRole: pcs.NodeRole.managed()`.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * The mode of the directory at which it is mounted, in octal digits: `1777` lets all users write there, and remove what is theirs. It is
   * set by a script of this library, which is uploaded as an asset. Not together with `readOnly`, or `ro` among `mountOptions`.
   *
   * @default - left as it is. In a new file system, only root may write
   */
  readonly directoryMode?: string;

  /**
   * Further options of mount, such as `noatime`.
   *
   * @default - none besides those of the kind
   */
  readonly mountOptions?: string[];

  /**
   * The customer-managed key of the bucket that `cdk bootstrap` made, if it has one. Nodes take scripts of this library from that bucket,
   * and are allowed to decrypt with the key.
   *
   * @default - none
   */
  readonly scriptEncryptionKey?: kms.IKeyRef;

  /**
   * What happens to a node that can't mount it.
   *
   * A terminated node is replaced, so while the file system can't be mounted, nodes of a group with a minimum above 0 are launched and
   * paid for again and again. With `CONTINUE`, jobs run on nodes that lack it.
   *
   * @default - the service's own, `ScriptErrorAction.TERMINATE`
   */
  readonly onError?: ScriptErrorAction;
}

/** How nodes mount a file system of Amazon EFS. */
export interface EfsMountOptions extends NodeStorageOptions {
  /**
   * Whether traffic between nodes and file system is encrypted by TLS.
   *
   * @default true
   */
  readonly encryptionInTransit?: boolean;

  /**
   * Whether nodes show the file system who they are, by their role, which then gets the permissions that mounting takes. File systems
   * whose policy denies anonymous access need that. It needs encryption in transit.
   *
   * @default - whether traffic is encrypted in transit
   */
  readonly iamAuthorization?: boolean;

  /**
   * Whether root on nodes is root in the file system: `elasticfilesystem:ClientRootAccess`. Without it, root can't create directories in
   * a new file system. It decides nothing where the policy of the file system lets everybody in.
   *
   * @default true
   */
  readonly rootAccess?: boolean;

  /**
   * The version of the script of AWS that mounts it.
   *
   * @default MaintainedScriptVersion.V1_0_0
   */
  readonly scriptVersion?: MaintainedScriptVersion;
}

/** Where and how nodes mount a file system of Amazon EFS. */
export interface EfsStorageOptions extends EfsMountOptions {
  /** Where nodes mount it: an absolute path, such as `/shared`. */
  readonly mountPath: string;

  /**
   * An access point of the file system, whose directory and user nodes have then. It needs encryption in transit.
   *
   * Nodes are allowed to use it alone, unless another group that shares their role mounts more: `nodeRole: pcs.NodeRole.managed()` gives
   * a group a role of its own.
   *
   * @default - none: nodes see the whole file system
   */
  readonly accessPoint?: efs.IAccessPointRef;
}

/** Where and how nodes mount a file system of Amazon EFS for home directories. */
export interface EfsHomesOptions extends EfsMountOptions {
  /**
   * Where nodes mount it, and home directories are created: an absolute path.
   *
   * @default /home
   */
  readonly mountPath?: string;
}

/** Where and how nodes mount a file system of Amazon FSx for Lustre. */
export interface LustreStorageOptions extends NodeStorageOptions {
  /** Where nodes mount it: an absolute path, such as `/scratch`. */
  readonly mountPath: string;

  /**
   * The mount name, up to 8 characters.
   *
   * @default - that of a `fsx.LustreFileSystem` of the app; an imported file system doesn't know it
   */
  readonly mountName?: string;

  /**
   * The version of the script of AWS that mounts it.
   *
   * @default MaintainedScriptVersion.V1_0_0
   */
  readonly scriptVersion?: MaintainedScriptVersion;
}

/** A volume that nodes mount by NFS, and how. */
export interface NfsStorageOptions extends NodeStorageOptions {
  /** Where nodes mount it: an absolute path, such as `/shared`. */
  readonly mountPath: string;

  /**
   * The security groups of the file system. Nodes are let in there, unless they are imported and immutable.
   *
   * @default - unknown: a warning says what they must let in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** A volume of Amazon FSx for OpenZFS, and how nodes mount it. */
export interface OpenZfsStorageOptions extends NfsStorageOptions {
  /** The DNS name of the file system: `attrDnsName` of an `fsx.CfnFileSystem`, or `fs-….fsx.<region>.amazonaws.com`. */
  readonly dnsName: string;

  /**
   * The path of the volume in the file system.
   *
   * @default - /fsx, the root volume
   */
  readonly volumePath?: string;
}

/** A volume of Amazon FSx for NetApp ONTAP, and how nodes mount it. */
export interface OntapStorageOptions extends NfsStorageOptions {
  /** The DNS name of the storage virtual machine: `svm-….fs-….fsx.<region>.amazonaws.com`. */
  readonly dnsName: string;

  /** The junction path of the volume, such as `/vol1`. */
  readonly junctionPath: string;
}

/**
 * What nodes mount.
 *
 * @internal
 */
export type NodeStorageChoice =
  | ({ readonly kind: 'efs'; readonly fileSystem: efs.IFileSystemRef } & EfsStorageOptions)
  | ({ readonly kind: 'efsHomes'; readonly fileSystem: efs.IFileSystemRef } & EfsHomesOptions)
  | ({ readonly kind: 'lustre'; readonly fileSystem: fsx.IFileSystem } & LustreStorageOptions)
  | ({ readonly kind: 'openZfs' } & OpenZfsStorageOptions)
  | ({ readonly kind: 'ontap' } & OntapStorageOptions);

/**
 * A file system that nodes mount before they take jobs, each time that they boot.
 *
 * Nodes mount it by a lifecycle action. Besides that action, they get what mounting takes: the file system's security groups let them in
 * and theirs let them out, their role has the permissions, and file system and mount targets are created before them and deleted after
 * them. The image must have the packages that mounting needs: `amazon-efs-utils` and `nfs-utils` for EFS, the Lustre client, or an NFS
 * client, and version 1.5.0-1 or newer of the AWS PCS agent.
 *
 * Node groups of a cluster share a role in a stack, so the nodes of each may do what mounting takes for any of them. Give a group that is
 * to be held to less `nodeRole: pcs.NodeRole.managed()`.
 *
 * Storage costs what Amazon EFS and Amazon FSx take for it, and traffic between Availability Zones.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_file-systems.html
 */
@checked('pcs.NodeStorage')
export class NodeStorage {
  /**
   * A file system of Amazon EFS, mounted by the script `mount-efs` of AWS.
   *
   * @param fileSystem The file system.
   * @param options Where and how nodes mount it.
   */
  public static efs(fileSystem: efs.IFileSystemRef, options: EfsStorageOptions): NodeStorage {
    return new NodeStorage({ kind: 'efs', fileSystem, ...options });
  }

  /**
   * A file system of Amazon EFS for home directories, mounted by the script `configure-efs-homes` of AWS. Each is created when its user
   * logs in for the first time.
   *
   * It hides what the image has below that path: the SSH key of the image's default user, too, where that path is `/home`.
   *
   * @param fileSystem The file system.
   * @param options Where and how nodes mount it.
   */
  public static efsHomes(fileSystem: efs.IFileSystemRef, options: EfsHomesOptions = {}): NodeStorage {
    return new NodeStorage({ kind: 'efsHomes', fileSystem, ...options });
  }

  /**
   * A file system of Amazon FSx for Lustre, mounted by the script `mount-fsx-lustre` of AWS with the options `noatime` and `flock`.
   *
   * Traffic is encrypted where the file system and the instance type do that by themselves.
   *
   * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/encryption-in-transit-fsxl.html
   * @param fileSystem The file system.
   * @param options Where and how nodes mount it.
   */
  public static lustre(fileSystem: fsx.IFileSystem, options: LustreStorageOptions): NodeStorage {
    return new NodeStorage({ kind: 'lustre', fileSystem, ...options });
  }

  /**
   * A volume of Amazon FSx for OpenZFS, mounted by NFS 4.1. AWS has no script for it, so a script of this library does it, which is
   * uploaded as an asset.
   */
  public static openZfs(options: OpenZfsStorageOptions): NodeStorage {
    return new NodeStorage({ kind: 'openZfs', ...options });
  }

  /**
   * A volume of Amazon FSx for NetApp ONTAP, mounted by NFS 4.1. AWS has no script for it, so a script of this library does it, which is
   * uploaded as an asset.
   */
  public static ontap(options: OntapStorageOptions): NodeStorage {
    return new NodeStorage({ kind: 'ontap', ...options });
  }

  /** @internal */
  public readonly _kind = 'pcs.NodeStorage';

  private constructor(
    /** @internal */
    public readonly _choice: NodeStorageChoice,
  ) {}
}
