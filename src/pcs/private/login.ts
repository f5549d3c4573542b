import { join } from 'node:path';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { RULES } from './rules';
import { firstOf } from './subnets';
import { checkForm } from '../../private/forms';
import { pathInStage } from '../../private/places';
import { Problems, warn } from '../../private/problems';
import { singleton } from '../../private/singleton';
import { unreachableFrom } from '../../private/ways-out';
import { ScriptErrorAction, ScriptExecutionPolicy, ScriptSource, type NodeLifecycleActions } from '../vocabulary/lifecycle-actions';
import { LoginAccess } from '../vocabulary/login-access';
import type { LoginNodeGroupProps } from '../vocabulary/login-node-group-props';

/** The script of this library that registers a node with a target group. */
const REGISTER_TARGET = join(__dirname, '..', '..', '..', 'node-scripts', 'register-target.sh');

/** What the agent of AWS Systems Manager calls. */
const SESSION_SERVICES = ['ssm', 'ssmmessages'];

/** The port of SSH. */
export const SSH = 22;

/** The ways onto login nodes. */
export interface LoginPlan {
  readonly sessions: boolean;
  readonly endpoint?: { readonly securityGroups?: ec2.ISecurityGroup[] };
  /** Whether the launch template is one of the user, which has its security groups. */
  readonly ownTemplate: boolean;
}

/** Works out how people get onto login nodes, and refuses what can't be. Creates nothing. */
export function planLogin(scope: Construct, props: LoginNodeGroupProps): LoginPlan {
  const problems = new Problems();
  checkForm(problems, RULES.loginCount, 'count', props.count);
  problems.throwIfAny(scope);
  const choices = (props.access ?? [LoginAccess.sessionManager()]).map(access => access._choice);
  return {
    sessions: choices.some(choice => choice.kind === 'sessionManager'),
    endpoint: choices.find(choice => choice.kind === 'instanceConnectEndpoint'),
    ownTemplate: props.launch?._choice.kind === 'template',
  };
}

/** Advice on sessions that a role or a network doesn't allow. */
export function adviseSessions(scope: Construct, { nodeRole }: LoginNodeGroupProps, subnets: readonly ec2.ISubnet[]): void {
  const choice = nodeRole?._choice;
  const isBare = choice?.kind === 'managed' && choice.managedPolicies.length === 0 && Object.keys(choice.inlinePolicies).length === 0;
  if (choice?.kind === 'managed' && !choice.sessionManager && isBare) { warn(scope, RULES.loginSessionsDenied, { property: 'nodeRole' }); }
  scope.node.addValidation({
    validate: () => {
      const missing = unreachableFrom(scope, subnets, SESSION_SERVICES);
      if (missing.length > 0) { warn(scope, RULES.loginSessionsUnreachable, { property: 'vpcSubnets', got: missing }); }
      return [];
    },
  });
}

/** An EC2 Instance Connect endpoint with the security group that it reaches nodes from. */
export class ConnectEndpoint extends Construct {
  public readonly group: ec2.SecurityGroup;
  public readonly endpointId: string;

  constructor(scope: Construct, id: string, vpc: ec2.IVpc, subnetId: string) {
    super(scope, id);
    this.group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc, description: 'EC2 Instance Connect endpoint of login nodes', allowAllOutbound: false,
    });
    const endpoint = new ec2.CfnInstanceConnectEndpoint(this, 'Resource', { subnetId, securityGroupIds: [this.group.securityGroupId] });
    this.endpointId = endpoint.attrId;
  }
}

/** The endpoint of a VPC, which has one: all login groups of a stack share it. */
export function connectEndpointOf(scope: Construct, vpc: ec2.IVpc, nodes: ec2.SubnetSelection | undefined): ConnectEndpoint {
  const id = `cdk-hpc-clusters:ConnectEndpoint of ${pathInStage(vpc)}`;
  return singleton(scope, id, stack => new ConnectEndpoint(stack, id, vpc, connectSubnetOf(vpc, nodes)));
}

/**
 * The subnet of the endpoint, by the VPC alone: the order of login groups would change it, and so replace an endpoint of which a VPC has
 * one. The subnets of nodes are asked only where the VPC knows none.
 */
function connectSubnetOf(vpc: ec2.IVpc, nodes: ec2.SubnetSelection | undefined): string {
  const own = [vpc.privateSubnets, vpc.isolatedSubnets, vpc.publicSubnets].find(subnets => subnets.length > 0);
  return firstOf(own?.map(subnet => subnet.subnetId) ?? vpc.selectSubnets(nodes).subnetIds)[0];
}

/** Adds the script by which each node that starts registers itself with a target group, since AWS PCS registers none. */
export function withRegistration(
  actions: NodeLifecycleActions | undefined, targetGroupArn: string, encryptionKey: kms.IKeyRef | undefined,
): NodeLifecycleActions {
  const registration = {
    name: 'register-target',
    source: ScriptSource.fromAsset(REGISTER_TARGET, { encryptionKey }),
    arguments: ['--target-group-arn', targetGroupArn],
    onError: ScriptErrorAction.CONTINUE, // the other ways onto the node remain
    executionPolicy: ScriptExecutionPolicy.EVERY_BOOT,
  };
  return { ...actions, nodeReady: [...actions?.nodeReady ?? [], registration] };
}
