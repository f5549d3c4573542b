import { HandlerError } from '../../../../lambda/shared/errors';
import { OfferingSearchHandler } from '../../../../lambda/training-plans/offering-search/handler';
import { OFFERING_FIELDS } from '../../../../src/private/contracts/training-plan';
import { ARN, LATER, OFFERING, PROPERTIES, World, extensionOffering, planOf, sdkError } from '../purchase/world';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const { Offering, MaxUpfrontFee, Tags: _, Attempt: __, ...DryRunOf } = PROPERTIES;
const { signal } = new AbortController();

let world: World;
let lines: { readonly operation: string }[];
const asked = () => lines.map(({ operation }) => operation);
const search = async (properties: object) =>
  new OfferingSearchHandler(world.reader).apply({ stack, properties: properties as Record<string, unknown> }, signal);

beforeEach(() => {
  world = new World();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => {
  jest.restoreAllMocks();
  expect([world.bought, world.extended]).toEqual([[], []]);
});

const FOUND = {
  AvailabilityZone: 'us-east-1a',
  CurrencyCode: 'USD',
  DurationHours: '336',
  EndTime: '2026-12-15T11:30:00Z',
  InstanceCount: '4',
  InstanceType: 'ml.p5.48xlarge',
  QualifyingCount: '1',
  StartTime: '2026-12-01T11:30:00Z',
  SubnetId: '',
  Summary: 'tpo-1: 4 ml.p5.48xlarge in us-east-1a, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z, 336 hours, 118234.50 USD',
  TrainingPlanOfferingId: 'tpo-1',
  UpfrontFee: '118234.50',
};

test('finds the offering that a purchase would take', async () => {
  expect(await search({ Offering })).toEqual(FOUND);
  expect(Object.keys(FOUND)).toEqual([...OFFERING_FIELDS]);
  expect(asked()).toEqual(['SearchTrainingPlanOfferings']);
});

test('tells how many qualify', async () => {
  world.offerings = [{ ...OFFERING, TrainingPlanOfferingId: 'tpo-2' }, OFFERING, { ...OFFERING, TrainingPlanOfferingId: 'tpo-3', UpfrontFee: '500000' }];
  expect(await search({ Offering })).toMatchObject({ QualifyingCount: '3', TrainingPlanOfferingId: 'tpo-1' });
  expect(await search({ Offering, MaxUpfrontFee })).toMatchObject({ QualifyingCount: '2', TrainingPlanOfferingId: 'tpo-1' });
});

test('nothing found is a failure', async () => {
  world.offerings = [];
  await expect(search({ Offering })).rejects.toThrow('offerings of training plans in account 111122223333, Region us-east-1: no offering qualifies of 0 found');
});

test('nothing near is searched for once the time is over', async () => {
  world.offerings = [];
  const near = async () => {
    await search({ Offering }).catch(() => undefined);
    return asked().length;
  };
  const all = await near();
  expect(all).toBeGreaterThan(1);
  lines = [];
  const controller = new AbortController();
  world.before = () => controller.abort(new HandlerError('Timeout', 'no answer within 105 s'));
  await expect(new OfferingSearchHandler(world.reader).apply({ stack, properties: { Offering } }, controller.signal)).rejects.toThrow(
    'Region us-east-1: no answer within 105 s; a function in a VPC needs a way to the API of SageMaker');
  expect(asked()).toHaveLength(1);
});

test('of ultra servers it tells how many instances there are', async () => {
  const [part] = OFFERING.ReservedCapacityOfferings!;
  const { InstanceType: _type, InstanceCount: _count, ...others } = Offering;
  world.offerings = [{ ...OFFERING, ReservedCapacityOfferings: [{ ...part, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 1, InstanceCount: 18 }] }];
  expect(await search({ Offering: { ...others, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '1' } })).toMatchObject({ InstanceCount: '18' });
});

test('a service that refuses is told in its words', async () => {
  world.before = () => { throw sdkError('ResourceLimitExceeded', 400); };
  await expect(search({ Offering })).rejects.toThrow('Region us-east-1: ResourceLimitExceeded: it says ResourceLimitExceeded');
});

describe('a dry run', () => {
  const dryRun = async (changes: object = {}) => search({ Offering, MaxUpfrontFee, DryRunOf: { ...DryRunOf, ...changes } });

  test('says what a purchase would do', async () => {
    expect(await dryRun()).toEqual({ ...FOUND, Summary: `A purchase of "llm-q1" would buy ${FOUND.Summary}` });
  });

  test.each([
    ['is ours', [{ Key: 'cdk-hpc-clusters:owner', Value: 'Capacity/Plan' }, { Key: 'cdk-hpc-clusters:offering', Value: 'tpo-9' }], {}],
    ['may be adopted', [], { AdoptExisting: 'true' }],
  ])('finds the plan that %s', async (_what, tags, changes) => {
    world.plan = planOf('Active');
    world.planTags = tags;
    world.offerings = [];
    expect(await dryRun(changes)).toMatchObject({
      QualifyingCount: '0',
      TrainingPlanOfferingId: tags.length > 0 ? 'tpo-9' : '',
      Summary: 'A purchase of "llm-q1" would buy nothing: the plan is there, is Active, and would be adopted.',
    });
    expect(asked()).toEqual(['DescribeTrainingPlan', 'ListTags']);
  });

  test('tells of the plan that it finds what a purchase would', async () => {
    world.plan = planOf('Active', { DurationHours: 336 });
    expect(await dryRun({ AdoptExisting: 'true' })).toEqual({
      ...FOUND, QualifyingCount: '0', TrainingPlanOfferingId: '', Summary: expect.any(String),
    });
  });

  test('tells nothing of a plan of which the service says nothing yet', async () => {
    world.plan = { TrainingPlanArn: ARN, TrainingPlanName: 'llm-q1', Status: 'Pending' };
    expect(await dryRun({ AdoptExisting: 'true' })).toEqual({
      ...Object.fromEntries(OFFERING_FIELDS.map(field => [field, ''])),
      QualifyingCount: '0',
      Summary: 'A purchase of "llm-q1" would buy nothing: the plan is there, is Pending, and would be adopted.',
    });
  });

  test.each<[string, 'Active' | 'Failed' | 'Expired', object, object, string]>([
    ['of nobody', 'Active', {}, {}, 'the name "llm-q1" is taken; choose another one'],
    ['of somebody else', 'Active', { owner: 'Other/Plan' }, {}, 'the name "llm-q1" is taken by "Other/Plan"; choose another one'],
    ['that has failed', 'Failed', { owner: 'Capacity/Plan' }, {}, 'the plan "llm-q1" is Failed, and its name can\'t be used again'],
    ['that has ended', 'Expired', { owner: 'Capacity/Plan' }, {}, 'is Expired'],
    ['that is another by its tag', 'Active', { owner: 'Capacity/Plan', spec: '1-ff' }, {}, 'it was bought with another type, count, target or number of spare instances'],
    ['that is another', 'Active', {}, { TargetResources: ['endpoint'] }, 'it is for endpoint, not for hyperpod-cluster'],
  ])('refuses a plan %s', async (what, status, tags, changes, text) => {
    world.plan = planOf(status, changes);
    world.planTags = Object.entries(tags).map(([Key, Value]) => ({ Key: `cdk-hpc-clusters:${Key}`, Value: Value as string }));
    await expect(dryRun(what === 'that is another' ? { AdoptExisting: 'true' } : {})).rejects.toMatchObject({
      code: what.startsWith('that is another') ? 'SpecDiffers' : 'NameTaken', message: expect.stringContaining(text),
    });
  });

  test('is of the place of its stack', async () => {
    await expect(dryRun({ Account: '444455556666' })).rejects.toThrow('the plan is to be bought in account 444455556666');
    expect(world.calls).toEqual([]);
  });
});

describe('a dry run of an extension', () => {
  const target = { Account: '111122223333', Region: 'us-east-1', TrainingPlanName: 'llm-q1', TrainingPlanArn: ARN, ExtendTo: '2026-12-15T11:30:00Z' };
  const dryRun = async (changes: object = {}) => search({ DryRunOfExtension: { ...target, ...changes }, MaxUpfrontFee });

  test('of a plan that ends then would buy nothing', async () => {
    world.plan = planOf('Active');
    expect(await dryRun()).toEqual({
      ...Object.fromEntries(OFFERING_FIELDS.map(field => [field, ''])),
      EndTime: '2026-12-15T11:30:00Z',
      QualifyingCount: '0',
      Summary: 'An extension of "llm-q1" would buy nothing: the plan ends at 2026-12-15T11:30:00Z.',
    });
    expect(asked()).toEqual(['DescribeTrainingPlan']);
  });

  test('says what would be bought: the cheapest of those to that end', async () => {
    world.plan = planOf('Active');
    world.extensionOfferings = [
      extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-2', UpfrontFee: '50000.01' }),
      extensionOffering(),
      extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-3', UpfrontFee: '10.00', EndDate: new Date('2026-12-23T11:30:00Z') }),
    ];
    expect(await dryRun({ ExtendTo: LATER })).toEqual({
      ...Object.fromEntries(OFFERING_FIELDS.map(field => [field, ''])),
      AvailabilityZone: 'us-east-1a',
      CurrencyCode: 'USD',
      DurationHours: '168',
      EndTime: LATER,
      QualifyingCount: '2',
      StartTime: '2026-12-15T11:30:00Z',
      Summary: `An extension of "llm-q1" would buy tpeo-1: 2026-12-15T11:30:00Z to ${LATER}, 168 hours in us-east-1a, 50000.00 USD`,
      TrainingPlanOfferingId: 'tpeo-1',
      UpfrontFee: '50000.00',
    });
    expect(asked()).toEqual(['DescribeTrainingPlan', 'SearchTrainingPlanOfferings']);
    expect(world.searches).toEqual([{ TrainingPlanArn: ARN, DurationHours: 168 }]);
  });

  test('leaves empty what an offering does not say', async () => {
    world.plan = planOf('Active');
    world.extensionOfferings = [extensionOffering({ AvailabilityZone: undefined, DurationHours: undefined, StartDate: undefined })];
    expect(await dryRun({ ExtendTo: LATER })).toMatchObject({ AvailabilityZone: '', DurationHours: '', StartTime: '', UpfrontFee: '50000.00' });
  });

  test('for which there is nothing is a failure that names what there would be', async () => {
    world.plan = planOf('Active');
    world.extensionOfferings = [extensionOffering({ UpfrontFee: '120000.01' })];
    await expect(dryRun({ ExtendTo: LATER })).rejects.toMatchObject({
      code: 'NothingFound', message: expect.stringMatching(/^extensions of the training plan "llm-q1": no extension qualifies .*; there would be: tpeo-1: .* 120000.01 USD/),
    });
  });

  test.each(['Failed', 'Expired'] as const)('of a plan that is %s is refused', async status => {
    world.plan = planOf(status);
    await expect(dryRun({ ExtendTo: '2026-12-22T11:30:00Z' })).rejects.toMatchObject({
      code: 'PlanEnded', message: `extensions of the training plan "llm-q1": the plan is ${status}, and can't be extended`,
    });
  });

  test('of a plan that can not be read is told in the words of the service', async () => {
    world.before = () => { throw Object.assign(new Error('why'), { name: 'TimeoutError', $metadata: { attempts: 2 } }); };
    await expect(dryRun()).rejects.toThrow('extensions of the training plan "llm-q1": no answer after 2 attempts; a function in a VPC needs a way to the API of SageMaker');
  });

  test('has an id of plan, end and attempt', () => {
    const physicalId = (DryRunOfExtension: unknown) => new OfferingSearchHandler(world.reader).physicalId(stack, 'Search', { DryRunOfExtension } as never);
    expect(physicalId(target)).toBe('dry-run:llm-q1/extend/20261215T113000Z/1');
    expect(() => physicalId('x')).toThrow('the property DryRunOfExtension must be an object');
  });
});

test.each([
  [{ DryRunOf }, 'dry-run:llm-q1'], [{}, 'Capacity/Search'], [{ DryRunOf: 'x' }, 'Capacity/Search'], [{ DryRunOf: null }, 'Capacity/Search'],
])('the physical id with %j', (properties, expected) => {
  expect(new OfferingSearchHandler(world.reader).physicalId(stack, 'Search', properties)).toBe(expected);
});
