/* What stands between the handler and slurmrestd: it passes on, counts, and lets things go wrong. */
import { Agent, createServer, request as send } from 'node:http';

/**
 * A proxy on loopback. `choose` says of each request, by its number from 1, what goes wrong: `reset`, `error` (a 500 without a body), `gateway` (a 502 as Slurm says
 * it when its database is away), `garbage`, or `death`, which never answers. With `After`, as in `resetAfter`, the request was passed on before.
 */
export class Proxy {
  requests = [];
  choose = () => undefined;

  constructor(target) {
    this.target = target;
    this.agent = new Agent({ keepAlive: true }); // slurmrestd 26.05 writes what no client can read where a request says `Connection: close`
    this.server = createServer((request, response) => this.#serve(request, response).catch(() => response.destroy()));
  }

  async start() {
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    return this;
  }

  /** Forgets requests and faults. The returned promise comes true where a request meets its `death`. */
  again(choose = () => undefined) {
    this.requests = [];
    this.choose = choose;
    return new Promise(resolve => { this.died = resolve; });
  }

  /** Asks slurmrestd itself. */
  async ask(method, url, headers, body = '') {
    const bytes = Buffer.from(body);
    const answer = await this.#pass({ method, url, headers: { ...headers, ...bytes.length > 0 && { 'Content-Length': bytes.length } } }, bytes);
    return { status: answer.status, text: answer.body.toString('utf8') };
  }

  get writes() { return this.requests.filter(({ method }) => method !== 'GET'); }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) { chunks.push(chunk); }
    const body = Buffer.concat(chunks);
    this.requests.push({ method: request.method, url: request.url, body: body.toString('utf8'), headers: request.headers });
    const fault = this.choose(this.requests.length, this.requests.at(-1));
    const kind = fault?.replace(/After$/, '');
    const answer = fault === undefined || fault.endsWith('After') ? await this.#pass(request, body) : undefined;
    switch (kind) {
      case 'reset': request.socket.destroy(); return;
      case 'death': this.died(); return;
      case 'error': response.writeHead(500).end(); return;
      case 'garbage': response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Bad Gateway</html>'); return;
      case 'gateway': response.writeHead(502).end(JSON.stringify({ errors: [{ error_number: 7000, error: 'Unable to connect to database', description: 'Failed to open slurmdbd connection' }] })); return;
      default: response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body);
    }
  }

  #pass({ method, url, headers }, body) {
    return new Promise((resolve, reject) => {
      const { host: _, ...rest } = headers;
      let received;
      const passed = send(`${this.target}${url}`, { method, headers: rest, agent: this.agent }, response => {
        received = response;
        const chunks = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      });
      passed.on('error', error => { if (!received?.complete) { reject(error); } }); // an error has a second answer behind it
      passed.end(body);
    });
  }
}
