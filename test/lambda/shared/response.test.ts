import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { encode, RESPONSE_LIMIT, send, type Response } from '../../../lambda/shared/response';
import { EventMaker } from '../../driver/events';
import { ResponseReceiver } from '../../driver/receiver';

const ids = {
  PhysicalResourceId: 'Stack/Plan',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Stack/0',
  RequestId: '5',
  LogicalResourceId: 'Plan',
};

test('a small answer is sent as it is', () => {
  const response: Response = { ...ids, Status: 'SUCCESS', Data: { Status: 'Active' } };
  expect(JSON.parse(encode(response).toString())).toEqual(response);
});

test('an answer of exactly the limit is sent as it is, one byte more is cut', () => {
  const frame = encode({ ...ids, Status: 'FAILED', Reason: '' }).length;
  const reasonOf = (length: number) => JSON.parse(encode({ ...ids, Status: 'FAILED', Reason: 'x'.repeat(length) }).toString()).Reason as string;
  expect(reasonOf(RESPONSE_LIMIT - frame)).toBe('x'.repeat(RESPONSE_LIMIT - frame));
  expect(reasonOf(RESPONSE_LIMIT - frame + 1)).toBe(`${'x'.repeat(RESPONSE_LIMIT - frame - 3)}...`);
});

test('whatever the reason, the answer fits, is JSON and begins like the reason', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 6000, size: 'max' }), reason => {
    const bytes = encode({ ...ids, Status: 'FAILED', Reason: reason });
    expect(bytes.length).toBeLessThanOrEqual(RESPONSE_LIMIT);
    const { Reason, ...rest } = JSON.parse(bytes.toString()) as Response;
    expect(rest).toEqual({ ...ids, Status: 'FAILED' });
    if (Reason !== reason) {
      expect(reason.startsWith(Reason!.slice(0, -3))).toBe(true);
      expect(bytes.length).toBeGreaterThan(RESPONSE_LIMIT - 16); // nothing is cut that would have fitted
    }
  }), { numRuns: 200 });
});

test('data too large makes a failure that says how large', () => {
  const response: Response = { ...ids, Status: 'SUCCESS', Data: { StatusMessage: 'x'.repeat(RESPONSE_LIMIT) } };
  const size = JSON.stringify(response).length;
  expect(JSON.parse(encode(response).toString())).toEqual({
    ...ids, Status: 'FAILED', Reason: `the answer has ${size} bytes, CloudFormation takes ${RESPONSE_LIMIT}; ask for fewer fields`,
  });
});

test('a physical id is as long as CloudFormation takes it', () => {
  const idOf = (PhysicalResourceId: string) => (JSON.parse(encode({ ...ids, Status: 'SUCCESS', PhysicalResourceId }).toString()) as Response).PhysicalResourceId;
  expect(idOf('x'.repeat(1024))).toBe('x'.repeat(1024));
  expect(idOf('x'.repeat(1025))).toBe('x'.repeat(1024));
  expect(idOf('\u00e4'.repeat(1000))).toBe('\u00e4'.repeat(512));
  expect(idOf('\u{1f680}'.repeat(1000))).toBe('\u{1f680}'.repeat(256));
});

test('whatever the ids of an event are, the answer fits and its reason can be read', () => {
  const long = fc.oneof(fc.string({ unit: 'binary', maxLength: 6000, size: 'max' }), fc.constantFrom('\0'.repeat(5000), '\u{1f680}'.repeat(5000)));
  fc.assert(fc.property(fc.record({ PhysicalResourceId: long, StackId: long, RequestId: long, LogicalResourceId: long }), hostile => {
    for (const answer of [{ Status: 'FAILED' as const, Reason: 'why\n'.repeat(2_000) }, { Status: 'SUCCESS' as const, Data: { Status: 'x'.repeat(5_000) } }]) {
      const bytes = encode({ ...hostile, ...answer });
      expect(bytes.length).toBeLessThanOrEqual(RESPONSE_LIMIT);
      expect((JSON.parse(bytes.toString()) as Response).Reason).toMatch(/^(why\nwhy|the answer has \d+ bytes, CloudFormation takes 4096)/);
    }
  }), { numRuns: 30 });
});

describe('sending', () => {
  const receiver = new ResponseReceiver();
  const event = new EventMaker().create({});
  const response: Response = {
    Status: 'SUCCESS', PhysicalResourceId: 'id', StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
  };
  const TIME = { getRemainingTimeInMillis: () => 60_000 };

  let lines: object[];
  let pauses: unknown[];
  let limits: number[];
  let options: https.RequestOptions;
  let port: number;
  /** What happens to an attempt once it is sent. */
  let sent: (attempt: http.ClientRequest) => void;

  beforeAll(async () => receiver.start());
  afterAll(async () => receiver.stop());
  beforeEach(() => {
    receiver.reset();
    receiver.expect(event);
    [lines, pauses, limits, sent, port] = [[], [], [], () => undefined, receiver.port];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation(milliseconds => {
      limits.push(milliseconds);
      return timeout(milliseconds / 20);
    });
    jest.spyOn(Math, 'random').mockReturnValue(1);
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, pause: number) => {
      pauses.push(pause);
      setImmediate(work);
    }) as never);
    jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
    jest.spyOn(https, 'request').mockImplementation(((url: string, given: https.RequestOptions, answered: (incoming: http.IncomingMessage) => void) => {
      const { pathname, search } = new URL(url);
      options = given;
      const attempt = http.request({ ...given, host: '127.0.0.1', port, path: pathname + search, agent: false }, answered);
      sent(attempt);
      return attempt;
    }) as never);
  });
  afterEach(() => jest.restoreAllMocks());

  test('an answer is delivered at once, with a limit of time', async () => {
    await send(event.ResponseURL, response, TIME);
    expect(receiver.answers).toEqual([response]);
    expect(limits).toEqual([5_000]);
    expect(options).toEqual({ method: 'PUT', signal: expect.any(AbortSignal), headers: { 'content-type': '', 'content-length': JSON.stringify(response).length } });
    expect(lines).toEqual([{ step: 'answered', attempt: 1, status: 'SUCCESS', code: '200', bytes: JSON.stringify(response).length }]);
  });

  test('it is tried again after what may pass, with pauses that grow to four seconds', async () => {
    receiver.faults.push({ status: 500 }, { status: 503 }, { status: 408 }, { status: 429 }, 'reset');
    await send(event.ResponseURL, response, TIME);
    expect(receiver.answers).toEqual([response]);
    expect(lines.map(line => (line as { code: string }).code)).toEqual(['500', '503', '408', '429', 'ECONNRESET', '200']);
    expect(lines.at(-1)).toMatchObject({ attempt: 6 });
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });

  describe('an attempt that takes too long', () => {
    /** A server that answers by itself, and then the receiver again. */
    async function first(answer: (socket: Socket) => void): Promise<Server> {
      const server = createServer(socket => socket.on('error', () => undefined).once('data', () => answer(socket)));
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      ({ port } = server.address() as AddressInfo);
      sent = () => { ({ port } = receiver); };
      return server;
    }

    function drip(socket: Socket, drop: string): void {
      const drops = setInterval(() => socket.write(drop), 5);
      socket.on('close', () => clearInterval(drops));
    }

    const HEAD = 'content-type: text/plain\r\ncontent-length: 1000000\r\n\r\n';

    test.each<[string, (socket: Socket) => void, string[]]>([
      ['with nothing is given up for another', () => undefined, ['ETIMEDOUT', '200']],
      ['with headers that drip is given up for another', socket => { socket.write('HTTP/1.1 200 OK\r\n'); drip(socket, 'x: y\r\n'); }, ['ETIMEDOUT', '200']],
      ['with a body that drips has delivered if the status says so', socket => { socket.write(`HTTP/1.1 200 OK\r\n${HEAD}`); drip(socket, 'x'); }, ['200']],
      ['with a body that drips is repeated if the status says so', socket => { socket.write(`HTTP/1.1 503 Busy\r\n${HEAD}`); drip(socket, 'x'); }, ['503', '200']],
    ])('%s', async (_what, answer, codes) => {
      const server = await first(answer);
      await send(event.ResponseURL, response, TIME);
      expect(lines.map(line => (line as { code: string }).code)).toEqual(codes);
      expect(limits).toEqual(codes.map(() => 5_000));
      await new Promise(resolve => server.close(resolve));
    });

    test('has no more time than there is', async () => {
      receiver.faults.push({ status: 400 });
      await expect(send(event.ResponseURL, response, { getRemainingTimeInMillis: () => 300 })).rejects.toThrow();
      expect(limits).toEqual([300]);
    });
  });

  test('an answer of the other side that breaks off is none', async () => {
    const server = createServer(socket => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n')));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    sent = () => { ({ port } = receiver); };
    await send(event.ResponseURL, response, TIME);
    expect(lines.map(line => (line as { code: string }).code)).toEqual(['ECONNRESET', '200']);
    await new Promise(resolve => server.close(resolve));
  });

  test.each([300, 400, 403, 409, 428, 430, 499])('the status %i is final', async status => {
    receiver.faults.push({ status });
    await expect(send(event.ResponseURL, response, TIME)).rejects.toMatchObject({
      code: 'AnswerNotDelivered', message: `CloudFormation did not take the answer: ${status}`,
    });
    expect(receiver.uploads).toBe(1);
  });

  test.each<[string, Error]>([
    ['ERR_INVALID_URL', Object.assign(new TypeError('no URL: https://x?Signature=s'), { code: 'ERR_INVALID_URL' })], ['TypeError', new TypeError('https://x?Signature=s')],
  ])('a request that can not be begun is not tried again, and tells its code alone: %s', async (code, error) => {
    jest.mocked(https.request).mockImplementation(() => { throw error; });
    await expect(send(event.ResponseURL, response, TIME)).rejects.toMatchObject({ message: `CloudFormation did not take the answer: ${code}` });
    expect(lines).toMatchObject([{ step: 'answered', attempt: 1, code }]);
    expect(JSON.stringify(lines)).not.toContain('Signature');
  });

  test.each([[200], [299]])('the status %i is a delivery', async status => {
    receiver.faults.push({ status });
    await send(event.ResponseURL, response, TIME);
    expect(receiver.uploads).toBe(1);
  });

  test.each([[5_500, 2], [5_499, 1]])('with %i ms left and a pause of 500, there are %i attempts', async (left, attempts) => {
    receiver.faults.push({ status: 500 }, { status: 400 });
    await expect(send(event.ResponseURL, response, { getRemainingTimeInMillis: () => left })).rejects.toThrow('CloudFormation did not take the answer');
    expect(receiver.uploads).toBe(attempts);
  });
});
