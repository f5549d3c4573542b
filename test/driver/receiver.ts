import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CustomResourceEvent } from './events';

/** CloudFormation takes no longer answer. */
export const ANSWER_LIMIT = 4096;

/** An answer as it arrived. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Record<string, string>;
}

/** What happens to an upload of an answer. */
export type UploadFault = { readonly status: number } | 'reset';

/** The place that answers are uploaded to: what S3 and CloudFormation do with a ResponseURL. */
export class ResponseReceiver {
  /** Every answer that CloudFormation would take, in the order of arrival. */
  public readonly answers: Answer[] = [];
  /** Every upload that CloudFormation would not understand, and why. */
  public readonly refused: string[] = [];
  public readonly faults: UploadFault[] = [];
  public uploads = 0;

  private readonly server: Server;
  private readonly expected = new Map<string, CustomResourceEvent>();

  public constructor() {
    this.server = createServer((request, response) => {
      this.receive(request, response).catch(error => response.destroy(error as Error));
    });
  }

  public async start(): Promise<this> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Opens the URL of an event. */
  public expect(event: CustomResourceEvent): void {
    const { pathname, search } = new URL(event.ResponseURL);
    if ((this.expected.get(pathname + search) ?? event) !== event) {
      throw new Error(`two events have the RequestId ${event.RequestId}: give their stacks other incarnations`);
    }
    this.expected.set(pathname + search, event);
  }

  /** The answers to a request: CloudFormation goes by the first. */
  public answersTo(event: CustomResourceEvent): Answer[] {
    return this.answers.filter(answer => answer.RequestId === event.RequestId);
  }

  public reset(): void {
    this.answers.length = this.refused.length = this.faults.length = this.uploads = 0;
    this.expected.clear();
  }

  public async stop(): Promise<void> {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) { chunks.push(chunk as Buffer); }
    this.uploads++;
    const fault = this.faults.shift();
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    const event = this.expected.get(request.url!);
    const type = request.headers['content-type'];
    // the URL is signed for PUT and for no content type; S3 answers anything else with 403
    const status = fault?.status ?? (event && request.method === 'PUT' && !type ? 200 : 403);
    if (status === 200) { this.take(event!, Buffer.concat(chunks)); }
    response.writeHead(status).end();
  }

  private take(event: CustomResourceEvent, body: Buffer): void {
    if (body.length > ANSWER_LIMIT) {
      this.refused.push(`Response object is too long: ${body.length} bytes`);
      return;
    }
    const answer = JSON.parse(body.toString('utf8')) as Answer;
    const wrong: (keyof Answer)[] = (['StackId', 'RequestId', 'LogicalResourceId'] as const).filter(key => answer[key] !== event[key]);
    if (!['SUCCESS', 'FAILED'].includes(answer.Status)) { wrong.push('Status'); }
    if (answer.Status === 'FAILED' && !answer.Reason) { wrong.push('Reason'); }
    if (!answer.PhysicalResourceId || Buffer.byteLength(answer.PhysicalResourceId) > 1024) { wrong.push('PhysicalResourceId'); }
    if (Object.values(answer.Data ?? {}).some(value => typeof value !== 'string')) { wrong.push('Data'); }
    if (wrong.length > 0) {
      this.refused.push(`Invalid response object: ${wrong.join(', ')}`);
      return;
    }
    this.answers.push(answer);
  }
}
