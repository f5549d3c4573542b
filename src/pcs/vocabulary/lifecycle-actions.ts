import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ScriptPermission } from './maintained-script';
import { checked } from '../../private/inputs/checked';

/** Options of a script from a local file. */
export interface AssetScriptOptions {
  /**
   * The customer-managed key of the bucket that `cdk bootstrap` made, if it has one. Nodes are allowed to decrypt with it.
   *
   * @default - none
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/** A script in a bucket of yours. */
export interface BucketScriptOptions {
  /** The bucket. It must be in the Region of the cluster. */
  readonly bucket: s3.IBucketRef;

  /** The key of the object. */
  readonly objectKey: string;

  /**
   * The version of the object.
   *
   * @default - the newest when a node starts
   */
  readonly objectVersion?: string;

  /**
   * The SHA-256 of the script as 64 hexadecimal digits. A node runs no other script.
   *
   * @default - not checked
   */
  readonly checksum?: string;

  /**
   * The customer-managed key of the object, if it has one. Nodes are allowed to decrypt with it.
   *
   * @default - the key of the bucket, where it is known
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/** Options of a script on the web. */
export interface UrlScriptOptions {
  /**
   * The SHA-256 of the script as 64 hexadecimal digits. A node runs no other script.
   *
   * @default - not checked
   */
  readonly checksum?: string;
}

/**
 * A script that AWS publishes.
 *
 * @internal
 */
export type RepositoryChoice = {
  readonly kind: 'repository';
  readonly fileName: string;
  /** Where it mounts a file system, as far as a factory of ours has made it. */
  readonly mountPath?: string;
  /** The directory whose users it lets in, likewise. */
  readonly directory?: { readonly ldapUri: string; readonly searchBase: string };
  /** What nodes must be allowed for it. */
  readonly permission?: ScriptPermission;
};

/**
 * Where a script comes from.
 *
 * @internal
 */
export type ScriptChoice =
  | { readonly kind: 'asset'; readonly path: string; readonly encryptionKey?: kms.IKeyRef }
  | {
    readonly kind: 'bucket';
    readonly bucket: s3.IBucketRef;
    readonly objectKey: string;
    readonly objectVersion?: string;
    readonly checksum?: string;
    readonly encryptionKey?: kms.IKeyRef;
  }
  | RepositoryChoice
  | { readonly kind: 'url'; readonly url: string; readonly checksum?: string };

/**
 * Where a script comes from. It may have up to 2 MiB.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_ScriptSource.html
 */
@checked('pcs.ScriptSource')
export class ScriptSource {
  /**
   * A local file. It is uploaded as an asset, nodes may read this one object, and its SHA-256 is part of the template.
   *
   * @param path The path of the file.
   * @param options Options.
   */
  public static fromAsset(path: string, options: AssetScriptOptions = {}): ScriptSource {
    return new ScriptSource({ kind: 'asset', path, encryptionKey: options.encryptionKey });
  }

  /** An object in a bucket. Nodes may read this one object. */
  public static fromBucket(options: BucketScriptOptions): ScriptSource {
    return new ScriptSource({ kind: 'bucket', ...options });
  }

  /**
   * A script that AWS maintains and publishes in each Region, such as `mount-efs-v1.0.0.sh`. AWS may change what is behind a name with
   * `latest`. `MaintainedScript` has the ones that this library knows, with their arguments and permissions.
   *
   * @param fileName The name of the file.
   */
  public static fromPcsRepository(fileName: string): ScriptSource {
    return new ScriptSource({ kind: 'repository', fileName });
  }

  /**
   * A script on the web, which anybody can read.
   *
   * @param url The address: `https://…`.
   * @param options Options.
   */
  public static fromUrl(url: string, options: UrlScriptOptions = {}): ScriptSource {
    return new ScriptSource({ kind: 'url', url, checksum: options.checksum });
  }

  /** @internal */
  public static _ofRepository(choice: RepositoryChoice): ScriptSource {
    return new ScriptSource(choice);
  }

  /** @internal */
  public readonly _kind = 'pcs.ScriptSource';

  private constructor(
    /** @internal */
    public readonly _choice: ScriptChoice,
  ) {}
}

/**
 * What happens to a node whose script fails.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_NodeLifecycleStages.html
 */
@checked('pcs.ScriptErrorAction')
export class ScriptErrorAction {
  /** The node is terminated, and another one takes its place. */
  public static readonly TERMINATE = new ScriptErrorAction('TERMINATE');

  /** The scripts after it in this stage are skipped, and the node goes on. */
  public static readonly STOP_SEQUENCE = new ScriptErrorAction('STOP_SEQUENCE');

  /** The next script runs, and the node goes on. */
  public static readonly CONTINUE = new ScriptErrorAction('CONTINUE');

  /**
   * An action that this library doesn't know. It isn't checked.
   *
   * @param value The action in the words of the service.
   */
  public static of(value: string): ScriptErrorAction {
    return new ScriptErrorAction(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.ScriptErrorAction';

  private constructor(
    /** The action in the words of the service. */
    public readonly value: string,
  ) {}
}

/**
 * When a script runs.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_NodeLifecycleStages.html
 */
@checked('pcs.ScriptExecutionPolicy')
export class ScriptExecutionPolicy {
  /** When the node boots for the first time. */
  public static readonly FIRST_BOOT_ONLY = new ScriptExecutionPolicy('FIRST_BOOT_ONLY');

  /** Whenever the node boots. */
  public static readonly EVERY_BOOT = new ScriptExecutionPolicy('EVERY_BOOT');

  /**
   * A policy that this library doesn't know. It isn't checked.
   *
   * @param value The policy in the words of the service.
   */
  public static of(value: string): ScriptExecutionPolicy {
    return new ScriptExecutionPolicy(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.ScriptExecutionPolicy';

  private constructor(
    /** The policy in the words of the service. */
    public readonly value: string,
  ) {}
}

/**
 * When a node fetches its scripts.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_NodeLifecycleStages.html
 */
@checked('pcs.ScriptCachingPolicy')
export class ScriptCachingPolicy {
  /** Once. */
  public static readonly CACHE_ONCE = new ScriptCachingPolicy('CACHE_ONCE');

  /** Each time it boots. */
  public static readonly REFRESH_ON_REBOOT = new ScriptCachingPolicy('REFRESH_ON_REBOOT');

  /**
   * A policy that this library doesn't know. It isn't checked.
   *
   * @param value The policy in the words of the service.
   */
  public static of(value: string): ScriptCachingPolicy {
    return new ScriptCachingPolicy(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.ScriptCachingPolicy';

  private constructor(
    /** The policy in the words of the service. */
    public readonly value: string,
  ) {}
}

/** A script that nodes run as root. */
export interface NodeLifecycleScript {
  /** The name: up to 64 letters, digits, spaces, underscores and hyphens, unique in its stage. */
  readonly name: string;

  /** Where the script comes from. */
  readonly source: ScriptSource;

  /**
   * Arguments: up to 20, of up to 256 characters each. They are readable by whoever can see the node group.
   *
   * @default - none
   */
  readonly arguments?: string[];

  /**
   * What happens to a node whose script fails.
   *
   * @default - the service's own, `ScriptErrorAction.TERMINATE`
   */
  readonly onError?: ScriptErrorAction;

  /**
   * When the script runs.
   *
   * @default - the service's own, `FIRST_BOOT_ONLY`
   */
  readonly executionPolicy?: ScriptExecutionPolicy;
}

/**
 * Scripts that nodes run at fixed points of their start, in the given order. A failed script isn't run again.
 *
 * Needs an image with version 1.5.0-1 or newer of the AWS PCS agent.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_NodeLifecycleStages.html
 */
export interface NodeLifecycleActions {
  /**
   * Up to 20 scripts that run when the node has been set up and before it joins the cluster.
   *
   * @default - none
   */
  readonly nodeBootstrapped?: NodeLifecycleScript[];

  /**
   * Up to 20 scripts that run when the node is ready for jobs.
   *
   * @default - none
   */
  readonly nodeReady?: NodeLifecycleScript[];

  /**
   * When a node fetches its scripts.
   *
   * @default - the service's own, `CACHE_ONCE`
   */
  readonly cachingPolicy?: ScriptCachingPolicy;
}
