import { Lazy, TagManager, TagType, type IResolvable, type ITaggable } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { INSTANCE_TAG_LIMITS, METADATA_TAG_LIMITS } from './tags';
import { validateTags } from '../../private/tags';
import type { ManagedNodeLaunchOptions } from '../vocabulary/node-launch';

/** What gets the tags when an instance is launched. */
const TAGGED = ['instance', 'volume'];

/**
 * The tags of instances and volumes: those that `Tags.of()` has put on the node group or around it, and those of the launch options, which
 * hold where both have a key. Aspects leave tags at constructs, and the launch template of aws-cdk-lib has no place for them.
 */
export class InstanceTags extends Construct implements ITaggable {
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');

  constructor(scope: Construct, id: string, private readonly options: ManagedNodeLaunchOptions) {
    super(scope, id);
    validateTags(this, () => this.tags, options.instanceMetadataTags === true ? METADATA_TAG_LIMITS : INSTANCE_TAG_LIMITS);
  }

  /** The entries of the launch template, when all tags are known. */
  public get specifications(): IResolvable {
    return Lazy.any({ produce: () => this.render() });
  }

  private render(): object[] | undefined {
    const tags = Object.entries({ ...this.tags.tagValues(), ...this.options.instanceTags }).map(([key, value]) => ({ key, value }));
    return tags.length === 0 ? undefined : TAGGED.map(resourceType => ({ resourceType, tags }));
  }
}
