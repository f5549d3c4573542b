import type { CfnResource } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { instantOf } from './instant';
import type { Place } from './purchase';
import { RULES } from './rules';
import { isConcrete, type Problems } from '../../private/problems';

/** The instant to which a plan is extended, in milliseconds. It is known and has whole seconds, since it is the identity. */
export function checkExtendTo(problems: Problems, property: string, extendTo: string): number {
  const instant = isConcrete(extendTo) ? instantOf(extendTo) : undefined;
  if (instant === undefined || instant % 1000 !== 0) {
    problems.add(RULES.extendToInvalid, { property, got: extendTo });
    return NaN;
  }
  return instant;
}

const EXTENSIONS = new WeakMap<IConstruct, Set<string>>();

/** Notes an extension in its app, where one construct alone extends a plan to an end. */
export function claimExtension(
  problems: Problems, extension: IConstruct, { account, region }: Place, name: string, extendTo: number,
): void {
  const claims = EXTENSIONS.get(extension.node.root) ?? new Set<string>();
  EXTENSIONS.set(extension.node.root, claims);
  const key = `${account} ${region} ${name} ${extendTo}`;
  if (claims.has(key)) { problems.add(RULES.extendedTwice, { property: 'extendTo', got: new Date(extendTo).toISOString() }); }
  claims.add(key);
}

interface Ordered {
  readonly name: string;
  readonly extendTo: number;
  readonly resource: CfnResource;
}

const ORDERED = new WeakMap<Stack, Ordered[]>();

/** Lets the extensions of a plan in a stack happen in the order of their ends: each begins where the one before it ends. */
export function putInOrder(resource: CfnResource, name: string, extendTo: number): void {
  const stack = Stack.of(resource);
  const all = ORDERED.get(stack) ?? [];
  ORDERED.set(stack, all);
  for (const other of all.filter(each => each.name === name)) {
    const [first, second] = other.extendTo < extendTo ? [other.resource, resource] : [resource, other.resource];
    second.addResourceDependency(first);
  }
  all.push({ name, extendTo, resource });
}
