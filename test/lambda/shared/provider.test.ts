import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { HandlerError } from '../../../lambda/shared/errors';
import { providerFunction, type ProviderEvent } from '../../../lambda/shared/provider';

const event: ProviderEvent = {
  RequestType: 'Update', RequestId: 'r', StackId: 's', LogicalResourceId: 'Quota', PhysicalResourceId: 'arn', ResourceProperties: { Secret: 'x' },
};
const context = { logStreamName: 'stream', getRemainingTimeInMillis: () => 60_000 } as Context;
const about = { requestType: 'Update', requestId: 'r', logicalId: 'Quota', physicalId: 'arn', milliseconds: expect.any(Number) };

let lines: { readonly milliseconds: number }[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

const fail = async (error: unknown, clock = context): Promise<Error> => {
  const begun = providerFunction('begun', async () => { throw error; });
  return begun(event, clock).then(() => { throw new Error('it did not fail'); }, (failure: Error) => failure);
};

test('the work is done with the event, and its result passed on', async () => {
  const work = jest.fn(async () => ({ PhysicalResourceId: 'arn' }));
  expect(await providerFunction('begun', work)(event, context)).toEqual({ PhysicalResourceId: 'arn' });
  expect(work).toHaveBeenCalledWith(event, expect.any(AbortSignal));
  expect(lines).toEqual([{ step: 'begun', ...about }]);
  expect(lines[0].milliseconds).toBeLessThan(10_000);
});

test('an own reason is told as it is, with where to read on, and without a stack', async () => {
  const failure = await fail(new HandlerError('NameTaken', 'the name is taken'));
  expect(failure).toMatchObject({ code: 'NameTaken', message: 'the name is taken (log stream stream)', stack: 'the name is taken (log stream stream)' });
  expect(lines).toEqual([{ step: 'begun', ...about, status: 'FAILED', reason: failure.message }]);
  expect(lines[0].milliseconds).toBeLessThan(10_000);
});

test('any other reason is told with its code', async () => {
  expect(await fail(Object.assign(new Error('no\nrequest'), { name: 'AccessDenied', $fault: 'client' }))).toMatchObject({ code: 'AccessDenied', message: 'AccessDenied: no (log stream stream)' });
});

test('at the deadline, what failed because of it is the deadline', async () => {
  const late = { ...context, getRemainingTimeInMillis: () => 15_010 };
  const working = providerFunction('begun', async (_event, signal) => sleep(5_000, undefined, { signal }));
  await expect(working(event, late)).rejects.toMatchObject({ code: 'Timeout', message: 'no answer within 0 s (log stream stream)' });
});

test.each([
  ['of the limit', 'x'.repeat(2_498), 'x'.repeat(2_498)],
  ['beyond the limit', 'x'.repeat(2_499), `${'x'.repeat(2_495)}...`],
  ['of any length', 'x'.repeat(9_000), `${'x'.repeat(2_495)}...`],
  ['of long characters', '😀'.repeat(700), `${'😀'.repeat(623)}...`],
])('a reason %s fits', async (_what, reason, said) => {
  expect((await fail(new HandlerError('X', reason))).message).toBe(`${said} (log stream stream)`);
});
