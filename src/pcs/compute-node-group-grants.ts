import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { loginOf } from './private/context';
import { nodeGroupIdOf } from './private/ids';
import { SSH } from './private/login';
import { NODE_GROUP_MANAGE_ACTIONS, NODE_GROUP_READ_ACTIONS } from './private/perms';
import { RULES } from './private/rules';
import { checked } from '../private/inputs/checked';
import { fail } from '../private/problems';

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
   * Grants opening tunnels to the SSH port of nodes through EC2 Instance Connect to a principal: through the endpoint that the app makes
   * for these login nodes, else through any endpoint of the account and Region.
   *
   * Who logs in is a matter of keys, or of the passwords of a directory. Login nodes without `LoginAccess.instanceConnectEndpoint()` are
   * an error.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-ec2-instance-connect-endpoint.html
   * @param grantee The principal.
   */
  public openTunnel(grantee: iam.IGrantable): iam.Grant {
    const login = loginOf(this.group);
    if (login?.hasEndpoint === false) { fail(this.group, RULES.loginWithoutEndpoint, { property: 'access' }); }
    const { account, region } = this.group.env;
    const endpoint = { service: 'ec2', resource: 'instance-connect-endpoint', resourceName: login?.endpointId ?? '*', account, region };
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['ec2-instance-connect:OpenTunnel'],
      resourceArns: [Stack.of(this.group).formatArn(endpoint)],
      conditions: { NumericEquals: { 'ec2-instance-connect:remotePort': String(SSH) } },
    }).combine(iam.Grant.addToPrincipal({
      grantee, actions: ['ec2:DescribeInstanceConnectEndpoints', 'ec2:DescribeInstances'], resourceArns: ['*'],
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
