import {
  DefaultTokenResolver, Reference, StringConcat, Tokenization, CfnResource,
  type CfnElement, type IPostProcessor, type IResolvable, type IResolveContext,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A value as the template will hold it, but for references: a text stands for each, which names the construct that it leads to. */
export type Rendered = unknown;

/** The text that stands for a reference to a construct, whether by `Ref` or by `Fn::GetAtt`, within a stack or across stacks. */
export function markOf(construct: IConstruct): string {
  return `{reference to ${construct.node.path}}`;
}

/** Whether a rendered value is such a text, and nothing else. */
export function isMark(value: Rendered): boolean {
  return typeof value === 'string' && value.startsWith('{reference to ');
}

/**
 * The part of a template that a resource makes, or an output, overrides included, in which references are tokens. Every element can make
 * it, though its declaration doesn't say so; aws-cdk-lib's own Lambda versions do the same.
 */
export function fragmentOf(element: CfnElement): object {
  return (element as unknown as { _toCloudFormation(): object })._toCloudFormation();
}

/**
 * The properties of a resource as the template will hold them, overrides included, with marks for references. Undefined where they
 * can't be rendered, which is told by others.
 */
export function renderedProperties(resource: CfnResource): Record<string, Rendered> | undefined {
  const { rendered } = readingOf(resource);
  if (!rendered.has(resource)) { rendered.set(resource, render(resource)); }
  return rendered.get(resource);
}

function render(resource: CfnResource): Record<string, Rendered> | undefined {
  try {
    const resolver = new Marking(new StringConcat());
    const template = Tokenization.resolve(fragmentOf(resource), { scope: resource, resolver, preparing: true });
    const [rendered] = Object.values(membersOf(membersOf(template).Resources));
    return membersOf(membersOf(rendered).Properties);
  } catch {
    return undefined;
  }
}

/** The resources of some types in the app of a construct. */
export function resourcesOfType(scope: IConstruct, ...types: string[]): CfnResource[] {
  const { byType } = readingOf(scope);
  return types.flatMap(type => byType.get(type) ?? []);
}

/** What was read of an app that is complete: its resources by type, and their properties as far as somebody asked. */
interface Reading {
  readonly byType: ReadonlyMap<string, readonly CfnResource[]>;
  readonly rendered: Map<CfnResource, Record<string, Rendered> | undefined>;
}

const READINGS = new WeakMap<IConstruct, Reading>();

/** An app is read once for all that is judged in one synthesis, and not once for each node group. */
function readingOf(scope: IConstruct): Reading {
  const { root } = scope.node;
  const known = READINGS.get(root);
  if (known) { return known; }
  const byType = new Map<string, CfnResource[]>();
  for (const resource of root.node.findAll().filter(CfnResource.isCfnResource)) {
    const others = byType.get(resource.cfnResourceType);
    if (others) { others.push(resource); } else { byType.set(resource.cfnResourceType, [resource]); }
  }
  const reading = { byType, rendered: new Map() };
  READINGS.set(root, reading);
  return reading;
}

/** To be called when a synthesis begins, since the app may have changed after the one before. */
export function readAgain(scope: IConstruct): void {
  READINGS.delete(scope.node.root);
}

/** The members of an object: none, where it is something else. */
export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

class Marking extends DefaultTokenResolver {
  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    return Reference.isReference(token) ? markOf(token.target) : super.resolveToken(token, context, postProcessor);
  }
}
