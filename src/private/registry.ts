import type { IConstruct } from 'constructs';

/**
 * What constructs of a tree note about one another under a topic, such as the names that are taken: one map per construct that it
 * belongs to, most often the root of the app.
 *
 * It hangs on that construct by a symbol of the process, so that two copies of this library in one app, as npm installs them for two
 * packages that want different versions, see each other's notes. They may be of different versions: a topic never changes the form of
 * its keys or values, which are plain data or constructs and never instances of a class of ours.
 */
export function registryOf<V>(owner: IConstruct, topic: string): Map<string, V> {
  const key = Symbol.for(`cdk-hpc-clusters.registry.${topic}`);
  const holder = owner as IConstruct & { [key]?: Map<string, V> };
  if (!holder[key]) { Object.defineProperty(holder, key, { value: new Map<string, V>() }); }
  return holder[key]!;
}

/** Notes whose something is, under a key that one construct alone can have. Returns false where another one in the tree has it. */
export function claimOnce(owner: IConstruct, topic: string, key: string, claimant: IConstruct): boolean {
  const claims = registryOf<IConstruct>(owner, topic);
  const other = claims.get(key);
  if (other && other !== claimant && isInTree(other)) { return false; }
  claims.set(key, claimant);
  return true;
}

/** Whether a construct is still where it was made, and hasn't been removed from its tree. */
export function isInTree(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isInTree(scope));
}
