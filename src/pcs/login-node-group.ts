import { Lazy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ComputeNodeGroup } from './compute-node-group';
import { contextOf, noteLogin, type ClusterContext } from './private/context';
import { adviseSessions, connectEndpointOf, planLogin, SSH, withRegistration, type LoginPlan } from './private/login';
import type { ComputeNodeGroupProps } from './vocabulary/compute-node-group-props';
import type { LoginLoadBalancerOptions, LoginNodeGroupProps } from './vocabulary/login-node-group-props';
import { NodeRole } from './vocabulary/node-role';
import { Scaling } from './vocabulary/scaling';
import { checked } from '../private/inputs/checked';

/**
 * Login nodes of a cluster of AWS Parallel Computing Service: a node group of fixed size that people open sessions on to submit jobs,
 * and that runs none itself.
 *
 * The nodes have a security group of their own besides those of the cluster, so that `connections` are theirs alone, and a role of
 * their own. Where `traffic` of the cluster is restrictive, that group lets nothing out either: what the nodes have to reach, such as
 * AWS Systems Manager for sessions, is allowed through `nodeConnections` of the cluster, or `connections` of the group.
 *
 * The instances are paid for all the time. AWS PCS replaces them like other nodes: where image or launch template change, or an instance
 * fails. Sessions end then, the address and the host key are others, and what isn't on shared storage is gone.
 *
 * @resource AWS::PCS::ComputeNodeGroup
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_login-nodes.html
 *
 * @example
 * declare const researcher: iam.IRole;
 *
 * const login = new pcs.LoginNodeGroup(this, 'Login', {
 *   cluster,
 *   instanceType: new ec2.InstanceType('m7i.xlarge'),
 *   image: pcs.NodeImage.pcsReadyDlami(),
 * });
 * login.grants.startSession(researcher);
 */
@propertyInjectable
@checked('pcs.LoginNodeGroup')
export class LoginNodeGroup extends ComputeNodeGroup {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.LoginNodeGroup';

  /** The Network Load Balancer, where one was asked for. */
  public readonly loadBalancer?: elbv2.NetworkLoadBalancer;

  constructor(scope: Construct, id: string, props: LoginNodeGroupProps) {
    const plan = planLogin(scope, props);
    const later: { targets?: elbv2.NetworkTargetGroup } = {};
    super(scope, id, groupProps(props, plan, Lazy.string({ produce: () => later.targets?.targetGroupArn })));

    const vpc = (props.vpc ?? contextOf(props.cluster).vpc)!;
    if (plan.sessions) { adviseSessions(this, props, vpc.selectSubnets(props.vpcSubnets).subnets); }
    let endpointId: string | undefined;
    if (plan.endpoint) {
      const made = plan.endpoint.securityGroups ? undefined : connectEndpointOf(this, vpc, props.vpcSubnets);
      const securityGroups = made ? [made.group] : plan.endpoint.securityGroups!;
      endpointId = made?.endpointId;
      this.connections.allowFrom(new ec2.Connections({ securityGroups }), ec2.Port.tcp(SSH), 'SSH through EC2 Instance Connect');
    }
    noteLogin(this, { hasEndpoint: plan.endpoint !== undefined, endpointId });
    if (props.loadBalancer) {
      const { balancer, targets } = this.balance(vpc, props.loadBalancer);
      this.loadBalancer = balancer;
      later.targets = targets;
    }
  }

  /** @internal */
  protected override _opensOwnGroup({ closed }: ClusterContext): boolean {
    return !closed;
  }

  /** Nodes register themselves, so they need the permission before they start: the role is theirs alone. */
  private balance(
    vpc: ec2.IVpc, { internetFacing = false, vpcSubnets, port = SSH }: LoginLoadBalancerOptions,
  ): { balancer: elbv2.NetworkLoadBalancer; targets: elbv2.NetworkTargetGroup } {
    const securityGroup = new ec2.SecurityGroup(this, 'LoadBalancerSecurityGroup', {
      vpc, description: 'Load balancer of login nodes', allowAllOutbound: false,
    });
    const balancer = new elbv2.NetworkLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing, vpcSubnets, securityGroups: [securityGroup] });
    const targets = new elbv2.NetworkTargetGroup(this, 'LoadBalancerTargets', {
      vpc,
      port: SSH,
      protocol: elbv2.Protocol.TCP,
      targetType: elbv2.TargetType.INSTANCE,
      healthCheck: { protocol: elbv2.Protocol.TCP },
    });
    balancer.addListener('Ssh', { port, protocol: elbv2.Protocol.TCP, defaultTargetGroups: [targets] });
    balancer.connections.allowTo(this, ec2.Port.tcp(SSH), 'SSH and health checks');
    iam.Grant.addToPrincipal({
      grantee: this, actions: ['elasticloadbalancing:RegisterTargets'], resourceArns: [targets.targetGroupArn],
    });
    return { balancer, targets };
  }
}

function groupProps(props: LoginNodeGroupProps, plan: LoginPlan, targetGroupArn: string): ComputeNodeGroupProps {
  const { instanceType, count = 1, access: _, loadBalancer, ...common } = props;
  return {
    ...common,
    instanceTypes: [instanceType],
    scaling: Scaling.fixed(count),
    ownSecurityGroup: !plan.ownTemplate,
    nodeRole: props.nodeRole ?? NodeRole.managed({ sessionManager: plan.sessions }),
    lifecycleActions: loadBalancer
      ? withRegistration(props.lifecycleActions, targetGroupArn, loadBalancer.scriptEncryptionKey)
      : props.lifecycleActions,
  };
}
