import { ARN, MINUTE, PROPERTIES, World, planOf, sdkError } from './world';
import type { IsCompleteRequest } from '../../../../lambda/spending/provider';
import { UNKNOWN_FEE } from '../../../../lambda/spending/reason';
import { Wait } from '../../../../lambda/training-plans/purchase/wait';

let world: World;
let written: object[];

beforeEach(() => {
  world = new World();
  world.plan = planOf('Scheduled');
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(written.push(JSON.parse(String(line)) as object)));
});
afterEach(() => jest.restoreAllMocks());

const START = '2026-11-22T06:00:00Z';
const SUBNETS = [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a' }];
const data = { TrainingPlanOfferingId: 'tpo-1', Notice: 'n' };
const event = (changes: Partial<IsCompleteRequest> = {}, properties: object = {}): IsCompleteRequest => ({
  ...world.events.create({ ...PROPERTIES, ...properties }), PhysicalResourceId: ARN, StartedAt: START, Data: data, Money: { kind: 'bought', fee: UNKNOWN_FEE }, ...changes,
});
const look = async (...input: Parameters<typeof event>) => new Wait({ clock: world, reader: world.reader }).isComplete(event(...input));
const told = async (...input: Parameters<typeof look>) => look(...input).then(() => 'nothing', (error: Error) => error.message);

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

test('a plan that says nothing has empty attributes, but for its status', async () => {
  world.plan = { TrainingPlanArn: ARN, TrainingPlanName: undefined, Status: 'Active' };
  expect(await look({ Data: undefined })).toEqual({
    IsComplete: true,
    Data: {
      AvailabilityZone: '',
      AvailabilityZoneId: '',
      CurrencyCode: '',
      EndTime: '',
      InstanceType: '',
      Notice: 'The plan is Active.',
      StartTime: '',
      Status: 'Active',
      SubnetId: '',
      TotalInstanceCount: '',
      TrainingPlanArn: ARN,
      TrainingPlanName: '',
      TrainingPlanOfferingId: '',
      UpfrontFee: '',
    },
  });
});

test('an update of a plan without a status is complete', async () => {
  world.plan = { ...planOf('Active'), Status: undefined };
  expect(await look({ RequestType: 'Update' })).toMatchObject({ IsComplete: true, Data: { Status: '' } });
});

test.each([
  ['Failed' as const, { StatusMessage: undefined }, 'the plan has failed: the service does not say why; its name can\'t be used again, and a plan of another name is paid for besides: look at the invoice first'],
  ['Failed' as const, { StatusMessage: 'declined' }, 'the plan has failed: declined; its name can\'t be used again, and a plan of another name is paid for besides: look at the invoice first'],
  ['Expired' as const, {}, 'the plan has ended; choose a new name for another one'],
])('%s with %j', async (status, changes, text) => {
  world.plan = planOf(status, changes);
  expect(await told()).toBe(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; ${text}`);
});

test('what differs, in whole sentences', async () => {
  world.plan = planOf('Active', { UpfrontFee: '120000.01' });
  expect(await told()).toBe(`PLAN BOUGHT AND KEPT: ${ARN}, 120000.01 USD; this is more than the cap of 120000.00 USD; deploying again with a higher cap adopts the plan`);
  world.plan = planOf('Active', { TargetResources: ['endpoint'] });
  expect(await told()).toBe(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; the plan is not what is asked for: it is for endpoint, not for hyperpod-cluster`);
});

test('a fee without a currency is told as it is', async () => {
  world.plan = planOf('Active', { CurrencyCode: undefined });
  expect(await told()).toContain(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50; this is more than`);
});

test('a plan in several zones has no zone that a subnet could be in', async () => {
  const [part] = planOf('Active').ReservedCapacitySummaries!;
  world.plan = planOf('Active', { ReservedCapacitySummaries: [{ ...part, TotalInstanceCount: 1 }, { ...part, TotalInstanceCount: 3, AvailabilityZone: 'us-east-1b' }] });
  expect(await look()).toMatchObject({ Data: { AvailabilityZone: '', SubnetId: '' } });
  expect(await told({}, { Offering: { ...PROPERTIES.Offering, Subnets: SUBNETS } }))
    .toBe(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; none of the subnets is in the zone of the plan (it has several); deploying again with one that is adopts the plan`);
});

test('a plan without capacity is in no zone', async () => {
  world.plan = planOf('Active', { ReservedCapacitySummaries: undefined });
  expect(await told({}, { Offering: { ...PROPERTIES.Offering, Subnets: SUBNETS } })).toContain('in the zone of the plan (it has several)');
});

test('each look is logged', async () => {
  const asked = { RequestId: 'id' };
  world.plan = planOf('Pending');
  world.time += MINUTE;
  await look(asked);
  world.plan = undefined;
  await look(asked);
  world.plan = planOf('Expired');
  await told(asked);
  world.before = () => { throw sdkError('InternalFailure', 500); };
  await look(asked);
  const about = { step: 'wait', requestId: 'id' };
  expect(written).toEqual([
    { ...about, physicalId: ARN, status: 'Pending', milliseconds: MINUTE },
    { ...about, physicalId: ARN, status: 'none', milliseconds: MINUTE },
    { ...about, physicalId: ARN, status: 'Expired', milliseconds: MINUTE },
    { ...about, physicalId: ARN, status: 'FAILED', code: 'PlanExpired', reason: `PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; the plan has ended; choose a new name for another one` },
    { ...about, operation: 'DescribeTrainingPlan', code: 'InternalFailure' },
    { ...about, physicalId: ARN, status: 'none', milliseconds: MINUTE },
  ]);
});

test.each<[string, object, () => void]>([
  ['PlanFailed', {}, () => { world.plan = planOf('Failed'); }],
  ['PlanExpired', {}, () => { world.plan = planOf('Expired'); }],
  ['StillPending', {}, () => { world.plan = planOf('Pending'); world.time += 48 * MINUTE; }],
  ['SpecDiffers', {}, () => { world.plan = planOf('Active', { TargetResources: ['endpoint'] }); }],
  ['AboveCap', {}, () => { world.plan = planOf('Active', { UpfrontFee: '120000.01' }); }],
  ['NoSubnet', { Offering: { ...PROPERTIES.Offering, Subnets: [{ SubnetId: 's', AvailabilityZone: 'us-east-1b' }] } }, () => undefined],
  ['InternalFailure', {}, () => { world.time += 48 * MINUTE; world.before = () => { throw sdkError('InternalFailure', 500); }; }],
])('a failure is logged with its code: %s', async (code, properties, change) => {
  change();
  await told({}, properties);
  expect(written.at(-1)).toMatchObject({ step: 'wait', status: 'FAILED', code });
});

test('a service that never answers, and an event that does not say when it began', async () => {
  world.before = () => { throw sdkError('InternalFailure', 500); };
  expect(await told({ StartedAt: undefined }))
    .toBe(`PLAN BOUGHT AND KEPT: ${ARN}, a fee that is not known; DescribeTrainingPlan failed: InternalFailure: it says InternalFailure; deploying again adopts the plan`);
});

test('a service that is silent is given up before Lambda ends the function', async () => {
  world.before = () => { world.time += 3 * MINUTE; };
  expect(await look()).toEqual({ IsComplete: false });
  expect(world.time - Date.parse('2026-11-22T06:00:00Z')).toBe(1.5 * MINUTE);
});
