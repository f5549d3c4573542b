import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invoke, type InvokerOptions } from './invoker';
import { LAMBDA_CREDENTIALS } from './secrets';
import { FakeAws } from '../aws/server';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'plan-watch', 'index.js');
const HOUR_MS = 3_600_000;

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await aws.start();
});
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  const hours = (count: number) => new Date(Date.now() + count * HOUR_MS).toISOString();
  aws.sagemaker.plans.set('llm', {
    TrainingPlanName: 'llm',
    Status: 'Active',
    StartTime: hours(-24),
    EndTime: hours(24),
    TotalInstanceCount: 4,
    InUseInstanceCount: 3,
    TargetResources: ['hyperpod-cluster'],
  });
});

async function watch(name: string, lambda: Partial<InvokerOptions> = {}) {
  const options = { bundle: BUNDLE, sagemakerUrl: aws.url, receiverPort: 0, ...lambda };
  const { succeeded, log } = await invoke({ TrainingPlanName: name }, options);
  const lines = log.trim().split('\n').map(line => JSON.parse(line));
  return { succeeded, log, metrics: lines.filter(line => '_aws' in line) };
}

test('publishes what the service says, with the clock of the function', async () => {
  const { succeeded, metrics } = await watch('llm');
  expect(succeeded).toBe(true);
  expect(metrics).toHaveLength(1);
  expect(metrics[0]).toMatchObject({ TrainingPlanName: 'llm', TotalInstanceCount: 4, InUseInstanceCount: 3 });
  expect(metrics[0].HoursLeft).toBeCloseTo(24, 1);
  expect(metrics[0].HoursUntilReclaim).toBeCloseTo(23, 1);
  expect(Math.abs(metrics[0]._aws.Timestamp - Date.now())).toBeLessThan(60_000);
  expect(aws.requests.map(({ operation, input }) => [operation, input])).toEqual([['DescribeTrainingPlan', { TrainingPlanName: 'llm' }]]);
});

test('a plan that does not exist publishes nothing and succeeds', async () => {
  expect(await watch('other')).toMatchObject({ succeeded: true, metrics: [] });
});

test('gets through throttling and broken connections', async () => {
  aws.faults.next('DescribeTrainingPlan', { kind: 'throttle' }, { kind: 'reset' }, { kind: 'error', status: 500, code: 'InternalFailure' });
  const { succeeded, metrics } = await watch('llm', { virtualTime: true });
  expect([succeeded, metrics.length]).toEqual([true, 1]);
});

test('a service that is silent ends the invocation in time, with a failure that Lambda counts', async () => {
  aws.faults.always('DescribeTrainingPlan', { kind: 'silence' });
  const { succeeded, log } = await watch('llm', { virtualTime: true });
  expect(succeeded).toBe(false);
  expect(log).toContain('training plan \\"llm\\": no answer within 105 s');
});

test('a signature that is refused leaves no secret in the log', async () => {
  aws.faults.always('DescribeTrainingPlan', { kind: 'error', status: 403, code: 'InvalidSignatureException' });
  const { succeeded, log } = await watch('llm');
  expect(succeeded).toBe(false);
  Object.values(LAMBDA_CREDENTIALS).forEach(secret => expect(log).not.toContain(secret));
});
