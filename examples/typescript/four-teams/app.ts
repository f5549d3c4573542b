import { App } from 'aws-cdk-lib';
import { FourTeamsStack } from './four-teams-stack';

const app = new App();
new FourTeamsStack(app, 'FourTeams', {
  env: { region: 'us-east-1' },
  clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl', // put your own here
  partitionedInstances: 2,
});
app.synth();
