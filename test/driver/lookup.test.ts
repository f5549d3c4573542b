import { reading } from './lookup-properties';
import { FAST, lookupRig } from './lookup-rig';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { Fault } from '../aws/faults';
import type { Plan } from '../aws/sagemaker';

const OPERATION = 'DescribeTrainingPlan';

const PLAN: Plan = {
  TrainingPlanName: 'llm-2026-q1',
  Status: 'Active',
  DurationHours: 336,
  DurationMinutes: 0,
  StartTime: '2026-12-01T11:30:00Z',
  EndTime: '2026-12-15T11:30:00Z',
  UpfrontFee: '118234.5000',
  CurrencyCode: 'USD',
  TotalInstanceCount: 4,
  AvailableInstanceCount: 3,
  InUseInstanceCount: 1,
  TargetResources: ['hyperpod-cluster', 'training-job'],
  ReservedCapacitySummaries: [{
    ReservedCapacityArn: 'arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/a1b2c3d4e5f6',
    InstanceType: 'ml.p5.48xlarge',
    TotalInstanceCount: 4,
    Status: 'Active',
    AvailabilityZone: 'us-east-1a',
    AvailabilityZoneId: 'use1-az4',
  }],
};

const { aws, receiver, stack } = lookupRig('lookup');
beforeEach(() => aws.sagemaker.plans.set(PLAN.TrainingPlanName, PLAN));

describe('a look-up of a training plan', () => {
  test('is created, updated and deleted', async () => {
    const cfn = stack();
    const created = await cfn.create(reading('llm-2026-q1', 'AvailabilityZone', 'Status', 'TotalInstanceCount'));
    expect(created.status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toEqual({ AvailabilityZone: 'us-east-1a', Status: 'Active', TotalInstanceCount: '4' });
    const id = cfn.physicalId;

    const updated = await cfn.update(reading('llm-2026-q1', 'EndTime', 'UpfrontFee'));
    expect(updated.status).toBe('UPDATE_COMPLETE');
    expect(updated.steps).toHaveLength(1); // no replacement
    expect(cfn.attributes).toEqual({ EndTime: '2026-12-15T11:30:00Z', UpfrontFee: '118234.5000' });
    expect(cfn.physicalId).toBe(id);

    aws.requests.length = 0;
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
    expect(aws.requests).toEqual([]); // a look-up has nothing to delete
  });

  test('asks the service once, by name, with a signature that holds', async () => {
    await stack().create(reading('llm-2026-q1', 'Status'));
    expect(aws.requests).toEqual([{
      operation: OPERATION,
      input: { TrainingPlanName: 'llm-2026-q1' },
      region: 'us-east-1',
      attempt: 'attempt=1; max=10',
      fault: undefined,
      at: expect.any(Number),
    }]);
  });

  test.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws', 'eu-west-1'],
  ])('works in %s, %s', async (partition, region) => {
    const cfn = stack({}, { partition, region });
    await cfn.create(reading('llm-2026-q1', 'TrainingPlanArn'));
    expect(cfn.attributes.TrainingPlanArn).toBe(`arn:${partition}:sagemaker:${region}:111122223333:training-plan/llm-2026-q1`);
  });

  test('answers a duplicate of a request alike', async () => {
    const cfn = stack();
    const event = cfn.events.create(reading('llm-2026-q1', 'Status'));
    const [first, second] = [await cfn.request(event), await cfn.request(event)];
    expect(second.answer).toEqual(first.answer);
    expect(receiver.answersTo(event)).toHaveLength(2);
    expect(receiver.answersTo(event)[1]).toEqual(first.answer);
  });

  test('answers two requests at once alike', async () => {
    const cfn = stack();
    const event = cfn.events.create(reading('llm-2026-q1', 'Status'));
    await Promise.all([cfn.request(event), cfn.request(event)]);
    const [first, second] = receiver.answersTo(event);
    expect(second).toEqual(first);
  });

  test('says who, where and what when there is no such plan, and its Delete succeeds', async () => {
    const outcome = await stack().create(reading('llm-2026-q9', 'Status'));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toMatch(
      /^training plan "llm-2026-q9" in account 111122223333, Region us-east-1 does not exist \(ResourceNotFound: Training plan llm-2026-q9 not found\)/,
    );
    const [create, remove] = outcome.steps;
    expect(remove.event.PhysicalResourceId).toBe(create.answer!.PhysicalResourceId);
    expect(remove.answer!.Status).toBe('SUCCESS');
  });

  test('rolls a refused update back', async () => {
    const cfn = stack();
    await cfn.create(reading('llm-2026-q1', 'Status'));
    const id = cfn.physicalId;
    const outcome = await cfn.update(reading('llm-2026-q9', 'Status'));
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(outcome.steps.map(step => step.answer!.Status)).toEqual(['FAILED', 'SUCCESS']);
    expect(cfn.physicalId).toBe(id);
    expect(cfn.attributes).toEqual({ Status: 'Active' });
  });

  test('rolls back when another resource fails', async () => {
    const cfn = stack();
    await cfn.create(reading('llm-2026-q1', 'Status'));
    const outcome = await cfn.update(reading('llm-2026-q1', 'EndTime'), true);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cfn.attributes).toEqual({ Status: 'Active' });
  });

  test('has the same physical id whether it fails or not', async () => {
    const failed = await stack().create(reading('llm-2026-q9', 'Status'));
    const succeeded = await stack().create(reading('llm-2026-q1', 'Status'));
    expect(failed.steps[0].answer!.PhysicalResourceId).toBe(succeeded.steps[0].answer!.PhysicalResourceId);
  });

  test('has an empty text for what the service leaves out', async () => {
    aws.sagemaker.plans.set('new', { TrainingPlanName: 'new', Status: 'Pending' });
    const cfn = stack();
    await cfn.create(reading('new', 'AvailabilityZone', 'EndTime', 'Status', 'TargetResources', 'TotalInstanceCount'));
    expect(cfn.attributes).toEqual({ AvailabilityZone: '', EndTime: '', Status: 'Pending', TargetResources: '', TotalInstanceCount: '' });
  });

  test('refuses to choose between zones, and names them', async () => {
    const [part] = PLAN.ReservedCapacitySummaries!;
    const parts = [{ ...part, AvailabilityZone: 'us-east-1b' }, part, { ...part, TotalInstanceCount: 1 }];
    aws.sagemaker.plans.set(PLAN.TrainingPlanName, { ...PLAN, ReservedCapacitySummaries: parts });
    const outcome = await stack().create(reading('llm-2026-q1', 'AvailabilityZone', 'InstanceType'));
    expect(outcome.reason).toContain('differ in AvailabilityZone: us-east-1a, us-east-1b;');
    const cfn = stack();
    await cfn.create(reading('llm-2026-q1', 'InstanceType'));
    expect(cfn.attributes).toEqual({ InstanceType: 'ml.p5.48xlarge' }); // what nobody asks for fails nothing
  });

  test('has the fields of each reserved capacity, in the order of their start', async () => {
    const [part] = PLAN.ReservedCapacitySummaries!;
    const parts = [
      { ...part, StartTime: '2026-12-20T11:30:00Z', EndTime: '2026-12-27T11:30:00Z', AvailabilityZone: 'us-east-1b', DurationHours: 168 },
      { ...part, StartTime: '2026-12-01T11:30:00Z', EndTime: '2026-12-08T11:30:00Z', UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 1 },
    ];
    aws.sagemaker.plans.set(PLAN.TrainingPlanName, { ...PLAN, ReservedCapacitySummaries: parts });
    const cfn = stack();
    const fields = [
      'ReservedCapacity/0/StartTime', 'ReservedCapacity/0/UltraServerCount', 'ReservedCapacity/1/AvailabilityZone', 'ReservedCapacity/1/DurationHours',
      'ReservedCapacity/1/UltraServerCount', 'ReservedCapacityCount', 'TrainingPlanName',
    ];
    await cfn.create(reading('llm-2026-q1', ...fields));
    expect(cfn.attributes).toEqual({
      'ReservedCapacity/0/StartTime': '2026-12-01T11:30:00Z',
      'ReservedCapacity/0/UltraServerCount': '1',
      'ReservedCapacity/1/AvailabilityZone': 'us-east-1b',
      'ReservedCapacity/1/DurationHours': '168',
      'ReservedCapacity/1/UltraServerCount': '',
      'ReservedCapacityCount': '2',
      'TrainingPlanName': 'llm-2026-q1',
    });
    const outcome = await stack().create(reading('llm-2026-q1', 'ReservedCapacity/2/Status'));
    expect(outcome.reason).toContain('it has 2 reserved capacities, so none with the index 2');
  });

  test.each<[string, object, string]>([
    ['a field of a capacity of another release', reading('llm-2026-q1', 'ReservedCapacity/0/Moon'), 'unknown field: ReservedCapacity/0/Moon'],
    ['an index that is none', reading('llm-2026-q1', 'ReservedCapacity/x/Status'), 'unknown field: ReservedCapacity/x/Status'],
    ['an operation of another release', { Operation: 'DescribeMoon', Input: {}, Fields: '' }, 'unknown operation: DescribeMoon; known are AssertTrainingPlan, DescribeTrainingPlan'],
    ['an inherited name as operation', { Operation: 'toString', Input: {} }, 'unknown operation: toString'],
    ['no operation', { Input: {} }, 'the property Operation is missing'],
    ['no input', { Operation: OPERATION }, 'the property Input must be an object'],
    ['no name', { Operation: OPERATION, Input: {} }, 'the property TrainingPlanName is missing'],
    ['a field of another release', reading('llm-2026-q1', 'Moon'), 'unknown field: Moon; known are AvailabilityZone, '],
    ['a name that the service refuses', reading('-no-', 'Status'), 'ValidationException: 1 validation error detected'],
  ])('fails with a reason for %s', async (_what, properties, reason) => {
    const outcome = await stack().create(properties);
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(reason);
  });

  test('needs no field', async () => {
    const cfn = stack();
    expect((await cfn.create({ Operation: OPERATION, Input: { TrainingPlanName: 'llm-2026-q1' } })).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toEqual({});
  });
});

describe('under faults', () => {
  test('a throttled read is repeated', async () => {
    aws.faults.next(OPERATION, { kind: 'throttle' }, { kind: 'throttle' });
    const outcome = await stack(FAST).create(reading('llm-2026-q1', 'Status'));
    expect(outcome.status).toBe('CREATE_COMPLETE');
    expect(aws.requests.map(request => request.attempt)).toEqual([1, 2, 3].map(attempt => `attempt=${attempt}; max=10`));
  });

  test('a read that failed inside the service is repeated', async () => {
    aws.faults.next(OPERATION, { kind: 'error', status: 500, code: 'InternalFailure' }, { kind: 'error', status: 503, code: 'ServiceUnavailable' });
    expect((await stack(FAST).create(reading('llm-2026-q1', 'Status'))).status).toBe('CREATE_COMPLETE');
    expect(aws.requests).toHaveLength(3);
  });

  test('a read whose connection broke is repeated', async () => {
    aws.faults.next(OPERATION, { kind: 'reset' }, { kind: 'reset' });
    expect((await stack(FAST).create(reading('llm-2026-q1', 'Status'))).status).toBe('CREATE_COMPLETE');
    expect(aws.requests).toHaveLength(3);
  });

  test('a read without an answer is given up after ten seconds and repeated', async () => {
    aws.faults.next(OPERATION, { kind: 'silence' });
    expect((await stack(FAST).create(reading('llm-2026-q1', 'Status'))).status).toBe('CREATE_COMPLETE');
    expect(aws.requests).toHaveLength(2);
  });

  test('a late answer is waited for', async () => {
    aws.faults.next(OPERATION, { kind: 'delay', milliseconds: 300 });
    expect((await stack().create(reading('llm-2026-q1', 'Status'))).status).toBe('CREATE_COMPLETE');
    expect(aws.requests).toHaveLength(1);
  });

  test('a permission that is on its way is waited for', async () => {
    aws.faults.next(OPERATION, { kind: 'error', status: 400, code: 'AccessDeniedException' }, { kind: 'error', status: 400, code: 'AccessDeniedException' });
    expect((await stack(FAST).create(reading('llm-2026-q1', 'Status'))).status).toBe('CREATE_COMPLETE');
  });

  test('a permission that never comes fails with the words of the service', async () => {
    const message = 'User: arn:aws:sts::111122223333:assumed-role/R/F is not authorized to perform: sagemaker:DescribeTrainingPlan';
    aws.faults.always(OPERATION, { kind: 'error', status: 400, code: 'AccessDeniedException', message });
    const outcome = await stack(FAST).create(reading('llm-2026-q1', 'Status'));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(`the look-up function may not read it (AccessDeniedException: ${message})`);
  });

  test.each<[string, Fault, string]>([
    ['silent', { kind: 'silence' }, 'no answer (within|after) .*; a function in a VPC'],
    ['throttled', { kind: 'throttle' }, 'still throttled after \\d+ attempts; deploy again \\(ThrottlingException: Rate exceeded\\)'],
    ['broken', { kind: 'error', status: 500, code: 'InternalFailure' }, 'InternalFailure: InternalFailure'],
  ])('a service that stays %s fails the deployment in time', async (_how, fault, reason) => {
    aws.faults.always(OPERATION, fault);
    const cfn = stack(FAST);
    const { answer, invocations } = await cfn.request(cfn.events.create(reading('llm-2026-q1', 'Status')));
    expect(invocations).toHaveLength(1);
    expect(invocations[0].succeeded).toBe(true); // the handler answered before Lambda would have ended it
    expect(answer!.Status).toBe('FAILED');
    expect(answer!.Reason).toMatch(new RegExp(`^training plan "llm-2026-q1" in account 111122223333, Region us-east-1: ${reason}`));
  });

  test('a service that can not be reached fails the deployment with a hint', async () => {
    const outcome = await stack({ ...FAST, sagemakerUrl: 'http://127.0.0.1:1' }).create(reading('llm-2026-q1', 'Status'));
    expect(outcome.reason).toMatch(/no answer after 10 attempts; a function in a VPC needs a way to the API of SageMaker \(ECONNREFUSED: /);
  });

  test('an answer that is not taken at first is handed over again', async () => {
    receiver.faults.push({ status: 503 }, 'reset', { status: 500 });
    const outcome = await stack(FAST).create(reading('llm-2026-q1', 'Status'));
    expect(outcome.status).toBe('CREATE_COMPLETE');
    expect(receiver.uploads).toBe(4);
    expect(outcome.steps[0].invocations).toHaveLength(1);
    expect(aws.requests).toHaveLength(1);
  });

  test('an answer that can never be handed over ends the invocation with an error, and Lambda calls again', async () => {
    receiver.faults.push({ status: 403 });
    const outcome = await stack(FAST).create(reading('llm-2026-q1', 'Status'));
    expect(outcome.status).toBe('CREATE_COMPLETE');
    expect(outcome.steps[0].invocations.map(({ succeeded }) => succeeded)).toEqual([false, true]);
  });

  test('a long reason is cut to what CloudFormation takes', async () => {
    aws.faults.always(OPERATION, { kind: 'error', status: 400, code: 'ValidationException', message: '\u00e4"'.repeat(4000) });
    const outcome = await stack().create(reading('llm-2026-q1', 'Status'));
    expect(outcome.reason).toMatch(/^training plan "llm-2026-q1" .*\.\.\.$/);
  });

  test('too much data fails with a reason', async () => {
    aws.sagemaker.plans.set(PLAN.TrainingPlanName, { ...PLAN, StatusMessage: '𠀀'.repeat(1024) });
    const outcome = await stack().create(reading('llm-2026-q1', 'StatusMessage'));
    expect(outcome.reason).toMatch(/^the answer has \d+ bytes, CloudFormation takes 4096; ask for fewer fields/);
  });
});

describe('the log', () => {
  const answerFaults = [{ status: 500 }, 'reset', { status: 403 }] as const;
  test.each<[string, () => void]>([
    ['all is well', () => undefined],
    ['reads are throttled', () => aws.faults.next(OPERATION, { kind: 'throttle' })],
    ['reads fail', () => aws.faults.next(OPERATION, { kind: 'reset' }, { kind: 'error', status: 500, code: 'InternalFailure' })],
    ['the signature is refused', () => aws.faults.always(OPERATION, { kind: 'error', status: 400, code: 'InvalidSignatureException' })],
    ['a permission is missing', () => aws.faults.always(OPERATION, { kind: 'error', status: 400, code: 'AccessDeniedException' })],
    ['the answer is refused', () => { receiver.faults.push(...answerFaults); }],
    ['the answer is never taken', () => { receiver.faults.push(...Array<'reset'>(500).fill('reset')); }],
    ['the service is silent', () => aws.faults.always(OPERATION, { kind: 'silence' })],
  ])('has no secret when %s', async (_what, arrange) => {
    arrange();
    const cfn = stack(FAST);
    const event = cfn.events.create({ ...reading('llm-2026-q1', 'Status'), Password: 'hunter2-of-somebody' });
    await cfn.request(event);
    const said = cfn.log + JSON.stringify(receiver.answers);
    expect(cfn.log).toContain('"step":"received"');
    for (const secret of [...Object.values(LAMBDA_CREDENTIALS), 'hunter2', 'X-Amz-Signature', new URL(event.ResponseURL).pathname, 's3.us-east-1']) {
      expect(said).not.toContain(secret);
    }
  });

  test('is a line of JSON for each step', async () => {
    const cfn = stack();
    await cfn.create(reading('llm-2026-q1', 'Status'));
    const lines = cfn.log.trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ step }) => step)).toEqual(['received', 'read', 'done', 'answered']);
    expect(lines[2]).toMatchObject({ requestType: 'Create', stack: 'Stack', logicalId: 'PlanDAF4E53A', status: 'SUCCESS' });
  });
});
