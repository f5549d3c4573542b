import { RULES } from './rules';
import { text } from '../../private/contracts/forms';
import type { TagLimits } from '../../private/tags';

/** What the service takes as tags. */
export const TAG_LIMITS: TagLimits = { key: text(1, 128), value: text(0, 256), count: 200, text: RULES.tagText, tooMany: RULES.tagCount };

/** What EC2 takes as tags of instances and volumes. */
export const INSTANCE_TAG_LIMITS: TagLimits = {
  key: text(1, 128), value: text(0, 256), count: 50, text: RULES.instanceTagText, tooMany: RULES.instanceTagCount,
};

/** What EC2 takes as tags of instances that can read them from the instance metadata service, in whose addresses keys stand. */
export const METADATA_TAG_LIMITS: TagLimits = {
  ...INSTANCE_TAG_LIMITS, key: text(1, 128, /^(?!\.{1,2}$|_index$)[0-9a-zA-Z\-_+=,.@:]+$/), text: RULES.metadataTagKey,
};
