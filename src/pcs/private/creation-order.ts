import { Aspects, CfnResource, Stack, type IAspect } from 'aws-cdk-lib';
import { Dependable, type IConstruct } from 'constructs';
import { clusterOf } from './context';

/** The clusters of each stack, in the order in which they were made. */
const CLUSTERS = new WeakMap<Stack, CfnResource[]>();

/**
 * Makes the clusters of a stack be created one after the other, since a Region creates one at a time and refuses the second.
 *
 * The order is that in which they were made, unless dependencies say otherwise. These can still be added, so the order is
 * settled when the app is synthesized.
 */
export function createOneAtATime(cluster: CfnResource): void {
  const stack = Stack.of(cluster);
  const clusters = CLUSTERS.get(stack) ?? [];
  CLUSTERS.set(stack, clusters);
  clusters.push(cluster);
  if (clusters.length === 2) { Aspects.of(stack).add(new Chain(stack, clusters)); }
}

class Chain implements IAspect {
  constructor(private readonly stack: Stack, private readonly clusters: readonly CfnResource[]) {}

  public visit(node: IConstruct): void {
    if (node !== this.stack) { return; }
    this.inOrder().reduce((earlier, later) => {
      later.addResourceDependency(earlier);
      return later;
    });
  }

  /** The clusters, each after those that it depends on already. */
  private inOrder(): CfnResource[] {
    const found: CfnResource[] = [];
    const seen = new Set<IConstruct>();
    const walk = (construct: IConstruct) => {
      if (seen.has(construct)) { return; }
      seen.add(construct);
      dependenciesOf(construct).forEach(walk);
      if (this.clusters.includes(construct as CfnResource)) { found.push(construct as CfnResource); }
    };
    this.clusters.forEach(walk);
    return found;
  }
}

/**
 * What a construct waits for: what it and its scopes were told to, with all that is in it, and the clusters that these are
 * part of, whose ids they hold.
 */
function dependenciesOf(construct: IConstruct): IConstruct[] {
  const scopes = construct.node.scopes;
  const roots = scopes.flatMap(scope => scope.node.dependencies).flatMap(dependency => Dependable.of(dependency).dependencyRoots);
  const resources = CfnResource.isCfnResource(construct) ? construct.obtainDependencies() : [];
  const clusters = scopes.flatMap(scope => (clusterOf(scope) as IConstruct | undefined)?.node.defaultChild ?? []);
  return [...roots.flatMap(root => root.node.findAll()), ...resources, ...clusters];
}
