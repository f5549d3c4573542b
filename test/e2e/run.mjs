// Whole lives of the examples on the emulator, with the unmodified CDK CLI:
//   node test/e2e/run.mjs [--smoke] [--skip-without-python] [example ...]
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleNames } from '../../scripts/lib/examples.mjs';
import { LocalCloud, ROOT } from './cloud.mjs';
import { NOT_DEPLOYED, synthesize } from './examples.mjs';
import { supervised } from './processes.mjs';
import { Advice, findPython } from './python.mjs';
import { CHECKS, Semantics } from './semantics.mjs';

/** The example of the smoke test: it has a custom resource, so the bundle, the SDK and the fake take part. */
const SMOKE = 'team-quotas';

const USAGE = 'Usage: node test/e2e/run.mjs [--smoke] [--skip-without-python] [example ...]';

const started = Date.now();

/** Runs one step, says how long it took, and on failure what the CLI had said. */
async function step(name, action, log) {
  const from = Date.now();
  try {
    await action();
  } catch (error) {
    if (error instanceof Advice) {
      throw error;
    }
    const said = log !== undefined && existsSync(log) ? `\n${readFileSync(log, 'utf8').trim().split('\n').slice(-40).join('\n')}` : '';
    throw new Error(`${name}: ${error.message}${said}`, { cause: error });
  }
  console.log(`ok  ${((Date.now() - from) / 1_000).toFixed(1).padStart(5)} s  ${name}`);
}

/** The training plans that were asked for since a moment. */
function plansAsked(cloud, since) {
  return cloud.fake.requests.slice(since).map(({ operation, input }) => [operation, input.TrainingPlanName].filter(Boolean).join(' '));
}

/** What a dry run reads: the name, then what is on offer of each duration. */
const DRY_RUN = ['DescribeTrainingPlan llm-2026-q2', 'SearchTrainingPlanOfferings', 'SearchTrainingPlanOfferings'];

/** What each example must show, beyond stack states. */
const EXPECTED = {
  'slurm-on-pcs': {
    stack: 'SlurmOnPcs',
    standIns: { 'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 3, 'AWS::PCS::Queue': 2 },
    outputs: { ClusterId: /^pcs_[0-9a-f]+$/, LoginNodeGroupId: /^pcs_[0-9a-f]+$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::PCS::ComputeNodeGroup': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'gpu-capacity': {
    stack: 'GpuCapacity',
    standIns: { 'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 3, 'AWS::PCS::Queue': 1 },
    outputs: { ClusterId: /^pcs_[0-9a-f]+$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::PCS::ComputeNodeGroup': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'hpc-storage': {
    stack: 'HpcStorage',
    standIns: { 'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 3, 'AWS::PCS::Queue': 2, 'AWS::FSx::FileSystem': 1 },
    outputs: { ClusterId: /^pcs_[0-9a-f]+$/, LoginNodeGroupId: /^pcs_[0-9a-f]+$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::PCS::ComputeNodeGroup': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'four-teams': {
    stack: 'FourTeams',
    standIns: { 'AWS::SageMaker::ComputeQuota': 4, 'AWS::SageMaker::ClusterSchedulerConfig': 1 },
    outputs: {},
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::SageMaker::ComputeQuota': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'hyperpod-eks': {
    stack: 'HyperPodEks',
    standIns: {
      'AWS::SageMaker::Cluster': 1, 'AWS::EKS::Addon': 1, 'AWS::SageMaker::ComputeQuota': 4, 'AWS::SageMaker::ClusterSchedulerConfig': 1,
    },
    outputs: { ClusterArn: /:cluster\/[0-9a-f]{12}$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::SageMaker::Cluster': 1, 'AWS::SageMaker::ComputeQuota': 4, 'AWS::SageMaker::ClusterSchedulerConfig': 1 }, // what is on it goes with it
    failure: /InvalidGroup\.NotFound/,
  },
  'hyperpod-slurm': {
    stack: 'HyperPodSlurm',
    standIns: { 'AWS::SageMaker::Cluster': 1, 'AWS::FSx::FileSystem': 1 },
    outputs: { ClusterArn: /:cluster\/[0-9a-f]{12}$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::SageMaker::Cluster': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'node-remediation': {
    stack: 'NodeRemediation',
    standIns: {},
    outputs: { ReplaceNodesArn: /^arn:aws:states:us-east-1:\d{12}:stateMachine:/ },
    asked: { create: [], update: [], failing: [] },
    failure: /InvalidGroup\.NotFound/,
  },
  'isolated-slurm': {
    stack: 'IsolatedSlurm',
    standIns: {
      'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 2, 'AWS::PCS::Queue': 1,
      'AWS::Logs::DeliverySource': 2, 'AWS::Logs::DeliveryDestination': 2, 'AWS::Logs::Delivery': 2,
    },
    outputs: { ClusterId: /^pcs_[0-9a-f]+$/, LoginNodeGroupId: /^pcs_[0-9a-f]+$/ },
    asked: { create: [], update: [], failing: [] },
    replaced: { 'AWS::PCS::ComputeNodeGroup': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'parity': {
    stack: 'Parity',
    standIns: { 'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 2, 'AWS::PCS::Queue': 1, 'AWS::SageMaker::ComputeQuota': 2 },
    outputs: { PlanStatus: /^Active$/, PlanInstances: /^8$/, WouldBuy: /would buy tpo-e2e-cheaper/ },
    asked: {
      create: ['DescribeTrainingPlan llm-2026-q1', ...DRY_RUN.slice(0, 2)],
      update: ['DescribeTrainingPlan llm-2026-q1'],
      failing: ['DescribeTrainingPlan llm-2026-q1', 'DescribeTrainingPlan llm-2026-q1'], // the second is the rollback
    },
    replaced: { 'AWS::SageMaker::ComputeQuota': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-across-stacks': {
    stack: 'PlanUsers',
    standIns: { 'AWS::SageMaker::Cluster': 1 },
    outputs: { ClusterArn: /:cluster\/[0-9a-f]{12}$/ },
    buys: { plan: 'llm-2026-q3', stack: 'Plans', failedRevision: '3' }, // a failure elsewhere leaves the stack of the plan as it is
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-dry-run': {
    stack: 'PlanDryRun',
    standIns: {},
    outputs: { WouldBuy: /would buy tpo-e2e-cheaper: 4 ml\.p5\.48xlarge in us-east-1a, .*, 110000\.00 USD$/ },
    asked: { create: DRY_RUN, update: DRY_RUN, failing: [...DRY_RUN, ...DRY_RUN] }, // the second is the rollback
    failure: /no offering qualifies of 2 found/,
  },
  'plan-for-hyperpod': {
    stack: 'PlanForHyperPod',
    standIns: { 'AWS::SageMaker::Cluster': 1 },
    outputs: { ClusterArn: /:cluster\/[0-9a-f]{12}$/ },
    buys: { plan: 'llm-2026-q2', stack: 'PlanForHyperPod', failedRevision: '2' },
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-endpoint': {
    stack: 'PlanEndpoint',
    standIns: { 'AWS::SageMaker::Model': 1, 'AWS::SageMaker::EndpointConfig': 1, 'AWS::SageMaker::Endpoint': 1 },
    outputs: { EndpointName: /^endpoint-[0-9a-f]{12}$/, PlanEnd: /^2026-03-30T11:30:00Z$/ },
    asked: {
      create: ['DescribeTrainingPlan serving-2026-q1', 'DescribeTrainingPlan serving-2026-q1'], // read and asserted
      update: ['DescribeTrainingPlan serving-2026-q1'],
      failing: ['DescribeTrainingPlan no-such-plan', 'DescribeTrainingPlan serving-2026-q1'], // the second is the rollback
    },
    failure: /training plan "no-such-plan" in account 111122223333, Region us-east-1 does not exist/,
  },
  'plan-jobs': {
    stack: 'PlanJobs',
    standIns: {},
    outputs: { StateMachine: /:stateMachine:/, PlanStatus: /^Active$/ },
    asked: {
      create: ['DescribeTrainingPlan llm-2026-q1'],
      update: ['DescribeTrainingPlan llm-2026-q1'],
      failing: ['DescribeTrainingPlan no-such-plan', 'DescribeTrainingPlan llm-2026-q1'], // the second is the rollback
    },
    failure: /training plan "no-such-plan" in account 111122223333, Region us-east-1 does not exist/,
  },
  'team-quotas': {
    stack: 'TeamQuotas',
    standIns: { 'AWS::SageMaker::ComputeQuota': 3 },
    outputs: { PlanStatus: /^Active$/, PlanZone: /^us-east-1a$/, PlanEnd: /^2026-03-30T11:30:00Z$/ },
    asked: {
      create: ['DescribeTrainingPlan llm-2026-q1'],
      update: ['DescribeTrainingPlan llm-2026-q1'],
      failing: ['DescribeTrainingPlan no-such-plan', 'DescribeTrainingPlan llm-2026-q1'], // the second is the rollback
    },
    replaced: { 'AWS::SageMaker::ComputeQuota': 1 },
    failure: /training plan "no-such-plan" in account 111122223333, Region us-east-1 does not exist/,
  },
};

function checkDeployed(cloud, example, stack, status) {
  const expected = EXPECTED[example];
  assert.equal(stack?.status, status);
  for (const [key, pattern] of Object.entries(expected.outputs)) {
    assert.match(stack.outputs[key] ?? '', pattern, `output ${key}`);
  }
  assert.deepEqual(countByType(Object.values(cloud.standIns())), expected.standIns);
}

function countByType(resources) {
  const counts = {};
  resources.forEach(({ type }) => { counts[type] = (counts[type] ?? 0) + 1; });
  return counts;
}

/** Starts to synthesize all variants, one after the other: most of a deployment is waiting. */
function synthesizeAhead(cloud, example, variants) {
  const assemblies = new Map();
  let last = Promise.resolve();
  for (const variant of variants) {
    const log = cloud.path('logs', `${example}-synth${variant === undefined ? '' : `-${variant}`}.log`);
    last = last.then(() => synthesize(cloud, example, { variant, log }));
    last.catch(() => {}); // whoever waits for it gets it
    assemblies.set(variant, last);
  }
  return assemblies;
}

async function life(cloud, example, smoke) {
  const expected = EXPECTED[example];
  const standsIn = Object.keys(expected.standIns).length > 0; // an example may have only types that the emulator has
  const before = await cloud.inventory();
  const [asked, bought] = [cloud.fake.requests.length, cloud.fake.sagemaker.trainingPlans.purchases.length];
  const run = async (name, body) => {
    const log = cloud.path('logs', `${example}-${name.replaceAll(/\W+/g, '-')}.log`);
    await step(`${example}: ${name}`, async () => {
      const since = cloud.judged().length;
      await body(log);
      const wrong = cloud.judged().slice(since).filter(({ verdict }) => verdict !== 'accepted');
      assert.deepEqual(wrong, [], 'what the service models say of the requests');
      const plans = expected.buys ? [expected.buys.plan] : [];
      const sent = cloud.fake.requests.slice(asked).filter(({ operation }) => operation === 'CreateTrainingPlan');
      assert.deepEqual(sent.map(({ input }) => input.TrainingPlanName), plans, 'purchases that were requested in the whole life so far');
      assert.deepEqual(purchases().map(purchase => purchase.name), plans, 'purchases that were accepted');
    }, log);
  };
  const purchases = () => cloud.fake.sagemaker.trainingPlans.purchases.slice(bought);
  const checkAsked = (since, wanted) => wanted && assert.deepEqual(plansAsked(cloud, since), wanted);
  /** Of a purchase, the plan and the log of the functions that bought it stay. */
  const checkNothingLeft = async () => {
    const isKept = name => expected.buys !== undefined && name.includes(`/${expected.buys.stack}/CdkHpcClustersTrainingPlanPurchaseLogs`);
    const { logGroupName, ...left } = await cloud.inventory();
    assert.deepEqual({ ...left, logGroupName: logGroupName.filter(name => !isKept(name)) }, before, 'nothing is left');
    assert.equal(logGroupName.some(isKept), expected.buys !== undefined, 'a purchase keeps its log');
  };
  const assemblies = synthesizeAhead(cloud, example, smoke ? [undefined, 'update', 'failing'] : [
    'refused', undefined, 'update', 'failing', ...expected.replaced ? ['replacing'] : [],
  ]);
  const deploy = async (variant, log) => {
    const { output } = await assemblies.get(variant);
    return cloud.cdk(['deploy', '--all', '--app', output, '--require-approval', 'never', '--progress', 'events'], { log });
  };

  if (!smoke) {
    await run('failed create, rolled back', async log => {
      const code = await deploy('refused', log);
      assert.notEqual(code, 0);
      assert.match(readFileSync(log, 'utf8'), /InvalidGroup\.NotFound/);
      assert.equal((await cloud.stack(expected.stack))?.status, 'ROLLBACK_COMPLETE');
      if (!expected.buys || expected.buys.stack === expected.stack) { await checkNothingLeft(); }
    });
  }

  await run('deploy', async log => {
    const since = cloud.fake.requests.length;
    const code = await deploy(undefined, log);
    assert.equal(code, 0);
    checkDeployed(cloud, example, await cloud.stack(expected.stack), 'CREATE_COMPLETE');
    checkAsked(since, expected.asked?.create);
  });

  await run('update', async log => {
    const [since, old] = [cloud.fake.requests.length, cloud.standIns()];
    const code = await deploy('update', log);
    assert.equal(code, 0);
    checkDeployed(cloud, example, await cloud.stack(expected.stack), 'UPDATE_COMPLETE');
    assert.deepEqual(Object.keys(cloud.standIns()), Object.keys(old), 'nothing is replaced');
    if (standsIn) { assert.notDeepEqual(cloud.standIns(), old); }
    checkAsked(since, expected.asked?.update);
    purchases().forEach(({ tags }) => assert.equal(tags.get('revision'), '2', 'the plan has the tags of the update'));
  });

  await run('failed update, rolled back', async log => {
    const [since, old, calls, stack] = [cloud.fake.requests.length, cloud.standIns(), cloud.standInCalls().length, await cloud.stack(expected.stack)];
    const code = await deploy('failing', log);
    assert.notEqual(code, 0);
    assert.match(readFileSync(log, 'utf8'), expected.failure);
    const now = await cloud.stack(expected.stack);
    checkDeployed(cloud, example, now, 'UPDATE_ROLLBACK_COMPLETE');
    assert.deepEqual(now.outputs, stack.outputs);
    if (standsIn) { assert.ok(cloud.standInCalls().length > calls, 'something was changed before the failure'); }
    assert.deepEqual(cloud.standIns(), old, 'and is as it was');
    checkAsked(since, expected.asked?.failing);
    purchases().forEach(({ tags }) => assert.equal(tags.get('revision'), expected.buys.failedRevision, 'tags after the rollback'));
  });

  if (!smoke && expected.replaced) {
    await run('update with replacement', async log => {
      const old = cloud.standIns();
      const code = await deploy('replacing', log);
      assert.equal(code, 0);
      checkDeployed(cloud, example, await cloud.stack(expected.stack), 'UPDATE_COMPLETE'); // no more of them than before: the old ones are gone
      const now = cloud.standIns();
      assert.deepEqual(countByType(Object.keys(now).filter(id => !(id in old)).map(id => now[id])), expected.replaced, 'what is new');
    });
  }

  const destroy = async log => {
    const since = cloud.fake.requests.length;
    const { output } = await assemblies.get(undefined);
    assert.equal(await cloud.cdk(['destroy', '--all', '--force', '--app', output], { log }), 0);
    assert.match((await cloud.stack(expected.stack))?.status ?? 'DELETE_COMPLETE', /^DELETE_COMPLETE$/);
    await checkNothingLeft();
    checkAsked(since, []);
    if (expected.buys) { assert.match(readFileSync(log, 'utf8'), /DELETE_SKIPPED +\| Custom::HpcTrainingPlanPurchase/); }
  };
  await run('destroy', destroy);

  if (!smoke && expected.buys) {
    await run('deploy again, which takes the plan over', async log => {
      const code = await deploy(undefined, log);
      assert.equal(code, 0);
      checkDeployed(cloud, example, await cloud.stack(expected.stack), 'CREATE_COMPLETE');
    });
    await run('destroy again', destroy);
  }
}

/** The start script must say which name is missing, and not start. */
function refusesWithoutPrivateName(cloud) {
  const script = join(ROOT, 'test', 'e2e', 'emulator.py');
  const program = 'import runpy, sys; from ministack.services.cloudformation import stacks; del stacks._roll_back_operation; '
    + 'runpy.run_path(sys.argv[1], run_name="__main__")';
  const { status, stderr } = spawnSync(cloud.python, ['-c', program, script], {
    encoding: 'utf8', env: { ...cloud.environment, BIND_HOST: '127.0.0.1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  assert.equal(status, 1);
  assert.match(stderr, /lacks .*stacks\._roll_back_operation$/m);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'smoke': { type: 'boolean' }, 'skip-without-python': { type: 'boolean' } },
    });
    const known = exampleNames();
    const unknown = positionals.filter(name => !known.includes(name));
    if (unknown.length > 0) {
      throw new Error(`There is no example called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
    }
    return { smoke: values.smoke, skip: values['skip-without-python'], examples: positionals };
  } catch (error) {
    throw new Advice(`${error.message}\n${USAGE}`);
  }
}

async function main() {
  const { smoke, skip, examples } = options();
  if (skip && findPython() === undefined) {
    console.log('SKIPPED: local deploy (python3 not found)');
    return;
  }
  for (const example of exampleNames()) {
    assert.ok(example in EXPECTED || NOT_DEPLOYED.includes(example), `test/e2e/run.mjs must say in EXPECTED what a life of ${example} has to show`);
  }

  let cloud;
  await step('emulator and fake, on loopback only', async () => { cloud = await LocalCloud.start(); });
  const log = cloud.path('logs', 'bootstrap.log');
  await step('cdk bootstrap', async () => assert.equal(await cloud.bootstrap({ log }), 0), log);

  if (!smoke) {
    await step('the start script refuses an emulator without a name that it needs', () => refusesWithoutPrivateName(cloud));
    const semantics = new Semantics(cloud);
    for (const [sentence, check] of Object.entries(CHECKS)) {
      await step(sentence, () => check(semantics));
    }
  }
  const chosen = examples.length > 0 ? examples : smoke ? [SMOKE] : Object.keys(EXPECTED);
  for (const example of chosen) {
    await life(cloud, example, smoke);
  }
  console.log(`Everything passed in ${((Date.now() - started) / 1_000).toFixed(0)} s`);
}

await supervised(main, LocalCloud.cleanUp);
