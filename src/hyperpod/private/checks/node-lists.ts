import { INSTANCE_ID, NODE_LOGICAL_ID, fits, type Form } from '../../../private/contracts/forms';
import { MAX_NODES_PER_CALL } from '../../../private/contracts/node-operations';
import { isConcrete, type Problems } from '../../../private/problems';
import type { NodeList } from '../../nodes/vocabulary/node-list';
import { RULES } from '../rules';

/** Checks the lists of ids of a call. */
export function checkNodeLists(problems: Problems, lists: { readonly nodeIds?: NodeList; readonly nodeLogicalIds?: NodeList }): void {
  const { nodeIds, nodeLogicalIds } = lists;
  if (!nodeIds && !nodeLogicalIds) { problems.add(RULES.nodesNone, { property: 'nodeIds' }); }
  checkIds(problems, 'nodeIds', nodeIds, [INSTANCE_ID], RULES.nodeId);
  checkIds(problems, 'nodeLogicalIds', nodeLogicalIds, [NODE_LOGICAL_ID], RULES.nodeLogicalId);
  const count = (nodeIds?._known.length ?? 0) + (nodeLogicalIds?._known.length ?? 0);
  if (count > MAX_NODES_PER_CALL) { problems.add(RULES.nodesPerCall, { property: 'nodeIds and nodeLogicalIds', got: count }); }
  for (const [property, list] of Object.entries(lists)) {
    if (list?._isKnown && list._known.length === 0) { problems.add(RULES.nodesNone, { property }); }
  }
}

/** Checks ids that may be of either kind. */
export function checkMixedNodes(problems: Problems, property: string, list: NodeList): void {
  checkIds(problems, property, list, [INSTANCE_ID, NODE_LOGICAL_ID], RULES.nodeLogicalId);
}

function checkIds(problems: Problems, property: string, list: NodeList | undefined, forms: Form[], rule: typeof RULES.nodeId): void {
  const wrong = list?._known.filter(id => isConcrete(id) && !forms.some(form => fits(form, id))) ?? [];
  if (wrong.length > 0) { problems.add(rule, { property, got: wrong }); }
}
