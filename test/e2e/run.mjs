// Whole lives of the examples on the emulator, with the unmodified CDK CLI:
//   node test/e2e/run.mjs [--smoke] [--skip-without-python] [--apps=N [--seed=N]] [example ...]
// Without examples and --apps, all examples live; with --apps alone, only generated apps do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleNames } from '../../scripts/lib/examples.mjs';
import { LocalCloud, ROOT, countByType } from './cloud.mjs';
import { synthesize } from './examples.mjs';
import { generatedLives } from './generated.mjs';
import { supervised } from './processes.mjs';
import { Advice, findPython } from './python.mjs';
import { CHECKS, Semantics } from './semantics.mjs';
import { answerTimes, step, summary } from './steps.mjs';

/** The example of the smoke test: it has a custom resource, so the bundle, the SDK and the fake take part. */
const SMOKE = 'team-quotas';

const USAGE = 'Usage: node test/e2e/run.mjs [--smoke] [--skip-without-python] [--apps=N [--seed=N]] [example ...]';

const started = Date.now();

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
  'research-group': {
    stack: 'ResearchGroup',
    standIns: {
      'AWS::PCS::Cluster': 1, 'AWS::PCS::ComputeNodeGroup': 3, 'AWS::PCS::Queue': 2, 'AWS::FSx::FileSystem': 1, 'AWS::Budgets::Budget': 1,
      'AWS::Logs::DeliverySource': 1, 'AWS::Logs::DeliveryDestination': 1, 'AWS::Logs::Delivery': 1,
    },
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
  'slurm-teams': {
    stack: 'SlurmTeams',
    standIns: { 'AWS::PCS::Cluster': 1 },
    outputs: { ClusterId: /^pcs_[0-9a-f]+$/, ResearchChanges: /research/ },
    asksOnDeletion: true,
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
  'plan-extension': {
    stack: 'PlanExtension',
    standIns: {},
    outputs: { EndsAt: /^2027-01-22T11:30:00Z$/, WouldBuy: /would buy tpeo-e2e-second: 2027-01-22T11:30:00Z to 2027-01-29T11:30:00Z/ },
    extends: { offering: 'tpeo-e2e-first', stack: 'PlanExtension' },
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-for-hyperpod': {
    stack: 'PlanForHyperPod',
    standIns: { 'AWS::SageMaker::Cluster': 1 },
    outputs: { ClusterArn: /:cluster\/[0-9a-f]{12}$/ },
    buys: { plan: 'llm-2026-q2', stack: 'PlanForHyperPod', failedRevision: '2' },
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-hyperpod': {
    stack: 'PlanHyperPod',
    standIns: { 'AWS::SageMaker::Cluster': 1 },
    outputs: { EndsAt: /^2027-02-01T11:30:00Z$/, Capacity: /^us-east-1a$/ },
    asked: {
      create: ['DescribeTrainingPlan llm-2026-q1', 'DescribeTrainingPlan llm-2026-q1'], // read and asserted
      update: ['DescribeTrainingPlan llm-2026-q1'], // asserted again, since the cluster changes
      failing: ['DescribeTrainingPlan llm-2026-q1'],
    },
    replaced: { 'AWS::SageMaker::Cluster': 1 },
    failure: /InvalidGroup\.NotFound/,
  },
  'plan-endpoint': {
    stack: 'PlanEndpoint',
    standIns: { 'AWS::SageMaker::Model': 1, 'AWS::SageMaker::EndpointConfig': 1, 'AWS::SageMaker::Endpoint': 1 },
    outputs: { EndpointName: /^Endpoint-[0-9a-f]{10}$/, PlanEnd: /^2027-02-01T11:30:00Z$/ },
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
    outputs: { PlanStatus: /^Active$/, PlanZone: /^us-east-1a$/, PlanEnd: /^2027-02-01T11:30:00Z$/ },
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

/** Starts to synthesize all variants of all examples, one after the other, while others are deployed: most of a deployment is waiting. */
function synthesizeAhead(cloud, examples, smoke) {
  let last = Promise.resolve();
  return new Map(examples.map(example => {
    const variants = smoke ? [undefined, 'update', 'failing'] : [
      'refused', undefined, 'update', 'failing', ...EXPECTED[example].replaced ? ['replacing'] : [],
    ];
    return [example, new Map(variants.map(variant => {
      const log = cloud.path('logs', `${example}-synth${variant === undefined ? '' : `-${variant}`}.log`);
      last = last.then(() => synthesize(cloud, example, { variant, log }));
      last.catch(() => {}); // whoever waits for it gets it
      return [variant, last];
    }))];
  }));
}

async function life(cloud, example, assemblies, smoke) {
  const expected = EXPECTED[example];
  const standsIn = Object.keys(expected.standIns).length > 0; // an example may have only types that the emulator has
  const before = await cloud.inventory();
  const { trainingPlans } = cloud.fake.sagemaker;
  const [asked, bought] = [cloud.fake.requests.length, trainingPlans.purchases.length];
  const run = async (name, body) => {
    const log = cloud.path('logs', `${example}-${name.replaceAll(/\W+/g, '-')}.log`);
    await step(name, async () => {
      const since = cloud.judged().length;
      await body(log);
      const wrong = cloud.judged().slice(since).filter(({ verdict }) => verdict !== 'accepted');
      assert.deepEqual(wrong, [], 'what the service models say of the requests');
      const plans = expected.buys ? [expected.buys.plan] : [];
      const extensions = expected.extends ? [expected.extends.offering] : [];
      assert.deepEqual(sent('CreateTrainingPlan', 'TrainingPlanName'), plans, 'purchases that were requested in the whole life so far');
      assert.deepEqual(purchases().map(purchase => purchase.name), plans, 'purchases that were accepted');
      assert.deepEqual(sent('ExtendTrainingPlan', 'TrainingPlanExtensionOfferingId'), extensions, 'extensions that were requested');
      assert.equal(trainingPlans.purchases.flatMap(purchase => purchase.extensions).length, extended + extensions.length, 'extensions that were accepted');
    }, { log, subject: example });
  };
  const spends = expected.buys ?? expected.extends;
  const extended = trainingPlans.purchases.flatMap(purchase => purchase.extensions).length;
  const purchases = () => trainingPlans.purchases.slice(bought);
  const sent = (wanted, member) => cloud.fake.requests.slice(asked).filter(({ operation }) => operation === wanted).map(({ input }) => input[member]);
  const checkAsked = (since, wanted) => wanted && assert.deepEqual(plansAsked(cloud, since), wanted);
  /** Of a purchase, the plan and the log of the functions that bought it stay. */
  const checkNothingLeft = async () => {
    const isKept = name => spends !== undefined && name.includes(`/${spends.stack}/CdkHpcClustersTrainingPlans${expected.buys ? 'Purchase' : 'Extension'}Logs`);
    const { logGroupName, ...left } = await cloud.inventory();
    assert.deepEqual({ ...left, logGroupName: logGroupName.filter(name => !isKept(name)) }, before, 'nothing is left');
    assert.equal(logGroupName.some(isKept), spends !== undefined, 'what was spent keeps its log');
  };
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
      if (!spends || spends.stack === expected.stack) { await checkNothingLeft(); }
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
    if (!expected.asksOnDeletion) { checkAsked(since, []); }
    if (spends) { assert.match(readFileSync(log, 'utf8'), expected.buys ? /DELETE_SKIPPED +\| Custom::HpcTrainingPlansPurchase/ : /DELETE_SKIPPED +\| Custom::HpcTrainingPlansExtension/); }
  };
  await run('destroy', destroy);

  if (!smoke && spends) {
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

function wholeNumber(name, text) {
  if (!/^\d+$/.test(text)) {
    throw new Error(`--${name} must be a whole number, got: ${text}`);
  }
  return Number(text);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'smoke': { type: 'boolean' }, 'skip-without-python': { type: 'boolean' }, 'apps': { type: 'string' }, 'seed': { type: 'string' } },
    });
    const known = exampleNames();
    const unknown = positionals.filter(name => !known.includes(name));
    if (unknown.length > 0) {
      throw new Error(`There is no example called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
    }
    const apps = wholeNumber('apps', values.apps ?? '0');
    const seed = wholeNumber('seed', values.seed ?? String(randomInt(2 ** 31)));
    /* Apps alone, unless examples are asked for, too. */
    const examples = positionals.length > 0 ? positionals : values.smoke ? [SMOKE] : apps > 0 ? [] : known;
    return { smoke: values.smoke, skip: values['skip-without-python'], examples, apps, seed };
  } catch (error) {
    throw new Advice(`${error.message}\n${USAGE}`);
  }
}

async function main() {
  const { smoke, skip, examples, apps, seed } = options();
  if (skip && findPython() === undefined) {
    console.log('SKIPPED: local deploy (python3 not found)');
    return;
  }
  for (const example of exampleNames()) {
    assert.ok(example in EXPECTED, `test/e2e/run.mjs must say in EXPECTED what a life of ${example} has to show`);
  }

  let cloud;
  await step('emulator and fake, on loopback only', async () => { cloud = await LocalCloud.start(); });
  const log = cloud.path('logs', 'bootstrap.log');
  await step('cdk bootstrap', async () => assert.equal(await cloud.bootstrap({ log }), 0), { log });

  if (!smoke && examples.length > 0) {
    await step('the start script refuses an emulator without a name that it needs', () => refusesWithoutPrivateName(cloud));
    const semantics = new Semantics(cloud);
    for (const [sentence, check] of Object.entries(CHECKS)) {
      await step(sentence, () => check(semantics));
    }
  }
  const assemblies = synthesizeAhead(cloud, examples, smoke);
  for (const example of examples) {
    await life(cloud, example, assemblies.get(example), smoke);
  }
  if (apps > 0) {
    await generatedLives(cloud, apps, seed);
  }
  console.log(`\n${summary()}\n${answerTimes(cloud.answers())}`);
  console.log(`Everything passed in ${((Date.now() - started) / 1_000).toFixed(0)} s`);
}

await supervised(main, LocalCloud.cleanUp);
