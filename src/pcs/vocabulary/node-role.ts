import type * as iam from 'aws-cdk-lib/aws-iam';
import { checked } from '../../private/inputs/checked';

/** Options of a role that is made for nodes. */
export interface ManagedNodeRoleOptions {
  /**
   * The path of the role and of the instance profile.
   *
   * The service accepts a role only if it has the path `/aws-pcs/` or a name that begins with `AWSPCS`.
   *
   * @default /aws-pcs/
   */
  readonly path?: string;

  /**
   * The name of the role. A change replaces the role.
   *
   * @default - CloudFormation makes one
   */
  readonly roleName?: string;

  /**
   * The name of the instance profile. A change replaces the profile and, when they are idle, the nodes.
   *
   * @default - CloudFormation makes one
   */
  readonly instanceProfileName?: string;

  /**
   * Whether people may open sessions on nodes with AWS Systems Manager: adds the policy `AmazonSSMManagedInstanceCore`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
   * @default false
   */
  readonly sessionManager?: boolean;

  /**
   * Further managed policies.
   *
   * @default - none
   */
  readonly managedPolicies?: iam.IManagedPolicy[];

  /**
   * Policies inside the role, by their names: nodes are allowed it from their first minute on.
   *
   * Grants go into policies beside the role. CloudFormation makes these before the nodes too, unless they refer to the nodes themselves; an
   * Aspect, or another stack, that adds one later can't be waited for. What is denied, or needed at boot, is safest here. The name
   * `RegisterNodes` is taken.
   *
   * @default - none but the permission to register nodes
   */
  readonly inlinePolicies?: { [name: string]: iam.PolicyDocument };

  /**
   * The permissions boundary of the role.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** Options of an instance profile that is made for a given role. */
export interface ExistingNodeRoleOptions {
  /**
   * The path of the instance profile.
   *
   * @default /aws-pcs/
   */
  readonly instanceProfilePath?: string;

  /**
   * The name of the instance profile. A change replaces the profile and, when they are idle, the nodes.
   *
   * @default - CloudFormation makes one
   */
  readonly instanceProfileName?: string;
}

/**
 * How the nodes of a group get their permissions.
 *
 * @internal
 */
export type NodeRoleChoice =
  | {
    readonly kind: 'managed';
    readonly path: string;
    readonly roleName?: string;
    readonly instanceProfileName?: string;
    readonly permissionsBoundary?: iam.IManagedPolicy;
    readonly managedPolicies: iam.IManagedPolicy[];
    readonly inlinePolicies: Readonly<Record<string, iam.PolicyDocument>>;
    readonly sessionManager: boolean;
  }
  | { readonly kind: 'role'; readonly role: iam.IRole; readonly path: string; readonly instanceProfileName?: string }
  | { readonly kind: 'profile'; readonly profile: iam.IInstanceProfileRef };

/**
 * The IAM role of nodes, and the instance profile that holds it.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/security-instance-profiles.html
 */
@checked('pcs.NodeRole')
export class NodeRole {
  /**
   * A role that may register nodes with the cluster, and nothing else, plus what is granted to it.
   *
   * The managed policy `AWSPCSComputeNodePolicy` allows the same for every cluster of the account; this role is held to one.
   */
  public static managed(options: ManagedNodeRoleOptions = {}): NodeRole {
    return new NodeRole({
      kind: 'managed',
      path: options.path ?? '/aws-pcs/',
      roleName: options.roleName,
      instanceProfileName: options.instanceProfileName,
      permissionsBoundary: options.permissionsBoundary,
      managedPolicies: options.managedPolicies ?? [],
      inlinePolicies: options.inlinePolicies ?? {},
      sessionManager: options.sessionManager ?? false,
    });
  }

  /**
   * A role of yours, in a new instance profile.
   *
   * It is given `pcs:RegisterComputeNodeGroupInstance` for the cluster, unless it was imported as immutable.
   *
   * @param role The role. Its path must be `/aws-pcs/` or its name begin with `AWSPCS`, and `ec2.amazonaws.com` must be
   *   trusted.
   * @param options Options of the instance profile.
   */
  public static fromRole(role: iam.IRole, options: ExistingNodeRoleOptions = {}): NodeRole {
    return new NodeRole({
      kind: 'role',
      role,
      path: options.instanceProfilePath ?? '/aws-pcs/',
      instanceProfileName: options.instanceProfileName,
    });
  }

  /**
   * An instance profile of yours, whose role may register nodes already. Nothing is created.
   *
   * Where its role is known, the role is allowed to read the scripts of lifecycle actions, and can be granted to.
   *
   * @param profile The instance profile.
   */
  public static fromInstanceProfile(profile: iam.IInstanceProfileRef): NodeRole {
    return new NodeRole({ kind: 'profile', profile });
  }

  /** @internal */
  public readonly _kind = 'pcs.NodeRole';

  private constructor(
    /** @internal */
    public readonly _choice: NodeRoleChoice,
  ) {}
}
