import { App, CfnResource, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import * as pcs from '../../src/pcs';
import { renderedProperties, resourcesOfType } from '../../src/private/rendered';
import { nodes } from '../pcs/fixture';

test('an app is read once for a synthesis, and anew for the next one', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack');
  const slurm = new pcs.Cluster(stack, 'Slurm', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }), size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11,
  });
  slurm.addComputeNodeGroup('Nodes', nodes());
  const first = new CfnResource(stack, 'First', { type: 'Test::Own::Type', properties: { Name: 'one' } });
  app.synth();
  expect(resourcesOfType(stack, 'Test::Own::Type')).toEqual([first]);
  expect(renderedProperties(first)).toEqual({ Name: 'one' });

  const second = new CfnResource(stack, 'Second', { type: 'Test::Own::Type' });
  first.addPropertyOverride('Name', 'two');
  app.synth({ force: true });
  expect(resourcesOfType(stack, 'Test::Own::Type')).toEqual([first, second]);
  expect(renderedProperties(first)).toEqual({ Name: 'two' });
});
