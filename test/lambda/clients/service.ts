import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Seen {
  /** The operation, of protocols that have it in a header. */
  readonly target: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a request is answered with. `silence` answers when nobody should listen any more; `drip` begins an answer that has no end. */
export type Answer = { readonly status?: number; readonly body: string } | 'reset' | 'silence' | 'drip';

const SILENCE_MS = 1_500;
const DROP_MS = 20;

export const json = (content: object, status?: number): Answer => ({ status, body: JSON.stringify(content) });
export const failure = (type: string, status = 400): Answer => json({ __type: type, message: `it says ${type}` }, status);

/** A service without any logic, which every client that is made meanwhile asks. */
export class Service {
  public seen: Seen[] = [];
  /** What is answered, in order; the last one again and again. */
  public answers: Answer[] = [];
  /** How many connections there were. */
  public connections = 0;

  private readonly environment = { ...process.env };
  private server?: Server;

  public async start(): Promise<void> {
    [this.seen, this.answers, this.connections] = [[], [], 0];
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const target = String(request.headers['x-amz-target'] ?? '').split('.').at(-1)!;
        this.seen.push({ target, path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() });
        const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0];
        if (answer === 'reset') {
          request.socket.destroy();
        } else if (answer === 'silence') {
          const late = realTimeout(() => response.end('{}'), SILENCE_MS);
          response.on('close', () => clearTimeout(late));
        } else if (answer === 'drip') {
          response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
          const drops = setInterval(() => response.write(' '), DROP_MS);
          response.on('close', () => clearInterval(drops));
        } else {
          response.writeHead(answer.status ?? 200, { 'content-type': answer.body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1' });
          response.end(answer.body);
        }
      });
    });
    this.server.on('connection', () => { this.connections++; });
    await new Promise<void>(resolve => this.server!.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
  }

  public async stop(): Promise<void> {
    process.env = { ...this.environment };
    this.server!.closeAllConnections();
    await new Promise(resolve => this.server!.close(resolve));
  }
}

const realTimeout = setTimeout;

/** Lets what waits by a timer wait for a hundredth of its time, until mocks are restored. */
export function quickly(): void {
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, milliseconds = 0) => realTimeout(work, milliseconds / 100)) as never);
}
