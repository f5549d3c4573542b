import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { testRules } from './harness';
import { TrainingPlan, TrainingPlanLookup } from '../../src/training-plans';
import { RULES } from '../../src/training-plans/private/rules';

const imported = (name: string) => (stack: Stack) => TrainingPlan.fromTrainingPlanName(stack, 'Plan', name);
const importedByArn = (arn: string) => (stack: Stack) => TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn);
const token = (stack: Stack) => new CfnParameter(stack, 'Name').valueAsString;

testRules(RULES, {
  nameInvalid: {
    refused: {
      'an empty name': imported(''),
      'a hyphen in front': imported('-a'),
      'a hyphen at the end': imported('a-'),
      'an underscore': imported('a_b'),
      'a line after the name': imported('a\n'),
      '65 letters': imported('a'.repeat(65)),
      '65 characters with hyphens': imported(`a${'-'.repeat(63)}b`),
      'a look-up of a name that none can have': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlanName: 'a b' }),
      'a shared look-up of a name that none can have': stack => TrainingPlanLookup.forName(stack, 'a/b'),
    },
    accepted: {
      'one letter': imported('a'),
      '64 letters': imported('a'.repeat(64)),
      '64 characters with hyphens': imported(`a${'-'.repeat(62)}b`),
      'a name known at deployment': stack => imported(token(stack))(stack),
      'a look-up of a name known at deployment': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlanName: token(stack) }),
    },
  },
  arnInvalid: {
    refused: {
      'a name': importedByArn('llm-2026-q1'),
      'a cluster': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl'),
      'a reserved capacity': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/abc'),
      'no account': importedByArn('arn:aws:sagemaker:us-east-1::training-plan/llm-2026-q1'),
      'a name that no plan can have': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/a_b'),
    },
    accepted: {
      'a plan': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1'),
      'a plan in China': importedByArn('arn:aws-cn:sagemaker:cn-north-1:111122223333:training-plan/llm-2026-q1'),
      'an ARN known at deployment': stack => importedByArn(token(stack))(stack),
    },
  },
  sharedNameUnknown: {
    refused: {
      'a name known at deployment': stack => TrainingPlanLookup.forName(stack, token(stack)),
    },
    accepted: {
      'a name': stack => TrainingPlanLookup.forName(stack, 'llm-2026-q1'),
    },
  },
});
