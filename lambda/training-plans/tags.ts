import type { Tag } from '@aws-sdk/client-sagemaker';
import { ATTEMPT_TAG, OFFERING_TAG, OWNER_TAG, SPEC_TAG } from '../../src/private/contracts/training-plan';

/** Tags by key. */
export type TagMap = Readonly<Record<string, string>>;

/** Reads the tags of the service. */
export function tagMap(tags: readonly Tag[]): TagMap {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** Writes tags for the service, in the order of their keys. */
export function tagList(tags: TagMap): Tag[] {
  return Object.keys(tags).sort().map(Key => ({ Key, Value: tags[Key] }));
}

/** What the tags of a purchase say of it. */
export interface PurchaseMark {
  readonly owner: string;
  readonly spec: string;
  readonly offering: string;
  readonly attempt: number;
}

/** The tags that a purchase comes with: those of the user, and those that say whose it is. */
export function purchaseTags(user: TagMap, own: PurchaseMark): TagMap {
  return { ...user, [OWNER_TAG]: own.owner, [SPEC_TAG]: own.spec, [OFFERING_TAG]: own.offering, [ATTEMPT_TAG]: String(own.attempt) };
}

/** What makes the tags of the user what they are to be. Tags that neither the old nor the new ones name stay. */
export function tagChanges(current: TagMap, before: TagMap, after: TagMap): { readonly add: TagMap; readonly remove: string[] } {
  const add = Object.keys(after).filter(key => current[key] !== after[key]);
  const remove = Object.keys(before).filter(key => !Object.hasOwn(after, key) && Object.hasOwn(current, key));
  return { add: Object.fromEntries(add.map(key => [key, after[key]])), remove: remove.sort() };
}
