import { finished } from 'node:stream';
import type { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How long a client waits. */
export interface Limits {
  readonly connectMs: number;
  /** For the whole answer to one request. */
  readonly requestMs: number;
  /** Without it, connections are kept for the requests to come. */
  readonly agent?: { readonly keepAlive: boolean };
}

/**
 * Sends the requests of a client. The SDK's own limit is for the head of an answer; here its body has to be there in time, too: one that
 * comes in drips would otherwise be waited for until Lambda ends the function.
 */
export class RequestHandler extends NodeHttpHandler {
  public constructor(private readonly limits: Limits) {
    const { connectMs, requestMs, agent } = limits;
    const agents = agent && { httpAgent: agent, httpsAgent: agent };
    super({ connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true, ...agents });
  }

  public override async handle(...request: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const started = Date.now();
    const answer = await super.handle(...request);
    const body = answer.response.body as Readable;
    const { requestMs } = this.limits;
    const late = Object.assign(new Error(`the answer was not there within ${requestMs} ms`), { name: 'TimeoutError' });
    const timer = setTimeout(() => body.destroy(late), Math.max(0, started + requestMs - Date.now()));
    finished(body, () => clearTimeout(timer));
    return answer;
  }
}
