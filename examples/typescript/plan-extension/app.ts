import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PurchaseMode, UpfrontFee, training_plans } from 'cdk-hpc-clusters';

/** A plan extended by a week, and what the week after would cost. **Deploying this spends money.** */
class PlanExtensionStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const plan = training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q4');
    const january = new training_plans.TrainingPlanExtension(this, 'UntilJanuary22', {
      trainingPlan: plan,
      extendTo: '2027-01-22T11:30:00Z', // a week after the end of the plan
      maxUpfrontFee: UpfrontFee.usd('60000.00'),
      mode: PurchaseMode.BUY,
    });
    const next = new training_plans.TrainingPlanExtension(this, 'UntilJanuary29', {
      trainingPlan: plan,
      extendTo: '2027-01-29T11:30:00Z',
      maxUpfrontFee: UpfrontFee.usd('60000.00'),
      mode: PurchaseMode.DRY_RUN, // the default; BUY is what spends
    });
    next.node.addDependency(january); // it begins where the first one ends

    new CfnOutput(this, 'EndsAt', { value: january.endTime });
    new CfnOutput(this, 'WouldBuy', { value: next.notice });
  }
}

const app = new App();
new PlanExtensionStack(app, 'PlanExtension', { env: { account: '111122223333', region: 'us-east-1' } }); // put your own here
app.synth();
