import type { CfnTag, ITaggableV2 } from 'aws-cdk-lib';
import { CfnResource, TagManager, TagType } from 'aws-cdk-lib';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { COMPUTE_QUOTA_RESOURCE_TYPE } from '../../private/contracts/compute-quota';
import { QUOTA_SERVICE_TIMEOUT_SECONDS } from '../../private/handlers/quota-handler';

/**
 * The SageMaker types that the oldest supported aws-cdk-lib has no classes for: `CfnClusterSchedulerConfig` came with 2.274.0,
 * `CfnComputeQuota` with 2.276.0. They render what those classes render.
 */
abstract class TaggableCfnResource extends CfnResource implements ITaggableV2 {
  public readonly cdkTagManager: TagManager;

  constructor(scope: Construct, id: string, type: string, properties: Record<string, unknown>) {
    super(scope, id, { type, properties });
    this.cdkTagManager = new TagManager(TagType.STANDARD, type, undefined, { tagPropertyName: 'Tags' });
  }

  protected renderProperties(properties: Record<string, any>): Record<string, any> {
    const { Tags: tags, ...others } = super.renderProperties(properties);
    if (tags === undefined) { return others; }
    return { ...others, Tags: (tags as CfnTag[]).map(({ key, value }) => ({ Key: key, Value: value })) };
  }
}

/** `AWS::SageMaker::ComputeQuota`. */
export class CfnComputeQuota extends TaggableCfnResource {
  constructor(scope: Construct, id: string, properties: Record<string, unknown>) {
    super(scope, id, 'AWS::SageMaker::ComputeQuota', properties);
  }
}

/** A compute quota that a function of ours makes. It has the properties and the attributes of `AWS::SageMaker::ComputeQuota`. */
export class ApiComputeQuota extends TaggableCfnResource {
  constructor(scope: Construct, id: string, serviceToken: string, properties: Record<string, unknown>) {
    super(scope, id, COMPUTE_QUOTA_RESOURCE_TYPE, {
      ServiceToken: serviceToken, ServiceTimeout: QUOTA_SERVICE_TIMEOUT_SECONDS, ...properties,
    });
  }
}

/** `AWS::SageMaker::ClusterSchedulerConfig`. */
export class CfnClusterSchedulerConfig extends TaggableCfnResource {
  constructor(scope: Construct, id: string, properties: Record<string, unknown>) {
    super(scope, id, 'AWS::SageMaker::ClusterSchedulerConfig', properties);
  }
}

/**
 * `AWS::SageMaker::Cluster` with what the class of the oldest supported aws-cdk-lib drops: `ImageReleaseVersion` and
 * `AutoPatchConfig` of instance groups, and `AccountingDatabase` of Slurm. Newer classes render the same.
 */
export class CfnCluster extends sagemaker.CfnCluster {
  protected renderProperties(properties: Record<string, any>): Record<string, any> {
    const rendered = super.renderProperties(properties);
    (properties.instanceGroups as Record<string, any>[] | undefined)?.forEach((group, index) => {
      const target = rendered.InstanceGroups[index];
      if (group.imageReleaseVersion !== undefined) { target.ImageReleaseVersion ??= group.imageReleaseVersion; }
      if (group.autoPatchConfig !== undefined) { target.AutoPatchConfig ??= capitalizeKeys(group.autoPatchConfig); }
    });
    const database = properties.orchestrator?.slurm?.accountingDatabase;
    if (database !== undefined) { rendered.Orchestrator.Slurm.AccountingDatabase ??= capitalizeKeys(database); }
    return rendered;
  }
}

/** Properties as CloudFormation writes them. Values that CloudFormation computes are left as they are. */
function capitalizeKeys(value: any): any {
  if (Array.isArray(value)) { return value.map(capitalizeKeys); }
  if (value === null || typeof value !== 'object') { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [
    key[0].toUpperCase() + key.slice(1), isIntrinsic(part) ? part : capitalizeKeys(part),
  ]));
}

function isIntrinsic(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key === 'Ref' || key.startsWith('Fn::'));
}

/** How the SageMaker API writes a switch. */
export function enabledOrDisabled(value: boolean | undefined): string | undefined {
  if (value === undefined) { return undefined; }
  return value ? 'Enabled' : 'Disabled';
}
