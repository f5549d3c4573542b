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

const Subnets = [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a' }];
const wait = () => new Wait({ clock: world, reader: world.reader });
const look = async (changes: Partial<IsCompleteRequest> = {}, properties: object = {}) => wait().isComplete({
  ...world.events.create({ ...PROPERTIES, ...properties }), PhysicalResourceId: ARN, StartedAt: '2026-11-22T06:00:00Z', Money: { kind: 'bought', fee: UNKNOWN_FEE }, ...changes,
});
const told = async (...input: Parameters<typeof look>) => look(...input).then(() => 'nothing', (error: Error) => error.message);

test('a plan that says nothing has empty attributes, but for its status', async () => {
  world.plan = { TrainingPlanArn: ARN, TrainingPlanName: undefined, Status: 'Active' };
  expect(await look()).toEqual({
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
  expect(await told({}, { Offering: { ...PROPERTIES.Offering, Subnets } }))
    .toBe(`PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD; none of the subnets is in the zone of the plan (it has several); deploying again with one that is adopts the plan`);
});

test('a plan without capacity is in no zone', async () => {
  world.plan = planOf('Active', { ReservedCapacitySummaries: undefined });
  expect(await told({}, { Offering: { ...PROPERTIES.Offering, Subnets } })).toContain('in the zone of the plan (it has several)');
});

test('each look is logged', async () => {
  const event = { RequestId: 'id' };
  world.plan = planOf('Pending');
  world.time += MINUTE;
  await look(event);
  world.plan = undefined;
  await look(event);
  world.plan = planOf('Expired');
  await told(event);
  world.before = () => { throw sdkError('InternalFailure', 500); };
  await look(event);
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
