import { request } from 'node:http';
import { EventMaker } from './events';
import { ANSWER_LIMIT, ResponseReceiver } from './receiver';

const receiver = new ResponseReceiver();
const event = new EventMaker().create({});
const right = {
  Status: 'SUCCESS', PhysicalResourceId: 'id', StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
};

beforeAll(async () => receiver.start());
afterAll(async () => receiver.stop());
beforeEach(() => {
  receiver.reset();
  receiver.expect(event);
});

async function put(body: string, { method = 'PUT', type = '', url = event.ResponseURL } = {}): Promise<number> {
  const { pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: receiver.port, path: pathname + search, method, headers: { 'content-type': type } }, response => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject).end(body);
  });
}

test('takes a right answer', async () => {
  expect(await put(JSON.stringify(right))).toBe(200);
  expect(receiver.answersTo(event)).toEqual([right]);
});

test('takes an answer of the limit, not one byte more', async () => {
  const frame = JSON.stringify({ ...right, Reason: '' }).length;
  const answer = (length: number) => JSON.stringify({ ...right, Reason: 'x'.repeat(length - frame) });
  await put(answer(ANSWER_LIMIT));
  expect(receiver.refused).toEqual([]);
  await put(answer(ANSWER_LIMIT + 1));
  expect(receiver.refused).toEqual(['Response object is too long: 4097 bytes']);
  expect(receiver.answers).toHaveLength(1);
});

test.each([
  ['Status', { Status: 'DONE' }],
  ['Reason', { Status: 'FAILED' }],
  ['PhysicalResourceId', { PhysicalResourceId: '' }],
  ['PhysicalResourceId', { PhysicalResourceId: 'x'.repeat(1025) }],
  ['StackId', { StackId: 'another' }],
  ['RequestId', { RequestId: 'another' }],
  ['LogicalResourceId', { LogicalResourceId: 'Another' }],
  ['Data', { Data: { Count: 4 } }],
])('refuses a wrong %s', async (member, wrong) => {
  await put(JSON.stringify({ ...right, ...wrong }));
  expect(receiver.refused).toEqual([`Invalid response object: ${member}`]);
  expect(receiver.answers).toEqual([]);
});

test.each([
  ['another method', { method: 'POST' }],
  ['a content type', { type: 'application/json' }],
  ['a changed URL', { url: `${event.ResponseURL}0` }],
])('a URL that is signed for a PUT without content type refuses %s', async (_what, how) => {
  expect(await put(JSON.stringify(right), how)).toBe(403);
  expect(receiver.answers).toEqual([]);
});

test('refuses to mix up two events with one RequestId', () => {
  expect(() => receiver.expect(new EventMaker().create({ other: 1 }))).toThrow('two events have the RequestId');
  expect(() => receiver.expect(new EventMaker({ incarnation: 1 }).create({}))).not.toThrow();
});
