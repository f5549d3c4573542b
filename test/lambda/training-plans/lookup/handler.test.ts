import { trainingPlanLookups } from '../../../../lambda/training-plans/lookup/handler';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const { signal } = new AbortController();
const sagemaker = { describeTrainingPlan: jest.fn(), listTrainingPlans: jest.fn() };
const look = async (Operation: string, Input: object, Fields = '') => trainingPlanLookups(sagemaker)
  .apply({ stack, properties: { Operation, Input, Fields } as Record<string, unknown> }, signal);
const PLACE = 'in account 111122223333, Region us-east-1';

let lines: { readonly operation: string }[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

describe('a plan', () => {
  const arn = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm';
  beforeEach(() => { sagemaker.describeTrainingPlan.mockResolvedValue({ Status: 'Active' }); });

  test.each([{ TrainingPlanName: 'llm' }, { TrainingPlanArn: arn }, { TrainingPlanName: 'llm', Find: 'false' }])('is read by %j', async input => {
    expect(await look('DescribeTrainingPlan', input, 'Status')).toEqual({ Status: 'Active' });
    expect(sagemaker.describeTrainingPlan).toHaveBeenCalledWith('llm', signal);
    expect(lines.map(({ operation }) => operation)).toEqual(['DescribeTrainingPlan']);
  });

  test('that can not be read is named', async () => {
    sagemaker.describeTrainingPlan.mockRejectedValue(Object.assign(new Error('why'), { name: 'TimeoutError', $metadata: { attempts: 2 } }));
    await expect(look('DescribeTrainingPlan', { TrainingPlanName: 'llm' })).rejects.toThrow(
      `training plan "llm" ${PLACE}: no answer after 2 attempts; a function in a VPC needs a way to the API of SageMaker`);
  });

  test.each([arn.replace('us-east-1', 'eu-west-1'), arn.replace('111122223333', '444455556666')])('of another place is refused: %s', async TrainingPlanArn => {
    await expect(look('DescribeTrainingPlan', { TrainingPlanArn })).rejects.toMatchObject({
      code: 'InvalidProperties', message: `${TrainingPlanArn} is not ${PLACE}, where the stack is`,
    });
  });

  test.each(['moon', `x${arn}`, 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a', 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/'])('%s is not its ARN', async TrainingPlanArn => {
    await expect(look('DescribeTrainingPlan', { TrainingPlanArn })).rejects.toMatchObject({
      code: 'InvalidProperties', message: `${TrainingPlanArn} is not the ARN of a training plan`,
    });
  });

  test('is not asked for what is unknown', async () => {
    await expect(look('DescribeTrainingPlan', { TrainingPlanName: 'llm' }, 'Moon')).rejects.toThrow(/^unknown field: Moon/);
    await expect(look('DescribeTrainingPlan', {})).rejects.toThrow('the property TrainingPlanName is missing');
    expect(sagemaker.describeTrainingPlan).not.toHaveBeenCalled();
  });
});

describe('the only plan', () => {
  const at = (day: string) => new Date(`2026-${day}T00:00:00Z`);
  const part = { ReservedCapacityArn: 'arn', InstanceType: 'ml.p5.48xlarge', TotalInstanceCount: 4, Status: 'Active' };
  const PLANS = [
    { TrainingPlanName: 'a', Status: 'Active', StartTime: at('01-01'), EndTime: at('02-01'), TargetResources: ['training-job'], ReservedCapacitySummaries: [part] },
    {
      TrainingPlanName: 'b',
      Status: 'Scheduled',
      StartTime: at('03-01'),
      EndTime: at('04-01'),
      TargetResources: ['hyperpod-cluster', 'endpoint'],
      ReservedCapacitySummaries: [{ ...part, InstanceType: 'ml.p4d.24xlarge' }, { ...part, InstanceType: 'ml.trn1.32xlarge' }],
    },
    { TrainingPlanName: 'c', Status: 'Pending' },
  ];
  const A = 'a (Active, 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z)';
  const B = 'b (Scheduled, 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z)';
  const find = async (input: object) => look('DescribeTrainingPlan', { Find: 'true', ...input }, 'TrainingPlanName');

  beforeEach(() => {
    sagemaker.listTrainingPlans.mockResolvedValue(PLANS);
    sagemaker.describeTrainingPlan.mockImplementation(async TrainingPlanName => ({ TrainingPlanName }));
  });

  test.each<[object, string]>([
    [{ Statuses: 'Active' }, 'a'],
    [{ Statuses: 'Scheduled,Failed' }, 'b'],
    [{ TargetResource: 'training-job' }, 'a'],
    [{ TargetResource: 'endpoint' }, 'b'],
    [{ InstanceType: 'ml.p5.48xlarge' }, 'a'],
    [{ InstanceType: 'ml.trn1.32xlarge' }, 'b'],
    [{ StartTimeAfter: '2026-03-01T00:00:00Z' }, 'b'],
    [{ EndTimeBefore: '2026-02-01T00:00:00Z' }, 'a'],
    [{ StartTimeAfter: '2026-01-01T00:00:00Z', EndTimeBefore: '2026-03-31T00:00:00Z' }, 'a'],
  ])('that satisfies %j', async (input, name) => {
    expect(await find(input)).toEqual({ TrainingPlanName: name });
    expect(sagemaker.listTrainingPlans).toHaveBeenCalledWith(signal);
    expect(lines.map(({ operation }) => operation)).toEqual(['ListTrainingPlans', 'DescribeTrainingPlan']);
  });

  test.each<[object, string, string]>([
    [{ Statuses: 'Failed' }, 'with Statuses Failed', `there is none; the plans that there are: ${A}, ${B}, c (Pending, ? to ?)`],
    [{ TargetResource: 'moon', InstanceType: 'x' }, 'with TargetResource moon; InstanceType x', 'there is none'],
    [{ Statuses: 'Active,Scheduled' }, 'with Statuses Active,Scheduled', `there are 2: ${A}, ${B}; narrow the criteria, or give the name`],
    [{}, 'with any properties', 'there are 3'],
    [{ StartTimeAfter: '2026-05-01', EndTimeBefore: '2026-06-01' }, 'with StartTimeAfter 2026-05-01; EndTimeBefore 2026-06-01', 'there is none'],
  ])('is not found by %j', async (input, subject, text) => {
    const code = text.startsWith('there is none') ? 'NoSuchPlan' : 'NotUnique';
    await expect(find(input)).rejects.toMatchObject({ code, message: expect.stringContaining(`training plan ${subject} ${PLACE}: ${text}`) });
  });

  test('of many is told beside five of them', async () => {
    const plans = (count: number) => Array.from({ length: count }, (_, index) => ({ TrainingPlanName: `p${index}`, Status: 'Active' }));
    sagemaker.listTrainingPlans.mockResolvedValue(plans(7));
    await expect(find({})).rejects.toThrow('there are 7: p0 (Active, ? to ?), p1 (Active, ? to ?), p2 (Active, ? to ?), p3 (Active, ? to ?), p4 (Active, ? to ?), 2 more; narrow');
    sagemaker.listTrainingPlans.mockResolvedValue(plans(5));
    await expect(find({})).rejects.toThrow('p4 (Active, ? to ?); narrow');
    sagemaker.listTrainingPlans.mockResolvedValue([]);
    await expect(find({})).rejects.toThrow('there is none; the plans that there are: none');
  });

  test.each(['yes', 'True', '1', 7])('is neither found nor read where Find is %p', async Find => {
    await expect(find({ Find, TrainingPlanName: 'a' })).rejects.toMatchObject({
      code: 'InvalidProperties', message: `the property Find must be true or false, got: ${Find}`,
    });
    expect(lines).toEqual([]);
  });

  test('of a time that is none is refused', async () => {
    await expect(find({ StartTimeAfter: 'noon' })).rejects.toMatchObject({
      code: 'InvalidProperties', message: 'StartTimeAfter must be an instant such as 2026-12-01T00:00:00Z, got: noon',
    });
  });
});

describe('what is expected of a plan', () => {
  const part = { AvailabilityZone: 'us-east-1a', InstanceType: 'ml.p5.48xlarge' };
  const PLAN = {
    Status: 'Active',
    EndTime: new Date('2026-12-15T00:00:00Z'),
    AvailableInstanceCount: 2,
    TotalInstanceCount: 4,
    TargetResources: ['training-job', 'endpoint'],
    ReservedCapacitySummaries: [part, { ...part, AvailabilityZone: 'us-east-1b' }],
  };
  const judge = async (expected: object, plan: object = PLAN) => {
    sagemaker.describeTrainingPlan.mockResolvedValue(plan);
    return look('AssertTrainingPlan', { TrainingPlanName: 'llm', ...expected });
  };

  test.each([
    {},
    { ExpectedStatuses: 'Scheduled,Active' },
    { ExpectedTargetResource: 'endpoint' },
    { ExpectedMinTotalInstanceCount: '4' },
    { ExpectedMinAvailableInstanceCount: '2' },
    { ExpectedEndTimeAfter: '2026-12-14T23:59:59Z' },
    { ExpectedInstanceType: 'ml.p5.48xlarge' },
    { ExpectedAvailabilityZones: 'us-east-1a,us-east-1b' },
  ])('holds: %j', async expected => {
    expect(await judge(expected)).toEqual({});
  });

  test.each<[object, string]>([
    [{ ExpectedStatuses: 'Scheduled' }, 'Statuses: expected Scheduled, is Active'],
    [{ ExpectedTargetResource: 'hyperpod-cluster' }, 'TargetResource: expected hyperpod-cluster, is training-job,endpoint'],
    [{ ExpectedMinTotalInstanceCount: '5' }, 'MinTotalInstanceCount: expected 5, is 4'],
    [{ ExpectedMinAvailableInstanceCount: '3' }, 'MinAvailableInstanceCount: expected 3, is 2'],
    [{ ExpectedEndTimeAfter: '2026-12-15T00:00:00Z' }, 'EndTimeAfter: expected 2026-12-15T00:00:00Z, is 2026-12-15T00:00:00Z'],
    [{ ExpectedInstanceType: 'ml.p4d.24xlarge' }, 'InstanceType: expected ml.p4d.24xlarge, is ml.p5.48xlarge'],
    [{ ExpectedAvailabilityZones: 'us-east-1b' }, 'AvailabilityZones: expected us-east-1b, is us-east-1a,us-east-1b'],
    [{ ExpectedStatuses: 'Failed', ExpectedInstanceType: 'x' }, 'InstanceType: expected x, is ml.p5.48xlarge; Statuses: expected Failed, is Active'],
  ])('does not hold: %j', async (expected, text) => {
    await expect(judge(expected)).rejects.toMatchObject({
      code: 'NotAsExpected', message: `training plan "llm" ${PLACE}: it isn't as this deployment expects it: ${text}`,
    });
  });

  test.each<[object, string]>([
    [{ ExpectedStatuses: 'Active' }, 'Statuses: expected Active, is nothing (waits)'],
    [{ ExpectedTargetResource: 'endpoint' }, 'TargetResource: expected endpoint, is nothing (waits)'],
    [{ ExpectedMinTotalInstanceCount: '1' }, 'MinTotalInstanceCount: expected 1, is 0 (waits)'],
    [{ ExpectedMinAvailableInstanceCount: '1' }, 'MinAvailableInstanceCount: expected 1, is 0 (waits)'],
    [{ ExpectedEndTimeAfter: '2026-12-14T23:59:59Z' }, 'EndTimeAfter: expected 2026-12-14T23:59:59Z, is nothing (waits)'],
    [{ ExpectedInstanceType: 'x' }, 'InstanceType: expected x, is nothing (waits)'],
    [{ ExpectedAvailabilityZones: 'x' }, 'AvailabilityZones: expected x, is nothing (waits)'],
  ])('is not met by a plan that says nothing: %j', async (expected, text) => {
    await expect(judge(expected, { StatusMessage: 'waits' })).rejects.toThrow(text);
  });

  test('of each part has to hold for all', async () => {
    await expect(judge({ ExpectedInstanceType: 'ml.p5.48xlarge' }, { ...PLAN, ReservedCapacitySummaries: [part, {}] })).rejects.toThrow('is ,ml.p5.48xlarge');
    await expect(judge({ ExpectedAvailabilityZones: 'us-east-1a' }, { ...PLAN, ReservedCapacitySummaries: [part, {}] })).rejects.toThrow('is ,us-east-1a');
  });

  test('a plan may have nothing where nothing is expected', async () => {
    expect(await judge({ ExpectedMinTotalInstanceCount: '0' }, {})).toEqual({});
  });

  test.each(['MinTotalInstanceCount', 'MinAvailableInstanceCount'].flatMap(name => ['two', '-1', '4,5', true].map(given => [name, given] as const)))(
    '%s is no number where it is %p, and refused', async (name, given) => {
      const key = `Expected${name}`;
      await expect(judge({ [key]: given })).rejects.toMatchObject({
        code: 'InvalidProperties', message: `the property ${key} must be a whole number from 0, got: ${given}`,
      });
    });

  test('and is unknown is refused, never passed over', async () => {
    await expect(judge({ ExpectedMoon: 'full' })).rejects.toMatchObject({
      code: 'InvalidProperties',
      message: 'unknown expectation: Moon; known are AvailabilityZones, EndTimeAfter, InstanceType, MinAvailableInstanceCount, MinTotalInstanceCount, '
        + 'Statuses, TargetResource',
    });
    await expect(judge({ ExpectedEndTimeAfter: 'noon' })).rejects.toThrow('ExpectedEndTimeAfter must be an instant such as 2026-12-01T00:00:00Z, got: noon');
    expect(sagemaker.describeTrainingPlan).not.toHaveBeenCalled();
  });
});
