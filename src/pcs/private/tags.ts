import { RULES } from './rules';
import { text } from '../../private/contracts/forms';
import type { TagLimits } from '../../private/tags';

/** What the service takes as tags. */
export const TAG_LIMITS: TagLimits = { key: text(1, 128), value: text(0, 256), count: 200, text: RULES.tagText, tooMany: RULES.tagCount };

/** What EC2 takes as tags of instances and volumes. */
export const INSTANCE_TAG_LIMITS: TagLimits = {
  key: text(1, 128), value: text(0, 256), count: 50, text: RULES.instanceTagText, tooMany: RULES.instanceTagCount,
};
