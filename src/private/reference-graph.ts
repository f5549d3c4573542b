import {
  CfnElement, CfnResource, DefaultTokenResolver, Reference, Stack, Stage, StringConcat, Tokenization,
  type IPostProcessor, type IResolvable, type IResolveContext,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { fragmentOf } from './rendered';

type Json = Record<string, unknown>;

/** What waits for what, as far as it is read. */
export class ReferenceGraph {
  private readonly needs = new Map<CfnResource, CfnResource[]>();
  private readonly properties = new Map<CfnResource, Json>();
  private readonly stackNeeds = new Map<Stack, Set<Stack>>();

  /** The properties of a resource, in which references are names that are unique in the app. */
  public propertiesOf(resource: CfnResource): Json {
    this.read(resource);
    return this.properties.get(resource)!;
  }

  /** A value in which references are names that are unique in the app. */
  public nameIn(scope: IConstruct, value: unknown): unknown {
    return Tokenization.resolve(value, { scope, resolver: new Names(), preparing: true });
  }

  /** The resources that a value refers to. */
  public targetsOf(scope: IConstruct, value: unknown): CfnResource[] {
    const names = new Names();
    Tokenization.resolve(value, { scope, resolver: names, preparing: true });
    return names.targets.filter(CfnResource.isCfnResource);
  }

  /** Makes one resource wait for another. */
  public add(resource: CfnResource, needed: CfnResource): void {
    resource.addResourceDependency(needed);
    this.read(resource).push(needed);
    this.stackNeeds.get(topStackOf(resource))?.add(topStackOf(needed));
  }

  /** Whether one resource waits for another, which waits for itself. */
  public leads(from: CfnResource, to: CfnResource): boolean {
    return from === to || this.allBefore(from).has(to);
  }

  /** All that a resource waits for. */
  public allBefore(resource: CfnResource): ReadonlySet<CfnResource> {
    const found = new Set<CfnResource>();
    const open = [...this.read(resource)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) { continue; }
      found.add(next);
      open.push(...this.read(next));
    }
    return found;
  }

  /** Whether a resource is in the same stack as another, or in one that can be deployed before that. */
  public canPrecede(resource: CfnResource, user: CfnResource): boolean {
    const [stack, later] = [Stack.of(resource), Stack.of(user)];
    if (stack === later) { return true; }
    if (Stage.of(resource) !== Stage.of(user)) { return false; }
    return !stack.nested && !later.nested && !this.stackLeads(stack, later);
  }

  /** Whether a stack waits for another. */
  public stackLeads(from: Stack, to: Stack): boolean {
    const seen = new Set<Stack>();
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === to) { return true; }
      if (seen.has(next)) { continue; }
      seen.add(next);
      open.push(...this.stacksBefore(next));
    }
    return false;
  }

  private stacksBefore(stack: Stack): ReadonlySet<Stack> {
    const known = this.stackNeeds.get(stack);
    if (known) { return known; }
    const elements = stack.node.findAll().filter(CfnElement.isCfnElement);
    const targets = elements.flatMap(element =>
      CfnResource.isCfnResource(element) ? this.read(element) : this.targetsOf(element, fragmentOf(element)));
    const found = new Set([...stack.dependencies, ...targets.map(topStackOf)]);
    this.stackNeeds.set(stack, found);
    return found;
  }

  /** What a resource waits for: what it refers to, and what it and its scopes were told. */
  public read(resource: CfnResource): CfnResource[] {
    const known = this.needs.get(resource);
    if (known) { return known; }
    const names = new Names();
    const rendered = Tokenization.resolve(fragmentOf(resource), { scope: resource, resolver: names, preparing: true });
    const [{ Properties: properties = {} } = {}] = Object.values<Json>((rendered as { Resources?: Record<string, Json> }).Resources ?? {});
    this.properties.set(resource, properties as Json);
    const told = resource.node.scopes.flatMap(scope => scope.node.dependencies).flatMap(root => root.node.findAll());
    const found = [...names.targets, ...told, ...resource.obtainDependencies()].filter(CfnResource.isCfnResource);
    this.needs.set(resource, found);
    return found;
  }
}

/** The stack that is deployed with a construct in it: nested ones are deployed with their parents. */
export function topStackOf(construct: IConstruct): Stack {
  let stack = Stack.of(construct);
  while (stack.nestedStackParent) { stack = stack.nestedStackParent; }
  return stack;
}

/** The mark of references that CloudFormation follows. Physical names are references, too, and no stack waits for them. */
const CFN_REFERENCE = Symbol.for('@aws-cdk/core.CfnReference');

/** Puts the address of its target in place of each reference. */
class Names extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (!Reference.isReference(token) || !(CFN_REFERENCE in token)) { return super.resolveToken(token, context, postProcessor); }
    this.targets.push(token.target);
    return { Ref: `${token.target.node.addr}.${token.displayName}` }; // a function, which resources take for numbers and lists, too
  }
}
