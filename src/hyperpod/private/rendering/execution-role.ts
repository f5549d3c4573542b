import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { Permissions } from '../../../private/permissions';
import { warn } from '../../../private/problems';
import type { InstanceGroupOptions } from '../../groups/vocabulary/instance-group';
import { EKS_NODE_ACTIONS, VPC_NODE_ACTIONS } from '../facts/perms';
import { RULES } from '../rules';

/** What decides what instances may do. */
export interface NodePermissions {
  readonly vpc: boolean;
  readonly eks: boolean;
}

/** The warning of the CDK for a managed policy that an imported role can't be given. */
const CANT_ATTACH = '@aws-cdk/aws-iam:IRoleCantBeUsedWithIManagedPolicy';

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
    // Straight from the resource: the ARN of an L2 is a token in a token, which each group would have resolved anew.
    const resource = role.node.defaultChild;
    return new ExecutionRole(role, document, [], resource instanceof iam.CfnRole ? resource.attrArn : undefined);
  }

  /** A role that is given, with a policy of ours. */
  public static adopt(scope: Construct, role: iam.IRole, permissions: NodePermissions): ExecutionRole {
    const told = role.node.metadata.length;
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(MANAGED_POLICY));
    if (role.node.metadata.length > told) {
      // An imported role says by a warning of the CDK that it can't; ours says what to do.
      Annotations.of(role).acknowledgeWarning(CANT_ATTACH);
      warn(scope, RULES.executionRoleImported, { property: 'executionRole', got: role.node.path });
    }
    return ExecutionRole.withPolicy(scope, role, permissions);
  }

  private static withPolicy(scope: Construct, role: iam.IRole, permissions: NodePermissions): ExecutionRole {
    const policy = new iam.Policy(scope, 'ExecutionPolicy', { statements: statementsFor(scope, permissions) });
    // Added through the role: imported immutable roles ignore it.
    role.attachInlinePolicy(policy);
    return new ExecutionRole(role, policy.document, [policy]);
  }

  private readonly permissions: Permissions;

  private constructor(
    public readonly role: iam.IRole,
    private readonly document: iam.PolicyDocument,
    /** What must be there as long as the instances are, besides the role itself. */
    public readonly policies: IDependable[],
    public readonly arn = role.roleArn,
  ) {
    this.permissions = new Permissions(document);
  }

  /** Allows instances something more. */
  public allow(statements: iam.PolicyStatement[]): void {
    this.permissions.allow(...statements);
  }

  /**
   * About how many characters the policy has, names that are known at deployment being as long as what stands for them. What all have
   * from the beginning is little, and isn't measured: 0 where nothing was added.
   */
  public policySize(): number {
    return this.permissions.isEmpty ? 0 : JSON.stringify(Stack.of(this.role).resolve(this.document)).length;
  }
}

/** What lets the service look at the alarms by which updates of a group are rolled back: it does so by the role of the instances. */
export function alarmStatements({ scheduledUpdate, automaticPatching }: InstanceGroupOptions): iam.PolicyStatement[] {
  const alarms = [scheduledUpdate?.rollout, automaticPatching?.rollout].flatMap(rollout => rollout?.rollbackAlarms ?? []);
  const resources = [...new Set(alarms.map(alarm => alarm.alarmRef.alarmArn))];
  return resources.length === 0 ? [] : [new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources })];
}

function statementsFor(scope: Construct, { vpc, eks }: NodePermissions): iam.PolicyStatement[] {
  if (!vpc) { return []; }
  const networkInterfaces = Stack.of(scope).formatArn({ service: 'ec2', resource: 'network-interface', resourceName: '*' });
  return [
    new iam.PolicyStatement({ actions: [...VPC_NODE_ACTIONS, ...eks ? EKS_NODE_ACTIONS : []], resources: ['*'] }),
    new iam.PolicyStatement({ actions: ['ec2:CreateTags'], resources: [networkInterfaces] }),
  ];
}
