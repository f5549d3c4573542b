/* N look-ups of training plans in one stack: ours, and AwsCustomResource, whose calls share a role. */
'use strict';
const iam = require('aws-cdk-lib/aws-iam');
const cr = require('aws-cdk-lib/custom-resources');

const FIELDS = ['Status', 'TrainingPlanArn', 'UpfrontFee'];

module.exports = {
  ours: (stack, vpc, count) => {
    const { training_plans } = require('../../../lib');
    for (let n = 0; n < count; n++) {
      const plan = new training_plans.TrainingPlanLookup(stack, `P${n}`, { trainingPlan: training_plans.TrainingPlanSelector.byName(`llm-2026-q${n + 1}`) });
      void [plan.status, plan.trainingPlanArn, plan.upfrontFee];
    }
  },
  'aws-custom-resource': (stack, vpc, count) => {
    /* With `policy` instead, there is one for each look-up: 802 resources, which no stack takes. */
    const role = new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Read: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['sagemaker:DescribeTrainingPlan'], resources: ['*'] })] }),
      },
    });
    for (let n = 0; n < count; n++) {
      const plan = new cr.AwsCustomResource(stack, `P${n}`, {
        role,
        installLatestAwsSdk: false,
        onUpdate: {
          service: 'sagemaker', action: 'DescribeTrainingPlan', parameters: { TrainingPlanName: `llm-2026-q${n}` }, outputPaths: FIELDS,
          physicalResourceId: cr.PhysicalResourceId.of(`llm-2026-q${n}`),
        },
      });
      void plan.getResponseField('Status');
    }
  },
};
