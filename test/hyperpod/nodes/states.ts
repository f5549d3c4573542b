import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** The definition of a state machine of these states, with names in the place of tokens. */
export function machine(stack: Stack, chain: sfn.IChainable, queryLanguage?: sfn.QueryLanguage): Record<string, any> {
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(chain), queryLanguage });
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  const text = resource.Properties.DefinitionString;
  const parts: unknown[] = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map(part => (typeof part === 'string' ? part : JSON.stringify(part).replace(/[^A-Za-z]/g, ''))).join('')).States;
}

/** The statements of all roles and policies, with their actions as lists. */
export function statementsOf(stack: Stack): { actions: string[]; resource: unknown }[] {
  const template = Template.fromStack(stack).toJSON();
  return Object.values<any>(template.Resources)
    .flatMap(({ Type, Properties }) => (Type === 'AWS::IAM::Policy' ? [Properties.PolicyDocument] : Type === 'AWS::IAM::Role'
      ? (Properties.Policies ?? []).map((policy: any) => policy.PolicyDocument) : []))
    .flatMap((document: any) => document.Statement)
    .map((statement: any) => ({ actions: [statement.Action].flat(), resource: statement.Resource }));
}
