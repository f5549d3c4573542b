import { CfnResource, DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Dependable, type Construct, type IConstruct, type IDependable } from 'constructs';
import { fragmentOf } from '../../../private/rendered';
import type { ClusterProps } from '../../clusters/vocabulary/cluster-props';
import { controlPlaneGroupOf } from '../checks/eks';

/** The security groups of a cluster, and the rules that were made for it. */
export interface ClusterNetwork {
  readonly securityGroups: ec2.ISecurityGroup[];
  readonly rules: CfnResource[];
}

/** The security groups that are given, else one that is made below the cluster. */
export function createNetwork(scope: Construct, props: ClusterProps): ClusterNetwork {
  const { vpc, securityGroups, orchestrator: { _choice: orchestrator } } = props;
  if (!vpc || securityGroups) { return { securityGroups: securityGroups ?? [], rules: [] }; }
  const { group, rules } = createSecurityGroup(scope, vpc);
  const controlPlane = orchestrator.kind === 'eks' ? controlPlaneGroupOf(orchestrator.cluster, orchestrator.options) : undefined;
  return {
    securityGroups: [group],
    rules: controlPlane === undefined ? rules : [...rules, ...allowControlPlane(group, group, controlPlane)],
  };
}

/** A group whose members may do everything among themselves, as EFA needs it, and reach the outside. */
function createSecurityGroup(scope: Construct, vpc: ec2.IVpc): { readonly group: ec2.SecurityGroup; readonly rules: CfnResource[] } {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description: 'HyperPod nodes', allowAllOutbound: true });
  const rule = { groupId: group.securityGroupId, ipProtocol: '-1', description: 'EFA and other traffic among nodes' };
  return {
    group,
    rules: [
      new ec2.CfnSecurityGroupIngress(group, 'FromItself', { ...rule, sourceSecurityGroupId: group.securityGroupId }),
      // EFA needs an egress rule that names the group, which the L2 would drop beside the rule for all addresses.
      new ec2.CfnSecurityGroupEgress(group, 'ToItself', { ...rule, destinationSecurityGroupId: group.securityGroupId }),
    ],
  };
}

/** Lets nodes and the control plane of EKS talk to each other. */
function allowControlPlane(scope: Construct, nodes: ec2.ISecurityGroup, controlPlaneGroupId: string): CfnResource[] {
  return [
    new ec2.CfnSecurityGroupIngress(scope, 'FromControlPlane', {
      groupId: nodes.securityGroupId, ipProtocol: '-1', sourceSecurityGroupId: controlPlaneGroupId, description: 'From the EKS control plane',
    }),
    new ec2.CfnSecurityGroupIngress(scope, 'ToControlPlane', {
      groupId: controlPlaneGroupId, ipProtocol: '-1', sourceSecurityGroupId: nodes.securityGroupId, description: 'From HyperPod nodes',
    }),
  ];
}

/**
 * What nodes need to reach AWS while they start and while they end: the routes out of their subnets. Only those resources
 * themselves, since whole constructs bring along what users have put below them.
 */
export function routesOf(subnets: ec2.ISubnet[]): IDependable {
  return lazyDependable(() => {
    const routes = subnets.flatMap(subnet => Dependable.of(subnet.internetConnectivityEstablished).dependencyRoots)
      .flatMap(root => CfnResource.isCfnResource(root) ? [root] : [root.node.defaultChild].filter(CfnResource.isCfnResource));
    const associations = subnets.flatMap(subnet => subnet.node.children)
      .filter(child => child instanceof ec2.CfnSubnetRouteTableAssociation);
    return [...routes, ...associations];
  });
}

/**
 * The endpoints of a VPC, by which nodes reach AWS besides: those below the VPC, and those that were made elsewhere in its stack or
 * in that of the cluster. Endpoints of other stacks may well come after the cluster.
 *
 * Left out is what waits for a HyperPod cluster itself, such as an endpoint whose policy names one: that would be a circle.
 */
export function endpointsOf(vpc: ec2.IVpc, cluster: CfnResource): IDependable {
  return lazyDependable(() => [...new Set([Stack.of(vpc), cluster.stack])]
    .flatMap(stack => stack.node.findAll().filter(construct => Stack.of(construct) === stack))
    .filter(construct => construct instanceof ec2.CfnVPCEndpoint)
    .filter(endpoint => endpoint.vpcId === vpc.vpcId && !waitsForCluster(endpoint)));
}

/** Read when the app is synthesized, since routes and endpoints may come later. */
function lazyDependable(roots: () => IConstruct[]): IDependable {
  const group = {};
  Dependable.implement(group, {
    get dependencyRoots(): IConstruct[] { return [...new Set(roots())]; },
  });
  return group;
}

/** Whether a HyperPod cluster must be there before a resource, because its properties or its dependencies lead to one. */
function waitsForCluster(resource: CfnResource): boolean {
  const seen = new Set<IConstruct>([resource]);
  for (const each of seen) {
    if (each instanceof sagemaker.CfnCluster) { return true; }
    if (CfnResource.isCfnResource(each)) { needsOf(each).forEach(need => seen.add(need)); }
  }
  return false;
}

/** What a resource refers to, and what it and its scopes were told to wait for. */
function needsOf(resource: CfnResource): IConstruct[] {
  const references = new References();
  Tokenization.resolve(fragmentOf(resource), { scope: resource, resolver: references, preparing: true });
  const told = resource.node.scopes.flatMap(scope => scope.node.dependencies).flatMap(root => root.node.findAll());
  return [...references.targets, ...told, ...resource.obtainDependencies().filter(CfnResource.isCfnResource)];
}

/** Remembers what the references lead to that are found on the way. */
class References extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (Reference.isReference(token)) { this.targets.push(token.target); }
    return super.resolveToken(token, context, postProcessor);
  }
}
