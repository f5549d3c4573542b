import { accepted, extension, PAST_GRACE, schedule, type Setup } from './purchase/extensions';
import type { FaultKind, PlannedFault } from './purchase/faults';
import { NO_FRESH_CHECK, NO_LEDGER, NO_SENT_RECORD, testMutants, wrapped, type Mutant } from './purchase/mutants';
import { ARN, day } from './purchase/plans';
import type { Deploy, Story } from './purchase/stage';
import { HOUR, MINUTE, SECOND } from './purchase/world';
import { Extension } from '../../lambda/training-plans/purchase/extension';

jest.mock('../../lambda/shared/logger');

const EXTEND = 'ExtendTrainingPlan@sent';
const at = (point: string, kind: FaultKind): PlannedFault => ({ point, kind });
const UNSEEN = { historyLag: 5 * MINUTE };
const once = async (deploy: Deploy) => deploy().create(extension());
const againPastGrace: Story<unknown> = async (deploy, world) => {
  await deploy(0).create(extension());
  await world.pass(PAST_GRACE);
  return deploy(1).create(extension());
};

/** Refuses an Update whose cap isn't the old one. */
class ComparesOldAndNew extends Extension {
  public async onEvent(...[event, remaining]: Parameters<Extension['onEvent']>): ReturnType<Extension['onEvent']> {
    const [now, then] = [event.ResourceProperties, event.OldResourceProperties]
      .map(properties => JSON.stringify(properties?.MaxUpfrontFee));
    if (event.RequestType === 'Update' && now !== then) { return { PhysicalResourceId: event.PhysicalResourceId!, Failure: `${ARN} can't be changed` }; }
    return super.onEvent(event, remaining);
  }
}

const MUTANTS: Record<string, Mutant<Setup>> = {
  'no ledger': {
    mutation: NO_LEDGER,
    setup: { faults: [at(EXTEND, 'vanish-after')], behaviour: UNSEEN },
    story: once,
    breaks: /^I1 extended twice/,
  },
  'no SENT record': {
    mutation: NO_SENT_RECORD,
    setup: { faults: [at(EXTEND, 'die-after')], behaviour: { historyLag: 2 * HOUR } },
    story: againPastGrace,
    breaks: /^I1 extended twice/,
  },
  'the SDK retries': {
    mutation: wrapped('extender', ({ extend }) => ({ extend: async id => extend(id).catch(async () => extend(id)) })),
    setup: { faults: [at(EXTEND, 'reset-after')], behaviour: UNSEEN },
    story: once,
    breaks: /^I1 extended twice/,
  },
  'a reset is taken for a refusal': {
    mutation: wrapped('extender', ({ extend }) => ({
      extend: async id => extend(id).catch((error: Error & { code?: string }) => {
        throw error.code === 'ECONNRESET' ? Object.assign(error, { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }) : error;
      }),
    })),
    setup: { faults: [at(EXTEND, 'reset-after')], behaviour: UNSEEN },
    story: once,
    breaks: /^I1 extended twice/,
  },
  'no Fresh check': {
    mutation: NO_FRESH_CHECK,
    setup: {},
    story: async (deploy, world) => {
      await deploy().create(extension(), { delay: HOUR + MINUTE });
      return world.pass(HOUR);
    },
    breaks: /^I3 an extending call while the resource is/,
  },
  'an Update compares old and new': {
    mutation: { extension: ComparesOldAndNew },
    setup: {},
    story: async deploy => {
      const stack = deploy();
      await stack.create(extension());
      return stack.update(extension({ MaxUpfrontFee: { Amount: '1.00', CurrencyCode: 'USD' } }), { failLater: true });
    },
    breaks: /^I6 without a fault, a rollback failed/,
  },
  'no history': {
    mutation: wrapped('reader', reader => ({
      extensions: async () => [],
      describe: async name => ({ ...await reader.describe(name), EndTime: new Date(day(26)) }),
    })),
    setup: { faults: [at('put-outcome@after', 'die')] },
    story: once,
    breaks: /^I6 our extension is not found again/,
  },
  'other ends are not looked at': {
    mutation: {
      ports: ports => ({ ...ports, ledger: { ...ports.ledger, readAll: async path => (path.endsWith('/extend') ? new Map() : ports.ledger.readAll(path)) } }),
    },
    setup: { behaviour: UNSEEN },
    story: async (deploy, world) => {
      const first = deploy(0, { logicalId: 'First' }).create(extension());
      await world.pass(30 * SECOND);
      const second = deploy(0, { logicalId: 'Second' }).create(extension({ ExtendTo: day(40) }));
      await Promise.all([first, second]);
      return accepted(world);
    },
    breaks: /^I1 two extensions begin at one end/,
  },
};

testMutants(schedule, MUTANTS);
