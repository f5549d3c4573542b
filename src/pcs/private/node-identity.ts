import { Stack, Token, type CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { RULES } from './rules';
import { checkForm } from '../../private/forms';
import { Permissions } from '../../private/permissions';
import { describe, isConcrete, warn, type Problems } from '../../private/problems';
import { trusts } from '../../private/trust';
import type { NodeRoleChoice } from '../vocabulary/node-role';

/** Where the service looks for a role that may register nodes. */
const ROLE_PATH = '/aws-pcs/';
const ROLE_PREFIX = 'AWSPCS';

/** The policy inside the role that lets nodes register themselves. */
const REGISTRATION = 'RegisterNodes';

/** The role of nodes and the instance profile that holds it. */
export class NodeIdentity {
  private readonly policies = new Map<Stack, { readonly policy: iam.Policy; readonly permissions: Permissions }>();

  constructor(
    private readonly scope: Construct,
    public readonly instanceProfileArn: string,
    public readonly role?: iam.IRole,
  ) {}

  /**
   * Allows nodes what they need from their first minute on.
   *
   * It doesn't go into the default policy of the role, which users fill with grants: a grant on a node group there, and the
   * node group depending on it, would be a circle. For the same reason each stack has its own policy.
   */
  public allow(consumer: Construct, statement: iam.PolicyStatement): void {
    if (this.role === undefined) { return; }
    const stack = Stack.of(consumer);
    let known = this.policies.get(stack);
    if (known === undefined) {
      const policy = new iam.Policy(stack === Stack.of(this.scope) ? this.scope : consumer, 'NodePolicy');
      // Added through the role: imported immutable roles ignore it.
      this.role.attachInlinePolicy(policy);
      known = { policy, permissions: new Permissions(policy.document) };
      this.policies.set(stack, known);
    }
    known.permissions.allow(statement);
  }

  /** Makes nodes wait for what they are allowed. */
  public applyBefore(resource: CfnResource): void {
    const policy = this.policies.get(Stack.of(resource))?.policy;
    if (policy) { resource.node.addDependency(policy); }
  }
}

/** Checks what is known of a role before anything is created. */
export function checkNodeRole(problems: Problems, scope: IConstruct, property: string, choice: NodeRoleChoice, cluster: object): void {
  if (choice.kind !== 'profile') {
    checkForm(problems, RULES.rolePath, `${property}.path`, choice.path);
    checkForm(problems, RULES.instanceProfileName, `${property}.instanceProfileName`, choice.instanceProfileName);
  }
  if (choice.kind === 'managed') { checkForm(problems, RULES.roleName, `${property}.roleName`, choice.roleName); }
  if (choice.kind === 'managed' && choice.inlinePolicies[REGISTRATION] !== undefined) {
    problems.add(RULES.nodeRolePolicyName, { property: `${property}.inlinePolicies`, got: REGISTRATION });
  }
  if (choice.kind === 'managed') {
    Object.keys(choice.inlinePolicies).forEach(name => checkForm(problems, RULES.inlinePolicyName, `${property}.inlinePolicies`, name));
  }
  if (choice.kind === 'managed' && mayRegister(choice.path, choice.roleName) === false) {
    problems.add(RULES.nodeRoleName, { property, got: { path: choice.path, roleName: choice.roleName } });
  }
  claimNames(problems, Stack.of(scope), property, choice, cluster);
  if (choice.kind === 'role' && givenRoleMayRegister(choice.role) === false) {
    warn(scope, RULES.nodeRoleUnfit, { property });
  }
}

/** Refuses a role that EC2 can't assume, when the app is complete. */
export function judgeTrust({ role }: NodeIdentity): string[] {
  return role && trusts(role, 'ec2') === false ? [describe(RULES.nodeRoleTrust, { property: 'nodeRole', got: role.node.path })] : [];
}

/** The names of roles and instance profiles of a stack, and what they were chosen for. */
const NAMES = new WeakMap<Stack, Map<string, { readonly choice: NodeRoleChoice; readonly cluster: object }>>();

/** Refuses names that something else has already. Node groups of a cluster share what they are given as one object. */
function claimNames(problems: Problems, stack: Stack, property: string, choice: NodeRoleChoice, cluster: object): void {
  if (choice.kind === 'profile') { return; }
  const names = NAMES.get(stack) ?? new Map<string, { readonly choice: NodeRoleChoice; readonly cluster: object }>();
  NAMES.set(stack, names);
  for (const kind of ['roleName', 'instanceProfileName'] as const) {
    const name = kind in choice ? (choice as Partial<Record<typeof kind, string>>)[kind] : undefined;
    if (!isConcrete(name)) { continue; }
    const owner = names.get(`${kind} ${name}`);
    if (owner && !(owner.choice === choice && owner.cluster === cluster)) {
      problems.add(RULES.nodeRoleNameTwice, { property: `${property}.${kind}`, got: name });
    }
    names.set(`${kind} ${name}`, { choice, cluster });
  }
}

/** Creates what the choice asks for, below the construct that owns it. */
export function createNodeIdentity(scope: Construct, choice: NodeRoleChoice, clusterArn: string): NodeIdentity {
  if (choice.kind === 'profile') {
    const role = (choice.profile as Partial<iam.IInstanceProfile>).role;
    return new NodeIdentity(scope, choice.profile.instanceProfileRef.instanceProfileArn, role);
  }
  const register = new iam.PolicyStatement({
    actions: ['pcs:RegisterComputeNodeGroupInstance'],
    resources: [clusterArn],
  });
  const role = choice.kind === 'role' ? choice.role : new iam.Role(scope, 'NodeRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    path: choice.path,
    roleName: choice.roleName,
    permissionsBoundary: choice.permissionsBoundary,
    managedPolicies: [
      ...choice.sessionManager ? [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')] : [],
      ...choice.managedPolicies,
    ],
    inlinePolicies: { [REGISTRATION]: new iam.PolicyDocument({ statements: [register] }), ...choice.inlinePolicies },
  });
  const profile = new iam.CfnInstanceProfile(scope, 'NodeInstanceProfile', {
    path: choice.path,
    instanceProfileName: choice.instanceProfileName,
    roles: [role.roleName],
  });
  const identity = new NodeIdentity(scope, profile.attrArn, role);
  if (choice.kind === 'role') {
    identity.allow(scope, register);
  }
  return identity;
}

/** Whether the service lets a role register nodes. Undefined where it can't be told. */
function mayRegister(path: string | undefined, roleName: string | undefined): boolean | undefined {
  if (isConcrete(roleName) && roleName.startsWith(ROLE_PREFIX)) { return true; }
  if (isConcrete(path) && path.includes(ROLE_PATH)) { return true; }
  if (Token.isUnresolved(roleName) || Token.isUnresolved(path)) { return undefined; }
  return false;
}

function givenRoleMayRegister(role: iam.IRole): boolean | undefined {
  const resource = role.node.defaultChild;
  if (resource instanceof iam.CfnRole) {
    // CloudFormation makes names that begin with the name of the stack.
    const stack = Stack.of(resource);
    const name: unknown = stack.resolve(resource.roleName) ?? stack.stackName;
    return typeof name === 'string' ? mayRegister(resource.path, name) : undefined;
  }
  return isConcrete(role.roleArn) ? mayRegister(role.roleArn, role.roleName) : undefined; // the ARN holds the path
}
