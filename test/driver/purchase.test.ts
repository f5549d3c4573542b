import type { FaultKind, PlannedFault } from './purchase/faults';
import { ARN, CRITERIA, day, market, NAME, offering, purchase } from './purchase/plans';
import { schedule, strangersPlan, type Setup } from './purchase/schedule';
import type { Result } from './purchase/stack';
import type { Outcome } from './purchase/stage';
import { HOUR, MINUTE, SECOND, START } from './purchase/world';
import { OWNER_TAG, PURCHASE_FIELDS, type PurchaseProperties } from '../../src/private/contracts/training-plan';

jest.mock('../../lambda/shared/logger');

/** The schedules that a purchase must survive, by name. `schedule` looks for broken invariants and deploys again in the end. */

const UNSEEN: Setup = { behaviour: { invisible: 5 * MINUTE } };
const CREATE = 'CreateTrainingPlan@sent';

const at = (point: string, kind: FaultKind, nth: PlannedFault['nth'] = 1): PlannedFault => ({ point, kind, nth });

/** Deploys once; `then` is how often the plan was bought before the schedule was put right. */
async function deployed(setup: Setup, asked = purchase()): Promise<Outcome<Result> & { readonly then: number }> {
  let then = 0;
  const outcome = await schedule(setup, async (deploy, world) => {
    const result = await deploy().create(asked);
    then = world.plans.bought(NAME);
    return result;
  }, asked);
  return { ...outcome, then };
}

describe('without faults', () => {
  test.each(['A', 'B'] as const)('buys what is asked for, once, in world %s', async world => {
    const behaviour = { world, pending: 3 * MINUTE, invisible: 20 * SECOND };
    const { result, broken, then, world: { plans } } = await deployed({ behaviour });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(then).toBe(1);
    expect(plans.purchases[0]).toMatchObject({ name: NAME, fee: '100000.00' });
    expect(result.answer!.PhysicalResourceId).toBe(ARN);
    expect(Object.keys(result.answer!.Data!).sort()).toEqual([...PURCHASE_FIELDS]);
    expect(result.answer!.Data).toMatchObject({ Status: 'Scheduled', UpfrontFee: '100000.00', CurrencyCode: 'USD', TrainingPlanArn: ARN });
  });

  test('deploying again finds the plan, with the same attributes', async () => {
    const { result: [first, second], broken } = await schedule({}, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(second.answer!.Data).toEqual(first.answer!.Data);
  });
});

describe('duplicates of an event', () => {
  test.each([1, 20, 55])('%d minutes later repeat the answer', async minutes => {
    const { broken, world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(purchase());
      stack.again(stack.sent[0], minutes * MINUTE);
    });
    expect(broken).toEqual([]);
    const [first, second] = world.answers;
    expect(second).toMatchObject({ RequestId: first.RequestId, Status: 'SUCCESS', PhysicalResourceId: ARN, Data: first.Data });
  });

  test.each([0, 1, 5, 60, 600])('%d seconds later buy nothing of their own', async seconds => {
    const { broken, world } = await schedule({ seed: seconds, ...UNSEEN }, async deploy => {
      const stack = deploy();
      const created = stack.create(purchase());
      stack.again(stack.sent[0], seconds * SECOND);
      return created;
    });
    expect(broken).toEqual([]);
    expect(world.plans.bought(NAME)).toBe(1);
  });
});

describe('a run that dies', () => {
  test.each([
    'DescribeStackResource@observe', 'DescribeTrainingPlan@observe', 'GetParametersByPath@observe', 'SearchTrainingPlanOfferings@observe',
    'put-intent@observe',
  ])('before it has claimed anything, at %s, leaves nothing behind', async point => {
    const { broken, result, then } = await deployed({ faults: [at(point, 'die')] });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_FAILED');
    expect(then).toBe(0);
  });

  test.each<[string, FaultKind]>([
    ['put-intent@observe', 'die-after'], ['DescribeStackResource@claimed', 'die'], ['DescribeTrainingPlan@claimed', 'die'], ['put-sent@claimed', 'die'],
  ])('between its claim and its request, at %s (%s), is followed after the grace by another that buys', async (point, kind) => {
    const { broken, result: [died, soon], world } = await schedule({ faults: [at(point, kind)] }, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect([died.status, soon.status]).toEqual(['CREATE_FAILED', 'CREATE_FAILED']);
    expect(soon.reason).toMatch(/^OUTCOME UNKNOWN: .*; another deployment .*deploy again after 20 minutes/);
    expect(world.plans.bought(NAME)).toBe(1); // by the deployment past the grace
  });

  test.each<[string, FaultKind, number]>([
    ['put-sent@claimed', 'die-after', 0], [CREATE, 'die', 0], [CREATE, 'die-after', 1], ['put-outcome@after', 'die', 1], ['put-outcome@after', 'die-after', 1],
  ])('in its request, at %s (%s), is never repeated: bought %d', async (point, kind, times) => {
    const { broken, result, then } = await deployed({ faults: [at(point, kind)], behaviour: { world: 'B' } });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_FAILED');
    expect(then).toBe(times);
  });

  test('silently in its request is called again by the framework, and finds its plan', async () => {
    const { broken, result, then } = await deployed({ faults: [at(CREATE, 'vanish-after')], ...UNSEEN });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(then).toBe(1);
  });

  test('while it waits is followed by another', async () => {
    const { broken, result, then } = await deployed({ faults: [at('DescribeTrainingPlan@wait', 'vanish-after')], behaviour: { pending: 5 * MINUTE } });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(then).toBe(1);
  });
});

describe('a request that was accepted', () => {
  const LOST: FaultKind[] = ['reset-after', 'error-after', 'silence-after', 'garbage', 'ghost'];

  test.each(LOST)('and whose answer is lost (%s) is not repeated: its plan is found', async kind => {
    const { broken, result, world } = await deployed({ faults: [at(CREATE, kind)], behaviour: { world: 'B', invisible: 2 * MINUTE } });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(world.buyings).toHaveLength(1);
  });

  test.each([0, 1, 5, 9, 12, 20, 30].flatMap(minutes => (['A', 'B'] as const).map(world => [minutes, world] as const)))(
    'and stays invisible for %d minutes in world %s is not repeated', async (minutes, world) => {
      const outcome = await deployed({ faults: [at(CREATE, 'reset-after')], behaviour: { world, invisible: minutes * MINUTE } });
      expect(outcome.broken).toEqual([]);
      expect(outcome.world.buyings).toHaveLength(1);
      if (minutes < 10) {
        expect(outcome.result.status).toBe('CREATE_COMPLETE');
      } else {
        expect(outcome.result.reason).toMatch(/^OUTCOME UNKNOWN: .*training-plan\/llm-2026-q1 may have been bought for 100000.00 USD/);
      }
    });

  test('and answered, but invisible, is bought and kept', async () => {
    const { broken, result } = await deployed({ behaviour: { world: 'B', invisible: 15 * MINUTE } });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE'); // the one that waits has 50 minutes
  });

  test.each([0, 12, 25, 29])('and still invisible is not bought again by a deployment %d minutes later', async minutes => {
    const setup: Setup = { faults: [at(CREATE, 'die-after')], behaviour: { world: 'B', invisible: 45 * MINUTE } };
    const { broken, world: { buyings }, result } = await schedule(setup, async (deploy, inside) => {
      await deploy(0).create(purchase());
      await inside.pass(minutes * MINUTE);
      return deploy(1).create(purchase());
    });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_FAILED');
    expect(buyings).toHaveLength(1);
  });

  test.each([0, 1, 5, 15])('has tags that come %d minutes later', async minutes => {
    const { broken, result } = await deployed({ faults: [at(CREATE, 'reset-after')], behaviour: { tagsLag: minutes * MINUTE } });
    expect(broken).toEqual([]);
    expect(result.status).toBe(minutes < 10 ? 'CREATE_COMPLETE' : 'CREATE_FAILED');
  });
});

describe('CloudFormation', () => {
  test.each([0, 25])('gives up on a Create, deletes, and deploys again after %d minutes', async minutes => {
    const { broken, result: [lost, again], world } = await schedule({ faults: [at('framework.answer', 'die', 'every')] }, async (deploy, inside) => {
      const first = await deploy(0, { deletionPolicy: 'delete' }).create(purchase());
      inside.faults.clear();
      await inside.pass(minutes * MINUTE);
      return [first, await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(lost.reason).toMatch(/did not receive a response/);
    expect(again.status).toBe('CREATE_COMPLETE');
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test.each<[string, FaultKind, number]>([
    ['DescribeTrainingPlan@observe', 'stack-deleted', 0], ['put-intent@observe', 'stack-deleted', 0], ['DescribeTrainingPlan@claimed', 'stack-deleted', 0],
    ['DescribeStackResource@claimed', 'stack-deleted', 0], [CREATE, 'stack-deleted', 1], ['put-outcome@after', 'stack-deleted', 1],
  ])('deletes the stack at %s', async (point, kind, times) => {
    let then = 0;
    const { broken } = await schedule({ faults: [at(point, kind)], seed: 1 }, async (deploy, world) => {
      await deploy(0, { deletionPolicy: 'delete' }).create(purchase());
      then = world.plans.bought(NAME);
    });
    expect(broken).toEqual([]);
    expect(then).toBe(times); // once nothing is looked at any more, it is bought
  });

  test.each([1, 5])('delivers an event %d hours late, which buys nothing', async hours => {
    let then = 0;
    const { broken, world } = await schedule({}, async (deploy, inside) => {
      const result = await deploy().create(purchase(), { delay: hours * HOUR + MINUTE });
      await inside.pass(hours * HOUR);
      then = inside.buyings.length;
      return result;
    });
    expect(broken).toEqual([]);
    expect(then).toBe(0);
    expect(world.answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^NOTHING BOUGHT: late delivery, this request buys nothing/) });
  });

  test.each(['retain', 'delete'] as const)('fails elsewhere after the purchase, deletes the stack (%s) and deploys again, also nested', async deletionPolicy => {
    const { broken, result, world } = await schedule({}, async (deploy, inside) => {
      const first = deploy(0, { deletionPolicy });
      await first.create(purchase());
      await first.delete();
      await inside.pass(MINUTE);
      const nested = await deploy(0, { stackName: 'Capacity-Nested-1A2B3C', deletionPolicy }).create(purchase());
      return [nested, await deploy(0, { stackName: 'Capacity-Nested-9Z8Y7X', deletionPolicy }).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(result.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test('has rollback disabled and sends a second Create without a Delete', async () => {
    const { broken, result: [first, second], world } = await schedule({ faults: [at(CREATE, 'reset-after')], behaviour: { invisible: 11 * MINUTE } }, async deploy => {
      const stack = deploy();
      return [await stack.create(purchase(), { rollback: false }), await stack.create(purchase())];
    });
    expect(broken).toEqual([]);
    expect([first.status, second.status]).toEqual(['CREATE_FAILED', 'CREATE_COMPLETE']);
    expect(world.buyings).toHaveLength(1);
  });

  test('rolls a refused update back', async () => {
    const { broken, result, world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(purchase());
      const more = await stack.update(purchase({ Offering: { ...CRITERIA, InstanceCount: '8' } }));
      return [more, await stack.update(purchase({ TrainingPlanName: 'another' }))];
    });
    expect(broken).toEqual([]);
    expect(result.map(({ status }) => status)).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(result[0].reason).toMatch(/^PLAN BOUGHT AND KEPT: .*can't be changed/);
    expect(result[1].reason).toMatch(/^PLAN BOUGHT AND KEPT: .*can't get another name/);
    expect(world.buyings).toHaveLength(1);
  });

  test('rolls an update back that changes only how to choose, which buys nothing and says so', async () => {
    const changed = purchase({ Offering: { ...CRITERIA, DurationHours: ['24'], Selection: 'LONGEST' }, MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } });
    const { broken, result: [back, done], world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(purchase());
      return [await stack.update(changed, { failLater: true }), await stack.update(changed)];
    });
    expect(broken).toEqual([]);
    expect([back.status, done.status]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE']);
    expect(done.answer!.Data!.Notice).toMatch(/bought nothing/);
    expect(world.buyings).toHaveLength(1);
  });

  test('updates tags, and those of the library stay', async () => {
    const { broken, world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(purchase({ Tags: { team: 'research', cost: '1' } }));
      await stack.update(purchase({ Tags: { 'team': 'vision', 'cdk-hpc-clusters:owner': 'me' } }));
    }, purchase({ Tags: { team: 'vision' } }));
    expect(broken).toEqual([]);
    const [{ tags }] = world.plans.purchases;
    expect(Object.fromEntries(tags)).toMatchObject({ team: 'vision', [OWNER_TAG]: 'Capacity/Reserve' });
    expect(tags.has('cost')).toBe(false);
  });

  test('updates after the plan was extended', async () => {
    const { broken, result } = await schedule({}, async (deploy, world) => {
      const stack = deploy();
      await stack.create(purchase());
      const extension = { TrainingPlanExtensionOfferingId: 'e', StartDate: day(26), EndDate: day(33), DurationHours: 168 };
      world.plans.purchases[0].extensions.push({ offering: extension, at: world.now(), behaviour: world.plans.behaviour });
      return stack.update(purchase({ Tags: { team: 'research' } }));
    });
    expect(broken).toEqual([]);
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(result.answer!.Data!.EndTime).toBe(day(33));
  });

  test('moves the logical id', async () => {
    const { broken, result: [moved, removed], world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(purchase());
      const other = await deploy(0, { logicalId: 'Moved1234' }).create(purchase());
      return [other, await stack.delete()];
    });
    expect(broken).toEqual([]);
    expect([moved.status, removed.status]).toEqual(['CREATE_COMPLETE', 'DELETE_SKIPPED']);
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test('loses an answer and hears nothing else', async () => {
    const { broken, result, world } = await schedule({ faults: [1, 2, 3, 4, 5, 6].map(nth => at('framework.answer', 'error', nth)) }, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(result[1].status).toBe('CREATE_COMPLETE');
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test('hears an answer twice whose first delivery was not confirmed', async () => {
    const { broken, result } = await deployed({ faults: [at('framework.answer', 'error-after')] });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
  });
});

describe('two stacks', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of one owner with one name at one moment buy once (%d)', async seed => {
    const { broken, world } = await schedule({ seed, behaviour: { world: 'B', invisible: 3 * MINUTE } }, async deploy => {
      return Promise.all([deploy(1).create(purchase()), deploy(2).create(purchase())]);
    });
    expect(broken).toEqual([]);
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test.each([1, 2, 3, 4])('of two owners with one name: one gets it, the other is told (%d)', async seed => {
    const { broken, result } = await schedule({ seed, ...UNSEEN }, async deploy => Promise.all([
      deploy(1).create(purchase()), deploy(2, { stackName: 'Other' }).create(purchase({ OwnershipKey: 'Other/Reserve' })),
    ]));
    expect(broken).toEqual([]);
    expect(result.map(({ status }) => status).sort()).toEqual(['CREATE_COMPLETE', 'CREATE_FAILED']);
    expect(result.find(({ status }) => status === 'CREATE_FAILED')!.reason).toMatch(/the name is taken by "/);
  });
});

describe('the name', () => {
  test('is that of a plan of somebody else', async () => {
    const { broken, result } = await schedule({}, async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan());
      return deploy().create(purchase());
    });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/the name is taken by a plan/);
  });

  test('is that of a plan of somebody else, which is adopted', async () => {
    const asked = purchase({ AdoptExisting: 'true' });
    const { broken, result, world } = await schedule({}, async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan());
      return deploy().create(asked);
    }, asked);
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(world.buyings).toEqual([]);
  });

  test.each([0, 2, 8, 15])('is bought by somebody else at the same moment, whose plan comes up after %d minutes', async minutes => {
    const { broken, result, world } = await schedule({ faults: [at(CREATE, 'late')] }, async (deploy, inside) => {
      const created = deploy().create(purchase());
      await inside.pass(10 * SECOND);
      inside.plans.purchases.push({
        arn: ARN,
        name: NAME,
        offering: market()[1],
        fee: '100000.00',
        at: inside.now(),
        tags: new Map(),
        extensions: [],
        behaviour: { ...inside.plans.behaviour, invisible: minutes * MINUTE },
      });
      return created;
    });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_FAILED');
    expect(world.plans.bought(NAME)).toBe(1); // not ours
  });

  test('is that of a plan that ended', async () => {
    const { broken, result } = await schedule({}, async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan({ Status: 'Expired' }));
      plans.planTags.set(NAME, new Map([[OWNER_TAG, 'Capacity/Reserve']]));
      return deploy().create(purchase());
    });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/ended at .*choose a new name/);
  });

  test('is that of a plan with another number of instances', async () => {
    const { broken, result, world } = await schedule({}, async deploy => {
      await deploy(0).create(purchase());
      return deploy(1).create(purchase({ Offering: { ...CRITERIA, InstanceCount: '8' } }));
    });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^PLAN BOUGHT AND KEPT: .*the plan is not what is asked for/);
    expect(world.buyings).toHaveLength(1);
  });

  test('is said to be taken although there is no plan', async () => {
    const { broken, result, world } = await schedule({ behaviour: { world: 'C' } }, async deploy => {
      return [await deploy(0).create(purchase()), await deploy(1).create(purchase())];
    });
    expect(broken).toEqual([]);
    expect(result.map(({ status }) => status)).toEqual(['CREATE_FAILED', 'CREATE_FAILED']);
    expect(world.plans.bought(NAME)).toBe(0);
  });
});

describe('the payment', () => {
  test('fails', async () => {
    const { broken, result } = await deployed({ behaviour: { pending: 4 * MINUTE, paymentFails: true } });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^PLAN BOUGHT AND KEPT: arn:.*, 100000.00 USD.*payment for this training plan failed/);
  });

  test('takes longer than a deployment', async () => {
    const { broken, result } = await deployed({ behaviour: { pending: 75 * MINUTE } });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^PLAN BOUGHT AND KEPT: .*deploying again adopts it/);
  });
});

describe('the offering', () => {
  const soon = START + 2 * SECOND;

  test('is gone when it is bought: another one is', async () => {
    const offerings = market().map(each => ({ ...each, goneAt: each.UpfrontFee === '100000.00' ? soon : undefined }));
    const { broken, result, world } = await deployed({ offerings, faults: [at(CREATE, 'late')] });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(result.answer!.Data!.UpfrontFee).toBe('110000.50');
    expect(world.buyings.map(({ accepted }) => accepted)).toEqual([false, true]);
  });

  test('is always gone: nothing is bought', async () => {
    const faults = [1, 2, 3, 4].map(nth => at(CREATE, 'late', nth));
    const offerings = ['1', '2', '3', '4'].map((UpfrontFee, index) => offering(UpfrontFee, { UpfrontFee, goneAt: soon + index * 40 * SECOND }));
    const { broken, result, then } = await deployed({ offerings, faults });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT: .*ResourceNotFound/);
    expect(then).toBe(0);
  });

  test('is dearer when it is bought than when it was found', async () => {
    const offerings = [offering('a', { repriced: { at: soon, UpfrontFee: '130000.00' } })];
    const { broken, result, then } = await deployed({ offerings, faults: [at(CREATE, 'late')] });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^PLAN BOUGHT AND KEPT: .*130000.00 USD/);
    expect(then).toBe(1);
  });

  test('has a fee above the cap', async () => {
    const { broken, result, world } = await deployed({ offerings: [offering('a', { UpfrontFee: '120000.01' })] });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT: .*120000\.01/);
    expect(world.buyings.filter(({ at: when }) => when < START + HOUR / 2)).toEqual([]);
  });
});

describe('services that fail', () => {
  const READS = [
    'DescribeStackResource@observe', 'DescribeTrainingPlan@observe', 'GetParametersByPath@observe', 'SearchTrainingPlanOfferings@observe',
    'DescribeStackResource@claimed', 'DescribeTrainingPlan@claimed', 'DescribeTrainingPlan@wait',
  ];

  test.each(READS.flatMap(point => (['throttle', 'denied', 'silence'] as const).map(kind => [point, kind] as const)))('%s: %s', async (point, kind) => {
    const { broken } = await deployed({ faults: [at(point, kind)] });
    expect(broken).toEqual([]);
  });

  test('a denied read of the stack buys nothing', async () => {
    const faults = [at('DescribeStackResource@observe', 'denied', 'every')];
    const { broken, result, then } = await deployed({ faults });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT: DescribeStackResource failed: AccessDeniedException/);
    expect(then).toBe(0);
  });

  test('throttling of the purchase is followed by another request', async () => {
    const { broken, result, world } = await deployed({ faults: [at(CREATE, 'throttle'), at(CREATE, 'throttle', 2)] });
    expect(broken).toEqual([]);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(world.plans.bought(NAME)).toBe(1);
  });

  test.each(['put-intent@observe', 'put-sent@claimed', 'put-outcome@after'].flatMap(point => (['reset-after', 'again', 'ghost'] as const).map(kind => [point, kind] as const)))(
    'a record is written and its answer is lost: %s, %s', async (point, kind) => {
      const { broken, result } = await deployed({ faults: [at(point, kind)] });
      expect(broken).toEqual([]);
      expect(result.status).toBe('CREATE_COMPLETE');
    });

  test.each(['reset', 'denied'] as const)('the ledger is unreadable: %s', async kind => {
    const faults = [at('GetParametersByPath@observe', kind, 'every')];
    const { broken, result, then } = await deployed({ faults });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^OUTCOME UNKNOWN: .*; GetParametersByPath failed/);
    expect(then).toBe(0);
  });
});

describe('the properties', () => {
  test.each([{ Account: '999988887777' }, { Region: 'eu-west-1' }])('name another place: %j', async more => {
    const { result, world: { buyings, answers } } = await schedule({}, async deploy => deploy().create(purchase(more)));
    expect(result.reason).toMatch(/^NOTHING BOUGHT: the plan is to be bought in account/);
    expect(answers[0].PhysicalResourceId).toBe(ARN);
    expect(buyings.filter(({ at: when }) => when < START + MINUTE)).toEqual([]);
  });

  test('are of an older shape', async () => {
    const { Attempt: _, AdoptExisting: __, ...older } = purchase();
    const former = { ...older, Offering: { ...CRITERIA, DurationHours: '336,168' } } as unknown as PurchaseProperties;
    const { broken, result: [created, updated], world } = await schedule({}, async deploy => {
      const stack = deploy();
      return [await stack.create(former), await stack.update(purchase(), { failLater: true })];
    });
    expect(broken).toEqual([]);
    expect([created.status, updated.status]).toEqual(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(world.buyings).toHaveLength(1);
  });

  test('raise the attempt when the outcome of the first is unknown', async () => {
    const { broken, result, world } = await schedule({ faults: [at(CREATE, 'die')] }, async (deploy, inside) => {
      await deploy(0).create(purchase());
      await inside.pass(30 * MINUTE);
      const again = await deploy(1).create(purchase());
      return [again, await deploy(2, { logicalId: 'Reserve7F1E2A30BUY2' }).create(purchase({ Attempt: '2' }))];
    }, purchase({ Attempt: '2' }));
    expect(broken).toEqual([]);
    expect(result[0].reason).toMatch(/^OUTCOME UNKNOWN: .*raise `attempt`/);
    expect(result[1].status).toBe('CREATE_COMPLETE');
    expect(world.plans.bought(NAME)).toBe(1);
  });
});
