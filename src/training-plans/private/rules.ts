import { defineRules } from '../../private/rule';

const CREATE = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingPlan.html';

/** Rules about SageMaker training plans. */
export const RULES = defineRules('trainingPlans', {
  nameInvalid: {
    severity: 'error',
    rule: 'must have 1 to 64 letters, digits and hyphens, and begin and end with a letter or digit',
    fix: 'take the name from the list of training plans in the SageMaker console',
    why: 'no training plan can have another name',
    source: CREATE,
  },
  arnInvalid: {
    severity: 'error',
    rule: 'must be the ARN of a training plan',
    fix: 'give an ARN like arn:aws:sagemaker:us-east-1:111122223333:training-plan/my-plan',
    why: 'every other ARN is refused by the service',
    source: CREATE,
  },
  sharedNameUnknown: {
    severity: 'error',
    rule: 'must be known at synthesis to be shared by name',
    fix: 'make the look-up with `new TrainingPlanLookup()` and pass it on',
    why: 'two names that are known only at deployment can\'t be compared',
    source: 'cdk-hpc-clusters decisions/0004',
  },
});
