import type { ClusterClaim } from './claim';
import { changeNodes, describeNode, listNodes } from './operations';
import { Remediation } from './remediation/course';
import { repairStep } from './repair';
import { checkRequest } from './request';
import { THROTTLED, type NodeOperationRequest } from '../../../src/private/contracts/node-operations';
import type { NodeService } from '../../clients/hyperpod-nodes';
import type { StateStore } from '../../clients/state-table';
import { HandlerError, failureOf } from '../../shared/errors';
import { log } from '../../shared/logger';

/** What the function works with. */
export interface Dependencies {
  readonly nodes: NodeService;
  /** The state of a remediation. Only the function of one has it. */
  readonly state?: StateStore;
  /** The claim of a remediation on its cluster. */
  readonly claim?: ClusterClaim;
  readonly now: () => number;
}

/** Operations on nodes, and the steps of workflows that are made of them. */
export class NodeOperationsHandler {
  public constructor(private readonly dependencies: Dependencies) {}

  /** Answers a state of a state machine. The name of an error is what its retriers and catchers match. */
  public async handle(request: NodeOperationRequest, signal: AbortSignal): Promise<object> {
    const started = this.dependencies.now();
    try {
      const answer = await this.perform(request, signal);
      log('done', { operation: request.Operation, milliseconds: this.dependencies.now() - started });
      return answer;
    } catch (error) {
      const { code: said, message, kind, attempts } = failureOf(error);
      const code = kind === 'throttled' ? THROTTLED : said;
      log('failed', { operation: request.Operation, code, reason: message, attempts, milliseconds: this.dependencies.now() - started });
      throw error instanceof HandlerError ? error : new HandlerError(code, message);
    }
  }

  private async perform(given: NodeOperationRequest, signal: AbortSignal): Promise<object> {
    const { nodes, state, claim, now } = this.dependencies;
    const request = checkRequest(given);
    switch (request.Operation) {
      case 'ListNodes': return listNodes(nodes, request, signal);
      case 'DescribeNode': return describeNode(nodes, request, signal);
      case 'RebootNodes':
      case 'ReplaceNodes': return changeNodes(nodes, request, signal);
      case 'RepairStep': return repairStep(nodes, request, now(), signal);
      case 'RemediationStep': {
        if (!state) { throw new HandlerError('InvalidInput', 'this function has no table for the state of a remediation'); }
        return new Remediation(nodes, state, request, now, signal, claim).step();
      }
    }
  }
}
