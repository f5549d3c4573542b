import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { pathInStage } from '../../private/places';
import { singleton } from '../../private/singleton';

/**
 * A security group as nodes see it. In another stack it is an import, below which rules are made: a rule in the stack of the group would
 * refer to the peer, and that stack would wait for the one of the nodes.
 */
export function seenFrom(scope: Construct, group: ec2.ISecurityGroup): ec2.ISecurityGroup {
  if (Stack.of(group) === Stack.of(scope)) { return group; }
  const { securityGroupId, allowAllOutbound } = group;
  // One for all node groups of the stack: a rule that two of them ask for is made once.
  const id = `cdk-hpc-clusters:${pathInStage(group)}`;
  return singleton(scope, id, stack => ec2.SecurityGroup.fromSecurityGroupId(stack, id, securityGroupId, { allowAllOutbound }));
}
