import type { Context } from 'aws-lambda';
import { NodeOperationsHandler } from './handler';
import { STATE_TABLE_VARIABLE, type NodeOperationRequest } from '../../src/private/contracts/node-operations';
import { nodeService } from '../clients/hyperpod-nodes';
import { stateTable } from '../clients/state-table';
import { withDeadline, workBudget } from '../shared/deadline';

const table = process.env[STATE_TABLE_VARIABLE];
const operations = new NodeOperationsHandler({
  nodes: nodeService(),
  state: table === undefined ? undefined : stateTable(table),
  now: Date.now,
});

export const handler = async (event: NodeOperationRequest, context: Context): Promise<object> => {
  return withDeadline(workBudget(context), async signal => operations.handle(event, signal));
};
