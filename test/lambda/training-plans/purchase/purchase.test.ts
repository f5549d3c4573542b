import { ARN, LEDGER, MINUTE, OFFERING, PROPERTIES, World, planOf, sdkError } from './world';
import type { ProviderEvent } from '../../../../lambda/shared/provider';
import { Purchase } from '../../../../lambda/training-plans/purchase/purchase';
import { PURCHASE_FIELDS } from '../../../../src/private/contracts/training-plan';

let world: World;
let lines: string[];
let written: Record<string, unknown>[];

beforeEach(() => {
  world = new World();
  [lines, written] = [[], []];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(String(line)) && written.push(JSON.parse(String(line)) as Record<string, unknown>)));
});
afterEach(() => jest.restoreAllMocks());

const SPEC = '1-7355575b9fba7c2a9881abbb9923c8ab';
const BOUGHT = `PLAN BOUGHT AND KEPT: ${ARN}, 118234.50 USD;`;
const THERE = `NOTHING BOUGHT BY THIS DEPLOYMENT: ${ARN} is there, 118234.50 USD;`;
const UNKNOWN = `OUTCOME UNKNOWN: ${ARN} may have been bought for 118234.50 USD; it is not requested again (ledger: SSM parameter ${LEDGER}/1);`;
const UNSEEN = `${UNKNOWN} no answer said whether the service accepted the purchase, and the plan is not to be seen yet; `
  + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself';
const BUSY = 'NOTHING BOUGHT: another deployment is buying a plan of this name, or died while it did; deploy again after 20 minutes';

/** Puts a record into the ledger, as another run has written it some minutes ago. */
function record(
  n: number, minutesAgo: number,
  parts: { owner?: string; request?: string; attempt?: number; spec?: string; sent?: string; outcome?: object } = {},
) {
  const { sent, outcome, ...intent } = parts;
  const at = new Date(world.time - minutesAgo * MINUTE).toISOString();
  world.records.set(`${LEDGER}/${n}`, JSON.stringify({
    kind: 'INTENT', run: 'r', owner: 'Capacity/Plan', request: 'another', attempt: 1, spec: SPEC, criteria: 'c', offering: 'tpo-0', fee: '118234.50 USD', at, deadline: at, ...intent,
  }));
  if (sent) { world.records.set(`${LEDGER}/${n}/sent`, JSON.stringify({ kind: sent, run: 'r', at })); }
  if (outcome) { world.records.set(`${LEDGER}/${n}/outcome`, JSON.stringify({ run: 'r', at, ...outcome })); }
}

const said = (part: string) => JSON.parse(world.records.get(`${LEDGER}/${part}`)!) as Record<string, unknown>;
const tagged = (owner: string, spec = SPEC) => [
  { Key: 'cdk-hpc-clusters:owner', Value: owner }, { Key: 'cdk-hpc-clusters:spec', Value: spec }, { Key: 'cdk-hpc-clusters:offering', Value: 'tpo-9' },
];
const steps = (...names: string[]) => written.filter(({ step }) => names.includes(step as string));
const called = (step: string) => world.calls.filter(each => each === step).length;
const create = async (remainingMs: number, changes: object = {}) => {
  const { reader, buyer, tagger, ledger, stack } = world;
  const event = world.events.create({ ...PROPERTIES, ...changes });
  return new Purchase({ clock: world, reader, buyer, tagger, ledger, stack, limitOf: key => world.limits[key] })
    .onEvent(event as ProviderEvent, remainingMs);
};
/** Makes the plan come up while a run waits. */
const comesUpAt = (count: number, tags = tagged('Capacity/Plan')) => {
  world.before = (step, each) => { if (step === 'describe' && each === count) { world.plan = planOf('Pending'); world.planTags = tags; } };
};

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
  expect(written.map(line => line.step)).toEqual(expect.arrayContaining(['received', 'fresh', 'observe', 'verdict', 'choose', 'ledger', 'send', 'sent', 'done']));
  expect(lines.join('')).not.toMatch(/research|ResponseURL/);
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

  test.each<[string, number, NonNullable<Parameters<typeof record>[2]>, string | undefined]>([
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

describe('what an update says', () => {
  const update = async (changes: object = {}, old: object | undefined = {}, id: string | undefined = ARN) =>
    world.onEvent({ ...world.events.update(id, { ...PROPERTIES, ...changes }, { ...PROPERTIES, ...old }) });

  beforeEach(() => {
    world.plan = planOf('Active');
    world.planTags = [...tagged('Capacity/Plan'), { Key: 'team', Value: 'research' }];
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['NoPlan', async () => update({}, {}, 'x:training-plan/'), 'NOTHING BOUGHT: "x:training-plan/" is not a training plan, and an update buys nothing'],
    ['NewName', async () => update({ TrainingPlanName: 'llm-q2' }), `${BOUGHT} a plan can't get another name ("llm-q2"): keep this one; a plan of another name, by another construct, is paid for besides`],
    ['NotFound', async () => { world.plan = undefined; return update(); }, 'NOTHING BOUGHT: the plan is not to be seen; an update buys nothing'],
    ['SpecDiffers', async () => { world.planTags = tagged('Capacity/Plan', '1-ffff'); return update(); },
      `${BOUGHT} type, count, target and spare instances of a plan can't be changed: it was bought with other ones; `
        + 'ask for what the plan is (another one, by another construct and name, is paid for besides)'],
    ['UnknownRequest', async () => world.onEvent({ ...world.events.delete(ARN, PROPERTIES), RequestType: 'Import' as never }), 'NOTHING BOUGHT: unknown request type: Import'],
  ])('that fails says so: %s', async (code, act, text) => {
    expect(await act()).toMatchObject({ Failure: text });
    expect(steps('done')).toMatchObject([{ status: 'FAILED', code }]);
  });

  test('without an id is of no plan', async () => {
    const { PhysicalResourceId: _, ...event } = world.events.update(ARN, PROPERTIES, PROPERTIES) as ProviderEvent;
    expect(await world.onEvent(event as never)).toMatchObject({ PhysicalResourceId: '', Failure: 'NOTHING BOUGHT: "" is not a training plan, and an update buys nothing' });
  });

  test('without old properties changes what it can', async () => {
    const { OldResourceProperties: _, ...event } = world.events.update(ARN, { ...PROPERTIES, Tags: { cost: '1' } }, {}) as ProviderEvent;
    expect((await world.onEvent(event as never)).Data).toEqual({ TrainingPlanOfferingId: 'tpo-9', Notice: '' });
    expect(world.planTags).toContainEqual({ Key: 'cost', Value: '1' });
  });

  test('of a plan that was bought with this spec does not look at what has become of it', async () => {
    world.plan = planOf('Active', { TargetResources: ['endpoint'] });
    expect((await update()).Failure).toBeUndefined();
  });

  test('that changes how to choose and the owner says both', async () => {
    expect((await update({ OwnershipKey: 'Moved/Plan', MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } })).Data!.Notice)
      .toBe('This update bought nothing and changed nothing of the plan: how an offering is chosen has no effect after the purchase. '
        + 'The plan stays marked as that of "Capacity/Plan": set this as its ownershipKey.');
  });

  test('of old properties that nobody understands says nothing of them', async () => {
    expect((await update({}, { Offering: 'b' })).Data!.Notice).toBe('');
  });

  test('of an adopted plan says nothing of an owner', async () => {
    world.planTags = [];
    expect((await update()).Data).toEqual({ TrainingPlanOfferingId: '', Notice: '' });
  });

  test('keeps a tag of the user that both name, and takes one away that only the old ones name', async () => {
    world.planTags.push({ Key: 'old', Value: '1' });
    await update({}, { Tags: { team: 'research', old: '1' } });
    expect(world.planTags.map(({ Key }) => Key)).toEqual([...tagged('').map(({ Key }) => Key), 'team']);
    expect(world.calls).toEqual(['describe', 'readAll', 'tags', 'deleteTags']);
  });

  test.each([
    ['addTags', { Tags: { team: 'other' } }, 'AddTags'], ['deleteTags', { Tags: {} }, 'DeleteTags'], ['tags', {}, 'ListTags'],
  ])('says what failed: %s', async (failing, changes, operation) => {
    world.before = step => { if (step === failing) { throw sdkError('AccessDenied', 403); } };
    expect((await update(changes)).Failure).toBe(`${operation === 'ListTags' ? THERE : BOUGHT} ${operation} failed: AccessDenied: it says AccessDenied`);
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

describe('what is written', () => {
  test('to the log, by a purchase', async () => {
    const event = world.events.create(PROPERTIES);
    const answer = await world.onEvent(event);
    const about = { requestType: 'Create', requestId: event.RequestId, logicalId: event.LogicalResourceId };
    expect(answer).toEqual({
      PhysicalResourceId: ARN,
      StartedAt: '2026-11-22T06:00:00.000Z',
      Data: { TrainingPlanOfferingId: 'tpo-1', Notice: '', UpfrontFee: '118234.50', CurrencyCode: 'USD' },
      Money: { kind: 'bought', fee: '118234.50 USD' },
    });
    expect(written.filter(({ step }) => step !== 'read' && step !== 'ledger')).toEqual([
      { step: 'received', ...about },
      { step: 'fresh', status: 'CREATE_IN_PROGRESS' },
      { step: 'observe', physicalId: ARN, status: 'none' },
      { step: 'verdict', record: LEDGER, status: 'free' },
      { step: 'choose', offering: 'tpo-1', fee: '118234.50 USD' },
      { step: 'observe', physicalId: ARN, status: 'none' },
      { step: 'fresh', status: 'CREATE_IN_PROGRESS' },
      { step: 'send', physicalId: ARN, offering: 'tpo-1', fee: '118234.50 USD', record: `${LEDGER}/1` },
      { step: 'sent', physicalId: ARN, status: 'bought' },
      { step: 'done', ...about, physicalId: ARN, status: 'SUCCESS', milliseconds: 0 },
    ]);
    expect(steps('read').map(({ operation }) => operation)).toEqual([
      'DescribeStackResource', 'DescribeTrainingPlan', 'GetParametersByPath', 'SearchTrainingPlanOfferings', 'PutParameter',
      'DescribeTrainingPlan', 'DescribeStackResource', 'PutParameter',
    ]);
  });

  test('to the log, by a refusal', async () => {
    world.status = 'CREATE_IN_PROGRESS';
    world.accept = () => { world.time += 1_500; throw sdkError('ValidationException', 400, 'no'); };
    const event = world.events.create(PROPERTIES);
    const { Failure } = await world.onEvent(event);
    expect(steps('sent', 'done')).toEqual([
      { step: 'sent', physicalId: ARN, status: 'refused', code: 'ValidationException', reason: 'no' },
      {
        step: 'done',
        requestType: 'Create',
        requestId: event.RequestId,
        logicalId: event.LogicalResourceId,
        physicalId: ARN,
        status: 'FAILED',
        code: 'ValidationException',
        reason: Failure,
        milliseconds: 1_500,
      },
    ]);
  });

  test('to the log, where there is a plan and the stack shows nothing', async () => {
    world.plan = planOf('Scheduled');
    world.planTags = tagged('Capacity/Plan');
    world.status = undefined;
    await world.create();
    expect(steps('fresh', 'observe')).toEqual([
      ...Array.from({ length: 3 }, () => ({ step: 'fresh', status: 'none' })),
      { step: 'observe', physicalId: ARN, status: 'Scheduled' },
    ]);
  });

  test('to the ledger, by a purchase', async () => {
    const event = world.events.create(PROPERTIES);
    await world.onEvent(event);
    expect(said('1')).toMatchObject({
      owner: 'Capacity/Plan',
      request: event.RequestId,
      attempt: 1,
      spec: SPEC,
      criteria: '4 ml.p5.48xlarge for hyperpod-cluster, 336 hours, for at most 120000.00 USD',
      offering: 'tpo-1',
      fee: '118234.50 USD',
      deadline: '2026-11-22T06:10:00.000Z',
    });
    expect(said('1/outcome')).toMatchObject({ kind: 'BOUGHT', arn: ARN });
    expect(Object.keys(world.bought[0]).sort()).toEqual(['Tags', 'TrainingPlanName', 'TrainingPlanOfferingId']);
  });

  test('to the ledger, by refusals', async () => {
    world.accept = () => { throw sdkError('ThrottlingException', 400); };
    await world.create();
    expect([1, 2, 3, 4].map(n => said(`${n}/outcome`).goesOn)).toEqual([true, true, true, false]);
    expect(said('1/outcome')).toMatchObject({ kind: 'REJECTED', code: 'ThrottlingException', message: 'it says ThrottlingException' });
  });

  test('to the ledger, by a refusal for good', async () => {
    world.accept = () => { throw sdkError('ValidationException', 400); };
    await world.create();
    expect(said('1/outcome')).toMatchObject({ goesOn: false });
  });

  test('to the ledger, where nothing is sent', async () => {
    world.before = (step, count) => { if (step === 'describe' && count === 2) { world.plan = planOf('Scheduled'); world.planTags = tagged('Capacity/Plan'); } };
    await world.create();
    expect(said('1/outcome')).toMatchObject({ kind: 'REJECTED', code: 'NotSent', message: 'the plan is there', goesOn: true });
  });

  test('to the ledger, where the stack is deleted', async () => {
    world.before = (step, count) => { if (step === 'resource' && count === 2) { world.status = 'DELETE_IN_PROGRESS'; } };
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: CloudFormation does not wait for this request any more, so it buys nothing; deploy again');
    expect(said('1/outcome')).toMatchObject({
      kind: 'REJECTED', code: 'NotSent', goesOn: false, message: 'CloudFormation does not wait for this request any more, so it buys nothing; deploy again',
    });
    expect(steps('done')).toMatchObject([{ code: 'LateDelivery' }]);
  });
});

describe('time', () => {
  test.each([
    ['all of it', 12 * MINUTE, '2026-11-22T06:10:00.000Z'],
    ['more than it takes', 15 * MINUTE, '2026-11-22T06:10:00.000Z'],
    ['less than it takes', 6 * MINUTE, '2026-11-22T06:04:00.000Z'],
    ['just enough', 5 * MINUTE, '2026-11-22T06:03:00.000Z'],
  ])('of a function that has %s', async (_what, remaining, deadline) => {
    expect((await create(remaining)).Failure).toBeUndefined();
    expect(said('1').deadline).toBe(deadline);
  });

  test.each([5 * MINUTE - 1, MINUTE, 0])('of %i milliseconds is too short to buy', async remaining => {
    expect((await create(remaining)).Failure).toBe('NOTHING BOUGHT: the services were too slow for a purchase in this time; deploy again');
    expect(called('search')).toBe(0);
    expect(steps('done')).toMatchObject([{ code: 'TooLate' }]);
  });

  test.each([[7 * MINUTE, 1], [7 * MINUTE + 1, 0]])('where the last look comes after %i milliseconds, %i are bought', async (after, count) => {
    world.before = (step, each) => { if (step === 'describe' && each === 2) { world.time += after; } };
    await world.create();
    expect(world.bought).toHaveLength(count);
  });

  test.each([[10 * MINUTE, 1], [10 * MINUTE + 1, 0]])('where the right to send is had after %i milliseconds, %i are bought', async (after, count) => {
    world.before = (step, each) => { if (step === 'put' && each === 2) { world.time += after; } };
    await world.create();
    expect(world.bought).toHaveLength(count);
  });

  test.each([[7 * MINUTE, 1], [7 * MINUTE - 1, 2]])('where nothing was found after %i milliseconds, %i searches are made', async (after, count) => {
    world.offerings = [];
    world.before = (step, each) => { if (step === 'search') { world.time += each === 1 ? after : 10 * MINUTE; } };
    expect((await world.create()).Failure).toContain('NOTHING BOUGHT: no offering qualifies');
    expect(called('search')).toBe(count);
  });

  test('between looks at a resource that is not shown yet is five seconds', async () => {
    const started = world.time;
    world.status = undefined;
    await world.create();
    expect(called('resource')).toBe(3);
    expect(world.time - started).toBe(10_000);
  });

  test('between throttled requests is twenty seconds, and none before that for an offering that has gone', async () => {
    const started = world.time;
    world.accept = () => { throw sdkError(world.bought.length === 1 ? 'ThrottlingException' : 'ResourceNotFound', 400); };
    await world.create();
    expect(world.bought).toHaveLength(4);
    expect(world.time - started).toBe(20_000);
  });

  test.each([
    ['a purchase whose outcome is unknown', () => { world.accept = () => { throw sdkError('InternalFailure', 500); }; }, UNSEEN],
    ['somebody who buys', () => record(1, 1), BUSY.replace('NOTHING BOUGHT:', UNKNOWN)],
    ['what somebody else of another owner has sent', () => record(1, 1, { owner: 'Other/Plan', sent: 'SENT' }), BUSY],
  ])('for %s is all but ten seconds', async (_what, begin, text) => {
    const started = world.time;
    begin();
    expect((await world.create()).Failure).toContain(text);
    expect(world.time - started).toBe(10 * MINUTE - 10_000);
    expect(steps('done')).toMatchObject([{ code: text === UNSEEN ? 'OutcomeUnknown' : 'Busy' }]);
  });

  test('for tags is all but ten seconds', async () => {
    record(1, 1, { sent: 'SENT' });
    world.plan = planOf('Scheduled');
    const started = world.time;
    expect((await world.create()).Failure).toContain(`${UNKNOWN} there is a plan of this name, and its tags do not say that it is that of this owner`);
    expect(world.time - started).toBe(10 * MINUTE - 10_000);
  });
});

describe('a late delivery', () => {
  beforeEach(() => { world.status = 'CREATE_COMPLETE'; });

  test('does not hand on what another request has bought and is not to be seen', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.create()).Failure).toContain(`${BOUGHT} late delivery, this request buys nothing`);
    expect(steps('done')).toMatchObject([{ code: 'LateDelivery' }]);
  });

  test('of a plan of another owner is a failure', async () => {
    world.plan = planOf('Active');
    world.planTags = tagged('Other/Plan');
    expect((await world.create()).Failure).toContain(`${THERE} the name is taken by "Other/Plan"`);
  });
});

describe('waiting', () => {
  test('for a purchase of our own asks the service alone', async () => {
    world.accept = () => { throw sdkError('InternalFailure', 500); };
    await world.create();
    expect(called('readAll')).toBe(4); // before the claim, both claims read back, and in the end
    expect(called('put')).toBe(2);
  });

  test('goes on while neither the service nor the ledger answers', async () => {
    record(1, 1, { sent: 'SENT' });
    let failing = true;
    world.before = step => {
      if (step === 'describe' && called('describe') === 3) { failing = false; world.plan = planOf('Pending'); world.planTags = tagged('Capacity/Plan'); }
      if (failing && called('describe') > 1 && (step === 'describe' || step === 'readAll')) { throw sdkError('Strange', 400); }
    };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9' });
  });

  test('learns that what was announced has been sent', async () => {
    record(1, 1);
    world.before = (step, count) => { if (step === 'describe' && count === 4) { record(1, 1, { sent: 'SENT' }); } };
    expect((await world.create()).Failure).toContain(UNSEEN);
  });

  test('learns that what was sent has been bought, and of which offering', async () => {
    record(1, 1, { sent: 'SENT' });
    world.before = (step, count) => { if (step === 'describe' && count === 4) { record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } }); } };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-0', UpfrontFee: '118234.50' });
    expect(world.bought).toEqual([]);
  });

  test('learns from the records that there were, where nobody finds them any more in the end', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.before = (step, count) => { if (step === 'describe' && count === 4) { world.records.clear(); } };
    expect((await world.create()).Data).toEqual({ TrainingPlanOfferingId: 'tpo-0', UpfrontFee: '118234.50', CurrencyCode: 'USD', Notice: '' });
    expect(world.bought).toEqual([]);
  });

  test('for who fenced off the request of this run learns what became of his', async () => {
    world.before = (step, count) => {
      if (step !== 'put' || count !== 2) { return; }
      world.records.set(`${LEDGER}/1/sent`, JSON.stringify({ kind: 'FENCED', run: 'x', at: '' }));
      record(2, 0, { sent: 'SENT' });
    };
    expect((await world.create()).Failure).toContain(UNSEEN.replace(`${LEDGER}/1`, `${LEDGER}/2`));
    expect(world.bought).toEqual([]);
  });

  test('ends with a refusal of the other run', async () => {
    record(1, 1, { sent: 'SENT' });
    world.before = (step, count) => { if (step === 'describe' && count === 4) { record(1, 1, { sent: 'SENT', outcome: { kind: 'REJECTED', code: 'C', message: 'm' } }); } };
    const started = world.time;
    expect((await world.create()).Failure).toBe('NOTHING BOUGHT: another run of this purchase was refused: C: m; deploy again');
    expect(world.time - started).toBe(20_000);
    expect(steps('done')).toMatchObject([{ code: 'Refused' }]);
  });

  test('that ends before the other run was refused does not say that an answer is missing, and neither does a second delivery', async () => {
    record(1, 1, { sent: 'SENT' });
    const end = world.time + 590_000;
    let reads = 0;
    world.before = step => { if (step === 'readAll' && world.time >= end && ++reads === 2) { record(1, 1, { sent: 'SENT', outcome: { kind: 'REJECTED' } }); } };
    const event = world.events.create(PROPERTIES);
    const text = 'NOTHING BOUGHT: no request was accepted, and none is under way any more; deploy again';
    expect((await world.onEvent(event)).Failure).toBe(text);
    expect((await world.onEvent(event)).Failure).toBe(text);
    expect(world.bought).toEqual([]);
  });

  test('for a plan that only the list shows, after a request whose outcome is unknown', async () => {
    record(1, 21, { sent: 'SENT' });
    world.reader.list = async () => [{ TrainingPlanArn: ARN, TrainingPlanName: 'llm-q1', Status: 'Pending' }];
    comesUpAt(4);
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9' });
  });
});

describe('an unknown outcome is for a person', () => {
  test.each(['1', '2'])('where a record can not be read, which attempt %s does not change', async Attempt => {
    world.records.set(`${LEDGER}/1`, 'x');
    expect((await world.create({ Attempt })).Failure).toContain(`; the ledger has a record that this function does not understand (${LEDGER}/1), so it sends nothing, `
      + 'whatever the `attempt`: find out who wrote it, a newer release of this library or somebody else');
    expect(world.bought).toEqual([]);
  });

  test('where the list shows other plans', async () => {
    record(1, 21, { sent: 'SENT' });
    world.reader.list = async () => [{ TrainingPlanArn: `${ARN}-2`, TrainingPlanName: 'llm-q1-2', Status: 'Active' }];
    expect((await world.create()).Failure).toBe(`${UNKNOWN} a request was sent at 2026-11-22T05:39:00.000Z, and the plan is not to be seen; only where CloudTrail says that `
      + 'it was refused, or an hour later has neither the request nor the invoice a charge, raise `attempt`, which allows one more request. '
      + `To see what happened: aws ssm get-parameters-by-path --recursive --path ${LEDGER} --region us-east-1; `
      + 'aws sagemaker describe-training-plan --training-plan-name llm-q1 --region us-east-1; aws cloudtrail lookup-events --lookup-attributes '
      + 'AttributeKey=EventName,AttributeValue=CreateTrainingPlan --start-time 2026-11-22T05:39:00.000Z --region us-east-1');
    expect(steps('done')).toMatchObject([{ code: 'OutcomeUnknown' }]);
  });

  test('where nobody knows who sent it', async () => {
    world.records.set(`${LEDGER}/1/sent`, JSON.stringify({ kind: 'SENT', run: 'r', at: '' }));
    expect((await world.create()).Failure).toContain(`OUTCOME UNKNOWN: ${ARN} may have been bought for a fee that is not known; it is not requested again `
      + `(ledger: SSM parameter ${LEDGER}); records are missing in the ledger (${LEDGER}), so it buys nothing`);
  });

  test('of another owner, who is named', async () => {
    record(1, 21, { owner: 'Other/Plan', sent: 'SENT' });
    expect((await world.create()).Failure)
      .toBe('NOTHING BOUGHT: "Other/Plan" sent a request for a plan of this name at 2026-11-22T05:39:00.000Z, and the plan is not to be seen: '
        + 'ask its owner; a plan of another name is paid for besides');
    expect(steps('done')).toMatchObject([{ code: 'OthersUnknown' }]);
  });
});

test('other plans in the list are in nobody\'s way', async () => {
  record(1, 21, { sent: 'SENT', outcome: { kind: 'REJECTED' } });
  world.reader.list = async () => [{ TrainingPlanArn: `${ARN}-2`, TrainingPlanName: 'llm-q1-2', Status: 'Active' }];
  expect((await world.create()).Failure).toBeUndefined();
  expect(world.bought).toHaveLength(1);
});

test('an offering that has gone is followed by the next number', async () => {
  world.accept = () => { if (world.bought.length < 3) { throw sdkError('ResourceNotFound', 400); } return world.make(); };
  expect((await world.create()).Failure).toBeUndefined();
  expect(world.written).toBe('1 INTENT, 1/outcome REJECTED, 1/sent SENT, 2 INTENT, 2/outcome REJECTED, 2/sent SENT, 3 INTENT, 3/outcome BOUGHT, 3/sent SENT');
});

test.each([
  ['that was not sent', (step: string, count: number) => step === 'put' && count > 1, `${UNKNOWN} CloudFormation does not wait for this request any more`],
])('a ledger that cannot be told of a request %s does not hide why', async (_what, fails, text) => {
  world.before = (step, count) => {
    if (step === 'resource' && count === 2) { world.status = 'DELETE_IN_PROGRESS'; }
    if (fails(step, count)) { throw sdkError('InternalServerError', 500); }
  };
  expect((await world.create()).Failure).toContain(text);
});

test('a refusal that the ledger could not be told of names the record', async () => {
  world.accept = () => { throw sdkError('ResourceNotFound', 400); };
  world.before = (step, count) => { if (step === 'put' && count > 2) { throw sdkError('InternalServerError', 500); } };
  expect((await world.create()).Failure).toContain(`${UNKNOWN} CreateTrainingPlan was refused: ResourceNotFound: it says ResourceNotFound; `
    + `the ledger could not be told at once: raise \`attempt\` where ${LEDGER}/1/outcome is not there`);
  expect(steps('done')).toMatchObject([{ code: 'ResourceNotFound' }]);
});

describe('a plan of this name', () => {
  beforeEach(() => { world.plan = planOf('Scheduled'); });

  test.each<[string, object, string, string]>([
    ['has failed', { Status: 'Failed' }, 'the plan has failed: the service does not say why; its name can\'t be used again, and a plan of another name is paid for besides: look at the invoice first', 'PlanFailed'],
    ['has ended', { Status: 'Expired' }, 'the plan ended at 2026-12-15T11:30:00.000Z; its name can\'t be used again: choose a new name', 'PlanExpired'],
    ['differs', { TargetResources: ['endpoint'] }, 'the plan is not what is asked for: it is for endpoint, not for hyperpod-cluster; ask for what it is (another plan, under another name, is paid for besides)', 'SpecDiffers'],
  ])('that %s, of our own and to be adopted', async (_what, changes, text, code) => {
    world.plan = planOf('Scheduled', changes);
    world.planTags = tagged('Capacity/Plan');
    expect((await world.create()).Failure).toBe(`${BOUGHT} ${text}`);
    world.planTags = [];
    expect((await world.create({ AdoptExisting: 'true' })).Failure).toBe(`${THERE} ${text}`);
    expect(steps('done')).toMatchObject([{ code }, { code }]);
  });

  test('that has ended nobody knows when', async () => {
    world.plan = planOf('Expired', { EndTime: undefined });
    expect((await world.create({ AdoptExisting: 'true' })).Failure).toContain('its name can\'t be used again: choose a new name');
  });

  test('that says a fee without a currency, or no fee', async () => {
    world.plan = planOf('Scheduled', { CurrencyCode: undefined });
    expect((await world.create()).Failure).toContain(`${ARN} is there, 118234.50; `);
    world.plan = planOf('Scheduled', { UpfrontFee: undefined });
    expect((await world.create()).Failure).toContain(`${ARN} is there, a fee that is not known; `);
  });

  test('that was bought with another spec, by the tags of its former owner', async () => {
    world.planTags = tagged('Other/Plan', '1-ffff');
    expect((await world.create({ AdoptExisting: 'true' })).Failure)
      .toBe(`${THERE} the plan is not what is asked for: it was bought with another type, count, target or number of spare instances; ask for what it is (another plan, under another name, is paid for besides)`);
    world.planTags = tagged('Other/Plan');
    expect((await world.create({ AdoptExisting: 'true' })).Data).toEqual({ TrainingPlanOfferingId: 'tpo-9', Notice: '' });
  });

  test('that was bought with another spec, by the ledger', async () => {
    record(1, 1, { spec: '1-ffff', sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.create()).Failure).toContain(`${BOUGHT} the plan is not what is asked for: it was bought with another type`);
  });

  test('with tags, and something of ours that is unanswered, may be ours', async () => {
    world.planTags = [{ Key: 'cost', Value: 'x' }];
    record(1, 1, { sent: 'SENT' });
    expect((await world.create()).Failure).toContain(`${UNKNOWN} there is a plan of this name, and its tags do not say that it is that of this owner`);
  });

  test('without tags, and something unanswered of nobody, may be ours', async () => {
    world.records.set(`${LEDGER}/1/sent`, JSON.stringify({ kind: 'SENT', run: 'r', at: '' }));
    expect((await world.create()).Failure).toContain(`OUTCOME UNKNOWN: ${ARN} may have been bought for a fee that is not known;`);
  });

  test.each<[string, () => void]>([
    ['without tags, and something of ours that was refused', () => record(1, 1, { sent: 'SENT', outcome: { kind: 'REJECTED' } })],
  ])('%s is not waited for', async (_what, begin) => {
    begin();
    const started = world.time;
    expect((await world.create()).Failure).toBe(`${THERE} the name is taken by a plan, and neither its tags, which may come late, nor the ledger say who bought it: `
      + 'set `adoptExisting` where it is yours; a plan of another name is paid for besides');
    expect(world.time).toBe(started);
    expect(steps('done')).toMatchObject([{ code: 'NameTaken' }]);
  });

  test('without tags, and something of others that is unanswered, is theirs: they may be this construct under a former address', async () => {
    record(1, 1, { owner: 'Former/Plan', sent: 'SENT' });
    expect((await world.create()).Failure).toBe(`${THERE} the name is taken by "Former/Plan": set \`ownershipKey\` to this where it is what this construct or its stack `
      + 'was called before; a plan of another name is paid for besides');
    expect(steps('done')).toMatchObject([{ code: 'NameTaken' }]);
  });

  test('that was bought by nobody knows whom, since his claim can not be read, may be ours', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.records.set(`${LEDGER}/1`, 'x');
    expect((await world.create()).Failure).toContain(`OUTCOME UNKNOWN: ${ARN} may have been bought for a fee that is not known;`);
  });

  test('whose tags come late is taken when they do', async () => {
    record(1, 1, { sent: 'SENT' });
    world.planTags = tagged('Capacity/Plan');
    world.tagsVisibleAt = world.time + MINUTE;
    const started = world.time;
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-9' });
    expect(world.time - started).toBe(MINUTE);
  });
});

test('what was sent stays unknown where the plan that comes up is of somebody else', async () => {
  world.accept = () => {
    world.plan = planOf('Pending');
    world.planTags = tagged('Other/Plan');
    throw sdkError('ResourceInUse', 400);
  };
  expect((await world.create()).Failure).toContain(`${UNKNOWN} there is a plan of this name, and its tags do not say that it is that of this owner`);
});

test('an ARN that nobody was told is logged with its code', async () => {
  world.accept = () => 'arn:other';
  await world.create();
  expect(steps('done')).toMatchObject([{ code: 'OtherArn' }]);
});

test('a list that cannot be read stops it', async () => {
  record(1, 21, { sent: 'SENT' });
  world.before = step => { if (step === 'list') { throw sdkError('AccessDenied', 403); } };
  expect((await world.create()).Failure).toContain('ListTrainingPlans failed: AccessDenied: it says AccessDenied');
});

describe('a service that is silent', () => {
  const began = Date.parse('2026-11-22T06:00:00Z');

  test('at the end of the poll leaves the time to say what became of the money', async () => {
    world.accept = () => {
      world.before = step => { if (step === 'describe') { world.time += 15 * MINUTE; } };
      throw sdkError('InternalFailure', 500);
    };
    expect((await world.create()).Failure).toContain(UNSEEN);
    expect(world.time - began).toBeLessThanOrEqual(11 * MINUTE);
  });

  test('when what was bought is written down does not take the answer with it', async () => {
    world.before = (step, count) => { if (step === 'put' && count > 2) { world.time += 15 * MINUTE; } };
    expect((await world.create()).Data).toMatchObject({ TrainingPlanOfferingId: 'tpo-1' });
    expect(world.time - began).toBe(11 * MINUTE);
  });

  test('when there is hardly any time is not waited for at all', async () => {
    world.before = () => { world.time += MINUTE; };
    expect((await create(10_000)).Failure).toMatch(/^OUTCOME UNKNOWN: .*; no answer in time/);
    expect(world.time).toBe(began);
  });

  test('after the deadline is waited for until just before the end', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.before = (step, count) => {
      if (step === 'readAll' && count > 2) { world.time += 15 * MINUTE; }
      if (step === 'describe' && count > 2) { world.time = Math.max(world.time, began + 10 * MINUTE); }
    };
    expect((await world.create()).Failure).toBe(`${BOUGHT} no answer in time`);
    expect(world.time - began).toBe(11.75 * MINUTE);
  });

  test('from the deadline on takes the rest of the time of what is asked after it', async () => {
    record(1, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    const asked: number[] = [];
    world.before = (step, count) => {
      if (step === 'describe' && count > 2) { world.time = Math.max(world.time, began + 10 * MINUTE); }
      if (step !== 'readAll' || count <= 2) { return; }
      asked.push((world.time - began) / MINUTE);
      world.time += 15 * MINUTE;
    };
    await world.create();
    expect(asked[0]).toBe(10);
    expect(asked.slice(1).every(minute => minute === 11.75)).toBe(true);
    expect(asked.length).toBeGreaterThan(1);
  });
});

describe('an update of a plan that is over', () => {
  test.each(['Expired', 'Failed'] as const)('leaves its tags, and says so: %s', async status => {
    world.plan = planOf(status);
    world.planTags = tagged('Capacity/Plan');
    const event = world.events.update(ARN, { ...PROPERTIES, Tags: { team: 'other' } }, PROPERTIES);
    expect((await world.onEvent(event)).Data!.Notice).toBe(`The plan is ${status}: its tags stay as they are.`);
    const choosing = { ...PROPERTIES, Offering: { ...PROPERTIES.Offering, Selection: 'LONGEST' } };
    expect((await world.onEvent(world.events.update(ARN, choosing, PROPERTIES))).Data!.Notice)
      .toMatch(new RegExp(`^The plan is ${status}: its tags stay as they are. This update bought nothing`));
    expect([called('addTags'), called('deleteTags')]).toEqual([0, 0]);
  });
});

test('a plan that has expired, nobody knows when, has ended', async () => {
  world.plan = { ...planOf('Expired'), EndTime: undefined };
  world.planTags = tagged('Capacity/Plan');
  expect((await world.create()).Failure).toBe(`${BOUGHT} the plan has ended; its name can't be used again: choose a new name`);
});
