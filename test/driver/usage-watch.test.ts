import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invoke, type InvokerOptions } from './invoker';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { UsageWatchEvent } from '../../src/private/contracts/pcs-usage';
import { FakeAws } from '../aws/server';
import { slurmCluster } from '../security/slurm';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'pcs-usage-watch', 'index.js');
const [SECRET, VERSION] = ['arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!slurm-secret-pcs_abc123-a12ABC', '0f0e0d0c-0b0a-4908-8706-050403020100'];
const EVENT: UsageWatchEvent = { ClusterId: 'pcs_abc123', Accounts: ['root', 'no-such-account'] };

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await aws.start();
});
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  put();
});

/** A cluster with a slurmrestd, and the root account with what it has used and a budget of two hours. */
function put(status = 'ACTIVE'): void {
  const endpoints = [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(aws.port) }];
  const cluster = slurmCluster({ jwtAuth: { jwtKey: { secretArn: SECRET, secretVersion: VERSION } } });
  aws.pcs.clusters.splice(0, Infinity, { ...cluster, endpoints, status });
  aws.slurm.key = Buffer.from('a key that nobody may see in a log');
  aws.secretsmanager.set(SECRET, VERSION, aws.slurm.key.toString('base64'));
  aws.slurm.used.set('root', { 'gres/gpu': 3600, 'cpu': 7200 });
  aws.slurm.associations[0].max.tres.group.minutes = [{ type: 'gres', name: 'gpu', id: 1001, count: 120 }];
}

async function watch(event: UsageWatchEvent = EVENT, lambda: Partial<InvokerOptions> = {}) {
  const { succeeded, log } = await invoke(event, { bundle: BUNDLE, sagemakerUrl: aws.url, receiverPort: 0, ...lambda });
  const lines = log.trim().split('\n').map(line => JSON.parse(line));
  return { succeeded, log, metrics: lines.filter(line => '_aws' in line) };
}

test('publishes what Slurm says of the accounts that it has', async () => {
  const { succeeded, metrics } = await watch();
  expect([succeeded, metrics.length]).toEqual([true, 1]);
  expect(metrics[0]).toMatchObject({
    ClusterId: 'pcs_abc123', AccountName: 'root', BudgetUsedPercent: 50, CpuHoursUsed: 2, GpuHoursBudget: 2, GpuHoursUsed: 1, FairShareFactor: 0.5,
  });
  expect(aws.requests.map(({ operation }) => operation)).toEqual(['GetCluster', 'GetSecretValue', 'GET slurm/ping', 'GET slurm/shares']);
});

test('a cluster that is being updated is left alone', async () => {
  put('UPDATING');
  expect(await watch()).toMatchObject({ succeeded: true, metrics: [] });
  expect(aws.requests.map(({ operation }) => operation)).toEqual(['GetCluster']);
});

test('a cluster that is gone publishes nothing and succeeds', async () => {
  expect(await watch({ ...EVENT, ClusterId: 'pcs_none' })).toMatchObject({ succeeded: true, metrics: [] });
});

test('gets through throttling and broken connections of AWS', async () => {
  aws.faults.next('GetCluster', { kind: 'throttle' }, { kind: 'reset' });
  aws.faults.next('GetSecretValue', { kind: 'error', status: 500, code: 'InternalServiceError' });
  const { succeeded, metrics } = await watch(EVENT, { virtualTime: true });
  expect([succeeded, metrics.length]).toEqual([true, 1]);
});

test.each(['reset', 'garbage'] as const)('what Slurm answers by %s is a failure that Lambda counts, and calls the function again', async kind => {
  aws.faults.always('GET slurm/shares', { kind });
  const { succeeded, log } = await watch();
  expect(succeeded).toBe(false);
  expect(log).toContain('cluster \\"pcs_abc123\\": ');
});

test('a key that is refused leaves neither key nor token in the log', async () => {
  const { key } = aws.slurm;
  aws.slurm.key = Buffer.from('another key');
  const { succeeded, log } = await watch();
  expect(succeeded).toBe(false);
  for (const secret of [key!.toString(), key!.toString('base64'), key!.toString('hex'), 'eyJ']) { expect(log).not.toContain(secret); }
});
