import { lookupRig } from './lookup-rig';
import { boughtPlan, extension, extensionMarket } from './purchase/extensions';
import { CRITERIA, day, market, NAME, offering, purchase, TYPE } from './purchase/plans';
import { START } from './purchase/world';
import {
  OFFERING_FIELDS, OFFERING_SEARCH_RESOURCE_TYPE, type ExtensionProperties, type OfferingCriteria, type OfferingSearchProperties,
} from '../../src/private/contracts/training-plan';
import { offeringId, type FakeOffering } from '../aws/training-plans';

/* The shipped bundle that searches, over HTTP. The service sorts nothing, and says what it likes. */

const { aws, stack } = lookupRig('offering-search');

jest.setTimeout(60_000);

async function search(
  offerings: readonly FakeOffering[], criteria: Partial<OfferingCriteria> = {}, more: Partial<OfferingSearchProperties> = {},
) {
  aws.sagemaker.trainingPlans.offerings.push(...offerings);
  const cfn = stack({ virtualTime: true, startAt: START }, { resourceType: OFFERING_SEARCH_RESOURCE_TYPE });
  const outcome = await cfn.create({ Offering: { ...CRITERIA, ...criteria }, ...more });
  return { reason: outcome.reason, found: cfn.attributes, id: outcome.steps[0].answer!.PhysicalResourceId };
}

const CAP = { MaxUpfrontFee: { Amount: '100000.00', CurrencyCode: 'USD' } };

describe('of offerings in no order', () => {
  const offerings = [
    offering('long', { DurationHours: 672, UpfrontFee: '150000.00', from: 9 }),
    offering('dear and soon', { UpfrontFee: '99000.00', from: 3 }),
    offering('cheap', { UpfrontFee: '90000.00', from: 12 }),
    offering('cheap and sooner', { UpfrontFee: '90000.0', from: 11 }),
    offering('short', { DurationHours: 168, UpfrontFee: '60000.00', from: 7 }),
  ];
  const durations = { DurationHours: ['168', '336', '672'] };

  test.each([
    ['LOWEST_FEE', 'short'], ['EARLIEST_START', 'dear and soon'], ['LONGEST', 'long'], ['LOWEST_INSTANCE_HOUR_RATE', 'long'],
  ] as const)('%s finds "%s"', async (Selection, seed) => {
    const { found } = await search(offerings, { ...durations, Selection });
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId(seed), QualifyingCount: '5' });
  });

  test('equal fees, however they are written, are decided by the start', async () => {
    const { found } = await search(offerings);
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('cheap and sooner'), StartTime: day(11), QualifyingCount: '3' });
  });

  test('each duration is asked for, and none besides', async () => {
    await search(offerings, durations);
    expect(aws.requests.map(({ input }) => input.DurationHours)).toEqual([168, 336, 672]);
  });

  test('an id is looked for among them', async () => {
    const { found } = await search(offerings, { TrainingPlanOfferingId: offeringId('cheap') });
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('cheap'), QualifyingCount: '1' });
  });
});

describe('of several blocks', () => {
  const two = offering('two blocks', {
    blocks: [
      { DurationHours: 168, StartTime: day(20), EndTime: day(27) },
      { DurationHours: 168, StartTime: day(10), EndTime: day(17), AvailabilityZone: 'us-east-1b' },
    ],
  });

  test('it begins with the first and ends with the last, whatever their order, in no one zone', async () => {
    const { found } = await search([two]);
    expect(found).toMatchObject({ StartTime: day(10), EndTime: day(27), AvailabilityZone: '', DurationHours: '336', InstanceType: TYPE });
  });

  test('all of them have to be in the zones that are asked for', async () => {
    const { found } = await search([two, offering('in b', { zone: 'us-east-1b', UpfrontFee: '119000.00' })], { AvailabilityZones: ['us-east-1b'] });
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('in b'), AvailabilityZone: 'us-east-1b' });
  });

  test('the subnet in the zone that was found comes back', async () => {
    const Subnets = [{ SubnetId: 'subnet-a', AvailabilityZone: 'us-east-1a' }, { SubnetId: 'subnet-b', AvailabilityZone: 'us-east-1b' }];
    const { found } = await search([offering('in c', { zone: 'us-east-1c', UpfrontFee: '1.00' }), offering('in b', { zone: 'us-east-1b' })], { Subnets });
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('in b'), SubnetId: 'subnet-b' });
  });
});

describe('with a cap', () => {
  const ABSURD = ['', 'NaN', '-1', '1e2', '1.2.3', '1,000', '0x10', 'free', 'Infinity', '٣', '100000.00 USD', '9'.repeat(200), '100000.000000000000000001'];

  test('fees that are no decimal numbers are above it', async () => {
    const absurd = ABSURD.map(UpfrontFee => offering(`fee ${UpfrontFee}`, { UpfrontFee }));
    const { found } = await search([...absurd, offering('no fee', { UpfrontFee: undefined }), offering('fair', { UpfrontFee: '99999.99' })], {}, CAP);
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('fair'), QualifyingCount: '1' });
  });

  test('a fee is compared as it is, not as the nearest float', async () => {
    const cap = { MaxUpfrontFee: { Amount: '9007199254740993.01', CurrencyCode: 'USD' } };
    const { found } = await search(['9007199254740993.02', '9007199254740993.01'].map(UpfrontFee => offering(UpfrontFee, { UpfrontFee })), {}, cap);
    expect(found).toMatchObject({ UpfrontFee: '9007199254740993.01', QualifyingCount: '1' });
  });

  test('a lower number of another currency does not qualify', async () => {
    const { found } = await search([
      offering('euro', { UpfrontFee: '10.00', CurrencyCode: 'EUR' }), offering('none', { UpfrontFee: '10.00', CurrencyCode: undefined }), offering('dollar'),
    ], {}, CAP);
    expect(found).toMatchObject({ TrainingPlanOfferingId: offeringId('dollar'), CurrencyCode: 'USD', QualifyingCount: '1' });
  });

  test('that none is below says what there is', async () => {
    const { reason } = await search([offering('dear', { UpfrontFee: '100000.01' })], {}, CAP);
    expect(reason).toMatch(/no offering qualifies of 1 found for: .*with a higher cap.*100000\.01 USD/);
  });
});

describe('that finds nothing', () => {
  test('says what was asked for, and the nearest that exists', async () => {
    const { reason } = await search([offering('shorter', { DurationHours: 312 })]);
    expect(reason).toMatch(/no offering qualifies of 0 found for: .*ml\.p5\.48xlarge.*there would be: .*shorter duration/);
  });

  test('says so when there is nothing near it', async () => {
    const { reason } = await search([]);
    expect(reason).toMatch(/nothing near it was found either/);
  });
});

test('asks again when the service fails', async () => {
  aws.faults.next('SearchTrainingPlanOfferings', { kind: 'throttle' }, { kind: 'reset' }, { kind: 'error', status: 503, code: 'ServiceUnavailable' });
  expect((await search(market())).found).toMatchObject({ UpfrontFee: '100000.00' });
});

test('a dry run has an id of its own, tells what would be bought, and buys nothing', async () => {
  const { id, found } = await search(market(), {}, { DryRunOf: purchase(), MaxUpfrontFee: purchase().MaxUpfrontFee });
  expect(id).toBe(`dry-run:${NAME}`);
  expect(found.Summary).toMatch(new RegExp(`^A purchase of "${NAME}" would buy `));
  expect(aws.requests.map(({ operation }) => operation)).not.toContain('CreateTrainingPlan');
});

describe('a dry run of an extension', () => {
  async function dryRun(more: Partial<ExtensionProperties> = {}) {
    aws.sagemaker.trainingPlans.purchases.push(boughtPlan());
    aws.sagemaker.trainingPlans.extensionOfferings.set(NAME, extensionMarket());
    const { MaxUpfrontFee, Attempt: _, ...DryRunOfExtension } = extension(more);
    const cfn = stack({ virtualTime: true, startAt: START }, { resourceType: OFFERING_SEARCH_RESOURCE_TYPE });
    const { reason, steps } = await cfn.create({ DryRunOfExtension, MaxUpfrontFee });
    expect(aws.requests.map(({ operation }) => operation)).not.toContain('ExtendTrainingPlan');
    return { reason, found: cfn.attributes, id: steps[0].answer!.PhysicalResourceId };
  }

  test('says what would be bought', async () => {
    const { found, id } = await dryRun();
    expect(id).toBe(`dry-run:${NAME}/extend/20261225T113000Z/1`);
    expect(Object.keys(found!).sort()).toEqual([...OFFERING_FIELDS]);
    expect(found).toMatchObject({ TrainingPlanOfferingId: 'tpeo-33', UpfrontFee: '50000.00', QualifyingCount: '1', EndTime: day(33), StartTime: day(26) });
    expect(found!.Summary).toMatch(/^An extension of "llm-2026-q1" would buy tpeo-33: .* 168 hours in us-east-1a, 50000.00 USD$/);
    expect(aws.requests.find(({ operation }) => operation === 'SearchTrainingPlanOfferings')!.input).toMatchObject({ DurationHours: 168 });
  });

  test('says that a plan that ends there needs none', async () => {
    const { found } = await dryRun({ ExtendTo: day(26) });
    expect(found).toMatchObject({ QualifyingCount: '0', Summary: expect.stringMatching(/would buy nothing: the plan ends at/) });
  });

  test.each([
    [null, 'the property DryRunOfExtension must be an object'],
    ['two', 'the property DryRunOfExtension must be an object'],
    [{}, 'the property TrainingPlanName is missing'],
    [{ ...extension(), ExtendTo: 'tomorrow' }, 'ExtendTo must be an instant such as'],
    [{ ...extension(), Account: '' }, 'the property Account is missing'],
  ])('that is %j is answered before anything is asked', async (DryRunOfExtension, why) => {
    const cfn = stack({ virtualTime: true, startAt: START }, { resourceType: OFFERING_SEARCH_RESOURCE_TYPE });
    const { answer } = await cfn.request(cfn.events.create({ DryRunOfExtension }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(why) });
    expect(aws.requests).toEqual([]);
  });

  test('fails with the ends that there are', async () => {
    const { reason } = await dryRun({ ExtendTo: day(34) });
    expect(reason).toMatch(/no extension qualifies of "llm-2026-q1".*there would be: .*tpeo-33.*tpeo-40/);
  });
});
