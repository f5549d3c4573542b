import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EventMaker } from './events';
import { invoke } from './invoker';
import { boughtPlan, extension, extensionMarket, idOf } from './purchase/extensions';
import { environmentFor } from './purchase/limits';
import { day, NAME } from './purchase/plans';
import { HOUR, MINUTE, SECOND, START } from './purchase/world';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { Completion } from '../../lambda/shared/provider';
import type { OnEventResponse } from '../../lambda/spending/provider';
import { EXTENSION_RESOURCE_TYPE, type ExtensionProperties } from '../../src/private/contracts/training-plan';
import type { Fault } from '../aws/faults';
import { FakeAws } from '../aws/server';

/* The bundle as it is shipped, over HTTP, in the time of its own process. */

const BUNDLE = join(__dirname, '..', '..', 'assets', 'training-plan', 'index.js');
const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
let clock = START;

jest.setTimeout(120_000);
beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await aws.start();
});
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  const { trainingPlans } = aws.sagemaker;
  trainingPlans.purchases.push(boughtPlan());
  trainingPlans.extensionOfferings.set(NAME, extensionMarket());
  clock = START;
});

async function run<T>(exported: 'onExtend' | 'isExtended', event: object): Promise<T> {
  const { ResourceProperties } = event as { ResourceProperties: ExtensionProperties };
  const invocation = await invoke(event, {
    bundle: BUNDLE,
    exported,
    sagemakerUrl: aws.url,
    receiverPort: 9,
    virtualTime: true,
    startAt: clock,
    timeoutMs: 12 * MINUTE,
    environment: environmentFor(ResourceProperties),
  });
  if (!invocation.succeeded) { throw new Error((JSON.parse(invocation.log.trim().split('\n').at(-1)!) as { errorMessage: string }).errorMessage); }
  clock = invocation.endedAt!;
  return invocation.result as T;
}

/** Deploys an extension: its attributes, or why it fails. */
interface Deployed {
  readonly data?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

async function deploy(incarnation = 1, asked: ExtensionProperties = extension()): Promise<Deployed> {
  const event = new EventMaker({ resourceType: EXTENSION_RESOURCE_TYPE, logicalId: 'Extension', incarnation }).create(asked);
  aws.cloudformation.set(event.StackId, event.LogicalResourceId, { status: 'CREATE_IN_PROGRESS', type: EXTENSION_RESOURCE_TYPE });
  const answer = await run<OnEventResponse>('onExtend', event);
  expect(answer.PhysicalResourceId).toBe(idOf(asked));
  for (;;) {
    clock += 30 * SECOND;
    try {
      const waited = await run<Completion>('isExtended', { ...event, ...answer });
      if (waited.IsComplete) { return { data: { ...answer.Data, ...waited.Data } }; }
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }
}

/** Each attempt has the right to send of its own in the ledger, and is one HTTP request. */
function expectRequests(times: number): void {
  const rights = [...aws.ssm.values].filter(([name, value]) => name.includes('/extend/20261225T113000Z/') && name.endsWith('/sent') && value.includes('"SENT"'));
  const sent = aws.requests.filter(({ operation }) => operation === 'ExtendTrainingPlan');
  expect(rights).toHaveLength(times);
  expect(sent.map(({ attempt }) => attempt)).toEqual(Array.from({ length: times }, () => 'attempt=1; max=1'));
}

const accepted = () => aws.sagemaker.trainingPlans.purchases.flatMap(({ extensions }) => extensions).length;

test('an extension that goes well is one request, and deploying again sends none', async () => {
  const first = await deploy(1);
  expect(first.data).toMatchObject({ EndTime: day(33), UpfrontFee: '50000.00', Status: 'Scheduled' });
  expect(await deploy(2)).toEqual(first);
  expectRequests(1);
});

const FAILS: Record<string, Fault> = {
  reset: { kind: 'reset' },
  500: { kind: 'error', status: 500, code: 'InternalFailure' },
  silence: { kind: 'silence' },
};

describe.each(Object.entries(FAILS))('a request that is answered by %s', (_what, fault) => {
  test('when it was accepted, is not sent again, and is found in the history', async () => {
    aws.sagemaker.trainingPlans.behave({ historyLag: 3 * MINUTE });
    aws.faults.next('ExtendTrainingPlan', { ...fault, accepted: true } as Fault);
    expect((await deploy()).data).toMatchObject({ EndTime: day(33) });
    expectRequests(1);
    expect(accepted()).toBe(1);
  });

  test('when it was not, is sent again only when a person raises the attempt', async () => {
    aws.faults.next('ExtendTrainingPlan', fault);
    const first = await deploy(1);
    clock += HOUR;
    const second = await deploy(2);
    expect([first.reason, second.reason]).toEqual([expect.stringMatching(/^OUTCOME UNKNOWN/), expect.stringMatching(/^OUTCOME UNKNOWN.*raise `attempt`/)]);
    expectRequests(1);
    expect((await deploy(3, extension({ Attempt: '2' }))).data).toMatchObject({ EndTime: day(33) });
    expectRequests(2);
    expect(accepted()).toBe(1);
  });
});
