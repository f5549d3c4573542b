import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checked } from '../../private/inputs/checked';

/** Options of the way through an EC2 Instance Connect endpoint. */
export interface InstanceConnectEndpointOptions {
  /**
   * The security groups of an endpoint that the VPC has already. Nothing is created then, but for the rules that let it reach the nodes.
   *
   * @default - an endpoint is made, one for all login groups of a VPC in a stack
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/**
 * How people get onto login nodes.
 *
 * @internal
 */
export type LoginAccessChoice =
  | { readonly kind: 'sessionManager' }
  | { readonly kind: 'instanceConnectEndpoint'; readonly securityGroups?: ec2.ISecurityGroup[] };

/** How people get onto login nodes. */
@checked('pcs.LoginAccess')
export class LoginAccess {
  /**
   * By sessions of AWS Systems Manager, which need no open port and no public address. Who may open one:
   * `group.grants.startSession(person)`.
   *
   * The role of the nodes gets the policy `AmazonSSMManagedInstanceCore`. The image must have the SSM Agent, as those of AWS have, and
   * nodes must reach the endpoints `ssm` and `ssmmessages`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
   */
  public static sessionManager(): LoginAccess {
    return new LoginAccess({ kind: 'sessionManager' });
  }

  /**
   * By SSH through an EC2 Instance Connect endpoint in the VPC of the nodes, which need no public address. Who may use it:
   * `group.grants.openTunnel(person)`.
   *
   * People then do `ssh -o ProxyCommand='aws ec2-instance-connect open-tunnel --instance-id %h' user@i-…`. The endpoint itself is free;
   * traffic to another zone isn't. It stands in the first private subnet of the VPC, else in the first isolated or public one, and no
   * deployment can move it to another: EC2 takes one endpoint for each VPC, and the new one would be created before the old one is deleted.
   * For login nodes in a second stack, give its `securityGroups`.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
   */
  public static instanceConnectEndpoint(options: InstanceConnectEndpointOptions = {}): LoginAccess {
    return new LoginAccess({ kind: 'instanceConnectEndpoint', securityGroups: options.securityGroups });
  }

  /** @internal */
  public readonly _kind = 'pcs.LoginAccess';

  private constructor(
    /** @internal */
    public readonly _choice: LoginAccessChoice,
  ) {}
}
