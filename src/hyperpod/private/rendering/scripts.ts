import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ExecutionRole } from './execution-role';
import { LifecycleStage, type LifecycleScripts } from '../../groups/vocabulary/lifecycle-scripts';

const NOOP_ENTRY_POINT = 'on_create.sh';
const NOOP_SCRIPT = '#!/bin/bash\nexit 0\n';

/** Scripts where SageMaker takes them from. */
export interface StagedScripts {
  readonly bucket: s3.IBucket;
  readonly prefix: string;
  readonly config: sagemaker.CfnCluster.ClusterLifeCycleConfigProperty;
}

/** Brings the lifecycle scripts of a cluster into its bucket, each folder once. */
export class ScriptStage {
  private readonly staged = new Map<LifecycleScripts, StagedScripts | undefined>();
  private bucket?: s3.Bucket;

  /**
   * @param scope The cluster.
   * @param ready Told of each resource that must be there before instances start.
   */
  constructor(private readonly scope: Construct, private readonly ready: (resource: CfnResource) => void) {}

  /** The names of buckets that were given. */
  public get givenBuckets(): string[] {
    return [...this.staged.keys()].flatMap(({ _choice: choice }) => choice.kind === 'bucket' ? [choice.bucket.bucketName] : []);
  }

  /** The life cycle configuration of a group, whose role may read the scripts. Below `owner` if they are new. */
  public configFor(
    owner: Construct, prefix: string, scripts: LifecycleScripts, role: ExecutionRole,
  ): sagemaker.CfnCluster.ClusterLifeCycleConfigProperty | undefined {
    if (!this.staged.has(scripts)) { this.staged.set(scripts, this.stage(owner, prefix, scripts)); }
    const staged = this.staged.get(scripts);
    if (staged === undefined) { return undefined; }
    role.allow(readStatements(staged));
    return staged.config;
  }

  private stage(owner: Construct, prefix: string, scripts: LifecycleScripts): StagedScripts | undefined {
    const choice = scripts._choice;
    switch (choice.kind) {
      case 'none':
        return undefined;
      case 'bucket':
        return describeScripts(choice.bucket, choice.prefix.replace(/^\/+|\/+$/g, ''), choice.entryPoint, choice.stage);
      case 'asset':
        return this.deploy(owner, prefix, s3deploy.Source.asset(choice.path), choice.entryPoint, choice.stage);
      case 'noop':
        return this.deploy(owner, prefix, s3deploy.Source.data(NOOP_ENTRY_POINT, NOOP_SCRIPT), NOOP_ENTRY_POINT, LifecycleStage.ON_CREATE);
    }
  }

  private deploy(owner: Construct, prefix: string, source: s3deploy.ISource, entryPoint: string, stage: LifecycleStage): StagedScripts {
    // The deployment empties its folder when it is deleted, so the bucket can be deleted after it.
    this.bucket ??= new s3.Bucket(this.scope, 'LifecycleScriptsBucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const deployment = new s3deploy.BucketDeployment(owner, 'LifecycleScripts', {
      sources: [source],
      destinationBucket: this.bucket,
      destinationKeyPrefix: prefix,
      retainOnDelete: false,
    });
    deployment.node.findAll().filter(CfnResource.isCfnResource).forEach(this.ready);
    return describeScripts(this.bucket, prefix, entryPoint, stage);
  }
}

function describeScripts(bucket: s3.IBucket, prefix: string, entryPoint: string, stage: LifecycleStage): StagedScripts {
  return {
    bucket,
    prefix,
    config: {
      sourceS3Uri: bucket.s3UrlForObject(prefix === '' ? undefined : prefix),
      [stage.value.charAt(0).toLowerCase() + stage.value.slice(1)]: entryPoint,
    },
  };
}

/** Reading one folder. The managed policy of instances allows it for buckets whose name begins with `sagemaker-` alone. */
function readStatements({ bucket, prefix }: StagedScripts): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(prefix === '' ? '*' : `${prefix}/*`)] }),
    new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    ...bucket.encryptionKey
      ? [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey.keyArn] })]
      : [],
  ];
}
