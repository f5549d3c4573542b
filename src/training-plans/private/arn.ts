import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The ARN that the name of a plan has in the account and Region of a stack. */
export function planArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'training-plan', resourceName: name });
}
