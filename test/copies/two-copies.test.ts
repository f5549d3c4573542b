import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { secondCopy } from './second-copy';
import * as first from '../../src';
import { SINGLETONS } from '../singletons';

const second = secondCopy();
const PLACE = { account: '111122223333', region: 'us-east-1' };

function bought({ PurchaseMode, UpfrontFee, training_plans }: typeof first, stack: Stack, id: string, trainingPlanName = 'llm-2026-q2') {
  return new training_plans.PurchasedTrainingPlan(stack, id, {
    ...PLACE,
    trainingPlanName,
    offering: training_plans.Offering.search({
      instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
      instanceCount: 4,
      durations: [Duration.days(7)],
      target: training_plans.TargetResource.HYPERPOD_CLUSTER,
    }),
    maxUpfrontFee: UpfrontFee.usd('120000.00'),
    mode: PurchaseMode.BUY,
  });
}

function extended({ PurchaseMode, UpfrontFee, training_plans }: typeof first, stack: Stack, id: string, extendTo = '2027-01-29T11:30:00Z') {
  return new training_plans.TrainingPlanExtension(stack, id, {
    ...PLACE,
    trainingPlan: training_plans.TrainingPlan.fromTrainingPlanName(stack, `${id}Plan`, 'llm-2026-q2'),
    extendTo,
    maxUpfrontFee: UpfrontFee.usd('50000.00'),
    mode: PurchaseMode.BUY,
  });
}

test('they are two', () => {
  expect(second.training_plans.PurchasedTrainingPlan).not.toBe(first.training_plans.PurchasedTrainingPlan);
});

test('a name that both buy is refused', () => {
  const app = new App();
  bought(first, new Stack(app, 'A'), 'Plan');
  expect(() => bought(second, new Stack(app, 'B'), 'Plan')).toThrow('[trainingPlans.purchasedTwice]');
  expect(() => bought(second, new Stack(app, 'C'), 'Plan', 'another')).not.toThrow();
});

test('a name whose purchase was removed from the tree is free again', () => {
  const app = new App();
  const stack = new Stack(app, 'A');
  bought(first, stack, 'Plan');
  stack.node.tryRemoveChild('Plan');
  expect(() => bought(second, stack, 'Again')).not.toThrow();
  expect(() => bought(first, new Stack(app, 'B'), 'Plan')).toThrow('[trainingPlans.purchasedTwice]');
});

test('an end to which both extend a plan is refused', () => {
  const app = new App();
  extended(first, new Stack(app, 'A'), 'Extension');
  expect(() => extended(second, new Stack(app, 'B'), 'Extension')).toThrow('[trainingPlans.extendedTwice]');
});

test('extensions of a plan by both happen in the order of their ends', () => {
  const stack = new Stack(new App(), 'A');
  extended(first, stack, 'Later', '2027-02-05T11:30:00Z');
  extended(second, stack, 'Earlier');
  const resources = Template.fromStack(stack).findResources('Custom::HpcTrainingPlansExtension');
  const [later, earlier] = ['Later', 'Earlier'].map(prefix => Object.keys(resources).find(id => id.startsWith(prefix))!);
  expect(resources[later].DependsOn).toContain(earlier);
});

test.each(Object.entries(SINGLETONS))('both share %s', (id, make) => {
  const stack = new Stack(new App(), 'A');
  make(first, stack, 'One');
  const made = stack.node.findChild(id);
  make(second, stack, 'Two');
  expect(stack.node.findChild(id)).toBe(made);
  expect(() => Template.fromStack(stack)).not.toThrow();
});

describe('remediations of one cluster by both', () => {
  const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
  const remediated = ({ hyperpod }: typeof first, stack: Stack, clusterArn = ARN) => new hyperpod.NodeRemediation(stack, 'Remediation', {
    cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', clusterArn),
    mode: hyperpod.RemediationMode.REPAIR,
  });

  test('are refused, whichever comes first', () => {
    for (const [one, two] of [[first, second], [second, first]]) {
      const app = new App();
      remediated(one, new Stack(app, 'A', { env: PLACE }));
      remediated(two, new Stack(app, 'B', { env: PLACE }));
      expect(() => app.synth()).toThrow('[hyperpod.remediationTwice]');
    }
  });

  test('are two things where the clusters are two, or where one was removed from the tree', () => {
    const app = new App();
    remediated(first, new Stack(app, 'A', { env: PLACE }));
    remediated(second, new Stack(app, 'B', { env: PLACE }), `${ARN.slice(0, -1)}7`);
    const removed = new Stack(app, 'C', { env: PLACE });
    remediated(second, removed);
    removed.node.tryRemoveChild('Remediation');
    expect(() => app.synth()).not.toThrow();
  });
});
