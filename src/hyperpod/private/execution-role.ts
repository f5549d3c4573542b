import { Stack, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import { EKS_NODE_ACTIONS, VPC_NODE_ACTIONS } from './perms';

/** What decides what instances may do. */
export interface NodePermissions {
  readonly vpc: boolean;
  readonly eks: boolean;
}

const MANAGED_POLICY = 'AmazonSageMakerClusterInstanceRolePolicy';

/**
 * The role of instances, with what they need from their first minute to their last.
 *
 * That doesn't go into the default policy of the role, which users fill with grants: a grant on the cluster there, and the cluster
 * depending on it, would be a circle.
 */
export class ExecutionRole {
  /** A new role. What it may do is part of it, so that it is there as long as the role is. */
  public static create(scope: Construct, permissions: NodePermissions): ExecutionRole {
    const document = new iam.PolicyDocument({ statements: statementsFor(scope, permissions) });
    const role = new iam.Role(scope, 'ExecutionRole', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(MANAGED_POLICY)],
      // A document without statements would be refused.
      inlinePolicies: document.isEmpty ? undefined : { HyperPod: document },
    });
    if (document.isEmpty) { return ExecutionRole.withPolicy(scope, role, permissions); }
    return new ExecutionRole(role, statements => document.addStatements(...statements), []);
  }

  /** A role that is given, with a policy of ours. */
  public static adopt(scope: Construct, role: iam.IRole, permissions: NodePermissions): ExecutionRole {
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(MANAGED_POLICY));
    return ExecutionRole.withPolicy(scope, role, permissions);
  }

  private static withPolicy(scope: Construct, role: iam.IRole, permissions: NodePermissions): ExecutionRole {
    const policy = new iam.Policy(scope, 'ExecutionPolicy', { statements: statementsFor(scope, permissions) });
    // Asked of the role, since an immutable one declines.
    role.attachInlinePolicy(policy);
    return new ExecutionRole(role, statements => policy.addStatements(...statements), [policy]);
  }

  private readonly seen = new Set<string>();

  private constructor(
    public readonly role: iam.IRole,
    private readonly add: (statements: iam.PolicyStatement[]) => void,
    /** What must be there as long as the instances are, besides the role itself. */
    public readonly policies: IDependable[],
  ) {}

  /** Allows instances something more, once for each key. */
  public allow(key: string, statements: iam.PolicyStatement[]): void {
    if (this.seen.has(key)) { return; }
    this.seen.add(key);
    this.add(statements);
  }
}

function statementsFor(scope: Construct, { vpc, eks }: NodePermissions): iam.PolicyStatement[] {
  if (!vpc) { return []; }
  const networkInterfaces = Stack.of(scope).formatArn({ service: 'ec2', resource: 'network-interface', resourceName: '*' });
  return [
    new iam.PolicyStatement({ actions: [...VPC_NODE_ACTIONS, ...eks ? EKS_NODE_ACTIONS : []], resources: ['*'] }),
    new iam.PolicyStatement({ actions: ['ec2:CreateTags'], resources: [networkInterfaces] }),
  ];
}
