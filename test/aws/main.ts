/*
 * The fake on its own:  node scripts/run-ts.mjs test/aws/main.ts [--port <port>] [--seed <file>]
 *
 * The seed is JSON: { "account": "…", "trainingPlans": [ { "TrainingPlanName": "…", "Status": "Active", … } ] }.
 * Prints "listening <port>" when it is ready, and every request as a line of JSON. Ends with SIGINT or SIGTERM.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Plan } from './sagemaker';
import { FakeAws } from './server';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, seed: { type: 'string' } } });
  const seed = (values.seed ? JSON.parse(readFileSync(values.seed, 'utf8')) : {}) as { account?: string; trainingPlans?: Plan[] };
  const aws = new FakeAws({ account: seed.account, port: values.port ? Number(values.port) : undefined });
  for (const plan of seed.trainingPlans ?? []) { aws.sagemaker.plans.set(plan.TrainingPlanName, plan); }
  aws.onRequest = seen => console.log(JSON.stringify(seen));
  await aws.start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => { void aws.stop().then(() => process.exit(0)); });
  }
  console.log(`listening ${aws.port}`);
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
