import { Fn, Token } from 'aws-cdk-lib';
import type * as efs from 'aws-cdk-lib/aws-efs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ScriptErrorAction, ScriptExecutionPolicy, ScriptSource, type NodeLifecycleScript, type RepositoryChoice } from './lifecycle-actions';
import { checked } from '../../private/inputs/checked';
import { EFS_MOUNT_OPTIONS, type MaintainedScriptName } from '../private/facts/maintained-scripts';

/**
 * A version of a script that AWS maintains. AWS versions each script by itself.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/cng-node-lifecycle-actions-vetted-scripts.html
 */
@checked('pcs.MaintainedScriptVersion')
export class MaintainedScriptVersion {
  /** Version 1.0.0, of July 2026, which each script has. AWS doesn't change what is behind a version. */
  public static readonly V1_0_0 = new MaintainedScriptVersion('1.0.0');

  /**
   * The newest release within version 1. AWS may change what is behind it, so nodes that start at different times may run different
   * scripts.
   */
  public static readonly V1_LATEST = new MaintainedScriptVersion('1-latest');

  /**
   * A version that this library doesn't know. It isn't checked whether AWS has published it.
   *
   * @param value The version, as it is part of the file's name: `1.2.0`, `2-latest`.
   */
  public static of(value: string): MaintainedScriptVersion {
    return new MaintainedScriptVersion(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.MaintainedScriptVersion';

  private constructor(
    /** The version, as it is part of the file's name. */
    public readonly value: string,
  ) {}
}

/** How nodes run a script that AWS maintains. */
export interface MaintainedScriptOptions {
  /**
   * The name of the lifecycle action, which is part of the name of its log file: up to 64 letters, digits, spaces, underscores and
   * hyphens, unique in its stage.
   *
   * @default - the name of the script, such as `mount-efs`
   */
  readonly name?: string;

  /**
   * The version of the script.
   *
   * @default MaintainedScriptVersion.V1_0_0
   */
  readonly scriptVersion?: MaintainedScriptVersion;

  /**
   * What happens to a node whose script fails.
   *
   * @default - the service's own, `ScriptErrorAction.TERMINATE`; `CONTINUE` where the script forwards logs
   */
  readonly onError?: ScriptErrorAction;

  /**
   * When the script runs.
   *
   * @default - `EVERY_BOOT` where the script mounts a file system, else the service's own, `FIRST_BOOT_ONLY`
   */
  readonly executionPolicy?: ScriptExecutionPolicy;
}

/** Arguments of `mount-efs`. */
export interface MountEfsOptions extends MaintainedScriptOptions {
  /** The file system. */
  readonly fileSystem: efs.IFileSystemRef;

  /** Where it is mounted: an absolute path, such as `/shared`. */
  readonly mountPoint: string;

  /**
   * Options of the mount helper of Amazon EFS. With `iam`, nodes get the permissions that mounting takes: to write unless there is
   * `ro`, and to be root.
   *
   * @default - `tls` and `iam`, as the script has it
   */
  readonly options?: string[];
}

/** Arguments of `configure-efs-homes`. */
export interface ConfigureEfsHomesOptions extends MaintainedScriptOptions {
  /** The file system. */
  readonly fileSystem: efs.IFileSystemRef;

  /**
   * Where it is mounted, and home directories are created.
   *
   * @default /home
   */
  readonly homeBase?: string;

  /**
   * Options of the mount helper of Amazon EFS. With `iam`, nodes get the permissions that mounting takes, which include that of root:
   * root creates home directories.
   *
   * @default - `tls` and `iam`, as the script has it
   */
  readonly options?: string[];
}

/** Arguments of `mount-fsx-lustre`. */
export interface MountFsxLustreOptions extends MaintainedScriptOptions {
  /** The DNS name of the file system: `dnsName` of an `fsx.LustreFileSystem`. */
  readonly fsxDnsName: string;

  /** The mount name of the file system: `mountName` of an `fsx.LustreFileSystem`. */
  readonly mountName: string;

  /** Where it is mounted: an absolute path, such as `/fsx`. */
  readonly mountPoint: string;

  /**
   * Options of mount.
   *
   * @default - `noatime` and `flock`, as the script has it
   */
  readonly options?: string[];
}

/** Arguments of `configure-ldaps`. */
export interface ConfigureLdapsOptions extends MaintainedScriptOptions {
  /** The address of the LDAP server: `ldap://…` or `ldaps://…`. */
  readonly ldapUri: string;

  /** Where users and groups are searched for, such as `dc=example,dc=com`. */
  readonly searchBase: string;

  /**
   * The secret with the name and the password to bind with: JSON of the form `{"username": "…", "password": "…"}`. Nodes may read it,
   * and need the packages `awscli` and `python3`.
   *
   * @default - nodes bind anonymously
   */
  readonly secret?: secretsmanager.ISecretRef;

  /**
   * The customer-managed key of the secret, if it has one. Nodes are allowed to decrypt with it.
   *
   * @default - the key of the secret, where it is known
   */
  readonly encryptionKey?: kms.IKeyRef;

  /**
   * The file on nodes with the certificates of the authorities that the server's certificate is checked against: an absolute path.
   *
   * @default - those of the operating system
   */
  readonly tlsCacert?: string;
}

/** Arguments of `configure-cloudwatch-logs`. */
export interface ConfigureCloudWatchLogsOptions extends MaintainedScriptOptions {
  /**
   * The log group. Nodes may create streams in it and write to them.
   *
   * @default - `/aws/pcs/<id of the cluster>/lifecycle`, which the first node creates. It is kept when the cluster is deleted, and what
   *   is in it never expires
   */
  readonly logGroup?: logs.ILogGroupRef;
}

/**
 * A permission that a script takes, beside that to read the script.
 *
 * @internal
 */
export type ScriptPermission =
  | { readonly kind: 'fileSystem'; readonly fileSystem: efs.IFileSystemRef; readonly write: boolean; readonly root: boolean; readonly accessPoint?: efs.IAccessPointRef }
  | { readonly kind: 'secret'; readonly secret: secretsmanager.ISecretRef; readonly encryptionKey?: kms.IKeyRef }
  | { readonly kind: 'logGroup'; readonly logGroup?: logs.ILogGroupRef };

/**
 * Scripts that AWS maintains for nodes, as lifecycle actions: `nodeBootstrapped: [pcs.MaintainedScript.configureLdaps({ … })]`.
 *
 * They don't install the packages that they need: an image that lacks them makes them fail. Nodes of the group get the permissions that a
 * script takes. The network is theirs to have: `NodeStorage` opens security groups too, and comes before lifecycle actions.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/cng-node-lifecycle-actions-vetted-scripts.html
 */
@checked('pcs.MaintainedScript')
export class MaintainedScript {
  /** Mounts a file system of Amazon EFS. Needs the packages `amazon-efs-utils` and `nfs-utils`. */
  public static mountEfs(options: MountEfsOptions): NodeLifecycleScript {
    const { fileSystem, mountPoint, options: mountOptions } = options;
    return script('mount-efs', options, {
      arguments: [
        '--file-system-id', fileSystem.fileSystemRef.fileSystemId, '--mount-point', mountPoint, ...optionsArgument(mountOptions),
      ],
      mountPath: mountPoint,
      permission: efsPermission(fileSystem, mountOptions),
    });
  }

  /**
   * Mounts a file system of Amazon EFS for home directories, which are created when their users log in for the first time.
   *
   * Needs the packages `amazon-efs-utils`, `nfs-utils`, and those of PAM that create home directories: on Amazon Linux 2023 `authselect`,
   * on the family of RHEL also `oddjob` and `oddjob-mkhomedir`, on Ubuntu `libpam-modules`.
   */
  public static configureEfsHomes(options: ConfigureEfsHomesOptions): NodeLifecycleScript {
    const { fileSystem, homeBase = '/home', options: mountOptions } = options;
    return script('configure-efs-homes', options, {
      arguments: ['--efs-id', fileSystem.fileSystemRef.fileSystemId, '--home-base', homeBase, ...optionsArgument(mountOptions)],
      mountPath: homeBase,
      permission: efsPermission(fileSystem, mountOptions),
    });
  }

  /** Mounts a file system of Amazon FSx for Lustre. Needs the package `lustre-client`. */
  public static mountFsxLustre(options: MountFsxLustreOptions): NodeLifecycleScript {
    const { fsxDnsName, mountName, mountPoint, options: mountOptions } = options;
    return script('mount-fsx-lustre', options, {
      arguments: ['--fsx-dns-name', fsxDnsName, '--mount-name', mountName, '--mount-point', mountPoint, ...optionsArgument(mountOptions)],
      mountPath: mountPoint,
    });
  }

  /**
   * Lets users of an LDAP directory log in, by SSSD. Needs the packages `sssd`, `sssd-ldap` and `sssd-tools`; on the family of RHEL also
   * `authselect` or `authconfig`, and `oddjob-mkhomedir`; on Ubuntu `libpam-modules`.
   */
  public static configureLdaps(options: ConfigureLdapsOptions): NodeLifecycleScript {
    const { ldapUri, searchBase, secret, encryptionKey, tlsCacert } = options;
    return script('configure-ldaps', options, {
      arguments: [
        '--ldap-uri', ldapUri, '--search-base', searchBase,
        ...secret ? ['--secret-arn', secret.secretRef.secretId] : [],
        ...tlsCacert === undefined ? [] : ['--tls-cacert', tlsCacert],
      ],
      directory: { ldapUri, searchBase },
      permission: secret && { kind: 'secret', secret, encryptionKey },
    });
  }

  /**
   * Forwards the logs of lifecycle actions to CloudWatch Logs, so that they outlive their node. Needs the package
   * `amazon-cloudwatch-agent`, whose agent must run as root.
   *
   * Put it first in `nodeBootstrapped`. Where nodes have `storage`, it runs before the mounts. CloudWatch takes a fee for what is written.
   */
  public static configureCloudWatchLogs(options: ConfigureCloudWatchLogsOptions = {}): NodeLifecycleScript {
    const { logGroup } = options;
    return script('configure-cloudwatch-logs', { onError: ScriptErrorAction.CONTINUE, ...given(options) }, {
      arguments: logGroup ? ['--log-group-name', logGroup.logGroupRef.logGroupName] : [],
      permission: { kind: 'logGroup', logGroup },
    });
  }

  private constructor() {}
}

/** What a script is called with, and what that is about. */
interface Call extends Pick<RepositoryChoice, 'mountPath' | 'directory' | 'permission'> {
  readonly arguments: string[];
}

function script(
  name: MaintainedScriptName, options: MaintainedScriptOptions, { arguments: args, ...about }: Call,
): NodeLifecycleScript {
  const { value } = options.scriptVersion ?? MaintainedScriptVersion.V1_0_0;
  return {
    name: options.name ?? name,
    source: ScriptSource._ofRepository({ kind: 'repository', fileName: `${name}-v${value}.sh`, ...about }),
    arguments: args,
    onError: options.onError,
    executionPolicy: options.executionPolicy ?? (about.mountPath === undefined ? undefined : ScriptExecutionPolicy.EVERY_BOOT),
  };
}

/** The options that are given: languages other than TypeScript have the others there, without a value. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function optionsArgument(options: string[] | undefined): string[] {
  if (options === undefined || options.length === 0) { return []; }
  return ['--options', Token.isUnresolved(options) ? Fn.join(',', options) : options.join(',')];
}

function efsPermission(fileSystem: efs.IFileSystemRef, options: readonly string[] | undefined): ScriptPermission | undefined {
  const asked: readonly string[] = options?.length ? options : EFS_MOUNT_OPTIONS;
  return asked.includes('iam') || Token.isUnresolved(options) ? { kind: 'fileSystem', fileSystem, write: !asked.includes('ro'), root: true } : undefined;
}
