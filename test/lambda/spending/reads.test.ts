import { HandlerError } from '../../../lambda/shared/errors';
import { persistently } from '../../../lambda/spending/reads';
import { World, sdkError } from '../training-plans/purchase/world';

let world: World;
let asked: number;
let written: object[];

beforeEach(() => {
  world = new World();
  [asked, written] = [0, []];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(written.push(JSON.parse(String(line)) as object)));
});
afterEach(() => jest.restoreAllMocks());

/** Asks a service that fails so often before it answers. */
const askFailing = async (error: unknown, failures: number) => persistently('Read', world, async () => {
  if (++asked <= failures) { throw error; }
  return 'answer';
});

test.each([
  ['denied', sdkError('AccessDeniedException', 403)],
  ['throttled', sdkError('ThrottlingException', 400)],
  ['down', sdkError('InternalFailure', 500)],
  ['not to be reached', sdkError('TimeoutError')],
])('a service that is %s is asked again, for half a minute', async (_what, error) => {
  const started = world.time;
  expect(await askFailing(error, 10)).toBe('answer');
  expect(world.time - started).toBe(30_000);
  asked = 0;
  await expect(askFailing(error, 11)).rejects.toThrow(`Read failed: ${error.name}: it says ${error.name}`);
});

test.each([
  ['refuses', sdkError('ResourceLimitExceeded', 400)],
  ['is wrong by our own account', new HandlerError('X', 'why')],
])('a service that %s is not', async (_what, error) => {
  await expect(askFailing(error, 1)).rejects.toThrow(error.message);
  expect(asked).toBe(1);
});

test('every try is logged, with the time since the first', async () => {
  const error = Object.assign(sdkError('InternalFailure', 500), { $metadata: { httpStatusCode: 500, attempts: 3 } });
  await persistently('ListTags', world, async () => {
    if (++asked === 1) { throw error; }
  });
  expect(written).toEqual([
    { step: 'read', operation: 'ListTags', code: 'InternalFailure', attempts: 3, milliseconds: 0 },
    { step: 'read', operation: 'ListTags', milliseconds: 3_000 },
  ]);
});

test.each([[399, 11], [400, 1], [499, 1], [500, 11], ['400', 11]])('a status of %j is asked %i times', async (status, times) => {
  const ask = jest.fn().mockRejectedValue(sdkError('Strange', status as number));
  await expect(persistently('Read', world, ask)).rejects.toThrow('Read failed: Strange: it says Strange');
  expect(ask).toHaveBeenCalledTimes(times);
});

test.each(['text', undefined, new Error('no metadata')])('%s is no answer of the service', async error => {
  const ask = jest.fn().mockRejectedValueOnce(error).mockResolvedValue('answer');
  expect(await persistently('Read', world, ask)).toBe('answer');
});

test('a failure has the code and the error of the service', async () => {
  const cause = sdkError('ValidationException', 400);
  await expect(persistently('Read', world, async () => { throw cause; })).rejects.toMatchObject({ code: 'ValidationException', cause });
});

test('what we say ourselves is passed on as it is', async () => {
  const error = new HandlerError('TooLate', 'why');
  await expect(persistently('Read', world, async () => { throw error; })).rejects.toBe(error);
  expect(written).toEqual([]);
});
