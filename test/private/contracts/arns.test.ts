import { sageMakerArn } from '../../../src/private/contracts/arns';

const PLAN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';

test('an ARN says where its resource is and what it is called, in every partition', () => {
  const parts = { region: 'us-east-1', account: '111122223333', name: 'llm-2026-q1' };
  expect(sageMakerArn('training-plan', PLAN)).toEqual(parts);
  expect(sageMakerArn('training-plan', PLAN.replace('aws', 'aws-us-gov'))).toEqual(parts);
});

test.each([
  ['of another kind', PLAN.replace('training-plan', 'compute-quota')],
  ['of another service', PLAN.replace('sagemaker', 'ec2')],
  ['without a name', PLAN.replace('llm-2026-q1', '')],
  ['that is a name', 'llm-2026-q1'],
  ['of what is below a plan', PLAN.replace('training-plan', 'x/training-plan')],
])('an ARN %s is no ARN of a plan', (_what, arn) => {
  expect(sageMakerArn('training-plan', arn)).toBeUndefined();
});
