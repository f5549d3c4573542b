import type { IConstruct } from 'constructs';
import { isConcrete } from './problems';
import { registryOf } from './registry';

const TOPIC = 'block-ids';

/** Notes the id of a Capacity Block that its construct tells only at deployment, though the app knows it. */
export function noteBlockId(block: IConstruct, told: string, id: string | undefined): void {
  const known = id === undefined ? undefined : knownBlockId(block, id);
  if (isConcrete(known)) { registryOf<string>(block.node.root, TOPIC).set(told, known); }
}

/** The id of a Capacity Block as the app knows it, so that two constructs of one block are seen to be of one; else as it is told. */
export function knownBlockId(scope: IConstruct, told: string): string {
  return registryOf<string>(scope.node.root, TOPIC).get(told) ?? told;
}
