import type { FaultKind, PlannedFault } from './purchase/faults';
import { sdkError } from './purchase/faults';
import { NO_FRESH_CHECK, NO_LEDGER, NO_SENT_RECORD, testMutants, wrapped, type Mutant } from './purchase/mutants';
import { ARN, CRITERIA, market, NAME, purchase } from './purchase/plans';
import { schedule, strangersPlan, type Setup } from './purchase/schedule';
import type { Deploy } from './purchase/stage';
import { HOUR, MINUTE, SECOND } from './purchase/world';
import type { OnEventRequest, OnEventResponse } from '../../lambda/training-plan/provider';
import { Purchase, type PurchasePorts } from '../../lambda/training-plan/purchase';

jest.mock('../../lambda/shared/logger');

const CREATE = 'CreateTrainingPlan@sent';
const at = (point: string, kind: FaultKind): PlannedFault => ({ point, kind });
const once = async (deploy: Deploy) => deploy().create(purchase());

/** Refuses an Update whose properties aren't the old ones. */
class ComparesOldAndNew extends Purchase {
  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    const [now, then] = [event.ResourceProperties, event.OldResourceProperties].map(properties => JSON.stringify(properties?.Offering));
    if (event.RequestType === 'Update' && now !== then) { return { PhysicalResourceId: event.PhysicalResourceId!, Failure: `${ARN} can't be changed` }; }
    return super.onEvent(event, remainingMs);
  }
}

const MUTANTS: Record<string, Mutant<Setup>> = {
  'no Describe': {
    mutation: wrapped('reader', () => ({
      describe: async () => { throw sdkError('ResourceNotFound', 'not found', 400); },
      list: async () => [],
    })),
    setup: {},
    story: once,
    breaks: /^I[56]/,
  },
  'no Describe before the request': {
    mutation: {
      purchase: class extends Purchase {
        public constructor(ports: PurchasePorts) {
          super({ ...ports, reader: { ...ports.reader, describe: async () => { throw sdkError('ResourceNotFound', 'not found', 400); }, list: async () => [] } });
        }
      },
    },
    setup: {},
    story: async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan());
      return once(deploy);
    },
    breaks: /^I3 a buying call for a name that is taken/,
  },
  'no SENT record': {
    mutation: NO_SENT_RECORD,
    setup: { faults: [at(CREATE, 'die-after')], behaviour: { world: 'B', invisible: HOUR } },
    story: async (deploy, world) => {
      await deploy(0).create(purchase());
      await world.pass(25 * MINUTE);
      await deploy(1).create(purchase());
    },
    breaks: /^I1 .* bought 2 times/,
  },
  'the SDK retries': {
    mutation: wrapped('buyer', ({ create }) => ({ create: async request => create(request).catch(async () => create(request)) })),
    setup: { faults: [at(CREATE, 'reset-after')], behaviour: { world: 'B', invisible: MINUTE } },
    story: once,
    breaks: /^I1 .* bought 2 times/,
  },
  'no ledger': {
    mutation: NO_LEDGER,
    setup: { faults: [at(CREATE, 'vanish-after')], behaviour: { world: 'B', invisible: 5 * MINUTE } },
    story: once,
    breaks: /^I1 .* bought 2 times/,
  },
  'ResourceInUse is a success': {
    mutation: wrapped('buyer', ({ create }) => ({
      create: async request => create(request).catch((error: Error) => {
        if (error.name === 'ResourceInUse') { return ARN; }
        throw error;
      }),
    })),
    setup: { faults: [at(CREATE, 'late')] },
    story: async (deploy, world) => {
      const created = once(deploy);
      await world.pass(10 * SECOND);
      world.plans.purchases.push({
        arn: ARN,
        name: NAME,
        offering: market()[1],
        fee: '100000.00',
        at: world.now(),
        tags: new Map(),
        extensions: [],
        behaviour: { ...world.plans.behaviour, invisible: 2 * MINUTE },
      });
      return created;
    },
    breaks: /^I2 success, but it belongs to/,
  },
  'an Update compares old and new': {
    mutation: { purchase: ComparesOldAndNew },
    setup: {},
    story: async deploy => {
      const stack = deploy();
      await stack.create(purchase());
      await stack.update(purchase({ Offering: { ...CRITERIA, Selection: 'LONGEST' } }), { failLater: true });
    },
    breaks: /^I6 .*rollback/,
  },
  'the owner is a stack id': {
    mutation: { event: event => ({ ...event, ResourceProperties: { ...event.ResourceProperties, OwnershipKey: event.StackId } }) },
    setup: {},
    story: async deploy => {
      const stack = deploy(0, { deletionPolicy: 'delete' });
      await stack.create(purchase());
      await stack.delete();
    },
    breaks: /^I6 our plan is not found again/,
  },
  'no Fresh check': {
    mutation: NO_FRESH_CHECK,
    setup: {},
    story: async (deploy, world) => {
      await deploy().create(purchase(), { delay: HOUR + MINUTE });
      await world.pass(HOUR);
    },
    breaks: /^I3 a buying call while the resource is/,
  },
};

testMutants(schedule, MUTANTS);
