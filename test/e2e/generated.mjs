// Lives of apps that fast-check makes: deployed, changed in place, replaced by others in the same stacks and destroyed; all of them at
// once, by one command each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, countByType } from './cloud.mjs';
import { step } from './steps.mjs';

const CONCURRENCY = 4;

/** Synthesizes apps of a seed, one stack each. */
async function synthesize(cloud, count, seed, revision) {
  const output = cloud.path('assemblies', `generated-${revision}`);
  const log = cloud.path('logs', `generated-synth-${revision}.log`);
  const app = `npx ts-node --transpile-only --project test/tsconfig.json test/generated/app.ts ${count} ${seed} ${revision}`;
  const code = await cloud.cdk(['synth', '--quiet', '--output', output, '--app', app], { cwd: ROOT, log, env: { CDK_VALIDATION: 'false' } });
  if (code !== 0) {
    throw new Error(`cdk synth of generated apps ended with ${code}\n${readFileSync(log, 'utf8')}`);
  }
  const { artifacts } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
  const stacks = Object.entries(artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([name, { properties }]) => ({ name, resources: Object.values(JSON.parse(readFileSync(join(output, properties.templateFile), 'utf8')).Resources) }));
  return { output, stacks };
}

/** Types that the emulator lacks, of which there is a record. */
const RECORDED = /^AWS::(PCS|SageMaker)::/;

export async function generatedLives(cloud, count, seed) {
  const subject = `${count} generated apps of seed ${seed}`;
  const before = await cloud.inventory();
  const from = cloud.judged().length;
  const run = (name, body) => {
    const log = cloud.path('logs', `generated-${name}.log`);
    return step(name, async () => {
      const since = cloud.judged().length;
      await body(log);
      assert.deepEqual(cloud.judged().slice(since).filter(({ verdict }) => verdict !== 'accepted'), [], 'what the service models say of the requests');
    }, { log, subject });
  };
  const apps = synthesize(cloud, count, seed, 'first');
  const changed = apps.then(() => synthesize(cloud, count, seed, 'revised'));
  const others = changed.then(() => synthesize(cloud, count, seed, 'others'));
  others.catch(() => {}); // whoever waits for it gets it
  const deploy = (output, log) => cloud.cdk([
    'deploy', '--all', '--app', output, '--concurrency', String(CONCURRENCY), '--require-approval', 'never', '--progress', 'events',
  ], { log });
  const checkStacks = async (stacks, pattern) => {
    for (const { name } of stacks) {
      assert.match((await cloud.stack(name))?.status ?? 'none', pattern, name);
    }
  };

  /** Deploys apps whose resources aren't there yet. */
  const bring = async ({ output, stacks }, status, log) => {
    const all = stacks.flatMap(stack => stack.resources);
    all.filter(({ Type }) => Type === 'Custom::HpcTrainingPlansLookup').forEach(({ Properties }) => cloud.addPlan(Properties.Input.TrainingPlanName));
    assert.equal(await deploy(output, log), 0);
    await checkStacks(stacks, status);
    const wanted = all.map(({ Type: type }) => ({ type })).filter(({ type }) => RECORDED.test(type));
    assert.deepEqual(countByType(Object.values(cloud.standIns())), countByType(wanted));
    resources += all.length;
  };

  let resources = 0;
  await run('deploy', async log => bring(await apps, /^CREATE_COMPLETE$/, log));
  await run('update', async log => {
    const { output, stacks } = await changed;
    const old = cloud.standIns();
    assert.equal(await deploy(output, log), 0);
    await checkStacks(stacks, /^(UPDATE|CREATE)_COMPLETE$/); // one with nothing but look-ups stays as it is
    assert.deepEqual(Object.keys(cloud.standIns()), Object.keys(old), 'nothing is replaced');
    if (Object.keys(old).length > 0) { assert.notDeepEqual(cloud.standIns(), old); }
  });
  await run('update with replacement', async log => bring(await others, /^UPDATE_COMPLETE$/, log));
  await run('destroy', async log => {
    const { output, stacks } = await apps;
    assert.equal(await cloud.cdk(['destroy', '--all', '--force', '--app', output], { log }), 0);
    for (const { name } of stacks) {
      assert.match((await cloud.stack(name))?.status ?? 'DELETE_COMPLETE', /^DELETE_COMPLETE$/, name);
    }
    assert.deepEqual(await cloud.inventory(), before, 'nothing is left');
  });
  console.log(`${subject}: ${resources} resources deployed, ${cloud.judged().length - from} requests judged by the service models`);
}
