import { asserting, finding } from './lookup-properties';
import { FAST, lookupRig } from './lookup-rig';
import type { Plan } from '../aws/sagemaker';

const BLOCK = {
  ReservedCapacityArn: 'arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/llm2026q1a1',
  InstanceType: 'ml.p5.48xlarge',
  TotalInstanceCount: 4,
  Status: 'Active',
  AvailabilityZone: 'us-east-1a',
};
const PLANS: Plan[] = [
  {
    TrainingPlanName: 'llm-2026-q1',
    Status: 'Active',
    StartTime: '2026-01-10T11:30:00Z',
    EndTime: '2026-03-30T11:30:00Z',
    TotalInstanceCount: 8,
    AvailableInstanceCount: 3,
    TargetResources: ['hyperpod-cluster'],
    ReservedCapacitySummaries: [BLOCK, { ...BLOCK, AvailabilityZone: 'us-east-1b' }],
  },
  {
    TrainingPlanName: 'llm-2026-q2',
    Status: 'Scheduled',
    StartTime: '2026-04-01T11:30:00Z',
    EndTime: '2026-04-15T11:30:00Z',
    TotalInstanceCount: 4,
    TargetResources: ['hyperpod-cluster', 'training-job'],
    ReservedCapacitySummaries: [BLOCK],
  },
  {
    TrainingPlanName: 'old',
    Status: 'Expired',
    StartTime: '2025-01-01T11:30:00Z',
    EndTime: '2025-01-08T11:30:00Z',
    TotalInstanceCount: 4,
    TargetResources: ['training-job'],
    ReservedCapacitySummaries: [{ ...BLOCK, InstanceType: 'ml.trn1.32xlarge' }],
  },
  { TrainingPlanName: 'new', Status: 'Pending', StatusMessage: 'waiting for the payment' },
];

const { aws, stack } = lookupRig('lookup');
beforeEach(() => PLANS.forEach(plan => aws.sagemaker.plans.set(plan.TrainingPlanName, plan)));

async function nameOf(input: Record<string, string>): Promise<string | undefined> {
  const cfn = stack();
  const { reason } = await cfn.create(finding(input, 'TrainingPlanName'));
  return reason ?? cfn.attributes.TrainingPlanName;
}

describe('a plan by ARN', () => {
  const arn = (name: string, region = 'us-east-1', account = '111122223333') => `arn:aws:sagemaker:${region}:${account}:training-plan/${name}`;

  test('is read by its name', async () => {
    expect(await nameOf({ TrainingPlanArn: arn('llm-2026-q2') })).toBe('llm-2026-q2');
    expect(aws.requests.map(({ operation, input }) => [operation, input])).toEqual([['DescribeTrainingPlan', { TrainingPlanName: 'llm-2026-q2' }]]);
  });

  test.each<[string, string, RegExp]>([
    ['another Region', arn('llm-2026-q2', 'us-west-2'), /is not in account 111122223333, Region us-east-1, where the stack is/],
    ['another account', arn('llm-2026-q2', 'us-east-1', '444455556666'), /is not in account 111122223333, Region us-east-1, where the stack is/],
    ['something else', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abc', /is not the ARN of a training plan/],
  ])('of %s is refused before the service is asked', async (_what, given, reason) => {
    expect(await nameOf({ TrainingPlanArn: given })).toMatch(reason);
    expect(aws.requests).toEqual([]);
  });
});

describe('a plan by criteria', () => {
  test.each<[string, Record<string, string>, string]>([
    ['status', { Statuses: 'Active' }, 'llm-2026-q1'],
    ['target', { TargetResource: 'training-job', Statuses: 'Scheduled,Active' }, 'llm-2026-q2'],
    ['instance type', { InstanceType: 'ml.trn1.32xlarge' }, 'old'],
    ['start', { StartTimeAfter: '2026-04-01T11:30:00Z' }, 'llm-2026-q2'],
    ['end', { EndTimeBefore: '2025-01-08T11:30:00Z' }, 'old'],
    ['a window', { StartTimeAfter: '2026-01-01T00:00:00Z', EndTimeBefore: '2026-04-01T00:00:00Z' }, 'llm-2026-q1'],
  ])('is found by its %s', async (_what, input, expected) => {
    expect(await nameOf({ Find: 'true', ...input })).toBe(expected);
  });

  test('is looked for on all pages', async () => {
    aws.sagemaker.trainingPlans.pageSize = 1;
    expect(await nameOf({ Find: 'true', InstanceType: 'ml.trn1.32xlarge' })).toBe('old');
    expect(aws.requests.filter(({ operation }) => operation === 'ListTrainingPlans')).toHaveLength(4);
  });

  test('must be the only one, and the others are named', async () => {
    const reason = await nameOf({ Find: 'true', TargetResource: 'hyperpod-cluster' });
    expect(reason).toMatch(/^training plan with TargetResource hyperpod-cluster in account 111122223333, Region us-east-1: there are 2: /);
    expect(reason).toContain('llm-2026-q2 (Scheduled, 2026-04-01T11:30:00Z to 2026-04-15T11:30:00Z)');
    expect(reason).toContain('; narrow the criteria, or give the name');
  });

  test('must be there, and what there is is named briefly', async () => {
    for (let index = 0; index < 5; index++) { aws.sagemaker.plans.set(`more-${index}`, { TrainingPlanName: `more-${index}`, Status: 'Failed' }); }
    const reason = await nameOf({ Find: 'true', InstanceType: 'ml.p4d.24xlarge' });
    expect(reason).toMatch(/there is none; the plans that there are: .* \(Failed, \? to \?\), .*, 4 more \(log stream/);
  });

  test('is none where the account has none', async () => {
    aws.sagemaker.plans.clear();
    expect(await nameOf({ Find: 'true' })).toContain('training plan with any properties in account 111122223333, Region us-east-1: there is none; the plans that there are: none');
  });

  test('is found although the listing is throttled at first', async () => {
    aws.faults.next('ListTrainingPlans', { kind: 'throttle' }, { kind: 'reset' });
    const cfn = stack(FAST);
    expect((await cfn.create(finding({ Find: 'true', Statuses: 'Active' }, 'TrainingPlanName'))).status).toBe('CREATE_COMPLETE');
  });

  test('has instants that can be read', async () => {
    expect(await nameOf({ Find: 'true', StartTimeAfter: 'soon' })).toContain('StartTimeAfter must be an instant such as 2026-12-01T00:00:00Z, got: soon');
  });
});

describe('an assertion', () => {
  test('that holds is made, updated and deleted', async () => {
    const cfn = stack();
    const all = {
      ExpectedStatuses: 'Scheduled,Active',
      ExpectedTargetResource: 'hyperpod-cluster',
      ExpectedInstanceType: 'ml.p5.48xlarge',
      ExpectedMinTotalInstanceCount: '8',
      ExpectedMinAvailableInstanceCount: '3',
      ExpectedAvailabilityZones: 'us-east-1a,us-east-1b',
      ExpectedEndTimeAfter: '2026-03-30T11:29:59Z',
    };
    expect((await cfn.create(asserting(all))).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toEqual({});
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
  });

  test.each<[string, Record<string, string>, string]>([
    ['status', { ExpectedStatuses: 'Scheduled' }, 'Statuses: expected Scheduled, is Active'],
    ['target', { ExpectedTargetResource: 'endpoint' }, 'TargetResource: expected endpoint, is hyperpod-cluster'],
    ['type', { ExpectedInstanceType: 'ml.p5en.48xlarge' }, 'InstanceType: expected ml.p5en.48xlarge, is ml.p5.48xlarge'],
    ['capacity', { ExpectedMinTotalInstanceCount: '9' }, 'MinTotalInstanceCount: expected 9, is 8'],
    ['free capacity', { ExpectedMinAvailableInstanceCount: '4' }, 'MinAvailableInstanceCount: expected 4, is 3'],
    ['zone', { ExpectedAvailabilityZones: 'us-east-1a' }, 'AvailabilityZones: expected us-east-1a, is us-east-1a,us-east-1b'],
    ['end', { ExpectedEndTimeAfter: '2026-03-30T11:30:00Z' }, 'EndTimeAfter: expected 2026-03-30T11:30:00Z, is 2026-03-30T11:30:00Z'],
  ])('about another %s fails at once, and says what is', async (_what, input, reason) => {
    const outcome = await stack().create(asserting(input));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(`training plan "llm-2026-q1" in account 111122223333, Region us-east-1: it isn't as this deployment expects it: ${reason} (log`);
    expect(aws.requests).toHaveLength(1);
  });

  test('says everything that is not as expected, and what the service says about it', async () => {
    const input = { TrainingPlanName: 'new', ExpectedStatuses: 'Active', ExpectedAvailabilityZones: 'us-east-1a', ExpectedMinTotalInstanceCount: '1', ExpectedEndTimeAfter: '2026-01-01T00:00:00Z' };
    const { reason } = await stack().create(asserting(input));
    for (const part of ['AvailabilityZones: expected us-east-1a, is nothing', 'EndTimeAfter: expected 2026-01-01T00:00:00Z, is nothing',
      'MinTotalInstanceCount: expected 1, is 0', 'Statuses: expected Active, is Pending', '(waiting for the payment)']) {
      expect(reason).toContain(part);
    }
  });

  test('about a plan that is not there fails', async () => {
    expect((await stack().create(asserting({ TrainingPlanName: 'none' }))).reason).toContain('training plan "none" in account 111122223333, Region us-east-1 does not exist');
  });

  test('about a plan by criteria is about the only one', async () => {
    const { TrainingPlanName, ...rest } = asserting({}).Input as Record<string, string>;
    const properties = { ...asserting({}), Input: { ...rest, Find: 'true', Statuses: 'Scheduled', ExpectedMinTotalInstanceCount: '5' } };
    expect((await stack().create(properties)).reason).toContain('MinTotalInstanceCount: expected 5, is 4');
    expect(TrainingPlanName).toBe('llm-2026-q1');
  });

  test.each<[string, Record<string, string>, string]>([
    ['that this release does not know', { ExpectedMoon: 'full' }, 'unknown expectation: Moon; known are AvailabilityZones, '],
    ['with an instant that can not be read', { ExpectedEndTimeAfter: 'late' }, 'ExpectedEndTimeAfter must be an instant'],
    ['with a number that is none', { ExpectedMinTotalInstanceCount: 'many' }, 'ExpectedMinTotalInstanceCount must be a whole number from 0, got: many'],
  ])('%s is refused, never passed over', async (_what, input, reason) => {
    const outcome = await stack().create(asserting(input));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(reason);
  });
});
