import { OfferingSearchHandler } from '../../../lambda/offering-search/handler';
import { OFFERING_FIELDS } from '../../../src/private/contracts/training-plan';
import { OFFERING, PROPERTIES, World, planOf, sdkError } from '../training-plan/world';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const { Offering, MaxUpfrontFee, Tags: _, Attempt: __, ...DryRunOf } = PROPERTIES;
const { signal } = new AbortController();

let world: World;
const search = async (properties: object) =>
  new OfferingSearchHandler(world.reader).apply({ stack, properties: properties as Record<string, unknown> }, signal);

beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(world.bought).toEqual([]);
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
    await expect(dryRun(what === 'that is another' ? { AdoptExisting: 'true' } : {})).rejects.toThrow(text);
  });

  test('is of the place of its stack', async () => {
    await expect(dryRun({ Account: '444455556666' })).rejects.toThrow('the plan is to be bought in account 444455556666');
    expect(world.calls).toEqual([]);
  });
});

test.each([
  [{ DryRunOf }, 'dry-run:llm-q1'], [{}, 'Capacity/Search'], [{ DryRunOf: 'x' }, 'Capacity/Search'], [{ DryRunOf: null }, 'Capacity/Search'],
])('the physical id with %j', (properties, expected) => {
  expect(new OfferingSearchHandler(world.reader).physicalId(stack, 'Search', properties)).toBe(expected);
});
