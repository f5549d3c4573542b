import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { nodeGroupIdOf } from './private/ids';
import { NODE_GROUP_MANAGE_ACTIONS, NODE_GROUP_READ_ACTIONS } from './private/perms';
import { checked } from '../private/inputs/checked';

/** Grants permissions on a node group. */
@checked('pcs.ComputeNodeGroupGrants')
export class ComputeNodeGroupGrants {
  /**
   * The grants of a node group, whoever made it.
   *
   * @param group The node group.
   */
  public static fromComputeNodeGroup(group: pcs.IComputeNodeGroupRef): ComputeNodeGroupGrants {
    return new ComputeNodeGroupGrants(group);
  }

  private constructor(private readonly group: pcs.IComputeNodeGroupRef) {}

  /**
   * Grants reading the node group and its tags to a principal.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...NODE_GROUP_READ_ACTIONS);
  }

  /**
   * Grants reading and changing the node group, but not deleting it, to a principal.
   *
   * A change of its launch template, subnets or instance profile needs permissions of EC2 and IAM besides.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/security-min-permissions.html
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...NODE_GROUP_READ_ACTIONS, ...NODE_GROUP_MANAGE_ACTIONS);
  }

  /**
   * Grants opening sessions on the nodes of the group with AWS Systems Manager to a principal, by the tag that the service puts on them.
   *
   * The role of the nodes needs `sessionManager`. Sessions use the document `SSM-SessionManagerRunShell` of the account.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
   * @param grantee The principal.
   */
  public startSession(grantee: iam.IGrantable): iam.Grant {
    const stack = Stack.of(this.group);
    const { account, region } = this.group.env;
    const env = { account, region };
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['ssm:StartSession'],
      resourceArns: [stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*', ...env })],
      conditions: { StringEquals: { 'ssm:resourceTag/aws:pcs:compute-node-group-id': nodeGroupIdOf(this.group) } },
    }).combine(iam.Grant.addToPrincipal({
      grantee,
      actions: ['ssm:StartSession'],
      resourceArns: [stack.formatArn({ service: 'ssm', resource: 'document', resourceName: 'SSM-SessionManagerRunShell', ...env })],
    }));
  }

  /**
   * Grants any actions on the node group to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, for example `pcs:ListTagsForResource`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.group.computeNodeGroupRef.computeNodeGroupArn] });
  }
}
