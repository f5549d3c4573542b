import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The actions and resources that the function for look-ups of a stack is allowed, but for its log. */
export function readsOf(stack: Stack): unknown[] {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const [{ PolicyDocument }] = role.Properties.Policies as { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } }[];
  return PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, Resource]);
}
