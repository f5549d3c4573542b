import { createHash } from 'crypto';
import { Stack, Tokenization, type CfnResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import type { AccountingIdentity } from '../../../private/contracts/pcs-accounting';
import { HandlerFunction } from '../../../private/handlers/handler-function';
import { HandlerProvider, type HandlerNetwork, type NetworkMaker } from '../../../private/handlers/handler-provider';
import { Lookup } from '../../../private/handlers/lookup';
import { checkVpcOfSubnets, resourceBehind } from '../../../private/places';
import { warn, type Problems } from '../../../private/problems';
import { registryOf } from '../../../private/registry';
import { groupsOfApp, SecurityRules } from '../../../private/security-rules';
import { singleton } from '../../../private/singleton';
import { selectSubnets } from '../../../private/subnets';
import { closedTo, NODES_EGRESS, unreachableFrom } from '../../../private/ways-out';
import { AccountingAccess, type AccessChoice } from '../../vocabulary/accounting-access';
import { SlurmVersion } from '../../vocabulary/slurm-version';
import { contextOf } from '../context';
import { clusterArnOf, clusterIdOf } from '../ids';
import { CLUSTER_LOOKUP_ACTIONS } from '../perms';
import { checkPlace } from '../place';
import { RULES } from '../rules';

/** The port of the REST API of Slurm. */
const SLURMRESTD = 6820;

/** What the functions call besides it. */
const SERVICES = ['pcs', 'secretsmanager'];

/** How one stack reaches the accounting database of a cluster. */
export interface AccessPlan {
  readonly cluster: pcs.IClusterRef;
  readonly clusterId: string;
  /** What tells the functions from those for other clusters, in logical ids. */
  readonly key: string;
  readonly choice: AccessChoice;
  /** Undefined where a problem was found. */
  readonly vpc?: ec2.IVpc;
  readonly subnets: ec2.ISubnet[];
  /** The security groups of the cluster, as far as they are known. */
  readonly clusterGroups: ec2.ISecurityGroup[];
}

/** Works out how a construct reaches the database of its cluster, and collects the problems. Creates nothing. */
export function planAccess(
  problems: Problems, scope: IConstruct, cluster: pcs.IClusterRef, access: AccountingAccess | undefined,
): AccessPlan {
  const choice = (access ?? AccountingAccess.rest())._choice;
  const context = contextOf(cluster);
  checkPlace(problems, 'cluster', cluster, scope);
  if (context.slurmSettings?.AccountingStorageType?.endsWith('/none')) { problems.add(RULES.accountsWithoutAccounting, { property: 'cluster.accounting' }); }
  if (context.rest === false) { problems.add(RULES.accountsWithoutRest, { property: 'cluster.slurmRest' }); }
  if (context.schedulerVersion?._isOlderThan(SlurmVersion.V25_05)) {
    problems.add(RULES.accountsNeedNewerSlurm, { property: 'cluster.schedulerVersion', got: context.schedulerVersion.value });
  }
  checkAdministrator(problems, choice);
  const key = keyOf(scope, cluster.clusterRef.clusterArn);
  const others = registryOf<AccessChoice>(Stack.of(scope), 'pcs.access').get(key);
  if (others && !areAlike(others, choice)) { problems.add(RULES.accessDiffers, { property: 'access' }); }
  const vpc = choice.vpc ?? context.vpc;
  if (!vpc) { problems.add(RULES.accessVpcMissing, { property: 'access' }); }
  const selected = vpc && selectSubnets(problems, RULES.accessSubnetMissing, vpc, choice.vpcSubnets);
  if (vpc && selected) {
    checkVpcOfSubnets(problems, RULES.otherVpc, vpc, selected.subnets);
    if (selected.hasPublic) { problems.add(RULES.accessPublic, { property: 'access.vpcSubnets', got: selected.subnets.map(subnet => subnet.node.path) }); }
  }
  return {
    cluster,
    clusterId: clusterIdOf(cluster),
    key,
    choice,
    vpc,
    subnets: selected?.subnets ?? [],
    clusterGroups: groupsOf(cluster) ?? context.securityGroups,
  };
}

/**
 * What tells a cluster from others, the same at each synthesis. It is part of logical ids that never change, so it has no more in it than
 * they have: of a cluster of the stack, its path below the stack.
 */
function keyOf(scope: IConstruct, clusterArn: string): string {
  const own = Stack.of(scope);
  const resource = resourceBehind(clusterArn);
  const parts = resource
    ? [...resource.stack === own ? [] : [resource.stack.stackName], resource.node.path.slice(resource.stack.node.path.length)]
    : [own.resolve(clusterArn)];
  return createHash('sha256').update(JSON.stringify(own.resolve(parts))).digest('hex').slice(0, 8);
}

function groupsOf(cluster: pcs.IClusterRef): ec2.ISecurityGroup[] | undefined {
  return (cluster as Partial<ec2.IConnectable>).connections?.securityGroups;
}

function checkAdministrator(problems: Problems, { administrator }: AccessChoice): void {
  for (const property of ['userId', 'groupId'] as const) {
    const id = administrator?.[property];
    if (id !== undefined && !(Number.isInteger(id) && id >= 0)) { problems.add(RULES.administratorId, { property: `access.administrator.${property}`, got: id }); }
  }
}

/** Whether two accesses make the same functions. */
function areAlike(one: AccessChoice, other: AccessChoice): boolean {
  const groups = (choice: AccessChoice) => choice.securityGroups?.map(group => group.securityGroupId);
  const form = ({ vpc, vpcSubnets, administrator, ...rest }: AccessChoice) =>
    JSON.stringify([vpc?.node.path, subnetsOf(vpcSubnets), administrator, groups({ vpc, vpcSubnets, administrator, ...rest })]);
  return form(one) === form(other);
}

function subnetsOf(selection: ec2.SubnetSelection | undefined): unknown {
  const { subnets, subnetFilters, ...rest } = selection ?? {};
  return { ...rest, subnets: subnets?.map(subnet => subnet.node.path), subnetFilters: subnetFilters?.length };
}

/** A function, or several, that reach the database, and what must be there before they are called. */
export interface Reaching<H> {
  readonly handler: H;
  readonly prerequisites: IDependable[];
}

/** The functions of the stack that change the database of a cluster. */
export function accountingProvider(scope: Construct, plan: AccessPlan): Reaching<HandlerProvider> {
  noteAccess(scope, plan);
  const handler = HandlerProvider.within(scope, 'pcsAccounting', plan.key, networkOf(plan));
  const permissions = permissionsOf(scope, plan);
  handler.allow({ begins: permissions, waits: permissions });
  return { handler, prerequisites: prerequisitesOf(handler, plan) };
}

/** The function of the stack that reads what was used of a cluster. */
export function usageFunction(scope: Construct, plan: AccessPlan): Reaching<HandlerFunction> {
  noteAccess(scope, plan);
  const handler = HandlerFunction.within(scope, 'pcsUsageWatch', plan.key, networkOf(plan));
  permissionsOf(scope, plan).forEach(({ actions, resources }) => handler.allow(actions, resources));
  return { handler, prerequisites: prerequisitesOf(handler, plan) };
}

function noteAccess(scope: Construct, { key, choice }: AccessPlan): void {
  registryOf<AccessChoice>(Stack.of(scope), 'pcs.access').set(key, choice);
}

/** Who the functions are, in the words of the contract. */
export function identityFor({ choice: { administrator } }: AccessPlan): AccountingIdentity | undefined {
  return administrator && {
    UserName: administrator.userName,
    Uid: Tokenization.stringifyNumber(administrator.userId),
    Gid: Tokenization.stringifyNumber(administrator.groupId),
  };
}

/** In the VPC of the cluster, with a group that may call HTTPS and the REST API, unless groups are given. */
function networkOf({ vpc, choice, cluster, clusterGroups }: AccessPlan): NetworkMaker {
  return (handler): HandlerNetwork => {
    if (choice.securityGroups) { return { vpc: vpc!, vpcSubnets: choice.vpcSubnets, securityGroups: choice.securityGroups }; }
    const ipv6 = contextOf(cluster).ipv6 === true;
    const own = new ec2.SecurityGroup(handler, 'Network', {
      vpc: vpc!, description: 'Functions that reach the REST API of Slurm', allowAllOutbound: false,
    });
    own.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS PCS and AWS Secrets Manager');
    if (ipv6) { own.addEgressRule(ec2.Peer.anyIpv6(), ec2.Port.HTTPS, 'AWS PCS and AWS Secrets Manager'); }
    for (const group of clusterGroups) { own.connections.allowTo(group, ec2.Port.tcp(SLURMRESTD), 'slurmrestd, from functions'); }
    return { vpc: vpc!, vpcSubnets: choice.vpcSubnets, securityGroups: [own] };
  };
}

/** What a function may do on what. */
interface Permission { readonly actions: string[]; readonly resources: string[] }

function permissionsOf(scope: Construct, { cluster, key, clusterId }: AccessPlan): Permission[] {
  return [
    { actions: ['pcs:GetCluster'], resources: [cluster.clusterRef.clusterArn] },
    { actions: ['secretsmanager:GetSecretValue'], resources: [TokenKey.of(scope, key, clusterId).secretArn] },
  ];
}

/** The security groups, with their rules: a function that is called without them waits for an answer until it is ended. */
function prerequisitesOf(handler: Construct, { clusterGroups }: AccessPlan): IDependable[] {
  const own = handler.node.tryFindChild('Network');
  const stack = Stack.of(handler);
  return own ? [own, ...clusterGroups.filter(group => Stack.of(group) === stack)] : [];
}

/** The key that tokens for a cluster are signed with: nobody knows the name of its secret before the cluster has one. */
class TokenKey extends Construct {
  public static of(scope: Construct, key: string, clusterId: string): TokenKey {
    const id = `CdkHpcClustersPcsTokenKey${key}`;
    return singleton(scope, id, stack => new TokenKey(stack, id, clusterId));
  }

  public readonly secretArn: string;

  private constructor(scope: Construct, id: string, clusterId: string) {
    super(scope, id);
    const lookup = new Lookup<'JwtKeySecretArn'>(this, {
      handler: 'pcsLookup',
      operation: 'GetCluster',
      input: { ClusterIdentifier: clusterId },
      permissions: [{ actions: CLUSTER_LOOKUP_ACTIONS, resources: [clusterArnOf(this, clusterId)] }],
    });
    this.secretArn = lookup.text('JwtKeySecretArn');
  }
}

/** Advice on the network of functions, when the app is complete. */
export function adviseAccess(scope: IConstruct, handler: Construct, { vpc, subnets, choice, clusterGroups }: AccessPlan): void {
  const missing = unreachableFrom(scope, subnets, SERVICES);
  if (missing.length > 0) { warn(scope, RULES.accessNoWayOut, { property: 'access.vpcSubnets', got: missing }); }
  if (clusterGroups.length === 0) { warn(scope, RULES.accessGroupsUnknown, { property: 'cluster' }); }
  const groups = groupsOfApp(choice.securityGroups ?? [handler.node.findChild('Network') as ec2.SecurityGroup]);
  if (!groups) { return; }
  const closed = SERVICES.flatMap(service => closedTo(scope, vpc!, groups, service));
  const clusters = groupsOfApp(clusterGroups);
  const got = [...new Set([...closed.map(inWords), ...clusters ? closedPort(scope, groups, clusters) : []])];
  if (got.length > 0) { warn(scope, RULES.accessClosed, { property: choice.securityGroups ? 'access.securityGroups' : 'access', got }); }
}

function inWords(closed: string): string {
  return closed === NODES_EGRESS ? 'egress of the functions on 443' : `${closed} on 443`;
}

function closedPort(scope: IConstruct, groups: CfnResource[], clusters: CfnResource[]): string[] {
  return new SecurityRules(scope, [...new Set([...groups, ...clusters])]).missingPort(SLURMRESTD, groups, clusters)
    .map(direction => `${direction} of ${direction === 'egress' ? 'the functions' : 'the cluster'} on ${SLURMRESTD}`);
}
