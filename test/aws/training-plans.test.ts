import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import {
  AddTagsCommand, CreateTrainingPlanCommand, DeleteTagsCommand, DescribeTrainingPlanCommand, DescribeTrainingPlanExtensionHistoryCommand,
  ExtendTrainingPlanCommand, ListTagsCommand, ListTrainingPlansCommand, SageMakerClient, SearchTrainingPlanOfferingsCommand,
  paginateListTrainingPlans,
} from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, PutParameterCommand, SSMClient, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { FakeAws } from './server';
import { offeringId, TrainingPlans, type FakeOffering, type Plan } from './training-plans';

const PLACE = { account: '111122223333', region: 'us-east-1' };
const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/p';
const ID = offeringId('o');
const DAY = 24 * 60 * 60_000;
const NOW = Date.parse('2026-11-22T00:00:00Z');

const OFFERING: FakeOffering = {
  TrainingPlanOfferingId: ID,
  TargetResources: ['hyperpod-cluster'],
  DurationHours: 48,
  UpfrontFee: '100.00',
  CurrencyCode: 'USD',
  ReservedCapacityOfferings: [
    { InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, AvailabilityZone: 'us-east-1a', StartTime: '2026-12-01T11:30:00Z', EndTime: '2026-12-02T11:30:00Z' },
    { InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, AvailabilityZone: 'us-east-1a', StartTime: '2026-12-05T11:30:00Z', EndTime: '2026-12-06T11:30:00Z' },
  ],
};

describe('a plan', () => {
  let now = NOW;
  let plans: TrainingPlans;
  const call = (operation: string, input: object) => plans.call(operation, input as Record<string, unknown>, PLACE) as any;
  const buy = (more: object = {}) => call('CreateTrainingPlan', { TrainingPlanName: 'p', TrainingPlanOfferingId: ID, ...more });
  const status = () => (call('DescribeTrainingPlan', { TrainingPlanName: 'p' }) as Plan).Status;

  beforeEach(() => {
    now = NOW;
    plans = new TrainingPlans(() => now);
    plans.offerings.push(OFFERING);
  });

  test('goes from Pending to Scheduled, Active, back between its blocks, and Expired', () => {
    plans.behave({ pending: 60_000 });
    buy();
    const seen = ['2026-11-22T00:00:30Z', '2026-11-22T00:01:00Z', '2026-12-01T11:30:00Z', '2026-12-03T00:00:00Z', '2026-12-05T11:30:00Z', '2026-12-06T11:30:00Z']
      .map(time => {
        now = Date.parse(time);
        return status();
      });
    expect(seen).toEqual(['Pending', 'Scheduled', 'Active', 'Scheduled', 'Active', 'Expired']);
  });

  test('fails when its payment does', () => {
    plans.behave({ pending: 60_000, paymentFails: true });
    buy();
    expect(status()).toBe('Pending');
    now += 60_000;
    expect(status()).toBe('Failed');
  });

  test('is invisible for a time to every read, and its tags for longer', () => {
    plans.behave({ invisible: 1000, tagsLag: 2000 });
    buy({ Tags: [{ Key: 'a', Value: 'b' }] });
    expect(status).toThrow('not found');
    expect(call('ListTrainingPlans', {}).TrainingPlanSummaries).toEqual([]);
    expect(() => call('ListTags', { ResourceArn: ARN })).toThrow('not found');
    now += 1000;
    expect(status()).toBe('Scheduled');
    expect(call('ListTags', { ResourceArn: ARN }).Tags).toEqual([]);
    now += 1000;
    expect(call('ListTags', { ResourceArn: ARN }).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  test.each([['A', 1], ['B', 2]] as const)('in world %s is bought %d times by two requests while it is invisible', (world, times) => {
    plans.behave({ world, invisible: 1000 });
    buy();
    try {
      buy();
    } catch (error) {
      expect(error).toMatchObject({ code: 'ResourceInUse' });
    }
    now += 1000;
    expect(buy).toThrow('already exists');
    expect(plans.bought('p')).toBe(times);
  });

  test('in world C is said to be there, and is not', () => {
    plans.behave({ world: 'C' });
    expect(buy).toThrow('already exists');
    expect(status).toThrow('not found');
    expect(plans.bought('p')).toBe(0);
  });

  test('can be bought of an offering that is there, at its fee of then', () => {
    plans.offerings.splice(0, 1, { ...OFFERING, repriced: { at: NOW + 1000, UpfrontFee: '120.00' }, goneAt: NOW + 2000 });
    now += 1000;
    buy();
    expect(plans.purchases[0].fee).toBe('120.00');
    now += 1000;
    expect(() => buy({ TrainingPlanName: 'q' })).toThrow('offering');
  });

  test('is extended as often as it is asked for, and shows it later', () => {
    const extension = { TrainingPlanExtensionOfferingId: 'e', StartDate: '2026-12-06T11:30:00Z', EndDate: '2026-12-07T11:30:00Z', DurationHours: 24 };
    plans.extensionOfferings.set('p', [extension]);
    buy();
    expect(call('SearchTrainingPlanOfferings', { TrainingPlanArn: ARN }).TrainingPlanExtensionOfferings).toEqual([extension]);
    plans.behave({ historyLag: 1000 });
    for (let times = 0; times < 2; times++) { call('ExtendTrainingPlan', { TrainingPlanExtensionOfferingId: 'e' }); }
    expect(call('DescribeTrainingPlanExtensionHistory', { TrainingPlanArn: ARN }).TrainingPlanExtensions).toEqual([]);
    now += 1000;
    expect(call('DescribeTrainingPlanExtensionHistory', { TrainingPlanArn: ARN }).TrainingPlanExtensions).toHaveLength(2);
    expect(call('DescribeTrainingPlan', { TrainingPlanName: 'p' }).EndTime).toBe('2026-12-07T11:30:00Z');
    expect(() => call('ExtendTrainingPlan', { TrainingPlanExtensionOfferingId: 'f' })).toThrow('not found');
  });

  test.each<[object, number]>([
    [{ DurationHours: 48 }, 1], [{ DurationHours: 47 }, 0], [{ DurationHours: 49 }, 0],
    [{ InstanceCount: 4 }, 1], [{ InstanceCount: 2 }, 0],
    [{ InstanceType: 'ml.p5e.48xlarge' }, 0], [{ TargetResources: ['endpoint'] }, 0],
    [{ StartTimeAfter: (NOW + 9 * DAY) / 1000 }, 1], [{ StartTimeAfter: (NOW + 10 * DAY) / 1000 }, 0],
    [{ EndTimeBefore: (NOW + 14 * DAY) / 1000 }, 0],
  ])('is found by a search for %j: %d', (more, found) => {
    expect(call('SearchTrainingPlanOfferings', { TargetResources: ['hyperpod-cluster'], ...more }).TrainingPlanOfferings).toHaveLength(found);
  });
});

describe('over HTTP', () => {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const aws = new FakeAws({ secrets: { [credentials.accessKeyId]: credentials.secretAccessKey } });
  const options = () => ({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 1 });

  beforeAll(async () => aws.start());
  afterAll(async () => aws.stop());
  beforeEach(() => {
    aws.reset();
    aws.sagemaker.trainingPlans.offerings.push(OFFERING);
  });

  test('the SDK searches, buys, reads and tags', async () => {
    const sdk = new SageMakerClient(options());
    const { TrainingPlanOfferings } = await sdk.send(new SearchTrainingPlanOfferingsCommand({ DurationHours: 48, TargetResources: ['hyperpod-cluster'] }));
    expect(TrainingPlanOfferings![0].ReservedCapacityOfferings![0].StartTime).toEqual(new Date('2026-12-01T11:30:00Z'));
    const bought = await sdk.send(new CreateTrainingPlanCommand({ TrainingPlanName: 'p', TrainingPlanOfferingId: ID, Tags: [{ Key: 'a', Value: 'b' }] }));
    expect(bought.TrainingPlanArn).toBe(ARN);
    await sdk.send(new AddTagsCommand({ ResourceArn: ARN, Tags: [{ Key: 'c', Value: 'd' }] }));
    await sdk.send(new DeleteTagsCommand({ ResourceArn: ARN, TagKeys: ['a'] }));
    expect((await sdk.send(new ListTagsCommand({ ResourceArn: ARN }))).Tags).toEqual([{ Key: 'c', Value: 'd' }]);
    expect(await sdk.send(new DescribeTrainingPlanCommand({ TrainingPlanName: ARN }))).toMatchObject({
      UpfrontFee: '100.00', EndTime: new Date('2026-12-06T11:30:00Z'), ReservedCapacitySummaries: [{ AvailabilityZoneId: 'use1-az4' }, {}],
    });
    await expect(sdk.send(new CreateTrainingPlanCommand({ TrainingPlanName: 'p', TrainingPlanOfferingId: ID }))).rejects.toMatchObject({ name: 'ResourceInUse' });
    await expect(sdk.send(new ExtendTrainingPlanCommand({ TrainingPlanExtensionOfferingId: 'e' }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
    expect((await sdk.send(new DescribeTrainingPlanExtensionHistoryCommand({ TrainingPlanArn: ARN }))).TrainingPlanExtensions).toEqual([]);
  });

  test('the SDK lists plans by pages, in an order, by their state', async () => {
    const sdk = new SageMakerClient(options());
    for (const name of ['b', 'a', 'c']) { aws.sagemaker.plans.set(name, { TrainingPlanName: name, Status: name === 'c' ? 'Expired' : 'Active' }); }
    aws.sagemaker.trainingPlans.pageSize = 2;
    const names: string[] = [];
    let pages = 0;
    for await (const page of paginateListTrainingPlans({ client: sdk }, { SortBy: 'TrainingPlanName', SortOrder: 'Ascending' })) {
      names.push(...page.TrainingPlanSummaries!.map(plan => plan.TrainingPlanName!));
      pages++;
    }
    expect([names, pages]).toEqual([['a', 'b', 'c'], 2]);
    const expired = await sdk.send(new ListTrainingPlansCommand({ Filters: [{ Name: 'Status', Value: 'Expired' }] }));
    expect(expired.TrainingPlanSummaries!.map(plan => plan.TrainingPlanName)).toEqual(['c']);
  });

  test.each<[string, Parameters<typeof aws.faults.next>[1], object, number]>([
    ['before a request is accepted', { kind: 'reset' }, { message: expect.stringContaining('socket hang up') }, 0],
    ['after', { kind: 'reset', accepted: true }, { message: expect.stringContaining('socket hang up') }, 1],
    ['with an error after', { kind: 'error', status: 500, code: 'InternalFailure', accepted: true }, { $metadata: { httpStatusCode: 500 } }, 1],
    ['with an answer that is none', { kind: 'garbage' }, {}, 1],
  ])('breaks %s', async (_what, fault, error, times) => {
    aws.faults.next('CreateTrainingPlan', fault);
    const bought = new SageMakerClient(options()).send(new CreateTrainingPlanCommand({ TrainingPlanName: 'p', TrainingPlanOfferingId: ID }));
    await expect(bought).rejects.toMatchObject(error);
    expect(aws.sagemaker.trainingPlans.bought('p')).toBe(times);
  });

  test('the SDK writes a parameter once and reads those below a path by pages', async () => {
    const ssm = new SSMClient(options());
    const put = async (Name: string, Value: string) => ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: false }));
    for (const name of ['/l/p/1', '/l/p/1/sent', '/l/p/2', '/l/pq/1']) { await put(name, name); }
    await expect(put('/l/p/1', 'other')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    await expect(put('/l/p/2026-12-01T11:30:00Z', 'x')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put('/l/p/3', 'x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await ssm.send(new GetParameterCommand({ Name: '/l/p/1' }))).Parameter!.Value).toBe('/l/p/1');
    await expect(ssm.send(new GetParameterCommand({ Name: '/l/x' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    const names: string[] = [];
    for await (const page of paginateGetParametersByPath({ client: ssm, pageSize: 2 }, { Path: '/l/p', Recursive: true })) {
      names.push(...page.Parameters!.map(parameter => parameter.Name!));
    }
    expect(names).toEqual(['/l/p/1', '/l/p/1/sent', '/l/p/2']);
  });

  test('the SDK reads a resource of a stack, and learns that there is none', async () => {
    const cfn = new CloudFormationClient(options());
    const read = async (StackName: string, LogicalResourceId: string) => {
      return cfn.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    };
    aws.cloudformation.set('s', 'r', { status: 'CREATE_IN_PROGRESS' });
    expect((await read('s', 'r')).StackResourceDetail).toMatchObject({ LogicalResourceId: 'r', ResourceStatus: 'CREATE_IN_PROGRESS' });
    await expect(read('s', 'q')).rejects.toMatchObject({ name: 'ValidationError', message: 'Resource q does not exist for stack s' });
    await expect(read('t', 'r')).rejects.toMatchObject({ name: 'ValidationError', message: "Stack 't' does not exist" });
    aws.faults.next('DescribeStackResource', { kind: 'throttle' });
    await expect(read('s', 'r')).rejects.toMatchObject({ name: 'Throttling' });
  });
});
