import { Lazy, Token, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { concreteStack } from './fixture';
import { ARN, TYPE, permissions, testGetters } from './lookups';
import * as pcs from '../../src/pcs';
import type { INSTANCE_FIELDS } from '../../src/private/contracts/pcs-lookup';

const findInstances = (stack: Stack, props: Partial<pcs.ComputeNodeGroupInstancesLookupProps> = {}) =>
  new pcs.ComputeNodeGroupInstancesLookup(stack, 'Found', {
    computeNodeGroup: pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Group', `${ARN}/computenodegroup/pcs_def456`), ...props,
  });

const INSTANCE_GETTERS: Record<typeof INSTANCE_FIELDS[number], (found: pcs.ComputeNodeGroupInstancesLookup) => unknown> = {
  Count: found => found.count,
  InstanceIds: found => found.instanceIds,
  Ipv6Addresses: found => found.ipv6Addresses,
  PrivateIpAddresses: found => found.privateIpAddresses,
};

testGetters(findInstances, INSTANCE_GETTERS);

test('the count is a number', () => {
  const { count } = findInstances(concreteStack());
  expect(typeof count).toBe('number');
  expect(Token.isUnresolved(count)).toBe(true);
});

test('the handler is told of the instances', () => {
  const stack = concreteStack();
  findInstances(stack, { minInstances: 1, maxInstances: Lazy.number({ produce: () => 7 }), refresh: '2' });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    Operation: 'DescribeInstances', Input: { ComputeNodeGroupId: 'pcs_def456', AtLeast: '1', AtMost: '7' }, Refresh: '2',
  });
  const plain = concreteStack();
  findInstances(plain);
  Template.fromStack(plain).hasResourceProperties(TYPE, { Input: { AtLeast: Match.absent(), AtMost: Match.absent() } });
});

test('the function may describe instances', () => {
  const stack = concreteStack();
  findInstances(stack);
  expect(permissions(stack)).toEqual([['ec2:DescribeInstances', '*']]);
});
