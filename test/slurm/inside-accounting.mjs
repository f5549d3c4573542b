/*
 * The shipped bundle of accounts and QOS against a real slurmdbd, slurmrestd, slurmctld and slurmd, in namespaces of their own: `inside-accounting.mjs PLAN OUTCOME`.
 * The database has accounts, users and QOS of strangers, which are the same afterwards.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ADDRESS, REST_CLUSTER, REST_PORT, mount, startAccounting, startMariaDb, within, write } from './machine.mjs';
import { Proxy } from './proxy.mjs';
import { importTypeScript } from '../../scripts/lib/import-typescript.mjs';

const [planFile, outcomeFile] = process.argv.slice(2);
const { root, bundle, repository, only } = JSON.parse(readFileSync(planFile, 'utf8'));
const began = Date.now();
const rows = [];
const problems = [];

const KEY = randomBytes(32);
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!slurm-jwt-key-abc';
const VERSION = '0f0e0d0c-0b0a-4908-8706-050403020100';
const CLUSTER = 'pcs_abc123';

/* ---- The world. ---- */

within(root);
mount();
await startMariaDb();
const { env } = await startAccounting(KEY);
const ready = Date.now() - began;
const proxy = await new Proxy(`http://${ADDRESS}:${REST_PORT}`).start();
const { FakeAws } = await importTypeScript(`${repository}/test/aws/server.ts`);
const aws = await new FakeAws().start();
const cluster = {
  name: 'slurm', id: CLUSTER, status: 'ACTIVE', slurmConfiguration: { jwtAuth: { jwtKey: { secretArn: SECRET, secretVersion: VERSION } } },
  endpoints: [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(proxy.port) }],
};
const setCluster = (status = 'ACTIVE') => { aws.pcs.clusters.splice(0, Infinity, { ...cluster, status }); };
setCluster();
aws.secretsmanager.set(SECRET, VERSION, KEY.toString('base64'));

Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI', AWS_SESSION_TOKEN: 'IQoJ' });
for (const service of ['PCS', 'SECRETS_MANAGER', 'EC2']) { process.env[`AWS_ENDPOINT_URL_${service}`] = aws.url; }
/* The pauses of the handler between two attempts are short here. */
const timers = createRequire(import.meta.url)('node:timers/promises');
const { setTimeout: pause } = timers;
timers.setTimeout = (milliseconds, ...rest) => pause(Math.min(milliseconds, 10), ...rest);
const { onEvent, isComplete } = createRequire(import.meta.url)(bundle);
const context = { getRemainingTimeInMillis: () => 300_000, logStreamName: 'stream' };

let logged = '';
const toConsole = process.stdout.write.bind(process.stdout);
process.stdout.write = text => { logged += text; if (process.env.SLURM_DEBUG) { process.stderr.write(text); } return true; };

/** A command of Slurm, as root or as a user. */
const slurm = (...command) => execFileSync('chroot', [root, '/usr/bin/env', ...command], { encoding: 'utf8', env: { ...env, PATH: '/usr/sbin:/usr/bin' }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 }).trim();
const sacctmgr = (...words) => slurm('sacctmgr', '-i', ...words);
const show = (...words) => slurm('sacctmgr', '-nP', 'show', ...words);
const UIDS = { alice: 1001, bob: 1002 };
function submit(user, ...options) {
  try {
    return { job: slurm('setpriv', `--reuid=${UIDS[user]}`, `--regid=${UIDS[user]}`, '--clear-groups', 'sbatch', '--parsable', '-D', '/tmp', '-o', '/tmp/out.%j', ...options, '/opt/job.sh') };
  } catch (error) {
    return { refused: String(error.stderr).trim() };
  }
}
write('/opt/job.sh', '#!/bin/bash\nsleep 30\n', 0o755);

const ASSOCIATION = 'account,user,parentname,fairshare,qos,defaultqos,grpjobs,grpjobsaccrue,grpsubmitjobs,grptres,grptresmins,grptresrunmins,grpwall,maxjobs,maxjobsaccrue,maxsubmitjobs,'
  + 'maxtresperjob,maxtresminsperjob,maxtrespernode,maxwalldurationperjob,priority';
const QOS = 'name,description,priority,flags,preempt,preemptmode,gracetime,usagefactor,usagethreshold,grpjobs,grpjobsaccrue,grpsubmitjobs,grptres,grptresmins,grptresrunmins,grpwall,'
  + 'maxjobspu,maxjobspa,maxsubmitjobspu,maxsubmitjobspa,maxtresperjob,maxtrespernode,maxtresperuser,maxtresperaccount,maxtresminsperjob,maxwalldurationperjob,mintresperjob';
/** All that the database has, a line each. A user whom no account has is left out: Slurm keeps the row, which does nothing, and nobody knows who made it. */
const dump = () => [
  ...show('account', 'withcoord', 'format=account,description,organization,coord').split('\n'),
  ...show('association', 'wopi', 'wopl', `format=${ASSOCIATION}`).split('\n'),
  ...show('qos', `format=${QOS}`).split('\n'),
  ...show('user', 'withcoord', 'format=user,defaultaccount,adminlevel,coord').split('\n').filter(line => !/^[^|]*\|\|None\|$/.test(line)),
].sort();

/* ---- CloudFormation, with the framework of the CDK. ---- */

let requests = 0;
const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/Teams/51af3dc0-da77-11e4-872e-1234567db123';

/** How often the framework asks here. */
const MOST_CHECKS = 20;

/** A custom resource in its life. */
class Resource {
  constructor(logicalId, { stack = STACK } = {}) {
    this.logicalId = logicalId;
    this.stack = stack;
  }

  event(RequestType, properties) {
    return JSON.parse(JSON.stringify({
      RequestType, RequestId: `r-${++requests}`, StackId: this.stack, LogicalResourceId: this.logicalId, PhysicalResourceId: this.physicalId,
      ResourceProperties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f', ClusterId: CLUSTER, ...properties },
      OldResourceProperties: RequestType === 'Update' ? this.properties : undefined,
    }));
  }

  /** What the framework does: it begins, and asks again until it is complete. Throws the reason of a failure. */
  async request(type, properties = this.properties, checks = undefined) {
    const event = this.event(type, properties);
    const begun = await onEvent(event, context);
    if (type !== 'Delete') { this.physicalId = begun.PhysicalResourceId; }
    this.waiting = { ...event, ...begun };
    for (let check = 0; check < (checks ?? MOST_CHECKS); check++) {
      if (await this.check()) {
        this.properties = properties;
        return this.data;
      }
    }
    if (checks === undefined) { throw new Error(`${type} of ${this.logicalId} isn't complete after ${MOST_CHECKS} checks`); }
    return undefined;
  }

  async check() {
    const { IsComplete, Data } = await isComplete(this.waiting, context);
    this.data = Data;
    return IsComplete;
  }

  create(properties) { return this.request('Create', properties); }
  update(properties) { return this.request('Update', properties); }
  delete(properties) { return this.request('Delete', properties); }
}

const account = (Name, more = {}, properties = {}) => ({ Kind: 'Account', Account: { Name, ...more }, ...properties });
const qos = (Name, more = {}, properties = {}) => ({ Kind: 'Qos', Qos: { Name, ...more }, ...properties });

async function refusal(work) {
  try {
    await work;
  } catch (error) {
    return error.message;
  }
  throw new Error('it was not refused');
}

/** One thing that is shown. */
async function shown(what, work) {
  if (only && !what.includes(only)) { return; }
  const since = Date.now();
  proxy.again();
  setCluster();
  try {
    const said = await work();
    process.stderr.write(`ok ${what}\n`);
    rows.push([what, said ?? 'yes', `${((Date.now() - since) / 1000).toFixed(1)} s`]);
  } catch (error) {
    problems.push(`${what}: ${String(error.stack ?? error).slice(0, 1500)}`);
    process.stderr.write(`FAILED ${problems.at(-1)}\n`); // first: what is left may hinder the rest, too
    tidyUp();
    rows.push([what, 'FAILED', `${((Date.now() - since) / 1000).toFixed(1)} s`]);
  }
}

/** Takes away what something that failed has left, so that others can be shown nevertheless. */
function tidyUp() {
  slurm('scancel', '-u', 'alice');
  slurm('sleep', '2');
  for (const kind of ['account', 'qos']) {
    const ours = show(kind, `format=${kind === 'qos' ? 'name' : kind},description`).split('\n').filter(line => /\[cdk-hpc-clusters /.test(line)).map(line => line.split('|')[0]);
    for (const name of [...ours, ...ours]) {
      try { sacctmgr('delete', kind, name); } catch { /* it has children, or is gone with its parent */ }
    }
  }
}

/** Why a job waits. */
function reasonOf(job) {
  return job === undefined ? '' : slurm('squeue', '-h', '-j', job, '-o', '%r');
}

async function until(what, called) {
  for (const end = Date.now() + 15_000; ;) {
    if (await what()) { return; }
    if (Date.now() > end) { throw new Error(`${called} was not seen within 15 s`); }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

/* ---- What slurmrestd answers, which the fake of test/aws is held to. ---- */

const answers = [];
{
  const { slurmToken } = await importTypeScript(`${repository}/lambda/clients/slurm-token.ts`);
  const { REQUESTS, kept } = await importTypeScript(`${repository}/test/slurm/rest-requests.ts`);
  const token = slurmToken(KEY, { userName: 'root', uid: 0, gid: 0, gids: [] }, new Date());
  for (const { method, path, body } of REQUESTS) {
    const { status, text } = await proxy.ask(method, `/slurmdb/v0.0.43${path}`, { 'X-SLURM-USER-NAME': 'root', 'X-SLURM-USER-TOKEN': token, 'Content-Type': 'application/json' }, body && JSON.stringify(body));
    answers.push({ method, path, body, ...kept(status, text) });
  }
}

/* ---- Strangers, made by hand. ---- */

sacctmgr('add', 'qos', 'strangers', 'priority=7', 'grptresmins=gres/gpu=1234', 'flags=DenyOnLimit');
sacctmgr('add', 'account', 'stranger', 'description=Made by hand', 'organization=others', 'qos=strangers,normal', 'defaultqos=normal', 'grptres=gres/gpu=4', 'maxjobs=9');
sacctmgr('add', 'account', 'below', 'parent=stranger', 'maxsubmitjobs=11');
sacctmgr('add', 'user', 'bob', 'account=stranger', 'fairshare=3', 'grptres=gres/gpu=2');
sacctmgr('add', 'user', 'operator', 'account=stranger', 'adminlevel=operator');
sacctmgr('add', 'coordinator', 'account=stranger', 'names=bob');
const before = dump();

/* ---- What is shown. ---- */

const LIMITS = {
  GrpJobs: '101', GrpJobsAccrue: '102', GrpSubmitJobs: '103', GrpTRES: 'gres/gpu=104,cpu=1040', GrpTRESMins: 'gres/gpu=105', GrpTRESRunMins: 'gres/gpu=106', GrpWall: '107', MaxJobs: '108',
  MaxJobsAccrue: '109', MaxSubmitJobs: '110', MaxTRESMinsPerJob: 'gres/gpu=111', MaxTRESPerJob: 'gres/gpu=112,gres/gpu:h100=113', MaxTRESPerNode: 'gres/gpu=114', MaxWallDurationPerJob: '115',
};
const QOS_LIMITS = {
  GrpJobs: '201', GrpJobsAccrue: '202', GrpSubmitJobs: '203', GrpTRES: 'gres/gpu=204', GrpTRESMins: 'gres/gpu=205', GrpTRESRunMins: 'gres/gpu=206', GrpWall: '207', MaxJobsAccruePerAccount: '208',
  MaxJobsAccruePerUser: '209', MaxJobsPerAccount: '210', MaxJobsPerUser: '211', MaxSubmitJobsPerAccount: '212', MaxSubmitJobsPerUser: '213', MaxTRESMinsPerJob: 'gres/gpu=214',
  MaxTRESPerAccount: 'gres/gpu=215', MaxTRESPerJob: 'gres/gpu=216', MaxTRESPerNode: 'gres/gpu=217', MaxTRESPerUser: 'gres/gpu=218,cpu=2180', MaxTRESRunMinsPerAccount: 'gres/gpu=219',
  MaxTRESRunMinsPerUser: 'gres/gpu=220', MaxWallDurationPerJob: '221', MinTRESPerJob: 'gres/gpu=1',
};
/** A limit as sacctmgr says it: in minutes where it is a time, by resource in any order. */
function saidBySacctmgr(entity, name, limit) {
  const [found] = show(...entity, `format=${limit}`).split('\n');
  const time = /^(?:(\d+)-)?(\d\d):(\d\d):(\d\d)$/.exec(found);
  if (time) { return String(Number(time[1] ?? 0) * 1440 + Number(time[2]) * 60 + Number(time[3])); }
  return found.split(',').sort().join(',');
}

await shown('every limit of an account and of a QOS is what sacctmgr says, and none is left when it is no longer wanted', async () => {
  const research = new Resource('Research');
  const batch = new Resource('Batch');
  await batch.create(qos('batch', { Description: 'Night\'s work', Priority: '5', Flags: ['DenyOnLimit', 'NoDecay'], Preempt: ['strangers'], PreemptMode: ['requeue'], GraceTime: '30', UsageFactor: '0.5', Limits: QOS_LIMITS }));
  await research.create(account('research', { Description: 'It\'s "ours"', Organization: 'Lab', FairShare: '7', Qos: ['batch', 'normal'], DefaultQos: 'batch', Limits: LIMITS }));
  const wrong = [
    ...Object.entries(LIMITS).map(([limit, value]) => [limit, value, saidBySacctmgr(['association', 'where', 'account=research', 'user='], 'research', limit)]),
    ...Object.entries(QOS_LIMITS).map(([limit, value]) => [limit, value, saidBySacctmgr(['qos', 'batch'], 'batch', limit)]),
  ].filter(([, wanted, found]) => wanted.split(',').sort().join(',') !== found);
  assert.deepEqual(wrong, []);
  assert.equal(show('qos', 'batch', 'format=priority,flags,preempt,preemptmode,gracetime,usagefactor'), '5|DenyOnLimit,NoDecay|strangers|requeue|00:00:30|0.500000');
  assert.match(show('association', 'where', 'account=research', 'format=parentname,fairshare,qos,defaultqos'), /^root\|7\|batch,normal\|batch$/);
  assert.match(show('account', 'research', 'format=description,organization'), /^It's "ours" \[cdk-hpc-clusters 51af3dc0-da77-11e4-872e-1234567db123\/Research\]\|Lab$/);
  await research.update(account('research', { Description: 'It\'s "ours"', Organization: 'Lab', Qos: ['normal'] }));
  await batch.update(qos('batch', { Preempt: ['strangers'] }));
  const left = [
    ...Object.keys(LIMITS).map(limit => [limit, saidBySacctmgr(['association', 'where', 'account=research', 'user='], 'research', limit)]),
    ...Object.keys(QOS_LIMITS).map(limit => [limit, saidBySacctmgr(['qos', 'batch'], 'batch', limit)]),
  ].filter(([, found]) => found !== '');
  assert.deepEqual(left, []);
  assert.equal(show('qos', 'batch', 'format=priority,flags,preemptmode,gracetime,usagefactor'), '0||cluster|00:00:00|1.000000');
  const { Changes } = await batch.update(qos('batch'));
  assert.match(Changes, /sacctmgr modify qos batch set preempt=/);
  assert.equal(show('qos', 'batch', 'format=preempt'), 'strangers');
  await research.delete();
  await batch.delete();
  return `${Object.keys(LIMITS).length} and ${Object.keys(QOS_LIMITS).length} limits`;
});

await shown('a job above the budget is refused at submission, as is one of another team\'s account; a larger budget lets it run', async () => {
  const budget = new Resource('Budget');
  const vision = new Resource('Vision');
  await budget.create(qos('gpus', { Flags: ['DenyOnLimit'], Limits: { GrpTRESMins: 'gres/gpu=60' } }));
  await vision.create(account('vision', { Qos: ['gpus'], DefaultQos: 'gpus', Users: ['alice'] }));
  const above = submit('alice', '--gres=gpu:8', '-t', '10');
  assert.match(above.refused ?? `job ${above.job}`, /QOSGrpGRESMinutes/);
  const stranger = submit('alice', '-A', 'stranger', '--gres=gpu:1', '-t', '1');
  assert.match(stranger.refused ?? `job ${stranger.job}`, /Invalid account or account\/partition combination/);
  await budget.update(qos('gpus', { Flags: ['DenyOnLimit'], Limits: { GrpTRESMins: 'gres/gpu=6000' } }));
  await until(() => submit('alice', '--gres=gpu:8', '-t', '10').job !== undefined, 'a job within the budget');
  slurm('scancel', '-u', 'alice');
  await budget.update(qos('gpus', { Limits: {} }));
  await vision.update(account('vision', { Qos: ['gpus'], DefaultQos: 'gpus', Users: ['alice'], Limits: { GrpTRESMins: 'gres/gpu=60' } }));
  const waiting = submit('alice', '--gres=gpu:8', '-t', '10').job;
  await until(() => /AssocGrpGRESMinutes/.test(reasonOf(waiting)), 'the reason AssocGrpGRESMinutes');
  slurm('scancel', '-u', 'alice');
  await vision.request('Delete', { ...vision.properties, OnDelete: 'DELETE', ActiveJobs: 'WAIT' }, 1);
  await until(() => vision.check(), 'the end of the jobs');
  await budget.delete();
  return above.refused.split('\n').at(-1).replace(/^sbatch: error: /, '');
});

await shown('the watch of accounts measures what sshare says, and which budget is left', async () => {
  const watched = new Resource('Watched');
  await watched.create(account('watched', { Users: ['alice'], Limits: { GrpTRESMins: 'gres/gpu=60' } }));
  let job;
  await until(() => (job = submit('alice', '-A', 'watched', '--gres=gpu:8', '-t', '5').job) !== undefined, 'a job within the budget');
  await until(() => slurm('squeue', '-h', '-j', job, '-o', '%T') === 'RUNNING', 'a job that runs');
  const measure = async () => {
    const from = logged.length;
    await createRequire(import.meta.url)(bundle.replace('pcs-accounting', 'pcs-usage-watch')).handler({ ClusterId: CLUSTER, Accounts: ['watched', 'nobody'] }, context);
    const lines = logged.slice(from).split('\n').filter(line => line.includes('"_aws"')).map(line => JSON.parse(line));
    assert.equal(lines.length, 1);
    return lines[0];
  };
  const running = await measure();
  assert.ok(running.GpuHoursCommitted > 0, `what may still be used, got: ${JSON.stringify(running)}`);
  await pause(9_000);
  slurm('scancel', job);
  let ended = running;
  await until(async () => (ended = await measure()).GpuHoursUsed > 0, 'what was used');
  const [, minutes] = /gres\/gpu=(\d+)/.exec(slurm('sshare', '-nP', '-A', 'watched', '-o', 'GrpTRESRaw%200').split('\n')[0]);
  assert.equal(Math.floor(ended.GpuHoursUsed * 60), Number(minutes), JSON.stringify(ended));
  assert.equal(ended.GpuHoursBudget, 1);
  assert.ok(Math.abs(ended.BudgetUsedPercent - 100 * ended.GpuHoursUsed) < 0.2, JSON.stringify(ended));
  await watched.delete({ ...watched.properties, OnDelete: 'DELETE', ActiveJobs: 'WAIT' }) ?? await until(() => watched.check(), 'the end of the job');
  return `${ended.GpuHoursUsed} GPU hours, ${ended.BudgetUsedPercent} %`;
});

await shown('drift is put right: limits, users, fair share, description, default QOS', async () => {
  const team = new Resource('Drift');
  const properties = account('drift', { FairShare: '3', Qos: ['normal'], DefaultQos: 'normal', Users: ['alice', 'bob'], EachUser: { Limits: { MaxJobs: '5' } }, Limits: { GrpTRES: 'gres/gpu=8' } });
  await team.create(properties);
  const asWanted = dump();
  sacctmgr('modify', 'account', 'drift', 'set', 'grptres=gres/gpu=80,cpu=5', 'maxjobs=1', 'fairshare=99', 'description=mine now [cdk-hpc-clusters 51AF3DC0-da77-11e4-872e-1234567db123/DRIFT]');
  sacctmgr('modify', 'user', 'alice', 'where', 'account=drift', 'set', 'maxjobs=500', 'grptres=gres/gpu=1');
  sacctmgr('add', 'user', 'operator', 'account=drift');
  sacctmgr('delete', 'user', 'bob', 'account=drift');
  assert.notDeepEqual(dump(), asWanted);
  const { Changes, ChangeCount } = await team.update({ ...properties, Refresh: '2' });
  assert.deepEqual(dump(), asWanted);
  assert.ok(Number(ChangeCount) >= 4, Changes);
  assert.match(Changes, /GrpTRES cpu=5,gres\/gpu=80 -> gres\/gpu=8/);
  proxy.again();
  assert.equal((await team.update({ ...properties, Refresh: '3' })).ChangeCount, '0');
  assert.equal(proxy.writes.length, 0);
  await team.delete();
  return `${ChangeCount} changes; none the second time`;
});

await shown('a user leaves a default account for another one, and becomes a default where that is wanted', async () => {
  const [first, second] = [new Resource('First'), new Resource('Second')];
  await first.create(account('first', { Users: ['alice'] }));
  await second.create(account('second', { Users: ['alice'] }));
  const defaultOf = () => show('user', 'alice', 'format=defaultaccount');
  assert.equal(defaultOf(), 'first');
  await second.update(account('second', { Users: ['alice'], DefaultFor: ['alice'] }));
  assert.equal(defaultOf(), 'second');
  await second.update(account('second', { Users: [] }));
  assert.equal(defaultOf(), 'first');
  await second.update(account('second', { Users: ['alice'], DefaultFor: ['alice'] }));
  await second.delete();
  assert.equal(defaultOf(), 'first');
  await first.delete();
});

await shown('nobody else\'s account or QOS is touched, nor those of another stack, unless it is to be adopted', async () => {
  const words = [
    await refusal(new Resource('A').create(account('stranger', { Users: ['alice'] }))),
    await refusal(new Resource('B').create(qos('strangers', { Priority: '1' }))),
    await refusal(new Resource('C').create(account('root'))),
    await refusal(new Resource('D').create(qos('normal'))),
  ];
  assert.match(words[0], /the account "stranger" is there already, and it wasn't made by this resource/);
  assert.match(words[1], /the QOS "strangers" is there already/);
  assert.match(words[2], /Slurm's own/);
  assert.deepEqual(dump(), before);
  const [one, other] = [new Resource('Same'), new Resource('Same', { stack: STACK.replace('51af3dc0', '61af3dc0') })];
  await one.create(account('shared'));
  assert.match(await refusal(other.create(account('shared'))), /another resource of CloudFormation made it/);
  assert.match(await refusal(new Resource('Copy').create(account('SHARED'))), /another resource of CloudFormation made it/);
  await other.delete(account('shared'));
  assert.match(show('account', 'shared', 'format=account'), /shared/);
  await other.create(account('shared', {}, { Adopt: 'true' }));
  await one.delete();
  assert.match(show('account', 'shared', 'format=account'), /shared/);
  await other.delete();
  assert.match(show('account', 'shared', 'format=account'), /shared/); // what is adopted is never deleted
  await other.delete(account('shared'));
  assert.deepEqual(dump(), before);
});

await shown('a preview says what would change, and writes nothing, on deletion, too', async () => {
  const preview = new Resource('Preview');
  const properties = account('preview', { Qos: ['normal'], Users: ['alice', 'carol'], Limits: { GrpTRESMins: 'gres/gpu=60' } });
  const { Changes, ChangeCount } = await preview.create({ ...properties, Mode: 'PREVIEW' });
  assert.equal(proxy.writes.length, 0);
  assert.match(Changes, /make the account preview below root\n.*GrpTRESMins none -> gres\/gpu=60\n.*add alice, carol/);
  const missing = await new Resource('Other').create(account('other', { Parent: 'nowhere' }, { Mode: 'PREVIEW' }));
  assert.match(missing.Changes, /would fail: the parent "nowhere"/);
  await preview.update(properties);
  proxy.again();
  await preview.delete({ ...properties, Mode: 'PREVIEW', OnDelete: 'DELETE' });
  assert.equal(proxy.writes.length, 0);
  await preview.delete(properties);
  return `${ChangeCount} changes`;
});

await shown('what isn\'t there is refused in words: a parent, a QOS, a resource that isn\'t counted, a circle', async () => {
  assert.match(await refusal(new Resource('A').create(account('a', { Parent: 'nowhere' }))), /the parent "nowhere" of the account "a" doesn't exist/);
  assert.match(await refusal(new Resource('A').create(account('a', { Qos: ['nothing'] }))), /names QOS that don't exist: nothing/);
  const odd = new Resource('Odd');
  assert.match(await refusal(odd.create(account('odd', { Limits: { GrpTRES: 'gres/tpu=1' } }))), /AccountingStorageTRES/);
  await odd.delete(account('odd'));
  const [upper, lower] = [new Resource('Upper'), new Resource('Lower')];
  await upper.create(account('upper'));
  await lower.create(account('lower', { Parent: 'upper' }));
  assert.match(await refusal(upper.update(account('upper', { Parent: 'lower' }))), /parent/);
  await upper.update(account('upper'));
  /* Deleting the upper one would take the lower one's users along. */
  assert.match(await refusal(upper.delete({ ...account('upper'), OnDelete: 'DELETE' })), /the accounts lower are below it/);
  await upper.delete();
  assert.match(show('account', 'upper', 'format=account'), /upper/);
  await lower.delete();
  await upper.delete();
  assert.deepEqual(dump(), before);
});

await shown('a QOS that an account has stays, and one that nobody has goes', async () => {
  const [gold, team] = [new Resource('Gold'), new Resource('Team')];
  await gold.create(qos('gold'));
  await team.create(account('team', { Qos: ['gold'] }));
  assert.match(await refusal(gold.delete({ ...qos('gold'), OnDelete: 'DELETE' })), /account team has it/);
  await gold.delete();
  assert.equal(show('qos', 'gold', 'format=name'), 'gold');
  await team.update(account('team'));
  assert.match(show('association', 'where', 'account=team', 'format=qos'), /normal/); // what its parent has
  await gold.delete();
  await team.delete();
  assert.deepEqual(dump(), before);
});

await shown('what has jobs isn\'t deleted: refused in words, or waited for; what jobs have used is retained', async () => {
  const busy = new Resource('Busy');
  const properties = account('busy', { Users: ['alice'] });
  await busy.create(properties);
  const { job, refused } = submit('alice', '-A', 'busy', '--gres=gpu:1', '-t', '1');
  assert.equal(refused, undefined);
  await until(() => /RUNNING/.test(slurm('squeue', '-h', '-j', job, '-o', '%T')), 'the job');
  assert.match(await refusal(busy.update(account('busy', { Users: [] }))), /the account "busy" has jobs that wait or run.*\(7001\)/);
  assert.match(await refusal(busy.delete({ ...properties, OnDelete: 'DELETE' })), /has jobs that wait or run/);
  assert.equal(await busy.request('Update', { ...account('busy', { Users: [] }), ActiveJobs: 'WAIT' }, 2), undefined);
  slurm('scancel', job);
  await until(() => busy.check(), 'the end of the job');
  assert.equal(show('association', 'where', 'account=busy', 'user=alice', 'format=user'), '');
  await busy.delete(properties);
  assert.match(show('account', 'busy', 'format=account'), /busy/); // retained
  await new Resource('Busy').create(properties); // and had again
  await busy.delete({ ...properties, OnDelete: 'DELETE' });
  assert.deepEqual(dump(), before);
});

await shown('a cluster that is updating is waited for; with one that goes, the database goes, too', async () => {
  const patient = new Resource('Patient');
  setCluster('UPDATING');
  assert.equal(await patient.request('Create', account('patient'), 2), undefined);
  assert.equal(proxy.requests.length, 0);
  setCluster();
  assert.ok(await patient.check());
  await patient.delete(account('patient'));
  setCluster('DELETING');
  await patient.delete(account('patient'));
  aws.pcs.clusters.length = 0;
  await patient.delete(account('patient'));
  setCluster('SUSPENDED');
  assert.match(await refusal(patient.create(account('patient'))), /SUSPENDED/);
});

await shown('a user without rights, and another key, are refused in words', async () => {
  const Identity = { UserName: 'alice', Uid: '1001', Gid: '1001' };
  assert.match(await refusal(new Resource('A').create(account('a', {}, { Identity }))), /must be an administrator of Slurm's accounting/);
  aws.secretsmanager.set(SECRET, VERSION, randomBytes(32).toString('base64'));
  const wrong = new Resource('B');
  await wrong.request('Create', account('b'), 1);
  aws.secretsmanager.set(SECRET, VERSION, KEY.toString('base64'));
  wrong.waiting.StartedAt = new Date(Date.now() - 11 * 60_000).toISOString();
  aws.secretsmanager.set(SECRET, VERSION, randomBytes(32).toString('base64'));
  assert.match(await refusal(wrong.check()), /takes no token of this user or of this key/);
  aws.secretsmanager.set(SECRET, VERSION, KEY.toString('base64'));
  assert.deepEqual(dump(), before);
});

/* ---- What goes wrong on the way. ---- */

const FAULTS = ['reset', 'resetAfter', 'gateway', 'garbageAfter'];
const LIFE = {
  create: account('faulty', { Qos: ['normal'], Users: ['alice', 'bob'], DefaultFor: ['alice'], EachUser: { Limits: { MaxJobs: '4' } }, Limits: { GrpTRESMins: 'gres/gpu=60' } }),
  update: account('faulty', { Qos: ['normal'], Users: ['alice'], EachUser: { Limits: {} }, Limits: { GrpTRESMins: 'gres/gpu=600', MaxJobs: '2' } }),
};
const expected = {};
const counted = {};

await shown('a life without faults, which others are compared with', async () => {
  const resource = new Resource('Faulty');
  for (const step of ['create', 'update', 'delete']) {
    proxy.again();
    await resource[step](LIFE[step] ?? LIFE.update);
    expected[step] = dump();
    counted[step] = proxy.requests.length;
  }
  assert.deepEqual(expected.delete, before);
  return `${counted.create}, ${counted.update} and ${counted.delete} requests`;
});

await shown('any request may fail in any way: the end is the same', async () => {
  let lives = 0;
  for (const fault of FAULTS) {
    for (let at = 1; at <= Math.max(...Object.values(counted)); at++) {
      const resource = new Resource('Faulty');
      for (const step of ['create', 'update', 'delete']) {
        proxy.again(number => number === at ? fault : undefined);
        await resource[step](LIFE[step] ?? LIFE.update);
      }
      lives++;
    }
    assert.deepEqual(dump(), before, fault);
  }
  return `${lives} lives, each with up to 3 faults of ${FAULTS.length} kinds`;
});

await shown('a function that dies at any request: the next delivery goes on', async () => {
  let deaths = 0;
  for (const kind of ['death', 'deathAfter']) {
    const resource = new Resource('Faulty');
    for (const step of ['create', 'update', 'delete']) {
      const properties = LIFE[step] ?? LIFE.update;
      for (let at = 1; at <= counted[step]; at++) {
        const died = proxy.again(number => number === at ? kind : undefined);
        const event = resource.event({ create: 'Create', update: 'Update', delete: 'Delete' }[step], properties);
        const lived = await Promise.race([died.then(() => false), onEvent(event, context).then(() => true)]);
        if (lived) { break; } // what it began is done already
        deaths++;
      }
      proxy.again();
      await resource[step](properties);
      if (step !== 'delete') { assert.deepEqual(dump(), expected[step], `${kind} ${step}`); }
    }
  }
  assert.deepEqual(dump(), before);
  return `${deaths} deaths`;
});

await shown('two deliveries at once, and two stacks at once, with resets', async () => {
  for (let run = 0; run < 4; run++) {
    proxy.again(number => number % 23 === run + 1 ? 'resetAfter' : undefined); // a deletion takes half as many requests
    const twins = [new Resource('Faulty'), new Resource('Faulty')];
    const neighbours = [1, 2, 3].map(index => new Resource('Neighbour', { stack: STACK.replace('51af3dc0', `6${index}af3dc0`) }));
    await Promise.all([
      ...twins.map(twin => twin.create(LIFE.create)),
      ...neighbours.map((neighbour, index) => neighbour.create(account(`neighbour${index}`, { Users: ['alice', 'bob'], Limits: { GrpTRESMins: `gres/gpu=${index + 1}` } }))),
    ]);
    assert.equal(show('association', 'where', 'account=faulty', 'format=user').split('\n').sort().join(), 'alice,bob');
    await Promise.all([...twins.map(twin => twin.delete()), ...neighbours.map(neighbour => neighbour.delete())]);
  }
  assert.deepEqual(dump(), before);
});

/* ---- The other way: a script on a login node. ---- */

const { accountingScript, accountingDocument } = await importTypeScript(`${repository}/src/pcs/private/accounting/script.ts`);
const SCRIPTS = '51af3dc0-da77-11e4-872e-1234567db123';

/** What the agent of AWS Systems Manager does: it writes the commands of the document into a file and runs that. */
function runScript(entries, more = {}) {
  const [{ inputs }] = accountingDocument({ stack: SCRIPTS, entries, ...more }, '/usr/bin').mainSteps;
  write('/opt/accounting.sh', inputs.runCommand.join('\n'), 0o755);
  try {
    return slurm('bash', '/opt/accounting.sh');
  } catch (error) {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  }
}

await shown('the script of a login node makes, changes and deletes the same as the function', async () => {
  const wantedQos = { Name: 'batch', Description: 'Night\'s "work" $(id) `id` {{x}}', Priority: '5', Flags: ['DenyOnLimit', 'NoDecay'], Preempt: ['strangers'], PreemptMode: ['requeue'], GraceTime: '30', UsageFactor: '0.5', Limits: QOS_LIMITS };
  const wantedAccount = {
    Name: 'research', Organization: 'Lab', FairShare: '7', Qos: ['batch', 'normal'], DefaultQos: 'batch', Limits: LIMITS, Users: ['alice', 'bob'], DefaultFor: ['bob'],
    EachUser: { FairShare: '2', Limits: { MaxJobs: '5', GrpTRES: 'gres/gpu=2' } },
  };
  const [batch, research] = [new Resource('Batch'), new Resource('Research')];
  await batch.create({ Kind: 'Qos', Qos: wantedQos });
  await research.create({ Kind: 'Account', Account: wantedAccount });
  /* Descriptions differ: sacctmgr writes them in lower case, and reads quotes itself. */
  const withoutDescriptions = () => dump().map(line => line.toLowerCase().replace(/^(research|batch)\|[^|]*\[cdk[^|]*\]/, '$1')).sort();
  const byFunction = withoutDescriptions();
  await research.delete();
  await batch.delete();
  assert.deepEqual(dump(), before);
  const entries = [{ logicalId: 'Batch', qos: wantedQos }, { logicalId: 'Research', account: wantedAccount }];
  assert.match(runScript(entries, { preview: true }), /make the qos batch\nmake the account research/);
  assert.deepEqual(dump(), before);
  runScript(entries);
  assert.deepEqual(withoutDescriptions(), byFunction);
  runScript(entries); // and again
  assert.deepEqual(withoutDescriptions(), byFunction);
  /* What one way made is the other way's, too. */
  const again = new Resource('Research');
  await again.create({ Kind: 'Account', Account: wantedAccount });
  const less = { Name: 'research', Users: ['alice'], EachUser: {} };
  runScript([{ logicalId: 'Batch', qos: { Name: 'batch' } }, { logicalId: 'Research', account: less }]);
  const left = [
    ...Object.keys(LIMITS).map(limit => [limit, saidBySacctmgr(['association', 'where', 'account=research', 'user='], 'research', limit)]),
    ...Object.keys(QOS_LIMITS).map(limit => [limit, saidBySacctmgr(['qos', 'batch'], 'batch', limit)]),
  ].filter(([, found]) => found !== '');
  assert.deepEqual(left, []);
  assert.deepEqual(show('association', 'where', 'account=research', 'format=user,fairshare,grptres,maxjobs').split('\n').sort(), ['alice|1||', '|1||']);
  assert.equal(show('user', 'bob', 'format=defaultaccount'), 'stranger');
  assert.throws(() => runScript([{ logicalId: 'Mine', account: { Name: 'stranger' } }]), /the account stranger is there already, and it wasn't made by this resource/);
  runScript([]); // nothing is named any more
  assert.deepEqual(dump(), before);
  return `${accountingScript({ stack: SCRIPTS, entries }).split('\n').length} lines`;
});

await shown('the strangers\' part of the database is what it was', async () => {
  assert.deepEqual(dump(), before);
  return `${before.length} lines`;
});

await shown('neither key nor token is in what was logged', async () => {
  const tokens = proxy.requests.map(({ headers }) => headers['x-slurm-user-token']);
  for (const secret of [KEY.toString('base64'), KEY.toString('hex'), ...tokens, 'eyJhbGciOi']) { assert.ok(!logged.includes(secret)); }
  return `${logged.split('\n').length} lines of log`;
});

writeFileSync(outcomeFile, JSON.stringify({ rows, problems, answers, ready, cluster: REST_CLUSTER, seconds: (Date.now() - began) / 1000 }, undefined, 1));
process.stdout.write = toConsole;
process.exit(0);
