import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { customResource, stackIdentity } from '../../lambda/shared/custom-resource';
import { send, type Response } from '../../lambda/shared/response';
import { EventMaker, type CustomResourceEvent } from '../driver/events';

jest.mock('../../lambda/shared/response');

const context = { awsRequestId: 'r', logStreamName: 's', getRemainingTimeInMillis: () => 60_000 } as Context;

function run(event: CustomResourceEvent, apply: () => Promise<Record<string, string>>, clock = context) {
  const sent: Response[] = [];
  jest.mocked(send).mockImplementation(async (_url, response) => { sent.push(response); });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const handler = customResource({ physicalId: (stack, logicalId) => `${stack.name}/${logicalId}`, apply });
  return handler(event as CloudFormationCustomResourceEvent, clock).then(() => sent);
}

const events = new EventMaker({ stackName: 'Capacity', logicalId: 'Plan' });

afterEach(() => jest.restoreAllMocks());

test('keeps the physical id of an existing resource, whoever decided it', async () => {
  const [answer] = await run(events.update('an-id-of-an-older-release', {}, {}), async () => ({}));
  expect(answer.PhysicalResourceId).toBe('an-id-of-an-older-release');
});

test('a Delete succeeds and does nothing', async () => {
  const apply = jest.fn();
  const [answer] = await run(events.delete('id', {}), apply);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'id' });
  expect(apply).not.toHaveBeenCalled();
});

test('a Delete succeeds whatever properties an older release left behind', async () => {
  const [answer] = await run(events.delete('id', { Operation: 'Unknown', Input: 'text' }), jest.fn());
  expect(answer.Status).toBe('SUCCESS');
});

test('a request that CloudFormation has not yet is refused with a reason', async () => {
  const [answer] = await run({ ...events.create({}), RequestType: 'Import' as never, PhysicalResourceId: 'id' }, async () => ({}));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'unknown request type: Import (log stream s, request r)' });
});

test('an error of ours is told with its code, and where to read on', async () => {
  const [answer] = await run(events.create({}), async () => { throw new TypeError('x is not a function\n  at y'); });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'Capacity/Plan', Reason: 'TypeError: x is not a function (log stream s, request r)' });
});

test('something thrown that is no error is told too', async () => {
  const [answer] = await run(events.create({}), async () => { throw 'plain text'; }); // eslint-disable-line @typescript-eslint/only-throw-error
  expect(answer.Reason).toContain('plain text');
});

test('work that outlasts its time and does not listen is answered for', async () => {
  const late = { ...context, getRemainingTimeInMillis: () => 15_020 };
  const [answer] = await run(events.create({}), async () => new Promise(() => undefined), late);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^no answer within 0 s/) });
});

test.each([
  ['arn:aws:cloudformation:us-east-1:111122223333:stack/Capacity/0-1', { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' }],
  ['arn:aws-cn:cloudformation:cn-north-1:444455556666:stack/A-Nested-1X/2', { partition: 'aws-cn', region: 'cn-north-1', account: '444455556666', name: 'A-Nested-1X' }],
])('reads the place from %s', (stackId, expected) => {
  expect(stackIdentity(stackId)).toEqual(expected);
});
