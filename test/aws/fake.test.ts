import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeTrainingJobCommand, DescribeTrainingPlanCommand, ResourceNotFound, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Fault } from './faults';
import { FakeAws } from './server';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const aws = new FakeAws({ secrets: { [credentials.accessKeyId]: credentials.secretAccessKey } });
const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/p';
const BLOCK = 'arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/a1b2c3d4e5f6';

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.sagemaker.plans.set('p', {
    TrainingPlanName: 'p',
    Status: 'Scheduled',
    StartTime: '2026-12-01T11:30:00Z',
    ReservedCapacitySummaries: [{ ReservedCapacityArn: BLOCK, InstanceType: 'ml.p5.48xlarge', TotalInstanceCount: 4, Status: 'Scheduled', EndTime: '2026-12-15T11:30:00Z' }],
  });
});

function client(more: object = {}): SageMakerClient {
  return new SageMakerClient({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 1, ...more });
}

async function describePlan(name: string | undefined, sdk = client()) {
  return sdk.send(new DescribeTrainingPlanCommand({ TrainingPlanName: name }));
}

test.each(['p', ARN])('the SDK reads the plan %s, its times and blocks', async name => {
  expect(await describePlan(name)).toMatchObject({
    TrainingPlanArn: ARN,
    Status: 'Scheduled',
    StartTime: new Date('2026-12-01T11:30:00Z'),
    ReservedCapacitySummaries: [{ InstanceType: 'ml.p5.48xlarge', EndTime: new Date('2026-12-15T11:30:00Z') }],
  });
});

test('a missing plan is the error of the model, with its message', async () => {
  await expect(describePlan('q')).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(describePlan('q')).rejects.toMatchObject({ message: 'Training plan q not found', $metadata: { httpStatusCode: 400 } });
});

test.each([
  [undefined, "Value null at 'trainingPlanName' failed to satisfy constraint: Member must not be null"],
  ['', "Value '' at 'trainingPlanName' failed to satisfy constraint: Member must have length between 1 and 2048"],
  ['x'.repeat(2049), 'Member must have length between 1 and 2048'],
  ['a_b', 'Member must satisfy regular expression pattern'],
  ['p and more', 'Member must satisfy regular expression pattern'],
])('refuses the name %p', async (name, message) => {
  await expect(describePlan(name)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
});

test.each<[string, object, string]>([
  ['an unknown key', { credentials: { ...credentials, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' } }, 'UnrecognizedClientException'],
  ['a wrong secret', { credentials: { ...credentials, secretAccessKey: 'wrong' } }, 'InvalidSignatureException'],
])('refuses %s', async (_what, more, name) => {
  await expect(describePlan('p', client(more))).rejects.toMatchObject({ name });
});

test('refuses a request without a signature', async () => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'SageMaker.DescribeTrainingPlan' };
  const response = await fetch(aws.url, { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
});

test('refuses what it does not have', async () => {
  await expect(client().send(new DescribeTrainingJobCommand({ TrainingJobName: 'j' }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test.each<[string, Fault, object]>([
  ['throttles', { kind: 'throttle' }, { name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } }],
  ['fails', { kind: 'error', status: 503, code: 'ServiceUnavailable' }, { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }],
  ['breaks the connection', { kind: 'reset' }, { message: expect.stringContaining('socket hang up') }],
])('%s once when told to', async (_what, fault, error) => {
  aws.faults.next('DescribeTrainingPlan', fault);
  await expect(describePlan('p')).rejects.toMatchObject(error);
  await expect(describePlan('p')).resolves.toMatchObject({ Status: 'Scheduled' });
  expect(aws.requests.map(request => request.fault)).toEqual([fault.kind, undefined]);
});

test('fails always when told to, until the faults end', async () => {
  aws.faults.always('DescribeTrainingPlan', { kind: 'throttle' });
  await expect(describePlan('p')).rejects.toThrow();
  await expect(describePlan('p')).rejects.toThrow();
  aws.faults.clear();
  await expect(describePlan('p')).resolves.toBeDefined();
});

test('is late when told to', async () => {
  aws.faults.next('DescribeTrainingPlan', { kind: 'delay', milliseconds: 200 });
  const started = Date.now();
  await describePlan('p');
  expect(Date.now() - started).toBeGreaterThanOrEqual(195);
});

test('says nothing when told to', async () => {
  aws.faults.next('DescribeTrainingPlan', { kind: 'silence' });
  const sdk = client({ requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true } });
  await expect(describePlan('p', sdk)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('runs on its own, with plans from a file, on the loopback interface', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-'));
  const seed = join(folder, 'seed.json');
  writeFileSync(seed, JSON.stringify({ account: '444455556666', trainingPlans: [{ TrainingPlanName: 'seeded', Status: 'Active' }] }));
  const root = join(__dirname, '..', '..');
  const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'test/aws/main.ts', '--seed', seed], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = /^listening (\d+)$/.exec((await lines.next()).value as string)![1];
    const sdk = client({ endpoint: `http://127.0.0.1:${port}` });
    expect((await describePlan('seeded', sdk)).TrainingPlanArn).toBe('arn:aws:sagemaker:us-east-1:444455556666:training-plan/seeded');
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ operation: 'DescribeTrainingPlan', input: { TrainingPlanName: 'seeded' } });
  } finally {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  }
});
