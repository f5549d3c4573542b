import { Service, failure, json, quickly, type Answer } from './service';
import { planBuyer, planExtender, planReader, planTagger } from '../../../lambda/clients/training-plans';

const service = new Service();

beforeEach(async () => service.start());
afterEach(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const calls = () => service.seen.map(({ target, body }) => [target, JSON.parse(body) as object]);

describe('a purchase', () => {
  const request = { TrainingPlanName: 'p', TrainingPlanOfferingId: 'tpo-1', Tags: [{ Key: 'a', Value: 'b' }] };

  test('returns the ARN', async () => {
    service.answers = [json({ TrainingPlanArn: 'arn' })];
    expect(await planBuyer().create(request)).toBe('arn');
    expect(calls()).toEqual([['CreateTrainingPlan', request]]);
  });

  test('that is not told the ARN returns none', async () => {
    service.answers = [json({})];
    expect(await planBuyer().create(request)).toBe('');
  });

  test('has a connection of its own: one that has gone meanwhile would leave its outcome unknown', async () => {
    service.answers = [json({ TrainingPlanArn: 'arn' })];
    const buyer = planBuyer();
    await buyer.create(request);
    await buyer.create(request);
    expect(service.connections).toBe(2);
  });

  test.each<[string, Answer]>([
    ['a reset', 'reset'],
    ['a server error', failure('InternalFailure', 500)],
    ['a throttle', failure('ThrottlingException')],
    ['an answer that is none', { body: 'oops' }],
    ['no answer', 'silence'],
    ['an answer without an end', 'drip'],
  ])('is one HTTP request whatever the environment says: %s', async (_what, answer) => {
    process.env.AWS_MAX_ATTEMPTS = '9';
    service.answers = [answer];
    quickly();
    await expect(planBuyer().create(request)).rejects.toThrow();
    await expect(planExtender().extend('tpeo-1')).rejects.toThrow();
    expect(service.seen).toHaveLength(2);
  });
});

describe('an extension', () => {
  test.each<[string, object, string]>([
    ['returns the offering that was bought', { TrainingPlanExtensions: [{ TrainingPlanExtensionOfferingId: 'tpeo-0' }, { TrainingPlanExtensionOfferingId: 'tpeo-1' }] }, 'tpeo-1'],
    ['returns nothing where it is another', { TrainingPlanExtensions: [{ TrainingPlanExtensionOfferingId: 'tpeo-0' }] }, ''],
    ['returns nothing where nothing is told', {}, ''],
  ])('%s', async (_what, answer, bought) => {
    service.answers = [json(answer)];
    expect(await planExtender().extend('tpeo-1')).toBe(bought);
    expect(calls()).toEqual([['ExtendTrainingPlan', { TrainingPlanExtensionOfferingId: 'tpeo-1' }]]);
  });
});

test('reads are repeated, and take all pages', async () => {
  const reader = planReader();
  service.answers = [failure('ThrottlingException'), 'reset', json({ TrainingPlanSummaries: [{ TrainingPlanName: 'a' }], NextToken: 't' }), json({ TrainingPlanSummaries: [{ TrainingPlanName: 'b' }] })];
  expect((await reader.list()).map(plan => plan.TrainingPlanName)).toEqual(['a', 'b']);
  service.answers = [json({ Tags: [{ Key: 'a', Value: '1' }], NextToken: 't' }), json({ Tags: [{ Key: 'b', Value: '2' }] })];
  expect(await reader.tags('arn:aws:sagemaker:us-east-1:111122223333:training-plan/p')).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]);
  service.answers = [json({ TrainingPlanOfferings: [] })];
  expect((await reader.search({ DurationHours: 24 })).TrainingPlanOfferings).toEqual([]);
  service.answers = [json({ TrainingPlanName: 'p', Status: 'Active', StartTime: 1_796_124_600 })];
  expect(await reader.describe('p')).toMatchObject({ Status: 'Active', StartTime: new Date('2026-12-01T11:30:00Z') });
  const extension = (id: string) => ({ TrainingPlanExtensionOfferingId: id });
  service.answers = [json({ TrainingPlanExtensions: [extension('a')], NextToken: 't' }), json({ TrainingPlanExtensions: [extension('b')] })];
  expect(await reader.extensions('arn')).toEqual([extension('a'), extension('b')]);
  const ResourceArn = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/p';
  expect(calls()).toEqual([
    ...Array(3).fill(['ListTrainingPlans', { MaxResults: 100 }]) as unknown[],
    ['ListTrainingPlans', { MaxResults: 100, NextToken: 't' }],
    ['ListTags', { ResourceArn, MaxResults: 100 }],
    ['ListTags', { ResourceArn, MaxResults: 100, NextToken: 't' }],
    ['SearchTrainingPlanOfferings', { DurationHours: 24 }],
    ['DescribeTrainingPlan', { TrainingPlanName: 'p' }],
    ['DescribeTrainingPlanExtensionHistory', { TrainingPlanArn: 'arn', MaxResults: 100 }],
    ['DescribeTrainingPlanExtensionHistory', { TrainingPlanArn: 'arn', MaxResults: 100, NextToken: 't' }],
  ]);
});

test('a page that lists nothing has nothing', async () => {
  service.answers = [json({})];
  const reader = planReader();
  expect([await reader.list(), await reader.tags('arn'), await reader.extensions('arn')]).toEqual([[], [], []]);
});

test('tags', async () => {
  service.answers = [json({})];
  await planTagger().addTags('arn', [{ Key: 'a', Value: 'b' }]);
  await planTagger().deleteTags('arn', ['a']);
  expect(calls()).toEqual([
    ['AddTags', { ResourceArn: 'arn', Tags: [{ Key: 'a', Value: 'b' }] }],
    ['DeleteTags', { ResourceArn: 'arn', TagKeys: ['a'] }],
  ]);
});
