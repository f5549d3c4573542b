// A deployment with many look-ups and quotas:  node test/load/app.cjs <look-up stacks> <look-ups in each> <quotas of each kind>
const { App, CfnOutput, Fn, Stack } = require('aws-cdk-lib');
const { hyperpod, training_plans: plans } = require('../..');

const [stacks, lookups, quotas] = process.argv.slice(2).map(Number);
const env = { account: '111122223333', region: 'us-east-1' };
const app = new App();

for (let stack = 0; stack < stacks; stack++) {
  const scope = new Stack(app, `LoadLookups${stack}`, { env });
  const found = Array.from({ length: lookups }, (_, index) => {
    const trainingPlanName = `load-${stack * lookups + index}`;
    return new plans.TrainingPlanLookup(scope, `Plan${index}`, { trainingPlan: plans.TrainingPlanSelector.byName(trainingPlanName) }).totalInstanceCount;
  });
  new CfnOutput(scope, 'Counts', { value: Fn.join(',', found.map(String)) });
}

for (const [id, provisioning] of [['LoadApiQuotas', hyperpod.QuotaProvisioning.API], ['LoadQuotas', hyperpod.QuotaProvisioning.CLOUDFORMATION]]) {
  const scope = new Stack(app, id, { env });
  const cluster = hyperpod.Cluster.fromClusterArn(scope, 'Cluster', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6');
  for (let quota = 0; quota < quotas; quota++) {
    new hyperpod.ComputeQuota(scope, `Quota${quota}`, {
      cluster,
      team: hyperpod.Team.of(`${id === 'LoadQuotas' ? 'team' : 'api-team'}-${quota}`),
      resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 })],
      provisioning,
    });
  }
}

app.synth();
