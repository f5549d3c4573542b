/* N look-ups of training plans in one stack: ours, and AwsCustomResource, whose calls share a role. */
'use strict';
const iam = require('aws-cdk-lib/aws-iam');
const cr = require('aws-cdk-lib/custom-resources');
const { CfnOutput } = require('aws-cdk-lib');

const FIELDS = ['Status', 'TrainingPlanArn', 'UpfrontFee'];

module.exports = {
  ours: (stack, vpc, count) => {
    const { training_plans } = require('../../../lib');
    for (let n = 0; n < count; n++) {
      const plan = new training_plans.TrainingPlanLookup(stack, `P${n}`, { trainingPlanName: `llm-2026-q${n}` });
      void [plan.status, plan.trainingPlanArn, plan.upfrontFee];
    }
  },
  'aws-custom-resource': (stack, vpc, count) => {
    const shared = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const role = shared.withoutPolicyUpdates(); // else a policy for each: 802 resources, which no stack takes
    for (let n = 0; n < count; n++) {
      const plan = new cr.AwsCustomResource(stack, `P${n}`, {
        role,
        installLatestAwsSdk: false,
        onUpdate: {
          service: 'sagemaker', action: 'DescribeTrainingPlan', parameters: { TrainingPlanName: `llm-2026-q${n}` }, outputPaths: FIELDS,
          physicalResourceId: cr.PhysicalResourceId.of(`llm-2026-q${n}`),
        },
        policy: cr.AwsCustomResourcePolicy.fromSdkCalls({ resources: cr.AwsCustomResourcePolicy.ANY_RESOURCE }),
      });
      void plan.getResponseField('Status');
    }
  },
  /* One look-up, with its output: the template that `reference look-up` is measured in. */
  reference: stack => {
    const { training_plans } = require('../../../lib');
    const plan = new training_plans.TrainingPlanLookup(stack, 'Plan', { trainingPlanName: 'llm-2026-q1' });
    for (const field of ['status', 'trainingPlanArn', 'upfrontFee']) { new CfnOutput(stack, field, { value: plan[field] }); }
  },
};
