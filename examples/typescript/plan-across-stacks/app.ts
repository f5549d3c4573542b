import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { PurchaseMode, UpfrontFee, hyperpod, training_plans } from 'cdk-hpc-clusters';

const ENV = { account: '111122223333', region: 'us-east-1' }; // put your own here, and below
const BUYER = 'arn:aws:iam::111122223333:role/finance/Buyer';

/** A stack of its own for what spends money: few may deploy it, and nothing else in it can fail. **Deploying it spends money.** */
class PlansStack extends Stack {
  public readonly plan: training_plans.PurchasedTrainingPlan;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    this.plan = new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
      trainingPlanName: 'llm-2026-q3',
      offering: training_plans.Offering.search({
        instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
        instanceCount: 4,
        durations: [Duration.days(14)],
        startAfter: '2026-12-01T00:00:00Z',
        endBefore: '2027-01-15T00:00:00Z',
        target: training_plans.TargetResource.HYPERPOD_CLUSTER,
      }),
      maxUpfrontFee: UpfrontFee.usd('120000.00'),
      mode: PurchaseMode.BUY,
      purchaseRole: iam.Role.fromRoleArn(this, 'Buyer', BUYER), // finance owns it
    });
    new CfnOutput(this, 'WhatHappened', { value: this.plan.notice });
  }
}

interface ClusterStackProps extends StackProps {
  readonly plan: training_plans.ITrainingPlanRef;
}

/** A stack that uses the plan, and can be deleted and made again without touching it. */
class ClusterStack extends Stack {
  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);

    const pod = new hyperpod.Cluster(this, 'Pod', { orchestrator: hyperpod.Orchestrator.slurm() });
    pod.addInstanceGroup('controller', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_XLARGE, count: 1 }),
      slurmNode: hyperpod.SlurmNode.controller(),
    });
    pod.addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 }),
      slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'gpu' }),
      capacity: hyperpod.Capacity.trainingPlan(props.plan),
    });
    // An expired plan fails here at once, whenever the cluster changes.
    new training_plans.TrainingPlanAssertion(this, 'PlanIsUsable', {
      trainingPlan: training_plans.TrainingPlanSelector.fromTrainingPlan(props.plan),
      target: training_plans.TargetResource.HYPERPOD_CLUSTER,
      minTotalInstances: 4,
      guards: [pod],
    });
    new CfnOutput(this, 'ClusterArn', { value: pod.clusterArn });
  }
}

const app = new App();
const plans = new PlansStack(app, 'Plans', { env: ENV });
new ClusterStack(app, 'PlanUsers', { env: ENV, plan: plans.plan });
app.synth();
