import {
  ARN, END, EXTENSION_ID, EXTENSION_LEDGER, EXTENSION_PROPERTIES, LATER, LEDGER, MINUTE, World, extensionOffering, planOf, sdkError,
} from './world';

let world: World;
let written: Record<string, unknown>[];

beforeEach(() => {
  world = new World();
  world.plan = planOf('Active');
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(written.push(JSON.parse(String(line)) as Record<string, unknown>)));
});
afterEach(() => jest.restoreAllMocks());

const UNKNOWN = `OUTCOME UNKNOWN: ${EXTENSION_ID} may have been bought for 50000.00 USD; it is not requested again (ledger: SSM parameter ${EXTENSION_LEDGER}/1);`;
const UNSAID = `${UNKNOWN} no answer said whether the service accepted the extension, and its history does not have it yet; `
  + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself';
const RECORDS = () => world.writtenAt(EXTENSION_LEDGER);
const BOUGHT = '1 INTENT, 1/outcome BOUGHT, 1/sent SENT';
const OTHER_END = `${LEDGER}/extend/20261229T113000Z`;
const called = (step: string) => world.calls.filter(each => each === step).length;

/** Puts a record into a ledger, as another run has written it some minutes ago. */
function record(
  path: string, minutesAgo: number, parts: { attempt?: number; request?: string; offering?: string; sent?: string; outcome?: object } = {},
) {
  const { sent, outcome, ...intent } = parts;
  const at = new Date(world.time - minutesAgo * MINUTE).toISOString();
  world.records.set(path, JSON.stringify({
    kind: 'INTENT', run: 'r', owner: ARN, request: 'another', attempt: 1, criteria: 'c', offering: 'tpeo-0', fee: '40000.00 USD', at, deadline: at, ...intent,
  }));
  if (sent) { world.records.set(`${path}/sent`, JSON.stringify({ kind: sent, run: 'r', at })); }
  if (outcome) { world.records.set(`${path}/outcome`, JSON.stringify({ run: 'r', at, ...outcome })); }
}
const ONE = `${EXTENSION_LEDGER}/1`;

describe('an extension', () => {
  test('that is bought says so, in the answer, the ledger and the log', async () => {
    const event = world.events.create(EXTENSION_PROPERTIES);
    expect(await world.onExtend(event)).toEqual({
      PhysicalResourceId: EXTENSION_ID,
      StartedAt: '2026-11-22T06:00:00.000Z',
      Data: { TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' },
      Money: { kind: 'bought', fee: '50000.00 USD' },
    });
    expect([world.extended, RECORDS()]).toEqual([['tpeo-1'], BOUGHT]);
    expect(JSON.parse(world.records.get(ONE)!)).toEqual({
      kind: 'INTENT',
      run: expect.any(String),
      owner: ARN,
      request: event.RequestId,
      attempt: 1,
      criteria: `for ${event.StackId}: to ${LATER} for at most 60000.00 USD`,
      offering: 'tpeo-1',
      fee: '50000.00 USD',
      at: '2026-11-22T06:00:00.000Z',
      deadline: '2026-11-22T06:10:00.000Z',
    });
    expect(JSON.parse(world.records.get(`${ONE}/outcome`)!)).toMatchObject({ kind: 'BOUGHT', arn: EXTENSION_ID });
    const about = { requestType: 'Create', requestId: event.RequestId, logicalId: event.LogicalResourceId };
    expect(written.filter(({ step }) => step !== 'read' && step !== 'ledger')).toEqual([
      { step: 'received', ...about },
      { step: 'fresh', status: 'CREATE_IN_PROGRESS' },
      { step: 'observe', physicalId: EXTENSION_ID, status: 'Active' },
      { step: 'observe', physicalId: EXTENSION_ID, status: 'Active' },
      { step: 'verdict', record: EXTENSION_LEDGER, status: 'free' },
      { step: 'observe', physicalId: EXTENSION_ID, status: 'Active' },
      { step: 'choose', offering: 'tpeo-1', fee: '50000.00 USD' },
      { step: 'observe', physicalId: EXTENSION_ID, status: 'Active' },
      { step: 'fresh', status: 'CREATE_IN_PROGRESS' },
      { step: 'send', physicalId: EXTENSION_ID, offering: 'tpeo-1', fee: '50000.00 USD', record: ONE },
      { step: 'sent', physicalId: EXTENSION_ID, status: 'bought' },
      { step: 'done', ...about, physicalId: EXTENSION_ID, status: 'SUCCESS', milliseconds: 35_000 },
    ]);
  });

  test('says to the log what it has asked, and in which order', async () => {
    await world.extend();
    const seen = ['DescribeTrainingPlan', 'DescribeTrainingPlanExtensionHistory'];
    const [fresh, ledger] = ['DescribeStackResource', 'GetParametersByPath'];
    expect(written.filter(({ step }) => step === 'read').map(({ operation }) => operation)).toEqual([
      fresh, ...seen, ledger,
      ...seen, ledger,
      ...seen, ledger, 'SearchTrainingPlanOfferings', 'PutParameter',
      ...seen, ledger, ledger, fresh, 'PutParameter',
    ]);
  });

  test('is complete once it is paid, and found again', async () => {
    const first = await world.deployExtension(world.events.create(EXTENSION_PROPERTIES));
    expect(first).toMatchObject({ IsComplete: true, Data: { EndTime: LATER, UpfrontFee: '50000.00' } });
    expect(await world.deployExtension(world.events.create(EXTENSION_PROPERTIES))).toEqual(first);
    expect(world.extended).toEqual(['tpeo-1']);
  });

  test('to where the plan ends by itself is a success that bought nothing', async () => {
    expect(await world.extend({ ExtendTo: END })).toMatchObject({
      Data: { TrainingPlanExtensionOfferingId: '', Notice: `The plan ends at ${END}: nothing was bought.` },
    });
    expect([world.extended, RECORDS()]).toEqual([[], '']);
  });

  test('that the ledger has, of a plan that ends there, is ours', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.plan = planOf('Active', { EndTime: new Date(LATER) });
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
  });

  test.each([
    ['was sent', { sent: 'SENT' }],
    ['was bought', { sent: 'SENT', outcome: { kind: 'BOUGHT' } }],
  ])('that %s with an offering in the history is there, whatever end that has', async (_what, parts) => {
    record(ONE, 60, parts);
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0', EndDate: undefined }), Status: 'Pending' }];
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
    expect([world.extended, called('describe')]).toEqual([[], 1]); // it doesn't wait for it
  });

  test('that was refused is not there, though others have the offering', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'REJECTED' } });
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0', EndDate: new Date(END) }), Status: 'Active' }];
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' });
  });
});

describe('nothing is bought', () => {
  test.each<[string, object, string]>([
    ['in another account', { Account: '444455556666' }, 'NOTHING BOUGHT: the plan is to be bought in account 444455556666, Region us-east-1, but this stack is in account 111122223333, Region us-east-1'],
    ['with another ARN', { TrainingPlanArn: `${ARN}x` }, `NOTHING BOUGHT: TrainingPlanArn must be ${ARN}, got: ${ARN}x`],
  ])('%s', async (_what, changes, failure) => {
    expect(await world.extend(changes)).toMatchObject({ PhysicalResourceId: EXTENSION_ID, Failure: failure });
    expect([world.extended, RECORDS()]).toEqual([[], '']);
  });

  test('without an end there is no id, so it is thrown', async () => {
    await expect(world.extend({ ExtendTo: '2026-12-22' })).rejects.toMatchObject({
      message: 'NOTHING BOUGHT: ExtendTo must be an instant such as 2026-12-01T00:00:00Z, got: 2026-12-22', stack: expect.stringMatching(/^Error: NOTHING BOUGHT: [^\n]*$/),
    });
  });

  test.each<[string, () => void, string]>([
    ['of no plan', () => { world.plan = undefined; }, 'NOTHING BOUGHT: there is no training plan "llm-q1"'],
    ['of a plan that has expired', () => { world.plan = planOf('Expired'); }, 'NOTHING BOUGHT: the plan is Expired, and can\'t be extended'],
    ['of a plan that has failed', () => { world.plan = planOf('Failed'); }, 'NOTHING BOUGHT: the plan is Failed, and can\'t be extended'],
    ['above the cap', () => { world.extensionOfferings = [extensionOffering({ UpfrontFee: '60000.01' })]; },
      'NOTHING BOUGHT: no extension qualifies of "llm-q1" from 2026-12-15T11:30:00Z to exactly 2026-12-22T11:30:00Z for at most 60000.00 USD; there would be: '
      + 'tpeo-1: 2026-12-15T11:30:00Z to 2026-12-22T11:30:00Z, 168 hours in us-east-1a, 60000.01 USD'],
    ['while another extension is paid', () => { world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'x', EndDate: new Date(END) }), PaymentStatus: 'Pending' }]; },
      'NOTHING BOUGHT: another extension waits for its payment (x: 2026-12-15T11:30:00Z to 2026-12-15T11:30:00Z, 168 hours in us-east-1a, 50000.00 USD); deploy again when it is paid'],
    ['for a request that nobody waits for', () => { world.status = 'CREATE_FAILED'; },
      'NOTHING BOUGHT: late delivery, this request extends nothing: CloudFormation does not wait for it any more; deploy again'],
  ])('%s', async (_what, prepare, failure) => {
    prepare();
    expect((await world.extend()).Failure).toBe(failure);
    expect([world.extended, RECORDS()]).toEqual([[], '']);
  });

  test.each<[string, () => void, string]>([
    ['NoPlan', () => { world.plan = undefined; }, 'none'],
    ['PlanEnded', () => { world.plan = planOf('Expired'); }, 'Expired'],
    ['Busy', () => { world.extensions = [{ ...extensionOffering({ EndDate: new Date(END) }), Status: 'Pending' }]; }, 'Active'],
    ['Busy', () => { record(`${OTHER_END}/1`, 1); }, 'Active'],
    ['LateDelivery', () => { world.status = 'CREATE_FAILED'; }, 'Active'],
    ['OutcomeUnknown', () => { record(ONE, 60, { sent: 'SENT' }); }, 'Active'],
  ])('is logged with its code, and with what was seen of the plan: %s', async (code, prepare, status) => {
    prepare();
    const { Failure } = await world.extend();
    expect(written.at(-1)).toMatchObject({ step: 'done', status: 'FAILED', code, reason: Failure });
    expect(new Set(written.filter(({ step }) => step === 'observe').map(each => each.status))).toEqual(new Set([status]));
  });

  test('by a delete or a type of request that nobody knows', async () => {
    expect(await world.onExtend(world.events.delete(EXTENSION_ID, EXTENSION_PROPERTIES))).toEqual({ PhysicalResourceId: EXTENSION_ID });
    const event = { ...world.events.create(EXTENSION_PROPERTIES), RequestType: 'Import' };
    expect((await world.onExtend(event as never)).Failure).toBe('NOTHING BOUGHT: unknown request type: Import');
    expect([world.extended, RECORDS()]).toEqual([[], '']);
  });

  test('where CloudFormation stops to wait between claim and request', async () => {
    world.before = (step, count) => { if (step === 'resource' && count === 2) { world.status = 'DELETE_IN_PROGRESS'; } };
    expect((await world.extend()).Failure).toBe('NOTHING BOUGHT: CloudFormation does not wait for this request any more, so it extends nothing; deploy again');
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/outcome REJECTED']);
    expect(JSON.parse(world.records.get(`${ONE}/outcome`)!)).toMatchObject({ code: 'NotSent', goesOn: false });
  });

  test('where the plan is extended between claim and request', async () => {
    world.before = (step, count) => { if (step === 'extensions' && count === 4) { world.prolong('tpeo-1'); } };
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' });
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/outcome REJECTED']);
    expect(JSON.parse(world.records.get(`${ONE}/outcome`)!)).toMatchObject({ message: 'the plan ends there', goesOn: true });
  });

  test('with too little time', async () => {
    expect((await world.extend({}, 5 * MINUTE + 35_000 - 1)).Failure).toBe('NOTHING BOUGHT: the services were too slow for a purchase in this time; deploy again');
    expect(world.extended).toEqual([]);
    world.time += 5 * MINUTE; // until then, nobody makes the answer wrong
    await world.extend({}, 5 * MINUTE + 35_000);
    expect(world.extended).toEqual(['tpeo-1']);
  });

  test('where the right to send comes too late', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 2) { world.time += 10 * MINUTE + 1; } };
    expect((await world.extend()).Failure).toBe('NOTHING BOUGHT: the services were too slow for a purchase in this time; deploy again');
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/outcome REJECTED, 1/sent SENT']);
  });
});

describe('extensions to another end', () => {
  test.each<[string, number, Parameters<typeof record>[2], number, boolean]>([
    ['is claimed', 1, {}, 2, false],
    ['was claimed, and is abandoned', 20, {}, 1, true],
    ['was sent, and nobody knows', 60, { sent: 'SENT' }, 1, false],
    ['was sent, nobody knows, and a person has looked', 60, { sent: 'SENT' }, 2, true],
    ['was just sent, whoever has looked', 1, { sent: 'SENT' }, 2, false],
    ['was bought, and is not seen', 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } }, 1, false],
    ['was refused', 1, { sent: 'SENT', outcome: { kind: 'REJECTED' } }, 1, true],
  ])('one that %s', async (_what, minutesAgo, parts, attempt, mayBuy) => {
    record(`${OTHER_END}/1`, minutesAgo, parts);
    const { Failure } = await world.extend({ Attempt: String(attempt) });
    expect(world.extended).toHaveLength(Number(mayBuy));
    if (!mayBuy) {
      expect(Failure).toBe(`NOTHING BOUGHT: an extension of the plan to 20261229T113000Z is under way, or its outcome is unknown (ledger: ${OTHER_END}); deploy again when the plan shows it, `
        + 'or raise `attempt` when you have looked and there is none');
    }
  });

  test('one that the history has is in nobody\'s way, nor one that the plan has outlasted', async () => {
    record(`${OTHER_END}/1`, 1, { sent: 'SENT' });
    record(`${LEDGER}/extend/20261215T113000Z/1`, 1, { sent: 'SENT', offering: 'tpeo-9' });
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0', EndDate: new Date('2026-12-29T11:30:00Z') }), Status: 'Active' }];
    await world.extend();
    expect(world.extended).toEqual(['tpeo-1']);
  });

  test.each([
    ['one that the history does not have is in the way, whatever else that has', () => { record(`${OTHER_END}/1`, 60, { sent: 'SENT' }); }],
    ['one that can not be read is in the way, whatever the history has', () => { world.records.set(`${OTHER_END}/1`, 'x'); }],
  ])('%s', async (_what, prepare) => {
    prepare();
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'x', EndDate: new Date(END) }), Status: 'Active' }];
    expect((await world.extend()).Failure).toMatch(/^NOTHING BOUGHT: an extension of the plan to 20261229T113000Z is under way/);
    expect(world.extended).toEqual([]);
  });

  test('one to what is no end is in the way: nobody knows whether the plan has outlasted it', async () => {
    record(`${LEDGER}/extend/-0020261215T113000Z/1`, 60, { sent: 'SENT' });
    expect((await world.extend()).Failure).toMatch(/^NOTHING BOUGHT: an extension of the plan to -0020261215T113000Z is under way/);
    expect(world.extended).toEqual([]);
  });

  test('one that is claimed between claim and request makes this one give way', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 1) { record(`${OTHER_END}/1`, 0); } };
    expect((await world.extend()).Failure).toMatch(/^NOTHING BOUGHT: an extension of the plan to 20261229T113000Z is under way/);
    world.records.delete(`${OTHER_END}/1`);
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/outcome REJECTED']);
  });
});

describe('what the ledger says', () => {
  test('a request that was sent, and whose outcome nobody knows, is never repeated, until a person raises the attempt', async () => {
    record(ONE, 60, { sent: 'SENT' });
    const at = '2026-11-22T05:00:00.000Z';
    expect((await world.extend()).Failure).toContain(`${UNKNOWN.replace('50000', '40000')} a request was sent at ${at}, and the history does not have it; only where CloudTrail says `);
    expect(world.extended).toEqual([]);
    expect((await world.extend({ Attempt: '2' })).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-1' });
    expect(RECORDS()).toBe('1 INTENT, 1/sent SENT, 2 INTENT, 2/outcome BOUGHT, 2/sent SENT');
  });

  test.each([false, true])('a claim that can not be read is as good as a request (the right to send was taken: %s)', async sent => {
    if (sent) { record(ONE, 60, { sent: 'SENT' }); }
    world.records.set(ONE, 'x');
    expect((await world.extend()).Failure).toContain(`OUTCOME UNKNOWN: ${EXTENSION_ID} may have been bought for a fee that is not known; it is not requested again (ledger: SSM parameter ${ONE}); `
      + `the ledger has a record that this function does not understand (${ONE}), so it sends nothing, whatever the \`attempt\`: find out who wrote it`);
    expect(world.extended).toEqual([]);
  });

  test('an abandoned claim is fenced off', async () => {
    record(ONE, 20);
    await world.extend();
    expect(RECORDS()).toBe('1 INTENT, 1/sent FENCED, 2 INTENT, 2/outcome BOUGHT, 2/sent SENT');
  });

  test('a claim that comes back to life at that moment is waited for', async () => {
    record(ONE, 20);
    world.before = (step, count) => { if (step === 'put' && count === 1) { world.records.set(`${ONE}/sent`, JSON.stringify({ kind: 'SENT', run: 'r', at: '' })); } };
    expect((await world.extend()).Failure).toContain(UNSAID.replace('50000', '40000'));
    expect([world.extended, world.time - Date.parse('2026-11-22T06:00:00Z')]).toEqual([[], 10 * MINUTE - 10_000]);
  });

  test('who was fenced off does not send', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 2) { world.records.set(`${ONE}/sent`, JSON.stringify({ kind: 'FENCED', run: 'x', at: '' })); } };
    expect((await world.extend()).Failure).toBe('NOTHING BOUGHT: another deployment is extending this plan, or died while it did; deploy again after 20 minutes');
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/outcome REJECTED, 1/sent FENCED']);
    expect(JSON.parse(world.records.get(`${ONE}/outcome`)!)).toMatchObject({ message: 'the right to send was not to be had', goesOn: true });
  });

  test.each<[string, Parameters<typeof record>[2] | undefined, string]>([
    ['who does not answer', {}, 'another deployment is extending this plan, or died while it did; deploy again after 20 minutes'],
    ['who has sent', { sent: 'SENT' }, UNSAID.replace('50000', '40000')],
    ['who is refused', { sent: 'SENT', outcome: { kind: 'REJECTED', code: 'ValidationException', message: 'no' } }, 'NOTHING BOUGHT: another run of this extension was refused: ValidationException: no; deploy again'],
  ])('another run %s', async (_what, parts, failure) => {
    record(ONE, 1);
    world.before = (step, count) => { if (step === 'readAll' && count === 4) { record(ONE, 1, parts); } };
    expect((await world.extend()).Failure).toContain(failure);
    expect(world.extended).toEqual([]);
  });

  test('another run is waited for while the ledger does not answer', async () => {
    record(ONE, 1);
    world.before = (step, count) => { if (step === 'readAll' && count > 3) { throw sdkError('Strange', 400); } };
    expect((await world.extend()).Failure).toMatch(/^OUTCOME UNKNOWN: .*; another deployment is extending this plan, or died while it did; deploy again after 20 minutes/);
    expect(called('readAll')).toBeGreaterThan(50);
  });

  test('another run that has bought is as good as this one, though the history does not have it yet', async () => {
    record(ONE, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
    expect([world.extended, world.time - Date.parse('2026-11-22T06:00:00Z')]).toEqual([[], 10 * MINUTE - 10_000]);
  });

  test('another run that has bought is as good as this one, though its claim can not be read', async () => {
    record(ONE, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.records.set(ONE, 'x');
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: '', Notice: '' });
    expect(world.extended).toEqual([]);
  });

  test('what another run has bought is kept, where the ledger does not answer in the end', async () => {
    record(ONE, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.before = (step, count) => { if (step === 'readAll' && count > 2) { throw sdkError('ValidationException', 400); } };
    expect((await world.extend()).Failure).toBe(`EXTENSION BOUGHT AND KEPT: ${EXTENSION_ID}, 40000.00 USD; `
      + 'GetParametersByPath failed: ValidationException: it says ValidationException');
    expect(world.extended).toEqual([]);
  });

  test('another run that takes the claim is followed', async () => {
    world.before = (step, count) => { if (step === 'put' && count === 1) { record(ONE, 0); } };
    expect((await world.extend()).Failure).toMatch(/^OUTCOME UNKNOWN: .*; another deployment is extending this plan/);
    expect(world.extended).toEqual([]);
  });

  test('a payment that failed is tried again by a raised attempt, and by nothing else', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0' }), Status: 'Failed' }];
    expect((await world.extend()).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-0' });
    expect(world.extended).toEqual([]);
    expect((await world.extend({ Attempt: '2' })).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-1' });
    expect(RECORDS()).toBe('1 INTENT, 1/outcome BOUGHT, 1/sent SENT, 2 INTENT, 2/outcome BOUGHT, 2/sent SENT');
  });

  test('a payment that has just failed is tried again at once, whatever other extensions there are', async () => {
    record(ONE, 1, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.extensions = [
      { ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0' }), Status: 'Failed' },
      { ...extensionOffering({ TrainingPlanExtensionOfferingId: 'x', EndDate: new Date(END) }), Status: 'Active' },
    ];
    expect((await world.extend({ Attempt: '2' })).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-1' });
    expect(world.extended).toEqual(['tpeo-1']);
  });

  test.each([
    ['has nothing', []],
    ['has another one', [{ Status: 'Active' }]],
    ['has another one whose payment failed', [{ Status: 'Failed' }]],
  ])('what was bought is not bought again by a raised attempt, where the history %s', async (_what, states) => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.extensions = states.map(state => ({ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'x', EndDate: new Date(END) }), ...state }));
    expect((await world.extend({ Attempt: '2' })).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
    expect([world.extended, RECORDS()]).toEqual([[], BOUGHT]);
  });

  test('nor where the history has it only at the second look', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    const extension = { ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0' }), Status: 'Active' };
    world.before = (step, count) => { if (step === 'extensions' && count === 2) { world.extensions = [extension]; } };
    expect((await world.extend({ Attempt: '2' })).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
    expect([world.extended, RECORDS()]).toEqual([[], BOUGHT]);
  });

  test('a request that was just sent is waited for, whatever became of the payment of its offering', async () => {
    record(ONE, 1, { sent: 'SENT' });
    world.extensions = [{ ...extensionOffering({ TrainingPlanExtensionOfferingId: 'tpeo-0' }), Status: 'Failed' }];
    expect((await world.extend({ Attempt: '2' })).Failure).toMatch(/^OUTCOME UNKNOWN: .* may have been bought for 40000\.00 USD;/);
    expect([world.extended, RECORDS()]).toEqual([[], '1 INTENT, 1/sent SENT']);
  });
});

describe('a late or second delivery', () => {
  beforeEach(() => { world.status = 'CREATE_COMPLETE'; });

  test('repeats its own success', async () => {
    const event = world.events.create(EXTENSION_PROPERTIES);
    record(ONE, 60, { request: event.RequestId, sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect((await world.onExtend(event)).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: '' });
    expect(called('describe')).toBe(0);
  });

  test('finds that of another', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    world.prolong('tpeo-1');
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' });
    expect(world.extended).toEqual([]);
  });
});

describe('an answer to the request', () => {
  test.each([
    ['a reset', () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a 500', () => sdkError('InternalFailure', 500)],
    ['a conflict', () => sdkError('ResourceInUse', 400)],
  ])('that is %s is not followed by another request: what was accepted is found', async (what, error) => {
    world.acceptExtension = id => {
      world.before = (step, count) => { if (step === 'extensions' && count === 6) { world.prolong(id); } };
      throw error();
    };
    expect((await world.extend()).Data).toEqual({ TrainingPlanExtensionOfferingId: 'tpeo-1', Notice: '' });
    expect(world.extended).toEqual(['tpeo-1']);
    expect(RECORDS()).toBe(what === 'a conflict' ? '1 INTENT, 1/sent SENT' : BOUGHT);
  });

  test('that is none, where the history never has it, leaves it unknown', async () => {
    world.acceptExtension = () => { throw sdkError('InternalFailure', 500); };
    expect((await world.extend()).Failure).toContain(UNSAID);
    expect([world.extended, RECORDS()]).toEqual([['tpeo-1'], '1 INTENT, 1/sent SENT']);
  });

  test('that does not say what was bought is none', async () => {
    world.acceptExtension = () => '';
    expect((await world.extend()).Failure).toContain(UNSAID);
  });

  test('that refuses is told', async () => {
    world.acceptExtension = () => { throw sdkError('ValidationException', 400, 'no'); };
    const { Failure } = await world.extend();
    expect(Failure).toBe('NOTHING BOUGHT: ExtendTrainingPlan was refused: ValidationException: no '
      + '(offering tpeo-1: 2026-12-15T11:30:00Z to 2026-12-22T11:30:00Z, 168 hours in us-east-1a, 50000.00 USD)');
    expect(JSON.parse(world.records.get(`${ONE}/outcome`)!)).toMatchObject({ kind: 'REJECTED', code: 'ValidationException', message: 'no', goesOn: false });
    expect(written.at(-1)).toMatchObject({ step: 'done', status: 'FAILED', code: 'ValidationException', reason: Failure });
  });

  test('that refuses, and that the ledger could not be told, needs a person', async () => {
    world.acceptExtension = () => { throw sdkError('ValidationException', 400, 'no'); };
    world.before = (step, count) => { if (step === 'put' && count > 2) { throw sdkError('InternalFailure', 500); } };
    expect((await world.extend()).Failure)
      .toContain(`${UNKNOWN} ExtendTrainingPlan was refused: ValidationException: no; the ledger could not be told at once: raise \`attempt\` where ${ONE}/outcome is not there`);
  });

  test.each([['ThrottlingException', 4, 3 * 20_000 + 4 * 35_000], ['ResourceNotFound', 3, 3 * 35_000]])('%s is followed by others, %d in all', async (code, requests, waited) => {
    world.acceptExtension = () => { throw sdkError(code, 400, 'no'); };
    expect((await world.extend()).Failure).toMatch(new RegExp(`^NOTHING BOUGHT: ExtendTrainingPlan was refused: ${code}: no`));
    expect([world.extended.length, world.time - Date.parse('2026-11-22T06:00:00Z')]).toEqual([requests, waited]);
    const goesOn = Array.from({ length: requests }, (_, index) => (JSON.parse(world.records.get(`${EXTENSION_LEDGER}/${index + 1}/outcome`)!) as { goesOn: boolean }).goesOn);
    expect(goesOn).toEqual([...goesOn.slice(1).fill(true), false]);
  });

  test('that the ledger could not be told of is a success nevertheless', async () => {
    world.before = (step, count) => { if (step === 'put' && count > 2) { throw sdkError('InternalFailure', 500); } };
    expect((await world.extend()).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-1' });
    expect(RECORDS()).toBe('1 INTENT, 1/sent SENT');
  });
});

describe('a service that is silent', () => {
  test('at the end of the poll leaves the time to say what became of the money', async () => {
    world.acceptExtension = () => {
      world.before = step => { if (step === 'describe') { world.time += 15 * MINUTE; } };
      throw sdkError('InternalFailure', 500);
    };
    expect((await world.extend()).Failure).toContain(UNSAID);
    expect(world.time - Date.parse('2026-11-22T06:00:00Z')).toBeLessThanOrEqual(11 * MINUTE);
  });

  test('when what was bought is written down does not take the answer with it', async () => {
    world.before = (step, count) => { if (step === 'put' && count > 2) { world.time += 15 * MINUTE; } };
    expect((await world.extend()).Data).toMatchObject({ TrainingPlanExtensionOfferingId: 'tpeo-1' });
    expect(world.time - Date.parse('2026-11-22T06:00:00Z')).toBeLessThanOrEqual(11.75 * MINUTE);
  });
});

describe('an update', () => {
  const update = (now: object, old: object = {}) =>
    world.events.update(EXTENSION_ID, { ...EXTENSION_PROPERTIES, ...now }, { ...EXTENSION_PROPERTIES, ...old });

  test('of the cap buys nothing and says so', async () => {
    record(ONE, 60, { sent: 'SENT', outcome: { kind: 'BOUGHT' } });
    expect(await world.onExtend(update({ MaxUpfrontFee: { Amount: '1', CurrencyCode: 'USD' } }))).toMatchObject({
      PhysicalResourceId: EXTENSION_ID,
      Data: { TrainingPlanExtensionOfferingId: 'tpeo-0', Notice: 'This update extended nothing: the cap has no effect after the extension.' },
    });
    expect(new Set(world.calls)).toEqual(new Set(['readAll']));
  });

  test('of what the ledger does not have says of no offering that it was bought', async () => {
    expect((await world.onExtend(update({ MaxUpfrontFee: { Amount: '1', CurrencyCode: 'USD' } }))).Data).toEqual({
      TrainingPlanExtensionOfferingId: '', Notice: 'This update extended nothing: the cap has no effect after the extension.',
    });
  });

  test.each([{ ExtendTo: '2026-12-29T11:30:00Z' }, { Attempt: '2' }, { TrainingPlanName: 'other' }])('of %j is refused', async changes => {
    expect(await world.onExtend(update(changes))).toMatchObject({
      PhysicalResourceId: EXTENSION_ID, Failure: 'NOTHING BOUGHT: plan, end and attempt of an extension can\'t be changed: another one is another resource',
    });
    expect(written.at(-1)).toMatchObject({ step: 'done', code: 'OtherExtension' });
    expect(world.extended).toEqual([]);
  });
});
