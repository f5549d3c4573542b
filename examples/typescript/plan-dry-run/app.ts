import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OfferingSelection, PurchaseMode, UpfrontFee, training_plans } from 'cdk-hpc-clusters';

/** What a purchase would buy, reported while deploying. Nothing is bought, and nothing here could. */
class PlanDryRunStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const plan = new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
      trainingPlanName: 'llm-2026-q2',
      offering: training_plans.Offering.search({
        instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
        instanceCount: 4,
        durations: [Duration.days(7), Duration.days(14)],
        startAfter: '2026-12-01T00:00:00Z',
        endBefore: '2027-01-15T00:00:00Z',
        target: training_plans.TargetResource.HYPERPOD_CLUSTER,
        selection: OfferingSelection.LOWEST_INSTANCE_HOUR_RATE,
      }),
      maxUpfrontFee: UpfrontFee.usd('120000.00'),
      mode: PurchaseMode.DRY_RUN, // the default; BUY is what spends
    });
    new CfnOutput(this, 'WouldBuy', { value: plan.notice });
  }
}

const app = new App();
new PlanDryRunStack(app, 'PlanDryRun', { env: { account: '111122223333', region: 'us-east-1' } }); // put your own here
app.synth();
