// Preloaded by scripts/nag.mjs into an app: after its synthesis, writes what cdk-nag finds to NAG_FINDINGS.
const { writeFileSync } = require('node:fs');
const { App, Stage } = require('aws-cdk-lib');
const { AwsSolutionsChecks } = require('cdk-nag');

const { synth } = Stage.prototype;
Stage.prototype.synth = function (...args) {
  const assembly = synth.apply(this, args);
  if (App.isApp(this)) { writeFileSync(process.env.NAG_FINDINGS, JSON.stringify(new AwsSolutionsChecks().validateScope(this).violations)); }
  return assembly;
};
