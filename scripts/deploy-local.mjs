// Deploys examples with the unmodified CDK CLI to an emulator on this machine, prints their outputs, and takes all away
// again: `npm run deploy:local [-- NAME ...] [--keep]`. docs/deploy-local.md says what that proves and what not.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleNames } from './lib/examples.mjs';
import { LocalCloud, ROOT, REGION } from '../test/e2e/cloud.mjs';
import { synthesize } from '../test/e2e/examples.mjs';
import { supervised } from '../test/e2e/processes.mjs';
import { Advice } from '../test/e2e/python.mjs';

const USAGE = `Usage: npm run deploy:local [-- NAME ...] [-- --keep]
  NAME     an example: ${exampleNames().join(', ')} (all, if none is named)
  --keep   leave everything up until Ctrl-C, to look around`;

const started = Date.now();
function step(text) {
  console.log(`\n[${((Date.now() - started) / 1_000).toFixed(0).padStart(3)} s] ${text}`);
}

async function must(promise, what) {
  const code = await promise;
  if (code !== 0) {
    throw new Advice(`${what} ended with ${code}`);
  }
}

async function main() {
  let options;
  try {
    options = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
  } catch (error) {
    throw new Advice(`${error.message}\n${USAGE}`);
  }
  const { values, positionals } = options;
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const unknown = positionals.filter(name => !exampleNames().includes(name));
  if (unknown.length > 0) {
    throw new Advice(`There is no example called ${unknown.join(', ')}.\n${USAGE}`);
  }
  const names = positionals.length > 0 ? positionals : exampleNames();

  step('Starting the emulator and the fake of SageMaker, on loopback only');
  const cloud = await LocalCloud.start();
  console.log(`emulator ${cloud.endpoint}, SageMaker ${cloud.fake.url}, files in ${relative(ROOT, cloud.folder)}`);

  step('cdk bootstrap');
  const log = cloud.path('logs', 'bootstrap.log');
  await must(cloud.bootstrap({ log }), `cdk bootstrap (${relative(ROOT, log)})`);

  const deployed = [];
  for (const name of names) {
    step(`${name}: cdk synth`);
    const { output, stackNames } = await synthesize(cloud, name);
    step(`${name}: cdk deploy`);
    await must(cloud.cdk(['deploy', '--all', '--app', output, '--require-approval', 'never', '--progress', 'events']), 'cdk deploy');
    deployed.push({ name, output, stackNames });
  }

  for (const stackName of deployed.flatMap(({ stackNames }) => stackNames)) {
    const { status, outputs } = await cloud.stack(stackName);
    step(`${stackName}: ${status}`);
    Object.entries(outputs).forEach(([key, value]) => console.log(`  ${key} = ${value}`));
  }
  for (const { operation, input } of cloud.fake.requests) {
    console.log(`  asked SageMaker: ${operation} ${JSON.stringify(input)}`);
  }

  if (values.keep) {
    step('Up until Ctrl-C. In another terminal:');
    console.log(`  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_ENDPOINT_URL_SAGEMAKER=${cloud.fake.url} \\\n`
      + `    AWS_REGION=${REGION} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test\n  aws cloudformation list-stacks`);
    await new Promise(() => {});
  }

  for (const { name, output } of deployed.reverse()) {
    step(`${name}: cdk destroy`);
    await must(cloud.cdk(['destroy', '--all', '--force', '--app', output]), 'cdk destroy');
  }
  step('Done: deployed and destroyed');
}

await supervised(main, LocalCloud.cleanUp);
