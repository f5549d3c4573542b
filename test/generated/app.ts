/*
 * Generated apps as a CDK app with one stack each:
 *
 *     npx ts-node --transpile-only --project test/tsconfig.json test/generated/app.ts <count> [<seed> [revised|others]]
 *
 * The same count and seed give the same stacks; `revised` changes values that change in place, `others`
 * puts other apps into the same stacks.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { build, recipes, revised } from './recipe';

const [count = '5', seed = '1', revision] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
const useful = recipes.filter(({ slurm, pod, plans }) => (slurm?.groups.length ?? 0) + (pod?.quotas.length ?? 0) + plans.length > 0);
fc.sample(useful, { numRuns: Number(count), seed: Number(seed) + (revision === 'others' ? 1 : 0) }).forEach((recipe, index) => {
  build(new Stack(app, `Generated${index}`, { env: { account: '111122223333', region: 'us-east-1' } }), revision === 'revised' ? revised(recipe) : recipe);
});
app.synth();
