import { accepted as extended, extension, schedule as extensionSchedule } from './purchase/extensions';
import type { FaultKind, PlannedFault } from './purchase/faults';
import { sdkError } from './purchase/faults';
import { CRITERIA, day, NAME, offering, purchase } from './purchase/plans';
import { playRandom } from './purchase/random-purchases';
import { schedule, strangersPlan, type Setup } from './purchase/schedule';
import { HOUR, MINUTE, SECOND, START, type Mutation } from './purchase/world';
import { EXTENSION_RESOURCE_TYPE, OWNER_TAG, PURCHASE_RESOURCE_TYPE } from '../../src/private/contracts/training-plan';

jest.mock('../../lambda/shared/logger');

/*
 * What answers say of the money, by name. `schedule` compares the first words of each answer with the truth of the account, and so do
 * all other schedules.
 */

const CREATE = 'CreateTrainingPlan@sent';
const FRESH = 'DescribeStackResource@observe';
const at = (point: string, kind: FaultKind, nth: PlannedFault['nth'] = 1): PlannedFault => ({ point, kind, nth });
const UNSEEN = { world: 'B', invisible: 35 * MINUTE } as const;
const LOOK = /To see what happened: aws ssm get-parameters-by-path --recursive --path \/cdk-hpc-clusters\/training-plan\/llm-2026-q1 --region us-east-1; aws sagemaker describe-training-plan --training-plan-name llm-2026-q1 --region us-east-1; aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateTrainingPlan/;

describe('nothing bought', () => {
  test('is not said by a second delivery that finds no offering, since the first has bought the last one', async () => {
    const setup = { offerings: [offering('last', { goneAt: START + 10 * SECOND })], faults: [at('SearchTrainingPlanOfferings@observe', 'late', 2)] };
    const { broken, then, world } = await schedule(setup, async deploy => {
      const stack = deploy();
      const created = stack.create(purchase());
      stack.again(stack.sent[0], 0);
      return created;
    });
    expect([broken, then]).toEqual([[], 1]);
    expect(world.answers.slice(0, 2).map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('is not said while CloudFormation can not be asked, after a run that died in its request', async () => {
    const down = Array.from({ length: 15 }, (_, index) => at(FRESH, 'error', index + 2));
    const { broken, result } = await schedule({ behaviour: UNSEEN, faults: [at(CREATE, 'vanish-after'), ...down] }, async deploy => deploy().create(purchase()));
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^OUTCOME UNKNOWN: .* may have been bought for 100000\.00 USD; .*\/llm-2026-q1\/1\); DescribeStackResource failed/);
    expect(result.reason).toMatch(LOOK);
  });

  test('is not said of a request that comes late, after a run that died in its request', async () => {
    const { broken, world } = await schedule({ behaviour: UNSEEN, faults: [at(CREATE, 'vanish-after')] }, async (deploy, inside) => {
      const stack = deploy();
      const created = stack.create(purchase());
      await inside.pass(SECOND / 2); // before the framework calls again
      stack.abandon();
      return created;
    });
    expect(broken).toEqual([]);
    expect(world.answers[0].Reason).toMatch(/^OUTCOME UNKNOWN: .*; late delivery/);
  });

  test.each<[string, Setup['faults']]>([
    ['unreadable', [at('GetParametersByPath@observe', 'denied', 'every')]],
    ['unwritable', [at('put-intent@observe', 'denied', 'every')]],
  ])('is not said where the ledger is %s', async (_what, faults) => {
    const { broken, result } = await schedule({ faults, offerings: [] }, async deploy => deploy().create(purchase()));
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^OUTCOME UNKNOWN: /);
  });

  test.each([1, 2, 3, 4])('is not said by a twin whose reads of the ledger are stale, since the other has bought the last offering (%d)', async seed => {
    const setup: Setup = {
      seed,
      ledgerLag: 30 * SECOND,
      behaviour: { invisible: MINUTE },
      offerings: [offering('last', { goneAt: START + 34 * SECOND })],
      faults: [at('SearchTrainingPlanOfferings@observe', 'late', 2)],
    };
    const { broken, then } = await schedule(setup, async (deploy, world) => {
      const first = deploy(1).create(purchase());
      await world.pass(5 * SECOND);
      return Promise.all([first, deploy(2).create(purchase())]);
    });
    expect([broken, then]).toEqual([[], 1]);
  });

  test('is said with a number of the ledger, and holds others of its owner off until the answer has come', async () => {
    const { broken, result: [none, bought], world } = await schedule({ offerings: [] }, async (deploy, inside) => {
      const first = deploy(1).create(purchase());
      await inside.pass(SECOND);
      inside.plans.offerings.push(offering('a'));
      return Promise.all([first, deploy(2).create(purchase())]);
    });
    expect(broken).toEqual([]);
    expect(none.reason).toMatch(/^NOTHING BOUGHT: no offering qualifies/);
    expect(bought.status).toBe('CREATE_COMPLETE');
    expect(world.buyings[0].at - START).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(world.parameters.values.get(`/cdk-hpc-clusters/training-plan/${NAME}/1`)).toContain('"CLOSED"');
  });
});

describe('whose a plan is', () => {
  test('is unknown, and not that of others, while the tags of a plan without an answer lag', async () => {
    const setup = { faults: [at(CREATE, 'reset-after')], behaviour: { tagsLag: HOUR } };
    const { broken, result } = await schedule(setup, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    for (const { reason } of result) {
      expect(reason).toMatch(/^OUTCOME UNKNOWN: .*its tags do not say that it is that of this owner/);
      expect(reason).not.toMatch(/another name|new name/);
    }
  });

  test('says the ledger, also to whoever may not read tags', async () => {
    const { broken, result } = await schedule({ faults: [at('ListTags@observe', 'denied', 'every')] }, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(result.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
  });

  test('is never a reason to buy under another name where it may be a former address of this construct', async () => {
    const { broken, result } = await schedule({}, async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan());
      plans.planTags.set(NAME, new Map([[OWNER_TAG, 'Capacity/Former']]));
      return deploy().create(purchase());
    });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/the name is taken by "Capacity\/Former": set `ownershipKey` to this .* a plan of another name is paid for besides/);
    expect(result.reason).not.toMatch(/choose another name/);
  });
});

describe('bought and kept', () => {
  test('is not said of a plan of somebody else that is adopted, and too dear', async () => {
    const asked = purchase({ AdoptExisting: 'true' });
    const { broken, result } = await schedule({}, async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan({ UpfrontFee: '999999.00' }));
      return deploy().create(asked);
    }, asked);
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT BY THIS DEPLOYMENT: .* is there, 999999\.00 USD; this is more than the cap/);
  });

  test('is said with the fee of the ledger, where the service has forgotten the plan', async () => {
    const { result } = await schedule({}, async (deploy, world) => {
      const stack = deploy();
      await stack.create(purchase());
      world.plans.purchases.length = 0;
      return stack.update(purchase({ Tags: { team: 'a' } }));
    });
    expect(result.reason).toMatch(/^PLAN BOUGHT AND KEPT: .*llm-2026-q1, 100000\.00 USD; the plan is not to be seen/);
  });

  test('is not said of an extension that nobody bought, and that can not be read any more', async () => {
    const asked = extension({ ExtendTo: day(26) });
    const faults = [at('DescribeTrainingPlanExtensionHistory@wait', 'error', 'every')];
    const { world: { lies }, result } = await extensionSchedule({ faults }, async deploy => deploy().create(asked), asked);
    expect(lies).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT BY THIS DEPLOYMENT: /);
  });
});

describe('the last look', () => {
  test('sees a stack that fails while a second delivery comes and the look is patient', async () => { // found after 14,972 random ones
    const { broken } = await playRandom({
      world: 'A',
      invisible: 0,
      tagsLag: 0,
      market: 'quiet',
      seed: 1652186263,
      pending: 0,
      paymentFails: false,
      delay: 0,
      duplicate: null,
      twin: false,
      rollback: false,
      policy: 'retain',
      ledgerLag: 0,
      steps: [{ step: 'deploy again', after: 1_260_000 }],
      faults: [at('put-sent@claimed', 'duplicate'), at('sleep@claimed', 'stack-deleted'), at('DescribeTrainingPlan@claimed', 'denied')],
    });
    expect(broken).toEqual([]);
  });

  test.each<[string, FaultKind]>([['DescribeTrainingPlan@claimed', 'denied'], ['put-sent@claimed', 'silence'], ['put-sent@claimed', 'silence-after']])(
    'sees a stack that fails while %s is patient (%s)', async (point, kind) => {
      const { broken, then } = await schedule({ faults: [at(point, kind)] }, async (deploy, world) => {
        const stack = deploy();
        const created = stack.create(purchase());
        await world.pass(SECOND);
        stack.abandon();
        return created;
      });
      expect([broken, then]).toEqual([[], 0]);
    });
});

test('a late delivery of a request does not fail where another delivery has found what its twin bought', async () => { // found after 13,922 random ones
  const { broken } = await playRandom({
    world: 'A',
    invisible: 0,
    tagsLag: 0,
    market: 'quiet',
    seed: 18,
    pending: 0,
    paymentFails: false,
    delay: 0,
    duplicate: 0,
    twin: true,
    rollback: true,
    policy: 'retain',
    ledgerLag: 0,
    steps: [{ step: 'deploy again', after: 1_260_000 }],
    faults: [at('DescribeTrainingPlan@observe', 'stack-deleted'), at('put-outcome@after', 'error')],
  });
  expect(broken).toEqual([]);
});

test('an update takes a plan for gone only after some looks', async () => {
  let looks = 0;
  const mutation: Mutation = {
    ports: (ports, event) => ({
      ...ports,
      reader: {
        ...ports.reader,
        describe: async name => {
          if (event.RequestType === 'Update' && ++looks === 1) { throw sdkError('ResourceNotFound', 'not found', 400); }
          return ports.reader.describe(name);
        },
      },
    }),
  };
  const { broken, result } = await schedule({ mutation }, async deploy => {
    const stack = deploy();
    await stack.create(purchase());
    return stack.update(purchase({ Tags: { team: 'a' } }));
  });
  expect([broken, result.status]).toEqual([[], 'UPDATE_COMPLETE']);
});

test.each(Array.from({ length: 12 }, (_, index) => index + 1))('two extensions do not begin at one end, however stale reads of the ledger are (%d)', async seed => {
  const setup = { seed, ledgerLag: 30 * SECOND, behaviour: { historyLag: 5 * MINUTE } };
  const { broken, then } = await extensionSchedule(setup, async deploy => Promise.all([
    deploy(0, { logicalId: 'First' }).create(extension()), deploy(0, { logicalId: 'Second' }).create(extension({ ExtendTo: day(40) })),
  ]));
  expect(broken).toEqual([]);
  expect(then).toBeLessThanOrEqual(1);
});

describe('an event that nobody but its writer has allowed', () => {
  const OTHER_TYPE = 'ml.p6-b300.48xlarge';
  /* What a forged event asks for is there, and within the limit that it names. */
  const MARKET = [
    offering('plain'),
    offering('large', { blocks: [{ InstanceCount: 64 }] }),
    offering('other', { blocks: [{ InstanceType: OTHER_TYPE }] }),
    offering('coins', { UpfrontFee: '1.00', CurrencyCode: 'BTC' }),
  ];

  test.each<[string, object, RegExp]>([
    ['a higher cap', { MaxUpfrontFee: { Amount: '9999999.00', CurrencyCode: 'USD' } }, /120000\.00 USD at most for llm-2026-q1, not 9999999\.00 USD/],
    ['another currency', { MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'BTC' } }, /not 1\.00 BTC/],
    ['more instances', { Offering: { ...CRITERIA, InstanceCount: '64' } }, /4 of them for llm-2026-q1, not 64/],
    ['another type', { Offering: { ...CRITERIA, InstanceType: OTHER_TYPE } }, /ml\.p5\.48xlarge for llm-2026-q1/],
    ['another name', { TrainingPlanName: 'mine' }, /nothing for mine/],
    ['another attempt', { Attempt: '99' }, /1 attempts for llm-2026-q1, not 99/],
  ])('buys nothing with %s', async (_what, changes, why) => {
    const { world } = await schedule({ offerings: MARKET }, async (deploy, inside) => {
      const stack = deploy();
      inside.configure(purchase());
      inside.stacks.set(stack.stackId, 'Reserve7F1E2A30BUY', { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE });
      inside.deliver(stack.events.create(purchase(changes)));
      await inside.pass(20 * MINUTE);
      expect(inside.buyings).toEqual([]);
    });
    expect(world.answers[0].Reason).toMatch(why);
  });

  test('buys nothing in the name of another resource that is being created', async () => {
    const { world } = await schedule({}, async (deploy, inside) => {
      const stack = deploy();
      inside.configure(purchase());
      inside.stacks.set(stack.stackId, 'Reserve7F1E2A30BUY', { status: 'CREATE_IN_PROGRESS', type: 'AWS::S3::Bucket' });
      inside.deliver(stack.events.create(purchase()));
      await inside.pass(20 * MINUTE);
      expect(inside.buyings).toEqual([]);
    });
    expect(world.answers[0].Reason).toContain(`is no ${PURCHASE_RESOURCE_TYPE}, so it buys nothing`);
  });

  test('extends nothing beyond what the function knows', async () => {
    const asked = extension({ MaxUpfrontFee: { Amount: '9999999.00', CurrencyCode: 'USD' } });
    await extensionSchedule({}, async (deploy, inside) => {
      const stack = deploy();
      inside.configure(extension());
      inside.stacks.set(stack.stackId, 'UntilFebruary6C0A5B1F', { status: 'CREATE_IN_PROGRESS', type: EXTENSION_RESOURCE_TYPE });
      inside.deliver(stack.events.create(asked));
      await inside.pass(20 * MINUTE);
      expect(extended(inside)).toEqual([]);
      expect(inside.answers[0].Reason).toMatch(/60000\.00 USD at most for llm-2026-q1\/20261225T113000Z/);
    });
  });
});

test('an event that comes again is the one that CloudFormation sent, without what the framework has put into it since', async () => {
  const { world } = await schedule({}, async (deploy, inside) => {
    const stack = deploy();
    inside.configure(purchase());
    inside.stacks.set(stack.stackId, 'Reserve7F1E2A30BUY', { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE });
    const event = stack.events.create(purchase());
    inside.deliver(event);
    inside.deliver({ ...event, Failure: 'OUTCOME UNKNOWN: of a run before' } as never, 2 * MINUTE);
    await inside.pass(20 * MINUTE);
  });
  expect(world.answers.slice(0, 2).map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
});
