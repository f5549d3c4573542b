import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { knownBlockId } from '../../private/blocks';
import { isConcrete, warn } from '../../private/problems';
import type { PurchaseTerms } from '../vocabulary/purchase-option';
import type { Scaling } from '../vocabulary/scaling';

/** What is known of a Capacity Block that node groups of an app use. */
interface SharedBlock {
  groups: number;
  /** The maxima of the groups together, as far as they are known. */
  maxInstances: number;
  instanceCount?: number;
}

/** The Capacity Blocks of each app, by the id of their reservation. */
const BLOCKS = new WeakMap<IConstruct, Map<string, SharedBlock>>();

/** Notes a node group in a Capacity Block, and warns where the groups of the block ask for more instances than it has. */
export function shareBlock(scope: IConstruct, terms: PurchaseTerms, { max }: Scaling): void {
  const { capacityReservationId: told, instanceCount } = terms;
  if (told === undefined) { return; }
  const id = knownBlockId(scope, told);
  const blocks = BLOCKS.get(scope.node.root) ?? new Map<string, SharedBlock>();
  BLOCKS.set(scope.node.root, blocks);
  const block = blocks.get(id) ?? { groups: 0, maxInstances: 0 };
  blocks.set(id, block);
  block.groups++;
  if (isConcrete(max)) { block.maxInstances += max; }
  if (isConcrete(instanceCount)) { block.instanceCount = Math.min(instanceCount, block.instanceCount ?? Infinity); }
  if (block.groups > 1 && block.instanceCount !== undefined && block.maxInstances > block.instanceCount) {
    warn(scope, RULES.blockShared, {
      property: 'purchaseOption.capacityReservationId', got: { instanceCount: block.instanceCount, maxInstances: block.maxInstances },
    });
  }
}
