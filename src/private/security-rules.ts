import type { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { resourceBehind } from './places';
import { isIntrinsic } from './problems';
import { markOf, membersOf, renderedProperties, resourcesOfType } from './rendered';

/** Which way traffic goes, as seen by the members of a group. */
export type Direction = 'ingress' | 'egress';

/** A rule of a security group. What can't be read of it lets everything through. */
interface GroupRule {
  readonly direction: Direction;
  /** The marks of the security groups that the rule belongs to, and that it names. */
  readonly group: string;
  readonly peer?: unknown;
  /** Whether it names addresses, and no security group. */
  readonly byAddress: boolean;
  readonly protocol: unknown;
  readonly fromPort: unknown;
  readonly toPort: unknown;
}

const INLINE = { ingress: 'SecurityGroupIngress', egress: 'SecurityGroupEgress' } as const;
const STANDALONE: Record<string, Direction> = { 'AWS::EC2::SecurityGroupIngress': 'ingress', 'AWS::EC2::SecurityGroupEgress': 'egress' };
const PEERS = { ingress: 'SourceSecurityGroupId', egress: 'DestinationSecurityGroupId' } as const;
const OTHER_PEERS = ['SourceSecurityGroupName'];
const ADDRESSES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'DestinationPrefixListId'];

/** The resources that have a security group: itself, or the VPC whose default one it is. */
export const GROUP_TYPES = ['AWS::EC2::SecurityGroup', 'AWS::EC2::VPC'];

/** What the CDK puts beside a VPC, where it is told to, to take the rules out of its default security group. */
const EMPTIED = 'Custom::VpcRestrictDefaultSG';

/** The resources of security groups, or undefined where one of them isn't of the app, so that its rules aren't known. */
export function groupsOfApp(groups: readonly ec2.ISecurityGroup[]): CfnResource[] | undefined {
  const resources = groups.map(group => resourceBehind(group.securityGroupId));
  const isGroup = (resource?: CfnResource): resource is CfnResource =>
    resource !== undefined && GROUP_TYPES.includes(resource.cfnResourceType);
  return resources.length > 0 && resources.every(isGroup) ? resources : undefined;
}

/**
 * The rules of security groups of the app: those in the groups and those beside them, wherever the app has them. To be read when the
 * app is complete.
 */
export class SecurityRules {
  private readonly rules: GroupRule[];
  private readonly unreadable: boolean;
  /** The marks of all security groups of the app. */
  private readonly known: ReadonlySet<string>;

  constructor(scope: IConstruct, groups: readonly CfnResource[]) {
    const marks = new Set(groups.map(markOf));
    this.known = new Set(resourcesOfType(scope, ...GROUP_TYPES).map(markOf));
    const inline = groups.map(group => group.cfnResourceType === 'AWS::EC2::VPC' ? defaultGroupOf(group) : renderedProperties(group));
    const beside = resourcesOfType(scope, ...Object.keys(STANDALONE))
      .map(resource => ({ direction: STANDALONE[resource.cfnResourceType], properties: renderedProperties(resource) }));
    this.unreadable = inline.some(properties => properties === undefined || Object.values(INLINE).some(name => !isList(properties[name])))
      || beside.some(({ properties }) => typeof properties?.GroupId !== 'string');
    const limited = new Set(beside.filter(({ direction }) => direction === 'egress').map(({ properties }) => properties?.GroupId));
    this.rules = [
      ...inline.flatMap((properties, index) => {
        const mark = markOf(groups[index]);
        return rulesWithin(mark, properties ?? {}, groups[index].cfnResourceType !== 'AWS::EC2::VPC' && limited.has(mark));
      }),
      ...beside.flatMap(({ direction, properties = {} }) => marks.has(String(properties.GroupId))
        ? [ruleOf(direction, String(properties.GroupId), properties)] : []),
    ];
  }

  /**
   * The directions in which members can't send each other everything, as EFA needs it: by a rule that names a group of theirs. A rule
   * for all addresses isn't enough.
   */
  public missingAmong(groups: readonly CfnResource[]): Direction[] {
    const marks = groups.map(markOf);
    return this.missing([['ingress', groups], ['egress', groups]], rule => !rule.byAddress && isAll(rule.protocol) && this.names(rule, marks));
  }

  /** At which end a TCP port isn't open from the members of some groups to those of others. */
  public missingPort(port: number, from: readonly CfnResource[], to: readonly CfnResource[]): Direction[] {
    const marks = { ingress: from.map(markOf), egress: to.map(markOf) };
    const lets = (rule: GroupRule) => rule.byAddress || this.names(rule, marks[rule.direction]);
    return this.missing([['egress', from], ['ingress', to]], rule => hasPort(rule, port) && lets(rule));
  }

  /** Whether members may call a TCP port of anything but each other. What can't be read may let them. */
  public leadOut(port: number, groups: readonly CfnResource[]): boolean {
    const marks = groups.map(markOf);
    const leadsOut = ({ direction, group, peer, byAddress }: GroupRule) =>
      direction === 'egress' && marks.includes(group) && (byAddress || !(typeof peer === 'string' && marks.includes(peer)));
    return this.unreadable || this.rules.some(rule => leadsOut(rule) && hasPort(rule, port));
  }

  /** Whether a rule names one of some groups, or something that can't be read: an id, a parameter, the output of a stack. */
  private names({ peer }: GroupRule, marks: string[]): boolean {
    return typeof peer !== 'string' ? peer !== undefined : marks.includes(peer) || !this.known.has(peer);
  }

  private missing(ends: [Direction, readonly CfnResource[]][], lets: (rule: GroupRule) => boolean): Direction[] {
    if (this.unreadable) { return []; }
    return ends.flatMap(([direction, groups]) => {
      const marks = groups.map(markOf);
      return this.rules.some(rule => rule.direction === direction && marks.includes(rule.group) && lets(rule)) ? [] : [direction];
    });
  }
}

/** The rules that the default security group of a VPC begins with: everything among its members, and outwards. */
function defaultGroupOf(vpc: CfnResource): Record<string, unknown> {
  const mark = markOf(vpc);
  const isEmptied = resourcesOfType(vpc, EMPTIED).some(resource => renderedProperties(resource)?.DefaultSecurityGroupId === mark);
  return isEmptied ? { [INLINE.egress]: [] } : { [INLINE.ingress]: [{ IpProtocol: '-1', [PEERS.ingress]: mark }] };
}

/**
 * The rules in a group. One that says nothing of egress lets all of it out to all addresses, unless it has rules of egress beside it: with
 * the first of them, CloudFormation takes that rule away.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html
 */
function rulesWithin(group: string, properties: Record<string, unknown>, hasRulesBeside: boolean): GroupRule[] {
  const outwards = properties[INLINE.egress] ?? (hasRulesBeside ? [] : [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]);
  return [
    ...asList(properties[INLINE.ingress]).map(rule => ruleOf('ingress', group, rule)),
    ...asList(outwards).map(rule => ruleOf('egress', group, rule)),
  ];
}

function ruleOf(direction: Direction, group: string, rule: unknown): GroupRule {
  const members = membersOf(rule);
  const peer = members[PEERS[direction]] ?? OTHER_PEERS.map(name => members[name]).find(value => value !== undefined);
  return {
    direction,
    group,
    peer: peer ?? (isIntrinsic(rule) ? rule : undefined),
    byAddress: ADDRESSES.some(name => members[name] !== undefined),
    protocol: isIntrinsic(rule) ? '-1' : members.IpProtocol,
    fromPort: members.FromPort,
    toPort: members.ToPort,
  };
}

function isAll(protocol: unknown): boolean {
  return String(protocol) === '-1' || isIntrinsic(protocol);
}

function hasPort({ protocol, fromPort, toPort }: GroupRule, port: number): boolean {
  if (isAll(protocol)) { return true; }
  if (!['tcp', '6'].includes(String(protocol).toLowerCase())) { return false; }
  const [from, to] = [fromPort, toPort].map(value => (isIntrinsic(value) || value === undefined ? NaN : Number(value)));
  return !(from > port) && !(to < port);
}

function isList(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
