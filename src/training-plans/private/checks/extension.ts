import type { CfnResource } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { instantOf } from './instant';
import type { Place } from './purchase';
import { isConcrete, type Problems } from '../../../private/problems';
import { claimOnce, registryOf } from '../../../private/registry';
import { RULES } from '../rules';

/** The instant to which a plan is extended, in milliseconds. It is known and has whole seconds, since it is the identity. */
export function checkExtendTo(problems: Problems, property: string, extendTo: string): number {
  const instant = isConcrete(extendTo) ? instantOf(extendTo) : undefined;
  if (instant === undefined || instant % 1000 !== 0) {
    problems.add(RULES.extendToInvalid, { property, got: extendTo });
    return NaN;
  }
  return instant;
}

/** Notes an extension in its app, where one construct alone extends a plan to an end. */
export function claimExtension(
  problems: Problems, extension: IConstruct, { account, region }: Place, name: string, extendTo: number,
): void {
  if (!claimOnce(extension.node.root, 'extensions', `${account} ${region} ${name} ${extendTo}`, extension)) {
    problems.add(RULES.extendedTwice, { property: 'extendTo', got: new Date(extendTo).toISOString() });
  }
}

interface Ordered {
  readonly name: string;
  readonly extendTo: number;
  readonly resource: CfnResource;
}

/** Lets the extensions of a plan in a stack happen in the order of their ends: each begins where the one before it ends. */
export function putInOrder(resource: CfnResource, name: string, extendTo: number): void {
  const stack = Stack.of(resource);
  const all = registryOf<Ordered>(stack, 'extensionOrder');
  for (const other of [...all.values()].filter(each => each.name === name)) {
    const [first, second] = other.extendTo < extendTo ? [other.resource, resource] : [resource, other.resource];
    second.addResourceDependency(first);
  }
  all.set(resource.node.path, { name, extendTo, resource });
}
