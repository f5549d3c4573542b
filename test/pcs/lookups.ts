import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { concreteStack } from './fixture';
import * as pcs from '../../src/pcs';

export const TYPE = 'Custom::HpcPcsLookup';
export const ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';

export const imported = (stack: Stack) => pcs.Cluster.fromClusterArn(stack, 'Imported', ARN);

/** What the look-up function may do, but for its log. */
export function permissions(stack: Stack): [unknown, unknown][] {
  const role = Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { Description: 'Reads for the look-ups of this stack' } });
  const { Policies } = Object.values(role)[0].Properties as {
    Policies: { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }[];
  };
  return Policies[0].PolicyDocument.Statement.slice(1).map(({ Action, Resource }) => [Action, Resource]);
}

/** A test for each field: it is asked for where its getter is used, and nothing else is. `make` makes a look-up that is called `Found`. */
export function testGetters<L>(make: (stack: Stack) => L, getters: Record<string, (found: L) => unknown>): void {
  test.each(Object.entries(getters))('%s is asked for when it is used, and nothing else is', (field, get) => {
    const stack = concreteStack();
    const resolved: unknown = stack.resolve(get(make(stack)));
    const attribute = { 'Fn::GetAtt': [expect.stringMatching(/^Found/), field] };
    expect(resolved).toEqual(/(Ids|Types|Addresses)$/.test(field) ? { 'Fn::Split': [',', attribute] } : attribute);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: field });
  });
}
