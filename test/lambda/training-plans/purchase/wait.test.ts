import { ARN, MINUTE, PROPERTIES, World, planOf, sdkError } from './world';
import type { IsCompleteRequest } from '../../../../lambda/spending/provider';
import { UNKNOWN_FEE } from '../../../../lambda/spending/reason';
import { Wait } from '../../../../lambda/training-plans/purchase/wait';

let world: World;

beforeEach(() => {
  world = new World();
  world.plan = planOf('Scheduled');
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const START = '2026-11-22T06:00:00Z';
const data = { TrainingPlanOfferingId: 'tpo-1', Notice: 'n' };
const event = (changes: Partial<IsCompleteRequest> = {}, properties: object = {}): IsCompleteRequest => ({
  ...world.events.create({ ...PROPERTIES, ...properties }), PhysicalResourceId: ARN, StartedAt: START, Data: data, Money: { kind: 'bought', fee: UNKNOWN_FEE }, ...changes,
});
const look = async (...input: Parameters<typeof event>) => new Wait({ clock: world, reader: world.reader }).isComplete(event(...input));

test.each(['Scheduled', 'Active'] as const)('%s is success', async status => {
  world.plan = planOf(status);
  expect(await look()).toMatchObject({ IsComplete: true, Data: { Status: status, TrainingPlanArn: ARN, TrainingPlanOfferingId: 'tpo-1', Notice: 'n' } });
});

test('pending is not yet, and has no attributes', async () => {
  world.plan = planOf('Pending');
  expect(await look()).toEqual({ IsComplete: false });
});

test('neither is a plan that is not to be seen', async () => {
  world.plan = undefined;
  expect(await look()).toEqual({ IsComplete: false });
});

test.each([[47.9, { IsComplete: false }], [48, 'is still Pending; deploying again adopts it']])('after %d minutes', async (minutes, expected) => {
  world.plan = planOf('Pending');
  world.time = Date.parse(START) + minutes * MINUTE;
  const looked = look();
  await (typeof expected === 'string'
    ? expect(looked).rejects.toThrow(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; the plan ${expected}`)
    : expect(looked).resolves.toEqual(expected));
});

test('an event that does not say when it began is not waited for', async () => {
  world.plan = planOf('Pending');
  await expect(look({ StartedAt: undefined })).rejects.toThrow('is still Pending');
});

test('a plan that never shows up', async () => {
  world.plan = undefined;
  world.time += 48 * MINUTE;
  await expect(look()).rejects.toThrow(`PLAN BOUGHT AND KEPT: ${ARN}, a fee that is not known; the plan is not to be seen yet; deploying again adopts it`);
});

test('a failed payment, in the words of the service', async () => {
  world.plan = planOf('Failed', { StatusMessage: 'card declined' });
  await expect(look()).rejects.toThrow(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; the plan has failed: card declined; its name can't be used again`);
});

test('a plan that has ended', async () => {
  world.plan = planOf('Expired');
  await expect(look()).rejects.toThrow('the plan has ended');
});

test.each<[string, object, object, string]>([
  ['a fee above the cap', { UpfrontFee: '120000.01' }, {}, '120000.01 USD; this is more than the cap of 120000.00 USD'],
  ['a fee that is no amount', { UpfrontFee: '?' }, {}, 'this is more than the cap'],
  ['another currency', { CurrencyCode: 'EUR' }, {}, '118234.50 EUR; this is more than the cap of 120000.00 USD'],
  ['another target', { TargetResources: ['endpoint'] }, {}, 'it is for endpoint, not for hyperpod-cluster'],
  ['a zone without a subnet', {}, { Offering: { ...PROPERTIES.Offering, Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1b' }] } }, 'none of the subnets is in the zone of the plan (us-east-1a)'],
])('%s is found after the fact', async (_what, changes, properties, text) => {
  world.plan = planOf('Scheduled', changes);
  const error = await look({}, properties).catch((each: Error) => each);
  expect(error).toMatchObject({ message: expect.stringContaining(text), stack: expect.not.stringContaining('\n') });
  expect((error as Error).message).toMatch(/^PLAN BOUGHT AND KEPT: /);
  expect(await look({ RequestType: 'Update' }, properties)).toMatchObject({ IsComplete: true });
});

test('a plan that says no fee was judged by its offering', async () => {
  world.plan = planOf('Scheduled', { UpfrontFee: undefined });
  expect(await look()).toMatchObject({ IsComplete: true, Data: { UpfrontFee: '' } });
});

test('the attributes say where the plan is, and of what', async () => {
  expect(await look()).toMatchObject({ Data: { InstanceType: 'ml.p5.48xlarge', AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az4' } });
});

test.each([
  ['its fee and its time', {}, ', 118234.50 USD, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z'],
  ['its time alone', { UpfrontFee: undefined }, ', 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z'],
  ['its fee and no end', { EndTime: undefined }, ', 118234.50 USD'],
  ['its fee and no start', { StartTime: undefined }, ', 118234.50 USD'],
])('a deployment with nothing else to say describes a plan that says %s', async (_what, changes, text) => {
  world.plan = planOf('Scheduled', changes);
  expect(await look({ Data: undefined })).toMatchObject({ Data: { Notice: `The plan is Scheduled${text}.` } });
});

test('the subnet in the zone of the plan', async () => {
  const Subnets = [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1b' }, { SubnetId: 'subnet-2', AvailabilityZone: 'us-east-1a' }];
  expect(await look({}, { Offering: { ...PROPERTIES.Offering, Subnets } })).toMatchObject({ Data: { SubnetId: 'subnet-2' } });
});

test.each([
  ['InternalFailure', 47, { IsComplete: false }],
  ['InternalFailure', 48, 'DescribeTrainingPlan failed: InternalFailure'],
  ['AccessDeniedException', 4, { IsComplete: false }],
  ['AccessDeniedException', 5, 'DescribeTrainingPlan failed: AccessDeniedException'],
])('a service that says %s after %i minutes', async (code, minutes, expected) => {
  world.time += minutes * MINUTE;
  world.before = () => { throw sdkError(code, 500); };
  const looked = look();
  await (typeof expected === 'string' ? expect(looked).rejects.toThrow(expected) : expect(looked).resolves.toEqual(expected));
});

test('an update is complete whatever has become of the plan', async () => {
  world.plan = planOf('Expired');
  expect(await look({ RequestType: 'Update' })).toMatchObject({ IsComplete: true, Data: { Status: 'Expired' } });
});

test('a failure of onEvent is thrown as it is, without a look', async () => {
  await expect(look({ Failure: 'NOTHING BOUGHT: why' })).rejects.toMatchObject({ message: 'NOTHING BOUGHT: why', stack: 'Error: NOTHING BOUGHT: why' });
  expect(world.calls).toEqual([]);
});

test('a Delete is complete', async () => {
  expect(await look({ RequestType: 'Delete', ResourceProperties: {} })).toEqual({ IsComplete: true });
  expect(world.calls).toEqual([]);
});
