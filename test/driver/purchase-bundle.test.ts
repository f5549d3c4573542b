import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EventMaker } from './events';
import { invoke } from './invoker';
import { environmentFor } from './purchase/limits';
import { ARN, market, NAME, purchase } from './purchase/plans';
import { MINUTE, SECOND, START } from './purchase/world';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { Completion } from '../../lambda/shared/provider';
import type { OnEventResponse } from '../../lambda/spending/provider';
import { PURCHASE_RESOURCE_TYPE } from '../../src/private/contracts/training-plan';
import type { Fault } from '../aws/faults';
import { FakeAws } from '../aws/server';
import type { Behaviour } from '../aws/training-plans';

/* The bundle as it is shipped, over HTTP, in the time of its own process. */

const BUNDLE = join(__dirname, '..', '..', 'assets', 'training-plan', 'index.js');
const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
let clock = START;
let log = '';

jest.setTimeout(120_000);
beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await aws.start();
});
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.sagemaker.trainingPlans.offerings.push(...market());
  clock = START;
  log = '';
});

/** Runs a function of the bundle, as the framework does. */
async function run<T>(exported: 'onEvent' | 'isComplete', event: object): Promise<T> {
  const invocation = await invoke(event, {
    bundle: BUNDLE,
    exported,
    sagemakerUrl: aws.url,
    receiverPort: 9,
    virtualTime: true,
    startAt: clock,
    timeoutMs: 12 * MINUTE,
    environment: environmentFor(purchase()),
  });
  log += invocation.log;
  if (!invocation.succeeded) { throw new Error(invocation.failure!.errorMessage); }
  clock = invocation.endedAt!;
  return invocation.result as T;
}

/** Deploys a purchase: its attributes, or why it fails. */
async function deploy(incarnation = 1): Promise<{ readonly data?: Readonly<Record<string, string>>; readonly reason?: string }> {
  const event = new EventMaker({ resourceType: PURCHASE_RESOURCE_TYPE, logicalId: 'Reserve', incarnation }).create(purchase());
  aws.cloudformation.set(event.StackId, event.LogicalResourceId, { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE });
  const answer = await run<OnEventResponse>('onEvent', event);
  expect(answer.PhysicalResourceId).toBe(ARN);
  for (;;) {
    clock += 30 * SECOND;
    try {
      const waited = await run<Completion>('isComplete', { ...event, ...answer });
      if (waited.IsComplete) { return { data: { ...answer.Data, ...waited.Data } }; }
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }
}

function buyings(): { readonly attempt?: string; readonly fault?: string }[] {
  return aws.requests.filter(({ operation }) => operation === 'CreateTrainingPlan').map(({ attempt, fault }) => ({ attempt, fault }));
}

/** Each attempt has the right to send of its own in the ledger, and is one HTTP request. */
function expectOneRequestPerAttempt(times: number): void {
  const attempts = [...aws.ssm.values].filter(([name, value]) => name.endsWith('/sent') && value.includes('"SENT"'));
  expect(attempts).toHaveLength(times);
  expect(buyings()).toHaveLength(times);
  expect(buyings().every(({ attempt }) => attempt === 'attempt=1; max=1')).toBe(true);
}

/** How often a run looks for a plan before its last look: twice before the request, and each ten seconds after it. */
const LOOKS = 2 + 59;

const FAILS_BEFORE: Record<string, Fault> = {
  reset: { kind: 'reset' },
  500: { kind: 'error', status: 500, code: 'InternalFailure' },
  503: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  silence: { kind: 'silence' },
};
const FAILS_AFTER: Record<string, Fault> = {
  'reset': { kind: 'reset', accepted: true },
  '500': { kind: 'error', status: 500, code: 'InternalFailure', accepted: true },
  '503': { kind: 'error', status: 503, code: 'ServiceUnavailable', accepted: true },
  'silence': { kind: 'silence', accepted: true },
  'an answer that is none': { kind: 'garbage' },
};
const WORLDS: Partial<Behaviour>[] = [{ world: 'A' }, { world: 'B', invisible: MINUTE }, { world: 'B', invisible: 3 * MINUTE, tagsLag: 4 * MINUTE }];

describe('a purchase that goes well', () => {
  test.each(WORLDS)('is one request: %j', async behaviour => {
    aws.sagemaker.trainingPlans.behave(behaviour);
    expect((await deploy()).data).toMatchObject({ TrainingPlanArn: ARN, Status: 'Scheduled', UpfrontFee: '100000.00' });
    expectOneRequestPerAttempt(1);
  });

  test('is adopted by another stack', async () => {
    const first = await deploy(1);
    expect(await deploy(2)).toEqual(first);
    expectOneRequestPerAttempt(1);
  });

  test('logs nothing of the event but what it may', async () => {
    await deploy();
    expect(log).toMatch(/"step":"send"/);
    expect(log).not.toMatch(/X-Amz-Signature|ResponseURL|IQoJ/);
  });
});

describe.each(Object.entries(FAILS_AFTER))('a request that is accepted and answered by %s', (_what, fault) => {
  test.each(WORLDS)('is not sent again, and its plan is found: %j', async behaviour => {
    aws.sagemaker.trainingPlans.behave(behaviour);
    aws.faults.next('CreateTrainingPlan', fault);
    expect((await deploy()).data).toMatchObject({ TrainingPlanArn: ARN, UpfrontFee: '100000.00' });
    expectOneRequestPerAttempt(1);
    expect(aws.sagemaker.trainingPlans.bought(NAME)).toBe(1);
  });

  test('is not sent again by a deployment while its plan is invisible', async () => {
    aws.sagemaker.trainingPlans.behave({ world: 'B', invisible: 60 * MINUTE });
    aws.faults.next('CreateTrainingPlan', fault);
    const first = await deploy(1);
    clock += 25 * MINUTE;
    const second = await deploy(2);
    expect([first.reason, second.reason]).toEqual([expect.stringMatching(/^OUTCOME UNKNOWN/), expect.stringMatching(/^OUTCOME UNKNOWN/)]);
    expectOneRequestPerAttempt(1);
    expect(aws.sagemaker.trainingPlans.bought(NAME)).toBe(1);
  });
});

test('a service that falls silent in the last look leaves the time to say what became of the money', async () => {
  aws.sagemaker.trainingPlans.behave({ world: 'B', invisible: 60 * MINUTE });
  aws.faults.next('CreateTrainingPlan', { kind: 'reset', accepted: true });
  aws.faults.next('DescribeTrainingPlan', ...Array.from({ length: LOOKS }, (): Fault => ({ kind: 'delay', milliseconds: 0 })));
  aws.faults.always('DescribeTrainingPlan', { kind: 'silence' });
  const event = new EventMaker({ resourceType: PURCHASE_RESOURCE_TYPE, logicalId: 'Reserve' }).create(purchase());
  aws.cloudformation.set(event.StackId, event.LogicalResourceId, { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE });
  const answer = await run<OnEventResponse>('onEvent', event);
  expect(answer.Failure).toMatch(/^OUTCOME UNKNOWN: /);
  expect(clock - START).toBeLessThan(11.1 * MINUTE);
  expectOneRequestPerAttempt(1);
});

describe.each(Object.entries(FAILS_BEFORE))('a request that is not accepted and answered by %s', (_what, fault) => {
  test('is not sent again, now or later', async () => {
    aws.faults.next('CreateTrainingPlan', fault);
    const first = await deploy(1);
    clock += 25 * MINUTE;
    const second = await deploy(2);
    expect([first.reason, second.reason]).toEqual([expect.stringMatching(/^OUTCOME UNKNOWN/), expect.stringMatching(/^OUTCOME UNKNOWN.*raise `attempt`/)]);
    expectOneRequestPerAttempt(1);
    expect(aws.sagemaker.trainingPlans.bought(NAME)).toBe(0);
  });
});

describe('a request that is refused', () => {
  test('by throttling is followed by another attempt, with a record of its own', async () => {
    aws.faults.next('CreateTrainingPlan', { kind: 'throttle' });
    expect((await deploy()).data).toMatchObject({ TrainingPlanArn: ARN });
    expectOneRequestPerAttempt(2);
    expect(aws.sagemaker.trainingPlans.bought(NAME)).toBe(1);
  });

  test.each(['ValidationException', 'ResourceLimitExceeded', 'AccessDeniedException'])('by %s is not', async code => {
    aws.faults.next('CreateTrainingPlan', { kind: 'error', status: 400, code, message: 'no' });
    expect((await deploy()).reason).toMatch(new RegExp(`^NOTHING BOUGHT: .*${code}`));
    expectOneRequestPerAttempt(1);
  });

  test('as if its name were taken, is not', async () => {
    aws.sagemaker.trainingPlans.behave({ world: 'C' });
    expect((await deploy()).reason).toMatch(/llm-2026-q1/);
    expectOneRequestPerAttempt(1);
  });
});

describe.each(['DescribeStackResource', 'DescribeTrainingPlan', 'GetParametersByPath', 'SearchTrainingPlanOfferings', 'PutParameter'])('%s', operation => {
  test.each<[string, Fault]>([
    ['throttles', { kind: 'throttle' }],
    ['breaks the connection', { kind: 'reset' }],
    ['breaks the connection after its effect', { kind: 'reset', accepted: true }],
    ['fails', { kind: 'error', status: 500, code: 'InternalFailure' }],
    ['says nothing', { kind: 'silence' }],
  ])('%s twice, and is asked again', async (_what, fault) => {
    aws.faults.next(operation, fault, fault);
    expect((await deploy()).data).toMatchObject({ TrainingPlanArn: ARN });
    expectOneRequestPerAttempt(1);
    expect(aws.sagemaker.trainingPlans.bought(NAME)).toBe(1);
  });
});
