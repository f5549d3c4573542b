import { ARN, EXTENSION_ID, EXTENSION_PROPERTIES, LATER, MINUTE, World, planOf, sdkError } from './world';
import type { IsCompleteRequest } from '../../../../lambda/spending/provider';
import { UNKNOWN_FEE } from '../../../../lambda/spending/reason';
import { ExtensionWait } from '../../../../lambda/training-plans/purchase/extension-wait';

let world: World;
let written: Record<string, unknown>[];

beforeEach(() => {
  world = new World();
  world.plan = planOf('Active');
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(written.push(JSON.parse(String(line)) as Record<string, unknown>)));
});
afterEach(() => jest.restoreAllMocks());

const BOUGHT = { TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' };
const KEPT = `EXTENSION BOUGHT AND KEPT: ${EXTENSION_ID}, 50000.00 USD;`;
const UNSEEN = `EXTENSION BOUGHT AND KEPT: ${EXTENSION_ID}, a fee that is not known;`;
const AGAIN = 'deploying again looks again and buys nothing';
const look = async (changes: Partial<IsCompleteRequest> = {}, properties: object = {}) => {
  return new ExtensionWait({ clock: world, reader: world.reader }).isComplete({
    ...world.events.create({ ...EXTENSION_PROPERTIES, ...properties }),
    PhysicalResourceId: EXTENSION_ID,
    StartedAt: '2026-11-22T06:00:00Z',
    Data: BOUGHT,
    Money: { kind: 'bought', fee: UNKNOWN_FEE },
    ...changes,
  });
};
const told = async (...input: Parameters<typeof look>) => {
  return look(...input).then(result => JSON.stringify(result), (error: Error) => error.message);
};

test('an extension that is there has all attributes', async () => {
  world.prolong('tpeo-1');
  expect(await look()).toEqual({
    IsComplete: true,
    Data: {
      AvailabilityZone: 'us-east-1a',
      CurrencyCode: 'USD',
      DurationHours: '168',
      EndTime: LATER,
      Notice: `The plan ends at ${LATER}.`,
      StartTime: '2026-12-15T11:30:00Z',
      Status: 'Scheduled',
      TrainingPlanArn: ARN,
      TrainingPlanExtensionOfferingId: 'tpeo-1',
      TrainingPlanName: 'llm-q1',
      UpfrontFee: '50000.00',
    },
  });
  expect(written).toEqual([{ step: 'wait', requestId: expect.any(String), physicalId: EXTENSION_ID, status: 'there', milliseconds: 0 }]);
});

test('a plan that ends there without an extension has empty attributes, and keeps what was to be noticed', async () => {
  world.plan = planOf('Active', { EndTime: new Date(LATER) });
  expect(await look({ Data: { TrainingPlanExtensionOfferingId: '', Notice: 'nothing was bought' } })).toEqual({
    IsComplete: true,
    Data: {
      AvailabilityZone: '',
      CurrencyCode: '',
      DurationHours: '',
      EndTime: LATER,
      Notice: 'nothing was bought',
      StartTime: '',
      Status: '',
      TrainingPlanArn: ARN,
      TrainingPlanExtensionOfferingId: '',
      TrainingPlanName: 'llm-q1',
      UpfrontFee: '',
    },
  });
});

test('the history counts before the end of the plan does', async () => {
  world.prolong('tpeo-1');
  world.plan = planOf('Active');
  expect(await told()).toMatch(/"IsComplete":true/);
});

test('the offering counts where the history does not say to when it was', async () => {
  world.prolong('tpeo-1', { EndDate: undefined });
  world.plan = planOf('Active');
  expect(await look()).toMatchObject({ IsComplete: true, Data: { TrainingPlanExtensionOfferingId: 'tpeo-1' } });
});

test('a plan that ends there is enough, though the history does not have the extension yet', async () => {
  world.plan = planOf('Active', { EndTime: new Date(LATER) });
  expect(await look()).toMatchObject({ IsComplete: true, Data: { EndTime: LATER, TrainingPlanExtensionOfferingId: '' } });
});

test('a payment that is under way is waited for, though the plan ends there', async () => {
  world.prolong('tpeo-1', { PaymentStatus: 'Pending' });
  expect(await look()).toEqual({ IsComplete: false });
});

test('what is not seen yet is waited for', async () => {
  expect(await look()).toEqual({ IsComplete: false });
  world.plan = undefined;
  expect(await look()).toEqual({ IsComplete: false });
  expect(written).toMatchObject([{ status: 'none' }, { status: 'none' }]);
});

test.each([[48 * MINUTE - 1, '{"IsComplete":false}'], [48 * MINUTE, `${KEPT} the extension is still waiting for its payment; ${AGAIN}`]])('%d ms of waiting for a payment', async (waited, text) => {
  world.prolong('tpeo-1', { PaymentStatus: 'Pending' });
  world.time += waited;
  expect(await told()).toBe(text);
});

test('what is not seen in the end may be there', async () => {
  world.time += 48 * MINUTE;
  expect(await told()).toBe(`${UNSEEN} the extension is not to be seen yet; ${AGAIN}`);
});

test('a wait whose beginning nobody knows ends', async () => {
  expect(await told({ StartedAt: undefined })).toBe(`${UNSEEN} the extension is not to be seen yet; ${AGAIN}`);
});

test('a payment that failed is a failure, unless the plan ends there', async () => {
  world.prolong('tpeo-1', { Status: 'Failed' });
  expect(await told()).toMatch(/"IsComplete":true/);
  world.plan = planOf('Active');
  expect(await told()).toBe(`${KEPT} the extension has failed, and the plan ends as before: look at the invoice and, where nothing was charged, raise \`attempt\` to try again`);
  expect(written.at(-1)).toMatchObject({ step: 'wait', physicalId: EXTENSION_ID, status: 'FAILED', code: 'ExtensionFailed', reason: expect.stringMatching(/^EXTENSION/) });
});

test.each([
  ['more than the cap', '50000.01', `EXTENSION BOUGHT AND KEPT: ${EXTENSION_ID}, 50000.01 USD; this is more than the cap of 50000.00 USD; deploying again with a higher cap accepts it`],
  ['the cap', '50000.00', 'complete'],
])('a fee of %s', async (_what, fee, text) => {
  world.prolong('tpeo-1', { UpfrontFee: fee });
  const said = await told({}, { MaxUpfrontFee: { Amount: '50000.00', CurrencyCode: 'USD' } });
  expect(said.replace(/^\{"IsComplete":true.*/, 'complete')).toBe(text);
  expect(written.at(-1)!.code).toBe(text === 'complete' ? undefined : 'AboveCap');
});

test('a fee that is not said, or an extension that others bought, is not judged', async () => {
  world.prolong('tpeo-1', { UpfrontFee: undefined });
  expect(await told()).toMatch(/"IsComplete":true/);
  world.extensions = [];
  world.prolong('tpeo-1', { UpfrontFee: '90000.00' });
  expect(await told({ Data: { TrainingPlanExtensionOfferingId: '', Notice: '' } })).toMatch(/"IsComplete":true/);
  expect(await told({ Data: undefined })).toMatch(/"IsComplete":true/);
});

test('an update is complete whatever has become of the extension', async () => {
  world.prolong('tpeo-1', { Status: 'Failed', UpfrontFee: '90000.00' });
  world.plan = planOf('Expired');
  expect(await look({ RequestType: 'Update' })).toMatchObject({ IsComplete: true, Data: { Status: 'Failed', UpfrontFee: '90000.00' } });
  world.plan = undefined;
  expect(await look({ RequestType: 'Update' })).toEqual({ IsComplete: false });
});

test('a delete is complete, and a failure of onEvent is told as it is', async () => {
  expect(await look({ RequestType: 'Delete', Failure: 'x' })).toEqual({ IsComplete: true });
  const failure = await look({ Failure: 'NOTHING BOUGHT: why' }).catch((error: Error) => error);
  expect(failure).toMatchObject({ message: 'NOTHING BOUGHT: why', stack: 'Error: NOTHING BOUGHT: why' });
  expect([world.calls, written]).toEqual([[], []]);
});

describe('a service that fails', () => {
  test.each([['describe', 'AccessDeniedException', 400, 5], ['extensions', 'InternalFailure', 500, 48]] as const)('at %s with %s is asked again, to an end', async (failing, code, status, minutes) => {
    world.before = step => { if (step === failing) { throw sdkError(code, status, 'no'); } };
    expect(await look()).toEqual({ IsComplete: false });
    expect(written[0]).toEqual({ step: 'wait', requestId: expect.any(String), code });
    world.time += minutes * MINUTE - 1;
    expect(await look()).toEqual({ IsComplete: false });
    world.time += 1;
    expect(await told()).toBe(`${UNSEEN} the plan could not be read: ${code}: no; ${AGAIN}`);
  });

  test('by silence is given up before Lambda ends the function', async () => {
    world.before = () => { world.time += 3 * MINUTE; };
    expect(await look()).toEqual({ IsComplete: false });
    expect(world.time - Date.parse('2026-11-22T06:00:00Z')).toBe(1.5 * MINUTE);
  });
});

test('properties that can not be read are a failure that keeps what was bought', async () => {
  expect(await told({}, { Account: '444455556666' })).toMatch(new RegExp(`^${UNSEEN} the plan is to be bought in account 444455556666`.replace(/[.]/g, '\\.')));
});
