import type { FaultKind, PlannedFault } from './purchase/faults';
import { sdkError } from './purchase/faults';
import { limitOf } from './purchase/limits';
import { NO_FRESH_CHECK, NO_LEDGER, NO_SENT_RECORD, testMutants, wrapped, type Mutant } from './purchase/mutants';
import { ARN, CRITERIA, market, NAME, offering, purchase } from './purchase/plans';
import { schedule, strangersPlan, type Setup } from './purchase/schedule';
import type { Deploy } from './purchase/stage';
import { HOUR, MINUTE, SECOND, START, type Mutation } from './purchase/world';
import type { ProviderEvent } from '../../lambda/shared/provider';
import type { OnEventResponse } from '../../lambda/spending/provider';
import { Purchase, type PurchasePorts } from '../../lambda/training-plans/purchase/purchase';
import { PURCHASE_RESOURCE_TYPE, type PurchaseProperties } from '../../src/private/contracts/training-plan';

jest.mock('../../lambda/shared/logger');

const CREATE = 'CreateTrainingPlan@sent';
const at = (point: string, kind: FaultKind): PlannedFault => ({ point, kind });
const once = async (deploy: Deploy) => deploy().create(purchase());

/** Refuses an Update whose properties aren't the old ones. */
class ComparesOldAndNew extends Purchase {
  public async onEvent(event: ProviderEvent, remainingMs: number): Promise<OnEventResponse> {
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

/** Says something else of the money than it knows. */
function saying(replace: (answer: OnEventResponse) => OnEventResponse): Mutation {
  return {
    purchase: class extends Purchase {
      public async onEvent(event: ProviderEvent, remainingMs: number): Promise<OnEventResponse> {
        return replace(await super.onEvent(event, remainingMs));
      }
    },
  };
}

/** What is wrong with the words, and with what they are made of: I7. */
const LIARS: Record<string, Mutant<Setup>> = {
  'nothing is bought by a run that follows a dead one': {
    mutation: saying(({ Failure, ...answer }) => ({ ...answer, Failure: Failure?.replace(/^OUTCOME UNKNOWN: [^;]*; [^;]*;/, 'NOTHING BOUGHT:') })),
    setup: { faults: [at(CREATE, 'die-after')], behaviour: { world: 'B', invisible: 35 * MINUTE } },
    story: async deploy => {
      await deploy(0).create(purchase());
      await deploy(1).create(purchase());
    },
    breaks: /^I7 a request of this owner was accepted, but Create was answered: NOTHING BOUGHT/,
  },
  'a stale read of the ledger is believed': {
    mutation: wrapped('ledger', ({ put, readAll }) => {
      const own = new Map<string, string>();
      let first: ReadonlyMap<string, string> | undefined;
      return {
        put: async (name, value) => {
          own.set(name, value);
          return value.includes('"CLOSED"') || put(name, value);
        },
        readAll: async path => new Map([...(first ??= await readAll(path)), ...own]),
      };
    }),
    setup: {
      offerings: [offering('last', { goneAt: START + 10 * SECOND })],
      faults: [{ point: 'SearchTrainingPlanOfferings@observe', kind: 'late', nth: 2 }],
    },
    story: async deploy => {
      const stack = deploy();
      const created = stack.create(purchase());
      stack.again(stack.sent[0], 0);
      return created;
    },
    breaks: /^I7 .*, but Create was answered: NOTHING BOUGHT/,
  },
  'Fresh is asked before the patient looks, and not again': {
    mutation: wrapped('stack', ({ resource }) => {
      const known: ReturnType<typeof resource>[] = [];
      return { resource: async (...of) => (known[0] ??= resource(...of)) };
    }),
    setup: { faults: [1, 2, 3, 4].map(nth => ({ point: 'DescribeTrainingPlan@claimed', kind: 'denied', nth })) },
    story: async (deploy, world) => {
      const stack = deploy();
      const created = stack.create(purchase());
      await world.pass(SECOND);
      stack.abandon();
      return created;
    },
    breaks: /^I3 a buying call although it last looked/,
  },
  'tags are asked before the ledger': {
    mutation: {
      purchase: class extends Purchase {
        public constructor({ ledger, reader, ...ports }: PurchasePorts) {
          const own = new Map<string, string>();
          let there = false;
          super({
            ...ports,
            reader: {
              ...reader,
              describe: async name => {
                const plan = await reader.describe(name);
                there = true;
                return plan;
              },
            },
            ledger: {
              put: async (name, value) => (there ? own.set(name, value).size > 0 : ledger.put(name, value)),
              readAll: async path => (there ? own : ledger.readAll(path)),
            },
          });
        }
      },
    },
    setup: { behaviour: { tagsLag: 30 * MINUTE } },
    story: async deploy => {
      await deploy(0).create(purchase());
      await deploy(1).create(purchase());
    },
    breaks: /^I7 a request of this owner was accepted, but Create was answered: NOTHING BOUGHT BY THIS DEPLOYMENT/,
  },
  'a version of a record is as good as another': {
    mutation: wrapped('ledger', ({ put, readAll }) => {
      const own = new Map<string, string>();
      return {
        put: async (name, value) => {
          await put(name, value);
          own.set(name, value);
          return true;
        },
        readAll: async path => new Map([...await readAll(path), ...own]),
      };
    }),
    setup: { behaviour: { world: 'B', invisible: 3 * MINUTE } },
    story: async deploy => Promise.all([deploy(1).create(purchase()), deploy(2).create(purchase())]),
    breaks: /^I1 .* bought 2 times/,
  },
  'the claim of a sibling is ignored': {
    mutation: wrapped('ledger', ({ put, readAll }) => {
      const own = new Map<string, string>();
      return {
        put: async (name, value) => (value.includes('"CLOSED"') ? own.set(name, value).size > 0 : put(name, value)),
        readAll: async path => {
          const all = await readAll(path);
          const seen = [...all].filter(([name, value]) => !value.includes('"INTENT"') || all.has(`${name}/sent`));
          return new Map([...seen, ...own]);
        },
      };
    }),
    setup: { faults: [at('put-intent@observe', 'die-after')], offerings: [offering('last', { goneAt: START + 5 * SECOND })] },
    story: async (deploy, world) => {
      await deploy(0).create(purchase());
      await world.pass(MINUTE);
      await deploy(1).create(purchase());
    },
    breaks: /^I7 .*\/1 may have been accepted, or may be, but Create was answered: NOTHING BOUGHT/,
  },
  'what is adopted is said to be bought': {
    mutation: saying(({ Money, ...answer }) => ({ ...answer, Money: Money?.kind === 'exists' ? { ...Money, kind: 'bought' } : Money })),
    setup: {},
    story: async (deploy, { plans }) => {
      plans.plans.set(NAME, strangersPlan({ UpfrontFee: '999999.00' }));
      return deploy().create(purchase({ AdoptExisting: 'true' }));
    },
    breaks: /^I7 no request of this owner was accepted, but Create was answered: PLAN BOUGHT AND KEPT/,
  },
  'the cap is that of the event': {
    mutation: {
      ports: (ports, event) => ({ ...ports, limitOf: () => limitOf(event.ResourceProperties as unknown as PurchaseProperties)[1] }),
    },
    setup: { offerings: [offering('dear', { UpfrontFee: '9999998.00', blocks: [{ InstanceCount: 64 }] })] },
    story: async (deploy, world) => {
      const stack = deploy();
      world.configure(purchase());
      world.stacks.set(stack.stackId, 'Reserve7F1E2A30BUY', { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE });
      const MaxUpfrontFee = { Amount: '9999999.00', CurrencyCode: 'USD' };
      world.deliver(stack.events.create(purchase({ MaxUpfrontFee, Offering: { ...CRITERIA, InstanceCount: '64' } })));
      await world.pass(20 * MINUTE);
    },
    breaks: /^I3 a buying call for 9999998\.00, which nobody has allowed/,
  },
};

testMutants(schedule, { ...MUTANTS, ...LIARS });
