import { accepted, extension, extensionOffering, idOf, PAST_GRACE, schedule, type Setup } from './purchase/extensions';
import type { FaultKind, PlannedFault } from './purchase/faults';
import { ARN, day, NAME } from './purchase/plans';
import type { Result } from './purchase/stack';
import type { Outcome } from './purchase/stage';
import { HOUR, MINUTE, SECOND } from './purchase/world';
import { EXTENSION_FIELDS } from '../../src/private/contracts/training-plan';

jest.mock('../../lambda/shared/logger');

/** The schedules that an extension must survive, by name. `schedule` looks for broken invariants and deploys again in the end. */

const EXTEND = 'ExtendTrainingPlan@sent';
const at = (point: string, kind: FaultKind, nth: PlannedFault['nth'] = 1): PlannedFault => ({ point, kind, nth });
const LATER = extension({ ExtendTo: day(40) });

async function deployed(setup: Setup, asked = extension()): Promise<Outcome<Result>> {
  return schedule(setup, async deploy => deploy().create(asked), asked);
}

describe('without faults', () => {
  test.each<Setup['behaviour']>([{}, { historyLag: 3 * MINUTE }, { pending: 5 * MINUTE }, { historyLag: 4 * MINUTE, pending: 8 * MINUTE }])('buys the cheapest to that end, once: %j', async behaviour => {
    const { result, broken, then, world } = await deployed({ behaviour });
    expect(broken).toEqual([]);
    expect([result.status, then]).toEqual(['CREATE_COMPLETE', 1]);
    expect(accepted(world)[0].offering.TrainingPlanExtensionOfferingId).toBe('tpeo-33');
    expect(result.answer!.PhysicalResourceId).toBe(idOf(extension()));
    expect(Object.keys(result.answer!.Data!).sort()).toEqual([...EXTENSION_FIELDS]);
    expect(result.answer!.Data).toMatchObject({
      EndTime: day(33),
      StartTime: day(26),
      Status: 'Scheduled',
      UpfrontFee: '50000.00',
      DurationHours: '168',
      TrainingPlanArn: ARN,
      Notice: `The plan ends at ${day(33)}.`,
    });
  });

  test('deploying again finds the extension, with the same attributes', async () => {
    const { result: [first, second], broken, then } = await schedule({}, async deploy => {
      return [await deploy(0).create(extension()), await deploy(1).create(extension())];
    });
    expect([broken, then]).toEqual([[], 1]);
    expect(second.answer!.Data).toEqual(first.answer!.Data);
  });

  test.each([day(26), day(25)])('a plan that ends there or later is a success, and nothing is bought: %s', async ExtendTo => {
    const { result, world } = await deployed({}, extension({ ExtendTo }));
    expect(result.answer!.Data).toMatchObject({ EndTime: day(26), Notice: `The plan ends at ${day(26)}: nothing was bought.`, UpfrontFee: '' });
    expect(world.extendings).toEqual([]);
  });

  test('an extension of an extension is bought once, and the first one is still there', async () => {
    const { result, broken, then } = await schedule({}, async deploy => {
      const first = await deploy(0, { logicalId: 'First' }).create(extension());
      const second = await deploy(0, { logicalId: 'Second' }).create(LATER);
      return [first, second, await deploy(1, { logicalId: 'First' }).create(extension())];
    }, LATER);
    expect([broken, then]).toEqual([[], 2]);
    expect(result.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_COMPLETE']);
    expect(result[2].answer!.Data).toMatchObject({ EndTime: day(40), UpfrontFee: '50000.00' });
  });
});

describe('what is not bought', () => {
  test.each<[string, Setup['offerings'], RegExp]>([
    ['above the cap', [extensionOffering(33, { UpfrontFee: '60000.01' })], /at most 60000.00 USD; there would be: tpeo-33: .* 60000.01 USD/],
    ['in another currency', [extensionOffering(33, { CurrencyCode: 'EUR' })], /there would be: tpeo-33: .* EUR/],
    ['without a fee that can be read', [extensionOffering(33, { UpfrontFee: '5e3' })], /5e3/],
    ['to another end', [extensionOffering(32), extensionOffering(34)], /to exactly .*; there would be: tpeo-32.*tpeo-34/],
    ['that is not offered', [], /none is offered: a plan can be extended from 56 days to one hour before its end/],
  ])('an extension %s', async (_what, offerings, why) => {
    const { result, then } = await deployed({ offerings });
    expect([result.status, then]).toEqual(['CREATE_FAILED', 0]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT: .*no extension qualifies of "llm-2026-q1"/);
    expect(result.reason).toMatch(why);
  });

  test.each<[string, object, RegExp]>([
    ['in another account', { Account: '444455556666' }, /but this stack is in account 111122223333/],
    ['of another plan than its ARN says', { TrainingPlanArn: `${ARN}x` }, /TrainingPlanArn must be/],
    ['of a plan that is not there', { TrainingPlanName: 'other', TrainingPlanArn: ARN.replace(NAME, 'other') }, /there is no training plan "other"/],
  ])('an extension %s', async (_what, more, why) => {
    const { result, then } = await schedule({}, async deploy => deploy().create(extension(more)));
    expect([result.status, then]).toEqual(['CREATE_FAILED', 0]);
    expect(result.reason).toMatch(why);
  });

  test('an extension whose event is an hour late', async () => {
    const { broken, then } = await schedule({}, async (deploy, world) => {
      await deploy().create(extension(), { delay: HOUR + MINUTE });
      await world.pass(HOUR);
    });
    expect([broken, then]).toEqual([[], 0]);
  });

  test('anything by an Update, or by its rollback', async () => {
    const { broken, result, then, world } = await schedule({}, async deploy => {
      const stack = deploy();
      await stack.create(extension());
      const cap = { MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } };
      return [await stack.update(extension(cap)), await stack.update(extension(), { failLater: true }), await stack.update(LATER)];
    });
    expect([broken, then]).toEqual([[], 1]);
    expect(result.map(({ status }) => status)).toEqual(['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(result[0].answer!.Data).toMatchObject({ Notice: expect.stringMatching(/^This update extended nothing/), EndTime: day(33) });
    expect(world.extendings).toHaveLength(1);
  });

  test('anything by a Delete', async () => {
    const { broken, then } = await schedule({}, async deploy => {
      const stack = deploy(0, { deletionPolicy: 'delete' });
      await stack.create(extension());
      return stack.delete();
    });
    expect([broken, then]).toEqual([[], 1]);
  });
});

describe('Extend killed after acceptance', () => {
  test.each<FaultKind>(['die-after', 'reset-after', 'error-after', 'silence-after', 'garbage', 'vanish-after', 'ghost'])('%s, and seen later, is never sent again', async kind => {
    const setup = { faults: [at(EXTEND, kind)], behaviour: { historyLag: 5 * MINUTE } };
    const { broken, then, world } = await schedule(setup, async (deploy, here) => {
      await deploy(0).create(extension());
      await here.pass(PAST_GRACE);
      return deploy(1).create(extension());
    });
    expect([broken, then, world.extendings.length]).toEqual([[], 1, 1]);
  });

  test.each<FaultKind>(['die-after', 'reset-after'])('%s, and invisible for long: deploying again fails, and only a raised attempt sends', async kind => {
    const setup = { faults: [at(EXTEND, kind)], behaviour: { historyLag: 10 * HOUR } };
    const { result: [, soon, late, raised], world } = await schedule(setup, async (deploy, here) => {
      const killed = await deploy(0).create(extension());
      const atOnce = await deploy(1).create(extension());
      await here.pass(PAST_GRACE);
      const afterGrace = await deploy(2).create(extension());
      const sent = here.extendings.length;
      expect(sent).toBe(1);
      here.plans.behave({ historyLag: 0 });
      return [killed, atOnce, afterGrace, await deploy(3).create(extension({ Attempt: '2' }))];
    });
    expect([soon.status, late.status, raised.status]).toEqual(['CREATE_FAILED', 'CREATE_FAILED', 'CREATE_COMPLETE']);
    expect(late.reason).toMatch(/^OUTCOME UNKNOWN: .*raise `attempt`/);
    expect(world.extendings).toHaveLength(2);
  });

  test('and the payment fails: only a raised attempt sends again', async () => {
    const setup = { behaviour: { pending: MINUTE, paymentFails: true } };
    const { result: [first, again, raised], world } = await schedule(setup, async (deploy, here) => {
      const unpaid = await deploy(0).create(extension());
      const same = await deploy(1).create(extension());
      here.plans.behave({ paymentFails: false });
      return [unpaid, same, await deploy(2).create(extension({ Attempt: '2' }))];
    });
    expect(first.reason).toMatch(/^EXTENSION BOUGHT AND KEPT: .*the extension has failed.*raise `attempt`/);
    expect(again.status).toBe('CREATE_FAILED');
    expect(raised.status).toBe('CREATE_COMPLETE');
    expect(world.extendings).toHaveLength(2);
  });
});

describe('runs that meet', () => {
  test.each([0, 1, 5, 60, 600])('a duplicate of the event, %d seconds later', async seconds => {
    const { broken, then } = await schedule({ seed: seconds, behaviour: { historyLag: 5 * MINUTE } }, async deploy => {
      const stack = deploy();
      const created = stack.create(extension());
      stack.again(stack.sent[0], seconds * SECOND);
      return created;
    });
    expect([broken, then]).toEqual([[], 1]);
  });

  test.each([1, 2, 3, 4, 5])('two stacks at one moment (%d)', async seed => {
    const { broken, then } = await schedule({ seed, behaviour: { historyLag: 2 * MINUTE } }, async deploy => Promise.all([
      deploy(0, { stackName: 'One' }).create(extension()), deploy(0, { stackName: 'Other' }).create(extension()),
    ]));
    expect([broken, then]).toEqual([[], 1]);
  });

  test.each([1, 2, 3, 4, 5])('two ends at one moment (%d): not both begin at the same end', async seed => {
    const { broken, then } = await schedule({ seed, behaviour: { historyLag: 2 * MINUTE } }, async deploy => Promise.all([
      deploy(0, { logicalId: 'First' }).create(extension()), deploy(0, { logicalId: 'Second' }).create(LATER),
    ]));
    expect(broken).toEqual([]);
    expect(then).toBeLessThanOrEqual(1);
  });
});

describe('a request that is refused', () => {
  test('by throttling is followed by another, with a record of its own', async () => {
    const { broken, result, world } = await deployed({ faults: [at(EXTEND, 'throttle')] });
    expect([broken, result.status, world.extendings.length]).toEqual([[], 'CREATE_COMPLETE', 1]);
  });

  test('for want of permission is not', async () => {
    const { broken, result } = await deployed({ faults: [at(EXTEND, 'denied')] });
    expect(broken).toEqual([]);
    expect(result.reason).toMatch(/^NOTHING BOUGHT: ExtendTrainingPlan was refused: AccessDeniedException/);
  });
});
