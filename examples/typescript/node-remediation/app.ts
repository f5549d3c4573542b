import { App } from 'aws-cdk-lib';
import { NodeRemediationStack } from './node-remediation-stack';

const app = new App();
new NodeRemediationStack(app, 'NodeRemediation', {
  env: { region: 'us-east-1' },
  clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl', // put your own here
  repair: false, // what it would do is worth a look, before it does it
});
app.synth();
