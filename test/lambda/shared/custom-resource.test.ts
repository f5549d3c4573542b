import http from 'node:http';
import https from 'node:https';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { customResource, stackIdentity, type CustomResourceHandler } from '../../../lambda/shared/custom-resource';
import { HandlerError } from '../../../lambda/shared/errors';
import { EventMaker, type CustomResourceEvent } from '../../driver/events';
import { ResponseReceiver, type Answer } from '../../driver/receiver';

const context = { awsRequestId: 'r', logStreamName: 's', getRemainingTimeInMillis: () => 60_000 } as Context;
const events = new EventMaker({ stackName: 'Capacity', logicalId: 'Plan' });
const receiver = new ResponseReceiver();
let lines: Record<string, unknown>[];

beforeAll(async () => receiver.start());
afterAll(async () => receiver.stop());
beforeEach(() => {
  receiver.reset();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
  jest.spyOn(https, 'request').mockImplementation(((url: string, options: https.RequestOptions, answered: (incoming: http.IncomingMessage) => void) => {
    const { pathname, search } = new URL(url);
    return http.request({ ...options, host: '127.0.0.1', port: receiver.port, path: pathname + search, agent: false }, answered);
  }) as never);
});
afterEach(() => jest.restoreAllMocks());

/** Runs a handler of an event, and returns the only answer. */
async function run(event: CustomResourceEvent, apply: CustomResourceHandler['apply'], clock = context): Promise<Answer> {
  receiver.expect(event);
  const physicalId: CustomResourceHandler['physicalId'] = (stack, logicalId, { Name }) => `${stack.name}/${logicalId}${Name ? `/${String(Name)}` : ''}`;
  await customResource({ physicalId, apply })(event as CloudFormationCustomResourceEvent, clock);
  expect(receiver.refused).toEqual([]);
  expect(receiver.answers).toHaveLength(1);
  return receiver.answers[0];
}

test('what was made is answered, under an id of stack, resource and properties, and logged', async () => {
  const event = events.create({ Name: 'llm' });
  const apply = jest.fn(async () => ({ Status: 'Active' }));
  const { StackId, RequestId, LogicalResourceId } = event;
  expect(await run(event, apply)).toEqual({
    Status: 'SUCCESS', PhysicalResourceId: 'Capacity/Plan/llm', StackId, RequestId, LogicalResourceId, Data: { Status: 'Active' },
  });
  const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
  expect(apply).toHaveBeenCalledWith({ stack, properties: event.ResourceProperties, isUpdate: false }, expect.any(AbortSignal));
  const about = { requestType: 'Create', requestId: RequestId, stack: 'Capacity', logicalId: 'Plan' };
  expect(lines.slice(0, 2)).toEqual([
    { step: 'received', ...about },
    { step: 'done', ...about, physicalId: 'Capacity/Plan/llm', status: 'SUCCESS', milliseconds: expect.any(Number) },
  ]);
  expect(lines[1].milliseconds).toBeLessThan(10_000);
  expect(lines.slice(2)).toMatchObject([{ step: 'answered', code: '200' }]);
});

test('keeps the physical id of an existing resource, whoever decided it, and makes what its new properties say', async () => {
  const apply = jest.fn(async () => ({}));
  const answer = await run(events.update('an-id-of-an-older-release', { Name: 'new' }, { Name: 'old' }), apply);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'an-id-of-an-older-release', Data: {} });
  expect(apply).toHaveBeenCalledWith(expect.objectContaining({ properties: expect.objectContaining({ Name: 'new' }) }), expect.anything());
});

test('a Delete succeeds and does nothing', async () => {
  const apply = jest.fn();
  expect(await run(events.delete('id', {}), apply)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'id' });
  expect(apply).not.toHaveBeenCalled();
});

test('a Delete succeeds whatever properties an older release left behind', async () => {
  expect((await run(events.delete('id', { Operation: 'Unknown', Input: 'text' }), jest.fn())).Status).toBe('SUCCESS');
});

test('a request that CloudFormation has not yet is refused with a reason', async () => {
  const answer = await run({ ...events.create({}), RequestType: 'Import' as never, PhysicalResourceId: 'id' }, async () => ({}));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'unknown request type: Import (log stream s, request r)' });
});

test('a fault of ours is told with its place and without its text, and where to read on', async () => {
  const answer = await run(events.create({}), async () => { throw new TypeError('x is not a function\n  at y'); });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'Capacity/Plan',
    Reason: expect.stringMatching(/^InternalError: a fault of this function at [\w.-]+:\d+:\d+; please report it \(log stream s, request r\)$/),
  });
  expect(lines[1]).toMatchObject({ step: 'done', status: 'FAILED', reason: answer.Reason });
});

test('an own reason is told as it is', async () => {
  const answer = await run(events.create({}), async () => { throw new HandlerError('NotFound', 'there is no such plan'); });
  expect(answer.Reason).toBe('there is no such plan (log stream s, request r)');
});

describe('whatever an event is like, it is answered within the limit', () => {
  const strange = (physicalId: CustomResourceHandler['physicalId'], event: CustomResourceEvent = events.create({})) => {
    receiver.expect(event);
    return customResource({ physicalId, apply: async () => ({}) })(event as CloudFormationCustomResourceEvent, context);
  };

  test('a physical id that can not be decided', async () => {
    await strange(() => { throw new HandlerError('InvalidProperties', 'the property Name must be an object'); });
    expect(receiver.refused).toEqual([]);
    expect(receiver.answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Capacity/Plan', Reason: expect.stringMatching(/^the property Name must be an object \(/) }]);
  });

  test('a physical id by accident', async () => {
    await strange(() => { throw new TypeError('x'); });
    expect(receiver.answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Capacity/Plan', Reason: expect.stringMatching(/^InternalError: /) }]);
  });

  test('a physical id of 5,000 characters', async () => {
    await strange(() => 'x'.repeat(5_000));
    expect(receiver.answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'x'.repeat(1024) }]);
  });

  test('a physical id that is empty, and an Update without one', async () => {
    await strange(() => '');
    await strange(() => 'other', { ...events.update('id', {}, {}), PhysicalResourceId: undefined as never });
    expect(receiver.answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'Capacity/Plan' }, { Status: 'SUCCESS', PhysicalResourceId: 'Capacity/Plan' }]);
  });

  test.each([[undefined, '/Plan'], ['', '/Plan'], ['arn:aws', '/Plan'], [42, '/Plan']])('a stack id %p', async (StackId, id) => {
    await strange((stack, logicalId) => `${stack.name}/${logicalId}`, { ...events.create({}), StackId: StackId as string });
    expect(receiver.uploads).toBe(1);
    expect(lines.find(line => line.step === 'done')).toMatchObject({ physicalId: id });
  });

  test.each([undefined, null, 'text', 42, []])('properties %p', async properties => {
    await strange((_stack, _logicalId, given) => String(given.Name), { ...events.create({}), ResourceProperties: properties as never });
    expect(receiver.answers).toHaveLength(1);
  });
});

test('something thrown that is no error is told too', async () => {
  const answer = await run(events.create({}), async () => { throw 'plain text'; }); // eslint-disable-line @typescript-eslint/only-throw-error
  expect(answer.Reason).toBe('InternalError: a fault of this function; please report it (log stream s, request r)');
});

test('work that outlasts its time and does not listen is answered for', async () => {
  const late = { ...context, getRemainingTimeInMillis: () => 15_020 };
  const answer = await run(events.create({}), async () => new Promise(() => undefined), late);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^no answer within 0 s/) });
});

test.each([
  ['arn:aws:cloudformation:us-east-1:111122223333:stack/Capacity/0-1', { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' }],
  ['arn:aws-cn:cloudformation:cn-north-1:444455556666:stack/A-Nested-1X/2', { partition: 'aws-cn', region: 'cn-north-1', account: '444455556666', name: 'A-Nested-1X' }],
])('reads the place from %s', (stackId, expected) => {
  expect(stackIdentity(stackId)).toEqual(expected);
});

test.each(['arn:aws:cloudformation:us-east-1:111122223333', 'arn:aws:cloudformation:us-east-1:111122223333:stack'])('%s names no stack', stackId => {
  expect(stackIdentity(stackId).name).toBe('');
});
