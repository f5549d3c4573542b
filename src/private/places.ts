import { CfnParameter, CfnResource, Reference, Stack, Stage, Token, TokenComparison, Tokenization, type IResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { sageMakerArn, type ArnKind } from './contracts/arns';
import { isConcrete, type Problems } from './problems';
import type { Rule } from './rule';
import { zoneOf } from './subnets';

/** Where something is. */
export type Place = Pick<ResourceEnvironment, 'account' | 'region'>;

/** Whether something is known to be in another account or Region than a construct. */
export function isElsewhere(env: Place, scope: IConstruct): boolean {
  return areApart(env, Stack.of(scope));
}

/**
 * The account and the Region of a resource, as far as metrics can name them: those of its stack, and others that are known. Of an ARN
 * that is a token, they are taken for those of the stack: an alarm can't be in a Region that is to be compared at deployment.
 */
export function knownPlace(resource: IResource): Partial<Place> {
  const { account, region } = resource.env;
  const stack = Stack.of(resource);
  return {
    account: isConcrete(account) || account === stack.account ? account : undefined,
    region: isConcrete(region) || region === stack.region ? region : undefined,
  };
}

/** Whether the ARN of a resource of SageMaker is known to be of another account or Region than a construct. */
export function isOfOtherPlace(kind: ArnKind, arn: string, scope: IConstruct): boolean {
  const place = isConcrete(arn) ? sageMakerArn(kind, arn) : undefined;
  return place !== undefined && isElsewhere(place, scope);
}

/** Whether two places are known to be different accounts or Regions. */
export function areApart(one: Place, other: Place): boolean {
  return isOtherText(one.account, other.account) || isOtherRegion(one, other);
}

/** Whether two places are known to be in different Regions. */
export function isOtherRegion(one: Pick<Place, 'region'>, other: Pick<Place, 'region'>): boolean {
  return isOtherText(one.region, other.region);
}

function isOtherText(one: string, other: string): boolean {
  return one !== other && Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}

/** The path of a construct from its stage on, as a part of an id: the same in each stage of an app. */
export function pathInStage({ node: { scopes, root } }: IConstruct): string {
  const stage = [...scopes].reverse().find(scope => Stage.isStage(scope)) ?? root;
  return scopes.slice(scopes.indexOf(stage) + 1).map(scope => scope.node.id).join('.');
}

/** The resource of the app that a value comes from, whether by `Ref` or by `Fn::GetAtt`. Undefined where it is something else. */
export function resourceBehind(value: string | undefined): CfnResource | undefined {
  if (value === undefined || !Token.isUnresolved(value)) { return undefined; }
  const parts = Tokenization.reverseString(value);
  const target = parts.length === 1 && Reference.isReference(parts.firstToken) ? parts.firstToken.target : undefined;
  return target !== undefined && CfnResource.isCfnResource(target) ? target : undefined;
}

/** Names what an ARN is of: by the resource that it comes from, whether by `Ref` or by `Fn::GetAtt`, else by itself. */
export function identityOfArn(arn: string): string {
  const resource = resourceBehind(arn);
  return resource ? `resource ${resource.node.path}` : arn;
}

/** The resources of the app that a text refers to, whatever stands around the references. */
export function resourcesIn(value: string): CfnResource[] {
  const tokens = Token.isUnresolved(value) ? Tokenization.reverseString(value).tokens : [];
  return tokens.flatMap(token => Reference.isReference(token) && CfnResource.isCfnResource(token.target) ? [token.target] : []);
}

/**
 * The name of the parameter of Systems Manager that a value is read from at deployment: by a parameter of the template, or by a dynamic
 * reference. Undefined where it is something else.
 */
export function ssmParameterBehind(value: string | undefined): string | undefined {
  if (value === undefined) { return undefined; }
  const [token, ...others] = Token.isUnresolved(value) ? Tokenization.reverseString(value).tokens : [];
  if (Reference.isReference(token) && others.length === 0) {
    const { target } = token;
    const isRead = target instanceof CfnParameter && target.type.startsWith('AWS::SSM::Parameter::Value<');
    return isRead && isConcrete(target.default) ? target.default : undefined;
  }
  return /^\{\{resolve:ssm:(\/[\w./-]+)/.exec(value)?.[1];
}

/** Whether two VPCs are known to be different ones: two of the app, or two ids. An id may well be that of one of the app. */
export function areDifferentVpcs(one: string | undefined, other: string | undefined): boolean {
  const [made, otherMade] = [resourceBehind(one), resourceBehind(other)];
  if (made && otherMade) { return made !== otherMade && [made, otherMade].every(vpc => vpc.cfnResourceType === 'AWS::EC2::VPC'); }
  return isConcrete(one) && isConcrete(other) && one !== other;
}

/** The VPC of a subnet, where it is known: that of a subnet of the app, or the VPC construct that the subnet belongs to. */
function vpcOfSubnet(subnet: ec2.ISubnet): string | undefined {
  const resource = resourceBehind(subnet.subnetId);
  if (resource) { return memberOf(resource, 'vpcId'); }
  const owner = subnet.node.scope as Partial<ec2.IVpc> | undefined;
  return owner && 'privateSubnets' in owner ? owner.vpcId : undefined;
}

/** The VPC of a security group of the app. */
function vpcOfGroup(group: ec2.ISecurityGroup): string | undefined {
  const resource = resourceBehind(group.securityGroupId);
  return resource && memberOf(resource, 'vpcId');
}

function memberOf(resource: CfnResource, name: string): string | undefined {
  const value = (resource as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Refuses subnets of another VPC than the one that goes with them. */
export function checkVpcOfSubnets(problems: Problems, rule: Rule, vpc: ec2.IVpc, subnets: ec2.ISubnet[]): void {
  const others = subnets.filter(subnet => areDifferentVpcs(vpcOfSubnet(subnet), vpc.vpcId)).map(subnet => subnet.node.path);
  if (others.length > 0) { problems.add(rule, { property: 'vpcSubnets', got: others }); }
}

/**
 * The security groups of another VPC than that of the nodes. A group can be associated with other VPCs, so the app must be complete:
 * those that it associates with any are left out.
 */
export function groupsOfOtherVpcs(scope: IConstruct, vpc: ec2.IVpc, groups: ec2.ISecurityGroup[]): string[] {
  const others = groups.filter(group => areDifferentVpcs(vpcOfGroup(group), vpc.vpcId));
  if (others.length === 0) { return []; }
  const associated = new Set(scope.node.root.node.findAll()
    .filter(construct => CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::EC2::SecurityGroupVpcAssociation')
    .map(association => resourceBehind(memberOf(association as CfnResource, 'groupId'))));
  return others.filter(group => !associated.has(resourceBehind(group.securityGroupId)!)).map(group => group.node.path);
}

/** The zones of subnets, or undefined where not all of them are known. */
export function zonesOf(subnets: ec2.ISubnet[]): string[] | undefined {
  const zones = subnets.map(zoneOf);
  return zones.every((zone): zone is string => isConcrete(zone)) ? [...new Set(zones)] : undefined;
}
