import { ARN, LEDGER, MINUTE, OFFERING, PROPERTIES, World, planOf, sdkError } from './world';
import { PURCHASE_FIELDS } from '../../../../src/private/contracts/training-plan';

let world: World;
const written: string[] = [];

beforeEach(() => {
  world = new World();
  written.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(text => Boolean(written.push(String(text))));
});
afterEach(() => jest.restoreAllMocks());

const BOUGHT = `PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD;`;
const UNKNOWN = `OUTCOME UNKNOWN: ${ARN} may have been bought for 118234.50 USD; it is not requested again (ledger: SSM parameter ${LEDGER}/1);`;

/** Puts an entry into the ledger, as another run has written it some minutes ago. */
function record(
  n: number, minutesAgo: number, parts: { owner?: string; request?: string; attempt?: number; sent?: string; outcome?: object },
) {
  const at = new Date(world.time - minutesAgo * MINUTE).toISOString();
  const { owner = 'Capacity/Plan', request = 'another', attempt = 1, sent, outcome } = parts;
  const intent = { kind: 'INTENT', run: 'r', owner, request, attempt, spec: '1-7355575b9fba7c2a9881abbb9923c8ab', criteria: 'c', offering: 'tpo-0', fee: '118234.50 USD', at, deadline: at };
  world.records.set(`${LEDGER}/${n}`, JSON.stringify(intent));
  if (sent) { world.records.set(`${LEDGER}/${n}/sent`, JSON.stringify({ kind: sent, run: 'r', at })); }
  if (outcome) { world.records.set(`${LEDGER}/${n}/outcome`, JSON.stringify({ run: 'r', at, ...outcome })); }
}

const tagged = (owner: string, spec = '1-7355575b9fba7c2a9881abbb9923c8ab') => [
  { Key: 'cdk-hpc-clusters:owner', Value: owner },
  { Key: 'cdk-hpc-clusters:spec', Value: spec },
  { Key: 'cdk-hpc-clusters:offering', Value: 'tpo-9' },
];

test('buys what was asked for, once, and says what it is', async () => {
  const answer = await world.deploy(world.events.create(PROPERTIES));
  expect(world.bought).toEqual([{
    TrainingPlanName: 'llm-q1',
    TrainingPlanOfferingId: 'tpo-1',
    Tags: [
      { Key: 'cdk-hpc-clusters:attempt', Value: '1' },
      { Key: 'cdk-hpc-clusters:offering', Value: 'tpo-1' },
      { Key: 'cdk-hpc-clusters:owner', Value: 'Capacity/Plan' },
      { Key: 'cdk-hpc-clusters:spec', Value: '1-7355575b9fba7c2a9881abbb9923c8ab' },
      { Key: 'team', Value: 'research' },
    ],
  }]);
  expect(world.written).toBe('1 INTENT, 1/outcome BOUGHT, 1/sent SENT');
  expect(answer).toEqual({
    IsComplete: true,
    Data: {
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az4',
      CurrencyCode: 'USD',
      EndTime: '2026-12-15T11:30:00Z',
      InstanceType: 'ml.p5.48xlarge',
      Notice: 'The plan is Scheduled, 118234.50 USD, 2026-12-01T11:30:00Z to 2026-12-15T11:30:00Z.',
      StartTime: '2026-12-01T11:30:00Z',
      Status: 'Scheduled',
      SubnetId: '',
      TotalInstanceCount: '4',
      TrainingPlanArn: ARN,
      TrainingPlanName: 'llm-q1',
      TrainingPlanOfferingId: 'tpo-1',
      UpfrontFee: '118234.50',
    },
  });
});

test('looks, announces, looks again and takes the right to send before it sends', async () => {
  await world.create();
  expect(world.calls).toEqual([
    'resource', 'describe', 'readAll', 'search', 'put', 'readAll', 'describe', 'resource', 'put', 'readAll', 'create', 'put',
  ]);
});

test('asks for spare instances of UltraServers', async () => {
  const Offering = { ...PROPERTIES.Offering, InstanceType: '', InstanceCount: '', UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '1' };
  const [part] = OFFERING.ReservedCapacityOfferings!;
  world.offerings = [{ ...OFFERING, ReservedCapacityOfferings: [{ ...part, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 1 }] }];
  await world.create({ Offering, SpareInstanceCountPerUltraServer: '2' });
  expect(world.bought[0]).toMatchObject({ SpareInstanceCountPerUltraServer: 2 });
});

test('logs neither tags nor what it was asked with', async () => {
  await world.create();
  const lines = written.map(line => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(line => line.step)).toEqual(expect.arrayContaining(['received', 'fresh', 'observe', 'verdict', 'choose', 'ledger', 'send', 'sent', 'done']));
  expect(written.join('')).not.toMatch(/research|ResponseURL/);
});

describe('step 0: properties', () => {
  test.each([
    ['another account', { Account: '444455556666' }, 'in account 444455556666'],
    ['another Region', { Region: 'eu-west-1' }, 'Region eu-west-1'],
    ['a cap that is no amount', { MaxUpfrontFee: { Amount: '1e6', CurrencyCode: 'USD' } }, 'must be a decimal number such as 120000.00, got: 1e6'],
    ['an owner that is no tag', { OwnershipKey: 'a<b' }, 'OwnershipKey must have'],
  ])('with %s nothing is sent, and the request ends', async (_what, changes, text) => {
    const answer = await world.create(changes);
    expect(answer).toMatchObject({ PhysicalResourceId: ARN, Failure: expect.stringMatching(/^NOTHING BOUGHT: /) });
    expect(answer.Failure).toContain(text);
    expect([world.written, world.closed]).toEqual(['', '1']);
  });

  test('without a name there is no id to answer with', async () => {
    await expect(world.create({ TrainingPlanName: 'a_b' })).rejects.toMatchObject({
      message: 'NOTHING BOUGHT: TrainingPlanName must have 1 to 64 letters, digits and hyphens, and begin and end with a letter or digit, got: a_b',
      stack: expect.not.stringContaining('\n'),
    });
  });
});

describe('step 1: does CloudFormation still wait?', () => {
  test.each(['CREATE_COMPLETE', 'CREATE_FAILED', 'DELETE_IN_PROGRESS', 'UPDATE_COMPLETE', undefined])('%s: a late event buys nothing', async status => {
    world.status = status;
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: late delivery, this request buys nothing: CloudFormation does not wait for it any more; deploy again');
    expect([world.written, world.closed]).toEqual(['', '1']);
    expect(world.bought).toEqual([]);
  });

  test('a resource that is shown late is waited for', async () => {
    world.before = (step, count) => { if (step === 'resource') { world.status = count < 3 ? undefined : 'CREATE_IN_PROGRESS'; } };
    expect((await world.create()).Failure).toBeUndefined();
    expect(world.bought).toHaveLength(1);
  });

  test('a second delivery after the answer repeats the success', async () => {
    const event = world.events.create(PROPERTIES);
    const first = await world.onEvent(event);
    world.status = 'CREATE_COMPLETE';
    world.visibleAt = Infinity;
    expect((await world.onEvent(event)).Data).toEqual(first.Data);
    expect(world.bought).toHaveLength(1);
  });

  test('a late delivery of another request than the one that bought does not repeat its success', async () => {
    record(1, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.status = 'CREATE_COMPLETE';
    expect((await world.create()).Failure).toMatch(/^PLAN BOUGHT AND KEPT: .*; late delivery/);
  });

  test('a late delivery about a plan that is ours by its tag says so, and changes nothing', async () => {
    world.status = 'CREATE_COMPLETE';
    world.plan = planOf('Active');
    world.planTags = tagged('Capacity/Plan');
    expect((await world.create()).Data).toEqual({ TrainingPlanOfferingId: 'tpo-9', Notice: '' });
    expect(world.calls).not.toContain('addTags');
  });

  test('a read that is denied closes the way, after a permission had time to spread', async () => {
    world.before = step => { if (step === 'resource') { throw sdkError('AccessDenied', 403); } };
    const started = world.time;
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: DescribeStackResource failed: AccessDenied: it says AccessDenied');
    expect(world.time - started).toBe(30_000);
    expect(world.bought).toEqual([]);
  });
});

describe('step 2: is there a plan?', () => {
  test('what is there is not bought', async () => {
    world.plan = planOf('Scheduled');
    world.planTags = tagged('Capacity/Plan');
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9' });
    expect(world.bought).toEqual([]);
    expect(world.records.size).toBe(0);
  });

  test('an answer that is none stops it', async () => {
    world.before = step => { if (step === 'describe') { throw sdkError('InternalFailure', 500); } };
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: DescribeTrainingPlan failed: InternalFailure: it says InternalFailure');
  });
});

describe('step 3: what the ledger allows', () => {
  test.each<[string, Parameters<typeof record>[2], string]>([
    ['was refused', { sent: 'SENT', outcome: { kind: 'REJECTED' } }, '2 INTENT, 2/outcome BOUGHT, 2/sent SENT'],
    ['was fenced off', { sent: 'FENCED' }, '2 INTENT, 2/outcome BOUGHT, 2/sent SENT'],
    ['never had the right to send', {}, '1/sent FENCED, 2 INTENT, 2/outcome BOUGHT, 2/sent SENT'],
  ])('goes on after one that %s', async (_what, parts, expected) => {
    record(1, 21, parts);
    expect((await world.create()).Failure).toBeUndefined();
    expect(world.written).toContain(expected);
    expect(world.bought).toHaveLength(1);
  });

  test.each<[string, number, Parameters<typeof record>[2], string | undefined]>([
    ['has bought what is not to be seen, and leaves it to the one that waits', 600, { sent: 'SENT', outcome: { kind: 'BOUGHT' } }, undefined],
    ['has sent a short while ago', 19, { sent: 'SENT' }, `${UNKNOWN} no answer said whether`],
    ['has announced a short while ago', 19, {}, 'NOTHING BOUGHT: another deployment is buying a plan of this name, or died while it did; deploy again after 20 minutes'],
  ])('waits for one that %s, and never buys', async (_what, minutesAgo, parts, text) => {
    record(1, minutesAgo, parts);
    const started = world.time;
    expect((await world.create()).Failure).toEqual(text && expect.stringContaining(text));
    expect(world.bought).toEqual([]);
    /* The claim of whom the grace has ended meanwhile is fenced off. */
    expect(world.records.size).toBe(parts.sent ? Object.keys(parts).length + 1 : 3);
    expect(world.time - started).toBeGreaterThan(9 * MINUTE);
    expect(world.time - started).toBeLessThanOrEqual(10 * MINUTE);
  });

  test('what another owner bought and is not to be seen is not handed on as ours', async () => {
    record(1, 600, { owner: 'Other/Plan', sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.create()).Failure).toMatch(/^NOTHING BOUGHT: another deployment/);
    expect(world.bought).toEqual([]);
  });

  test('an intent of the same request is waited for, however old', async () => {
    const event = world.events.create(PROPERTIES);
    record(1, 60, { request: event.RequestId });
    expect((await world.onEvent(event)).Failure).toContain('NOTHING BOUGHT: another deployment');
    expect(world.bought).toEqual([]);
  });

  test('the plan of another run is taken when it comes up', async () => {
    record(1, 1, { sent: 'SENT' });
    world.plan = planOf('Pending');
    world.planTags = tagged('Capacity/Plan');
    world.visibleAt = world.time + 5 * MINUTE;
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9', Notice: '' });
  });

  test('a refusal of another run ends the wait', async () => {
    record(1, 1, { sent: 'SENT' });
    world.before = (step, count) => { if (step === 'describe' && count === 4) { record(1, 1, { sent: 'SENT', outcome: { kind: 'REJECTED', code: 'ResourceLimitExceeded', message: 'quota' } }); } };
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: another run of this purchase was refused: ResourceLimitExceeded: quota; deploy again');
  });

  test('a refusal after which the other run goes on does not', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'REJECTED', code: 'Throttling', goesOn: true } });
    record(2, 1, {});
    world.before = (step, count) => { if (step === 'describe' && count === 4) { world.plan = planOf('Pending'); world.planTags = tagged('Capacity/Plan'); } };
    expect((await world.create()).Failure).toBeUndefined();
  });

  test('an unknown outcome after the grace is for a person', async () => {
    record(1, 21, { sent: 'SENT' });
    const { Failure } = await world.create();
    expect(Failure).toMatch(new RegExp(`^${UNKNOWN.replace(/[()]/g, '\\$&')} a request was sent at .*, and the plan is not to be seen; .* raise \`attempt\`, which allows one more request\\. To see what happened: aws ssm get-parameters-by-path .* aws cloudtrail lookup-events .*$`));
    expect(world.calls).toContain('list');
    expect(world.bought).toEqual([]);
  });

  test('a person who has looked allows one more request', async () => {
    record(1, 21, { sent: 'SENT' });
    expect((await world.create({ Attempt: '2' })).Failure).toBeUndefined();
    expect(world.bought).toHaveLength(1);
    expect(world.bought[0].Tags).toContainEqual({ Key: 'cdk-hpc-clusters:attempt', Value: '2' });
    expect(world.written).toContain('2 INTENT');
  });

  test.each([
    ['within the grace', 19, {}, 'no answer said whether'],
    ['after another owner', 21, { owner: 'Other/Plan' }, '"Other/Plan" sent a request for a plan of this name at'],
    ['after a purchase', 21, { outcome: { kind: 'BOUGHT' } }, undefined],
  ])('a raised attempt allows nothing %s', async (_what, minutesAgo, parts, text) => {
    record(1, minutesAgo, { sent: 'SENT', ...parts });
    expect((await world.create({ Attempt: '2' })).Failure).toEqual(text && expect.stringContaining(text));
    expect(world.bought).toEqual([]);
  });

  test('a plan that only the list shows is waited for', async () => {
    record(1, 21, { sent: 'SENT' });
    world.plan = planOf('Scheduled');
    world.planTags = tagged('Capacity/Plan');
    const describe = world.reader.describe;
    let hidden = 3;
    Object.assign(world.reader, { describe: async (name: string) => { if (hidden-- > 0) { throw sdkError('ResourceNotFound', 400); } return describe(name); } });
    expect((await world.create({ Attempt: '2' })).Failure).toBeUndefined();
    expect(world.bought).toEqual([]);
  });

  test('a run that was thought dead and takes the right to send first is waited for', async () => {
    record(1, 21, {});
    world.before = (step, count) => { if (step === 'put' && count === 1) { world.records.set(`${LEDGER}/1/sent`, JSON.stringify({ kind: 'SENT', run: 'r', at: '' })); } };
    expect((await world.create()).Failure).toContain('OUTCOME UNKNOWN');
    expect(world.bought).toEqual([]);
  });

  test('a ledger that cannot be read stops it', async () => {
    world.before = step => { if (step === 'readAll') { throw sdkError('InternalServerError', 500); } };
    expect((await world.create()).Failure).toMatch(/^OUTCOME UNKNOWN: .*; GetParametersByPath failed: InternalServerError: it says InternalServerError/);
    expect(world.bought).toEqual([]);
  });
});

describe('step 4: the choice', () => {
  test.each([
    ['too expensive', { UpfrontFee: '120000.01' }],
    ['without an amount', { UpfrontFee: '1,000.00' }],
    ['in another currency', { CurrencyCode: 'EUR' }],
    ['for another target', { TargetResources: ['training-job' as const] }],
  ])('an offering %s is not bought', async (_what, changes) => {
    world.offerings = [{ ...OFFERING, ...changes }];
    const { Failure } = await world.create();
    expect(Failure).toMatch(/^NOTHING BOUGHT: no offering qualifies of 1 found for: 4 ml.p5.48xlarge for hyperpod-cluster, 336 hours, for at most 120000.00 USD; /);
    expect([world.written, world.closed]).toEqual(['', '1']);
  });

  test('a quota that is too low stops it', async () => {
    world.before = step => { if (step === 'search') { throw sdkError('ResourceLimitExceeded', 400, 'quota of 0'); } };
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: SearchTrainingPlanOfferings failed: ResourceLimitExceeded: quota of 0');
  });

  test('slow services leave no time to buy', async () => {
    world.before = step => { if (step === 'search') { world.time += 4 * MINUTE; } };
    expect((await world.create({ Offering: { ...PROPERTIES.Offering, DurationHours: ['24', '48', '72'] } })).Failure)
      .toBe('NOTHING BOUGHT: the services were too slow for a purchase in this time; deploy again');
    expect(world.searches).toHaveLength(2);
  });
});

describe('steps 5 and 6: claim and last look', () => {
  test('who comes second waits', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 1) { record(1, 0, { sent: 'SENT', outcome: { kind: 'BOUGHT' } }); } };
    expect((await world.create()).Failure).toBeUndefined();
    expect(world.bought).toEqual([]);
  });

  test('who comes second does not send in the place of the first, however slow that is', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 1) { record(1, 0, {}); } };
    expect((await world.create()).Failure).toMatch(/^OUTCOME UNKNOWN: .*; another deployment/);
    expect(world.bought).toEqual([]);
    expect(world.written).toBe('1 INTENT');
  });

  test('a stack that is deleted meanwhile buys nothing, and says that the way is free', async () => {
    world.before = (step, count) => { if (step === 'resource' && count === 2) { world.status = 'DELETE_IN_PROGRESS'; } };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: CloudFormation does not wait for this request any more, so it buys nothing');
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED');
  });

  test('a plan that comes up meanwhile is taken', async () => {
    world.before = (step, count) => { if (step === 'describe' && count === 2) { world.plan = planOf('Scheduled'); world.planTags = tagged('Capacity/Plan'); } };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9' });
    expect(world.bought).toEqual([]);
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED');
  });

  test('with less than three minutes left nothing is sent', async () => {
    world.before = (step, count) => { if (step === 'describe' && count === 2) { world.time += 7.5 * MINUTE; } };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: the services were too slow');
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED');
  });

  test('after the deadline nothing is sent, and that is written down', async () => {
    world.before = (step, count) => {
      if (step === 'put' && count === 2) { world.time += 10 * MINUTE + 1; }
    };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: the services were too slow');
    expect(world.bought).toEqual([]);
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED, 1/sent SENT');
  });

  test('who was fenced off does not send', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 2) { world.records.set(`${LEDGER}/1/sent`, JSON.stringify({ kind: 'FENCED', run: 'x', at: '' })); } };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: another deployment');
    expect(world.bought).toEqual([]);
  });

  test('who can not tell that the right to send is its own does not send, and the next deployment need not ask a person', async () => {
    const { put, readAll } = world.ledger;
    let blind = false;
    Object.assign(world.ledger, {
      put: async (name: string, value: string) => {
        const first = await put(name, value);
        blind = name.endsWith('/sent');
        return blind ? false : first; // as when the adapter repeated a write whose answer was lost
      },
      readAll: async (path: string) => {
        const records = await readAll(path);
        if (blind) { return new Map([...records].filter(([name]) => !name.endsWith('/sent'))); } // and reads lag
        return records;
      },
    });
    expect((await world.create()).Failure).toMatch(/^NOTHING BOUGHT: another deployment/);
    expect(world.bought).toEqual([]);
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED, 1/sent SENT');

    Object.assign(world.ledger, { put, readAll });
    expect((await world.create()).Failure).toBeUndefined();
    expect(world.bought).toHaveLength(1);
  });

  test.each([1, 2, 3])('write %i whose answer is lost is found to be our own', async lost => {
    const put = world.ledger.put;
    let count = 0;
    Object.assign(world.ledger, {
      put: async (name: string, value: string) => {
        const answer = await put(name, value);
        if (++count === lost) { throw sdkError('TimeoutError'); }
        return answer;
      },
    });
    expect((await world.create()).Failure).toBeUndefined();
    expect(world.bought).toHaveLength(1);
    expect(world.written).toBe('1 INTENT, 1/outcome BOUGHT, 1/sent SENT');
  });

  test.each([1, 2])('a ledger that cannot be written at step %i stops it before anything is sent', async step => {
    world.before = (each, count) => { if (each === 'put' && count >= step) { throw sdkError('InternalServerError', 500); } };
    expect((await world.create()).Failure).toMatch(/^OUTCOME UNKNOWN: .*; PutParameter failed: InternalServerError: it says InternalServerError/);
    expect(world.bought).toEqual([]);
  });
});

describe('step 7: what came of it', () => {
  test.each(['ValidationException', 'AccessDeniedException', 'ResourceLimitExceeded'])('%s ends it', async code => {
    world.accept = () => { throw sdkError(code, 400); };
    expect((await world.create()).Failure).toMatch(new RegExp(`^NOTHING BOUGHT: CreateTrainingPlan was refused: ${code}: it says ${code} \\(offering tpo-1: 4 ml.p5.48xlarge in us-east-1a, .*118234.50 USD\\)$`));
    expect(world.bought).toHaveLength(1);
    expect(world.written).toBe('1 INTENT, 1/outcome REJECTED, 1/sent SENT');
  });

  test.each([['ThrottlingException', 4], ['ResourceNotFound', 3]])('%s is followed by other requests, %i in all', async (code, count) => {
    world.accept = () => { throw sdkError(code, 400); };
    expect((await world.create()).Failure).toContain(`NOTHING BOUGHT: CreateTrainingPlan was refused: ${code}`);
    expect(world.bought).toHaveLength(count);
    expect(world.searches).toHaveLength(count);
    const last = JSON.parse(world.records.get(`${LEDGER}/${count}/outcome`)!) as object;
    expect(last).toMatchObject({ kind: 'REJECTED', goesOn: false });
  });

  test('an offering that has gone is followed by the next, at its price', async () => {
    world.accept = () => {
      if (world.bought.length > 1) { return world.make(); }
      world.offerings = [{ ...OFFERING, TrainingPlanOfferingId: 'tpo-2', UpfrontFee: '119000.00' }];
      throw sdkError('ResourceNotFound', 400);
    };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-2' });
    expect(world.bought.map(request => request.TrainingPlanOfferingId)).toEqual(['tpo-1', 'tpo-2']);
    expect(world.written).toContain('1/outcome REJECTED, 1/sent SENT, 2 INTENT, 2/outcome BOUGHT, 2/sent SENT');
  });

  test('an offering that has gone and is now too expensive is not bought', async () => {
    world.accept = () => {
      world.offerings = [{ ...OFFERING, UpfrontFee: '120000.01' }];
      throw sdkError('ResourceNotFound', 400);
    };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: no offering qualifies');
    expect(world.bought).toHaveLength(1);
  });

  test.each([
    ['reset', () => sdkError('ECONNRESET')],
    ['a server error', () => sdkError('InternalFailure', 500)],
    ['an error that is not known', () => sdkError('Strange', 400)],
    ['silence', () => sdkError('TimeoutError')],
    ['a name in use', () => sdkError('ResourceInUse', 400)],
  ])('%s: not sent again, and looked for until the end', async (_what, error) => {
    world.accept = () => { throw error(); };
    expect((await world.create()).Failure).toContain(`${UNKNOWN} no answer said whether the service accepted the purchase`);
    expect(world.bought).toHaveLength(1);
    expect(world.written).toBe('1 INTENT, 1/sent SENT');
  });

  test.each(['InternalFailure', 'ResourceInUse'])('accepted, but answered with %s: found when it comes up', async code => {
    world.accept = () => {
      world.make();
      world.visibleAt = world.time + 4 * MINUTE;
      world.tagsVisibleAt = world.time + 6 * MINUTE;
      throw sdkError(code, code === 'ResourceInUse' ? 400 : 500);
    };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-1' });
    expect(world.bought).toHaveLength(1);
  });

  test('an answer without an ARN is none', async () => {
    world.accept = () => '';
    expect((await world.create()).Failure).toContain('OUTCOME UNKNOWN');
  });

  test('an ARN that is not the one that everything else was told', async () => {
    world.accept = () => 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/LLM-Q1';
    expect((await world.create()).Failure).toBe(`${BOUGHT} the service calls it arn:aws:sagemaker:us-east-1:111122223333:training-plan/LLM-Q1; import the plan by this ARN`);
  });

  test('a purchase that the ledger could not be told is a success', async () => {
    world.before = (step, count) => { if (step === 'put' && count > 2) { throw sdkError('InternalServerError', 500); } };
    expect((await world.create()).Failure).toBeUndefined();
  });

  test('a refusal that the ledger could not be told is the last word', async () => {
    world.accept = () => { throw sdkError('ThrottlingException', 400); };
    world.before = (step, count) => { if (step === 'put' && count > 2) { throw sdkError('InternalServerError', 500); } };
    expect((await world.create()).Failure).toContain(`${UNKNOWN} CreateTrainingPlan was refused: ThrottlingException: it says ThrottlingException; the ledger`);
    expect(world.bought).toHaveLength(1);
  });
});

describe('step 8: whose is it?', () => {
  beforeEach(() => { world.plan = planOf('Scheduled'); });

  test('of another owner, by its tag', async () => {
    world.planTags = tagged('Other/Plan');
    expect((await world.create()).Failure).toBe(`NOTHING BOUGHT BY THIS DEPLOYMENT: ${ARN} is there, 118234.50 USD; the name is taken by "Other/Plan": set \`ownershipKey\` to this where it is what this construct or its stack was called before; a plan of another name is paid for besides`);
  });

  test('of another owner, by the ledger', async () => {
    record(1, 1, { owner: 'Other/Plan', sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.create()).Failure).toContain('the name is taken by "Other/Plan"');
  });

  test('of nobody that is known', async () => {
    const started = world.time;
    expect((await world.create()).Failure).toContain('the name is taken by a plan, and neither its tags, which may come late, nor the ledger say who bought it');
    expect(world.time).toBe(started);
  });

  test('ours by the ledger, before its tags are to be seen', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-0', UpfrontFee: '118234.50' });
    expect(world.calls).not.toContain('addTags');
  });

  test('ours perhaps: the tags are waited for to the end', async () => {
    record(1, 1, { sent: 'SENT' });
    world.tagsVisibleAt = Infinity;
    expect((await world.create()).Failure).toContain(`${UNKNOWN} there is a plan of this name, and its tags do not say`);
    expect(world.calls.filter(step => step === 'tags').length).toBeGreaterThan(30);
  });

  test('adopted when that is wanted, with the tags of the user', async () => {
    world.planTags = [{ Key: 'cost', Value: 'x' }];
    expect((await world.create({ AdoptExisting: 'true' })).Data).toEqual({ TrainingPlanOfferingId: '', Notice: '' });
    expect(world.planTags).toEqual([{ Key: 'cost', Value: 'x' }, { Key: 'team', Value: 'research' }]);
  });

  test.each([['Failed' as const, 'the plan has failed: card declined'], ['Expired' as const, 'the plan ended at 2026-12-15T11:30:00.000Z']])('%s: the name is burnt', async (status, text) => {
    world.plan = planOf(status, { StatusMessage: 'card declined' });
    world.planTags = tagged('Capacity/Plan');
    const { Failure } = await world.create();
    expect(Failure).toContain(`${BOUGHT} ${text}`);
    expect(Failure).toContain(status === 'Failed' ? 'look at the invoice first' : 'choose a new name');
  });

  test('not what is asked for, by what it is', async () => {
    world.planTags = tagged('Capacity/Plan');
    world.plan = planOf('Scheduled', { TargetResources: ['training-job'] });
    expect((await world.create()).Failure).toBe(`${BOUGHT} the plan is not what is asked for: it is for training-job, not for hyperpod-cluster; ask for what it is (another plan, under another name, is paid for besides)`);
  });

  test('not what is asked for, by its tag', async () => {
    world.planTags = tagged('Capacity/Plan', '1-ffff');
    expect((await world.create()).Failure).toContain('it was bought with another type, count, target or number of spare instances');
  });

  test('tags that cannot be read tell nothing', async () => {
    world.before = step => { if (step === 'tags') { throw sdkError('InternalFailure', 500); } };
    expect((await world.create()).Failure).toBe(`NOTHING BOUGHT BY THIS DEPLOYMENT: ${ARN} is there, 118234.50 USD; ListTags failed: InternalFailure: it says InternalFailure`);
  });
});

describe('an update', () => {
  const update = (changes: object, old: object = {}, id = ARN) =>
    world.events.update(id, { ...PROPERTIES, ...changes }, { ...PROPERTIES, ...old });

  beforeEach(() => {
    world.plan = planOf('Active');
    world.planTags = [...tagged('Capacity/Plan'), { Key: 'team', Value: 'research' }, { Key: 'foreign', Value: 'kept' }];
  });

  afterEach(() => {
    expect(world.bought).toEqual([]);
    expect(world.calls).not.toContain('search');
    expect(world.written).toBe('');
  });

  test('that changes the tags changes them alone', async () => {
    const { Data } = await world.onEvent(update({ Tags: { 'cost': '1', 'aws:x': 'skipped', 'cdk-hpc-clusters:owner': 'skipped' } }));
    expect(Data).toEqual({ TrainingPlanOfferingId: 'tpo-9', Notice: '' });
    expect(world.planTags).toEqual([...tagged('Capacity/Plan'), { Key: 'foreign', Value: 'kept' }, { Key: 'cost', Value: '1' }]);
  });

  test('that changes nothing calls nothing that writes', async () => {
    await world.onEvent(update({}));
    expect(world.calls).toEqual(['describe', 'readAll', 'tags']);
  });

  test.each([
    ['the cap', { MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } }],
    ['the durations', { Offering: { ...PROPERTIES.Offering, DurationHours: ['24'] } }],
    ['the selection', { Offering: { ...PROPERTIES.Offering, Selection: 'LONGEST' } }],
  ])('that changes %s says that it has no effect', async (_what, changes) => {
    expect((await world.onEvent(update(changes))).Data!.Notice).toBe('This update bought nothing and changed nothing of the plan: how an offering is chosen has no effect after the purchase.');
  });

  test('that changes the owner says what the plan is marked with', async () => {
    expect((await world.onEvent(update({ OwnershipKey: 'Moved/Plan' }))).Data!.Notice).toBe('The plan stays marked as that of "Capacity/Plan": set this as its ownershipKey.');
  });

  test('that changes what the plan is fails, and its rollback passes', async () => {
    const changed = { Offering: { ...PROPERTIES.Offering, InstanceCount: '8' } };
    expect((await world.onEvent(update(changed))).Failure).toBe(`${BOUGHT} type, count, target and spare instances of a plan can't be changed: it has 4 ml.p5.48xlarge, not 8 ml.p5.48xlarge; ask for what the plan is (another one, by another construct and name, is paid for besides)`);
    expect((await world.onEvent(update({}, changed))).Failure).toBeUndefined();
  });

  test('with another name fails, and its rollback passes', async () => {
    const answer = await world.onEvent(update({ TrainingPlanName: 'llm-q2' }));
    expect(answer).toMatchObject({ PhysicalResourceId: ARN, Failure: expect.stringContaining(`${BOUGHT} a plan can't get another name ("llm-q2")`) });
    expect((await world.onEvent(update({}, { TrainingPlanName: 'llm-q2' }))).Failure).toBeUndefined();
  });

  test('of an adopted plan compares with what the plan is', async () => {
    world.planTags = [];
    expect((await world.onEvent(update({}))).Failure).toBeUndefined();
    expect((await world.onEvent(update({ Offering: { ...PROPERTIES.Offering, TargetResource: 'endpoint' } }))).Failure).toContain('it is for hyperpod-cluster, not for endpoint');
  });

  test('after an extension, or old properties that nobody understands any more', async () => {
    world.plan = planOf('Active', { EndTime: new Date('2027-02-01T11:30:00Z') });
    expect((await world.onEvent(update({}, { Tags: 'a', Offering: 'b' }))).Failure).toBeUndefined();
  });

  test('in another account fails', async () => {
    expect((await world.onEvent(update({ Account: '444455556666' }))).Failure).toContain(`${BOUGHT} the plan is to be bought in account 444455556666`);
  });

  test('of a plan that is not to be seen', async () => {
    world.plan = undefined;
    expect((await world.onEvent(update({}))).Failure).toBe('NOTHING BOUGHT: the plan is not to be seen; an update buys nothing');
    expect(world.calls.filter(step => step === 'describe')).toHaveLength(4);
  });

  test('of what never was a plan', async () => {
    expect((await world.onEvent(update({}, {}, 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED'))).Failure).toContain('NOTHING BOUGHT: "AWSCDK::');
  });
});

test('a Delete keeps the plan and calls nobody, whatever its properties', async () => {
  expect(await world.onEvent(world.events.delete(ARN, { Nothing: 'known' }))).toEqual({ PhysicalResourceId: ARN });
  expect(await world.deploy(world.events.delete(ARN, {}))).toEqual({ IsComplete: true });
  expect(world.calls).toEqual([]);
});

test('a request that is not known fails', async () => {
  const event = { ...world.events.delete(ARN, PROPERTIES), RequestType: 'Import' as never };
  expect((await world.onEvent(event)).Failure).toBe('NOTHING BOUGHT: unknown request type: Import');
});

test('every success has the same attributes', async () => {
  const answers = [
    await world.deploy(world.events.create(PROPERTIES)),
    await world.deploy(world.events.create(PROPERTIES)),
    await world.deploy(world.events.update(ARN, PROPERTIES, PROPERTIES)),
  ];
  for (const answer of answers) {
    expect(Object.keys((answer as { Data: object }).Data).sort()).toEqual([...PURCHASE_FIELDS].sort());
  }
  expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
  expect(world.bought).toHaveLength(1);
});

describe('two runs at one time', () => {
  /** Two runs in one world, each of whose calls is let through in an order. */
  async function race(order: number[], requests: string[]): Promise<(string | undefined)[]> {
    const gates: (() => void)[][] = [[], []];
    const done = [false, false];
    const runs = [0, 1].map(async index => {
      const twin = Object.create(world) as World;
      Object.assign(twin, {
        time: world.time,
        sleep: async (milliseconds: number) => { twin.time += milliseconds; },
      });
      for (const port of ['reader', 'buyer', 'tagger', 'ledger', 'stack'] as const) {
        const calls = Object.entries(world[port]).map(([name, call]) => [name, async (...input: unknown[]) => {
          await new Promise<void>(resolve => gates[index].push(resolve));
          return (call as (...input: unknown[]) => unknown)(...input);
        }]);
        Object.defineProperty(twin, port, { value: Object.fromEntries(calls) });
      }
      const answer = await twin.onEvent({ ...world.events.create(PROPERTIES), RequestId: requests[index] });
      done[index] = true;
      return answer.Failure;
    });
    for (let turn = 0; !done.every(Boolean); turn++) {
      const wanted = order[turn % order.length];
      await new Promise(resolve => setImmediate(resolve));
      (gates[wanted].shift() ?? gates[1 - wanted].shift())?.();
    }
    return Promise.all(runs);
  }

  const orders = Array.from({ length: 64 }, (_, bits) => [...bits.toString(2).padStart(6, '0')].map(Number));

  test.each([[['one', 'one']], [['one', 'two']]])('of requests %j buy once, and both succeed', async requests => {
    for (const order of orders) {
      world = new World();
      expect(await race(order, requests)).toEqual([undefined, undefined]);
      expect(world.bought).toHaveLength(1);
    }
  });
});
