import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FourTeamsStack } from '../../examples/typescript/four-teams/four-teams-stack';

function synthesize(partitionedInstances: number): Template {
  return Template.fromStack(new FourTeamsStack(new App({ analyticsReporting: false }), 'FourTeams', {
    clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl', partitionedInstances,
  }));
}

/** What the quotas of the example promise together, by instance type. */
function promised(template: Template): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { Properties } of Object.values(template.findResources('AWS::SageMaker::ComputeQuota'))) {
    for (const { InstanceType, Count, Accelerators, AcceleratorPartition } of Properties.ComputeQuotaConfig.ComputeQuotaResources) {
      const what = `${InstanceType} ${AcceleratorPartition?.Type ?? (Count === undefined ? 'accelerators' : 'instances')}`;
      sums[what] = (sums[what] ?? 0) + (AcceleratorPartition?.Count ?? Count ?? Accelerators);
    }
  }
  return sums;
}

test('four teams that get all that the cluster has', () => {
  const template = synthesize(2);
  template.resourceCountIs('AWS::SageMaker::ComputeQuota', 4);
  expect(promised(template)).toEqual({
    'ml.p5en.48xlarge instances': 6,
    'ml.p5.48xlarge accelerators': 2 * 8,
    'ml.p5.48xlarge mig-4g.40gb': 2 * 8,
    'ml.p5.48xlarge mig-2g.20gb': 2 * 8,
    'ml.p5.48xlarge mig-1g.10gb': 2 * 8,
  });
});

test('with one partitioned instance less they do not add up, and the app is refused', () => {
  let message = '';
  try { synthesize(1); } catch (error) { message = (error as Error).message; }
  const fix = 'lower the quotas, or raise the instance groups; let teams borrow instead of promising the same machines twice; '
    + 'where the number of instances changes by itself, leave `instanceGroups` out';
  const quotas = '["FourTeams/Research","FourTeams/Serving","FourTeams/Development"]';
  for (const profile of ['mig-4g.40gb', 'mig-2g.20gb', 'mig-1g.10gb']) {
    expect(message).toContain('[hyperpod.quotasAboveCapacity] `resources` must not add up, over all quotas of the cluster, to more than the instance '
      + `groups that are described have, got: {"instanceType":"ml.p5.48xlarge","resource":"${profile}","promised":16,"capacity":8,"quotas":${quotas}}; ${fix}`);
  }
  expect(message.match(/\[hyperpod\.\w+\]/g)).toHaveLength(3);
});
