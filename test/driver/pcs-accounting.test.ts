import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from './cloudformation';
import type { Target } from './events';
import { provider, type ProviderOptions } from './provider';
import { ResponseReceiver } from './receiver';
import { LAMBDA_CREDENTIALS } from './secrets';
import { FakeAws } from '../aws/server';
import { slurmCluster } from '../security/slurm';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'pcs-accounting', 'index.js');
const KEY = Buffer.from('the key of the cluster');
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!jwt-abc';
const VERSION = '0f0e0d0c-0b0a-4908-8706-050403020100';

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
const receiver = new ResponseReceiver();
let incarnation = 0;

jest.setTimeout(120_000); // each request is several processes, one after the other

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await Promise.all([aws.start(), receiver.start()]);
});
afterAll(async () => Promise.all([aws.stop(), receiver.stop()]));
beforeEach(() => {
  aws.reset();
  receiver.reset();
  aws.slurm.key = KEY;
  aws.secretsmanager.set(SECRET, VERSION, KEY.toString('base64'));
  setCluster('ACTIVE');
});
afterEach(() => expect(receiver.refused).toEqual([]));

function setCluster(status: string): void {
  const jwtAuth = { jwtKey: { secretArn: SECRET, secretVersion: VERSION } };
  const endpoints = [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(aws.port) }];
  aws.pcs.clusters.splice(0, Infinity, { ...slurmCluster({ jwtAuth }), status, endpoints });
}

function stack(target: Target = {}, lambda: Partial<ProviderOptions> = {}): CloudFormation {
  const entry = provider({ bundle: BUNDLE, sagemakerUrl: aws.url, receiverPort: receiver.port, virtualTime: true, ...lambda });
  return new CloudFormation(receiver, entry, { incarnation: ++incarnation, resourceType: 'Custom::HpcPcsAccounting', ...target });
}

const account = (Account: object = {}, more: object = {}) => ({ Kind: 'Account', ClusterId: 'pcs_abc123', Account: { Name: 'research', ...Account }, ...more });
const names = () => aws.slurm.accounts.map(({ name }) => name as string).filter(name => name !== 'root').sort();
const limitsOf = (name: string) => aws.slurm.associations.find(each => each.account === name && each.user === '')?.max.tres.group.minutes;
const usersOf = (name: string) => aws.slurm.associations.filter(each => each.account === name && each.user !== '').map(each => each.user as string).sort();
const writes = () => aws.requests.filter(({ operation }) => /^(POST|DELETE) slurmdb/.test(operation)).map(({ operation }) => operation);

test('an account is created, updated and deleted, with numbers that CloudFormation made texts of', async () => {
  const cfn = stack();
  expect(await cfn.create(account({ Users: ['alice'], Limits: { GrpTRESMins: 'gres/gpu=60' } }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(cfn.physicalId).toBe('pcs_abc123/account/research');
  expect(cfn.attributes).toEqual({
    Name: 'research',
    ChangeCount: '3',
    Changes: 'make the account research below root\naccount research: GrpTRESMins none -> gres/gpu=60\naccount research: add alice',
  });
  expect(limitsOf('research')).toMatchObject([{ type: 'gres', name: 'gpu', count: 60 }]);
  expect(await cfn.update(account({ Users: ['alice', 'bob'], Limits: { GrpTRESMins: 'gres/gpu=600' } }))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(limitsOf('research')).toMatchObject([{ count: 600 }]);
  expect(usersOf('research')).toEqual(['alice', 'bob']);
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(names()).toEqual([]);
});

test('another name is another account, and the old one is deleted in the end, unless jobs have used it', async () => {
  const cfn = stack();
  await cfn.create(account());
  await cfn.update(account({ Name: 'vision' }));
  expect(names()).toEqual(['vision']);
  aws.slurm.jobs.push({ account: 'vision', user: 'alice', qos: 'normal', ended: true });
  await cfn.update(account({ Name: 'third' }));
  expect(names()).toEqual(['third', 'vision']);
});

test('a name in another case is the same account', async () => {
  const cfn = stack();
  await cfn.create(account());
  await cfn.update(account({ Name: 'RESEARCH' }));
  expect(cfn.physicalId).toBe('pcs_abc123/account/research');
  expect(names()).toEqual(['research']);
});

test('an account of another is refused, and the rollback leaves it as it is', async () => {
  aws.slurm.postAccount('stranger', 'made by hand');
  const before = structuredClone([aws.slurm.accounts, aws.slurm.associations]);
  const { status, reason } = await stack().create(account({ Name: 'stranger', Users: ['alice'] }));
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toContain('the account "stranger" is there already, and it wasn\'t made by this resource');
  expect([aws.slurm.accounts, aws.slurm.associations]).toEqual(before);
  expect(writes()).toEqual([]);
});

test('an update that fails goes back to what was before', async () => {
  const cfn = stack();
  await cfn.create(account({ Limits: { GrpTRESMins: 'gres/gpu=60' } }));
  const { status, reason } = await cfn.update(account({ Limits: { GrpTRESMins: 'gres/tpu=1' } }));
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reason).toContain('AccountingStorageTRES');
  expect(limitsOf('research')).toMatchObject([{ name: 'gpu', count: 60 }]);
});

test('jobs that wait or run keep their account; a deletion waits for them where that is wanted, and says so in the end', async () => {
  const cfn = stack();
  await cfn.create(account({ Users: ['alice'] }, { OnDelete: 'DELETE' }));
  aws.slurm.jobs.push({ account: 'research', user: 'alice', qos: 'normal' });
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_FAILED', reason: expect.stringContaining('has jobs that wait or run') });
  expect(names()).toEqual(['research']);
  aws.slurm.jobs.length = 0;
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('a cluster that is updating is waited for', async () => {
  setCluster('UPDATING');
  let asked = 0;
  aws.onRequest = ({ operation }) => {
    if (operation === 'GetCluster' && ++asked === 4) { setCluster('ACTIVE'); }
  };
  expect(await stack().create(account())).toMatchObject({ status: 'CREATE_COMPLETE' });
  aws.onRequest = undefined;
  expect(asked).toBeGreaterThanOrEqual(4);
  expect(names()).toEqual(['research']);
});

test('with the cluster, its accounts are gone: a deletion asks nobody', async () => {
  const cfn = stack();
  await cfn.create(account());
  aws.pcs.clusters.length = aws.requests.length = 0;
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(aws.requests.map(({ operation }) => operation)).not.toContain('GetSecretValue');
});

test('a preview changes nothing, and is followed by what it said', async () => {
  const cfn = stack();
  expect(await cfn.create(account({ Users: ['alice'] }, { Mode: 'PREVIEW' }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  const said = cfn.attributes;
  expect([names(), writes()]).toEqual([[], []]);
  await cfn.update(account({ Users: ['alice'] }));
  expect(cfn.attributes).toEqual(said);
  expect(names()).toEqual(['research']);
});

test('hundreds of users fit into requests and answers', async () => {
  const Users = Array.from({ length: 500 }, (_, index) => `user-with-a-long-name-${index}`);
  const cfn = stack({}, { virtualTime: false }); // the fake takes its time for so many
  expect((await cfn.create(account({ Users }))).reason).toBeUndefined();
  expect(usersOf('research')).toHaveLength(500);
  expect(cfn.attributes.Changes).toMatch(/and \d+ more, which are in the log$/);
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('slurmrestd that is silent for a moment is asked again', async () => {
  aws.faults.next('GET slurmdb/qos', { kind: 'reset' }, { kind: 'error', status: 502, code: 'BadGateway' });
  aws.faults.next('POST slurmdb/accounts_association', { kind: 'reset', accepted: true });
  expect(await stack().create(account())).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(names()).toEqual(['research']);
});

test('a cluster without the REST API is told from one without a way', async () => {
  aws.pcs.clusters.splice(0, 1, { ...slurmCluster(), status: 'ACTIVE' });
  expect((await stack().create(account())).reason).toContain('it needs Slurm 25.05 or later with the REST API enabled, and accounting');
});

test.each([
  ['without a name', account({ Name: '' }), 'Account.Name is missing'],
  ['with a limit that isn\'t one', account({ Limits: { Everything: '1' } }), 'Everything, which isn\'t one of'],
])('properties %s are refused before anybody is asked, and deleted without a word', async (_what, properties, words) => {
  const { status, reason } = await stack().create(properties);
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toContain(words);
  expect(aws.requests).toEqual([]);
});
