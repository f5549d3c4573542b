import type { TagManager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { fits, type TextForm } from './contracts/forms';
import { describe, isConcrete, type Problems } from './problems';
import type { Rule } from './rule';

/** What a service takes as tags. */
export interface TagLimits {
  readonly key: TextForm;
  readonly value: TextForm;
  readonly count: number;
  /** Keys that belong to others. @default - those of AWS */
  readonly reserved?: RegExp;
  /** Of tags that the service doesn't take. */
  readonly text: Rule;
  /** Of too many. */
  readonly tooMany: Rule;
}

/** Keys that belong to AWS. */
const OF_AWS = /^aws:/i;

/** Holds the tags of a resource to what its service takes, when the tree is complete. Its manager is made when there are tags. */
export function validateTags(scope: IConstruct, manager: () => TagManager | undefined, limits: TagLimits): void {
  scope.node.addValidation({ validate: () => judgeTags(manager()?.tagValues() ?? {}, limits) });
}

/** Notes what is wrong with tags that are known already. */
export function checkTags(problems: Problems, property: string, tags: Readonly<Record<string, string>>, limits: TagLimits): void {
  breaches(tags, limits).forEach(([rule, got]) => problems.add(rule, { property, got }));
}

function judgeTags(tags: Readonly<Record<string, string>>, limits: TagLimits): string[] {
  return breaches(tags, limits).map(([rule, got]) => describe(rule, { property: 'tags', got }));
}

function breaches(tags: Readonly<Record<string, string>>, limits: TagLimits): [Rule, unknown][] {
  const { key, value, count, reserved = OF_AWS, text, tooMany } = limits;
  const entries = Object.entries(tags);
  const wrong = entries.filter(([name, content]) => (isConcrete(name) && (!fits(key, name) || reserved.test(name)))
    || (isConcrete(content) && !fits(value, content)));
  return [
    ...wrong.length > 0 ? [[text, Object.fromEntries(wrong)] as [Rule, unknown]] : [],
    ...entries.length > count ? [[tooMany, entries.length] as [Rule, unknown]] : [],
  ];
}
