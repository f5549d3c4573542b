// Many look-ups and quotas in one deployment, against an API that throttles: `npm run load`. docs/load.md has what it showed.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { importTypeScript } from '../../scripts/lib/import-typescript.mjs';
import { LocalCloud, ACCOUNT, REGION, ROOT } from '../e2e/cloud.mjs';
import { supervised } from '../e2e/processes.mjs';
import { Traffic, median, most } from './traffic.mjs';

const USAGE = `Usage: npm run load [-- at-once] [-- deployment] [-- --lookups 400 --quotas 50 --stacks 20 --rate 10 --burst 20]
  at-once      the bundles, all custom resources at the same moment
  deployment   the local engine, as many look-ups at once as there are stacks
  --rate, --burst   requests a second that an operation of the API has room for, and at once after a time of quiet`;

/** The pod of all quotas. */
const CLUSTER = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:cluster/a1b2c3d4e5f6`;

/** As the constructs set them. */
const LOOKUP_TIMEOUT_MS = 120_000;
const QUOTA_TIMEOUT_MS = 600_000;
const CHECK_MS = 15_000;

/** How often a quota is described before it is made. */
const READS_UNTIL_DONE = 2;

/** Processes that sandboxes are spread over. */
const PROCESSES = 8;

function options() {
  const number = value => {
    assert.match(value, /^\d+(\.\d+)?$/, USAGE);
    return Number(value);
  };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(Object.entries({ lookups: '400', quotas: '50', stacks: '20', rate: '10', burst: '20' })
      .map(([name, value]) => [name, { type: 'string', default: value }])),
  });
  assert.ok(positionals.every(name => name in MODES), USAGE);
  return { modes: positionals.length > 0 ? positionals : Object.keys(MODES), ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number(value)])) };
}

function putPlans(fake, lookups) {
  for (let index = 0; index < lookups; index++) {
    const TrainingPlanName = `load-${index}`;
    fake.sagemaker.plans.set(TrainingPlanName, { TrainingPlanName, Status: 'Active', TotalInstanceCount: index });
  }
}

/** The plan that a look-up asks about. */
const planOf = ({ operation, input }) => (operation === 'DescribeTrainingPlan' ? input.TrainingPlanName : undefined);

function report(mode, traffic, more) {
  const rows = {
    ...Object.fromEntries(traffic.operations.map(operation => {
      const { requests, throttles } = traffic.of(operation);
      return [`requests, ${operation}`, `${requests}, ${throttles} of them throttled`];
    })),
    'look-ups that waited for the API at the same time, at most': traffic.mostOpen,
    'requests again per look-up, median and most': `${median(traffic.retries)} and ${most(traffic.retries)}`,
    'longest look-up, from its first request to its answer': `${most(traffic.durations).toFixed(1)} s`,
    ...more,
  };
  console.log(`\n${mode}`);
  Object.entries(rows).forEach(([what, value]) => console.log(`  ${what}: ${value}`));
}

/** CloudFormation at its worst: everything at the same moment. */
async function atOnce({ FakeAws, Throttle, EventMaker, ResponseReceiver, reading, LAMBDA_CREDENTIALS }, { lookups, quotas, rate, burst }) {
  for (const kind of ['lookup', 'compute-quota']) { assert.ok(existsSync(bundleOf(kind)), 'no bundles: npm run bundle'); }
  const fake = await new FakeAws({ account: ACCOUNT, secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } }).start();
  const receiver = await new ResponseReceiver().start();
  const lambda = new Sandboxes({ ...LAMBDA_CREDENTIALS, AWS_REGION: REGION, AWS_ENDPOINT_URL_SAGEMAKER: fake.url, LOAD_RECEIVER_PORT: String(receiver.port) });
  try {
    putPlans(fake, lookups);
    fake.sagemaker.quotas.readsUntilDone = READS_UNTIL_DONE;
    const events = (kind, count, resourceType, properties) => Array.from({ length: count }, (_, index) => (
      new EventMaker({ stackName: 'Load', logicalId: `${kind}${index}`, resourceType }).create(properties(index))));
    const plans = events('Plan', lookups, 'Custom::HpcTrainingPlansLookup', index => reading(`load-${index}`, 'TotalInstanceCount'));
    const wanted = events('Quota', quotas, 'Custom::HpcHyperPodComputeQuota', index => ({
      Name: `quota-${index}`,
      ClusterArn: CLUSTER,
      ComputeQuotaTarget: { TeamName: `team-${index}` },
      ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: 'ml.p5.48xlarge', Count: 1 }] },
    }));
    plans.forEach(event => receiver.expect(event));
    const [first] = events('First', 1, 'Custom::HpcTrainingPlansLookup', () => reading('load-0', 'TotalInstanceCount'));
    receiver.expect(first);
    await lambda.warm(lookups, { bundle: bundleOf('lookup'), exported: 'handler', event: first, timeoutMs: LOOKUP_TIMEOUT_MS });
    const [unmade] = events('First', 1, 'Custom::HpcHyperPodComputeQuota', () => ({}));
    const unseen = { ...unmade, PhysicalResourceId: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:compute-quota/q99999999999` };
    await lambda.warm(quotas, { bundle: bundleOf('compute-quota'), exported: 'isComplete', event: unseen, timeoutMs: LOOKUP_TIMEOUT_MS });
    receiver.answers.length = 0;
    fake.faults.choose = new Throttle({ rate, burst }).choose;
    const traffic = new Traffic(fake, planOf);

    const [found, made] = await Promise.all([
      Promise.all(plans.map(event => lambda.invoke({ bundle: bundleOf('lookup'), exported: 'handler', event, timeoutMs: LOOKUP_TIMEOUT_MS }))),
      Promise.all(wanted.map(event => makeQuota(lambda, event))),
    ]);

    report(`at once: ${lookups} look-ups and ${quotas} quotas, ${rate} requests a second, ${burst} at once`, traffic, {
      'answers to CloudFormation': `${receiver.answers.length}, of which ${receiver.answers.length - lookups} again, as it was slow to take them`,
      'look-ups that failed': receiver.answers.filter(({ Status }) => Status !== 'SUCCESS').length,
      'longest invocation of a look-up': `${most(found.map(({ milliseconds }) => milliseconds / 1000)).toFixed(1)} s of ${LOOKUP_TIMEOUT_MS / 1000} s`,
      'longest invocation for a quota': `${most(made.map(({ milliseconds }) => milliseconds / 1000)).toFixed(1)} s of ${QUOTA_TIMEOUT_MS / 1000} s`,
      'most checks of a quota': most(made.map(({ checks }) => checks)),
      'all in all': `${traffic.seconds.toFixed(1)} s`,
    });
    assert.deepEqual(receiver.refused, []);
    const failed = receiver.answers.filter(({ Status }) => Status !== 'SUCCESS');
    assert.equal(failed.length, 0, `look-ups that failed, the first of them: ${failed[0]?.Reason}`);
    for (const [index, event] of plans.entries()) {
      const answers = receiver.answersTo(event).map(({ Data }) => JSON.stringify(Data));
      assert.deepEqual([...new Set(answers)], [JSON.stringify({ TotalInstanceCount: String(index) })], `answers to look-up ${index}`);
    }
    assert.equal(traffic.subjects.length, lookups, 'look-ups that asked');
    checkQuotas(fake, quotas);
  } finally {
    lambda.stop();
    await Promise.all([fake.stop(), receiver.stop()]);
  }
}

/** What CDK's provider framework does with a quota: it asks for it, and asks whether it is there until it is. */
async function makeQuota(lambda, event) {
  const bundle = bundleOf('compute-quota');
  const requested = await lambda.invoke({ bundle, exported: 'onEvent', event, timeoutMs: QUOTA_TIMEOUT_MS });
  assert.equal(requested.error, undefined);
  for (let checks = 1; ; checks++) {
    const { result, error } = await lambda.invoke({ bundle, exported: 'isComplete', event: { ...event, ...requested.result }, timeoutMs: LOOKUP_TIMEOUT_MS });
    assert.equal(error, undefined);
    if (result.IsComplete) { return { checks, milliseconds: requested.milliseconds }; }
    await sleep(CHECK_MS);
  }
}

/** Each quota is there once. Those that CloudFormation makes are not waited for, so the fake has them in creation. */
function checkQuotas(fake, quotas, waited = quotas) {
  const made = fake.sagemaker.quotas.all();
  assert.equal(made.length, quotas, 'quotas that were made');
  assert.equal(new Set(made.map(({ ComputeQuotaTarget }) => ComputeQuotaTarget.TeamName)).size, quotas, 'teams with a quota');
  assert.equal(made.filter(({ Status }) => Status === 'Created').length, waited, 'quotas that were waited for');
}

const bundleOf = kind => join(ROOT, 'assets', kind, 'index.js');

/** As many instances of bundles as there are invocations at once. */
class Sandboxes {
  #children;
  #waiting = new Map();
  #idle = new Map();
  #next = 0;
  #count = 0;

  constructor(env) {
    this.#children = Array.from({ length: PROCESSES }, () => {
      const child = fork(join(ROOT, 'test', 'load', 'sandboxes.cjs'), { env: { ...env, NODE_NO_WARNINGS: '1' }, execArgv: [] });
      child.on('message', ({ id, ...end }) => this.#waiting.get(id)(end));
      return child;
    });
  }

  /**
   * Makes sandboxes that have answered once and wait for an invocation: what their first one needs of the processor, each has for
   * itself in Lambda, and all of them share here.
   */
  async warm(count, { bundle, ...invocation }) {
    const made = Array.from({ length: count }, () => ({ sandbox: this.#count, child: this.#children[this.#count++ % PROCESSES] }));
    await Promise.all(this.#children.map(async child => {
      for (const one of made.filter(other => other.child === child)) {
        await this.#say(one, { bundle });
        await this.#say(one, invocation);
      }
    }));
    this.#idle.set(bundle, made);
  }

  async invoke({ bundle, ...invocation }) {
    const idle = this.#idle.get(bundle);
    const one = idle.pop();
    const end = await this.#say(one, invocation);
    idle.push(one);
    return end;
  }

  async #say({ sandbox, child }, message) {
    const id = this.#next++;
    const end = await new Promise(resolve => {
      this.#waiting.set(id, resolve);
      child.send({ id, sandbox, ...message });
    });
    this.#waiting.delete(id);
    return end;
  }

  stop() {
    this.#children.forEach(child => child.kill());
  }
}

/** The same by the CLI and the local engine. */
async function deployment({ Throttle }, { lookups, quotas, stacks, rate, burst }) {
  const each = lookups / stacks;
  const half = quotas / 2;
  assert.ok(Number.isInteger(each) && Number.isInteger(half), `${USAGE}\n--lookups must be a multiple of --stacks, and --quotas even`);
  const cloud = await LocalCloud.start();
  const log = cloud.path('logs', 'load.log');
  assert.equal(await cloud.bootstrap({ log }), 0, 'cdk bootstrap');
  const output = cloud.path('assemblies', 'load');
  const app = `node ${JSON.stringify(join(ROOT, 'test', 'load', 'app.cjs'))} ${stacks} ${each} ${half}`;
  assert.equal(await cloud.cdk(['synth', '--quiet', '--output', output, '--app', app], { log }), 0, 'cdk synth');

  putPlans(cloud.fake, lookups);
  cloud.fake.sagemaker.quotas.readsUntilDone = READS_UNTIL_DONE;
  cloud.fake.faults.choose = new Throttle({ rate, burst }).choose;
  const traffic = new Traffic(cloud.fake, planOf);
  const code = await cloud.cdk(['deploy', '--all', '--app', output, '--require-approval', 'never', '--concurrency', String(stacks + 2), '--progress', 'events'], { log });
  report(`deployment: ${lookups} look-ups in ${stacks} stacks and ${quotas} quotas, ${rate} requests a second, ${burst} at once`, traffic, {
    'all in all': `${traffic.seconds.toFixed(1)} s`,
  });
  assert.equal(code, 0, `cdk deploy ended with ${code}`);
  for (let stack = 0; stack < stacks; stack++) {
    const { status, outputs } = await cloud.stack(`LoadLookups${stack}`);
    assert.equal(status, 'CREATE_COMPLETE');
    assert.equal(outputs.Counts, Array.from({ length: each }, (_, index) => stack * each + index).join(','));
  }
  assert.equal(traffic.subjects.length, lookups, 'look-ups that asked');
  assert.deepEqual(traffic.subjects.filter(({ answers }) => answers !== 1), [], 'look-ups to which the API did not give one answer');
  checkQuotas(cloud.fake, quotas, half);
  cloud.fake.faults.choose = undefined;
  cloud.fake.sagemaker.quotas.readsUntilDone = 0; // the emulator doesn't look what becomes of a resource that it deletes
  assert.equal(await cloud.cdk(['destroy', '--all', '--force', '--app', output], { log }), 0, 'cdk destroy');
  assert.deepEqual(cloud.fake.sagemaker.quotas.all().filter(({ Status }) => Status !== 'Deleted'), [], 'quotas that are left');
}

const MODES = { 'at-once': atOnce, 'deployment': deployment };

async function main() {
  const { modes, ...given } = options();
  const modules = await importTypeScript(join(ROOT, 'test', 'load', 'modules.ts'));
  for (const mode of modes) { await MODES[mode](modules, given); }
}

await supervised(main, LocalCloud.cleanUp);
