import type * as s3 from 'aws-cdk-lib/aws-s3';
import { checked } from '../../../private/inputs/checked';

/**
 * When a lifecycle script runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterLifeCycleConfig.html
 */
@checked('hyperpod.LifecycleStage')
export class LifecycleStage {
  /** While the instance is set up. What the scripts don't set up isn't there. */
  public static readonly ON_CREATE = new LifecycleStage('OnCreate');

  /** After the initialization that the image of the instance brings. */
  public static readonly ON_INIT_COMPLETE = new LifecycleStage('OnInitComplete');

  /**
   * A stage that this library doesn't know. It isn't checked.
   *
   * @param value The property of `ClusterLifeCycleConfig` that names the script of the stage.
   */
  public static of(value: string): LifecycleStage {
    return new LifecycleStage(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.LifecycleStage';

  private constructor(
    /** The property of the service that names the script of the stage. */
    public readonly value: string,
  ) {}
}

/** Which script runs, and when. */
export interface LifecycleScriptOptions {
  /**
   * The script that is run, relative to the folder: 1 to 128 characters. It may call the others.
   *
   * @default on_create.sh
   */
  readonly entryPoint?: string;

  /**
   * When it runs.
   *
   * @default LifecycleStage.ON_CREATE
   */
  readonly stage?: LifecycleStage;
}

/** A folder of scripts in a bucket that exists. */
export interface LifecycleScriptLocation extends LifecycleScriptOptions {
  /** The bucket. The execution role may read the folder. */
  readonly bucket: s3.IBucket;

  /** The folder, or an empty text for the root of the bucket. A slash at either end is passed over. */
  readonly prefix: string;
}

/** @internal */
export type ScriptsChoice =
  | { readonly kind: 'asset'; readonly path: string; readonly entryPoint: string; readonly stage: LifecycleStage }
  | { readonly kind: 'bucket'; readonly bucket: s3.IBucket; readonly prefix: string; readonly entryPoint: string; readonly stage: LifecycleStage }
  | { readonly kind: 'noop' }
  | { readonly kind: 'none' };

/**
 * Scripts that set up every new instance of a group. Running instances are left as they are when scripts change.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-lifecycle-best-practices-slurm.html
 */
@checked('hyperpod.LifecycleScripts')
export class LifecycleScripts {
  /**
   * A folder of this app.
   *
   * Its files are copied into a bucket that is made for the cluster, since SageMaker doesn't unpack archives. The stack gets one
   * Lambda function for that, of `aws_s3_deployment`.
   *
   * @param path The folder.
   * @param options Which script runs.
   */
  public static fromAsset(path: string, options: LifecycleScriptOptions = {}): LifecycleScripts {
    return new LifecycleScripts({ kind: 'asset', path, ...withDefaults(options) });
  }

  /** A folder in a bucket that exists, with the scripts in it. */
  public static fromBucket(options: LifecycleScriptLocation): LifecycleScripts {
    return new LifecycleScripts({ kind: 'bucket', bucket: options.bucket, prefix: options.prefix, ...withDefaults(options) });
  }

  /**
   * A script that does nothing, for instances that need no set-up of yours. It is copied as a folder of the app is.
   *
   * Not for Slurm, whose nodes a script that does nothing leaves without Slurm.
   */
  public static doNothing(): LifecycleScripts {
    return new LifecycleScripts({ kind: 'noop' });
  }

  /** No scripts: instances are initialized by what their image brings. */
  public static none(): LifecycleScripts {
    return new LifecycleScripts({ kind: 'none' });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.LifecycleScripts';

  private constructor(
    /** @internal */
    public readonly _choice: ScriptsChoice,
  ) {}
}

function withDefaults(options: LifecycleScriptOptions) {
  return { entryPoint: options.entryPoint ?? 'on_create.sh', stage: options.stage ?? LifecycleStage.ON_CREATE };
}
