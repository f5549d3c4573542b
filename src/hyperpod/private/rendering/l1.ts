import type { CfnTag, ITaggableV2 } from 'aws-cdk-lib';
import { CfnResource, TagManager, TagType } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { COMPUTE_QUOTA_RESOURCE_TYPE } from '../../../private/contracts/compute-quota';
import { PROVIDER_SERVICE_TIMEOUT_SECONDS } from '../../../private/handlers/table';

/**
 * The SageMaker types that the oldest supported aws-cdk-lib has no classes for: `CfnClusterSchedulerConfig` came with 2.273.0,
 * `CfnComputeQuota` with 2.276.0. They render what those classes render.
 */
abstract class TaggableCfnResource extends CfnResource implements ITaggableV2 {
  private tagManager?: TagManager;

  constructor(scope: Construct, id: string, type: string, properties: Record<string, unknown>) {
    super(scope, id, { type, properties });
  }

  /** Made when something asks for it, which is seldom. */
  public get cdkTagManager(): TagManager {
    this.tagManager ??= new TagManager(TagType.STANDARD, this.cfnResourceType, undefined, { tagPropertyName: 'Tags' });
    return this.tagManager;
  }

  /** The manager, if something has asked for it. */
  public get madeTagManager(): TagManager | undefined {
    return this.tagManager;
  }

  protected get cfnProperties(): Record<string, any> {
    return this.tagManager ? super.cfnProperties : this.updatedProperties;
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
      ServiceToken: serviceToken, ServiceTimeout: PROVIDER_SERVICE_TIMEOUT_SECONDS, ...properties,
    });
  }
}

/** `AWS::SageMaker::ClusterSchedulerConfig`. */
export class CfnClusterSchedulerConfig extends TaggableCfnResource {
  constructor(scope: Construct, id: string, properties: Record<string, unknown>) {
    super(scope, id, 'AWS::SageMaker::ClusterSchedulerConfig', properties);
  }
}

/** How the SageMaker API writes a switch. */
export function enabledOrDisabled(value: boolean | undefined): string | undefined {
  if (value === undefined) { return undefined; }
  return value ? 'Enabled' : 'Disabled';
}
