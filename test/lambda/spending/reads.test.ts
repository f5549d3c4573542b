import { HandlerError } from '../../../lambda/shared/errors';
import { persistently } from '../../../lambda/spending/reads';
import { World, sdkError } from '../training-plans/purchase/world';

let world: World;
let asked: number;

beforeEach(() => {
  world = new World();
  asked = 0;
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

/** Asks a service that fails so often before it answers. */
const ask = async (error: unknown, failures: number) => persistently('Read', world, async () => {
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
  expect(await ask(error, 10)).toBe('answer');
  expect(world.time - started).toBe(30_000);
  asked = 0;
  await expect(ask(error, 11)).rejects.toThrow(`Read failed: ${error.name}: it says ${error.name}`);
});

test.each([
  ['refuses', sdkError('ResourceLimitExceeded', 400)],
  ['is wrong by our own account', new HandlerError('X', 'why')],
])('a service that %s is not', async (_what, error) => {
  await expect(ask(error, 1)).rejects.toThrow(error.message);
  expect(asked).toBe(1);
});
