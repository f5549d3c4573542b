import type { Context } from 'aws-lambda';
import { NO_CLAIM, RecordedClaim } from './claim';
import type { ClusterClaim } from './claim';
import { NodeOperationsHandler } from './handler';
import {
  CLAIM_PATH_VARIABLE, CLAIM_RESOURCE_VARIABLE, CLAIM_STACK_VARIABLE, STATE_TABLE_VARIABLE, type NodeOperationRequest,
} from '../../../src/private/contracts/node-operations';
import { nodeService } from '../../clients/hyperpod-nodes';
import { parameterRecords } from '../../clients/records';
import { stackReader } from '../../clients/stack-reader';
import { stateTable } from '../../clients/state-table';
import { withDeadline, workBudget } from '../../shared/deadline';

const table = process.env[STATE_TABLE_VARIABLE];
const operations = new NodeOperationsHandler({
  nodes: nodeService(),
  state: table === undefined ? undefined : stateTable(table),
  claim: claim(),
  now: Date.now,
});

export const handler = async (event: NodeOperationRequest, context: Context): Promise<object> => {
  return withDeadline(workBudget(context), async signal => operations.handle(event, signal));
};

/** What of the environment isn't there makes no claim, and what has no claim touches nothing. */
function claim(): ClusterClaim {
  const { [CLAIM_PATH_VARIABLE]: path, [CLAIM_STACK_VARIABLE]: stackId, [CLAIM_RESOURCE_VARIABLE]: logicalId } = process.env;
  if (!path || !stackId || !logicalId) { return NO_CLAIM; }
  return new RecordedClaim(path, { stackId, logicalId }, parameterRecords(), stackReader(), Date.now);
}
