import { createHmac } from 'node:crypto';
import { createServer, type Server, type Socket, AddressInfo } from 'node:net';
import { connectToSlurm, SlurmError, type SlurmRest } from '../../../lambda/clients/slurm-rest';
import { slurmToken } from '../../../lambda/clients/slurm-token';

const PONG = JSON.stringify({ meta: { slurm: { cluster: 'live', release: '26.05.5' } }, errors: [] });
const http = (status: string, body: string, headers = '') => `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nContent-Type: application/json\r\n\r\n${body}`;
const refusal = (error: object) => JSON.stringify({ errors: [error] });
const signal = new AbortController().signal;

/* A server of bytes: slurmrestd writes what a server of HTTP wouldn't. */
let answers: ((head: string, socket: Socket) => void)[] = [];
let seen: string[] = [];
let server: Server;

beforeEach(async () => {
  [answers, seen] = [[], []];
  server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.on('data', data => {
      seen.push(data.toString('utf8'));
      answers.shift()?.(data.toString('utf8'), socket);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => new Promise(resolve => server.close(resolve)));

const says = (bytes: string) => { answers.push((_head, socket) => socket.write(bytes)); };
const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdW4iOiJyb290In0.c2lnbmF0dXJlMTIz';

async function connected(): Promise<SlurmRest> {
  says(http('200 OK', PONG));
  return connectToSlurm({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, userName: 'root', token }, signal);
}

async function failure(work: Promise<unknown>): Promise<SlurmError> {
  return work.then(() => { throw new Error('it succeeded'); }, error => error as SlurmError);
}

test('it asks for the versions of the API, and says which cluster it is', async () => {
  says(http('404 NOT FOUND', ''));
  const slurm = await connected();
  expect(slurm).toMatchObject({ clusterName: 'live', release: '26.05.5' });
  says(http('200 OK', '{"qos":[]}'));
  expect(await slurm.ask({ method: 'GET', path: '/qos/', query: { 'Include usage': 'a b' } }, signal)).toEqual({ qos: [] });
  expect(seen.map(head => head.split('\r\n')[0])).toEqual([
    'GET /slurm/v0.0.43/ping HTTP/1.1', 'GET /slurm/v0.0.44/ping HTTP/1.1', 'GET /slurmdb/v0.0.44/qos/?Include%20usage=a%20b HTTP/1.1',
  ]);
  expect(seen[2]).toContain(`X-SLURM-USER-TOKEN: ${token}`);
  slurm.close();
});

test('a server without any of the versions is no server for this library', async () => {
  for (let version = 0; version < 3; version++) { says(http('404 NOT FOUND', '')); }
  const error = await failure(connectToSlurm({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, userName: 'root', token }, signal));
  expect(error).toMatchObject({ code: 'SlurmRefused', message: expect.stringContaining('none of the versions v0.0.43') });
});

test('304 is what is so already', async () => {
  const slurm = await connected();
  says('HTTP/1.1 304 NOT MODIFIED\r\n\r\n');
  expect(await slurm.ask({ method: 'POST', path: '/qos/', body: {} }, signal)).toEqual({});
  slurm.close();
});

/* slurmrestd 26.05 does that. */
test('a second answer behind one that is an error is left alone', async () => {
  const slurm = await connected();
  const error = refusal({ error: 'Invalid qos specification', error_number: 2066, description: 'Unable to resolve QOS: nosuch' });
  says(http('422 UNPROCESSABLE CONTENT', error, 'Connection: Close\r\n') + http('422 UNPROCESSABLE CONTENT', 'Invalid qos specification', 'Connection: Close\r\n'));
  expect(await failure(slurm.ask({ method: 'POST', path: '/qos/', body: {} }, signal))).toMatchObject({
    code: 'SlurmRefused', numbers: [2066], passes: false, message: 'POST /qos/: Slurm answered 422: Invalid qos specification, Unable to resolve QOS: nosuch (2066)',
  });
  slurm.close();
});

test.each<[string, string, Partial<SlurmError>]>([
  ['a database that is away', http('502 BAD GATEWAY', refusal({ error: 'Unable to connect to database', error_number: 7000 })), { passes: true, message: expect.stringContaining('takes no token of this user') }],
  ['a user without rights', http('422 X', refusal({ error: 'Access/permission denied', error_number: 2002 })), { passes: false, message: expect.stringContaining('must be an administrator') }],
  ['an error without a body', http('500 X', ''), { passes: true }],
  ['the page of a proxy', http('200 OK', '<html>'), { passes: true }],
  ['an answer that is no object', http('200 OK', '[]'), { passes: true }],
  ['a refusal without words', http('400 X', ''), { passes: false, message: expect.stringContaining('no reason was given') }],
])('%s', async (_what, bytes, expected) => {
  const slurm = await connected();
  says(bytes);
  expect(await failure(slurm.ask({ method: 'GET', path: '/qos/' }, signal))).toMatchObject(expected);
  slurm.close();
});

test('a connection that breaks may come again, and one that breaks within an answer, too', async () => {
  const slurm = await connected();
  answers.push((_head, socket) => socket.destroy());
  expect(await failure(slurm.ask({ method: 'GET', path: '/qos/' }, signal))).toMatchObject({ code: 'SlurmUnreachable', passes: true });
  answers.push((_head, socket) => { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"qos"'); socket.end(); });
  expect(await failure(slurm.ask({ method: 'GET', path: '/qos/' }, signal))).toMatchObject({ passes: true });
  slurm.close();
});

test('an answer that is too large isn\'t read to its end', async () => {
  const slurm = await connected();
  says(http('200 OK', JSON.stringify({ jobs: 'x'.repeat(10_000) })));
  expect(await failure(slurm.ask({ method: 'GET', path: '/jobs/', maxBytes: 1_000 }, signal))).toMatchObject({ code: 'SlurmAnswerTooLarge', passes: false });
});

test('what Slurm says is repeated as far as it is words: not a token', async () => {
  const slurm = await connected();
  says(http('422 X', refusal({ error: `Authentication failure for ${token} of root (uid 0)`, error_number: 1 })));
  const { message } = await failure(slurm.ask({ method: 'GET', path: '/qos/' }, signal));
  expect(message).toContain('Authentication failure for *** of root');
  expect(message).not.toContain(token.slice(0, 12));
  slurm.close();
});

test('a token has the identity that AWS PCS asks for, and its signature', () => {
  const key = Buffer.from('key');
  const [head, claims, signature] = slurmToken(key, { userName: 'root', uid: 0, gid: 0, gids: [5] }, new Date('2026-11-30T00:00:00.500Z')).split('.');
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
    iat: 1_795_996_800, exp: 1_795_997_700, sun: 'root', uid: 0, gid: 0, id: { gecos: '', dir: '/', shell: '/bin/sh', gids: [0, 5] },
  });
  expect(signature).toBe(createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url'));
});
