import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { ITrainingPlanRef } from '../../plan/vocabulary/training-plan-ref';

/** The ARN that the name of a plan has in the account and Region of a stack. */
export function planArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'training-plan', resourceName: name });
}

/** The name of a plan: the one that it says, else the last part of its ARN. */
export function planNameOf(plan: ITrainingPlanRef): string {
  return isNamed(plan) ? plan.trainingPlanName : nameInArn(plan, plan.trainingPlanRef.trainingPlanArn);
}

/** The name in the ARN of a plan. */
export function nameInArn(scope: IConstruct, arn: string): string {
  return Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
}

function isNamed(plan: ITrainingPlanRef): plan is ITrainingPlanRef & { readonly trainingPlanName: string } {
  return 'trainingPlanName' in plan;
}
